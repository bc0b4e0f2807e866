"""A workbook as data: sheets of rows, rows of entries, formulas that name what they read.

No cell address is ever typed. A formula says `{storage.quantity}` for the entry in the
column `quantity` of the row `storage`, `{.quantity}` for its own row, `{first.used:last.used}`
for a range; names of the workbook are written as they are. On its own sheet a reference is
relative, on another absolute; `{$row.column}` makes it absolute and `{row.column~}` relative.
`{row.@0~}` is the column of the formula's own month, `{row.@-1~}` the one before it: a row over time
is one entry for all its months. `Addresses` turns them into cell references.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from vidcost_xl.sheets.layout.chart_layout import Chart


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
    height : float, optional
        Points.
    folds : bool
        Whether it may be folded away under the row above that does not.
    """

    id: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    height: float | None = None
    folds: bool = False


@dataclass(frozen=True)
class Column:
    """One column: its key and its width in characters."""

    key: str
    width: float


@dataclass(frozen=True)
class Validation:
    """What an input accepts, with the message that Excel shows beside it; a fixed cell accepts nothing that is typed.

    Parameters
    ----------
    allowed : str
        A workbook name that holds the list, for kind "list".
    low, high : float, optional
        Bounds, inclusive.
    above : bool
        Whether `low` itself is refused.
    title, message : str
        At most 32 and 255 characters.
    stops : bool
        Whether Excel refuses other values; else it only offers the list, and a check says what is wrong.
    """

    kind: Literal["list", "decimal", "fixed"]
    title: str
    message: str
    allowed: str = ""
    low: float | None = None
    high: float | None = None
    above: bool = False
    stops: bool = True


@dataclass(frozen=True)
class Table:
    """A range that Excel treats as a table.

    Parameters
    ----------
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
    last_frozen : str
        Row id down to which the pane is frozen.
    one_page : bool
        Whether it prints on one page; otherwise one page wide with its frozen rows repeated.
    flags : tuple of str
        Ranges of 0/1 flags, coloured.
    faults : tuple of (str, str)
        Ranges that turn red row by row, and the cell of the first row that says what is wrong there.
    muted : tuple of (str, str)
        Ranges in pale ink, each where a formula, without its equals sign, is true.
    outdated : tuple of (str, str)
        Ranges of stamped numbers, each shown as out of date where a formula, without its equals sign, is true.
    protected : bool
        Whether locked cells refuse slips. Excel folds no rows of a protected sheet.
    engine_areas : tuple of str
        Ranges of function cells, whose errors turn grey: they are expected without the add-in.
    row_height : float, optional
        Points, for rows that do not state their own.
    last_repeated : str
        Row id down to which every printed page repeats the head; the frozen ones where it is empty.
    frozen_columns, title_columns : int
        Columns on the left that stay in view, and those that are repeated on every page.
    large_paper : bool
        Whether it prints on A3.
    pages_wide : int
        Pages side by side in print; 0 for as many as it takes.
    last_printed, last_printed_column : str
        Row id and column key that print ends with; the last ones where they are empty.
    prints : tuple of str
        The areas that print instead, each on pages of its own.
    tab : str
        Colour of its tab, as RRGGBB; none where it is empty.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    last_frozen: str
    one_page: bool = False
    validations: Mapping[str, Validation] = field(default_factory=dict)
    charts: tuple[Chart, ...] = ()
    flags: tuple[str, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    muted: tuple[tuple[str, str], ...] = ()
    outdated: tuple[tuple[str, str], ...] = ()
    protected: bool = True
    engine_areas: tuple[str, ...] = ()
    row_height: float | None = None
    last_repeated: str = ""
    frozen_columns: int = 0
    title_columns: int = 0
    large_paper: bool = False
    pages_wide: int = 1
    tables: tuple[Table, ...] = ()
    last_printed: str = ""
    last_printed_column: str = ""
    prints: tuple[str, ...] = ()
    tab: str = ""


@dataclass(frozen=True)
class WorkbookLayout:
    """A workbook: sheets in order, workbook names, and what its properties say.

    Parameters
    ----------
    as_of : date
        Date of the price book; the file's own date, so that a rebuild is the same byte for byte.
    stamp : str
        Version and digest, printed in every footer.
    names : mapping of str to str
        Workbook names; each value is a reference such as `{in_route.value}`.
    places : mapping of str to tuple of str
        Names of `layout.places`, each with the references it joins.
    opens_at : str
        The sheet in view when the file is opened; the first where it is empty.
    """

    title: str
    as_of: date
    stamp: str
    sheets: tuple[SheetLayout, ...]
    names: Mapping[str, str]
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    opens_at: str = ""
