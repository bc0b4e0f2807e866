"""What each row of a bill is: a meter of the price book in a region, another kind of charge, or nothing known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final

from vidcost_xl.bills.reading import Billed
from vidcost_xl.bills.rules import BillRule, BillRules, Issuer, bill_rules
from vidcost_xl.bills.terms import focus_terms, skus
from vidcost_xl.errors import NotInBookError, unknown_name
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.lists.rows import ListRow
from vidcost_xl.prices.lists.rules import Rules, rules_of
from vidcost_xl.prices.located import split_place
from vidcost_xl.prices.lookup import PriceBook

if TYPE_CHECKING:
    import pandas as pd

    from vidcost_xl.prices.schema import Meter

MATCHED: Final = "matched"
UNMATCHED: Final = "unmatched"

#: The kinds of charges of a form that are usage; the others are not spread over anything.
USAGE: Final = "usage"
SUPPORT: Final = "support"

AWS: Final = "aws"

#: The provider of what a plan prices itself, and the dimension of that.
OWN_PLAN: Final = "plan"
ITEM: Final = "item"

#: The kind of a row that names a meter which the book does not have; `how` says what is nearest.
UNKNOWN_METER: Final = "unknown meter"

#: How providers write regions: me-south-1, us-gov-west-1, africa-south1.
_A_REGION: Final = re.compile(r"[a-z]+(-[a-z]+)+-?\d+")

#: Kinds under which exports write support, too.
_MAY_BE_SUPPORT: Final = (USAGE, "fee", "purchase", "commitment")

#: Providers whose exports name what is billed as their price lists do.
_LISTED: Final = ("aws", "azure", "gcp")

#: What a row is told by.
_TOLD_BY: Final = (
    *("provider", "service", "service_code", "sku", "meter_id", "sku_meter", "usage_type", "operation", "description"),
    *("unit", "region", "kind", "meter"),
)


@dataclass(frozen=True)
class Match:
    """What a row is.

    Parameters
    ----------
    provider : str
        Id in the price book; as the bill writes it where nobody knows it.
    meter : str
        Empty for what is no usage of a meter of the book, and where only its dimension is known.
    dimension : str
        Of the meter: storage, transfer, ...
    region : str
        Where the meter counts, by the book's name; empty where neither the row nor the meter says so.
    to : str
        The other end of a transfer between regions.
    kind : str
        `MATCHED`, `UNMATCHED`, or the kind of a charge that is none of a meter: tax, credit, support, ...
    how : str
        What it was told by.
    units : float
        Billing units of the meter and month in one unit of the row; NaN where that is not known.
    """

    provider: str
    meter: str = ""
    dimension: str = ""
    region: str = ""
    to: str = ""
    kind: str = UNMATCHED
    how: str = ""
    units: float = float("nan")


def matched(billed: Billed) -> pd.DataFrame:
    """The items of a bill with what they are.

    Returns
    -------
    DataFrame
        The columns of `Billed.items` with those of `Match` in place of provider, meter, region and kind; `billed_units`
        is the quantity in billing units of the meter, `meter_units` NaN where a row has none.
    """
    import pandas as pd

    keys = billed.items[list(_TOLD_BY)].drop_duplicates()
    matcher = _Matcher(bill_rules(), price_book())
    found = [
        matcher.match(dict(zip(_TOLD_BY, cells, strict=True))) for cells in keys.itertuples(index=False, name=None)
    ]
    told = keys.assign(**{f"is_{name}": [getattr(each, name) for each in found] for name in Match.__dataclass_fields__})
    items = billed.items.merge(told, on=list(_TOLD_BY), how="left", validate="many_to_one")
    items["billed_units"] = pd.to_numeric(items["quantity"]) * items["is_units"]
    return items


@dataclass
class _Matcher:
    rules: BillRules
    book: PriceBook
    _lists: dict[str, Rules] = field(default_factory=dict)
    _places: dict[tuple[str, str], str] = field(default_factory=dict)

    def match(self, row: Mapping[str, str]) -> Match:
        provider = self.rules.provider_of(row["provider"])
        if provider is None:
            return Match(row["provider"], kind=UNMATCHED if row["kind"] == USAGE else row["kind"], how="kind")
        if row["kind"] in _MAY_BE_SUPPORT and self._is_support(provider, row):
            return Match(provider, kind=SUPPORT, how="service")
        if row["kind"] != USAGE:
            return Match(provider, kind=row["kind"], how="kind of charge")
        for step in (self._stated, self._by_sku, self._by_usage_type, self._by_list, self._by_words):
            found = step(provider, row)
            if found is not None:
                return found
        return Match(provider)

    def _is_support(self, provider: str, row: Mapping[str, str]) -> bool:
        return any(rule.fits(row) is not None for rule in self._by_what.get((provider, SUPPORT), ()))

    @cached_property
    def _by_what(self) -> Mapping[tuple[str, str], Sequence[BillRule]]:
        """Rules by provider and by what of a row they go by; those of support apart."""
        found: dict[tuple[str, str], list[BillRule]] = {}
        for rule in self.rules.rule:
            found.setdefault((rule.provider, SUPPORT if rule.kind == SUPPORT else rule.tells), []).append(rule)
        return found

    def _stated(self, provider: str, row: Mapping[str, str]) -> Match | None:
        # A ledger of this product, and its FOCUS, name the meter itself, or the input that holds a price.
        for name in (row["meter"], row["sku_meter"]):
            if provider == OWN_PLAN and name:
                return Match(provider, name, ITEM, kind=MATCHED, how="meter", units=1.0)
            plain, place = split_place(name)
            if plain in self.book.meters:
                return self._usage(provider, plain, (place or row["region"], ""), "meter", row["unit"])
        if row["meter"]:
            return Match(provider, kind=UNKNOWN_METER, how=unknown_name("meter", row["meter"], self.book.meters))
        return None

    def _by_sku(self, provider: str, row: Mapping[str, str]) -> Match | None:
        for sku in (row["meter_id"], row["sku"]):
            if (provider, sku) in skus():
                meter, regions = skus()[provider, sku]
                own = self._region(provider, row["region"])
                only = next(iter(regions)) if len(regions) == 1 else ""
                return self._usage(provider, meter, (own if own in regions else only, ""), "SKU", row["unit"])
        return None

    def _by_usage_type(self, provider: str, row: Mapping[str, str]) -> Match | None:
        if not row["usage_type"]:
            return None
        return self._by_rule(provider, row, "usage type") or self._by_key(provider, row, row["usage_type"])

    def _by_list(self, provider: str, row: Mapping[str, str]) -> Match | None:
        # Google describes a row of a bill as its catalogue does; Azure's name product, SKU and meter.
        if provider not in _LISTED or not row["description"] or (provider == AWS and row["usage_type"]):
            return None
        return self._by_key(provider, row, row["description"])

    def _by_words(self, provider: str, row: Mapping[str, str]) -> Match | None:
        return self._by_rule(provider, row, "description") or self._by_rule(provider, row, "service")

    def _by_rule(self, provider: str, row: Mapping[str, str], tells: str) -> Match | None:
        for rule in self._by_what.get((provider, tells), ()):
            groups = rule.fits(row)
            if groups is None:
                continue
            region = self._region(provider, groups.get("from", "")) or self._own_region(provider, row)
            to = self._region(provider, groups.get("to", ""))
            if rule.kind:
                return Match(provider, region=region, to=to, kind=rule.kind, how=tells)
            if rule.dimension:
                return Match(provider, "", rule.dimension, region, kind=MATCHED, how="service")
            meter = rule.meter_of(groups)
            if meter in self.book.meters:
                return self._usage(provider, meter, (region, to), tells, row["unit"])
        return None

    def _by_key(self, provider: str, row: Mapping[str, str], key: str) -> Match | None:
        if provider not in _LISTED:
            return None
        rules, issuer = self._list(provider), self._issuer(provider)
        code = key.partition("-")[0]
        region = self._region(provider, code if "-" in key else "") or self._own_region(provider, row)
        own = [issuer.offers.get(row["service"], row["service"]), row["service_code"]]
        services = dict.fromkeys(name for name in own if name)
        if not set(services) & set(issuer.not_anywhere):
            services |= dict.fromkeys(issuer.anywhere)
        for service in services:
            listed = _listed(service, key, row["operation"], region)
            rule = None if rules.refusal(listed) else rules.find(listed)
            if rule is not None and rule.meter in self.book.meters:
                place = rule.regions[0] if rule.regions else region
                how = "usage type" if row["usage_type"] else "list"
                return self._usage(provider, rule.meter, (place, ""), how, row["unit"])
        return None

    def _usage(self, provider: str, meter: str, ends: tuple[str, str], how: str, unit: str) -> Match:
        counted = self.book.meter(meter)
        units = self._units(provider, counted, unit)
        return Match(provider, meter, counted.dimension, self._region(provider, ends[0]), ends[1], MATCHED, how, units)

    def _region(self, provider: str, written: str) -> str:
        # A bill has few regions and many rows, and a name that nobody knows is the slowest to look up.
        key = (provider, written)
        if key not in self._places:
            self._places[key] = self._region_named(provider, written)
        return self._places[key]

    def _region_named(self, provider: str, written: str) -> str:
        # By billing code, by a name that only bills have, by the names of the book. An id that nobody here knows stays
        # what it is, so that it is no region of a plan; other words, such as Zone 1, say no region.
        if not written:
            return ""
        known = self._issuer(provider).regions.get(written)
        if known is None and provider in _LISTED:
            rules = self._list(provider)
            known = self._codes.get((provider, written)) or rules.region(written)
        if known is not None:
            return known
        try:
            return self.book.region(self.book.providers[provider], written)
        except (NotInBookError, KeyError):
            return written if _A_REGION.fullmatch(written) else ""

    def _own_region(self, provider: str, row: Mapping[str, str]) -> str:
        # A usage type of AWS without a code before it is of its first region.
        first = self.book.providers[provider].default_region if provider == AWS and row["usage_type"] else ""
        return self._region(provider, row["region"]) or first

    def _units(self, provider: str, counted: Meter, unit: str) -> float:
        hours = counted.hours_per_month or 1.0
        month_unit = (
            counted.billing_unit.replace("-hour", "-month") if counted.hours_per_month else counted.billing_unit
        )
        named = (unit, *self._issuer(provider).called(unit), *focus_terms().get(unit, ()))
        if month_unit in named:
            return 1.0
        if counted.billing_unit in named:
            return 1.0 / hours
        listed = self._list(provider).units if provider in _LISTED else {}
        factors = (listed.get(name, {}).get(counted.billing_unit) for name in named)
        factor = next((each for each in factors if each is not None), None)
        return float("nan") if factor is None else float(factor) / hours

    def _issuer(self, provider: str) -> Issuer:
        return self.rules.provider.get(provider) or Issuer(names=())

    def _list(self, provider: str) -> Rules:
        if provider not in self._lists:
            self._lists[provider] = rules_of(provider)
        return self._lists[provider]

    @cached_property
    def _codes(self) -> Mapping[tuple[str, str], str]:
        return {
            (provider, row.prefix): region
            for provider in _LISTED
            for region, row in rules_of(provider).regions.items()
            if row.prefix
        }


def _listed(service: str, key: str, operation: str, region: str) -> ListRow:
    nothing = Decimal(0)
    return ListRow(service, key, operation, region, "", "", nothing, None, nothing, "USD", None, "")


def kinds_of(items: pd.DataFrame) -> Iterable[str]:
    """The kinds of charges, matched ones first and what nothing matched last."""
    given = dict.fromkeys(items["is_kind"])
    others = sorted(kind for kind in given if kind not in {MATCHED, UNMATCHED})
    return [kind for kind in (MATCHED, *others, UNMATCHED) if kind in given]
