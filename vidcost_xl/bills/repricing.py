"""A bill at the prices of the book: what the list charges for the quantities that the provider counted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from vidcost_xl.bills.matching import MATCHED, OWN_PLAN
from vidcost_xl.errors import NotInBookError
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import END_MARK
from vidcost_xl.prices.lookup import PricedMeter

if TYPE_CHECKING:
    import pandas as pd

AGREES: Final = "agrees"
TIERS: Final = "agrees by row"
PRICE: Final = "other price"
UNKNOWN: Final = "not repriced"

#: The largest difference between two writings of one price.
_SAME: Final = 1e-6
#: Exports round what they list to ten decimals.
_LEAST: Final = 1e-9

#: What shares the tiers and the free units of a meter.
_POOL: Final = ("payer", "month", "currency", "is_provider", "is_meter", "is_region", "is_to")


@dataclass(frozen=True)
class Repriced:
    """One meter of one payer, month and region.

    Parameters
    ----------
    quantity : float
        Billing units; NaN where the bill counts in a unit that is not known.
    unit : str
        Of the book.
    billed, listed : float
        The amount of the bill, and its list cost; the amount again where it has none.
    book : float
        List charge of the book, through tiers and free units; NaN where it has no price.
    verdict : str
        `AGREES`; `TIERS`: each row has a price of the book, and their sum another than the book's, because other rows
        share the tiers; `PRICE`: a row has a price that the book does not have; `UNKNOWN`.
    why : str
        What a verdict other than `AGREES` goes by.
    """

    payer: str
    month: date | None
    provider: str
    meter: str
    region: str
    quantity: float
    unit: str
    billed: float
    listed: float
    book: float
    verdict: str
    why: str


def repriced(items: pd.DataFrame) -> list[Repriced]:
    """The meters of a matched bill at list price, the largest difference first.

    Parameters
    ----------
    items : DataFrame
        Of `matching.matched`.
    """
    mine = items[(items["is_kind"] == MATCHED) & (items["is_meter"] != "") & (items["is_provider"] != OWN_PLAN)]
    found = [
        _repriced(dict(zip(_POOL, key, strict=True)), rows)
        for key, rows in mine.groupby(list(_POOL), dropna=False, sort=True)
    ]
    return sorted(found, key=lambda row: -abs(row.listed - row.book) if not math.isnan(row.book) else 0.0)


def _repriced(key: dict[str, Any], rows: pd.DataFrame) -> Repriced:
    month = key["month"] if isinstance(key["month"], date) else None
    quantity = float(rows["billed_units"].sum(skipna=False))
    billed = float(rows["amount"].sum())
    given = rows["list_cost"]
    listed = float(given.fillna(rows["amount"]).sum())

    def told(book: float, verdict: str, why: str, unit: str = "") -> Repriced:
        names = (key["payer"], month, key["is_provider"], key["is_meter"], key["is_region"])
        return Repriced(*names, quantity, unit, billed, listed, book, verdict, why)

    nothing = float("nan")
    try:
        priced, when = _price(key["is_meter"], _place(key["is_region"], key["is_to"]), month)
    except NotInBookError as error:
        return told(nothing, UNKNOWN, error.message.partition(". ")[0])
    if key["currency"] not in {"", priced.meter.currency}:
        return told(nothing, UNKNOWN, f"billed in {key['currency']}, priced in {priced.meter.currency}", priced.unit)
    if math.isnan(quantity):
        units = ", ".join(sorted({unit or "none" for unit in rows.loc[rows["billed_units"].isna(), "unit"]}))
        return told(nothing, UNKNOWN, f"the unit {units} is none of the meter's, {priced.unit}", priced.unit)
    book = priced.tariff.charge(quantity) if quantity > 0 else 0.0
    if abs(listed - book) <= max(_LEAST * len(rows), _SAME * abs(book)):
        return told(book, AGREES, when, priced.unit)
    odd = _odd_prices(rows, priced)
    if odd:
        ours = ", ".join(f"{price:.10g}" for price in priced.tariff.prices)
        theirs = ", ".join(f"{price:.10g}" for price in odd)
        return told(book, PRICE, f"{theirs} a {priced.unit} against {ours}{when}", priced.unit)
    least, most = _bounds(priced, quantity, book)
    rounded = _LEAST * len(rows)
    if not least - rounded <= listed <= most + rounded:
        what = "more than" if listed > most else "less than"
        return told(book, PRICE, f"{what} the tiers of {quantity:,.6g} {priced.unit} come to{when}", priced.unit)
    return told(book, TIERS, f"every row has a price of the book; others share its tiers{when}", priced.unit)


def _price(meter: str, region: str, month: date | None) -> tuple[PricedMeter, str]:
    # A price of the month; the book's newest where it begins later, which is said.
    book = price_book()
    try:
        return book.price(meter, region or None, month), ""
    except NotInBookError:
        newest = book.price(meter, region or None)
        return newest, f"; the book's price holds from {newest.price.valid_from:%Y-%m-%d}"


def _place(region: str, to: str) -> str:
    return f"{region}{END_MARK}{to}" if region and to else region


def _bounds(priced: PricedMeter, quantity: float, book: float) -> tuple[float, float]:
    """Least and most that rows of a larger pool can come to: all of it in the cheapest tier, or without free units."""
    tariff = priced.tariff
    paid = [price for price in tariff.prices if price] or [0.0]
    slack = _SAME * max(book, max(paid) * abs(quantity))
    most = (
        book + min(tariff.allowance, quantity) * max(paid)
        if np.all(np.diff(tariff.prices) <= 0)
        else max(paid) * quantity
    )
    return min([*tariff.prices, *([0.0] if tariff.allowance else [])]) * quantity - slack, most + slack


def _odd_prices(rows: pd.DataFrame, priced: PricedMeter) -> list[float]:
    """Unit prices of rows, as stated or as charged, that the book does not have; 0 is one where some units are free."""
    units = rows["billed_units"].to_numpy(dtype=float)
    cost = rows["list_cost"].fillna(rows["amount"]).to_numpy(dtype=float)
    stated = rows["list_price"].to_numpy(dtype=float) / rows["is_units"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        charged = np.where(np.abs(cost - stated * units) <= _LEAST + _SAME * np.abs(cost), stated, cost / units)
    prices = np.unique(charged[np.isfinite(charged) & (units != 0)])
    ours = np.array([*priced.tariff.prices, *([0.0] if priced.tariff.allowance else [])])
    apart = np.abs(prices[:, np.newaxis] - ours).min(axis=1)
    odd: list[float] = prices[apart > _SAME * np.maximum(prices, ours.max())].tolist()
    return odd
