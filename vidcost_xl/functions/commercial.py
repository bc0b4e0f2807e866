"""What all price functions share: the terms of the bill, and its settlement with steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from vidcost_xl.errors import VideoCostError, as_cell
from vidcost_xl.functions.arguments import read_numbers, read_optional_text, read_text
from vidcost_xl.functions.days import read_days
from vidcost_xl.functions.steps import explain_charges
from vidcost_xl.functions.tables import read_rates
from vidcost_xl.functions.values import explaining, is_stated, report_bad_cells
from vidcost_xl.prices.book import Direction, PriceBook
from vidcost_xl.prices.located import split_place
from vidcost_xl.prices.quote import NO_RATES, Agreement, Quantity, Usage, total

if TYPE_CHECKING:
    from vidcost_xl.prices.schema import Meter, Route, StorageClass

#: Help of the arguments that several price functions share.
CLASS_HELP: Final = (
    'Storage class, such as "aws.s3.standard" or "r2.standard", in the provider\'s default region or in the one behind '
    'it: "aws.s3.standard@eu-west-1". =VIDEO_LIST("class") shows all.'
)
ROUTE_HELP: Final = (
    'The way the bytes take, such as "aws.internet" or "r2.internet", from the provider\'s default region or from the '
    'one behind it: "aws.internet@eu-west-1". =VIDEO_LIST("route") shows all.'
)

_LIST_TERMS: Final = Agreement()


def read_class(book: PriceBook, class_: object, region: object) -> tuple[StorageClass, str | None]:
    """A storage class, and the region behind its name or beside it.

    Raises
    ------
    BadArgumentError
        Where the two differ.
    """
    name, place = split_place(read_text(class_, "class"))
    item = book.storage_class(name)
    return item, book.place(item, place, read_optional_text(region, "region"))


def read_route(book: PriceBook, direction: Direction, route: object, region: object) -> tuple[Route, str | None]:
    """A route, and the region behind its name or beside it, as `read_class`."""
    name, place = split_place(read_text(route, "route"))
    way = book.route(direction, name)
    return way, book.place(way, place, read_optional_text(region, "region"))


def read_meter(book: PriceBook, meter: object, region: object) -> tuple[Meter, str | None]:
    """A meter, and the region behind its name or beside it, as `read_class`."""
    name, place = split_place(read_text(meter, "meter"))
    found = book.meter(name)
    return found, book.place(found, place, read_optional_text(region, "region"))


def read_agreement(book: PriceBook, region: object, discount: object, rates: object, as_of: object) -> Agreement:
    """The last four arguments of every price function.

    Parameters
    ----------
    region, discount, rates, as_of : object
        As they were written.
    """
    if rates is None and region is None and as_of is None and not is_stated(discount):
        return _LIST_TERMS
    return Agreement(
        region=read_optional_text(region, "region"),
        discount=read_numbers(discount, "discount", 0.0, 1.0),
        rates=read_rates(rates, book),
        as_of=read_days(as_of),
    )


def ranges_of(agreement: Agreement) -> dict[str, Any]:
    """The terms that may be ranges, by argument name."""
    return {"discount": agreement.discount, "as_of": agreement.as_of}


def settle(book: PriceBook, usages: Sequence[Usage], agreement: Agreement) -> Quantity:
    """The effective amount of `usages`, with its steps when someone asked for them."""
    if explaining() is not None:
        explain_charges(book, usages, agreement)
    return _total(book, usages, agreement)


def settle_free(book: PriceBook, meter: str, amount: Quantity, agreement: Agreement) -> Quantity:
    """0 in the shape of the ranges, where the provider does not charge for `amount`.

    Region and days are checked against the book at `meter`, so that even an answer of 0 is one
    that the provider gives there and then.

    Raises
    ------
    NotInBookError
    """
    return _total(book, [Usage(meter, amount * 0.0)], replace(agreement, rates=NO_RATES))


def _total(book: PriceBook, usages: Sequence[Usage], agreement: Agreement) -> Quantity:
    refused: dict[date, VideoCostError] = {}
    amount = total(book, usages, agreement, refused)
    if refused and isinstance(agreement.as_of, np.ndarray):
        days = agreement.as_of
        report_bad_cells(
            days.shape, [(at, as_cell(refused[day])) for at, day in enumerate(days.flat) if day in refused]
        )
    return amount
