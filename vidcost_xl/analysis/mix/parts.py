"""The classes and routes that each representation can choose between, with what the model counts in each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from vidcost_xl.analysis.mix.amounts import FETCHED, FIXED, Amounts, Counted, both, counted, moved
from vidcost_xl.analysis.mix.spots import (
    Kept,
    Spot,
    classes_for,
    encode_way,
    mixed,
    routes_for,
    unconditional,
)
from vidcost_xl.analysis.parts import is_wanted
from vidcost_xl.analysis.places import route_meters
from vidcost_xl.errors import VideoCostError
from vidcost_xl.model.blocks.common import BITS_PER_BYTE, SECONDS_PER_HOUR, numbers, prefix, raw_of
from vidcost_xl.model.blocks.reading import ENCODE_WAY
from vidcost_xl.model.blocks.representation import is_encoded, is_read
from vidcost_xl.model.lines import Array
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import provider_of, split_place
from vidcost_xl.prices.schema import Route
from vidcost_xl.units import BITS_PER_GBIT

#: Told how far the work is: done, and of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Parts:
    """What a plan can choose between in the default region of each provider.

    Parameters
    ----------
    share : (float, float)
        The least and the most of the copy's share, at which amounts are counted.
    kept : dict of int to dict of Kept to Amounts
        By representation.
    read : dict of int to dict of str to Amounts
        By representation and route, what reading along it adds; none for what nobody reads.
    fixed : Amounts
        What no choice but the copy's share changes.
    fetched : Amounts
        What fetching counts on the plan's way in.
    stored : dict of int to ndarray, (month,)
        Bytes.
    leaving : dict of int to ndarray, (copy, month)
        Bytes that training and the fill of the copy read.
    encoded : ndarray, (month,)
        Bytes of videos that encoders read.
    refused : list of (str, str)
        What cannot be priced, and why.
    """

    plan: Plan
    copies: bool
    share: tuple[float, float] = (0.0, 1.0)
    kept: dict[int, dict[Kept, Amounts]] = field(default_factory=dict)
    read: dict[int, dict[str, Amounts]] = field(default_factory=dict)
    fixed: Amounts = field(default_factory=dict)
    fetched: Amounts = field(default_factory=dict)
    stored: dict[int, Array] = field(default_factory=dict)
    leaving: dict[int, Array] = field(default_factory=dict)
    encoded: Array = field(default_factory=lambda: np.zeros(0))
    refused: list[tuple[str, str]] = field(default_factory=list)


def parts_of(plan: Plan, providers: Sequence[str], copies: bool, progress: Progress = lambda _done, _of: None) -> Parts:
    """Count a plan in every class and along every route of some providers.

    Parameters
    ----------
    copies : bool
        Whether a copy beside the GPUs may be had.
    """
    found, basis = Parts(plan, copies, encoded=np.zeros(plan.calendar.months)), unconditional(plan)
    _base(found, basis)
    tasks = [task for provider in providers for task in _tasks(found, provider, basis)]
    for at, task in enumerate(tasks):
        progress(at, len(tasks))
        try:
            task()
        except VideoCostError as error:
            found.refused.append((task.name, error.message))
    progress(len(tasks), len(tasks))
    return found


@dataclass(frozen=True)
class _Task:
    name: str
    work: Callable[[], None]

    def __call__(self) -> None:
        self.work()


def _counted(parts: Parts, spots: Mapping[int, Spot]) -> list[Counted]:
    shares = (0.0, 1.0) if parts.copies else (0.0,)
    return [counted(mixed(parts.plan, spots, share)) for share in shares]


def _amounts(found: Sequence[Counted], owner: int, meters: set[str], *, inside: bool) -> Amounts:
    # Of what an owner counts, that of some meters, or all but that.
    chosen = [{key: amount for key, amount in each.of(owner).items() if (key[0] in meters) == inside} for each in found]
    return both(chosen[0], chosen[1] if len(chosen) > 1 else None)


def _base(parts: Parts, basis: Spot) -> None:
    plan = parts.plan
    found = _counted(parts, dict.fromkeys(numbers(plan), basis))
    parts.fixed.update(_amounts(found, FIXED, set(), inside=False))
    # Fetching is counted where the plan has it; a spot of the same provider takes it along.
    plain = counted(plan)
    parts.fetched.update(both(plain.of(FETCHED), None))
    for n in numbers(plan):
        if is_encoded(plan, n):
            parts.encoded[:] += found[0].state.monthly(f"encode.{n}.bytes")[:, 0]
        p = prefix(n)
        parts.kept[n], parts.read[n] = {}, {}
        parts.stored[n] = found[0].state.monthly(p + "stored")[:, 0]
        leaves = [_leaving(each, p, is_read(plan, n)) for each in found]
        parts.leaving[n] = np.stack([leaves[0], leaves[-1]])


def _leaving(found: Counted, p: str, read: bool) -> Array:
    zero = np.zeros((found.state.months, 1))
    names = [p + end for end in ("read", "fill") if read and p + end in found.state.values]
    whole: Array = sum((found.state.monthly(name) for name in names), zero)[:, 0]
    return whole


def _tasks(parts: Parts, provider: str, basis: Spot) -> Iterable[_Task]:
    plan, region = parts.plan, price_book().providers[provider].default_region
    routes = routes_for(plan, provider)
    every = {n: list(classes_for(plan, n, provider)) for n in numbers(plan)}
    wanted = [n for n in numbers(plan) if is_wanted(plan, n)]
    if not routes:
        every |= {n: [] for n in wanted}
    usual = routes[0].id if routes else ""
    kinds: dict[Kept, list[int]] = {}
    for n, kept in every.items():
        for each in kept:
            kinds.setdefault(each, []).append(n)
    for each, mine in kinds.items():
        yield _Task(_said(each), partial(_keep, parts, _Here(each, mine, usual, region, basis)))
    readable = [each for each, mine in kinds.items() if not each.second and set(wanted) <= set(mine)]
    if wanted and readable:
        for route in routes:
            here = _Here(readable[0], wanted, route.id, region, basis)
            yield _Task(route.id, partial(_read, parts, readable, here))


def _said(kept: Kept) -> str:
    return f"{kept.first}, {kept.second} after {kept.age} months" if kept.second else kept.first


@dataclass(frozen=True)
class _Here:
    # A class and a route for some representations, and where the others are meanwhile.
    kept: Kept
    mine: Sequence[int]
    route: str
    region: str
    others: Spot

    def spots(self, plan: Plan) -> dict[int, Spot]:
        """Where each representation is."""
        here = {n: Spot(self.kept, self.route if is_wanted(plan, n) else "", self.region) for n in self.mine}
        return {n: here.get(n, self.others) for n in numbers(plan)}


def _passed(spots: Mapping[int, Spot], parts: Parts, route: Route) -> set[str]:
    # The meters of the ways that begin at the spots.
    raw = raw_of(parts.plan)
    meters = route_meters(route)
    if raw in spots and parts.plan.is_on("encode.on"):
        name = mixed(parts.plan, spots, 0.0).text(ENCODE_WAY)
        if provider_of(name) == provider_of(route.id):
            meters |= route_meters(price_book().route("egress", name))
    return meters


def _keep(parts: Parts, here: _Here) -> None:
    spots = here.spots(parts.plan)
    found = _counted(parts, spots)
    passed = _passed(spots, parts, price_book().route("egress", here.route)) if here.route else set()
    for n in here.mine:
        parts.kept[n][here.kept] = _amounts(found, n, passed, inside=False)


def _read(parts: Parts, readable: Sequence[Kept], here: _Here) -> None:
    # In the first class that can be priced: what a route counts does not hang on the class.
    known = [kept for kept in readable if all(kept in parts.kept[n] for n in here.mine)]
    for kept in known[:1]:
        spots = replace(here, kept=kept).spots(parts.plan)
        found, passed = _counted(parts, spots), _passed(spots, parts, price_book().route("egress", here.route))
        for n in here.mine:
            parts.read[n][here.route] = _amounts(found, n, passed, inside=True)


def fetched_at(parts: Parts, provider: str, region: str) -> Amounts:
    """What fetching counts where raw videos are at a provider: in its region where it is the same."""
    return moved(parts.fetched, provider, region)


def ways_to_encoders(parts: Parts, spots: Mapping[int, Iterable[Spot]]) -> list[str]:
    """The routes that encoders may read along, of the spots where each representation may be."""
    plan, raw = parts.plan, raw_of(parts.plan)
    if not parts.encoded.any():
        return []
    return list(dict.fromkeys(encode_way(plan, spot) for spot in spots[raw])) if raw else [plan.text(ENCODE_WAY)]


@dataclass(frozen=True)
class Ports:
    """The ports of a route.

    Parameters
    ----------
    each : float
        Bytes that one carries in a month.
    most : float
        How many carry all that any representation reads.
    """

    meter: str
    each: float
    most: float


def ports_of(parts: Parts, route: str) -> Ports | None:
    """The ports of a route; None where it has none."""
    port = price_book().route("egress", route).port
    if port is None:
        return None
    meter = split_place(port.meter)[0]
    seconds = price_book().provider_of(meter).hours_per_month * SECONDS_PER_HOUR
    each = port.gbps * parts.plan.number("limits.utilisation") * BITS_PER_GBIT * seconds / BITS_PER_BYTE
    busiest = sum((amount.max(axis=0) for amount in parts.leaving.values()), np.zeros(1)).max()
    return Ports(meter, each, float(math.ceil(busiest / each)))


def providers_of(plan: Plan, spots: Mapping[int, Spot], share: float) -> set[str]:
    """Who is used: whoever keeps a representation, the checkpoints or, where there is one, the copy."""
    found = {spot.provider for spot in spots.values()}
    found |= {provider_of(plan.text("checkpoint.class"))} if plan.is_on("checkpoint.on") else set()
    return found | ({provider_of(plan.text("staging.class"))} if share else set())


def hours_billed(meter: str) -> float:
    """Billing units of one port in a month."""
    return price_book().provider_of(meter).hours_per_month / price_book().meter(meter).unit_size


def with_copy(parts: Parts, least: float, most: float) -> Parts:
    """The parts at the least and the most that the copy's share may be, in place of no copy and a whole one."""
    ends = np.array([[1.0 - least, least], [1.0 - most, most]])

    def of(amounts: Amounts) -> Amounts:
        return {key: ends @ amount for key, amount in amounts.items()}

    return replace(
        parts,
        copies=most > least,
        share=(least, most),
        kept={n: {kept: of(amounts) for kept, amounts in every.items()} for n, every in parts.kept.items()},
        read={n: {way: of(amounts) for way, amounts in every.items()} for n, every in parts.read.items()},
        fixed=of(parts.fixed),
        fetched=of(parts.fetched),
        leaving={n: ends @ amount for n, amount in parts.leaving.items()},
    )
