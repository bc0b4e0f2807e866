"""What the passes of training read: wanted, answered by the cache beside the GPUs, fetched from storage."""

from __future__ import annotations

import numpy as np

from vidcost_xl.digits import whole_up
from vidcost_xl.model.blocks.cache import CACHE, FROM_CACHE, SIZE, cache_volumes
from vidcost_xl.model.blocks.common import BYTES_PER_MIB, numbers, prefix
from vidcost_xl.model.lines import Array, Rows, State, Volume, ratio
from vidcost_xl.model.plan import Plan


def passes_rows(plan: Plan) -> Rows:
    """Volumes of what training reads; those of a cache where there is one."""
    given = plan.is_used(SIZE)
    return Rows(tuple(row for row in passes_volumes(plan) if given or CACHE not in row.id), ())


def passes_volumes(plan: Plan) -> list[Volume]:
    """Every volume of the block."""
    volumes = cache_volumes(plan)
    for n in numbers(plan):
        volumes += _reads(plan, n)
    return volumes


def _reads(plan: Plan, n: int) -> list[Volume]:
    p, name = prefix(n), plan.text(prefix(n) + "name")
    staged = plan.is_on("staging.on")

    def wanted(state: State) -> Array:
        return state[p + "one_copy"] * state["train.passes_made"] * state[p + "read_share"]

    def read(state: State) -> Array:
        away = 1.0 - state[FROM_CACHE]
        return state[p + "wanted"] * away * (1.0 - state["staging.share"] if staged else 1.0)

    def fetched_at_once(state: State) -> Array:
        whole, part = state[p + "object_bytes"], state["requests.range_mib"] * BYTES_PER_MIB
        if not plan.is_used("requests.range_mib"):
            return whole
        return np.where(part > 0, whole / whole_up(np.maximum(ratio(whole, part), 1.0)), whole)

    read_needs = (p + "wanted", FROM_CACHE, *(("staging.share",) if staged else ()))
    return [
        Volume(
            p + "wanted",
            f"{name}: bytes that training reads",
            "bytes",
            (p + "one_copy", "train.passes_made", p + "read_share"),
            wanted,
        ),
        Volume(p + "read", f"{name}: bytes read from storage", "bytes", read_needs, read),
        Volume(
            p + "get_bytes",
            f"{name}: bytes fetched by one GET",
            "bytes",
            (p + "object_bytes", "requests.range_mib"),
            fetched_at_once,
        ),
        Volume(
            p + "gets",
            f"{name}: GET requests",
            "requests",
            (p + "read", p + "get_bytes"),
            lambda state: ratio(state[p + "read"], state[p + "get_bytes"]),
        ),
    ]
