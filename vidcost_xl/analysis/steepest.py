"""Sobol points turned, so that their first coordinate is the direction in which a figure grows.

A quantile asks of each draw whether it is below a bound. Where many inputs move a figure, that border lies across all
coordinates of the points, and Sobol points hardly know it better than random ones do (Hoyt and Owen, Mean dimension of
ridge functions, SIAM Journal on Numerical Analysis 58 (2020), 1195-1216). Normal scores of the inputs may be turned
about the origin and are independent normal scores again, so any turn gives draws of the same distribution, and a bad
one costs accuracy alone. The turn that lays the direction of the growth on the first coordinate makes of the border a
cut across that one (Imai and Tan, A general dimension reduction technique for derivative pricing, Journal of
Computational Finance 10 (2006), 129-155). The direction is that of a regression of a figure on normal scores, which
finds it for every function that grows along one line (Li and Duan, Regression analysis under link violation, Annals of
Statistics 17 (1989), 1009-1052).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.model.lines import Array

#: Decimals of a slope, of the largest one: no direction is known better, and what the last bits of a regression are on
#: another machine is none.
DECIMALS: Final = 6

#: Decimals of a figure, of the largest one.
DIGITS: Final = 12

#: Shares of the unit cube end so far from 0 and from 1, where quantiles may be infinite.
EDGE: Final = float(np.finfo(float).eps)


def steepest_first(points: Array, figures: Array, is_smooth: NDArray[np.bool_]) -> Callable[[Array], Array]:
    """What turns points of the unit cube so that their first coordinate moves a figure most.

    Parameters
    ----------
    points : ndarray, (draw, input)
        Of the unit cube, others than those that will be turned.
    figures : ndarray, (draw,)
        There.
    is_smooth : ndarray of bool, (input,)
        Inputs without jumps. One with jumps keeps a coordinate of its own, of which they are cuts already.

    Returns
    -------
    callable
        From points, (draw, coordinate), to points, (draw, input).
    """
    from scipy.special import ndtr, ndtri

    matrix = turn(_slopes(ndtri(points), figures), is_smooth)

    def turned(given: Array) -> Array:
        found: Array = np.clip(ndtr(ndtri(given) @ matrix), EDGE, 1.0 - EDGE)
        return found

    return turned


def turn(slopes: Array, is_smooth: NDArray[np.bool_]) -> Array:
    """The orthogonal matrix of a turn, (coordinate, input).

    Its rows are in the order of what they have of the slopes: the first coordinates of Sobol points are the most even.
    The direction of all smooth inputs comes by the reflection of Householder that puts it in the place of the largest.
    """
    weights, matrix = np.abs(slopes), np.eye(len(slopes))
    direction = np.where(is_smooth, slopes, 0.0)
    length = np.sqrt((direction * direction).sum())
    if length:
        largest = int(np.abs(direction).argmax())
        mirror = direction / length
        mirror[largest] += np.copysign(1.0, mirror[largest])
        matrix -= np.outer(mirror, mirror) * (2.0 / (mirror * mirror).sum())
        weights[largest] = length
    found: Array = matrix[np.argsort(-weights, kind="stable")]
    return found


def _slopes(scores: Array, figures: Array) -> Array:
    from scipy.special import ndtri
    from scipy.stats import rankdata

    # Normal scores of ranks: what is skewed, below 0 or in steps counts as what is not. Last bits make no ranks.
    widest = np.abs(figures).max()
    ranks = rankdata(np.round(figures / widest, DIGITS) if widest else figures)
    standing = ndtri((ranks - 0.5) / len(ranks))
    slopes = np.asarray(np.linalg.lstsq(scores, standing, rcond=None)[0], dtype=np.float64)
    largest = np.abs(slopes).max()
    return np.round(slopes / largest, DECIMALS) if largest else slopes
