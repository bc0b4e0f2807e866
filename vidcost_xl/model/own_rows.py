"""Rows of the own data centre that are not money: what it holds, its drives, power, transit and expected loss."""

from __future__ import annotations

from math import comb
from typing import Final

import numpy as np

from vidcost_xl.digits import whole_up
from vidcost_xl.model.blocks.cache import FROM_CACHE
from vidcost_xl.model.blocks.common import BITS_PER_BYTE, DAYS_PER_MONTH, month_before, numbers, prefix
from vidcost_xl.model.growth import power, running_sum
from vidcost_xl.model.lines import Array, State, Volume
from vidcost_xl.model.plan import Plan
from vidcost_xl.units import BITS_PER_MBIT, BYTES_PER_TB, SECONDS_PER_DAY

HOURS_PER_YEAR: Final = 8_760
WATTS_PER_KW: Final = 1_000
GB_PER_TB: Final = 1_000
MBIT_PER_GBIT: Final = 1_000


def own_volumes(plan: Plan) -> tuple[Volume, ...]:
    """From the bytes of the plan to drives, chassis, kW and Mbit/s of an own site.

    Returns
    -------
    tuple of Volume
        Precedents come before the rows that use them; TB are of 10^12 bytes.
    """
    return (*_held(plan), *_hardware(plan), *_served(plan), *_lines_out(plan), *_loss(plan))


def _held(plan: Plan) -> list[Volume]:
    stored = [prefix(n) + "stored" for n in numbers(plan)]
    stored += ["checkpoint.stored"] if plan.is_on("checkpoint.on") else []

    def share(state: State) -> Array:
        arrived = state.month + 1.0 - state["own.lead_months"]
        return np.clip(arrived / np.maximum(state["own.ramp_months"], 1.0), 0.0, 1.0)

    def data(state: State) -> Array:
        return sum((state.monthly(key) for key in stored), np.zeros((state.months, 1))) / BYTES_PER_TB

    def before(state: State) -> Array:
        now = state["own.data_tb"]
        return np.concatenate([now[:1] * state["dataset.opening"], now[:-1]])

    def moved(state: State) -> Array:
        share = state["own.share"]
        step = share - month_before(share)
        moved_out: Array = step * np.minimum(state["own.before_tb"], state["own.data_tb"])
        return moved_out

    return [
        Volume(
            "own.share",
            "Share of the data at the own site",
            "share",
            ("own.lead_months", "own.ramp_months"),
            share,
        ),
        Volume("own.data_tb", "Data of the plan", "TB", tuple(stored), data),
        Volume("own.before_tb", "Data in place before the month", "TB", ("own.data_tb", "dataset.opening"), before),
        Volume(
            "own.moved_tb",
            "Data moved out of the cloud",
            "TB",
            ("own.share", "own.before_tb", "own.data_tb"),
            moved,
        ),
        Volume(
            "own.held_tb",
            "Data at the own site",
            "TB",
            ("own.data_tb", "own.share"),
            lambda state: state["own.data_tb"] * state["own.share"],
        ),
    ]


def _hardware(plan: Plan) -> list[Volume]:
    life, months = plan.integer("own.life_months"), plan.integer("calendar.months")
    renewed = (np.arange(months) % life == 0).astype(np.float64)
    erasure = plan.text("own.protection") == "erasure"
    shards = ("own.data_shards", "own.parity_shards")

    def overhead(state: State) -> Array:
        if not erasure:
            return state["own.copies"]
        return (state["own.data_shards"] + state["own.parity_shards"]) / state["own.data_shards"]

    def drives(state: State) -> Array:
        return whole_up(state["own.raw_tb"] / state["own.drive_tb"])

    return [
        Volume(
            "own.overhead",
            "Raw capacity for a byte of data",
            "ratio",
            shards if erasure else ("own.copies",),
            overhead,
        ),
        Volume(
            "own.raw_tb",
            "Raw capacity needed, filled up to the limit",
            "TB",
            ("own.held_tb", "own.overhead", "own.fill_limit"),
            lambda state: state["own.held_tb"] * state["own.overhead"] / state["own.fill_limit"],
        ),
        Volume("own.drives_needed", "Drives needed", "drives", ("own.raw_tb", "own.drive_tb"), drives),
        Volume(
            "own.drives",
            "Drives in use: never fewer than before",
            "drives",
            ("own.drives_needed",),
            lambda state: np.maximum.accumulate(state["own.drives_needed"], axis=0),
        ),
        Volume(
            "own.drives_added",
            "Drives added for growth",
            "drives",
            ("own.drives",),
            lambda state: _grown(state["own.drives"]),
        ),
        Volume(
            "own.drives_bought",
            "Drives bought for growth and at the end of their life",
            "drives",
            ("own.drives_added",),
            lambda state: running_sum(state["own.drives_added"], renewed),
        ),
    ]


def _served(plan: Plan) -> list[Volume]:
    life, months = plan.integer("own.life_months"), plan.integer("calendar.months")
    renewed = (np.arange(months) % life == 0).astype(np.float64)
    wanted = [prefix(n) + "wanted" for n in numbers(plan)]

    def served(state: State) -> Array:
        read = sum((state.monthly(key) for key in wanted), np.zeros((state.months, 1)))
        rate: Array = _mbps(read * (1.0 - state[FROM_CACHE]) * state["own.share"]) * state["own.peak_to_mean"]
        return rate

    def chassis(state: State) -> Array:
        serving = whole_up(state["own.served_mbps"] / (state["own.chassis_gbps"] * MBIT_PER_GBIT))
        return np.maximum.accumulate(np.maximum(state["own.chassis_filled"], serving), axis=0)

    def kilowatts(state: State) -> Array:
        more = state["own.chassis"] - state["own.chassis_filled"]
        watts = state["own.drives"] * state["own.watts_per_drive"] + more * state["own.watts_per_chassis"]
        return watts / WATTS_PER_KW

    return [
        Volume(
            "own.served_mbps",
            "Rate at which the site is read, 95th percentile",
            "Mbit/s",
            (*wanted, FROM_CACHE, "own.share", "own.peak_to_mean"),
            served,
        ),
        Volume(
            "own.chassis_filled",
            "Chassis that the drives fill",
            "chassis",
            ("own.drives", "own.bays"),
            lambda state: whole_up(state["own.drives"] / state["own.bays"]),
        ),
        Volume(
            "own.chassis",
            "Chassis in use: for the drives and for the reads, never fewer than before",
            "chassis",
            ("own.chassis_filled", "own.served_mbps", "own.chassis_gbps"),
            chassis,
        ),
        Volume(
            "own.chassis_added",
            "Chassis added for growth",
            "chassis",
            ("own.chassis",),
            lambda state: _grown(state["own.chassis"]),
        ),
        Volume(
            "own.chassis_bought",
            "Chassis bought for growth and at the end of their life",
            "chassis",
            ("own.chassis_added",),
            lambda state: running_sum(state["own.chassis_added"], renewed),
        ),
        Volume(
            "own.kw",
            "Power of the equipment",
            "kW",
            ("own.drives", "own.watts_per_drive", "own.chassis", "own.chassis_filled", "own.watts_per_chassis"),
            kilowatts,
        ),
    ]


def _mbps(moved: Array) -> Array:
    """The mean rate of bytes moved in a month."""
    rate: Array = moved * BITS_PER_BYTE / (DAYS_PER_MONTH * SECONDS_PER_DAY) / BITS_PER_MBIT
    return rate


def _lines_out(plan: Plan) -> list[Volume]:
    wanted = [prefix(n) + "wanted" for n in numbers(plan)]
    fetching = plan.is_on("acquire.on")

    def out(state: State) -> Array:
        read = sum((state.monthly(key) for key in wanted), np.zeros((state.months, 1)))
        return _mbps(read * (1.0 - state[FROM_CACHE]) * state["own.remote_share"] * state["own.share"])

    def into(state: State) -> Array:
        came = state["own.moved_tb"] * BYTES_PER_TB
        if fetching:
            came = came + state["acquire.bytes"] * state["own.share"]
        return _mbps(came)

    def billed(state: State) -> Array:
        peak = np.maximum(state["own.out_mbps"], state["own.in_mbps"]) * state["own.peak_to_mean"]
        return np.maximum(peak, state["own.commit_mbps"]) * (state["own.share"] > 0)

    return [
        Volume(
            "own.out_mbps",
            "Mean rate of reads that leave the site",
            "Mbit/s",
            (*wanted, FROM_CACHE, "own.remote_share", "own.share"),
            out,
        ),
        Volume(
            "own.in_mbps",
            "Mean rate of data that arrive",
            "Mbit/s",
            ("own.moved_tb", *(("acquire.bytes", "own.share") if fetching else ())),
            into,
        ),
        Volume(
            "own.mbps",
            "Transit billed: 95th percentile, at least the commitment",
            "Mbit/s",
            ("own.out_mbps", "own.in_mbps", "own.peak_to_mean", "own.commit_mbps", "own.share"),
            billed,
        ),
    ]


def _loss(plan: Plan) -> list[Volume]:
    erasure = plan.text("own.protection") == "erasure"
    width, spare = ("own.data_shards", "own.parity_shards") if erasure else ("own.copies", "own.copies")

    def share(state: State) -> Array:
        drives = state[width] + state[spare] if erasure else state[width]
        may_fail = state[spare] if erasure else state[spare] - 1.0
        return yearly_loss(drives, may_fail, state["own.afr"], state["own.rebuild_hours"])

    return [
        Volume(
            "own.loss_share",
            "Data expected to be lost in a year, drives failing independently",
            "share per year",
            tuple(dict.fromkeys((width, spare, "own.afr", "own.rebuild_hours"))),
            share,
        ),
        Volume(
            "own.loss_gb",
            "Expected loss in a year",
            "GB (10^9 bytes)",
            ("own.loss_share", "own.held_tb"),
            lambda state: state["own.loss_share"] * state["own.held_tb"] * GB_PER_TB,
        ),
    ]


def yearly_loss(drives: Array, may_fail: Array, afr: Array, rebuild_hours: Array) -> Array:
    """The share of the data that is expected to be lost in a year.

    Parameters
    ----------
    drives : ndarray
        Drives that a stripe, or the copies of a file, lie on.
    may_fail : ndarray
        So many of them may be away at the same time without loss.
    afr : ndarray
        Share of drives that fail in a year.
    rebuild_hours : ndarray
        From a failure to full redundancy.

    Returns
    -------
    ndarray
        At most 1.

    Notes
    -----
    The first failure opens a window of `rebuild_hours` in which `may_fail` others must fail:
    drives x afr x C(drives - 1, may_fail) x (afr x hours / 8,760)^may_fail. It holds while a failure
    within a window is rare. Fires, firmware and people, which fail many drives at once, are not in it.
    """
    ways = float(comb(int(drives.flat[0]) - 1, int(may_fail.flat[0])))
    within = afr * rebuild_hours / HOURS_PER_YEAR
    result: Array = np.minimum(1.0, drives * afr * ways * power(within, may_fail.astype(np.int64)))
    return result


def _grown(stock: Array) -> Array:
    return np.concatenate([stock[:1], np.diff(stock, axis=0)])
