"""Checks of the prices that a plan uses: private rates, doubtful and old ones, free quantities, the book's date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import numpy as np

from vidcost_xl.model.bill import Bill
from vidcost_xl.model.checked import Check
from vidcost_xl.model.meter_prices import as_of
from vidcost_xl.model.own_money import UNITS
from vidcost_xl.model.rate_keys import RATE_PREFIX
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import split_place

#: A price read longer than this before the day whose prices the plan takes is reported.
STALE_DAYS: Final = 365


def private_rates(bill: Bill) -> Iterable[Check]:
    """Private rates of meters that no line uses."""
    # A rate holds in every region.
    used = {split_place(charge.line.meter)[0] for charge in bill.charges} | {bill.plan.text(key) for key in UNITS}
    given = [*bill.plan.rates, *(key.removeprefix(RATE_PREFIX) for key, _ in bill.plan.monthly if RATE_PREFIX in key)]
    for meter in dict.fromkeys(given):
        if meter not in used:
            yield Check("note", "private rate", RATE_PREFIX + meter, "no line of this plan uses the meter")


def prices(bill: Bill) -> Iterable[Check]:
    """Prices that are weak, and how old they are."""
    used = {charge.line.meter: charge.priced for charge in bill.charges if charge.priced and np.any(charge.effective)}
    for meter, priced in used.items():
        price = priced.price
        if price.confidence == "low" or set(price.flags) & {"weak", "undated", "assumption"}:
            flags = ", ".join(price.flags) or "no flag"
            text = f"the price is {price.confidence} confidence ({flags}): {price.note}".rstrip(": ")
            yield Check("warning", "weak price", meter, text)
    yield from _ages(bill, {meter: priced.price.read_on for meter, priced in used.items()})


def _ages(bill: Bill, read: dict[str, date | None]) -> Iterable[Check]:
    # Seen from the plan's own day, never from a clock: an answer that was signed stays the answer.
    day = as_of(bill.plan)
    told = f"the plan's price date {day}" if day else f"the plan's first month {bill.plan.calendar.starts[0]:%Y-%m}"
    ages = {meter: ((day or bill.plan.calendar.starts[0]) - on).days for meter, on in read.items() if on}
    old = sorted((meter for meter, age in ages.items() if age > STALE_DAYS), key=lambda meter: (-ages[meter], meter))
    if old:
        listed = ", ".join(f"{meter} ({ages[meter]:,} days, on {read[meter]})" for meter in old)
        text = f"read more than {STALE_DAYS} days before {told}: {listed}"
        yield Check("note", "price age", old[0], text, float(ages[old[0]]), STALE_DAYS)


def free_quantities(bill: Bill) -> Iterable[Check]:
    """What is free in each of several regions, where an account has it once."""
    # A pool is of one region; what its provider gives an account for nothing comes off each of them.
    pools: dict[tuple[str, str], dict[str, float]] = {}
    for charge in bill.charges:
        if charge.priced and charge.priced.tariff.allowance and charge.priced.meter.id not in bill.plan.rates:
            tariff = charge.priced.tariff
            free = min(float(charge.pool.quantity.max()), tariff.allowance)
            worth = free * next((price for price in tariff.prices if price), 0.0)
            pools.setdefault((charge.line.payer, charge.priced.meter.id), {})[charge.line.meter] = worth
    for (_, meter), worths in pools.items():
        if len(worths) > 1:
            most = sum(worths.values()) - min(worths.values())
            text = f"what is free is counted in each of {len(worths)} regions: at most ${most:,.2f} a month too low"
            yield Check("note", "free quantity", meter, f"{text} where it is once an account, as at AWS", most)


def price_date(bill: Bill) -> Iterable[Check]:
    """Whether the plan was made with an older book."""
    made, book = bill.plan.values["money.book"], price_book()
    if isinstance(made, date) and book.as_of > made:
        text = f"the plan was made with the price book of {made}; this one is of {book.as_of}: compare them first"
        yield Check("warning", "price book", "money.book", text, book.as_of.isoformat(), made.isoformat())
