"""What the words of every bill mean in the price book: SKUs of its prices, units of FOCUS."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from vidcost_xl.model.focus import focus_units
from vidcost_xl.prices.book import price_book


@lru_cache(maxsize=1)
def focus_terms() -> Mapping[str, tuple[str, ...]]:
    """What the book calls the units of FOCUS."""
    named = focus_units()
    return {name: tuple(unit for unit in named if named[unit] == name) for name in named.values()}


@lru_cache(maxsize=1)
def skus() -> Mapping[tuple[str, str], tuple[str, frozenset[str]]]:
    """Meter and its regions by provider and SKU, of every price of the book; a SKU of several meters tells none."""
    book = price_book()
    meters: dict[tuple[str, str], set[str]] = {}
    regions: dict[tuple[str, str], set[str]] = {}
    for meter, price in book.all_prices():
        provider = book.provider_of(meter.id).id
        for sku in {price.sku, *(tier.sku for tier in price.tiers)} - {""}:
            meters.setdefault((provider, sku), set()).add(meter.id)
            regions.setdefault((provider, sku), set()).add(price.region)
    return {key: (next(iter(found)), frozenset(regions[key])) for key, found in meters.items() if len(found) == 1}
