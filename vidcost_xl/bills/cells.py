"""A bill as rows of cells, as a spreadsheet holds it: the same forms as files, read by the same rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.bills.forms import END, NUMBERS, START, TAGS, Form, form_of
from vidcost_xl.bills.sources import Part
from vidcost_xl.errors import BadArgumentError, CellError, ExcelError
from vidcost_xl.model.calendar import EXCEL_EPOCH, LAST_SERIAL

if TYPE_CHECKING:
    import duckdb

#: What DuckDB calls the table.
_TABLE: Final = "cells"


def part_of_cells(name: str, rows: Sequence[Sequence[Any]], connection: duckdb.DuckDBPyConnection) -> tuple[Part, Form]:
    """Rows of cells as a table that DuckDB reads like a file.

    Parameters
    ----------
    name : str
        What errors call it.
    rows : sequence of sequence
        All of one length, the header first; None, or a text of spaces, is a blank, and a row of blanks is none. Dates
        are days, moments, or Excel's date numbers.

    Raises
    ------
    BadArgumentError
        For a header of no form, and nothing under it.
    CellError
        For an error value in a column that is read.
    """
    import pandas as pd

    header = tuple("" if cell is None else str(cell).strip() for cell in rows[0])
    form = form_of(name, header)
    found = form.found(header)
    of_kind = {at: kind for kind, places in found.items() if kind != TAGS for at in places}
    kept = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(map(_says_something, row))]
    if not kept:
        raise BadArgumentError(f"{name} has a header row and nothing under it.")
    texts = [
        [_text(cell, f"{name}, row {number}", header[at], of_kind.get(at)) for at, cell in enumerate(row)]
        for number, row in kept
    ]
    columns = tuple(f"c{at}" for at in range(len(header)))
    connection.register(_TABLE, pd.DataFrame(texts, columns=list(columns), dtype="string"))
    part = Part(name, _TABLE, header, columns, ("VARCHAR",) * len(header), numbers=tuple(number for number, _ in kept))
    return part, form


def _says_something(cell: Any) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _text(cell: Any, where: str, column: str, kind: str | None) -> str:
    if isinstance(cell, ExcelError):
        if kind is None:
            return ""
        raise CellError(cell.code, f"{where}, column {column} holds {cell.code}.")
    if cell is None:
        return ""
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return str(cell)
    if kind in {START, END} and 1 <= cell <= LAST_SERIAL:
        return (datetime.combine(EXCEL_EPOCH, datetime.min.time()) + timedelta(days=float(cell))).isoformat()
    written = repr(float(cell))
    if kind in NUMBERS:
        # With an exponent a number is one with a point, whatever the texts beside it are.
        return written if "e" in written else f"{written}e0"
    return str(int(cell)) if float(cell).is_integer() else written
