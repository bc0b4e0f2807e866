"""The search for the cheapest mix: a programme of likely places, then of all whose bound is below what it found.

The first programme has of every provider the places of the least bounds. What it finds is a plan, priced by the model:
places whose bounds are above that price fall away, which raises the bounds of the others. Of those that are left, some
join the next programme, which asks for a mix with one of them at least, until none is left. So what is proved holds for
all places, though few are ever in a programme.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.analysis.mix.bounds import Bounds
from vidcost_xl.analysis.mix.limits import Limited, Limits, limited, share_range
from vidcost_xl.analysis.mix.options import Curves, Option
from vidcost_xl.analysis.mix.parts import Parts, ways_to_encoders, with_copy
from vidcost_xl.analysis.mix.problem import MATTERS, Problem
from vidcost_xl.analysis.mix.programme import OutOfTimeError, Solution, Sum
from vidcost_xl.analysis.mix.spots import Spot, mixed
from vidcost_xl.digits import SAME
from vidcost_xl.errors import VideoCostError
from vidcost_xl.model.bill import Bill, evaluate
from vidcost_xl.model.lines import Array, State
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import split_place

#: Places of each representation that join a programme at once, those of the least bounds: few while no mix is known,
#: then more each time, as those that a better mix leaves become fewer.
_LIKELY: Final = 60
_MORE: Final = 4

#: So often more places join a programme in which none keeps the limits.
_ROUNDS: Final = 3

#: A copy's share is written to a billionth: a gigabyte of an exabyte.
_DIGITS: Final = 9

#: What the programme and the model may differ by: a cent.
CENT: Final = 0.01


@dataclass(frozen=True)
class Choice:
    """What a mix chooses.

    Parameters
    ----------
    spots : mapping of int to Spot
        By representation.
    share : float
        Of the copy; 0 for none.
    ports : (str, float)
        Meter and number.
    """

    spots: Mapping[int, Spot]
    share: float
    ports: tuple[str, float]


@dataclass(frozen=True, eq=False)
class Found:
    """A mix.

    Parameters
    ----------
    bill : Bill
        Of the plan with it.
    bound : float
        No mix costs less.
    """

    choice: Choice
    bill: Bill
    bound: float

    @property
    def cost(self) -> float:
        """All months in the reporting currency, as the model says."""
        return self.bill.whole

    @property
    def gap(self) -> float:
        """What is not proved, as a share of the cost."""
        gap = max(self.cost - self.bound, 0.0) / self.cost if self.cost else 0.0
        return gap if gap > SAME else 0.0


@dataclass(eq=False)
class Search:
    """The places of a plan, and the programmes of some of them.

    Parameters
    ----------
    ends : float
        When to stop, by `time.monotonic`.
    """

    parts: Parts
    providers: Mapping[str, Sequence[str]]
    curves: Curves
    state: State
    ends: float
    tell: Callable[[str], None]
    chosen: dict[int, set[Spot]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bounds = self._bounds(Limits())

    def _bounds(self, limits: Limits) -> Bounds:
        parts = with_copy(self.parts, *share_range(self.parts, limits))
        found = Bounds(parts, self.providers, self.curves, self.state, limits)
        self.chosen = {n: found.likeliest(n) for n, places in found.places.items() if places}
        return found

    def cheapest(self, limits: Limits, forbidden: Sequence[Choice] = ()) -> Found | None:
        """The cheapest mix within limits; None where there is none among the places likeliest to keep them.

        Parameters
        ----------
        forbidden : sequence of Choice
            Mixes that may not be chosen again: another place for something, that is.

        Raises
        ------
        OutOfTimeError
            Where nothing was found in time.
        """
        best: Found | None = None
        proved, joined = np.inf, dict[int, set[Spot]]()
        self.bounds = self._bounds(limits)
        for tried in count():
            problem, at = self._problem(limits)
            made = limited(problem, self.bounds.parts, at, limits)
            for choice in forbidden:
                _forbid(made, choice)
            if best is not None:
                # Programmes before have proved all mixes without any place that joined.
                _take_one(made, joined)
            self.tell(f"weighing {sum(map(len, problem.options.values()))} places")
            try:
                left = max(self.ends - time.monotonic(), 1.0)
                solution = made.made.programme.solved(made.made.objective, left, MATTERS)
            except OutOfTimeError:
                if best is None and not tried:
                    raise
                return best  # none, where programmes before had none
            if solution is not None:
                found = self._found(made, solution)
                best = found if best is None or found.cost < best.cost else best
                proved = min(proved, solution.bound)
            is_over = time.monotonic() > self.ends
            if best is None:
                if self.is_complete or tried == _ROUNDS or is_over:
                    return None
                self._join(_LIKELY)
                continue
            self.bounds.narrow(best.cost - CENT)
            best = replace(best, bound=min(proved, self._beyond(), best.cost) - self.bounds.slack)
            if self.is_complete or is_over:
                return best
            joined = self._join(_LIKELY * _MORE**tried)
        raise AssertionError("the rounds end")

    def least_excess(self, limits: Limits) -> tuple[float, Choice] | None:
        """By how much the dearest month is over the budget at least, and in which mix; None where none would do."""
        self.bounds = self._bounds(limits)
        for _ in range(_ROUNDS):
            self._join(_LIKELY)
        problem, at = self._problem(limits)
        made = limited(problem, self.bounds.parts, at, limits, over=True)
        assert made.over is not None
        solution = made.made.programme.solved(Sum({made.over: 1.0}), max(self.ends - time.monotonic(), 1.0), 0.0)
        return None if solution is None else (solution.objective, _choice(made, solution, self.bounds.parts.share))

    def _problem(self, limits: Limits) -> tuple[Problem, NDArray[np.intp]]:
        bounds, support = self.bounds, self.bounds.support
        parts = bounds.parts
        options = {
            n: [place.option for place in places if place.spot in self.chosen[n]] for n, places in bounds.places.items()
        }
        meters = {meter for each in _amounts(parts, options) for meter, _ in each} | self._meters_of_ways(options)
        curves = {meter: curve for meter in sorted(meters) if (curve := self.curves(meter)) is not None}
        columns: list[Array] = [bounds.fx, bounds.promised]
        columns += [] if support is None else [support.versions]
        columns += [] if limits.budget is None else [np.where(np.isinf(limits.budget), -1.0, limits.budget)]
        columns += [amount for each in _amounts(parts, options) for amount in each.values()]
        columns += [column for curve in curves.values() for column in curve.columns]
        columns += [*parts.leaving.values(), *parts.stored.values(), parts.encoded]
        at, repeats = _differing(columns)
        problem = Problem(
            {n: [Option(each.spot, _reduced(each.amounts, at)) for each in every] for n, every in options.items()},
            _reduced(parts.fixed, at),
            {meter: curve.reduced(at) for meter, curve in curves.items()},
            bounds.fx[at],
            repeats,
            bounds.promised[at],
            bounds.owner,
            None if support is None else replace(support, lines=[support.lines[month] for month in at]),
            bounds.based[at],
            parts.copies,
            bounds.least,
        )
        return problem, at

    def _meters_of_ways(self, options: Mapping[int, Sequence[Option]]) -> set[str]:
        ways = {each.spot.named(each.spot.route) for every in options.values() for each in every if each.spot.route}
        ways |= {*ways_to_encoders(self.bounds.parts, {n: [x.spot for x in every] for n, every in options.items()})}
        routes = [price_book().route("egress", name) for name in ways]
        ports = {split_place(route.port.meter)[0] for route in routes if route.port}
        return ports | {
            leg.meter for route in routes if route.free_egress_times_stored is not None for leg in route.legs
        }

    def _found(self, made: Limited, solution: Solution) -> Found:
        choice = _choice(made, solution, self.bounds.parts.share)
        bill = evaluate(mixed(self.parts.plan, choice.spots, choice.share, choice.ports))
        slack = CENT + made.made.programme.left_out + MATTERS * bill.whole
        if abs(solution.objective - bill.whole) > slack:
            raise VideoCostError(
                f"The search takes {solution.objective:,.2f} for what costs {bill.whole:,.2f}: a fault of the "
                "program, so its answer is not given. VIDEO_COMPARE prices one place after the other."
            )
        return Found(choice, bill, solution.bound)

    def _left(self, n: int) -> dict[Spot, float]:
        # The places that are in no programme yet, and what a mix with each of them costs at least.
        bounds = zip(self.bounds.places[n], self.bounds.of(n), strict=True)
        return {place.spot: float(bound) for place, bound in bounds if place.spot not in self.chosen[n]}

    def _beyond(self) -> float:
        return min((bound for n in self.chosen for bound in self._left(n).values()), default=np.inf)

    @property
    def is_complete(self) -> bool:
        """Whether no place is left that is in no programme."""
        return not any(self._left(n) for n in self.chosen)

    def _join(self, most: int) -> dict[int, set[Spot]]:
        joined = {n: self._left(n) for n in self.chosen}
        found = {n: set(sorted(left, key=left.__getitem__)[:most]) for n, left in joined.items()}
        self.chosen = {n: mine | found[n] for n, mine in self.chosen.items()}
        return found


def _amounts(parts: Parts, options: Mapping[int, Sequence[Option]]) -> list[dict[tuple[str, bool], Array]]:
    return [parts.fixed, *(each.amounts for every in options.values() for each in every)]


def _reduced(amounts: Mapping[tuple[str, bool], Array], at: NDArray[np.intp]) -> dict[tuple[str, bool], Array]:
    return {key: amount[:, at] for key, amount in amounts.items()}


def _differing(columns: Sequence[Array]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    # The first of the months that are alike, and how many they are.
    table = np.nan_to_num(np.vstack([np.atleast_2d(column) for column in columns]), nan=-1.0)
    _, first, repeats = np.unique(table, axis=1, return_index=True, return_counts=True)
    return first, repeats


def _choice(made: Limited, solution: Solution, ends: tuple[float, float]) -> Choice:
    formulation, values = made.made, solution.values
    spots = {
        n: formulation.problem.options[n][int(np.argmax(values[flags]))].spot for n, flags in formulation.place.items()
    }
    ports = {meter: round(float(values[name])) for meter, name in made.ports.items()}
    used = next(((meter, float(count)) for meter, count in ports.items() if count), ("", 0.0))
    part = float(np.clip(values[formulation.share], 0.0, 1.0))
    share = abs(round(ends[0] + part * (ends[1] - ends[0]), _DIGITS))
    return Choice(spots, share, used)


def _take_one(made: Limited, joined: Mapping[int, Collection[Spot]]) -> None:
    formulation = made.made
    new = [
        formulation.place[n][at]
        for n, options in formulation.problem.options.items()
        for at, option in enumerate(options)
        if option.spot in joined[n]
    ]
    formulation.programme.keep(Sum(dict.fromkeys(new, 1.0)), 1.0)


def _forbid(made: Limited, choice: Choice) -> None:
    # The same classes, moves and routes in other regions are the same mix.
    flags: dict[int, float] = {}
    for n, options in made.made.problem.options.items():
        mine = choice.spots[n]
        same = [at for at, each in enumerate(options) if (each.spot.kept, each.spot.route) == (mine.kept, mine.route)]
        flags |= {made.made.place[n][at]: 1.0 for at in same}
    made.made.programme.keep(Sum(flags), most=len(made.made.problem.options) - 1.0)
