"""Two tables of amounts and their difference in whole cents that add up along both margins.

Rounding each cell for itself leaves a sum of cells some cents away from its own amount, and making it good along one
margin leaves the other so (the problem of controlled rounding: L. H. Cox, "A constructive procedure for unbiased
controlled rounding", Journal of the American Statistical Association 82, 1987). Here each cell is the whole cent below
or above its amount, chosen by moves that bring rows, columns and the whole nearer to their own amounts: the whole to
its own cent, rows and columns to less than a cent, or little more where many cells are bound. A cell of 0 stays 0, and
a cell that is the same in both tables stays the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.analysis.cents import Cents, to_cents, unrounded
from vidcost_xl.model.lines import Array

#: The whole counts more than any row or column: it is the one figure that everybody knows.
_WHOLE: Final = 100.0
#: Of moves that help the margins as much, that of the cell whose amount is nearest to half a cent.
_CELL: Final = 1e-3
#: So many cells are moved together at most.
_TOGETHER: Final = 5
#: Searches for such moves a row and column, so that a large table takes no minutes.
_SEARCHES: Final = 10
#: Less than this is no improvement.
_LEAST: Final = 1e-6


def both_in_cents(old: Array, new: Array) -> tuple[Cents, Cents]:
    """Two tables in whole cents.

    Parameters
    ----------
    old, new : ndarray, (row, column)
        Amounts.
    """
    before, after = _Table.of(old), _Table.of(new)
    same = unrounded(old) == unrounded(new)
    # A cell that is the same in both moves in both.
    kinds = [_Kind((before, after), same), _Kind((before,), ~same), _Kind((after,), ~same)]
    for _ in range(_SEARCHES * sum(old.shape)):
        while _one_moves(kinds):
            pass
        if max(before.worst, after.worst) < 1.0 or not _some_move(kinds):
            break
    return before.cents, after.cents


def _one_moves(kinds: Sequence[_Kind]) -> bool:
    """Move the cell that helps most to its other side, if any does."""
    gain, kind, cell = max((kind.best() for kind in kinds), key=lambda move: move[0])
    if gain > _LEAST:
        kind.move(cell)
    return gain > _LEAST


def _some_move(kinds: Sequence[_Kind]) -> bool:
    """Move a few cells that help only together, such as one up and one down, which leaves the whole alone."""
    for first in kinds:
        others = [kind for kind in kinds if kind is not first]
        for side, followers in product((first.up.copy(), ~first.up), (kinds, others)):
            rest = np.ones(side.shape, dtype=bool)
            moved: list[tuple[_Kind, _Cell]] = []
            whole, (gain, kind, cell) = 0.0, first.best(side)
            while len(moved) < _TOGETHER and not np.isneginf(gain):
                kind.move(cell)
                moved.append((kind, cell))
                whole += gain
                if whole > _LEAST:
                    return True
                rest[cell] = False
                gain, kind, cell = max((each.best(rest) for each in followers), key=lambda move: move[0])
            for kind, cell in moved:
                kind.move(cell)
    return False


_Cell = tuple[int, int]


@dataclass(frozen=True, eq=False)
class _Kind:
    # Cells that move in the same tables.
    tables: tuple[_Table, ...]
    cells: NDArray[np.bool_]

    @property
    def up(self) -> NDArray[np.bool_]:
        return self.tables[0].up

    def best(self, among: NDArray[np.bool_] | bool = True) -> tuple[float, _Kind, _Cell]:
        gains = np.where(self.cells & among, sum(table.gain() for table in self.tables), -np.inf)
        if not gains.size:
            return -np.inf, self, (0, 0)
        row, column = divmod(int(gains.argmax()), gains.shape[1])
        return float(gains[row, column]), self, (row, column)

    def move(self, cell: _Cell) -> None:
        for table in self.tables:
            table.move(*cell)


@dataclass(eq=False)
class _Table:
    # What is above its amount, in cents: of rows, columns and the whole; each cell is `below` or one more.
    below: Cents
    part: Array
    free: NDArray[np.bool_]
    up: NDArray[np.bool_]
    rows: Array
    columns: Array
    whole: float

    @classmethod
    def of(cls, amounts: Array) -> _Table:
        exact = unrounded(amounts)
        below = np.floor(exact)
        part = exact - below
        up = to_cents(amounts) > below
        over = up - part
        rows, columns = over.sum(axis=1), over.sum(axis=0)
        return cls(below.astype(np.int64), part, part > 0, up, rows, columns, float(over.sum()))

    @property
    def cents(self) -> Cents:
        cents: Cents = self.below + self.up
        return cents

    @property
    def worst(self) -> float:
        """Cents that a row or column is away from its amount, at most; of the whole, half cents."""
        margins = np.concatenate([self.rows, self.columns, [2.0 * self.whole - 2.0 * _LEAST * np.sign(self.whole)]])
        return float(np.abs(margins).max())

    def gain(self) -> Array:
        """How much the squares of what is too much would shrink if a cell moved to its other side."""
        step = np.where(self.up, -1.0, 1.0)
        margins = self.rows[:, np.newaxis] + self.columns + _WHOLE * self.whole
        nearer = _CELL * np.where(self.up, 1.0 - 2.0 * self.part, 2.0 * self.part - 1.0)
        return np.where(self.free, -2.0 * step * margins - (2.0 + _WHOLE) + nearer, -np.inf)

    def move(self, row: int, column: int) -> None:
        step = -1 if self.up[row, column] else 1
        self.up[row, column] = step > 0
        self.rows[row] += step
        self.columns[column] += step
        self.whole += step


def effects_in_cents(effects: Array, change: Cents) -> Cents:
    """Effects in whole cents that add up to the change of each cell.

    Parameters
    ----------
    effects : ndarray, (effect, row, column)
        Amounts; an effect of 0 stays 0.
    change : ndarray of int, (row, column)
        Cents.

    Returns
    -------
    ndarray of int, (effect, row, column)
        Where a cell has several effects, what is over goes to those that came out too small so far in the row, the
        column and the whole.
    """
    exact = unrounded(effects)
    cents = np.zeros(effects.shape, dtype=np.int64)
    owed_row, owed_column = np.zeros(effects.shape[:2]), np.zeros(effects.shape[::2])
    owed = np.zeros(len(effects))
    live = exact != 0
    # Cells with one effect have no choice; what they leave is made good by the others.
    single = live.sum(axis=0) <= 1
    largest = np.argmax(np.abs(exact), axis=0)
    np.put_along_axis(cents, largest[np.newaxis], np.where(single, change, 0)[np.newaxis], axis=0)
    left = np.where(single, exact - cents, 0.0)
    owed_row, owed_column, owed = left.sum(axis=2), left.sum(axis=1), left.sum(axis=(1, 2))
    for row, column in np.argwhere(~single):
        which = np.flatnonzero(live[:, row, column])
        amounts = exact[which, row, column]
        below = np.floor(amounts)
        over = int(change[row, column] - below.sum())
        everyone, some = divmod(over, len(which))
        want = amounts - below + owed_row[which, row] + owed_column[which, column] + owed[which]
        given = below + everyone
        given[np.argsort(-want, kind="stable")[:some]] += 1
        cents[which, row, column] = given
        for each in (owed_row[:, row], owed_column[:, column], owed):
            each[which] += amounts - given
    return cents
