"""A workbook as data: sheets of rows, rows of entries, formulas that name what they read.

No cell address is ever typed. A formula says `{storage.quantity}` for the entry in the
column `quantity` of the row `storage`, `{.quantity}` for its own row, `{first.used:last.used}`
for a range; names of the workbook are written as they are. On its own sheet a reference is
relative, on another absolute; `{$row.column}` makes it absolute and `{row.column~}` relative.
`Addresses` turns them into cell references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, TypeAlias

from openpyxl.utils import get_column_letter


@dataclass(frozen=True)
class Formula:
    """A formula with `{row.column}` in place of addresses.

    Parameters
    ----------
    text : str
        With its equals sign.
    engine : bool
        Whether it calls the add-in. Such a cell is written as a dynamic array of one cell, so
        that Excel shows no `@` in front of the function.
    area : str
        A range, as `{first.column:last.column}`, that its answer may spill over; empty for one value.
    """

    text: str
    engine: bool = False
    area: str = ""


Value: TypeAlias = str | float | int | bool | date | Formula
Position: TypeAlias = tuple[str, int, int]


@dataclass(frozen=True)
class Entry:
    """What stands in one cell.

    Parameters
    ----------
    value : str, number, date or Formula
        A str is text, whatever its first character.
    style : str
        A key of `styles.STYLES`.
    format : str, optional
        A key of `styles.FORMATS`.
    rule : str, optional
        The validation of an input, by its key in the sheet.
    """

    value: Value
    style: str = "text"
    format: str | None = None
    rule: str | None = None


@dataclass(frozen=True)
class Row:
    """One row: entries by column key.

    Parameters
    ----------
    id : str
        Unique in the workbook.
    entries : mapping of str to Entry
    height : float, optional
        Points.
    """

    id: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    height: float | None = None


@dataclass(frozen=True)
class Column:
    """One column: its key and its width in characters."""

    key: str
    width: float


@dataclass(frozen=True)
class Validation:
    """What an input accepts, with the message that Excel shows beside it.

    Parameters
    ----------
    kind : {"list", "decimal"}
    allowed : str
        A workbook name that holds the list, for kind "list".
    low, high : float, optional
        Bounds, inclusive.
    above : bool
        Whether `low` itself is refused.
    title, message : str
        At most 32 and 255 characters.
    """

    kind: Literal["list", "decimal"]
    title: str
    message: str
    allowed: str = ""
    low: float | None = None
    high: float | None = None
    above: bool = False


@dataclass(frozen=True)
class BarChart:
    """A chart of horizontal bars, placed over whole cells.

    Parameters
    ----------
    title, axis : str
        Title and the label of the value axis, with its unit.
    labels, values : str
        Ranges, as `{first.column:last.column}`.
    top, bottom : str
        Row ids it spans, both included.
    left, right : str
        Column keys it spans, both included.
    format : str
        A key of `styles.FORMATS`.
    """

    title: str
    axis: str
    labels: str
    values: str
    top: str
    bottom: str
    left: str
    right: str
    format: str = "count"


@dataclass(frozen=True)
class SeriesChart:
    """A chart of rows over time, placed over whole cells.

    Parameters
    ----------
    title, axis : str
        Title and the label of the value axis, with its unit.
    kind : {"stacked", "lines"}
    labels : str
        Range of the categories.
    series : tuple of (str, str)
        Reference of the name and range of the values of each.
    top, bottom : str
        Row ids it spans, both included.
    left, right : str
        Column keys it spans, both included.
    format : str
        A key of `styles.FORMATS`, for the axis.
    label_format : str
        A key of `styles.FORMATS`, for the categories.
    """

    title: str
    axis: str
    kind: Literal["stacked", "lines"]
    labels: str
    series: tuple[tuple[str, str], ...]
    top: str
    bottom: str
    left: str
    right: str
    format: str = "count"
    label_format: str = "axis_month"


@dataclass(frozen=True)
class Table:
    """A range that Excel treats as a table.

    Parameters
    ----------
    name : str
    area : str
        With its header row, as `{first.column:last.column}`.
    """

    name: str
    area: str


@dataclass(frozen=True)
class SheetLayout:
    """One sheet.

    Parameters
    ----------
    name : str
    columns : tuple of Column
    rows : tuple of Row
    last_frozen : str
        Row id down to which the pane is frozen.
    one_page : bool
        Whether it prints on one page; otherwise one page wide with its frozen rows repeated.
    validations : mapping of str to Validation
    charts : tuple of BarChart or SeriesChart
    flags : tuple of str
        Ranges of 0/1 flags, coloured.
    engine_areas : tuple of str
        Ranges of function cells, whose errors turn grey: they are expected without the add-in.
    row_height : float, optional
        Points, for rows that do not state their own.
    frozen_columns, title_columns : int
        Columns on the left that stay in view, and those that are repeated on every page.
    large_paper : bool
        Whether it prints on A3.
    pages_wide : int
        Pages side by side in print; 0 for as many as it takes.
    tables : tuple of Table
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    last_frozen: str
    one_page: bool = False
    validations: Mapping[str, Validation] = field(default_factory=dict)
    charts: tuple[BarChart | SeriesChart, ...] = ()
    flags: tuple[str, ...] = ()
    engine_areas: tuple[str, ...] = ()
    row_height: float | None = None
    frozen_columns: int = 0
    title_columns: int = 0
    large_paper: bool = False
    pages_wide: int = 1
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class WorkbookLayout:
    """A workbook: sheets in order, workbook names, and what its properties say.

    Parameters
    ----------
    title : str
    as_of : date
        Date of the price book; the file's own date, so that a rebuild is the same byte for byte.
    stamp : str
        Version and digest, printed in every footer.
    sheets : tuple of SheetLayout
    names : mapping of str to str
        Workbook names; each value is a reference such as `{in_route.value}`.
    """

    title: str
    as_of: date
    stamp: str
    sheets: tuple[SheetLayout, ...]
    names: Mapping[str, str]


_REFERENCE: Final = re.compile(r"\{(\$?)([a-z0-9_]*\.[a-z0-9_]+)(?::([a-z0-9_]+\.[a-z0-9_]+))?(~?)\}")


class Addresses:
    """Where every entry of a workbook stands.

    Parameters
    ----------
    layout : WorkbookLayout

    Raises
    ------
    ValueError
        For a row id used twice, or an entry in a column its sheet does not have.
    """

    def __init__(self, layout: WorkbookLayout) -> None:
        self.layout = layout
        self._written: dict[tuple[str, str], str] = {}
        self._rows: dict[str, tuple[str, int]] = {}
        self._columns = {
            sheet.name: {column.key: at for at, column in enumerate(sheet.columns, start=1)} for sheet in layout.sheets
        }
        for sheet in layout.sheets:
            for at, row in enumerate(sheet.rows, start=1):
                if row.id in self._rows:
                    raise ValueError(f"row {row.id!r} appears twice")
                unknown = set(row.entries) - set(self._columns[sheet.name])
                if unknown:
                    raise ValueError(f"row {row.id!r} uses columns that sheet {sheet.name} lacks: {sorted(unknown)}")
                self._rows[row.id] = (sheet.name, at)

    def cells(self) -> Iterator[tuple[Position, Row, Entry]]:
        """Every entry with its position, sheet by sheet and row by row."""
        for sheet in self.layout.sheets:
            for row in sheet.rows:
                for key, entry in row.entries.items():
                    yield self.position(f"{row.id}.{key}"), row, entry

    def position(self, reference: str) -> Position:
        """Sheet, row and column (from 1) of `row.column`.

        Raises
        ------
        KeyError
            For a row or column that the layout does not have.
        """
        row, _, column = reference.partition(".")
        sheet, at = self._rows[row]
        return sheet, at, self._columns[sheet][column]

    def key(self, reference: str) -> tuple[str, str]:
        """`row.column` as (sheet, "B3")."""
        return self.key_at(self.position(reference))

    @staticmethod
    def key_at(position: Position) -> tuple[str, str]:
        """A position as (sheet, "B3")."""
        sheet, row, column = position
        return sheet, f"{get_column_letter(column)}{row}"

    def row(self, row: str) -> int:
        """The number of a row, from 1."""
        return self._rows[row][1]

    def absolute(self, reference: str) -> str:
        """`{row.column}` or a range of them as an absolute reference with its sheet."""
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise ValueError(f"{reference!r} is not a reference such as {{row.column}}")
        sheet, row, column = self.position(match[2])
        text = f"{sheet}!${get_column_letter(column)}${row}"
        if match[3]:
            _, row, column = self.position(match[3])
            text += f":${get_column_letter(column)}${row}"
        return text

    def formula(self, text: str, sheet: str, own_row: str) -> str:
        """A formula with cell addresses, as its cell on `sheet` has it.

        Parameters
        ----------
        text : str
            With `{row.column}` references.
        sheet, own_row : str
            Where it stands.

        Returns
        -------
        str
        """

        def address(match: re.Match[str]) -> str:
            key = (match[0] if not match[2].startswith(".") else own_row + match[0], sheet)
            if key not in self._written:
                self._written[key] = self._address(match, sheet, own_row)
            return self._written[key]

        return _REFERENCE.sub(address, text)

    def _address(self, match: re.Match[str], sheet: str, own_row: str) -> str:
        first = match[2] if not match[2].startswith(".") else f"{own_row}{match[2]}"
        is_elsewhere = self.position(first)[0] != sheet
        if match[1] or (is_elsewhere and not match[4]):
            text = self.absolute("{" + first + (f":{match[3]}" if match[3] else "") + "}")
            return text if is_elsewhere else text.split("!", 1)[1]
        cells = ":".join(self._relative(part) for part in (first, match[3]) if part)
        return f"{self.position(first)[0]}!{cells}" if is_elsewhere else cells

    def _relative(self, reference: str) -> str:
        _, row, column = self.position(reference)
        return f"{get_column_letter(column)}{row}"
