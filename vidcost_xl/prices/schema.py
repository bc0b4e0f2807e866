"""What the rows of a price data file may say, checked by pydantic on loading; `file_schema` is the file of them.

Adding a provider, a region, a storage class or a route is editing data. Field names follow
FOCUS where it has a word; sizes are bytes, tier bounds are in the price's own billing unit.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, model_validator

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$")]
Confidence = Literal["high", "medium", "low"]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Flag = Literal["weak", "disagrees", "undated", "assumption"]

#: The region of a price that holds in every region of its provider.
EVERYWHERE = "*"


class Row(BaseModel):
    """A table of a data file: a key that it does not know is an error."""

    # Built with the file that holds it, and not once more for itself.
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True)


class Source(Row):
    """Where a price was read."""

    title: str = Field(min_length=8)
    locator: str = ""
    kind: Literal["provider price list", "provider page", "open dataset", "secondary", "market offer"]
    read_on: date | None = None


class Tier(Row):
    """One tier: its lower bound in billing units and the price of a unit above it."""

    start: NonNegative = Field(alias="from")
    price: NonNegative
    source: str | None = None
    read_on: date | None = None
    confidence: Confidence | None = None
    sku: str = ""


class Allowance(Row):
    """Free quantity per month in billing units.

    `before`: it comes off the quantity before the tier bounds are applied (AWS egress).
    `inside`: the tier bounds count it (CloudFront, Azure, OCI).
    """

    quantity: PositiveFloat
    position: Literal["before", "inside"]
    source: str | None = None


class Price(Row):
    """The tariff of a meter in one region from one date on.

    `region`: of a meter between regions also both ends, "us-east-1>us-east-2" or "europe>asia": a price that holds
    between them alone, before one to anywhere else.
    `valid_to`: the first day on which it no longer holds, where it ends.
    `also`: sources that say the same, the earliest of which may be the day it holds from; `against`: sources that say
    otherwise, which the note quotes.
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
    also: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
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
        if self.against and "disagrees" not in self.flags:
            raise ValueError("a price that names sources against it has the flag 'disagrees'")
        if len(self.tiers) > 1 and self.minimum_charge > self.tiers[0].price * self.tiers[1].start:
            raise ValueError("the minimum charge lies within the first tier")
        return self

    @property
    def cited(self) -> set[str]:
        """Keys of every source that it names."""
        return {self.source, *self.also, *self.against, *(tier.source for tier in self.tiers if tier.source)}

    @property
    def minimum_quantity(self) -> float:
        """The quantity that costs the minimum charge, in billing units."""
        return self.minimum_charge / self.tiers[0].price if self.minimum_charge else 0.0


class Meter(Row):
    """One thing a provider counts and bills.

    `price` holds its prices in the provider's default region and those that hold everywhere; the prices in other
    regions stand in the files of the regions. None here: only some other regions sell it. `between_regions`: it counts
    what leads from one region to another, which may be written: meter@from>to.
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
    between_regions: bool = False
    note: str = ""


class PerObject(Row):
    """Bytes billed for every stored object on top of its own, at the rate of `meter`."""

    meter: Identifier
    bytes: PositiveFloat


class AgeTier(Row):
    """The meter that bills bytes not read for at least `from_days` days."""

    from_days: NonNegative
    meter: Identifier


class StorageClass(Row):
    """A storage class: its meters and its rules.

    `restore_requests`: an archive, whose objects are restored before they are read; `restored` bills the copy that a
    restore makes for some days.
    `retrieval_unknown`: no source says what reading the bytes back costs. Asking for that price is
    an error, never 0. `offline`: the bytes are restored, which takes hours, before they can be read.
    `compared`: whether comparisons of providers take it; a file system beside the GPUs, or more copies of a class that
    they take, they do not.
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
    compared: bool = True
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


class Leg(Row):
    """One meter on a route and how many times a byte passes it."""

    meter: Identifier
    times: PositiveFloat = 1.0
    why: str = ""


class Port(Row):
    """A dedicated port that a route needs, billed by the hour, and what it carries."""

    meter: Identifier
    gbps: PositiveFloat


class Route(Row):
    """A way for bytes: the meters they pass, and what else is billed but not by volume.

    `inside`: it ends at the provider's own machines, so only GPUs that are rented there can use it.
    One with a meter between regions leads from one region to another, which may be written: route@from>to.
    `compared`: whether comparisons of providers take it; what leads to one other cloud, or is for some customers only,
    they do not.
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
    compared: bool = True
    port: Port | None = None
    policy: str = ""
    free_egress_times_stored: PositiveFloat | None = None
    source: str
    note: str = ""


class Provider(Row):
    """Who bills, in which regions; aliases are what else people call it, region_names a region's other names.

    Regions with a file of their own are added to `regions` when the files are read. `geographies`: parts of the world
    between which it has prices, with the regions of this file in them; a region with a file of its own names its own.
    """

    id: Identifier
    name: str
    aliases: tuple[str, ...] = ()
    default_region: str
    regions: tuple[str, ...] = Field(min_length=1)
    region_names: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    geographies: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    hours_per_month: PositiveFloat = 730.0

    @model_validator(mode="after")
    def _names_are_of_its_regions(self) -> Self:
        if not set(self.region_names) <= set(self.regions):
            raise ValueError(f"names of undeclared regions: {sorted(set(self.region_names) - set(self.regions))}")
        return self
