"""References to cells as formulas write them: read, moved with their formula, written again."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from vidcost_xl.areas import LAST_COLUMN, LAST_ROW, column_letters, column_number
from vidcost_xl.sheets.package.cells import Bounds

_REFERENCE: Final = re.compile(
    r"((?:'(?:[^']|'')+'|[^'!]+)!)?(?:"
    r"(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6})(?::(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6}))?"
    r"|(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})|(\$?)([1-9]\d{0,6}):(\$?)([1-9]\d{0,6}))"
)


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
