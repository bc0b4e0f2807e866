"""What the names, table columns and references of a workbook point at: areas of its sheets."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple, TypeAlias

import formualizer

from vidcost_xl.areas import Area
from vidcost_xl.sheets.formulas.references import reference
from vidcost_xl.sheets.package.workbook import Table, Workbook

#: A parsed formula, as the engine describes it.
Node: TypeAlias = dict[str, Any]

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
        if "!" in text and (match := _SHEET.fullmatch(text)):
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

    def is_named(self, function: str, sheet: str) -> bool:
        """Whether a function is a name (a LAMBDA) of the workbook or a sheet, which comes before any other function."""
        key = function.casefold()
        return (sheet, key) in self._book.names or ("", key) in self._book.names

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
