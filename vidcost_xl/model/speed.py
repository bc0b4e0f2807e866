"""Iteration speed: hours of an experiment by the link and by the GPUs, and what waiting for data costs (a memo)."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidcost_xl.errors import OutOfDomainError
from vidcost_xl.model.blocks.cache import FROM_CACHE
from vidcost_xl.model.blocks.common import BITS_PER_BYTE, SECONDS_PER_HOUR, numbers, prefix
from vidcost_xl.model.lines import Array, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.units import BITS_PER_GBIT, BYTES_PER_TB

_LINK: Final = ("limits.link_gbps", "limits.utilisation")
_GPUS: Final = ("limits.gpus", "limits.samples_per_gpu_second")


def speed_volumes(plan: Plan) -> tuple[Volume, ...]:
    """How long an experiment takes, and the memo of waiting; part of no total.

    Returns
    -------
    tuple of Volume
        A limit that the plan does not give (0) counts as no limit; `speed.known` says whether there is one.

    Raises
    ------
    OutOfDomainError
        When waiting is priced and the link or the GPUs are not given.
    """
    if plan.is_on("wait.on") and not all(plan.number(key) for key in (*_LINK, *_GPUS)):
        given = ", ".join(key for key in (*_LINK, *_GPUS) if not plan.number(key))
        raise OutOfDomainError(f"wait.on is yes, but {given} is 0: hours of waiting follow from the link and the GPUs.")
    staged = plan.is_on("staging.on")
    copies = [prefix(n) + "one_copy" for n in numbers(plan)]
    shares = [prefix(n) + "read_share" for n in numbers(plan)]

    def read(state: State) -> Array:
        once = sum(
            (state[copy] * state[share] for copy, share in zip(copies, shares, strict=True)),
            np.zeros((state.months, 1)),
        )
        over_link = (1.0 - state[FROM_CACHE]) * (1.0 - state["staging.share"] if staged else 1.0)
        terabytes: Array = once * state["train.passes"] * state["train.share"] * over_link / BYTES_PER_TB
        return terabytes

    def link_hours(state: State) -> Array:
        per_hour = state["limits.link_gbps"] * state["limits.utilisation"] * BITS_PER_GBIT * SECONDS_PER_HOUR
        return ratio(state["speed.read_tb"] * BYTES_PER_TB * BITS_PER_BYTE, per_hour)

    def clips(state: State) -> Array:
        passes = state["train.passes"] * state["train.share"]
        return state["dataset.closing"] * state["dataset.clips_per_video"] * passes

    def gpu_hours(state: State) -> Array:
        per_hour = state["limits.gpus"] * state["limits.samples_per_gpu_second"] * SECONDS_PER_HOUR
        return ratio(state["speed.clips"], per_hour)

    def both(state: State) -> Array:
        given = state["limits.link_gbps"] * state["limits.gpus"] * state["limits.samples_per_gpu_second"] > 0
        flag: Array = given.astype(np.float64)
        return flag

    def cost(state: State) -> Array:
        if not plan.is_on("wait.on"):
            return np.zeros((state.months, 1))
        gpus = state["limits.gpus"] * state["wait.gpu_usd_per_hour"]
        people = state["wait.people"] * state["wait.people_usd_per_hour"]
        return state["speed.wait_hours"] * state["train.experiments"] * (gpus + people) * state["money.fx"]

    paid = (
        "speed.wait_hours",
        "train.experiments",
        "limits.gpus",
        "wait.gpu_usd_per_hour",
        "wait.people",
        "wait.people_usd_per_hour",
        "money.fx",
    )
    return (
        Volume(
            "speed.read_tb",
            "Read over the link by one experiment",
            "TB",
            (*copies, *shares, FROM_CACHE, "train.passes", "train.share", *(("staging.share",) if staged else ())),
            read,
        ),
        Volume(
            "speed.link_hours", "Hours of an experiment by the link", "hours", ("speed.read_tb", *_LINK), link_hours
        ),
        Volume(
            "speed.clips",
            "Clips that one experiment trains on",
            "clips",
            ("dataset.closing", "dataset.clips_per_video", "train.passes", "train.share"),
            clips,
        ),
        Volume("speed.gpu_hours", "Hours of an experiment by the GPUs", "hours", ("speed.clips", *_GPUS), gpu_hours),
        Volume(
            "speed.hours",
            "Hours of an experiment: the slower of the two that are given",
            "hours",
            ("speed.link_hours", "speed.gpu_hours"),
            lambda state: np.maximum(state["speed.link_hours"], state["speed.gpu_hours"]),
        ),
        Volume(
            "speed.both",
            "Whether the link and the GPUs are given",
            "flag",
            ("limits.link_gbps", *_GPUS),
            both,
        ),
        Volume(
            "speed.wait_hours",
            "Hours in which GPUs wait for data, where both are given",
            "hours",
            ("speed.link_hours", "speed.gpu_hours", "speed.both"),
            lambda state: np.maximum(0.0, state["speed.link_hours"] - state["speed.gpu_hours"]) * state["speed.both"],
        ),
        Volume(
            "speed.wait_cost",
            "Memo: cost of waiting, in no total",
            "currency",
            paid if plan.is_on("wait.on") else (),
            cost,
        ),
    )
