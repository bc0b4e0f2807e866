"""The inputs that decide a bill: which they are, and in which cells of the sheet Drivers people type them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Final

from vidcost_xl.model.blocks.common import raw_of
from vidcost_xl.model.calendar import MONTHS_PER_YEAR
from vidcost_xl.model.catalogue import REPRESENTATION
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.plan.results.summary_rows import first_read
from vidcost_xl.sheets.plan.row_names import rep
from vidcost_xl.sheets.plan.user_notes import ChangeLine

#: Columns of twelve months; above them stand low, high, what they do to the bill in money and in words, and the key.
MONTH_COLUMNS: Final = ("low", "high", "at_low", "at_high", "said", "m6", "m7", "m8", "m9", "key", "m11", "m12")

#: What stands for the representation of the videos themselves, and for the one that training reads.
_RAW: Final = f"{REPRESENTATION}.raw."
_READ: Final = f"{REPRESENTATION}.read."


@dataclass(frozen=True)
class SeriesCell:
    """The cell of one month of an input.

    Parameters
    ----------
    month : int
        From 1.
    """

    key: str
    month: int

    @property
    def block(self) -> int:
        """The number of its block of months, from 1."""
        return (self.month - 1) // MONTHS_PER_YEAR + 1

    @property
    def row(self) -> str:
        """Id of the row that it stands in."""
        return f"sv_{self.key.replace('.', '_')}_{self.block}"

    @property
    def column(self) -> str:
        """Key of its column."""
        return MONTH_COLUMNS[(self.month - 1) % MONTHS_PER_YEAR]

    @property
    def place(self) -> str:
        """Reference to the cell."""
        return f"{{{self.row}.{self.column}}}"

    @property
    def change(self) -> str:
        """Id of its row on Changes."""
        return f"tm_{self.key.replace('.', '_')}_{self.month}"


@lru_cache(maxsize=1)
def _data() -> tuple[dict[str, str], tuple[str, ...]]:
    read = tomllib.loads((files("vidcost_xl.sheets.plan") / "data" / "drivers.toml").read_text(encoding="utf-8"))
    return {row["key"]: row["says"] for row in read["driver"]}, tuple(row["key"] for row in read["series"])


def drivers_of(plan: Plan) -> dict[str, str]:
    """What each deciding input of a plan does to the bill, by its key, in the order of the sheet."""
    raw = raw_of(plan) or 1
    found: dict[str, str] = {}
    for key, says in _data()[0].items():
        own = key.replace(_RAW, rep(raw, "")).replace(_READ, rep(first_read(plan), ""))
        found.setdefault(own, says)
    return found


def series_keys() -> tuple[str, ...]:
    """The inputs that have a cell for each month."""
    return _data()[1]


def series_cells(months: int) -> Iterator[SeriesCell]:
    """Every such cell of a plan of so many months, input by input."""
    return (SeriesCell(key, at) for key in series_keys() for at in range(1, months + 1))


def placed_changes(plan: Plan, lines: tuple[ChangeLine, ...]) -> tuple[Plan, list[ChangeLine], dict[SeriesCell, float]]:
    """Where the changes of single months stand: on lines of Changes, or in the series.

    Parameters
    ----------
    plan : Plan
        Its own changes of inputs that have a series stand there.
    lines : tuple of ChangeLine
        As people wrote them, in place of the plan's own: each stays where it was.

    Returns
    -------
    Plan, list of ChangeLine, dict
        The plan with what no line and no cell holds yet, lines for Changes, and what stands in the series.
    """
    if lines:
        start = plan.calendar.starts[0]
        cells: dict[SeriesCell, float] = {}
        left: list[ChangeLine] = []
        for line in lines:
            if not line.in_series or line.first is None or line.value is None or line.key not in series_keys():
                left.append(replace(line, in_series=False))
                continue
            month = (line.first.year - start.year) * MONTHS_PER_YEAR + line.first.month - start.month + 1
            cells[SeriesCell(line.key, month)] = line.value
        return replace(plan, monthly={}, rates={}), left, cells
    cells = {SeriesCell(key, at + 1): value for (key, at), value in plan.monthly.items() if key in series_keys()}
    others = {place: value for place, value in plan.monthly.items() if place[0] not in series_keys()}
    return replace(plan, monthly=others), [], cells
