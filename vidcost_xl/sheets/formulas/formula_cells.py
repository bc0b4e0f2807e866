"""The formulas of a workbook, each where it stands, and every other cell's value."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from sys import intern
from typing import TypeAlias

from vidcost_xl.areas import Area, Place
from vidcost_xl.sheets.formulas.copies import taken_apart
from vidcost_xl.sheets.formulas.filled_right import FilledRight
from vidcost_xl.sheets.formulas.resolver import Standing
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.sheet_cells import SheetCells

#: What stands between the references of a formula, and the references.
Apart: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(slots=True)
class FormulaCell:
    """A formula and what it fills.

    Parameters
    ----------
    key : tuple
        Sheet, row and column of its first cell.
    fills : Area
        One cell, or what the file says that an array fills.
    array : bool
        Whether it is an array formula, dynamic or not.
    source : str
        Its text; of a shared formula the text of the first cell.
    place : Standing
        Where it stands, and how far from where its text was written.
    reason : str
        Why it is not computed, from its form alone.
    first : FormulaCell, optional
        Of a later cell of a shared formula: the cell that holds its text.
    canonical : str, optional
        As `view.canonical` says, where that was asked for.
    """

    key: Place
    cell: Cell
    fills: Area
    array: bool
    source: str
    place: Standing
    reason: str = ""
    first: FormulaCell | None = field(default=None, repr=False, compare=False)
    canonical: str | None = field(default=None, init=False, repr=False, compare=False)
    _apart: Apart | None = field(default=None, init=False, repr=False, compare=False)
    _filled_right: FilledRight | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def apart(self) -> Apart:
        """What stands between the references to cells of its text, and these; taken apart once, as many ask."""
        found = self._apart
        if found is None and self.first is not None:
            found = self._apart = self.first.apart
        if found is None:
            between, references = taken_apart(self.source)
            found = self._apart = between, tuple(map(intern, references))  # many formulas read one cell
        return found

    @property
    def filled_right(self) -> FilledRight:
        """Its references in the cells to the right that share it."""
        if self._filled_right is None:
            self._filled_right = FilledRight(self.apart[1])
        return self._filled_right


def read_formula_cells(sheets: list[SheetCells]) -> list[FormulaCell]:
    """Every formula; the cells of a shared formula each have their own entry."""
    found = []
    for sheet in sheets:
        shared: dict[str, FormulaCell] = {}
        found += [_entry(sheet.name, cell, shared) for cell in sheet.cells if cell.formula is not None]
    return found


def _entry(sheet: str, cell: Cell, shared: dict[str, FormulaCell]) -> FormulaCell:
    formula, first = cell.formula, None
    assert formula is not None
    row, column = cell.row, cell.column
    bounds = formula.area if formula.area and formula.kind != "shared" else (row, column, row, column)
    source, place, reason = formula.text, Standing(sheet, row, column), ""
    if formula.kind == "dataTable":
        reason = "is a what-if data table"
    elif cell.rich:
        reason = "holds linked data or an error with details (vm), which only Excel writes"
    elif not formula.text and formula.shared in shared:
        first = shared[formula.shared]
        source, (_, top, left) = first.source, first.key
        place = Standing(sheet, row, column, row - top, column - left)
    elif not formula.text.strip():
        reason = "has an empty formula"
    array = formula.kind == "array"
    entry = FormulaCell((sheet, row, column), cell, Area(sheet, *bounds), array, source, place, reason, first)
    if formula.kind == "shared" and formula.text:
        shared[formula.shared] = entry
    return entry


def orphaned(entries: Iterable[FormulaCell], gone: Container[Place]) -> list[FormulaCell]:
    """The formulas that stay but have no text in the file once those of some cells are gone: each needs its own."""
    return [entry for entry in entries if entry.first and entry.first.key in gone and entry.key not in gone]


def filled(area: Area) -> Iterator[tuple[int, int]]:
    """The cells of an area, row by row."""
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            yield row, column
