"""Reviewing the price book: a table of it, and what about it is doubtful or old."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from vidcost_xl.prices.lookup import PriceBook, compile_tariff

Severity = Literal["ok", "note", "warning", "error"]

#: What the note of a row without a price says, so that a price of 0 is a reading and not a gap.
SAYS_FREE: Final = re.compile(r"\b(?:free|no (?:fee|charge)|zero)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """One thing to know about a price."""

    severity: Severity
    meter: str
    region: str
    text: str


def price_table(book: PriceBook, text: str = "") -> list[list[Any]]:
    """The book as a table: a row for each price, with its first paid tier.

    Parameters
    ----------
    text : str
        Only meters whose id holds it.

    Returns
    -------
    list of rows
        With a header row.
    """
    rows: list[list[Any]] = [
        ["meter", "region", "price", "currency", "unit", "tiers", "from", "read", "confidence", "flags"]
    ]
    for meter, price in book.all_prices():
        if text.casefold() not in meter.id:
            continue
        paid = next((tier.price for tier in price.tiers if tier.price), 0.0)
        read = price.read_on.isoformat() if price.read_on else "undated"
        rows.append(
            [
                meter.id,
                price.region,
                paid,
                meter.currency,
                meter.billing_unit,
                float(len(price.tiers)),
                price.valid_from.isoformat(),
                read,
                price.confidence,
                ", ".join(price.flags),
            ]
        )
    return rows


def review(book: PriceBook, today: date, stale_days: int) -> list[Finding]:
    """What a reviewer of the book should look at.

    Parameters
    ----------
    book : PriceBook
        Its files have passed the schema and their references hold, or it would not exist.
    stale_days : int
        A price read longer ago is reported.

    Returns
    -------
    list of Finding
        The last one counts what was reviewed. An error is a price dated in the future or a
        tariff with no positive price whose note does not call it free.
    """
    findings = []
    tiers = 0
    for meter, price in book.all_prices():
        tiers += len(price.tiers)
        where = (meter.id, price.region)
        if max(price.read_on or price.valid_from, price.valid_from) > today:
            findings.append(Finding("error", *where, f"read or valid only after today ({today:%Y-%m-%d})"))
        if price.read_on and (today - price.read_on).days > stale_days:
            findings.append(Finding("warning", *where, f"read {(today - price.read_on).days} days ago"))
        findings += [Finding("warning", *where, f"{flag}: {price.note}".rstrip(": ")) for flag in price.flags]
        if price.confidence == "low":
            findings.append(Finding("warning", *where, "low confidence"))
        tariff = compile_tariff(meter, price)
        if not any(tariff.prices) and not SAYS_FREE.search(price.note):
            findings.append(Finding("error", *where, "no positive price, and its note does not say that it is free"))
        if meter.tariff == "graduated" and price.allowance is None and not tariff.is_concave and tariff.prices[0]:
            findings.append(Finding("note", *where, "a later tier is dearer than an earlier one"))
    summary = f"{len(book.providers)} providers, {len(book.meters)} meters, {tiers} tiers, digest {book.digest}"
    return [*findings, Finding("ok", "", "", f"{summary}; schema and references hold")]
