"""One page of decisions: where the plan is cheapest, what moves it, when a site pays, how sure it is, what turns it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from vidcost_xl.analysis.breakeven import BASES, Basis, break_even_month, curves
from vidcost_xl.analysis.compare import Comparison, compare
from vidcost_xl.analysis.progress import tell
from vidcost_xl.analysis.remembered import remembered
from vidcost_xl.analysis.risk import Asked, Risk, risk
from vidcost_xl.analysis.sensitivity import Swing, swings
from vidcost_xl.analysis.turning import (
    ONE_BY_ONE,
    TOGETHER,
    Answers,
    Turn,
    cheapest_place,
    over_budget,
    own_cheaper,
    turn,
)
from vidcost_xl.analysis.two_way import Asked as AxisAsked
from vidcost_xl.analysis.two_way import TwoWay, passes_by_size, tabled
from vidcost_xl.digits import SAME, exceeds
from vidcost_xl.errors import BadArgumentError, VideoCostError, unknown_name
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.outputs import TOTALS, figure
from vidcost_xl.model.own import own_site
from vidcost_xl.model.plan import Plan

#: Places that may become the cheapest: the cheapest of so many providers.
PLACES: Final = 6

#: Levers that are asked where the answers turn.
LEVERS: Final = 3

#: What is asked of each lever.
Question = str
BUDGET: Final = "budget"
PLACE: Final = "cheapest place"
OWN: Final = "cloud or own site"

#: The part that is a table over two inputs.
TABLE: Final = "table"


@dataclass(frozen=True)
class Site:
    """A site of one's own against the cloud.

    Parameters
    ----------
    months : mapping of str to int or None
        By basis, the month from which it has cost no more, from 1; None where it never has.
    labels : tuple of str
        The months of the plan.
    saved : float
        By the end of the plan, cash, reporting currency; negative where it has cost more.
    """

    months: Mapping[Basis, int | None]
    labels: tuple[str, ...]
    saved: float


@dataclass(frozen=True)
class Doubt:
    """A lever, a question, and where within the lever's range its answer turns.

    Parameters
    ----------
    answers : tuple of str
        What the answer may be; a turn names one by its number.
    now : int
        The answer of the plan.
    below, above : Turn or None
        The nearest to the plan's value; None where the answer stays to the end of the range.
    """

    lever: Swing
    question: Question
    answers: tuple[str, ...]
    now: int
    below: Turn | None
    above: Turn | None

    def edge(self, found: Turn) -> float:
        """The value to name: of the budget, the last that fits; else the last with the plan's answer."""
        return found.first if self.question == BUDGET and self.now else found.last

    def answer(self, number: int) -> str:
        """An answer in words."""
        return self.answers[number] if number >= 0 else "no place can serve the plan"


@dataclass(frozen=True)
class Wanted:
    """What is asked.

    Parameters
    ----------
    what : str
        A key of `model.outputs.TOTALS`; budget and places are of it.
    providers : tuple of str
        Whose places are compared; all of the book when empty.
    axes : tuple of (str, tuple)
        What changes down and across a table, each with its values; passes and the size when empty.
    """

    what: str = "monthly"
    draws: int = 10_000
    seed: int = 1
    budget: float | None = None
    providers: tuple[str, ...] = ()
    axes: tuple[AxisAsked, ...] = ()

    @property
    def risk(self) -> Asked:
        """The same, as the distribution is asked for."""
        return Asked(self.what, self.draws, self.seed, budget=self.budget)


@dataclass(frozen=True)
class Decision:
    """The answers.

    Parameters
    ----------
    base : float
        The figure, reporting currency.
    levers : tuple of Swing
        Those that move it, the strongest first.
    site : Site or None
        None too where the plan is not to be compared with one.
    table : TwoWay or None
        The figure over two inputs.
    missing : mapping of str to str
        Parts that have no answer, and why.
    """

    plan: Plan
    wanted: Wanted
    base: float
    places: Comparison
    levers: tuple[Swing, ...]
    site: Site | None
    risk: Risk
    doubts: tuple[Doubt, ...]
    table: TwoWay | None = None
    missing: Mapping[str, str] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        """Of every amount."""
        return self.plan.text("money.currency")


def decide(plan: Plan, wanted: Wanted) -> Decision:
    """Answer all questions about a plan.

    Raises
    ------
    BadArgumentError
        For a figure that is no sum over the whole bill, or a table of what cannot be.
    """
    if wanted.what not in TOTALS:
        raise BadArgumentError(unknown_name("output", wanted.what, TOTALS))
    if wanted.axes and len(wanted.axes) != len(("down", "across")):
        raise BadArgumentError("a table has what changes down and what across: rows and columns.")
    return remembered(lambda: _decided(plan, wanted), plan, wanted)


def _decided(plan: Plan, wanted: Wanted) -> Decision:
    tell("pricing the plan")
    what = wanted.what
    missing: dict[str, str] = {}
    table = None
    try:
        table = tabled(plan, what, *(wanted.axes or passes_by_size(plan)))
    except VideoCostError as error:
        if wanted.axes:
            raise
        missing[TABLE] = error.message
    base = figure(plan, what)
    names = list(wanted.providers)
    places = remembered(lambda: compare(plan, names, what), plan, "compare", names, what)
    levers = tuple(each for each in swings(plan, what) if exceeds(each.swing, SAME * abs(each.base)))
    found = remembered(lambda: risk(plan, wanted.risk), plan, wanted.risk)
    site = None
    try:
        site = _site(plan) if plan.is_on("own.compare") else None
    except VideoCostError as error:
        missing[OWN] = error.message
    turned = [lever for lever in levers if lever.spec.kind == "number"][:LEVERS]
    doubts = tuple(doubt for lever in turned for doubt in _doubts(plan, wanted, lever, places, site is not None))
    return Decision(plan, wanted, base, places, levers, site, found, doubts, table, missing)


def _site(plan: Plan) -> Site:
    site = own_site(evaluate(plan))
    months, saved = {}, 0.0
    for basis in BASES:
        found = curves(site, basis)
        cloud, own = found.cloud[:, 0], found.own[:, 0]
        months[basis] = break_even_month(cloud, own)
        saved = float(cloud[-1] - own[-1]) if basis == "cash" else saved
    return Site(months, tuple(plan.calendar.labels), saved)


def _doubts(plan: Plan, wanted: Wanted, lever: Swing, places: Comparison, has_site: bool) -> Iterator[Doubt]:
    key, what = lever.key, wanted.what
    said: tuple[str, ...]
    if wanted.budget is not None:
        said = ("within the budget", "above the budget")
        yield _doubt(lever, BUDGET, said, over_budget(plan, key, what, wanted.budget), TOGETHER)
    near = [row.candidate for row in places.cheapest[:PLACES]]
    if near:
        said = tuple(each.storage_class for each in near)  # each of another provider, which tells them apart
        yield _doubt(lever, PLACE, said, cheapest_place(plan, key, what, near), ONE_BY_ONE)
    if has_site:
        said = ("the cloud costs no more", "the own site is cheaper")
        yield _doubt(lever, OWN, said, own_cheaper(plan, key), TOGETHER)


def _doubt(lever: Swing, question: Question, said: Sequence[str], answers: Answers, exact: tuple[int, float]) -> Doubt:
    import numpy as np

    tell(f"where {lever.key} turns the answer: {question}")
    now = int(answers(np.array([lever.value]))[0])
    ends = (min(lever.low, lever.value), max(lever.high, lever.value))
    below, above = (turn(answers, lever.value, end, exact) if end != lever.value else None for end in ends)
    return Doubt(lever, question, tuple(said), now, below, above)
