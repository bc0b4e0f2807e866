"""What a price data file may say: one TOML file per provider and per further region, checked by pydantic on loading.

Adding a provider, a region, a storage class or a route is editing data. Field names follow
FOCUS where it has a word; sizes are bytes, tier bounds are in the price's own billing unit.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, model_validator

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$")]
Confidence = Literal["high", "medium", "low"]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Flag = Literal["weak", "disagrees", "undated", "assumption"]

#: The region of a price that holds in every region of its provider.
EVERYWHERE = "*"


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Source(_Row):
    """Where a price was read."""

    title: str = Field(min_length=8)
    locator: str = ""
    kind: Literal["provider price list", "provider page", "open dataset", "secondary", "market offer"]
    read_on: date | None = None


class Tier(_Row):
    """One tier: its lower bound in billing units and the price of a unit above it."""

    start: NonNegative = Field(alias="from")
    price: NonNegative
    source: str | None = None
    read_on: date | None = None
    confidence: Confidence | None = None
    sku: str = ""


class Allowance(_Row):
    """Free quantity per month in billing units.

    `before`: it comes off the quantity before the tier bounds are applied (AWS egress).
    `inside`: the tier bounds count it (CloudFront, Azure, OCI).
    """

    quantity: PositiveFloat
    position: Literal["before", "inside"]
    source: str | None = None


class Price(_Row):
    """The tariff of a meter in one region from one date on.

    `valid_to`: the first day on which it no longer holds, where it ends.
    `minimum_charge`: what any quantity above zero costs at least, within the first tier.
    """

    region: str = EVERYWHERE
    valid_from: date
    valid_to: date | None = None
    valid_from_basis: Literal["published", "read"] = "read"
    tiers: tuple[Tier, ...] = Field(min_length=1)
    allowance: Allowance | None = None
    minimum_charge: NonNegative = 0.0
    source: str
    read_on: date | None = None
    confidence: Confidence
    flags: tuple[Flag, ...] = ()
    sku: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _tiers_rise_from_zero(self) -> Self:
        if self.tiers[0].start != 0:
            raise ValueError("the first tier starts at 0")
        if any(low.start >= high.start for low, high in pairwise(self.tiers)):
            raise ValueError("tier bounds rise")
        if (self.read_on is None) != ("undated" in self.flags):
            raise ValueError("a price has either read_on or the flag 'undated'")
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("a price ends after it begins")
        if len(self.tiers) > 1 and self.minimum_charge > self.tiers[0].price * self.tiers[1].start:
            raise ValueError("the minimum charge lies within the first tier")
        return self

    @property
    def minimum_quantity(self) -> float:
        """The quantity that costs the minimum charge, in billing units."""
        return self.minimum_charge / self.tiers[0].price if self.minimum_charge else 0.0


class Meter(_Row):
    """One thing a provider counts and bills.

    `price` holds its prices in the provider's default region and those that hold everywhere; the prices in other
    regions stand in the files of the regions. None here: only some other regions sell it.
    """

    id: Identifier
    service: str
    label: str
    dimension: Literal["storage", "transfer", "retrieval", "request", "object", "time", "item"]
    billing_unit: str
    unit_size: PositiveFloat
    unit_size_basis: Literal["published", "provider convention", "assumption"] = "provider convention"
    tariff: Literal["graduated", "whole-volume"] = "graduated"
    rounding: Literal["none", "up"] = "none"
    minimum_quantity: NonNegative = 0.0
    hours_per_month: PositiveFloat | None = None
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    price: tuple[Price, ...] = ()
    note: str = ""


class PerObject(_Row):
    """Bytes billed for every stored object on top of its own, at the rate of `meter`."""

    meter: Identifier
    bytes: PositiveFloat


class AgeTier(_Row):
    """The meter that bills bytes not read for at least `from_days` days."""

    from_days: NonNegative
    meter: Identifier


class StorageClass(_Row):
    """A storage class: its meters and its rules.

    `restore_requests`: an archive, whose objects are restored before they are read; `restored` bills the copy that a
    restore makes for some days.
    `retrieval_unknown`: no source says what reading the bytes back costs. Asking for that price is
    an error, never 0. `offline`: the bytes are restored, which takes hours, before they can be read.
    `moves_to`: the classes into which a lifecycle rule moves its objects; each move is the request `transition` there.
    `keeps_age`: such a move is no deletion, and the days before it count towards the minimum of the class moved to.
    """

    id: Identifier
    label: str
    aliases: tuple[str, ...] = ()
    storage: Identifier
    minimum_object_bytes: NonNegative = 0.0
    minimum_days: NonNegative = 0.0
    per_object: tuple[PerObject, ...] = ()
    monitoring: Identifier | None = None
    monitoring_minimum_object_bytes: NonNegative = 0.0
    by_last_access: tuple[AgeTier, ...] = ()
    requests: dict[str, Identifier] = Field(default_factory=dict)
    requests_free: tuple[str, ...] = ()
    retrieval: dict[str, Identifier] = Field(default_factory=dict)
    retrieval_free: bool = False
    retrieval_unknown: bool = False
    offline: bool = False
    restore_requests: dict[str, Identifier] = Field(default_factory=dict)
    restored: Identifier | None = None
    upload: Identifier | None = None
    moves_to: tuple[Identifier, ...] = ()
    keeps_age: bool = False
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _retrieval_is_declared(self) -> Self:
        if [bool(self.retrieval), self.retrieval_free, self.retrieval_unknown].count(True) != 1:
            raise ValueError("a class lists its retrieval meters, or says retrieval_free or retrieval_unknown = true")
        return self


class Leg(_Row):
    """One meter on a route and how many times a byte passes it."""

    meter: Identifier
    times: PositiveFloat = 1.0
    why: str = ""


class Port(_Row):
    """A dedicated port that a route needs, billed by the hour, and what it carries."""

    meter: Identifier
    gbps: PositiveFloat


class Route(_Row):
    """A way for bytes: the meters they pass, and what else is billed but not by volume.

    `inside`: it ends at the provider's own machines, so only GPUs that are rented there can use it.
    `between_regions`: it leads from one region to another, which may be written: route@from>to. `not_between`: pairs of
    regions with another price.
    """

    id: Identifier
    direction: Literal["egress", "ingest"]
    label: str
    aliases: tuple[str, ...] = ()
    legs: tuple[Leg, ...] = Field(min_length=1)
    get_requests: tuple[Identifier, ...] = ()
    get_requests_free: bool = False
    not_included: tuple[Identifier, ...] = ()
    inside: bool = False
    between_regions: bool = False
    not_between: tuple[tuple[str, str], ...] = ()
    port: Port | None = None
    policy: str = ""
    free_egress_times_stored: PositiveFloat | None = None
    source: str
    note: str = ""


class Provider(_Row):
    """Who bills, in which regions; aliases are what else people call it, region_names a region's other names.

    Regions with a file of their own are added to `regions` when the files are read.
    """

    id: Identifier
    name: str
    aliases: tuple[str, ...] = ()
    default_region: str
    regions: tuple[str, ...] = Field(min_length=1)
    region_names: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    hours_per_month: PositiveFloat = 730.0

    @model_validator(mode="after")
    def _names_are_of_its_regions(self) -> Self:
        if not set(self.region_names) <= set(self.regions):
            raise ValueError(f"names of undeclared regions: {sorted(set(self.region_names) - set(self.regions))}")
        return self


class PriceFile(_Row):
    """One provider's file."""

    provider: Provider
    sources: dict[str, Source]
    meter: tuple[Meter, ...] = Field(min_length=1)
    storage_class: tuple[StorageClass, ...] = ()
    route: tuple[Route, ...] = ()

    @model_validator(mode="after")
    def _references_hold(self) -> Self:
        _no_duplicates("meter", [meter.id for meter in self.meter])
        _no_duplicates("storage_class", [item.id for item in self.storage_class])
        _no_duplicates("route", [f"{item.direction} {item.id}" for item in self.route])
        cited = [price.source for meter in self.meter for price in meter.price]
        cited += [tier.source for meter in self.meter for price in meter.price for tier in price.tiers if tier.source]
        cited += [item.source for item in self.storage_class]
        cited += [item.source for item in self.route]
        missing = sorted(set(cited) - set(self.sources))
        if missing:
            raise ValueError(f"sources cited but not declared: {missing}")
        regions = {price.region for meter in self.meter for price in meter.price} - {EVERYWHERE}
        if not regions <= set(self.provider.regions):
            raise ValueError(f"prices in undeclared regions: {sorted(regions - set(self.provider.regions))}")
        return self


class RegionPrice(Price):
    """The tariff of a meter in the region of the file."""

    meter: Identifier


class RegionHead(_Row):
    """A region: the provider's own name, which the file bears too, and what else people call it."""

    provider: Identifier
    id: Identifier
    names: tuple[str, ...] = ()


class RegionFile(_Row):
    """The file of one region beside its provider's: prices of meters that the provider's file declares.

    Prices may cite the sources of the provider's file too.
    """

    region: RegionHead
    sources: dict[str, Source] = Field(default_factory=dict)
    price: tuple[RegionPrice, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _prices_are_of_the_region(cls, values: Any) -> Any:
        if not isinstance(values.get("region"), dict):
            raise ValueError("region is a table: write [region] with provider and id")
        if not isinstance(values.get("price"), list) or not all(isinstance(row, dict) for row in values["price"]):
            raise ValueError("price is a list of tables: write [[price]], once for each")
        rows, region = values["price"], values["region"].get("id")
        if any("region" in row for row in rows):
            raise ValueError("the prices of a region's file do not name a region")
        return {**values, "price": [{**row, "region": region} for row in rows]}

    @model_validator(mode="after")
    def _each_price_once(self) -> Self:
        _no_duplicates("price", [f"{price.meter} of {price.valid_from:%Y-%m-%d}" for price in self.price])
        return self


def _no_duplicates(what: str, names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"{what} declared twice: {repeated}")
