"""Moving the data from the cloud to an own site: egress, requests and retrieval, on top of the bill that goes on.

A meter bills the move together with what the cloud still counts there in the month, so the move begins where that ends
in the tiers. The move out at the end of the plan is among it where it stands on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidcost_xl.model.blocks.allowance import free_times, reads_on, stored_at
from vidcost_xl.model.blocks.common import DAYS_PER_MONTH, month_before, numbers, prefix
from vidcost_xl.model.blocks.leave import egress_billed
from vidcost_xl.model.blocks.objects import KMS_METER, LOG, reach_key_service
from vidcost_xl.model.blocks.reading import OBJECTS, class_reads, classes_of
from vidcost_xl.model.charges import Charge, pool_of
from vidcost_xl.model.lines import MAIN_PAYER, Array, LineName, State, ratio
from vidcost_xl.model.meter_prices import as_of
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.schema import StorageClass
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
    moved = _beyond_free(plan, state)
    legs = price_book().route("egress", plan.text("exit.route")).legs
    return _cost(plan, state, charges, [Counted(leg.meter, moved * leg.times) for leg in legs]) * egress_billed(plan)


def egress_needs(plan: Plan) -> tuple[str, ...]:
    """Ids of what `egress_cost` reads."""
    route = plan.text("exit.route")
    if free_times(route) is None:
        return ("own.moved_tb",)
    return ("own.moved_tb", *stored_at(plan, route), *reads_on(plan, route), *_left_at_the_end(plan))


def _beyond_free(plan: Plan, state: State) -> Array:
    # Bytes that move in a month are stored until they do: those in the cloud as it begins count for its free egress,
    # and what goes on there uses it first.
    moved, route = state["own.moved_tb"] * BYTES_PER_TB, plan.text("exit.route")
    times, share = free_times(route), state["own.share"]
    if times is None:
        return moved
    before = month_before(share)
    stored, used, leaving = (
        sum((state[key] for key in keys), np.zeros((1, 1)))
        for keys in (stored_at(plan, route), reads_on(plan, route), _left_at_the_end(plan))
    )
    left = np.maximum(times * stored * (1.0 - before) - used * (1.0 - share) - leaving, 0.0)
    billed: Array = np.maximum(moved - left, 0.0)
    return billed


def _left_at_the_end(plan: Plan) -> tuple[str, ...]:
    return ("exit.moved",) if plan.integer("exit.month") and leaves_on_both_sides(plan) else ()


@dataclass(frozen=True)
class _Source:
    # What is read of the moved data in one class: bytes, requests, objects.
    item: StorageClass
    read: Array
    gets: Array
    objects: Array


def reading_cost(plan: Plan, state: State, charges: Iterable[Charge]) -> Array:
    """What reading the data costs to move them, at the classes that hold them, USD, (month, draw).

    Returns
    -------
    ndarray
        Requests with those to the key service and the event log, restores and retrieval.

    Raises
    ------
    NotInBookError
        When the book does not know what reading a class costs.
    """
    counted: list[Counted] = []
    encrypted, logged = np.zeros((1, 1)), np.zeros((1, 1))
    for source in _sources(plan, state):
        quantities = {READ: source.read, GETS: source.gets, f"{READ}.{OBJECTS}": source.objects}
        billed = class_reads(plan, MOVE.of(slot="", part="", back=""), source.item, READ, READ, GETS)
        counted += [Counted(charge.meter, quantities[charge.volume]) for charge in billed.charges]
        days = state["requests.restore_days"] / DAYS_PER_MONTH
        counted += [Counted(copy.meter, quantities[copy.read] * days) for copy in billed.restored]
        for taken in billed.requests:
            logged = logged + quantities[taken.volume]
            if reach_key_service(taken.provider):
                encrypted = encrypted + quantities[taken.volume]
    counted.append(Counted(KMS_METER, encrypted * state["requests.kms_share"]))
    log = logged / LOG.unit_size * state["requests.logging_usd_per_million"]
    return _cost(plan, state, charges, counted) + log


def _sources(plan: Plan, state: State) -> Iterator[_Source]:
    moved, data = state["own.moved_tb"], state["own.data_tb"]
    for n in numbers(plan):
        p, slots = prefix(n), classes_of(plan, n)
        read = ratio(moved * state.monthly(p + "stored"), data)
        gets = ratio(read, state[p + "get_bytes"])
        for slot, item in slots.items():
            share = ratio(state[p + slot], np.asarray(state[p + "stored"])) if len(slots) > 1 else np.ones((1, 1))
            yield _Source(item, read * share, gets * share, ratio(read * share, state[p + "object_bytes"]))
    if plan.is_on("checkpoint.on"):
        item = price_book().storage_class(plan.text("checkpoint.class"))
        read = ratio(moved * state.monthly("checkpoint.stored"), data)
        states = ratio(read, state["checkpoint.bytes"])
        yield _Source(item, read, states, states)


def reading_needs(plan: Plan) -> tuple[str, ...]:
    """Ids of what `reading_cost` reads."""
    found = ["own.moved_tb", "own.data_tb", "requests.restore_days"]
    found += ["requests.kms_share", "requests.logging_usd_per_million"]
    found += ["checkpoint.stored", "checkpoint.bytes"] if plan.is_on("checkpoint.on") else []
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
    moved: dict[str, Array] = {}
    for item in counted:
        moved[item.meter] = moved.get(item.meter, np.zeros((1, 1))) + item.quantity
    total = np.zeros((state.months, 1))
    for meter, amount in moved.items():
        priced = price_book().price(meter, None, as_of(plan))
        beside = goes_on.get(meter, np.zeros((state.months, 1)))
        quantity = amount / priced.meter.unit_size
        both, alone = (pool_of(plan, state, priced, [used]).effective for used in (beside + quantity, beside))
        total = total + both - alone
    return total
