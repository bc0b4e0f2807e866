"""Overrides of several months at once: `key@2027-07..2027-12`, either end left open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from vidcost_xl.errors import BadArgumentError, OutOfDomainError

if TYPE_CHECKING:
    from vidcost_xl.model.calendar import Calendar
    from vidcost_xl.model.plan import Plan

#: Between the first and the last month of a range.
RANGE_MARK: Final = ".."

_MONTH_MARK: Final = "@"

#: Inputs that set the months of a plan.
_CALENDAR_KEYS: Final = ("calendar.start", "calendar.months")


@dataclass(frozen=True)
class _Change:
    written: str
    name: str
    first: int
    last: int


def expand_ranges(plan: Plan, pairs: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    """Overrides with one entry a month in place of every range of months.

    Parameters
    ----------
    plan : Plan
        Whose months the ranges fall into; overrides of its calendar count.
    pairs : iterable of (str, object)
        Keys as in a table; `key@2027-07..2027-12` holds from July to December, `key@2027-07..`
        to the end of the plan, `key@..2027-06` from its beginning, `key@..` always.

    Raises
    ------
    BadArgumentError
        For a range that ends before it begins, or two lines of one input that hold in the same month.
    OutOfDomainError
        For a range without a month of the plan.
    """
    given = list(pairs)
    if not any(_MONTH_MARK in key and RANGE_MARK in key for key, _ in given):
        return given
    calendar = _calendar(plan, given)
    labels = calendar.labels
    changes: list[_Change] = []
    expanded: list[tuple[str, object]] = []
    for key, value in given:
        name, mark, months = key.partition(_MONTH_MARK)
        if not mark:
            expanded.append((key, value))
            continue
        change = _read(key, name.strip(), months, calendar)
        for other in changes:
            _refuse_overlap(change, other, labels)
        changes.append(change)
        expanded += [(f"{change.name}{_MONTH_MARK}{label}", value) for label in labels[change.first : change.last + 1]]
    return expanded


def _calendar(plan: Plan, given: list[tuple[str, object]]) -> Calendar:
    from vidcost_xl.model.values import read_value

    changed = {key: read_value(key, value) for key, value in given if key in _CALENDAR_KEYS}
    return replace(plan, values=dict(plan.values) | changed).calendar


def _read(key: str, name: str, months: str, calendar: Calendar) -> _Change:
    from vidcost_xl.model.calendar import MONTHS_PER_YEAR, parse_month

    start, mark, end = (part.strip() for part in months.partition(RANGE_MARK))
    if not mark:
        at = calendar.position(parse_month(start, key))
        return _Change(key, name, at, at)
    day = calendar.starts[0]

    def position(text: str, absent: int) -> int:
        if not text:
            return absent
        month = parse_month(text, key)
        return (month.year - day.year) * MONTHS_PER_YEAR + month.month - day.month

    first, last = position(start, 0), position(end, calendar.months - 1)
    if start and end and last < first:
        raise BadArgumentError(f"{key} ends before it begins; write the earlier month first.")
    if last < 0 or first >= calendar.months:
        raise OutOfDomainError(f"{key}: no month of it is in the plan, {calendar.labels[0]} to {calendar.labels[-1]}.")
    return _Change(key, name, max(first, 0), min(last, calendar.months - 1))


def _refuse_overlap(change: _Change, other: _Change, labels: list[str]) -> None:
    first, last = max(change.first, other.first), min(change.last, other.last)
    if change.name.casefold() == other.name.casefold() and first <= last:
        raise BadArgumentError(
            f"{other.written} and {change.written} both hold in {labels[first]}: one input has one value a month."
        )
