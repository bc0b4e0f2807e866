"""Headed tables in a workbook file: a header row found by its texts, columns by name, cells that know their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.package.sheet_cells import SheetCells, read_sheet_cells, value_of
from vidcost_xl.sheets.package.workbook import Workbook

#: Days between the two epochs of Excel: day 0 of 1904 is day 1,462 of 1900.
DAYS_TO_1904: Final = 1_462

_LAST_ROW: Final = re.compile(r"(\d+)$")


@dataclass(frozen=True)
class TableCell:
    """A cell of a table that was read, with its place in words.

    Parameters
    ----------
    at : str
        Such as Inputs!C5.
    value : float, str, bool, ExcelError or None
        None for a blank; of a formula what the file holds as its result.
    """

    at: str
    value: CellValue | None = None
    is_formula: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())

    @property
    def text(self) -> str:
        """A text as it stands without spaces around it; empty for everything else."""
        return self.value.strip() if isinstance(self.value, str) else ""


@dataclass
class SheetReader:
    """The values of one sheet.

    Parameters
    ----------
    texts : list of str
        Shared texts of the workbook.
    from_1904 : bool
        Whether its days count from 1904.
    """

    cells: SheetCells
    texts: list[str]
    from_1904: bool = False

    @property
    def name(self) -> str:
        """What the sheet is called."""
        return self.cells.name

    def cell(self, row: int, column: int) -> TableCell:
        """The cell at a place; a blank one where the file has none."""
        at = f"{self.name}!{get_column_letter(column)}{row}"
        found = self.cells.places.get((row, column))
        if found is None:
            return TableCell(at)
        return TableCell(at, value_of(found, self.texts, from_1904=self.from_1904), found.formula is not None)

    def formula(self, at: str) -> str:
        """The formula of a cell such as Inputs!C5; empty where none is written, as in a copy of a shared one."""
        found = self.cells.places[coordinate_to_tuple(at.rpartition("!")[2])]
        return found.formula.text if found.formula is not None else ""

    @cached_property
    def rows(self) -> dict[int, dict[int, TableCell]]:
        """Cells by row and column, in the order of the sheet; blank ones left out."""
        found: dict[int, dict[int, TableCell]] = {}
        for row, column in sorted(self.cells.places):
            cell = self.cell(row, column)
            if not cell.is_blank:
                found.setdefault(row, {})[column] = cell
        return found

    def day_number(self, value: float) -> float:
        """A day counted from 1900, whichever epoch the workbook has."""
        return value + DAYS_TO_1904 if self.from_1904 else value


@dataclass
class WorkbookReader:
    """Sheets of a workbook, read when they are asked for."""

    book: Workbook
    _read: dict[str, SheetReader] = field(default_factory=dict)

    def sheet(self, name: str) -> SheetReader:
        """The sheet called `name`, which exists."""
        if name not in self._read:
            from_1904 = self.book.settings.from_1904
            self._read[name] = SheetReader(read_sheet_cells(self.book, name), self.book.texts, from_1904)
        return self._read[name]

    def table(self, columns: Mapping[str, str], home: str, name: str = "") -> HeadedTable | None:
        """The headed table with these columns, wherever it stands now.

        Parameters
        ----------
        columns : mapping of str to str
            Heading of each column by the key that the caller knows it by.
        home : str
            The sheet that has it in the template; a renamed one is found by `name`, or by its headings.
        name : str
            A name of the workbook that covers it.

        Returns
        -------
        HeadedTable or None
            None where no sheet has a row with most of the headings.
        """
        named, last = self._named(name)
        first = [sheet for sheet in (named, home) if sheet in self.book.sheets]
        tables = [HeadedTable.find(self.sheet(each), columns) for each in dict.fromkeys(first)]
        if not any(tables):
            tables = [HeadedTable.find(self.sheet(each), columns) for each in self.book.sheets if each not in first]
        found = max((table for table in tables if table), key=lambda table: len(table.places), default=None)
        return replace(found, last=last) if found and found.sheet.name == named and last >= found.header else found

    def _named(self, name: str) -> tuple[str, int]:
        # The sheet of a name and its last row; no row for a name whose cells are gone.
        sheet, mark, area = self.book.names.get(("", name.casefold()), "").rpartition("!")
        rows = _LAST_ROW.search(area)
        sheet = sheet.removeprefix("'").removesuffix("'").replace("''", "'") if mark else ""
        return sheet, int(rows[1]) if rows else 0


@dataclass(frozen=True)
class HeadedTable:
    """A header row and what stands under it.

    Parameters
    ----------
    header : int
        The row of the headings.
    places : mapping of str to int
        Column of each key whose heading was found.
    last : int
        Its last row as the workbook names it; 0 where it ends with the sheet.
    """

    sheet: SheetReader
    header: int
    places: Mapping[str, int]
    headings: Mapping[str, str]
    last: int = 0

    @classmethod
    def find(cls, sheet: SheetReader, columns: Mapping[str, str]) -> HeadedTable | None:
        """The row of a sheet with most of the headings, if it has more than half of them."""
        best: dict[str, int] = {}
        header = 0
        for row, cells in sheet.rows.items():
            written: dict[str, int] = {}
            for column, cell in cells.items():
                written.setdefault(cell.text, column)
            places = {key: written[heading] for key, heading in columns.items() if heading in written}
            if len(places) > len(best):
                best, header = places, row
        return cls(sheet, header, best, columns) if 2 * len(best) > len(columns) else None

    def need(self, keys: Sequence[str]) -> None:
        """Refuse a table without one of these columns.

        Raises
        ------
        BadArgumentError
            Naming the sheet, the row and the heading to restore.
        """
        for key in keys:
            if key not in self.places:
                raise BadArgumentError(
                    f"the sheet {self.sheet.name} has no column {self.headings[key]!r} in its header row "
                    f"{self.header}. Write the heading back as it was, or take the column from a copy of the file."
                )

    def lines(self) -> Iterator[dict[str, TableCell]]:
        """The rows of the table in which one of the columns holds something; a column that is gone is blank."""
        yield from (line for row, line in self._lines() if not self.last or row <= self.last)

    def below(self) -> Iterator[dict[str, TableCell]]:
        """The same for what stands under its last row, which formulas do not read."""
        yield from (line for row, line in self._lines() if self.last and row > self.last)

    def _lines(self) -> Iterator[tuple[int, dict[str, TableCell]]]:
        for row, cells in self.sheet.rows.items():
            if row > self.header and any(column in cells for column in self.places.values()):
                yield row, {key: self._cell(row, key) for key in self.headings}

    def _cell(self, row: int, key: str) -> TableCell:
        if key not in self.places:
            return TableCell(f"{self.sheet.name}!{row}:{row}")
        return self.sheet.cell(row, self.places[key])
