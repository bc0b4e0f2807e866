"""The ready-made templates in workbook/ are what the code builds today."""

from __future__ import annotations

from pathlib import Path

import pytest

from vidcost_xl.sheets.new import TEMPLATES, build

FOLDER = Path(__file__).parents[2] / "workbook"


@pytest.mark.parametrize("template", sorted(path.stem for path in FOLDER.glob("*.xlsx")))
def test_a_committed_template_is_byte_for_byte_what_vidcost_new_writes(template):
    committed = (FOLDER / f"{template}.xlsx").read_bytes()

    assert committed == build(template).data, f"run: vidcost new workbook/{template}.xlsx --template {template} --force"


def test_the_quick_template_is_there_with_its_picture():
    assert "quick" in TEMPLATES
    assert (FOLDER / "quick.xlsx").is_file()
    assert (FOLDER / "quick.png").is_file()
