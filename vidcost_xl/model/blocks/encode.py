"""Encoding: GPU hours and one full read of the videos for new videos and every new version."""

from __future__ import annotations

from vidcost_xl.model.blocks.common import SECONDS_PER_HOUR, leg_charges, numbers, prefix
from vidcost_xl.model.blocks.reading import check_origin, reading_rows
from vidcost_xl.model.lines import ChargeLine, Rows, Volume, ratio
from vidcost_xl.model.plan import Plan


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
            check_origin(plan, "encode.route", raw)
            rows = _raw_requests(plan, raw, name)
            volumes += rows.volumes
            charges += rows.charges
    return Rows(tuple(volumes), tuple(charges))


def _work(plan: Plan, n: int) -> list[Volume]:
    p, name = prefix(n), plan.text(prefix(n) + "name")
    line = f"encode.{name}"
    return [
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
    ]


def _raw_requests(plan: Plan, raw: int, name: str) -> Rows:
    p, gets = prefix(raw), f"encode.{name}.gets"
    label = f"{name}: reading the videos"
    requests = Volume(
        gets,
        f"{name}: GET requests for the videos",
        "requests",
        (f"encode.{name}.bytes", p + "get_bytes"),
        lambda state: ratio(state[f"encode.{name}.bytes"], state[p + "get_bytes"]),
    )
    return Rows((requests,), ()) + reading_rows(
        plan, raw, f"encode.{name}", label, "encode", f"encode.{name}.bytes", gets
    )
