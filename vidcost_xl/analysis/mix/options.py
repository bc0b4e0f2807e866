"""The places of each representation, and what a mix that has one of them must cost at least.

Tiers and allowances are shared, so that what one place adds to the bill depends on the others; but a meter's charge is
nowhere below the slope of its last line times the quantity, less what the lines below that slope save. Of all
representations at their least together, with one of them in a place, this is a bound: a place whose bound is above the
cost of a mix that is known is in no cheapest mix. What a commitment leaves unused is at least any share of what the
charges are short of it, so that each share gives a bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from vidcost_xl.analysis.mix.amounts import Amounts, moved, total
from vidcost_xl.analysis.mix.curves import EFFECTIVE, Curve
from vidcost_xl.analysis.mix.parts import Parts, fetched_at
from vidcost_xl.analysis.mix.spots import Kept, Spot, is_wanted
from vidcost_xl.analysis.parts import raw_of
from vidcost_xl.model.blocks.allowance import free_times
from vidcost_xl.model.charges import ALL
from vidcost_xl.model.lines import Array, State
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import provider_of

#: The curve of a meter; None where it has no price on the plan's day.
Curves: TypeAlias = Callable[[str], Curve | None]

#: Parts of the plan, from its first month on, in which bounds take the charges that count towards a commitment as free
#: and the commitment as paid: a plan that grows comes to use it up.
_COMMITTED: Final = (0.0, 0.25, 0.5, 0.75, 1.0)

#: Shares of what leaves beyond a free egress, or a policy, that bounds take.
_LEAVING: Final = (0.0, 1.0)

#: Ways to divide the other representations among providers that are looked at one by one.
_MOST_WAYS: Final = 4_000

#: A price in USD of each GB beyond a policy that bounds take, of the size of an egress price: any gives a bound.
_BEYOND_POLICY: Final = 0.02
BYTES_PER_GB: Final = 1e9


@dataclass(frozen=True, eq=False)
class Option:
    """A spot of one representation, and what it counts there."""

    spot: Spot
    amounts: Amounts


@dataclass(frozen=True, eq=False)
class Places:
    """Every spot of one representation.

    Parameters
    ----------
    spots : list of Spot
    least : ndarray, (spot, bound, copy)
        What it costs at least, in the reporting currency, for each share of the commitment and with no copy or a whole.
    """

    spots: list[Spot]
    least: Array
    amounts: Callable[[Spot], Amounts]

    def option(self, at: int) -> Option:
        """One of them with what it counts."""
        return Option(self.spots[at], self.amounts(self.spots[at]))


class Bounds:
    """The places of a plan and their bounds.

    Parameters
    ----------
    providers : mapping of str to sequence of str
        Those allowed, with their regions.
    state : State
        Of the plan: its exchange rates, and what is promised.
    """

    def __init__(self, parts: Parts, providers: Mapping[str, Sequence[str]], curves: Curves, state: State) -> None:
        self.parts, self.curves = parts, curves
        plan = parts.plan
        self.fx = np.broadcast_to(state["money.fx"], (state.months, 1))[:, 0]
        promised = np.broadcast_to(state["commercial.commitment_usd"], (state.months, 1))[:, 0]
        self.owner = plan.text("commercial.commitment_provider") if promised.any() else ""
        share = np.array(_COMMITTED if promised.any() else (0.0,))[:, np.newaxis]
        paid = (np.arange(state.months) < share * state.months).astype(np.float64)
        self.paid = np.repeat(paid, len(_LEAVING), axis=0)
        self.left = np.tile(_LEAVING, len(paid))
        book = price_book()
        ways = {name for read in parts.read.values() for name in read}
        self._growing = [name for name in ways if book.route("egress", name).free_egress_times_stored is not None]
        rows = {n: [*self._rows(n, providers)] for n in parts.kept}
        self.most = self._most(rows)
        self._about: dict[str, tuple[Array, Array]] = {}
        owed = (self.paid @ (promised * self.fx))[:, np.newaxis]
        self._of: dict[int, Array] = {}
        self.fixed: Array = self._least(parts.fixed) + owed
        self.places = {n: self._places(n, rows[n]) for n in rows}

    @property
    def providers(self) -> set[str]:
        """Those that can keep something."""
        return {spot.provider for places in self.places.values() for spot in places.spots}

    def of(self, n: int) -> Array:
        """What any mix with each spot of the n-th representation costs at least, (spot,)."""
        if n not in self._of:
            # Of the others, the least at each provider: every way to divide them has a bound of its own.
            others = self.fixed[np.newaxis]
            for m in self.places:
                if m != n:
                    others = (others[:, np.newaxis] + self._by_provider(m)).reshape(-1, *self.fixed.shape)
                    others = others if len(others) <= _MOST_WAYS else others.min(axis=0, keepdims=True)
            # Between no copy and a whole one the least of straight lines is at an end.
            rows = (self.places[n].least[at] + others for at in range(len(self.places[n].spots)))
            self._of[n] = np.array([row.min(axis=2).max(axis=1).min() for row in rows])
        return self._of[n]

    @property
    def least(self) -> float:
        """What any mix costs at least."""
        return max((float(self.of(n).min()) for n in self.places), default=0.0)

    def _by_provider(self, n: int) -> Array:
        places = self.places[n]
        owners = np.array([spot.provider for spot in places.spots])
        return np.stack([places.least[owners == owner].min(axis=0) for owner in np.unique(owners)])

    def _rows(self, n: int, providers: Mapping[str, Sequence[str]]) -> Iterable[tuple[Spot, Amounts]]:
        # Classes with their regions, and routes with theirs.
        book = price_book()
        for provider, regions in providers.items():
            for region in regions:
                for kept, amounts in self.parts.kept[n].items():
                    if kept.provider == provider and self._is_priced(here := moved(amounts, provider, region)):
                        yield Spot(kept, "", region), here
                for route, amounts in self.parts.read[n].items():
                    mine = book.provider_of(route).id == provider
                    if mine and self._is_priced(here := moved(amounts, provider, region)):
                        yield Spot(Kept(f"{provider}."), route, region), here

    def _is_priced(self, amounts: Amounts) -> bool:
        return all(self.curves(meter) is not None for meter, _ in amounts)

    def _most(self, rows: dict[int, list[tuple[Spot, Amounts]]]) -> dict[str, Array]:
        # The most of each meter that any mix counts, by month.
        found = [self.parts.fixed, self.parts.fetched]
        for mine in rows.values():
            most: Amounts = {}
            for _, amounts in mine:
                for key, amount in amounts.items():
                    most[key] = np.maximum(most[key], amount) if key in most else amount
            found.append(most)
        found += [fetched_at(self.parts, spot) for spot, _ in rows.get(raw_of(self.parts.plan), [])]
        by_meter: dict[str, Array] = {}
        for (meter, _), amount in total(found).items():
            by_meter[meter] = by_meter.get(meter, np.zeros(amount.shape[1])) + amount.max(axis=0)
        return by_meter

    def _places(self, n: int, rows: list[tuple[Spot, Amounts]]) -> Places:
        wanted, raw = is_wanted(self.parts.plan, n), n == raw_of(self.parts.plan)
        kept = [(spot, amounts, self._least(amounts)) for spot, amounts in rows if not spot.route]
        ways: dict[tuple[str, str], list[tuple[str, Amounts, Array]]] = {}
        for spot, amounts in rows:
            if spot.route:
                price = self._least(amounts) + self._left_along(n, spot)
                ways.setdefault((spot.provider, spot.region), []).append((spot.route, amounts, price))
        found: dict[Spot, list[Amounts]] = {}
        least = []
        for spot, amounts, cost in kept:
            fetched = [fetched_at(self.parts, spot)] if raw else []
            more = sum((self._least(each) for each in fetched), np.zeros_like(cost))
            more = more - self._freed(n, spot)
            if not wanted:
                found[spot] = [amounts, *fetched]
                least.append(cost + more)
            for route, added, price in ways.get((spot.provider, spot.region), []) if wanted else []:
                found[Spot(spot.kept, route, spot.region)] = [amounts, added, *fetched]
                least.append(cost + more + price)
        stacked = np.stack(least) if least else np.zeros((0, len(self.left), 2))
        return Places(list(found), stacked, lambda spot: total(found[spot]))

    def _freed(self, n: int, spot: Spot) -> Array:
        # What storing there saves of routes with a free egress, or a policy, that grows with it; (bound, 1).
        names = [spot.named(name) for name in self._growing if provider_of(name) == spot.provider]
        times = {name: price_book().route("egress", name).free_egress_times_stored or 0.0 for name in names}
        saved = sum(float((self._price(name) * self.parts.stored[n]).sum()) * times[name] for name in names)
        result: Array = (self.left * saved)[:, np.newaxis]
        return result

    def _left_along(self, n: int, spot: Spot) -> Array:
        # What all that leaves along such a route would cost; (bound, copy).
        if spot.route not in self._growing:
            return np.zeros((len(self.left), 2))
        cost = (self._price(spot.named(spot.route)) * self.parts.leaving[n]).sum(axis=1)
        result: Array = np.outer(self.left, cost)
        return result

    def _price(self, route: str) -> Array:
        # Of a byte that leaves beyond the free egress, or beyond the policy, by month.
        book, found = price_book(), np.zeros(len(self.fx))
        if free_times(route) is None:
            return self.fx * (_BEYOND_POLICY / BYTES_PER_GB)
        for leg in book.route("egress", route).legs:
            curve = self.curves(leg.meter)
            assert curve is not None
            factors, rates = curve.factors[EFFECTIVE], curve.rates[EFFECTIVE]
            slopes = np.where(np.isnan(factors), rates, min(curve.slopes) * factors)
            found = found + slopes * leg.times / book.meter(leg.meter).unit_size
        return found * self.fx

    def _least(self, amounts: Amounts) -> Array:
        # (bound, copy)
        found = np.zeros((len(self.left), 2))
        for (meter, counts), amount in amounts.items():
            slope, saved = self._lines(meter)
            cost = (amount * slope - saved) * self.fx
            curve = self.curves(meter)
            counted = counts and curve is not None and self.owner in {ALL, curve.provider}
            found += (1.0 - self.paid) @ cost.T if counted else cost.sum(axis=1)
        return found

    def _lines(self, meter: str) -> tuple[Array, Array]:
        # By month: the slope at the most, and how much less than it all quantities may cost.
        if meter not in self._about:
            curve = self.curves(meter)
            assert curve is not None
            self._about[meter] = _under(curve, self.most[meter])
        return self._about[meter]


def _under(curve: Curve, most: Array) -> tuple[Array, Array]:
    starts = np.array(curve.starts)[:, np.newaxis]
    ends = np.array((*curve.starts[1:], np.inf))[:, np.newaxis]
    factors, rates = curve.factors[EFFECTIVE], curve.rates[EFFECTIVE]
    slopes = np.where(np.isnan(factors), rates, np.array(curve.slopes)[:, np.newaxis] * factors)
    last = np.maximum((starts < most).sum(axis=0) - 1, 0)
    slope = slopes[last, np.arange(len(most))]
    widths = np.maximum(np.minimum(ends, most) - starts, 0.0)
    saved: Array = (np.maximum(slope - slopes, 0.0) * widths).sum(axis=0)
    return slope, saved
