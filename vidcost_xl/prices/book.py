"""The price book: every published price, looked up by meter, region and date.

The data files are read on the first look-up, not on import. A look-up that misses says
which names, regions or dates the book holds; nothing ever becomes a price of 0 by missing.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from vidcost_xl.errors import BadArgumentError, NotInBookError, unknown_name
from vidcost_xl.names import Named, find_name
from vidcost_xl.prices.located import END_MARK, in_place, located_class, located_route, split_place
from vidcost_xl.prices.regions import DataFile, RegionFiles, region_files
from vidcost_xl.prices.tariff import Tariff

if TYPE_CHECKING:  # the schema brings pydantic, which only reading the files needs
    from vidcost_xl.prices.layer import Layer
    from vidcost_xl.prices.schema import Meter, Price, Provider, Route, Source, StorageClass

Direction = Literal["egress", "ingest"]

#: Where a user sees the whole list of names.
LIST_HINT: Final = 'See =VIDEO_LIST("{what}").'


@dataclass(frozen=True)
class PricedMeter:
    """A meter with the tariff that holds in one region on one date.

    Parameters
    ----------
    tariff : Tariff
        The row compiled, per month.
    """

    meter: Meter
    price: Price
    provider: Provider
    tariff: Tariff

    @property
    def unit(self) -> str:
        """The billing unit of a month: an hourly unit held for the month reads "-month"."""
        if self.meter.hours_per_month is None:
            return self.meter.billing_unit
        return self.meter.billing_unit.replace("-hour", "-month")


@dataclass(frozen=True)
class PriceBook:
    """All price files, merged.

    Parameters
    ----------
    providers, meters, classes : mapping
        By id.
    routes : mapping
        By (direction, id).
    sources : mapping
        By provider id, then source key.
    regional : mapping
        By provider id: the regions with a file of their own, read when they are asked for.
    texts : tuple of str
        The providers' files.
    layer : Layer or None
        The user's own prices that lie over the shipped ones.
    """

    providers: Mapping[str, Provider]
    meters: Mapping[str, Meter]
    classes: Mapping[str, StorageClass]
    routes: Mapping[tuple[str, str], Route]
    sources: Mapping[str, Mapping[str, Source]]
    regional: Mapping[str, RegionFiles]
    texts: tuple[str, ...] = field(repr=False)
    layer: Layer | None = None
    _found: dict[tuple[str, str | None, date | None], PricedMeter] = field(default_factory=dict, repr=False)

    @cached_property
    def digest(self) -> str:
        """First 12 hexadecimal digits of the SHA-256 of the data files, those of the regions included.

        With prices of the user's over them, a plus sign and the digits of the user's files follow.
        """
        hashed = hashlib.sha256("\n".join(self.texts).encode())
        for regions in self.regional.values():
            hashed.update(regions.digest() if regions.ids else b"")
        return hashed.hexdigest()[:12] + (f"+{self.layer.digest}" if self.layer else "")

    @cached_property
    def as_of(self) -> date:
        """The date of the newest reading in the files of the providers, which hold the default regions."""
        prices = (price for meter in self.meters.values() for price in meter.price)
        return max(max(price.read_on or price.valid_from, price.valid_from) for price in prices)

    def provider_of(self, identifier: str) -> Provider:
        """The provider that owns a meter, class or route: the part before the first point."""
        name = identifier.split(".", 1)[0]
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
        meter = split_place(meter)[0]
        found = self.meters.get(meter) or self.meters.get(_folded(meter))
        if found is None:
            return self.meters[find_name("meter", meter, self._named(self.meters), LIST_HINT.format(what="meter"))]
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
        if place is None or (region := self.origin(found, place)) == self.provider_of(found.id).default_region:
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
        region, provider = self.origin(found, place), self.provider_of(found.id)
        end = place.partition(END_MARK)[2].strip()
        if region == provider.default_region and not end:
            return found
        return located_route(found, f"{region}{END_MARK}{self.region(provider, end)}" if end else region, region)

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

    def origin(self, item: Meter | StorageClass | Route, place: str) -> str:
        """The region behind the mark of `item`: of the two ends of a route between regions the first.

        Raises
        ------
        NotInBookError
            For a region that the provider does not have.
        BadArgumentError
            For two ends of what leads nowhere, or that are the same.
        """
        provider = self.provider_of(item.id)
        start, mark, end = place.partition(END_MARK)
        region = self.region(provider, start)
        if mark and not getattr(item, "between_regions", False):
            raise BadArgumentError(f"{item.id} does not lead from a region to another: write one region, {region!r}.")
        if mark:
            self._check_end(item, region, self.region(provider, end))
        return region

    def _check_end(self, route: Meter | StorageClass | Route, start: str, end: str) -> None:
        if start == end:
            raise BadArgumentError(f"{route.id} leads from {start!r} to another region, not to itself.")
        if {start, end} in map(set, getattr(route, "not_between", ())):
            raise NotInBookError(
                f"{route.id}: between {start!r} and {end!r} holds a price that the route does not have."
            )
        for leg in getattr(route, "legs", ()):
            if not self.prices_in(self.meter(leg.meter), end):
                raise NotInBookError(f"{route.id} does not lead to {end!r}: {leg.meter} has no price there.")

    def place(self, item: Meter | StorageClass | Route, place: str | None, region: str | None) -> str | None:
        """The region that is written behind an item's mark or beside it; None where neither is.

        Raises
        ------
        BadArgumentError
            Where the two differ.
        """
        if place is None:
            return region
        behind = self.origin(item, place)
        beside = behind if region is None else self.region(self.provider_of(item.id), region)
        if beside != behind:
            raise BadArgumentError(f"{in_place(item.id, behind)} and region {beside!r} differ: write the region once.")
        return behind

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
            Named(key, (row.label, *getattr(row, "aliases", ())), owners.get(key.split(".", 1)[0], ()))
            for key, row in rows.items()
        ]

    def route_names(self, direction: Direction) -> list[str]:
        """The ids of the routes in `direction`, in the order of the files."""
        return [name for way, name in self.routes if way == direction]

    def price(self, meter: str, region: str | None = None, as_of: date | None = None) -> PricedMeter:
        """The price of `meter` in `region` on `as_of`.

        Parameters
        ----------
        meter : str
            Meter id.
        region : str, optional
            A name of the region; the provider's default region when not given.
        as_of : date, optional
            The price in force then; the newest when not given.

        Raises
        ------
        NotInBookError
            For an unknown meter or region, for a meter not priced there, and for a date
            before the first price the book holds.
        BadArgumentError
            For a region behind the meter's mark that is not `region`.
        """
        key = (meter, region, as_of)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._look_up(meter, region, as_of)
        return found

    def _look_up(self, name: str, region: str | None, as_of: date | None) -> PricedMeter:
        meter = self.meter(name)
        provider = self.provider_of(meter.id)
        wanted = self.region(provider, self.place(meter, split_place(name)[1], region))
        rows = self.prices_in(meter, wanted)
        if not rows:
            priced = {price.region for price in meter.price} | set(self.regional[provider.id].pricing(meter.id))
            raise NotInBookError(
                f"{meter.id} has no price in {wanted!r}. The book prices it in: {', '.join(sorted(priced))}."
            )
        in_force = [price for price in rows if as_of is None or price.valid_from <= as_of]
        ended = [price.valid_to for price in in_force if as_of and price.valid_to and price.valid_to <= as_of]
        if in_force and len(ended) == len(in_force):
            raise NotInBookError(
                f"{meter.id} has no price on {as_of:%Y-%m-%d} in {wanted!r}: it ended on {max(ended):%Y-%m-%d}."
            )
        if not in_force:
            first = min(price.valid_from for price in rows)
            raise NotInBookError(
                f"{meter.id} has no price on {as_of:%Y-%m-%d} in {wanted!r}: "
                f"the book's first holds from {first:%Y-%m-%d}. Leave as_of empty for the newest."
            )
        # An ended price gives way to one that still holds; without a day that is seen from the newest reading, so that
        # an answer does not change by itself. Where every price has ended by then, the newest is still the answer.
        day = as_of or self.as_of
        holding = [price for price in in_force if price.valid_to is None or price.valid_to > day]
        price = max(holding or in_force, key=lambda row: row.valid_from)
        return PricedMeter(meter, price, provider, compile_tariff(meter, price))

    def prices_in(self, meter: Meter, region: str) -> Sequence[Price]:
        """The prices of a meter that hold in a region: its own, or else those that hold everywhere.

        Its own stand with the meter (the default region's, and what a user's price makes of a region's), or in the
        region's file.
        """
        from vidcost_xl.prices.schema import EVERYWHERE

        own = [price for price in meter.price if price.region == region]
        regional = self.regional[self.provider_of(meter.id).id]
        return own or regional.prices(meter.id, region) or [row for row in meter.price if row.region == EVERYWHERE]

    def versions(self, name: str) -> list[PricedMeter]:
        """Every price of a meter in its provider's default region, the oldest first."""
        meter, newest = self.meter(name), self.price(name)
        rows = sorted(
            (price for price in meter.price if price.region == newest.price.region), key=lambda price: price.valid_from
        )
        return [PricedMeter(meter, price, newest.provider, compile_tariff(meter, price)) for price in rows]

    def source(self, priced: PricedMeter, tier: int = 0) -> tuple[str, Source]:
        """Key and source of one tier of a price: the tier's own where it has one."""
        key = priced.price.tiers[tier].source or priced.price.source
        region = self.regional[priced.provider.id].region(priced.price.region)
        own = region.sources if region else {}
        return key, own[key] if key in own else self.sources[priced.provider.id][key]

    def with_places(
        self, classes: Iterable[str], routes: Iterable[tuple[Direction, str]], meters: Iterable[str] = ()
    ) -> PriceBook:
        """The book and, beside its own, some classes, routes and meters in the regions behind their marks.

        Returns
        -------
        PriceBook
            Its meters by the name with the region are those of the classes and routes that have a price there.
        """
        kept = {item.id: item for item in map(self.storage_class, classes)}
        ways: dict[tuple[str, str], Route] = {}
        for way, name in routes:
            item = self.route(way, name)
            ways[way, item.id] = item
        named = sorted(_meters_named(replace(self, classes=kept, routes=ways)) | set(meters))
        located = {name: found for name in named if (found := self._located_meter(name)) is not None}
        return replace(
            self,
            classes={**self.classes, **kept},
            routes={**self.routes, **ways},
            meters={**self.meters, **located},
            _found={},
        )

    def _located_meter(self, name: str) -> Meter | None:
        meter, place = self.meter(name), split_place(name)[1]
        if place is None:
            return None
        try:
            region = self.price(name).price.region
        except NotInBookError:
            return None
        rows = tuple(self.prices_in(meter, region))
        return meter.model_copy(update={"id": name, "label": f"{meter.label}, {place}", "price": rows})

    def all_prices(self) -> Iterator[tuple[Meter, Price]]:
        """Every meter with each of its prices: those of the provider's file, then those of its regions."""
        for meter in self.meters.values():
            regional = self.regional[meter.id.split(".", 1)[0]]
            yield from ((meter, price) for price in meter.price)
            inside = {price.region for price in meter.price}
            others = (region for region in regional.ids if region not in inside)
            yield from ((meter, price) for region in others for price in regional.prices(meter.id, region))


def compile_tariff(meter: Meter, price: Price) -> Tariff:
    """The monthly tariff of one row of the book.

    Parameters
    ----------
    meter : Meter
        Declares tariff kind, rounding, minimum, and whether prices are hourly.
    price : Price
        Tiers and allowance.

    Returns
    -------
    Tariff
        Prices per billing unit and month; an hourly price times the hours of the provider's month.
    """
    hours = meter.hours_per_month or 1.0
    return Tariff(
        starts=tuple(tier.start for tier in price.tiers),
        prices=tuple(tier.price * hours for tier in price.tiers),
        kind=meter.tariff,
        allowance=price.allowance.quantity if price.allowance else 0.0,
        allowance_position=price.allowance.position if price.allowance else "before",
        round_up=meter.rounding == "up",
        minimum_quantity=price.minimum_quantity or meter.minimum_quantity,
    )


def read_price_files(texts: Iterable[str], regions: Mapping[str, Iterable[DataFile]] | None = None) -> PriceBook:
    """Check and merge price files.

    Parameters
    ----------
    texts : iterable of str
        TOML, one provider each, in the form of `schema.PriceFile`.
    regions : mapping, optional
        By provider id, the files of its regions, in the form of `schema.RegionFile`; read when they are asked for.

    Raises
    ------
    ValueError
        For a file that breaks the schema or names a meter that no file declares.
    """
    from vidcost_xl.prices.schema import PriceFile

    texts = tuple(texts)
    parsed = [PriceFile.model_validate(tomllib.loads(text)) for text in texts]
    regional = {
        file.provider.id: region_files(
            file.provider.id, file.meter, file.sources, (regions or {}).get(file.provider.id, ())
        )
        for file in parsed
    }
    unknown = sorted(set(regions or {}) - set(regional))
    if unknown:
        raise ValueError(f"regions of providers that no file declares: {unknown}")
    book = PriceBook(
        providers={file.provider.id: _with_regions(file.provider, regional[file.provider.id]) for file in parsed},
        meters={meter.id: meter for file in parsed for meter in file.meter},
        classes={item.id: item for file in parsed for item in file.storage_class},
        routes={(item.direction, item.id): item for file in parsed for item in file.route},
        sources={file.provider.id: file.sources for file in parsed},
        regional=regional,
        texts=texts,
    )
    missing = sorted(_meters_named(book) - set(book.meters))
    if missing:
        raise ValueError(f"meters named by a class or route but not declared: {missing}")
    nowhere = sorted({name for item in book.classes.values() for name in item.moves_to} - set(book.classes))
    if nowhere:
        raise ValueError(f"classes that a class moves to but are not declared: {nowhere}")
    return book


def _with_regions(provider: Provider, regional: RegionFiles) -> Provider:
    twice = sorted(set(provider.regions) & set(regional.ids))
    if twice:
        raise ValueError(f"{provider.id}: regions of the provider's file that have a file of their own too: {twice}")
    return provider.model_copy(update={"regions": (*provider.regions, *regional.ids)})


def _meters_named(book: PriceBook) -> set[str]:
    named: set[str] = set()
    for route in book.routes.values():
        named.update(leg.meter for leg in route.legs)
        named.update(route.get_requests, route.not_included, [route.port.meter] if route.port else [])
    for item in book.classes.values():
        named.add(item.storage)
        named.update(item.requests.values(), item.retrieval.values(), item.restore_requests.values())
        named.update(extra.meter for extra in item.per_object)
        named.update(age.meter for age in item.by_last_access)
        named.update(name for name in (item.monitoring, item.upload, item.restored) if name)
    return named


@lru_cache(maxsize=1)
def shipped_book() -> PriceBook:
    """The price book shipped with the product, read once."""
    return read_price_folder(files("vidcost_xl.prices") / "data")


def read_price_folder(folder: Traversable) -> PriceBook:
    """The price book of a folder: a file a provider, and beside it a folder with a file a further region.

    Raises
    ------
    ValueError
        As `read_price_files`.
    """
    ordered = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return read_price_files(
        (entry.read_text(encoding="utf-8") for entry in ordered if entry.name.endswith(".toml")),
        {entry.name: tuple(entry.iterdir()) for entry in ordered if entry.is_dir()},
    )


@lru_cache(maxsize=1)
def _book_in_use() -> PriceBook:
    from vidcost_xl.prices.layer import layer_folder

    return layered(layer_folder())


def layered(folder: Path) -> PriceBook:
    """The shipped book, and over it the prices of a user's folder.

    Raises
    ------
    BadArgumentError
        For a file of the folder that breaks the form; names file and row.
    """
    from vidcost_xl.prices.layer import over, read_layer

    book = shipped_book()
    layer = read_layer(folder, book.providers, book.meters)
    if layer is None:
        return book
    providers, meters, sources = over(layer, book.providers, book.meters, book.sources, book.prices_in)
    return replace(
        book,
        providers=providers,
        meters=meters,
        sources=sources,
        layer=layer,
        _found={},
    )


#: Books that stand in for the one in use, the last first.
_LENT: Final[list[PriceBook]] = []


def price_book() -> PriceBook:
    """The price book in use, read once: the shipped one, and over it the prices of the user's folder."""
    return _LENT[-1] if _LENT else _book_in_use()


@contextmanager
def using(book: PriceBook) -> Iterator[None]:
    """Price with another book: what would a plan cost at other prices."""
    _LENT.append(book)
    try:
        yield
    finally:
        _LENT.pop()


def _folded(name: str) -> str:
    return name.strip().casefold()
