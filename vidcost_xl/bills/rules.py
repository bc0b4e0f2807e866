"""The rules of bills: what a row with these words is; `facts/data/bill_rules.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from vidcost_xl.prices.book import price_book


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BillRule(_Row):
    """Words of a row, and the meter that it bills, the dimension of one, or the kind of charge that it is."""

    provider: str
    service: str = ""
    usage_type: str = ""
    operation: str = ""
    description: str = ""
    unit: tuple[str, ...] = ()
    meter: str = ""
    dimension: str = ""
    kind: str = ""
    source: str

    @model_validator(mode="after")
    def _says_what_it_matches(self) -> Self:
        if sum(map(bool, (self.meter, self.dimension, self.kind))) != 1:
            raise ValueError("a rule has a meter, a dimension or a kind")
        if not (self.service or self.usage_type or self.description):
            raise ValueError("a rule has a service, a usage type or a description")
        return self

    @cached_property
    def _patterns(self) -> Mapping[str, re.Pattern[str]]:
        texts = {name: getattr(self, name) for name in ("service", "usage_type", "operation", "description")}
        return {name: re.compile(text, re.IGNORECASE) for name, text in texts.items() if text}

    @property
    def tells(self) -> str:
        """What of a row it goes by."""
        return "usage type" if self.usage_type else "description" if self.description else "service"

    def fits(self, row: Mapping[str, str]) -> dict[str, str] | None:
        """The groups of a row that it fits; None for another."""
        if self.unit and row["unit"] not in self.unit:
            return None
        groups: dict[str, str] = {}
        for name, pattern in self._patterns.items():
            texts = (row["service"], row["service_code"]) if name == "service" else (row[name],)
            match = next((found for text in texts if text and (found := pattern.fullmatch(text))), None)
            if match is None:
                return None
            groups |= {key: text for key, text in match.groupdict().items() if text}
        return groups

    def meter_of(self, groups: Mapping[str, str]) -> str:
        """Its meter, with the texts of groups in place of their names."""
        return self.meter.format_map({key: text.casefold().replace(" ", "-") for key, text in groups.items()})


class Issuer(_Row):
    """A provider on bills.

    `names`, `names_like`: what it is called, as texts and as regular expressions. `offers`: the price list whose keys
    stand under a service; `anywhere`: price lists whose keys stand under any service but those of `not_anywhere`.
    `units`: how a price list or a meter calls a unit of a bill. `regions`: names that only bills have.
    `services`: services of the price book that a service on an invoice covers.
    """

    names: tuple[str, ...]
    names_like: tuple[str, ...] = ()
    offers: Mapping[str, str] = {}
    anywhere: tuple[str, ...] = ()
    not_anywhere: tuple[str, ...] = ()
    units: Mapping[str, tuple[str, ...]] = {}
    regions: Mapping[str, str] = {}
    services: Mapping[str, tuple[str, ...]] = {}

    @cached_property
    def _units(self) -> Mapping[str, tuple[str, ...]]:
        return {name.casefold(): called for name, called in self.units.items()}

    def called(self, unit: str) -> tuple[str, ...]:
        """How a price list or a meter calls a unit of a bill, which exports write in any case."""
        return self._units.get(" ".join(unit.casefold().split()), ())


class BillRules(_Row):
    """All of them, in the order in which they are tried."""

    sources: Mapping[str, str]
    accounts: Mapping[str, str]
    provider: Mapping[str, Issuer]
    rule: tuple[BillRule, ...]

    @model_validator(mode="after")
    def _rows_have_sources(self) -> Self:
        for rule in self.rule:
            if rule.source not in self.sources:
                raise ValueError(f"a rule of {rule.provider} names the source {rule.source!r}, which is not there")
        return self

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        named = {name.casefold(): key for key, issuer in self.provider.items() for name in (key, *issuer.names)}
        for key, provider in price_book().providers.items():
            named |= {key: key, provider.name.casefold(): key}
        return named

    def provider_of(self, name: str) -> str | None:
        """The id of a provider that a bill names; None for one that nobody knows."""
        plain = " ".join(name.split())
        found = self._by_name.get(plain.casefold())
        if found is None:
            like = ((key, text) for key, issuer in self.provider.items() for text in issuer.names_like)
            found = next((key for key, text in like if re.fullmatch(text, plain, re.IGNORECASE)), None)
        return found

    def services_of(self, provider: str, service: str) -> tuple[str, ...]:
        """The services of the price book that a service on an invoice covers; itself when nothing is known of it."""
        issuer = self.provider.get(provider)
        named = {name.casefold(): covered for name, covered in issuer.services.items()} if issuer else {}
        return named.get(service.casefold(), (service,))


@lru_cache(maxsize=1)
def bill_rules() -> BillRules:
    """The rules, read once."""
    text = (files("vidcost_xl.facts") / "data" / "bill_rules.toml").read_text(encoding="utf-8")
    return BillRules.model_validate(tomllib.loads(text))
