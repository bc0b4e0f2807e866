"""Free egress that grows with the bytes stored, such as three times the average stored at Backblaze."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vidcost_xl.model.blocks.common import numbers, prefix
from vidcost_xl.model.blocks.reading import ENCODE_WAY, FILL_WAY, TRAIN_WAY, way_of
from vidcost_xl.model.blocks.representation import is_encoded, is_read
from vidcost_xl.model.lines import Array, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book


def free_times(route: str) -> float | None:
    """How many times the bytes stored leave free of charge; None where a route has no such rule or price."""
    book = price_book()
    found = book.route("egress", route)
    if found.free_egress_times_stored is None:
        return None
    priced = any(any(book.price(leg.meter).tariff.prices) for leg in found.legs)
    return found.free_egress_times_stored if priced else None


def stored_at(plan: Plan, route: str) -> tuple[str, ...]:
    """Ids of the bytes stored, of each representation at the provider and in the region where a route starts."""
    place_of = price_book().place_of
    mine = [n for n in numbers(plan) if place_of(plan.text(prefix(n) + "class")) == place_of(route)]
    return tuple(prefix(n) + "stored" for n in mine)


def reads_on(plan: Plan, route: str) -> list[str]:
    """Ids of the bytes that training, the fills of the copy and encoders read along a route."""
    return [name for name, (_, way) in ways_of_reads(plan).items() if way == route]


def ways_of_reads(plan: Plan) -> dict[str, tuple[str, str]]:
    """Ids of all bytes that are read along routes: of each the input that names its route, and the route."""
    taken = [(TRAIN_WAY, "read"), *([(FILL_WAY, "fill")] if plan.is_on("staging.on") else [])]
    read = [n for n in numbers(plan) if is_read(plan, n)]
    found = {prefix(n) + what: way_of(plan, n, key) for key, what in taken for n in read}
    encoding = (ENCODE_WAY, plan.text(ENCODE_WAY))
    return found | {f"encode.{n}.bytes": encoding for n in numbers(plan) if is_encoded(plan, n)}


def billed_share(plan: Plan, line: str, label: str, route: str, moved: Sequence[str], before: Sequence[str]) -> Volume:
    """The share of bytes moved that is beyond the free egress.

    Parameters
    ----------
    line, label : str
        Id and label of the row.
    route : str
        One with `free_times`.
    moved, before : sequence of str
        Ids of the bytes that share the allowance, and of those that used it first.
    """
    times, stored = free_times(route) or 0.0, stored_at(plan, route)

    def total(state: State, names: Sequence[str]) -> Array:
        return sum((state[name] for name in names), np.zeros((1, 1)))

    def share(state: State) -> Array:
        left = np.maximum(times * total(state, stored) - total(state, before), 0.0)
        wanted = total(state, moved)
        return ratio(np.maximum(wanted - left, 0.0), wanted)

    return Volume(line, label, "share", (*stored, *moved, *before), share)


def billed(name: str, label: str, whole: str, share: str) -> Volume:
    """The bytes of one movement that are billed."""
    return Volume(name, label, "bytes", (whole, share), lambda state: state[whole] * state[share])
