"""How an input may fall between its low and its high: distributions by name, as quantiles of shares.

Each is given by low, base and high. PERT is the beta distribution with alpha = 1 + 4 (base - low) / (high - low) and
beta = 1 + 4 (high - base) / (high - low), of which the base is the mode (Malcolm, Roseboom, Clark and Fazar, Operations
Research 7 (1959), 646-669). Of a lognormal one, low and high are the 5th and the 95th percentile, and it goes beyond
both; its median is their geometric mean. The low, the base and the high of a discrete one are alike likely.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.lines import Array

#: Weight of the mode in a PERT distribution, by its source above.
PERT_WEIGHT: Final = 4.0

#: Low and high of a lognormal distribution.
TAILS: Final = (0.05, 0.95)


def pert(shares: Array, low: float, base: float, high: float) -> Array:
    """Quantiles of a PERT distribution, (draw,)."""
    from scipy.special import betaincinv

    width = high - low
    alpha, beta = (1.0 + PERT_WEIGHT * part / width for part in (base - low, high - base))
    found: Array = low + width * betaincinv(alpha, beta, shares)
    return found


def triangular(shares: Array, low: float, base: float, high: float) -> Array:
    """Quantiles of a triangular distribution, (draw,)."""
    width = high - low
    rising = low + np.sqrt(shares * width * (base - low))
    falling = high - np.sqrt((1.0 - shares) * width * (high - base))
    found: Array = np.where(shares * width <= base - low, rising, falling)
    return found


def uniform(shares: Array, low: float, base: float, high: float) -> Array:
    """Quantiles of a uniform distribution, (draw,)."""
    found: Array = low + (high - low) * shares
    return found


def lognormal(shares: Array, low: float, base: float, high: float) -> Array:
    """Quantiles of a lognormal distribution, (draw,).

    Raises
    ------
    BadArgumentError
        For a low of 0 or less.
    """
    from scipy.special import ndtri

    if low <= 0:
        raise BadArgumentError(f"a lognormal input is above 0, and its low is {low:g}; use pert.")
    deviation = (np.log(high) - np.log(low)) / (ndtri(TAILS[1]) - ndtri(TAILS[0]))
    found: Array = np.exp((np.log(low) + np.log(high)) / 2 + deviation * ndtri(shares))
    return found


def discrete(shares: Array, low: float, base: float, high: float) -> Array:
    """Low, base or high, a third of the draws each, (draw,)."""
    found: Array = np.array([low, base, high])[np.minimum((shares * 3).astype(int), 2)]
    return found


#: Distributions by the names that people write.
SPREADS: Final[dict[str, Callable[[Array, float, float, float], Array]]] = {
    "pert": pert,
    "triangular": triangular,
    "uniform": uniform,
    "lognormal": lognormal,
    "discrete": discrete,
}

#: Those whose quantiles jump.
JUMPING: Final = frozenset({"discrete"})
