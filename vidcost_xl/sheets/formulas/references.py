"""What the references of a formula point at: cells, names and table columns, as areas of sheets."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

import formualizer
from openpyxl.utils.cell import column_index_from_string, get_column_letter

from vidcost_xl.sheets.package.workbook import Table, Workbook

#: Rows and columns of a sheet.
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384

#: A parsed formula, as the engine describes it.
Node: TypeAlias = dict[str, Any]

_CELL: Final = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6})")
_COLUMNS: Final = re.compile(r"(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})")
_ROWS: Final = re.compile(r"(\$?)([1-9]\d{0,6}):(\$?)([1-9]\d{0,6})")
_SHEET: Final = re.compile(r"('(?:[^']|'')+'|[^'!\[\]:]+)!(.+)", re.DOTALL)
_FIXED: Final = re.compile(r"(\$[A-Z]+\$\d+)(:\$[A-Z]+\$\d+)?|\$[A-Z]+:\$[A-Z]+|\$\d+:\$\d+", re.IGNORECASE)
_TABLE: Final = re.compile(r"([^\[\]'!:]+)\[(.*)\]", re.DOTALL)
_ITEM: Final = re.compile(r"\[((?:[^\[\]']|'.)*)\]|([:,\s]+)", re.DOTALL)


#: A reference to cells, with or without its sheet.
CELLS: Final = re.compile(
    r"((?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6})(?::(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6}))?"
)


class Untrusted(Exception):  # noqa: N818 - a verdict about a formula, not a failure
    """A formula that is not computed here; its text says why, to be read behind the address of the cell."""


class Area(NamedTuple):
    """An area of a sheet.

    Parameters
    ----------
    sheet : str
    top, left, bottom, right : int
        From 1.
    """

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def is_cell(self) -> bool:
        """Whether it is a single cell."""
        return self.top == self.bottom and self.left == self.right

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top + 1, self.right - self.left + 1

    @property
    def text(self) -> str:
        """As a formula writes it."""
        sheet = "'" + self.sheet.replace("'", "''") + "'!"
        if (self.top, self.bottom) == (1, LAST_ROW):
            return f"{sheet}{column_letters(self.left)}:{column_letters(self.right)}"
        if (self.left, self.right) == (1, LAST_COLUMN):
            return f"{sheet}{self.top}:{self.bottom}"
        first = f"{sheet}{column_letters(self.left)}{self.top}"
        return first if self.is_cell else f"{first}:{column_letters(self.right)}{self.bottom}"


class Place(NamedTuple):
    """Where a formula stands, and how far from where it was written (shared formulas are written once).

    Parameters
    ----------
    sheet : str
    row, column : int
    down, right : int
    """

    sheet: str
    row: int
    column: int
    down: int = 0
    right: int = 0


class Resolver:
    """References of one workbook.

    Parameters
    ----------
    book : Workbook
    """

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._sheets = {name.casefold(): name for name in book.sheets}
        self._named: dict[tuple[str, str], Area | Node] = {}

    def resolve(self, text: str, place: Place) -> Area | Node:
        """What a reference points at.

        Parameters
        ----------
        text : str
            As in the formula.
        place : Place

        Returns
        -------
        Area, or the literal that a name stands for

        Raises
        ------
        Untrusted
            For another workbook, several sheets at once, and names that are unknown or formulas.
        """
        if text.startswith(("[", "'[")) or ("[" in text and "!" in text.partition("]")[2]):
            raise Untrusted(f"reads another workbook: {text}")
        sheet, rest = place.sheet, text
        if match := _SHEET.fullmatch(text):
            written = match[1][1:-1].replace("''", "'") if match[1].startswith("'") else match[1]
            sheet, rest = self._sheets.get(written.casefold(), ""), match[2]
            if not sheet and written.casefold() == self._book.archive.name.casefold():
                sheet = place.sheet  # a name of the whole workbook, written with the file in front
            if not sheet:
                raise Untrusted(f"reads {text}, and no such sheet with cells is in the workbook")
        area = _area(rest, place.down, place.right)
        if area is not None:
            return Area(sheet, *area)
        if match := _TABLE.fullmatch(rest):
            return self._table(match[1], match[2], place)
        return self._name(rest, sheet, place)

    def _name(self, name: str, sheet: str, place: Place) -> Area | Node:
        key = name.casefold()
        definition = self._book.names.get((sheet, key), self._book.names.get(("", key)))
        if definition is None:
            if key in self._book.tables:
                return self._table(name, "#Data", place)
            raise Untrusted(f"uses the name {name}, which the workbook does not define")
        if (sheet, key) not in self._named:
            self._named[sheet, key] = self._defined(name, definition)
        return self._named[sheet, key]

    def _defined(self, name: str, definition: str) -> Area | Node:
        try:
            node: Node = formualizer.parse(f"={definition}").to_dict()
        except Exception:
            raise Untrusted(f"uses the name {name}, which stands for {definition!r}") from None
        if node["node_type"] == "Literal" and not str(node["value"]).startswith("#"):
            return node
        if node["node_type"] == "Reference":
            match = _SHEET.fullmatch(node["reference"])
            if match and _FIXED.fullmatch(match[2]):
                found = self.resolve(node["reference"], Place("", 0, 0))
                if isinstance(found, Area):
                    return found
        raise Untrusted(f"uses the name {name}, which stands for {definition!r} and not for fixed cells")

    def _table(self, name: str, inside: str, place: Place) -> Area:
        table = self._book.tables.get(name.strip().casefold())
        if table is None:
            raise Untrusted(f"reads the table {name}, which the workbook does not hold")
        items, columns = _table_items(inside)
        top, left, bottom, right = table.area
        if columns:
            numbers = [_column(table, name, column) for column in columns]
            left, right = left + min(numbers), left + max(numbers)
        top, bottom = _table_rows(table, name, items, place)
        return Area(table.sheet, top, left, bottom, right)


def _table_items(inside: str) -> tuple[set[str], list[str]]:
    if inside.startswith("["):
        parts = [match[1] for match in _ITEM.finditer(inside) if match[1] is not None]
    else:
        parts = [inside] if inside else []
    items = {part.casefold() for part in parts if part.startswith(("#", "@"))}
    columns = [re.sub(r"'(.)", r"\1", part).casefold() for part in parts if not part.startswith(("#", "@"))]
    return items, columns


def _table_rows(table: Table, name: str, items: set[str], place: Place) -> tuple[int, int]:
    first, _, last, _ = table.area
    body = first + table.headers, last - table.totals
    if items & {"#this row", "@"}:
        if place.sheet != table.sheet or not body[0] <= place.row <= body[1]:
            raise Untrusted(f"reads the row of the table {name} that it stands in, and stands in none")
        return place.row, place.row
    rows = {
        "#all": (first, last),
        "#data": body,
        "#headers": (first, first + table.headers - 1),
        "#totals": (last - table.totals + 1, last),
    }
    if not items <= set(rows):
        raise Untrusted(f"reads {', '.join(sorted(items))} of the table {name}")
    chosen = [rows[item] for item in items or {"#data"}]
    top, bottom = min(each[0] for each in chosen), max(each[1] for each in chosen)
    if bottom < top:
        raise Untrusted(f"reads rows that the table {name} does not have")
    return top, bottom


def _column(table: Table, name: str, column: str) -> int:
    if column not in table.columns:
        raise Untrusted(f"reads the column {column} of the table {name}, which has none of that name")
    return table.columns.index(column)


@lru_cache(maxsize=65_536)
def _area(text: str, down: int, right: int) -> tuple[int, int, int, int] | None:
    first, _, second = text.partition(":")
    if (one := _CELL.fullmatch(first)) and (two := _CELL.fullmatch(second) if second else one):
        rows = [_moved(int(each[4]), each[3], down, LAST_ROW) for each in (one, two)]
        columns = [_moved(column_number(each[2]), each[1], right, LAST_COLUMN) for each in (one, two)]
    elif match := _COLUMNS.fullmatch(text):
        rows = [1, LAST_ROW]
        columns = [_moved(column_number(match[at + 1]), match[at], right, LAST_COLUMN) for at in (1, 3)]
    elif match := _ROWS.fullmatch(text):
        rows = [_moved(int(match[at + 1]), match[at], down, LAST_ROW) for at in (1, 3)]
        columns = [1, LAST_COLUMN]
    else:
        return None
    # What lies outside the sheet is not a cell but a name, such as XYZ1.
    return None if 0 in rows + columns else (min(rows), min(columns), max(rows), max(columns))


def _moved(position: int, fixed: str, by: int, last: int) -> int:
    if position > last:
        return 0
    # A reference moved over the edge of the sheet comes back at the other, as in Excel.
    return position if fixed or not by else (position + by - 1) % last + 1


@lru_cache(maxsize=LAST_COLUMN)
def column_letters(column: int) -> str:
    """A column as letters."""
    return get_column_letter(column)


@lru_cache(maxsize=LAST_COLUMN)
def column_number(letters: str) -> int:
    """The number of a column, from 1."""
    return column_index_from_string(letters.upper())


@lru_cache(maxsize=65_536)
def shape(text: str) -> str:
    """A reference to cells without where it points: its sheet and its size; empty for what is none after all.

    Examples
    --------
    >>> shape("Prices!$A$1:B3"), shape("XYZ1")
    ('Prices!3x2', '')
    """
    match = CELLS.fullmatch(text)
    area = _area(text[len(match[1] or "") :], 0, 0) if match else None
    if match is None or area is None:
        return ""
    return f"{match[1] or ''}{area[2] - area[0] + 1}x{area[3] - area[1] + 1}"


@lru_cache(maxsize=65_536)
def moved(text: str, down: int, right: int) -> str:
    """A reference to cells as it reads in another cell of a shared formula.

    Examples
    --------
    >>> moved("Prices!A$1:B3", 2, 1)
    'Prices!B$1:C5'
    """
    match = CELLS.fullmatch(text)
    if match is None:
        return text
    ends = [
        f"{fixed}{column_letters(_moved(column_number(column), fixed, right, LAST_COLUMN))}{held}"
        f"{_moved(int(row), held, down, LAST_ROW)}"
        for fixed, column, held, row in (match.group(2, 3, 4, 5), match.group(6, 7, 8, 9))
        if column
    ]
    return (match[1] or "") + ":".join(ends)


@lru_cache(maxsize=65_536)
def ordered(text: str) -> str:
    """A reference to cells that begins with its first cell; the embedded engine reads none that begins elsewhere.

    Examples
    --------
    >>> ordered("Prices!B$5:A3"), ordered("A3:B5")
    ('Prices!A3:B$5', 'A3:B5')
    """
    match = CELLS.fullmatch(text)
    if match is None or match[7] is None:
        return text
    columns = sorted([match.group(2, 3), match.group(6, 7)], key=lambda each: column_number(each[1]))
    rows = sorted([match.group(4, 5), match.group(8, 9)], key=lambda each: int(each[1]))
    ends = ["".join((*column, *row)) for column, row in zip(columns, rows, strict=True)]
    return (match[1] or "") + ":".join(ends)
