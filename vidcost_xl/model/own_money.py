"""Rows of the own data centre in money: prices by date, assets, running costs.

Everything is in the reporting currency at the rate of the month in which it falls, so that book
values keep the rate of the month of purchase.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

import numpy as np

from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.model.calendar import MONTHS_PER_YEAR
from vidcost_xl.model.charges import Charge
from vidcost_xl.model.growth import compounded, running_sum
from vidcost_xl.model.lines import Array, State, Volume, shifted
from vidcost_xl.model.meter_prices import as_of
from vidcost_xl.model.own_move import egress_cost, egress_needs, reading_cost, reading_needs
from vidcost_xl.model.plan import Plan
from vidcost_xl.model.rate_keys import RATE_PREFIX
from vidcost_xl.prices.book import price_book

Compute: TypeAlias = Callable[[State], Array]

#: Hours in a month of power, as providers count them.
HOURS_PER_MONTH: Final = 730

#: Inputs that name a price, and the billing unit that it must have.
UNITS: Final = {"own.drive": "TB", "own.colocation": "kW-month", "own.transit": "Mbps-month"}

CURRENCY: Final = "currency"

#: The running costs, by the ends of their ids.
RUNNING: Final = ("replacements", "space", "power", "transit_cost", "staff", "migration", "readout")


def own_money(plan: Plan, charges: Iterable[Charge] = ()) -> tuple[Volume, ...]:
    """What an own site costs: hardware with its book value, running costs, the move.

    Parameters
    ----------
    charges : iterable of Charge
        The bill of the plan in the cloud, whose tiers the move shares.

    Returns
    -------
    tuple of Volume
        Their unit is "currency": the reporting currency.
    """
    return (*_prices(plan), *_purchases(plan), *_assets(plan), *_running(plan, tuple(charges)))


def money_row(key: str, label: str, needs: tuple[str, ...], compute: Compute, unit: str = CURRENCY) -> Volume:
    """A row of the own site in money."""
    return Volume(f"own.{key}", label, unit, needs, compute)


def _prices(plan: Plan) -> list[Volume]:
    def drive(state: State) -> Array:
        growth = compounded(state["own.drive_trend"], state.month)
        return _price(plan, "own.drive", growth) * state["money.fx"]

    def listed(key: str) -> Compute:
        def price(state: State) -> Array:
            growth = compounded(state["money.escalation"], state.month)
            return _price(plan, key, growth) * state["money.fx"]

        return price

    escalated = ("money.escalation", "money.fx")
    return [
        money_row("drive_price", "Price of drives", ("own.drive_trend", "money.fx"), drive, "currency per TB"),
        money_row("space_price", "Price of space", escalated, listed("own.colocation"), "currency per kW"),
        money_row("transit_price", "Price of transit", escalated, listed("own.transit"), "currency per Mbit/s"),
    ]


def _price(plan: Plan, key: str, growth: Array) -> Array:
    name, wanted = plan.text(key), UNITS[key]
    meter = price_book().meter(name)
    if meter.billing_unit != wanted:
        allowed = [item.id for item in price_book().meters.values() if item.billing_unit == wanted]
        raise BadArgumentError(f"{key} is a price per {wanted}. " + unknown_name("meter", name, allowed))
    listed = float(price_book().price(name, None, as_of(plan)).tariff.charge(1.0)) * growth
    price = np.broadcast_to(listed, (plan.calendar.months, listed.shape[1])).copy()
    if meter.id in plan.rates:
        price[:] = plan.rates[meter.id]
    for (rate, position), value in plan.monthly.items():
        if rate == RATE_PREFIX + meter.id:
            price[position] = value
    return price


def _purchases(plan: Plan) -> list[Volume]:
    lead, months = plan.integer("own.lead_months"), plan.integer("calendar.months")

    def drives(state: State) -> Array:
        stock = state["own.drives_bought"] * (1.0 + state["own.spares"]) * state["own.drive_tb"]
        return stock * state["own.drive_price"]

    def chassis(state: State) -> Array:
        return state["own.chassis_bought"] * (state["own.chassis_usd"] + state["own.server_usd"]) * state["money.fx"]

    def deposits(state: State) -> Array:
        part = state["own.additions"] * state["own.deposit"]
        ahead = np.zeros_like(part)
        ahead[: max(0, months - lead)] = part[lead:]
        return ahead

    return [
        money_row(
            "drives_cost",
            "Drives and spares bought",
            ("own.drives_bought", "own.spares", "own.drive_tb", "own.drive_price"),
            drives,
        ),
        money_row(
            "chassis_cost",
            "Chassis, servers, network and set-up",
            ("own.chassis_bought", "own.chassis_usd", "own.server_usd", "money.fx"),
            chassis,
        ),
        money_row(
            "additions",
            "Hardware put to use",
            ("own.drives_cost", "own.chassis_cost"),
            lambda state: state["own.drives_cost"] + state["own.chassis_cost"],
        ),
        money_row("deposits", "Deposits paid on ordering", ("own.additions", "own.deposit"), deposits),
        money_row(
            "delivered",
            "Deposits turned into hardware",
            ("own.additions", "own.deposit"),
            lambda state: state["own.additions"] * state["own.deposit"],
        ),
        money_row(
            "prepaid_open",
            "Deposits: opening",
            ("own.deposits", "own.delivered"),
            lambda state: shifted(balance(state["own.deposits"] - state["own.delivered"]), 1),
        ),
        money_row(
            "prepaid_close",
            "Deposits: closing",
            ("own.prepaid_open", "own.deposits", "own.delivered"),
            lambda state: state["own.prepaid_open"] + state["own.deposits"] - state["own.delivered"],
        ),
    ]


def _assets(plan: Plan) -> list[Volume]:
    life, months = plan.integer("own.life_months"), plan.integer("calendar.months")
    in_use = (np.arange(months) < life).astype(np.float64)

    def depreciation(state: State) -> Array:
        return running_sum(state["own.additions"], in_use) * (1.0 - state["own.residual"]) / life

    def change(state: State) -> Array:
        return state["own.additions"] - state["own.depreciation"] - state["own.disposals"]

    needs = ("own.additions", "own.depreciation", "own.disposals")
    return [
        money_row("depreciation", "Depreciation, straight line", ("own.additions", "own.residual"), depreciation),
        money_row(
            "disposals",
            "Hardware sold at the end of its life, at book value",
            ("own.additions", "own.residual"),
            lambda state: shifted(state["own.additions"], life) * state["own.residual"],
        ),
        money_row("book_open", "Book value: opening", needs, lambda state: shifted(balance(change(state)), 1)),
        money_row(
            "book_close",
            "Book value: closing",
            ("own.book_open", *needs),
            lambda state: state["own.book_open"] + change(state),
        ),
    ]


def _running(plan: Plan, charges: tuple[Charge, ...]) -> list[Volume]:
    metered = plan.text("own.power") == "metered"

    def replacements(state: State) -> Array:
        failed = state["own.drives"] * state["own.afr"] / MONTHS_PER_YEAR
        return failed * state["own.drive_tb"] * state["own.drive_price"]

    def power(state: State) -> Array:
        if not metered:
            return np.zeros((state.months, 1))
        energy = state["own.kw"] * state["own.pue"] * HOURS_PER_MONTH
        return energy * state["own.usd_per_kwh"] * state["money.fx"]

    def migration(state: State) -> Array:
        return egress_cost(plan, state, charges) * state["money.fx"]

    def readout(state: State) -> Array:
        return reading_cost(plan, state, charges) * state["money.fx"]

    def staff(state: State) -> Array:
        cost = state["own.staff_fte"] * state["own.staff_usd"] / MONTHS_PER_YEAR * state["money.fx"]
        return np.broadcast_to(cost, (state.months, cost.shape[1]))

    powered = ("own.kw", "own.pue", "own.usd_per_kwh", "money.fx") if metered else ()
    return [
        money_row(
            "replacements",
            "Failed drives bought anew",
            ("own.drives", "own.afr", "own.drive_tb", "own.drive_price"),
            replacements,
        ),
        money_row(
            "space",
            "Space, with power where it is included",
            ("own.kw", "own.space_price"),
            lambda state: state["own.kw"] * state["own.space_price"],
        ),
        money_row("power", "Power, where it is metered", powered, power),
        money_row(
            "transit_cost",
            "Transit",
            ("own.mbps", "own.transit_price"),
            lambda state: state["own.mbps"] * state["own.transit_price"],
        ),
        money_row("staff", "Staff", ("own.staff_fte", "own.staff_usd", "money.fx"), staff),
        money_row(
            "migration",
            "Moving out of the cloud",
            (*egress_needs(plan), "own.share", "money.escalation", "commercial.discount", "money.fx"),
            migration,
        ),
        money_row(
            "readout",
            "Reading the data to move them: requests, key service, event log, retrieval",
            (*reading_needs(plan), "own.share", "money.escalation", "commercial.discount", "money.fx"),
            readout,
        ),
        money_row(
            "running",
            "Running costs of the site, and the move",
            tuple(f"own.{key}" for key in RUNNING),
            lambda state: sum((state[f"own.{key}"] for key in RUNNING), np.zeros((state.months, 1))),
        ),
    ]


def balance(flow: Array) -> Array:
    """A flow summed up to each month."""
    result: Array = np.cumsum(flow, axis=0)
    return result
