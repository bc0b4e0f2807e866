"""The rows of the price book by name: providers, meters, classes, routes, and the regions behind their marks.

A name that nothing bears, or that several rows may mean, is refused with the nearest or with all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from vidcost_xl.errors import BadArgumentError, NotInBookError, unknown_name
from vidcost_xl.names import Named, find_name
from vidcost_xl.prices.located import END_MARK, in_place, located_class, located_route, provider_of, split_place
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
    routes: Mapping[tuple[str, str], Route]
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
        return self._placed(provider, None if place is None else place.partition(END_MARK)[0])

    def end_of(self, route: Route) -> str | None:
        """Where a route ends, as `place_of` writes it; None outside its provider and where no region is written."""
        end = (split_place(route.id)[1] or "").partition(END_MARK)[2]
        if end:
            return self._placed(self.provider_of(route.id), end)
        return self.place_of(route.id) if route.inside and not route.between_regions else None

    def _placed(self, provider: Provider, region: str | None) -> str:
        own = self.region(provider, region and region.strip())
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
        if place is None or (region := self.origin(found.id, place)) == self.provider_of(found.id).default_region:
            return found
        return located_class(found, region)

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
        region, provider = self.origin(found.id, place), self.provider_of(found.id)
        if END_MARK in place:
            end = self._end(found, region, place.partition(END_MARK)[2])
            return located_route(found, f"{region}{END_MARK}{end}", region)
        return found if region == provider.default_region else located_route(found, region, region)

    def _end(self, route: Route, start: str, written: str) -> str:
        if not route.between_regions:
            self._leads_nowhere(route.id, f"{start}{END_MARK}{written}")
        end = self.region(self.provider_of(route.id), written)
        if start == end:
            raise BadArgumentError(f"{route.id} leads from {start!r} to another region, not to itself.")
        if {start, end} in map(set, route.not_between):
            raise NotInBookError(
                f"{route.id}: between {start!r} and {end!r} holds a price that the route does not have."
            )
        for leg in route.legs:
            if not self.prices_in(self.meter(leg.meter), end):
                raise NotInBookError(f"{route.id} does not lead to {end!r}: {leg.meter} has no price there.")
        return end

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

    def origin(self, identifier: str, place: str) -> str:
        """The region behind the mark of a class, route or meter: of the two ends of a route the first.

        Raises
        ------
        NotInBookError
            For a region that the provider does not have.
        """
        return self.region(self.provider_of(identifier), place.partition(END_MARK)[0])

    def place(self, identifier: str, place: str | None, region: str | None) -> str | None:
        """The region that is written behind a mark or beside it; None where neither is.

        Raises
        ------
        BadArgumentError
            Where the two differ.
        """
        if place is None:
            return region
        behind = self.origin(identifier, place)
        beside = behind if region is None else self.region(self.provider_of(identifier), region)
        if beside != behind:
            raise BadArgumentError(
                f"{in_place(identifier, behind)} and region {beside!r} differ: write the region once."
            )
        return behind

    def _leads_nowhere(self, identifier: str, place: str | None) -> None:
        if place and END_MARK in place:
            region = self.origin(identifier, place)
            raise BadArgumentError(
                f"{identifier} does not lead from a region to another: write one region, {region!r}."
            )

    def prices_in(self, meter: Meter, region: str) -> Sequence[Price]:
        """The prices of a meter that hold in a region: its own, or else those that hold everywhere.

        Its own stand with the meter (the default region's, and what a user's price makes of a region's), or in the
        region's file.
        """
        from vidcost_xl.prices.schema import EVERYWHERE

        own = [price for price in meter.price if price.region == region]
        regional = self.regional[provider_of(meter.id)]
        return own or regional.prices(meter.id, region) or [row for row in meter.price if row.region == EVERYWHERE]

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
