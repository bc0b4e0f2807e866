"""What a formula reads: constants, and areas of cells that lie elsewhere for every copy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.sheets.calc.vectors.batch import Batch, Expression
from vidcost_xl.sheets.calc.vectors.values import Vector


@dataclass(frozen=True)
class Constant:
    """The same value in every copy.

    Parameters
    ----------
    value : Vector
    omitted : bool
        Whether it stands for an argument left out.
    """

    value: Vector
    omitted: bool = False

    def of(self, batch: Batch) -> Vector:
        """Its value."""
        del batch
        return self.value


@dataclass(frozen=True)
class Area:
    """Cells of a sheet.

    Parameters
    ----------
    slot : int
        Which reference of a formula.
    rows, columns : int
    width : int
        Cells in a row of the sheet.
    """

    slot: int
    rows: int
    columns: int
    width: int

    def of(self, batch: Batch) -> Vector:
        """What stands in them."""
        shape = self.rows, self.columns
        return batch.grid.at(self.first(batch) + offsets(*shape, self.width).reshape(shape))

    def first(self, batch: Batch) -> NDArray[np.int64]:
        """Where the first cell is, by copy."""
        places = batch.places[:1, self.slot] if batch.fixed[self.slot] else batch.places[:, self.slot]
        return places[:, None, None]


@lru_cache(maxsize=64)  # of running totals every copy has an area of its own size: they do not fit in memory together
def offsets(rows: int, columns: int, width: int) -> NDArray[np.int64]:
    """Where the cells of an area are, row by row, from the first one on.

    Examples
    --------
    >>> offsets(2, 2, 10).tolist()
    [0, 1, 10, 11]
    """
    return (np.arange(rows)[:, None] * width + np.arange(columns)).ravel()


def may_refer(expression: Expression) -> bool:
    """Whether a value may be that of a cell, in which functions of areas pass over texts and truth values."""
    return getattr(expression, "name", "") in {"IF", "IFERROR", "INDEX"}


def is_area(expression: Expression) -> bool:
    """Whether an argument is a reference to cells."""
    return isinstance(expression, Area)
