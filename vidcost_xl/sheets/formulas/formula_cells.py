"""The formulas of a workbook, each where it stands, and every other cell's value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from vidcost_xl.sheets.formulas.references import Area, Place
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.sheet_cells import SheetCells

#: Sheet, row, column.
Key: TypeAlias = tuple[str, int, int]


def _fills(entry: FormulaCell) -> Area:
    sheet, row, column = entry.key
    return (entry.kept and entry.kept[0]) or Area(sheet, row, column, row, column)


def _fill(entry: FormulaCell, fills: Area) -> None:
    entry.kept = fills, entry.place


def _place(entry: FormulaCell) -> Place:
    return (entry.kept and entry.kept[1]) or Place(*entry.key)


# Fields to whoever reads or replaces them, that nearly every formula need not keep.
_FILLS: Any = property(_fills, _fill)
_PLACE: Any = property(_place)


@dataclass(init=False)
class FormulaCell:
    """A formula and what it fills.

    Parameters
    ----------
    key : tuple
        Sheet, row and column of its first cell.
    cell : Cell
    array : bool
        Whether it is an array formula, dynamic or not.
    source : str
        Its text; of a shared formula the text of the first cell.
    reason : str
        Why it is not computed, from its form alone.
    fills : Area
        What the file says that an array fills; where not given, the cell it stands in.
    place : Place
        Where not given, it stands where it was written.
    """

    __slots__ = ("array", "cell", "kept", "key", "reason", "source")

    key: Key
    cell: Cell
    array: bool
    source: str
    reason: str
    fills: Area = _FILLS
    place: Place = _PLACE

    def __init__(  # noqa: PLR0913, PLR0917 - one for each field
        self,
        key: Key,
        cell: Cell,
        fills: Area | None = None,
        array: bool = False,
        source: str = "",
        place: Place | None = None,
        reason: str = "",
    ) -> None:
        self.key = key
        self.cell = cell
        self.array = array
        self.source = source
        self.reason = reason
        self.kept = (fills, place) if fills or place else None

    @property
    def stands_alone(self) -> bool:
        """Whether its text is not that of an ordinary formula where it stands: arrays, shared formulas, data tables."""
        return self.kept is not None or self.array or bool(self.reason)


def read_formula_cells(sheets: list[SheetCells]) -> list[FormulaCell]:
    """Every formula; the cells of a shared formula each have their own entry."""
    found = []
    for sheet in sheets:
        name = sheet.name
        shared: dict[str, Cell] = {}
        found += [
            FormulaCell((name, cell.row, cell.column), cell, None, False, written)
            if isinstance(written, str) and not cell.tag.rich and written.strip()
            else _entry(name, cell, shared)
            for cell in sheet.cells
            if (written := cell.written) is not None
        ]
    return found


def _entry(sheet: str, cell: Cell, shared: dict[str, Cell]) -> FormulaCell:
    formula = cell.formula
    assert formula is not None
    row, column = cell.row, cell.column
    fills = Area(sheet, *formula.area) if formula.area and formula.kind != "shared" else None
    source, place, reason = formula.text, None, ""
    if formula.kind == "dataTable":
        reason = "is a what-if data table"
    elif cell.rich:
        reason = "holds linked data or an error with details (vm), which only Excel writes"
    elif not formula.text and formula.shared in shared:
        first = shared[formula.shared]
        source = first.formula.text if first.formula else ""
        place = Place(sheet, row, column, row - first.row, column - first.column)
    elif not formula.text.strip():
        reason = "has an empty formula"
    if formula.kind == "shared" and formula.text:
        shared[formula.shared] = cell
    return FormulaCell((sheet, row, column), cell, fills, formula.kind == "array", source, place, reason)


def filled(area: Area) -> Iterator[tuple[int, int]]:
    """The cells of an area, row by row."""
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            yield row, column
