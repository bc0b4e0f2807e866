"""Prices of requests to a storage class, and of reading out of one that charges for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vidcost_xl.errors import BadArgumentError, NotInBookError, unknown_name
from vidcost_xl.functions.arguments import common_shape, read_numbers, read_text, read_volume
from vidcost_xl.functions.commercial import CLASS_HELP, ranges_of, read_agreement, read_placed, settle, settle_free
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.steps import explain_step
from vidcost_xl.functions.values import default_number, default_text, is_stated
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.quote import Quantity, Usage

if TYPE_CHECKING:
    from vidcost_xl.prices.schema import StorageClass

#: The operation that makes objects of an archive readable.
RESTORE: Final = "restore"


@excel_function(
    "Price",
    "Cost of a number of requests to a storage class in one month, in the price's currency.",
    helps={
        "count": "How many requests. A range is separate months.",
        "operation": '"put", "get", "list", "copy", "delete", "transition" or "restore", as the class prices them.',
        "class": CLASS_HELP,
        "speed": 'Of the operation "restore": "standard", "bulk" or "expedited", as the class offers.',
    },
)
def VIDEO_REQUESTS(
    count: object = default_number(1e9),
    operation: object = default_text("put"),
    class_: object = default_text("aws.s3.standard"),
    region: object = None,
    discount: object = default_number(0),
    rates: object = None,
    as_of: object = None,
    speed: object = default_text("standard"),
) -> Quantity:
    """Cost of `count` requests of one kind in one month.

    Parameters
    ----------
    count : number or range
        Requests a month.
    operation : str
        An operation the class prices.
    class_ : str
        Storage class (`class` in Excel).
    region, discount, rates, as_of
        See the shared arguments of all price functions.
    speed : str
        Speed of a restore out of an archive; its bytes are `VIDEO_RETRIEVAL`.

    Returns
    -------
    float or ndarray
        In the currency of the price; 0 only where the provider documents the operation as free.

    Examples
    --------
    >>> round(VIDEO_REQUESTS(1e9, "put"), 2)
    5000.0
    """
    book = price_book()
    item, place = read_placed(book, book.storage_class, class_, "class", region)
    requests = read_numbers(count, "count")
    name = read_text(operation, "operation").casefold()
    agreement = read_agreement(book, place, discount, rates, as_of)
    common_shape(count=requests, **ranges_of(agreement))
    if name == RESTORE or is_stated(speed):
        return settle(book, [_restores(item, name, requests, read_text(speed, "speed").casefold())], agreement)
    if name in item.requests_free:
        explain_step(
            f"{name} requests", 0.0, "USD", f"{item.label}: the provider does not charge for them ({item.source})"
        )
        return settle_free(book, item.storage, requests, agreement)
    if name not in item.requests:
        offered = (*item.requests, *item.requests_free, *((RESTORE,) if item.restore_requests else ()))
        raise NotInBookError(unknown_name(f"operation of {item.id}", name, offered))
    return settle(book, [Usage(item.requests[name], requests, why=f"{name} requests")], agreement)


@excel_function(
    "Price",
    "Retrieval fee for reading an amount of data from a class that charges one, in one month, in the price's currency.",
    helps={"class": CLASS_HELP, "speed": '"standard", "expedited" or "bulk", as the class offers.'},
)
def VIDEO_RETRIEVAL(
    amount: object = default_number(5),
    unit: object = default_text("PB"),
    class_: object = default_text("aws.s3.glacier-instant"),
    speed: object = default_text("standard"),
    region: object = None,
    discount: object = default_number(0),
    rates: object = None,
    as_of: object = None,
) -> Quantity:
    """Retrieval fee for `amount` in one month.

    Parameters
    ----------
    amount, unit
        As in `VIDEO_STORAGE`.
    class_ : str
        Storage class (`class` in Excel).
    speed : str
        A retrieval speed that the class offers.
    region, discount, rates, as_of
        See the shared arguments of all price functions.

    Returns
    -------
    float or ndarray
        In the currency of the price; 0 for a class that is read without a fee.

    Examples
    --------
    >>> round(VIDEO_RETRIEVAL(100, "GiB", "aws.s3.glacier-instant"), 2)
    3.0
    """
    book = price_book()
    item, place = read_placed(book, book.storage_class, class_, "class", region)
    name = read_text(speed, "speed").casefold()
    agreement = read_agreement(book, place, discount, rates, as_of)
    if item.retrieval_unknown:
        raise NotInBookError(f"{item.id}: the book has no source for its retrieval price, so it cannot be priced.")
    allowed = ("standard",) if item.retrieval_free else tuple(item.retrieval)
    if name not in allowed:
        raise NotInBookError(unknown_name(f"retrieval speed of {item.id}", name, allowed))
    size = book.meter(item.storage if item.retrieval_free else item.retrieval[name]).unit_size
    read = read_volume(amount, unit, billed_size=size)
    common_shape(amount=read, **ranges_of(agreement))
    if item.retrieval_free:
        explain_step("retrieval", 0.0, "USD", f"{item.label} has no retrieval fee ({item.source})")
        return settle_free(book, item.storage, read, agreement)
    return settle(book, [Usage(item.retrieval[name], read, why=f"{name} retrieval")], agreement)


def _restores(item: StorageClass, operation: str, requests: Quantity, speed: str) -> Usage:
    if operation != RESTORE:
        raise BadArgumentError(f'speed belongs to the operation "{RESTORE}", not to {operation!r}. Leave it out.')
    if not item.restore_requests:
        raise NotInBookError(f"{item.id} is read at once: the book has no restore of it.")
    if speed not in item.restore_requests:
        raise NotInBookError(unknown_name(f"restore speed of {item.id}", speed, item.restore_requests))
    return Usage(item.restore_requests[speed], requests, why=f"{speed} restore requests")
