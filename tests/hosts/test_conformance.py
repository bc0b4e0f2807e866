"""One table of cases, three hosts in this process: COM's conversion, the embedded engine, xlwings Lite."""

from __future__ import annotations

import importlib
from itertools import count

import formualizer
import pytest

from tests.conformance import ANCHORS, CASES, QUICK, REFUSALS, as_rows, given, here, same
from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.registry import functions
from vidcost_xl.functions.values import EMPTY, OMITTED, DefaultNumber
from vidcost_xl.hosts import lite
from vidcost_xl.hosts.com_values import ERROR_BASE, ERROR_NUMBERS, MARK, OMITTED_TEXT
from vidcost_xl.hosts.formualizer import bind, from_engine, settings
from vidcost_xl.hosts.formulas import with_omitted_marked

_NUMBERS = {code: number for number, code in ERROR_NUMBERS.items()}

#: Formulas whose value is an error: engines take no error values into cells.
_ERROR_FORMULAS = {"#N/A": "=NA()", "#DIV/0!": "=1/0", "#NUM!": "=SQRT(-1)"}


@pytest.fixture(scope="module")
def table():
    return [(case, given(case)) for case in QUICK]


def test_there_are_more_than_200_cases_of_every_function(table):
    assert len(CASES) > len(QUICK) > 200
    assert {case["function"] for case in QUICK} == set(functions())
    codes = {rows[0][0].code for _, rows in table if isinstance(rows[0][0], ExcelError)}
    assert codes >= {"#VALUE!", "#NUM!", "#N/A", "#DIV/0!", "#REF!"}


def test_the_table_has_the_numbers_of_the_readme_and_refuses_what_it_must():
    for name, arguments, dollars in ANCHORS:
        assert given({"function": name, "arguments": arguments}) == [[pytest.approx(dollars, abs=0.005)]]
    for name, arguments, code in REFUSALS:
        assert given({"function": name, "arguments": arguments}) == [[ExcelError(code)]]


def wrong(table, answered, expected=lambda case, rows: rows):
    found = ((case, answered(case), expected(case, rows)) for case, rows in table)
    return [(case, answer, rows) for case, answer, rows in found if not same(rows, answer)]


# --- COM ---------------------------------------------------------------------------------------------------------


def over_com(value):
    if isinstance(value, list):
        return tuple(tuple(over_com(cell) for cell in row) for row in value)
    if isinstance(value, ExcelError):
        return ERROR_BASE + _NUMBERS[value.code]
    return None if value is EMPTY else OMITTED_TEXT if value is OMITTED else value


def back_from_com(cell):
    return ExcelError(cell.removeprefix(MARK)) if isinstance(cell, str) and cell.startswith(MARK) else cell


def test_com_gives_what_the_table_says(table):
    module = importlib.import_module("vidcost_xl.hosts.com")

    def answered(case):
        values = [over_com(here(value)) for value in case["arguments"]] or [OMITTED_TEXT]
        return [[back_from_com(cell) for cell in row] for row in getattr(module, case["function"])(*values)]

    assert wrong(table, answered) == []


# --- the embedded engine -----------------------------------------------------------------------------------------


def in_engine(case, width, height):
    """The case as a formula over cells, computed in a workbook of its own."""
    workbook = formualizer.Workbook(config=settings())
    reasons = bind(workbook)
    sheet, rows = workbook.sheet("Sheet1"), count(1)

    def cell(value, row, column):
        if isinstance(value, ExcelError):
            sheet.set_formula(row, column, _ERROR_FORMULAS[value.code])
        elif value is not EMPTY:
            sheet.set_value(row, column, value)

    def written(value):
        if value is OMITTED:
            return ""
        if value is EMPTY:
            return "Z1"
        if isinstance(value, list):
            first = last = next(rows)
            for at, line in enumerate(value):
                last = first if at == 0 else next(rows)
                for column, each in enumerate(line, start=1):
                    cell(each, last, column)
            return f"A{first}:{chr(64 + len(value[0]))}{last}"
        if isinstance(value, ExcelError):
            return value.code
        if isinstance(value, str):
            return '"' + value.replace('"', '""') + '"'
        return str(value).upper() if isinstance(value, bool) else repr(value)

    formula = f"={case['function']}({','.join(written(here(value)) for value in case['arguments'])})"
    top, left = 1001, 101
    sheet.set_formula(top, left, with_omitted_marked(formula))
    workbook.evaluate_all()
    found = [
        [from_engine(workbook.get_value("Sheet1", top + row, left + column), reasons) for column in range(width)]
        for row in range(height)
    ]
    beyond = workbook.get_value("Sheet1", top + height, left), workbook.get_value("Sheet1", top, left + width)
    assert beyond == (None, None), formula
    return as_rows(found)


def test_the_embedded_engine_gives_what_the_table_says(table):
    shapes = {id(case): (len(rows[0]), len(rows)) for case, rows in table}
    assert wrong(table, lambda case: in_engine(case, *shapes[id(case)])) == []


# --- xlwings Lite ------------------------------------------------------------------------------------------------


def over_javascript(value):
    """As that host hands it over: whole numbers without a point, one row flat, one cell alone, errors as mappings."""
    if isinstance(value, list):
        rows = [[over_javascript(cell) for cell in row] for row in value]
        return rows if len(rows) > 1 else rows[0] if len(rows[0]) > 1 else rows[0][0]
    if isinstance(value, ExcelError):
        return {"type": "Error", "basicType": "Error", "basicValue": value.code}
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return None if value in {EMPTY, OMITTED} else value


def where_gaps_are_blanks(case, rows):
    """What the case gives where nothing between the commas and a blank cell look alike: never an amount of its own."""
    spec = functions()[case["function"]]
    values = [here(value) for value in case["arguments"]]
    missing = [value in (EMPTY, OMITTED) for value in values]
    defaults = [isinstance(each.default, DefaultNumber) and each.refuses_blank for each in spec.parameters]
    if not all(missing) and any(gap and default for gap, default in zip(missing, defaults, strict=False)):
        return [[ExcelError("#VALUE!")]]
    if any(value is EMPTY for value in values):
        return as_rows(call(spec.name, [OMITTED if value is EMPTY else value for value in values]))
    return rows


def test_xlwings_lite_gives_what_the_table_says_but_for_gaps_that_look_like_blanks(table):
    def answered(case):
        found = lite.answer(case["function"], *(over_javascript(here(value)) for value in case["arguments"]))
        rows = found if isinstance(found, list) else [[found]]
        return [[ExcelError(cell) if cell in lite.ERRORS else cell for cell in row] for row in rows]

    assert wrong(table, answered, where_gaps_are_blanks) == []
    others = [case for case, rows in table if where_gaps_are_blanks(case, rows) != rows]
    assert len(others) < len(table) / 5  # all but these are the table's own
