"""A workbook's formulas computed pattern by pattern.

A pattern whose copies read none of their own kind is computed in one step. Patterns that
read each other are split by row, and rows that read each other, such as the balances of a
corkscrew, are computed month by month. What is not certain here, and what reads it, is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.sheets.calc.vectors.batch import Batch, Grid, Unsupported
from vidcost_xl.sheets.calc.vectors.families import Families
from vidcost_xl.sheets.calc.vectors.groups import Group, groups_of
from vidcost_xl.sheets.calc.vectors.loading import Loaded
from vidcost_xl.sheets.calc.vectors.order import Places, layers, levels
from vidcost_xl.sheets.calc.vectors.rooms import Room
from vidcost_xl.sheets.calc.vectors.values import BLANK, NUMBER, Kinds, Numbers, Vector
from vidcost_xl.sheets.calc.vectors.written import Written
from vidcost_xl.sheets.formulas.formula_cells import Key
from vidcost_xl.sheets.package.parts import CellValue

#: Reads within rows that depend on each other beyond which these are left.
MOST_EDGES: Final = 20_000_000

#: Numbers that are sooner counted one by one than sorted.
FEW: Final = 200


@dataclass
class Computed:
    """What was computed.

    Parameters
    ----------
    grid : Grid
        Every cell, with its new value where it was computed.
    kind, number : arrays
        What the file has.
    taken : array of bool
        Cells that were computed; of an answer all that it may fill.
    is_partial : bool
        Whether formulas were left.
    """

    grid: Grid
    kind: Kinds
    number: Numbers
    taken: NDArray[np.bool_] = field(init=False)
    is_partial: bool = False

    def __post_init__(self) -> None:
        self.taken = np.zeros(len(self.kind), bool)

    def has(self, key: Key) -> bool:
        """Whether a cell was computed."""
        return bool(self.taken[self.grid.place(*key)])

    def value(self, key: Key) -> CellValue | None:
        """What a cell holds now."""
        place = self.grid.place(*key)
        return self.grid.texts.cell(int(self.grid.kind[place]), float(self.grid.number[place]))

    def changed(self, sheet: str) -> list[tuple[int, int]]:
        """The rows and columns of cells of a sheet whose value is another one than in the file."""
        grid = self.grid
        start, width = grid.starts[sheet], grid.widths[sheet]
        end = min((other for other in grid.starts.values() if other > start), default=len(grid.kind))
        part = slice(start, end)
        differs = (grid.kind[part] != self.kind[part]) | (grid.number[part] != self.number[part])
        places = np.flatnonzero(self.taken[part] & differs).tolist()
        return [(place // width + 1, place % width + 1) for place in places]


def compute(cells: Loaded, found: Families, written: Written, rooms: Mapping[Key, Room]) -> Computed:
    """Compute what can be computed here.

    Parameters
    ----------
    cells : Loaded
    found : Families
    written : Written
    rooms : mapping
        Where answers of array formulas may spill to.

    Returns
    -------
    Computed
    """
    grid = cells.grid
    result = Computed(grid, grid.kind.copy(), grid.number.copy())
    run = _Run(result, np.zeros(len(grid.kind), bool))
    for key in (*found.alone, *found.refused):
        run.leave(_filled(grid, key, rooms))
    groups: list[Group] = []
    for family in found.members:
        try:
            for group in groups_of(family, cells, written, rooms):
                if group.room is not None and group.room.is_shared:
                    run.leave(group.filled)
                else:
                    groups.append(group)
        except Unsupported:
            for key in family.keys:
                run.leave(_filled(grid, key, rooms))
    with np.errstate(all="ignore"):
        run.all(groups)
    return result


def _filled(grid: Grid, key: Key, rooms: Mapping[Key, Room]) -> Places:
    places = rooms[key].places if key in rooms else [key[1:]]
    return np.array([grid.place(key[0], *place) for place in places])


@dataclass
class _Run:
    result: Computed
    untaken: NDArray[np.bool_]

    def leave(self, cells: Places) -> None:
        self.untaken[cells] = True
        self.result.is_partial |= len(cells) > 0

    def all(self, groups: Sequence[Group]) -> None:
        for alone, circular in self._layers(groups):
            for group in alone:
                self.compute(group)
            for rows, balances in self._layers([row for group in circular for row in _by_row(group)]):
                for group in _merged(rows):
                    self.compute(group)
                if balances:
                    self._step_by_step(balances)

    def compute(self, group: Group) -> None:
        """Compute copies, all of whose precedents are done."""
        for piece in group.pieces():
            known = self._known(piece) if self.result.is_partial else piece
            if len(known.cells):
                self._compute(known)

    def _known(self, group: Group) -> Group:
        # What reads nothing that was left; the others are left too.
        bad = np.zeros(len(group.cells), bool)
        for places in group.reads():
            bad |= self.untaken[places].any(axis=1)
        if not bad.any():
            return group
        self.leave(group.part(bad).filled)
        return group.part(~bad)

    def _compute(self, group: Group) -> None:
        fixed = (group.starts == group.starts[:1]).all(axis=0)
        batch = Batch(self.result.grid, group.starts, tuple(fixed.tolist()))
        try:
            value = group.expression.of(batch)
            if group.room is None:
                self._put(group, value)
            else:
                self._spill(group, group.room, value)
        except Unsupported:
            self.leave(group.filled)
            return
        self.result.taken[group.filled] = True
        if batch.doubtful.any():
            left = group.part(batch.doubtful).filled
            self.leave(left)
            self.result.taken[left] = False

    def _put(self, group: Group, value: Vector) -> None:
        if not value.is_single:
            raise Unsupported  # one cell of several, which is Excel's to choose
        grid, kind, number = self.result.grid, value.kind, value.number[:, 0, 0]
        if isinstance(kind, int):
            grid.kind[group.cells] = NUMBER if kind == BLANK else kind
        else:
            # A reference to a blank cell is a 0 in a cell of its own.
            grid.kind[group.cells] = np.where(kind == BLANK, NUMBER, kind)[:, 0, 0]
        grid.number[group.cells] = number + 0.0

    def _spill(self, group: Group, room: Room, value: Vector) -> None:
        shape, most = value.number.shape[1:], room.area.size
        rows, columns = min(shape[0], most[0]), min(shape[1], most[1])
        if (room.is_exact and shape != most) or ((rows, columns) != shape and not room.clips):
            raise Unsupported
        kind, number = np.full(most, BLANK, np.uint8), np.zeros(most)
        kind[:rows, :columns] = np.where(value.kinds[0] == BLANK, NUMBER, value.kinds[0])[:rows, :columns]
        number[:rows, :columns] = value.number[0, :rows, :columns]
        cells = group.filled[: kind.size]
        self.result.grid.kind[cells] = kind.ravel()
        self.result.grid.number[cells] = number.ravel()

    def _layers(self, groups: Sequence[Group]) -> Iterator[tuple[list[Group], list[Group]]]:
        # Groups in the order of computing; apart from the others those that read each other or themselves.
        owner = np.full(len(self.untaken), -1, np.int32)
        for index, group in enumerate(groups):
            owner[group.filled] = index
        reads = []
        for group in groups:
            met: set[int] = set()
            for piece in group.pieces():
                for places in piece.reads():
                    met.update(_distinct(owner[places], len(groups)))
            met.discard(-1)
            reads.append(met)
        for alone, circular in layers(reads):
            yield [groups[index] for index in alone], [groups[index] for index in circular]

    def _step_by_step(self, circle: Sequence[Group]) -> None:
        merged = _merged(circle)
        node = np.full(len(self.untaken), -1, np.int64)
        count = 0
        for group in merged:
            numbers = count + np.arange(len(group.cells))
            node[group.filled] = np.repeat(numbers, len(group.fills))
            count += len(group.cells)
        if sum(len(group.cells) * rows * columns for group in merged for rows, columns, _ in group.sizes) > MOST_EDGES:
            self.leave(np.flatnonzero(node >= 0))
            return
        sources, targets = _edges(merged, node)
        group_of = np.repeat(np.arange(len(merged)), [len(group.cells) for group in merged])
        copy_of = np.concatenate([np.arange(len(group.cells)) for group in merged])
        done = np.zeros(count, bool)
        for step in levels(count, sources, targets):
            done[step] = True
            for index in np.unique(group_of[step]):
                self.compute(merged[index].part(copy_of[step[group_of[step] == index]]))
        for index, group in enumerate(merged):
            self.leave(group.part(~done[group_of == index]).filled)  # circular


def _distinct(owners: NDArray[np.int32], count: int) -> list[int]:
    # -1 for none of them is among them or not; nobody asks.
    if owners.size <= max(FEW, count):
        return (owners if owners.size <= FEW else np.unique(owners)).ravel().tolist()
    is_met = np.zeros(count + 1, bool)
    is_met[owners] = True  # -1 is the last one
    return np.flatnonzero(is_met[:-1]).tolist()


def _by_row(group: Group) -> list[Group]:
    rows, which = np.unique(group.rows, return_inverse=True)
    if len(rows) == 1:
        return [group]
    order = np.argsort(which, kind="stable")
    ends = np.searchsorted(which[order], np.arange(len(rows) + 1))
    return [group.part(order[start:end]) for start, end in pairwise(ends)]


def _merged(groups: Sequence[Group]) -> list[Group]:
    # The rows of one pattern together again: in a step they are computed at once.
    by_pattern: dict[tuple[int, Room | None], list[Group]] = {}
    for group in groups:
        by_pattern.setdefault((id(group.expression), group.room), []).append(group)
    return [_joined(each) for each in by_pattern.values()]


def _joined(groups: list[Group]) -> Group:
    first = groups[0]
    return Group(
        first.expression,
        np.concatenate([group.cells for group in groups]),
        np.concatenate([group.starts for group in groups]),
        first.sizes,
        np.concatenate([group.rows for group in groups]),
        first.fills,
        first.room,
    )


def _edges(groups: Sequence[Group], node: Places) -> tuple[Places, Places]:
    sources, targets = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    count = 0
    for group in groups:
        numbers = count + np.arange(len(group.cells))
        count += len(group.cells)
        for places in group.reads():
            read = np.broadcast_to(node[places], (len(numbers), places.shape[1]))
            inside = read >= 0
            sources.append(read[inside])
            targets.append(np.broadcast_to(numbers[:, None], read.shape)[inside])
    return np.concatenate(sources), np.concatenate(targets)
