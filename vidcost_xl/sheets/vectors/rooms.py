"""Where answers of array formulas may spill to: what they fill now, and the free cells that follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import NamedTuple

from vidcost_xl.sheets.cells import Cell
from vidcost_xl.sheets.entries import Entry, Key, SheetCells, filled
from vidcost_xl.sheets.references import Reference


class Room(NamedTuple):
    """The place of an answer.

    Parameters
    ----------
    area : Reference
        The most that it may fill.
    is_exact : bool
        Whether an answer of another size is not ours to fill in, as in arrays of fixed size.
    clips : bool
        Whether a larger answer is cut off, not left.
    """

    area: Reference
    is_exact: bool = False
    clips: bool = False


def rooms_of(sheets: Iterable[SheetCells], entries: Iterable[Entry], *, clips: bool) -> dict[Key, Room]:
    """The room of each array formula.

    Parameters
    ----------
    sheets : iterable of SheetCells
    entries : iterable of Entry
    clips : bool
        Whether answers that are larger than their room are cut off.

    Returns
    -------
    dict
    """
    by_name = {sheet.name: sheet for sheet in sheets}
    return {
        entry.key: Room(_free(by_name[entry.key[0]], entry), clips=clips)
        if entry.cell.spills
        else Room(entry.fills, is_exact=True)
        for entry in entries
        if entry.array
    }


def _free(sheet: SheetCells, entry: Entry) -> Reference:
    now = entry.fills

    def is_free(row: int, column: int) -> bool:
        cell = sheet.places.get((row, column))
        inside = now.top <= row <= now.bottom and now.left <= column <= now.right
        return inside or (cell is not None and _is_blank(cell))

    bottom = _last(now.bottom, lambda row: is_free(row, now.left))
    right = _last(now.right, lambda column: is_free(now.top, column))
    room = now._replace(bottom=bottom, right=right)
    return room if all(is_free(*place) for place in filled(room)) else now


def _last(start: int, is_free: Callable[[int], bool]) -> int:
    return next(at for at in count(start) if not is_free(at + 1))


def _is_blank(cell: Cell) -> bool:
    return cell.formula is None and not cell.text
