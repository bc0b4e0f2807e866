"""Private rates: negotiated prices that replace the list price of a meter.

A rate is flat: it holds for every billing unit of the meter, without tiers and without the
list's free allowance, as price agreements state it. The provider's rounding stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from vidcost_xl.errors import BadArgumentError, OutOfDomainError
from vidcost_xl.prices.located import split_place, start_of
from vidcost_xl.prices.lookup import PriceBook


@dataclass(frozen=True)
class PrivateRate:
    """One line of a price agreement.

    Parameters
    ----------
    meter : str
        Meter id of the price book.
    rate : float
        Price per billing unit of the meter, in its currency.
    region : str or None
        None for every region.
    start, end : date or None
        First and last day; None for an open end.
    """

    meter: str
    rate: float
    region: str | None = None
    start: date | None = None
    end: date | None = None

    @property
    def is_dated(self) -> bool:
        """Whether the rate holds only between dates."""
        return self.start is not None or self.end is not None

    def holds(self, region: str, as_of: date | None) -> bool:
        """Whether the rate applies in `region`, or between the two that it names, on `as_of`."""
        if self.region not in (None, region, start_of(region)):
            return False
        if as_of is None:
            return not self.is_dated
        return (self.start is None or self.start <= as_of) and (self.end is None or as_of <= self.end)

    def overlaps(self, other: PrivateRate) -> bool:
        """Whether both could apply to the same usage."""
        if self.meter != other.meter:
            return False
        if self.region is not None and other.region is not None and self.region != other.region:
            return False
        starts_late = self.start is not None and other.end is not None and self.start > other.end
        ends_early = self.end is not None and other.start is not None and self.end < other.start
        return not (starts_late or ends_early)


@dataclass(frozen=True)
class PrivateRates:
    """A price agreement: rates that do not contradict each other."""

    rates: tuple[PrivateRate, ...] = ()

    def find(self, meter: str, region: str, as_of: date | None) -> PrivateRate | None:
        """The rate for `meter` in `region` on `as_of`; a rate for both ends comes before one for the region or all.

        Raises
        ------
        BadArgumentError
            When the meter's rates are dated and no date is given: which one holds cannot be told.
        """
        mine = [rate for rate in self.rates if rate.meter == meter]
        if not mine:
            return None
        if as_of is None and any(rate.is_dated for rate in mine):
            raise BadArgumentError(f"rates: {meter} has rates with dates, so as_of is needed to tell which one holds.")
        holding = [rate for rate in mine if rate.holds(region, as_of)]
        return min(holding, key=lambda rate: (rate.region is None, rate.region != region), default=None)


def private_rates(rows: Sequence[PrivateRate], book: PriceBook) -> PrivateRates:
    """Check lines of a price agreement against the book and against each other.

    Parameters
    ----------
    book : PriceBook
        Knows the meters and regions.

    Raises
    ------
    NotInBookError
        For a meter or region the book does not hold.
    OutOfDomainError
        For a negative rate or an end before its start.
    BadArgumentError
        For two lines that could both apply.
    """
    known: list[PrivateRate] = []
    for written in rows:
        meter = book.meter(written.meter)
        rate = replace(
            written, meter=meter.id, region=book.place(meter.id, split_place(written.meter)[1], written.region)
        )
        if rate.rate < 0:
            raise OutOfDomainError(f"rates: the rate of {rate.meter} is negative ({rate.rate}).")
        if rate.start is not None and rate.end is not None and rate.end < rate.start:
            raise OutOfDomainError(f"rates: {rate.meter} ends on {rate.end} before it starts on {rate.start}.")
        for other in known:
            if rate.overlaps(other) and (rate.region is None) == (other.region is None):
                raise BadArgumentError(f"rates: {rate.meter} has two rates for the same region and dates.")
        known.append(rate)
    return PrivateRates(tuple(known))
