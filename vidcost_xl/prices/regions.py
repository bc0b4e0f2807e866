"""Regions that have a price file of their own: `data/<provider>/<region>.toml`, each read when it is first asked for.

The names of the files are the ids of the regions, so that listing a folder says which there are. What people call a
region is read from the head of its file alone; its prices only when one of them is looked up.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol

from vidcost_xl.names import Named
from vidcost_xl.prices.located import END_MARK, start_of

if TYPE_CHECKING:  # the schema brings pydantic, which only reading the files needs
    from vidcost_xl.prices.file_schema import RegionPrice
    from vidcost_xl.prices.schema import Meter, Provider, Source

#: The first price of a region's file: what stands before it is small.
_FIRST_PRICE: Final = re.compile(r"^\[\[price\]\]", re.MULTILINE)

_SUFFIX: Final = ".toml"


class DataFile(Protocol):
    """A file of the package or of a folder."""

    @property
    def name(self) -> str:
        """Its name."""

    def read_text(self, encoding: str | None = None) -> str:
        """Its text."""


@dataclass(frozen=True)
class Region:
    """What the file of a region says, its prices by meter."""

    id: str
    names: tuple[str, ...]
    geography: str
    sources: Mapping[str, Source]
    prices: Mapping[str, tuple[RegionPrice, ...]]


@dataclass(frozen=True)
class RegionFiles:
    """The regions of one provider that have a file of their own.

    Parameters
    ----------
    meters : mapping
        The meters that the provider's file declares: the only ones a region may price.
    sources : mapping
        The sources of the provider's file, which a region may cite too.
    places : tuple of str
        The regions and geographies of the provider's file.
    """

    provider: str
    meters: Mapping[str, Meter]
    sources: Mapping[str, Source]
    places: tuple[str, ...]
    files: Mapping[str, DataFile]
    _read: dict[str, Region] = field(default_factory=dict, repr=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the regions: the names of the files."""
        return tuple(self.files)

    def region(self, region: str) -> Region | None:
        """The region called `region`; None where it has no file.

        Raises
        ------
        ValueError
            For a file that breaks the schema, or prices a meter or cites a source that nothing declares.
        """
        if region not in self.files:
            return None
        if region not in self._read:
            self._read[region] = self._parsed(region)
        return self._read[region]

    def prices(self, meter: str, place: str) -> list[RegionPrice]:
        """The prices of a meter in a region or between two; none where the first has no file, or its file none."""
        return [price for price in self.all_prices(meter, start_of(place)) if price.region == place]

    def all_prices(self, meter: str, region: str) -> tuple[RegionPrice, ...]:
        """Every price of a meter in the file of a region: those in it, and those from it to another."""
        found = self.region(region)
        return found.prices.get(meter, ()) if found else ()

    @cached_property
    def named(self) -> tuple[Named, ...]:
        """The regions with their written names."""
        return tuple(Named(region, _names(text)) for region, text in self._texts.items())

    def pricing(self, meter: str) -> list[str]:
        """The regions whose files price a meter."""
        return self._pricing.get(meter, [])

    def digest(self) -> bytes:
        """SHA-256 over the names and texts of the files."""
        parts = "\n".join(f"{self.provider}/{region}\n{text}" for region, text in self._texts.items())
        return hashlib.sha256(parts.encode()).digest()

    @cached_property
    def _pricing(self) -> dict[str, list[str]]:
        line, found = re.compile(r'^meter\s*=\s*"([^"]+)"', re.MULTILINE), dict[str, list[str]]()
        for region, text in self._texts.items():
            for meter in dict.fromkeys(line.findall(text)):
                found.setdefault(meter, []).append(region)
        return found

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {region: file.read_text(encoding="utf-8") for region, file in self.files.items()}

    def _parsed(self, region: str) -> Region:
        from vidcost_xl.prices.file_schema import RegionFile

        text = self.files[region].read_text(encoding="utf-8")
        file = RegionFile.model_validate(tomllib.loads(text))
        where = f"prices/data/{self.provider}/{region}{_SUFFIX}"
        if (file.region.provider, file.region.id) != (self.provider, region):
            raise ValueError(f"{where} says that it is {file.region.id!r} of {file.region.provider!r}")
        undeclared = sorted({price.meter for price in file.price} - set(self.meters))
        # Of a meter that does not lead anywhere no look-up finds it.
        undeclared += [
            f"{price.meter}, {price.region}"
            for price in file.price
            if END_MARK in price.region and price.meter in self.meters and not self.meters[price.meter].between_regions
        ]
        if undeclared:
            raise ValueError(f"{where} prices meters that the provider's file does not declare: {undeclared}")
        unknown = {file.region.geography, *(price.region.partition(END_MARK)[2] for price in file.price)}
        unknown -= {"", *self.places, *self.ids}
        if unknown:
            raise ValueError(f"{where} names regions or geographies that its provider does not have: {sorted(unknown)}")
        cited = {key for price in file.price for key in price.cited}
        missing = sorted(cited - set(self.sources) - set(file.sources))
        if missing:
            raise ValueError(f"{where} cites sources that are not declared: {missing}")
        prices: dict[str, tuple[RegionPrice, ...]] = {}
        for price in file.price:
            prices[price.meter] = (*prices.get(price.meter, ()), price)
        return Region(region, file.region.names, file.region.geography, file.sources, prices)


def region_files(
    provider: Provider, meters: Iterable[Meter], sources: Mapping[str, Source], files: Iterable[DataFile]
) -> RegionFiles:
    """The regions of a provider from the files of its folder."""
    by_region = {file.name.removesuffix(_SUFFIX): file for file in files if file.name.endswith(_SUFFIX)}
    places = (*provider.regions, *provider.geographies)
    known = {meter.id: meter for meter in meters}
    return RegionFiles(provider.id, known, sources, places, dict(sorted(by_region.items())))


def _names(text: str) -> tuple[str, ...]:
    return tuple(tomllib.loads(_FIRST_PRICE.split(text, maxsplit=1)[0])["region"].get("names", ()))
