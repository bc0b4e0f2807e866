"""Formulas that no program saves: they end no calculation."""

from __future__ import annotations

import pytest

from tests.sheets.calc.vectors.small_books import book, calculated

WRONG = [
    *(
        "ABS()",
        "ABS(1,2)",
        "ROUND(1)",
        "ROUND(1,2,3)",
        "IF(1)",
        "IF(1,2,3,4)",
        "IFERROR(1)",
        "MATCH(1)",
        "INDEX(A1:A2)",
    ),
    *(
        "INDEX(A1:A2)",
        "YEAR()",
        "YEAR(1,2)",
        "SUMPRODUCT()",
        "LEFT()",
        'RIGHT("a",1,2)',
        "DATE(1,2)",
        "MOD(1)",
        "NOT()",
    ),
    *(
        "NOT(1,2)",
        "ISNUMBER()",
        "ISTEXT(1,2)",
        "COUNTIF(A1:A2)",
        "SUMIFS(A1:A2,A1:A2)",
        "SUMIFS(A1:A2)",
        'FIND("x")',
        "SUM()",
    ),
    *("MAX()", "COUNT()", "AND()", "OR()", "TRANSPOSE()", "EDATE(1)", "EOMONTH(1,2,3)", "ROWS()", "NA(1)", "COMBIN(1)"),
    *("HYPERLINK()", "INT()", "ROUNDUP()", "ISNA()", "ISERROR(1,2)", "TRUE(1)", "VIDEO_CONVERT(1)", "COUNTIFS(A1:A2)"),
]


@pytest.mark.parametrize("formula", WRONG)
def test_a_wrong_number_of_arguments_ends_no_calculation(formula):
    found, left = calculated(book({"A1": 1, "A2": 2, "B1": f"={formula}", "B2": "=A1+A2"}))
    assert found["B2"] == 3
    assert "B1" in left or "B1" in found
