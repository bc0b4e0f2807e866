"""What all price functions share: the terms of the bill, and its settlement with steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from vidcost_xl.errors import VideoCostError, as_cell
from vidcost_xl.functions.arguments import read_numbers, read_optional_text, read_text
from vidcost_xl.functions.days import read_days
from vidcost_xl.functions.steps import explain_charges
from vidcost_xl.functions.tables import read_rates
from vidcost_xl.functions.values import explaining, is_stated, report_bad_cells
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.prices.located import END_MARK, PLACE_MARK, in_place, split_place
from vidcost_xl.prices.quote import NO_RATES, Agreement, Quantity, Usage, total

if TYPE_CHECKING:
    from vidcost_xl.prices.schema import Meter, Route, StorageClass

Placed = TypeVar("Placed", bound="Meter | StorageClass | Route")

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


def read_placed(
    book: PriceBook, find: Callable[[str], Placed], written: object, argument: str, region: object
) -> tuple[Placed, str | None]:
    """A class, route or meter, as `find` looks it up, and the region behind its name or beside it.

    Raises
    ------
    BadArgumentError
        Where the two differ.
    """
    name, beside = read_text(written, argument), read_optional_text(region, "region")
    if beside and END_MARK in beside and PLACE_MARK not in name:
        name = in_place(name, beside)
    item = find(name)
    plain, place = split_place(item.id)[0], split_place(name)[1]
    return item, book.place(plain, place, beside)


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
