"""The price book in use: the shipped one, over it the prices of the user's folder, or one that stands in for both.

The data files are read on the first look-up, not on import. What a book holds is found by name in `finding`, its prices
in `lookup`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.prices.finding import Direction
from vidcost_xl.prices.lookup import PriceBook, PricedMeter, compile_tariff
from vidcost_xl.prices.reading import astray_in, read_price_folder

__all__ = [
    "Direction",
    "PriceBook",
    "PricedMeter",
    "compile_tariff",
    "digest_in_use",
    "layered",
    "price_book",
    "shipped_book",
    "using",
]


@lru_cache(maxsize=1)
def shipped_book() -> PriceBook:
    """The price book shipped with the product, read once."""
    return read_price_folder(files("vidcost_xl.prices") / "data")


@lru_cache(maxsize=1)
def _book_in_use() -> PriceBook:
    from vidcost_xl.prices.layer import folder_in_use

    return layered(folder_in_use())


def layered(folder: Path) -> PriceBook:
    """The shipped book, and over it the prices of a user's folder.

    Raises
    ------
    BadArgumentError
        For a file of the folder that breaks the form; names file and row.
    """
    from vidcost_xl.prices.layer import over, read_layer

    book = shipped_book()
    layer = read_layer(folder, book.providers, book.meters)
    if layer is None:
        return book
    providers, meters, sources = over(layer, book.providers, book.meters, book.sources, book.prices_in)
    found = replace(book, providers=providers, meters=meters, sources=sources, layer=layer, _found={})
    astray = astray_in(found)
    if astray:
        raise BadArgumentError(f"{folder}: prices between regions of what does not lead there: {', '.join(astray)}.")
    return found


#: Books that stand in for the one in use, the last first.
_LENT: Final[list[PriceBook]] = []


def price_book() -> PriceBook:
    """The price book in use, read once: the shipped one, and over it the prices of the user's folder."""
    return _LENT[-1] if _LENT else _book_in_use()


def digest_in_use() -> str | None:
    """What tells the prices in use from others.

    Returns
    -------
    str or None
        The digest of the book in use, nothing while no price was read. None while another book stands in for it, whose
        prices may differ under the same digest.
    """
    if _LENT:
        return None
    return _book_in_use().digest if _book_in_use.cache_info().currsize else ""


@contextmanager
def using(book: PriceBook) -> Iterator[None]:
    """Price with another book: what would a plan cost at other prices."""
    _LENT.append(book)
    try:
        yield
    finally:
        _LENT.pop()
