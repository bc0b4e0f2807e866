"""IF, IFERROR, AND, OR, NOT and IS...: what is chosen matters, and what is not chosen does not."""

from __future__ import annotations

import pytest

from tests.sheets.calc.vectors.small_books import Array, across, book, calculated, together, value_of
from vidcost_xl.errors import ExcelError

NOT_AVAILABLE, DIVISION = ExcelError("#N/A"), ExcelError("#DIV/0!")


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("IF(A1,1,2)", 1),
        ("IF(A2,1,2)", 2),
        ("IF(A9,1,2)", 2),  # a blank cell is FALSE
        ("IF(A2,1)", False),
        ("IF(A1,,2)", 0),
        ("IF(A2,1,)", 0),
        ("IF(A3,1,2)", NOT_AVAILABLE),
        ("IF(A1,A9)", 0),  # a blank cell shows as 0
        ('IF(A1,A9)&"x"', "x"),
        ("IF(A1,1,A3)", 1),
        ("IF(A2,A3,2)", 2),
        ("IFERROR(A3,5)", 5),
        ("IFERROR(A1,A3)", 4),
        ("IFERROR(A3,A4)", DIVISION),
        ("AND(A1,A5)", True),
        ("AND(A1,A2)", False),
        ("OR(A2,A1)", True),
        ("OR(A2:A3)", NOT_AVAILABLE),
        ("AND(A6:A7)", ExcelError("#VALUE!")),  # nothing but texts and blanks
        ("AND(A5:A7)", True),
        ("NOT(A2)", True),
        ("NOT(A3)", NOT_AVAILABLE),
        ("ISERROR(A4)", True),
        ("ISNA(A4)", False),
        ("ISNA(A3)", True),
        ("ISNUMBER(A1)", True),
        ("ISNUMBER(A5)", False),
        ("ISTEXT(A6)", True),
        ("ISTEXT(A9)", False),
        ("NA()", NOT_AVAILABLE),
        ('HYPERLINK("#a",A1)', 4),
        ("HYPERLINK(A3,A1)", NOT_AVAILABLE),
    ],
)
def test_conditions_choose_as_excel_does(formula, value):
    cells = {"A1": 4, "A2": 0, "A3": NOT_AVAILABLE, "A4": DIVISION, "A5": True, "A6": "text"}
    found = value_of(formula, cells)
    assert found == value and isinstance(found, bool) == isinstance(value, bool)


@pytest.mark.parametrize(
    "formula", ['IF("TRUE",1,2)', "IF(A1,1,2)", "NOT(A1)", 'AND("x",TRUE)', "OR(IF(TRUE,A9),TRUE)"]
)
def test_texts_and_blanks_as_conditions_are_left(formula):
    assert value_of(formula, {"A1": "1"}) == "left"


def test_a_doubtful_branch_that_is_not_taken_does_not_matter():
    # "1,000"+1 is a number or an error, as the language of Excel has it.
    assert value_of("IF(A1>0,A1,A2+1)", {"A1": 4, "A2": "1,000"}) == 4
    assert value_of("IF(A1>0,A2+1,A1)", {"A1": 4, "A2": "1,000"}) == "left"
    assert value_of("IFERROR(A1,A2+1)", {"A1": 4, "A2": "1,000"}) == 4


def test_only_the_copies_that_take_a_doubtful_branch_are_left():
    cells = {"A1": 1, "B1": 0, "C1": 2, "F1": "1,000"}
    assert together(book({**cells, **across("=IF(#1>0,#1,$F$1+1)", 2, "ABC")})) == {"A2": 1, "C2": 2}


def test_each_copy_takes_the_branch_of_its_own_condition():
    cells = {"A1": 1, "B1": "x", "C1": NOT_AVAILABLE, "D1": 0, "A2": 5, "B2": True, "C2": 7}
    done = together(book({**cells, **across('=IF(#1=1,#2,IF(#1="x",#2,"none"))', 3, "ABCD")}))
    assert done == {"A3": 5, "B3": True, "C3": NOT_AVAILABLE, "D3": "none"}


@pytest.mark.parametrize(
    ("formula", "values"),
    [
        ("=SUM(IF(#1>0,#2:#3,10))", [5, 10, 5]),  # 2 + 3, or 10 once
        ("=SUM(IF(#1>0,#2:#3,#1:#3))", [5, 5, 5]),
        ("=ROWS(IF(#1>0,#2:#3,#1:#3))", [2, 3, 2]),
        ("=SUM(IF(#1>0,#2:#3))", [5, 0, 5]),
    ],
)
def test_the_answer_of_each_copy_has_the_size_of_its_own_branch(formula, values):
    cells = {f"{column}{row}": number for column in "ABC" for row, number in ((2, 2), (3, 3))}
    data = book({**cells, "A1": 1, "B1": 0, "C1": 1, **across(formula, 4, "ABC")})
    found, left = calculated(data)
    assert [found[f"{column}4"] for column in "ABC"] == values and not left


def test_a_condition_that_is_an_error_is_one_error_and_not_an_area_of_them():
    cells = {"A1": NOT_AVAILABLE, "B1": 1, "A2": 2, "A3": 3, "B2": 2, "B3": 3}
    done = together(book({**cells, **across("=ROWS(IF(#1>0,#2:#3,#2:#3))", 4, "AB")}))
    assert done == {"B4": 2}


def test_array_formulas_choose_cell_by_cell():
    cells = {"A1": 1, "A2": -2, "A3": DIVISION, "B1": 10, "B2": 20, "B3": 30}
    assert together(book({**cells, "C1": Array("=SUM(IF(A1:A2>0,B1:B2,1))")}))["C1"] == 11
    assert together(book({**cells, "C1": Array("=SUM(IFERROR(A1:A3,B1:B3))")}))["C1"] == 29
    assert together(book({**cells, "C1": Array("=SUM(IF(A1:A3>0,B1:B3))")}))["C1"] == DIVISION
