"""A reviewer's situation: the file opened where our functions do not exist."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest
from openpyxl.utils.datetime import to_excel

from vidcost_xl.sheets.calc.libreoffice import LibreOfficeError, find_program, pictured, recalculated
from vidcost_xl.sheets.calc.values import recalculate

#: Rows that are computed twice; their functions are not there.
PRICED = frozenset(
    {
        *("storage", "transfer", "retrieval", "requests", "own_requests"),
        *("store", "train", "total", "model", "memo_raw", "memo_pass"),
    }
)
CHANGES = {
    "route": "aws.cloudfront",
    "storage_class": "aws.s3.standard-ia",
    "discount": 0.15,
    "object_mb": 0.05,
    "feature_ratio": 2.9,
}


def reviewed(data, folder):
    source = folder / "in" / "quick.xlsx"
    source.parent.mkdir()
    source.write_bytes(data)
    (folder / "out").mkdir()
    return openpyxl.load_workbook(recalculated(source, folder / "out"), data_only=True)


def compare(quick, values, book):
    absent = {quick.addresses.key(f"{row}.{column}") for row in PRICED for column in ("engine", "difference")}
    compared = 0
    for key, ours in values.items():
        if key in absent or not isinstance(ours, float):
            continue
        theirs = book[key[0]][key[1]].value
        number = to_excel(theirs) if isinstance(theirs, datetime) else theirs
        assert number == pytest.approx(ours, rel=1e-9, abs=1e-9), key
        compared += 1
    assert compared > 150


def test_native_formulas_give_the_same_without_the_add_in(quick, libreoffice, tmp_path):
    book = reviewed(quick.data, tmp_path)
    compare(quick, quick.values, book)
    page = book["Quick"]
    assert page[quick.addresses.key("storage.engine")[1]].value == "#NAME?"
    assert page[quick.addresses.key("storage.difference")[1]].value == "n/a"
    assert page[quick.addresses.key("headline.used")[1]].value == "Native formulas: add-in not loaded"
    assert page[quick.addresses.key("headline.check")[1]].value == 0
    for row in PRICED:
        native, used = (page[quick.addresses.key(f"{row}.{column}")[1]].value for column in ("native", "used"))
        assert used == pytest.approx(native, rel=1e-12)


def test_changed_inputs_give_the_same_without_the_add_in(quick, libreoffice, tmp_path):
    cells = {quick.addresses.key(f"in_{name}.quantity"): new for name, new in CHANGES.items()}
    edited = openpyxl.load_workbook(io.BytesIO(quick.data))
    for (sheet, address), new in cells.items():
        edited[sheet][address] = new
    buffer = io.BytesIO()
    edited.save(buffer)
    compare(quick, recalculate(quick.data, cells), reviewed(buffer.getvalue(), tmp_path))


def test_the_page_prints_on_one_page_with_the_values_of_the_file(quick, libreoffice, tmp_path):
    source = tmp_path / "quick.xlsx"
    source.write_bytes(quick.data)
    out = tmp_path / "out"
    out.mkdir()
    pages = pictured(source, out, 40)
    prices = openpyxl.load_workbook(io.BytesIO(quick.data))["Prices"].max_row
    assert 3 <= len(pages) <= 3 + prices // 30  # the page, the prices on as many as they need, the lists
    assert all(page.stat().st_size > 5_000 for page in pages)


def test_a_missing_program_is_said_with_its_package():
    with pytest.raises(LibreOfficeError, match=r"no-such-office was not found.*apt-get install"):
        find_program("no-such-office")


def test_a_conversion_never_writes_over_its_source(libreoffice, tmp_path):
    source = tmp_path / "a.xlsx"
    source.write_bytes(b"")
    with pytest.raises(LibreOfficeError, match="goes elsewhere"):
        recalculated(source, tmp_path)
