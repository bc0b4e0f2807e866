"""What a budget buys: how many passes, experiments, videos, TB or months, exact at tiers and at whole units."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.analysis.drivers import Turned
from vidcost_xl.digits import SAME, same
from vidcost_xl.errors import VideoCostError
from vidcost_xl.model.bill import evaluate, pricing
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.lines import Array
from vidcost_xl.model.outputs import output_of
from vidcost_xl.model.plan import Plan

#: Points evaluated together, and how often what is between two of them is divided again: 256^7 steps are more than a
#: number has.
POINTS: Final = 257
ZOOMS: Final = 7

#: A driver is searched up to its value, doubled so often.
DOUBLINGS: Final = 80

#: Doublings priced together.
TOGETHER: Final = 16

#: Of a share.
PERCENT: Final = 100.0

#: What the budget is for, and the figure of the bill that it holds.
PER: Final = {"month": "monthly", "peak": "peak", "plan": "total"}


@dataclass(frozen=True)
class Afford:
    """What of a driver a budget buys.

    Parameters
    ----------
    value : float or None
        The most that fits: everything below it does, the next step above does not. The least, where the cost falls as
        the driver rises. Infinite where no amount costs more than the budget; None where none fits.
    cost : float
        At `value`; at the least of the driver where it is None or infinite.
    step, step_cost : float or None
        The next whole number that does not fit, or of a share the next whole percent, and its cost; None where there
        is none.
    is_least : bool
        Whether `value` is the least that fits.
    fits_elsewhere : bool
        Whether some of the driver beyond the next step fits after all.
    moves : bool
        Whether the driver moves the cost at all.
    """

    value: float | None
    cost: float
    step: float | None = None
    step_cost: float | None = None
    is_least: bool = False
    fits_elsewhere: bool = False
    moves: bool = True


def affordable(turned: Turned, budget: float, per: str = "month") -> Afford:
    """What of a driver fits a budget.

    Parameters
    ----------
    budget : float
        Reporting currency.
    per : {"month", "peak", "plan"}
        Whether it is for an average month, for each month, or for all of them.
    """
    price = pricing(turned.plan, [turned.driver.key])

    def cost(values: Array) -> Array:
        bill = price({turned.driver.key: values / turned.scale})
        return np.broadcast_to(output_of(bill, PER[per]), values.shape)

    def cost_at(value: float) -> float:
        return float(cost(np.array([value]))[0])

    fixed = cost_at(turned.least)
    is_least = bool(_beyond(fixed, budget))
    high, moves = _other_end(turned, cost, budget, fixed)
    if high is None:
        whole = None if is_least else turned.most
        return Afford(whole, cost_at(whole) if whole and np.isfinite(whole) else fixed, moves=moves)
    low, elsewhere = turned.least, False
    for zoom in range(ZOOMS):
        points = _between(low, high, turned.driver.whole)
        turns = _beyond(cost(points), budget) != is_least
        first = int(np.argmax(turns))
        elsewhere = elsewhere or (zoom == 0 and not turns[first:].all())
        low, high = float(points[first - 1]), float(points[first])
        if len(points) == len((low, high)):
            break
    found = high if is_least else low
    step = _next_whole(found, turned, is_least)
    after = None if step is None else cost_at(step)
    return Afford(found, cost_at(found), step, after, is_least, elsewhere)


def affordable_months(plan: Plan, budget: float) -> Afford:
    """The months of a plan that a budget pays for, the plan going on as long as a plan may."""
    most = catalogue()["calendar.months"].maximum
    assert most is not None
    bill = evaluate(plan.with_overrides([("calendar.months", most)]))
    spent = np.cumsum(bill.reporting(bill.total)[:, 0])
    fits = int(np.argmax(_beyond(spent, budget))) if _beyond(spent, budget).any() else len(spent)
    if fits == 0:
        return Afford(None, float(spent[0]))
    step = None if fits == len(spent) else fits + 1.0
    return Afford(float(fits), float(spent[fits - 1]), step, None if step is None else float(spent[fits]))


def _other_end(
    turned: Turned, cost: Callable[[Array], Array], budget: float, fixed: float
) -> tuple[float | None, bool]:
    # An amount on the other side of the budget than the least; and whether the cost moves on the way there.
    highs = np.unique(np.minimum(max(1.0, turned.now) * 2.0 ** np.arange(DOUBLINGS), turned.most))
    moves, is_beyond = False, bool(_beyond(fixed, budget))
    try:
        for high, at_high in _costs(cost, highs):
            moves = moves or not same(at_high, fixed)
            if bool(_beyond(at_high, budget)) != is_beyond:
                return high, True
    except VideoCostError:
        return None, moves
    return None, moves


def _costs(cost: Callable[[Array], Array], values: Array) -> Iterator[tuple[float, float]]:
    # Many together, but where one of them is refused: then each up to it.
    for some in np.split(values, range(TOGETHER, values.size, TOGETHER)):
        try:
            found = cost(some)
        except VideoCostError:
            found = np.array([])
        for at, value in enumerate(some.tolist()):
            yield value, float(found[at] if found.size else cost(some[at : at + 1])[0])


def _next_whole(value: float, turned: Turned, is_least: bool) -> float | None:
    # Of a share the next percent: from 0.13 to 1 is no step that anybody takes.
    parts = PERCENT if catalogue()[spec_key(turned.driver.key)].is_share else 1.0
    scaled = value * parts
    step = (math.ceil(scaled * (1 - SAME)) - 1.0 if is_least else math.floor(scaled * (1 + SAME)) + 1.0) / parts
    return step if turned.least <= step <= turned.most else None


def _between(low: float, high: float, whole: bool) -> Array:
    points = np.linspace(low, high, POINTS)
    return np.unique(np.floor(points)) if whole else np.unique(points)


def _beyond(cost: Array | float, budget: float) -> NDArray[np.bool_]:
    # Above the budget, and not the budget with noise.
    found: NDArray[np.bool_] = np.asarray(cost) > budget * (1 + SAME)
    return found
