"""What people write into a plan workbook beside its inputs: lines of Changes, the change log, prices typed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from vidcost_xl.analysis.scenarios import BASE, Scenario

#: A figure of the sheet Prices; days count from 1900.
Figure = float | str


@dataclass(frozen=True)
class ChangeLine:
    """One line of the sheet Changes.

    Parameters
    ----------
    key : str
        An input that may differ by month, or rate.<meter>; empty for a note alone.
    first, last : date, optional
        Months that it holds from and to; None for an open end.
    note : str
        Why, and who decided.
    at : str
        The cell of its input.
    in_series : bool
        Whether it is a cell of the series of Drivers, and no line.
    """

    key: str
    first: date | None
    last: date | None
    value: float | None
    note: str = ""
    at: str = ""
    in_series: bool = False


@dataclass(frozen=True)
class LogLine:
    """One line of the change log of the sheet Audit.

    Parameters
    ----------
    day : date or str
        As it was written.
    """

    day: date | str
    text: str
    who: str


@dataclass(frozen=True)
class Kept:
    """What a new workbook takes over from another one beside its plan.

    Parameters
    ----------
    changes : tuple of ChangeLine
        In place of the plan's own changes.
    prices : mapping of (str, int) to mapping of str to Figure
        Figures typed over, by meter and number of the row of the meter from 1, then by column.
    switch : str
        What feeds Costs.
    source : str
        The file, and what it was made with.
    before : mapping of str to float
        Its headline, by label.
    scenarios : tuple of Scenario
        Of the sheet Scenarios, as they were written.
    scenario : str
        The one in force.
    scenario_notes : mapping of str to str
        Why an input differs, by its key.
    """

    changes: tuple[ChangeLine, ...] = ()
    log: tuple[LogLine, ...] = ()
    prices: Mapping[tuple[str, int], Mapping[str, Figure]] = field(default_factory=dict)
    switch: str = ""
    source: str = ""
    before: Mapping[str, float] = field(default_factory=dict)
    scenarios: tuple[Scenario, ...] = ()
    scenario: str = BASE
    scenario_notes: Mapping[str, str] = field(default_factory=dict)
