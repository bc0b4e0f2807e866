"""Pricing the rows of the bill: pools that share tiers, private rates, discounts, commitment and support."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np

from vidcost_xl.errors import NotInBookError, unknown_name
from vidcost_xl.model.growth import compounded
from vidcost_xl.model.lines import MAIN_PAYER, Array, ChargeLine, LineName, Rows, State, ratio
from vidcost_xl.model.meter_prices import priced_of, private_rates
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import PricedMeter, price_book
from vidcost_xl.prices.located import provider_of

ALL: Final = "all"

#: The line of what is missing to the commitment, and that of the support plan.
SHORTFALL: Final = LineName("support.shortfall", "Commitment not used", "support")
SUPPORT: Final = LineName("support.plan", "{what}", "support")


@dataclass(frozen=True, eq=False)
class Pool:
    """What one meter bills one payer for all its lines together; tiers apply here, once.

    Parameters
    ----------
    quantity : ndarray, (month, draw)
        Billing units; like the amounts, one row or column where nothing differs.
    listed, contracted, effective : ndarray, (month, draw)
        In the meter's currency.
    lines : int
        How many lines share it.
    """

    quantity: Array
    listed: Array
    contracted: Array
    effective: Array
    lines: int = 1


@dataclass(frozen=True, eq=False)
class Charge:
    """One line of the bill, priced.

    Parameters
    ----------
    priced : PricedMeter or None
        None for prices of the plan and derived lines.
    quantity : ndarray, (month, draw)
        Billing units; one row or column where nothing differs.
    pool : Pool
        Its line's share of each amount is in proportion to the quantity.
    """

    line: ChargeLine
    priced: PricedMeter | None
    unit: str
    currency: str
    quantity: Array
    pool: Pool

    @property
    def provider(self) -> str:
        """Who bills it; "plan" for prices that are inputs."""
        if self.priced is not None:
            return self.priced.provider.id
        return provider_of(self.line.meter) if self.line.stage == "support" else "plan"

    @property
    def list_amount(self) -> Array:
        """At list prices, (month, draw)."""
        return self._shared(self.pool.listed)

    @property
    def contracted(self) -> Array:
        """At private rates where there are any, (month, draw)."""
        return self._shared(self.pool.contracted)

    @property
    def effective(self) -> Array:
        """After discounts, (month, draw)."""
        return self._shared(self.pool.effective)

    @cached_property
    def _share(self) -> Array:
        return ratio(self.quantity, self.pool.quantity)

    def _shared(self, amount: Array) -> Array:
        return amount if self.pool.lines == 1 else amount * self._share

    def share_of(self, amount: Callable[[Pool], Array]) -> Array:
        """Its share of an amount of its pool, (month, draw)."""
        return self._shared(amount(self.pool))


#: What a support plan is counted in; the price book has one such meter a plan.
SUPPORT_UNIT: Final = "USD of charges"

#: What a support plan is a share of: list charges, charges at private rates, or what is paid after discounts.
SUPPORT_BASES: Final[Mapping[str, Callable[[Pool], Array]]] = {
    "list": lambda pool: pool.listed,
    "contracted": lambda pool: pool.contracted,
    "effective": lambda pool: pool.effective,
}


def total_of(
    charges: Iterable[Charge], months: int, amount: Callable[[Pool], Array] = lambda pool: pool.effective
) -> Array:
    """Effective amount of some charges, (month, draw), one row a month.

    Parameters
    ----------
    amount : callable
        Another amount of a pool in its place.

    Returns
    -------
    ndarray
        Pools that are complete among the charges are added whole, without sharing them out.
    """
    by_pool: dict[int, list[Charge]] = {}
    for charge in charges:
        by_pool.setdefault(id(charge.pool), []).append(charge)
    total = np.zeros((months, 1))
    for lines in by_pool.values():
        whole = len(lines) == lines[0].pool.lines
        for part in [amount(lines[0].pool)] if whole else [line.share_of(amount) for line in lines]:
            if part.shape[1] > total.shape[1]:
                total = total + part
            else:
                total += part
    return total


def price_rows(plan: Plan, rows: Rows, state: State) -> tuple[Charge, ...]:
    """Every charge of a plan, commitment and support last.

    Parameters
    ----------
    state : State
        With every volume.
    """
    charges = _metered(plan, rows, state) + _priced_by_plan(rows, state)
    return tuple(charges + _support_and_commitment(plan, state, charges))


def price_again(
    plan: Plan, state: State, charges: Sequence[Charge], quantities: Mapping[str, Array]
) -> tuple[Charge, ...]:
    """The charges of a plan for other quantities of its lines: tiers, rates, discounts, commitment and support anew.

    Parameters
    ----------
    quantities : mapping of str to ndarray, (month, 1)
        Billing units by line, not below 0; a line that is not in it keeps its own. What support and commitment are
        counted in follows from the others.
    """
    pools: dict[int, list[Charge]] = {}
    for charge in charges:
        if charge.line.stage != "support":
            pools.setdefault(id(charge.pool), []).append(charge)
    again: list[Charge] = []
    for lines in pools.values():
        used = [quantities.get(charge.line.id, charge.quantity) for charge in lines]
        if lines[0].priced is None:  # alone in its pool
            amount = used[0] * state[lines[0].line.meter]
            pool = Pool(used[0], amount, amount, amount)
        else:
            pool = pool_of(plan, state, lines[0].priced, used)
        again += [replace(charge, quantity=each, pool=pool) for charge, each in zip(lines, used, strict=True)]
    return tuple(again + _support_and_commitment(plan, state, again))


def _metered(plan: Plan, rows: Rows, state: State) -> list[Charge]:
    pools: dict[tuple[str, str], list[ChargeLine]] = {}
    for line in rows.charges:
        if not line.is_priced_by_plan:
            pools.setdefault((line.payer, line.meter), []).append(line)
    found: dict[str, Charge] = {}
    for (_, meter), lines in pools.items():
        priced = priced_of(plan, meter)
        used = [state[line.volume] * (line.times / priced.meter.unit_size) for line in lines]
        pool = pool_of(plan, state, priced, used)
        for line, quantity in zip(lines, used, strict=True):
            found[line.id] = Charge(line, priced, priced.unit, priced.meter.currency, quantity, pool)
    return [found[line.id] for line in rows.charges if line.id in found]


def pool_of(plan: Plan, state: State, priced: PricedMeter, used: Sequence[Array]) -> Pool:
    """What one meter bills for some quantities together: list, at private rates, after the discount.

    Parameters
    ----------
    used : sequence of ndarray, (month, draw)
        Billing units of each line.

    Returns
    -------
    Pool
        In the meter's currency.
    """
    quantity = sum(used[1:], used[0])
    listed = priced.tariff.charges(quantity)
    if np.any(state["money.escalation"]):
        listed = listed * compounded(state["money.escalation"], state.month)
    contracted = _contracted(plan, priced, quantity, listed)
    chosen = plan.text("commercial.discount_provider")
    discounted = chosen in {ALL, priced.provider.id} and bool(np.any(state["commercial.discount"]))
    effective = contracted * (1.0 - state["commercial.discount"]) if discounted else contracted
    return Pool(quantity, listed, contracted, effective, len(used))


def _contracted(plan: Plan, priced: PricedMeter, quantity: Array, listed: Array) -> Array:
    rate = private_rates(plan, priced.meter.id)
    return listed if np.all(np.isnan(rate)) else np.where(np.isnan(rate), listed, rate * quantity)


def _priced_by_plan(rows: Rows, state: State) -> list[Charge]:
    charges = []
    for line in rows.charges:
        if line.is_priced_by_plan:
            quantity = state[line.volume] * (line.times / line.unit_size)
            amount = quantity * state[line.meter]
            charges.append(Charge(line, None, line.unit, "USD", quantity, Pool(quantity, amount, amount, amount)))
    return charges


def _support_and_commitment(plan: Plan, state: State, charges: list[Charge]) -> list[Charge]:
    support = [_support(plan, state, charges)] if plan.text("commercial.support") else []
    promised = state["commercial.commitment_usd"]
    if not np.any(promised):
        return support
    provider = plan.text("commercial.commitment_provider")
    counted = counted_charges(plan, [*charges, *support])
    missing = np.maximum(promised - total_of(counted, state.months), 0.0)
    line, pool = SHORTFALL.charge("", f"{provider}.commitment"), Pool(missing, missing, missing, missing)
    return [Charge(line, None, "USD", "USD", missing, pool), *support]


def _support(plan: Plan, state: State, charges: list[Charge]) -> Charge:
    months = plan.calendar.starts
    versions = support_versions(plan.text("commercial.support"), months)
    meter, provider = versions[-1].meter, versions[-1].provider
    # What the new provider bills while the old one is left is another contract.
    supported = [charge for charge in charges if charge.line.payer == MAIN_PAYER and charge.provider == provider.id]
    base = total_of(supported, state.months, SUPPORT_BASES[plan.text("commercial.support_basis")])
    amount = np.zeros_like(base)
    for version in versions:
        held = np.array([[is_sold(version, month)] for month in months])
        # The minimum fee is due in a month without charges too.
        billed = np.maximum(base, version.tariff.minimum_quantity)
        amount = np.where(held, version.tariff.charges(billed), amount)
    line, pool = SUPPORT.of(what=meter.label).charge("", meter.id), Pool(base, amount, amount, amount)
    return Charge(line, versions[-1], versions[-1].unit, meter.currency, base, pool)


def support_versions(name: str, months: Sequence[date]) -> list[PricedMeter]:
    """The prices of a support plan that hold in some of the months, the oldest first.

    Raises
    ------
    NotInBookError
        For what is no support plan, or a month in which it is not on sale: names those that are.
    """
    book = price_book()
    plans = {meter.id: book.versions(meter.id) for meter in book.meters.values() if meter.billing_unit == SUPPORT_UNIT}
    chosen = book.meter(name).id
    if chosen not in plans:
        raise NotInBookError(unknown_name("support plan", name, plans, "commercial.support names one, or is empty."))
    missing = [month for month in months if not any(is_sold(version, month) for version in plans[chosen])]
    if missing:
        sold = [key for key, found in plans.items() if any(is_sold(version, missing[0]) for version in found)]
        raise NotInBookError(
            f"commercial.support: {chosen} is not on sale in {missing[0]:%Y-%m}"
            f"{f' and {len(missing) - 1} other months' if len(missing) > 1 else ''} of the plan. "
            f"On sale in {missing[0]:%Y-%m}: {', '.join(sold) or 'none that the price book knows'}."
        )
    return [version for version in plans[chosen] if any(is_sold(version, month) for month in months)]


def is_sold(version: PricedMeter, month: date) -> bool:
    """Whether a price of a support plan holds in a month."""
    # A price that begins or ends inside a month holds from, or to, the month after.
    price = version.price
    return price.valid_from <= month and (price.valid_to is None or month < price.valid_to)


def counted_charges(plan: Plan, charges: Iterable[Charge]) -> list[Charge]:
    """The charges that count towards the commitment.

    Returns
    -------
    list of Charge
        Support among them where the contract says so, in any stages; what is missing never.
    """
    provider = plan.text("commercial.commitment_provider")
    stages = plan.text("commercial.commitment_stages").split()

    def counts(line: ChargeLine) -> bool:
        if line.stage == "support":
            return line.id == SUPPORT.id and plan.is_on("commercial.commitment_support")
        return stages == [ALL] or line.stage in stages

    return [
        charge
        for charge in charges
        if charge.line.payer == MAIN_PAYER and provider in {ALL, charge.provider} and counts(charge.line)
    ]
