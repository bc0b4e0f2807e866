"""The cells of a worksheet, each with what the file holds as its value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final

from vidcost_xl import digits
from vidcost_xl.errors import EXCEL_ERRORS, ExcelError
from vidcost_xl.sheets.package.cell_scan import read_cells
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.edits.values import decoded
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.package.workbook import Workbook

_EPOCHS: Final = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
#: The number of 1 March 1900; Excel has a 29 February before it, so that earlier days have one less.
_MARCH_1900: Final = 61


@dataclass
class SheetCells:
    """A sheet's part and its cells."""

    name: str
    part: str
    content: bytes
    cells: list[Cell]

    @cached_property
    def places(self) -> dict[tuple[int, int], Cell]:
        """The cells by row and column."""
        return {(cell.row, cell.column): cell for cell in self.cells}

    @cached_property
    def last_row(self) -> int:
        """The last row with a cell."""
        return max((cell.row for cell in self.cells), default=1)


def read_sheets(book: Workbook, before: Mapping[str, SheetCells] | None = None) -> list[SheetCells]:
    """The cells of every worksheet; of sheets whose bytes are as they were `before`, those."""
    return [read_sheet_cells(book, name, (before or {}).get(name)) for name in book.sheets]


def read_sheet_cells(book: Workbook, name: str, before: SheetCells | None = None) -> SheetCells:
    """The cells of one worksheet; those of `before` where its bytes are the same."""
    content = book.archive.read(book.sheets[name])
    if before is not None and (before.part, before.content) == (book.sheets[name], content):
        return before
    return SheetCells(name, book.sheets[name], content, read_cells(content, f"{book.archive.name}, sheet {name!r}"))


def value_of(cell: Cell, texts: list[str], *, from_1904: bool = False) -> CellValue | None:
    """What a cell holds in the file.

    Parameters
    ----------
    texts : list of str
        The shared texts.
    from_1904 : bool
        Whether days count from 1904, for dates written as such.

    Returns
    -------
    float, str, bool, ExcelError or None
        None for a blank, and for a value that no program could have meant.
    """
    text, kind = cell.text, cell.kind
    if text is None:
        return None
    if kind in {"str", "inlineStr"}:
        return decoded(text)
    bare = text.strip()
    try:
        if kind == "s":
            return texts[int(bare)]
        if kind == "b":
            return bare in {"1", "true"}
        if kind == "e":
            return ExcelError(bare if bare in EXCEL_ERRORS else "#VALUE!")
        if kind == "d":
            return _day_number(bare, from_1904)
        return float(bare) if bare else None
    except (ValueError, IndexError):
        return None


def _day_number(text: str, from_1904: bool) -> float:
    if ":" in text and "-" not in text:  # a time without a day
        moment, start = datetime.combine(date.min, time.fromisoformat(text)), datetime.min
    else:
        moment, start = datetime.fromisoformat(text), _EPOCHS[from_1904]
    number = (moment.replace(tzinfo=None) - start) / timedelta(days=1)
    return number - 1 if start == _EPOCHS[False] and number < _MARCH_1900 else number


def same(old: CellValue | None, new: Any) -> bool:
    """Whether a cell holds a value already, of the same kind; of numbers 15 digits count."""
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(old, ExcelError) and isinstance(new, ExcelError):
        return old.code == new.code
    if isinstance(old, float) and isinstance(new, float):
        return digits.same(old, new)
    return type(old) is type(new) and bool(old == new)
