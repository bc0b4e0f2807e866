"""From a plan to its bill: volumes, pools that share tiers, charges, support and commitment.

Months and draws are axes of arrays; nothing loops over them. Long axes of draws go through
in chunks (`totals`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.calendar import MONTHS_PER_YEAR
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.lines import Array, ChargeLine, Rows, Stage, State, compute, declare, ratio
from vidcost_xl.model.plan import RATE_PREFIX, Plan
from vidcost_xl.prices.book import PricedMeter, price_book

#: Draws computed together: 36 months of 25 rows of so many draws take about 30 MB.
CHUNK: Final = 2_000

ALL: Final = "all"


@dataclass(frozen=True)
class Charge:
    """One line of the bill, priced.

    Parameters
    ----------
    line : ChargeLine
    priced : PricedMeter or None
        None for prices of the plan and derived lines.
    unit, currency : str
    quantity : ndarray, (month, draw)
        Billing units.
    list_amount, contracted, effective : ndarray, (month, draw)
        In `currency`.
    """

    line: ChargeLine
    priced: PricedMeter | None
    unit: str
    currency: str
    quantity: Array
    list_amount: Array
    contracted: Array
    effective: Array

    @property
    def provider(self) -> str:
        """Who bills it; "plan" for prices that are inputs."""
        if self.priced is not None:
            return self.priced.provider.id
        return self.line.meter.split(".", 1)[0] if self.line.stage == "support" else "plan"


@dataclass(frozen=True)
class Bill:
    """The priced plan.

    Parameters
    ----------
    plan : Plan
    rows : Rows
    state : State
        Every input and volume, by id.
    charges : tuple of Charge
    """

    plan: Plan
    rows: Rows
    state: State
    charges: tuple[Charge, ...]

    @property
    def total(self) -> Array:
        """Effective amount of all lines, (month, draw)."""
        return self.sum_of(self.charges)

    def stage(self, stage: str) -> Array:
        """Effective amount of one stage, (month, draw)."""
        return self.sum_of(charge for charge in self.charges if charge.line.stage == stage)

    def line(self, line: str) -> Charge:
        """The charge of one line."""
        return next(charge for charge in self.charges if charge.line.id == line)

    def sum_of(self, charges: Iterable[Charge]) -> Array:
        """Effective amount of some charges, (month, draw), one row a month."""
        total = np.zeros((self.state.months, 1))
        for charge in charges:
            total = total + charge.effective
        return total

    def reporting(self, amount: Array) -> Array:
        """An amount in the reporting currency."""
        return amount * self.state["money.fx"]


def evaluate(plan: Plan, samples: Mapping[str, Array] | None = None) -> Bill:
    """Price a plan.

    Parameters
    ----------
    plan : Plan
    samples : mapping of str to ndarray, (draw,)
        Numeric inputs that differ from draw to draw; all of the same length. An override of one month
        stays what it is in every draw.

    Returns
    -------
    Bill
        Arrays have one column a draw, or one column where nothing depends on the draw.

    Raises
    ------
    BadArgumentError
        For a sample of an input that is not numeric or shapes the rows themselves.
    """
    plan = replace(plan, sampled=frozenset(samples or ()))
    rows = declare(plan)
    state = compute(rows.volumes, State(inputs(plan, samples or {}), plan.integer("calendar.months")))
    charges = _metered(plan, rows, state) + _priced_by_plan(rows, state)
    charges += _support_and_commitment(plan, state, charges)
    return Bill(plan, rows, state, tuple(charges))


def totals(plan: Plan, samples: Mapping[str, Array], chunk: int = CHUNK) -> Array:
    """The total of every month and draw, computed in chunks of draws.

    Parameters
    ----------
    plan : Plan
    samples : mapping of str to ndarray, (draw,)
    chunk : int
        Draws computed together.

    Returns
    -------
    ndarray, (month, draw)
        Effective amounts.
    """
    draws = len(next(iter(samples.values())))
    result = np.empty((plan.integer("calendar.months"), draws))
    for start in range(0, draws, chunk):
        part = {key: values[start : start + chunk] for key, values in samples.items()}
        result[:, start : start + chunk] = evaluate(plan, part).total
    return result


def inputs(plan: Plan, samples: Mapping[str, Array]) -> dict[str, Array]:
    """Numeric inputs as arrays over (month, draw), one row or column where nothing varies.

    Parameters
    ----------
    plan : Plan
    samples : mapping of str to ndarray, (draw,)

    Returns
    -------
    dict of str to ndarray
    """
    months = plan.integer("calendar.months")
    for key in samples:
        spec = catalogue().get(spec_key(key))
        if spec is None or key not in plan.values or spec.kind != "number":
            raise BadArgumentError(f"{key} cannot differ from draw to draw: it is not a number among the inputs.")
    values = {key: np.array([[value]]) for key, value in plan.values.items() if isinstance(value, float)}
    values |= {key: np.asarray(draws, dtype=np.float64)[np.newaxis, :] for key, draws in samples.items()}
    for (key, position), value in plan.monthly.items():
        if not key.startswith(RATE_PREFIX):
            if len(values[key]) == 1:
                values[key] = np.repeat(values[key], months, axis=0)
            values[key][position] = value
    return values


def _metered(plan: Plan, rows: Rows, state: State) -> list[Charge]:
    as_of = plan.values["money.as_of"]
    book = price_book()
    escalation = (1.0 + state["money.escalation"]) ** (state.month / MONTHS_PER_YEAR)
    pools: dict[tuple[str, str], list[ChargeLine]] = {}
    for line in rows.charges:
        if not line.is_priced_by_plan:
            pools.setdefault((line.payer, line.meter), []).append(line)
    found: dict[str, Charge] = {}
    for (_, meter), lines in pools.items():
        priced = book.price(meter, None, None if isinstance(as_of, (str, float)) else as_of)
        size = priced.meter.unit_size
        used = [state.monthly(line.volume) * (line.times / size) for line in lines]
        pooled = sum(used[1:], used[0])
        listed = priced.tariff.charges(pooled) * escalation
        contracted = _contracted(plan, priced, pooled, listed)
        effective = contracted * (1.0 - _discount(plan, state, priced.provider.id))
        for line, quantity in zip(lines, used, strict=True):
            share = 1.0 if len(lines) == 1 else ratio(quantity, pooled)
            found[line.id] = Charge(
                line,
                priced,
                priced.unit,
                priced.meter.currency,
                quantity,
                listed * share,
                contracted * share,
                effective * share,
            )
    return [found[line.id] for line in rows.charges if line.id in found]


def _contracted(plan: Plan, priced: PricedMeter, quantity: Array, listed: Array) -> Array:
    key = RATE_PREFIX + priced.meter.id
    rate = np.full((len(quantity), 1), plan.rates.get(priced.meter.id, np.nan))
    for (name, position), value in plan.monthly.items():
        if name == key:
            rate[position] = value
    if np.isnan(rate).all():
        return listed
    return np.where(np.isnan(rate), listed, rate * quantity)


def _discount(plan: Plan, state: State, provider: str) -> Array:
    chosen = plan.text("commercial.discount_provider")
    return state["commercial.discount"] if chosen in {ALL, provider} else np.zeros((1, 1))


def _priced_by_plan(rows: Rows, state: State) -> list[Charge]:
    charges = []
    for line in rows.charges:
        if line.is_priced_by_plan:
            quantity = state.monthly(line.volume) * (line.times / line.unit_size)
            amount = quantity * state[line.meter]
            charges.append(Charge(line, None, line.unit, "USD", quantity, amount, amount, amount))
    return charges


def _support_and_commitment(plan: Plan, state: State, charges: list[Charge]) -> list[Charge]:
    result = []
    promised = state["commercial.commitment_usd"]
    if np.any(promised):
        provider = plan.text("commercial.commitment_provider")
        stages = plan.text("commercial.commitment_stages").split()
        counted = [
            charge
            for charge in charges
            if provider in {ALL, charge.provider} and (stages == [ALL] or charge.line.stage in stages)
        ]
        spent = sum((charge.effective for charge in counted), np.zeros((state.months, 1)))
        result.append(
            _derived(
                "support.shortfall", "Commitment not used", f"{provider}.commitment", np.maximum(promised - spent, 0.0)
            )
        )
    plan_name = plan.text("commercial.support")
    if plan_name:
        priced = price_book().price(plan_name)
        mine = [charge.effective for charge in charges if charge.provider == priced.provider.id]
        base = sum(mine, np.zeros((state.months, 1)))
        amount = priced.tariff.charges(np.ascontiguousarray(base))
        line = ChargeLine("support.plan", priced.meter.label, "support", "", priced.meter.id)
        result.append(Charge(line, priced, priced.unit, priced.meter.currency, base, amount, amount, amount))
    return result


def _derived(line: str, label: str, meter: str, amount: Array) -> Charge:
    stage: Stage = "support"
    return Charge(ChargeLine(line, label, stage, "", meter), None, "USD", "USD", amount, amount, amount, amount)
