"""The same plan at every provider, class, region and route that can serve it, each priced as a plan of its own.

All representations move to the place together, and with them the ways that begin there: to the encoders, to a copy
beside the GPUs, out. Or one of them moves, read along a route of its own, and the others are held where they are. What
stays is what the plan says beside them: fetching, checkpoints (in the region of the data, where they are of their
provider), the copy, a support plan, a commitment to a provider that is then not used up. Requests, free allowances,
policies, minimum durations and ports are the model's; what nobody reads may lie in an archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final

from vidcost_xl.analysis.outlets import is_route_feasible, policy_limit
from vidcost_xl.analysis.parts import is_left, is_wanted, moved_part
from vidcost_xl.analysis.places import (
    beside_ports,
    classes_to_choose,
    is_priced,
    moved,
    routes_of,
    there,
    why_no_place,
)
from vidcost_xl.analysis.progress import tell
from vidcost_xl.errors import BadArgumentError, NotInBookError, VideoCostError, unknown_name
from vidcost_xl.model.bill import Bill, evaluate
from vidcost_xl.model.blocks.common import numbers, raw_of
from vidcost_xl.model.blocks.reading import ENCODE_WAY, EXIT_WAY, FETCH_WAY, FILL_WAY
from vidcost_xl.model.blocks.representation import is_read
from vidcost_xl.model.meter_prices import priced_of
from vidcost_xl.model.outputs import figure, output_of
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import in_place, provider_of, split_place
from vidcost_xl.prices.schema import Route

#: Ways that begin where the data are.
_WAYS_OUT: Final = (ENCODE_WAY, FILL_WAY, EXIT_WAY)

#: What is in the region of the data, where it is of their provider.
_KEPT_BESIDE: Final = "checkpoint.class"


@dataclass(frozen=True)
class Candidate:
    """Where the data would be, and the way to the GPUs."""

    storage_class: str
    route: str
    region: str

    @property
    def provider(self) -> str:
        """Whose they are."""
        return provider_of(self.storage_class)

    def of(self, bill: Bill, part: int = 0) -> Plan:
        """A plan there: all its representations, or one of them."""
        plan = bill.plan
        ways = [way for way in _WAYS_OUT if plan.text(way) and (not part or _begins_with(plan, way, part))]
        more: list[tuple[str, object]] = [(key, _way_there(plan, key, self)) for key in ways]
        fetched = plan.text(FETCH_WAY)
        if provider_of(fetched) == self.provider and part in {0, raw_of(plan)}:
            more.append((FETCH_WAY, there(split_place(fetched)[0], self.region)))
        if not part and plan.is_on("checkpoint.on") and provider_of(plan.text(_KEPT_BESIDE)) == self.provider:
            more.append((_KEPT_BESIDE, there(split_place(plan.text(_KEPT_BESIDE))[0], self.region)))
        if part:
            return moved_part(bill, part, self.storage_class, self.route, more)
        return moved(bill, self.storage_class, self.route, more)


def _begins_with(plan: Plan, way: str, part: int) -> bool:
    # Whether a way of the plan begins where one of its representations is, and would not without it.
    return (way == ENCODE_WAY and part == raw_of(plan)) or (way == EXIT_WAY and is_left(plan, part))


@dataclass(frozen=True)
class Compared:
    """A candidate and what the plan costs there, in the reporting currency."""

    candidate: Candidate
    cost: float


@dataclass(frozen=True)
class Refused:
    """A class, a route or a candidate that cannot serve the plan, and why.

    Parameters
    ----------
    region : str
        Of a route that the book does not price there.
    """

    name: str
    why: str
    region: str = ""


@dataclass(frozen=True)
class Comparison:
    """Every place of the plan.

    Parameters
    ----------
    cost : float
        Of the plan as it is.
    rows : tuple of Compared
        The cheapest first.
    refused : tuple of Refused
        In the order of the book.
    """

    cost: float
    rows: tuple[Compared, ...]
    refused: tuple[Refused, ...]

    @cached_property
    def cheapest(self) -> tuple[Compared, ...]:
        """The cheapest of each provider."""
        return self._first_of(lambda candidate: candidate.provider)

    @cached_property
    def regions(self) -> tuple[Compared, ...]:
        """The cheapest of each region of each provider."""
        return self._first_of(lambda candidate: (candidate.provider, candidate.region))

    def _first_of(self, group: Callable[[Candidate], object]) -> tuple[Compared, ...]:
        found: dict[object, Compared] = {}
        for row in self.rows:
            found.setdefault(group(row.candidate), row)
        return tuple(found.values())

    @cached_property
    def unpriced(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """By provider and region, the routes that the book does not price there."""
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for each in self.refused:
            if each.region:
                at, name = (provider_of(each.name), each.region), split_place(each.name)[0]
                found[at] = (*found.get(at, ()), name)
        return found


def compare(
    plan: Plan,
    providers: Sequence[str] = (),
    what: str = "monthly",
    part: int = 0,
    wanted: Callable[[Candidate], bool] | None = None,
) -> Comparison:
    """Rank the places that can serve a plan.

    Parameters
    ----------
    providers : sequence of str
        All of the book when empty.
    what : str
        The figure; see `model.outputs`.
    part : int
        The number of the representation that moves; all of them where 0.
    wanted : callable, optional
        Whether a candidate is looked at.

    Raises
    ------
    BadArgumentError
        For a provider that the book does not have, or a choice of none.
    """
    bill, classes, read = evaluate(plan), classes_to_choose(), is_wanted(plan, part)
    read_by_training = any(is_read(plan, n) for n in ([part] if part else numbers(plan)))
    rows: list[Compared] = []
    refused: list[Refused] = []
    for provider in _chosen(providers):
        items = [item for item in classes if provider_of(item.id) == provider]
        kept = _kept((item.id, why_no_place(item, read=read)) for item in items)
        ways = _kept(_why_not_route(bill, route, part) for route in routes_of(provider))
        refused += [*kept.refused, *ways.refused]
        for region in price_book().providers[provider].regions:
            here = _priced_classes(plan, kept.names, region)
            # Ports are for training.
            names = ways.names if read_by_training else [name for name in ways.names if beside_ports(name) == name]
            open_ways = _priced_ways(plan, names, region) if here and read_by_training else _Kept(names, [])
            refused += open_ways.refused
            # What nobody reads or moves out takes no way: the first stands for all.
            names = open_ways.names if read or plan.is_used("exit.month") else open_ways.names[:1]
            candidates = (Candidate(item, there(way, region), region) for item, way in product(here, names))
            for candidate in filter(wanted, candidates):
                tell(f"comparing places: {candidate.storage_class} over {candidate.route}, {len(rows)} priced")
                try:
                    cost = figure(candidate.of(bill, part), what)
                except VideoCostError as error:
                    refused.append(Refused(f"{candidate.storage_class}, {candidate.route}", error.message))
                else:
                    rows.append(Compared(candidate, cost))
    rows.sort(key=lambda row: row.cost)
    return Comparison(float(output_of(bill, what)[0]), tuple(rows), tuple(refused))


def _chosen(providers: Sequence[str]) -> list[str]:
    known = price_book().providers
    if not providers:
        return list(known)
    found = {name: provider_called(name) for name in providers}
    for name, each in found.items():
        if each is None:
            raise BadArgumentError(unknown_name("provider", name, known))
    return list(dict.fromkeys(filter(None, found.values())))


def provider_called(name: str) -> str | None:
    """The provider of that id, name or alias; None where there is none."""
    known = price_book().providers.values()
    names = {name.casefold(): each.id for each in known for name in (each.id, each.name, *each.aliases)}
    return names.get(name.strip().casefold())


@dataclass(frozen=True)
class _Kept:
    names: list[str]
    refused: list[Refused]


def can_serve(bill: Bill, candidate: Candidate) -> bool:
    """Whether a candidate of a plan serves it still, with another number in one of its inputs."""
    return is_route_feasible(bill, price_book().route("egress", candidate.route))


def _kept(judged: Iterable[tuple[str, str]]) -> _Kept:
    every = list(judged)
    return _Kept([name for name, why in every if not why], [Refused(name, why) for name, why in every if why])


def _why_not_route(bill: Bill, route: Route, part: int) -> tuple[str, str]:
    if is_route_feasible(bill, route, part) and (route.compared or route.inside):
        return route.id, ""
    limit = policy_limit(route)
    if route.inside:
        why = "it ends at the provider's own machines, and the plan's GPUs are not there"
    elif not route.compared:
        why = "it leads to one other cloud, or is for some customers only"
    elif limit is None:
        why = "the plan's GPUs are at the provider's own machines, and it leads elsewhere"
    else:
        why = f"its policy lets out {limit:g} times the bytes stored in a month, and the plan reads more"
    return route.id, why


def _priced_classes(plan: Plan, names: Sequence[str], region: str) -> list[str]:
    # Where no class has a price there is no place: an edge of a network.
    classes = price_book().classes
    return [there(name, region) for name in names if is_priced(plan, [in_place(classes[name].storage, region)])]


def _priced_ways(plan: Plan, names: Sequence[str], region: str) -> _Kept:
    # A route of which a leg has no price there serves from no class there.
    kept = _Kept([], [])
    for name in names:
        way = there(name, region)
        try:
            for leg in price_book().route("egress", way).legs:
                priced_of(plan, leg.meter)
        except NotInBookError as error:
            kept.refused.append(Refused(way, error.message, region))
        else:
            kept.names.append(name)
    return kept


def _way_there(plan: Plan, key: str, candidate: Candidate) -> str:
    # Of the same provider it begins in the region now; else it is the way that training reads along.
    route = plan.text(key)
    if provider_of(route) != candidate.provider:
        return candidate.route if key == FILL_WAY else beside_ports(candidate.route)
    return there(split_place(route)[0], candidate.region)
