"""From usage to money: list, contracted and effective price of metered usage, side by side.

List is the book's tariff. Contracted replaces it by a private rate where the agreement has
one. Effective is contracted less the negotiated discount. All three are kept, because a
finance team signs the third and is asked about the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vidcost_xl.errors import VideoCostError
from vidcost_xl.prices.located import provider_of, split_place
from vidcost_xl.prices.lookup import PriceBook, PricedMeter
from vidcost_xl.prices.rates import PrivateRate, PrivateRates
from vidcost_xl.prices.tariff import Tariff

#: A number or an array of them; arrays are separate months and broadcast against each other.
Quantity: TypeAlias = float | NDArray[np.float64]

#: A day, an array of days (dtype object), or None for the newest price.
Days: TypeAlias = date | NDArray[Any] | None

#: Stands in an array of days for a month without one: the newest price.
NEWEST: Final = date.max

NO_RATES: Final = PrivateRates()


@dataclass(frozen=True)
class Usage:
    """What is metered in a month.

    Parameters
    ----------
    meter : str
        Meter id.
    amount : float or ndarray
        Base units of the meter: bytes, requests, objects or hours.
    prior : float or ndarray
        Base units billed earlier in the same month and pool.
    why : str
        What this usage is, for the explanation.
    """

    meter: str
    amount: Quantity
    prior: Quantity = 0.0
    why: str = ""


@dataclass(frozen=True)
class Agreement:
    """Under which terms usage is billed.

    Parameters
    ----------
    region : str or None
        None for the provider's default.
    provider : str or None
        Whose region it is, so that a meter of another provider is priced in its own default; None for everyone's.
    discount : float or ndarray
        Share off the contracted price, 0 to 1.
    as_of : date, ndarray of date, or None
        None for the newest price, and `NEWEST` for it inside an array.
    """

    region: str | None = None
    discount: Quantity = 0.0
    rates: PrivateRates = NO_RATES
    as_of: Days = None
    provider: str | None = None

    def region_of(self, meter: str) -> str | None:
        """The region in which a meter is priced."""
        return self.region if self.provider in {None, provider_of(meter)} else None


@dataclass(frozen=True)
class Terms:
    """What one meter costs under an agreement on one day."""

    priced: PricedMeter
    private: PrivateRate | None
    contracted: Tariff


@dataclass(frozen=True)
class Charge:
    """One usage, priced.

    Parameters
    ----------
    quantity, prior : float or ndarray
        Billing units.
    list_amount, contracted_amount, effective_amount : float or ndarray
        In the meter's currency.
    """

    usage: Usage
    terms: Terms
    quantity: Quantity
    prior: Quantity
    list_amount: Quantity
    contracted_amount: Quantity
    effective_amount: Quantity


def terms_of(book: PriceBook, meter: str, agreement: Agreement, day: date | None) -> Terms:
    """The terms of `meter` on `day`.

    Raises
    ------
    NotInBookError
        When the book has no price for meter, region and day; a private rate does for one that has none on any day.
    """
    place = agreement.region_of(meter)
    if not agreement.rates.rates:
        priced = book.price(meter, place, day)
        return Terms(priced, None, priced.tariff)
    found = book.meter(meter)
    where = book.place(found.id, split_place(meter)[1], place) or book.provider_of(found.id).default_region
    private = agreement.rates.find(found.id, where, day)
    if private is not None and not book.is_listed(meter, place):
        priced = book.at_rate(meter, place, private.rate)
        return Terms(priced, private, priced.tariff)
    priced = book.price(meter, place, day)
    if private is None:
        return Terms(priced, None, priced.tariff)
    flat = Tariff(
        (0.0,), (private.rate,), round_up=priced.tariff.round_up, minimum_quantity=priced.tariff.minimum_quantity
    )
    return Terms(priced, private, flat)


def charge(usage: Usage, terms: Terms, discount: Quantity = 0.0) -> Charge:
    """Price one usage under `terms`.

    Parameters
    ----------
    discount : float or ndarray
        0 to 1.
    """
    size = terms.priced.meter.unit_size
    quantity, prior = usage.amount / size, usage.prior / size
    listed = _after(terms.priced.tariff, prior, quantity)
    contracted = listed if terms.private is None else _after(terms.contracted, prior, quantity)
    return Charge(usage, terms, quantity, prior, listed, contracted, contracted * (1.0 - discount))


def charges(book: PriceBook, usages: Iterable[Usage], agreement: Agreement, day: date | None) -> list[Charge]:
    """Price usages on one day; usages of the same meter share its tiers.

    Parameters
    ----------
    agreement : Agreement
        Its `as_of` is not read.

    Returns
    -------
    list of Charge
        One a meter, in the order of first appearance.
    """
    return [
        charge(usage, terms_of(book, usage.meter, agreement, day), agreement.discount) for usage in _by_meter(usages)
    ]


def total(
    book: PriceBook, usages: Sequence[Usage], agreement: Agreement, refused: dict[date, VideoCostError] | None = None
) -> Quantity:
    """The effective amount of `usages` under `agreement`.

    Parameters
    ----------
    agreement : Agreement
        Where `as_of` is an array, each month is billed at the terms of its own day.
    refused : dict, optional
        Takes the days of an `as_of` array that have no terms and why; their months are NaN.
        Without it the first such day raises.

    Returns
    -------
    float or ndarray
        In the currency of the meters; the shape that the arrays broadcast to.
    """
    if not isinstance(agreement.as_of, np.ndarray):
        return sum((item.effective_amount for item in charges(book, usages, agreement, agreement.as_of)), start=0.0)
    shape = np.broadcast_shapes(
        agreement.as_of.shape,
        np.shape(agreement.discount),
        *(np.shape(part) for usage in usages for part in (usage.amount, usage.prior)),
    )
    days = np.broadcast_to(agreement.as_of, shape)
    result = np.full(shape, np.nan)
    unpriced: dict[date, VideoCostError] = {} if refused is None else refused
    groups = _days_by_terms(book, usages, agreement, days, unpriced)
    if refused is None and unpriced:
        raise unpriced[min(unpriced)]
    for terms, mask in groups:
        amounts = [charge(usage, term, agreement.discount).effective_amount for usage, term in terms]
        result = np.where(mask, sum(amounts, start=0.0), result)
    return result


def _days_by_terms(
    book: PriceBook,
    usages: Sequence[Usage],
    agreement: Agreement,
    days: NDArray[Any],
    refused: dict[date, VideoCostError],
) -> list[tuple[list[tuple[Usage, Terms]], NDArray[np.bool_]]]:
    # Months between two price changes share their terms, so the work grows with the number of
    # price changes, not of months. A day that could not be read is None and stays NaN.
    merged = _by_meter(usages)
    groups: dict[tuple[Any, ...], tuple[list[tuple[Usage, Terms]], list[date]]] = {}
    for day in {day for day in days.flat if day is not None}:
        try:
            known = None if day == NEWEST else day
            terms = [(usage, terms_of(book, usage.meter, agreement, known)) for usage in merged]
        except VideoCostError as error:
            refused[day] = error
            continue
        key = tuple((id(term.priced.price), term.private) for _, term in terms)
        groups.setdefault(key, (terms, []))[1].append(day)
    return [(terms, np.isin(days, np.asarray(chosen, dtype=object))) for terms, chosen in groups.values()]


def _by_meter(usages: Iterable[Usage]) -> list[Usage]:
    merged: dict[str, Usage] = {}
    for usage in usages:
        first = merged.get(usage.meter)
        if first is None:
            merged[usage.meter] = usage
        else:
            why = "; ".join(part for part in (first.why, usage.why) if part)
            merged[usage.meter] = Usage(usage.meter, first.amount + usage.amount, first.prior + usage.prior, why)
    return list(merged.values())


def _after(tariff: Tariff, prior: Quantity, quantity: Quantity) -> Quantity:
    if isinstance(prior, np.ndarray) or isinstance(quantity, np.ndarray):
        return tariff.charges_after(prior, quantity)
    return tariff.charge_after(prior, quantity)
