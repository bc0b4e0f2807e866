"""Audit functions: the passport of a price, the allowed names, the version."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl import __version__
from vidcost_xl.errors import BadArgumentError, NotInBookError, as_cell, unknown_name
from vidcost_xl.functions.access import ALL_FREQUENT, last_read
from vidcost_xl.functions.arguments import read_optional_text, read_text
from vidcost_xl.functions.days import read_day
from vidcost_xl.functions.lists import LISTS
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.values import default_text, is_stated
from vidcost_xl.names import find_name
from vidcost_xl.prices.book import PriceBook, PricedMeter, price_book
from vidcost_xl.prices.located import in_place, split_place

if TYPE_CHECKING:
    from vidcost_xl.prices.schema import StorageClass

Table = list[list[Any]]

#: What anyone may put in place of a list price, and how.
OVERRIDE: Final = "a private rate (argument rates) or a discount"

PASSPORT: Final = (
    "meter",
    "region",
    "tier_from",
    "tier_to",
    "billing_unit",
    "unit_price",
    "currency",
    "sku",
    "valid_from",
    "read_on",
    "confidence",
    "source",
    "note",
    "override_by",
)


@excel_function(
    "Audit",
    "Passport of a price: tier, unit price, SKU, source, date read, and what may override it. Spills a table.",
    helps={
        "meter": "A meter, storage class or route of the price book; a route shows all of its meters.",
        "as_of": 'The day whose prices hold: a date cell or "2026-10-01". Left out: the newest price in the book.',
    },
    kinds={"as_of": "value"},
)
def VIDEO_SOURCE(
    meter: object = default_text("aws.s3.standard.storage"), region: object = None, as_of: object = None
) -> Table:
    """Where a price comes from.

    Parameters
    ----------
    meter : str
        Meter, storage class or route.
    region : str, optional
    as_of : date, optional

    Returns
    -------
    list of rows
        A header, then one row a tier. Of a class or route also a row for each of its meters that has no price there,
        with #N/A for the price and the reason.

    Raises
    ------
    NotInBookError
        For a name that is none of the three, and where none of its meters has a price.

    Examples
    --------
    >>> VIDEO_SOURCE("aws.s3.standard.storage")[1][:6]
    ['aws.s3.standard.storage', 'us-east-1', 0.0, 51200.0, 'GB-month', 0.023]
    """
    book = price_book()
    name, place = split_place(read_text(meter, "meter"))
    beside = read_optional_text(region, "region")
    day = read_day(as_of, "as_of") if is_stated(as_of) else None
    wanted = _row_of(book, name)
    place = book.place(wanted, place, beside)
    found = meters_of(book, wanted if place is None else in_place(wanted, place))
    rows: Table = []
    unpriced: list[NotInBookError] = []
    for each in found:
        try:
            rows += passport(book, book.price(each, None, day))
        except NotInBookError as error:
            unpriced.append(error)
            rows.append(_unpriced(book, each, error))
    if len(unpriced) == len(found):
        raise unpriced[0]
    return [list(PASSPORT), *rows]


def _row_of(book: PriceBook, name: str) -> str:
    wanted = name.strip().casefold()
    return wanted if wanted in (known := book.named()) else find_name("meter, class or route", name, known.values())


def meters_of(book: PriceBook, name: str) -> list[str]:
    """The meters behind the id of a meter, storage class or route, in the region or between the ends behind its mark.

    Returns
    -------
    list of str
        Without repetition, in the order they are charged.
    """
    wanted = split_place(name)[0]
    if wanted in book.meters:
        return [name]
    found: list[str] = []
    for way, identifier in book.routes:
        if identifier == wanted:
            route = book.route(way, name)
            found += [*(leg.meter for leg in route.legs), *route.get_requests, *route.not_included]
    if wanted in book.classes:
        item = book.storage_class(name)
        found += [
            item.storage,
            *(age.meter for age in item.by_last_access),
            *(extra.meter for extra in item.per_object),
        ]
        found += [name for name in (item.monitoring, item.upload, item.restored) if name]
        found += [*item.requests.values(), *item.retrieval.values(), *item.restore_requests.values()]
    return list(dict.fromkeys(found))


def passport(book: PriceBook, priced: PricedMeter) -> Table:
    """One row a tier of one price, in the columns of `PASSPORT`."""
    meter, price = priced.meter, priced.price
    starts = [tier.start for tier in price.tiers]
    notes = [note for note in (meter.note, price.note) if note]
    notes += [f"flag: {flag}" for flag in price.flags]
    notes += [note for item in book.classes.values() for note in _access_notes(item, meter.id)]
    notes += [f"ends on {price.valid_to:%Y-%m-%d}"] if price.valid_to else []
    notes += [f"at least {price.minimum_charge:g} {meter.currency} a month"] if price.minimum_charge else []
    if price.allowance:
        notes.append(
            f"first {price.allowance.quantity:g} {meter.billing_unit} free, {price.allowance.position} the tiers"
        )
    rows: Table = []
    for index, (tier, (start, end)) in enumerate(zip(price.tiers, pairwise([*starts, math.inf]), strict=True)):
        _, source = book.source(priced, index)
        read = tier.read_on or (source.read_on if tier.source else price.read_on)
        rows.append(
            [
                meter.id,
                price.region,
                start,
                "" if math.isinf(end) else end,
                meter.billing_unit,
                tier.price,
                meter.currency,
                tier.sku or price.sku,
                price.valid_from.isoformat(),
                read.isoformat() if read else "undated",
                tier.confidence or price.confidence,
                "; ".join(
                    f"{how}: {found.title} [{priced.provider.id}/{key}]".removeprefix(": ")
                    for how, key, found in book.sources_behind(priced, index)
                ),
                "; ".join(notes),
                OVERRIDE,
            ]
        )
    return rows


def _unpriced(book: PriceBook, name: str, error: NotInBookError) -> list[Any]:
    meter, place = book.meter(name), split_place(name)[1]
    known = {
        "meter": meter.id,
        "region": place or book.provider_of(meter.id).default_region,
        "billing_unit": meter.billing_unit,
        "unit_price": as_cell(error),
        "currency": meter.currency,
        "source": "no source",
        "note": error.message,
    }
    return [known.get(column, "") for column in PASSPORT]


def _access_notes(item: StorageClass, meter: str) -> Iterable[str]:
    for position, age in enumerate(item.by_last_access):
        if age.meter == meter:
            told = f": {ALL_FREQUENT} by VIDEO_STORAGE unless its argument access gives shares" if not position else ""
            yield f"{item.label} bills it for bytes {last_read(item, position)}{told}"


@excel_function(
    "Audit",
    "The allowed values of an argument, with what each means. Spills a table.",
    helps={
        "what": '"route", "ingest-route", "class", "meter", "region", "provider", "unit", "operation", "speed", "vae", '
        '"encoder", "dtype", "corpus", "text-corpus", "generator", "model" or "function".'
    },
)
def VIDEO_LIST(what: object = default_text("route")) -> Table:
    """The names that an argument accepts.

    Parameters
    ----------
    what : str
        The argument.

    Returns
    -------
    list of rows
        A header, then a name and its meaning in each row.

    Examples
    --------
    >>> VIDEO_LIST("unit")[1]
    ['B', '1 byte']
    """
    name = read_text(what, "what").casefold()
    if name not in LISTS:
        raise BadArgumentError(unknown_name("list", name, LISTS))
    return [[name, "meaning"], *([key, meaning] for key, meaning in LISTS[name]())]


@excel_function("Audit", "Version of the engine and of its price book.")
def VIDEO_VERSION() -> str:
    """Version of the engine, date and digest of the price book, and the user's own prices where there are any.

    Returns
    -------
    str
    """
    book = price_book()
    own = f"; prices: {book.layer.described}" if book.layer else ""
    return f"vidcost-xl {__version__}; price book {book.as_of:%Y-%m-%d} ({book.digest}){own}"
