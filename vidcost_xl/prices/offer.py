"""Comparing the book with a provider's own price file: the AWS bulk offer, SKU by SKU.

The file is read from disk; nothing is fetched. Products are matched by SKU, because
the names of AWS products repeat and mislead: `GDA-Staging` in the S3 offer is priced at
21 times Glacier Deep Archive.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.prices.lists.reading import open_list
from vidcost_xl.prices.lookup import PriceBook
from vidcost_xl.prices.review import Finding
from vidcost_xl.prices.schema import Meter, Price

#: Offer files hold prices to ten decimals; two prices this close are the same.
PRICE_DECIMALS: Final = 10


def compare_offer(book: PriceBook, path: Path) -> list[Finding]:
    """Compare every price of the book that carries a SKU of the offer with it.

    Parameters
    ----------
    path : Path
        An AWS bulk offer file in JSON or CSV, such as AmazonS3's for one region.

    Returns
    -------
    list of Finding
        An error for each tier that differs; the last one counts the SKUs compared.

    Raises
    ------
    BadArgumentError
        For a file that is not such an offer, or that holds none of the book's SKUs.
    """
    offered = _on_demand(path)
    findings = []
    compared = 0
    for meter, price, skus in _prices_with_skus(book):
        for sku in skus & set(offered):
            compared += 1
            findings += _differences(meter, price, sku, offered[sku])
    if not compared:
        raise BadArgumentError(f"{path.name} holds none of the SKUs in the price book; nothing was compared.")
    return [*findings, Finding("ok", "", "", f"{compared} SKUs of {path.name} compared, {len(findings)} differences")]


def _on_demand(path: Path) -> dict[str, dict[float, float]]:
    """By SKU, the price of each tier in dollars by its lower bound."""
    found: dict[str, dict[float, float]] = {}
    with open_list(path) as listed:
        if listed.provider != "aws":
            raise BadArgumentError(f"{path.name} is not a price list of AWS, whose SKUs are compared.")
        for row in listed.rows:
            if row.currency == "USD":
                found.setdefault(row.sku, {})[float(row.start)] = float(row.price)
    return found


def _prices_with_skus(book: PriceBook) -> Iterator[tuple[Meter, Price, set[str]]]:
    for meter, price in book.all_prices():
        skus = {sku for sku in (price.sku, *(tier.sku for tier in price.tiers)) if sku}
        if meter.id.startswith("aws.") and skus:
            yield meter, price, skus


def _differences(meter: Meter, price: Price, sku: str, offered: dict[float, float]) -> list[Finding]:
    ours = {tier.start: tier.price for tier in price.tiers if (tier.sku or price.sku) == sku}
    return [
        Finding(
            "error",
            meter.id,
            price.region,
            f"SKU {sku} from {start:g}: {_shown(ours.get(start))} in the book, {_shown(offered.get(start))} offered",
        )
        for start in sorted(set(ours) | set(offered))
        if not math.isclose(
            ours.get(start, math.inf), offered.get(start, -math.inf), rel_tol=0, abs_tol=10**-PRICE_DECIMALS
        )
    ]


def _shown(price: float | None) -> str:
    return "no tier" if price is None else f"{price:.10g}"
