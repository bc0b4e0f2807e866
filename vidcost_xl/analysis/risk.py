"""How sure a figure of the bill is: inputs drawn between low and high, the model priced for each draw.

Draws are scrambled Sobol points (`scipy.stats.qmc`), in some replicates that differ by their scrambling alone: a figure
is that of all of them together, its error the standard error over the replicates. The points are turned so that their
first coordinate is the direction in which the figure grows; see `steepest`. Rank correlations come by a Gaussian
copula: to a rank correlation r belongs the correlation 2 sin(pi r / 6) of the normal scores (Pearson 1907).

Shares of the variance: where inputs are independent, the first-order and total indices of Sobol by Saltelli's design
(Saltelli et al., Computer Physics Communications 181 (2010), 259-270: table 2, (b) and (f)). Where they are correlated
there is no such split, and the squared coefficients of a regression of ranks stand for it, which is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from vidcost_xl.analysis.copula import correlated
from vidcost_xl.analysis.draws import (
    LEAST_POINTS,
    Figure,
    Share,
    error_of,
    figures_at,
    rank_shares,
    sobol_shares,
    turned_points,
)
from vidcost_xl.analysis.needed import need
from vidcost_xl.analysis.progress import tell
from vidcost_xl.analysis.uncertain import uncertain
from vidcost_xl.model.lines import Array
from vidcost_xl.model.outputs import figure
from vidcost_xl.model.plan import Plan

#: The most draws; more are hours.
MOST_DRAWS: Final = 2**20

PERCENTS: Final = (10, 50, 90)


@dataclass(frozen=True)
class Asked:
    """What is asked of a plan.

    Parameters
    ----------
    what : str
        The figure; see `model.outputs`.
    draws : int
        Of each replicate, rounded up to a power of 2.
    shapes : mapping of str to str
        How inputs fall, by key: of `spread.SPREADS`, or "fixed"; PERT otherwise.
    correlations : mapping of (str, str) to float
        Rank correlations.
    budget : float or None
        The chance to exceed it is asked.
    """

    what: str = "monthly"
    draws: int = 10_000
    seed: int = 1
    shapes: Mapping[str, str] = field(default_factory=dict)
    correlations: Mapping[tuple[str, str], float] = field(default_factory=dict)
    budget: float | None = None


@dataclass(frozen=True)
class Risk:
    """The distribution of a figure.

    Parameters
    ----------
    base : float
        As the plan has it.
    quantiles : mapping of int to Figure
        By percent.
    above : Figure or None
        The chance that it exceeds a budget.
    shares : tuple of Share
        The largest first.
    are_indices : bool
        Whether they are Sobol's; else regressions of ranks.
    held : mapping of str to str
        Inputs with a range that were not drawn, and why.
    draws : int
        Of each replicate: a power of 2.
    """

    base: float
    mean: Figure
    deviation: Figure
    quantiles: Mapping[int, Figure]
    above: Figure | None
    shares: tuple[Share, ...]
    are_indices: bool
    held: Mapping[str, str]
    draws: int

    @property
    def assumed(self) -> float:
        """The part of the variance that rests on ranges which are assumptions, of what the shares explain."""
        whole = sum(share.total.value for share in self.shares)
        return sum(share.total.value for share in self.shares if share.of.is_assumed) / whole if whole else 0.0


def risk(plan: Plan, asked: Asked) -> Risk:
    """Draw the uncertain inputs of a plan and price every draw.

    Raises
    ------
    BadArgumentError
        For an input that is not drawn, a shape that is none, or correlations that cannot hold together.
    """
    need("The distribution of the bill", "scipy")
    found, held = uncertain(plan, asked.what, asked.shapes)
    base = figure(plan, asked.what)
    count = 1 << (max(asked.draws, LEAST_POINTS) - 1).bit_length()
    ties = correlated([each.key for each in found], asked.correlations)
    if not found:
        still = Figure(base, 0.0)
        above = None if asked.budget is None else Figure(float(base > asked.budget), 0.0)
        return Risk(base, still, Figure(0.0, 0.0), dict.fromkeys(PERCENTS, still), above, (), True, held, count)
    smooth = np.array([each.is_smooth for each in found])

    def price(points: Array) -> Array:
        return figures_at(plan, found, ties(points), asked.what)

    points = list(turned_points(price, smooth, count, asked.seed))
    priced = np.empty((len(points), count))
    for at, each in enumerate(points):
        tell(f"pricing {count:,} draws, {at + 1} of {len(points)} times")
        priced[at] = price(each)
    above = None
    if asked.budget is not None:
        beyond = priced > asked.budget
        above = Figure(float(beyond.mean()), error_of(beyond.mean(axis=1)))
    if asked.correlations:
        shares = rank_shares(found, [ties(each) for each in points], priced)
    else:
        shares = sobol_shares(plan, found, asked.what, count, asked.seed)
    return Risk(
        base,
        Figure(float(priced.mean()), error_of(priced.mean(axis=1))),
        Figure(float(priced.std()), error_of(priced.std(axis=1))),
        {each: Figure(_percentile(priced, each), error_of(np.percentile(priced, each, axis=1))) for each in PERCENTS},
        above,
        tuple(sorted(shares, key=lambda share: -share.total.value)),
        not asked.correlations,
        held,
        count,
    )


def _percentile(priced: Array, percent: int) -> float:
    return float(np.percentile(priced, percent))
