"""What an import would change: each price of a list against the one in use."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from vidcost_xl.errors import NotInBookError
from vidcost_xl.prices.layer import MARK
from vidcost_xl.prices.lists.matching import Match, Offered, Tiers
from vidcost_xl.prices.lists.rows import PriceList
from vidcost_xl.prices.lists.rules import Rules
from vidcost_xl.prices.lookup import PriceBook, PricedMeter
from vidcost_xl.prices.schema import Allowance

Kind = Literal["added", "changed", "confirmed", "same", "older", "doubtful", "gone"]

#: Two prices that agree this closely are one: Google prints hourly prices to five digits.
SAME: Final = 2e-5

#: A price that moves by more than this factor, or differs so much between regions, is looked at by a person first.
JUMP: Final = 3.0

#: Where a region has no price yet, a list older than this adds none: its price may long have ended.
OLDEST_DAYS: Final = 366


@dataclass(frozen=True)
class Change:
    """One price of a list beside the one in use.

    Parameters
    ----------
    offered : Offered or None
        None for a price that is gone.
    valid_from : date or None
        From when it would hold, where it would be written.
    why : str
        A reason, for a person.
    """

    kind: Kind
    meter: str
    region: str
    before: str
    after: str
    why: str = ""
    offered: Offered | None = None
    valid_from: date | None = None


@dataclass(frozen=True)
class Proposal:
    """What a list would change, and under which source.

    Parameters
    ----------
    source, title, locator : str
        Key, title and file or address of the source that its prices cite.
    region_names : mapping
        What people call the provider's regions.
    """

    provider: str
    source: str
    title: str
    locator: str
    published: date
    changes: tuple[Change, ...]
    refused: tuple[str, ...]
    region_names: Mapping[str, tuple[str, ...]]

    def of(self, *kinds: Kind) -> list[Change]:
        """The changes of these kinds."""
        return [change for change in self.changes if change.kind in kinds]

    def accepted(self, also: Iterable[str] = ()) -> list[Change]:
        """What is written: what is added, changed and confirmed, and doubtful prices of the meters in `also`."""
        wanted = set(also)
        return [
            change
            for change in self.changes
            if change.kind in {"added", "changed", "confirmed"}
            or (change.kind == "doubtful" and change.meter in wanted and change.offered and change.offered.tiers)
        ]

    def table(self) -> list[list[Any]]:
        """The changes as rows under a header; prices that stay the same are left out."""
        rows: list[list[Any]] = [["change", "meter", "region", "in use", "list", "from", "why"]]
        for change in self.changes:
            if change.kind != "same":
                start = change.valid_from.isoformat() if change.valid_from else ""
                rows.append([change.kind, change.meter, change.region, change.before, change.after, start, change.why])
        return rows

    def summary(self) -> str:
        """How many of each kind, in one line."""
        kinds: Sequence[Kind] = ("added", "changed", "confirmed", "same", "older", "doubtful", "gone")
        told = [f"{count} {kind}" for kind in kinds if (count := len(self.of(kind)))]
        return f"{self.title}, of {self.published:%Y-%m-%d}: {', '.join(told)}"


def propose(found: Match, listed: PriceList, published: date, rules: Rules, book: PriceBook) -> Proposal:
    """Compare the offers of a list with the book.

    Parameters
    ----------
    published : date
        The day of the list.
    """
    version = listed.version or f"{published:%Y-%m-%d}"
    services = [service for service in found.services if service in rules.services]
    named = " and ".join(services)
    changes = [_change(offered, published, book) for offered in found.offers]
    if listed.whole:
        changes += _gone(found, services, rules, book)
    order: Sequence[Kind] = ("changed", "added", "doubtful", "gone", "older", "confirmed", "same")
    changes.sort(key=lambda change: (order.index(change.kind), change.region, change.meter))
    source = "-".join([*services, version]).replace(" ", "-").casefold()
    title = rules.title.format(service=named, version=version)
    names = {region: row.names for region, row in rules.regions.items()}
    return Proposal(rules.provider, source, title, listed.name, published, tuple(changes), tuple(found.refused), names)


def _change(offered: Offered, published: date, book: PriceBook) -> Change:
    meter, region = offered.meter, offered.region
    used = _in_use(book, meter.id, region)
    after = _shown(offered.tiers, offered.allowance)
    start = offered.valid_from

    def change(kind: Kind, why: str = "", valid_from: date | None = None) -> Change:
        before = "" if used is None else _shown(_tiers(used), used.price.allowance)
        return Change(kind, meter.id, region, before, after, why, offered, valid_from)

    if used is None:
        why = offered.doubt or _odd(offered, book) or _too_old(published, book)
        return change("doubtful" if why else "added", why, start)
    price = used.price
    read = price.read_on or price.valid_from
    if _same(_tiers(used), offered.tiers) and _same_allowance(price.allowance, offered.allowance):
        if published <= read and price.region == region:
            return change("same")
        # A price of the user's own keeps its first day, so that confirming it adds no row.
        start = price.valid_from if price.source.startswith(MARK) else max(start, price.valid_from)
        return change("confirmed", f"the one in use was read on {read:%Y-%m-%d}", start)
    if published < read:
        return change("older", f"the one in use was read on {read:%Y-%m-%d}, the list is of {published:%Y-%m-%d}")
    # A first day that the list gives, and on or after which the price in use was still read, cannot be when it changed.
    start = start if start > read else published
    twice = "another price was read on the same day" if published == read else ""
    why = offered.doubt or twice or _odd(offered, book, used)
    return change("doubtful" if why else "changed", why, start)


def _in_use(book: PriceBook, meter: str, region: str) -> PricedMeter | None:
    try:
        return book.price(meter, region)
    except NotInBookError:
        return None


def _tiers(priced: PricedMeter) -> Tiers:
    return tuple((tier.start, tier.price) for tier in priced.price.tiers)


def _same_allowance(one: Allowance | None, other: Allowance | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.quantity, one.position) == (other.quantity, other.position)


def _same(one: Tiers, other: Tiers) -> bool:
    return len(one) == len(other) and all(
        math.isclose(low, high, rel_tol=SAME, abs_tol=0.0)
        for ours, theirs in zip(one, other, strict=True)
        for low, high in zip(ours, theirs, strict=True)
    )


def _odd(offered: Offered, book: PriceBook, used: PricedMeter | None = None) -> str:
    """What makes a price unlikely, beside the one in use or, in a new region, beside the default region's."""
    beside = used or _in_use(book, offered.meter.id, book.provider_of(offered.meter.id).default_region)
    if beside is None:
        return ""
    named = "the price in use" if used else f"the price in {beside.price.region}"
    for start in sorted({start for start, _ in (*offered.tiers, *_tiers(beside))}):
        theirs, ours = _at(offered.tiers, start), _at(_tiers(beside), start)
        tier = f" from {start:g}" if start else ""
        if not theirs and ours:
            return f"0{tier} where {named} is {ours:.10g}"
        if ours and not 1 / JUMP <= theirs / ours <= JUMP:
            return f"{theirs / ours:.3g} times {named}{tier}"
    if [start for start, _ in offered.tiers] != [start for start, _ in _tiers(beside)]:
        return f"its tiers start elsewhere than those of {named}"
    return ""


def _too_old(published: date, book: PriceBook) -> str:
    days = (book.as_of - published).days
    return f"the list is {days} days older than the book" if days > OLDEST_DAYS else ""


def _at(tiers: Tiers, amount: float) -> float:
    """The price of the unit that follows `amount`."""
    return max(((start, price) for start, price in tiers if start <= amount), default=(0.0, 0.0))[1]


def _gone(found: Match, services: Iterable[str], rules: Rules, book: PriceBook) -> Iterable[Change]:
    offered = {(offer.meter.id, offer.region) for offer in found.offers}
    regions = found.regions
    for rule in rules.rule:
        if rule.service not in services or rule.meter not in book.meters:
            continue
        for region in sorted(regions):
            used = _in_use(book, rule.meter, region)
            if used and used.price.region == region and (rule.meter, region) not in offered:
                before = _shown(_tiers(used), used.price.allowance)
                yield Change("gone", rule.meter, region, before, "", "the list does not name it; the price stays")


def _shown(tiers: Tiers, allowance: Allowance | None) -> str:
    prices = ", ".join(f"{price:.10g}" + (f" from {start:g}" if start else "") for start, price in tiers)
    return prices + (f" ({allowance.quantity:g} free)" if allowance else "")
