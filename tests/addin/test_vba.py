"""The VBA that ships, executed: from a cell's call through xlwings' server and back, for every function."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.registry import functions
from vidcost_xl.functions.values import EMPTY, OMITTED, Absent

EGRESS_5PB = pytest.approx(236_716.84, abs=0.005)
MISSING = object()

#: One good call of each function beyond the one without arguments.
GOOD = {
    "VIDEO_DATASET": [1e9, 5.0, "TB"],
    "VIDEO_CLIPSIZE": [5.0, 8.0, "MB"],
    "VIDEO_LATENT": ["wan2.1", 1280.0, 720.0, 81.0],
    "VIDEO_TEXTFEATURE": ["umt5-xxl"],
    "VIDEO_TOKENS": ["wan2.1", 1280.0, 720.0],
    "VIDEO_CONVERT": [1.0, "TiB", "GiB"],
    "VIDEO_TRANSFERDAYS": [5.0, "PB", 100.0],
    "VIDEO_STORAGE": [5.0, "PB", OMITTED, 2.0],
    "VIDEO_EGRESS": [5.0, "PB", "aws.internet"],
    "VIDEO_INGEST": [5.0, "PB", "aws.nat"],
    "VIDEO_REQUESTS": [1e9, "put"],
    "VIDEO_RETRIEVAL": [5.0, "PB", "aws.s3.glacier-instant"],
    "VIDEO_EXPERIMENT": [5.0, "PB", 2.0],
    "VIDEO_RATE": ["aws.s3.standard.storage", 5.0, "PB"],
    "VIDEO_INPUTS": ["article"],
    "VIDEO_TOTAL": [OMITTED, "monthly"],
    "VIDEO_FORECAST": [OMITTED, "stage"],
    "VIDEO_SOURCE": ["aws.s3.standard.storage"],
    "VIDEO_LIST": ["unit"],
    "VIDEO_EXPLAIN": ["VIDEO_EGRESS", 5.0, "PB"],
}
FUNCTIONS = list(functions())


def shown(result):
    """What a cell shows of a direct call: values and error codes, without reasons."""
    if isinstance(result, list):
        return [[shown(cell) for cell in row] for row in result]
    return ExcelError(result.code) if isinstance(result, ExcelError) else result


def from_cells(excel, name, arguments):
    from pyopenvba.interpreter import MISSING as NOTHING

    special = {OMITTED: NOTHING, EMPTY: None}
    return excel.call(name, *(special[value] if isinstance(value, Absent) else value for value in arguments))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_without_arguments_answers_as_in_python(excel, name):
    assert excel.call(name) == shown(call(name, []))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_with_arguments_answers_as_in_python(excel, name):
    arguments = GOOD.get(name, [])
    assert from_cells(excel, name, arguments) == shown(call(name, arguments))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_error_cell_an_empty_cell_and_a_gap_answer_as_in_python(excel, name):
    count = len(functions()[name].parameters)
    for value in (ExcelError("#DIV/0!"), EMPTY, OMITTED, True, "x"):
        for position in range(min(count, 3)):
            arguments = [*([OMITTED] * position), value]
            assert from_cells(excel, name, arguments) == shown(call(name, arguments)), (value, position)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_range_answers_as_in_python(excel, name):
    parameters = functions()[name].parameters
    excel.fill({"A1": 5.0, "A2": ExcelError("#N/A"), "A4": "x", "B1": 5.0, "B4": 7.0})
    rows = [[5.0, 5.0], [ExcelError("#N/A"), EMPTY], [EMPTY, EMPTY], ["x", 7.0]]
    column = [[row[0]] for row in rows]
    unit = ["PB"] if len(parameters) > 1 and parameters[1].name == "unit" else []
    if parameters:
        assert excel.call(name, "=A1:A4", *unit) == shown(call(name, [column, *unit]))
        assert excel.call(name, "=A1:B4", *unit) == shown(call(name, [rows, *unit]))
        assert excel.call(name, "=B1", *unit) == shown(call(name, [5.0, *unit]))


def test_a_column_spills_down_and_a_row_across_with_errors_in_their_cells(excel):
    excel.fill({"A1": 5.0, "A2": "five", "B1": ExcelError("#REF!")})
    assert excel.call("VIDEO_EGRESS", "=A1:A2", "PB") == [[EGRESS_5PB], [ExcelError("#VALUE!")]]
    assert excel.call("VIDEO_EGRESS", "=A1:B1", "PB") == [[EGRESS_5PB, ExcelError("#REF!")]]


def test_the_last_arguments_of_the_longest_function_arrive(excel):
    assert len(functions()["VIDEO_EXPERIMENT"].parameters) == 12
    arguments = [5.0, "PB", *([OMITTED] * 7), OMITTED, "2020-01-01"]
    assert from_cells(excel, "VIDEO_EXPERIMENT", arguments) == ExcelError("#N/A")
    # 10 PB read of which three times the 2 PB stored are free: 4e6 GB at 0.01.
    stored = [2.0, "PB", 10.0, 0.5, "b2.internet", *([OMITTED] * 6), 2.0]
    assert from_cells(excel, "VIDEO_EXPERIMENT", stored) == pytest.approx(40_000)
    assert from_cells(excel, "VIDEO_EXPLAIN", ["VIDEO_EXPERIMENT", *stored])[-1][1] == pytest.approx(40_000)


def test_every_error_code_becomes_an_error_of_excel(excel):
    from pyopenvba.interpreter import VBAErrorValue

    from vidcost_xl.hosts.com_values import ERROR_NUMBERS

    for number, code in ERROR_NUMBERS.items():
        found = excel.application.interpreter.run("ShownCell", ["\x01" + code])
        assert found == VBAErrorValue(number)


def test_python_is_started_once_by_a_command_without_workbooks(excel):
    for _ in range(3):
        excel.call("VIDEO_EGRESS")
    excel.call("VIDEO_STORAGE")
    commands = {command for command, mode in excel.commands}
    assert commands == {'"C:\\v\\pythonw.exe" -I -B -m vidcost_xl.hosts.com_server $(CLSID) "C:\\v\\vidcost.log" 1'}
    assert excel.loads == 1


def test_stopping_python_reads_the_configuration_again_and_starts_under_another_command(excel):
    excel.call("VIDEO_EGRESS")
    excel.conf = excel.conf.replace("C:\\v\\pythonw", "C:\\w\\pythonw")
    excel.application.interpreter.run("KillPy", [])
    assert excel.call("VIDEO_EGRESS") == EGRESS_5PB
    assert [mode for _, mode in excel.commands] == [1, -1, 1]
    assert excel.commands[0][0] == excel.commands[1][0]
    assert excel.commands[2][0].startswith('"C:\\w\\pythonw.exe"')
    assert excel.commands[2][0].endswith(" 2")


def test_the_configuration_forgives_spaces_case_comments_and_other_lines(make_excel):
    conf = "# comment=1\n\n Interpreter = C:\\a b\\pythonw.exe \nother=x=y\n"
    conf += "DLL=C:\\v\\xlwings64-0.37.8.dll\nlog=C:\\l=1.log\n"
    excel = make_excel(conf=conf)
    assert excel.call("VIDEO_EGRESS") == EGRESS_5PB
    assert excel.commands[0][0].startswith('"C:\\a b\\pythonw.exe" -I')
    assert '"C:\\l=1.log"' in excel.commands[0][0]


@pytest.mark.parametrize(
    ("conf", "broken", "reason"),
    [
        ("", "", "has no line dll="),
        ("dll=C:\\v\\xlwings64-0.37.8.dll\n", "", "has no line interpreter="),
        ("dll=C:\\v\\xlwings64-0.36.0.dll\ninterpreter=x\nlog=y\n", "", "needs xlwings64-0.37.8.dll"),
        (None, "dll", "could not load"),
        (None, "python", "Python process exited"),
    ],
)
def test_what_keeps_python_from_starting_is_an_error_in_cells_and_said_by_explain(make_excel, conf, broken, reason):
    excel = make_excel() if conf is None else make_excel(conf=conf)
    excel.broken = broken
    assert excel.call("VIDEO_EGRESS") == ExcelError("#VALUE!")
    assert reason in excel.call("VIDEO_EXPLAIN", "VIDEO_EGRESS")
    assert reason in excel.call("VideoProblem")


def test_while_python_does_not_start_only_the_first_cell_tries(excel):
    excel.broken = "python"
    for _ in range(5):
        excel.call("VIDEO_EGRESS")
    assert len(excel.commands) == 1
    excel.broken = ""
    excel.application.interpreter.run("KillPy", [])
    assert excel.call("VIDEO_EGRESS") == EGRESS_5PB


def test_vba_reads_the_configuration_as_the_installer_writes_it(make_excel):
    from vidcost_xl.addin.config import Configuration

    python, dll = "C:\\Nutzer\\Jörg B\\pythonw.exe", "C:\\n\\xlwings64-0.37.8.dll"
    written = Configuration(python, dll, "C:\\n\\v.log", {"note": "a=b"})
    excel = make_excel(conf=written.text)
    assert excel.call("VIDEO_EGRESS") == EGRESS_5PB
    assert excel.commands[0][0].startswith('"C:\\Nutzer\\Jörg B\\pythonw.exe" -I')
    assert excel.commands[0][0].endswith('"C:\\n\\v.log" 1')
