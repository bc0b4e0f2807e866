"""The blended price of a meter's billing unit."""

from __future__ import annotations

import numpy as np

from vidcost_xl.errors import BadArgumentError, OutOfDomainError, as_cell
from vidcost_xl.functions.arguments import common_shape, read_text, read_volume, refuse_unit_alone
from vidcost_xl.functions.commercial import ranges_of, read_agreement, read_placed, settle
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.values import default_number, default_text, is_stated, report_bad_cells
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.quote import Quantity, Usage, terms_of
from vidcost_xl.units import BILLED


@excel_function(
    "Price",
    "Price of one billing unit of a meter: the first paid tier, or the blend over an amount.",
    helps={
        "meter": 'A meter of the price book, such as "aws.s3.standard.storage"; =VIDEO_LIST("meter").',
        "amount": "Volume over which to blend the tiers; left out: the price of the first paid tier. For requests, a "
        'count with the unit "billed".',
    },
)
def VIDEO_RATE(
    meter: object = default_text("aws.s3.standard.storage"),
    amount: object = None,
    unit: object = None,
    region: object = None,
    discount: object = default_number(0),
    rates: object = None,
    as_of: object = None,
) -> Quantity:
    """Effective price of a billing unit.

    Parameters
    ----------
    meter : str
        Meter of the price book.
    amount : number, text or range, optional
        Monthly volume to blend the tiers over, above 0.
    unit : str, optional
        Its unit; "billed" is the meter's own.
    region, discount, rates, as_of
        See the shared arguments of all price functions.

    Returns
    -------
    float or ndarray
        Currency per billing unit; a unit priced by the hour is taken for the month.

    Examples
    --------
    >>> VIDEO_RATE("aws.s3.standard.storage")
    0.023
    """
    book = price_book()
    found, place = read_placed(book, book.meter, meter, "meter", region)
    agreement = read_agreement(book, place, discount, rates, as_of)
    if not is_stated(amount):
        refuse_unit_alone(amount, unit)
        if isinstance(agreement.as_of, np.ndarray):
            raise BadArgumentError("as_of is a range, so amount is needed: a price per day blends over an amount.")
        priced = terms_of(book, found.id, agreement, agreement.as_of).priced
        first = next(
            (start for start, price in zip(priced.tariff.starts, priced.tariff.prices, strict=True) if price), 0.0
        )
        # One unit above the free allowance, at the start of the first paid tier.
        free = priced.tariff.allowance if priced.tariff.allowance_position == "before" else 0.0
        lowest = max(first, priced.tariff.allowance if not free else 0.0) + free
        usage = Usage(
            found.id, found.unit_size, lowest * found.unit_size, why="one billing unit of the first paid tier"
        )
        return settle(book, [usage], agreement)
    if found.dimension in {"storage", "transfer", "retrieval"}:
        used = read_volume(amount, unit, billed_size=found.unit_size)
    else:
        if not is_stated(unit) or read_text(unit, "unit").casefold() != BILLED:
            raise BadArgumentError(f'{found.id} is billed per {found.billing_unit}: write the unit "billed".')
        used = read_volume(amount, BILLED, billed_size=found.unit_size)
    used = _above_zero(used)
    common_shape(amount=used, **ranges_of(agreement))
    return settle(book, [Usage(found.id, used)], agreement) / (used / found.unit_size)


def _above_zero(used: Quantity) -> Quantity:
    refusal = OutOfDomainError("amount is 0: a blended price needs a volume. Leave amount out for the first paid tier.")
    if isinstance(used, float):
        if used == 0:
            raise refusal
        return used
    zeros = np.flatnonzero(used == 0)
    if zeros.size:
        report_bad_cells(used.shape, [(int(position), as_cell(refusal)) for position in zeros])
    return np.where(used == 0, np.nan, used)
