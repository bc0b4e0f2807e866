"""INDEX, MATCH and TRANSPOSE over many cells."""

from __future__ import annotations

import pytest

from tests.sheets.calc.vectors.small_books import Spilling, across, book, together, value_of
from vidcost_xl.errors import ExcelError

MISSING, OUTSIDE = ExcelError("#N/A"), ExcelError("#REF!")
TABLE = {
    "A1": "fruit",
    "B1": "count",
    "A2": "Apple",
    "B2": 25,
    "A3": "pear",
    "B3": 38,
    "A4": "fig",
    "B4": 40,
    "A5": True,
}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("INDEX(A2:B4,2,2)", 38),
        ("INDEX(A2:B4,3.9,1)", "fig"),
        ("INDEX(B2:B4,3)", 40),
        ("INDEX(A1:B1,2)", "count"),
        ("INDEX(B2:B4,4)", OUTSIDE),
        ("INDEX(A2:B4,1,3)", OUTSIDE),
        ("INDEX(B2:B9,8)", 0),  # a blank cell shows as 0
        ('INDEX(B2:B9,8)&"x"', "x"),
        ("INDEX({1,2;3,4},2,1)", 3),
        ('MATCH("apple",A1:A5,0)', 2),
        ('MATCH("plum",A1:A5,0)', MISSING),
        ("MATCH(38,B2:B4,0)", 2),
        ("MATCH(39,B2:B4,1)", 2),  # Microsoft's example: the largest value that is not larger
        ("MATCH(40,B2:B4)", 3),
        ("MATCH(24,B2:B4,1)", MISSING),
        ("MATCH(TRUE,A1:A5,0)", 5),
        ('MATCH("count",A1:B1,0)', 2),
        ('INDEX(B1:B4,MATCH("PEAR",A1:A4,0))', 38),
        ("INDEX(B1:B4,MATCH(7,B1:B4,0))", MISSING),
        ("ROWS(TRANSPOSE(A1:B1))", 2),
    ],
)
def test_values_are_found_as_excel_finds_them(formula, value):
    assert value_of(formula, TABLE) == value


@pytest.mark.parametrize(
    "formula",
    [
        "INDEX(B2:B4,0)",
        "INDEX(A2:B4,2,0)",
        "INDEX(B2:B4,A9)",
        'MATCH("f*",A1:A5,0)',
        'MATCH("fi~g",A1:A5,0)',
        "MATCH(A9,B2:B4,0)",
        "MATCH(30,A1:A5,1)",
        "MATCH(38,B2:B4,-1)",
        'MATCH("pear",A1:A5,1)',
        'INDEX(B2:B4,"2")',
    ],
)
def test_whole_rows_patterns_and_unsorted_ranges_are_left(formula):
    assert value_of(formula, TABLE) == "left"


def test_a_range_that_is_sorted_the_other_way_is_left_for_all_copies():
    cells = {"A1": 3, "A2": 2, "A3": 1, **across("=MATCH(2,$A$1:$A$3,1)+#9", 5, "ABC")}
    assert together(book(cells)) == {}


def test_each_copy_finds_its_own_row_and_column():
    cells = {f"{column}{row}": 10 * row + at for row in (1, 2, 3) for at, column in enumerate("ABC", 1)}
    choices = {"A5": 1, "B5": 2, "C5": 3, "D5": 4, "A6": 3, "B6": 1, "C6": 2, "D6": 1}
    done = together(book({**cells, **choices, **across("=INDEX($A$1:$C$3,#5,#6)", 7, "ABCD")}))
    assert done == {"A7": 13, "B7": 21, "C7": 32, "D7": OUTSIDE}


def test_areas_that_move_are_looked_up_where_they_are():
    cells = {"A1": 5, "B1": 6, "C1": 5, "A2": 6, "B2": 5, "C2": 7}
    assert together(book({**cells, **across("=MATCH(5,#1:#2,0)", 4, "ABC")})) == {"A4": 1, "B4": 2, "C4": 1}


def test_rows_become_columns():
    done = together(book({"A1": 1, "B1": "x", "A3": Spilling("=TRANSPOSE(A1:B1)"), "A4": "", "C1": "=A3&A4"}))
    assert done["A3"] == 1 and done["C1"] == "1x"
