"""A region written behind a class, route or meter: "aws.s3.standard@eu-west-1", "aws.cross-region@eu-west-1>us-west-2".

A class or route in a region is the same with its meters in that region, so that whoever prices them by name prices them
there: a pool of its own, as providers bill a region.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final

from vidcost_xl.errors import BadArgumentError

if TYPE_CHECKING:
    from vidcost_xl.prices.schema import Route, StorageClass

#: Stands between a name and its region, and between the two ends of a route between regions.
PLACE_MARK: Final = "@"
END_MARK: Final = ">"


def split_place(written: str) -> tuple[str, str | None]:
    """A name, and what is written behind its mark; None without one.

    Raises
    ------
    BadArgumentError
        For a mark with nothing behind it.
    """
    name, mark, place = written.partition(PLACE_MARK)
    if mark and not place.strip():
        raise BadArgumentError(f"{written!r} ends with {PLACE_MARK}: write a region behind it, or leave it out.")
    return name.strip(), place.strip() if mark else None


def provider_of(name: str) -> str:
    """The provider that a class, route or meter belongs to: the part before the first point."""
    return name.split(".", 1)[0]


def in_place(name: str, region: str) -> str:
    """The name with its region behind it."""
    return f"{name}{PLACE_MARK}{region}"


def beside(name: str, other: str) -> str:
    """`name` in the region of `other` where both are of one provider; else as it is."""
    place = split_place(other)[1]
    return in_place(name, place) if place and provider_of(name) == provider_of(other) else name


def located_class(item: StorageClass, region: str) -> StorageClass:
    """The class with every meter, and every class that a rule moves it to, in `region`."""

    def there(name: str | None) -> str | None:
        return None if name is None else in_place(name, region)

    def each(named: dict[str, str]) -> dict[str, str]:
        return {key: in_place(name, region) for key, name in named.items()}

    return item.model_copy(
        update={
            "id": in_place(item.id, region),
            "label": f"{item.label}, {region}",
            "storage": in_place(item.storage, region),
            "per_object": tuple(row.model_copy(update={"meter": there(row.meter)}) for row in item.per_object),
            "moves_to": tuple(in_place(name, region) for name in item.moves_to),
            "by_last_access": tuple(row.model_copy(update={"meter": there(row.meter)}) for row in item.by_last_access),
            **{key: there(getattr(item, key)) for key in ("monitoring", "restored", "upload")},
            **{key: each(getattr(item, key)) for key in ("requests", "retrieval", "restore_requests")},
        }
    )


def start_of(place: str) -> str:
    """The region in which a place begins: of both ends the first."""
    return place.partition(END_MARK)[0].strip()


def located_route(route: Route, place: str, paired: Collection[str] = ()) -> Route:
    """The route with every meter of its provider in the region of `place`; what another provider bills stays as it is.

    Parameters
    ----------
    place : str
        What stands behind its mark: the region, or both ends.
    paired : collection of str
        The meters of its legs whose price depends on both ends.
    """
    region = start_of(place)

    def there(name: str) -> str:
        return in_place(name, region) if provider_of(name) == provider_of(route.id) else name

    def each(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(there(name) for name in names)

    def passed(name: str) -> str:
        return in_place(name, place) if name in paired else there(name)

    port = route.port and route.port.model_copy(update={"meter": there(route.port.meter)})
    return route.model_copy(
        update={
            "id": in_place(route.id, place),
            "label": f"{route.label}, {place}",
            "legs": tuple(leg.model_copy(update={"meter": passed(leg.meter)}) for leg in route.legs),
            "get_requests": each(route.get_requests),
            "not_included": each(route.not_included),
            "port": port,
        }
    )


class LocatedRows:
    """The classes and routes of one book in their regions, made once: a comparison asks for each of them often."""

    def __init__(self) -> None:
        self._classes: dict[tuple[str, str], StorageClass] = {}
        self._routes: dict[tuple[str, str, str], Route] = {}

    def storage_class(self, item: StorageClass, region: str) -> StorageClass:
        """See `located_class`."""
        key = (item.id, region)
        if key not in self._classes:
            self._classes[key] = located_class(item, region)
        return self._classes[key]

    def route(self, route: Route, place: str, paired: Callable[[], Collection[str]] = tuple) -> Route:
        """See `located_route`; `paired` is asked where the route is new."""
        key = (route.direction, route.id, place)
        if key not in self._routes:
            self._routes[key] = located_route(route, place, paired())
        return self._routes[key]
