"""FIND, LEFT and RIGHT."""

from __future__ import annotations

import pytest

from tests.sheets.calc.vectors.small_books import value_of
from vidcost_xl.errors import ExcelError

VALUE = ExcelError("#VALUE!")


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ('FIND("M","Miriam McGovern")', 1),  # these two are examples of Microsoft's documentation
        ('FIND("M","Miriam McGovern",3)', 8),
        ('FIND("m","Miriam McGovern")', 6),
        ('FIND("","abc")', 1),
        ('FIND("q","abc")', VALUE),
        ('FIND("a","abc",0)', VALUE),
        ('FIND("a","abc",5)', VALUE),
        ('ISNUMBER(FIND("x",A1))', False),  # an error inside is no number, and no error of its own
        ('LEFT("Sale Price",4)', "Sale"),
        ('LEFT("Sweden")', "S"),
        ('LEFT("abc",9)', "abc"),
        ('LEFT("abc",0)', ""),
        ('LEFT("abc",-1)', VALUE),
        ('LEFT("abc","x")', VALUE),
        ('LEFT("abc",1.9)', "a"),
        ('RIGHT("Sale Price",5)', "Price"),
        ('RIGHT("abc",0)', ""),
        ('RIGHT("abc",-1)', VALUE),
        ('RIGHT("","x")', VALUE),
        ("RIGHT(TRUE,2)", "UE"),
        ("LEFT(1/3,4)", "0.33"),
        ("LEFT(A1,2)", ExcelError("#N/A")),
        ("LEFT(A9,2)", ""),
    ],
)
def test_parts_of_texts_are_found_and_cut(formula, value):
    assert value_of(formula, {"A1": ExcelError("#N/A")}) == value
