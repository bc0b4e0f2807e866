"""Criteria of COUNTIF, COUNTIFS and SUMIFS, by Microsoft's documentation of these functions.

A criterion is a number, a comparison, a cell or a text; its remarks are about empty texts, wildcards and case.
"""

from __future__ import annotations

import pytest

from tests.sheets.calc.vectors.small_books import across, book, together, value_of
from vidcost_xl.errors import ExcelError

CELLS = {"A1": 46053, "A2": 46054, "A3": "x", "A4": "X", "A5": True, "A6": 0, "A8": ExcelError("#N/A"), "A9": "apple"}


@pytest.mark.parametrize(
    ("criterion", "count"),
    [
        ('">=46054"', 1),
        ('">46053"', 1),
        ('"<46054"', 2),  # 46053 and 0; the blank A7 is no number
        ('"<=46054"', 3),
        ('"=46054"', 1),
        ("46054", 1),
        ('"46054"', 1),
        ('">="&A2', 1),
        ('"x"', 2),  # without regard to case
        ('"=X"', 2),
        ('"<>x"', 7),  # of nine cells all but two, the blank one and the error too
        ('"<>46054"', 8),
        ("TRUE", 1),
        ("FALSE", 0),
        ("0", 1),  # nor is a blank cell 0
        ('"=0"', 1),
        ("A7", 1),  # a blank criterion is 0
        ('"y"', 0),
        ('"1E3"', 0),
    ],
)
def test_a_criterion_is_met_by_numbers_texts_or_truth_values_of_its_own_kind(criterion, count):
    assert value_of(f"COUNTIF(A1:A9,{criterion})", CELLS) == count


@pytest.mark.parametrize(
    "criterion",
    [
        '"x*"',
        '"?"',
        '"~x"',
        '"="',
        '"<>"',
        '">a"',
        '"TRUE"',
        '"1,000"',
        '"$5"',
        '"2026-01-01"',
        '"<=x"',
        '"\uff11\uff12"',
    ],
)
def test_patterns_and_texts_that_excel_may_read_otherwise_are_left(criterion):
    assert value_of(f"COUNTIF(A1:A9,{criterion})", CELLS) == "left"


def test_an_empty_criterion_is_left_where_a_cell_is_blank_or_empty():
    assert value_of('COUNTIF(A1:A9,"")', CELLS) == "left"
    assert value_of('COUNTIF(A1:A2,"")', CELLS) == 0


def test_numbers_among_texts_that_may_be_numbers_are_left():
    cells = {"A1": 5, "A2": "5", "A3": "five"}
    assert value_of("COUNTIF(A1:A2,5)", cells) == "left"
    assert value_of("COUNTIF(A1:A3,5)", {**cells, "A2": "x5"}) == 1
    assert value_of('COUNTIF(A1:A2,">4")', cells) == 1  # larger and smaller are asked of numbers only


def test_all_criteria_of_a_row_have_to_be_met():
    cells = {"A1": "x", "A2": "x", "A3": "y", "B1": 1, "B2": 5, "B3": 9, "C1": 10, "C2": 20, "C3": 40}
    assert value_of('COUNTIFS(A1:A3,"x",B1:B3,">1")', cells) == 1
    assert value_of('SUMIFS(C1:C3,A1:A3,"x")', cells) == 30
    assert value_of('SUMIFS(C1:C3,A1:A3,"<>y",B1:B3,"<=5")', cells) == 30
    assert value_of('SUMIFS(C1:C3,A1:A3,"z")', cells) == 0


def test_an_error_counts_in_a_sum_only_where_the_criteria_are_met():
    cells = {"A1": "x", "A2": "y", "B1": ExcelError("#DIV/0!"), "B2": 7}
    assert value_of('SUMIFS(B1:B2,A1:A2,"y")', cells) == 7
    assert value_of('SUMIFS(B1:B2,A1:A2,"x")', cells) == ExcelError("#DIV/0!")


def test_texts_and_truth_values_are_not_summed():
    cells = {"A1": 1, "A2": 1, "A3": 1, "B1": 5, "B2": "6", "B3": True}
    assert value_of("SUMIFS(B1:B3,A1:A3,1)", cells) == 5


def test_each_copy_asks_for_its_own_criterion():
    # Criteria of several kinds in one family: a number, a text, a comparison, and the same number again.
    cells = {f"A{row}": value for row, value in enumerate((1, 2, 2, "x"), 5)}
    done = together(
        book({**cells, "A1": 2, "B1": "x", "C1": ">1", "D1": 2, "E1": 9, **across("=COUNTIF($A$5:$A$8,#1)", 2)})
    )
    assert [done[f"{column}2"] for column in "ABCDE"] == [2, 1, 2, 2, 0]


def test_one_doubtful_criterion_does_not_hold_up_those_of_other_copies():
    cells = {"A5": "x", "A1": "x", "B1": "x*", "C1": "y"}
    assert together(book({**cells, **across("=COUNTIF($A$5:$A$6,#1)", 2, "ABC")})) == {"A2": 1, "C2": 0}


def test_ranges_that_move_with_their_copies_are_counted_each():
    cells = {"A1": 1, "B1": 2, "C1": 1, "A2": 1, "B2": 1, "C2": 1}
    assert together(book({**cells, **across("=COUNTIF(#1:#2,1)", 4, "ABC")})) == {"A4": 2, "B4": 1, "C4": 2}
