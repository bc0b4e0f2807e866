"""A mixed-integer programme built from sums of variables, and solved by HiGHS through `scipy.optimize.milp`."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from vidcost_xl.analysis.mix.curves import Line
from vidcost_xl.errors import OutOfDomainError
from vidcost_xl.model.lines import Array

#: What a quantity is settled to before it is rounded up, as tariffs do; see `prices.tariff.CONVERSION_DECIMALS`.
_SETTLED: Final = 5e-7

#: The status of `scipy.optimize.milp` where no values keep every row.
_INFEASIBLE: Final = 2

#: The file that a process prints into.
_OUTPUT: Final = 1


class OutOfTimeError(OutOfDomainError):
    """Nothing was found before the time was over."""

    is_passing = True


@dataclass
class Sum:
    """A sum of variables, each times a number, and a number."""

    terms: dict[int, float] = field(default_factory=dict)
    constant: float = 0.0

    def add(self, other: Sum, times: float = 1.0) -> Sum:
        """Add another sum to this one."""
        for name, value in other.terms.items():
            self.terms[name] = self.terms.get(name, 0.0) + value * times
        self.constant += other.constant * times
        return self

    def plus(self, variable: int, times: float) -> Sum:
        """Add a variable."""
        self.terms[variable] = self.terms.get(variable, 0.0) + times
        return self


def sum_of(sums: Iterable[tuple[Sum, float]]) -> Sum:
    """Several sums together, each times a number."""
    found = Sum()
    for each, times in sums:
        found.add(each, times)
    return found


@dataclass(frozen=True, eq=False)
class Solution:
    """An answer.

    Parameters
    ----------
    values : ndarray, (variable,)
    objective, bound : float
        What it costs, and what nothing can cost less than.
    """

    values: Array
    objective: float
    bound: float


@dataclass
class Programme:
    """Variables and rows.

    Parameters
    ----------
    least_that_counts : float
        Money of a month below which nothing is chosen.
    left_out : float
        What charges are at most more than the programme says, because whole units did not matter.
    """

    least_that_counts: float = 0.0
    left_out: float = 0.0

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def variable(self, lower: float = 0.0, upper: float = 1.0, *, whole: bool = False) -> int:
        """A new variable between two bounds."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.lower) - 1

    def flag(self) -> int:
        """A new variable that is 0 or 1."""
        return self.variable(whole=True)

    def keep(self, what: Sum, least: float = -math.inf, most: float = math.inf) -> None:
        """Hold a sum between two bounds."""
        self.rows.append((dict(what.terms), least - what.constant, most - what.constant))

    def along(self, quantity: Sum, kinds: Sequence[Sequence[Line]], most: float) -> list[Sum]:
        """The charges for a quantity along lines that begin at the same quantities.

        One line needs no flag, nor do lines that rise: nothing is gained by a charge above them.

        Parameters
        ----------
        kinds : sequence of sequence of Line
            Of each charge, the lines that can be reached.
        most : float
            Of the quantity.

        Returns
        -------
        list of Sum
            One a kind.
        """
        if len(kinds[0]) == 1:
            return [_straight(quantity, lines[0]) for lines in kinds]
        if all(_rises(lines) for lines in kinds):
            return [self._above(quantity, lines, most) for lines in kinds]
        chosen, where = Sum(), Sum()
        charges = [Sum() for _ in kinds]
        # In money, so that what the solver lets pass is a millionth of a dollar.
        dear = max(line.slope for lines in kinds for line in lines) or 1.0
        for at, line in enumerate(kinds[0]):
            width = max(min(line.end, most) - line.start, 0.0)
            flag, part = self.flag(), self.variable(0.0, width * dear)
            chosen.plus(flag, 1.0)
            where.plus(flag, line.start * dear).plus(part, 1.0)
            self.keep(Sum({part: 1.0, flag: -width * dear}), most=0.0)
            for charge, lines in zip(charges, kinds, strict=True):
                charge.plus(flag, lines[at].at_start).plus(part, lines[at].slope / dear)
        self.keep(chosen, 1.0, 1.0)
        self.keep(sum_of([(where, 1.0), (quantity, -dear)]), 0.0, 0.0)
        return charges

    def _above(self, quantity: Sum, lines: Sequence[Line], most: float) -> Sum:
        # A charge of which every line is a bound: the least that keeps them is the charge.
        ends = [line.at(end) for line in lines for end in (line.start, min(line.end, most))]
        charge = self.variable(min(ends), max(ends))
        for line in lines:
            self.keep(sum_of([(Sum({charge: 1.0}), 1.0), (_straight(quantity, line), -1.0)]), 0.0)
        return Sum({charge: 1.0})

    def whole_up(self, quantity: Sum, most: float, worth: float) -> Sum:
        """The quantity rounded up to whole billing units, as a tariff rounds it.

        Parameters
        ----------
        worth : float
            What a unit costs; where that is too little to matter, nothing is rounded.
        """
        if worth < self.least_that_counts:
            self.left_out += worth
            return quantity
        units = self.variable(0.0, math.ceil(most) + 1.0, whole=True)
        self.keep(sum_of([(Sum({units: 1.0}), 1.0), (quantity, -1.0)]), -_SETTLED, 1.0 - _SETTLED)
        return Sum({units: 1.0})

    def solved(self, objective: Sum, seconds: float, gap: float) -> Solution | None:
        """The least of a sum; None where no values keep every row.

        Parameters
        ----------
        seconds : float
            After so many the best so far is the answer.
        gap : float
            A share of the objective that need not be proved.

        Raises
        ------
        OutOfTimeError
            Without any answer in that time.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        count = len(self.lower)
        costs = np.zeros(count)
        costs[list(objective.terms)] = list(objective.terms.values())
        places = [(row, name, value) for row, (terms, _, _) in enumerate(self.rows) for name, value in terms.items()]
        rows, names, values = zip(*places, strict=True) if places else ((), (), ())
        matrix = csr_array((values, (rows, names)), shape=(len(self.rows), count))
        limits = LinearConstraint(matrix, [least for _, least, _ in self.rows], [most for _, _, most in self.rows])
        with _without_prints():
            found = milp(
                costs,
                integrality=np.array(self.whole, dtype=int),
                bounds=Bounds(self.lower, self.upper),
                constraints=limits,
                # With its presolve, HiGHS 1.12 has said 23,528,288 to be proved where 23,524,488 was to be had.
                options={"time_limit": seconds, "mip_rel_gap": gap, "presolve": False},
            )
        if found.status == _INFEASIBLE:
            return None
        if found.x is None:
            raise OutOfTimeError(f"No mix was found in {seconds:.0f} seconds: name fewer providers, or give more time.")
        bound = found.mip_dual_bound if found.mip_dual_bound is not None else found.fun
        return Solution(found.x, found.fun + objective.constant, bound + objective.constant)


@contextmanager
def _without_prints() -> Iterator[None]:
    """HiGHS has lines of its own debugging that go past its log and past Python, into what a command prints."""
    sys.stdout.flush()
    try:
        kept = os.dup(_OUTPUT)
    except OSError:  # there is none in Excel's server
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), _OUTPUT)
            yield
    finally:
        os.dup2(kept, _OUTPUT)
        os.close(kept)


def _rises(lines: Sequence[Line]) -> bool:
    # Whether each line goes on from the one before, at no lower a slope.
    pairs = list(pairwise(lines))
    joined = all(math.isclose(one.at(one.end), other.at_start, rel_tol=1e-12, abs_tol=1e-9) for one, other in pairs)
    return joined and all(one.slope <= other.slope for one, other in pairs)


def _straight(quantity: Sum, line: Line) -> Sum:
    return Sum(constant=line.at_start - line.start * line.slope).add(quantity, line.slope)
