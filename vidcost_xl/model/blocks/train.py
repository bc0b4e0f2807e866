"""Training reads: transfer along the route, requests, retrieval, ports; and of the copy beside the GPUs."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.blocks.acquire import hours
from vidcost_xl.model.blocks.allowance import billed, billed_share, free_times
from vidcost_xl.model.blocks.common import leg_charges, numbers, prefix, route_gets
from vidcost_xl.model.blocks.reading import Reads, check_origin, reading_rows, reading_volumes
from vidcost_xl.model.blocks.representation import is_read
from vidcost_xl.model.blocks.staging import staging_rows, staging_volumes
from vidcost_xl.model.lines import LineName, Rows, Volume
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book

READS: Final = LineName("train.{name}", "{name}", "train")
TRANSFER: Final = READS.then(".transfer.{meter}", ": reads: {what}")
PORTS: Final = LineName("train.ports", "{what}", "train")


def train_rows(plan: Plan) -> Rows:
    """What the passes of training cost.

    Raises
    ------
    BadArgumentError
        For a route that does not start at the provider that stores what is read.
    """
    route = plan.text("train.route")
    rows = staging_rows(plan)
    read = [n for n in numbers(plan) if is_read(plan, n)]
    limited = bool(read) and free_times(route) is not None
    if limited:
        rows += Rows((_beyond_free_egress(plan, route, read),))
    for n in read:
        check_origin(plan, "train.route", n)
        reads, over = _reads(plan, n), (_billed_reads(plan, n),) if limited else ()
        leaving = over[0].id if over else reads.read
        transfer = leg_charges(TRANSFER.of(name=plan.text(prefix(n) + "name")), leaving, "egress", route)
        rows += Rows(over, tuple(transfer)) + reading_rows(plan, n, reads)
        rows += Rows((), tuple(route_gets(reads.of, reads.gets, route)))
    if plan.is_used("train.ports"):
        meter = plan.text("train.port_meter")
        line = PORTS.of(what=price_book().meter(meter).label).charge("train.port_hours", meter)
        rows += Rows((_port_hours(plan),), (line,))
    return rows


def train_volumes(plan: Plan) -> list[Volume]:
    """Every volume of the block."""
    every = list(numbers(plan))
    volumes = staging_volumes(plan)
    for n in every:
        volumes += [_billed_reads(plan, n), *reading_volumes(plan, n, _reads(plan, n))]
    return [*volumes, _port_hours(plan), _beyond_free_egress(plan, plan.text("train.route"), every)]


def _reads(plan: Plan, n: int) -> Reads:
    p = prefix(n)
    return Reads(READS.of(name=plan.text(p + "name")), p + "read", p + "gets", p + "object_bytes", again=True)


def _billed_reads(plan: Plan, n: int) -> Volume:
    p, label = prefix(n), f"{plan.text(prefix(n) + 'name')}: bytes read beyond the free egress"
    return billed(p + "read_billed", label, p + "read", "train.billed_share")


def _port_hours(plan: Plan) -> Volume:
    return hours("train.port_hours", "Port hours", "train.ports", plan.text("train.port_meter"))


def _beyond_free_egress(plan: Plan, route: str, read: list[int]) -> Volume:
    moved = [prefix(n) + "read" for n in read]
    if plan.is_on("staging.on") and plan.text("staging.fill_route") == route:
        moved.append("staging.filled")
    return billed_share(plan, "train.billed_share", "Share of reads that is billed", route, moved, ())
