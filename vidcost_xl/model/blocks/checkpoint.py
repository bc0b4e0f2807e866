"""Checkpoints: the newest training states, and the requests that save them."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidcost_xl.digits import whole_up
from vidcost_xl.model.blocks.common import BYTES_PER_MIB
from vidcost_xl.model.blocks.writing import class_writes
from vidcost_xl.model.lines import LineName, Rows, Volume
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book

KEPT: Final = LineName("checkpoint.stored", "Checkpoints kept", "checkpoint")
SAVING: Final = LineName("checkpoint", "Checkpoints", "checkpoint")


def checkpoint_rows(plan: Plan) -> Rows:
    """Bytes of checkpoints kept, and parts uploaded.

    Returns
    -------
    Rows
        None unless checkpoints are on.
    """
    if not plan.is_on("checkpoint.on"):
        return Rows()
    item = price_book().storage_class(plan.text("checkpoint.class"))
    rows = Rows(checkpoint_volumes(), (KEPT.charge("checkpoint.stored", item.storage),))
    return rows + class_writes(SAVING.of(part="", slot=""), item, "checkpoint.written", {"puts": "checkpoint.puts"})


def checkpoint_volumes() -> tuple[Volume, ...]:
    """Every volume of the block."""
    return (
        Volume(
            "checkpoint.bytes",
            "Bytes of a checkpoint",
            "bytes",
            ("checkpoint.parameters", "checkpoint.bytes_per_parameter"),
            lambda state: state["checkpoint.parameters"] * state["checkpoint.bytes_per_parameter"],
        ),
        Volume(
            "checkpoint.saved",
            "Checkpoints saved so far",
            "checkpoints",
            ("checkpoint.saves",),
            lambda state: np.cumsum(state.monthly("checkpoint.saves"), axis=0),
        ),
        Volume(
            "checkpoint.stored",
            KEPT.label,
            "byte-months",
            ("checkpoint.bytes", "checkpoint.saved", "checkpoint.kept"),
            lambda state: state["checkpoint.bytes"] * np.minimum(state["checkpoint.saved"], state["checkpoint.kept"]),
        ),
        Volume(
            "checkpoint.written",
            "Bytes of checkpoints uploaded",
            "bytes",
            ("checkpoint.bytes", "checkpoint.saves"),
            lambda state: state["checkpoint.bytes"] * state["checkpoint.saves"],
        ),
        Volume(
            "checkpoint.puts",
            "Parts of checkpoints uploaded",
            "requests",
            ("checkpoint.bytes", "checkpoint.saves", "requests.part_mib"),
            lambda state: (
                whole_up(state["checkpoint.bytes"] / (state["requests.part_mib"] * BYTES_PER_MIB))
                * state["checkpoint.saves"]
            ),
        ),
    )
