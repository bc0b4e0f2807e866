"""Training reads: transfer along the route, requests, retrieval, ports; and the copy beside the GPUs."""

from __future__ import annotations

import numpy as np

from vidcost_xl.errors import BadArgumentError, NotInBookError
from vidcost_xl.model.blocks.acquire import hours
from vidcost_xl.model.blocks.common import extra_get_meters, leg_charges, numbers, prefix, provider_of, request_meter
from vidcost_xl.model.blocks.store import class_rows
from vidcost_xl.model.lines import Array, ChargeLine, Rows, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book


def train_rows(plan: Plan) -> Rows:
    """What the passes of training cost.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    Rows

    Raises
    ------
    BadArgumentError
        For a route that does not start at the provider that stores what is read.
    """
    book, route = price_book(), plan.text("train.route")
    volumes: list[Volume] = []
    charges: list[ChargeLine] = []
    for n in numbers(plan):
        if not is_read(plan, n):
            continue
        p, name = prefix(n), plan.text(prefix(n) + "name")
        item = book.storage_class(plan.text(p + "class"))
        for key in ("train.route", *(("staging.fill_route",) if plan.is_on("staging.on") else ())):
            if provider_of(plan.text(key)) != provider_of(item.id):
                raise BadArgumentError(
                    f"{key} {plan.text(key)!r} does not start where {name} is stored ({p}class is {item.id}). "
                    "Change both together."
                )
        charges += leg_charges(f"train.{name}.transfer", f"{name}: reads", "train", p + "read", "egress", route)
        for meter in [request_meter(item, "get"), *extra_get_meters(route)]:
            if meter:
                label = f"{name}: {book.meter(meter).label}"
                charges.append(ChargeLine(f"train.{name}.gets.{meter}", label, "train", p + "gets", meter))
        rows = _retrieval(plan, n)
        volumes += rows.volumes
        charges += rows.charges
    if plan.is_used("train.ports"):
        meter = plan.text("train.port_meter")
        volumes.append(hours("train.port_hours", "Port hours", "train.ports", meter))
        charges.append(ChargeLine("train.ports", book.meter(meter).label, "train", "train.port_hours", meter))
    rows = Rows(tuple(volumes), tuple(charges))
    return rows + (_staging(plan) if plan.is_on("staging.on") else Rows((), ()))


def is_read(plan: Plan, n: int) -> bool:
    """Whether training reads the n-th representation in any month or draw."""
    return plan.is_used(prefix(n) + "read_share")


def _retrieval(plan: Plan, n: int) -> Rows:
    p, name = prefix(n), plan.text(prefix(n) + "name")
    volumes, charges = [], []
    for slot, key in (("first", "class"), ("second", "second_class")):
        if not plan.text(p + key):
            continue
        item = price_book().storage_class(plan.text(p + key))
        if item.retrieval_free:
            continue
        if "standard" not in item.retrieval:
            raise NotInBookError(f"{p}{key}: the book has no retrieval price of {item.id}, and training reads it.")
        line = f"train.{name}.retrieved.{slot}"

        def retrieved(state: State, slot: str = slot) -> Array:
            return state[p + "read"] * ratio(state[p + slot], np.asarray(state[p + "stored"]))

        label = f"{name}: bytes retrieved from {item.label}"
        volumes.append(Volume(line, label, "bytes", (p + "read", p + slot, p + "stored"), retrieved))
        charges.append(
            ChargeLine(line, f"{name}: retrieval from {item.label}", "train", line, item.retrieval["standard"])
        )
    return Rows(tuple(volumes), tuple(charges))


def _staging(plan: Plan) -> Rows:
    read = [n for n in numbers(plan) if is_read(plan, n)]
    copies = [prefix(n) + "one_copy" for n in read]
    shares = [prefix(n) + "read_share" for n in read]

    def staged(state: State) -> Array:
        whole = sum((state[copy] * state[share] for copy, share in zip(copies, shares, strict=True)), np.zeros((1, 1)))
        result: Array = whole * state["staging.share"]
        return result

    def filled(state: State) -> Array:
        now = state.monthly("staging.bytes")
        before = np.concatenate([np.zeros_like(now[:1]), now[:-1]])
        result: Array = np.maximum(now - before, 0.0) + state["staging.refreshes"] * now
        return result

    objects = [prefix(n) + "object_bytes" for n in read]
    first = objects[0] if objects else "dataset.bytes_each"
    item = price_book().storage_class(plan.text("staging.class"))
    volumes = [
        Volume("staging.bytes", "Copy beside the GPUs", "byte-months", (*copies, *shares, "staging.share"), staged),
        Volume("staging.filled", "Bytes copied to the GPUs", "bytes", ("staging.bytes", "staging.refreshes"), filled),
        Volume(
            "staging.gets",
            "GET requests to fill the copy",
            "requests",
            ("staging.filled", first),
            lambda state: ratio(state["staging.filled"], state[first]),
        ),
    ]
    charges = leg_charges(
        "train.staging.fill", "Filling the copy", "train", "staging.filled", "egress", plan.text("staging.fill_route")
    )
    if read:
        get = request_meter(price_book().storage_class(plan.text(prefix(read[0]) + "class")), "get")
        if get:
            charges.append(
                ChargeLine("train.staging.gets", "GET requests to fill the copy", "train", "staging.gets", get)
            )
    reread = prefix(read[0] if read else 1) + "reread_days"
    rows = class_rows("store.staging", "copy beside the GPUs", "store", "staging.bytes", first, item, reread)
    return Rows(tuple(volumes), tuple(charges)) + rows
