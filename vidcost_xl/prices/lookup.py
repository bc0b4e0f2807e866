"""The prices of the book, looked up by meter, region and day.

A look-up that misses says which regions or days the book holds; nothing ever becomes a price of 0 by missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from vidcost_xl.errors import NotInBookError
from vidcost_xl.prices.finding import Direction, NamedRows
from vidcost_xl.prices.located import provider_of, split_place
from vidcost_xl.prices.tariff import Tariff

#: Source of what has no list price: the rate that somebody agreed.
PRIVATE: Final = "private-rate"
UNLISTED: Final = "Private rate: no list price is published"

if TYPE_CHECKING:
    from vidcost_xl.prices.layer import Layer
    from vidcost_xl.prices.schema import Meter, Price, Provider, Route, Source


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
class PriceBook(NamedRows):
    """All price files, merged: their rows by name, and their prices.

    Parameters
    ----------
    sources : mapping
        By provider id, then source key.
    texts : tuple of str
        The providers' files.
    layer : Layer or None
        The user's own prices that lie over the shipped ones.
    """

    sources: Mapping[str, Mapping[str, Source]]
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
        wanted = self.place(meter.id, split_place(name)[1], region) or provider.default_region
        if not meter.between_regions:
            self._leads_nowhere(meter.id, wanted)
        rows = self.prices_in(meter, wanted)
        if not rows:
            raise NotInBookError(f"{meter.id} has no price in {wanted!r}. {self.priced_in(meter)}")
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

    def is_listed(self, name: str, region: str | None = None) -> bool:
        """Whether a meter has any list price in a region, of whatever day.

        Raises
        ------
        NotInBookError
            For an unknown meter or region.
        """
        meter, provider = self.meter(name), self.provider_of(self.meter(name).id)
        wanted = self.place(meter.id, split_place(name)[1], region) or provider.default_region
        return bool(self.prices_in(meter, wanted))

    def at_rate(self, name: str, region: str | None, rate: float) -> PricedMeter:
        """A meter without any list price in a region, at a private rate, which stands for the list price too.

        Parameters
        ----------
        rate : float
            Per billing unit of the meter.
        """
        from vidcost_xl.prices.schema import Price, Tier

        meter, provider = self.meter(name), self.provider_of(self.meter(name).id)
        price = Price.model_construct(
            region=self.place(meter.id, split_place(name)[1], region) or provider.default_region,
            valid_from=self.as_of,
            tiers=(Tier.model_construct(start=0.0, price=rate),),
            source=PRIVATE,
            confidence="medium",
        )
        flat = Tariff((0.0,), (rate,), round_up=meter.rounding == "up", minimum_quantity=meter.minimum_quantity)
        return PricedMeter(meter, price, provider, flat)

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
        return key, self._source(priced, key)

    def sources_behind(self, priced: PricedMeter, tier: int = 0) -> list[tuple[str, str, Source]]:
        """Every source of one tier of a price: how it stands to it ("", "also", "against"), its key, and the source."""
        first, _ = self.source(priced, tier)
        keys = [("", first), *(("also", key) for key in priced.price.also)]
        keys += [("against", key) for key in priced.price.against]
        return [(how, key, self._source(priced, key)) for how, key in keys]

    def _source(self, priced: PricedMeter, key: str) -> Source:
        if key == PRIVATE:
            from vidcost_xl.prices.schema import Source

            return Source(title=UNLISTED, kind="market offer")
        region = self.regional[priced.provider.id].region(priced.price.region)
        own = region.sources if region else {}
        return own[key] if key in own else self.sources[priced.provider.id][key]

    def with_places(
        self, classes: Iterable[str], routes: Iterable[tuple[Direction, str]], meters: Iterable[str] = ()
    ) -> PriceBook:
        """The book and, beside its own, some classes, routes and meters in the regions behind their marks.

        Returns
        -------
        PriceBook
            Its meters by the name with the region are those of the classes and routes, with their prices there.
        """
        kept = {item.id: item for item in map(self.storage_class, classes)}
        ways: dict[tuple[Direction, str], Route] = {}
        for way, name in routes:
            item = self.route(way, name)
            ways[way, item.id] = item
        named = sorted(replace(self, classes=kept, routes=ways).meters_named() | set(meters))
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
        rows = tuple(self.prices_in(meter, self.where(meter.id, place)))
        return meter.model_copy(update={"id": name, "label": f"{meter.label}, {place}", "price": rows})

    def all_prices(self) -> Iterator[tuple[Meter, Price]]:
        """Every meter with each of its prices: those of the provider's file, then those of its regions."""
        for meter in self.meters.values():
            regional = self.regional[provider_of(meter.id)]
            yield from ((meter, price) for price in meter.price)
            inside = {price.region for price in meter.price}
            for region in regional.ids:
                yield from (
                    (meter, price) for price in regional.all_prices(meter.id, region) if price.region not in inside
                )


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
