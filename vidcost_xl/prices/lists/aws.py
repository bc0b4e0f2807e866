"""AWS Price List: bulk offer files of one service, in JSON or CSV, of one region or of all."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TextIO

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.prices.lists.rows import ListRow, PriceList, day, number

#: An open end of a tier.
_OPEN: Final = "Inf"

#: Columns without which a file is no offer. The columns of the products differ from service to service.
_COLUMNS: Final = (
    "SKU",
    "PricePerUnit",
    "Currency",
    "Unit",
    "StartingRange",
    "EndingRange",
    "usageType",
    "EffectiveDate",
)

#: Lines of an offer's CSV before its table.
_HEAD: Final = ("FormatVersion", "Disclaimer", "Publication Date", "Version", "OfferCode")

#: Where a product says its place, the first that is filled: its region, or the end of a transfer that is one.
_PLACES: Final = ("Region Code", "From Region Code", "To Region Code", "Location", "From Location", "To Location")
_JSON_PLACES: Final = ("regionCode", "fromRegionCode", "toRegionCode", "location", "fromLocation", "toLocation")

#: The end of a transfer that lies outside, which is no place of the provider.
_OUTSIDE: Final = ("", "External", "Global", "Any")


def read_csv(stream: TextIO, name: str) -> PriceList:
    """An offer in CSV, read line by line.

    Raises
    ------
    BadArgumentError
        For a file without the head or the columns of an offer; while the rows are read, for a row that is cut off.
    """
    lines = csv.reader(stream, strict=True)
    head: dict[str, str] = {}
    try:
        for line in lines:
            if line and line[0] in _HEAD:
                head[line[0]] = line[1] if len(line) > 1 else ""
            elif line and not line[0].startswith("sep="):
                break
    except csv.Error as error:
        raise BadArgumentError(f"{name}, line {lines.line_num}: not a price list in CSV ({error}).") from None
    else:
        line = line if head else []
    missing = [column for column in _COLUMNS if column not in line]
    if "OfferCode" not in head or missing:
        raise BadArgumentError(
            f"{name} is not an AWS price list: its CSV begins with FormatVersion, Version and OfferCode, "
            f"then a table with the columns {', '.join(_COLUMNS)}."
        )
    rows = _csv_rows(lines, line, head["OfferCode"], name)
    return PriceList("aws", name, head.get("Version", ""), day(head.get("Publication Date")), rows)


def _csv_rows(lines: Any, columns: Sequence[str], offer: str, name: str) -> Iterator[ListRow]:
    at = {column: position for position, column in enumerate(columns)}
    places = [at[column] for column in _PLACES if column in at]
    try:
        for line in lines:
            if not line:
                continue
            where = f"{name}, line {lines.line_num}"
            if len(line) != len(columns):
                raise BadArgumentError(
                    f"{where}: {len(line)} columns where the table has {len(columns)}; the file is cut off or damaged."
                )
            if "TermType" in at and line[at["TermType"]] != "OnDemand":
                continue
            end = line[at["EndingRange"]]
            yield ListRow(
                service=offer,
                key=line[at["usageType"]],
                operation=line[at["operation"]] if "operation" in at else "",
                region=next((line[place] for place in places if line[place] not in _OUTSIDE), ""),
                sku=line[at["SKU"]],
                unit=line[at["Unit"]],
                start=number(line[at["StartingRange"]], "StartingRange", where),
                end=_end(end, where),
                price=number(line[at["PricePerUnit"]], "PricePerUnit", where),
                currency=line[at["Currency"]],
                valid_from=day(line[at["EffectiveDate"]]),
                where=where,
            )
    except csv.Error as error:
        raise BadArgumentError(f"{name}, line {lines.line_num}: the file is cut off or damaged ({error}).") from None


def read_json(offer: Mapping[str, Any], name: str) -> PriceList:
    """An offer in JSON."""
    published = day(offer.get("publicationDate"))
    return PriceList("aws", name, str(offer.get("version", "")), published, _json_rows(offer, name))


def _json_rows(offer: Mapping[str, Any], name: str) -> Iterator[ListRow]:
    terms = offer["terms"].get("OnDemand", {})
    for sku, product in offer["products"].items():
        said = product["attributes"]
        for term in terms.get(sku, {}).values():
            for code, tier in term["priceDimensions"].items():
                where = f"{name}, rate {code}"
                for currency, price in tier["pricePerUnit"].items():
                    yield ListRow(
                        service=offer["offerCode"],
                        key=said.get("usagetype", ""),
                        operation=said.get("operation", ""),
                        region=next((said[place] for place in _JSON_PLACES if said.get(place, "") not in _OUTSIDE), ""),
                        sku=sku,
                        unit=tier["unit"],
                        start=number(tier["beginRange"], "beginRange", where),
                        end=_end(tier["endRange"], where),
                        price=number(price, "pricePerUnit", where),
                        currency=currency,
                        valid_from=day(term["effectiveDate"]),
                        where=where,
                    )


def _end(text: str, where: str) -> Decimal | None:
    return None if text == _OPEN else number(text, "the end of the range", where)
