"""What the references of a formula point at: cells, names and table columns, as areas of sheets."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

import formualizer

from vidcost_xl.sheets.package.cells import Bounds
from vidcost_xl.sheets.package.places import LAST_COLUMN, LAST_ROW, Area, column_letters, column_number
from vidcost_xl.sheets.package.workbook import Table, Workbook

#: A parsed formula, as the engine describes it.
Node: TypeAlias = dict[str, Any]

_REFERENCE: Final = re.compile(
    r"((?:'(?:[^']|'')+'|[^'!]+)!)?(?:"
    r"(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6})(?::(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6}))?"
    r"|(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})|(\$?)([1-9]\d{0,6}):(\$?)([1-9]\d{0,6}))"
)
_SHEET: Final = re.compile(r"('(?:[^']|'')+'|[^'!\[\]:]+)!(.+)", re.DOTALL)
_FIXED: Final = re.compile(r"(\$[A-Z]+\$\d+)(:\$[A-Z]+\$\d+)?|\$[A-Z]+:\$[A-Z]+|\$\d+:\$\d+", re.IGNORECASE)
_TABLE: Final = re.compile(r"([^\[\]'!:]+)\[(.*)\]", re.DOTALL)
_ITEM: Final = re.compile(r"\[((?:[^\[\]']|'.)*)\]|([:,\s]+)", re.DOTALL)


class Untrusted(Exception):  # noqa: N818 - a verdict about a formula, not a failure
    """A formula that is not computed here; its text says why, to be read behind the address of the cell."""


class Standing(NamedTuple):
    """Where a formula stands, and how far from where it was written (shared formulas are written once)."""

    sheet: str
    row: int
    column: int
    down: int = 0
    right: int = 0


class Reference(NamedTuple):
    r"""A reference to cells as a formula writes it; its first cell may be below or behind its last.

    Parameters
    ----------
    sheet : str
        As written, with the mark behind it: `'C:\x\[y.xlsx]Plan'!`; empty for the own sheet.
    kind : str
        "cell", "area", "columns" or "rows".
    fixed : tuple of bool
        Which of these do not move along.
    """

    sheet: str
    kind: str
    top: int
    left: int
    bottom: int
    right: int
    fixed: tuple[bool, bool, bool, bool]

    def moved(self, down: int, right: int) -> Reference:
        """As it reads in a copy that stands so many cells further."""
        top, left, bottom, last = self._ends(down, right)
        return Reference(self.sheet, self.kind, top, left, bottom, last, self.fixed)

    def bounds(self, down: int = 0, right: int = 0) -> Bounds:
        """Top, left, bottom and right of what it points at in such a copy."""
        _, kind, top, left, bottom, last, _ = self
        if down or right:
            top, left, bottom, last = self._ends(down, right)
        if kind == "cell":
            return top, left, top, left
        return min(top, bottom), min(left, last), max(top, bottom), max(left, last)

    def _ends(self, down: int, right: int) -> Bounds:
        # Over the edge of the sheet a reference comes back at the other, as in Excel.
        _, _, top, left, bottom, last, fixed = self
        if down:
            top = top if fixed[0] else (top + down - 1) % LAST_ROW + 1
            bottom = bottom if fixed[2] else (bottom + down - 1) % LAST_ROW + 1
        if right:
            left = left if fixed[1] else (left + right - 1) % LAST_COLUMN + 1
            last = last if fixed[3] else (last + right - 1) % LAST_COLUMN + 1
        return top, left, bottom, last

    def counted_from(self, row: int, column: int) -> tuple[object, ...]:
        """The same for every copy, as `seen_from`, and made sooner."""
        _, kind, top, left, bottom, last, fixed = self
        first = fixed, top if fixed[0] else top - row, left if fixed[1] else left - column
        if kind == "cell":
            return first
        return *first, bottom if fixed[2] else bottom - row, last if fixed[3] else last - column

    def seen_from(self, row: int, column: int) -> str:
        """Where it points, counted from a cell: the same text for every copy."""
        fixed = self.fixed
        first = f"{self.top if fixed[0] else [self.top - row]},{self.left if fixed[1] else [self.left - column]}"
        if self.kind == "cell":
            return first
        last = f"{self.bottom if fixed[2] else [self.bottom - row]},{self.right if fixed[3] else [self.right - column]}"
        return f"{first}:{last}"

    @property
    def text(self) -> str:
        """As a formula writes it."""
        marks = ["$" * each for each in self.fixed]
        rows = [f"{marks[0]}{self.top}", f"{marks[2]}{self.bottom}"]
        columns = [f"{marks[1]}{column_letters(self.left)}", f"{marks[3]}{column_letters(self.right)}"]
        if self.kind == "columns":
            return self.sheet + ":".join(columns)
        if self.kind == "rows":
            return self.sheet + ":".join(rows)
        first = f"{self.sheet}{columns[0]}{rows[0]}"
        return first if self.kind == "cell" else f"{first}:{columns[1]}{rows[1]}"


@lru_cache(maxsize=65_536)
def reference(text: str) -> Reference | None:
    """A reference to cells; None for a name, a table, and what lies outside a sheet, which is a name: XYZ1."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        return None
    found = match.groups()
    kind, last, own = "cell", found[5:9], found[1:5]
    if found[2]:
        ends = (own, last) if found[6] else (own, own)
        kind = "area" if found[6] else "cell"
        rows = [(int(each[3]), each[2] == "$") for each in ends]
        columns = [(column_number(each[1]), each[0] == "$") for each in ends]
    elif found[10]:
        kind = "columns"
        rows = [(1, True), (LAST_ROW, True)]
        columns = [(column_number(found[at + 1]), found[at] == "$") for at in (9, 11)]
    else:
        kind = "rows"
        rows = [(int(found[at + 1]), found[at] == "$") for at in (13, 15)]
        columns = [(1, True), (LAST_COLUMN, True)]
    if max(rows)[0] > LAST_ROW or max(columns)[0] > LAST_COLUMN:
        return None
    fixed = rows[0][1], columns[0][1], rows[1][1], columns[1][1]
    return Reference(found[0] or "", kind, rows[0][0], columns[0][0], rows[1][0], columns[1][0], fixed)


class Resolver:
    """References of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._sheets = {name.casefold(): name for name in book.sheets}
        self._named: dict[tuple[str, str], Area | Node] = {}

    def resolve(self, text: str, place: Standing) -> Area | Node:
        """What a reference points at.

        Parameters
        ----------
        text : str
            As in the formula.

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
        if found := reference(rest):
            return Area(sheet, *found.bounds(place.down, place.right))
        if match := _TABLE.fullmatch(rest):
            return self._table(match[1], match[2], place)
        return self._name(rest, sheet, place)

    def _name(self, name: str, sheet: str, place: Standing) -> Area | Node:
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
                found = self.resolve(node["reference"], Standing("", 0, 0))
                if isinstance(found, Area):
                    return found
        raise Untrusted(f"uses the name {name}, which stands for {definition!r} and not for fixed cells")

    def _table(self, name: str, inside: str, place: Standing) -> Area:
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


def _table_rows(table: Table, name: str, items: set[str], place: Standing) -> tuple[int, int]:
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
def shape(text: str) -> str:
    """A reference to cells without where it points: its sheet and its size; empty for what is none after all.

    Examples
    --------
    >>> shape("Prices!$A$1:B3"), shape("XYZ1")
    ('Prices!3x2', '')
    """
    found = reference(text)
    if found is None:
        return ""
    if found.kind == "cell":
        return f"{found.sheet}1x1"
    top, left, bottom, right = found.bounds()
    return f"{found.sheet}{bottom - top + 1}x{right - left + 1}"


@lru_cache(maxsize=65_536)
def moved(text: str, down: int, right: int) -> str:
    """A reference to cells as it reads so many cells further.

    Examples
    --------
    >>> moved("Prices!A$1:B3", 2, 1), moved("A:$B", 2, 1)
    ('Prices!B$1:C5', 'B:$B')
    """
    found = reference(text)
    return text if found is None else found.moved(down, right).text


@lru_cache(maxsize=65_536)
def ordered(text: str) -> str:
    """A reference to cells that begins with its first cell; the embedded engine reads none that begins elsewhere.

    Examples
    --------
    >>> ordered("Prices!B$5:A3"), ordered("A3:B5")
    ('Prices!A3:B$5', 'A3:B5')
    """
    found = reference(text)
    if found is None or found.kind == "cell":
        return text
    rows = sorted([(found.top, found.fixed[0]), (found.bottom, found.fixed[2])])
    columns = sorted([(found.left, found.fixed[1]), (found.right, found.fixed[3])])
    (top, left), (bottom, right) = zip(rows, columns, strict=True)
    fixed = top[1], left[1], bottom[1], right[1]
    return found._replace(top=top[0], left=left[0], bottom=bottom[0], right=right[0], fixed=fixed).text
