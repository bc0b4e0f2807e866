"""Leaving a provider: one move of everything out, and months in which all data are stored twice."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidcost_xl.model.blocks.common import leg_charges, numbers, prefix
from vidcost_xl.model.blocks.store import class_rows
from vidcost_xl.model.lines import Array, Rows, State, Volume
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book

#: The bill of the new provider has tiers of its own.
NEW_PAYER: Final = "new provider"


def exit_rows(plan: Plan) -> Rows:
    """Egress of all stored bytes in the month of leaving, and the double running from then on.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    Rows
        None when the plan does not leave.
    """
    leaving = plan.integer("exit.month")
    if not leaving:
        return Rows((), ())
    month = np.arange(1, plan.integer("calendar.months") + 1)
    moves = np.where(month == leaving, 0.0 if plan.is_on("exit.waived") else 1.0, 0.0)[:, np.newaxis]
    twice = (month >= leaving) & (month < leaving + plan.integer("exit.double_run_months"))
    running_twice = twice.astype(np.float64)[:, np.newaxis]
    stored = tuple(prefix(n) + "stored" for n in numbers(plan))

    def everything(state: State) -> Array:
        return sum((state[key] for key in stored), np.zeros((1, 1)))

    volumes = [
        Volume("exit.stored", "Bytes stored when leaving", "byte-months", stored, everything),
        Volume("exit.moved", "Bytes moved out", "bytes", ("exit.stored",), lambda state: state["exit.stored"] * moves),
        Volume(
            "exit.twice",
            "Bytes stored at both providers",
            "byte-months",
            ("exit.stored",),
            lambda state: state["exit.stored"] * running_twice,
        ),
    ]
    charges = leg_charges("exit.transfer", "Moving out", "exit", "exit.moved", "egress", plan.text("exit.route"))
    item = price_book().storage_class(plan.text("exit.class"))
    first = prefix(1)
    rows = class_rows(
        "exit.double",
        "double running",
        "exit",
        "exit.twice",
        first + "object_bytes",
        item,
        first + "reread_days",
        NEW_PAYER,
    )
    return Rows(tuple(volumes), tuple(charges)) + rows
