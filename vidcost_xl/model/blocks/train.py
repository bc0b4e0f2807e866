"""Training reads: transfer along the route, requests, retrieval, ports; and the copy beside the GPUs."""

from __future__ import annotations

import numpy as np

from vidcost_xl.model.blocks.acquire import hours
from vidcost_xl.model.blocks.allowance import billed, billed_share, free_times
from vidcost_xl.model.blocks.common import extra_get_meters, leg_charges, numbers, prefix
from vidcost_xl.model.blocks.reading import check_origin, reading_rows
from vidcost_xl.model.blocks.representation import is_read
from vidcost_xl.model.blocks.store import class_rows
from vidcost_xl.model.lines import Array, ChargeLine, Rows, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book


def train_rows(plan: Plan) -> Rows:
    """What the passes of training cost.

    Raises
    ------
    BadArgumentError
        For a route that does not start at the provider that stores what is read.
    """
    book, route = price_book(), plan.text("train.route")
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
            leaving = p + "read_billed"
            volumes.append(
                billed(leaving, f"{name}: bytes read beyond the free egress", p + "read", "train.billed_share")
            )
        charges += leg_charges(f"train.{name}.transfer", f"{name}: reads", "train", leaving, "egress", route)
        rows = reading_rows(plan, n, f"train.{name}", name, "train", p + "read", p + "gets")
        volumes += rows.volumes
        charges += rows.charges
        charges += [
            ChargeLine(f"train.{name}.gets.{meter}", f"{name}: {book.meter(meter).label}", "train", p + "gets", meter)
            for meter in extra_get_meters(route)
        ]
    if plan.is_used("train.ports"):
        meter = plan.text("train.port_meter")
        volumes.append(hours("train.port_hours", "Port hours", "train.ports", meter))
        charges.append(ChargeLine("train.ports", book.meter(meter).label, "train", "train.port_hours", meter))
    return Rows(tuple(volumes), tuple(charges))


def _beyond_free_egress(plan: Plan, route: str, read: list[int]) -> Volume:
    moved = [prefix(n) + "read" for n in read]
    if plan.is_on("staging.on") and plan.text("staging.fill_route") == route:
        moved.append("staging.filled")
    return billed_share(plan, "train.billed_share", "Share of reads beyond the free egress", route, moved, ())


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
    staged, filled = ([prefix(n) + key for n in read] for key in ("staged", "fill"))

    def total(state: State, names: list[str]) -> Array:
        return sum((state[name] for name in names), np.zeros((1, 1)))

    volumes += [
        Volume("staging.bytes", "Copy beside the GPUs", "byte-months", tuple(staged), lambda s: total(s, staged)),
        Volume("staging.filled", "Bytes copied to the GPUs", "bytes", tuple(filled), lambda s: total(s, filled)),
    ]
    leaving = "staging.filled"
    if read and free_times(route) is not None:
        others = [prefix(n) + "read" for n in read] if plan.text("train.route") == route else []
        leaving, share = "staging.filled_billed", "staging.billed_share"
        label = "Share of the filling beyond the free egress"
        volumes.append(billed_share(plan, share, label, route, ["staging.filled", *others], ()))
        volumes.append(billed(leaving, "Bytes copied beyond the free egress", "staging.filled", share))
    charges += leg_charges("train.staging.fill", "Filling the copy", "train", leaving, "egress", route)
    item = price_book().storage_class(plan.text("staging.class"))
    first = prefix(read[0]) + "object_bytes" if read else "dataset.bytes_each"
    reread = prefix(read[0] if read else 1) + "reread_days"
    rows = class_rows("store.staging", "copy beside the GPUs", "store", "staging.bytes", first, item, reread)
    return Rows(tuple(volumes), tuple(charges)) + rows


def _staged(plan: Plan, n: int, route: str) -> Rows:
    p, name = prefix(n), plan.text(prefix(n) + "name")

    def filled(state: State) -> Array:
        now = state.monthly(p + "staged")
        before = np.concatenate([np.zeros_like(now[:1]), now[:-1]])
        result: Array = np.maximum(now - before, 0.0) + state["staging.refreshes"] * now
        return result

    volumes = (
        Volume(
            p + "staged",
            f"{name}: bytes in the copy",
            "byte-months",
            (p + "one_copy", p + "read_share", "staging.share"),
            lambda state: state[p + "one_copy"] * state[p + "read_share"] * state["staging.share"],
        ),
        Volume(p + "fill", f"{name}: bytes copied", "bytes", (p + "staged", "staging.refreshes"), filled),
        Volume(
            p + "fill_gets",
            f"{name}: GET requests to fill the copy",
            "requests",
            (p + "fill", p + "get_bytes"),
            lambda state: ratio(state[p + "fill"], state[p + "get_bytes"]),
        ),
    )
    label = f"{name}, filling the copy"
    rows = Rows(volumes, ()) + reading_rows(plan, n, f"train.{name}.fill", label, "train", p + "fill", p + "fill_gets")
    book = price_book()
    extra = tuple(
        ChargeLine(
            f"train.{name}.fill.gets.{meter}", f"{label}: {book.meter(meter).label}", "train", p + "fill_gets", meter
        )
        for meter in extra_get_meters(route)
    )
    return rows + Rows((), extra)
