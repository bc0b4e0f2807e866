"""Encoding: GPU hours and one full read of the videos for new videos and every new version."""

from __future__ import annotations

from functools import reduce
from typing import Final

import numpy as np

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.blocks.allowance import billed, billed_share, free_times, reads_on
from vidcost_xl.model.blocks.common import SECONDS_PER_HOUR, leg_charges, numbers, prefix, raw_of
from vidcost_xl.model.blocks.reading import ENCODE_WAY, Reads, check_origin, elsewhere, reading_rows, reading_volumes
from vidcost_xl.model.blocks.representation import is_encoded, stock_of
from vidcost_xl.model.lines import Array, LineName, Rows, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book

GPU_TIME: Final = LineName("encode.{name}.gpu", "{name}: GPU time", "encode", "GPU hour")
READS: Final = LineName("encode.{name}", "{name}: reading the videos", "encode")
TRANSFER: Final = READS.then(".read.{meter}", ": {what}")
#: Id of the share of what encoders read that is beyond a free egress.
BILLED_SHARE: Final = "encode.billed_share"


def encode_rows(plan: Plan) -> Rows:
    """GPU hours, bytes read and requests of making features.

    Returns
    -------
    Rows
        None unless encoding is on. Every version live is made of every new video.
        Text embeddings are taken as made alongside: no GPU time of their own.
    """
    if not plan.is_on("encode.on"):
        return Rows()
    raw = raw_of(plan)
    encoded = [n for n in numbers(plan) if is_encoded(plan, n)]
    leaving = "bytes_billed" if _is_limited(plan) else "bytes"
    rows = Rows()
    for n in encoded:
        name = plan.text(prefix(n) + "name")
        _check_end(plan, n)
        charges = [GPU_TIME.of(name=name).charge(f"encode.{n}.gpu_hours", "encode.gpu_usd_per_hour")]
        charges += leg_charges(TRANSFER.of(name=name), f"encode.{n}.{leaving}", "egress", plan.text(ENCODE_WAY))
        rows += Rows(_work(plan, n, [m for m in encoded if m < n]), tuple(charges))
        if raw:
            check_origin(plan, ENCODE_WAY, raw)
            rows += Rows((_requests(plan, n, raw),)) + reading_rows(plan, raw, _reads(plan, n, raw))
    return rows


def encode_billed_rows(plan: Plan) -> Rows:
    """What encoders read beyond a free egress that they share with training and the fills of the copy.

    Returns
    -------
    Rows
        None where nothing is encoded, or the route has no such rule. They come after all reads that share it.
    """
    encoded = [n for n in numbers(plan) if is_encoded(plan, n)]
    if not encoded or not _is_limited(plan):
        return Rows()
    return Rows((_beyond_free_egress(plan), *(_billed_reads(plan, n) for n in encoded)))


def _is_limited(plan: Plan) -> bool:
    return free_times(plan.text(ENCODE_WAY)) is not None


def _beyond_free_egress(plan: Plan) -> Volume:
    route, label = plan.text(ENCODE_WAY), "Share of what encoders read that is billed"
    return billed_share(plan, BILLED_SHARE, label, route, reads_on(plan, route), ())


def _billed_reads(plan: Plan, n: int) -> Volume:
    line, label = f"encode.{n}", f"{plan.text(prefix(n) + 'name')}: bytes of video read beyond the free egress"
    return billed(f"{line}.bytes_billed", label, f"{line}.bytes", BILLED_SHARE)


def _check_end(plan: Plan, n: int) -> None:
    # What is made in one region and stored in another of the provider crosses between them, which is no line here.
    route = price_book().route("egress", plan.text(ENCODE_WAY))
    end = price_book().end_of(route)
    found = elsewhere(plan, n, end) if end else None
    if found:
        key, item = found
        raise BadArgumentError(
            f"encode.route {route.id!r} has {plan.text(prefix(n) + 'name')} made in {end}, and it is stored in another "
            f"region ({key} is {item.id}): moving what was made between regions is not priced. "
            "Encode where the result is stored, over a route between regions."
        )


def encode_volumes(plan: Plan) -> list[Volume]:
    """Every volume of the block."""
    volumes: list[Volume] = []
    for n in numbers(plan):
        volumes += [*_work(plan, n, []), _requests(plan, n, 1), *reading_volumes(plan, 1, _reads(plan, n, 1))]
        volumes.append(_billed_reads(plan, n))
    return [*volumes, _beyond_free_egress(plan)]


def _reads(plan: Plan, n: int, raw: int) -> Reads:
    line, of = f"encode.{n}", READS.of(name=plan.text(prefix(n) + "name"))
    return Reads(of, f"{line}.bytes", f"{line}.gets", prefix(raw) + "object_bytes", f"{line}.new", f"{line}.old")


def _work(plan: Plan, n: int, before: list[int]) -> tuple[Volume, ...]:
    p, name, line = prefix(n), plan.text(prefix(n) + "name"), f"encode.{n}"
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
        *_fetched(plan, n, before),
        Volume(
            f"{line}.bytes",
            f"{name}: bytes of video read",
            "bytes",
            (f"{line}.new", f"{line}.old", "dataset.bytes_each"),
            lambda state: (state[f"{line}.new"] + state[f"{line}.old"]) * state["dataset.bytes_each"],
        ),
    )


def _fetched(plan: Plan, n: int, before: list[int]) -> tuple[Volume, ...]:
    # A read that feeds several encoders is the first one's; the others read what it did not.
    p, name, line, stock = prefix(n), plan.text(prefix(n) + "name"), f"encode.{n}", stock_of(plan, n)
    shared = plan.is_on("encode.shared_read")
    opening, needed = f"{stock}.opening_balance", f"{line}.needed"
    earlier = [f"encode.{m}.needed" for m in before] if shared else []

    def new(state: State) -> Array:
        if not shared:
            return state[f"{stock}.additions"] * state[p + "versions"] * state["encode.runs"]
        return state[f"{stock}.additions"] * state["encode.runs"] * float(not before)

    def in_place(state: State) -> Array:
        others = reduce(np.maximum, (state[key] for key in earlier), np.zeros((1, 1)))
        result: Array = np.maximum(state[needed] - others, 0.0) * state["encode.runs"]
        return result

    def wanted(state: State) -> Array:
        again = state[p + "again"]
        return state[opening] * (np.minimum(again, 1.0) if shared else again)

    return (
        Volume(
            f"{line}.new",
            f"{name}: new videos read",
            "videos",
            (f"{stock}.additions", "encode.runs", *(() if shared else (p + "versions",))),
            new,
        ),
        Volume(
            needed,
            f"{name}: videos in place that are needed again",
            "videos",
            (opening, p + "again"),
            wanted,
        ),
        Volume(
            f"{line}.old",
            f"{name}: videos in place read",
            "videos",
            (needed, *earlier, "encode.runs"),
            in_place,
        ),
    )


def _requests(plan: Plan, n: int, raw: int) -> Volume:
    line, source = f"encode.{n}", prefix(raw)
    return Volume(
        f"{line}.gets",
        f"{plan.text(prefix(n) + 'name')}: GET requests for the videos",
        "requests",
        (f"{line}.bytes", source + "get_bytes"),
        lambda state: ratio(state[f"{line}.bytes"], state[source + "get_bytes"]),
    )
