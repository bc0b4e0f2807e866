"""Who an invoice is from: its words for providers and services, in those of the price book."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, TypeAdapter

from vidcost_xl.prices.book import price_book


class _Issuer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    names: tuple[str, ...]
    services: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class Issuers:
    """Names on invoices.

    Parameters
    ----------
    providers : mapping of str to str
        Provider id by name in lower case.
    services : mapping of (str, str) to tuple of str
        Services of the price book by provider id and name in lower case.
    """

    providers: Mapping[str, str]
    services: Mapping[tuple[str, str], tuple[str, ...]]

    def provider(self, name: str) -> str | None:
        """The id of a provider that an invoice names; None for one that nobody knows."""
        return self.providers.get(" ".join(name.split()).casefold())

    def services_of(self, provider: str, service: str) -> tuple[str, ...]:
        """The services of the price book that a service on an invoice covers; itself when nothing is known of it."""
        return self.services.get((provider, service.casefold()), (service,))


@lru_cache(maxsize=1)
def issuers() -> Issuers:
    """The names that the data hold, beside the ids and names of the price book."""
    text = (files("vidcost_xl.analysis") / "data" / "issuers.toml").read_text(encoding="utf-8")
    declared = TypeAdapter(dict[str, _Issuer]).validate_python(tomllib.loads(text))
    providers = {name.casefold(): key for key, issuer in declared.items() for name in (key, *issuer.names)}
    for key, provider in price_book().providers.items():
        providers |= {key: key, provider.name.casefold(): key}
    services = {
        (key, name.casefold()): covered for key, issuer in declared.items() for name, covered in issuer.services.items()
    }
    return Issuers(providers, services)
