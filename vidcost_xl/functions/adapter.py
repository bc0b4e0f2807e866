"""From what a host hands over to a call, and from a result to what a cell can hold.

Every host goes through `call`. Errors come back as values with their reason; nothing is
ever raised into a spreadsheet, and a defect of ours shows as #VALUE! with a message, not
as a traceback.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from vidcost_xl.errors import BadArgumentError, CellError, ExcelError, VideoCostError, as_cell
from vidcost_xl.functions.registry import FunctionSpec, Parameter, function_spec
from vidcost_xl.functions.values import CURRENT_CALL, OMITTED, Absent, Call

LOG = logging.getLogger("vidcost_xl")

Cell: TypeAlias = float | str | bool | ExcelError | None
Result: TypeAlias = Cell | list[list[Cell]]


def call(name: str, arguments: Sequence[object], context: Call | None = None) -> Result:
    """Call a function as a cell does.

    Parameters
    ----------
    name : str
        Function name, in any case.
    arguments : sequence
        Host values: float, str, bool, date, None or `EMPTY` for a blank cell, `OMITTED`,
        `ExcelError`, or a list of rows of them.
    context : Call, optional
        Gathers the steps of an explanation.
    """
    context = context or Call()
    token = CURRENT_CALL.set(context)
    try:
        spec = function_spec(name)
        result = spec.function(*_converted(spec, arguments))
        if type(result) is float and math.isfinite(result):
            return result
        return _as_cells(result, context)
    except VideoCostError as error:
        LOG.info("%s: %s", name, error.message)
        context.is_passing = error.is_passing
        return as_cell(error)
    except Exception as error:
        LOG.exception("%s failed", name)
        context.is_passing = True
        return ExcelError("#VALUE!", f"{name} failed inside: {type(error).__name__}: {error}")
    finally:
        CURRENT_CALL.reset(token)


def _converted(spec: FunctionSpec, arguments: Sequence[object]) -> list[object]:
    parameters = spec.parameters
    if len(arguments) > len(parameters):
        raise BadArgumentError(
            f"{spec.name} takes {len(parameters)} arguments, not {len(arguments)}: {spec.signature}."
        )
    values = [_argument(parameter, value) for parameter, value in zip(parameters, arguments, strict=False)]
    missing = [parameter.name for parameter in parameters[len(values) :] if parameter.is_required]
    if missing:
        raise BadArgumentError(f"{spec.name} needs {', '.join(missing)}: {spec.signature}.")
    return values


def _argument(parameter: Parameter, value: object) -> object:
    kind = type(value)
    if kind is float or kind is str:
        return value
    if parameter.kind == "raw":
        return value
    if kind is list and parameter.kind != "table":
        value = _single(value)
    if isinstance(value, list):
        if parameter.kind == "value":
            raise BadArgumentError(f"{parameter.name} is one value, not a range of {len(value)} rows.")
        return value
    if value is OMITTED and not parameter.is_required:
        return parameter.default
    if isinstance(value, Absent) or value is None:
        if parameter.is_required:
            raise BadArgumentError(f"{parameter.name} is needed and was left empty.")
        if parameter.refuses_blank:
            raise BadArgumentError(f"{parameter.name} points at an empty cell. Write 0 if nothing is meant.")
        return parameter.default
    if isinstance(value, ExcelError):
        raise CellError(value.code, f"{parameter.name} holds {value.code}. {value.message}".strip())
    if kind is int:
        return float(value)  # type: ignore[arg-type]
    return value


def _single(value: object) -> object:
    # A reference to one cell arrives as a 1x1 range from some hosts and as a value from others.
    while isinstance(value, list) and len(value) == 1 and (not isinstance(value[0], list) or len(value[0]) == 1):
        value = value[0]
    return value


def _as_cells(result: Any, context: Call) -> Result:
    if isinstance(result, np.ndarray):
        return _grid(result, context)
    if isinstance(result, list):
        return [[_cell(value) for value in row] for row in result]
    return _cell(result)


def _grid(result: np.ndarray[Any, Any], context: Call) -> list[list[Cell]]:
    table = result.reshape(-1, 1) if result.ndim == 1 else result
    if table.dtype == np.float64 and not context.bad_cells and np.isfinite(table).all():
        return table.tolist()
    rows: list[list[Cell]] = [[_cell(value) for value in row] for row in table.tolist()]
    for bad in context.bad_cells:
        errors = np.broadcast_to(bad.reshape(-1, 1) if bad.ndim == 1 else bad, table.shape)
        for row, column in np.argwhere(errors != None):  # noqa: E711 - elementwise on objects
            rows[row][column] = errors[row, column]
    return rows


def _cell(value: Any) -> Cell:
    if isinstance(value, Absent) or value is None:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, float, np.integer, np.floating)):
        number = float(value)
        return number if math.isfinite(number) else ExcelError("#NUM!", "the result is not a finite number.")
    return value if isinstance(value, ExcelError) else str(value)
