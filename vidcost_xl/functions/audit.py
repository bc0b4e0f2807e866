"""Audit functions: the passport of a price, the allowed names, the version."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl import __version__
from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.functions.access import ALL_FREQUENT, last_read
from vidcost_xl.functions.arguments import read_optional_text, read_text
from vidcost_xl.functions.days import read_day
from vidcost_xl.functions.registry import excel_function, functions
from vidcost_xl.functions.storage import RESTORE
from vidcost_xl.functions.values import default_text, is_stated
from vidcost_xl.names import find_name
from vidcost_xl.prices.book import PriceBook, PricedMeter, price_book
from vidcost_xl.prices.located import split_place
from vidcost_xl.units import BILLED, UNITS

if TYPE_CHECKING:
    from datetime import date

    from vidcost_xl.facts.book import FactBook
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
        A header, then one row a tier.

    Raises
    ------
    NotInBookError
        For a name that is none of the three.

    Examples
    --------
    >>> VIDEO_SOURCE("aws.s3.standard.storage")[1][:6]
    ['aws.s3.standard.storage', 'us-east-1', 0.0, 51200.0, 'GB-month', 0.023]
    """
    book = price_book()
    name, behind = split_place(read_text(meter, "meter"))
    beside = read_optional_text(region, "region")
    day = read_day(as_of, "as_of") if is_stated(as_of) else None
    rows: Table = [list(PASSPORT)]
    for found in meters_of(book, name):
        place = book.place(found, behind, beside)
        rows += passport(book, book.price(found, place, day))
    return rows


def meters_of(book: PriceBook, name: str) -> list[str]:
    """The meters behind a meter, storage class or route.

    Returns
    -------
    list of str
        Without repetition, in the order they are charged.
    """
    wanted = name.strip().casefold()
    if wanted not in (known := book.named()):
        wanted = find_name("meter, class or route", name, known.values())
    if wanted in book.meters:
        return [wanted]
    found: list[str] = []
    for (_, identifier), route in book.routes.items():
        if identifier == wanted:
            found += [*(leg.meter for leg in route.legs), *route.get_requests, *route.not_included]
    if wanted in book.classes:
        item = book.classes[wanted]
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
        key, source = book.source(priced, index)
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
                f"{source.title} [{priced.provider.id}/{key}]",
                "; ".join(notes),
                OVERRIDE,
            ]
        )
    return rows


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
    if name not in _LISTS:
        raise BadArgumentError(unknown_name("list", name, _LISTS))
    return [[name, "meaning"], *([key, meaning] for key, meaning in _LISTS[name]())]


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


def _units() -> list[tuple[str, str]]:
    sizes = [(unit, f"{size:,.0f} bytes" if size > 1 else "1 byte") for unit, size in UNITS.items()]
    return [*sizes, (BILLED, "the provider's own billing unit, as on the invoice")]


def _regions() -> list[tuple[str, str]]:
    book = price_book()
    return [
        (
            region.id,
            ", ".join(
                (provider.name, *region.names[:1], *(["default"] if region.id == provider.default_region else []))
            ),
        )
        for provider in book.providers.values()
        for region in book.named_regions(provider)
    ]


def _operations() -> list[tuple[str, str]]:
    offered: dict[str, list[str]] = {}
    for item in price_book().classes.values():
        restores = (RESTORE,) if item.restore_requests else ()
        for operation in (*item.requests, *item.requests_free, *restores):
            offered.setdefault(operation, []).append(item.id)
    return [(operation, f"priced for {len(classes)} classes") for operation, classes in sorted(offered.items())]


def _speeds() -> list[tuple[str, str]]:
    offered: dict[str, list[str]] = {}
    for item in price_book().classes.values():
        for speed in item.retrieval or ("standard",):
            offered.setdefault(speed, []).append(item.id)
    return [(speed, f"offered by {len(classes)} classes") for speed, classes in sorted(offered.items())]


def _routes(direction: str) -> list[tuple[str, str]]:
    return [(name, route.label) for (way, name), route in price_book().routes.items() if way == direction]


def _labels(rows: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, str(row.label)) for name, row in rows.items()]


def _facts() -> FactBook:
    from vidcost_xl.facts.book import fact_book  # reading the facts brings pydantic

    return fact_book()


def _corpora() -> list[tuple[str, str]]:
    listed = []
    for row in _facts().corpora.values():
        sizes = (
            row.terabytes and f"{row.terabytes:,.6g} TB",
            row.clips and f"{row.clips:,} clips",
            row.hours and f"{row.hours:,.6g} hours",
        )
        listed.append((row.id, f"{row.label}: {', '.join(size for size in sizes if size)}; {row.source}, {row.as_of}"))
    return listed


def _generators() -> list[tuple[str, str]]:
    from vidcost_xl.model.offers import offers

    return [
        (item.name, f"{item.label}: ${item.usd_per_second:g} a second" + _withdrawal(item.withdrawn))
        for item in offers()
    ]


def _withdrawal(day: date | None) -> str:
    return "" if day is None else f"; withdrawn on {day:%Y-%m-%d}, priced for days before"


def _dtypes() -> list[tuple[str, str]]:
    from vidcost_xl.facts.latents import DTYPE_BYTES

    return [(name, f"{size} bytes a value") for name, size in DTYPE_BYTES.items()]


def _providers() -> list[tuple[str, str]]:
    return [(name, provider.name) for name, provider in price_book().providers.items()]


_LISTS: Final[dict[str, Callable[[], Iterable[tuple[str, str]]]]] = {
    "route": lambda: _routes("egress"),
    "ingest-route": lambda: _routes("ingest"),
    "class": lambda: _labels(price_book().classes),
    "meter": lambda: _labels(price_book().meters),
    "region": _regions,
    "provider": _providers,
    "unit": _units,
    "operation": _operations,
    "speed": _speeds,
    "vae": lambda: _labels(_facts().vaes),
    "encoder": lambda: _labels(_facts().text_encoders),
    "dtype": _dtypes,
    "corpus": _corpora,
    "text-corpus": lambda: _labels(_facts().text_corpora),
    "generator": _generators,
    "model": lambda: _labels(_facts().language_models),
    "function": lambda: [(name, spec.help) for name, spec in functions().items()],
}
