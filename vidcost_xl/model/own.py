"""The own data centre beside the plan in the cloud: its rows, and the tables that people ask for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vidcost_xl.errors import BadArgumentError, ExcelError, unknown_name
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.blocks.cache import FROM_CACHE
from vidcost_xl.model.blocks.common import BYTES_PER_MB, DAYS_PER_MONTH, numbers, prefix
from vidcost_xl.model.lines import Array, State, Volume, compute
from vidcost_xl.model.meter_prices import as_of
from vidcost_xl.model.own_money import UNITS, own_money
from vidcost_xl.model.own_rows import own_volumes
from vidcost_xl.model.own_views import own_views
from vidcost_xl.model.plan import Plan
from vidcost_xl.model.speed import speed_volumes
from vidcost_xl.prices.book import price_book
from vidcost_xl.units import SECONDS_PER_DAY

SUMMARY: Final = "summary"
MONTHLY: Final = "monthly"

#: Columns of each view over time, without the prefix of the rows; the view "monthly" has all rows.
VIEWS: Final[Mapping[str, tuple[str, ...]]] = {
    MONTHLY: (),
    "size": ("share", "held_tb", "raw_tb", "drives", "drives_bought", "chassis", "kw", "mbps", "moved_tb"),
    "cash": (
        *("capex_paid", "disposals", "replacements", "space", "power", "transit_cost", "staff", "migration", "readout"),
        *("bridge", "committed", "stays", "cash", "cash_sum", "cloud", "cloud_sum"),
    ),
    "p&l": (
        *("depreciation", "replacements", "space", "power", "transit_cost", "staff", "migration", "readout"),
        *("bridge", "committed", "stays", "pnl", "interest", "pnl_all", "cloud"),
    ),
    "assets": (
        *("prepaid_open", "deposits", "delivered", "prepaid_close"),
        *("book_open", "additions", "depreciation", "disposals", "book_close"),
    ),
    "loss": ("held_tb", "loss_share", "loss_gb"),
    "speed": ("read_tb", "link_hours", "clips", "gpu_hours", "hours", "wait_hours", "wait_cost"),
}


@dataclass(frozen=True)
class OwnSite:
    """A plan priced with an own data centre.

    Parameters
    ----------
    rows : tuple of Volume
        In the order of computation; ids start with `own.` or `speed.`.
    state : State
        Every input, volume and row, by id.
    """

    plan: Plan
    rows: tuple[Volume, ...]
    state: State

    def row(self, key: str) -> Array:
        """A row over (month, draw), one row a month; its id without the prefix `own.`."""
        return self.state.monthly(key if "." in key else f"own.{key}")

    def months(self, key: str, draw: int = 0) -> Array:
        """A row of one draw, (month,)."""
        values = self.row(key)
        column: Array = values[:, draw if values.shape[1] > 1 else 0]
        return column


def own_site(bill: Bill) -> OwnSite:
    """Price the plan with an own data centre; the plan's own bill stays what it is.

    Parameters
    ----------
    bill : Bill
        The plan in the cloud, with one column a draw where inputs differ.

    Raises
    ------
    BadArgumentError
        For a price of another unit than its input needs.
    NotInBookError
        For a price that the book does not hold on the day of the plan.
    """
    rows = (
        *own_volumes(bill.plan),
        *own_money(bill.plan, bill.charges),
        *own_views(bill.plan, bill.charges),
        *speed_volumes(bill.plan),
    )
    state = compute(rows, State(bill.state.values, bill.state.months))
    return OwnSite(bill.plan, rows, state)


def own_table(site: OwnSite, view: str) -> list[list[Any]]:
    """One view of an own site as a table.

    Parameters
    ----------
    view : str
        "summary", or one of `VIEWS`.

    Returns
    -------
    list of rows
        Summary: measure, value, unit, note. Others: a header of row ids, then one row a month.

    Raises
    ------
    BadArgumentError
        Names the views.
    """
    name = view.strip().casefold()
    if name == SUMMARY:
        return own_summary(site)
    if name not in VIEWS:
        raise BadArgumentError(unknown_name("view", view, (*VIEWS, SUMMARY)))
    prefix = "speed." if name == "speed" else "own."
    ids = [prefix + key for key in VIEWS[name]] or [row.id for row in site.rows]
    columns = [site.months(key).tolist() for key in ids]
    header = ["month", *(key.removeprefix("own.") for key in ids)]
    return [header, *map(list, zip(site.plan.calendar.labels, *columns, strict=True))]


def own_summary(site: OwnSite) -> list[list[Any]]:
    """The headline of an own site: measure, value, unit, note."""
    money = site.plan.text("money.currency")
    last = {row.id: float(site.months(row.id)[-1]) for row in site.rows}
    whole = {row.id: float(site.months(row.id).sum()) for row in site.rows}
    loss = last["own.loss_share"]
    nines = f"{-math.log10(loss):.1f} nines" if loss else "no failures"
    month = site.plan.calendar.labels[-1]
    rows: list[list[Any]] = [
        ["Data at the own site", last["own.held_tb"], "TB", month],
        ["Drives", last["own.drives"], "drives", f"{last['own.raw_tb']:,.0f} TB raw are needed"],
        ["Chassis", last["own.chassis"], "chassis", ""],
        ["Power of the equipment", last["own.kw"], "kW", ""],
        ["Mean read rate of a drive", _read_rate(site), "MB/s", f"{month}: by training, without caches"],
        ["Transit billed", last["own.mbps"], "Mbit/s", "95th percentile, at least the commitment"],
        ["Hardware put to use", whole["own.additions"], money, "whole plan"],
        ["Site, a month", last["own.site_cost"], f"{money} a month", f"{month}: depreciation and running, no move"],
        ["Site, a TB and month", _shown(per_tb(site)), f"{money} per TB-month", month],
        ["Cost of capital, a month", last["own.interest"], f"{money} a month", f"{month}, apart from the above"],
        ["Plan in the cloud", whole["own.cloud"], money, "whole plan"],
        ["Plan with an own site, cash", whole["own.cash"], money, "whole plan, with the cloud bill until the move"],
        ["Plan with an own site, profit and loss", whole["own.pnl_all"], money, "whole plan, after interest"],
        ["Of both the same", whole["own.stays"], money, "lines priced by the plan: GPU time, proxies, event log"],
        ["Book value and deposits at the end", last["own.book_close"] + last["own.prepaid_close"], money, month],
        ["Data expected to be lost", loss, "share per year", f"{nines}; drives failing independently"],
        ["Expected loss", last["own.loss_gb"], "GB per year", month],
        *_prices(site.plan),
    ]
    return [["measure", "value", "unit", "note"], *rows]


def _shown(value: float) -> float | ExcelError:
    return ExcelError("#N/A", "nothing is held at the own site in the last month") if math.isnan(value) else value


def _read_rate(site: OwnSite) -> float:
    drives = float(site.months("drives")[-1])
    wanted = sum(float(site.months(prefix(n) + "wanted")[-1]) for n in numbers(site.plan))
    share = float(site.months("share")[-1]) * (1.0 - float(site.months(FROM_CACHE)[-1]))
    return wanted * share / (DAYS_PER_MONTH * SECONDS_PER_DAY) / BYTES_PER_MB / drives if drives else 0.0


def _prices(plan: Plan) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for key in UNITS:
        priced = price_book().price(plan.text(key), None, as_of(plan))
        _, source = price_book().source(priced)
        note = f"{source.title}; from {priced.price.valid_from}, confidence {priced.price.confidence}"
        price = float(priced.tariff.charge(1.0))
        rows.append([f"List price: {priced.meter.label}", price, f"{priced.meter.currency} per {priced.unit}", note])
    return rows


def per_tb(site: OwnSite, draw: int = 0) -> float:
    """Cost of the site for a TB and month in the last month of the plan; NaN while nothing is held there.

    Returns
    -------
    float
        Reporting currency: depreciation and running costs without the move, by TB held.
    """
    held, cost = float(site.months("held_tb", draw)[-1]), float(site.months("site_cost", draw)[-1])
    return cost / held if held else math.nan
