"""What a plan pays for a unit of a meter: the day of its list prices, and its private rates."""

from __future__ import annotations

from datetime import date

import numpy as np

from vidcost_xl.model.lines import Array
from vidcost_xl.model.plan import Plan
from vidcost_xl.model.rate_keys import RATE_PREFIX
from vidcost_xl.prices.book import PricedMeter, price_book


def as_of(plan: Plan) -> date | None:
    """The day whose list prices hold; None for the newest."""
    day = plan.values["money.as_of"]
    return day if isinstance(day, date) else None


def priced_of(plan: Plan, meter: str) -> PricedMeter:
    """A meter at the list price of the plan's day; without any, at the private rates that hold in all of its months.

    Returns
    -------
    PricedMeter
        The private rate of the first month stands for a list price that nobody published.

    Raises
    ------
    NotInBookError
        Where it has neither.
    """
    book = price_book()
    rates = private_rates(plan, book.meter(meter).id)
    if not np.any(np.isnan(rates)) and not book.is_listed(meter):
        return book.at_rate(meter, None, float(rates[0, 0]))
    return book.price(meter, None, as_of(plan))


def private_rates(plan: Plan, meter: str) -> Array:
    """The private rate of a meter in each month, (month, 1); NaN where there is none."""
    rate = np.full((plan.calendar.months, 1), plan.rates.get(meter, np.nan))
    for (name, position), value in plan.monthly.items():
        if name == RATE_PREFIX + meter:
            rate[position] = value
    return rate
