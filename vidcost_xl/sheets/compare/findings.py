"""Prices and parts of the structure that differ between two plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vidcost_xl.model.bill import Bill
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.plan.reading.source import PlanSource

if TYPE_CHECKING:
    from vidcost_xl.sheets.plan.reading.prices import ChangedPrice


@dataclass(frozen=True)
class Finding:
    """A price, or a part of the structure, that differs."""

    what: str
    name: str
    old: str
    new: str


def price_findings(old: PlanSource, new: PlanSource, bills: tuple[Bill, Bill]) -> tuple[Finding, ...]:
    """What differs between the prices of two plans: typed over in their files, the book, the row of the book in use."""
    return (*_typed_over(old, new), *_books(old, new), *_passports(*bills))


def structure_findings(old: PlanSource, new: PlanSource, bills: tuple[Bill, Bill]) -> tuple[Finding, ...]:
    """What differs between their structures: representations, months, lines, and the sheets and formulas of files."""
    return (*_structure(*bills), *_sheets(old, new))


def _typed_over(old: PlanSource, new: PlanSource) -> Iterator[Finding]:
    typed: list[dict[tuple[str, int, str], ChangedPrice]] = [
        {}
        if source.workbook is None
        else {(each.meter, each.tier, each.column): each for each in source.workbook.prices_changed}
        for source in (old, new)
    ]
    for key in dict.fromkeys([*typed[0], *typed[1]]):
        was, now = (each.get(key) for each in typed)
        known = was or now
        assert known is not None
        listed = "(another book)" if known.listed is None else str(known.listed)
        before, after = (listed if each is None else f"{each.typed} ({each.at})" for each in (was, now))
        if was is None or now is None or was.typed != now.typed:
            yield Finding("typed over", f"{known.meter}, row {known.tier}, {known.heading}", before, after)


def _books(old: PlanSource, new: PlanSource) -> Iterator[Finding]:
    made = [
        price_book().digest if source.workbook is None else source.workbook.prices_digest or "(not said)"
        for source in (old, new)
    ]
    if made[0] != made[1]:
        yield Finding("price book", "digest of the data", *made)
    programs = [source.workbook.program for source in (old, new) if source.workbook is not None]
    if len(programs) == len(made) and programs[0] != programs[1]:
        yield Finding("program", "that made the file", *programs)


def _passports(old: Bill, new: Bill) -> Iterator[Finding]:
    # Two plans may use one meter on different days, and so another row of the book.
    used = [
        {charge.line.meter: charge.priced for charge in bill.charges if charge.priced is not None}
        for bill in (old, new)
    ]
    for meter in used[0]:
        if meter in used[1] and used[0][meter].price != used[1][meter].price:
            texts = []
            for side in used:
                price = side[meter].price
                tiers = " / ".join(f"{tier.price:g}" for tier in price.tiers)
                texts.append(f"{tiers} from {price.valid_from:%Y-%m-%d} [{price.source}]")
            yield Finding("list price", meter, *texts)


def _structure(old: Bill, new: Bill) -> Iterator[Finding]:
    names = [
        [bill.plan.text(f"representation.{n}.name") for n in range(1, bill.plan.representations + 1)]
        for bill in (old, new)
    ]
    yield from _sets("representation", *names)
    months = [bill.plan.calendar.labels for bill in (old, new)]
    if months[0] != months[1]:
        yield Finding("months", "of the plan", *(f"{each[0]} to {each[-1]} ({len(each)})" for each in months))
    yield from _sets("line", *([charge.line.id for charge in bill.charges] for bill in (old, new)))


def _sheets(old: PlanSource, new: PlanSource) -> Iterator[Finding]:
    if not old.data or not new.data:
        return
    from vidcost_xl.sheets.formulas.changes import sheet_changes

    found = sheet_changes(old.data, new.data, (old.name, new.name))
    for name in found.removed:
        yield Finding("sheet", name, "there", "")
    for name in found.added:
        yield Finding("sheet", name, "", "there")
    for change in found.formulas:
        yield Finding("formula", change.at, change.old, change.new)


def _sets(what: str, old: list[str], new: list[str]) -> Iterator[Finding]:
    for name in old:
        if name not in new:
            yield Finding(what, name, "there", "")
    for name in new:
        if name not in old:
            yield Finding(what, name, "", "there")
