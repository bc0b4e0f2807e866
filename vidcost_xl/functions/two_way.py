"""The table of VIDEO_SENSITIVITY over two inputs at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vidcost_xl.errors import BadArgumentError, ExcelError, VideoCostError
from vidcost_xl.functions.arguments import read_number, read_text
from vidcost_xl.functions.tables import cell_rows
from vidcost_xl.functions.values import is_range, is_stated

if TYPE_CHECKING:  # the model is loaded by the first call that needs it, not by registering the functions
    from vidcost_xl.model.plan import Plan

Table = list[list[Any]]

#: Stands in the corner between what changes from row to row and from column to column.
BY = " by "


def two_way_table(plan: Plan, what: str, rows: tuple[object, object], columns: tuple[object, object]) -> Table:
    """A figure of the plan for each value down and each across, both written beside it.

    Parameters
    ----------
    what : str
        See `model.outputs`.
    rows, columns : tuple of (object, object)
        What changes, and its values, as a cell gives them.
    """
    from vidcost_xl.analysis.remembered import remembered
    from vidcost_xl.analysis.two_way import axis_of, two_way

    if not is_stated(rows[0]) or not is_stated(columns[0]):
        raise BadArgumentError('a table has what changes down and across: rows and columns, such as "passes" and "tb".')
    names = [read_text(each, name).strip() for each, name in ((rows[0], "rows"), (columns[0], "columns"))]
    down, plan = axis_of(plan, names[0], _values(rows[1], "row_values"))
    across, plan = axis_of(plan, names[1], _values(columns[1], "column_values"))
    cells = remembered(lambda: two_way(plan, what, down, across), plan, "two-way", what, down, across)
    corner = f"{what.casefold()}: {names[0]}{BY}{names[1]}"
    shown = [[_cell(cell) for cell in row] for row in cells]
    return [[corner, *across.values], *([value, *row] for value, row in zip(down.values, shown, strict=True))]


def _cell(cell: float | VideoCostError) -> float | ExcelError:
    return ExcelError(cell.excel, cell.message) if isinstance(cell, VideoCostError) else cell


def _values(given: object, name: str) -> list[float | str]:
    if not is_stated(given):
        return []
    cells = [cell for row in cell_rows(given, name, ()) for cell in row] if is_range(given) else [given]
    found = [_value(cell, name) for cell in cells if cell not in {None, ""}]
    if len(set(found)) < len(found):
        raise BadArgumentError(f"{name} has a value twice.")
    return found


def _value(cell: object, name: str) -> float | str:
    return read_text(cell, name).strip() if isinstance(cell, str) else read_number(cell, name)
