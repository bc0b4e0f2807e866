"""Where a plan's training data could be kept and read from: a class and a route of every provider that can serve it.

A place is priced by the model itself: the plan with the place's class and route put in, and nothing in it but storing,
uploading and reading the training data. What a provider cannot do is no place: bytes that must be restored before they
are read, a route to GPUs that are not the plan's, passes beyond what its policy allows, a price that nobody published.
A class or route without a price on the plan's day is left out; a provider of which nothing else is left is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from vidcost_xl.analysis.outlets import PORTS, is_route_feasible, ports
from vidcost_xl.analysis.ways import Months
from vidcost_xl.digits import exceeds
from vidcost_xl.errors import NotInBookError
from vidcost_xl.model.bill import Bill, evaluate
from vidcost_xl.model.blocks.common import (
    extra_get_meters,
    numbers,
    prefix,
    request_meter,
)
from vidcost_xl.model.meter_prices import priced_of
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import in_place, provider_of, split_place
from vidcost_xl.prices.schema import Route, StorageClass

#: What is no part of storing, uploading and reading the training data, and how a plan does without it.
LEFT_OUT: Final[tuple[tuple[str, object], ...]] = (
    ("acquire.on", "no"),
    ("encode.on", "no"),
    ("staging.on", "no"),
    ("train.region", ""),
    ("checkpoint.on", "no"),
    ("exit.month", 0.0),
    ("requests.kms_share", 0.0),
    ("requests.logging_usd_per_million", 0.0),
    ("commercial.commitment_usd", 0.0),
    ("commercial.support", ""),
)

#: Operations that a class must have a price for, or be documented to do free of charge.
OPERATIONS: Final = ("get", "put")


@dataclass(frozen=True)
class Place:
    """A class and a route of one provider."""

    storage_class: str
    route: str

    @property
    def provider(self) -> str:
        """Whose they are."""
        return provider_of(self.storage_class)


@dataclass(frozen=True, eq=False)
class Offer:
    """A place, and the training data of the plan there."""

    place: Place
    bill: Bill

    @property
    def months(self) -> Months:
        """Cost of each month in reporting currency, (month,)."""
        return self.bill.reporting(self.bill.total)[:, 0]


@lru_cache(maxsize=1)
def priced_classes() -> dict[str, tuple[StorageClass, ...]]:
    """By provider, the classes that bytes can be put into and read from at once, at published prices.

    Returns
    -------
    dict
        Providers in the order of the book. Tiers that bytes reach by their last access alone are no class to choose:
        the class that moves them there is.
    """
    found: dict[str, tuple[StorageClass, ...]] = {}
    for item in classes_to_choose():
        if not why_no_place(item):
            owner = provider_of(item.id)
            found[owner] = (*found.get(owner, ()), item)
    providers = price_book().providers
    return {provider: found[provider] for provider in providers if provider in found and priced_routes(provider)}


def classes_to_choose() -> list[StorageClass]:
    """The classes of the book, but for tiers that bytes reach by their last access alone."""
    every = price_book().classes.values()
    tiers = {age.meter for item in every for age in item.by_last_access}
    return [item for item in every if item.by_last_access or item.storage not in tiers]


def why_no_place(item: StorageClass, *, read: bool = True) -> str:
    """Why a class holds no training data whatever the plan, or none that is read; empty where it can."""
    needed = OPERATIONS if read else OPERATIONS[1:]
    missing = [name for name in needed if name not in item.requests and name not in item.requests_free]
    if not item.compared:
        return "not a class of its own: more copies of another, or a file system beside the GPUs"
    if read and item.offline:
        return "its bytes are restored, which takes hours, before they can be read"
    if read and item.retrieval_unknown:
        return "nobody publishes what reading the bytes back costs"
    if missing:
        return f"nobody publishes the price of {' and '.join(name.upper() for name in missing)}"
    return ""


def routes_of(provider: str) -> tuple[Route, ...]:
    """A provider's ways out."""
    book = price_book()
    return tuple(book.route("egress", name) for name in book.route_names("egress") if provider_of(name) == provider)


def priced_routes(provider: str) -> tuple[Route, ...]:
    """A provider's ways out to where any GPUs may be."""
    return tuple(route for route in routes_of(provider) if route.compared)


def beside_ports(route_id: str) -> str:
    """A route for what dedicated ports are not counted for: itself, or where it has some its provider's first without.

    A plan rents the ports that training needs; what encoders read or a move takes out would pass them free of charge.
    """
    if price_book().route("egress", route_id).port is None:
        return route_id
    name, region = split_place(route_id)
    other = next(way.id for way in priced_routes(provider_of(name)) if not way.port and not way.inside)
    return other if region is None else in_place(other, region)


def is_class_feasible(plan: Plan, item: StorageClass) -> bool:
    """Whether Barrier can count a class: one with a minimum duration only where nothing is ever deleted."""
    return not item.minimum_days or not any(plan.is_used(key) for key in deleting(plan))


def deleting(plan: Plan) -> list[str]:
    """Inputs of which each, where it is not 0, has bytes deleted."""
    keys = ("retention_months", "version_months")
    return ["dataset.retention_months", *(prefix(n) + key for n in numbers(plan) for key in keys)]


def placed(bill: Bill, place: Place) -> Plan:
    """The plan with its training data in a place, and nothing else in it."""
    return moved(bill, place.storage_class, place.route, LEFT_OUT, copied=False)


def moved(
    bill: Bill, storage_class: str, route_id: str, more: Iterable[tuple[str, object]], *, copied: bool = True
) -> Plan:
    """The plan with all its representations in a class, read along a route, in every month.

    Parameters
    ----------
    storage_class, route_id : str
        A region may stand behind them.
    more : iterable of (str, object)
        Other inputs to change.
    copied : bool
        Whether the plan's copy beside the GPUs stays.
    """
    route = price_book().route("egress", route_id)
    needed = float(ports(bill, route, copied=copied)[0])
    pairs: list[tuple[str, object]] = [*more, ("train.route", route_id), (PORTS, needed)]
    if route.port:
        pairs.append(("train.port_meter", split_place(route.port.meter)[0]))
    for n in numbers(bill.plan):
        p = prefix(n)
        pairs += [(p + "class", storage_class), (p + "second_class", ""), (p + "second_share", 0.0)]
        pairs += [(p + "lifecycle_months", 0.0), (p + "route", ""), (p + "region", "")]
    return put_in(bill.plan, pairs)


def put_in(plan: Plan, pairs: Iterable[tuple[str, object]]) -> Plan:
    """The plan with some inputs changed in every month: months of their own go."""
    every = dict(pairs)
    monthly = {at: value for at, value in plan.monthly.items() if at[0] not in every}
    # Most are as they were; to read and check them again takes longer than the rest of a move.
    new = [(key, value) for key, value in every.items() if plan.values[key] != (None if value == "" else value)]
    return replace(plan, monthly=monthly).with_overrides(new)


def class_meters(item: StorageClass) -> set[str]:
    """The meters that storing, uploading and reading may need in a class."""
    stored = {age.meter for age in item.by_last_access} or {item.storage}
    asked = (request_meter(item, operation) for operation in OPERATIONS)
    return stored | set(filter(None, (*asked, item.monitoring, item.upload, item.retrieval.get("standard"))))


def route_meters(route: Route) -> set[str]:
    """The meters that reading along a route may need."""
    port = {route.port.meter} if route.port else set()
    return {leg.meter for leg in route.legs} | set(extra_get_meters(route.id)) | port


def is_priced(plan: Plan, meters: Iterable[str]) -> bool:
    """Whether every meter has a price on the plan's day, or else a private rate."""
    try:
        return all(priced_of(plan, meter) for meter in meters)
    except NotInBookError:
        return False


def cheapest_offers(bill: Bill, months: int) -> dict[str, Offer | None]:
    """The cheapest place of each provider that can serve the plan, in the order of the book.

    Parameters
    ----------
    months : int
        The cost of so many is compared.

    Returns
    -------
    dict of str to Offer
        None where a provider could, and has no price on the plan's day. No meter of a class is one of a route, so that
        the cheapest of each make the cheapest place.
    """
    found: dict[str, Offer | None] = {}
    for provider, classes in priced_classes().items():
        items = [item for item in classes if is_class_feasible(bill.plan, item)]
        routes = [route for route in priced_routes(provider) if is_route_feasible(bill, route, copied=False)]
        if items and routes:
            kept = [item.id for item in items if is_priced(bill.plan, class_meters(item))]
            read = [route.id for route in routes if is_priced(bill.plan, route_meters(route))]
            found[provider] = _cheapest_pair(bill, months, kept, read) if kept and read else None
    return found


def _cheapest_pair(bill: Bill, months: int, items: list[str], routes: list[str]) -> Offer:
    first = _cheapest(bill, months, (Place(item, routes[0]) for item in items))
    return _cheapest(bill, months, (Place(first.place.storage_class, route) for route in routes))


def _cheapest(bill: Bill, months: int, places: Iterable[Place]) -> Offer:
    best, least = None, np.inf
    for place in places:
        offer = Offer(place, evaluate(placed(bill, place)))
        cost = float(offer.months[:months].sum())
        # Of those that cost the same but for the last bits, the first.
        if best is None or exceeds(least, cost):
            best, least = offer, cost
    if best is None:
        raise AssertionError("there is a place")
    return best


def there(name: str, region: str) -> str:
    """A class, route or meter in a region of its provider; in the default region names stand without one."""
    return name if region == price_book().providers[provider_of(name)].default_region else in_place(name, region)
