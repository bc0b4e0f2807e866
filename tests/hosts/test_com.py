"""Through xlwings' real CallUDF: every case of the adapter table, and nothing lost on the way."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from datetime import datetime
from decimal import Decimal

import pytest

from vidcost_xl.errors import EXCEL_ERRORS, ExcelError
from vidcost_xl.functions.registry import functions
from vidcost_xl.functions.values import EMPTY, OMITTED
from vidcost_xl.hosts.com_server import COMMAND, log_to, main
from vidcost_xl.hosts.com_values import (
    AREAS_TEXT,
    BLANK_COLUMN_TEXT,
    ERROR_BASE,
    ERROR_NUMBERS,
    MARK,
    MISSING_CODE,
    OMITTED_TEXT,
    SHEET_ROWS,
    from_com,
    to_com,
)

MODULE = "vidcost_xl.hosts.com"
EGRESS_5PB = pytest.approx(236_716.84, abs=0.005)


@pytest.mark.parametrize(
    ("handed_over", "seen"),
    [
        (5.0, 5.0),
        (46_296.0, 46_296.0),
        ("5 PB", "5 PB"),
        ("", ""),
        (True, True),
        (None, EMPTY),
        (OMITTED_TEXT, OMITTED),
        (MISSING_CODE, OMITTED),
        (-2146826246, ExcelError("#N/A")),
        (-2146826281, ExcelError("#DIV/0!")),
        (ERROR_BASE + 2045, ExcelError("#SPILL!")),
        (ERROR_BASE + 2999, ExcelError("#VALUE!")),
        (7, 7.0),
        (0, 0.0),
        (Decimal("4.1235"), 4.1235),
        (datetime(2026, 10, 1), datetime(2026, 10, 1)),
        (((1.0, 2.0, None),), [[1.0, 2.0, EMPTY]]),
        (((1.0,), ("x",), (-2146826246,)), [[1.0], ["x"], [ExcelError("#N/A")]]),
        (((True, 2.0), (None, "x")), [[True, 2.0], [EMPTY, "x"]]),
        ((1.0, 2.0), [[1.0, 2.0]]),
        ([], [[]]),
    ],
)
def test_each_case_of_the_table_arrives_as_it_says(handed_over, seen):
    assert from_com(handed_over) == seen
    if not isinstance(seen, list):
        assert type(from_com(handed_over)) is type(seen)


def test_every_error_that_a_cell_can_show_goes_both_ways():
    assert set(ERROR_NUMBERS.values()) == set(EXCEL_ERRORS)
    for number, code in ERROR_NUMBERS.items():
        assert from_com(ERROR_BASE + number) == ExcelError(code)
        assert to_com(ExcelError(code, "why")) == [[MARK + code]]


def test_a_blank_column_and_several_areas_have_a_sign_of_their_own():
    blank = from_com(BLANK_COLUMN_TEXT)
    assert (len(blank), blank[0]) == (SHEET_ROWS, [EMPTY])
    assert from_com(AREAS_TEXT).code == "#VALUE!"
    assert from_com(MARK + "other") == MARK + "other"


@pytest.mark.parametrize(
    ("result", "sent"),
    [
        (1.5, [[1.5]]),
        ("x", [["x"]]),
        (True, [[True]]),
        (None, [[""]]),
        ([[1.0, ExcelError("#NUM!")], ["x", None]], [[1.0, "\x01#NUM!"], ["x", ""]]),
        ([], [[""]]),
        ("\x01#N/A", [["#N/A"]]),
        ("x" * 40_000, [["x" * 32_767]]),
    ],
)
def test_results_go_back_as_rows_that_com_can_carry(result, sent):
    assert to_com(result) == sent


@pytest.mark.parametrize("name", functions())
def test_a_clone_has_no_hints_and_only_plain_arguments_with_our_default(server, name):
    clone = getattr(importlib.import_module(MODULE), name)
    parameters = inspect.signature(clone).parameters.values()
    assert clone.__annotations__ == {}
    assert {parameter.kind for parameter in parameters} == {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    assert all(parameter.default is OMITTED for parameter in parameters)
    told = clone.__xlfunc__
    assert (told["name"], told["volatile"], told["async_mode"], told["call_in_wizard"]) == (name, False, None, True)
    assert told["ret"]["options"] == {"convert": "raw"}
    assert not {argument["name"] for argument in told["args"]} & {"caller"}


@pytest.mark.parametrize("name", functions())
def test_every_function_answers_through_calludf_without_arguments(server, name):
    answer = server.CallUDF(MODULE, name, (MISSING_CODE,))
    needed = any(parameter.is_required for parameter in functions()[name].parameters)
    assert (answer == "\x01#VALUE!") == needed


def test_scalars_rows_columns_and_errors_through_calludf(server):
    call = server.CallUDF
    assert call(MODULE, "VIDEO_EGRESS", (5.0, "PB")) == EGRESS_5PB
    assert call(MODULE, "VIDEO_EGRESS", (((5.0,), (None,), ("x",), (-2146826281,)), "PB")) == [
        [EGRESS_5PB],
        ["\x01#VALUE!"],
        ["\x01#VALUE!"],
        ["\x01#DIV/0!"],
    ]
    assert call(MODULE, "VIDEO_EGRESS", (((5.0, 5.0),), "PB")) == [EGRESS_5PB, EGRESS_5PB]
    assert call(MODULE, "VIDEO_EGRESS", (5.0, "PB", "aws.internett")) == "\x01#N/A"
    assert call(MODULE, "VIDEO_EGRESS", (5.0, "PB", MISSING_CODE, None, OMITTED_TEXT)) == EGRESS_5PB
    for missing in (MISSING_CODE, None, OMITTED_TEXT):
        assert call(MODULE, "VIDEO_EGRESS", (missing, "PB")) == "\x01#VALUE!"
    assert call(MODULE, "VIDEO_CONVERT", (4.123456789, "TB", "TB")) == 4.123456789


def test_omitted_behind_the_last_argument_is_not_too_many(server):
    assert isinstance(server.CallUDF(MODULE, "VIDEO_VERSION", (OMITTED_TEXT,)), str)
    assert server.CallUDF(MODULE, "VIDEO_VERSION", (OMITTED_TEXT,))[0] != MARK


def test_the_server_module_brings_no_heavy_library():
    code = (
        "import sys; sys.modules['pandas'] = None; import vidcost_xl.hosts.com;"
        "heavy = {'openpyxl', 'lxml', 'formualizer', 'pydantic', 'typer'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_module_loads_off_windows_with_plain_functions():
    module = importlib.import_module(MODULE)
    assert module.VIDEO_EGRESS(5.0, "PB") == [[EGRESS_5PB]]


def test_the_command_names_one_python_and_no_workbook():
    assert COMMAND.format(interpreter="P", log="L") == '"P" -I -B -m vidcost_xl.hosts.com_server $(CLSID) "L"'


def test_a_server_that_cannot_start_says_why_in_the_log(tmp_path, monkeypatch):
    import logging

    log = tmp_path / "vidcost.log"
    try:
        # Off Windows xlwings has no server.
        assert main(["{no-class}", str(log)]) == 1
        assert "the COM server stopped" in log.read_text(encoding="utf-8")
        log_to(tmp_path / "nowhere" / "vidcost.log")
    finally:
        for name in ("vidcost_xl", "xlwings"):
            logger = logging.getLogger(name)
            for handler in list(logger.handlers):
                handler.close()
                logger.removeHandler(handler)
            logger.setLevel(logging.NOTSET)
