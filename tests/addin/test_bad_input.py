"""What people hand over in sheets: one expected result each, the same in Excel's path and in the embedded engine."""

from __future__ import annotations

from functools import cache

import formualizer
import pytest

from vidcost_xl.errors import ExcelError
from vidcost_xl.hosts.formualizer import bind, from_engine
from vidcost_xl.hosts.formulas import with_omitted_marked

FIVE_PB = pytest.approx(236_716.84, abs=0.005)
SIX_PB = pytest.approx(283_282.97, abs=0.005)
VALUE, NUM, NA = ExcelError("#VALUE!"), ExcelError("#NUM!"), ExcelError("#N/A")
DIV, NAME = ExcelError("#DIV/0!"), ExcelError("#NAME?")
OCTOBER = 46_296.0  # 2026-10-01
ERROR_FORMULAS = {"#N/A": "=NA()", "#DIV/0!": "=1/0", "#NAME?": "=NOT_A_FUNCTION()"}
CURRENCY, DATE = '"$"#,##0.00', "yyyy-mm-dd"
RATES = {"E1": "meter", "F1": "rate", "E2": "aws.transfer.internet-out", "F2": 0.02}

# What it is, function, arguments (ranges behind an equals sign, None left out), cells, formats,
# expected, a part of the reason
CASES = [
    ("a blank column", "VIDEO_EGRESS", ["=A:A", "PB"], {}, {}, VALUE, "whole column"),
    ("1,048,576 blank rows", "VIDEO_EGRESS", ["=A1:A1048576", "PB"], {}, {}, VALUE, "whole column"),
    ("a column with months", "VIDEO_EGRESS", ["=A:A", "PB"], {"A1": 5.0, "A2": 6.0}, {}, [[FIVE_PB], [SIX_PB]], ""),
    (
        "a column, its header and a gap",
        "VIDEO_EGRESS",
        ["=A:A", "PB"],
        {"A1": "PB", "A3": 5.0},
        {},
        [[VALUE], [VALUE], [FIVE_PB]],
        "",
    ),
    (
        "a column beside a longer one",
        "VIDEO_EGRESS",
        ["=A:A", "PB"],
        {"A1": 5.0, "A2": 5.0, "B9": 1.0},
        {},
        [[FIVE_PB], [FIVE_PB]],
        "",
    ),
    ("a column where one value fits", "VIDEO_EGRESS", [5.0, "PB", "=A:A"], {}, {}, VALUE, "one value, not a range"),
    ("a blank column of rates", "VIDEO_EGRESS", [5.0, "PB", None, None, None, None, "=A:B"], {}, {}, VALUE, ""),
    (
        "rates",
        "VIDEO_EGRESS",
        [5.0, "PB", None, None, None, None, "=E1:F2"],
        RATES,
        {},
        pytest.approx(93_132.26, abs=0.005),
        "",
    ),
    (
        "whole columns of rates",
        "VIDEO_EGRESS",
        [5.0, "PB", None, None, None, None, "=E:F"],
        RATES,
        {},
        pytest.approx(93_132.26, abs=0.005),
        "",
    ),
    ("a number as text", "VIDEO_EGRESS", ["=A1", "PB"], {"A1": "5"}, {}, VALUE, "remove the quotation marks"),
    (
        "a number as text in a range",
        "VIDEO_EGRESS",
        ["=A1:A2", "PB"],
        {"A1": "5", "A2": 5.0},
        {},
        [[VALUE], [FIVE_PB]],
        "",
    ),
    (
        "error cells in a range",
        "VIDEO_EGRESS",
        ["=A1:A4", "PB"],
        {"A1": DIV, "A2": NA, "A3": NAME, "A4": 5.0},
        {},
        [[DIV], [NA], [NAME], [FIVE_PB]],
        "",
    ),
    ("an error cell", "VIDEO_EGRESS", [5.0, "PB", "=A1"], {"A1": NA}, {}, NA, "route holds #N/A"),
    (
        "a date as the day",
        "VIDEO_EGRESS",
        [5.0, "PB", None, None, None, None, None, "=A1"],
        {"A1": OCTOBER},
        {"A1": DATE},
        FIVE_PB,
        "",
    ),
    (
        "a date before all prices",
        "VIDEO_EGRESS",
        [5.0, "PB", None, None, None, None, None, "=A1"],
        {"A1": 43_831.0},
        {"A1": DATE},
        NA,
        "first holds",
    ),
    ("a date where an amount stands", "VIDEO_CONVERT", ["=A1", "GB", "GB"], {"A1": OCTOBER}, {"A1": DATE}, OCTOBER, ""),
    (
        "a currency keeps every place",
        "VIDEO_CONVERT",
        ["=A1", "GB", "GB"],
        {"A1": 4.123456789},
        {"A1": CURRENCY},
        4.123456789,
        "",
    ),
    (
        "currencies in a range",
        "VIDEO_EGRESS",
        ["=A1:A2", "PB"],
        {"A1": 5.0, "A2": 6.0},
        {"A1": CURRENCY, "A2": CURRENCY},
        [[FIVE_PB], [SIX_PB]],
        "",
    ),
    ("a blank cell", "VIDEO_EGRESS", ["=A1", "PB"], {}, {}, VALUE, "points at an empty cell"),
    ("a blank option", "VIDEO_EGRESS", [5.0, "PB", "=A1"], {}, {}, FIVE_PB, ""),
    ("blank cells in a range", "VIDEO_EGRESS", ["=A1:A3", "PB"], {"A2": 5.0}, {}, [[VALUE], [FIVE_PB], [VALUE]], ""),
    ("TRUE", "VIDEO_EGRESS", ["=A1", "PB"], {"A1": True}, {}, VALUE, "not TRUE"),
    ("a negative amount", "VIDEO_EGRESS", ["=A1", "PB"], {"A1": -5.0}, {}, NUM, "not -5"),
    ("a row", "VIDEO_EGRESS", ["=A1:B1", "PB"], {"A1": 5.0, "B1": 6.0}, {}, [[FIVE_PB, SIX_PB]], ""),
    (
        "a block",
        "VIDEO_EGRESS",
        ["=A1:B2", "PB"],
        {"A1": 5.0, "B1": 6.0, "A2": 6.0, "B2": "x"},
        {},
        [[FIVE_PB, SIX_PB], [SIX_PB, VALUE]],
        "",
    ),
    ("a gap beside a number", "VIDEO_EGRESS", [5.0, None, "aws.internet"], {}, {}, VALUE, "5 what?"),
]
IDS = [case[0] for case in CASES]


def as_written(value):
    if isinstance(value, str):
        return value[1:] if value.startswith("=") else f'"{value}"'
    return "" if value is None else repr(value)


def in_engine(name, arguments, cells):
    """The result of the formula in the embedded engine, far from its cells."""
    workbook = formualizer.Workbook()
    reasons = bind(workbook)
    page = workbook.sheet("Sheet1")
    for address, value in cells.items():
        row, column = int(address[1:]), ord(address[0]) - 64
        if isinstance(value, ExcelError):
            page.set_formula(row, column, ERROR_FORMULAS[value.code])
        else:
            page.set_value(row, column, value)
    written = ",".join(as_written(value) for value in arguments)
    page.set_formula(30, 30, with_omitted_marked(f"={name}({written})"))
    workbook.evaluate_all()

    def cell(row, column):
        return from_engine(workbook.get_value("Sheet1", 30 + row, 30 + column), reasons)

    if cell(1, 0) == "" and cell(0, 1) == "":
        return cell(0, 0)
    rows = next(row for row in range(1, 99) if cell(row, 0) == "")
    columns = next(column for column in range(1, 9) if cell(0, column) == "")
    return [[cell(row, column) for column in range(columns)] for row in range(rows)]


def in_excel(excel, name, arguments, cells, formats):
    """The result of the shipped VBA, called with ranges of an in-memory Excel, through xlwings' server."""
    from pyopenvba.interpreter import MISSING

    excel.fill(cells)
    for address, number_format in formats.items():
        excel.range(address).vba_set("NumberFormat", number_format)
    return excel.call(name, *(MISSING if value is None else value for value in arguments))


def codes(result):
    if isinstance(result, list):
        return [[codes(cell) for cell in row] for row in result]
    return ExcelError(result.code) if isinstance(result, ExcelError) else result


@cache
def engine_result(at):
    """Of a case; a whole column takes the engine seconds."""
    _, name, arguments, cells, *_ = CASES[at]
    return in_engine(name, arguments, cells)


@pytest.mark.parametrize("at", range(len(CASES)), ids=IDS)
def test_the_embedded_engine(at):
    assert codes(engine_result(at)) == CASES[at][5]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_excels_path(excel, case):
    _, name, arguments, cells, formats, expected, _ = case
    assert in_excel(excel, name, arguments, cells, formats) == expected


@pytest.mark.parametrize("at", [pytest.param(at, id=case[0]) for at, case in enumerate(CASES) if case[-1]])
def test_both_give_the_same_reason(excel, at):
    _, name, arguments, cells, formats, _, reason = CASES[at]
    table = in_excel(excel, "VIDEO_EXPLAIN", [name, *arguments], cells, formats)
    assert table[-1][0] == "reason"
    assert reason in table[-1][1]
    assert engine_result(at).message == table[-1][1]


def test_several_areas_are_refused_in_excel_and_unknown_to_the_engine(excel):
    excel.fill({"A1": 5.0, "C1": 6.0})
    assert excel.call("VIDEO_EGRESS", excel.range("A1:A2,C1:C2"), "PB") == VALUE
    assert "give one" in excel.call("VIDEO_EXPLAIN", "VIDEO_EGRESS", excel.range("A1:A2,C1:C2"), "PB")[-1][1]


def test_an_array_constant_in_one_row_arrives_flat_and_answers_as_a_row(excel):
    assert excel.call("VIDEO_EGRESS", [5.0, 6.0], "PB") == [[FIVE_PB, SIX_PB]]
