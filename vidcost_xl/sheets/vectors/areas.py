"""What a formula reads: constants, and areas of cells that lie elsewhere for every copy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.sheets.vectors.batch import Batch, Expression
from vidcost_xl.sheets.vectors.values import Vector


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
        return batch.grid.at(self.first(batch) + self.offsets)

    def first(self, batch: Batch) -> NDArray[np.int64]:
        """Where the first cell is, by copy."""
        places = batch.places[:1, self.slot] if batch.fixed[self.slot] else batch.places[:, self.slot]
        return places[:, None, None]

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """Where each cell is, from the first one on."""
        return np.arange(self.rows)[:, None] * self.width + np.arange(self.columns)


def may_refer(expression: Expression) -> bool:
    """Whether a value may be that of a cell, in which functions of areas pass over texts and truth values."""
    return getattr(expression, "name", "") in {"IF", "IFERROR", "INDEX"}


def is_area(expression: Expression) -> bool:
    """Whether an argument is a reference to cells."""
    return isinstance(expression, Area)
