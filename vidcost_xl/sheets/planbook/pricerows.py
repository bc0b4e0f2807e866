"""The figures of a row of the sheet Prices: what its formulas read, and a fingerprint of them as made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Final

from vidcost_xl.model.calendar import EXCEL_EPOCH
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.sheets.layout import Entry, Formula
from vidcost_xl.sheets.planbook.kept import Figure
from vidcost_xl.sheets.pricelist import COLUMNS
from vidcost_xl.sheets.splice import number

#: Columns that the native formulas read, by key.
FIGURES: Final = (
    "unit",
    "unit_size",
    "valid_from",
    "tier_from",
    "price",
    "free",
    "free_position",
    "rounded",
    "minimum",
    "hours",
)

#: Key, heading and width of the columns that only the plan workbook has.
OWN_COLUMNS: Final = (
    ("meter", "Meter", 42.0),
    ("rounded", "Rounded up to whole units", 10.0),
    ("minimum", "Billed at least, units", 10.0),
    ("hours", "Hours in the provider's month", 11.0),
)
FINGERPRINT: Final = ("made", "Fingerprint of the row as made", 13.0)

#: Heading of each column of the sheet, by key.
HEADINGS: Final = {
    **{key: heading for key, heading, *_ in COLUMNS},
    **{key: heading for key, heading, _ in (*OWN_COLUMNS, FINGERPRINT)},
}

#: Hexadecimal digits of a fingerprint: enough for an accident, and short in print.
DIGITS: Final = 8


def figures_of(entries: Mapping[str, Entry]) -> dict[str, Figure]:
    """The figures of a declared row, as its cells hold them."""
    return {column: _figure(entries[column].value) for column in FIGURES if column in entries}


def fingerprint(figures: Mapping[str, Figure]) -> str:
    """The first digits of the SHA-256 of a row's figures."""
    written = [figures.get(column, "") for column in FIGURES]
    texts = [value if isinstance(value, str) else number(value) for value in written]
    return hashlib.sha256("|".join(texts).encode()).hexdigest()[:DIGITS]


def listed_figures(book: PriceBook) -> dict[str, list[dict[str, Figure]]]:
    """The figures of every row that the sheet has for a price book, by meter."""
    from vidcost_xl.sheets.planbook.prices import all_prices_sheet

    found: dict[str, list[dict[str, Figure]]] = {}
    for row in all_prices_sheet(book)[0].rows:
        if row.id.startswith("tier_"):
            found.setdefault(str(row.entries["meter"].value), []).append(figures_of(row.entries))
    return found


def _figure(value: object) -> Figure:
    if isinstance(value, date):
        return float((value - EXCEL_EPOCH).days)
    if isinstance(value, Formula):
        raise TypeError(f"{value.text} is no figure")
    return value if isinstance(value, str) else float(value)  # type: ignore[arg-type]
