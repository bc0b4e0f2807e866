"""The ready-made templates in workbook/ are what the code builds today."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from vidcost_xl.sheets.plan.new import TEMPLATES, build

FOLDER = Path(__file__).parents[2] / "workbook"


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("template", sorted(path.stem for path in FOLDER.glob("*.xlsx")))
def test_a_committed_template_is_byte_for_byte_what_vidcost_new_writes(template):
    committed = (FOLDER / f"{template}.xlsx").read_bytes()

    # Part by part: compression differs between builds of zlib, what is compressed does not.
    rebuild = f"run: vidcost new workbook/{template}.xlsx --template {template} --force"
    assert parts(committed) == parts(build(template).data), rebuild


def test_the_quick_template_is_there_with_its_picture():
    assert "quick" in TEMPLATES
    assert (FOLDER / "quick.xlsx").is_file()
    assert (FOLDER / "quick.png").is_file()
