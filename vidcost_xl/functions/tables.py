"""Headed tables in arguments: a header row, columns found by name, cells that say where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vidcost_xl.errors import BadArgumentError, CellError, ExcelError, unknown_name
from vidcost_xl.functions.arguments import read_number, read_text
from vidcost_xl.functions.days import read_day
from vidcost_xl.functions.values import EMPTY, Absent, is_range
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.prices.rates import PrivateRate, PrivateRates, private_rates

RATE_COLUMNS = ("meter", "rate")
OPTIONAL_RATE_COLUMNS = ("region", "from", "to")


def read_table(value: object, name: str, required: Sequence[str], optional: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Read a headed range.

    Parameters
    ----------
    value : object
        Rows of cells; the first row is the header, in any order and case.
    required, optional : sequence of str
        Column names; other columns are left alone.

    Returns
    -------
    list of dict
        One a row that is not wholly blank; a blank cell is None. The key "row" is its number in the range.

    Raises
    ------
    BadArgumentError
        When `value` is not a range, a required column is missing, or one appears twice.
    CellError
        For an error value in a column that is read.
    """
    rows = _rows(value, name, required)
    header = _header(rows)
    positions = {}
    for column in (*required, *optional):
        if header.count(column) > 1:
            raise BadArgumentError(f"{name}: column {column!r} appears twice in the header row.")
        if column in header:
            positions[column] = header.index(column)
        elif column in required:
            written = ", ".join(cell for cell in header if cell) or "nothing"
            allowed = (*required, *optional)
            near = next((unknown_name("header", cell, allowed) for cell in header if cell and cell not in allowed), "")
            raise BadArgumentError(
                f"{name} needs a header row with the columns {', '.join(required)}; column {column!r} is missing "
                f"(read: {written}). {near}".strip()
            )
    table = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {column: _cell(row[position], name, column, number) for column, position in positions.items()}
        if any(cell is not None for cell in cells.values()):
            table.append({**cells, "row": number})
    return table


def column_names(value: object, name: str, required: Sequence[str]) -> set[str]:
    """The texts of the header row of a range, in lower case.

    Parameters
    ----------
    required : sequence of str
        For the message where there is no header row.
    """
    return set(_header(_rows(value, name, required)))


def cell_rows(value: object, name: str, required: Sequence[str]) -> list[list[Any]]:
    """The rows of a range, the header first; a blank cell is None, an error value stays one.

    Parameters
    ----------
    required : sequence of str
        For the message where it is no range.
    """
    rows = _rows(value, name, required)
    return [[None if cell is EMPTY or isinstance(cell, Absent) else cell for cell in row] for row in rows]


def read_rates(value: object, book: PriceBook) -> PrivateRates:
    """Read a range of private rates.

    Parameters
    ----------
    value : object
        A range with the headers meter and rate, and optionally region, from and to; or nothing.

    Returns
    -------
    PrivateRates
        Empty for nothing.
    """
    if value is None or isinstance(value, (Absent, PrivateRates)):
        return value if isinstance(value, PrivateRates) else PrivateRates()
    rows = []
    for line in read_table(value, "rates", RATE_COLUMNS, OPTIONAL_RATE_COLUMNS):
        where = f"rates, row {line['row']}: "
        meter, region, start, end = line["meter"], line.get("region"), line.get("from"), line.get("to")
        rows.append(
            PrivateRate(
                meter=read_text(meter, where + "meter"),
                rate=read_number(line["rate"], where + "rate"),
                region=None if region is None else read_text(region, where + "region"),
                start=None if start is None else read_day(start, where + "from"),
                end=None if end is None else read_day(end, where + "to"),
            )
        )
    return private_rates(rows, book)


def _rows(value: object, name: str, required: Sequence[str]) -> list[list[Any]]:
    columns = ", ".join(required)
    if isinstance(value, Mapping) or not is_range(value):
        raise BadArgumentError(f"{name} is a range with a header row ({columns}), not a single value.")
    if hasattr(value, "columns"):  # a pandas table carries its header apart
        return [[str(column) for column in value.columns], *value.to_numpy().tolist()]  # type: ignore[attr-defined]
    rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in value]  # type: ignore[attr-defined]
    if not rows:
        raise BadArgumentError(f"{name} is an empty range; it needs a header row ({columns}).")
    return rows


def _header(rows: list[list[Any]]) -> list[str]:
    return [cell.strip().casefold() if isinstance(cell, str) else "" for cell in rows[0]]


def _cell(cell: object, name: str, column: str, number: int) -> object:
    if isinstance(cell, ExcelError):
        raise CellError(cell.code, f"{name}, row {number}, column {column} holds {cell.code}.")
    if cell is None or cell is EMPTY or (isinstance(cell, str) and not cell.strip()):
        return None
    return None if isinstance(cell, float) and cell != cell else cell  # noqa: PLR0124 - a pandas blank is NaN
