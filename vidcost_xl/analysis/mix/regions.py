"""Regions that need not be looked at: another of the same provider charges no more for anything, whatever is where.

All that a mix keeps in the dearer region may lie in the other instead: the same classes, moves and routes, each meter
at a charge that is nowhere higher, so that commitment and support cost no more either. What meets there shares tiers,
which costs no more where no tier is dearer than the one before; an allowance that comes first is had once and not
twice, so that its worth is left unproved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from vidcost_xl.analysis.mix.amounts import Amounts
from vidcost_xl.analysis.mix.curves import EFFECTIVE, Curve, Support
from vidcost_xl.model.lines import Array
from vidcost_xl.prices.located import split_place

if TYPE_CHECKING:
    from vidcost_xl.analysis.mix.options import Place

#: Quantities next to none and beyond every tier, at which curves are compared beside the bounds of their tiers.
_LITTLE, _MUCH = 1e-9, 1e18

#: A share that noise may be.
_NOISE: Final = 1e-12


def dominated(
    places: Mapping[int, Sequence[Place]],
    fixed: Amounts,
    curves: Callable[[str], Curve | None],
    fx: Array,
    support: Support | None = None,
) -> tuple[set[tuple[str, str]], float]:
    """The regions that need not be looked at, by provider, and what a mix with them may save at most.

    Parameters
    ----------
    places : mapping of int to sequence of Place
        By representation.
    fixed : Amounts
        What no choice changes: a region whose meters it counts too is looked at.
    fx : ndarray, (month,)
    support : Support, optional
        Whose fee is a share of what is charged, so that it grows with an allowance that is lost.

    Returns
    -------
    set of (str, str), float
        The latter in the reporting currency.
    """
    kept: dict[str, dict[str, dict[str, str]]] = {}
    offers: dict[tuple[str, str], set[tuple[int, object, str]]] = {}
    meters: dict[tuple[str, str], dict[str, str]] = {}
    for n, every in places.items():
        for place in every:
            at = place.spot.provider, place.spot.region
            offers.setdefault(at, set()).add((n, place.spot.kept, place.spot.route))
            mine = meters.setdefault(at, {})
            mine |= {split_place(meter)[0]: meter for amounts in place.pieces for meter, _ in amounts}
    billed = {meter for meter, _ in fixed}
    found: set[tuple[str, str]] = set()
    lost = 0.0
    for (provider, region), mine in meters.items():
        own = kept.setdefault(provider, {})
        for other, theirs in own.items():
            pairs = [(theirs.get(name), meter) for name, meter in mine.items() if theirs.get(name) != meter]
            if offers[provider, region] <= offers[provider, other] and not billed & {meter for _, meter in pairs}:
                less = {name: _lost(curves(name or ""), curves(meter), fx, support) for name, meter in pairs}
                if None not in less.values():
                    found.add((provider, region))
                    lost = max(lost, sum(value or 0.0 for value in less.values()))
                    break
        else:
            own[region] = mine
    # Of so many representations, all but one may meet another.
    return found, lost * (len(places) - 1)


def _lost(one: Curve | None, other: Curve | None, fx: Array, support: Support | None) -> float | None:
    # What is lost where the first takes what the other billed; None where it may charge more.
    if one is None or other is None or one.round_up != other.round_up:
        return None
    first = 1 if len(one.slopes) > 1 and not one.slopes[0] and not one.listed[1] else 0
    if any(low < high for low, high in pairwise(one.slopes[first:])):
        return None
    quantities = {*one.starts, *other.starts, _LITTLE, _MUCH}
    for kind in one.factors:
        for quantity in quantities:
            if np.any(one.at(quantity, kind) > other.at(quantity, kind) * (1.0 + _NOISE)):
                return None
    worth = one.steepness(EFFECTIVE, max)
    if support is not None and support.provider == one.provider:
        steepest = np.array([max(line.slope for line in lines) for lines in support.lines])
        worth = worth + one.steepness(support.kind, max) * steepest
    return float((worth * fx).sum()) * one.starts[first]
