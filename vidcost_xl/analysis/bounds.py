"""Where a price turns: the values of a driver at which a pool reaches a tier bound, an allowance or a whole unit."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.analysis.race import Looked
from vidcost_xl.model.lines import Array
from vidcost_xl.prices.tariff import Tariff

#: Whole units of a pool in one interval above which they are not looked at one by one, before it is divided.
MOST_STEPS: Final = 64

#: A bound is looked at from both sides, so far away as a share of the interval.
BESIDE: Final = 1e-9

#: Support and discounts ride on a pool's charge, and prices escalate: its jumps count for so much more.
ALLOWED: Final = 2.0


def bounds_of(tariff: Tariff) -> list[float]:
    """Quantities at which the price of one more changes, or the charge jumps."""
    before = tariff.allowance if tariff.allowance_position == "before" else 0.0
    found = {start + before for start in tariff.starts[1:]} | {tariff.allowance, tariff.minimum_quantity}
    return sorted(found - {0.0})


def jumps(looked: Looked) -> Array:
    """By how much the difference of the costs may be off the straight line inside each interval, (interval,)."""
    found = np.zeros(looked.values.size - 1)
    for tariff, quantity, rate in zip(looked.pools.tariffs, looked.pools.quantities, looked.pools.rates, strict=True):
        low, high = _ends(quantity)
        span, dearest = high - low, max(tariff.prices)
        spread = dearest - (0.0 if tariff.allowance else min(tariff.prices))
        off = np.where((low <= 0) & (high > 0), span * dearest, 0.0)
        for bound in bounds_of(tariff):
            inside = (low < bound) & (high > bound)
            jump = bound * dearest if not tariff.is_continuous and not tariff.round_up else 0.0
            off = np.maximum(off, np.where(inside, span * spread + jump, 0.0))
        if tariff.round_up:
            off = np.maximum(off, np.where(np.ceil(low) < np.ceil(high), dearest, 0.0))
        if tariff.minimum_quantity:
            off += np.where((low <= 0) & (high > 0), tariff.minimum_quantity * dearest, 0.0)
        found += ALLOWED * rate * off.sum(axis=0)
    return found


def turning_points(looked: Looked, closer: NDArray[np.bool_]) -> Array:
    """Values inside some intervals at which a pool reaches a bound or a whole unit in a month, and just beside them.

    Parameters
    ----------
    closer : ndarray of bool, (interval,)
        Where to look.
    """
    start, width = looked.values[:-1][closer], np.diff(looked.values)[closer]
    found = []
    for tariff, quantity in zip(looked.pools.tariffs, looked.pools.quantities, strict=True):
        ends = np.unique(np.stack([quantity[:, :-1][:, closer], quantity[:, 1:][:, closer]], axis=-1), axis=0)
        one, other = ends[..., 0], ends[..., 1]
        bounds = [np.full(one.shape, bound) for bound in bounds_of(tariff)]
        if tariff.round_up:
            first = np.floor(np.minimum(one, other))
            few = np.abs(other - one) <= MOST_STEPS
            bounds += [np.where(few, first + step, np.nan) for step in range(MOST_STEPS + 1)] if few.any() else []
        for bound in bounds:
            with np.errstate(divide="ignore", invalid="ignore"):
                share = (bound - one) / (other - one)
            for beside in (-BESIDE, 0.0, BESIDE):
                at = start + (share + beside) * width
                found.append(at[(share > 0) & (share < 1) & (at > start) & (at < start + width)])
    return np.concatenate(found) if found else np.zeros(0)


def _ends(quantity: Array) -> tuple[Array, Array]:
    one, other = quantity[:, :-1], quantity[:, 1:]
    return np.minimum(one, other), np.maximum(one, other)
