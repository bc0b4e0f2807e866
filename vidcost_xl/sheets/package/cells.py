"""A cell of a sheet part: what it holds as written, and where its bytes are.

A workbook has a hundred thousand of them. What a cell keeps is what all of them are asked
for; the rest is found when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

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


#: Of a cell with neither.
UNPLACED: Final = Spans()


@dataclass(slots=True)
class Tag:
    """What the tag of a cell says besides its place; one for all cells of a part that say the same.

    Parameters
    ----------
    kind : str
        The attribute t.
    spills, rich : bool
        Whether it is marked as a dynamic array; whether its value is kept elsewhere, as of linked data.
    find : callable, optional
        Finds the spans of a cell from the start of its tag.
    """

    kind: str = "n"
    spills: bool = False
    rich: bool = False
    find: Callable[[int], Spans] = field(default=lambda start: UNPLACED, repr=False)


@dataclass(slots=True, eq=False, init=False)
class Cell:
    """A cell and where its bytes are.

    Parameters
    ----------
    row, column : int
        From 1.
    tag : Tag or str
        What its tag says, or the attribute t alone.
    start : int
        Of its tag.
    text : str, optional
        What it holds as written: of `v`, or of an inline text. None where neither is there.
    written : str or Formula, optional
        Its formula; of an ordinary one the text alone.
    """

    row: int
    column: int
    tag: Tag
    start: int
    text: str | None
    written: str | Formula | None

    def __init__(  # noqa: PLR0913, PLR0917 - one for each field
        self,
        row: int,
        column: int,
        tag: Tag | str,
        start: int,
        text: str | None = None,
        written: str | Formula | None = None,
    ) -> None:
        self.row = row
        self.column = column
        self.tag = Tag(tag) if isinstance(tag, str) else tag
        self.start = start
        self.text = text
        self.written = written

    @property
    def kind(self) -> str:
        """The attribute t."""
        return self.tag.kind

    @kind.setter
    def kind(self, kind: str) -> None:
        self.tag = replace(self.tag, kind=kind)

    @property
    def formula(self) -> Formula | None:
        """Its formula; whether there is one, `written` tells sooner."""
        return Formula("normal", self.written) if isinstance(self.written, str) else self.written

    @formula.setter
    def formula(self, formula: Formula | None) -> None:
        self.written = formula

    @property
    def spans(self) -> Spans:
        """Where its formula and its value are."""
        return self.tag.find(self.start)

    @property
    def formula_start(self) -> int:
        """Of the tag of its formula, or -1."""
        return self.spans.formula_start

    @property
    def formula_close(self) -> int:
        """Of the tag that closes its formula, or -1."""
        return self.spans.formula_close

    @property
    def value_start(self) -> int:
        """Of the tag of its value, or -1."""
        return self.spans.value_start

    @property
    def value_close(self) -> int:
        """Of the tag that closes its value, or -1."""
        return self.spans.value_close

    @property
    def inline(self) -> bool:
        """Whether its value is an inline text."""
        return self.spans.inline

    @property
    def spills(self) -> bool:
        """Whether it is marked as a dynamic array."""
        return self.tag.spills

    @property
    def rich(self) -> bool:
        """Whether its value is kept elsewhere, as of linked data."""
        return self.tag.rich

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cell) and self._all == other._all

    __hash__ = None  # type: ignore[assignment]

    @property
    def _all(self) -> tuple[object, ...]:
        said = self.kind, self.spills, self.rich
        return self.row, self.column, self.start, self.text, self.formula, said, self.spans


def area(reference: str) -> Bounds:
    """Top, left, bottom and right of an area such as A1:B3."""
    left, top, right, bottom = range_boundaries(reference)
    if left is None or top is None or right is None or bottom is None:
        raise ValueError(f"{reference!r} is not an area")
    return top, left, bottom, right
