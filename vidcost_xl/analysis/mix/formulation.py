"""The cheapest mix as a mixed-integer programme: places, the copy's share, tiers, policies, ports and limits.

Variables are one flag a place, the share of the copy in each, and one flag a tier that a meter can reach in a month.
Months that are alike are one. A meter that one representation alone can reach, without the copy, has its charge beside
the place and no tiers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from vidcost_xl.analysis.mix.amounts import Amounts
from vidcost_xl.analysis.mix.curves import EFFECTIVE, Curve, Kind, Line
from vidcost_xl.analysis.mix.problem import MATTERS, Problem
from vidcost_xl.analysis.mix.programme import Programme, Sum, sum_of
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.charges import ALL
from vidcost_xl.model.lines import Array


@dataclass(eq=False)
class Formulation:
    """The programme of a problem, and where its decisions stand.

    Parameters
    ----------
    place, part : dict of int to list of int
        By representation, the flag of each option, and the copy's share if it is chosen.
    share : int
        The copy's share.
    costs : list of Sum
        Of each month, in the reporting currency.
    reads_count : bool
        Whether what training reads counts towards the commitment.
    """

    problem: Problem
    programme: Programme = field(default_factory=Programme)
    place: dict[int, list[int]] = field(default_factory=dict)
    part: dict[int, list[int]] = field(default_factory=dict)
    share: int = 0
    costs: list[Sum] = field(default_factory=list)
    reads_count: bool = True

    @property
    def objective(self) -> Sum:
        """All months together."""
        return sum_of(zip(self.costs, map(float, self.problem.repeats), strict=True))


def choices(problem: Problem) -> Formulation:
    """The choices of a problem, which no charge and no limit is on yet."""
    made = Formulation(problem, Programme(least_that_counts=problem.least * MATTERS))
    programme = made.programme
    made.share = programme.variable(0.0, 1.0 if problem.copies else 0.0)
    for n, options in problem.options.items():
        made.place[n] = [programme.flag() for _ in options]
        programme.keep(Sum(dict.fromkeys(made.place[n], 1.0)), 1.0, 1.0)
        made.part[n] = []
        if problem.copies:
            made.part[n] = [programme.variable() for _ in options]
            for flag, part in zip(made.place[n], made.part[n], strict=True):
                programme.keep(Sum({part: 1.0, flag: -1.0}), most=0.0)
            programme.keep(Sum({**dict.fromkeys(made.part[n], 1.0), made.share: -1.0}), 0.0, 0.0)
    return made


def chosen_amount(made: Formulation, n: int, at: int, amount: Array) -> Sum:
    """An amount of one option, (copy,), as it is chosen and at the copy's share."""
    found = Sum({made.place[n][at]: float(amount[0])})
    return found.plus(made.part[n][at], float(amount[1] - amount[0])) if made.part[n] else found


def charge(made: Formulation, beyond: Mapping[str, Sequence[tuple[Sum, float]]]) -> None:
    """Add what every month costs.

    Parameters
    ----------
    beyond : mapping of str to sequence of (Sum, float)
        Of meters that share a free egress or count ports, what else they bill in each month, and the most of it.

    Raises
    ------
    BadArgumentError
        For a meter whose tiers hold lines that count towards the commitment and lines that do not.
    """
    problem = made.problem
    uses = _uses(problem)
    for month in range(problem.months):
        paid, counted, based = Sum(), Sum(), Sum()
        for meter in dict.fromkeys([*uses, *beyond]):
            curve = problem.curves[meter]
            more = beyond[meter][month] if meter in beyond else None
            sums, towards = _charged(made, meter, uses.get(meter, {}), month, more)
            paid.add(sums[EFFECTIVE])
            if towards is not None and problem.committed in {ALL, curve.provider}:
                counted.add(towards)
            if problem.support and curve.provider == problem.support.provider:
                based.add(sums[problem.support.kind])
        _contract(made, month, paid, counted, based)
        made.costs.append(sum_of([(paid, float(problem.fx[month]))]))


def _contract(made: Formulation, month: int, paid: Sum, counted: Sum, based: Sum) -> None:
    # The support plan, and what of the commitment is left.
    problem, support = made.problem, made.problem.support
    if support:
        fee = made.programme.along(based, [support.lines[month]], float(problem.based[month]))[0]
        paid.add(fee)
        if support.counts and problem.committed in {ALL, support.provider}:
            counted.add(fee)
    promised = float(problem.promised[month])
    if promised:
        lines = [Line(0.0, promised, promised, -1.0), Line(promised, math.inf, 0.0, 0.0)]
        paid.add(made.programme.along(counted, [lines], max(_most_of(made.programme, counted), promised))[0])


def _most_of(programme: Programme, what: Sum) -> float:
    ends = [value * (programme.upper if value > 0 else programme.lower)[name] for name, value in what.terms.items()]
    return max(what.constant + sum(ends), 1.0)


Uses = dict[int, list[tuple[int, Array, Array]]]


def _uses(problem: Problem) -> dict[str, Uses]:
    # By meter and representation: the option, what it counts towards the commitment and in all, (copy, month).
    found: dict[str, Uses] = {}
    rows: list[tuple[int, int, Amounts]] = [(0, 0, problem.fixed)]
    rows += [(n, at, option.amounts) for n, every in problem.options.items() for at, option in enumerate(every)]
    for n, at, amounts in rows:
        meters = dict.fromkeys(meter for meter, _ in amounts)
        for meter in meters:
            none = np.zeros((2, problem.months))
            counted = amounts.get((meter, True), none)
            found.setdefault(meter, {}).setdefault(n, []).append(
                (at, counted, counted + amounts.get((meter, False), none))
            )
    return found


@dataclass(eq=False)
class _Pool:
    # What a meter counts in a month: in all and towards the commitment, and between which quantities.
    curve: Curve
    month: int
    quantity: Sum = field(default_factory=Sum)
    counted: Sum = field(default_factory=Sum)
    least: float = 0.0
    most: float = 0.0
    movers: set[int] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        return not self.quantity.terms and not self.quantity.constant


def _pool(made: Formulation, curve: Curve, uses: Uses, month: int, more: tuple[Sum, float] | None) -> _Pool:
    pool = _Pool(curve, month)
    for n, rows in uses.items():
        for at, towards, whole in rows:
            amount, part = whole[:, month], towards[:, month]
            if n == 0:
                pool.quantity.add(_fixed(made, amount))
                pool.counted.add(_fixed(made, part))
                pool.least += float(amount.min())
            elif amount.any():
                pool.movers.add(n)
                pool.quantity.add(chosen_amount(made, n, at, amount))
                pool.counted.add(chosen_amount(made, n, at, part))
        pool.most += max(float(whole[:, month].max()) for _, _, whole in rows)
    if more is not None:
        pool.quantity.add(more[0])
        if made.reads_count:
            pool.counted.add(more[0])
        pool.most += more[1]
    return pool


def _charged(
    made: Formulation, meter: str, uses: Uses, month: int, more: tuple[Sum, float] | None
) -> tuple[dict[Kind, Sum], Sum | None]:
    # What a meter bills in a month, by kind, and what of it counts towards the commitment.
    pool = _pool(made, made.problem.curves[meter], uses, month, more)
    if pool.is_empty:
        return {kind: Sum() for kind in made.problem.kinds}, Sum()
    alone = _alone(made, uses, pool) if more is None else None
    sums = _along(made, pool) if alone is None else alone
    return sums, _towards(made, meter, pool, sums[EFFECTIVE])


def _along(made: Formulation, pool: _Pool) -> dict[Kind, Sum]:
    # A private rate is a price for each unit, whole or not; a list price has tiers, and may count whole units.
    problem, curve, month = made.problem, pool.curve, pool.month
    rated = [kind for kind in problem.kinds if math.isnan(curve.factors[kind][month])]
    sums = {kind: sum_of([(pool.quantity, float(curve.rates[kind][month]))]) for kind in rated}
    listed = [kind for kind in problem.kinds if kind not in rated]
    if listed:
        quantity, least, most = pool.quantity, pool.least, pool.most
        if curve.round_up:
            worth = max(line.slope for kind in listed for line in curve.lines(month, kind)) * problem.repeats[month]
            quantity = made.programme.whole_up(quantity, most, worth)
            least, most = math.floor(least), math.ceil(most) + 1.0
        reached = curve.reached(least, most)
        lines = [[curve.lines(month, kind)[at] for at in reached] for kind in listed]
        sums |= dict(zip(listed, made.programme.along(quantity, lines, most), strict=True))
    return sums


def _fixed(made: Formulation, amount: Array) -> Sum:
    found = Sum(constant=float(amount[0]))
    return found.plus(made.share, float(amount[1] - amount[0])) if amount[1] != amount[0] else found


def _alone(made: Formulation, uses: Uses, pool: _Pool) -> dict[Kind, Sum] | None:
    # Where one representation alone decides the quantity and the copy does not, each place has its charge.
    month, curve = pool.month, pool.curve
    if len(pool.movers) > 1 or any(
        amount[0] != amount[1] for rows in uses.values() for _, _, whole in rows for amount in [whole[:, month]]
    ):
        return None
    base = sum(float(whole[0, month]) for _, _, whole in uses.get(0, []))
    sums = {kind: Sum(constant=curve.charge(base, month, kind)) for kind in made.problem.kinds}
    for n in pool.movers:
        for at, _, whole in uses[n]:
            for kind, found in sums.items():
                added = curve.charge(base + float(whole[0, month]), month, kind) - found.constant
                if added:
                    found.plus(made.place[n][at], added)
    return sums


def _towards(made: Formulation, meter: str, pool: _Pool, paid: Sum) -> Sum | None:
    # Of a charge, what counts towards the commitment: all, none, or its share of the quantity where that is straight.
    counted, quantity = pool.counted, pool.quantity
    is_all = counted.terms == quantity.terms and counted.constant == quantity.constant
    if is_all or not made.problem.promised.any():
        return paid
    if not any(counted.terms.values()) and not counted.constant:
        return None
    lines = pool.curve.lines(pool.month)
    if len({line.slope for line in lines}) == 1 and not pool.curve.round_up:
        return sum_of([(counted, lines[0].slope)])
    raise BadArgumentError(
        f"{meter} bills lines that count towards the commitment together with lines that do not "
        "(commercial.commitment_stages): a mix cannot share out its tiers. Write all, or leave the commitment out."
    )
