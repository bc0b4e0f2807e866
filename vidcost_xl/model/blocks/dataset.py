"""The data set: how many videos there are each month, as a corkscrew, and how large one is."""

from __future__ import annotations

import numpy as np

from vidcost_xl.model.blocks.common import BITS_PER_BYTE, BYTES_PER_MB
from vidcost_xl.model.growth import grown
from vidcost_xl.model.lines import Array, Rows, State, Volume, shifted
from vidcost_xl.model.plan import AMOUNT, Plan
from vidcost_xl.units import BYTES_PER_TB


def dataset_rows(plan: Plan) -> Rows:
    """Videos: target, opening, additions, removals, closing; bytes of one."""
    fetched = plan.text("dataset.counted") == "fetched"
    by_bitrate = plan.text("dataset.size_from") == "bitrate"
    by_amount = plan.text("dataset.size_from") == AMOUNT
    ramp = plan.integer("dataset.ramp_months")
    retention = plan.integer("dataset.retention_months")

    def of_amount(state: State) -> Array:
        return state["dataset.amount"] * BYTES_PER_TB / (state["dataset.mb_per_video"] * BYTES_PER_MB)

    def kept(state: State) -> Array:
        counted = of_amount(state) if by_amount else state["dataset.videos"]
        return counted * state["dataset.survival"] if fetched else counted

    def target(state: State) -> Array:
        built = np.minimum(1.0, (state.month + 1) / ramp) if ramp else 1.0
        return state["dataset.kept"] * built * grown(state["dataset.growth"], state.month.astype(np.int64))

    def bytes_each(state: State) -> Array:
        if by_bitrate:
            return state["dataset.seconds"] * state["dataset.mbps"] * 1e6 / BITS_PER_BYTE
        return state["dataset.mb_per_video"] * BYTES_PER_MB

    size_inputs = ("dataset.seconds", "dataset.mbps") if by_bitrate else ("dataset.mb_per_video",)
    counted_inputs = ("dataset.amount", "dataset.mb_per_video") if by_amount else ("dataset.videos",)
    kept_inputs = (*counted_inputs, "dataset.survival") if fetched else counted_inputs
    volumes = [
        Volume("dataset.kept", "Videos kept when complete", "videos", kept_inputs, kept),
        Volume("dataset.target", "Videos planned", "videos", ("dataset.kept", "dataset.growth"), target),
        Volume("dataset.bytes_each", "Bytes of a video", "bytes per video", size_inputs, bytes_each),
        *corkscrew("dataset", "Videos", "videos", "dataset.target", "dataset.opening", retention),
    ]
    return Rows(tuple(volumes), ())


def corkscrew(line: str, label: str, unit: str, target: str, opening_share: str, retention: int) -> list[Volume]:
    """Opening, additions, removals and closing of a stock that follows a target.

    Parameters
    ----------
    target : str
        Id of the stock planned for each month.
    opening_share : str
        Input: share of the first month's target that is in place at the start.
    retention : int
        Months after which what was added leaves; 0 for never. The opening stock counts as added
        in the first month.

    Returns
    -------
    list of Volume
        `<line>.additions`, `.removals`, `.closing`, `.opening_balance`; additions arrive on the first day of a
        month and are billed for all of it.
    """

    def initial(state: State) -> Array:
        return state.monthly(target)[:1] * state[opening_share][:1]

    def planned_and_before(state: State) -> tuple[Array, Array]:
        planned, first = state.monthly(target), initial(state)
        planned = np.broadcast_to(planned, (len(planned), first.shape[1]))
        return planned, np.concatenate([first, planned[:-1]])

    def additions(state: State) -> Array:
        planned, before = planned_and_before(state)
        grown: Array = np.maximum(planned - before, 0.0)
        return grown

    def closing(state: State) -> Array:
        planned, before = planned_and_before(state)
        entered = initial(state) + np.cumsum(state[f"{line}.additions"], axis=0)
        # The oldest leave first, so what a lower target removed does not leave again at the end of its retention.
        gone = np.cumsum(np.maximum(before - planned, 0.0), axis=0)
        if retention:
            gone = np.maximum.accumulate(np.maximum(gone, shifted(entered, retention)), axis=0)
        # What rounding leaves of a stock that is all gone is nothing: less than nothing would turn shares of it around.
        result: Array = np.maximum(entered - gone, 0.0)
        return result

    def opening(state: State) -> Array:
        return np.concatenate([initial(state), state[f"{line}.closing"][:-1]])

    def removals(state: State) -> Array:
        return state[f"{line}.opening_balance"] + state[f"{line}.additions"] - state[f"{line}.closing"]

    own = f"{line}.additions"
    return [
        Volume(own, f"{label}: additions", unit, (target, opening_share), additions),
        Volume(f"{line}.closing", f"{label}: closing balance", unit, (target, opening_share, own), closing),
        Volume(
            f"{line}.opening_balance",
            f"{label}: opening balance",
            unit,
            (target, opening_share, f"{line}.closing"),
            opening,
        ),
        Volume(
            f"{line}.removals",
            f"{label}: removals",
            unit,
            (f"{line}.opening_balance", own, f"{line}.closing"),
            removals,
        ),
    ]
