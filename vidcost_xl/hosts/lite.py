"""The registry bound to xlwings Lite: Python inside Excel on the web, the Mac and Windows, with nothing installed.

The `main.py` that `vidcost lite` writes names every argument "raw", so values come as Excel's JavaScript hands them
over:

| In the sheet | The host hands over | A function sees |
|---|---|---|
| number, date, currency | int or float, or a value with its format | float |
| text | str | str |
| TRUE, FALSE | bool | bool |
| error cell | a mapping of type "Error" | `ExcelError`; unknown ones are #VALUE! |
| one cell | the value itself | the value itself |
| column, block | list of row lists | list of rows |
| one row | flat list | one row |
| blank cell of a range | None, or JavaScript's null, or "" | `EMPTY` |
| nothing between the commas | None, or JavaScript's null | `OMITTED` |
| reference to one blank cell | the same, or "" | `OMITTED`, or `EMPTY` |

The last two look alike, and a blank cell is no amount. So an amount or a count that is missing beside anything else is
#VALUE! here, where other hosts know that it was left out on purpose; with nothing written at all the defaults answer.

Results go back as rows or one value. An error is its text, of which the host makes the error for those in `ERRORS`.
None of this was seen in real Excel; it is what xlwings' code and Excel's documentation say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from vidcost_xl.errors import EXCEL_ERRORS, BadArgumentError, ExcelError
from vidcost_xl.functions.adapter import Cell, Result
from vidcost_xl.functions.registry import function_spec
from vidcost_xl.functions.remembered import call_remembered
from vidcost_xl.functions.values import EMPTY, OMITTED, DefaultNumber, is_stated
from vidcost_xl.hosts.com_values import LONGEST_TEXT

#: The errors that the host turns from texts into errors; others would stay texts, which SUM skips.
ERRORS: Final = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})

#: The function whose arguments, from the second on, are another function's.
_EXPLAIN: Final = "VIDEO_EXPLAIN"


def answer(name: str, *values: Any) -> Any:
    """Call a function with what the host hands over.

    Returns
    -------
    float, str, bool, or list of rows of them
        As the host takes it.

    Examples
    --------
    >>> answer("VIDEO_CONVERT", 1, "TiB", "GiB")
    1024.0
    >>> answer("VIDEO_EGRESS", None, "PB")
    '#VALUE!'
    """
    return to_lite(result(name, values))


def result(name: str, values: Sequence[Any]) -> Result:
    """The same before it is made into what the host takes, with the reasons of errors."""
    arguments = [from_lite(value) for value in values]
    while arguments and arguments[-1] is OMITTED:
        arguments.pop()
    missing = _missing(name, arguments)
    if missing:
        return ExcelError("#VALUE!", missing)
    return call_remembered(name, arguments)


def from_lite(value: Any) -> object:
    """An argument of a call as our functions take it.

    Examples
    --------
    >>> from_lite([[1, None], [{"type": "Error", "basicValue": "#N/A"}, "x"]])
    [[1.0, EMPTY], [ExcelError(code='#N/A', message=''), 'x']]
    >>> from_lite(None)
    OMITTED
    """
    if _is_null(value):
        return OMITTED
    if isinstance(value, (list, tuple)):
        rows = value if value and isinstance(value[0], (list, tuple)) else (value,)
        return [[_cell(cell) for cell in row] for row in rows]
    return _cell(value)


def to_lite(found: Result) -> Any:
    """A result as the host takes it.

    Examples
    --------
    >>> to_lite([[1.0, ExcelError("#CALC!")], [None, "x"]])
    [[1.0, '#VALUE!'], ['', 'x']]
    """
    if isinstance(found, list):
        return [[_sent(cell) for cell in row] for row in found] or [[""]]
    return _sent(found)


def _missing(name: str, arguments: Sequence[object]) -> str:
    # Why an amount that is not there must not become its default; nothing where it may.
    if name == _EXPLAIN and arguments and isinstance(arguments[0], str):
        name, arguments = arguments[0], arguments[1:]
    try:
        parameters = function_spec(name).parameters
    except BadArgumentError:
        return ""  # the function says so itself
    if not any(is_stated(value) for value in arguments):
        return ""
    for at, parameter in enumerate(parameters):
        given = arguments[at] if at < len(arguments) else OMITTED
        if parameter.refuses_blank and isinstance(parameter.default, DefaultNumber) and given is OMITTED:
            return (
                f"{parameter.name} is missing. Excel does not say here whether it was left out or is an empty cell: "
                "write it, or leave out all arguments for the default."
            )
    return ""


def _cell(value: Any) -> object:
    if _is_null(value) or value == "":
        return EMPTY
    if isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, Mapping):
        return _of_data_type(value)
    return ExcelError("#VALUE!", f"a {type(value).__name__} cannot be used here.")


def _of_data_type(value: Mapping[str, Any]) -> object:
    # A value with more than itself: a format, a picture, a card. `basicValue` is what older formulas see.
    basic = value.get("basicValue")
    if "Error" in {value.get("type"), value.get("basicType")}:
        # An error that this release does not know is still an error.
        return ExcelError(basic if basic in EXCEL_ERRORS else "#VALUE!")
    return ExcelError("#VALUE!") if isinstance(basic, Mapping) else _cell(basic)


def _is_null(value: object) -> bool:
    # Newer versions of Python in a browser have an object of their own for JavaScript's null.
    return value is None or type(value).__name__ in {"JsNull", "JsUndefined"}


def _sent(cell: Cell) -> float | str | bool:
    if isinstance(cell, ExcelError):
        return cell.code if cell.code in ERRORS else "#VALUE!"
    if cell is None:
        return ""
    return cell[:LONGEST_TEXT] if isinstance(cell, str) else cell
