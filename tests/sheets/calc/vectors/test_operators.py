"""Operators: comparing by 15 digits and without case, joining, dividing, and the errors of two operands."""

from __future__ import annotations

import pytest

from tests.sheets.calc.vectors.small_books import across, book, together, value_of
from vidcost_xl.errors import ExcelError

MISSING, DIVISION, VALUE = ExcelError("#N/A"), ExcelError("#DIV/0!"), ExcelError("#VALUE!")
CELLS = {"A1": 0.1, "A2": 0.2, "A3": 0.3, "A4": "Text", "A5": "text", "A6": True, "A8": MISSING, "A9": 0}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("A1+A2=A3", True),
        ("A1+A2>A3", False),
        ("A1*3<=A3", True),
        ("A4=A5", True),
        ("A4<>A5", False),
        ("A4>A1", True),  # texts are larger than numbers, truth values larger than texts
        ("A6>A4", True),
        ("A7=A9", True),  # a blank cell is 0, or the empty text
        ('A7=""', True),
        ("A7=A6", False),
        ("A8=A8", MISSING),
        ('"b">"a"', True),
        ('"10">"9"', False),
        ("A1/A9", DIVISION),
        ("A8/A9", MISSING),  # the first operand's error comes first
        ("A4+1", VALUE),
        ("A6+1", 2),
        ("A7+1", 1),
        ("-A6", -1),
        ("50%", 0.5),
        ("2^10", 1024),
        ("(-8)^0.5", ExcelError("#NUM!")),
        ("1E+308*10", ExcelError("#NUM!")),
        ("+A4", "Text"),
        ('1/3&""', "0.333333333333333"),
        ('A1+A2&"|"', "0.3|"),
        ("A4&A6&A7", "TextTRUE"),
        ('-A9&""', "0"),
        ("A8&A4", MISSING),
    ],
)
def test_operators_compute_as_in_excel(formula, value):
    found = value_of(formula, CELLS)
    assert found == pytest.approx(value) if isinstance(value, float) else found == value


@pytest.mark.parametrize("formula", ["0^0", "A9^-1", '"5"+1', '"é">"f"', '"-a"<"b"', '1E+20&""', '"$5"*2'])
def test_what_a_language_or_excel_alone_decides_is_left(formula):
    assert value_of(formula, CELLS) == "left"


def test_copies_of_all_kinds_are_compared_each_by_its_own():
    cells = {"A1": 1, "B1": "x", "C1": True, "D1": MISSING, "A2": 1.0000000000000002, "B2": "X", "C2": 1, "D2": 1}
    done = together(book({**cells, **across("=#1=#2", 3)}))
    assert done == {"A3": True, "B3": True, "C3": False, "D3": MISSING, "E3": True}
