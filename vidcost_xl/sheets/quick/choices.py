"""What the quick page can offer: the storage classes and routes whose bill five lines can hold.

Declared rules, applied to the price book: adding a class or a route to the data adds it
here, or adds a sentence that says why it is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vidcost_xl.errors import NotInBookError
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.prices.schema import Meter, Route, Source, StorageClass

#: The operation that reads an object.
READ: Final = "get"
#: The retrieval speed of classes that are read at once.
SPEED: Final = "standard"
CURRENCY: Final = "USD"


@dataclass(frozen=True)
class FreeItem:
    """Something that the provider does not bill, with a passport of its own.

    Parameters
    ----------
    meter : str
        An id that no meter of the book has.
    unit_size : float
        Bytes or items in the unit.
    """

    meter: str
    label: str
    unit: str
    unit_size: float
    source_key: str
    source: Source
    note: str


@dataclass(frozen=True)
class ClassChoice:
    """A storage class and the meters of its lines."""

    id: str
    label: str
    storage: str
    get: str
    retrieval: str
    minimum_object_bytes: float


@dataclass(frozen=True)
class RouteChoice:
    """An egress route: its paid meter, and the request meter of its own where it has one."""

    id: str
    label: str
    transfer: str
    requests: str
    own_requests_per_read: float


@dataclass(frozen=True)
class Choices:
    """What the lists of a quick page hold.

    Parameters
    ----------
    regions : tuple of str
        Those in which the book prices every meter used.
    left_out : tuple of (str, str)
        Classes and routes of the provider that are not offered, and why.
    """

    provider: str
    regions: tuple[str, ...]
    classes: tuple[ClassChoice, ...]
    routes: tuple[RouteChoice, ...]
    free: tuple[FreeItem, ...]
    left_out: tuple[tuple[str, str], ...]

    @property
    def meters(self) -> tuple[str, ...]:
        """The meters of the book that any choice uses, without repetition."""
        used = [
            name for item in self.classes for name in (item.storage, item.retrieval, item.get)
        ]  # in the order of the lines
        used += [name for item in self.routes for name in (item.transfer, item.requests)]
        free = {item.meter for item in self.free}
        return tuple(name for name in dict.fromkeys(used) if name not in free)


def choices_of(book: PriceBook, provider: str) -> Choices:
    """The choices of one provider's quick page.

    Raises
    ------
    NotInBookError
        When the provider has no class or no route that fits.
    """
    classes: list[ClassChoice] = []
    routes: list[RouteChoice] = []
    free: list[FreeItem] = []
    left_out: list[tuple[str, str]] = []
    for item in book.classes.values():
        if book.provider_of(item.id).id != provider:
            continue
        reason = _class_obstacle(book, item)
        if reason:
            left_out.append((item.id, reason))
            continue
        if item.retrieval_free:
            free.append(_free_retrieval(book, provider, item))
        retrieval = free[-1].meter if item.retrieval_free else item.retrieval[SPEED]
        classes.append(
            ClassChoice(item.id, item.label, item.storage, item.requests[READ], retrieval, item.minimum_object_bytes)
        )
    reads = {item.get for item in classes} | {book.classes[name].requests.get(READ, "") for name in book.classes}
    for (direction, _), route in book.routes.items():
        if direction != "egress" or book.provider_of(route.id).id != provider:
            continue
        own = [name for name in route.get_requests if name not in reads]
        reason = _route_obstacle(book, route, own)
        if reason:
            left_out.append((route.id, reason))
            continue
        if not own:
            free.append(_no_own_requests(book, provider, route))
        paid = [leg.meter for leg in route.legs if _is_paid(book, leg.meter)] or [route.legs[0].meter]
        routes.append(RouteChoice(route.id, route.label, paid[0], own[0] if own else free[-1].meter, float(len(own))))
    if not classes or not routes:
        raise NotInBookError(f"the price book has no class and route of {provider} that a quick page can hold.")
    chosen = Choices(provider, (), tuple(classes), tuple(routes), tuple(free), tuple(left_out))
    # Each region more is the whole price list once more: the page has the default region, the functions all of them.
    regions = tuple(
        name for name in (book.providers[provider].default_region,) if _is_priced(book, chosen.meters, name)
    )
    return Choices(provider, regions, chosen.classes, chosen.routes, chosen.free, chosen.left_out)


def _class_obstacle(book: PriceBook, item: StorageClass) -> str:
    if item.restore_requests or item.per_object or item.retrieval_unknown:
        return "objects are restored before they are read, or carry overhead; a training set is read at once"
    if item.monitoring or item.by_last_access:
        return "bills monitoring, or by the day of the last read"
    if item.upload:
        return "charges a fee for every byte written"
    if READ not in item.requests or (item.retrieval and SPEED not in item.retrieval):
        return "the book has no price of reading it"
    return _meter_obstacle(book, [item.storage, item.requests[READ], *item.retrieval.values()])


def _route_obstacle(book: PriceBook, route: Route, own: list[str]) -> str:
    paid = [leg for leg in route.legs if _is_paid(book, leg.meter)]
    if len(paid) > 1 or any(leg.times != 1 for leg in route.legs):
        return "every byte is billed more than once on it"
    if not route.get_requests or len(own) > 1:
        return "the book has no single price of its requests"
    return _meter_obstacle(book, [leg.meter for leg in route.legs] + own)


def _meter_obstacle(book: PriceBook, meters: list[str]) -> str:
    for name in meters:
        meter = book.meter(name)
        if not _is_plain(meter):
            return f"{name} rounds up, is billed by the hour, or has no graduated tariff in {CURRENCY}"
    return ""


def _is_plain(meter: Meter) -> bool:
    return (
        meter.tariff == "graduated"
        and meter.rounding == "none"
        and not meter.minimum_quantity
        and meter.hours_per_month is None
        and meter.currency == CURRENCY
    )


def _is_paid(book: PriceBook, meter: str) -> bool:
    return any(tier.price for price in book.meter(meter).price for tier in price.tiers)


def _is_priced(book: PriceBook, meters: tuple[str, ...], region: str) -> bool:
    try:
        for name in meters:
            book.price(name, region)
    except NotInBookError:
        return False
    return True


def _free_retrieval(book: PriceBook, provider: str, item: StorageClass) -> FreeItem:
    return FreeItem(
        meter=f"{item.id}.retrieval",
        label=f"{item.label}: retrieval, not charged",
        unit="GB",
        unit_size=book.meter(item.storage).unit_size,
        source_key=item.source,
        source=book.sources[provider][item.source],
        note="The class has no retrieval fee: no meter of the source charges one.",
    )


def _no_own_requests(book: PriceBook, provider: str, route: Route) -> FreeItem:
    return FreeItem(
        meter=f"{route.id}.requests",
        label=f"{route.label}: no requests of its own",
        unit="request",
        unit_size=1.0,
        source_key=route.source,
        source=book.sources[provider][route.source],
        note="The route bills bytes only; GET requests are billed by the storage class.",
    )
