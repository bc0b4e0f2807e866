"""Corners of functions: what Excel says for unusual arguments is computed, or the cell keeps its value and is listed.

The values are Excel's: of its documentation, and of workbooks that it saved.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command import vidcost
from tests.sheets.calc.small_books import Array, Spilling, book, calculated
from tests.sheets.calc_files import package, part, rows, values
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.calc.calculate import calculate

CASES = Path(__file__).parents[4] / "shared" / "cases" / "calc"

NA, NUM, VALUE, REF, DIV = (ExcelError(code) for code in ("#N/A", "#NUM!", "#VALUE!", "#REF!", "#DIV/0!"))

#: A to C: numbers; D: errors; E: texts and truth values; F: numbers without an order; G: days.
CELLS: dict[str, object] = {
    **{f"A{row}": row for row in range(1, 5)},
    **{f"B{row}": row * 10 for row in range(1, 5)},
    **{"C1": 0, "C2": -1, "C3": 2.5, "C4": 0.1, "C5": 1e20, "C6": 9999, "C7": 10000, "C8": 24},
    **{"D1": "=NA()", "D2": "=1/0", "D3": 5, "D4": NA, "D5": "=NA()", "D6": "=1/0"},
    **{"E1": "2.99999", "E2": "non-numeric", "E3": True, "E4": False, "E5": "#N/A ", "E6": "4", "E7": "9"},
    **{f"F{row}": number for row, number in enumerate((5, 1, 4, 2, 3, 9, 7, 8, 6, 10), 1)},
    **{"G1": 44987, "G2": 60, "G3": 1, "G4": 2958465},
}

#: What Excel says; None where its documentation leaves it open.
CORNERS: dict[str, object] = {
    # Errors and deleted references as arguments.
    **{"COUNT(1/0)": 0, "COUNT(NA(),3)": 1, 'COUNT(2,"A","",#REF!,#DIV/0!)': 1, "COUNT(A1:A4,D1+1)": 4},
    **{"COUNTIF(D1:D4,D5)": 2, "COUNTIF(D1:D4,D6)": 1, "COUNTIFS(D1:D4,D5)": 2, "COUNTIF(D1:D4,NA())": 2},
    **{"SUMIFS(B1:B4,D1:D4,D5)": 50, 'COUNTIF(D1:D4,"#N/A")': 2, 'COUNTIF(D1:D4,LEFT(E5,4)&"")': 2},
    **{"MOD(A1,#REF!)": REF, "MATCH(1,#REF!,0)": REF, "ROWS(#REF!)": REF, "INDEX(#REF!,1)": REF, "IFERROR(#REF!,7)": 7},
    # Dates at the edges of the calendar.
    **{"DATE(C6,13,C2)": NUM, "DATE(C1,C1,A1)": NUM, "DATE(1900,A2,29)": 60, "DATE(1900,A1,22222)": 22222},
    **{"MONTH(DATE(1900,A2,29))": 2, "DATE(C2,1,1)": NUM, "DATE(C7,1,1)": NUM, "DATE(C7,-5,1)": NUM},
    **{"DATE(1900,H1,C2)": NUM, "DATE(H1,H1,H1)": NUM, "DATE(H1,1,1)": 1, "EDATE(G3,-1)": NUM, "EDATE(G2,1)": 89},
    **{"EDATE(G4,1)": NUM, "EOMONTH(G4,1)": NUM, "EOMONTH(G2,0)": 60, "IFERROR(EDATE(G4,1),0)": 0},
    **{"EOMONTH(G1,E3)": VALUE, "EOMONTH(G1,E4)": VALUE, "EDATE(G1,E3)": VALUE, "EDATE(E3,1)": VALUE},
    # Numbers as texts, and out of what a function takes.
    **{
        "LEFT(E2,E1)": "no",
        "RIGHT(E2,E1)": "ic",
        'FIND("n",E2,E1)': 3,
        "INDEX(A1:A4,E7)": REF,
        "INDEX(A1:A4,C2)": VALUE,
    },
    **{
        "MOD(C5,3)": NUM,
        "MOD(A1,C4)": None,
        "C1^C1": NUM,
        "0^0": NUM,
        "C1^C2": DIV,
        "C1^(A1-1)": NUM,
        "IFERROR(C1^C1,1)": 1,
    },
    # Looking up by order.
    **{"MATCH(6,F1:F10,1)": 5, "MATCH(6,F1:F10)": 5, "MATCH(2,{0,0,0,1,0,0,0,2,0,0,0,0,0,0,1,0,0})": 17},
    **{"MATCH(E3,A1:A4)": NA, "MATCH(3,A1:A4,H1)": 3, "IFERROR(MATCH(6,F1:F10),0)": 5},
    # Sizes.
    **{"SUMPRODUCT(A1,B1:B2)": VALUE, "SUMPRODUCT(2,B1:B2)": VALUE, "SUMPRODUCT(A1:A2,B1:B3)": VALUE},
    **{"SUMPRODUCT(A1:A2,A1:B1)": VALUE, "SUMPRODUCT(E6:E6,A2:A2)": VALUE, "SUMPRODUCT((A1:A4>1)*B1:B3)": NA},
    **{"SUM(INDEX(A1:B4,2))": None, "INDEX(A:A,1000)": 0, 'COUNTIFS(A:A,"")': 1_048_572, "INDEX({1,2,3},1,0,2)": REF},
    **{"SUMPRODUCT(A1:A2,E3:E4)": 0, "SUM(INDEX(A1:B4,C2,1))": VALUE, "MATCH(6,F1:F10,-1)": None},
    # Errors that pass by the function that asks for them; texts and truth values, which SUMPRODUCT counts as 0.
    **{'ISNUMBER(FIND("x",D1))': False, 'ISERROR(FIND("x",D1)+1)': True, "ISNA(LEFT(E2,D1))": True},
    **{"ISERROR(YEAR(C2))": True, "ISTEXT(RIGHT(E2,D2))": False, "NOT(ISNUMBER(FIND(D1,E2)))": True},
    **{"ROWS(IF(D2,A1:A2,B1:B3))": DIV, "ROWS(IF(D1>0,A1:A4,A1))": NA, "ROWS(1/0)": DIV, "ROWS(A1:A2*D1)": 2},
    **{"SUMPRODUCT((A1:A2&A1:A2))": 0, 'SUMPRODUCT(A1:A2&"",A1:A2)': 0, 'SUMPRODUCT(+(A1:A2&""))': 0},
    **{"SUMPRODUCT(IF(A1,E6:E7))": 0, "SUMPRODUCT(INDEX(E6:E7,1))": 0, "SUMPRODUCT(+E6:E7)": 0, 'SUMPRODUCT("5")': 0},
    **{"SUMPRODUCT({TRUE,FALSE})": 0, "SUMPRODUCT(LEFT(A1,1))": 0, "SUMPRODUCT(IF(A1,A2>1))": 0, "SUMPRODUCT(TRUE)": 0},
    # Texts as conditions.
    **{'AND("",TRUE)': True, 'OR("",FALSE)': False, 'AND("",FALSE)': False, 'OR("",TRUE)': True, 'AND("TRUE")': True},
}

ARRAYS: dict[str, object] = {
    **{"SUM(A1:A4*B1:B2)": NA, "SUM(IF(A1:A4>2,A1:A4,B1:B2))": None, "SUM(IFERROR(A1:A4/0,B1:B2))": NA},
    **{
        "SUM({1,2,3}+{1,2})": NA,
        "SUM(C1:C3^C1:C3)": NUM,
        "SUM(C1:C3^C1)": NUM,
        'SUM(IF(A:A="",1,0))': 1_048_572,
        "COUNT(0/0)": 0,
    },
}

#: Beside the corners: what an engine is trusted with as before.
TRUSTED: dict[str, object] = {
    **{"COUNT(A1,D1)": 1, "COUNT(D1:D4)": 1, "COUNT(A1+1)": 1, 'COUNTIF(A1:A4,">"&A2)': 2, "COUNTIF(A1:A4,A2)": 1},
    **{"DATE(C8,1,15)": 8781, "YEAR(DATE(C8,1,15))": 1924, "DATE(9999,12,31)": 2958465, "DATE(1900,3,1)": 61},
    **{"EDATE(G1,H1)": 44987, "EDATE(G1,A1)": 45018, "EOMONTH(G1,C2)": 44985, "MONTH(G2)": 2, "YEAR(H1)": 1900},
    **{"LEFT(E2,A2)": "no", "LEFT(E2,H1)": "", "INDEX(A1:A4,A2)": 2, "INDEX(A1:A4,A2+1)": 3, "INDEX(A1:A4,9)": REF},
    **{"MOD(-7,3)": 2, "MOD(C3,2)": 0.5, "MOD(A1,H1)": DIV, "A2^C1": 1, "C1^A2": 0, "C2^H1": 1, "MOD(D1,3)": NA},
    **{"MATCH(3.5,A1:A4)": 3, "MATCH(35,B1:B4,1)": 3, "MATCH(9,F1:F10,0)": 6, "MATCH(3,A1:A4,FALSE)": 3},
    **{'ISNUMBER(FIND("n",E2))': True, 'ISNUMBER(FIND("x",A1))': False, "ISERROR(FIND(A1,E2))": True},
    **{"ROWS(IF(A1>0,A1:A2,B1:B3))": 2, 'SUMPRODUCT(--(A1:A2&""="1"))': 1, 'SUMPRODUCT((A1:A2&"")*1)': 3},
    **{"SUMPRODUCT(IF(A1,A1:A2,0))": 3, "SUMPRODUCT(INDEX(A1:A4,0))": 10, "SUMPRODUCT(A1:A2>1)": 0},
    **{"SUMPRODUCT(A1:A4,B1:B4)": 300, "SUMPRODUCT((A1:A4>1)*B1:B4)": 90, "SUMPRODUCT(2,3)": 6},
    **{
        "COUNTIFS(A:A,A2)": 1,
        "INDEX(A:A,A3)": 3,
        "INDEX(A1:B4,2,2)": 20,
        "SUM(INDEX(A1:B4,0,1))": 10,
        "AND(E2,A1)": True,
    },
    # A value that is not used does no harm.
    **{"IF(C1=0,5,MOD(A1,C1+0.5))": 5, "IF(C1=0,IF(A1=1,7,INDEX(A1:A4,C2)),EDATE(E3,1))": 7},
    **{'IF(E6="4",1,LEFT(E2,E6))': 1, "IF(A1>0,1,DATE(C2,1,1))": 1},
}


@pytest.fixture(scope="module")
def computed() -> tuple[dict[str, object], dict[str, str]]:
    return calculated(with_formulas())


def with_formulas() -> bytes:
    texts = {at(text): f"={text}" for text in (*CORNERS, *TRUSTED)}
    return book(CELLS | texts | {at(text): Array(f"={text}") for text in ARRAYS})


def at(text: str) -> str:
    found = (CORNERS, ARRAYS, TRUSTED)
    column, formulas = next(("MNO"[index], each) for index, each in enumerate(found) if text in each)
    return f"{column}{list(formulas).index(text) + 1}"


def is_same(found: object, expected: object) -> bool:
    return type(found) is type(expected) and found == expected if isinstance(expected, bool) else found == expected


@pytest.mark.parametrize("text", [*CORNERS, *ARRAYS])
def test_a_corner_is_as_in_excel_or_left(computed, text):
    found, left = computed
    assert at(text) in left or is_same(found[at(text)], (CORNERS | ARRAYS)[text]), found[at(text)]


@pytest.mark.parametrize("text", TRUSTED)
def test_what_is_no_corner_is_computed(computed, text):
    found, left = computed
    assert at(text) not in left, left[at(text)]
    assert is_same(found[at(text)], TRUSTED[text])


def test_libreoffice_is_believed_where_it_is_as_excel(libreoffice):
    alone = {
        "P1": ("=LN(-1)", NUM),
        "P2": ("=VLOOKUP(2,A1:B4,2,FALSE)", 20),
        "P3": ('=TEXT(DATE(C8,1,15),"yyyy")', "1924"),
    }
    truths = {"P4": ("=PRODUCT(E3,5)", 5), "P5": ("=ISLOGICAL(E3)", True), "P6": ("=IF(E3,LEN(E2),0)", 11)}
    cells = CELLS | {address: text for address, (text, _) in (alone | truths).items()}
    texts = {at(text): f"={text}" for text in (*CORNERS, *TRUSTED)}
    plain = {"Q1": "=SUM(E3:E4,A1)", "Q2": "=INDEX(A1:A2,5)", "Q3": '=COUNTIF(E3:E4,">0")', "Q4": '=AND("TRUE")'}
    done = calculate(book(cells | texts | plain), "a.xlsx", "libreoffice")
    found, left = values(done.data), {each.cell for each in done.report.left}
    expected = {at(text): value for text, value in (CORNERS | TRUSTED).items()}
    expected |= {address: value for address, (_, value) in (alone | truths).items()}
    expected |= {"Q1": 1, "Q2": REF, "Q3": 0, "Q4": True}
    wrong = {
        address: found["Sheet1", address]
        for address, value in expected.items()
        if address not in left and not is_same(found["Sheet1", address], value)
    }
    assert not wrong
    assert {"P1", "P3", "P4", "Q1", "Q2", "Q3"} <= left
    assert not {"P2", "P6", at("SUMPRODUCT(A1:A4,B1:B4)"), at("EDATE(G1,A1)")} & left


@pytest.mark.parametrize("engine", ["embedded", "libreoffice"])
@pytest.mark.parametrize("spills", ["", ' cm="1"'])
def test_an_array_whose_other_cells_are_not_in_the_file_is_left(libreoffice, engine, spills):
    array = f'<c r="C1"{spills}><f t="array" ref="C1:C3">A1:A2*2</f></c>'
    data = package(rows('<c r="A1"><v>1</v></c>' + array, '<c r="A2"><v>2</v></c>'))
    done = calculate(data, "a.xlsx", engine)
    assert [each.cell for each in done.report.left] == ["C1"]
    assert part(done.data) == part(data)


#: Stages and quarters; amounts, one of them unknown; the same stages with one that is an error.
SUMMED = {
    **{"A1": "store", "A2": "train", "A3": "STORE", "A4": "FY2027 Q1", "A5": "main aws.s3.standard.storage", "A6": 7},
    **{"B1": 1, "B2": "=NA()", "B3": 4, "B4": 8, "B5": 16, "B6": 32},
    **{"C1": "store", "C2": "train", "C3": "=1/0", "C4": "store", "C5": "x", "C6": "y"},
}


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('SUMIFS(B1:B6,A1:A6,"store")', 1 + 4),
        ('SUMIFS(B1:B6,A1:A6,"train")', NA),
        ('SUMIFS(B1:B6,A1:A6,"other")', 0),
        ("SUMIFS(B1:B6,A1:A6,A4)", 8),
        ("SUMIFS(B1:B6,A1:A6,A5)", 16),
        ("SUMIFS(B1:B6,A1:A6,A6)", 32),
        ('SUMIFS(B1:B6,A1:A6,"store",C1:C6,"store")', 1),
        ('SUMIFS(B1:B6,C1:C6,"store")', 1 + 8),
        ("SUMIFS(B1:B6,A1:A6,A2)", NA),
        ("SUMPRODUCT(B1:B2,B4:B5)", NA),
    ],
)
def test_a_sum_over_criteria_passes_on_an_error_where_they_hold(formula, expected):
    found, left = calculated(book({**SUMMED, "E1": f"={formula}"}))
    assert (found["E1"], left) == (expected, {})


@pytest.mark.parametrize("criterion", ['"s*"', '">0"', '"<>train"', '"7"'])
def test_a_sum_over_other_criteria_beside_an_error_is_left(criterion):
    _, left = calculated(book({**SUMMED, "E1": f"=SUMIFS(B1:B6,A1:A6,{criterion})"}))
    assert set(left) == {"E1"}


def test_an_answer_that_shrinks_in_a_file_without_its_last_cell_is_computed():
    array = '<c r="C1" cm="1"><f t="array" ref="C1:C3">A1:A2*2</f></c>'
    data = package(rows('<c r="A1"><v>1</v></c>' + array, '<c r="A2"><v>2</v></c><c r="C2"/>'))
    done = calculate(data, "a.xlsx")
    assert not done.report.left and 'ref="C1:C2"' in part(done.data)
    assert values(done.data)["Sheet1", "C2"] == 4


@pytest.mark.parametrize(
    ("formula", "filled"),
    [
        ("IFERROR(A1:A4/0,B1:B2)", (10, 20, NA, NA)),
        ("A1:A4+B1:B2", (11, 22, NA, NA)),
        ("INDEX(A1:B4,2)", (2, 20)),
        ("INDEX(A1:B4,0,1)+B1:B2", (11, 22, NA, NA)),
        ("Sheet1!A:A", (1, 2, 3, 4, 0)),
    ],
)
def test_an_array_that_excel_fills_otherwise_keeps_its_cells_and_its_area(formula, filled):
    down = len(filled) > 2
    places = [f"F{row}" if down else "FG"[row - 1] + "1" for row in range(1, len(filled) + 1)]
    cells = {**{f"A{row}": row for row in range(1, 5)}, **{f"B{row}": row * 10 for row in range(1, 5)}}
    data = book(cells | dict(zip(places, filled, strict=True)) | {"F1": Spilling(f"={formula}"), "J1": "=SUM(F1:G9)"})
    content = part(data).replace('ref="F1"', f'ref="F1:{places[-1]}"')
    data = package(content.partition("<sheetData>")[2].partition("</sheetData>")[0])
    done = calculate(data, "a.xlsx")
    assert part(done.data) == part(data)
    assert {each.cell for each in done.report.left} == {"F1", "J1"}


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not part of the repository")
@pytest.mark.parametrize("path", sorted(CASES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_a_reported_workbook_is_computed_as_excel_does_or_left(path, tmp_path, request):
    note = path.with_suffix(".json")
    case: dict[str, Any] = (
        json.loads(note.read_text(encoding="utf-8")) if note.exists() else {"command": "", "expected": {}}
    )
    engine = "libreoffice" if "libreoffice" in case["command"] else "embedded"
    if engine == "libreoffice":
        request.getfixturevalue("libreoffice")
    out = tmp_path / "out.xlsx"
    ended = vidcost("calc", path, "-o", out, "--json", "--engine", engine)  # raises what would be a traceback
    assert ended.returncode in {0, 3}
    report = json.loads(ended.stdout)
    assert (ended.returncode == 3) == bool(report["left"])
    left = {each["cell"] for each in report["left"]}
    before, data = values(path.read_bytes()), out.read_bytes() if out.exists() else path.read_bytes()
    found = {
        address: value for (sheet, address), value in values(data).items() if sheet == "Sheet1" or len(before) < 99
    }
    for address, expected in case["expected"].items():
        if address in found and address not in left and not isinstance(expected, str):
            assert found[address] == pytest.approx(expected, rel=1e-14), address
        elif address in found and address not in left and expected.startswith("#"):
            assert found[address] == ExcelError(expected), address
    for (sheet, address), value in before.items():
        if address in left:
            assert values(data)[sheet, address] == value


@pytest.mark.parametrize("first", ["A", "D"])
def test_each_copy_is_left_that_looks_at_the_cells_that_break_a_rule_and_no_other(first):
    # Copies that look at the same cells, and one that looks at others: whichever comes first.
    second = "D" if first == "A" else "A"
    cells = {f"H{row}": f"=SUMIFS(B$1:B$4,A$1:A$4,{column}$1)" for row, column in enumerate((first, second) * 2, 1)}
    found, left = calculated(book({**CELLS, **cells}))
    assert sorted(set(left) & set(cells)) == [key for key, text in cells.items() if "D$1" in text]
    assert [found[key] for key, text in cells.items() if "A$1)" in text] == [10.0, 10.0]
