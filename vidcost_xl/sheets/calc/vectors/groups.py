"""Copies of a formula that are computed in one step, and what they read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.sheets.calc.vectors.areas import offsets
from vidcost_xl.sheets.calc.vectors.batch import Expression, Unsupported
from vidcost_xl.sheets.calc.vectors.compiler import Compiler
from vidcost_xl.sheets.calc.vectors.families import Family, Run
from vidcost_xl.sheets.calc.vectors.loading import Loaded
from vidcost_xl.sheets.calc.vectors.order import Places
from vidcost_xl.sheets.calc.vectors.rooms import Room
from vidcost_xl.sheets.calc.vectors.written import Written
from vidcost_xl.sheets.formulas.formula_cells import Key

#: Values of one area that are held at once for all copies.
CHUNK: Final = 2_000_000


@dataclass(frozen=True)
class Group:
    """Copies of a formula.

    Parameters
    ----------
    expression : Expression
    cells : array of int
        Where they stand.
    starts : array of int
        By copy and reference, where the first cell of what it reads is.
    sizes : tuple
        By reference, its rows and columns, and how many cells a row of its sheet has.
    rows : array of int
        A number for each row of each sheet.
    fills : array of int
        Where the cells of an answer are from the formula on; itself alone for most.
    room : Room, optional
        Of an answer that may spill.
    """

    expression: Expression
    cells: Places
    starts: Places
    sizes: tuple[tuple[int, int, int], ...]
    rows: Places
    fills: Places
    room: Room | None = None

    def part(self, copies: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Group:
        """Some of the copies."""
        return Group(
            self.expression,
            self.cells[copies],
            self.starts[copies],
            self.sizes,
            self.rows[copies],
            self.fills,
            self.room,
        )

    def pieces(self) -> Iterator[Group]:
        """The copies in parts whose areas are not too many to be held at once."""
        largest = max((rows * columns for rows, columns, _ in self.sizes), default=1)
        length = max(CHUNK // largest, 1)
        if len(self.cells) <= length:
            yield self
            return
        for start in range(0, len(self.cells), length):
            yield self.part(slice(start, start + length))

    def reads(self) -> Iterator[Places]:
        """What is read, by reference: cells by copy, or once where all copies read the same."""
        for slot, size in enumerate(self.sizes):
            starts = self.starts[:, slot]
            if len(starts) > 1 and (starts == starts[0]).all():
                starts = starts[:1]
            yield starts[:, None] + offsets(*size)

    @property
    def filled(self) -> Places:
        """Every cell that a copy fills."""
        if self.room is None:
            return self.cells
        return (self.cells[:, None] + self.fills[None, :]).ravel()


def groups_of(family: Family, found: Loaded, written: Written, rooms: Mapping[Key, Room]) -> list[Group]:
    """A family ready to be computed.

    Parameters
    ----------
    family : Family
    found : Loaded
    written : Written
    rooms : mapping
        Where answers of array formulas may spill to.

    Returns
    -------
    list of Group
        One, or one a formula where answers spill.

    Raises
    ------
    Unsupported
        For a formula that is not computed here.
    """
    pattern, grid = family.pattern, found.grid
    sheet = pattern.place.sheet
    compiler = Compiler(written.resolver, pattern.place, pattern.array, pattern.found, grid.widths, grid.texts)
    expression = compiler.expression(pattern.node)
    read = [*(written.pointed(text, sheet).area for text in family.runs[0].references), *compiler.named]
    if not all(found.holds(area) for area in read):
        raise Unsupported
    width = grid.widths[sheet]
    counts = np.array([run.count for run in family.runs])
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    firsts = np.array([grid.place(sheet, run.row, run.column) for run in family.runs])
    steps = np.array([width if run.down else 1 for run in family.runs])
    cells = np.repeat(firsts, counts) + step * np.repeat(steps, counts)
    moves = [_moves(run, sheet, found, written) for run in family.runs]
    starts = np.array([move[0] for move in moves], np.int64).reshape(len(moves), -1)
    shifts = np.array([move[1] for move in moves], np.int64).reshape(len(moves), -1)
    starts = np.repeat(starts, counts, axis=0) + step[:, None] * np.repeat(shifts, counts, axis=0)
    named = np.array([found.start(area) for area in compiler.named], np.int64)
    starts = np.concatenate([starts, np.broadcast_to(named, (len(cells), len(named)))], axis=1)
    group = Group(
        expression,
        cells,
        starts,
        tuple((*area.size, grid.widths[area.sheet]) for area in read),
        grid.starts[sheet] + (cells - grid.starts[sheet]) // width,
        np.zeros(1, np.int64),
    )
    if not pattern.array:
        return [group]
    return [_filling(group.part(np.array([at])), rooms[key], width) for at, key in enumerate(family.keys)]


def _moves(run: Run, sheet: str, found: Loaded, written: Written) -> tuple[list[int], list[int]]:
    # By reference, where it starts in the first copy, and how far on in the next.
    starts, shifts = [], []
    for text in run.references:
        area, right, down = written.pointed(text, sheet)
        starts.append(found.start(area))
        shifts.append(down * found.grid.widths[area.sheet] if run.down else right)
    return starts, shifts


def _filling(group: Group, room: Room, width: int) -> Group:
    top, left = room.area.top, room.area.left
    beyond = [(row - top) * width + column - left for row, column in room.beyond]
    fills = np.append(offsets(*room.area.size, width), np.array(beyond, np.int64))
    return replace(group, fills=fills, room=room)
