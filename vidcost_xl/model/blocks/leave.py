"""Leaving a provider: one move of everything out, and months in which all data are stored twice."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.blocks.allowance import billed, billed_share, free_times, reads_on
from vidcost_xl.model.blocks.common import UPLOADS, leg_charges, numbers, prefix, upload_volumes
from vidcost_xl.model.blocks.reading import (
    Reads,
    class_reads,
    elsewhere,
    reading_rows,
    reading_volumes,
    restored_objects,
)
from vidcost_xl.model.blocks.store import Holding, class_rows, holding_volumes
from vidcost_xl.model.blocks.writing import class_writes
from vidcost_xl.model.lines import NEW_PAYER, Array, LineName, Rows, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import split_place
from vidcost_xl.prices.schema import StorageClass

#: From this day providers may not charge customers in the Union for leaving: Regulation (EU) 2023/2854, Article 29(1).
EU_FREE_FROM: Final = date(2027, 1, 12)

TRANSFER: Final = LineName("exit.transfer.{meter}", "Moving out: {what}", "exit")
READS: Final = LineName("exit.{name}", "{name}, moving out", "exit")
#: Reading checkpoints, which are no representation.
STATES: Final = LineName("exit.checkpoints", "Checkpoints, moving out", "exit")
#: Writing what moved at the new provider.
WRITES: Final = LineName("exit.{name}", "{name}, at the new provider", "exit")
SAVED_AGAIN: Final = LineName("exit.checkpoint_states", "Checkpoints, at the new provider", "exit")
#: Bytes of the checkpoints that move out.
LEAVING_STATES: Final = "checkpoint.leaving"

DOUBLE: Final = LineName("exit.double", "double running", "exit")


def exit_rows(plan: Plan) -> Rows:
    """What moving everything out of the provider of the exit route costs, and the double running from then on.

    Returns
    -------
    Rows
        None when the plan does not leave.
    """
    leaving, route = plan.integer("exit.month"), plan.text("exit.route")
    if not leaving:
        return Rows()
    month = np.arange(1, plan.integer("calendar.months") + 1)
    goes = (month == leaving).astype(np.float64)[:, np.newaxis]
    twice = (month >= leaving) & (month < leaving + plan.integer("exit.double_run_months"))
    running_twice = twice.astype(np.float64)[:, np.newaxis]
    place_of = price_book().place_of
    left = place_of(route)
    mine = [n for n in numbers(plan) if place_of(plan.text(prefix(n) + "class")) == left]
    stored = [prefix(n) + "stored" for n in mine]
    checkpoints = plan.is_on("checkpoint.on") and place_of(plan.text("checkpoint.class")) == left
    if checkpoints:
        stored.append("checkpoint.stored")
    if not stored:
        raise BadArgumentError(f"exit.route {route!r} leaves a provider that stores nothing in this plan.")
    _check_one_region(plan, left)

    volumes = _whole(stored, goes * egress_billed(plan), running_twice)
    moved = "exit.moved"
    if free_times(route) is not None:
        volumes += _billed_move(plan)
        moved = volumes[-1].id
    rows = Rows(tuple(volumes), tuple(leg_charges(TRANSFER, moved, "egress", route)))
    for n in mine:
        rows += _read_out(plan, n, goes)
    if checkpoints:
        rows += _states_out(plan, goes)
    item = price_book().storage_class(plan.text("exit.class"))
    if plan.is_on("requests.uploads"):
        for n in mine:
            line = WRITES.of(name=plan.text(prefix(n) + "name"))
            rows += _written_anew(line, item, prefix(n) + "leaving", _written(plan, n))
        if checkpoints:
            rows += _written_anew(SAVED_AGAIN, item, LEAVING_STATES, _saved_again())
    return rows + class_rows(DOUBLE, double_running(mine), item, NEW_PAYER)


def _check_one_region(plan: Plan, left: str) -> None:
    # What is in another region would stay there without a word.
    stay = [(plan.text(prefix(n) + "name"), found) for n in numbers(plan) if (found := elsewhere(plan, n, left))]
    kept = price_book().storage_class(plan.text("checkpoint.class"))
    at = price_book().place_of(kept.id)
    if plan.is_on("checkpoint.on") and at != left and split_place(at)[0] == split_place(left)[0]:
        stay.append(("checkpoints", ("checkpoint.class", kept)))
    for name, (key, item) in stay[:1]:
        raise BadArgumentError(
            f"exit.route {plan.text('exit.route')!r} leaves one region, and {name} is stored in another of the same "
            f"provider ({key} is {item.id}): leaving is priced from one region only. "
            "Price the move out of each region in a plan of its own."
        )


def egress_billed(plan: Plan) -> Array:
    """Whether egress of leaving is billed, 1 or 0, (month, 1)."""
    law = plan.text("exit.law")
    if plan.is_on("exit.waived") or law == "waiver":
        return np.zeros((plan.calendar.months, 1))
    billed = [law != "eu" or month < EU_FREE_FROM for month in plan.calendar.starts]
    return np.array(billed, dtype=np.float64)[:, np.newaxis]


def exit_volumes(plan: Plan) -> list[Volume]:
    """Every volume of the block."""
    never, every = np.zeros((1, 1)), list(numbers(plan))
    volumes = [*_whole([], never, never), *_billed_move(plan)]
    for n in every:
        read, gets = _read_out_volumes(plan, n, never)
        volumes += [read, gets, *reading_volumes(plan, n, _reads(plan, n, read, gets)), *_written(plan, n)]
    volumes += [*_states_read(never), *_saved_again()]
    item = price_book().storage_class(plan.text("exit.class"))
    return [*volumes, *holding_volumes(double_running(every), item).values()]


def double_running(mine: list[int]) -> Holding:
    """What the new provider holds meanwhile, in objects of the first of some representations."""
    first = prefix(mine[0] if mine else 1)
    return Holding("exit.twice", DOUBLE.label, first + "object_bytes", first + "reread_days")


def _whole(stored: list[str], billed_move: Array, running_twice: Array) -> list[Volume]:
    def everything(state: State) -> Array:
        return sum((state[key] for key in stored), np.zeros((1, 1)))

    return [
        Volume("exit.stored", "Bytes stored when leaving", "byte-months", tuple(stored), everything),
        Volume(
            "exit.moved",
            "Bytes moved out whose egress is billed",
            "bytes",
            ("exit.stored",),
            lambda state: state["exit.stored"] * billed_move,
        ),
        Volume(
            "exit.twice",
            "Bytes stored at both providers",
            "byte-months",
            ("exit.stored",),
            lambda state: state["exit.stored"] * running_twice,
        ),
    ]


def _billed_move(plan: Plan) -> list[Volume]:
    share, label, route = "exit.billed_share", "Share of the move that is billed", plan.text("exit.route")
    return [
        billed_share(plan, share, label, route, ["exit.moved"], reads_on(plan, route)),
        billed("exit.moved_billed", "Bytes moved out beyond the free egress", "exit.moved", share),
    ]


def _read_out(plan: Plan, n: int, goes: Array) -> Rows:
    # A waiver covers egress; requests and retrieval are billed with it or without.
    read, gets = _read_out_volumes(plan, n, goes)
    return Rows((read, gets), ()) + reading_rows(plan, n, _reads(plan, n, read, gets))


def _reads(plan: Plan, n: int, read: Volume, gets: Volume) -> Reads:
    p = prefix(n)
    return Reads(READS.of(name=plan.text(p + "name")), read.id, gets.id, p + "object_bytes")


def _read_out_volumes(plan: Plan, n: int, goes: Array) -> tuple[Volume, Volume]:
    p, name = prefix(n), plan.text(prefix(n) + "name")
    return (
        Volume(
            p + "leaving",
            f"{name}: bytes read to move out",
            "bytes",
            (p + "stored",),
            lambda state: state[p + "stored"] * goes,
        ),
        Volume(
            p + "leaving_gets",
            f"{name}: GET requests to move out",
            "requests",
            (p + "leaving", p + "get_bytes"),
            lambda state: ratio(state[p + "leaving"], state[p + "get_bytes"]),
        ),
    )


def _written(plan: Plan, n: int) -> list[Volume]:
    p = prefix(n)
    label = f"{plan.text(p + 'name')}, at the new provider"
    return upload_volumes(p + "arriving", label, p + "leaving", p + "object_bytes")


def _states_out(plan: Plan, goes: Array) -> Rows:
    item, line = price_book().storage_class(plan.text("checkpoint.class")), STATES.of(part="", back="", slot="")
    read, gets, objects = _states_read(goes)
    volumes = (read, gets, objects) if item.restore_requests else (read, gets)
    return Rows(volumes) + class_reads(plan, line, item, "checkpoint.stored", read.id, gets.id)


def _states_read(goes: Array) -> tuple[Volume, Volume, Volume]:
    read, size = LEAVING_STATES, "checkpoint.bytes"
    return (
        Volume(
            read,
            "Checkpoints: bytes moved out",
            "bytes",
            ("checkpoint.stored",),
            lambda state: state["checkpoint.stored"] * goes,
        ),
        Volume(
            f"{read}_gets",
            "Checkpoints: GET requests to move out",
            "requests",
            (read, size),
            lambda state: ratio(state[read], state[size]),
        ),
        restored_objects(read, "Checkpoints: objects restored to move out", size),
    )


def _saved_again() -> list[Volume]:
    label = "Checkpoints, at the new provider"
    return upload_volumes("checkpoint.arriving", label, LEAVING_STATES, "checkpoint.bytes")


def _written_anew(line: LineName, item: StorageClass, moved: str, written: list[Volume]) -> Rows:
    requests = dict(zip(UPLOADS, (row.id for row in written), strict=True))
    return Rows(tuple(written)) + class_writes(line.of(part="", slot=""), item, moved, requests, NEW_PAYER)
