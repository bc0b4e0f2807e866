"""The settings of a sheet are found however its rows are written, though its cells are passed over."""

from __future__ import annotations

import pytest

from tests.sheets.calc_files import SHEET, package
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.parts import MAIN
from vidcost_xl.sheets.package.workbook import Workbook
from vidcost_xl.sheets.review.rules.setup import read_setup


@pytest.mark.parametrize(
    "written",
    [
        '<row r="2" hidden="1"/>',
        '<row r="2" hidden="1" />',
        '<row hidden="1" r="2" spans="1:1"><c r="A2"><v>1</v></c></row>',
        '<row hidden="1"><c r="A2" t="str"><v>&lt;row r="9" hidden="1"/&gt;</v></c></row>',
        '<!-- <row r="9" hidden="1"> --><row r="2" hidden="1"></row>',
        f'<x:row xmlns:x="{MAIN}" r="2" hidden="1"/>',
        "<row r='2' hidden='1'/>",
    ],
)
def test_a_hidden_row_is_found_however_it_is_written(written):
    book = Workbook(Archive(package(""), "a.xlsx"))
    content = (
        f'<worksheet xmlns="{MAIN}"><sheetFormatPr zeroHeight="0"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        f'{written}</sheetData><sheetProtection sheet="1"/><pageSetup orientation="landscape"/>'
        "<headerFooter><oddFooter>&amp;P</oddFooter></headerFooter></worksheet>"
    )
    assert SHEET in book.archive
    setup = read_setup(book, next(iter(book.sheets)), content.encode())
    assert setup.hidden_rows == {2}
    assert (setup.protection, setup.page["orientation"], setup.page["oddFooter"]) == (
        {"sheet": "1"},
        "landscape",
        "&P",
    )
