"""The copy beside the GPUs: filled along its route, held in its class, read by training."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidcost_xl.model.blocks.allowance import billed, billed_share, free_times, reads_on
from vidcost_xl.model.blocks.cache import FROM_CACHE
from vidcost_xl.model.blocks.common import (
    UPLOADS,
    leg_charges,
    not_yet_there,
    numbers,
    prefix,
    route_gets,
    upload_volumes,
)
from vidcost_xl.model.blocks.reading import (
    FILL_WAY,
    OBJECTS,
    Reads,
    check_origin,
    class_reads,
    own_way,
    reading_rows,
    reading_volumes,
    restored_objects,
    way_of,
)
from vidcost_xl.model.blocks.representation import is_read, stock_of, version_changes
from vidcost_xl.model.blocks.store import Holding, class_rows, holding_volumes
from vidcost_xl.model.blocks.writing import class_writes
from vidcost_xl.model.lines import Array, LineName, Rows, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book

FILLING: Final = LineName("train.{name}.fill", "{name}, filling the copy", "train")
FILL_TRANSFER: Final = LineName("train.staging.fill.{meter}", "Filling the copy: {what}", "train")
STAGED: Final = LineName("store.staging", "copy beside the GPUs", "store")

#: Reading the copy, and writing it.
COPY: Final = LineName("train.staging", "Copy beside the GPUs", "train")

#: Rows of each representation that the copy adds up: end of the id, label of the sum, unit.
TOTALS: Final = {
    "staging.bytes": ("staged", "Copy beside the GPUs", "byte-months"),
    "staging.filled": ("fill", "Bytes copied to the GPUs", "bytes"),
    "staging.read": ("staged_read", "Bytes read from the copy", "bytes"),
    "staging.gets": ("staged_gets", "GET requests to the copy", "requests"),
    f"staging.read.{OBJECTS}": (f"staged_read.{OBJECTS}", "Objects restored from the copy", "requests"),
    **{
        f"staging.{key}": (f"copied.{key}", label.format(name="Copy beside the GPUs"), "requests")
        for key, label in UPLOADS.items()
    },
}


def staging_rows(plan: Plan) -> Rows:
    """What the copy costs: transfer, requests and retrieval of filling it, holding it, writing and reading it.

    Returns
    -------
    Rows
        None unless there is a copy.

    Raises
    ------
    BadArgumentError
        For a route that does not start at the provider that stores what is copied.
    """
    if not plan.is_on("staging.on"):
        return Rows()
    read = [n for n in numbers(plan) if is_read(plan, n)]
    item = price_book().storage_class(plan.text("staging.class"))
    rows = Rows()
    for n in read:
        key, route = way_of(plan, n, FILL_WAY)
        check_origin(plan, key, n)
        reads = _filling(plan, n)
        rows += Rows(staged_volumes(plan, n)) + reading_rows(plan, n, reads)
        rows += Rows((), tuple(route_gets(reads.of, reads.gets, route)))
    rows += Rows(tuple(_totals(read)))
    if not read or not all(own_way(plan, n) for n in read):
        rows += _along_the_plans_way(plan, read)
    rows += class_rows(STAGED, staging_holding(read), item)
    if read:
        line = COPY.of(part="", back="", slot="")
        rows += class_reads(plan, line, item, "staging.bytes", "staging.read", "staging.gets")
        if plan.is_on("requests.uploads"):
            rows += class_writes(line, item, "staging.filled", {key: f"staging.{key}" for key in UPLOADS})
    return rows


def _along_the_plans_way(plan: Plan, read: list[int]) -> Rows:
    route, moved = plan.text(FILL_WAY), _filled_along(plan, read)
    leaving, volumes = moved, [moved]
    if read and free_times(route) is not None:
        volumes += _billed_filling(plan, moved.id)
        leaving = volumes[-1]
    return Rows(tuple(volumes), tuple(leg_charges(FILL_TRANSFER, leaving.id, "egress", route)))


def staging_volumes(plan: Plan) -> list[Volume]:
    """Every volume of the block."""
    every = list(numbers(plan))
    volumes: list[Volume] = []
    for n in every:
        volumes += [*staged_volumes(plan, n), *reading_volumes(plan, n, _filling(plan, n))]
    along = _filled_along(plan, every)
    volumes += [*_totals(every), along, *_billed_filling(plan, along.id)]
    item = price_book().storage_class(plan.text("staging.class"))
    return [*volumes, *holding_volumes(staging_holding(every), item).values()]


def _filling(plan: Plan, n: int) -> Reads:
    p, of = prefix(n), FILLING.of(name=plan.text(prefix(n) + "name"))
    return Reads(of, p + "fill", p + "fill_gets", p + "object_bytes", p + "fill_new", p + "fill_old")


def staging_holding(read: list[int]) -> Holding:
    """The copy beside the GPUs, in objects of the first of the representations read."""
    first = prefix(read[0]) + "object_bytes" if read else "dataset.bytes_each"
    return Holding("staging.bytes", STAGED.label, first, prefix(read[0] if read else 1) + "reread_days")


def _totals(read: list[int]) -> list[Volume]:
    return [_total(line, label, unit, [prefix(n) + key for n in read]) for line, (key, label, unit) in TOTALS.items()]


def _total(line: str, label: str, unit: str, parts: list[str]) -> Volume:
    def compute(state: State) -> Array:
        return sum((state[name] for name in parts), np.zeros((1, 1)))

    return Volume(line, label, unit, tuple(parts), compute)


def _filled_along(plan: Plan, read: list[int]) -> Volume:
    parts = [prefix(n) + "fill" for n in read if not own_way(plan, n)]
    return _total("staging.along", "Bytes copied along the plan's way to the copy", "bytes", parts)


def _billed_filling(plan: Plan, whole: str) -> list[Volume]:
    share, route = "staging.billed_share", plan.text(FILL_WAY)
    return [
        billed_share(plan, share, "Share of the filling that is billed", route, reads_on(plan, route), ()),
        billed("staging.filled_billed", "Bytes copied beyond the free egress", whole, share),
    ]


def staged_volumes(plan: Plan, n: int) -> tuple[Volume, ...]:
    """What of the n-th representation is in the copy beside the GPUs, and what filling it takes."""
    p, name, additions = prefix(n), plan.text(prefix(n) + "name"), f"{stock_of(plan, n)}.additions"
    changes = version_changes(plan, n)

    def in_place(state: State) -> Array:
        # Copied of a video: what of it was not in the copy; all of it when its version is replaced.
        now = state.monthly(p + "staged_each")
        result: Array = state[p + "stayed"] * (not_yet_there(now, changes) + state["staging.refreshes"] * now)
        return result

    return (
        Volume(
            p + "staged",
            f"{name}: bytes in the copy",
            "byte-months",
            (p + "one_copy", p + "read_share", "staging.share"),
            lambda state: state[p + "one_copy"] * state[p + "read_share"] * state["staging.share"],
        ),
        Volume(
            p + "staged_each",
            f"{name}: bytes of a video in the copy",
            "bytes per video",
            (p + "bytes_each", p + "read_share", "staging.share"),
            lambda state: state[p + "bytes_each"] * state[p + "read_share"] * state["staging.share"],
        ),
        Volume(
            p + "fill_new",
            f"{name}: bytes copied of new videos",
            "bytes",
            (additions, p + "staged_each", "staging.refreshes"),
            lambda state: state[additions] * state[p + "staged_each"] * (1.0 + state["staging.refreshes"]),
        ),
        Volume(
            p + "fill_old",
            f"{name}: bytes copied of videos in place before the month",
            "bytes",
            (p + "stayed", p + "staged_each", "staging.refreshes"),
            in_place,
        ),
        Volume(
            p + "fill",
            f"{name}: bytes copied",
            "bytes",
            (p + "fill_new", p + "fill_old"),
            lambda state: state[p + "fill_new"] + state[p + "fill_old"],
        ),
        Volume(
            p + "fill_gets",
            f"{name}: GET requests to fill the copy",
            "requests",
            (p + "fill", p + "get_bytes"),
            lambda state: ratio(state[p + "fill"], state[p + "get_bytes"]),
        ),
        *upload_volumes(p + "copied", f"{name}, filling the copy", p + "fill", p + "object_bytes"),
        Volume(
            p + "staged_read",
            f"{name}: bytes read from the copy",
            "bytes",
            (p + "wanted", FROM_CACHE, "staging.share"),
            lambda state: state[p + "wanted"] * (1.0 - state[FROM_CACHE]) * state["staging.share"],
        ),
        Volume(
            p + "staged_gets",
            f"{name}: GET requests to the copy",
            "requests",
            (p + "staged_read", p + "get_bytes"),
            lambda state: ratio(state[p + "staged_read"], state[p + "get_bytes"]),
        ),
        restored_objects(p + "staged_read", f"{name}: objects restored from the copy", p + "object_bytes"),
    )
