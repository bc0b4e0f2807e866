"""Transfer prices: bytes out, bytes in, and what one experiment moves."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from vidcost_xl.errors import NotInBookError, as_cell
from vidcost_xl.functions.arguments import common_shape, read_number, read_prior, read_stored, read_volume
from vidcost_xl.functions.commercial import ROUTE_HELP, ranges_of, read_agreement, read_placed, settle
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.steps import explain_step, first_of
from vidcost_xl.functions.values import default_number, default_text, explaining, report_bad_cells
from vidcost_xl.prices.book import Direction, PriceBook, price_book
from vidcost_xl.prices.located import provider_of
from vidcost_xl.prices.quote import Quantity, Usage

if TYPE_CHECKING:
    from vidcost_xl.prices.schema import Route

#: Bytes in the MB of `object_mb`, as in VIDEO_DATASET's mb_per_video.
BYTES_PER_MB: Final = 1e6


@excel_function(
    "Price",
    "Cost of moving an amount of data out along a route, in one month, in the price's currency.",
    helps={"route": ROUTE_HELP},
)
def VIDEO_EGRESS(
    amount: object = default_number(5),
    unit: object = default_text("PB"),
    route: object = default_text("aws.internet"),
    prior: object = None,
    region: object = None,
    discount: object = default_number(0),
    rates: object = None,
    as_of: object = None,
    stored: object = None,
) -> Quantity:
    """Cost of moving `amount` out along `route` in one month.

    Parameters
    ----------
    amount, unit, prior
        As in `VIDEO_STORAGE`.
    route : str
        Egress route of the price book; every meter on it is charged.
    region, discount, rates, as_of
        See the shared arguments of all price functions.
    stored : float, str or range, optional
        Volume stored at the provider in the month, where its free egress is a multiple of it; not applied when
        left out.

    Returns
    -------
    float or ndarray
        In the currency of the price. A range of amounts is separate months, each with its own
        allowances and tiers.

    Raises
    ------
    NotInBookError
        Also for what lies beyond the policy of a provider that has no price for it.

    Examples
    --------
    >>> round(VIDEO_EGRESS(5, "PB"), 2)
    236716.84
    """
    return _moved("egress", amount, unit, route, prior, region, (discount, rates, as_of), stored)


@excel_function(
    "Price",
    "Cost of bringing an amount of data in along a route, in one month, in the price's currency.",
    helps={
        "route": 'The way in, such as "aws.nat", "aws.direct" (free) or "aws.privatelink"; =VIDEO_LIST("ingest-route").'
    },
)
def VIDEO_INGEST(
    amount: object = default_number(5),
    unit: object = default_text("PB"),
    route: object = default_text("aws.nat"),
    region: object = None,
    discount: object = default_number(0),
    rates: object = None,
    as_of: object = None,
) -> Quantity:
    """Cost of bringing `amount` in along `route` in one month.

    Parameters
    ----------
    amount, unit
        As in `VIDEO_STORAGE`.
    route : str
        Ingest route of the price book.
    region, discount, rates, as_of
        See the shared arguments of all price functions.

    Returns
    -------
    float or ndarray
        In the currency of the price.

    Examples
    --------
    >>> round(VIDEO_INGEST(5, "PB", "aws.nat"), 2)
    209547.58
    """
    return _moved("ingest", amount, unit, route, None, region, (discount, rates, as_of))


@excel_function(
    "Price",
    "Data cost of one experiment: its passes over a share of the data along a route, with one GET per object.",
    helps={
        "passes": "How many times the experiment reads its share (epochs).",
        "share": "Share of the data it reads, 0 to 1.",
        "route": ROUTE_HELP,
        "object_mb": "Size of an object or shard in MB (10^6 bytes): each is one GET request.",
        "cached": "Share of the reads served from a copy beside the GPUs, 0 to 1.",
    },
)
def VIDEO_EXPERIMENT(
    amount: object = default_number(5),
    unit: object = default_text("PB"),
    passes: object = default_number(1),
    share: object = default_number(1),
    route: object = default_text("aws.internet"),
    object_mb: object = default_number(5),
    cached: object = default_number(0),
    region: object = None,
    discount: object = default_number(0),
    rates: object = None,
    as_of: object = None,
    stored: object = None,
) -> Quantity:
    """Transfer and request cost of one experiment, all in one month.

    Parameters
    ----------
    amount, unit
        The data set, as in `VIDEO_STORAGE`.
    passes : float
        Times the share is read.
    share : float
        0 to 1.
    route : str
        Egress route; its GET requests are charged too.
    object_mb : float
        MB (10^6 bytes) in one object; above 0.
    cached : float
        Share of the reads that do not take the route, 0 to 1.
    region, discount, rates, as_of
        See the shared arguments of all price functions.
    stored
        As in `VIDEO_EGRESS`.

    Returns
    -------
    float or ndarray
        In the currency of the price.

    Examples
    --------
    One pass of 5 PB in 5 MB objects is 236,716.84 of egress and 400 of GET requests.

    >>> round(VIDEO_EXPERIMENT(5, "PB"), 2)
    237116.84
    """
    book = price_book()
    way, place = read_placed(book, partial(book.route, "egress"), route, "route", region)
    size = book.meter(way.legs[0].meter).unit_size
    times = (
        read_number(passes, "passes") * read_number(share, "share", 0, 1) * (1 - read_number(cached, "cached", 0, 1))
    )
    objects_of = BYTES_PER_MB * read_number(object_mb, "object_mb", above=True)
    moved = read_volume(amount, unit, billed_size=size) * times
    kept = read_stored(stored, unit, size)
    agreement = replace(read_agreement(book, place, discount, rates, as_of), provider=provider_of(way.id))
    common_shape(amount=moved, stored=kept, **ranges_of(agreement))
    _explain_route(book, way)
    explain_step(
        "bytes read",
        first_of(moved),
        "bytes",
        "amount x share x passes x (1 - cached)",
    )
    if not way.get_requests and not way.get_requests_free:
        raise NotInBookError(
            f"route {way.id}: the book has no price of its GET requests, so an experiment cannot be priced."
        )
    usages = _route_usages(book, way, moved, 0.0, kept)
    usages += [Usage(meter, moved / objects_of, why="one GET per object") for meter in way.get_requests]
    return settle(book, usages, agreement)


def _moved(
    direction: Direction,
    amount: object,
    unit: object,
    route: object,
    prior: object,
    region: object,
    terms: tuple[object, object, object],
    stored: object = None,
) -> Quantity:
    book = price_book()
    way, place = read_placed(book, partial(book.route, direction), route, "route", region)
    size = book.meter(way.legs[0].meter).unit_size
    moved = read_volume(amount, unit, billed_size=size)
    before = read_prior(prior, unit, size)
    kept = read_stored(stored, unit, size)
    agreement = replace(read_agreement(book, place, *terms), provider=provider_of(way.id))
    common_shape(amount=moved, prior=before, stored=kept, **ranges_of(agreement))
    _explain_route(book, way)
    return settle(book, _route_usages(book, way, moved, before, kept), agreement)


def _route_usages(
    book: PriceBook, way: Route, moved: Quantity, before: Quantity, stored: Quantity | None
) -> list[Usage]:
    billed, billed_before = _beyond_free(book, way, moved, before, stored)
    return [Usage(leg.meter, billed * leg.times, billed_before * leg.times, leg.why or way.label) for leg in way.legs]


def _beyond_free(
    book: PriceBook, way: Route, moved: Quantity, before: Quantity, stored: Quantity | None
) -> tuple[Quantity, Quantity]:
    # The part of `moved` and of `before` that is beyond the free multiple of `stored`.
    times = way.free_egress_times_stored
    if times is None or stored is None:
        if times is not None:
            explain_step("free egress", "not applied", "", f"{times:g} times what is stored; stored is left out")
        elif stored is not None:
            explain_step("free egress", "none", "", "none of this route depends on what is stored")
        return moved, before
    free = times * stored
    billed_before = np.maximum(before - free, 0.0)
    billed = np.maximum(before + moved - free, 0.0) - billed_before
    explain_step("stored", first_of(stored), "bytes")
    explain_step("free egress", first_of(free), "bytes", f"{times:g} times what is stored, prior first")
    explain_step("bytes beyond", first_of(billed), "bytes")
    if not any(any(book.price(leg.meter).tariff.prices) for leg in way.legs):
        billed = _refused_beyond(way, times, billed)
    return (billed, billed_before) if isinstance(billed, np.ndarray) else (float(billed), float(billed_before))


def _refused_beyond(way: Route, times: float, billed: Quantity) -> Quantity:
    # No price of 0 for what a provider does not allow.
    reason = f"{way.id} lets out {times:g} times what is stored, and the book has no price beyond it. {way.policy}"
    beyond = np.asarray(billed) > 0
    if not beyond.any():
        return billed
    if not beyond.shape:
        raise NotInBookError(reason)
    refused = as_cell(NotInBookError(reason))
    report_bad_cells(beyond.shape, [(int(at), refused) for at in np.flatnonzero(beyond)])
    return np.where(beyond, np.nan, billed)


def _explain_route(book: PriceBook, way: Route) -> None:
    if explaining() is None:
        return
    explain_step("route", way.id, "", way.note or way.label)
    for name in way.not_included:
        meter = book.meter(name)
        explain_step(
            "not included", meter.id, meter.billing_unit, f"{meter.label}: not billed by volume; see the model"
        )
    if way.policy:
        explain_step("provider policy", way.policy)
