"""Storage prices: bytes kept in a class.

The functions price volume meters; hours, ports and support belong to the model, and
VIDEO_EXPLAIN lists them as not included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vidcost_xl.digits import settled
from vidcost_xl.functions.access import ALL_FREQUENT, last_read, read_access, tiers_of
from vidcost_xl.functions.arguments import common_shape, read_numbers, read_prior, read_volume
from vidcost_xl.functions.commercial import CLASS_HELP, ranges_of, read_agreement, read_placed, settle
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.steps import explain_step
from vidcost_xl.functions.values import default_number, default_text, explaining, is_stated
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.quote import Quantity, Usage

if TYPE_CHECKING:
    from vidcost_xl.prices.schema import StorageClass


@excel_function(
    "Price",
    "Cost of keeping an amount of data in a storage class, per month or for several months, in the price's currency.",
    helps={
        "class": CLASS_HELP,
        "months": "How many months it is kept. Whole months are billed one by one; 0.5 bills half the GB-months. "
        "May be a range.",
        "objects": "How many objects the amount is in: adds minimum object sizes, per-object overhead and monitoring. "
        "Left out: the bytes alone.",
        "access": "Of a class that bills by last access: the share of the bytes in each tier, such as {0.2,0.3,0.5} or "
        '"20% 30% 50%", the latest read first. Left out: all are priced as frequent access.',
    },
    kinds={"access": "cells"},
)
def VIDEO_STORAGE(
    amount: object = default_number(5),
    unit: object = default_text("PB"),
    class_: object = default_text("aws.s3.standard"),
    months: object = default_number(1),
    objects: object = None,
    prior: object = None,
    region: object = None,
    discount: object = default_number(0),
    rates: object = None,
    as_of: object = None,
    access: object = None,
) -> Quantity:
    """Cost of storing `amount` for `months` months.

    Parameters
    ----------
    amount : number, text or range
        Volume held, a number in `unit` or a text such as "5 PB".
    unit : str
        Unit of `amount`; "billed" is the provider's own unit.
    class_ : str
        Storage class of the price book (`class` in Excel).
    months : number or range
        Months held. Whole months are billed one by one, a part of a month as its share of the
        GB-months, as providers prorate by the hour. A class's minimum duration is not added
        here: a month of an archive class costs a month, and deleting early is an event of the model.
    objects : number or range, optional
        Objects held, for minimum sizes, overhead per object and monitoring.
    prior : number, text or range, optional
        Volume already billed this month in the same pool.
    region, discount, rates, as_of
        See the shared arguments of all price functions.
    access : range or str, optional
        Share of the bytes in each access tier of a class that bills by last access; all are in the first tier,
        read latest, when left out.

    Returns
    -------
    float or ndarray
        In the currency of the price, in the shape of the ranges.

    Raises
    ------
    BadArgumentError, OutOfDomainError, NotInBookError
        #VALUE!, #NUM!, #N/A with the reason.

    Examples
    --------
    >>> round(VIDEO_STORAGE(5, "PB"), 2)
    98352.07
    """
    book = price_book()
    item, place = read_placed(book, book.storage_class, class_, "class", region)
    size = book.meter(item.storage).unit_size
    held = read_volume(amount, unit, billed_size=size)
    before = read_prior(prior, unit, size)
    number = None if not is_stated(objects) else read_numbers(objects, "objects")
    duration = read_numbers(months, "months")
    agreement = read_agreement(book, place, discount, rates, as_of)
    common_shape(amount=held, prior=before, objects=number, months=duration, **ranges_of(agreement))
    shares = read_access(access, item)
    _explain_class(item, number is None, shares)

    def month(share: Quantity) -> Quantity:
        return settle(book, _stored(item, held, number, before, share, shares), agreement)

    if not isinstance(duration, np.ndarray) and duration == 1.0:
        return month(1.0)
    duration = settled(duration) if isinstance(duration, np.ndarray) else float(settled(np.asarray(duration)))
    whole = np.floor(duration)
    part = duration - whole
    months_shown = duration if isinstance(duration, float) else float(duration.flat[0])
    explain_step("months", months_shown, "months", "each whole month is billed as the month below")
    if not isinstance(duration, np.ndarray) and part == 0:
        return float(whole) * month(1.0) if whole else month(1.0) * 0.0
    if not isinstance(duration, np.ndarray) and whole == 0:
        return month(float(part))
    of_whole = np.multiply(whole, month(1.0))
    explain_step("part of a month", months_shown % 1, "months", "its share of the GB-months, added to the whole months")
    return of_whole + month(part if isinstance(part, np.ndarray) else float(part))


def _stored(
    item: StorageClass,
    held: Quantity,
    objects: Quantity | None,
    prior: Quantity,
    share: Quantity,
    access: list[float],
) -> list[Usage]:
    if objects is None:
        return _in_tiers(item, held * share, prior, access)
    held = held + objects * 0.0  # the shape of both, also where the class does not price objects
    billed = np.maximum(held, objects * item.minimum_object_bytes) if item.minimum_object_bytes else held
    usages = _in_tiers(item, billed * share, prior, access)
    usages += [
        Usage(extra.meter, objects * extra.bytes * share, why="overhead of each object") for extra in item.per_object
    ]
    if item.monitoring is not None:
        watched = np.where(np.greater_equal(held, objects * item.monitoring_minimum_object_bytes), objects, 0.0)
        count = watched * share
        usages.append(Usage(item.monitoring, count if np.ndim(count) else float(count), why="monitored objects"))
    return usages


def _in_tiers(item: StorageClass, billed: Quantity, prior: Quantity, access: list[float]) -> list[Usage]:
    if not access:
        return [Usage(item.storage, billed, prior, f"stored in {item.label}")]
    # What was billed before belongs to the pool of the class's own meter.
    return [
        Usage(
            age.meter,
            billed * share,
            prior if age.meter == item.storage else 0.0,
            f"{share:.6g} of what is stored in {item.label}: {last_read(item, position)}",
        )
        for position, (age, share) in enumerate(zip(item.by_last_access, access, strict=True))
    ]


def _explain_class(item: StorageClass, bytes_only: bool, access: list[float]) -> None:
    if explaining() is None:
        return
    explain_step("storage class", item.id, "", item.note or item.label)
    if item.by_last_access and not access:
        explain_step("access tiers", ALL_FREQUENT, "", f"give access, the shares of {tiers_of(item)}")
    if bytes_only and (item.minimum_object_bytes or item.per_object or item.monitoring):
        explain_step(
            "not included", "per-object charges", "", "give objects to price minimum size, overhead, monitoring"
        )
    if item.minimum_days:
        explain_step(
            "not included", "early deletion", "", f"objects are billed for at least {item.minimum_days:g} days"
        )
