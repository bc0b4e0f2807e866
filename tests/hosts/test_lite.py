"""xlwings Lite: every case of its table, and no amount that nobody wrote."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import EXCEL_ERRORS, ExcelError
from vidcost_xl.functions.registry import functions
from vidcost_xl.functions.values import EMPTY, OMITTED
from vidcost_xl.hosts.lite import ERRORS, answer, from_lite, result, to_lite

EGRESS_5PB = pytest.approx(236_716.84, abs=0.005)


class JsNull:
    """What Pyodide hands over for JavaScript's null: an object of its own, told by the name of its class."""


def error(code):
    return {"type": "Error", "errorType": "Any", "basicType": "Error", "basicValue": code}


@pytest.mark.parametrize(
    ("handed_over", "seen"),
    [
        (5, 5.0),
        (5.5, 5.5),
        ("5 PB", "5 PB"),
        (True, True),
        ("", EMPTY),
        (None, OMITTED),
        (JsNull(), OMITTED),
        (error("#N/A"), ExcelError("#N/A")),
        (error("#BUSY!"), ExcelError("#VALUE!")),
        ({"type": "FormattedNumber", "basicValue": 46_296, "numberFormat": "yyyy"}, 46_296.0),
        ({"type": "Entity", "basicType": "Error", "basicValue": "#VALUE!", "text": "x"}, ExcelError("#VALUE!")),
        (
            [[1, None], [JsNull(), ""], [error("#DIV/0!"), "x"]],
            [[1.0, EMPTY], [EMPTY, EMPTY], [ExcelError("#DIV/0!"), "x"]],
        ),
        ([1, None, True], [[1.0, EMPTY, True]]),
        ([[1], [2]], [[1.0], [2.0]]),
        ([], [[]]),
    ],
)
def test_each_case_of_the_table_arrives_as_it_says(handed_over, seen):
    assert from_lite(handed_over) == seen
    if not isinstance(seen, list):
        assert type(from_lite(handed_over)) is type(seen)


def test_a_value_of_another_kind_is_an_error_and_no_number():
    assert from_lite(object()).code == from_lite([[object()]])[0][0].code == "#VALUE!"
    assert from_lite({"type": "Matrix", "basicValue": {"a": 1}}).code == "#VALUE!"


def test_an_error_goes_out_as_one_that_the_host_makes_an_error_of():
    assert {to_lite(ExcelError(code)) for code in EXCEL_ERRORS} == ERRORS
    assert to_lite([[ExcelError("#SPILL!"), ExcelError("#N/A"), None, "x" * 40_000]]) == [
        ["#VALUE!", "#N/A", "", "x" * 32_767]
    ]
    assert to_lite([]) == [[""]]


@pytest.mark.parametrize("nothing", [None, JsNull(), ""])
@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("VIDEO_EGRESS", ["PB"]),
        ("VIDEO_EGRESS", [None, "b2.internet"]),
        ("VIDEO_STORAGE", ["PB", "r2.standard"]),
        ("VIDEO_STORAGE", [None, None, 12]),
        ("VIDEO_REQUESTS", ["get", "r2.standard"]),
        ("VIDEO_TRANSFERDAYS", [None, 10]),
        ("VIDEO_EXPERIMENT", [None, 3]),
    ],
)
def test_an_amount_or_count_missing_beside_anything_is_an_error_and_not_its_default(name, rest, nothing):
    found = result(name, [nothing, *rest])
    assert found.code == "#VALUE!"
    assert "missing" in found.message or "points at an empty cell" in found.message
    assert result("VIDEO_EXPLAIN", [name, nothing, *rest]) == found or nothing == ""


def test_a_unit_without_the_amount_of_a_blended_price_is_an_error_too():
    assert answer("VIDEO_RATE", "aws.s3.standard.storage", None, "PB") == "#VALUE!"
    assert answer("VIDEO_RATE", "aws.s3.standard.storage") == 0.023


def test_with_nothing_written_the_defaults_answer():
    assert answer("VIDEO_EGRESS") == answer("VIDEO_EGRESS", None, JsNull()) == EGRESS_5PB
    assert answer("VIDEO_EXPLAIN", "VIDEO_EGRESS")[0][0] == "step"


def test_a_gap_behind_the_amount_is_its_default():
    assert answer("VIDEO_EGRESS", 5, "PB", None, JsNull(), "", 0) == EGRESS_5PB
    assert answer("VIDEO_EGRESS", "5 PB", None, "aws.internet") == EGRESS_5PB
    assert answer("VIDEO_TOTAL", None, "store") == pytest.approx(196_140.94, abs=0.005)


def test_ranges_keep_their_shape_and_their_errors():
    assert answer("VIDEO_EGRESS", [[5], [None], [error("#DIV/0!")]], "PB") == [[EGRESS_5PB], ["#VALUE!"], ["#DIV/0!"]]
    assert answer("VIDEO_EGRESS", [5, 5], "PB") == [[EGRESS_5PB, EGRESS_5PB]]


def test_a_place_that_no_list_names_reaches_the_function():
    assert isinstance(answer("VIDEO_STORAGE", 5, "PB", "aws.s3.standard@eu-west-1"), float)
    assert answer("VIDEO_STORAGE", 5, "PB", "nowhere") == "#N/A"


def test_arguments_too_many_and_functions_unknown_are_errors():
    assert answer("VIDEO_EGRESS", *[1] * 12) == answer("VIDEO_NOTHING", 1) == "#VALUE!"
    assert all(name.startswith("VIDEO_") for name in functions())
