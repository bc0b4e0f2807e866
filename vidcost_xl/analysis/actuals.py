"""Budget against what was billed: each line and month, the difference taken apart, and the reasons that matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from vidcost_xl.analysis.cents import Cents
from vidcost_xl.analysis.invoices import Invoiced
from vidcost_xl.analysis.matching import ExpectedLine, expected_by_month, match, rate_of
from vidcost_xl.analysis.sides import Row, Side, SideLine, base_size, side_of, side_of_rows
from vidcost_xl.analysis.variance import EFFECTS, Statement, explain_change, in_cents
from vidcost_xl.analysis.versions import UNPLANNED
from vidcost_xl.errors import BadArgumentError, OutOfDomainError
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.lines import Array
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import split_place

#: The effects as a controller names them: structure is what one side does not have.
REASONS: Final = ("volume", "mix", "price", "currency", "not budgeted", "not incurred")

#: The share of a line that may be without a quantity before the line counts as not counted.
SLIGHT: Final = 0.01

#: Units of bytes, the largest first.
_BYTES: Final = ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"))
#: Months are counted in the storage of a month.
_COUNTED: Final = {"storage": "{} stored for a month", "transfer": "{}", "retrieval": "{}"}
_NUMBERS: Final = ((1e9, "billion "), (1e6, "million "), (1.0, ""))


@dataclass(frozen=True, eq=False)
class Actuals:
    """What was billed against a plan.

    Parameters
    ----------
    statement : Statement
        Budget before, actual after, by line and month, in whole cents.
    more : ndarray, (line,)
        How much more was billed than planned, in the measure of each line.
    uncounted : tuple of SideLine
        Lines of which the bill states no quantity: as much as planned is assumed, so that their difference is price.
    left : tuple of (Invoiced, str)
        What no line takes, and why; in no number of the statement.
    elsewhere : tuple of Invoiced
        Of months outside the plan, or not asked for.
    budget, actual : Side
        The same before they were compared, in the months of the statement; quantities of `uncounted` are as planned.
    """

    statement: Statement
    more: Array
    uncounted: tuple[SideLine, ...]
    left: tuple[tuple[Invoiced, str], ...]
    elsewhere: tuple[Invoiced, ...]
    budget: Side
    actual: Side

    def by(self, group: Iterable[str]) -> dict[str, tuple[int, ...]]:
        """Budget, each of `REASONS` and actual of groups of lines, in cents.

        Parameters
        ----------
        group : iterable of str
            The group of each line.
        """
        names = list(group)
        whole = _whole_cents(self.statement).sum(axis=2)
        groups: dict[str, tuple[int, ...]] = {}
        for name in dict.fromkeys(names):
            mine = [at for at, other in enumerate(names) if other == name]
            groups[name] = tuple(whole[:, mine].sum(axis=1).tolist())
        return groups

    def by_month(self) -> dict[str, tuple[int, ...]]:
        """The same by month."""
        whole = _whole_cents(self.statement).sum(axis=1)
        months = self.statement.variance.months
        return {f"{month:%Y-%m}": tuple(whole[:, at].tolist()) for at, month in enumerate(months)}

    def rows(self) -> Iterator[tuple[date, SideLine, tuple[int, ...]]]:
        """Budget, each of `REASONS` and actual of every month and line that has any, in cents, month by month."""
        cents = _whole_cents(self.statement)
        variance = self.statement.variance
        for at, month in enumerate(variance.months):
            for row, line in enumerate(variance.lines):
                if cents[:, row, at].any():
                    yield month, line, tuple(cents[:, row, at].tolist())


def actuals_of(
    bill: Bill, billed: Sequence[Invoiced], closed: date | None = None, rates: Mapping[str, float] | None = None
) -> Actuals:
    """Set what was billed against a plan, in the months that the bill is for.

    Parameters
    ----------
    billed : sequence of Invoiced
        See `matching.match` for the lines that they go to.
    closed : date, optional
        The last month that counts; every month of the plan in the bill when not given.
    rates : mapping of str to float, optional
        Reporting currency for one unit of another currency, in place of the plan's.

    Raises
    ------
    BadArgumentError
        For a row without a month, or a currency without a rate.
    OutOfDomainError
        Where no row is of a month of the plan, or none is in a line.
    """
    undated = next((row for row in billed if row.month is None), None)
    if undated is not None:
        raise BadArgumentError(f"{undated.where} does not say its month; a budget is by month.")
    inside = set(bill.plan.calendar.starts)
    months = sorted({row.month for row in billed if row.month in inside and (closed is None or row.month <= closed)})
    if not months:
        labels = bill.plan.calendar.labels
        raise OutOfDomainError(f"no row is of a month that counts; the plan goes from {labels[0]} to {labels[-1]}.")
    planned = side_of(bill)
    known = {line.id: line for line in planned.lines}
    rows: list[Row] = []
    left: list[tuple[Invoiced, str]] = []
    counted: dict[tuple[str, date], float] = {}
    unknown: dict[tuple[str, date], float] = {}
    of_months = [row for month in months for row in billed if row.month == month]
    for row, found in zip(of_months, match(of_months, expected_by_month(bill), bill.plan), strict=True):
        month = row.month
        assert month is not None
        if isinstance(found, str):
            left.append((row, found))
            continue
        rate = rate_of(row, bill, month, rates or {})
        for line, share in found:
            side_line = known.get(line.line) or _unplanned(row, line)
            metered = row.metered if _counts(row, side_line) else None
            part = unknown if metered is None else counted
            part[side_line.id, month] = part.get((side_line.id, month), 0.0) + abs(row.amount * share)
            quantity = (metered or 0.0) * base_size(price_book().meters.get(row.meter)) * share
            rows.append(Row(side_line, month, quantity, row.amount * share, row.amount * share * rate))
    # A month of which nothing is in a line says nothing about the plan; its rows are in `left`.
    counting = sorted({row.month for row in rows})
    if not counting:
        raise OutOfDomainError(f"no row of the bill is in a line of the plan; {left[0][0].where}: {left[0][1]}.")
    budget = _months_of(planned, counting)
    much = {at for at, amount in unknown.items() if amount > SLIGHT * (amount + counted.get(at, 0.0))}
    actual = _as_planned(side_of_rows(rows, budget.currency), budget, much)
    variance = explain_change(budget, actual)
    more = np.array([_whole(actual, line) - _whole(budget, line) for line in variance.lines])
    names = {name for name, _ in much}
    uncounted = tuple(line for line in variance.lines if line.id in names)
    elsewhere = tuple(row for row in billed if row.month not in months)
    return Actuals(in_cents(variance), more, uncounted, tuple(left), elsewhere, budget, actual)


def _counts(row: Invoiced, line: SideLine) -> bool:
    # A row may state a line that counts something else than its meter: GB-months are no requests.
    meter = price_book().meters.get(row.meter)
    return split_place(line.meter)[0] == row.meter or (meter is not None and meter.dimension == line.measure)


def reasons_that_matter(found: Actuals, most: int = 5) -> list[str]:
    """The largest reasons of lines as sentences, the largest first."""
    lines, cents = found.statement.variance.lines, reasons_of(found.statement).sum(axis=2)
    order = sorted(np.ndindex(cents.shape), key=lambda at: -abs(int(cents[at])))
    return [
        _sentence(REASONS[reason], lines[line], int(cents[reason, line]), float(found.more[line]))
        for reason, line in order[:most]
        if cents[reason, line]
    ]


def _sentence(reason: str, line: SideLine, cents: int, more: float) -> str:
    amount = f"{cents / 100:+,.2f}"
    label = line.label or line.id
    if reason == "volume" and more:
        return f"{label}: {_counted(abs(more), line.measure)} {'more' if more > 0 else 'less'} than planned, {amount}"
    told = {
        "volume": "another volume than planned",
        "price": "dearer a unit than planned" if cents > 0 else "cheaper a unit than planned",
        "mix": "a larger share than planned" if cents > 0 else "a smaller share than planned",
        "currency": "another exchange rate than planned",
        "not budgeted": "billed and not in the plan",
        "not incurred": "planned and not billed",
    }
    return f"{label}: {told[reason]}, {amount}"


def _counted(quantity: float, measure: str) -> str:
    steps = _BYTES if measure in _COUNTED else _NUMBERS
    size, name = next(((size, name) for size, name in steps if quantity >= size), steps[-1])
    text = f"{quantity / size:,.3g}"
    return _COUNTED[measure].format(f"{text} {name}") if measure in _COUNTED else f"{text} {name}{measure}"


def reasons_of(statement: Statement) -> Cents:
    """Cents of each of `REASONS` by line and month."""
    by_name = dict(zip(EFFECTS, statement.effects, strict=True))
    structure, variance = by_name["structure"], statement.variance
    # What both sides have under one id and count otherwise has left and come.
    both = np.where(variance.old == 0, 0, -statement.old) * (structure != 0)
    gone = np.where(variance.new == 0, structure, both)
    parts = [by_name[name] for name in REASONS[:4]] + [structure - gone, gone]
    return np.stack(parts)


def _months_of(side: Side, months: Sequence[date]) -> Side:
    at = [side.months.index(month) for month in months]
    kept = {name: getattr(side, name)[:, at] for name in ("quantity", "amount", "fx")}
    return replace(side, months=tuple(months), **kept)


def _whole_cents(statement: Statement) -> Cents:
    # Budget, reasons, actual; by line and month.
    return np.concatenate([statement.old[np.newaxis], reasons_of(statement), statement.new[np.newaxis]])


def _as_planned(actual: Side, budget: Side, uncounted: set[tuple[str, date]]) -> Side:
    # A line that the bill does not count in a month is taken to be as much as planned.
    quantity = actual.quantity.copy()
    lines, planned = ({line.id: at for at, line in enumerate(side.lines)} for side in (actual, budget))
    for name, month in uncounted:
        if name in planned:
            here = lines[name], actual.months.index(month)
            quantity[here] = budget.quantity[planned[name], budget.months.index(month)]
    return replace(actual, quantity=quantity)


def _whole(side: Side, line: SideLine) -> float:
    return sum(float(side.quantity[at].sum()) for at, each in enumerate(side.lines) if each.id == line.id)


def _unplanned(row: Invoiced, line: ExpectedLine) -> SideLine:
    name = row.meter or row.dimension or row.service or row.provider
    meter = price_book().meters.get(row.meter)
    label = meter.label if meter else row.description or name
    return SideLine(f"{UNPLANNED}.{line.key[2]}.{name}", "", label, row.meter, row.dimension or "units")
