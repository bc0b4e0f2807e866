"""The cells of a workbook as arrays, and where every reference of its formulas points in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Final

import numpy as np

from vidcost_xl.sheets.calc.vectors.batch import Grid
from vidcost_xl.sheets.calc.vectors.families import Family
from vidcost_xl.sheets.calc.vectors.values import BLANK, NUMBER, Texts
from vidcost_xl.sheets.calc.vectors.written import Written
from vidcost_xl.sheets.formulas.references import LAST_COLUMN, Area
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.sheet_cells import SheetCells, value_of
from vidcost_xl.sheets.package.workbook import Workbook

#: Cells of all sheets beyond which a workbook is left to the embedded engine: it holds one that lies far out.
MOST_CELLS: Final = 8_000_000

#: Cells of an area beyond which a formula is left to the embedded engine: whole columns and rows.
MOST_READ: Final = 250_000


@dataclass(frozen=True)
class Loaded:
    """A workbook as arrays.

    Parameters
    ----------
    grid : Grid
    heights : mapping
        Rows by sheet.
    """

    grid: Grid
    heights: Mapping[str, int]

    def start(self, area: Area) -> int:
        """Where an area's first cell is."""
        return self.grid.place(area.sheet, area.top, area.left)

    def holds(self, area: Area) -> bool:
        """Whether an area can be read."""
        height, width = self.heights[area.sheet], self.grid.widths[area.sheet]
        return area.bottom <= height and area.right <= width and area.size[0] * area.size[1] <= MOST_READ


def loaded(
    book: Workbook, sheets: list[SheetCells], members: Iterable[Family], written: Written, filled: Iterable[Area]
) -> Loaded | None:
    """A workbook's cells as arrays.

    Parameters
    ----------
    book : Workbook
    sheets : list of SheetCells
    members : iterable of Family
    written : Written
    filled : iterable of Area
        What arrays fill.

    Returns
    -------
    Loaded, or None
        None where a cell lies so far out that arrays would be too large.
    """
    heights = {sheet.name: sheet.last_row for sheet in sheets}
    widths = {sheet.name: max(map(attrgetter("column"), sheet.cells), default=1) for sheet in sheets}
    for area in chain(filled, *(_reached(family, written) for family in members)):
        name, _, _, bottom, right = area
        is_whole = right == LAST_COLUMN or area.size[0] * area.size[1] > MOST_READ
        if (bottom > heights[name] or right > widths[name]) and not is_whole:
            heights[name], widths[name] = max(heights[name], bottom), max(widths[name], right)
    starts, count = {}, 0
    for name, height in heights.items():
        starts[name] = count
        count += height * widths[name]
    if count > MOST_CELLS:
        return None
    grid = Grid(np.full(count, BLANK, np.uint8), np.zeros(count), Texts(), starts, widths)
    for sheet in sheets:
        _fill(grid, book, sheet)
    return Loaded(grid, heights)


def _reached(family: Family, written: Written) -> Iterator[Area]:
    # What names point at, and what the last copy of each run reads.
    yield from family.pattern.fixed
    for run in family.runs:
        by = run.count - 1
        for text in run.references:
            (name, top, left, bottom, end), right, down = written.pointed(text, family.pattern.place.sheet)
            if run.down:
                yield Area(name, top, left, bottom + by * down, end)
            else:
                yield Area(name, top, left, bottom, end + by * right)


def _fill(grid: Grid, book: Workbook, sheet: SheetCells) -> None:
    start, width = grid.starts[sheet.name], grid.widths[sheet.name]
    plain: list[Cell] = []
    others: list[Cell] = []
    for cell in sheet.cells:
        if cell.text is not None:
            (plain if cell.tag.kind == "n" and cell.text else others).append(cell)
    try:
        numbers = list(map(float, [cell.text or "" for cell in plain]))
    except ValueError:
        plain, others, numbers = [], plain + others, []  # what no program could have meant
    stored = [grid.texts.stored(value_of(cell, book.texts, from_1904=book.settings.from_1904)) for cell in others]
    places = [start + (cell.row - 1) * width + cell.column - 1 for cell in plain + others]
    grid.kind[places] = [NUMBER] * len(plain) + [kind for kind, _ in stored]
    grid.number[places] = numbers + [number for _, number in stored]
