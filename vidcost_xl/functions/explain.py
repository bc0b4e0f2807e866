"""VIDEO_EXPLAIN: every step behind a number, or the reason there is none."""

from __future__ import annotations

from typing import Any, Final

from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.arguments import read_text
from vidcost_xl.functions.registry import FunctionSpec, excel_function, function_spec
from vidcost_xl.functions.values import EMPTY, OMITTED, Call, default_text

Table = list[list[Any]]

#: Arguments of another function that VIDEO_EXPLAIN takes: as many as the longest has, and two to come.
MOST_ARGUMENTS: Final = 14

_ARGUMENTS = [f"a{position}" for position in range(1, MOST_ARGUMENTS + 1)]


@excel_function(
    "Audit",
    "Every step behind a function's result, with prices, tiers and sources, or why it fails. Spills a table.",
    helps={
        "function": 'The function, such as "VIDEO_EGRESS".',
        **{name: f"Argument {name[1:]} of that function, exactly as in its own cell." for name in _ARGUMENTS},
    },
    kinds=dict.fromkeys(_ARGUMENTS, "raw"),
)
def VIDEO_EXPLAIN(
    function: object = default_text("VIDEO_EGRESS"),
    a1: object = OMITTED,
    a2: object = OMITTED,
    a3: object = OMITTED,
    a4: object = OMITTED,
    a5: object = OMITTED,
    a6: object = OMITTED,
    a7: object = OMITTED,
    a8: object = OMITTED,
    a9: object = OMITTED,
    a10: object = OMITTED,
    a11: object = OMITTED,
    a12: object = OMITTED,
    a13: object = OMITTED,
    a14: object = OMITTED,
) -> Table:
    """Explain one call, step by step.

    Parameters
    ----------
    function : str
        Name of the function.
    a1, ..., a14
        Its arguments, as in its own cell.

    Returns
    -------
    list of rows
        A header (step, value, unit, note), then the arguments, the steps, and the result. For
        ranges the steps are those of the first cell. When the call fails, the reason comes
        instead of the steps; this function itself does not fail then.

    Examples
    --------
    >>> VIDEO_EXPLAIN("VIDEO_EGRESS", 5000.0)[-1][0]
    'reason'
    """
    spec = function_spec(read_text(function, "function"))
    values = [a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14]
    while values and values[-1] is OMITTED:
        values.pop()
    context = Call(steps=[])
    result = call(spec.name, values, context)
    rows: Table = [["step", "value", "unit", "note"]]
    rows += [_argument(spec, position, value) for position, value in enumerate(values)]
    if isinstance(result, ExcelError):
        return [*rows, ["result", result, "", ""], ["reason", result.message, "", ""]]
    rows += [[step.label, step.value, step.unit, step.note] for step in context.steps or ()]
    if isinstance(result, list):
        first = next((cell for row in result for cell in row if isinstance(cell, ExcelError)), None)
        rows.append(["result", result[0][0], "", f"{len(result)} x {len(result[0])} cells; the first is explained"])
        if first is not None:
            rows.append(["reason", first.message, "", f"of the first {first.code} among them"])
        return rows
    return [*rows, ["result", result, "", ""]]


def _argument(spec: FunctionSpec, position: int, value: object) -> list[Any]:
    if position >= len(spec.parameters):
        return [f"argument {position + 1}", _shown(value), "", f"{spec.name} takes only {len(spec.parameters)}"]
    parameter = spec.parameters[position]
    if value is OMITTED:
        default = parameter.default if isinstance(parameter.default, (str, float)) else ""
        return [parameter.name, default, "", "default"]
    return [parameter.name, _shown(value), "", "as written"]


def _shown(value: object) -> object:
    if value is None or value is EMPTY:
        return "(empty cell)"
    if isinstance(value, list):
        columns = len(value[0]) if value and isinstance(value[0], list) else 1
        return f"range of {len(value)} x {columns}"
    return value
