"""The names that an input takes: ids, ids without their provider, labels and aliases, in any case.

A cell is read by the functions and by native formulas, which cannot weigh words: there a name is taken as declared, or
refused by both. Files and overrides are read by `as_meant` first, which takes what the words of a name say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Final

from vidcost_xl.errors import VideoCostError
from vidcost_xl.facts.book import fact_book
from vidcost_xl.facts.latents import DTYPE_BYTES
from vidcost_xl.facts.schema import Row
from vidcost_xl.model.offers import find_offer, offers
from vidcost_xl.names import Named, declared, find_name
from vidcost_xl.prices.book import Direction, price_book
from vidcost_xl.prices.schema import Meter, Route, StorageClass

#: Kinds whose names may have a region behind them.
LOCATED: Final = ("class", "route", "ingest-route")

#: What others paid for whole sites and lots: to compare with, not for a plan to choose.
REFERENCES: Final = "own.reference."


@lru_cache
def names_of(kind: str) -> Mapping[str, tuple[str, str]]:
    """The names of a kind of input: name as written and id, by the name as `spelled`."""
    return declared(_ROWS[kind]())


def kinds() -> tuple[str, ...]:
    """The kinds of inputs that are names of the reference data."""
    return tuple(_ROWS)


def as_meant(kind: str, name: str) -> str:
    """The id that a person means by a name.

    Raises
    ------
    NotInBookError
        For a name of nothing that an input may be: names the nearest, or all that may be meant.
    """
    return _MEANT[kind](name)


def _priced(rows: Mapping[str, Meter] | Mapping[str, StorageClass] | Mapping[str, Route]) -> list[Named]:
    plain = [Named(key, (row.label, *getattr(row, "aliases", ()))) for key, row in rows.items()]
    return [Named(row.id, (*_short(row.id, plain), *row.names)) for row in plain]


def _short(identifier: str, rows: Iterable[Named]) -> tuple[str, ...]:
    # A place or meter is called by its id without the provider, too, where its words fit no other.
    name = identifier.partition(".")[2]
    with suppress(VideoCostError):
        if find_name("name", name.replace(".", " "), rows) == identifier:
            return (name,)
    return ()


def _routes(direction: Direction) -> list[Named]:
    return _priced({name: route for (way, name), route in price_book().routes.items() if way == direction})


def _meters() -> list[Named]:
    return _priced({key: meter for key, meter in price_book().meters.items() if not key.startswith(REFERENCES)})


def _providers() -> list[Named]:
    return [Named("all", ("every provider",)), *price_book().named_providers()]


def _offers() -> list[Named]:
    # Without its last day a generator that is withdrawn is not for sale.
    return [Named(each.name, (*(() if each.withdrawn else (each.label,)), *each.aliases)) for each in offers()]


def _facts(rows: Iterable[Row]) -> list[Named]:
    return [Named(row.id, (row.label, *row.aliases)) for row in rows]


def _meter(name: str) -> str:
    with suppress(VideoCostError):
        found = price_book().meter(name).id
        if not found.startswith(REFERENCES):
            return found
    return find_name("meter", name, _meters())


_ROWS: Final[dict[str, Callable[[], list[Named]]]] = {
    "class": lambda: _priced(price_book().classes),
    "route": lambda: _routes("egress"),
    "ingest-route": lambda: _routes("ingest"),
    "meter": _meters,
    "provider": _providers,
    "vae": lambda: _facts(fact_book().vaes.values()),
    "encoder": lambda: _facts(fact_book().text_encoders.values()),
    "dtype": lambda: [Named(name) for name in DTYPE_BYTES],
    "generator": _offers,
    "model": lambda: _facts(fact_book().language_models.values()),
}

#: Finds a row by what people call it; a miss raises with the nearest names.
_MEANT: Final[dict[str, Callable[[str], str]]] = {
    "class": lambda name: price_book().storage_class(name).id,
    "route": lambda name: price_book().route("egress", name).id,
    "ingest-route": lambda name: price_book().route("ingest", name).id,
    "meter": _meter,
    "provider": lambda name: find_name("provider", name, _providers(), whole=True),
    "vae": lambda name: fact_book().vae(name).id,
    "encoder": lambda name: fact_book().text_encoder(name).id,
    "dtype": lambda name: find_name("dtype", name, [Named(each) for each in DTYPE_BYTES], whole=True),
    "generator": lambda name: find_offer(name).listed,
    "model": lambda name: fact_book().language_model(name).id,
}
