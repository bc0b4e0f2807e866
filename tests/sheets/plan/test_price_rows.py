"""The rows of the sheet Prices: what stands in them, and how many there are."""

from __future__ import annotations

from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.layout.sheet_layout import Row
from vidcost_xl.sheets.plan.prices import all_prices_sheet


def rows_of(meter: str) -> list[Row]:
    sheet, _ = all_prices_sheet(price_book())
    return [row for row in sheet.rows if row.id.startswith("tier_") and row.entries["meter"].value == meter]


def test_a_row_names_the_sources_that_agree_and_those_against_it() -> None:
    (row,) = rows_of("aws.s3.glacier-flexible.put")
    source, locator = str(row.entries["source"].value), str(row.entries["locator"].value)
    assert "; also: infracost" in source and "; against: objectfs" in source
    assert source.count("; ") + 1 >= 3
    # The place of the first alone: VIDEO_SOURCE has the others'.
    assert locator.count("[aws/") == 1
