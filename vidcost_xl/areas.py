"""Where cells are: the place of one, a rectangle of several, and columns as letters and numbers."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from openpyxl.utils.cell import column_index_from_string, get_column_letter

#: Rows and columns of a sheet.
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384

#: The place of a cell: sheet, row and column, from 1.
Place: TypeAlias = tuple[str, int, int]

#: The same on its own sheet, and as people write it: sheet and "B3".
Spot: TypeAlias = tuple[int, int]
Address: TypeAlias = tuple[str, str]


@lru_cache(maxsize=LAST_COLUMN)
def column_letters(column: int) -> str:
    """A column as letters."""
    return get_column_letter(column)


@lru_cache(maxsize=LAST_COLUMN)
def column_number(letters: str) -> int:
    """The number of a column, from 1."""
    return column_index_from_string(letters.upper())


class Area(NamedTuple):
    """An area of a sheet; rows and columns count from 1."""

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
        return self._written("")

    @property
    def fixed(self) -> str:
        """As a formula writes it that may be copied elsewhere: 'Sheet'!$A$1:$B$3."""
        return self._written("$")

    def _written(self, sign: str) -> str:
        sheet = "'" + self.sheet.replace("'", "''") + "'!"
        if (self.top, self.bottom) == (1, LAST_ROW):
            return f"{sheet}{sign}{column_letters(self.left)}:{sign}{column_letters(self.right)}"
        if (self.left, self.right) == (1, LAST_COLUMN):
            return f"{sheet}{sign}{self.top}:{sign}{self.bottom}"
        first = f"{sheet}{sign}{column_letters(self.left)}{sign}{self.top}"
        return first if self.is_cell else f"{first}:{sign}{column_letters(self.right)}{sign}{self.bottom}"

    def holds(self, sheet: str, row: int, column: int) -> bool:
        """Whether a cell lies in it."""
        return self.sheet == sheet and self.top <= row <= self.bottom and self.left <= column <= self.right

    def common(self, other: Area) -> Area | None:
        """What lies in both, as far as it is on one sheet."""
        top, left = max(self.top, other.top), max(self.left, other.left)
        bottom, right = min(self.bottom, other.bottom), min(self.right, other.right)
        is_there = self.sheet == other.sheet and top <= bottom and left <= right
        return Area(self.sheet, top, left, bottom, right) if is_there else None


def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    is_plain = sheet.isascii() and sheet.replace("_", "a").isalnum() and not sheet[0].isdigit()
    return sheet if is_plain else "'" + sheet.replace("'", "''") + "'"
