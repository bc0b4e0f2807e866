"""Training reads: transfer along the route, requests, retrieval, ports; and the copy beside the GPUs."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidcost_xl.model.blocks.acquire import hours
from vidcost_xl.model.blocks.allowance import billed, billed_share, free_times
from vidcost_xl.model.blocks.common import ROUTE_GETS, extra_get_meters, leg_charges, numbers, prefix
from vidcost_xl.model.blocks.reading import Reads, check_origin, reading_rows, reading_volumes
from vidcost_xl.model.blocks.representation import is_read, stock_of, version_changes
from vidcost_xl.model.blocks.store import Holding, class_rows, holding_volumes
from vidcost_xl.model.lines import Array, ChargeLine, LineName, Rows, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book

READS: Final = LineName("train.{name}", "{name}", "train")
TRANSFER: Final = READS.then(".transfer.{meter}", ": reads: {what}")
FILLING: Final = LineName("train.{name}.fill", "{name}, filling the copy", "train")
FILL_TRANSFER: Final = LineName("train.staging.fill.{meter}", "Filling the copy: {what}", "train")
PORTS: Final = LineName("train.ports", "{what}", "train")
STAGED: Final = LineName("store.staging", "copy beside the GPUs", "store")


def train_rows(plan: Plan) -> Rows:
    """What the passes of training cost.

    Raises
    ------
    BadArgumentError
        For a route that does not start at the provider that stores what is read.
    """
    route = plan.text("train.route")
    volumes: list[Volume] = []
    charges: list[ChargeLine] = []
    if plan.is_on("staging.on"):
        staged = _staging(plan)
        volumes += staged.volumes
        charges += staged.charges
    read = [n for n in numbers(plan) if is_read(plan, n)]
    limited = bool(read) and free_times(route) is not None
    if limited:
        volumes.append(_beyond_free_egress(plan, route, read))
    for n in read:
        check_origin(plan, "train.route", n)
        p, name = prefix(n), plan.text(prefix(n) + "name")
        leaving = p + "read"
        if limited:
            volumes.append(_billed_reads(plan, n))
            leaving = volumes[-1].id
        charges += leg_charges(TRANSFER.of(name=name), leaving, "egress", route)
        rows = reading_rows(plan, n, _reads(plan, n))
        volumes += rows.volumes
        charges += rows.charges
        charges += _route_gets(READS.of(name=name), p + "gets", route)
    if plan.is_used("train.ports"):
        meter = plan.text("train.port_meter")
        volumes.append(_port_hours(plan))
        charges.append(PORTS.of(what=price_book().meter(meter).label).charge("train.port_hours", meter))
    return Rows(tuple(volumes), tuple(charges))


def train_volumes(plan: Plan) -> list[Volume]:
    """Every volume of the block."""
    every = list(numbers(plan))
    volumes: list[Volume] = []
    for n in every:
        volumes += [*staged_volumes(plan, n), _billed_reads(plan, n)]
        volumes += [*reading_volumes(n, _reads(plan, n)), *reading_volumes(n, _filling(plan, n))]
    volumes += [*_staging_totals(every), *_billed_filling(plan, []), _port_hours(plan)]
    volumes.append(_beyond_free_egress(plan, plan.text("train.route"), every))
    volumes += holding_volumes(staging_holding(every), price_book().storage_class(plan.text("staging.class"))).values()
    return volumes


def _billed_reads(plan: Plan, n: int) -> Volume:
    p, label = prefix(n), f"{plan.text(prefix(n) + 'name')}: bytes read beyond the free egress"
    return billed(p + "read_billed", label, p + "read", "train.billed_share")


def _port_hours(plan: Plan) -> Volume:
    return hours("train.port_hours", "Port hours", "train.ports", plan.text("train.port_meter"))


def _beyond_free_egress(plan: Plan, route: str, read: list[int]) -> Volume:
    moved = [prefix(n) + "read" for n in read]
    if plan.is_on("staging.on") and plan.text("staging.fill_route") == route:
        moved.append("staging.filled")
    return billed_share(plan, "train.billed_share", "Share of reads that is billed", route, moved, ())


def _staging(plan: Plan) -> Rows:
    read = [n for n in numbers(plan) if is_read(plan, n)]
    route = plan.text("staging.fill_route")
    volumes: list[Volume] = []
    charges: list[ChargeLine] = []
    for n in read:
        check_origin(plan, "staging.fill_route", n)
        rows = _staged(plan, n, route)
        volumes += rows.volumes
        charges += rows.charges
    volumes += _staging_totals(read)
    leaving = "staging.filled"
    if read and free_times(route) is not None:
        others = [prefix(n) + "read" for n in read] if plan.text("train.route") == route else []
        volumes += _billed_filling(plan, others)
        leaving = volumes[-1].id
    charges += leg_charges(FILL_TRANSFER, leaving, "egress", route)
    item = price_book().storage_class(plan.text("staging.class"))
    rows = class_rows(STAGED, staging_holding(read), item)
    return Rows(tuple(volumes), tuple(charges)) + rows


def staging_holding(read: list[int]) -> Holding:
    """The copy beside the GPUs, in objects of the first of the representations read."""
    first = prefix(read[0]) + "object_bytes" if read else "dataset.bytes_each"
    return Holding("staging.bytes", STAGED.label, first, prefix(read[0] if read else 1) + "reread_days")


def _staging_totals(read: list[int]) -> list[Volume]:
    staged, filled = ([prefix(n) + key for n in read] for key in ("staged", "fill"))

    def total(state: State, names: list[str]) -> Array:
        return sum((state[name] for name in names), np.zeros((1, 1)))

    return [
        Volume("staging.bytes", "Copy beside the GPUs", "byte-months", tuple(staged), lambda s: total(s, staged)),
        Volume("staging.filled", "Bytes copied to the GPUs", "bytes", tuple(filled), lambda s: total(s, filled)),
    ]


def _billed_filling(plan: Plan, others: list[str]) -> list[Volume]:
    share, label, moved = "staging.billed_share", "Share of the filling that is billed", ["staging.filled", *others]
    return [
        billed_share(plan, share, label, plan.text("staging.fill_route"), moved, ()),
        billed("staging.filled_billed", "Bytes copied beyond the free egress", "staging.filled", share),
    ]


def _staged(plan: Plan, n: int, route: str) -> Rows:
    reads = _filling(plan, n)
    rows = Rows(staged_volumes(plan, n), ()) + reading_rows(plan, n, reads)
    return rows + Rows((), tuple(_route_gets(reads.of, reads.gets, route)))


def _reads(plan: Plan, n: int) -> Reads:
    p = prefix(n)
    return Reads(READS.of(name=plan.text(p + "name")), p + "read", p + "gets")


def _filling(plan: Plan, n: int) -> Reads:
    p = prefix(n)
    return Reads(FILLING.of(name=plan.text(p + "name")), p + "fill", p + "fill_gets", p + "fill_new", p + "fill_old")


def _route_gets(of: LineName, gets: str, route: str) -> list[ChargeLine]:
    book = price_book()
    return [
        of.then(*ROUTE_GETS).of(what=book.meter(meter).label).charge(gets, meter) for meter in extra_get_meters(route)
    ]


def staged_volumes(plan: Plan, n: int) -> tuple[Volume, ...]:
    """What of the n-th representation is in the copy beside the GPUs, and what filling it takes."""
    p, name, additions = prefix(n), plan.text(prefix(n) + "name"), f"{stock_of(plan, n)}.additions"
    changes = version_changes(plan, n)

    def in_place(state: State) -> Array:
        # Copied of a video: what of it was not in the copy; all of it when its version is replaced.
        now = state.monthly(p + "staged_each")
        before = np.concatenate([np.zeros_like(now[:1]), now[:-1]])
        again = np.maximum(now - before, 0.0) + changes * np.minimum(now, before)
        result: Array = state[p + "stayed"] * (again + state["staging.refreshes"] * now)
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
    )
