"""How good a plan was: its error over closed months, and how much of it is prices and how much volumes.

Over the lines and months of a group, with budget F and what was billed A:

- **WAPE**, the absolute percentage error weighted by dollars: the sum of |A - F| by the sum of |A|. Lines and months of
  a group do not cancel. (S. Kolassa and W. Schuetz, "Advantages of the MAD/MEAN ratio over the MAPE", Foresight 6,
  2007; R. J. Hyndman and G. Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition, section 5.8, for the
  mean absolute percentage error and why it fails at amounts near 0.)
- **bias**, which does cancel: the sum of F - A by the sum of |A|; positive where the plan was too high.
- **price error**: the WAPE that is left of a plan that knew the volumes. The billed quantities are priced as the plan
  prices its own: tiers, private rates, discounts, escalation, commitment, support, its exchange rate. (The flexible
  budget of standard costing; C. T. Horngren, S. M. Datar, M. V. Rajan, "Cost Accounting", chapter 7.)
- **volume error**: the WAPE that is left of a plan that knew the prices: its own quantities at what was billed a unit.

What only one side has is an error of volume: not budgeted is a volume of 0 at the billed price, not incurred is at the
budget's own price. A line of which the bill states no quantity is taken to be as much as planned: its error is price.
Without a budget there is no error in percent: the group is "not budgeted"; without an actual it is "not incurred".

By hand: 100 units at $2 were planned, 120 at $2.50 billed. WAPE 100 / 300 = 33.3%, bias -33.3%. With the actual volumes
120 x 2 = 240, 60 of 300 are missing: price error 20%. With the actual prices 100 x 2.50 = 250: volume error 16.7%.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from vidcost_xl.analysis.actuals import Actuals
from vidcost_xl.analysis.invoices import Invoiced
from vidcost_xl.analysis.sides import Side, SideLine, base_size
from vidcost_xl.bills.matching import MATCHED
from vidcost_xl.bills.rules import bill_rules
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.calendar import Calendar
from vidcost_xl.model.charges import price_again
from vidcost_xl.model.ledger import by_group
from vidcost_xl.model.lines import Array, ratio

NOT_BUDGETED: Final = "not budgeted"
NOT_INCURRED: Final = "not incurred"

#: One error explains most of the whole where the other is less than half of it.
_MOSTLY: Final = 0.5


@dataclass(frozen=True)
class Accuracy:
    """What was planned and billed for a group of lines and months; reporting currency.

    Parameters
    ----------
    with_volumes, with_prices : float
        What the plan would have said at the actual volumes, and at the actual prices.
    planned, size : float
        Absolute amounts planned and billed, by line and month.
    error, price_error, volume_error : float
        Absolute errors, by line and month: of the plan, with the actual volumes, with the actual prices.
    """

    budget: float
    actual: float
    with_volumes: float
    with_prices: float
    planned: float
    size: float
    error: float
    price_error: float
    volume_error: float

    @property
    def state(self) -> str:
        """Why there is no error in percent; empty where there is one."""
        return NOT_BUDGETED if not self.planned else NOT_INCURRED if not self.size else ""

    @property
    def rates(self) -> tuple[float, float, float, float] | None:
        """WAPE, bias, price error and volume error as shares; None where one side has nothing."""
        if self.state:
            return None
        parts = (self.error, self.budget - self.actual, self.price_error, self.volume_error)
        wape, bias, price, volume = (part / self.size for part in parts)
        return wape, bias, price, volume


@dataclass(frozen=True)
class Backtest:
    """A plan against the months that are closed.

    Parameters
    ----------
    months : tuple of date
        The closed months: those of which the bill has rows in lines.
    open_months : tuple of date
        Months of the plan that are not.
    partial : mapping of date to list of str
        What a closed month seems to lack.
    """

    currency: str
    months: tuple[date, ...]
    open_months: tuple[date, ...]
    partial: Mapping[date, list[str]]
    total: Accuracy
    by_stage: Mapping[str, Accuracy]
    by_month: Mapping[str, Accuracy]
    by_line: Mapping[str, Accuracy]
    labels: Mapping[str, str]


def backtest_of(bill: Bill, found: Actuals, billed: Sequence[Invoiced]) -> Backtest:
    """Measure a plan against what was billed.

    Parameters
    ----------
    found : Actuals
        Of the same plan and bill.
    """
    variance = found.statement.variance
    lines, left = variance.lines, {id(row) for row, _ in found.left}
    taken = [row for row in billed if row.month in variance.months and id(row) not in left]
    months = variance.months
    budget, actual, volumes, prices = variance.old, variance.new, _with_volumes(bill, found), _with_prices(found)

    def accuracy(rows: Sequence[int] | slice, columns: Sequence[int] | slice) -> Accuracy:
        f, a, q, p = (values[rows][:, columns] for values in (budget, actual, volumes, prices))
        sums = (part.sum() for part in (f, a, q, p, abs(f), abs(a), abs(a - f), abs(a - q), abs(a - p)))
        return Accuracy(*map(float, sums))

    def groups(names: Iterable[str]) -> dict[str, Accuracy]:
        rows: dict[str, list[int]] = defaultdict(list)
        for row, name in enumerate(names):
            rows[name].append(row)
        kept = {name: accuracy(mine, slice(None)) for name, mine in rows.items()}
        return {name: each for name, each in kept.items() if each.planned or each.size}

    return Backtest(
        currency=variance.currency,
        months=months,
        open_months=tuple(month for month in bill.plan.calendar.starts if month not in months),
        partial=_partial(bill, taken, months),
        total=accuracy(slice(None), slice(None)),
        by_stage=groups(line.stage for line in lines),
        by_month={f"{month:%Y-%m}": accuracy(slice(None), [column]) for column, month in enumerate(months)},
        by_line=groups(line.id for line in lines),
        labels={line.id: line.label for line in lines},
    )


def _with_volumes(bill: Bill, found: Actuals) -> Array:
    """What the plan would have charged for the billed quantities, (line, month); what it has no line for, as billed."""
    variance = found.statement.variance
    columns = [bill.plan.calendar.position(month) for month in variance.months]
    billed = _placed(found.actual, found.actual.quantity, variance.lines, variance.months)
    row = {line.id: at for at, line in enumerate(variance.lines)}
    quantities = {}
    for charge in bill.charges:
        size = base_size(charge.priced.meter if charge.priced else None)
        quantity = np.broadcast_to(charge.quantity[:, :1], (bill.state.months, 1)).copy()
        # A tariff has no price for less than nothing, as a correction may leave it.
        quantity[columns, 0] = np.maximum(billed[row[charge.line.id]] / size, 0.0)
        quantities[charge.line.id] = quantity
    fx = bill.state.monthly("money.fx")[columns, 0]
    result = variance.new.copy()
    for charge in price_again(bill.plan, bill.state, bill.charges, quantities):
        amount = np.broadcast_to(charge.effective[:, :1], (bill.state.months, 1))[columns, 0]
        result[row[charge.line.id]] = amount * fx
    return result


def _with_prices(found: Actuals) -> Array:
    """The planned quantities at what was billed a unit, (line, month)."""
    variance = found.statement.variance
    planned, billed = (
        _placed(side, side.quantity, variance.lines, variance.months) for side in (found.budget, found.actual)
    )
    uncounted = np.where(variance.new == 0, variance.old, variance.new)
    return np.where(billed == 0, uncounted, variance.new * ratio(planned, billed))


def _placed(side: Side, values: Array, lines: Sequence[SideLine], months: Sequence[date]) -> Array:
    row = {line.id: at for at, line in enumerate(lines)}
    whole = np.zeros((len(lines), len(months)))
    whole[np.ix_([row[line.id] for line in side.lines], [months.index(month) for month in side.months])] = values
    return whole


def _partial(bill: Bill, taken: Sequence[Invoiced], months: Sequence[date]) -> dict[date, list[str]]:
    found: dict[date, list[str]] = {}
    planned = by_group(bill, "provider")
    for month in months:
        mine = [row for row in taken if row.month == month]
        lacks = _days_missing(month, [row for row in mine if row.kind == MATCHED])
        at = bill.plan.calendar.position(month)
        there = {bill_rules().provider_of(row.provider) for row in mine}
        budgets = {name: float(amounts[at]) for name, amounts in planned.items() if name not in there}
        lacks += [f"nothing of {name}, {amount:,.2f} USD budgeted" for name, amount in budgets.items() if amount]
        if lacks:
            found[month] = lacks
    return found


def _days_missing(month: date, rows: Sequence[Invoiced]) -> list[str]:
    starts = [row.first_day for row in rows if row.first_day]
    ends = [row.last_day for row in rows if row.last_day]
    if not starts or not ends:
        return []
    last = Calendar(month, 1).ends[0]
    lacks = [f"nothing before {min(starts):%Y-%m-%d}"] if min(starts) > month else []
    return lacks + ([f"nothing after {max(ends):%Y-%m-%d}"] if max(ends) < last else [])


def conclusion(found: Backtest) -> str:
    """What it comes to, in a sentence or three."""
    rates = found.total.rates
    if rates is None:
        return f"{found.total.state}: nothing to measure the plan by."
    wape, bias, price, volume = rates
    closed = f"{len(found.months)} closed month{'s' if len(found.months) > 1 else ''}"
    side = f"{abs(bias):.1%} too {'high' if bias > 0 else 'low'}" if round(bias, 3) else "right"
    said = [f"Over {closed} the plan was {wape:.1%} off by line and month (WAPE), and {side} in all."]
    if round(wape, 3):
        causes = {"mostly of prices": volume < _MOSTLY * price, "mostly of volumes": price < _MOSTLY * volume}
        cause = next((name for name, holds in causes.items() if holds), "of both")
        known = f"Knowing the volumes it would have been {price:.1%} off, knowing the prices {volume:.1%}"
        said.append(f"{known}: the error is {cause}.")
        worst = max(found.by_line, key=lambda name: found.by_line[name].error)
        each = found.by_line[worst]
        said.append(f"Largest: {found.labels[worst]}, {each.error:,.2f} off, of {each.actual:,.2f} billed.")
    return " ".join(said)
