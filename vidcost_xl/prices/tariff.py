"""Tariffs: what a quantity costs, given tiers, a free allowance and billing rules.

Graduated: each tier's price holds for the units inside that tier. Whole-volume: the tier
that the quantity falls into sets the price of all of it. A quantity that lies exactly on a
bound belongs to the tier below ("over 51,200 GB"). Every rule is declared by the price;
none is assumed. One scalar path (bisection) and one array path (chunked) give the same.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Elements per pass of the array path: in, out and scratch of this size stay in a core's second-level cache.
CHUNK: Final = 8_192

#: A quantity is rounded to this many decimals before it is rounded up to whole billing units,
#: so that the noise of a unit conversion does not bill one unit more. At 10^9 units, an exabyte in GB, a float is
#: exact to 10^-7: a millionth is above the noise of every bill, and below everything that a provider meters.
CONVERSION_DECIMALS: Final = 6


@dataclass(frozen=True)
class TierCharge:
    """The part of a charge that falls into one tier.

    Parameters
    ----------
    start, end : float
        Bounds in billing units; the last end is infinite. The allowance counts as a tier of price 0.
    quantity : float
        Billing units inside.
    price : float
        Per billing unit.
    """

    start: float
    end: float
    quantity: float
    price: float

    @property
    def amount(self) -> float:
        """Quantity times price, in the tariff's currency."""
        return self.quantity * self.price


@dataclass(frozen=True)
class Tariff:
    """A tariff over a monthly quantity in billing units.

    Parameters
    ----------
    starts : tuple of float
        Lower bounds of the tiers, rising from 0.
    prices : tuple of float
        Price of a billing unit in each tier.
    allowance : float
        Free billing units a month.
    allowance_position : {"before", "inside"}
        `before`: the allowance comes off before the bounds apply. `inside`: the bounds count it.
    round_up : bool
        Whether a started billing unit is billed whole.
    minimum_quantity : float
        Billing units charged for any quantity above zero.

    Notes
    -----
    Both positions of the allowance become a first tier of price 0, so one kernel serves all
    graduated tariffs. `charge(0)` is 0 for every tariff.
    """

    starts: tuple[float, ...]
    prices: tuple[float, ...]
    kind: Literal["graduated", "whole-volume"] = "graduated"
    allowance: float = 0.0
    allowance_position: Literal["before", "inside"] = "before"
    round_up: bool = False
    minimum_quantity: float = 0.0
    _starts: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _prices: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _below: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.starts or self.starts[0] != 0 or len(self.starts) != len(self.prices):
            raise ValueError("a tariff has one price for each tier and its first tier starts at 0")
        if any(low >= high for low, high in pairwise(self.starts)):
            raise ValueError("tier bounds rise")
        starts, prices = self._with_allowance_as_tier()
        widths = [high - low for low, high in pairwise(starts)]
        below = tuple(accumulate((width * price for width, price in zip(widths, prices, strict=False)), initial=0.0))
        object.__setattr__(self, "_starts", starts)
        object.__setattr__(self, "_prices", prices)
        object.__setattr__(self, "_below", below)

    def _with_allowance_as_tier(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        if not self.allowance or self.kind == "whole-volume":
            return self.starts, self.prices
        if self.allowance_position == "before":
            return (0.0, *(start + self.allowance for start in self.starts)), (0.0, *self.prices)
        kept = [(start, price) for start, price in zip(self.starts, self.prices, strict=True) if start > self.allowance]
        reached = self.prices[bisect_left(self.starts, self.allowance, lo=1) - 1]
        if self.allowance in self.starts:
            reached = self.prices[self.starts.index(self.allowance)]
        return (0.0, self.allowance, *(start for start, _ in kept)), (0.0, reached, *(price for _, price in kept))

    @property
    def is_concave(self) -> bool:
        """Whether no tier is dearer than the one before: then pooling never costs more."""
        return self.kind == "graduated" and all(low >= high for low, high in pairwise(self._prices))

    @property
    def is_continuous(self) -> bool:
        """Whether a little more quantity always costs only a little more."""
        return self.kind == "graduated" and not self.round_up and not self.minimum_quantity

    @property
    def lines(self) -> tuple[tuple[float, float, float], ...]:
        """The straight lines of a graduated tariff: where each begins, its charge there, and its slope."""
        return tuple(zip(self._starts, self._below, self._prices, strict=True))

    def billed(self, quantity: float) -> float:
        """The quantity on the invoice: rounded and raised to the minimum as the tariff says.

        Parameters
        ----------
        quantity : float
            Billing units used.

        Returns
        -------
        float
            Billing units billed.
        """
        if self.round_up and math.isfinite(quantity):
            quantity = float(math.ceil(round(quantity, CONVERSION_DECIMALS)))
        if self.minimum_quantity and 0 < quantity < self.minimum_quantity:
            return self.minimum_quantity
        return quantity

    def charge(self, quantity: float) -> float:
        """What one month's quantity costs.

        Parameters
        ----------
        quantity : float
            Billing units, finite and not negative.

        Returns
        -------
        float
            In the price's currency.
        """
        if self.round_up or self.minimum_quantity:
            quantity = self.billed(quantity)
        if self.kind == "whole-volume":
            return float(self._whole_volume(np.asarray(quantity)))
        tier = bisect_left(self._starts, quantity, 1) - 1
        return self._below[tier] + (quantity - self._starts[tier]) * self._prices[tier]

    def charges(self, quantities: Floats) -> Floats:
        """What each of many monthly quantities costs.

        Parameters
        ----------
        quantities : ndarray of float64, any shape
            Billing units, finite and not negative; NaN stays NaN.

        Returns
        -------
        ndarray of float64, same shape
            In the price's currency. Memory beyond the result is one chunk.
        """
        source = np.asarray(quantities, dtype=np.float64)
        result = np.empty(source.shape)
        flat, out = source.reshape(-1), result.reshape(-1)
        scratch = np.empty(min(CHUNK, flat.size))
        kernel = self._kernel()
        for start in range(0, flat.size, CHUNK):
            part = flat[start : start + CHUNK]
            if self.round_up or self.minimum_quantity:
                part = self._billed_array(part)
            kernel(part, out[start : start + CHUNK], scratch[: part.size])
        return result

    def charge_after(self, prior: float, quantity: float) -> float:
        """What `quantity` adds to a month in which `prior` was billed already.

        Parameters
        ----------
        prior, quantity : float
            Billing units.

        Returns
        -------
        float
            Charge of both less the charge of `prior`.
        """
        if not prior:
            return self.charge(quantity)
        return self.charge(prior + quantity) - self.charge(prior)

    def charges_after(self, prior: Floats | float, quantities: Floats | float) -> Floats:
        """`charge_after` for arrays that broadcast against each other."""
        total = self.charges(np.add(prior, quantities))
        if np.ndim(prior) == 0 and not prior:
            return total
        return np.subtract(total, self.charges(np.asarray(prior, dtype=np.float64)))

    def tier_charges(self, prior: float, quantity: float) -> list[TierCharge]:
        """How `quantity`, on top of `prior`, spreads over the tiers; only the tiers it reaches.

        Parameters
        ----------
        prior, quantity : float
            Billing units.

        Returns
        -------
        list of TierCharge
            Their amounts sum to `charge_after(prior, quantity)`.
        """
        low, high = self.billed(prior), self.billed(prior + quantity)
        if self.kind == "whole-volume":
            amount = self.charge_after(prior, quantity)
            paid = high - low
            return [TierCharge(low, high, paid, amount / paid)] if paid else []
        parts = []
        for start, end, price in zip(self._starts, (*self._starts[1:], math.inf), self._prices, strict=True):
            inside = min(high, end) - max(low, start)
            if inside > 0:
                parts.append(TierCharge(start, end, inside, price))
        return parts

    def _kernel(self) -> Callable[[Floats, Floats, Floats], None]:
        if self.kind == "whole-volume":
            return self._fill_whole_volume
        paid = self._prices[1:] if self._prices[0] == 0 else self._prices
        falling = all(low >= high for low, high in pairwise(paid))
        return self._fill_falling if falling and paid else self._fill_graduated

    def _fill_falling(self, quantities: Floats, out: Floats, scratch: Floats) -> None:
        # With falling prices the charge is the lowest of the straight lines through the tiers,
        # and a free first tier is a floor of 0: three operations a tier instead of four.
        lines = list(zip(self._starts, self._prices, self._below, strict=True))
        free = len(lines) > 1 and lines[0][1] == 0
        for index, (start, price, below) in enumerate(lines[1:] if free else lines):
            line = out if index == 0 else scratch
            np.multiply(quantities, price, out=line)
            # Binary noise must not take the line through the origin below it.
            line += below - price * start if free else max(below - price * start, 0.0)
            if index:
                np.minimum(out, scratch, out=out)
        if free:
            np.maximum(out, 0.0, out=out)

    def _fill_graduated(self, quantities: Floats, out: Floats, scratch: Floats) -> None:
        out.fill(0.0)
        before = 0.0
        for start, price in zip(self._starts, self._prices, strict=True):
            np.subtract(quantities, start, out=scratch)
            np.maximum(scratch, 0.0, out=scratch)
            scratch *= price - before
            out += scratch
            before = price

    def _fill_whole_volume(self, quantities: Floats, out: Floats, scratch: Floats) -> None:
        del scratch
        out[...] = self._whole_volume(quantities)

    def _whole_volume(self, quantities: Floats) -> Floats:
        paid = np.maximum(quantities - self.allowance, 0.0)
        tiered = paid if self.allowance_position == "before" else quantities
        # Here a bound moves the price of everything, so that noise must not cross it.
        tiered = np.round(tiered, CONVERSION_DECIMALS)
        tier = np.maximum(np.searchsorted(np.asarray(self.starts), tiered, side="left") - 1, 0)
        return np.asarray(self.prices)[tier] * paid

    def _billed_array(self, quantities: Floats) -> Floats:
        if self.round_up:
            quantities = np.ceil(np.round(quantities, CONVERSION_DECIMALS))
        if self.minimum_quantity:
            low = (quantities > 0) & (quantities < self.minimum_quantity)
            quantities = np.where(low, self.minimum_quantity, quantities)
        return quantities
