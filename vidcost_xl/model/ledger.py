"""The ledger: one row a line and month, in the words of FOCUS; everything else is a group-by of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.charges import Charge
from vidcost_xl.model.lines import STAGES, Array, ChargeLine, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book

if TYPE_CHECKING:
    import pandas as pd

#: Which account input each stage is booked to.
ACCOUNTS: Final = {
    "acquire": "account.transfer",
    "store": "account.storage",
    "encode": "account.compute",
    "train": "account.transfer",
    "checkpoint": "account.storage",
    "exit": "account.transfer",
    "own": "account.storage",
    "generate": "account.compute",
    "support": "account.support",
}

COLUMNS: Final = (
    "version",
    "period",
    "fiscal_year",
    "quarter",
    "stage",
    "line",
    "label",
    "provider",
    "service",
    "meter",
    "region",
    "quantity",
    "unit",
    "list_unit_price",
    "contracted_unit_price",
    "effective_unit_price",
    "list_amount",
    "contracted_amount",
    "amount",
    "currency",
    "reporting_amount",
    "reporting_currency",
    "gl_account",
    "cost_center",
    "source",
)

#: Ledger columns that VIDEO_FORECAST can group by.
GROUPS: Final = ("stage", "line", "provider", "service", "meter", "gl_account", "cost_center", "total")

BUDGET: Final = "Budget"


def to_columns(bill: Bill, version: str = BUDGET, draw: int = 0) -> dict[str, Any]:
    """The ledger as columns, line by line and month by month within a line.

    Parameters
    ----------
    version : str
        Budget, Actual, or a forecast's name.

    Returns
    -------
    dict of str to ndarray
        In the order of `COLUMNS`; unit prices of an unused line are NaN.
    """
    calendar, plan = bill.plan.calendar, bill.plan
    lines, months = len(bill.charges), calendar.months
    stacked = {
        name: np.concatenate([_month_column(getattr(charge, name), months, draw) for charge in bill.charges])
        for name in ("quantity", "list_amount", "contracted", "effective")
    }
    fx = np.tile(_month_column(bill.state["money.fx"], months, draw), lines)

    def per_line(values: list[str]) -> Any:
        return np.repeat(np.array(values, dtype=object), months)

    def per_month(values: list[Any]) -> Any:
        return np.tile(np.array(values, dtype=object), lines)

    def unit_price(amount: Array) -> Array:
        return np.where(stacked["quantity"] == 0, np.nan, ratio(amount, stacked["quantity"]))

    stages = [charge.line.stage for charge in bill.charges]
    return {
        "version": per_line([version] * lines),
        "period": per_month(calendar.starts),
        "fiscal_year": per_month(calendar.fiscal_years),
        "quarter": per_month(calendar.quarters),
        "stage": per_line(list(stages)),
        "line": per_line([charge.line.id for charge in bill.charges]),
        "label": per_line([charge.line.label for charge in bill.charges]),
        "provider": per_line([charge.provider for charge in bill.charges]),
        "service": per_line([service_of(charge) for charge in bill.charges]),
        "meter": per_line([charge.line.meter for charge in bill.charges]),
        "region": per_line([region_of(charge) for charge in bill.charges]),
        "quantity": stacked["quantity"],
        "unit": per_line([charge.unit for charge in bill.charges]),
        "list_unit_price": unit_price(stacked["list_amount"]),
        "contracted_unit_price": unit_price(stacked["contracted"]),
        "effective_unit_price": unit_price(stacked["effective"]),
        "list_amount": stacked["list_amount"],
        "contracted_amount": stacked["contracted"],
        "amount": stacked["effective"],
        "currency": per_line([charge.currency for charge in bill.charges]),
        "reporting_amount": stacked["effective"] * fx,
        "reporting_currency": per_line([plan.text("money.currency")] * lines),
        "gl_account": per_line([account_of(plan, charge.line)[0] for charge in bill.charges]),
        "cost_center": per_line([account_of(plan, charge.line)[1] for charge in bill.charges]),
        "source": per_line([source_of(charge) for charge in bill.charges]),
    }


def to_frame(bill: Bill, version: str = BUDGET, draw: int = 0) -> pd.DataFrame:
    """The ledger as a pandas table, one row a line and month.

    Returns
    -------
    DataFrame
        With the columns of `COLUMNS`; `period` is the first day of the month.
    """
    import pandas as pd

    columns = to_columns(bill, version, draw)
    columns["period"] = pd.DatetimeIndex(columns["period"])
    return pd.DataFrame(columns, columns=list(COLUMNS), copy=False)


def by_group(bill: Bill, by: str, draw: int = 0) -> dict[str, Array]:
    """Effective amounts by month of each member of a group.

    Parameters
    ----------
    by : str
        One of `GROUPS`.

    Returns
    -------
    dict of str to ndarray, (month,)
        Stages in the order of the model, others as they first appear.

    Raises
    ------
    BadArgumentError
        For another group.
    """
    if by not in GROUPS:
        raise BadArgumentError(unknown_name("group", by, GROUPS))
    months = bill.plan.calendar.months
    groups: dict[str, Array] = {}
    for charge in bill.charges:
        member = _member(bill, charge, by)
        amount = _month_column(charge.effective, months, draw)
        groups[member] = groups.get(member, np.zeros(months)) + amount
    if by == "stage":
        return {stage: groups[stage] for stage in STAGES if stage in groups}
    return groups


def account_of(plan: Plan, line: ChargeLine) -> tuple[str, str]:
    """GL account and cost centre of a line: its own, or those of its stage and of the plan."""
    account, center = plan.accounts.get(line.id, ("", ""))
    return account or plan.text(ACCOUNTS[line.stage]), center or plan.text("account.cost_center")


def service_of(charge: Charge) -> str:
    """The provider's service, as FOCUS's ServiceName."""
    return charge.priced.meter.service if charge.priced else "Priced in the plan"


def region_of(charge: Charge) -> str:
    """The region whose price is used; * for a price that holds everywhere."""
    return charge.priced.price.region if charge.priced else ""


def source_of(charge: Charge) -> str:
    """Where the unit price was read, or the input that holds it."""
    if charge.priced is None:
        return f"input {charge.line.meter}" if charge.line.volume else "commitment less charges counted"
    key, source = price_book().source(charge.priced)
    return f"{source.title} [{charge.priced.provider.id}/{key}]"


def _member(bill: Bill, charge: Charge, by: str) -> str:
    if by == "total":
        return "total"
    values = {
        "stage": charge.line.stage,
        "line": charge.line.id,
        "provider": charge.provider,
        "service": service_of(charge),
        "meter": charge.line.meter,
        "gl_account": account_of(bill.plan, charge.line)[0],
        "cost_center": account_of(bill.plan, charge.line)[1],
    }
    return values[by]


def _month_column(values: Array, months: int, draw: int) -> Array:
    column = values[:, draw if values.shape[1] > 1 else 0]
    return column if len(column) == months else np.repeat(column, months)


def summary_table(bill: Bill) -> list[list[Any]]:
    """The ledger for people: each line with its average month and its total over the horizon.

    Returns
    -------
    list of rows
        Header, lines in the order of the model, and a last row with the sum, in the reporting currency.
    """
    currency = bill.plan.text("money.currency")
    rows: list[list[Any]] = [["stage", "line", "quantity a month", "unit", f"{currency} a month", f"{currency} in all"]]
    months = bill.plan.calendar.months
    for charge in bill.charges:
        amounts = _month_column(bill.reporting(charge.effective), months, 0)
        used = _month_column(charge.quantity, months, 0)
        rows.append(
            [
                charge.line.stage,
                charge.line.label,
                float(used.mean()),
                charge.unit,
                float(amounts.mean()),
                float(amounts.sum()),
            ]
        )
    rows.sort(key=lambda row: STAGES.index(row[0]) if row[0] in STAGES else -1)
    total = _month_column(bill.reporting(bill.total), months, 0)
    return [*rows, ["total", "", "", "", float(total.mean()), float(total.sum())]]
