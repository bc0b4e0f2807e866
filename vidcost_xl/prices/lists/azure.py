"""Azure Retail Prices: pages of its API in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from vidcost_xl.prices.lists.rows import ListRow, PriceList, day, number

#: The prices that anyone pays; others are reservations and rates for development.
_TYPE: Final = "Consumption"


def items_of(page: Mapping[str, Any]) -> Any:
    """The items of a page: the service writes `Items`, some copies `items`. None for another file."""
    return page.get("Items", page.get("items"))


def read_json(pages: Sequence[Mapping[str, Any]], name: str) -> PriceList:
    """One page, or several in a list. The service gives them no day and no version."""
    whole = not pages[-1].get("NextPageLink")
    return PriceList("azure", name, "", None, _rows(pages, name), whole)


def _rows(pages: Sequence[Mapping[str, Any]], name: str) -> Iterator[ListRow]:
    items = (item for page in pages for item in items_of(page))
    for position, item in enumerate(items, start=1):
        if item["type"] != _TYPE:
            continue
        where = f"{name}, item {position}"
        yield ListRow(
            service=item["serviceName"],
            key=f"{item['productName']} / {item['skuName']} / {item['meterName']}",
            operation="",
            region=item["armRegionName"],
            sku=item["meterId"],
            unit=item["unitOfMeasure"],
            start=number(item["tierMinimumUnits"], "tierMinimumUnits", where),
            end=None,
            price=number(item["retailPrice"], "retailPrice", where),
            currency=item["currencyCode"],
            valid_from=day(item["effectiveStartDate"]),
            where=where,
        )
