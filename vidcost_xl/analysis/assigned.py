"""The items of a bill in the lines and accounts of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from vidcost_xl.analysis.invoices import invoices_of
from vidcost_xl.analysis.matching import expected_by_month, match, rate_of
from vidcost_xl.model.bill import Bill

if TYPE_CHECKING:
    import pandas as pd


class Assigned(NamedTuple):
    """What a line of a plan takes of a month of a bill, in the reporting currency; `month` is written 2027-03."""

    account: str
    line: str
    provider: str
    amount: float
    month: str


def assigned(items: pd.DataFrame, bill: Bill) -> list[Assigned]:
    """What each line takes; rows without a month, and rows that no line takes, are in none.

    Parameters
    ----------
    items : DataFrame
        Of `bills.matching.matched`.
    """
    months = set(bill.plan.calendar.starts)
    rows = [row for row in invoices_of(items) if row.month is not None]
    found: dict[tuple[str, str, str, str], float] = {}
    for row, lines in zip(rows, match(rows, expected_by_month(bill), bill.plan), strict=True):
        own = row.month
        if own is None or isinstance(lines, str):
            continue
        month = own if own in months else bill.plan.calendar.starts[0]
        for line, share in lines:
            name = line.line or f"not in the plan: {row.meter or row.dimension or row.service}"
            key = (line.key[0], name, line.key[2], f"{own:%Y-%m}")
            found[key] = found.get(key, 0.0) + row.amount * share * rate_of(row, bill, month, {})
    return [
        Assigned(account, line, provider, amount, month) for (account, line, provider, month), amount in found.items()
    ]
