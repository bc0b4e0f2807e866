"""Encoding: GPU hours and one full read of the videos for new videos and every new version."""

from __future__ import annotations

import numpy as np

from vidcost_xl.model.blocks.common import SECONDS_PER_HOUR, leg_charges, numbers, prefix, request_meter
from vidcost_xl.model.blocks.representation import version_changes
from vidcost_xl.model.lines import Array, ChargeLine, Rows, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book


def encode_rows(plan: Plan) -> Rows:
    """GPU hours, bytes read and requests of making features.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    Rows
        None unless encoding is on. Text embeddings are taken as made alongside: no GPU time of their own.
    """
    if not plan.is_on("encode.on"):
        return Rows((), ())
    raw = next((n for n in numbers(plan) if plan.text(prefix(n) + "kind") == "raw"), None)
    volumes: list[Volume] = []
    charges: list[ChargeLine] = []
    for n in numbers(plan):
        if plan.text(prefix(n) + "kind") not in {"latent", "ratio"}:
            continue
        volumes += _work(plan, n)
        name = plan.text(prefix(n) + "name")
        charges.append(
            ChargeLine(
                f"encode.{name}.gpu",
                f"{name}: GPU time",
                "encode",
                f"encode.{name}.gpu_hours",
                "encode.gpu_usd_per_hour",
                unit="GPU hour",
            )
        )
        label = f"{name}: reading the videos"
        charges += leg_charges(
            f"encode.{name}.read", label, "encode", f"encode.{name}.bytes", "egress", plan.text("encode.route")
        )
        if raw is not None:
            rows = _raw_requests(plan, raw, name)
            volumes += rows.volumes
            charges += rows.charges
    return Rows(tuple(volumes), tuple(charges))


def _work(plan: Plan, n: int) -> list[Volume]:
    p, name = prefix(n), plan.text(prefix(n) + "name")
    stock = p + "videos" if plan.integer(p + "retention_months") else "dataset"
    changes = version_changes(plan, n)

    def videos(state: State) -> Array:
        return (state[f"{stock}.additions"] + changes * state[f"{stock}.opening_balance"]) * state["encode.runs"]

    line = f"encode.{name}"
    return [
        Volume(
            f"{line}.videos",
            f"{name}: videos encoded",
            "videos",
            (f"{stock}.additions", f"{stock}.opening_balance", "encode.runs"),
            videos,
        ),
        Volume(
            f"{line}.gpu_hours",
            f"{name}: GPU hours",
            "GPU hours",
            (f"{line}.videos", "dataset.clips_per_video", "encode.gpu_seconds"),
            lambda state: (
                state[f"{line}.videos"]
                * state["dataset.clips_per_video"]
                * state["encode.gpu_seconds"]
                / SECONDS_PER_HOUR
            ),
        ),
        Volume(
            f"{line}.bytes",
            f"{name}: bytes of video read",
            "bytes",
            (f"{line}.videos", "dataset.bytes_each"),
            lambda state: state[f"{line}.videos"] * state["dataset.bytes_each"],
        ),
    ]


def _raw_requests(plan: Plan, raw: int, name: str) -> Rows:
    p = prefix(raw)
    item = price_book().storage_class(plan.text(p + "class"))
    gets = f"encode.{name}.gets"
    volumes = [
        Volume(
            gets,
            f"{name}: GET requests for the videos",
            "requests",
            (f"encode.{name}.bytes", p + "get_bytes"),
            lambda state: ratio(state[f"encode.{name}.bytes"], state[p + "get_bytes"]),
        )
    ]
    charges = []
    get = request_meter(item, "get")
    if get:
        charges.append(ChargeLine(gets, f"{name}: GET requests for the videos", "encode", gets, get))
    second = plan.text(p + "second_class")
    retrieval = price_book().storage_class(second).retrieval.get("standard") if second else None
    if retrieval:
        volumes.append(
            Volume(
                f"encode.{name}.retrieved",
                f"{name}: bytes retrieved from the second class",
                "bytes",
                (f"encode.{name}.bytes", p + "second", p + "stored"),
                lambda state: (
                    state[f"encode.{name}.bytes"] * ratio(state[p + "second"], np.asarray(state[p + "stored"]))
                ),
            )
        )
        label = f"{name}: retrieval from the second class"
        charges.append(ChargeLine(f"encode.{name}.retrieval", label, "encode", f"encode.{name}.retrieved", retrieval))
    return Rows(tuple(volumes), tuple(charges))
