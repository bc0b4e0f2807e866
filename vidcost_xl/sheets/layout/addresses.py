"""From row and column ids to cell addresses, and from declared formulas to those of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from vidcost_xl.areas import Address, Place, column_letters
from vidcost_xl.sheets.layout.sheet_layout import Entry, Row, WorkbookLayout

_COLUMN: Final = r"(?:[a-z0-9_]+|@-?\d)"
_REFERENCE: Final = re.compile(rf"\{{(\$?)([a-z0-9_]*\.{_COLUMN})(?::([a-z0-9_]+\.{_COLUMN}))?(~?)\}}")

#: Key of the first column of a time axis; the months follow it.
FIRST_MONTH: Final = "m1"


class Pattern(NamedTuple):
    """A formula for every cell of a row: the same text, and columns that move with the cell.

    Parameters
    ----------
    text : str
        With `%s` for each column that moves, as the operator % of a text takes it.
    shifts : tuple of int
        How far each of them is to the right of the formula's own column.
    """

    text: str
    shifts: tuple[int, ...]


class Addresses:
    """Where every entry of a workbook stands.

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
                unknown = row.entries.keys() - self._columns[sheet.name].keys()
                if unknown:
                    raise ValueError(f"row {row.id!r} uses columns that sheet {sheet.name} lacks: {sorted(unknown)}")
                self._rows[row.id] = (sheet.name, at)

    def cells(self) -> Iterator[tuple[Place, Row, Entry]]:
        """Every entry with its position, sheet by sheet and row by row."""
        for sheet in self.layout.sheets:
            columns = self._columns[sheet.name]
            for at, row in enumerate(sheet.rows, start=1):
                for key, entry in row.entries.items():
                    yield (sheet.name, at, columns[key]), row, entry

    def entry(self, position: Place) -> Entry | None:
        """What stands at a position, if anything."""
        name, row, column = position
        sheet = next(sheet for sheet in self.layout.sheets if sheet.name == name)
        return sheet.rows[row - 1].entries.get(sheet.columns[column - 1].key)

    def position(self, reference: str) -> Place:
        """Sheet, row and column (from 1) of `row.column`.

        Raises
        ------
        KeyError
            For a row or column that the layout does not have.
        """
        row, _, column = reference.partition(".")
        sheet, at = self._rows[row]
        return sheet, at, self._columns[sheet][column]

    def key(self, reference: str) -> Address:
        """`row.column` as (sheet, "B3")."""
        return self.key_at(self.position(reference))

    @staticmethod
    def key_at(position: Place) -> Address:
        """A position as (sheet, "B3")."""
        sheet, row, column = position
        return sheet, f"{column_letters(column)}{row}"

    def row(self, row: str) -> int:
        """The number of a row, from 1."""
        return self._rows[row][1]

    def absolute(self, reference: str) -> str:
        """`{row.column}` or a range of them as an absolute reference with its sheet."""
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise ValueError(f"{reference!r} is not a reference such as {{row.column}}")
        sheet, row, column = self.position(match[2])
        text = f"{sheet}!${column_letters(column)}${row}"
        if match[3]:
            _, row, column = self.position(match[3])
            text += f":${column_letters(column)}${row}"
        return text

    def formula(self, text: str, sheet: str, own_row: str, column: int = 0) -> str:
        """A formula with cell addresses, as its cell on `sheet` has it.

        Parameters
        ----------
        text : str
            With `{row.column}` references.
        sheet, own_row : str
            Where it stands.
        column : int
            Where it stands, from 1, for a text that says `@`.
        """
        pattern = self.pattern(text, sheet, own_row)
        return pattern.text % tuple(column_letters(column + shift) for shift in pattern.shifts)

    def pattern(self, text: str, sheet: str, own_row: str) -> Pattern:
        """A formula with cell addresses, as every cell of its row has it; parameters as of `formula`."""
        shifts: list[int] = []

        def address(match: re.Match[str]) -> str:
            if "@" in match[0]:
                return self._in_month(match, sheet, shifts)
            if match[2][0] == ".":
                return self._address(match, sheet, own_row)
            key = (match[0], sheet)
            if key not in self._written:
                self._written[key] = self._address(match, sheet, own_row)
            return self._written[key]

        return Pattern(_REFERENCE.sub(address, text.replace("%", "%%")), tuple(shifts))

    def _in_month(self, match: re.Match[str], sheet: str, shifts: list[int]) -> str:
        cells: list[str] = []
        for part in filter(None, (match[2], match[3])):
            row, _, shift = part.partition(".@")
            place, at = self._rows[row]
            shifts.append(self._columns[place][FIRST_MONTH] - self._columns[sheet][FIRST_MONTH] + int(shift))
            cells.append(f"%s{at}" if place == sheet or cells else f"{place}!%s{at}")
        return ":".join(cells)

    def _address(self, match: re.Match[str], sheet: str, own_row: str) -> str:
        place, row, column = self.position(match[2] if match[2][0] != "." else f"{own_row}{match[2]}")
        fixed = "$" if match[1] or (place != sheet and not match[4]) else ""
        text = f"{fixed}{column_letters(column)}{fixed}{row}"
        if match[3]:
            _, row, column = self.position(match[3])
            text = f"{text}:{fixed}{column_letters(column)}{fixed}{row}"
        return text if place == sheet else f"{place}!{text}"
