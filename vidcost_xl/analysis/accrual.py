"""What a month owes: expected cost less what was invoiced, by account, cost centre and provider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from vidcost_xl.analysis.cents import apportion, to_cents
from vidcost_xl.analysis.invoices import Invoiced
from vidcost_xl.analysis.matching import Key, expected_lines, match, rate_of
from vidcost_xl.model.bill import Bill


@dataclass(frozen=True)
class AccrualRow:
    """One account, cost centre and provider, in cents of the reporting currency."""

    account: str
    cost_center: str
    provider: str
    expected: int
    invoiced: int

    @property
    def difference(self) -> int:
        """Expected less invoiced."""
        return self.expected - self.invoiced

    @property
    def accrued(self) -> int:
        """What is still owed; nothing where more was invoiced than expected."""
        return max(self.difference, 0)


@dataclass(frozen=True)
class Unmapped:
    """A row of an invoice that no account of the plan takes, and why.

    Parameters
    ----------
    amount : float
        In the reporting currency.
    """

    invoiced: Invoiced
    amount: float
    reason: str


@dataclass(frozen=True)
class Accrual:
    """A month's accrual.

    Parameters
    ----------
    rows : tuple of AccrualRow
        In the order of account, cost centre and provider.
    elsewhere : tuple of Invoiced
        Rows of other months, which are not this month's.
    undated : int
        Rows without a month, taken as this month's.
    """

    month: date
    currency: str
    rows: tuple[AccrualRow, ...]
    unmapped: tuple[Unmapped, ...]
    elsewhere: tuple[Invoiced, ...]
    undated: int

    @property
    def over(self) -> tuple[AccrualRow, ...]:
        """Where more was invoiced than expected: no accrual, but somebody should look."""
        return tuple(row for row in self.rows if row.difference < 0)


def accrual_of(
    bill: Bill,
    month: date,
    invoiced: Iterable[Invoiced],
    rates: Mapping[str, float] | None = None,
    unmatched: str = "",
) -> Accrual:
    """Expected less invoiced for one month of a plan.

    Parameters
    ----------
    month : date
        One of the plan's.
    invoiced : iterable of Invoiced
        See `matching.match` for where a row belongs.
    rates : mapping of str to float, optional
        Reporting currency for one unit of another currency.
    unmatched : str
        Account that takes what fits no line; empty: it is in `unmapped`.

    Returns
    -------
    Accrual
        Every row of the month is in `rows` or `unmapped`.

    Raises
    ------
    OutOfDomainError
        For a month outside the plan.
    BadArgumentError
        For a currency without a rate.

    Notes
    -----
    By hand: expected $600 of storage and $400 of transfer from one provider, invoiced $500 without a service:
    60% and 40% of it, $300 and $200, are taken off, so $300 and $200 are accrued.
    """
    expected = expected_lines(bill, month)
    currency = bill.plan.text("money.currency")
    taken: dict[Key, float] = {line.key: 0.0 for line in expected}
    unmapped, undated = [], 0
    of_month: list[Invoiced] = []
    elsewhere: list[Invoiced] = []
    for row in invoiced:
        (of_month if row.month in {None, month} else elsewhere).append(row)
    for row, found in zip(of_month, match(of_month, {month: expected}, bill.plan, month, unmatched), strict=True):
        undated += row.rows if row.month is None else 0
        amount = row.amount * rate_of(row, bill, month, rates or {})
        if isinstance(found, str):
            unmapped.append(Unmapped(row, amount, found))
            continue
        for line, share in found:
            taken[line.key] = taken.get(line.key, 0.0) + amount * share
    planned: dict[Key, float] = dict.fromkeys(taken, 0.0)
    for line in expected:
        planned[line.key] += line.amount
    keys = sorted(taken)
    due, billed = (_whole([amounts[key] for key in keys]) for amounts in (planned, taken))
    rows = tuple(AccrualRow(*key, owed, paid) for key, owed, paid in zip(keys, due, billed, strict=True))
    return Accrual(month, currency, rows, tuple(unmapped), tuple(elsewhere), undated)


def _whole(amounts: list[float]) -> list[int]:
    cents: list[int] = apportion(np.array(amounts), to_cents(sum(amounts))).tolist()
    return cents
