"""The cells of a workbook as arrays, and where every reference of its formulas points in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidcost_xl.sheets.entries import SheetCells, value_of
from vidcost_xl.sheets.parts import Book
from vidcost_xl.sheets.references import Reference
from vidcost_xl.sheets.vectors.batch import Grid
from vidcost_xl.sheets.vectors.families import Family
from vidcost_xl.sheets.vectors.values import BLANK, NUMBER, Texts
from vidcost_xl.sheets.vectors.written import Written

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

    def start(self, area: Reference) -> int:
        """Where an area's first cell is."""
        return self.grid.place(area.sheet, area.top, area.left)

    def holds(self, area: Reference) -> bool:
        """Whether an area can be read."""
        height, width = self.heights[area.sheet], self.grid.widths[area.sheet]
        return area.bottom <= height and area.right <= width and area.size[0] * area.size[1] <= MOST_READ


def loaded(
    book: Book, sheets: list[SheetCells], members: Iterable[Family], written: Written, filled: Iterable[Reference]
) -> Loaded | None:
    """A workbook's cells as arrays.

    Parameters
    ----------
    book : Book
    sheets : list of SheetCells
    members : iterable of Family
    written : Written
    filled : iterable of Reference
        What arrays fill.

    Returns
    -------
    Loaded, or None
        None where a cell lies so far out that arrays would be too large.
    """
    reached = [*filled, *(area for family in members for area in _reached(family, written))]
    heights = {sheet.name: sheet.last_row for sheet in sheets}
    widths = {sheet.name: max((cell.column for cell in sheet.cells), default=1) for sheet in sheets}
    for area in reached:
        if area.size[0] * area.size[1] <= MOST_READ:
            heights[area.sheet] = max(heights[area.sheet], area.bottom)
            widths[area.sheet] = max(widths[area.sheet], area.right)
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


def _reached(family: Family, written: Written) -> Iterator[Reference]:
    # What names point at, and what the last copy of each run reads.
    yield from family.pattern.fixed
    for run in family.runs:
        by = run.count - 1
        for text in run.references:
            area, right, down = written.pointed(text, family.pattern.place.sheet)
            if run.down:
                yield area._replace(bottom=area.bottom + by * down)
            else:
                yield area._replace(right=area.right + by * right)


def _fill(grid: Grid, book: Book, sheet: SheetCells) -> None:
    start, width, texts = grid.starts[sheet.name], grid.widths[sheet.name], book.texts
    places, kinds, found = [], [], []
    for cell in sheet.cells:
        text = cell.text
        if text is None:
            continue
        if cell.kind == "n" and text:
            try:
                number, kind = float(text), NUMBER
            except ValueError:
                continue
        else:
            kind, number = grid.texts.stored(value_of(cell, texts, from_1904=book.settings.from_1904))
        places.append(start + (cell.row - 1) * width + cell.column - 1)
        kinds.append(kind)
        found.append(number)
    grid.kind[places] = kinds
    grid.number[places] = found
