"""What several blocks share: units, meters of classes and routes, requests of an upload."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidcost_xl.digits import SAME, whole_up
from vidcost_xl.errors import NotInBookError
from vidcost_xl.model.catalogue import REPRESENTATION
from vidcost_xl.model.lines import MAIN_PAYER, Array, ChargeLine, LineName, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import Direction, price_book
from vidcost_xl.prices.located import split_place
from vidcost_xl.prices.schema import StorageClass

BYTES_PER_MB: Final = 1e6
BYTES_PER_MIB: Final = 2.0**20
BYTES_PER_GIB: Final = 2.0**30
BITS_PER_BYTE: Final = 8
SECONDS_PER_HOUR: Final = 3600

#: Storage rules count a month as 30 days: minimum durations, overlaps, ages.
DAYS_PER_MONTH: Final = 30.0

#: Requests that begin and end an upload in parts.
MULTIPART_CONTROL_REQUESTS: Final = 2.0

#: The requests of an upload: end of the id, and label of the volume and of the line.
UPLOADS: Final = {
    "puts": "{name}: objects or parts uploaded",
    "multipart": "{name}: requests around uploads in parts",
}

#: Requests of a route itself, such as CloudFront's: how id and label of a line of reads go on.
ROUTE_GETS: Final = (".gets.{meter}", ": {what}")


def prefix(n: int) -> str:
    """Start of the keys of the n-th representation."""
    return f"{REPRESENTATION}.{n}."


def numbers(plan: Plan) -> range:
    """The numbers of the plan's representations."""
    return range(1, plan.representations + 1)


def raw_of(plan: Plan) -> int:
    """The representation that features are made of; 0 where there is none."""
    return next((n for n in numbers(plan) if plan.text(prefix(n) + "kind") == "raw"), 0)


def leg_charges(
    line: LineName, volume: str, direction: Direction, route: str, payer: str = MAIN_PAYER
) -> list[ChargeLine]:
    """One charge for every meter on a route.

    Parameters
    ----------
    line : LineName
        With places for {meter} and {what} it is called.
    volume : str
        Bytes that take the route.
    """
    book = price_book()
    return [
        line.of(what=book.meter(leg.meter).label).charge(volume, leg.meter, leg.times, payer)
        for leg in book.route(direction, route).legs
    ]


def request_meter(item: StorageClass, operation: str) -> str | None:
    """The meter of an operation on a class; None where the provider documents it as free.

    Raises
    ------
    NotInBookError
        When the book knows neither a price nor that it is free.
    """
    if operation in item.requests:
        return item.requests[operation]
    if operation in item.requests_free:
        return None
    raise NotInBookError(f"{item.id}: the book has no price of {operation} requests; choose a class that has one.")


def extra_get_meters(route: str) -> list[str]:
    """Request meters of a route besides the storage class's own GET, such as CloudFront's."""
    book = price_book()
    own = {meter for item in book.classes.values() for meter in item.requests.values()}
    return [meter for meter in book.route("egress", route).get_requests if split_place(meter)[0] not in own]


def route_gets(of: LineName, gets: str, route: str) -> list[ChargeLine]:
    """Requests of a route itself for the GET requests that take it."""
    book = price_book()
    return [
        of.then(*ROUTE_GETS).of(what=book.meter(meter).label).charge(gets, meter) for meter in extra_get_meters(route)
    ]


def upload_volumes(line: str, label: str, written: str, object_bytes: str) -> list[Volume]:
    """PUT requests of bytes written: whole objects, or parts with two requests around them.

    Parameters
    ----------
    written, object_bytes : str
        Ids of the bytes written and of the size of an object.

    Returns
    -------
    list of Volume
        `<line>.puts` and `<line>.multipart`.
    """

    def puts(state: State) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        size, part = state[object_bytes], state["requests.part_mib"] * BYTES_PER_MIB
        return ratio(state[written], size) * whole_up(np.maximum(size / part, 1.0))

    def control(state: State) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        size, part = state[object_bytes], state["requests.part_mib"] * BYTES_PER_MIB
        return ratio(state[written], size) * np.where(size > part * (1.0 + SAME), MULTIPART_CONTROL_REQUESTS, 0.0)

    needed = (written, object_bytes, "requests.part_mib")
    return [
        Volume(f"{line}.{key}", UPLOADS[key].format(name=label), "requests", needed, count)
        for key, count in (("puts", puts), ("multipart", control))
    ]


def month_before(values: Array) -> Array:
    """What was a month before, by month; nothing before the first."""
    return np.concatenate([np.zeros_like(values[:1]), values[:-1]])


def not_yet_there(now: Array, changes: Array) -> Array:
    """Of a video in place, what is there in a month and was not before; all of it when its version is replaced.

    Parameters
    ----------
    now : ndarray, (month, draw)
        Bytes of it that are there.
    changes : ndarray, (month, 1)
        1 in the months in which a version is replaced.
    """
    before = month_before(now)
    found: Array = np.maximum(now - before, 0.0) + changes * np.minimum(now, before)
    return found
