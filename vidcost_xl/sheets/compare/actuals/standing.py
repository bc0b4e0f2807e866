"""A plan and what was billed so far, in one row a month and line: budget of all months, actual of the closed ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from vidcost_xl.analysis.actuals import REASONS, Actuals, actuals_of, reasons_of, reasons_that_matter
from vidcost_xl.analysis.cents import Cents, apportion, to_cents
from vidcost_xl.analysis.invoices import Invoiced
from vidcost_xl.analysis.matching import rate_of
from vidcost_xl.analysis.sides import SideLine, side_of
from vidcost_xl.bills.matching import MATCHED, UNMATCHED
from vidcost_xl.bills.rules import bill_rules
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.ledger import to_columns
from vidcost_xl.sheets.compare.actuals.billed import BillsRead

#: The stage of what no line of the plan expects.
UNPLANNED: Final = "not in the plan"

#: Where an amount of the bill stands, besides the lines of the plan.
ELSEWHERE: Final = "in months that are open, or outside the plan"


@dataclass(frozen=True)
class Record:
    """A line in a month.

    Parameters
    ----------
    budget : int
        Cents of the reporting currency, as all amounts here.
    actual : int or None
        None in a month that is not closed.
    reasons : tuple of int
        The difference, by `analysis.actuals.REASONS`; empty in a month that is not closed.
    """

    month: date
    fiscal_year: str
    stage: str
    line: str
    account: str
    budget: int
    actual: int | None = None
    reasons: tuple[int, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether what was billed is complete."""
        return self.actual is not None


@dataclass(frozen=True)
class Part:
    """An amount of the bill that stands together: of a kind, or in one place of the plan.

    Parameters
    ----------
    amount : float
        In `currency`, as the file has it.
    rows : int
        Of the file.
    is_left : bool
        Whether no line of the plan takes it.
    """

    currency: str
    name: str
    amount: float
    rows: int
    is_left: bool = False


@dataclass(frozen=True)
class Standing:
    """A plan against what was billed.

    Parameters
    ----------
    months, fiscal_years : tuple
        Of the plan, side by side.
    closed : int
        How many of the months are closed; they are the first ones.
    posted : float
        What the bill has in lines of the plan, in the reporting currency, added up row by row.
    kinds, places : tuple of Part
        The whole bill by kind of charge, and by where it stands; each adds up to the files by currency.
    """

    currency: str
    months: tuple[date, ...]
    fiscal_years: tuple[str, ...]
    closed: int
    records: tuple[Record, ...]
    sentences: tuple[str, ...]
    posted: float
    kinds: tuple[Part, ...]
    places: tuple[Part, ...]
    billed: BillsRead

    @property
    def budget(self) -> int:
        """Of the whole plan, in cents."""
        return sum(each.budget for each in self.records)

    @property
    def forecast(self) -> int:
        """Actual of the closed months and budget of the others, in cents."""
        return sum(each.budget if each.actual is None else each.actual for each in self.records)

    def sums(self) -> tuple[int, ...]:
        """Budget of the closed months, each reason, and actual, in cents."""
        closed = [each for each in self.records if each.is_closed]
        reasons = np.array([each.reasons for each in closed], dtype=np.int64).reshape(-1, len(REASONS)).sum(axis=0)
        return (
            sum(each.budget for each in closed),
            *reasons.tolist(),
            sum(each.actual or 0 for each in closed),
        )


def standing_of(
    bill: Bill, billed: BillsRead, closed: date | None = None, rates: Mapping[str, float] | None = None
) -> Standing:
    """Set what was billed against a plan.

    Parameters
    ----------
    closed : date, optional
        The last closed month; the last one of the plan in the bill when not given.
    rates : mapping of str to float, optional
        Reporting currency for one unit of another currency, in place of the plan's.

    Raises
    ------
    BadArgumentError
        For a row without a month, a month up to the last closed one without any row, or a currency without a rate.
    OutOfDomainError
        Where no row is of a month of the plan.
    """
    calendar = bill.plan.calendar
    found = actuals_of(bill, billed.invoices, closed, rates)
    have = found.statement.variance.months
    last = closed or have[-1]
    count = calendar.position(last) + 1
    empty = [month for month in calendar.starts[:count] if month not in have]
    if empty:
        raise BadArgumentError(
            f"{empty[0]:%Y-%m} is closed and nothing was billed in it. Name the bills of every month up to "
            f"{last:%Y-%m}, or a table with a row of 0 for one that cost nothing; nothing is filled in."
        )
    beside = {id(row) for row, _ in found.left} | {id(row) for row in found.elsewhere}
    posted = [row for row in billed.invoices if id(row) not in beside]
    assert all(row.month is not None for row in posted)
    in_lines = math.fsum(row.amount * rate_of(row, bill, row.month, rates or {}) for row in posted if row.month)
    return Standing(
        currency=bill.plan.text("money.currency"),
        months=tuple(calendar.starts),
        fiscal_years=tuple(calendar.fiscal_years),
        closed=count,
        records=tuple(_records(bill, found, posted, count)),
        sentences=tuple(reasons_that_matter(found)),
        posted=in_lines,
        kinds=tuple(_by_kind(billed.invoices)),
        places=tuple(_by_place(found, posted)),
        billed=billed,
    )


def _records(bill: Bill, found: Actuals, posted: Sequence[Invoiced], count: int) -> list[Record]:
    statement, calendar = found.statement, bill.plan.calendar
    lines, budget = statement.variance.lines, _open_months(bill, int(statement.old.sum()), count)
    accounts = _accounts(bill, lines, posted)
    reasons, new = reasons_of(statement), statement.new
    records = []
    for at, month in enumerate(calendar.starts):
        for line_at, line in enumerate(lines):
            head = (month, calendar.fiscal_years[at], line.stage or UNPLANNED, line.id, accounts.get(line.id, ""))
            if at < count:
                amounts = (int(statement.old[line_at, at]), int(new[line_at, at]))
                record = Record(*head, *amounts, tuple(reasons[:, line_at, at].tolist()))
            else:
                record = Record(*head, int(budget[line.id][at - count]) if line.id in budget else 0)
            if record.budget or record.actual or any(record.reasons):
                records.append(record)
    return records


def _open_months(bill: Bill, closed: int, count: int) -> dict[str, Cents]:
    # Budget of the months that are not closed, in cents that add up to the plan's total with those of the closed ones.
    side = side_of(bill)
    amounts = side.reporting[:, count:]
    whole = int(to_cents(side.reporting.sum())) - closed
    if not amounts.size:
        return {}
    # By month first: the sums of a month and of a year are what people compare.
    cents = apportion(amounts.T, apportion(amounts.sum(axis=0), whole)).T
    return {line.id: cents[at] for at, line in enumerate(side.lines)}


def _accounts(bill: Bill, lines: Sequence[SideLine], posted: Sequence[Invoiced]) -> dict[str, str]:
    columns = to_columns(bill)
    found = dict(zip(columns["line"].tolist(), columns["gl_account"].tolist(), strict=True))
    stated = {row.meter or row.dimension or row.service or row.provider: row.account for row in posted if row.account}
    for line in lines:
        if line.id not in found:
            # What is not in the plan stands in the account that the bill states, else in that of its dimension.
            key = bill_rules().accounts.get(line.measure)
            name = next((name for name in stated if line.id.endswith(f".{name}")), "")
            found[line.id] = stated[name] if name else bill.plan.text(key) if key else ""
    return found


def _by_kind(rows: Iterable[Invoiced]) -> list[Part]:
    groups: dict[tuple[str, str], list[Invoiced]] = {}
    for row in rows:
        groups.setdefault((row.currency, row.kind), []).append(row)
    ends = {MATCHED: -1, UNMATCHED: 1}
    order = sorted(groups, key=lambda key: (key[0], ends.get(key[1], 0), key[1]))
    return [_part(currency, kind, groups[currency, kind]) for currency, kind in order]


def _by_place(found: Actuals, posted: Sequence[Invoiced]) -> list[Part]:
    groups: dict[tuple[str, int, str], list[Invoiced]] = {}
    for row in posted:
        groups.setdefault((row.currency, 0, "in lines of the plan, closed months"), []).append(row)
    for row, why in found.left:
        name = f"in no line: {row.provider} {row.service}".rstrip() + f" ({why})"
        groups.setdefault((row.currency, 1, name), []).append(row)
    for row in found.elsewhere:
        groups.setdefault((row.currency, 2, ELSEWHERE), []).append(row)
    parts = [(key, replace(_part(key[0], key[2], rows), is_left=key[1] == 1)) for key, rows in groups.items()]
    return [part for _, part in sorted(parts, key=lambda each: (each[0][0], each[0][1], -abs(each[1].amount)))]


def _part(currency: str, name: str, rows: Sequence[Invoiced]) -> Part:
    return Part(currency, name, math.fsum(row.amount for row in rows), sum(row.rows for row in rows))
