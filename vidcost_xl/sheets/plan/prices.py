"""The sheet Prices: every meter that a choice on Inputs can use, every version of its price, one row a tier."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from vidcost_xl.digits import kept
from vidcost_xl.model.calendar import EXCEL_EPOCH, LAST_SERIAL, day_of_serial
from vidcost_xl.model.input_names import REFERENCES
from vidcost_xl.model.rate_keys import RATE_PREFIX
from vidcost_xl.prices.book import PriceBook, PricedMeter, compile_tariff
from vidcost_xl.prices.located import split_place
from vidcost_xl.prices.schema import Meter, Price
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.package.edits.values import number
from vidcost_xl.sheets.plan.row_names import MASTER, value_of
from vidcost_xl.sheets.plan.user_notes import Figure
from vidcost_xl.sheets.quick.price_list import COLUMNS, STYLE, row_height, tier_entries, with_steps

SHEET: Final = "Prices"

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
    "valid_to",
)
#: Those of them that fingerprints of older files cover.
OLDER_FIGURES: Final = FIGURES[:-1]

#: Those of them that are days.
DAYS: Final = ("valid_from", "valid_to")

#: Key, heading and width of the columns that only the plan workbook has.
OWN_COLUMNS: Final = (
    ("meter", "Meter", 42.0),
    ("in_force", "In force", 8.0),
    ("valid_to", "No longer valid on", 11.0),
    ("rounded", "Rounded up to whole units", 10.0),
    ("minimum", "Billed at least, units", 10.0),
    ("hours", "Hours in the provider's month", 11.0),
)
#: Tiers that a price may have, and each of them in its first row.
TIERS: Final = 8
TIER_COLUMNS: Final = (
    *((f"from{k}", f"Tier {k} charged from", 11.0) for k in range(1, TIERS + 1)),
    *((f"step{k}", f"Step to tier {k}", 11.0) for k in range(1, TIERS + 1)),
)
FINGERPRINT: Final = ("made", "Fingerprint of the row as made", 13.0)

#: Heading of each column of the sheet, by key.
HEADINGS: Final = {
    **{key: heading for key, heading, *_ in COLUMNS},
    **{key: heading for key, heading, _ in (*OWN_COLUMNS, FINGERPRINT, *TIER_COLUMNS)},
}

#: Hexadecimal digits of a fingerprint: enough for an accident, and short in print.
DIGITS: Final = 8

#: What stands for the price of a meter without any, and why.
RATED: Final = "private rate"
NO_LIST_PRICE: Final = "No list price is published: priced where Changes has rate.<meter> for all months."

_KEY_WIDTH: Final = 50.0
_SIZE_WIDTH: Final = 19.0
#: Of the columns whose texts make a row tall.
_TEXT_WIDTHS: Final = {"source": 84.0, "locator": 52.0, "note": 76.0}


def all_prices_sheet(
    book: PriceBook, typed: Mapping[tuple[str, int], Mapping[str, Figure]] | None = None
) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet and its workbook names.

    Parameters
    ----------
    typed : mapping, optional
        Figures that take the place of the book's, by meter and number of its row from 1, then by column.

    Returns
    -------
    SheetLayout, dict
        Names `price_...` over the data rows.
    """
    tiers: list[dict[str, Entry]] = []
    for meter in book.meters.values():
        if meter.id.startswith(REFERENCES):
            continue
        tiers += [
            {**entries, **_typed(entries, (typed or {}).get((meter.id, at), {}))}
            for at, entries in enumerate(_meter(book, meter), start=1)
        ]
    completed = _across(with_steps(tiers))
    wide = {"key": _KEY_WIDTH, "unit_size": _SIZE_WIDTH, **_TEXT_WIDTHS}
    rows = [
        Row(f"tier_{at}", entries, height=row_height(entries, wide)) for at, entries in enumerate(completed, start=1)
    ]
    columns = [(key, heading, wide.get(key, width)) for key, heading, width, _, _ in COLUMNS]
    columns[0] = ("key", "Meter, where the price is in force", _KEY_WIDTH)
    columns[1:1] = list(OWN_COLUMNS)
    columns += [FINGERPRINT, *TIER_COLUMNS]
    about = (
        f"List prices from the price book of {book.as_of:%Y-%m-%d} (digest {book.digest}), in each provider's default "
        "region and in those that the plan names. Native formulas read this sheet and the functions read the book: a "
        "price changed here shows as a difference in Checks. Negotiated prices are lines of Changes."
    )
    head = (
        Row(
            "prices_title",
            {
                "key": Entry("Prices, with their sources", "title"),
                "unit": Entry("Checks of the workbook", "label_right"),
                "unit_size": Entry(Formula(f"={MASTER}"), "flag", "flags"),
            },
            height=24,
        ),
        Row("prices_stamp", {"key": Entry(about, "subtitle")}),
        Row(
            "prices_day",
            {
                "key": Entry("Prices in force on"),
                "meter": Entry(Formula(f'=IF({_AS_OF}="",last_day,{_AS_OF})'), "number", "day_or_newest"),
                "label": Entry("money.as_of; the newest when that is empty", "note"),
                # A criterion that is an error finds errors: without a day it finds nothing.
                "made": Entry(Formula('=IF(ISNUMBER(price_day),"<="&price_day,"no date")'), "text"),
            },
        ),
        Row("prices_headings", {key: Entry(heading, "heading_wrapped") for key, heading, _ in columns}, height=42),
    )
    first, last = rows[0].id, rows[-1].id
    named = (
        "key",
        "meter",
        "label",
        "unit",
        "unit_size",
        "valid_from",
        "valid_to",
        "charged_from",
        "step",
        "rounded",
        "minimum",
        "hours",
    )
    names = {f"price_{column}": f"{{{first}.{column}:{last}.{column}}}" for column in named}
    for part in ("from", "step"):
        names[f"tier_{part}"] = f"{{{first}.{part}1:{last}.{part}{TIERS}}}"
    names["price_day"], names["price_until"] = "{prices_day.meter}", "{prices_day.made}"
    sheet = SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, _, width in columns),
        rows=(*head, *rows),
        last_frozen="prices_headings",
        large_paper=True,
        title_columns=1,
        pages_wide=2,
        last_printed_column="note",
        flags=("{prices_title.unit_size:prices_title.unit_size}",),
    )
    return sheet, names


def _across(tiers: list[dict[str, Entry]]) -> list[dict[str, Entry]]:
    # The tiers of a price side by side in its first row, where the formulas of charges look them up.
    first, found = 0, [dict(entries) for entries in tiers]
    for at, entries in enumerate(tiers):
        price = [entries[column].value for column in ("meter", "valid_from")]
        if price != [tiers[first][column].value for column in ("meter", "valid_from")]:
            first = at
        for part, column in (("from", "charged_from"), ("step", "step")):
            shown = Entry(Formula(f"={{tier_{at + 1}.{column}}}"), *STYLE[column])
            found[first][f"{part}{at - first + 1}"] = shown
    return found


#: The newest version of a meter's price that holds already.
_IN_FORCE: Final = (
    "=({.valid_from}<=price_day)*"
    '(COUNTIFS(price_meter,{.meter},price_valid_from,">"&{.valid_from},price_valid_from,price_until)=0)'
)
_AS_OF: Final = value_of("money.as_of")


def _typed(entries: Mapping[str, Entry], figures: Mapping[str, Figure]) -> dict[str, Entry]:
    # The fingerprint stays that of the book, so that the next reader sees what was typed over.
    shown = {
        column: day_of_serial(value) if column in DAYS and isinstance(value, float) else value
        for column, value in figures.items()
    }
    return {column: replace(entries[column], value=value) for column, value in shown.items()}


def _meter(book: PriceBook, meter: Meter) -> list[dict[str, Entry]]:
    default = book.provider_of(meter.id).default_region
    # Of a meter in a region all of its prices are those there.
    versions = meter.price if split_place(meter.id)[1] else book.prices_in(meter, default)
    if not versions:
        return [_unlisted(book, meter)]
    found: list[dict[str, Entry]] = []
    for price in sorted(versions, key=lambda version: version.valid_from):
        found += _version(book, meter, price)
    return found


def _unlisted(book: PriceBook, meter: Meter) -> dict[str, Entry]:
    # A meter without any list price has one row, in force where lines of Changes rate it on all days of the plan; the
    # first of them stands for the list price.
    rated = f'ch_key,"{RATE_PREFIX}{split_place(meter.id)[0]}"'
    first = f"{rated},ch_from,{{cal_begun.m1}},ch_to,{{cal_lasting.m1}}"
    own = _version(book, meter, book.at_rate(meter.id, None, 0.0).price)[0]
    shown = {
        "in_force": Entry(Formula(f"=--(SUMIFS(ch_days,{rated})>plan_end-plan_start)"), "number", "count"),
        "price": Entry(RATED, *STYLE["price"]),
        "step": Entry(Formula(f"=SUMIFS(ch_new,{first})"), *STYLE["step"]),
        "note": Entry(NO_LIST_PRICE, *STYLE["note"]),
    }
    found = {**own, **shown}
    return {**found, "made": Entry(fingerprint(figures_of(found)), "unit")}


def _version(book: PriceBook, meter: Meter, price: Price) -> list[dict[str, Entry]]:
    provider = book.provider_of(meter.id)
    if len(price.tiers) > TIERS or meter.tariff != "graduated":
        raise ValueError(f"{meter.id}: the native formulas have {TIERS} tiers, and graduated tariffs only")
    priced = PricedMeter(meter, price, provider, compile_tariff(meter, price))
    own = {
        "key": Entry(Formula('=IF({.in_force}>0,{.meter},"")')),
        "in_force": Entry(Formula(_IN_FORCE), "number", "count"),
        "meter": Entry(meter.id),
        "rounded": Entry(int(meter.rounding == "up"), "constant", "count"),
        "minimum": Entry(priced.tariff.minimum_quantity, "constant", "count"),
        "valid_to": Entry(price.valid_to or day_of_serial(LAST_SERIAL), "constant", "day_or_open"),
        "hours": Entry(provider.hours_per_month, "constant", "count"),
    }
    tiers = [{**entries, **own} for entries in tier_entries(book, priced, price.region)]
    return [{**entries, "made": Entry(fingerprint(figures_of(entries)), "unit")} for entries in tiers]


def figures_of(entries: Mapping[str, Entry]) -> dict[str, Figure]:
    """The figures of a declared row, as its cells hold them."""
    return {column: _figure(entries[column].value) for column in FIGURES if column in entries}


def fingerprint(figures: Mapping[str, Figure], columns: tuple[str, ...] = FIGURES) -> str:
    """The first digits of the SHA-256 of a row's figures."""
    written = [figures.get(column, "") for column in columns]
    texts = [value if isinstance(value, str) else number(value) for value in written]
    return hashlib.sha256("|".join(texts).encode()).hexdigest()[:DIGITS]


def listed_figures(book: PriceBook) -> dict[str, list[dict[str, Figure]]]:
    """The figures of every row that the sheet has for a price book, by meter."""
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
    return value if isinstance(value, str) else kept(float(value))  # type: ignore[arg-type]
