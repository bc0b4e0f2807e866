"""How a sheet may call the functions: one table of cases for every host, and what each must give.

A case is plain data, so that it also goes to a process of another Python: numbers, texts and truth values as they are;
`{"omitted": True}` for nothing between the commas, `{"empty": True}` for a blank cell, `{"error": "#N/A"}`, and
`{"range": rows}`. What a case gives is what the function itself gives; `ANCHORS` are numbers of the README, too.
"""

from __future__ import annotations

import math
from typing import Any

from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.registry import functions
from vidcost_xl.functions.values import EMPTY, OMITTED

MONTHS = {"range": [[float(month)] for month in range(1, 37)]}
OMITTED_ARGUMENT = {"omitted": True}
EMPTY_CELL = {"empty": True}

#: What the functions without defaults need.
NEEDED = {"amount": 5.0, "from_unit": "PB", "to_unit": "TB"}

#: Values of arguments that a range of months needs beside it.
BESIDE = {"amount": {"unit": "PB"}, "prior": {"amount": 5.0, "unit": "PB"}}

#: Functions that compute for seconds on the defaults.
SLOW = {"VIDEO_MIX", "VIDEO_RISK", "VIDEO_COMPARE", "VIDEO_SENSITIVITY"}

#: Functions of an amount and its unit.
OF_AMOUNTS = (
    *("VIDEO_STORAGE", "VIDEO_EGRESS", "VIDEO_INGEST", "VIDEO_RETRIEVAL"),
    *("VIDEO_EXPERIMENT", "VIDEO_TRANSFERDAYS"),
)

#: Amounts with their units, right and wrong.
AMOUNTS = (
    [5.0, "PB"],
    [0.0, "PB"],
    ["5 PB", OMITTED_ARGUMENT],
    ["5 PB", EMPTY_CELL],
    ["5 PB", "PB"],
    [5.0, OMITTED_ARGUMENT],
    [OMITTED_ARGUMENT, "PB"],
    [EMPTY_CELL, "PB"],
    [-1.0, "PB"],
    [True, "PB"],
    ["5", "PB"],
    [5.0, "PX"],
    [5.0, {"error": "#REF!"}],
    [{"range": [[1.0, 2.0], [3.0, 4.0]]}, "PB"],
    [{"range": [[1.0, EMPTY_CELL, {"error": "#NUM!"}, "x", True]]}, "PB"],
    [{"range": [["5 PB"], ["100 TB"], [7.0]]}, OMITTED_ARGUMENT],
    [5.0, {"range": [["PB"], ["TB"]]}],
)

#: Arguments behind an amount and a unit, right and wrong, by name.
BEHIND = {
    "class": ["r2.standard", "aws.s3.standard@eu-central-1", "nowhere", EMPTY_CELL],
    "route": ["aws.nat", "b2.internet", "nowhere", 7.0],
    "region": ["eu-central-1", "Frankfurt", "nowhere"],
    "discount": [0.1, 10.0, "x", {"range": [[0.0], [EMPTY_CELL], [0.5]]}],
    "as_of": [46_296.0, "2026-10-06", 1.0],
    "rates": [{"range": [["meter", "rate"], ["aws.transfer.internet-out", 0.01]]}, {"range": [["x"], [1.0]]}],
    "prior": ["5 PB", 5.0, EMPTY_CELL],
}

#: Numbers of the README: function, arguments, dollars.
ANCHORS = (
    ("VIDEO_STORAGE", [5.0, "PB"], 98_352.07),
    ("VIDEO_STORAGE", [5.0, "PB", *[OMITTED_ARGUMENT] * 3, "5 PB"], 97_788.87),
    ("VIDEO_EGRESS", [], 236_716.84),
    ("VIDEO_EGRESS", [5.0, "PB"], 236_716.84),
    ("VIDEO_EGRESS", [5.0, "PB", "aws.cloudfront"], 130_838.36),
    ("VIDEO_EGRESS", [5.0, "PB", "aws.same-region"], 0.0),
    ("VIDEO_INGEST", [5.0, "PB", "aws.nat"], 209_547.58),
)

#: What is refused, whatever computes it: function, arguments, error.
REFUSALS = (
    ("VIDEO_EGRESS", [5_000.0], "#VALUE!"),
    ("VIDEO_EGRESS", [OMITTED_ARGUMENT, "PB"], "#VALUE!"),
    ("VIDEO_STORAGE", [EMPTY_CELL, "PB"], "#VALUE!"),
    ("VIDEO_RATE", [OMITTED_ARGUMENT, OMITTED_ARGUMENT, "PB"], "#VALUE!"),
    ("VIDEO_EGRESS", [-1.0, "PB"], "#NUM!"),
    ("VIDEO_EGRESS", [5.0, "PB", "aws.nowhere"], "#N/A"),
    ("VIDEO_EGRESS", [{"error": "#DIV/0!"}, "PB"], "#DIV/0!"),
    ("VIDEO_TRANSFERDAYS", [5.0, "PB", 0.0], "#NUM!"),
)

SHOWN = [
    {"function": "VIDEO_EGRESS", "arguments": []},
    {"function": "VIDEO_EGRESS", "arguments": [MONTHS, "PB"]},
    {"function": "VIDEO_EGRESS", "arguments": [5.0, "PB", "aws.nowhere"]},
    {"function": "VIDEO_EGRESS", "arguments": [{"error": "#DIV/0!"}, "PB"]},
]


def arguments_of(spec: Any, **stated: Any) -> list[Any]:
    return [stated.get(parameter.name, OMITTED_ARGUMENT) for parameter in spec.parameters]


def cases_of(spec: Any) -> Any:
    """How a sheet may call any function; the first four are its defaults or compute on them."""
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


def _of_amounts() -> Any:
    for name in OF_AMOUNTS:
        spec = functions()[name]
        yield from ({"function": name, "arguments": amount} for amount in AMOUNTS)
        for parameter in spec.parameters:
            for value in BEHIND.get(parameter.name, []):
                stated = {"amount": 5.0, "unit": "PB", parameter.name: value}
                yield {"function": name, "arguments": arguments_of(spec, **stated)}


_OF_ALL = [
    {"function": name, "arguments": case, "is_slow": name in SLOW and at < 4}
    for name, spec in functions().items()
    for at, case in enumerate(cases_of(spec))
]
#: Every case, and those of every run.
CASES = [
    *({"function": case["function"], "arguments": case["arguments"]} for case in _OF_ALL),
    *_of_amounts(),
    *({"function": name, "arguments": arguments} for name, arguments, _ in (*ANCHORS, *REFUSALS)),
]
QUICK = [case for case, told in zip(CASES, [*_OF_ALL, *[{}] * len(CASES)], strict=False) if not told.get("is_slow")]


def here(value: Any) -> Any:
    """An argument of a case as this process hands it to a function."""
    if not isinstance(value, dict):
        return value
    if "range" in value:
        return [[here(cell) for cell in row] for row in value["range"]]
    return OMITTED if "omitted" in value else EMPTY if "empty" in value else ExcelError(value["error"])


def given(case: Any) -> list[list[Any]]:
    """What a case gives, as rows: numbers, texts and truth values, and errors by their code alone."""
    result = call(case["function"], [here(value) for value in case["arguments"]])
    assert not (isinstance(result, ExcelError) and "failed inside" in result.message), (case, result)
    return as_rows(result)


def as_rows(result: Any) -> list[list[Any]]:
    rows = result if isinstance(result, list) else [[result]]
    return [[ExcelError(cell.code) if isinstance(cell, ExcelError) else plain(cell) for cell in row] for row in rows]


def plain(cell: Any) -> Any:
    return "" if cell is None else cell


def same(left: Any, right: Any) -> bool:
    """Whether two results are the same: shape, kinds, texts and errors, and numbers but for their last bits."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, (int, float)) and not isinstance(right, bool):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-6)
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)
