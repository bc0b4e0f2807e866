"""Which lines of a plan take what was billed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from vidcost_xl.analysis.invoices import Invoiced
from vidcost_xl.bills.matching import MATCHED, UNKNOWN_METER, UNMATCHED
from vidcost_xl.bills.rules import bill_rules
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.charges import SUPPORT
from vidcost_xl.model.ledger import to_columns
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import split_place
from vidcost_xl.prices.schema import EVERYWHERE

#: Account, cost centre, provider.
Key: TypeAlias = tuple[str, str, str]

#: The currency of the prices that a plan uses.
PRICES_IN: Final = "USD"

NOTHING_EXPECTED: Final = "the plan expects nothing from this provider in the month"
UNKNOWN_PROVIDER: Final = "the provider is not known"
UNKNOWN_SERVICE: Final = "the plan has no such service of this provider in the month"
UNKNOWN_LINE: Final = "the plan has no such line in the month"
NO_RULE: Final = "no rule knows what it is"
OWN_KIND: Final = "{}: a charge of its own kind, spread over nothing"

#: What a row says it is for, that which says most first.
_TELLING: Final = ("line", "service", "provider")

#: Kinds of charges that have a line of their own.
_LINES_OF_KINDS: Final = {"support": SUPPORT.id}

#: Accounts of clouds, which are no accounts of a ledger: 12 digits at AWS, UUIDs and the like elsewhere.
_OF_A_CLOUD: Final = re.compile(r"\d{10,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|ocid1\..+", re.IGNORECASE)


@dataclass(frozen=True)
class ExpectedLine:
    """What a line of a plan is expected to cost in one month.

    Parameters
    ----------
    key : tuple of str
        Account, cost centre, provider.
    line : str
        Empty for what the plan does not have.
    amount : float
        Reporting currency.
    meter : str
        Without a region.
    region : str
        Whose price is used.
    quantity : float
        Billing units.
    """

    key: Key
    service: str
    line: str
    amount: float
    meter: str = ""
    region: str = ""
    quantity: float = 0.0


#: The lines that a row is for, each with its share of the row; or why no line takes it.
Match: TypeAlias = list[tuple[ExpectedLine, float]] | str


def expected_lines(bill: Bill, month: date) -> list[ExpectedLine]:
    """The lines of a plan in one month.

    Raises
    ------
    OutOfDomainError
        For a month outside the plan.
    """
    bill.plan.calendar.position(month)
    return expected_by_month(bill).get(month, [])


def expected_by_month(bill: Bill) -> dict[date, list[ExpectedLine]]:
    """The lines of a plan in each of its months."""
    columns = to_columns(bill)
    names = ("gl_account", "cost_center", "provider", "service", "line", "reporting_amount", "meter", "region")
    cells = zip(*(columns[name].tolist() for name in ("period", *names, "quantity")), strict=True)
    found: dict[date, list[ExpectedLine]] = {}
    for month, account, center, provider, service, line, amount, meter, region, quantity in cells:
        key = (account, center, provider)
        expected = ExpectedLine(key, service, line, amount, split_place(meter)[0], region, quantity)
        found.setdefault(month, []).append(expected)
    return found


def match(
    rows: Sequence[Invoiced],
    expected: Mapping[date, Sequence[ExpectedLine]],
    plan: Plan,
    undated: date | None = None,
    unmatched: str = "",
) -> list[Match]:
    """For each row the lines that it is for, each with its share of the row.

    Parameters
    ----------
    rows : sequence of Invoiced
        All of a month together: which lines take one may depend on the others.
    expected : mapping of date to sequence of ExpectedLine
        By month.
    undated : date, optional
        The month of rows that say none.
    plan : Plan
        Whose accounts take what it has no line for.
    unmatched : str
        Account of what no line takes; empty where that is not to be posted.

    Returns
    -------
    list of list of (ExpectedLine, float), or str
        Shares add up to 1; or why no line takes the row. What the row states itself, an account or a line, goes
        first, then its meter; lines that the same meter bills share it by expected quantity, as nothing tells them
        apart. A meter that the plan does not have goes to the account of its kind. Only a row that a person wrote, who
        says no more than the provider or a service, is shared out over their lines: those that no row says more of,
        or all where there are none besides.
    """
    found: list[Match] = [[] for _ in rows]
    billed: dict[date | None, frozenset[str]] = {}
    for telling in _TELLING:
        now: dict[date | None, set[str]] = {}
        for at, row in enumerate(rows):
            if _telling(row) != telling:
                continue
            month = row.month or undated
            lines = _lines(row, expected.get(month, ()) if month else (), plan, billed.get(month, frozenset()))
            if isinstance(lines, str) and unmatched and row.kind in {MATCHED, UNMATCHED}:
                lines = [(ExpectedLine((unmatched, row.cost_center, row.provider), row.service, "", 0.0), 1.0)]
            found[at] = lines
            if not isinstance(lines, str):
                now.setdefault(month, set()).update(line.line for line, _ in lines)
        billed = {month: billed.get(month, frozenset()) | now.get(month, set()) for month in {*billed, *now}}
    return found


def _telling(row: Invoiced) -> str:
    # A credit or a tax of its own kind is for no line of another row.
    if row.line or row.account or row.kind != UNMATCHED or not row.is_table:
        return "line"
    return "service" if row.service else "provider"


def _lines(row: Invoiced, expected: Sequence[ExpectedLine], plan: Plan, billed: frozenset[str]) -> Match:
    provider = bill_rules().provider_of(row.provider)
    if row.account and not _OF_A_CLOUD.fullmatch(row.account):
        of_it = [line for line in expected if line.key == (row.account, row.cost_center or line.key[1], provider)]
        return _shared([] if row.line else of_it, []) or [(_stated(row, expected, provider or row.provider), 1.0)]
    if row.line:
        mine = [line for line in expected if line.line == row.line]
        return [(mine[0], 1.0)] if mine else UNKNOWN_LINE
    if provider is None:
        return UNKNOWN_PROVIDER
    if row.kind == UNKNOWN_METER:
        return row.how
    if row.kind not in {MATCHED, UNMATCHED}:
        own = _LINES_OF_KINDS.get(row.kind)
        mine = [line for line in expected if line.line == own and line.key[2] == provider]
        return [(mine[0], 1.0)] if mine else OWN_KIND.format(row.kind) if row.amount else []
    if row.kind == MATCHED:
        mine = [line for line in expected if _bills(line, provider, row)]
        by_quantity = [line.quantity for line in mine] if row.meter else []
        return _shared(mine, by_quantity) or [(_unplanned(row, provider, plan), 1.0)]
    if not row.is_table:
        return NO_RULE
    mine = [line for line in expected if line.key[2] == provider and line.amount]
    if row.service and mine:
        services = {name.casefold() for name in bill_rules().services_of(provider, row.service)}
        mine = [line for line in mine if line.service.casefold() in services]
        if not mine:
            return UNKNOWN_SERVICE
    return _shared([line for line in mine if line.line not in billed] or mine, []) or NOTHING_EXPECTED


def _shared(lines: Sequence[ExpectedLine], quantities: Sequence[float]) -> list[tuple[ExpectedLine, float]]:
    # By quantity where one meter counts them, else by amount.
    for weights in (quantities, [line.amount for line in lines]):
        whole = sum(weights)
        if whole:
            return [(line, weight / whole) for line, weight in zip(lines, weights, strict=True) if weight]
    return [(lines[0], 1.0)] if lines else []


def _bills(line: ExpectedLine, provider: str, row: Invoiced) -> bool:
    if line.key[2] != provider:
        return False
    if row.region and line.region not in {EVERYWHERE, row.region}:
        return False
    if row.meter:
        return line.meter == row.meter
    services = {name.casefold() for name in bill_rules().services_of(provider, row.service)}
    meter = price_book().meters.get(line.meter)
    return line.service.casefold() in services and meter is not None and meter.dimension == row.dimension


def _unplanned(row: Invoiced, provider: str, plan: Plan) -> ExpectedLine:
    account = plan.text(bill_rules().accounts[row.dimension])
    meter = price_book().meters.get(row.meter)
    service = row.service if meter is None else meter.service
    return ExpectedLine((account, plan.text("account.cost_center"), provider), service, "", 0.0, row.meter, row.region)


def rate_of(row: Invoiced, bill: Bill, month: date, given: Mapping[str, float]) -> float:
    """Reporting currency for one unit of a row's own: as given, else the plan's of the month.

    Raises
    ------
    BadArgumentError
        For another currency than those of the plan without a rate, and for a row without one where the plan has two.
    """
    currency = bill.plan.text("money.currency")
    if row.currency == currency or (not row.currency and currency == PRICES_IN):
        return 1.0
    if not row.currency:
        raise BadArgumentError(
            f"{row.where} has no currency, and the plan has two: prices in {PRICES_IN}, reports in {currency}. Add a "
            "column currency."
        )
    if row.currency in given:
        return given[row.currency]
    if row.currency == PRICES_IN:
        return float(bill.state.monthly("money.fx")[bill.plan.calendar.position(month), 0])
    raise BadArgumentError(
        f"{row.where} is in {row.currency} and the plan reports in {currency}: state the rate, "
        f"--rate {row.currency}=1.08 for 1.08 {currency} a {row.currency}, or fx of VIDEO_VARIANCE."
    )


def _stated(row: Invoiced, expected: Sequence[ExpectedLine], provider: str) -> ExpectedLine:
    centers = [line.key[1] for line in expected if line.key[0] == row.account]
    center = row.cost_center or next(iter(centers), "")
    return ExpectedLine((row.account, center, provider), row.service, row.line, 0.0)
