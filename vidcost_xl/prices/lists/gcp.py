"""Google Cloud Billing Catalog: the SKUs of services in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from vidcost_xl.prices.lists.rows import ListRow, PriceList, day, number

#: Money in Google's interfaces: whole units and billionths.
_NANOS: Final = Decimal(1_000_000_000)


def read_json(pages: Sequence[Mapping[str, Any]], name: str) -> PriceList:
    """One answer of the catalogue, or several in a list. The service gives them no day and no version."""
    return PriceList("gcp", name, "", None, _rows(pages, name), not pages[-1].get("nextPageToken"))


def _rows(pages: Sequence[Mapping[str, Any]], name: str) -> Iterator[ListRow]:
    for sku in (sku for page in pages for sku in page["skus"]):
        where = f"{name}, SKU {sku['skuId']}"
        if sku["category"]["usageType"] != "OnDemand":
            continue
        for priced in sku["pricingInfo"]:
            said = priced["pricingExpression"]
            for region in sku["serviceRegions"]:
                for tier in said["tieredRates"]:
                    money = tier["unitPrice"]
                    units = number(money.get("units", 0), "units", where)
                    yield ListRow(
                        service=sku["category"]["serviceDisplayName"],
                        key=sku["description"],
                        operation=sku["category"]["resourceGroup"],
                        region=region,
                        sku=sku["skuId"],
                        unit=said["usageUnit"],
                        start=number(tier["startUsageAmount"], "startUsageAmount", where),
                        end=None,
                        price=units + number(money.get("nanos", 0), "nanos", where) / _NANOS,
                        currency=money["currencyCode"],
                        valid_from=day(priced.get("effectiveTime")),
                        where=where,
                    )
