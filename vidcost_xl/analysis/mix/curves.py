"""What a meter charges as straight lines over its quantity, month by month: tiers, allowances, rates, discounts.

The tariff, the private rates and the discount are the model's. A month's charge is a few lines, one a tier; which of
them can be reached follows from the least and the most that a mix may bill.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.charges import ALL, Pool, is_sold, pool_of, support_versions
from vidcost_xl.model.growth import compounded
from vidcost_xl.model.lines import Array, State
from vidcost_xl.model.meter_prices import priced_of, private_rates
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import PricedMeter
from vidcost_xl.prices.tariff import CONVERSION_DECIMALS, Tariff

#: Before and after rates and discounts, as the support plan may take them; what is paid is effective.
Kind: TypeAlias = Literal["list", "contracted", "effective"]
EFFECTIVE: Final[Kind] = "effective"

#: Who bills a price of the plan.
PLAN: Final = "plan"

_AMOUNTS: Final[dict[Kind, Callable[[Pool], Array]]] = {
    "list": lambda pool: pool.listed,
    "contracted": lambda pool: pool.contracted,
    "effective": lambda pool: pool.effective,
}


@dataclass(frozen=True)
class Line:
    """A straight part of a charge.

    Parameters
    ----------
    start, end : float
        Billing units.
    at_start : float
        The charge where it begins.
    slope : float
        Per billing unit.
    """

    start: float
    end: float
    at_start: float
    slope: float

    def at(self, quantity: float) -> float:
        """The charge for a quantity on the line."""
        return self.at_start + (quantity - self.start) * self.slope


@dataclass(frozen=True, eq=False)
class Curve:
    """The charges of one meter, or of a price of the plan.

    Parameters
    ----------
    starts, listed, slopes : tuple of float
        Of each line at list price.
    factors : dict of Kind to ndarray, (month,)
        What a kind of amount is of the list price; NaN where a rate holds.
    rates : dict of Kind to ndarray, (month,)
        Per billing unit where a rate holds.
    """

    provider: str
    starts: tuple[float, ...]
    listed: tuple[float, ...]
    slopes: tuple[float, ...]
    round_up: bool
    factors: dict[Kind, Array]
    rates: dict[Kind, Array]

    def lines(self, month: int, kind: Kind = EFFECTIVE) -> list[Line]:
        """The lines of a month from 0 up; those of all kinds begin at the same quantities."""
        factor, rate = self.factors[kind][month], self.rates[kind][month]
        ends = (*self.starts[1:], math.inf)
        if math.isnan(factor):
            return [Line(a, b, a * rate, rate) for a, b in zip(self.starts, ends, strict=True)]
        return [
            Line(a, b, c * factor, s * factor)
            for a, b, c, s in zip(self.starts, ends, self.listed, self.slopes, strict=True)
        ]

    def reached(self, least: float, most: float) -> range:
        """The lines that quantities from the least to the most lie on."""
        ends = (*self.starts[1:], math.inf)
        first = next(at for at, end in enumerate(ends) if least < end or least == self.starts[at])
        last = max(at for at, start in enumerate(self.starts) if start < most or at == 0)
        return range(first, max(first, last) + 1)

    def charge(self, quantity: float, month: int, kind: Kind = EFFECTIVE) -> float:
        """What a quantity costs in a month."""
        if self.round_up and not math.isnan(self.factors[kind][month]):
            quantity = float(math.ceil(round(quantity, CONVERSION_DECIMALS)))
        lines = self.lines(month, kind)
        return lines[self.reached(quantity, quantity)[0]].at(quantity)

    def at(self, quantity: float, kind: Kind) -> Array:
        """What a quantity costs, not rounded up, (month,)."""
        line = self.reached(quantity, quantity)[0]
        listed = self.listed[line] + (quantity - self.starts[line]) * self.slopes[line]
        found: Array = np.where(np.isnan(self.factors[kind]), self.rates[kind] * quantity, self.factors[kind] * listed)
        return found

    def steepness(self, kind: Kind, pick: Callable[[Iterable[float]], float]) -> Array:
        """The least or the greatest slope of all lines, (month,)."""
        factor, rate = self.factors[kind], self.rates[kind]
        found: Array = np.where(np.isnan(factor), rate, pick(self.slopes) * factor)
        return found

    def most(self, quantity: Array, kind: Kind) -> Array:
        """What a quantity adds to a charge that it shares at most, (month,): each unit at the dearest."""
        owed = max(at for start, at in zip(self.starts, self.listed, strict=True) if not start)
        found: Array = self.steepness(kind, max) * (quantity + float(self.round_up))
        return (found + np.nan_to_num(self.factors[kind]) * owed) * (quantity > 0.0)

    def reduced(self, months: NDArray[np.intp]) -> Curve:
        """The curve in some months alone."""
        factors = {kind: array[months] for kind, array in self.factors.items()}
        rates = {kind: array[months] for kind, array in self.rates.items()}
        return Curve(self.provider, self.starts, self.listed, self.slopes, self.round_up, factors, rates)

    @property
    def columns(self) -> list[Array]:
        """What differs by month, (month,) each."""
        return [*self.factors.values(), *self.rates.values()]


def curve_of(plan: Plan, state: State, meter: str, kinds: Sequence[Kind]) -> Curve:
    """The charges of a meter or of a price of the plan.

    Raises
    ------
    NotInBookError
        Where the meter has no price on the plan's day.
    BadArgumentError
        For a tariff that is no chain of straight lines.
    """
    if meter in plan.values:
        price = state.monthly(meter)[:, 0]
        none = np.full(state.months, np.nan)
        return Curve(PLAN, (0.0,), (0.0,), (0.0,), False, dict.fromkeys(kinds, none), dict.fromkeys(kinds, price))
    priced = priced_of(plan, meter)
    tariff = priced.tariff
    if tariff.kind != "graduated":
        raise BadArgumentError(f"{meter} is billed at one price for the whole volume, which a mix cannot choose along.")
    starts, listed, slopes = zip(*with_minimum(tariff), strict=True)
    factors, rates = _terms(plan, state, priced, kinds)
    if all(np.all(np.isnan(factor)) for factor in factors.values()):
        starts, listed, slopes = (0.0,), (0.0,), (0.0,)
    return Curve(priced.provider.id, starts, listed, slopes, tariff.round_up, factors, rates)


def _terms(
    plan: Plan, state: State, priced: PricedMeter, kinds: Sequence[Kind]
) -> tuple[dict[Kind, Array], dict[Kind, Array]]:
    none = np.full(state.months, np.nan)
    rate = np.broadcast_to(private_rates(plan, priced.meter.id), (state.months, 1))[:, 0]
    grown = compounded(state["money.escalation"], state.month)
    escalation = np.broadcast_to(grown, (state.months, 1))[:, 0]
    discount = np.broadcast_to(state["commercial.discount"], (state.months, 1))[:, 0]
    kept = 1.0 - discount if plan.text("commercial.discount_provider") in {ALL, priced.provider.id} else 1.0
    private = ~np.isnan(rate)
    factors: dict[Kind, Array] = {"list": escalation, "contracted": np.where(private, np.nan, escalation)}
    factors["effective"] = factors["contracted"] * kept
    rates: dict[Kind, Array] = {"list": none, "contracted": rate, "effective": rate * kept}
    return {kind: factors[kind] for kind in kinds}, {kind: rates[kind] for kind in kinds}


def charged(plan: Plan, state: State, meter: str, quantity: Array, kind: Kind = EFFECTIVE) -> Array:
    """What the model charges for a quantity of each month, (month,): the second way to every number of a curve."""
    if meter in plan.values:
        amount: Array = quantity * state.monthly(meter)[:, 0]
        return amount
    pool = pool_of(plan, state, priced_of(plan, meter), [quantity[:, np.newaxis]])
    result: Array = _AMOUNTS[kind](pool)[:, 0]
    return result


def with_minimum(tariff: Tariff) -> list[tuple[float, float, float]]:
    """The lines of a tariff with what it charges at least: none at all for none, and then flat up to the minimum."""
    least, lines = tariff.minimum_quantity, list(tariff.lines)
    if not least:
        return lines
    ends = (*(start for start, _, _ in lines[1:]), math.inf)
    beyond = [line for line, end in zip(lines, ends, strict=True) if end > least]
    start, at_start, slope = beyond[0]
    owed = at_start + (least - start) * slope
    return [(0.0, 0.0, 0.0), (0.0, owed, 0.0), (least, owed, slope), *beyond[1:]]


def lines_under(lines: Sequence[Line], most: float) -> list[tuple[float, float]]:
    """Straight lines that are nowhere above a charge for quantities up to the most: height at 0 and slope, rising."""
    reached = [line for line in lines if line.start <= most]
    points = sorted({each for line in reached for x in (line.start, min(line.end, most)) for each in [(x, line.at(x))]})
    hull: list[tuple[float, float]] = []
    for x, y in points:
        if hull and hull[-1][0] == x:  # the charge jumps up
            continue
        while len(hull) > 1 and _slope(hull[-2], (x, y)) <= _slope(hull[-2], hull[-1]):
            hull.pop()
        hull.append((x, y))
    slopes = [(one, _slope(one, other)) for one, other in pairwise(hull)] or [(hull[0], 0.0)]
    return [(y - slope * x, slope) for (x, y), slope in slopes]


def _slope(one: tuple[float, float], other: tuple[float, float]) -> float:
    return (other[1] - one[1]) / (other[0] - one[0])


def support_lines(priced: PricedMeter) -> list[Line]:
    """What a support plan charges over what it is counted in: its least fee, due without any too, then its bands."""
    lines = with_minimum(priced.tariff)[1:] if priced.tariff.minimum_quantity else with_minimum(priced.tariff)
    ends = (*(start for start, _, _ in lines[1:]), math.inf)
    return [Line(start, end, at, slope) for (start, at, slope), end in zip(lines, ends, strict=True)]


@dataclass(frozen=True, eq=False)
class Support:
    """A support plan.

    Parameters
    ----------
    kind : Kind
        What it is a share of.
    provider : str
        Whose charges.
    lines : list of list of Line
        By month.
    versions : ndarray, (month,)
        Which of its prices holds.
    counts : bool
        Whether its fee may count towards the commitment.
    """

    kind: Kind
    provider: str
    lines: list[list[Line]]
    versions: Array
    counts: bool


def support_of(plan: Plan) -> Support | None:
    """The support plan of a plan; None where it has none."""
    name, months = plan.text("commercial.support"), plan.calendar.starts
    if not name:
        return None
    versions = support_versions(name, months)
    which = [next(at for at, version in enumerate(versions) if is_sold(version, month)) for month in months]
    kinds: dict[str, Kind] = {"list": "list", "contracted": "contracted"}
    return Support(
        kinds.get(plan.text("commercial.support_basis"), EFFECTIVE),
        versions[-1].provider.id,
        [support_lines(versions[at]) for at in which],
        np.array(which, dtype=np.float64),
        plan.is_on("commercial.commitment_support"),
    )
