"""Copies of one formula while they are computed, and what is known of the cells that they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.sheets.calc.vectors.values import (
    BLANK,
    CODES,
    ERROR,
    LOGICAL,
    NUMBER,
    TEXT,
    Kinds,
    Mask,
    Numbers,
    Texts,
    Vector,
)


class Unsupported(Exception):  # noqa: N818 - a verdict about a formula, not a failure
    """A formula that is not computed here; the embedded engine computes it."""


@dataclass
class Grid:
    """Every cell of a workbook, sheet behind sheet, row behind row.

    Parameters
    ----------
    kind : array of int
    number : array of float
    texts : Texts
    starts, widths : mapping
        By sheet, where its first cell is, and how many cells a row has.
    """

    kind: Kinds
    number: Numbers
    texts: Texts
    starts: Mapping[str, int]
    widths: Mapping[str, int]

    def place(self, sheet: str, row: int, column: int) -> int:
        """Where a cell is."""
        return self.starts[sheet] + (row - 1) * self.widths[sheet] + column - 1

    def at(self, places: NDArray[np.int64]) -> Vector:
        """What stands in cells."""
        kind = self.kind[places]
        first: int = kind.item(0)
        if (kind == first).all():
            return Vector(first, self.number[places])
        return Vector(kind, self.number[places])


@dataclass
class Batch:
    """Copies of a formula.

    Parameters
    ----------
    grid : Grid
    places : array of int
        By copy and reference, where the first cell of what it reads is.
    fixed : tuple of bool
        For each reference, whether all copies read the same.
    doubtful : array of bool
        By copy, whether Excel's own result is not certain here.
    """

    grid: Grid
    places: NDArray[np.int64]
    fixed: tuple[bool, ...]
    doubtful: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.doubtful = np.zeros(self.count, bool)

    @property
    def count(self) -> int:
        """How many copies."""
        return len(self.places)

    @property
    def texts(self) -> Texts:
        """Every text of the workbook."""
        return self.grid.texts

    def doubt(self, where: Mask) -> None:
        """Leave the copies to the embedded engine for which any of `where` holds."""
        if where.any():
            self.doubtful = self.doubtful | where.reshape(len(where), -1).any(axis=1)

    def only_for(self, copies: Mask, expression: Expression) -> Vector:
        """A value that matters to some of the copies only: what is doubtful about it for the others is not."""
        before, self.doubtful = self.doubtful, np.zeros(self.count, bool)
        value = expression.of(self)
        self.doubtful = before | (self.doubtful & copies.reshape(len(copies), -1).any(axis=1))
        return value

    def numeric(self, value: Vector) -> tuple[Numbers, Numbers | None]:
        """Values where numbers are needed: the numbers, and the errors (below zero for none) if there is any."""
        kind = value.kind
        if isinstance(kind, int):
            if kind in {NUMBER, LOGICAL}:
                return value.number, None
            if kind == BLANK:
                return np.zeros_like(value.number), None
        elif not (value.has(TEXT) or value.has(ERROR)):
            return np.where(kind == BLANK, 0.0, value.number), None
        return self._with_faults(value)

    def _with_faults(self, value: Vector) -> tuple[Numbers, Numbers]:
        kinds = value.kinds
        is_text, is_error = kinds == TEXT, kinds == ERROR
        if is_text.any():
            like = np.zeros(value.number.shape, bool)
            like[is_text] = self.texts.look_like_numbers(value.number[is_text])
            self.doubt(like)
        errors = np.where(is_error, value.number, np.where(is_text, CODES["#VALUE!"], -1.0))
        return np.where((kinds == NUMBER) | (kinds == LOGICAL), value.number, 0.0), errors


class Expression(Protocol):
    """A part of a formula."""

    def of(self, batch: Batch) -> Vector:
        """Its values."""


def either(first: Numbers | None, second: Numbers | None) -> Numbers | None:
    """The errors of two operands: the first one's come first."""
    if first is None or second is None:
        return second if first is None else first
    return np.where(first >= 0, first, second)


def only(arguments: Sequence[Expression]) -> Expression:
    """The one argument of a function; with more or fewer it is nothing that Excel saves."""
    if len(arguments) != 1:
        raise Unsupported
    return arguments[0]
