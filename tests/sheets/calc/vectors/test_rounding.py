"""ROUND, ROUNDUP, INT, MOD, ABS and COMBIN: ties and steps by the 15 digits that Excel shows."""

from __future__ import annotations

import pytest

from tests.sheets.calc.vectors.small_books import value_of
from vidcost_xl.errors import ExcelError


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Ties go away from zero, not to the even neighbour.
        ("ROUND(2.5,0)", 3),
        ("ROUND(-2.5,0)", -3),
        ("ROUND(0.5,0)", 1),
        ("ROUND(1234.5,-2)", 1200),
        ("ROUND(1250,-2)", 1300),
        # Written with 15 digits these are ties, though the binary number lies just below.
        ("ROUND(1.005,2)", 1.01),
        ("ROUND(2.675,2)", 2.68),
        ("ROUND(1.45,1)", 1.5),
        ("ROUND(5.015,2)", 5.02),
        ("ROUND(0.285,2)", 0.29),
        ("ROUND(1.0049999999999,2)", 1.0),
        ("ROUND(-0.4,0)", 0),
        ("ROUND(1.5,0.9)", 2),
        ("ROUND(1E-10,5)", 0),
        # 1.1 * 3 is 3.3000000000000003, and 3.3 to 15 digits.
        ("ROUNDUP(1.1*3,1)", 3.3),
        ("ROUNDUP(0.1*3,1)", 0.3),
        ("ROUNDUP(1.15*100,0)", 115),
        ("ROUNDUP(4.35*100,0)", 435),
        ("ROUNDUP(2.1,0)", 3),
        ("ROUNDUP(-2.1,0)", -3),
        ("ROUNDUP(2,0)", 2),
        ("ROUNDUP(1234,-2)", 1300),
        ("ROUNDUP(3.14159,3)", 3.142),  # the example of Microsoft's documentation
        ("ROUNDUP(-3.14159,1)", -3.2),
        ("ROUNDUP(31415.92654,-2)", 31500),
        ("ROUND(21.5,-1)", 20),
        ("ROUND(626.3,-3)", 1000),
        ("ROUND(1.98,-1)", 0),
        ("ROUND(-50.55,-2)", -100),
        ("INT(8.9)", 8),
        ("INT(-8.9)", -9),
        ("MOD(3,2)", 1),
        ("MOD(-3,2)", 1),
        ("MOD(3,-2)", -1),
        ("MOD(-3,-2)", -1),
        ("MOD(7,0)", ExcelError("#DIV/0!")),
        ("ABS(-4)", 4),
        ("COMBIN(8,2)", 28),
        ("COMBIN(5.7,2.9)", 10),
        ("COMBIN(3,4)", ExcelError("#NUM!")),
        ("COMBIN(-1,0)", ExcelError("#NUM!")),
    ],
)
def test_numbers_are_rounded_as_excel_writes_them(formula, value):
    assert value_of(formula) == value


@pytest.mark.parametrize("number", ["1E+300", "-1.7E+308", "123456789012345680"])
@pytest.mark.parametrize("digits", [2, 15, 22])
def test_a_number_without_a_fraction_stays_however_many_digits_are_asked_for(number, digits):
    assert value_of(f"ROUND({number},{digits})") == value_of(f"ROUNDUP({number},{digits})") == float(number)


@pytest.mark.parametrize(
    "formula", ["INT(2.9999999999999996)", "MOD(1,0.1)", "MOD(5.5,2)", "ROUND(1,23)", "COMBIN(2000,3)"]
)
def test_what_hangs_on_the_last_digits_is_left(formula):
    assert value_of(formula.replace("0.1)", "A1)"), {"A1": 0.1}) == "left"


def test_an_error_or_a_text_is_an_error():
    assert value_of("ROUND(A1,2)", {"A1": ExcelError("#N/A")}) == ExcelError("#N/A")
    assert value_of("ROUND(A1,2)", {"A1": "word"}) == ExcelError("#VALUE!")
    assert value_of("ROUND(2.55,A1)", {"A1": 1}) == 2.6
