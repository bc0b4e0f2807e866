"""Whole cents that add up: parts of a total rounded so that their sum is the rounded total."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.model.lines import Array

Cents: TypeAlias = NDArray[np.int64]

CENTS: Final = 100

#: Decimals of a cent that count; what is behind them is noise of the arithmetic.
_DECIMALS: Final = 6


def to_cents(amounts: Array | float) -> Cents:
    """Amounts in whole cents, halves to the even one."""
    rounded: Cents = np.rint(unrounded(amounts)).astype(np.int64)
    return rounded


def apportion(parts: Array, totals: Cents | int) -> Cents:
    """Parts in whole cents that add up to given totals, by the method of largest remainders.

    Parameters
    ----------
    parts : ndarray, (..., part)
        Amounts.
    totals : int or ndarray of int, (...)
        Cents that the parts of each row add up to; within rounding of their sum.

    Returns
    -------
    ndarray of int, (..., part)
        Each part is less than a cent away from its amount while `totals` is their rounded sum.

    Examples
    --------
    Three equal parts of a dollar: one of them carries the last cent.

    >>> apportion(np.array([1 / 3, 1 / 3, 1 / 3]), 100).tolist()
    [34, 33, 33]
    """
    count = parts.shape[-1]
    if count == 0:
        return np.zeros(parts.shape, dtype=np.int64)
    exact = unrounded(parts)
    lower = np.floor(exact)
    whole = lower.astype(np.int64)
    left = np.asarray(totals, dtype=np.int64)[..., np.newaxis] - whole.sum(axis=-1, keepdims=True)
    everyone, some = np.divmod(left, count)
    order = np.argsort(np.round(lower - exact, _DECIMALS), axis=-1, kind="stable")
    rank = np.argsort(order, axis=-1, kind="stable")
    result: Cents = whole + everyone + (rank < some)
    return result


def unrounded(amounts: Array | float) -> Array:
    """Amounts in cents, without the noise that turns a half up or down or takes a whole cent away."""
    result: Array = np.round(np.asarray(amounts, dtype=np.float64) * CENTS, _DECIMALS)
    return result
