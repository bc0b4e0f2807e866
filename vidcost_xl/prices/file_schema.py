"""The two price data files: one TOML file per provider, and one per further region."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from vidcost_xl.prices.located import END_MARK
from vidcost_xl.prices.schema import EVERYWHERE, Identifier, Meter, Price, Provider, Route, Row, Source, StorageClass


class PriceFile(Row):
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
        cited = [key for meter in self.meter for price in meter.price for key in price.cited]
        cited += [item.source for item in self.storage_class]
        cited += [item.source for item in self.route]
        missing = sorted(set(cited) - set(self.sources))
        if missing:
            raise ValueError(f"sources cited but not declared: {missing}")
        regions = {price.region for meter in self.meter for price in meter.price if END_MARK not in price.region}
        if not regions <= {*self.provider.regions, EVERYWHERE}:
            raise ValueError(f"prices in undeclared regions: {sorted(regions - {*self.provider.regions, EVERYWHERE})}")
        return self


class RegionPrice(Price):
    """The tariff of a meter in the region of the file; with `to`, from there to that region or geography alone."""

    meter: Identifier


class RegionHead(Row):
    """A region: the provider's own name, which the file bears too, and what else people call it."""

    provider: Identifier
    id: Identifier
    names: tuple[str, ...] = ()
    geography: str = ""


class RegionFile(Row):
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
        return {**values, "price": [_placed(row, region) for row in rows]}

    @model_validator(mode="after")
    def _each_price_once(self) -> Self:
        _no_duplicates("price", [f"{row.meter} in {row.region} of {row.valid_from:%Y-%m-%d}" for row in self.price])
        return self


def _placed(row: dict[str, Any], region: Any) -> dict[str, Any]:
    rest = {key: value for key, value in row.items() if key != "to"}
    return {**rest, "region": f"{region}{END_MARK}{row['to']}" if "to" in row else region}


def _no_duplicates(what: str, names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"{what} declared twice: {repeated}")
