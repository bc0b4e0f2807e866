"""What a mix that has a place must cost at least.

Tiers and allowances are shared, so that what one place adds to the bill depends on the others; but up to the most that
is billed, a meter's charge is nowhere below a straight line under it. Of all representations at their least together,
with one of them in a place, this is a bound: a place whose bound is above the cost of a mix that is known is in no
cheapest mix. What a commitment leaves unused is at least any share of what the charges are short of it, the fee of a
support plan is nowhere below a line under it, and what leaves beyond a free egress is at least any share of what is
more than that: each choice of shares and lines by month gives a bound, and the highest of them holds.

The lines reach as far as the places that are left can: where places fall away, they rise, and more may fall away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Final

import numpy as np

from vidcost_xl.analysis.mix.amounts import Amounts
from vidcost_xl.analysis.mix.curves import EFFECTIVE, Kind, lines_under, support_of
from vidcost_xl.analysis.mix.division import Ways, most_based, most_billed
from vidcost_xl.analysis.mix.limits import Limits
from vidcost_xl.analysis.mix.options import Curves, growing, places_of
from vidcost_xl.analysis.mix.parts import Parts, providers_of
from vidcost_xl.analysis.mix.regions import dominated
from vidcost_xl.analysis.mix.spots import Spot
from vidcost_xl.model.blocks.representation import is_read
from vidcost_xl.model.charges import ALL
from vidcost_xl.model.lines import Array, State
from vidcost_xl.prices.located import provider_of

#: Parts of the plan, from its first month on, in which bounds take the charges that count towards a commitment as free
#: and the commitment as paid: a plan that grows comes to use it up.
_COMMITTED: Final = (0.0, 0.25, 0.5, 0.75, 1.0)

#: Shares of what leaves beyond a free egress, or a policy, that bounds take, and of the steepest line under a fee.
_ENDS: Final = (0.0, 1.0)

#: A share of the cost that need not be proved.
_HARDLY: Final = 5e-5

#: Steps up to the shares that bound best.
_STEPS: Final = 60

#: What is known of the charges in a place: all, what of it counts towards the commitment, what the support plan is a
#: share of, and what leaves beyond a free egress or a policy.
_PAID, _COUNTED, _BASED, _LEFT = range(4)


class Bounds:
    """The places of a plan that may be in the cheapest mix, and their bounds.

    Parameters
    ----------
    parts : Parts
        At the least and at the most that the copy's share may be.
    providers : mapping of str to sequence of str
        Those allowed, with their regions.
    state : State
        Of the plan: its exchange rates, and what is promised.
    limits : Limits
    """

    def __init__(
        self, parts: Parts, providers: Mapping[str, Sequence[str]], curves: Curves, state: State, limits: Limits
    ) -> None:
        self.parts, self.curves, self.limits = parts, curves, limits
        self.support, self.slack = support_of(parts.plan), 0.0
        self._of: dict[int, Array] = {}
        self.fx = np.broadcast_to(state["money.fx"], (state.months, 1))[:, 0]
        self.promised = np.broadcast_to(state["commercial.commitment_usd"], (state.months, 1))[:, 0]
        self.owner = parts.plan.text("commercial.commitment_provider") if self.promised.any() else ""
        part = np.arange(state.months) / state.months
        unused = [(part < share).astype(np.float64) for share in (_COMMITTED if self.owner else (0.0,))]
        more = product(_ENDS, _ENDS if self.support else (0.0,))
        self._shares = self._usual = [
            np.stack([each, 0.0 * part + a, 0.0 * part + b]) for a, b in more for each in unused
        ]
        self.places = {n: list(places_of(parts, n, providers, curves)) for n in parts.kept}
        self._count()
        self._leave_regions()

    def of(self, n: int) -> Array:
        """What any mix with each place of the n-th representation costs at least, (place,)."""
        if n not in self._of:
            # Every way to divide representations among providers has a bound of its own.
            mine = self._ways.ways[n]
            others = np.zeros((len(mine), 1, 1)) + self._owed
            for m, least in self._least.items():
                others = others + self._ways.least(m, least) if m != n else others
            self._of[n] = np.full(len(self.places[n]), np.inf)
            for at, (row, owner) in enumerate(zip(self._least[n], self._ways.owners[n], strict=True)):
                # Between the least and the most of the copy's share the least of straight lines is at an end.
                ways = (row + others[mine == owner]).min(axis=2).max(axis=1)
                self._of[n][at] = ways.min(initial=np.inf)
        return self._of[n]

    @property
    def least(self) -> float:
        """What any mix costs at least."""
        return max((float(self.of(n).min(initial=np.inf)) for n in self.places), default=0.0)

    def _leave_regions(self) -> None:
        # Where a way must end in the region of the GPUs, a dearer one may be the only one.
        read = [place for n, every in self.places.items() if is_read(self.parts.plan, n) for place in every]
        fixed = {place.spot.provider for place in read if place.spot.end is not None}
        dearer, saved = dominated(self.places, self.parts.fixed, self.curves, self.fx, self.support)
        if saved <= self.least * _HARDLY and (self.limits.budget is None or not saved):
            self.slack = saved
            left = dearer - {at for at in dearer if at[0] in fixed}
            self.places = {
                n: [each for each in every if (each.spot.provider, each.spot.region) not in left]
                for n, every in self.places.items()
            }
            self._count()

    def narrow(self, below: float) -> None:
        """Leave the places alone that can be in a mix which costs less."""
        while all(self.places.values()):
            self._shares = [*self._usual, self._raised(below)]
            self._weigh()
            left = {
                n: [place for place, bound in zip(every, self.of(n), strict=True) if bound < below]
                for n, every in self.places.items()
            }
            fewer = any(len(left[n]) < len(every) for n, every in self.places.items())
            # Without a place for one, no mix is left at all.
            self.places = left if all(left.values()) else {n: [] for n in left}
            if not fewer:
                return
            if all(left.values()):
                self._count()
        self._of = {n: np.zeros(0) for n in self.places}

    def _raised(self, towards: float) -> Array:
        # Shares that raise what any mix costs at least: up the slope at the mix that costs least by them, step by step.
        best, highest = self._shares[-1], -np.inf
        shares = best
        for _ in range(_STEPS):
            weights, owed, slopes = self._weights(shares)
            least = {n: np.einsum("pm,ipcm->ic", weights, mine) for n, mine in self._charged.items()}
            ways = owed + np.einsum("pm,pcm->c", weights, self._fixed)
            for n, every in least.items():
                ways = ways + self._ways.least(n, every)
            way, end = np.unravel_index(int(ways.argmin()), ways.shape)
            reached = float(ways[way, end])
            if reached > highest:
                best, highest = shares, reached
            mix = self._fixed[:, end]
            for n, every in least.items():
                mine = self._ways.owners[n] == self._ways.ways[n][way]
                at = np.where(mine, every[:, end], np.inf).argmin()
                mix = mix + self._charged[n][at, :, end]
            slope = slopes(mix)
            steep = float((slope**2).sum())
            if highest >= towards or not steep:
                break
            shares = np.clip(shares + slope * (towards - reached) / steep, 0.0, 1.0)
        return best

    def likeliest(self, n: int) -> set[Spot]:
        """Of every provider the places of the least bounds, with the least and the most of the copy's share."""
        owners: dict[str, list[int]] = {}
        for at, place in enumerate(self.places[n]):
            owners.setdefault(place.spot.provider, []).append(at)
        found = (mine[int(at)] for mine in owners.values() for at in self._least[n][mine].argmin(axis=0).flat)
        return {self.places[n][at].spot for at in found}

    def _count(self) -> None:
        # What each place charges at least, (place, part, copy, month), and what the fee of the support plan is above.
        self._ways = Ways(self.places, providers_of(self.parts.plan, {}, self.parts.share[0]), self.limits.most)
        self._most = most_billed(self.places, self.parts.fixed)
        self._about: dict[tuple[str, Kind], tuple[Array, Array]] = {}
        known: dict[int, Array] = {}
        support = self.support
        self.based = most_based(self.places, self.parts, self.curves, support) if support else np.zeros(len(self.fx))
        self._fixed = self._charges(self.parts.fixed, known)
        self._charged = {}
        for n, every in self.places.items():
            found = np.zeros((len(every), *self._fixed.shape))
            for at, place in enumerate(every):
                found[at] = sum(self._charges(piece, known) for piece in place.pieces)
                found[at, _LEFT] = place.left
            self._charged[n] = found
        none = np.zeros((2, 2, len(self.fx)))  # of the flattest line and the steepest: height and slope
        if self.support:
            under = [lines_under(lines, top) for lines, top in zip(self.support.lines, self.based, strict=True)]
            none = np.array([[each[end] for each in under] for end in (0, -1)]).transpose(0, 2, 1)
        self._fees = none
        self._weigh()

    def _weights(self, shares: Array) -> tuple[Array, float, Callable[[Array], Array]]:
        # What shares make of each part of a charge, (part, month), what is owed without any, and which way they rise.
        unused, left, steep = shares
        support = self.support
        fee = float(bool(support and support.counts and self.owner in {ALL, support.provider}))
        # What leaves beyond a free egress counts towards the commitment too.
        leaves = float(self.owner in {ALL, *map(provider_of, growing(self.parts))})
        height, slope = self._fees[0] + (self._fees[1] - self._fees[0]) * steep
        weights = np.stack([np.ones_like(left), -unused, slope * (1 - unused * fee), left * (1 - unused * leaves)])
        owed = unused * self.promised + height * (1 - unused * fee)

        def rises(mix: Array) -> Array:
            counted, based, beyond = mix[_COUNTED], mix[_BASED], mix[_LEFT]
            more, further = self._fees[1] - self._fees[0]
            slopes = [
                self.promised - counted - fee * (height + slope * based) - leaves * left * beyond,
                (1 - unused * leaves) * beyond,
                (1 - unused * fee) * (more + further * based),
            ]
            return np.stack(slopes) * self.fx

        return weights * self.fx, float(self.fx @ owed), rises

    def _weigh(self) -> None:
        # (place, bound, copy) of each representation, and (bound, copy) of what no place changes.
        every = [self._weights(shares) for shares in self._shares]
        weights, owed = np.stack([each[0] for each in every]), np.array([each[1] for each in every])
        self._owed: Array = np.einsum("bpm,pcm->bc", weights, self._fixed) + owed[:, np.newaxis]
        self._least = {n: np.einsum("bpm,ipcm->ibc", weights, mine, optimize=True) for n, mine in self._charged.items()}
        self._of = {}

    def _charges(self, amounts: Amounts, known: dict[int, Array]) -> Array:
        # (part, copy, month) in USD; lines are below a charge that is shared, so that each piece bears its height.
        if id(amounts) in known:
            return known[id(amounts)]
        found = np.zeros((4, 2, len(self.fx)))
        for (meter, counts), amount in amounts.items():
            curve, used = self.curves(meter), amount.any(axis=0)
            assert curve is not None
            height, slope = self._under(meter, EFFECTIVE)
            cost = amount * slope + height * used
            found[_PAID] += cost
            if counts and self.owner in {ALL, curve.provider}:
                found[_COUNTED] += cost
            if self.support and curve.provider == self.support.provider:
                height, slope = self._under(meter, self.support.kind)
                found[_BASED] += amount * slope + height * used
        known[id(amounts)] = found
        return found

    def _under(self, meter: str, kind: Kind) -> tuple[Array, Array]:
        # Height and slope by month of a line under the charges up to the most that is billed.
        if (meter, kind) not in self._about:
            curve = self.curves(meter)
            assert curve is not None
            rows = [lines_under(curve.lines(month, kind), most)[-1] for month, most in enumerate(self._most[meter])]
            self._about[meter, kind] = tuple(np.array(rows).T)
        return self._about[meter, kind]
