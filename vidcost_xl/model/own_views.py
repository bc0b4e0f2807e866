"""The plan in the cloud and with an own site: what stays, cash view, profit and loss view, cumulative costs."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vidcost_xl.model.calendar import MONTHS_PER_YEAR
from vidcost_xl.model.charges import SHORTFALL, Charge, counted_charges, total_of
from vidcost_xl.model.growth import compounded
from vidcost_xl.model.lines import Array, State, Volume
from vidcost_xl.model.own_money import Compute, balance, money_row
from vidcost_xl.model.own_move import LEAVING, leaves_on_both_sides
from vidcost_xl.model.plan import Plan


def own_views(plan: Plan, charges: Iterable[Charge]) -> tuple[Volume, ...]:
    """What the cloud still bills, and both plans side by side.

    Parameters
    ----------
    charges : iterable of Charge
        The bill of the plan in the cloud.

    Returns
    -------
    tuple of Volume
        In the reporting currency.
    """
    return (*_cloud(plan, tuple(charges)), *_views(), *_sums())


def _cloud(plan: Plan, every: tuple[Charge, ...]) -> list[Volume]:
    # Moving out at the end stands on both sides or on neither.
    both = leaves_on_both_sides(plan)
    here = tuple(charge for charge in every if both or charge.line.stage != LEAVING)
    stays = tuple(charge for charge in here if charge.line.is_priced_by_plan or charge.line.stage == LEAVING)

    def bill(some: tuple[Charge, ...]) -> Compute:
        return lambda state: total_of(some, state.months) * state["money.fx"]

    counted = tuple(counted_charges(plan, every))
    missing = tuple(charge for charge in every if charge.line.id == SHORTFALL.id)
    binding = float(plan.integer("own.commitment_months"))

    def committed(state: State) -> Array:
        left = 1.0 - state["own.share"]
        due = np.maximum(state["commercial.commitment_usd"] - total_of(counted, state.months) * left, 0.0)
        # What the cloud plan itself leaves unused is in the bridge already.
        more = due - total_of(missing, state.months) * left
        return more * (state.month < binding) * state["money.fx"]

    return [
        money_row("cloud", "The plan in the cloud", ("money.fx",), bill(here)),
        money_row(
            "stays",
            "Of it the same on both sides: priced by the plan, leaving at the end",
            ("money.fx",),
            bill(stays),
        ),
        money_row(
            "moves",
            "Of it what an own site ends: billed by cloud providers",
            ("own.cloud", "own.stays"),
            lambda state: state["own.cloud"] - state["own.stays"],
        ),
        money_row(
            "bridge",
            "Cloud bill that goes on until the data have moved",
            ("own.moves", "own.share"),
            lambda state: state["own.moves"] * (1.0 - state["own.share"]),
        ),
        money_row(
            "committed",
            "Commitment that binds after the data have moved",
            ("own.share", "commercial.commitment_usd", "money.fx"),
            committed,
        ),
    ]


def _views() -> list[Volume]:
    running = ("own.running", "own.bridge", "own.committed", "own.stays")

    def beside(state: State) -> Array:
        return state["own.running"] + state["own.bridge"] + state["own.committed"] + state["own.stays"]

    return [
        money_row(
            "capex_paid",
            "Cash: hardware paid, deposits and deliveries",
            ("own.additions", "own.delivered", "own.deposits"),
            lambda state: state["own.additions"] - state["own.delivered"] + state["own.deposits"],
        ),
        money_row(
            "cash",
            "Cash: the plan with an own site",
            ("own.capex_paid", "own.disposals", *running),
            lambda state: state["own.capex_paid"] - state["own.disposals"] + beside(state),
        ),
        money_row(
            "interest",
            "Cost of capital on book value and deposits at the start of the month",
            ("own.book_open", "own.prepaid_open", "own.cost_of_capital"),
            lambda state: (
                (state["own.book_open"] + state["own.prepaid_open"]) * state["own.cost_of_capital"] / MONTHS_PER_YEAR
            ),
        ),
        money_row(
            "pnl",
            "Profit and loss: the plan with an own site, before interest",
            ("own.depreciation", *running),
            lambda state: state["own.depreciation"] + beside(state),
        ),
        money_row(
            "pnl_all",
            "Profit and loss after interest: the plan with an own site",
            ("own.pnl", "own.interest"),
            lambda state: state["own.pnl"] + state["own.interest"],
        ),
        money_row(
            "unreconciled",
            "Cash less profit and loss less book value and deposits, to date: 0",
            ("own.cash", "own.pnl", "own.book_close", "own.prepaid_close"),
            lambda state: (
                balance(state["own.cash"] - state["own.pnl"]) - state["own.book_close"] - state["own.prepaid_close"]
            ),
        ),
        money_row(
            "site_cost",
            "Cost of the site: depreciation and running, without the move",
            ("own.depreciation", "own.running", "own.migration", "own.readout"),
            lambda state: (
                state["own.depreciation"] + state["own.running"] - state["own.migration"] - state["own.readout"]
            ),
        ),
    ]


def _sums() -> list[Volume]:
    def factor(state: State) -> Array:
        return 1.0 / compounded(state["money.discount_rate"], state.month + 1.0)

    def total(key: str) -> Compute:
        return lambda state: balance(state[f"own.{key}"])

    def present(key: str) -> Compute:
        return lambda state: balance(state[f"own.{key}"] * state["own.factor"])

    return [
        money_row("factor", "Discount factor at the end of the month", ("money.discount_rate",), factor, "factor"),
        money_row("cloud_sum", "Cloud, cumulative", ("own.cloud",), total("cloud")),
        money_row("cash_sum", "Own site, cumulative", ("own.cash",), total("cash")),
        money_row("cloud_present", "Cloud, cumulative, discounted", ("own.cloud", "own.factor"), present("cloud")),
        money_row("cash_present", "Own site, cumulative, discounted", ("own.cash", "own.factor"), present("cash")),
    ]
