"""Cloud against own site: the month in which one has become cheaper, and the driver at which the answer flips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from vidcost_xl.analysis.drivers import MONTHS, numeric_input
from vidcost_xl.digits import TOLERANCE, TOLERANCE_MONEY
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.lines import Array
from vidcost_xl.model.own import OwnSite, own_site
from vidcost_xl.model.plan import Plan

Basis = Literal["cash", "discounted", "profit and loss"]
PlanName = Literal["cloud", "own"]

BASES: Final[tuple[Basis, ...]] = ("cash", "discounted", "profit and loss")
PLANS: Final[tuple[PlanName, ...]] = ("cloud", "own")

#: The driver that counts passes over the data, whatever experiments make them.
PASSES: Final = "passes"
_EXPERIMENTS: Final = "train.experiments"

#: Passes a month above which nobody asks.
MOST_PASSES: Final = 1_000.0

#: Points evaluated together, and how often the interval between two of them is divided again: 64^6 steps.
POINTS: Final = 65
ZOOMS: Final = 6

#: Another driver is searched up to this many times its value or the high end of its range.
WIDENING: Final = 10.0


@dataclass(frozen=True)
class Curves:
    """Cumulative costs of the two plans, month by month.

    Parameters
    ----------
    cloud, own : ndarray, (month, draw)
        Reporting currency.
    """

    cloud: Array
    own: Array

    def of(self, name: PlanName) -> Array:
        """The curve of one plan."""
        return self.cloud if name == "cloud" else self.own


@dataclass(frozen=True)
class Flip:
    """Where the cheaper plan changes as one input rises.

    Parameters
    ----------
    value : float or None
        Of the driver; None when the answer is the same throughout.
    low, high : float
        Of the search.
    below, above : float
        What the first plan costs more than the second just below and just above `value`, or at the ends of the search.
    cost : float or None
        Of both plans at `value`, over the whole plan.
    flips : int
        How often the answer changes in the search; `value` is the first.
    """

    value: float | None
    low: float
    high: float
    below: float
    above: float
    cost: float | None
    flips: int


def curves(site: OwnSite, basis: Basis) -> Curves:
    """Cumulative costs of the cloud and of the own site.

    Parameters
    ----------
    basis : {"cash", "discounted", "profit and loss"}
        Cash when paid; the same at the discount rate of the plan; or costs of the period after interest.
    """
    if basis == "cash":
        return Curves(site.row("cloud_sum"), site.row("cash_sum"))
    if basis == "discounted":
        return Curves(site.row("cloud_present"), site.row("cash_present"))
    return Curves(site.row("cloud_sum"), np.cumsum(site.row("pnl_all"), axis=0))


def break_even_month(first: Array, second: Array) -> int | None:
    """The month from which the second plan has cost no more than the first, and stays so.

    Parameters
    ----------
    first, second : ndarray, (month,)
        Cumulative costs.

    Returns
    -------
    int or None
        From 1; None when the second has cost more at the end of the plan.
    """
    dearer = second - first > TOLERANCE_MONEY + TOLERANCE * np.abs(first)
    if dearer[-1]:
        return None
    after = np.flatnonzero(dearer)
    return int(after[-1]) + 2 if after.size else 1


def passes_of(plan: Plan) -> float:
    """Passes a month over the data: experiments, by passes of each, by the share that each reads."""
    return plan.number(_EXPERIMENTS) * _passes_of_one(plan)


def flip(plan: Plan, driver: str, basis: Basis, first: PlanName = "cloud", second: PlanName = "own") -> Flip:
    """The value of a driver at which both plans cost the same over the whole plan.

    Parameters
    ----------
    driver : str
        "passes", or the key of a numeric input.

    Returns
    -------
    Flip
        Found by dividing intervals, each evaluated by the model at both ends.

    Raises
    ------
    BadArgumentError
        For a driver that is not a numeric input, or passes of experiments that read nothing.
    """
    key, scale = _driver(plan, driver)
    low, high = _range(plan, driver, key, scale)

    def evaluated(values: Array) -> tuple[Array, Array]:
        found = curves(own_site(evaluate(plan, {key: values / scale})), basis)
        ends = (found.of(name)[-1] for name in (first, second))
        one, other = (np.broadcast_to(end, values.shape) for end in ends)
        return one, other

    points = _spread(low, high)
    a, b = evaluated(points)
    signs = np.where(np.abs(a - b) <= TOLERANCE_MONEY + TOLERANCE * np.abs(a), 0.0, np.sign(a - b))
    turns = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    touches = np.flatnonzero(signs == 0)
    if not turns.size and not touches.size:
        return Flip(None, low, high, float(a[0] - b[0]), float(a[-1] - b[-1]), None, 0)
    if touches.size and (not turns.size or touches[0] <= turns[0]):
        at = int(touches[0])
        return Flip(float(points[at]), low, high, 0.0, 0.0, float(a[at]), int(turns.size) + 1)
    at = int(turns[0])
    ends = points[at : at + 2]
    for _ in range(ZOOMS):
        inner = np.linspace(ends[0], ends[1], POINTS)
        a, b = evaluated(inner)
        signs = np.sign(a - b)
        here = np.flatnonzero(signs[:-1] != signs[1:])
        at = int(here[0])
        ends = inner[at : at + 2]
        pair = slice(at, at + 2)
        gap, cost = (a - b)[pair], a[pair]
    return Flip(float(ends.mean()), low, high, float(gap[0]), float(gap[1]), float(cost.mean()), int(turns.size))


def _driver(plan: Plan, driver: str) -> tuple[str, float]:
    if driver == PASSES:
        each = _passes_of_one(plan)
        if not each:
            raise BadArgumentError("train.passes or train.share is 0: no number of experiments makes a pass.")
        return _EXPERIMENTS, each
    numeric_input(plan, driver, (MONTHS, PASSES))
    return driver, 1.0


def _passes_of_one(plan: Plan) -> float:
    return plan.number("train.passes") * plan.number("train.share")


def _range(plan: Plan, driver: str, key: str, scale: float) -> tuple[float, float]:
    if driver == PASSES:
        return 0.0, MOST_PASSES
    spec = catalogue()[spec_key(key)]
    value, known = plan.number(key) * scale, plan.range_of(key) or (0.0, 0.0)
    high = max(1.0, WIDENING * abs(value), WIDENING * known[1])
    high = high if spec.maximum is None else min(high, spec.maximum)
    low = 0.0 if spec.minimum is None else spec.minimum
    return (high / POINTS**2 if spec.above is not None else low), high


def _spread(low: float, high: float) -> Array:
    # Closer together near the low end: a flip at 2 of 1,000 lies between two points of its own size.
    step = np.linspace(0.0, 1.0, POINTS)
    result: Array = low + (high - low) * (step * step * step)
    return result
