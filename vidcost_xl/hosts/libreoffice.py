"""The registry bound to LibreOffice: a process that its add-in asks over a pipe, one line of JSON a call.

What Calc hands an add-in, and what a function sees:

| In the sheet | Calc hands over | A function sees |
|---|---|---|
| number, date, TRUE, FALSE | float | float |
| text | str | str |
| row, column, block, `{0}` | rows | list of rows |
| blank cell of a range | "" | `EMPTY` |
| nothing between the commas | None | `OMITTED` |
| reference to one blank cell | 0.0 | see below |
| error | nothing: Calc gives the error itself | |

A blank cell and 0 look alike, and a blank cell is no amount. So 0 standing alone is #VALUE! where a blank cell must not
pass, or where it would mean a default other than 0; `{0}` and a text such as "0 PB" are 0.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

if __name__ == "__main__":  # started by its path, in a Python that looks nowhere else
    sys.path.insert(0, str(Path(__file__).parents[2]))

from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.functions.adapter import Cell, Result
from vidcost_xl.functions.registry import function_spec
from vidcost_xl.functions.remembered import call_remembered
from vidcost_xl.functions.values import EMPTY, OMITTED, DefaultNumber
from vidcost_xl.hosts.com_values import LONGEST_TEXT


def serve(asked: TextIO, answers: TextIO) -> None:
    """Answer every line of `asked` until it ends."""
    for line in asked:
        call = json.loads(line)
        answers.write(json.dumps({"rows": to_calc(result(call["function"], call["arguments"]))}) + "\n")
        answers.flush()


def result(name: str, values: Sequence[Any]) -> Result:
    """What a function gives for what Calc hands over."""
    arguments = [from_calc(value) for value in values]
    while arguments and arguments[-1] is OMITTED:
        arguments.pop()
    doubtful = _doubtful(name, arguments)
    return ExcelError("#VALUE!", doubtful) if doubtful else call_remembered(name, arguments)


def from_calc(value: Any) -> object:
    """An argument of a call as our functions take it.

    Examples
    --------
    >>> from_calc([[1, ""], ["x", None]])
    [[1.0, EMPTY], ['x', EMPTY]]
    """
    if value is None:
        return OMITTED
    if isinstance(value, list):
        return [[_cell(cell) for cell in row] for row in value]
    return value if isinstance(value, str) else _cell(value)


def to_calc(found: Result) -> list[list[Any]]:
    """A result as rows for JSON.

    Examples
    --------
    >>> to_calc([[1.0, ExcelError("#N/A")], [None, "x"]])
    [[1.0, {'error': '#N/A'}], ['', 'x']]
    """
    rows = found if isinstance(found, list) else [[found]]
    return [[_sent(cell) for cell in row] for row in rows] or [[""]]


def _doubtful(name: str, arguments: Sequence[object]) -> str:
    # Why a 0 may be a blank cell that must not pass for 0; nothing where it may.
    if name == "VIDEO_EXPLAIN" and arguments and isinstance(arguments[0], str):
        name, arguments = arguments[0], arguments[1:]
    try:
        parameters = function_spec(name).parameters
    except BadArgumentError:
        return ""  # the function says so itself
    for parameter, value in zip(parameters, arguments, strict=False):
        default = parameter.default
        means_more = isinstance(default, DefaultNumber) and float(default) != 0
        if isinstance(value, float) and value == 0 and (parameter.refuses_blank or means_more):
            return f"{parameter.name} is 0 or an empty cell, and LibreOffice does not say which: write {{0}} for 0."
    return ""


def _cell(value: Any) -> object:
    if value is None or value == "":
        return EMPTY
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, float)):
        return float(value)
    return ExcelError("#VALUE!", "this kind of value cannot be used here.")


def _sent(cell: Cell) -> Any:
    if isinstance(cell, ExcelError):
        return {"error": cell.code}
    if cell is None:
        return ""
    return cell[:LONGEST_TEXT] if isinstance(cell, str) else cell


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    serve(sys.stdin, sys.stdout)
