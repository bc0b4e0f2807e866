"""How far a cost may be off a straight line between two values of a driver: by tier bounds, allowances, whole units."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidcost_xl.analysis.race import Looked
from vidcost_xl.model.lines import Array
from vidcost_xl.prices.tariff import Tariff

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


def _ends(quantity: Array) -> tuple[Array, Array]:
    one, other = quantity[:, :-1], quantity[:, 1:]
    return np.minimum(one, other), np.maximum(one, other)
