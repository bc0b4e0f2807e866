"""Workbooks as arrays: every kind of cell, sheets that are empty, and cells that lie too far out."""

from __future__ import annotations

import pytest

from tests.sheets.calc.vectors.small_books import book, calculated, together
from tests.sheets.calc_files import package
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.calc.computing import evaluated
from vidcost_xl.sheets.formulas.formula_cells import read_formula_cells
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.sheet_cells import read_sheets
from vidcost_xl.sheets.package.workbook import Workbook


def is_computed_together(data: bytes) -> bool:
    opened = Workbook(Archive(data, "a.xlsx"))
    sheets = read_sheets(opened)
    entries = {entry.key: entry for entry in read_formula_cells(sheets)}
    return evaluated(opened, sheets, entries).together is not None


@pytest.mark.parametrize("value", [1.5, "text", True, False, ExcelError("#N/A"), ExcelError("#DIV/0!"), "", "é ß 数"])
def test_cells_are_read_as_what_they_hold(value):
    found = together(book({"A1": value, "B1": "=A1"}))["B1"]
    assert (found, type(found)) == ((value, type(value)) if value != "" else (0.0, float))


def test_a_cell_far_out_leaves_the_whole_workbook_to_the_embedded_engine_and_right():
    cells = {"A1": 2, "B1": "=A1*3", "C1": "=SUM(A1:B1)", "XFD1000": 1}
    assert not is_computed_together(book(cells))
    found, left = calculated(book(cells))
    assert (found["B1"], found["C1"]) == (6, 8) and not left


def test_references_beyond_the_last_cell_read_blanks():
    assert together(book({"A1": 2, "C1": "=SUM(A1:B40)+Z99", "C2": "=COUNT(Sheet2!A1:C3)"}, {})) == {"C1": 2, "C2": 0}


def test_whole_columns_are_left_and_right():
    data = book({"A1": 2, "A2": 3, "B1": "=SUM(A:A)", "C1": "=B1*2", "D1": "=A1+1"})
    assert together(data) == {"D1": 3}
    found, left = calculated(data)
    assert (found["B1"], found["C1"]) == (5, 10) and not left


def test_a_whole_row_leaves_its_own_formula_alone_however_long_the_sheet_is():
    # 600 rows of 16,384 cells would be too many for arrays.
    data = book({"A1": 2, "B1": 3, "A3": "=COUNT($1:$1)", "B3": "=MATCH(3,1:1,0)", "C3": "=B1*2", "A600": "=C3+1"})
    assert together(data) == {"C3": 6, "A600": 7}
    found, left = calculated(data)
    assert (found["A3"], found["B3"]) == (2, 2) and not left


def test_empty_sheets_between_others_do_not_shift_them():
    data = package("", '<row r="1"><c r="A1"><v>4</v></c><c r="B1"><f>A1*2</f></c></row>', "", names="")
    done = calculate(data, "a.xlsx")
    assert done.report.changed == 1 and not done.report.left


def test_names_of_cells_areas_and_constants_are_read_by_all_copies():
    names = (
        "<definedName name='rate'>Sheet1!$A$1</definedName><definedName name='all'>Sheet1!$A$1:$A$3</definedName>"
        "<definedName name='twelve'>12</definedName><definedName name='word'>\"x\"</definedName>"
    )
    cells = {"A1": 2, "A2": 3, "A3": 4, "B2": "=A2*rate*twelve", "B3": "=A3*rate*twelve", "C1": "=SUM(all)&word"}
    assert together(book(cells, names=names)) == {"B2": 72, "B3": 96, "C1": "9x"}
