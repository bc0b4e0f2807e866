"""What formulas result in: Excel's own results, by Microsoft's documentation of each function, or they are left.

`test_trust` compares the engine with LibreOffice; the results here are written down.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest

from tests.sheets.calc.small_books import LEFT, book, calculated
from vidcost_xl.errors import ExcelError

MISSING, DIVISION, VALUE = ExcelError("#N/A"), ExcelError("#DIV/0!"), ExcelError("#VALUE!")
OUTSIDE, NUMBER = ExcelError("#REF!"), ExcelError("#NUM!")

TOTALS = {"A1": 3, "A2": True, "A3": "text", "A4": -4.5, "B1": 2, "B2": 5, "B3": 7, "B4": 1, "C1": MISSING, "C2": 1}
CONDITIONS = {"A1": 4, "A2": 0, "A3": MISSING, "A4": DIVISION, "A5": True, "A6": "text", "B1": "1,000", "B2": "1"}
CRITERIA = {"A1": 46053, "A2": 46054, "A3": "x", "A4": "X", "A5": True, "A6": 0, "A8": MISSING, "A9": "apple"}
CRITERIA |= {"B1": "x", "B2": "x", "B3": "y", "C1": 1, "C2": 5, "C3": 9, "D1": 10, "D2": 20, "D3": 40}
CRITERIA |= {"E1": 5, "E2": "5", "E3": "five", "F1": DIVISION, "F2": 7, "G1": 5, "G2": "6", "G3": True}
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
KINDS = {"A1": 0.1, "A2": 0.2, "A3": 0.3, "A4": "Text", "A5": "text", "A6": True, "A8": MISSING, "A9": 0}

TABLES: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "totals": (
        TOTALS,
        {
            "SUM(A1:A5)": -1.5,  # in ranges neither truth values nor texts count
            "SUM(A1:A5,TRUE,2)": 1.5,  # as arguments they do
            "SUM(B1:B4,C2)": 16,
            "SUM(C1:C2)": MISSING,
            "SUM(A9+0,IF(TRUE,A9))": 0,
            "COUNT(A1:A5)": 2,
            "COUNT(C1:C2)": 1,  # COUNT passes over errors
            "COUNT(A1:A5,1,TRUE)": 4,
            "COUNT(IF(TRUE,A2))": 0,  # IF answers the cell itself
            "MAX(A1:A5)": 3,
            "MIN(A1:A5)": -4.5,
            "MAX(A2:A3)": 0,
            "MIN(A9:B9)": 0,
            "MAX(-5,-7)": -5,
            "MAX(C1:C2)": MISSING,
            "SUMPRODUCT(A1:A4,B1:B4)": 1.5,  # 3 * 2 and -4.5 * 1
            "SUMPRODUCT(B1:B4,B1:B4)": 79,
            "SUMPRODUCT(B1:B3,B1:B4)": VALUE,
            "SUMPRODUCT((B1:B4>1)*(B1:B4<7)*B1:B4)": 7,
            "SUMPRODUCT(--(B1:B4>1),B1:B4)": 14,
            "SUMPRODUCT(B1:B4>1)": 0,  # truth values are no numbers
            "SUMPRODUCT(C1:C2,C1:C2)": MISSING,
            "ROWS(A1:C9)": 9,
        },
    ),
    "conditions": (
        CONDITIONS,
        {
            "IF(A1,1,2)": 1,
            "IF(A2,1,2)": 2,
            "IF(A9,1,2)": 2,  # a blank cell is FALSE
            "IF(A2,1)": False,
            "IF(A1,,2)": 0,
            "IF(A2,1,)": 0,
            "IF(A3,1,2)": MISSING,
            "IF(A1,A9)": 0,  # a blank cell shows as 0
            'IF(A1,A9)&"x"': "x",
            "IF(A1,1,A3)": 1,
            "IF(A2,A3,2)": 2,
            "IF(A1>0,A1,B1+1)": 4,  # what is not chosen does not matter, a doubtful text included
            "IF(A1>0,B1+1,A1)": LEFT,
            "IFERROR(A1,B1+1)": 4,
            "IF(B2,1,2)": LEFT,
            "NOT(B2)": LEFT,
            "IFERROR(A3,5)": 5,
            "IFERROR(A1,A3)": 4,
            "IFERROR(A3,A4)": DIVISION,
            "AND(A1,A5)": True,
            "AND(A1,A2)": False,
            "OR(A2,A1)": True,
            "OR(A2:A3)": MISSING,
            "AND(A6:A7)": VALUE,  # nothing but texts and blanks
            "AND(A5:A7)": True,
            "NOT(A2)": True,
            "NOT(A3)": MISSING,
            "ISERROR(A4)": True,
            "ISNA(A4)": False,
            "ISNA(A3)": True,
            "ISNUMBER(A1)": True,
            "ISNUMBER(A5)": False,
            "ISTEXT(A6)": True,
            "ISTEXT(A9)": False,
            "NA()": MISSING,
            'HYPERLINK("#a",A1)': 4,
            "HYPERLINK(A3,A1)": MISSING,
        },
    ),
    "criteria": (
        CRITERIA,
        {
            'COUNTIF(A1:A9,">=46054")': 1,
            'COUNTIF(A1:A9,">46053")': 1,
            'COUNTIF(A1:A9,"<46054")': 2,  # 46053 and 0; the blank A7 is no number
            'COUNTIF(A1:A9,"<=46054")': 3,
            'COUNTIF(A1:A9,"=46054")': 1,
            "COUNTIF(A1:A9,46054)": 1,
            'COUNTIF(A1:A9,"46054")': 1,
            'COUNTIF(A1:A9,">="&A2)': 1,
            'COUNTIF(A1:A9,"x")': 2,  # without regard to case
            'COUNTIF(A1:A9,"=X")': 2,
            'COUNTIF(A1:A9,"<>x")': 7,  # of nine cells all but two, the blank one and the error too
            'COUNTIF(A1:A9,"<>46054")': 8,
            "COUNTIF(A1:A9,TRUE)": 1,
            "COUNTIF(A1:A9,FALSE)": 0,
            "COUNTIF(A1:A9,0)": 1,  # nor is a blank cell 0
            'COUNTIF(A1:A9,"=0")': 1,
            "COUNTIF(A1:A9,A7)": 1,  # a blank criterion is 0
            'COUNTIF(A1:A9,"y")': 0,
            'COUNTIF(A1:A9,"1E3")': 0,
            'COUNTIF(A1:A9,"x*")': 2,
            'COUNTIF(A1:A2,"")': 0,
            "COUNTIF(E1:E3,5)": 2,  # a text that is that number counts
            'COUNTIF(E1:E3,">4")': 1,  # larger and smaller are asked of numbers only
            'COUNTIFS(B1:B3,"x",C1:C3,">1")': 1,
            'SUMIFS(D1:D3,B1:B3,"x")': 30,
            'SUMIFS(D1:D3,B1:B3,"<>y",C1:C3,"<=5")': 30,
            'SUMIFS(D1:D3,B1:B3,"z")': 0,
            'SUMIFS(F1:F2,B2:B3,"y")': 7,  # an error counts only where the criteria are met
            'SUMIFS(F1:F2,B2:B3,"x")': DIVISION,
            "SUMIFS(G1:G3,G1:G3,5)": 5,  # texts and truth values are not summed
        },
    ),
    "look-ups": (
        TABLE,
        {
            "INDEX(A2:B4,2,2)": 38,
            "INDEX(A2:B4,3.9,1)": "fig",
            "INDEX(B2:B4,3)": 40,
            "INDEX(A1:B1,2)": "count",
            "INDEX(B2:B4,4)": OUTSIDE,
            "INDEX(A2:B4,1,3)": OUTSIDE,
            "INDEX(B2:B9,8)": 0,  # a blank cell shows as 0
            'INDEX(B2:B9,8)&"x"': "x",
            "INDEX(A2:B4,2,0)": LEFT,
            "INDEX(B2:B4,A9)": LEFT,
            'MATCH("apple",A1:A5,0)': 2,
            'MATCH("plum",A1:A5,0)': MISSING,
            'MATCH("f*",A1:A5,0)': 1,
            "MATCH(A9,B2:B4,0)": MISSING,
            "MATCH(38,B2:B4,0)": 2,
            "MATCH(39,B2:B4,1)": 2,  # Microsoft's example: the largest value that is not larger
            "MATCH(40,B2:B4)": 3,
            "MATCH(24,B2:B4,1)": MISSING,
            "MATCH(TRUE,A1:A5,0)": 5,
            'MATCH("count",A1:B1,0)': 2,
            'INDEX(B1:B4,MATCH("PEAR",A1:A4,0))': 38,
            "INDEX(B1:B4,MATCH(7,B1:B4,0))": MISSING,
            "ROWS(TRANSPOSE(A1:B1))": 2,
        },
    ),
    "operators": (
        KINDS,
        {
            "A1+A2=A3": True,
            "A1+A2>A3": False,
            "A1*3<=A3": True,
            "A4=A5": True,
            "A4<>A5": False,
            "A4>A1": True,  # texts are larger than numbers, truth values larger than texts
            "A6>A4": True,
            "A7=A9": True,  # a blank cell is 0, or the empty text
            'A7=""': True,
            "A7=A6": False,
            "A8=A8": MISSING,
            "A1/A9": DIVISION,
            "A8/A9": MISSING,  # the first operand's error comes first
            "A4+1": VALUE,
            "A6+1": 2,
            "A7+1": 1,
            "-A6": -1,
            "2^10": 1024,
            "(-8)^0.5": NUMBER,
            "1E+308*10": NUMBER,
            "+A4": "Text",
            'A1+A2&"|"': "0.3|",
            "A4&A6&A7": "TextTRUE",
            '-A9&""': "0",
            "A8&A4": MISSING,
            '"5"+1': 6,
            '"$5"*2': LEFT,
        },
    ),
    "texts": (
        {"A1": MISSING},
        {
            'FIND("M","Miriam McGovern")': 1,  # these two are examples of Microsoft's documentation
            'FIND("M","Miriam McGovern",3)': 8,
            'FIND("m","Miriam McGovern")': 6,
            'FIND("q","abc")': VALUE,
            'FIND("a","abc",5)': VALUE,
            'LEFT("Sale Price",4)': "Sale",
            'LEFT("Sweden")': "S",
            'LEFT("abc",-1)': VALUE,
            'LEFT("abc",1.9)': "a",
            'RIGHT("Sale Price",5)': "Price",
            "LEFT(1/3,4)": "0.33",
            "LEFT(A1,2)": MISSING,
            "LEFT(A9,2)": "",
        },
    ),
    "rounding": (
        {"A1": MISSING, "A2": "word", "A3": 1},
        {
            # Ties go away from zero, not to the even neighbour.
            "ROUND(0.5,0)": 1,
            "ROUND(1250,-2)": 1300,
            # Written with 15 digits these are ties, though the binary number lies just below.
            "ROUND(1.005,2)": 1.01,
            "ROUND(2.675,2)": 2.68,
            "ROUND(1.0049999999999,2)": 1.0,
            # 1.1 * 3 is 3.3000000000000003, and 3.3 to 15 digits.
            "ROUNDUP(1.1*3,1)": 3.3,
            "ROUNDUP(3.14159,3)": 3.142,  # these are examples of Microsoft's documentation
            "ROUNDUP(-3.14159,1)": -3.2,
            "ROUNDUP(31415.92654,-2)": 31500,
            "ROUND(21.5,-1)": 20,
            "ROUND(626.3,-3)": 1000,
            "ROUND(1.98,-1)": 0,
            "ROUND(-50.55,-2)": -100,
            "INT(8.9)": 8,
            "INT(-8.9)": -9,
            "MOD(3,2)": 1,
            "MOD(-3,2)": 1,
            "MOD(3,-2)": -1,
            "MOD(-3,-2)": -1,
            "MOD(5.5,2)": 1.5,
            "ABS(-4)": 4,
            "COMBIN(8,2)": 28,
            "ROUND(1E+300,2)": 1e300,
            "ROUND(-1.7E+308,22)": -1.7e308,
            "ROUNDUP(1E+300,15)": 1e300,
            "ROUND(A1,2)": MISSING,
            "ROUND(A2,2)": VALUE,
            "ROUND(2.55,A3)": 2.6,
        },
    ),
    "days": (
        {"A1": "2026-01-01", "A2": 46023, "A3": MISSING},
        {
            "DATE(2008,14,2)": 39846,  # 2 February 2009; these four are examples of Microsoft's documentation
            "DATE(2008,-3,2)": 39327,  # 2 September 2007
            "DATE(2008,1,35)": 39482,  # 4 February 2008
            "DATE(2008,1,-15)": 39432,  # 16 December 2007
            "DATE(1900,3,1)": 61,
            "DATE(9999,12,31)": 2958465,
            "YEAR(A1)": LEFT,
            "EDATE(A2,A3)": MISSING,
            # Day 1 is 1 January 1900, and day 60 is the 29 February that 1900 did not have.
            "MONTH(0)": 1,
            "MONTH(31)": 1,
            "MONTH(32)": 2,
            "MONTH(60)": 2,
            "YEAR(60)": 1900,
            "EOMONTH(31,2)": 91,
            "YEAR(2958466)": NUMBER,
        },
    ),
}


@pytest.fixture(scope="module")
def results():
    found = {}
    for name, (cells, expected) in TABLES.items():
        formulas = {f"Z{row}": f"={formula}" for row, formula in enumerate(expected, 1)}
        values, left = calculated(book({**cells, **formulas}))
        for address, formula in formulas.items():
            found[name, formula[1:]] = LEFT if address in left else values[address]
    return found


@pytest.mark.parametrize(
    ("name", "formula"), [(name, formula) for name, (_, expected) in TABLES.items() for formula in expected]
)
def test_a_formula_results_in_what_excel_documents_or_is_left(results, name, formula):
    found, expected = results[name, formula], TABLES[name][1][formula]
    if found == LEFT:
        return
    assert isinstance(found, bool) == isinstance(expected, bool)
    assert found == (pytest.approx(expected, rel=1e-15) if isinstance(expected, float) else expected)


def test_few_of_them_are_left(results):
    left = [formula for (name, formula), value in results.items() if value == LEFT != TABLES[name][1][formula]]
    assert len(left) < len(results) / 10


#: Days around ends of months and years, leap years, and the century that is none.
DAYS = [
    day + timedelta(days=by)
    for day in (date(2024, 2, 29), date(2026, 2, 28), date(2000, 2, 29), date(2100, 2, 28), date(2026, 12, 31))
    for by in (-1, 0, 1)
]


def serial(day: date) -> int:
    """The serial number of a day from March 1900 on: 1 January 2026 is 46023 in Excel."""
    return 46023 + (day - date(2026, 1, 1)).days


def moved(day: date, months: int) -> tuple[int, int, int]:
    """Year and month so many months later, and the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1, calendar.monthrange(year, month + 1)[1]


@pytest.mark.parametrize("months", [-25, -1, 0, 1, 11, 12, 1.9])
def test_months_are_counted_from_the_same_day_or_the_last_one(months):
    cells: dict[str, object] = {f"A{row}": serial(day) + 0.75 for row, day in enumerate(DAYS, 1)}
    for row in range(1, len(DAYS) + 1):
        cells |= {f"B{row}": f"=EDATE(A{row},{months})", f"C{row}": f"=EOMONTH(A{row},{months})"}
        cells |= {f"D{row}": f"=YEAR(A{row})*100+MONTH(A{row})"}
    found, left = calculated(book(cells))
    assert not left
    for row, day in enumerate(DAYS, 1):
        year, month, last = moved(day, int(months))
        assert found[f"B{row}"] == serial(date(year, month, min(day.day, last)))
        assert found[f"C{row}"] == serial(date(year, month, last))
        assert found[f"D{row}"] == day.year * 100 + day.month
