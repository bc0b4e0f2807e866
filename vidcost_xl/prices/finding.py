"""The rows of the price book by name: providers, meters, classes, routes, and the regions behind their marks.

A name that nothing bears, or that several rows may mean, is refused with the nearest or with all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Final, Literal

from vidcost_xl.errors import BadArgumentError, NotInBookError, unknown_name
from vidcost_xl.names import Named, find_name
from vidcost_xl.prices.located import (
    END_MARK,
    LocatedRows,
    in_place,
    provider_of,
    split_place,
    start_of,
)
from vidcost_xl.prices.regions import RegionFiles

if TYPE_CHECKING:  # the schema brings pydantic, which only reading the files needs
    from vidcost_xl.prices.schema import Meter, Price, Provider, Route, StorageClass

Direction = Literal["egress", "ingest"]

#: Where a user sees the whole list of names.
LIST_HINT: Final = 'See =VIDEO_LIST("{what}").'


@dataclass(frozen=True)
class NamedRows:
    """The rows of all price files, merged.

    Parameters
    ----------
    providers, meters, classes : mapping
        By id.
    routes : mapping
        By (direction, id).
    regional : mapping
        By provider id: the regions with a file of their own, read when they are asked for.
    """

    providers: Mapping[str, Provider]
    meters: Mapping[str, Meter]
    classes: Mapping[str, StorageClass]
    routes: Mapping[tuple[Direction, str], Route]
    regional: Mapping[str, RegionFiles]

    def provider_of(self, identifier: str) -> Provider:
        """The provider that owns a meter, class or route."""
        name = provider_of(identifier)
        provider = self.providers.get(name)
        if provider is None:
            raise NotInBookError(unknown_name("provider", name, self.providers))
        return provider

    def place_of(self, name: str) -> str:
        """Where a class or route is: its provider, and its region where that is not the default: "aws@eu-west-1"."""
        provider, place = self.provider_of(name), split_place(name)[1]
        return self._placed(provider, place and start_of(place))

    def end_of(self, route: Route) -> str | None:
        """Where a route ends, as `place_of` writes it; None outside its provider and where no region is written."""
        end = (split_place(route.id)[1] or "").partition(END_MARK)[2]
        if end:
            return self._placed(self.provider_of(route.id), end)
        return self.place_of(route.id) if route.inside and not self._between(route) else None

    def _between(self, route: Route) -> set[str]:
        return {leg.meter for leg in route.legs if self.meter(leg.meter).between_regions}

    def _placed(self, provider: Provider, region: str | None) -> str:
        own = self.region(provider, region)
        return provider.id if own == provider.default_region else in_place(provider.id, own)

    def meter(self, meter: str) -> Meter:
        """The meter called `meter`, whatever region stands behind it.

        Raises
        ------
        NotInBookError
            Names the nearest meters, or all that may be meant.
        """
        meter, place = split_place(meter)
        found = self.meters.get(meter) or self.meters.get(_folded(meter))
        if found is None:
            found = self.meters[find_name("meter", meter, self._named(self.meters), LIST_HINT.format(what="meter"))]
        if not found.between_regions:
            self._leads_nowhere(found.id, place)
        return found

    def storage_class(self, name: str) -> StorageClass:
        """The storage class called `name`, in the region behind its mark: its meters are then those there.

        Raises
        ------
        NotInBookError
            Names the nearest classes, or all that may be meant.
        """
        plain, place = split_place(name)
        found = self.classes.get(plain) or self.classes.get(_folded(plain))
        if found is None:
            hint = LIST_HINT.format(what="class")
            found = self.classes[find_name("storage class", plain, self._named(self.classes), hint)]
        self._leads_nowhere(found.id, place)
        if place is None or (region := self.where(found.id, place)) == self.provider_of(found.id).default_region:
            return found
        return self._located.storage_class(found, region)

    def route(self, direction: Direction, name: str) -> Route:
        """The route called `name` in `direction`, from the region behind its mark: its meters are then those there.

        Raises
        ------
        NotInBookError
            Names the nearest routes of that direction, or all that may be meant.
        """
        plain, place = split_place(name)
        found = self.routes.get((direction, plain)) or self.routes.get((direction, _folded(plain)))
        if found is None:
            allowed = {way: route for (side, way), route in self.routes.items() if side == direction}
            hint = LIST_HINT.format(what="route" if direction == "egress" else "ingest-route")
            found = allowed[find_name(f"{direction} route", plain, self._named(allowed), hint)]
        if place is None:
            return found
        between = self._between(found)
        if not between:
            self._leads_nowhere(found.id, place)
        where = self.where(found.id, place)
        if END_MARK in where:
            return self._located.route(found, where, lambda: self._paired(found, between, where))
        if where == self.provider_of(found.id).default_region:
            return found
        return self._located.route(found, where)

    @cached_property
    def _located(self) -> LocatedRows:
        return LocatedRows()

    def _paired(self, route: Route, between: Iterable[str], place: str) -> set[str]:
        """The meters of a route whose price depends on both ends: those to anywhere are the meters of the region."""
        start, _, end = place.partition(END_MARK)
        if start == end:
            raise BadArgumentError(f"{route.id} leads from {start!r} to another region, not to itself.")
        found = {name: self.prices_in(self.meter(name), place) for name in between}
        paired = {name for name, rows in found.items() if any(END_MARK in row.region for row in rows)}
        for name, rows in found.items():
            meter = self.meter(name)
            # A price to anywhere is one to where the meter is sold.
            if not rows or (name not in paired and not self.prices_in(meter, end)):
                ends = f"from {self._at(meter, start)} to {self._at(meter, end)}"
                raise NotInBookError(f"{route.id} has no price {ends}. {self.priced_in(meter)}")
        return paired

    def named_providers(self) -> list[Named]:
        """The providers with their names."""
        return [Named(key, (row.name, *row.aliases)) for key, row in self.providers.items()]

    def region(self, provider: Provider, name: str | None) -> str:
        """The provider's own name of the region called `name`; its default region for None.

        Raises
        ------
        NotInBookError
            Names the nearest regions.
        """
        if name is None:
            return provider.default_region
        if name in provider.regions:
            return name
        hint = LIST_HINT.format(what="region")
        return find_name(f"region of {provider.name}", name.strip(), self.named_regions(provider), hint, whole=True)

    def where(self, identifier: str, place: str) -> str:
        """What stands behind the mark of a class, route or meter, in the provider's own names: a region, or both ends.

        Raises
        ------
        NotInBookError
            For a region that the provider does not have.
        """
        provider = self.provider_of(identifier)
        start, mark, end = place.partition(END_MARK)
        return f"{self.region(provider, start)}{mark}{self.region(provider, end) if mark else ''}"

    def place(self, identifier: str, place: str | None, beside: str | None) -> str | None:
        """The region or both ends that are written behind a mark or beside it; None where neither is.

        Raises
        ------
        BadArgumentError
            Where the two differ.
        """
        written = [self.where(identifier, each) for each in (place, beside) if each is not None]
        if len(set(map(start_of, written))) > 1:
            behind, region = written
            raise BadArgumentError(
                f"{in_place(identifier, behind)} and region {region!r} differ: write the region once."
            )
        return written[0] if written else None

    def _leads_nowhere(self, identifier: str, place: str | None) -> None:
        if place and END_MARK in place:
            region = start_of(self.where(identifier, place))
            raise BadArgumentError(
                f"{identifier} does not lead from a region to another: write one region, {region!r}."
            )

    def prices_in(self, meter: Meter, place: str) -> Sequence[Price]:
        """The prices of a meter that hold in a region: its own, or else those that hold everywhere.

        Its own stand with the meter (the default region's, and what a user's price makes of a region's), or in the
        region's file. Between two regions hold those between them or between their geographies, or else those from the
        first to anywhere. Of a meter between regions the other end may be left out: then it is another region of the
        same geography, where its prices depend on both.
        """
        start, mark, end = place.partition(END_MARK)
        if mark:
            pairs = product(self._around(meter, start), self._around(meter, end))
            own = next((rows for pair in pairs if (rows := self._own(meter, END_MARK.join(pair)))), ())
            return own or self._anywhere(meter, start)
        found = self._anywhere(meter, place)
        if found or not meter.between_regions:
            return found
        geography = self._around(meter, place)[-1]
        return self._own(meter, f"{geography}{END_MARK}{geography}")

    def _anywhere(self, meter: Meter, region: str) -> Sequence[Price]:
        from vidcost_xl.prices.schema import EVERYWHERE

        return self._own(meter, region) or [row for row in meter.price if row.region == EVERYWHERE]

    def _own(self, meter: Meter, place: str) -> Sequence[Price]:
        regional = self.regional[provider_of(meter.id)]
        return [price for price in meter.price if price.region == place] or regional.prices(meter.id, place)

    def _around(self, meter: Meter, region: str) -> list[str]:
        """A region, and the geography that it is in."""
        provider = self.provider_of(meter.id)
        found = self.regional[provider.id].region(region)
        around = (name for name, inside in provider.geographies.items() if region in inside)
        return [region, *([found.geography] if found and found.geography else around)]

    def _at(self, meter: Meter, region: str) -> str:
        return " in ".join(map(repr, self._around(meter, region)))

    def priced_in(self, meter: Meter) -> str:
        """Where the book prices a meter, as a sentence."""
        regional = self.regional[provider_of(meter.id)]
        priced = {price.region for price in meter.price} | set(regional.pricing(meter.id))
        if not priced:
            return f"No list price of {meter.id} is published: it is priced at a private rate alone."
        return f"The book prices {meter.id} in: {', '.join(sorted(priced))}."

    def named_regions(self, provider: Provider) -> list[Named]:
        """The regions of a provider with their written names."""
        regional = self.regional[provider.id]
        own = [region for region in provider.regions if region not in regional.files]
        return [*(Named(region, provider.region_names.get(region, ())) for region in own), *regional.named]

    def named(self) -> dict[str, Named]:
        """Every meter, class and route by id, with its names; an id of several, such as two routes, once."""
        routes = {name: route for (_, name), route in self.routes.items()}
        return {row.id: row for row in (*self._named(self.meters), *self._named(self.classes), *self._named(routes))}

    def _named(self, rows: Mapping[str, Meter] | Mapping[str, StorageClass] | Mapping[str, Route]) -> list[Named]:
        owners = {key: (key, row.name, *row.aliases) for key, row in self.providers.items()}
        return [
            Named(key, (row.label, *getattr(row, "aliases", ())), owners.get(provider_of(key), ()))
            for key, row in rows.items()
        ]

    def route_names(self, direction: Direction) -> list[str]:
        """The ids of the routes in `direction`, in the order of the files."""
        return [name for way, name in self.routes if way == direction]

    def meters_named(self) -> set[str]:
        """The meters that the classes and routes name."""
        named: set[str] = set()
        for route in self.routes.values():
            named.update(leg.meter for leg in route.legs)
            named.update(route.get_requests, route.not_included, [route.port.meter] if route.port else [])
        for item in self.classes.values():
            named.add(item.storage)
            named.update(item.requests.values(), item.retrieval.values(), item.restore_requests.values())
            named.update(extra.meter for extra in item.per_object)
            named.update(age.meter for age in item.by_last_access)
            named.update(name for name in (item.monitoring, item.upload, item.restored) if name)
        return named


def _folded(name: str) -> str:
    return name.strip().casefold()
