"""Moving the data from the cloud to an own site: egress, requests and retrieval, on top of the bill that goes on.

A meter bills the move together with what the cloud still counts there in the month, so the move begins where that ends
in the tiers. The move out at the end of the plan is among it where it stands on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidcost_xl.model.blocks.common import DAYS_PER_MONTH, numbers, prefix
from vidcost_xl.model.blocks.leave import egress_billed
from vidcost_xl.model.blocks.reading import OBJECTS, class_reads, classes_of
from vidcost_xl.model.charges import Charge, as_of, pool_of
from vidcost_xl.model.lines import MAIN_PAYER, Array, LineName, State, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.units import BYTES_PER_TB

#: The stage of what leaving at the end of the plan costs.
LEAVING: Final = "exit"

#: How the lines of reading would begin; only their meters are used.
MOVE: Final = LineName("own.move", "The move to an own site", "store")
READ: Final = "own.read"
GETS: Final = "own.read_gets"


@dataclass(frozen=True)
class Counted:
    """What one meter counts of the move.

    Parameters
    ----------
    quantity : ndarray, (month, draw)
        Base units of the meter.
    """

    meter: str
    quantity: Array


def leaves_on_both_sides(plan: Plan) -> bool:
    """Whether moving out at the end of the plan is a cost of the cloud and of the own site, or of neither."""
    return plan.text("own.leaving") == "both"


def egress_cost(plan: Plan, state: State, charges: Iterable[Charge]) -> Array:
    """What moving out costs along the way out of the plan, USD, (month, draw)."""
    moved = state["own.moved_tb"] * BYTES_PER_TB
    legs = price_book().route("egress", plan.text("exit.route")).legs
    return _cost(plan, state, charges, [Counted(leg.meter, moved * leg.times) for leg in legs]) * egress_billed(plan)


def reading_cost(plan: Plan, state: State, charges: Iterable[Charge]) -> Array:
    """What reading the data costs to move them, at the classes that hold them, USD, (month, draw).

    Raises
    ------
    NotInBookError
        When the book does not know what reading a class costs.
    """
    counted: list[Counted] = []
    for n in numbers(plan):
        p, slots = prefix(n), classes_of(plan, n)
        read = ratio(state["own.moved_tb"] * state.monthly(p + "stored"), state["own.data_tb"])
        gets = ratio(read, state[p + "get_bytes"])
        for slot, item in slots.items():
            share = ratio(state[p + slot], np.asarray(state[p + "stored"])) if len(slots) > 1 else np.ones((1, 1))
            quantities = {
                READ: read * share,
                GETS: gets * share,
                f"{READ}.{OBJECTS}": ratio(read * share, state[p + "object_bytes"]),
            }
            billed = class_reads(plan, MOVE.of(slot="", part="", back=""), item, p + slot, READ, GETS)
            counted += [Counted(charge.meter, quantities[charge.volume]) for charge in billed.charges]
            days = state["requests.restore_days"] / DAYS_PER_MONTH
            counted += [Counted(copy.meter, quantities[copy.read] * days) for copy in billed.restored]
    return _cost(plan, state, charges, counted)


def reading_needs(plan: Plan) -> tuple[str, ...]:
    """Ids of what `reading_cost` reads."""
    found = ["own.moved_tb", "own.data_tb", "requests.restore_days"]
    for n in numbers(plan):
        slots = classes_of(plan, n)
        wanted = ("stored", "get_bytes", "object_bytes", *(slots if len(slots) > 1 else ()))
        found += [prefix(n) + key for key in wanted]
    return tuple(found)


def _cost(plan: Plan, state: State, charges: Iterable[Charge], counted: Iterable[Counted]) -> Array:
    goes_on: dict[str, Array] = {}
    left = 1.0 - state["own.share"]
    for charge in charges:
        line = charge.line
        if line.payer != MAIN_PAYER or (line.stage == LEAVING and not leaves_on_both_sides(plan)):
            continue
        beside = charge.quantity if line.stage == LEAVING else charge.quantity * left
        goes_on[line.meter] = goes_on.get(line.meter, np.zeros((1, 1))) + beside
    total = np.zeros((state.months, 1))
    for item in counted:
        priced = price_book().price(item.meter, None, as_of(plan))
        beside = goes_on.get(item.meter, np.zeros((state.months, 1)))
        quantity = item.quantity / priced.meter.unit_size
        both, alone = (pool_of(plan, state, priced, [used]).effective for used in (beside + quantity, beside))
        total = total + both - alone
    return total
