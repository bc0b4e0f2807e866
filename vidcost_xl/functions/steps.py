"""The steps behind a price, written down only when someone asks for the explanation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from vidcost_xl.functions.values import Step, explaining
from vidcost_xl.prices.book import PriceBook
from vidcost_xl.prices.quote import NEWEST, Agreement, Charge, Usage, charges


def explain_step(label: str, value: float | str, unit: str = "", note: str = "") -> None:
    """Add one step to the running explanation, if there is one."""
    steps = explaining()
    if steps is not None:
        steps.append(Step(label, value, unit, note))


def explain_charges(book: PriceBook, usages: Sequence[Usage], agreement: Agreement) -> None:
    """Add the steps of pricing `usages`: quantity, tiers, list, contracted, effective, source.

    Parameters
    ----------
    usages : sequence of Usage
        Of ranges, the first cell is explained.
    """
    first_usages = [Usage(use.meter, first_of(use.amount), first_of(use.prior), use.why) for use in usages]
    day: date | None = first_of(agreement.as_of)
    first = replace(agreement, discount=first_of(agreement.discount), as_of=day)
    for item in charges(book, first_usages, first, day):
        _explain_charge(book, item, float(first.discount))


def _explain_charge(book: PriceBook, item: Charge, discount: float) -> None:
    priced, usage = item.terms.priced, item.usage
    meter, price, unit = priced.meter, priced.price, priced.unit
    explain_step("meter", meter.id, "", f"{meter.label} ({meter.service}); {usage.why}")
    if meter.unit_size != 1:
        size = f"1 {unit} = {meter.unit_size:,.0f} {'bytes' if meter.dimension in _VOLUME else meter.dimension + 's'}"
        explain_step(
            "metered", float(usage.amount), "bytes" if meter.dimension in _VOLUME else meter.dimension + "s", size
        )
    explain_step("quantity", float(item.quantity), unit)
    if item.prior:
        explain_step("billed before", float(item.prior), unit, "prior: the tiers continue from here")
    tariff = priced.tariff
    if tariff.round_up or tariff.minimum_quantity:
        rule = (
            "rounded up to whole billing units" if tariff.round_up else f"at least {tariff.minimum_quantity:g} {unit}"
        )
        explain_step("billed quantity", tariff.billed(float(item.prior + item.quantity)), unit, rule)
    if tariff.allowance:
        explain_step("free allowance", tariff.allowance, unit, f"{tariff.allowance_position} the tiers")
    for tier in tariff.tier_charges(float(item.prior), float(item.quantity)):
        until = "and above" if math.isinf(tier.end) else f"to {tier.end:,.10g}"
        note = f"{tier.quantity:,.6f} {unit} at {tier.price:.10g}"
        explain_step(f"tier {tier.start:,.10g} {until}", tier.amount, meter.currency, note)
    key, source = book.source(priced)
    read = f", read {price.read_on:%Y-%m-%d}" if price.read_on else ", undated"
    explain_step(
        "list",
        float(item.list_amount),
        meter.currency,
        f"{price.region} from {price.valid_from:%Y-%m-%d}{read}; {source.title} [{key}]",
    )
    if item.terms.private is not None:
        explain_step(
            "contracted",
            float(item.contracted_amount),
            meter.currency,
            f"private rate {item.terms.private.rate:.10g} per {unit}, flat",
        )
    if discount:
        explain_step("effective", float(item.effective_amount), meter.currency, f"less {discount:.4%} discount")
    for flag in price.flags:
        explain_step("caution", flag, "", price.note)


_VOLUME = frozenset({"storage", "transfer", "retrieval"})


def first_of(value: Any) -> Any:
    """The first cell of an array, which stands for all of it in an explanation; any other value as it is."""
    if isinstance(value, np.ndarray):
        first = value.flat[0]
        if isinstance(first, date):
            return None if first == NEWEST else first
        return None if first is None else float(first)
    return value
