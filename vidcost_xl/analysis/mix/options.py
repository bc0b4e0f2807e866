"""The places of each representation: a class, a route and a region with a price, and what is counted there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from vidcost_xl.analysis.mix.amounts import Amounts, moved, total
from vidcost_xl.analysis.mix.curves import EFFECTIVE, Curve
from vidcost_xl.analysis.mix.parts import Parts, fetched_at
from vidcost_xl.analysis.mix.spots import Kept, Spot, encode_way
from vidcost_xl.analysis.parts import is_wanted
from vidcost_xl.model.blocks.allowance import free_times
from vidcost_xl.model.blocks.common import raw_of
from vidcost_xl.model.blocks.reading import ENCODE_WAY
from vidcost_xl.model.blocks.representation import is_read
from vidcost_xl.model.lines import Array
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import provider_of, split_place

#: The curve of a meter; None where it has no price on the plan's day.
Curves: TypeAlias = Callable[[str], Curve | None]

#: A price in USD of each GB beyond a policy that bounds take, of the size of an egress price: any gives a bound.
_BEYOND_POLICY: Final = 0.02
BYTES_PER_GB: Final = 1e9


@dataclass(frozen=True, eq=False)
class Option:
    """A spot of one representation, and what it counts there."""

    spot: Spot
    amounts: Amounts


@dataclass(frozen=True, eq=False)
class Place:
    """A spot, and what is counted there: its class, its route and fetching, which it shares with others.

    Parameters
    ----------
    left : ndarray, (copy, month)
        USD of what leaves beyond a free egress or a policy, less what storing there saves of that.
    """

    spot: Spot
    pieces: tuple[Amounts, ...]
    left: Array

    @property
    def option(self) -> Option:
        """The spot with all that it counts."""
        return Option(self.spot, total(self.pieces))


def places_of(parts: Parts, n: int, providers: Mapping[str, Sequence[str]], curves: Curves) -> Iterator[Place]:
    """Every place of the n-th representation in the regions of some providers."""
    plan = parts.plan
    wanted, raw = is_wanted(plan, n), n == raw_of(plan)
    for provider, regions in providers.items():
        mine = [kept for kept in parts.kept[n] if kept.provider == provider]
        ways = [route for route in parts.read[n] if provider_of(route) == provider] if wanted else [""]
        if wanted and not is_read(plan, n):
            # Encoders alone read it: routes that have them take the same way are the same place.
            taken = {encode_way(plan, Spot(Kept(f"{provider}."), route, regions[0])): route for route in ways[::-1]}
            ways = [*taken.values()][::-1]
        for region in regions:
            fetched = (fetched_at(parts, provider, region),) if raw else ()
            here = {way: _priced(parts.read[n].get(way, {}), provider, region, curves) for way in ways}
            for kept in mine:
                stored = _priced(parts.kept[n][kept], provider, region, curves)
                for way, read in here.items():
                    if stored is not None and read is not None:
                        spot = Spot(kept, way, region)
                        yield Place(spot, (stored, read, *fetched), _left_at(parts, n, spot, curves))


def _priced(amounts: Amounts, provider: str, region: str, curves: Curves) -> Amounts | None:
    here = moved(amounts, provider, region)
    return here if all(curves(meter) is not None for meter, _ in here) else None


def growing(parts: Parts) -> list[str]:
    """The routes with a free egress, or a policy, that grows with the bytes stored."""
    ways = dict.fromkeys(name for read in parts.read.values() for name in read)
    if parts.encoded.any():
        ways |= {split_place(parts.plan.text(ENCODE_WAY))[0]: None}
    return [name for name in ways if price_book().route("egress", name).free_egress_times_stored is not None]


def _left_at(parts: Parts, n: int, spot: Spot, curves: Curves) -> Array:
    found = np.zeros((2, len(parts.stored[n])))
    for name in [spot.named(name) for name in growing(parts) if provider_of(name) == spot.provider]:
        times = price_book().route("egress", name).free_egress_times_stored or 0.0
        leaves = parts.leaving[n] if name == spot.named(spot.route) else 0.0
        if n == raw_of(parts.plan) and parts.encoded.any() and name == encode_way(parts.plan, spot):
            leaves = leaves + parts.encoded
        found += _price(name, len(found[0]), curves) * (leaves - parts.stored[n] * times)
    return found


def _price(route: str, months: int, curves: Curves) -> Array:
    # Of a byte that leaves beyond the free egress, or beyond the policy, by month.
    book, found = price_book(), np.zeros(months)
    if free_times(route) is None:
        return found + _BEYOND_POLICY / BYTES_PER_GB
    for leg in book.route("egress", route).legs:
        curve = curves(leg.meter)
        assert curve is not None
        found = found + curve.steepness(EFFECTIVE, min) * leg.times / book.meter(leg.meter).unit_size
    return found
