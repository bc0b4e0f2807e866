"""SUM, COUNT, MAX, MIN, SUMPRODUCT and ROWS: what counts in a range, and what counts as an argument."""

from __future__ import annotations

import pytest

from tests.sheets.calc.vectors.small_books import Array, across, book, calculated, together, value_of
from vidcost_xl.errors import ExcelError

MISSING = ExcelError("#N/A")
CELLS = {"A1": 3, "A2": True, "A3": "text", "A4": -4.5, "B1": 2, "B2": 5, "B3": 7, "B4": 1, "C1": MISSING, "C2": 1}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("SUM(A1:A5)", -1.5),  # in ranges neither truth values nor texts count
        ("SUM(A1:A5,TRUE,2)", 1.5),  # as arguments they do
        ("SUM(B1:B4,C2)", 16),
        ("SUM(C1:C2)", MISSING),
        ("COUNT(A1:A5)", 2),
        ("COUNT(C1:C2)", 1),  # COUNT passes over errors
        ("COUNT(C1/2,1)", 1),
        ("COUNT(A1:A5,1,TRUE)", 4),
        ("MAX(A1:A5)", 3),
        ("MIN(A1:A5)", -4.5),
        ("MAX(A2:A3)", 0),
        ("MIN(A9:B9)", 0),
        ("MAX(-5,-7)", -5),
        ("MAX(C1:C2)", MISSING),
        ("SUMPRODUCT(A1:A4,B1:B4)", 1.5),  # 3 * 2 and -4.5 * 1
        ("SUMPRODUCT(B1:B4,B1:B4)", 79),
        ("SUMPRODUCT((B1:B4>1)*(B1:B4<7)*B1:B4)", 7),
        ("SUMPRODUCT(--(B1:B4>1),B1:B4)", 14),
        ("SUMPRODUCT(B1:B4>1)", 0),  # truth values are no numbers
        ("SUMPRODUCT(C1:C2,C1:C2)", MISSING),
        ("ROWS(A1:C9)", 9),
        ("ROWS({1;2;3})", 3),
    ],
)
def test_totals_count_what_excel_counts(formula, value):
    assert value_of(formula, CELLS) == value


@pytest.mark.parametrize("formula", ["SUM(A9+0,IF(TRUE,A9))", 'SUM("5",1)', "SUM(,1)", "COUNT(IF(TRUE,A2))"])
def test_arguments_that_count_by_rules_of_their_own_are_left(formula):
    assert value_of(formula, CELLS) == "left"


def test_areas_that_do_not_cover_each_other_are_left():
    assert value_of("SUMPRODUCT(B1:B3,B1:B4)", CELLS) == "left"
    assert together(book({**CELLS, "Z1": Array("=SUM(A1:A2*B1:B3)")})) == {}


def test_texts_that_are_computed_are_no_numbers_in_a_sum_of_products():
    # Each pair of cells is joined to a text: "2" & "2", "5" & "5".
    assert value_of("SUMPRODUCT((B1:B2&B1:B2))", CELLS) == 0


def test_a_growing_total_reads_one_cell_more_in_each_copy():
    found, left = calculated(book({"A1": 1, "B1": 2, "C1": 4, "D1": 8, "E1": 16, **across("=SUM($A1:#1)", 2)}))
    assert [found[f"{column}2"] for column in "ABCDE"] == [1, 3, 7, 15, 31] and not left


def test_numbers_are_added_one_after_the_other_as_a_sheet_adds_them():
    # 1 is lost beside 1E16, and found again when it comes last.
    cells = {"A1": 1, "A2": 1e16, "A3": -1e16, "B1": 1e16, "B2": -1e16, "B3": 1}
    assert (value_of("SUM(A1:A3)", cells), value_of("SUM(B1:B3)", cells)) == (0, 1)
