"""Numbers by the digits that count: 15, which is what Excel shows, compares and takes from the keyboard.

The digits behind them are not the same everywhere: another processor, another library of mathematics or another order
of a sum changes them. What is written, hashed, compared or rounded up goes through this module. A number that lies
between two numbers of 15 digits may be written as either, so that computed numbers are compared by `same`, never by
their texts; only what was typed or came from data is hashed.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

DIGITS: Final = 15

#: Relative difference of two numbers that are the same to 15 digits: one of the 15th digit of 1.
SAME: Final = 1e-14

#: The promise of the product, as a share and as money: what is closer is noise of the arithmetic.
TOLERANCE: Final = 1e-9
TOLERANCE_MONEY: Final = 1e-6


def kept(value: float) -> float:
    """A number without what is behind its 15th digit.

    Examples
    --------
    >>> kept(1.1 * 1.1), kept(1 / 3)
    (1.21, 0.333333333333333)
    """
    return float(f"{value:.{DIGITS}g}")


def plainly(value: float, digits: int = 10) -> str:
    """A number for reading: that many digits, thousands apart, never with an exponent.

    Examples
    --------
    >>> plainly(9.2e-05), plainly(1234567.0)
    ('0.000092', '1,234,567')
    """
    return f"{Decimal(f'{value:.{digits}g}').normalize():,f}" if math.isfinite(value) else str(value)


def same(first: float, second: float) -> bool:
    """Whether two numbers are the same to 15 digits, whichever way each was rounded.

    Examples
    --------
    >>> same(1.1 * 1.1, 1.21), same(1.0, 1.0 + 1e-13)
    (True, False)
    """
    return math.isclose(first, second, rel_tol=SAME)


def exceeds(value: float, limit: float) -> bool:
    """Whether a computed number is above a limit, and not the limit with noise."""
    return value > limit and not same(value, limit)


def settled(quantities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantities, of which those that are whole to 15 digits are whole."""
    nearest = np.rint(quantities)
    is_whole = np.abs(quantities - nearest) <= SAME / 2 * np.abs(quantities)
    found: NDArray[np.float64] = np.where(is_whole, nearest, quantities)
    return found


def whole_up(quantities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantities rounded up to whole units; one that is whole to 15 digits is not rounded to the next, as in Excel.

    Examples
    --------
    >>> whole_up(np.array([3 * 1.1 * 10, 33.1])).tolist()
    [33.0, 34.0]
    """
    return np.ceil(settled(quantities))
