"""References as formulas write them: what they point at, and how the copy beside or below writes them."""

from __future__ import annotations

import pytest

from tests.sheets.calc.vectors.small_books import book
from vidcost_xl.sheets.calc.vectors.written import Moving, Written
from vidcost_xl.sheets.formulas.references import Area, Resolver, ordered
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.workbook import Workbook


@pytest.mark.parametrize(
    ("text", "right", "down"),
    [
        ("A1", "B1", "A2"),
        ("$A1", "$A1", "$A2"),
        ("A$1", "B$1", "A$1"),
        ("$A$1", "$A$1", "$A$1"),
        ("A1:B9", "B1:C9", "A2:B10"),
        ("$A$1:$B$9", "$A$1:$B$9", "$A$1:$B$9"),
        ("Z1", "AA1", "Z2"),
        ("ZZ9:ZZ99", "AAA9:AAA99", "ZZ10:ZZ100"),
        ("'My sheet'!A$1:B$9", "'My sheet'!B$1:C$9", "'My sheet'!A$1:B$9"),
        ("Prices!$C4", "Prices!$C4", "Prices!$C5"),
    ],
)
def test_what_a_dollar_sign_does_not_hold_moves_with_the_formula(text, right, down):
    assert (Moving(down=False)[text], Moving(down=True)[text]) == (right, down)


@pytest.mark.parametrize("text", ["$A1:A1", "A1:$A1"])
def test_an_area_that_grows_to_the_right_is_no_copy_there_and_moves_as_a_whole_downwards(text):
    assert Moving(down=False)[text] == "" and Moving(down=True)[text] == text.replace("1", "2")


def test_nothing_moves_over_the_edge_of_the_sheet():
    right, down = Moving(down=False), Moving(down=True)
    assert right["XFC7"] == "XFD7" and right["XFD7"] == "" and right["A1:XFD1"] == ""
    assert down["B1048575"] == "B1048576" and down["B1048576"] == "" and down["B1:B1048576"] == ""


def test_moving_again_and_again_is_counting_columns():
    moving, text = Moving(down=False), "Y1:$AB$2".replace("$AB$2", "AB2")
    for _ in range(3):
        text = moving[text]
    assert text == "AB1:AE2"


@pytest.fixture
def written():
    return Written(Resolver(Workbook(Archive(book({"A1": 1}, {"A1": 2}), "a.xlsx"))))


def test_a_reference_without_a_sheet_is_to_the_sheet_of_the_formula(written):
    assert written.pointed("B2", "Sheet2") == (Area("Sheet2", 2, 2, 2, 2), True, True)
    assert written.pointed("sheet1!$B$2:C$9", "Sheet2") == (Area("Sheet1", 2, 2, 9, 3), False, False)


def test_an_area_written_from_its_end_is_the_same_area(written):
    assert written.pointed("C9:B2", "Sheet1").area == written.pointed("B2:C9", "Sheet1").area
    assert (ordered("C9:B2"), ordered("$B9:C$2"), ordered("Sheet1!AA1:B2")) == ("B2:C9", "$B$2:C9", "Sheet1!B1:AA2")
