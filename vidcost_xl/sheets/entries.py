"""The formulas of a workbook, each where it stands, and every other cell's value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from vidcost_xl.errors import EXCEL_ERRORS, ExcelError
from vidcost_xl.sheets.cells import Cell, read_cells
from vidcost_xl.sheets.package import CellValue
from vidcost_xl.sheets.parts import Book
from vidcost_xl.sheets.references import Place, Reference
from vidcost_xl.sheets.splice import decoded

#: Sheet, row, column.
Key: TypeAlias = tuple[str, int, int]

_EPOCHS: Final = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}


@dataclass(slots=True)
class Entry:
    """A formula and what it fills.

    Parameters
    ----------
    key : tuple
        Sheet, row and column of its first cell.
    cell : Cell
    fills : Reference
        One cell, or what the file says that an array fills.
    array : bool
        Whether it is an array formula, dynamic or not.
    source : str
        Its text; of a shared formula the text of the first cell.
    place : Place
    reason : str
        Why it is not computed, from its form alone.
    """

    key: Key
    cell: Cell
    fills: Reference
    array: bool
    source: str
    place: Place
    reason: str = ""


@dataclass
class SheetCells:
    """A sheet's part and its cells.

    Parameters
    ----------
    name, part : str
    content : bytes
    cells : list of Cell
    """

    name: str
    part: str
    content: bytes
    cells: list[Cell]
    places: dict[tuple[int, int], Cell] = field(init=False)

    def __post_init__(self) -> None:
        self.places = {(cell.row, cell.column): cell for cell in self.cells}

    @property
    def last_row(self) -> int:
        """The last row with a cell."""
        return max((cell.row for cell in self.cells), default=1)


def read_sheets(book: Book) -> list[SheetCells]:
    """The cells of every worksheet."""
    return [read_sheet_cells(book, name) for name in book.sheets]


def read_sheet_cells(book: Book, name: str) -> SheetCells:
    """The cells of one worksheet."""
    content = book.archive.read(book.sheets[name])
    return SheetCells(name, book.sheets[name], content, read_cells(content, f"{book.archive.name}, sheet {name!r}"))


def read_entries(sheets: list[SheetCells]) -> list[Entry]:
    """Every formula; the cells of a shared formula each have their own entry."""
    found = []
    for sheet in sheets:
        shared: dict[str, Cell] = {}
        found += [_entry(sheet.name, cell, shared) for cell in sheet.cells if cell.formula is not None]
    return found


def _entry(sheet: str, cell: Cell, shared: dict[str, Cell]) -> Entry:
    formula = cell.formula
    assert formula is not None
    row, column = cell.row, cell.column
    single = Reference(sheet, row, column, row, column)
    array = formula.kind == "array"
    fills = Reference(sheet, *formula.area) if formula.area and formula.kind != "shared" else single
    entry = Entry((sheet, row, column), cell, fills, array, formula.text, Place(sheet, row, column))
    if formula.kind == "dataTable":
        entry.reason = "is a what-if data table"
    elif cell.rich:
        entry.reason = "holds linked data or an error with details (vm), which only Excel writes"
    elif not formula.text and formula.shared in shared:
        first = shared[formula.shared]
        entry.source = first.formula.text if first.formula else ""
        entry.place = Place(sheet, row, column, row - first.row, column - first.column)
    elif not formula.text.strip():
        entry.reason = "has an empty formula"
    if formula.kind == "shared" and formula.text:
        shared[formula.shared] = cell
    return entry


def value_of(cell: Cell, texts: list[str], *, from_1904: bool = False) -> CellValue | None:
    """What a cell holds in the file.

    Parameters
    ----------
    cell : Cell
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
            return (datetime.fromisoformat(bare).replace(tzinfo=None) - _EPOCHS[from_1904]) / timedelta(days=1)
        return float(bare) if bare else None
    except (ValueError, IndexError):
        return None


def filled(area: Reference) -> Iterator[tuple[int, int]]:
    """The cells of an area, row by row."""
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            yield row, column


def same(old: CellValue | None, new: Any) -> bool:
    """Whether a cell holds a value already, of the same kind."""
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(old, ExcelError) and isinstance(new, ExcelError):
        return old.code == new.code
    return type(old) is type(new) and bool(old == new)
