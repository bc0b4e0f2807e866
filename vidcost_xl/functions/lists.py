"""The names that each argument accepts, with what they mean: what VIDEO_LIST shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.functions.registry import functions
from vidcost_xl.functions.requests import RESTORE
from vidcost_xl.prices.book import price_book
from vidcost_xl.units import BILLED, UNITS

if TYPE_CHECKING:
    from datetime import date

    from vidcost_xl.facts.book import FactBook


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


LISTS: Final[dict[str, Callable[[], Iterable[tuple[str, str]]]]] = {
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
