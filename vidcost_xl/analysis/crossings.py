"""Where the cheaper of two plans changes as a driver rises: all such values between two ends, not the first alone.

Between two values at which no tier bound, allowance, minimum or whole unit of a meter lies, and no rounding step of the
plan, the difference of the two costs is a straight line or close to one. So a search starts with points spread over the
range and divides every interval in which the difference could be 0 and is no such line: where its sign changes, or
where it is smaller than what the bounds and whole units of every pool and month inside (`bounds.jumps`) and the bends
between its points could make of it. What is left is one line or one step, and a change of sign there is one crossing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.analysis.bounds import jumps
from vidcost_xl.analysis.race import NOISE, Looked, Pools, Race, Signs
from vidcost_xl.analysis.rivals import Rival
from vidcost_xl.model.lines import Array

#: Points of the first look, into how many parts a place is divided that needs a closer one, and how often at most.
POINTS: Final = 129
PARTS: Final = 8
ROUNDS: Final = 16

#: Points of one round above which it stops: the costs are then as good as the same over a stretch.
MOST_POINTS: Final = 4_096

#: A place this narrow, as a share of its value and of the range, is not divided: what is in it is one step.
NARROW: Final = 1e-10
NARROWEST: Final = 1e-13

#: Parts of an interval while a crossing is closed in on, how often at most, and to how many of the last bits of it.
CLOSING: Final = 16
CLOSINGS: Final = 14
AS_CLOSE: Final = 4.0


@dataclass(frozen=True)
class Crossing:
    """A value of the driver from which on another plan is the cheaper one.

    Parameters
    ----------
    first, second : float
        What they cost at `value`.
    before, after : int
        1 where the second is the cheaper one, -1 where the first is, 0 where they cost the same.
    """

    value: float
    first: float
    second: float
    before: int
    after: int


@dataclass(frozen=True)
class Crossings:
    """All of them, in order.

    Parameters
    ----------
    low, high : float
        Of the search.
    state : int
        The cheaper one at the low end, as in `Crossing`.
    least, at : float
        The smallest difference at a point of the search, and where; infinite where all are the same.
    moves : bool
        Whether the driver moves either cost.
    are_all : bool
        Whether every one is there: not where whole units change the answer back and forth too often to be told apart.
    """

    found: tuple[Crossing, ...]
    low: float
    high: float
    state: int
    least: float
    at: float
    moves: bool
    are_all: bool = True


def crossings(race: Race, low: float, high: float, also: Sequence[float] = ()) -> Crossings:
    """Every value between two ends at which the cheaper plan changes.

    Parameters
    ----------
    also : sequence of float
        Values that are looked at whatever the spread.
    """
    looked = race.look(_ordered(np.concatenate([_spread(low, high), also]), race.whole))
    every, are_all = [looked], False
    cells = np.ones(looked.values.size - 1, dtype=bool)
    for _ in range(ROUNDS):
        closer = cells & _is_open(looked, high, race.whole)
        are_all = not closer.any()
        if are_all:
            break
        values = _ordered(np.concatenate(_divided(looked, closer)), race.whole)
        if values.size > MOST_POINTS:
            break
        parents, looked = looked, race.look(values)
        # Between two places that were divided nothing is open.
        inside = np.searchsorted(parents.values[:-1][closer], looked.values[:-1], side="right") - 1
        cells = looked.values[1:] <= parents.values[1:][closer][inside]
        every.append(looked)
    return replace(_found(race, every, low, high), are_all=are_all)


@dataclass(frozen=True)
class MonthCrossings(Crossings):
    """Crossings of what two plans have cost by the end of each month; `labels` of the months."""

    labels: tuple[str, ...] = ()


def month_crossings(pair: tuple[Rival, Rival]) -> MonthCrossings:
    """The months by the end of which another plan has cost less than before, both going on as long as a plan may."""
    first, second = (rival.months() for rival in pair)
    months = np.arange(1.0, first.size + 1)
    looked = Looked(months, first, second, Pools((), (), ()))
    signs = looked.signs
    # Months in which both have cost the same are no state of their own.
    apart_at = np.flatnonzero(signs)
    found = []
    for last, at in pairwise(apart_at.tolist()):
        if signs[last] != signs[at]:
            costs = float(first[at]), float(second[at])
            found.append(Crossing(float(months[at]), *costs, int(signs[last]), int(signs[at])))
    apart = np.where(signs != 0, np.abs(looked.gap), np.inf)
    nearest = int(np.argmin(apart))
    state = int(signs[apart_at[0]]) if apart_at.size else 0
    return MonthCrossings(
        tuple(found),
        1.0,
        float(months[-1]),
        state,
        float(apart[nearest]),
        float(months[nearest]),
        moves=True,
        labels=tuple(pair[0].going_on.calendar.labels),
    )


def _spread(low: float, high: float) -> Array:
    # Closer together near the low end: a crossing at 2 of 1,000 lies between two points of its own size.
    step = np.linspace(0.0, 1.0, POINTS)
    found: Array = low + (high - low) * (step * step * step)
    return found


def _ordered(values: Array, whole: bool) -> Array:
    return np.unique(np.concatenate([np.floor(values), np.ceil(values)]) if whole else values)


def _is_open(looked: Looked, high: float, whole: bool) -> NDArray[np.bool_]:
    # Whether the difference may be 0 inside an interval, where that is more than one straight line through 0.
    gap, values = looked.gap, looked.values
    slack = jumps(looked) + 2.0 * _bends(looked)
    nearest = np.minimum(np.abs(gap[:-1]), np.abs(gap[1:]))
    turns = looked.signs[:-1] != looked.signs[1:]
    width = np.diff(values)
    least = 1.0 if whole else np.maximum(NARROW * values[1:], NARROWEST * high)
    found: NDArray[np.bool_] = (slack > 0) & (turns | (nearest <= slack)) & (width > least)
    return found


def _bends(looked: Looked) -> Array:
    # How far a point is from the line through its neighbours: of both ends of an interval the more.
    x, gap = looked.values, looked.gap
    away = np.zeros(x.size)
    if x.size > 2:
        share = (x[1:-1] - x[:-2]) / (x[2:] - x[:-2])
        line = gap[:-2] + share * (gap[2:] - gap[:-2])
        away[1:-1] = np.maximum(np.abs(gap[1:-1] - line) - looked.noise[1:-1], 0.0)
    return np.maximum(away[:-1], away[1:])


def _divided(looked: Looked, closer: NDArray[np.bool_]) -> list[Array]:
    low, high = looked.values[:-1][closer], looked.values[1:][closer]
    return [low + (high - low) * (part / PARTS) for part in range(PARTS)] + [high]


def _found(race: Race, every: Sequence[Looked], low: float, high: float) -> Crossings:
    values, at = np.unique(np.concatenate([each.values for each in every]), return_index=True)
    signs, gaps = (np.concatenate([getattr(each, name) for each in every])[at] for name in ("signs", "gap"))
    first = np.concatenate([each.first for each in every])
    second = np.concatenate([each.second for each in every])
    moves = bool(np.ptp(first) > NOISE * np.abs(first).max() or np.ptp(second) > NOISE * np.abs(second).max())
    kept = _without_touches(values, signs, high)
    turns = np.flatnonzero(signs[kept][:-1] != signs[kept][1:])
    found = _closed_in(race, values, signs, kept[turns], kept[turns + 1]) if turns.size else ()
    apart = np.where(signs != 0, np.abs(gaps), np.inf)
    nearest = int(np.argmin(apart))
    return Crossings(found, low, high, int(signs[kept[0]]), float(apart[nearest]), float(values[nearest]), moves)


def _without_touches(values: Array, signs: Signs, high: float) -> NDArray[np.intp]:
    # Positions of the points but for those at which the costs are the same for an instant only.
    kept: list[int] = []
    start = 0
    for end in range(1, signs.size + 1):
        if end == signs.size or signs[end] != signs[start]:
            width = values[end - 1] - values[start]
            if signs[start] != 0 or width > NARROW * high or end - start == signs.size:
                kept += range(start, end)
            start = end
    return np.array(kept if kept else range(signs.size), dtype=np.intp)


def _closed_in(
    race: Race, values: Array, signs: Signs, start: NDArray[np.intp], end: NDArray[np.intp]
) -> tuple[Crossing, ...]:
    # In each interval the least value at which the cheaper one of its start no longer is.
    low, high, before = values[start], values[end], signs[start][:, np.newaxis]
    for _ in range(CLOSINGS):
        wide = np.flatnonzero(high - low > (1.0 if race.whole else AS_CLOSE * np.spacing(high)))
        if not wide.size:
            break
        inside = np.linspace(low[wide], high[wide], CLOSING + 1, axis=1)
        inside = np.floor(inside) if race.whole else inside
        turned = race.look(inside.ravel()).signs.reshape(inside.shape) != before[wide]
        turned[:, 0], turned[:, -1] = False, True
        at, every = np.argmax(turned, axis=1), np.arange(wide.size)
        low[wide], high[wide] = inside[every, at - 1], inside[every, at]
    looked = race.look(high)
    found = zip(high, looked.first, looked.second, signs[start], signs[end], strict=True)
    return tuple(Crossing(float(x), float(a), float(b), int(old), int(new)) for x, a, b, old, new in found)
