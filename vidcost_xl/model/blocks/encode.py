"""Encoding: GPU hours and one full read of the videos for new videos and every new version."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.blocks.common import SECONDS_PER_HOUR, leg_charges, numbers, prefix
from vidcost_xl.model.blocks.reading import check_origin, reading_rows, reading_volumes
from vidcost_xl.model.lines import ChargeLine, LineName, Rows, Volume, ratio
from vidcost_xl.model.plan import Plan

GPU_TIME: Final = LineName("encode.{name}.gpu", "{name}: GPU time", "encode", "GPU hour")
READS: Final = LineName("encode.{name}", "{name}: reading the videos", "encode")
TRANSFER: Final = READS.then(".read.{meter}", ": {what}")


def encode_rows(plan: Plan) -> Rows:
    """GPU hours, bytes read and requests of making features.

    Returns
    -------
    Rows
        None unless encoding is on. Every version live is made of every new video.
        Text embeddings are taken as made alongside: no GPU time of their own.
    """
    if not plan.is_on("encode.on"):
        return Rows((), ())
    raw = next((n for n in numbers(plan) if plan.text(prefix(n) + "kind") == "raw"), None)
    volumes: list[Volume] = []
    charges: list[ChargeLine] = []
    for n in numbers(plan):
        if plan.text(prefix(n) + "kind") not in {"latent", "ratio"}:
            continue
        *work, requests = _volumes(plan, n, raw)
        volumes += work
        name = plan.text(prefix(n) + "name")
        price = "encode.gpu_usd_per_hour"
        charges.append(GPU_TIME.of(name=name).charge(f"encode.{n}.gpu_hours", price))
        charges += leg_charges(TRANSFER.of(name=name), f"encode.{n}.bytes", "egress", plan.text("encode.route"))
        if raw is not None:
            check_origin(plan, "encode.route", raw)
            rows = reading_rows(plan, raw, READS.of(name=name), f"encode.{n}.bytes", requests.id)
            volumes += (requests, *rows.volumes)
            charges += rows.charges
    return Rows(tuple(volumes), tuple(charges))


def encode_volumes(plan: Plan) -> list[Volume]:
    """Every volume of the block."""
    volumes: list[Volume] = []
    for n in numbers(plan):
        *_, read, gets = made = _volumes(plan, n, None)
        volumes += [*made, *reading_volumes(1, READS.of(name=plan.text(prefix(n) + "name")), read.id, gets.id)]
    return volumes


def _volumes(plan: Plan, n: int, raw: int | None) -> tuple[Volume, ...]:
    # The requests for the raw video are the last.
    p, name, source = prefix(n), plan.text(prefix(n) + "name"), prefix(raw or 1)
    line = f"encode.{n}"
    return (
        Volume(
            f"{line}.videos",
            f"{name}: videos encoded",
            "videos",
            (p + "made", "encode.runs"),
            lambda state: state[p + "made"] * state["encode.runs"],
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
        Volume(
            f"{line}.gets",
            f"{name}: GET requests for the videos",
            "requests",
            (f"{line}.bytes", source + "get_bytes"),
            lambda state: ratio(state[f"{line}.bytes"], state[source + "get_bytes"]),
        ),
    )
