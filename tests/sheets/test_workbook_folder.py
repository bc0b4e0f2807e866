"""The ready-made templates in workbook/ are what the code builds today, on every processor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.last_bits import differences, on_another_processor
from vidcost_xl.sheets.plan.new import TEMPLATES, build

FOLDER = Path(__file__).parents[2] / "workbook"


@pytest.mark.parametrize("template", sorted(path.stem for path in FOLDER.glob("*.xlsx")))
def test_a_committed_template_is_what_vidcost_new_writes_here_and_on_another_processor(template, models, monkeypatch):
    committed = (FOLDER / f"{template}.xlsx").read_bytes()
    rebuild = f"run: vidcost new workbook/{template}.xlsx --template {template} --force"

    # The template is the article's plan: test_file.py builds it once more, and finds the same bytes.
    here = models["article"] if template == "model" else build(template)
    assert differences(committed, here.data) == [], rebuild
    on_another_processor(monkeypatch)
    assert differences(committed, build(template).data) == []


def test_the_quick_template_is_there_with_its_picture():
    assert "quick" in TEMPLATES
    assert (FOLDER / "quick.xlsx").is_file()
    assert (FOLDER / "quick.png").is_file()
