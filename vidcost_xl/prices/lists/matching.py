"""What a price list offers for the meters of the book, in the book's units; and what it says that cannot be used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.prices.lists.rows import ListRow, PriceList
from vidcost_xl.prices.lists.rules import Rule, Rules
from vidcost_xl.prices.lookup import PriceBook
from vidcost_xl.prices.schema import Allowance, Meter

Tiers = tuple[tuple[float, float], ...]
_Billed = list[tuple[Rule, ListRow]]


@dataclass(frozen=True)
class Offered:
    """The price of a meter in a region, as a list gives it.

    Parameters
    ----------
    tiers : tuple of (start, price)
        In billing units of the meter.
    basis : {"published", "read"}
        Whether the list gives the first day, or it is the list's own.
    doubt : str
        Why it is not to be taken as it stands; empty where nothing is.
    """

    meter: Meter
    region: str
    tiers: Tiers
    allowance: Allowance | None
    valid_from: date
    basis: Literal["published", "read"]
    sku: str
    where: str
    doubt: str = ""


@dataclass
class Match:
    """What a list holds for the book.

    Parameters
    ----------
    refused : list of str
        Rows that look like a meter and are not, and regions that nobody knows: a sentence each.
    regions : frozenset of str
        Those that the list names itself.
    read : int
        Rows of the list.
    """

    offers: list[Offered] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    services: tuple[str, ...] = ()
    regions: frozenset[str] = frozenset()
    read: int = 0


def match(listed: PriceList, published: date, rules: Rules, book: PriceBook) -> Match:
    """The offers of a list.

    Parameters
    ----------
    published : date
        The day of the list.

    Raises
    ------
    BadArgumentError
        For a list of other services, in another currency than the book's, or without any price of the book.
    """
    found = Match()
    by_price = _sorted(listed.rows, rules, book, found)
    if not set(found.services) & set(rules.services):
        raise BadArgumentError(
            f"{listed.name} is a list of {', '.join(found.services) or 'nothing'}; "
            f"of this provider, lists of {', '.join(rules.services)} are read."
        )
    if not by_price:
        told = f"{listed.name}: none of its {found.read} rows bills a meter of the book; nothing to import."
        raise BadArgumentError(" ".join([told, *found.refused]))
    found.offers = [
        _offered(book.meters[meter], region, rows, published, rules) for (meter, region), rows in by_price.items()
    ]
    return found


def _sorted(rows: Iterable[ListRow], rules: Rules, book: PriceBook, found: Match) -> dict[tuple[str, str], _Billed]:
    """The rows that bill a meter of the book, by meter and region; what else there is goes into `found`."""
    by_price: dict[tuple[str, str], _Billed] = {}
    everywhere: _Billed = []
    services: dict[str, None] = {}
    refused: dict[str, str] = {}
    for row in rows:
        found.read += 1
        services[row.service] = None
        why = rules.refusal(row)
        if why:
            refused.setdefault(row.key, f"{row.where}: {row.key} at {row.price.normalize():f} is refused: {why}")
        rule = rules.find(row)
        if rule is None or rule.meter not in book.meters:
            continue
        currency = book.meters[rule.meter].currency
        if row.currency != currency:
            raise BadArgumentError(
                f"{row.where}: {row.key} costs {row.currency}, the book is in {currency}; nothing was imported."
            )
        region = rules.region(row.region)
        if row.region in rules.everywhere:
            everywhere.append((rule, row))
        elif region is None and not rule.regions:
            told = unknown_name("region", row.region, rules.regions)
            refused.setdefault(row.region, f"{row.where}: {told} Its prices were left out.")
        for named in rule.regions or filter(None, [region]):
            by_price.setdefault((rule.meter, named), []).append((rule, row))
    found.refused, found.services = list(refused.values()), tuple(services)
    found.regions = frozenset(region for _, region in by_price)
    for rule, row in everywhere:  # in every region that the book or the list itself knows
        known = found.regions.union(book.provider_of(rule.meter).regions)
        for region in known.intersection(rules.regions):
            by_price.setdefault((rule.meter, region), []).append((rule, row))
    return by_price


def _offered(meter: Meter, region: str, rows: _Billed, published: date, rules: Rules) -> Offered:
    in_force = _in_force([row for _, row in rows], published)
    by_sku: dict[tuple[str, str], list[ListRow]] = {}
    for row in in_force:
        by_sku.setdefault((row.sku, row.operation), []).append(row)
    doubts: list[str] = []
    found: dict[Tiers, str] = {}
    for (product, _), of_product in by_sku.items():
        ordered = sorted(of_product, key=lambda row: row.start)
        doubts += _doubts(ordered, meter, rules)
        # A tier yet to begin beside tiers in force, or an old one that a new price may have done away with.
        if len({row.valid_from for row in ordered}) > 1 and not _whole(ordered, published):
            doubts.append("its tiers hold from different days and do not fit together")
        found.setdefault(_tiers(ordered, meter, rules), product)
    first = in_force[0]
    if len(found) > 1:
        shown = "; ".join(f"SKU {product}: {prices[0][1]:.10g}" for prices, product in found.items() if prices)
        doubts.append(f"the list has {len(found)} prices for it ({shown})")
    tiers, sku = next(iter(found.items()))
    return Offered(
        meter,
        region,
        tiers,
        rows[0][0].allowance,
        max((row.valid_from for row in in_force if row.valid_from), default=published),
        "published" if first.valid_from else "read",
        sku,
        first.where,
        "; ".join(dict.fromkeys(doubts)),
    )


def _in_force(rows: list[ListRow], published: date) -> list[ListRow]:
    """Of each tier the newest that has begun: a list may date the tiers of one price apart."""
    by_tier: dict[tuple[str, str, Decimal], list[ListRow]] = {}
    for row in rows:
        by_tier.setdefault((row.sku, row.operation, row.start), []).append(row)
    return [row for tier in by_tier.values() for row in _newest(tier, published)]


def _newest(rows: list[ListRow], published: date) -> list[ListRow]:
    begun = [row.valid_from for row in rows if row.valid_from and row.valid_from <= published]
    newest = max(begun) if begun else min((row.valid_from for row in rows if row.valid_from), default=None)
    return [row for row in rows if row.valid_from == newest] if newest else rows


def _whole(ordered: list[ListRow], published: date) -> bool:
    """Whether tiers of different days are one price: all begun, and each ends, where it says so, at the next."""
    begun = all(row.valid_from and row.valid_from <= published for row in ordered)
    return begun and all(low.end in (None, high.start) for low, high in pairwise(ordered))


def _times(row: ListRow, meter: Meter, rules: Rules) -> Decimal | None:
    """Billing units of the meter in one unit of the list."""
    return rules.units.get(row.unit, {}).get(meter.billing_unit)


def _tiers(ordered: list[ListRow], meter: Meter, rules: Rules) -> Tiers:
    times = _times(ordered[0], meter, rules)
    if times is None:
        return ()
    # The bounds of an hourly unit are amounts held over the whole month.
    held = times / Decimal(str(meter.hours_per_month or 1))
    return tuple((float(row.start * held), float(row.price / times)) for row in ordered)


def _doubts(ordered: list[ListRow], meter: Meter, rules: Rules) -> Iterable[str]:
    first, last = ordered[0], ordered[-1]
    if _times(first, meter, rules) is None or len({row.unit for row in ordered}) > 1:
        yield f"its unit {first.unit!r} cannot become {meter.billing_unit}"
    if first.start:
        yield f"its first tier starts at {first.start:f}"
    if any(low.start == high.start for low, high in pairwise(ordered)):
        yield "a tier stands in it twice"
    ends = [row.end for row in ordered[:-1]]
    if any(ends) and ends != [row.start for row in ordered[1:]]:
        yield "its tiers leave a gap or overlap"
    if last.end is not None:
        yield f"its last tier ends at {last.end:f}"
