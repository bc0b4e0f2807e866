"""Draws of the uncertain inputs: points of the unit cube, the figure there, and what each input has of its variance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.analysis.progress import tell
from vidcost_xl.analysis.steepest import EDGE, steepest_first
from vidcost_xl.analysis.uncertain import Uncertain
from vidcost_xl.model.lines import Array
from vidcost_xl.model.outputs import outputs
from vidcost_xl.model.plan import Plan

#: Scramblings of the points; their spread is the error of a figure. Each has all the draws: in parts of one another the
#: points would lose what makes them better than random ones.
REPLICATES: Final = 4

#: Of a point: as many as a number has.
BITS: Final = 53

#: Points of the regression that finds in which direction a figure grows: they price what others then draw.
PILOTS: Final = 512

#: Points of the design for the shares of the variance: this part of the draws, at least so many.
PART_FOR_SHARES: Final = 32
LEAST_POINTS: Final = 64


@dataclass(frozen=True)
class Figure:
    """A number and its standard error."""

    value: float
    error: float


@dataclass(frozen=True)
class Share:
    """What an input has of the variance.

    Parameters
    ----------
    first, total : Figure
        Alone, and with what it does together with others; the same where ranks are regressed.
    """

    of: Uncertain
    first: Figure
    total: Figure


def figures_at(plan: Plan, found: Sequence[Uncertain], points: Array, what: str) -> Array:
    """The figure at points of the unit cube.

    Parameters
    ----------
    points : ndarray, (draw, input)

    Returns
    -------
    ndarray, (draw,)
    """
    return outputs(plan, {each.key: each.at(points[:, at]) for at, each in enumerate(found)}, what)


def sobol_points(dimensions: int, points: int, seed: int) -> Iterator[Array]:
    """Replicates of Sobol points, each scrambled otherwise.

    Yields
    ------
    ndarray, (point, dimension)
        Above 0 and below 1, where quantiles may be infinite.
    """
    for each in np.random.SeedSequence(seed).spawn(REPLICATES):
        yield _scrambled(dimensions, points, each)


def _scrambled(dimensions: int, points: int, seed: np.random.SeedSequence) -> Array:
    from scipy.stats import qmc

    # Before SciPy 1.15, which Pythons in browsers still have, the argument has another name.
    name = "rng" if "rng" in signature(qmc.Sobol).parameters else "seed"
    drawn = qmc.Sobol(dimensions, bits=BITS, **{name: np.random.default_rng(seed)}).random(points)
    found: Array = np.clip(drawn, EDGE, 1.0 - EDGE)
    return found


def turned_points(
    priced: Callable[[Array], Array], is_smooth: NDArray[np.bool_], points: int, seed: int
) -> Iterator[Array]:
    """Replicates of Sobol points, turned by what is priced; see `steepest`.

    Parameters
    ----------
    priced : callable
        From points, (draw, input), to (draw,).
    is_smooth : ndarray of bool, (input,)
        Inputs without jumps.

    Yields
    ------
    ndarray, (point, input)
    """
    # Pilots are points of no replicate, so that the turn and what it turns are independent.
    inputs = len(is_smooth)
    pilots = _scrambled(inputs, PILOTS, np.random.SeedSequence(seed).spawn(REPLICATES + 1)[-1])
    yield from map(steepest_first(pilots, priced(pilots), is_smooth), sobol_points(inputs, points, seed))


def sobol_shares(plan: Plan, found: Sequence[Uncertain], what: str, count: int, seed: int) -> list[Share]:
    """First-order and total indices of independent inputs.

    Parameters
    ----------
    count : int
        Draws of the figures; the design takes a part of them for each input.
    """
    size = max(LEAST_POINTS, count // PART_FOR_SHARES)
    first, total = indices(lambda points: figures_at(plan, found, points, what), len(found), size, seed)
    return [Share(each, _figure(first, at), _figure(total, at)) for at, each in enumerate(found)]


def indices(priced: Callable[[Array], Array], inputs: int, size: int, seed: int) -> tuple[list[Array], list[Array]]:
    """First-order and total indices of a function of the unit cube, by replicate.

    Parameters
    ----------
    priced : callable
        From points, (draw, input), to (draw,).
    size : int
        Points of the design, a power of 2; each replicate takes (inputs + 2) times as many.

    Returns
    -------
    list of ndarray, list of ndarray
        One of each a replicate, (input,).
    """
    first, total = [], []
    for replicate, points in enumerate(sobol_points(2 * inputs, size, seed), start=1):
        tell(f"what each of {inputs} inputs has of the spread, {replicate} of {REPLICATES} times")
        a, b = points[:, :inputs], points[:, inputs:]
        at_a, at_b = priced(a), priced(b)
        both = np.concatenate([at_a, at_b])
        variance, middle = both.var(), both.mean()
        mixed = np.stack([priced(_with(a, b, at)) for at in range(inputs)])
        # About the middle the sum has the least noise.
        first.append(((at_b - middle) * (mixed - at_a)).mean(axis=1) / variance)
        total.append(((at_a - mixed) ** 2).mean(axis=1) / 2 / variance)
    return first, total


def _with(a: Array, b: Array, at: int) -> Array:
    mixed = a.copy()
    mixed[:, at] = b[:, at]
    return mixed


def rank_shares(found: Sequence[Uncertain], points: Sequence[Array], priced: Array) -> list[Share]:
    """Squared coefficients of the regression of the figure's ranks on those of the inputs.

    Parameters
    ----------
    points : sequence of ndarray, (draw, input)
        One a replicate.
    priced : ndarray, (replicate, draw)
    """
    squares: list[Array] = []
    for drawn, figures in zip(points, priced, strict=True):
        ranks = np.column_stack([_standing(drawn[:, at]) for at in range(len(found))])
        slopes = np.asarray(np.linalg.lstsq(ranks, _standing(figures), rcond=None)[0], dtype=np.float64)
        squares.append(slopes * slopes)
    return [Share(each, _figure(squares, at), _figure(squares, at)) for at, each in enumerate(found)]


def _standing(values: Array) -> Array:
    ranks = np.argsort(np.argsort(values)).astype(float)
    found: Array = (ranks - ranks.mean()) / ranks.std()
    return found


def _figure(replicates: Sequence[Array], at: int) -> Figure:
    values = np.array([each[at] for each in replicates])
    return Figure(float(values.mean()), error_of(values))


def error_of(values: Array) -> float:
    """The standard error of the mean of replicates."""
    return float(values.std(ddof=1) / np.sqrt(len(values)))
