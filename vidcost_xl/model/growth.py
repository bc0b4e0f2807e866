"""Growth over months, the same to the last bit on every processor.

Powers by NumPy and by the mathematical library of the system differ in their last bits between processors. What is
here is made of products, quotients and square roots alone, which IEEE 754 rounds in one way only.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.model.calendar import MONTHS_PER_YEAR
from vidcost_xl.model.lines import Array, shifted

#: Steps of Newton that find a cube root from the tangent at 1: enough from a thousandth to a thousand.
_STEPS: Final = 24


def compounded(rate: Array, months: Array) -> Array:
    """What 1 becomes at a yearly rate.

    Parameters
    ----------
    rate : ndarray, (month, draw)
        Share a year, above -1.
    months : ndarray, (month, 1)
        Whole months, not negative.

    Returns
    -------
    ndarray
        (1 + rate) ^ (months / 12), within three units of the last place of a year's growth.
    """
    count = months.astype(np.intp)
    if rate.size == 1:  # nearly always: not sampled, and the same in every month
        curve: Array = _curve(float(rate.flat[0]), int(count.max(initial=0)))[count]
        return curve
    return _compounded(1.0 + rate, count)


def power(base: Array, exponent: NDArray[np.signedinteger[Any]]) -> Array:
    """Whole powers, not negative, by squaring."""
    count = exponent
    result = np.ones(np.broadcast_shapes(np.shape(base), count.shape))
    square = base
    while np.any(count):
        result = np.where(count & 1, result * square, result)
        count = count >> 1
        if np.any(count):
            square = square * square
    return result


def grown(rate: Array, months: NDArray[np.int64]) -> Array:
    """What 1 has become in each month, of growth from month to month.

    Parameters
    ----------
    rate : ndarray, (month, draw)
        Of one row for all months, or one a month: growth over the month before. That of the first month adds nothing.
    months : ndarray, (month, 1)
        Counted from 0.
    """
    if len(rate) == 1:
        return power(1.0 + rate, months)
    result: Array = np.cumprod(np.where(months > 0, 1.0 + rate, np.ones(1)), axis=0, dtype=np.float64)
    return result


def running_sum(values: Array, weights: Array) -> Array:
    """Each month what it and the months before it add: `weights[age]` of a value that is `age` months old."""
    result = np.zeros_like(values)
    for age in np.flatnonzero(weights[: len(values)]):
        result = result + shifted(values, int(age)) * weights[age]
    return result


@lru_cache(maxsize=256)
def _curve(rate: float, last: int) -> Array:
    return _compounded(np.array(1.0 + rate), np.arange(last + 1, dtype=np.intp))


def _compounded(base: Array, months: NDArray[np.intp]) -> Array:
    # `choose` takes no index wider than the machine's, and a browser's has 32 bits.
    years, left = np.divmod(months, MONTHS_PER_YEAR)
    result: Array = power(base, years) * np.choose(left, _twelfths(base))
    return result


def _twelfths(base: Array) -> tuple[Array, ...]:
    # The powers 0/12 to 11/12, each of three factors at most.
    half, third = np.sqrt(base), _cube_root(base)
    quarter, sixth = np.sqrt(half), np.sqrt(third)
    twelfth = np.sqrt(sixth)
    return (
        np.ones_like(base),
        twelfth,
        sixth,
        quarter,
        third,
        third * twelfth,
        half,
        half * twelfth,
        third * third,
        half * quarter,
        half * third,
        half * third * twelfth,
    )


def _cube_root(base: Array) -> Array:
    # From above, and always as many steps: a result must not depend on what stands beside it in an array.
    root: Array = 1.0 + (base - 1.0) / 3.0
    for _ in range(_STEPS):
        root = root - (root - base / (root * root)) / 3.0
    return root
