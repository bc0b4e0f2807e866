"""The sheet Prices: every price the page can use, one row a tier, with its passport."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from vidcost_xl.prices.book import PriceBook, PricedMeter
from vidcost_xl.prices.located import provider_of
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Value
from vidcost_xl.sheets.quick.choices import Choices, FreeItem

SHEET: Final = "Prices"
NO_UPPER_BOUND: Final = "no limit"
NO_SKU: Final = "not given"
UNDATED: Final = "undated"
#: Confidence of an item that no meter charges: our reading of the source, not a price in it.
DERIVED: Final = "derived"
_LINE_POINTS: Final = 13.0
#: Width of an average letter in widths of a digit, with what lines lose by breaking at words.
_LETTER: Final = 1.0

#: Key, heading, width, style, number format.
COLUMNS: Final = (
    ("key", "Key: meter, region", 33.0, "wrapped", None),
    ("label", "What is billed", 25.0, "wrapped_indent", None),
    ("tier_from", "Tier from, units", 10.0, "constant", "count"),
    ("tier_to", "Tier to, units", 10.0, "constant", "count"),
    ("unit", "Billing unit", 17.0, "unit", None),
    ("unit_size", "Bytes or items in a unit", 13.0, "constant", "count"),
    ("price", "List price of a unit, USD", 12.0, "constant", "small_price"),
    ("free", "Free a month, units", 11.0, "constant", "count"),
    ("free_position", "Free units come off", 10.0, "unit", None),
    ("charged_from", "Charged from, units", 11.0, "number", "count"),
    ("step", "Step to this price, USD", 12.5, "number", "small_price"),
    ("sku", "SKU", 19.0, "unit", None),
    ("valid_from", "Valid from", 10.5, "constant", "date"),
    ("read_on", "Read on", 10.5, "constant", "date"),
    ("confidence", "Confidence", 11.5, "unit", None),
    ("source", "Source", 52.0, "wrapped", None),
    ("locator", "Where it was read [file/key]", 31.0, "wrapped_indent", None),
    ("note", "Note", 46.0, "wrapped_indent", None),
)
STYLE: Final = {key: (style, number_format) for key, _, _, style, number_format in COLUMNS}
_TITLE, _STAMP, _SPACE, _HEADINGS = "prices_title", "prices_stamp", "prices_space", "prices_headings"


def key_of(meter: str, region: str) -> str:
    """The key of a price on the sheet: what formulas look up."""
    return f"{meter} {region}"


def prices_sheet(book: PriceBook, choices: Choices, master_check: str) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet and the workbook names of its columns.

    Parameters
    ----------
    master_check : str
        Reference to the workbook's check, such as `{headline.check}`.

    Returns
    -------
    SheetLayout, dict
        Names: `tier_...` over the data rows, `price_...` from row 1 on, so that a MATCH in
        `price_key` is a row number of the sheet.
    """
    tiers: list[dict[str, Entry]] = []
    for region in choices.regions:
        for meter in choices.meters:
            tiers += tier_entries(book, book.price(meter, region), region)
        tiers += [_free(item, region) for item in choices.free]
    rows = [
        Row(f"tier_{number}", entries, height=row_height(entries))
        for number, entries in enumerate(with_steps(tiers), start=1)
    ]
    first, last = rows[0].id, rows[-1].id
    head = (
        Row(
            _TITLE,
            {
                "key": Entry("Prices in use, with their sources", "title"),
                "unit_size": Entry("Checks of the workbook", "label_right"),
                "price": Entry(Formula(f"={master_check}"), "flag", "flags"),
            },
            height=24,
        ),
        Row(
            _STAMP,
            {
                "key": Entry(
                    f"List prices from the price book of {book.as_of:%Y-%m-%d} (digest {book.digest}). "
                    "Bounds are in billing units. The native formulas read this sheet, the functions read the book: "
                    "a price changed here shows as a difference. A negotiated discount is an input of the first sheet; "
                    "private rates are an argument of every price function.",
                    "subtitle",
                )
            },
        ),
        Row(_SPACE, height=6),
        Row(
            _HEADINGS,
            {key: Entry(heading, "heading_wrapped") for key, heading, *_ in COLUMNS},
            height=42,
        ),
    )
    names = {f"tier_{column}": f"{{{first}.{column}:{last}.{column}}}" for column in ("key", "charged_from", "step")}
    for column in ("key", "unit", "unit_size", "price", "read_on", "confidence", "source"):
        names[f"price_{column}"] = f"{{{_TITLE}.{column}:{last}.{column}}}"
    sheet = SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, _, width, _, _ in COLUMNS),
        rows=(*head, *rows),
        last_frozen=_HEADINGS,
        flags=(f"{{{_TITLE}.price:{_TITLE}.price}}",),
    )
    return sheet, names


def tier_entries(book: PriceBook, priced: PricedMeter, region: str) -> list[dict[str, Entry]]:
    """The tiers of one price as entries by column, without the helper columns of `with_steps`."""
    meter, price = priced.meter, priced.price
    starts = [tier.start for tier in price.tiers]
    notes = [note for note in (meter.note, price.note) if note] + [f"Flag: {flag}." for flag in price.flags]
    rows = []
    ends: list[Value] = [*starts[1:], NO_UPPER_BOUND]
    for index, (tier, end) in enumerate(zip(price.tiers, ends, strict=True)):
        key, source = book.source(priced, index)
        behind = book.sources_behind(priced, index)
        read = tier.read_on or (source.read_on if tier.source else price.read_on)
        values: dict[str, Value] = {
            "key": key_of(meter.id, region),
            "label": meter.label,
            "tier_from": tier.start,
            "tier_to": end,
            "unit": priced.unit,
            "unit_size": meter.unit_size,
            "price": priced.tariff.prices[index],
            "free": price.allowance.quantity if price.allowance else 0.0,
            "free_position": price.allowance.position if price.allowance else "before",
            "sku": tier.sku or price.sku or NO_SKU,
            "valid_from": price.valid_from,
            "read_on": read or UNDATED,
            "confidence": tier.confidence or price.confidence,
            "source": "; ".join(f"{how}: {found.title}".removeprefix(": ") for how, _, found in behind),
            # Of the first; the places of the others are in VIDEO_SOURCE, and would make a row of ten lines here.
            "locator": f"{source.locator or source.kind} [{priced.provider.id}/{key}]",
            "note": " ".join(notes),
        }
        rows.append({column: Entry(value, *STYLE[column]) for column, value in values.items() if value != ""})
    return rows


def _free(item: FreeItem, region: str) -> dict[str, Entry]:
    provider = provider_of(item.meter)
    values: dict[str, Value] = {
        "key": key_of(item.meter, region),
        "label": item.label,
        "tier_from": 0.0,
        "tier_to": NO_UPPER_BOUND,
        "unit": item.unit,
        "unit_size": item.unit_size,
        "price": 0.0,
        "free": 0.0,
        "free_position": "before",
        "sku": NO_SKU,
        "valid_from": item.source.read_on or UNDATED,
        "read_on": item.source.read_on or UNDATED,
        "confidence": DERIVED,
        "source": item.source.title,
        "locator": f"{item.source.locator or item.source.kind} [{provider}/{item.source_key}]",
        "note": item.note,
    }
    return {column: Entry(value, *STYLE[column]) for column, value in values.items()}


def with_steps(tiers: list[dict[str, Entry]]) -> list[dict[str, Entry]]:
    """Tiers with the two helper columns that native formulas read, where they have none of their own."""
    # Native formulas add up price steps above each bound; free units move the bounds up.
    completed = []
    for number, entries in enumerate(tiers, start=1):
        before = f"tier_{number - 1}" if number > 1 else _HEADINGS
        formulas = {
            "charged_from": '=IF({.free_position}="inside",MAX({.tier_from},{.free}),{.tier_from}+{.free})',
            "step": f"={{.price}}-IF({{.tier_from}}=0,0,{{{before}.price}})",
        }
        computed = {column: Entry(Formula(text), *STYLE[column]) for column, text in formulas.items()}
        completed.append({**computed, **entries})
    return completed


def row_height(entries: dict[str, Entry], wide: Mapping[str, float] | None = None) -> float:
    """Points that the wrapped texts of a row need, with the widths of columns that are not those of `COLUMNS`."""
    # Neither openpyxl nor a viewer fits the height of wrapped text.
    lines = [
        math.ceil(len(text) * _LETTER / (wide or {}).get(key, width))
        for key, _, width, style, _ in COLUMNS
        if style.startswith("wrapped") and key in entries and isinstance(text := entries[key].value, str)
    ]
    return max(lines) * _LINE_POINTS + _LINE_POINTS / 4
