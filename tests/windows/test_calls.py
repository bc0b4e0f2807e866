"""Every function through the xlwings DLL and a COM server in a real Windows Python, as VBA calls it."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import pytest

from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.registry import functions
from vidcost_xl.functions.values import EMPTY, OMITTED
from vidcost_xl.hosts.com_values import MARK, to_com

MONTHS = {"range": [[float(month)] for month in range(1, 37)]}
OMITTED_ARGUMENT = {"omitted": True}
EMPTY_CELL = {"empty": True}

#: What the functions without defaults need.
NEEDED = {"amount": 5.0, "from_unit": "PB", "to_unit": "TB"}

#: Values of arguments that a range of months needs beside it.
BESIDE = {"amount": {"unit": "PB"}, "prior": {"amount": 5.0, "unit": "PB"}}


def arguments_of(spec, **stated):
    return [stated.get(parameter.name, OMITTED_ARGUMENT) for parameter in spec.parameters]


def cases_of(spec):
    """How a sheet may call a function."""
    needed = {p.name: NEEDED.get(p.name, "x") for p in spec.parameters if p.is_required}
    yield []
    yield arguments_of(spec)
    yield arguments_of(spec, **needed)
    yield [EMPTY_CELL for _ in spec.parameters]
    if not spec.parameters:
        return
    first = spec.parameters[0].name
    yield arguments_of(spec, **{**needed, first: {"error": "#N/A"}})
    yield arguments_of(spec, **{**needed, first: "nothing of the kind"})
    yield arguments_of(spec, **{**needed, first: {"range": [["key", "value"], ["x", EMPTY_CELL]]}})
    yield arguments_of(spec, **{**needed, first: {"range": [[{"error": "#DIV/0!"}, EMPTY_CELL, 1.0]]}})
    for parameter in spec.parameters:
        if parameter.kind == "cells" and parameter.name != "as_of":
            beside = BESIDE.get(parameter.name, {})
            yield arguments_of(spec, **{**needed, **beside, parameter.name: MONTHS})


CASES = [{"function": name, "arguments": case} for name, spec in functions().items() for case in cases_of(spec)]
SHOWN = [
    {"function": "VIDEO_EGRESS", "arguments": []},
    {"function": "VIDEO_EGRESS", "arguments": [MONTHS, "PB"]},
    {"function": "VIDEO_EGRESS", "arguments": [5.0, "PB", "aws.nowhere"]},
    {"function": "VIDEO_EGRESS", "arguments": [{"error": "#DIV/0!"}, "PB"]},
]


def here(value):
    """An argument of a case as this process hands it to a function."""
    if not isinstance(value, dict):
        return value
    if "range" in value:
        return [[here(cell) for cell in row] for row in value["range"]]
    return OMITTED if "omitted" in value else EMPTY if "empty" in value else ExcelError(value["error"])


def expected(case):
    """The result that COM carries, as xlwings flattens it."""
    rows = to_com(call(case["function"], [here(value) for value in case["arguments"]]))
    row = rows[0] if len(rows) == 1 else rows
    return row[0] if len(row) == 1 and len(rows) == 1 else row


def same(left, right):
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, (int, float)) and not isinstance(right, bool):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-6)
    return left == right and isinstance(left, bool) == isinstance(right, bool)


@pytest.fixture(scope="module")
def answers(installed, tmp_path_factory):
    folder = tmp_path_factory.mktemp("calls")
    cases = folder / "cases.json"
    cases.write_text(json.dumps([*SHOWN, *CASES]), encoding="utf-8")
    return installed.client("calls", cases, folder)


def test_every_function_answers_through_the_dll_as_it_does_here(answers):
    wrong = [
        (case, answer, expected(case))
        for case, answer in zip([*SHOWN, *CASES], answers, strict=True)
        if "value" not in answer or not same(expected(case), answer["value"])
    ]
    assert {case["function"] for case in CASES} == set(functions())
    assert wrong == []
    print(f"\n{len(CASES)} calls of {len(functions())} functions through xlwings' DLL: all as here")


def test_the_values_of_the_log(answers):
    egress, spill, missing, passed = (answer["value"] for answer in answers[: len(SHOWN)])
    print(f"\n=VIDEO_EGRESS() -> {egress:,.2f}")
    print(f'=VIDEO_EGRESS(A1:A36,"PB"), A1:A36 = 1 to 36 -> {len(spill)} rows x {len(spill[0])}:')
    print("  " + " ".join(f"{row[0]:,.2f}" for row in spill))
    print(f'=VIDEO_EGRESS(5,"PB","aws.nowhere") -> {missing.removeprefix(MARK)}')
    print(f'=VIDEO_EGRESS(#DIV/0!,"PB") -> {passed.removeprefix(MARK)}')
    assert f"{egress:,.2f}" == "236,716.84"
    assert len(spill) == 36
    assert all(later[0] > earlier[0] for earlier, later in pairwise(spill))
    assert (missing, passed) == (f"{MARK}#N/A", f"{MARK}#DIV/0!")
