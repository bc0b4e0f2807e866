"""Two plans set against each other: how each is named, and what it costs as a driver rises.

A rival is the plan as it is, the plan with an own site, the plan at a place that can serve it (as `compare` finds it: a
provider, a class, or a class and a route), or the plan read along another route; with inputs of its own on top. Nothing
is moved from one to the other: each is as it is from its first month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Final

import numpy as np

from vidcost_xl.analysis.breakeven import Basis, PlanName, curves
from vidcost_xl.analysis.compare import Candidate, compare, provider_called
from vidcost_xl.analysis.drivers import MONTHS_KEY, Turned
from vidcost_xl.analysis.outlets import PORTS, is_route_feasible, policy_limit, ports
from vidcost_xl.analysis.places import there
from vidcost_xl.analysis.remembered import remembered
from vidcost_xl.errors import BadArgumentError, NotInBookError, VideoCostError, unknown_name
from vidcost_xl.model.bill import Bill, Pricing, evaluate, in_chunks, pricing
from vidcost_xl.model.blocks.common import numbers, prefix
from vidcost_xl.model.blocks.reading import TRAIN_WAY, own_way
from vidcost_xl.model.catalogue import catalogue
from vidcost_xl.model.lines import Array
from vidcost_xl.model.outputs import output_of
from vidcost_xl.model.own import own_site
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import provider_of, split_place
from vidcost_xl.prices.schema import Route

#: The plan as it is, in two words; and with an own site.
AS_IS: Final = ("plan", "cloud")
OWN: Final[PlanName] = "own"

#: Between a class and the route along which it is read.
READ_ALONG: Final = "+"

#: What of a bill is compared.
WHAT: Final = "total"


@dataclass(frozen=True)
class Rival:
    """One of two plans.

    Parameters
    ----------
    called : str
        In a sentence.
    curve : (str, str) or None
        Of an own site beside it: which plan and basis of `breakeven.curves` the costs are.
    route : Route or None
        That the place is read along; dedicated ports follow what is read.
    """

    called: str
    plan: Plan
    curve: tuple[PlanName, Basis] | None = None
    route: Route | None = None

    def cost(self, bill: Bill) -> Array:
        """Cost of all months, (draw,)."""
        return output_of(bill, WHAT) if self.curve is None else self._curve(bill)[-1]

    def _curve(self, bill: Bill) -> Array:
        assert self.curve is not None
        name, basis = self.curve
        return curves(own_site(bill), basis).of(name)

    @property
    def going_on(self) -> Plan:
        """The plan going on as long as a plan may."""
        return self.plan.with_overrides([(MONTHS_KEY, catalogue()[MONTHS_KEY].maximum)])

    def months(self) -> Array:
        """What it has cost by the end of each month, going on, (month,)."""
        bill = evaluate(self.going_on)
        if self.curve is not None:
            return self._curve(bill)[:, 0]
        return np.cumsum(bill.reporting(bill.total)[:, 0])

    def obstacle(self, bill: Bill) -> str:
        """Why its provider does not serve what is read; empty where it does."""
        if self.route is None or is_route_feasible(bill, self.route):
            return ""
        return f"the policy of {self.route.id} lets out {policy_limit(self.route):g} times the bytes stored in a month"


@dataclass(frozen=True)
class Driven:
    """A rival and the driver as it counts in its plan."""

    rival: Rival
    turned: Turned

    def bills(self, values: Array) -> Iterator[tuple[slice, Bill]]:
        """The bills for values of the driver, some draws at a time."""
        samples, route = {self.turned.driver.key: values / self.turned.scale}, self.rival.route
        if route is not None and self._has_ports:
            read = in_chunks(self.turned.plan, samples, price=self._reading)
            needed = [np.broadcast_to(ports(bill, route), values[at].shape) for at, bill in read]
            samples[PORTS] = np.concatenate(needed)
        return in_chunks(self.turned.plan, samples, price=self._pricing)

    @property
    def _has_ports(self) -> bool:
        # Dedicated ports follow what is read, unless they are what is turned.
        route = self.rival.route
        return route is not None and route.port is not None and self.turned.driver.key != PORTS

    @cached_property
    def _reading(self) -> Pricing:
        return pricing(self.turned.plan, [self.turned.driver.key])

    @cached_property
    def _pricing(self) -> Pricing:
        return pricing(self.turned.plan, [self.turned.driver.key, *([PORTS] if self._has_ports else [])])


def cheaper(pair: tuple[Rival, Rival], state: int) -> str:
    """Who is cheaper, as a sentence: the second for 1, the first for -1, neither for 0."""
    if not state:
        return "both cost the same"
    return f"{pair[state > 0].called} is cheaper"


def rivals(plan: Plan, names: str, changes: Sequence[Iterable[tuple[str, object]]]) -> tuple[Rival, Rival]:
    """The two plans of a text.

    Parameters
    ----------
    names : str
        Two names with a comma between: "plan", "own", a provider, a class, a route, or class+route.
    changes : sequence of iterable of (str, object)
        Inputs of their own, of the first and of the second.

    Raises
    ------
    BadArgumentError
        For another number of names, or one that is nothing of that; names the nearest.
    NotInBookError
        For a place that cannot serve the plan; says why.
    """
    each = [name.strip() for name in names.split(",")]
    if len(each) != len(changes) or not all(each):
        raise BadArgumentError(
            f'plans is two names with a comma between, such as "cloud,own" or "own,cloud", "b2,r2", '
            f'"aws.internet,aws.cloudfront" or "plan,plan", not {names!r}.'
        )
    found = [_rival(plan, name, list(more)) for name, more in zip(each, changes, strict=True)]
    if found[0].called == found[1].called:
        found = [replace(one, called=f"{one.called} ({nth})") for one, nth in zip(found, ("1st", "2nd"), strict=True)]
    return found[0], found[1]


def _rival(plan: Plan, name: str, changes: list[tuple[str, object]]) -> Rival:
    folded, changed = name.casefold(), plan.with_overrides(changes) if changes else plan
    if folded in AS_IS:
        return Rival(f"the {folded}", changed)
    if folded == OWN:
        return Rival("the own site", changed, curve=(OWN, "cash"))
    storage, along, route = name.partition(READ_ALONG)
    provider = None if along else provider_called(name)
    if provider:
        return _placed(changed, provider, "", "")
    if along or _is_class(name):
        item = price_book().storage_class(storage.strip())
        way = price_book().route("egress", route.strip()).id if along else ""
        return _placed(changed, provider_of(item.id), item.id, way)
    return _along(changed, name)


def _is_class(name: str) -> bool:
    try:
        price_book().storage_class(name)
    except VideoCostError:
        return False
    return True


def _placed(plan: Plan, provider: str, storage_class: str, route: str) -> Rival:
    named = [name for name in (storage_class, route) if name]
    wanted = partial(_is_meant, storage_class=storage_class, route=route) if named else None
    found = remembered(
        lambda: compare(plan, [provider], WHAT, wanted=wanted), plan, "compare", [provider], WHAT, *named
    )
    if not found.rows:
        parts = {split_place(name)[0] for name in named}
        whys = [each for each in found.refused if not parts or parts & set(each.name.split(", "))]
        why = f": {whys[0].name}, {whys[0].why}" if whys else " in that region"
        called = READ_ALONG.join(named) or provider
        raise NotInBookError(f'{called} cannot serve the plan{why}. =VIDEO_COMPARE(,,,,"refused") lists all reasons.')
    best = found.rows[0].candidate
    way = price_book().route("egress", best.route)
    return Rival(f"{best.storage_class}+{best.route}", best.of(evaluate(plan)), route=way)


def _is_meant(candidate: Candidate, storage_class: str, route: str) -> bool:
    default = price_book().providers[candidate.provider].default_region
    name, region = split_place(storage_class)
    if storage_class and candidate.storage_class != there(name, region or default):
        return False
    # A route without a region begins where its class is.
    name, region = split_place(route)
    return not route or (split_place(candidate.route)[0] == name and region in {None, candidate.region})


def _along(plan: Plan, name: str) -> Rival:
    book = price_book()
    try:
        route = book.route("egress", name)
    except NotInBookError:
        known = (*AS_IS, OWN, *book.providers, *book.classes, *book.route_names("egress"))
        raise BadArgumentError(unknown_name("plan", name, known)) from None
    if route.id == plan.text(TRAIN_WAY) and not any(own_way(plan, n) for n in numbers(plan)):
        return Rival(route.id, plan)
    pairs: list[tuple[str, object]] = [(TRAIN_WAY, name), *((prefix(n) + "route", "") for n in numbers(plan))]
    if route.port is not None:
        pairs.append(("train.port_meter", split_place(route.port.meter)[0]))
    pairs.append((PORTS, float(ports(evaluate(plan), route)[0])))
    return Rival(route.id, plan.with_overrides(pairs), route=route)
