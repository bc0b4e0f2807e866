"""What the places that are left can reach at most, and the ways to divide representations among their providers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Final, TypeAlias

import numpy as np

from vidcost_xl.analysis.mix.amounts import Amounts, total
from vidcost_xl.analysis.mix.curves import Support
from vidcost_xl.analysis.mix.options import Curves, Place, growing
from vidcost_xl.analysis.mix.parts import Parts, hours_billed, ports_of
from vidcost_xl.model.blocks.representation import is_read
from vidcost_xl.model.lines import Array
from vidcost_xl.prices.located import provider_of

#: Places by representation.
Places: TypeAlias = Mapping[int, Sequence[Place]]

#: More USD than any month costs.
_ANY: Final = 1e15

#: Ways to divide representations among providers that are looked at one by one.
_MOST_WAYS: Final = 4_000


def most_billed(places: Places, fixed: Amounts) -> dict[str, Array]:
    """The most of each meter that any mix counts, (month,): of each representation its most, class and route apart."""
    found: list[Amounts] = [fixed]
    for every in places.values():
        for at in range(max((len(place.pieces) for place in every), default=0)):
            most: Amounts = {}
            for amounts in {id(place.pieces[at]): place.pieces[at] for place in every}.values():
                for key, amount in amounts.items():
                    most[key] = np.maximum(most[key], amount) if key in most else amount
            found.append(most)
    by_meter: dict[str, Array] = {}
    for (meter, _), amount in total(found).items():
        by_meter[meter] = by_meter.get(meter, np.zeros(amount.shape[1])) + amount.max(axis=0)
    return by_meter


def most_based(places: Places, parts: Parts, curves: Curves, support: Support) -> Array:
    """What a support plan is a share of at most, (month,) in USD: of each representation the most, and all ports."""
    if any(provider_of(route) == support.provider for route in growing(parts)):
        return np.full(len(support.lines), _ANY)  # what leaves beyond a free egress is billed to several together

    def top(amounts: Iterable[tuple[str, Array]]) -> Array:
        found = np.zeros(len(support.lines))
        for meter, amount in amounts:
            curve = curves(meter)
            if curve is not None and curve.provider == support.provider:
                found = found + curve.most(amount, support.kind)
        return found

    def of(amounts: Amounts) -> Array:
        return top((meter, amount.max(axis=0)) for (meter, _), amount in amounts.items())

    pieces = {id(each): each for every in places.values() for place in every for each in place.pieces}
    tops = {at: of(each) for at, each in pieces.items()}
    found = of(parts.fixed)
    for every in places.values():
        mine = [sum((tops[id(each)] for each in place.pieces), np.zeros(len(found))) for place in every]
        found = found + np.max(mine, axis=0, initial=0.0)
    read = {place.spot.named(place.spot.route) for n in places if is_read(parts.plan, n) for place in places[n]}
    for port in {port for route in read if (port := ports_of(parts, route))}:
        found += top([(port.meter, np.full(len(found), port.most * hours_billed(port.meter)))])
    return found


class Ways:
    """The ways to divide representations among so many providers: each has bounds of its own.

    Attributes
    ----------
    owners : dict of int to ndarray, (place,)
        Whose each place is, by number.
    ways : dict of int to ndarray, (way,)
        Of each representation, the number in each way.
    """

    def __init__(self, places: Places, always: set[str], most: int | None) -> None:
        names = {n: [place.spot.provider for place in every] for n, every in places.items()}
        if math.prod(len(set(mine)) for mine in names.values()) > _MOST_WAYS:
            names = {n: [""] * len(mine) for n, mine in names.items()}
        numbers = {n: {name: at for at, name in enumerate(dict.fromkeys(mine))} for n, mine in names.items()}
        self.owners = {n: np.array([numbers[n][name] for name in mine], dtype=int) for n, mine in names.items()}
        every = [
            [numbers[n][name] for n, name in zip(numbers, way, strict=True)]
            for way in product(*numbers.values())
            if most is None or len(always | {*way} - {""}) <= most
        ]
        self.ways = dict(zip(numbers, np.array(every, dtype=int).reshape(-1, len(numbers)).T, strict=True))

    def least(self, n: int, least: Array) -> Array:
        """Of what the places of the n-th representation cost, (place, ...), the least in each way, (way, ...)."""
        owners, mine = self.owners[n], self.ways[n]
        if not mine.size:  # a representation has no place, or too few providers may be used
            return np.zeros((0, *least.shape[1:]))
        every = [least[owners == owner].min(axis=0) for owner in range(owners.max() + 1)]
        found: Array = np.stack(every)[mine]
        return found
