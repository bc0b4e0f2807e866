"""Which lines of a plan a row of an invoice is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from vidcost_xl.analysis.invoices import Invoiced
from vidcost_xl.analysis.issuers import issuers
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.ledger import to_columns

#: Account, cost centre, provider.
Key: TypeAlias = tuple[str, str, str]

NOTHING_EXPECTED: Final = "the plan expects nothing from this provider in the month"
UNKNOWN_PROVIDER: Final = "the provider is not known"
UNKNOWN_SERVICE: Final = "the plan has no such service of this provider in the month"
UNKNOWN_LINE: Final = "the plan has no such line in the month"


@dataclass(frozen=True)
class ExpectedLine:
    """What a line of a plan is expected to cost in one month.

    Parameters
    ----------
    key : tuple of str
        Account, cost centre, provider.
    amount : float
        Reporting currency.
    """

    key: Key
    service: str
    line: str
    amount: float


def expected_lines(bill: Bill, month: date) -> list[ExpectedLine]:
    """The lines of a plan in one month.

    Raises
    ------
    OutOfDomainError
        For a month outside the plan.
    """
    bill.plan.calendar.position(month)
    columns = to_columns(bill)
    mine = columns["period"] == month
    names = ("gl_account", "cost_center", "provider", "service", "line", "reporting_amount")
    cells = zip(*(columns[name][mine].tolist() for name in names), strict=True)
    return [ExpectedLine((account, center, provider), *rest) for account, center, provider, *rest in cells]


def match(row: Invoiced, expected: Sequence[ExpectedLine]) -> list[tuple[ExpectedLine, float]] | str:
    """The lines that a row is for, each with its share of the row.

    Parameters
    ----------
    expected : sequence of ExpectedLine
        Of the row's month.

    Returns
    -------
    list of (ExpectedLine, float), or str
        Shares add up to 1; or why no line takes the row. What the row states itself, an account or a line, goes
        before its service, and its service before its provider, whose lines share it by expected cost.
    """
    provider = issuers().provider(row.provider)
    if row.account:
        return [(_stated(row, expected, provider or row.provider), 1.0)]
    if row.line:
        mine = [line for line in expected if line.line == row.line]
        return [(mine[0], 1.0)] if mine else UNKNOWN_LINE
    if provider is None:
        return UNKNOWN_PROVIDER
    mine = [line for line in expected if line.key[2] == provider and line.amount]
    if row.service and mine:
        services = {name.casefold() for name in issuers().services_of(provider, row.service)}
        mine = [line for line in mine if line.service.casefold() in services]
        if not mine:
            return UNKNOWN_SERVICE
    whole = sum(line.amount for line in mine)
    return [(line, line.amount / whole) for line in mine] if whole else NOTHING_EXPECTED


def rate_of(row: Invoiced, currency: str, rates: Mapping[str, float]) -> float:
    """Reporting currency for one unit of a row's own; a row that names none is in the reporting currency.

    Raises
    ------
    BadArgumentError
        For another currency without a rate.
    """
    if row.currency in {"", currency}:
        return 1.0
    if row.currency not in rates:
        raise BadArgumentError(
            f"line {row.row} is in {row.currency} and the plan reports in {currency}: state the rate, "
            f"--rate {row.currency}=1.08 for 1.08 {currency} a {row.currency}."
        )
    return rates[row.currency]


def _stated(row: Invoiced, expected: Sequence[ExpectedLine], provider: str) -> ExpectedLine:
    centers = [line.key[1] for line in expected if line.key[0] == row.account]
    center = row.cost_center or next(iter(centers), "")
    return ExpectedLine((row.account, center, provider), row.service, row.line, 0.0)
