"""One representation of a plan at a place of its own, read along a route of its own, while the others stay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from vidcost_xl.analysis.outlets import PORTS, ports, sharing
from vidcost_xl.analysis.places import put_in
from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.blocks.common import numbers, prefix, raw_of
from vidcost_xl.model.blocks.reading import EXIT_WAY, TRAIN_WAY, way_of
from vidcost_xl.model.blocks.representation import is_read
from vidcost_xl.model.catalogue import catalogue
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import split_place
from vidcost_xl.prices.schema import Route

#: What a plan has beside its training data, and the switches or amounts by which it has it.
_BESIDE: Final = {
    "fetching": "acquire.on",
    "the copy beside the GPUs": "staging.on",
    "checkpoints": "checkpoint.on",
    "the support plan": "commercial.support",
    "the commitment": "commercial.commitment_usd",
}


def staying(plan: Plan) -> list[str]:
    """What of a plan stays as it is at every place, in words."""
    return [said for said, key in _BESIDE.items() if _has(plan, key)]


def _has(plan: Plan, key: str) -> bool:
    kind = catalogue()[key].kind
    return plan.is_used(key) if kind == "number" else plan.is_on(key) if kind == "yes-no" else bool(plan.text(key))


def names_of(plan: Plan) -> dict[int, str]:
    """The representations of a plan by number."""
    return {n: plan.text(prefix(n) + "name") for n in numbers(plan)}


def part_called(plan: Plan, name: str) -> int:
    """The number of a representation, by its name or its number.

    Raises
    ------
    BadArgumentError
        Names the nearest.
    """
    wanted, names = name.strip().casefold(), names_of(plan)
    for number, called in names.items():
        if wanted in {called.casefold(), str(number)}:
            return number
    raise BadArgumentError(unknown_name("part", name, ("all", "each", *names.values())))


def is_wanted(plan: Plan, part: int) -> bool:
    """Whether training or encoders read a representation, or any of them where it is 0."""
    encoded = raw_of(plan) if plan.is_on("encode.on") else 0
    return any(n == encoded or is_read(plan, n) for n in ([part] if part else numbers(plan)))


def is_left(plan: Plan, part: int) -> bool:
    """Whether a representation is all that is stored where the plan's way of leaving begins."""
    place_of = price_book().place_of
    left = place_of(plan.text(EXIT_WAY))
    return [n for n in numbers(plan) if place_of(plan.text(prefix(n) + "class")) == left] == [part]


def moved_part(bill: Bill, part: int, storage_class: str, route_id: str, more: Iterable[tuple[str, object]]) -> Plan:
    """The plan with one representation in a class, read along a route of its own, in every month.

    Parameters
    ----------
    storage_class, route_id : str
        A region may stand behind them.
    more : iterable of (str, object)
        Other inputs to change.

    Raises
    ------
    BadArgumentError
        Where another representation is read through dedicated ports of another kind: a plan has one.
    """
    p, route = prefix(part), price_book().route("egress", route_id)
    pairs: list[tuple[str, object]] = [*more, (p + "class", storage_class), (p + "second_class", "")]
    pairs += [(p + "second_share", 0.0), (p + "lifecycle_months", 0.0), (p + "route", route_id), (p + "region", "")]
    pairs += _ports(bill, part, route)
    return put_in(bill.plan, pairs)


def _ports(bill: Bill, part: int, route: Route) -> list[tuple[str, object]]:
    # Those that the others need without the part, or with it where they take its way.
    plan, book = bill.plan, price_book()
    ways = {n: book.route("egress", way_of(plan, n, TRAIN_WAY)[1]) for n in numbers(plan) if is_read(plan, n)}
    others = [way for n, way in ways.items() if n != part and way.port]
    through = {way.id: way for way in [*others, *([route] if route.port and part in ways else [])]}
    if not through:
        return [(PORTS, 0.0)] if part in ways and ways[part].port else []
    if len(through) > 1:
        raise BadArgumentError(f"a plan has one kind of dedicated port, and this takes two: {', '.join(through)}.")
    (way,) = through.values()
    if part not in ways or way.id not in {route.id, ways[part].id}:
        return []  # the part is on neither side of them
    along = sharing(plan, way, part)[1] if way.id == route.id else [n for n in ways if n != part and ways[n] == way]
    assert way.port is not None
    return [(PORTS, float(ports(bill, way, along, part)[0])), ("train.port_meter", split_place(way.port.meter)[0])]
