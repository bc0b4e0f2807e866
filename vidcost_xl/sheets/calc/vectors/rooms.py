"""Where answers of array formulas may spill to: what they fill now, and the free cells that follow."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import count
from typing import NamedTuple

from vidcost_xl.sheets.formulas.formula_cells import FormulaCell, Key, filled
from vidcost_xl.sheets.formulas.references import Area
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.sheet_cells import SheetCells


class Room(NamedTuple):
    """The place of an answer.

    Parameters
    ----------
    area : Area
        The most that it may fill.
    is_exact : bool
        Whether an answer of another size is not ours to fill in, as in arrays of fixed size.
    clips : bool
        Whether a larger answer is cut off, not left.
    beyond : tuple of pairs of int
        Rows and columns of free cells outside of the area, that a larger answer may spill into where it is left.
    is_shared : bool
        Whether another answer may spill into the same cells: which of them gets there is Excel's to find.
    """

    area: Area
    is_exact: bool = False
    clips: bool = False
    beyond: tuple[tuple[int, int], ...] = ()
    is_shared: bool = False

    @property
    def places(self) -> list[tuple[int, int]]:
        """Every cell that an answer may reach, those of the area first."""
        return [*filled(self.area), *self.beyond]


def rooms_of(sheets: Iterable[SheetCells], entries: Iterable[FormulaCell], *, clips: bool) -> dict[Key, Room]:
    """The room of each array formula.

    Parameters
    ----------
    sheets : iterable of SheetCells
    entries : iterable of FormulaCell
    clips : bool
        Whether answers that are larger than their room are cut off.

    Returns
    -------
    dict
    """
    by_name = {sheet.name: sheet for sheet in sheets}
    rooms = {
        entry.key: _room(by_name[entry.key[0]], entry, clips=clips)
        if entry.cell.spills
        else Room(entry.fills, is_exact=True)
        for entry in entries
        if entry.array
    }
    claims = Counter((key[0], *place) for key, room in rooms.items() for place in room.places)
    return {
        key: room._replace(is_shared=any(claims[key[0], *place] > 1 for place in room.places))
        for key, room in rooms.items()
    }


def _room(sheet: SheetCells, entry: FormulaCell, *, clips: bool) -> Room:
    now = entry.fills

    def is_free(row: int, column: int) -> bool:
        cell = sheet.places.get((row, column))
        inside = now.top <= row <= now.bottom and now.left <= column <= now.right
        return inside or (cell is not None and _is_blank(cell))

    bottom = _last(now.bottom, lambda row: is_free(row, now.left))
    right = _last(now.right, lambda column: is_free(now.top, column))
    most = now._replace(bottom=bottom, right=right)
    free = [place for place in filled(most) if is_free(*place)]
    if len(free) == math.prod(most.size):
        return Room(most, clips=clips)
    present = set(filled(now))
    return Room(now, clips=clips, beyond=tuple(place for place in free if place not in present))


def _last(start: int, is_free: Callable[[int], bool]) -> int:
    return next(at for at in count(start) if not is_free(at + 1))


def _is_blank(cell: Cell) -> bool:
    return cell.formula is None and not cell.text
