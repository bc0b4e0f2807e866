"""What every reader gives: the rows of a price list, in the list's own words and units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from vidcost_xl.errors import BadArgumentError


@dataclass(frozen=True, slots=True)
class ListRow:
    """One tier of one product.

    Parameters
    ----------
    service : str
        The offer or service that sells it.
    key, operation : str
        What is billed, as the provider calls it: usage type and operation, product and meter, description.
    region : str
        The provider's own name of the region, or the written name of a place.
    sku : str
        Tiers of one product share it.
    unit : str
        The list's unit; `start` and `end` are in it and `price` is for one of it. `end` is None where none is given.
    valid_from : date or None
        The first day of this price, where the list gives one that can be read without a guess.
    where : str
        The row, for a person who looks for it in the file.
    """

    service: str
    key: str
    operation: str
    region: str
    sku: str
    unit: str
    start: Decimal
    end: Decimal | None
    price: Decimal
    currency: str
    valid_from: date | None
    where: str


@dataclass(frozen=True)
class PriceList:
    """A price list: whose, of which day, and its rows, which are read as they are asked for.

    Parameters
    ----------
    name : str
        The file's.
    published : date or None
        The list's own day; None where it carries none.
    whole : bool
        False for a page of a longer list: what it does not name is not gone.
    """

    provider: str
    name: str
    version: str
    published: date | None
    rows: Iterable[ListRow]
    whole: bool = True


def number(value: Any, name: str, where: str) -> Decimal:
    """A price or bound as the list writes it.

    Raises
    ------
    BadArgumentError
        For text that is no number, a negative or an infinite one.
    """
    try:
        read = Decimal(str(value))
    except InvalidOperation:
        read = Decimal("NaN")
    if not read.is_finite() or read < 0:
        raise BadArgumentError(f"{where}: {name} is {value!r}, not a number from 0 on.")
    return read


def day(text: Any) -> date | None:
    """The day of a time in ISO form; None for every other writing, such as 01/03/2018."""
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
