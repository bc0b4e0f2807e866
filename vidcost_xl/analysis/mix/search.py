"""The search for the cheapest mix: a programme of likely places, then of all whose bound is below what it found.

The first programme has of every provider the places of the least bounds. What it finds is a plan, priced by the model;
places whose bounds are below that price join the next programme, until none is. So what is proved holds for all places,
though few are ever in a programme.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.analysis.mix.curves import EFFECTIVE, Kind, support_lines
from vidcost_xl.analysis.mix.limits import Limited, Limits, limited
from vidcost_xl.analysis.mix.options import Bounds, Option
from vidcost_xl.analysis.mix.parts import Parts
from vidcost_xl.analysis.mix.problem import MATTERS, Problem, Support
from vidcost_xl.analysis.mix.programme import OutOfTimeError, Solution, Sum
from vidcost_xl.analysis.mix.spots import Spot, mixed
from vidcost_xl.digits import SAME
from vidcost_xl.errors import VideoCostError
from vidcost_xl.model.bill import Bill, evaluate
from vidcost_xl.model.charges import is_sold, support_versions
from vidcost_xl.model.lines import Array, State
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import split_place

#: Places that join a programme at once, of each representation: those of the least bounds.
_AT_ONCE: Final = 60

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
    bounds: Bounds
    state: State
    ends: float
    tell: Callable[[str], None]
    chosen: dict[int, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for n, places in self.bounds.places.items():
            self.chosen[n] = set(_first(places.spots, places.least))

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
        rounds = 0
        while True:
            problem, at = self._problem(limits)
            made = limited(problem, self.parts, at, limits)
            for choice in forbidden:
                _forbid(made, choice)
            left = max(self.ends - time.monotonic(), 1.0)
            self.tell(f"weighing {sum(map(len, problem.options.values()))} places")
            try:
                solution = made.made.programme.solved(made.made.objective, left, MATTERS)
            except OutOfTimeError:
                if best is None:
                    raise
                return best
            if solution is None:
                if self.is_complete or rounds == _ROUNDS or time.monotonic() > self.ends:
                    return best
                rounds += 1
                self._join(np.inf)
                continue
            found, beyond = self._found(made, solution), self._beyond()
            if best is None or found.cost < best.cost:
                best = found
            # The first programme's bound holds for its places alone; with those beyond it, for all.
            best = replace(best, bound=min(solution.bound, beyond, best.cost))
            if beyond >= best.cost * (1.0 - MATTERS) or time.monotonic() > self.ends:
                return best
            self._join(best.cost)

    def least_excess(self, limits: Limits) -> float | None:
        """By how much the dearest month is over the budget at least; None where no budget would do."""
        problem, at = self._problem(limits)
        made = limited(problem, self.parts, at, limits, over=True)
        assert made.over is not None
        solution = made.made.programme.solved(Sum({made.over: 1.0}), max(self.ends - time.monotonic(), 1.0), 0.0)
        return None if solution is None else solution.objective

    def _problem(self, limits: Limits) -> tuple[Problem, NDArray[np.intp]]:
        options = {n: [self.bounds.places[n].option(at) for at in sorted(mine)] for n, mine in self.chosen.items()}
        plan, state = self.parts.plan, self.state
        promised = np.broadcast_to(state["commercial.commitment_usd"], (state.months, 1))[:, 0]
        support, versions = _support(plan)
        meters = {meter for each in _amounts(self.parts, options) for meter, _ in each} | self._meters_of_ways(options)
        curves = {meter: curve for meter in sorted(meters) if (curve := self.bounds.curves(meter)) is not None}
        columns: list[Array] = [self.bounds.fx, promised, versions]
        columns += [] if limits.budget is None else [np.where(np.isinf(limits.budget), -1.0, limits.budget)]
        columns += [amount for each in _amounts(self.parts, options) for amount in each.values()]
        columns += [column for curve in curves.values() for column in curve.columns]
        columns += [*self.parts.leaving.values(), *self.parts.stored.values()]
        at, repeats = _differing(columns)
        problem = Problem(
            {n: [Option(each.spot, _reduced(each.amounts, at)) for each in every] for n, every in options.items()},
            _reduced(self.parts.fixed, at),
            {meter: curve.reduced(at) for meter, curve in curves.items()},
            self.bounds.fx[at],
            repeats,
            promised[at],
            self.bounds.owner,
            None if support is None else replace(support, lines=[support.lines[month] for month in at]),
            self.parts.copies,
            self.bounds.least,
        )
        return problem, at

    def _meters_of_ways(self, options: Mapping[int, Sequence[Option]]) -> set[str]:
        ways = {each.spot.named(each.spot.route) for every in options.values() for each in every if each.spot.route}
        routes = [price_book().route("egress", name) for name in ways]
        ports = {split_place(route.port.meter)[0] for route in routes if route.port}
        return ports | {
            leg.meter for route in routes if route.free_egress_times_stored is not None for leg in route.legs
        }

    def _found(self, made: Limited, solution: Solution) -> Found:
        choice = _choice(made, solution)
        bill = evaluate(mixed(self.parts.plan, choice.spots, choice.share, choice.ports))
        slack = CENT + made.made.programme.left_out + MATTERS * bill.whole
        if abs(solution.objective - bill.whole) > slack:
            raise VideoCostError(
                f"The search takes {solution.objective:,.2f} for what costs {bill.whole:,.2f}: a fault of the "
                "program, so its answer is not given. VIDEO_COMPARE prices one place after the other."
            )
        return Found(choice, bill, solution.bound)

    def _beyond(self) -> float:
        # What a mix with a place that is in no programme costs at least.
        rest = [self.bounds.of(n)[sorted(self._left(n))] for n in self.chosen]
        return min((float(each.min()) for each in rest if each.size), default=np.inf)

    def _left(self, n: int) -> set[int]:
        return set(range(len(self.bounds.places[n].spots))) - self.chosen[n]

    @property
    def is_complete(self) -> bool:
        """Whether every place is in the programme."""
        return not any(self._left(n) for n in self.chosen)

    def _join(self, below: float) -> None:
        for n in self.chosen:
            bound = self.bounds.of(n)
            left = sorted(self._left(n), key=lambda at: bound[at])
            self.chosen[n] |= {at for at in left[:_AT_ONCE] if bound[at] < below}


def _first(spots: Sequence[Spot], least: Array) -> Iterable[int]:
    # Of every provider the places of the least bounds, with no copy and with a whole one.
    by_provider: dict[str, list[int]] = {}
    for at, spot in enumerate(spots):
        by_provider.setdefault(spot.provider, []).append(at)
    for mine in by_provider.values():
        yield from (mine[int(at)] for at in np.unique(least[mine].argmin(axis=0)))


def _amounts(parts: Parts, options: Mapping[int, Sequence[Option]]) -> list[dict[tuple[str, bool], Array]]:
    return [parts.fixed, *(each.amounts for every in options.values() for each in every)]


def _reduced(amounts: Mapping[tuple[str, bool], Array], at: NDArray[np.intp]) -> dict[tuple[str, bool], Array]:
    return {key: amount[:, at] for key, amount in amounts.items()}


def _differing(columns: Sequence[Array]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    # The first of the months that are alike, and how many they are.
    table = np.nan_to_num(np.vstack([np.atleast_2d(column) for column in columns]), nan=-1.0)
    _, first, repeats = np.unique(table, axis=1, return_index=True, return_counts=True)
    return first, repeats


def _support(plan: Plan) -> tuple[Support | None, Array]:
    # The support plan by month, and which of its versions holds.
    months = plan.calendar.starts
    name = plan.text("commercial.support")
    if not name:
        return None, np.zeros(len(months))
    versions = support_versions(name, months)
    which = [next(at for at, version in enumerate(versions) if is_sold(version, month)) for month in months]
    kind = _kind(plan.text("commercial.support_basis"))
    lines = [support_lines(versions[at]) for at in which]
    counts = plan.is_on("commercial.commitment_support")
    return Support(kind, versions[-1].provider.id, lines, counts), np.array(which, dtype=np.float64)


def _kind(basis: str) -> Kind:
    kinds: dict[str, Kind] = {"list": "list", "contracted": "contracted"}
    return kinds.get(basis, EFFECTIVE)


def _choice(made: Limited, solution: Solution) -> Choice:
    formulation, values = made.made, solution.values
    spots = {
        n: formulation.problem.options[n][int(np.argmax(values[flags]))].spot for n, flags in formulation.place.items()
    }
    ports = {meter: round(float(values[name])) for meter, name in made.ports.items()}
    used = next(((meter, float(count)) for meter, count in ports.items() if count), ("", 0.0))
    share = abs(round(float(np.clip(values[formulation.share], 0.0, 1.0)), _DIGITS))
    return Choice(spots, share, used)


def _forbid(made: Limited, choice: Choice) -> None:
    # The same classes, moves and routes in other regions are the same mix.
    flags: dict[int, float] = {}
    for n, options in made.made.problem.options.items():
        mine = choice.spots[n]
        same = [at for at, each in enumerate(options) if (each.spot.kept, each.spot.route) == (mine.kept, mine.route)]
        flags |= {made.made.place[n][at]: 1.0 for at in same}
    made.made.programme.keep(Sum(flags), most=len(made.made.problem.options) - 1.0)
