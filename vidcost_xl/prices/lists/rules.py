"""Rules: which key of a provider's list bills which meter of the book, in which units; `data/`, one file a provider."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vidcost_xl.prices.lists.rows import ListRow
from vidcost_xl.prices.schema import Allowance, Identifier


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Row):
    """A key and its meter.

    `key` or `pattern`, a regular expression over all of it. `operation`: only these. `regions`: where in the book its
    price stands, in place of the region that the row names. `allowance`: what is free each month and the list says
    in a row of its own, or not at all.
    """

    service: str
    meter: Identifier
    key: str = ""
    pattern: str = ""
    operation: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    allowance: Allowance | None = None

    @model_validator(mode="after")
    def _says_what_it_matches(self) -> Self:
        if bool(self.key) == bool(self.pattern):
            raise ValueError("a rule has a key or a pattern")
        return self

    def matches(self, row: ListRow) -> bool:
        """Whether it bills a row that has its key."""
        return not self.operation or row.operation in self.operation


class Refusal(_Row):
    """A key that looks like a meter and is not."""

    key: str
    why: str


class ListRegion(_Row):
    """A region: the prefix of its keys, and its names in lists."""

    prefix: str = ""
    names: tuple[str, ...] = ()


class Address(_Row):
    """Where the lists of services are published: `{service}` and `{region}` stand for their names.

    `pages`: a list comes in pages that name the next.
    """

    services: tuple[str, ...]
    address: str
    pages: bool = False


class Rules(_Row):
    """The rules of one provider.

    `units`: how many billing units of the book one unit of the list is. `everywhere`: names of a region that mean all.
    `fetch`: none where a list needs an account.
    """

    provider: str
    title: str
    units: dict[str, dict[str, Decimal]]
    regions: dict[str, ListRegion]
    everywhere: tuple[str, ...] = ()
    rule: tuple[Rule, ...] = Field(min_length=1)
    refuse: tuple[Refusal, ...] = ()
    fetch: tuple[Address, ...] = ()

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The services whose lists are read."""
        return tuple(dict.fromkeys(rule.service for rule in self.rule))

    @cached_property
    def _by_key(self) -> Mapping[tuple[str, str], list[Rule]]:
        found: dict[tuple[str, str], list[Rule]] = {}
        for rule in self.rule:
            if rule.key:
                found.setdefault((rule.service, rule.key), []).append(rule)
        return found

    @cached_property
    def _by_pattern(self) -> Iterable[tuple[re.Pattern[str], Rule]]:
        return [(re.compile(rule.pattern), rule) for rule in self.rule if rule.pattern]

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        named = {name: region for region, row in self.regions.items() for name in row.names}
        return named | {region: region for region in self.regions}

    @cached_property
    def _refused(self) -> Mapping[str, str]:
        return {row.key: row.why for row in self.refuse}

    def region(self, written: str) -> str | None:
        """The region that a list calls `written`."""
        return self._by_name.get(written)

    def key(self, row: ListRow) -> str:
        """What a row bills, without the prefix of its region; of a region that nobody knows, without its first word."""
        region = self.region(row.region)
        if region is None and row.region and (row.service, row.key) not in self._by_key:
            return row.key.partition("-")[2]
        for prefix in (region and self.regions[region].prefix, region):
            if prefix and row.key.startswith(f"{prefix}-"):
                return row.key.removeprefix(f"{prefix}-")
        return row.key

    def find(self, row: ListRow) -> Rule | None:
        """The rule of a row."""
        rules = self._by_key.get((row.service, self.key(row)), [])
        by_pattern = [
            rule for pattern, rule in self._by_pattern if rule.service == row.service and pattern.fullmatch(row.key)
        ]
        return next((rule for rule in (*rules, *by_pattern) if rule.matches(row)), None)

    def refusal(self, row: ListRow) -> str | None:
        """Why a row is not taken for what it looks like."""
        return self._refused.get(self.key(row))


@lru_cache
def rules_of(provider: str) -> Rules:
    """The rules of a provider, read once."""
    text = (files("vidcost_xl.prices.lists") / "data" / f"{provider}.toml").read_text(encoding="utf-8")
    return Rules.model_validate(tomllib.loads(text))
