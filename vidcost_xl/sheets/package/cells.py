"""A cell of a sheet part: what it holds as written, and where its bytes are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from openpyxl.utils.cell import range_boundaries

#: Top, left, bottom, right.
Bounds = tuple[int, int, int, int]


@dataclass(slots=True)
class Formula:
    """A formula as a file has it.

    Parameters
    ----------
    kind : str
        normal, shared, array or dataTable.
    text : str
        Without its equals sign; empty in the later cells of a shared formula.
    area : tuple of int, optional
        Top, left, bottom, right of what it fills or is shared by.
    shared : str
        Number of the shared formula.
    """

    kind: str
    text: str = ""
    area: Bounds | None = None
    shared: str = ""


class Spans(NamedTuple):
    """Where the formula and the value of a cell are.

    Parameters
    ----------
    formula_start, formula_close : int
        Of the tag of its formula, and of the tag that closes it; -1 where there is none.
    value_start, value_close : int
        Of its value.
    inline : bool
        Whether the value is an inline text.
    """

    formula_start: int = -1
    formula_close: int = -1
    value_start: int = -1
    value_close: int = -1
    inline: bool = False


@dataclass(slots=True)
class Cell:
    """A cell and where its bytes are.

    Parameters
    ----------
    row, column : int
        From 1.
    kind : str
        The attribute t.
    start : int
        Of its tag.
    text : str, optional
        What it holds as written: of `v`, or of an inline text. None where neither is there.
    spills, rich : bool
        Whether it is marked as a dynamic array; whether its value is kept elsewhere, as of linked data.
    look : int
        Number of its look, the attribute s.
    spans : Spans, optional
        Where its formula and its value are; None where `cell_scan.spans_of` finds them when somebody asks.
    """

    row: int
    column: int
    kind: str
    start: int
    text: str | None = None
    formula: Formula | None = None
    spills: bool = False
    rich: bool = False
    look: int = 0
    spans: Spans | None = field(default=None, compare=False)

    @property
    def spot(self) -> tuple[int, int]:
        """Row and column."""
        return self.row, self.column


def area(reference: str) -> Bounds:
    """Top, left, bottom and right of an area such as A1:B3."""
    left, top, right, bottom = range_boundaries(reference)
    if left is None or top is None or right is None or bottom is None:
        raise ValueError(f"{reference!r} is not an area")
    return top, left, bottom, right
