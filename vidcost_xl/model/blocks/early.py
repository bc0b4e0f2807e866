"""Early deletion: the rest of a class's minimum duration, owed for what leaves or moves before it."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from vidcost_xl.model.blocks.common import DAYS_PER_MONTH, prefix
from vidcost_xl.model.blocks.reading import SLOTS, classes_of
from vidcost_xl.model.blocks.representation import months_kept, stock_of, version_changes
from vidcost_xl.model.lines import Array, ChargeLine, LineName, Rows, State, Volume
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.schema import StorageClass

#: The lines of a representation in its first and its second class.
STORED: Final = {
    "first": LineName("store.{name}", "{name}", "store"),
    "second": LineName("store.{name}.second", "{name}, second class", "store"),
}
#: How their id and label go on for the rest of a minimum duration.
EARLY: Final = (".early", ": rest of the {what}")


def early_deletion_rows(plan: Plan, n: int) -> Rows:
    """Byte-months owed for versions that are replaced and videos that leave early.

    Returns
    -------
    Rows
        One volume and charge for each class with a minimum that something misses.
    """
    rows = Rows()
    for slot, item in classes_of(plan, n).items():
        if item.minimum_days:
            is_owed, volume = _owed(plan, n, slot, item)
            rows += Rows((volume,), (_charge(plan, n, slot, item),)) if is_owed else Rows((), ())
    return rows


def early_volumes(plan: Plan, n: int) -> list[Volume]:
    """Every volume of the block for the n-th representation."""
    classes = classes_of(plan, n)
    return [_owed(plan, n, slot, classes.get(slot, classes["first"]))[1] for slot in SLOTS]


def _charge(plan: Plan, n: int, slot: str, item: StorageClass) -> ChargeLine:
    name, rest = plan.text(prefix(n) + "name"), f"{item.minimum_days:g} days that {item.label} bills"
    return STORED[slot].then(*EARLY).of(name=name, what=rest).charge(f"{prefix(n)}{slot}.early", item.storage)


def _owed(plan: Plan, n: int, slot: str, item: StorageClass) -> tuple[bool, Volume]:
    # Whether anything misses the minimum, and what it owes.
    p, name = prefix(n), plan.text(prefix(n) + "name")
    every, kept, age = plan.integer(p + "version_months"), months_kept(plan, n), plan.integer(p + "lifecycle_months")
    stock = stock_of(plan, n)
    mixed, moves_at = len(classes_of(plan, n)) > 1, age * DAYS_PER_MONTH if age else 0.0
    version_days = every * DAYS_PER_MONTH + plan.number(p + "overlap_days") if every else math.inf
    video_days = kept * DAYS_PER_MONTH if kept else math.inf
    changes = version_changes(plan, n)

    least = item.minimum_days - (moves_at if slot == "second" and item.keeps_age else 0.0)

    def months_owed(days: float) -> float:
        return max(0.0, least - days) / DAYS_PER_MONTH if days > 0 else 0.0

    def part(days: float, second_share: Array) -> Array:
        # Byte-months owed for a byte that is deleted after so many days.
        if slot == "second":
            return second_share * months_owed(days - moves_at)
        stays = 1.0 - second_share if days > moves_at else np.ones((1, 1))
        return stays * months_owed(days)

    moving = months_owed(moves_at) if slot == "first" and mixed and age and not item.keeps_age else 0.0
    before = moves_at if slot == "second" else 0.0
    is_owed = bool(moving) or any(months_owed(days - before) for days in (version_days, video_days))

    def owed(state: State) -> Array:
        each = state[p + "bytes_each"] * state[p + "all_copies"]
        share = state[p + "second_share"] if mixed else np.zeros((1, 1))
        replaced = changes * state[f"{stock}.opening_balance"] * part(version_days, share)
        left = state[f"{stock}.removals"] * state[p + "versions"] * part(video_days, share)
        total = each * (replaced + left)
        return total + state[p + "moved_bytes"] * moving if moving else total

    needs = [p + key for key in ("bytes_each", "all_copies", "versions")]
    needs += [p + "second_share"] if mixed else []
    needs += [p + "moved_bytes"] if moving else []
    label, needs = f"{name}, {slot} class: rest of its minimum duration", [*needs, f"{stock}.opening_balance"]
    return is_owed, Volume(f"{p}{slot}.early", label, "byte-months", (*needs, f"{stock}.removals"), owed)
