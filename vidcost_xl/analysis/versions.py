"""Budget, actual and forecast of one plan in one ledger: closed months as they were billed, the others as planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.analysis.invoices import Invoiced
from vidcost_xl.analysis.matching import ExpectedLine, expected_by_month, match, rate_of
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.ledger import BUDGET, COLUMNS, to_frame

if TYPE_CHECKING:
    import pandas as pd

ACTUAL: Final = "Actual"

#: The line of what was billed without being planned, before its provider and service.
UNPLANNED: Final = "unplanned"


#: What an actual row takes from the planned line that it belongs to.
_KEPT: Final = ("stage", "line", "label", "provider", "service", "meter", "region", "unit")


@dataclass(frozen=True)
class Versions:
    """A ledger of three versions.

    Parameters
    ----------
    frame : DataFrame
        Budget, Actual and forecast, one below the other, in the columns of the ledger.
    forecast : str
        Name of the forecast, such as "Forecast 3+9": months closed, and months to come.
    unplanned : tuple of (Invoiced, str)
        Rows that no line of the plan takes, and why; they are in Actual as lines of their own.
    not_used : tuple of Invoiced
        Rows of months that are not closed, or outside the plan.
    """

    frame: pd.DataFrame
    forecast: str
    unplanned: tuple[tuple[Invoiced, str], ...]
    not_used: tuple[Invoiced, ...]


def forecast_of(
    bill: Bill, billed: Sequence[Invoiced], closed: date, rates: Mapping[str, float] | None = None
) -> Versions:
    """Put a plan's budget and what was billed in its closed months into one ledger.

    Parameters
    ----------
    billed : sequence of Invoiced
        See `matching.match` for the lines that they go to.
    closed : date
        The last closed month; all months of the plan up to it are closed.
    rates : mapping of str to float, optional
        Reporting currency for one unit of another currency.

    Raises
    ------
    BadArgumentError
        For a row without a month, a closed month in which nothing was billed, or a currency without a rate.
    OutOfDomainError
        For a month outside the plan.
    """
    import pandas as pd

    calendar = bill.plan.calendar
    count = calendar.position(closed) + 1
    months = calendar.starts[:count]
    undated = next((row for row in billed if row.month is None), None)
    if undated is not None:
        raise BadArgumentError(f"{undated.where} does not say its month; actuals need a column month or period.")
    empty = [month for month in months if not any(row.month == month for row in billed)]
    if empty:
        raise BadArgumentError(
            f"{empty[0]:%Y-%m} is closed and has no actuals. Nothing is filled in: add its rows, or close an earlier "
            "month."
        )
    budget = to_frame(bill, BUDGET)
    actual, unplanned = _actual(bill, budget, [row for row in billed if row.month in months], rates or {})
    name = f"Forecast {count}+{calendar.months - count}"
    open_months = budget["period"] > pd.Timestamp(closed)
    forecast = pd.concat([actual, budget[open_months]], ignore_index=True).assign(version=name)
    frame = pd.concat([budget, actual, forecast], ignore_index=True)
    return Versions(frame, name, tuple(unplanned), tuple(row for row in billed if row.month not in months))


def _actual(
    bill: Bill, budget: pd.DataFrame, billed: Sequence[Invoiced], rates: Mapping[str, float]
) -> tuple[pd.DataFrame, list[tuple[Invoiced, str]]]:
    import pandas as pd

    calendar = bill.plan.calendar
    currency = bill.plan.text("money.currency")
    planned = budget.drop_duplicates("line").set_index("line", drop=False)[list(_KEPT)]
    about: dict[str, dict[str, Any]] = {
        name: dict(zip(_KEPT, cells, strict=True))
        for name, cells in zip(planned["line"].tolist(), planned.to_numpy().tolist(), strict=True)
    }
    rows: list[dict[str, Any]] = []
    unplanned = []
    for row, found in zip(billed, match(billed, expected_by_month(bill), bill.plan), strict=True):
        assert row.month is not None
        lines = found
        if isinstance(lines, str):
            unplanned.append((row, lines))
            lines = [(ExpectedLine(("", row.cost_center, row.provider), row.service, "", 0.0), 1.0)]
        at = calendar.position(row.month)
        for line, share in lines:
            rows.append(
                {
                    **_described(row, line, about),
                    "version": ACTUAL,
                    "period": pd.Timestamp(row.month),
                    "fiscal_year": calendar.fiscal_years[at],
                    "quarter": calendar.quarters[at],
                    "amount": row.amount * share,
                    "currency": row.currency or currency,
                    "reporting_amount": row.amount * rate_of(row, bill, row.month, rates) * share,
                    "reporting_currency": currency,
                    "source": row.where + ("" if share == 1 else ", shared out as expected"),
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS)), unplanned


def _described(row: Invoiced, line: ExpectedLine, about: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    account, center, provider = line.key
    known = about.get(line.line)
    if known is None:
        name = ".".join(part for part in (UNPLANNED, provider, row.service) if part)
        described: dict[str, Any] = {"stage": "", "line": row.line or name, "label": row.description or row.service}
        described |= {"provider": provider, "service": row.service, "meter": "", "region": "", "unit": row.unit}
    else:
        described = dict(known)
    # A bill's quantity is in the bill's own unit; it stands beside the planned one only where both are the same.
    if row.quantity is not None and row.line and row.unit in {"", described["unit"]}:
        described["quantity"] = row.quantity
    return described | {"gl_account": account, "cost_center": center}
