"""Where an answer turns as one input moves: the nearest value below the plan's, and above it, with another answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidcost_xl.analysis.breakeven import curves
from vidcost_xl.analysis.compare import Candidate, can_serve
from vidcost_xl.digits import SAME, TOLERANCE, TOLERANCE_MONEY
from vidcost_xl.errors import VideoCostError
from vidcost_xl.model.bill import Bill, evaluate
from vidcost_xl.model.lines import Array
from vidcost_xl.model.outputs import figure, outputs
from vidcost_xl.model.own import own_site
from vidcost_xl.model.plan import Plan

#: Which of the possible answers holds at each of some values of the input, by number.
Answers = Callable[[Array], Array]

#: Intervals of a look, and what of an input is one value: of figures that are priced together, and one by one.
TOGETHER: Final = (64, TOLERANCE * 1e-3)
ONE_BY_ONE: Final = (8, 1e-4)


@dataclass(frozen=True)
class Turn:
    """Where another answer begins.

    Parameters
    ----------
    last : float
        The value farthest from the plan's, on the way there, at which the answer is still the plan's.
    first : float
        The next value that was looked at, with another answer; as far from `last` as the look is exact.
    answer : int
        The number of the other answer.
    """

    last: float
    first: float
    answer: int


def turn(answers: Answers, base: float, end: float, exact: tuple[int, float] = TOGETHER) -> Turn | None:
    """The value nearest to the plan's, on the way to an end of its range, at which the answer is another one.

    Parameters
    ----------
    base, end : float
        The plan's value and the end.
    exact : (int, float)
        Intervals of a look, and the share of a value that is not told apart any more.

    Returns
    -------
    Turn or None
        None where the answer is the same at every value that was looked at.
    """
    intervals, share = exact
    near, far = base, end
    while True:
        points = np.linspace(near, far, intervals + 1)
        found = answers(points)
        others = np.flatnonzero(found != found[0])
        if not others.size:
            return None
        at = int(others[0])
        near, far = float(points[at - 1]), float(points[at])
        if abs(far - near) <= share * max(abs(near), abs(far)):
            return Turn(near, far, int(found[at]))


def over_budget(plan: Plan, key: str, what: str, budget: float) -> Answers:
    """0 where a figure is within the budget, 1 where it is above."""

    def answers(values: Array) -> Array:
        above: Array = (outputs(plan, {key: values}, what) > budget * (1 + SAME)).astype(float)
        return above

    return answers


def own_cheaper(plan: Plan, key: str) -> Answers:
    """0 where the cloud costs no more than an own site over the whole plan, cash; 1 where the site is cheaper."""

    def answers(values: Array) -> Array:
        found = curves(own_site(evaluate(plan, {key: values})), "cash")
        cloud, own = (np.broadcast_to(each[-1], values.shape) for each in (found.cloud, found.own))
        cheaper: Array = (cloud - own > TOLERANCE_MONEY + TOLERANCE * np.abs(cloud)).astype(float)
        return cheaper

    return answers


def cheapest_place(plan: Plan, key: str, what: str, candidates: Sequence[Candidate]) -> Answers:
    """The number of the candidate that is cheapest of those that can serve the plan then; -1 where none can."""

    def cost(bill: Bill, candidate: Candidate) -> float:
        try:
            return figure(candidate.of(bill), what) if can_serve(bill, candidate) else np.inf
        except VideoCostError:
            return np.inf

    def cheapest(value: float) -> int:
        bill = evaluate(plan.with_overrides([(key, value)]))
        costs = [cost(bill, candidate) for candidate in candidates]
        least = int(np.argmin(costs))
        return least if np.isfinite(costs[least]) else -1

    return lambda values: np.array([cheapest(float(value)) for value in values])
