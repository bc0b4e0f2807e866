"""What a mix has to keep: what leaves along routes, ends of ways, and limits that a person sets."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.analysis.mix.amounts import stage_counts
from vidcost_xl.analysis.mix.formulation import Formulation, charge, choices
from vidcost_xl.analysis.mix.outflow import free_egress, port_hours, where
from vidcost_xl.analysis.mix.parts import Parts
from vidcost_xl.analysis.mix.problem import Problem
from vidcost_xl.analysis.mix.programme import Sum, sum_of
from vidcost_xl.analysis.mix.spots import encode_way, end_of
from vidcost_xl.model.blocks.common import BITS_PER_BYTE, DAYS_PER_MONTH, numbers, raw_of
from vidcost_xl.model.blocks.representation import is_encoded, is_read
from vidcost_xl.model.lines import Array
from vidcost_xl.model.placing import GPU_REGION, place_of_region
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import provider_of, split_place
from vidcost_xl.units import BITS_PER_GBIT, SECONDS_PER_DAY

#: Seconds of a search.
SECONDS: Final = 60.0


@dataclass(frozen=True, eq=False)
class Limits:
    """What a person asks of a mix.

    Parameters
    ----------
    most : int or None
        Providers that may be used.
    budget : ndarray, (month,), or None
        What a month may cost at most, in the reporting currency; infinite where it may cost anything.
    link : float
        Gbit/s of the link to the GPUs; 0 for no limit.
    shares : tuple of float
        Shares that the copy may have; any where empty.
    seconds : float
        After so many the best so far is the answer, with the gap that is left.
    """

    most: int | None = None
    budget: Array | None = None
    link: float = 0.0
    shares: tuple[float, ...] = ()
    seconds: float = SECONDS

    def without(self, name: str) -> Limits:
        """All but one of them."""
        usual: dict[str, Any] = {name: getattr(Limits(), name)}
        return replace(self, **usual)

    @property
    def given(self) -> list[str]:
        """The names of those that are set."""
        values = {"most": self.most is not None, "budget": self.budget is not None, "link": self.link > 0}
        return [name for name, is_given in values.items() if is_given]


@dataclass(eq=False)
class Limited:
    """A formulation with everything that it has to keep.

    Parameters
    ----------
    ports : dict of str to int
        By meter, the number of ports.
    over : int or None
        By how much months may exceed the budget, where that is asked.
    """

    made: Formulation
    ports: dict[str, int]
    over: int | None = None


def limited(problem: Problem, parts: Parts, at: NDArray[np.intp], limits: Limits, *, over: bool = False) -> Limited:
    """The programme of a problem.

    Parameters
    ----------
    at : ndarray, (month,)
        Which months of the plan those of the problem are.
    over : bool
        Whether months may exceed the budget by an amount that is itself the objective.
    """
    made = choices(problem)
    least, most = parts.share
    if limits.shares and problem.copies:
        shares = [(share - least) / (most - least) for share in limits.shares if least <= share <= most]
        flags = [made.programme.flag() for _ in shares]
        made.programme.keep(Sum(dict.fromkeys(flags, 1.0)), 1.0, 1.0)
        made.programme.keep(Sum(dict(zip(flags, shares, strict=True))).plus(made.share, -1.0), 0.0, 0.0)
    copied = made.programme.variable(float(least > 0.0), float(most > 0.0), whole=True)
    made.programme.keep(Sum({made.share: 1.0, copied: -1.0}), most=0.0)
    beyond = free_egress(made, parts, at)
    ports, hours = port_hours(made, parts, at)
    made.reads_count = stage_counts(parts.plan, "train")
    charge(made, {**beyond, **hours})
    _ends(made, parts.plan, copied)
    _encoders(made, parts.plan)
    _providers(made, parts.plan, limits.most, copied)
    _link(made, parts, limits)
    found = Limited(made, ports)
    if limits.budget is not None:
        found.over = made.programme.variable(0.0, math.inf) if over else None
        for month, cost in enumerate(made.costs):
            most = float(limits.budget[at[month]])
            if math.isfinite(most):
                excess = Sum() if found.over is None else Sum({found.over: -1.0})
                made.programme.keep(sum_of([(cost, 1.0), (excess, 1.0)]), most=most)
    return found


def _ends(made: Formulation, plan: Plan, copied: int) -> None:
    # Ways that end in a region end in one, that of the GPUs, and of the copy where it is of the same provider.
    programme = made.programme
    given = plan.text(GPU_REGION)
    gpus, copy = place_of_region(given) if given else None, price_book().place_of(plan.text("staging.class"))
    flags: dict[str, int] = {}
    for n, at in where(made, lambda n, option: is_read(plan, n) and option.spot.end is not None):
        end = made.problem.options[n][at].spot.end
        assert end is not None
        if end not in flags:
            flags[end] = programme.variable(0.0, float(gpus in {None, end}), whole=True)
            if _apart(end, copy):
                programme.keep(Sum({flags[end]: 1.0, copied: 1.0}), most=1.0)
        programme.keep(Sum({made.place[n][at]: 1.0, flags[end]: -1.0}), most=0.0)
    if flags:
        programme.keep(Sum(dict.fromkeys(flags.values(), 1.0)), most=1.0)
    if gpus is not None and _apart(gpus, copy):
        programme.keep(Sum({copied: 1.0}), most=0.0)


def _apart(place: str, other: str) -> bool:
    return place != other and split_place(place)[0] == split_place(other)[0]


def _encoders(made: Formulation, plan: Plan) -> None:
    # What is made in a region is not stored in another of its provider: moving it between them has no line.
    raw = raw_of(plan)
    if not raw or not plan.is_on("encode.on"):
        return
    ends: dict[str, list[int]] = {}
    for at, option in enumerate(made.problem.options[raw]):
        end = end_of(encode_way(plan, option.spot))
        if end is not None:
            ends.setdefault(end, []).append(made.place[raw][at])
    encoded = [n for n in numbers(plan) if is_encoded(plan, n)]
    for end, flags in ends.items():
        for n in encoded:
            options = enumerate(made.problem.options[n])
            if away := [made.place[n][at] for at, option in options if _apart(option.spot.place, end)]:
                made.programme.keep(Sum(dict.fromkeys([*flags, *away], 1.0)), most=1.0)


def _providers(made: Formulation, plan: Plan, most: int | None, copied: int) -> None:
    # Whoever keeps a representation, the checkpoints or the copy counts.
    programme, used = made.programme, dict[str, int]()
    if most is None:
        return
    for n, options in made.problem.options.items():
        for provider in dict.fromkeys(option.spot.provider for option in options):
            used.setdefault(provider, programme.flag())
            mine = [made.place[n][at] for at, option in enumerate(options) if option.spot.provider == provider]
            programme.keep(Sum(dict.fromkeys(mine, 1.0)).plus(used[provider], -1.0), most=0.0)
    copy = used.setdefault(provider_of(plan.text("staging.class")), programme.flag())
    programme.keep(Sum({copied: 1.0, copy: -1.0}), most=0.0)
    if plan.is_on("checkpoint.on"):
        kept = used.setdefault(provider_of(plan.text("checkpoint.class")), programme.flag())
        programme.keep(Sum({kept: 1.0}), 1.0)
    programme.keep(Sum(dict.fromkeys(used.values(), 1.0)), most=float(most))


def share_range(parts: Parts, limits: Limits) -> tuple[float, float]:
    """The least and the most that the copy's share may be: what the link cannot carry otherwise must be in it."""
    if not parts.copies:
        return 0.0, 0.0
    needed, carried = 0.0, _carried(parts, limits)
    for none, whole in zip(*_rates(parts), strict=True) if limits.link else ():
        if none > max(whole, carried):
            needed = min(max(needed, (none - carried) / (none - whole)), 1.0)
    shares = [share for share in limits.shares if share >= needed] or [*limits.shares[-1:]]
    return (min(shares), max(shares)) if shares else (needed, 1.0)


def _rates(parts: Parts) -> Array:
    # Gbit/s of reads and the fill of the copy, which go over the link wherever they begin; (copy, month).
    moved: Array = sum(parts.leaving.values(), np.zeros((2, 1)))
    return moved * BITS_PER_BYTE / (DAYS_PER_MONTH * SECONDS_PER_DAY) / BITS_PER_GBIT


def link_needed(parts: Parts, share: float) -> float:
    """Gbit/s of a link that carries the busiest month with a share in the copy."""
    none, whole = _rates(parts)
    return float((none + share * (whole - none)).max()) / parts.plan.number("limits.utilisation")


def _carried(parts: Parts, limits: Limits) -> float:
    return limits.link * parts.plan.number("limits.utilisation")


def _link(made: Formulation, parts: Parts, limits: Limits) -> None:
    for none, whole in zip(*_rates(parts), strict=True) if limits.link else ():
        made.programme.keep(Sum({made.share: float(whole - none)}), most=_carried(parts, limits) - float(none))
