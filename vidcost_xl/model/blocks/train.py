"""Training reads: transfer along the route, requests, retrieval, ports; and of the copy beside the GPUs."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.blocks.acquire import hours
from vidcost_xl.model.blocks.allowance import billed, billed_share, free_times, reads_on
from vidcost_xl.model.blocks.common import leg_charges, numbers, prefix, route_gets
from vidcost_xl.model.blocks.ends import check_ends
from vidcost_xl.model.blocks.reading import (
    TRAIN_WAY,
    Reads,
    check_origin,
    own_way,
    reading_rows,
    reading_volumes,
    way_of,
)
from vidcost_xl.model.blocks.representation import is_read
from vidcost_xl.model.blocks.staging import FILLING, staging_rows, staging_volumes
from vidcost_xl.model.lines import LineName, Rows, Volume
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book

READS: Final = LineName("train.{name}", "{name}", "train")
TRANSFER: Final = READS.then(".transfer.{meter}", ": reads: {what}")
#: Filling the copy along a route of the representation's own; along the plan's it is one line for all.
OWN_FILL: Final = FILLING.then(".transfer.{meter}", ": {what}")
PORTS: Final = LineName("train.ports", "{what}", "train")


def train_rows(plan: Plan) -> Rows:
    """What the passes of training cost.

    Raises
    ------
    BadArgumentError
        For a route that does not start at the provider that stores what is read.
    """
    rows = staging_rows(plan)
    read = [n for n in numbers(plan) if is_read(plan, n)]
    if free_times(plan.text(TRAIN_WAY)) is not None and not all(own_way(plan, n) for n in read):
        rows += Rows((_beyond_free_egress(plan),))
    check_ends(plan, read)
    for n in read:
        key, route = way_of(plan, n, TRAIN_WAY)
        check_origin(plan, key, n)
        reads = _reads(plan, n)
        rows += _transfer(plan, n, route) + reading_rows(plan, n, reads)
        rows += Rows((), tuple(route_gets(reads.of, reads.gets, route)))
    if plan.is_used("train.ports"):
        meter = plan.text("train.port_meter")
        line = PORTS.of(what=price_book().meter(meter).label).charge("train.port_hours", meter)
        rows += Rows((_port_hours(plan),), (line,))
    return rows


def train_volumes(plan: Plan) -> list[Volume]:
    """Every volume of the block."""
    volumes = staging_volumes(plan)
    for n in numbers(plan):
        volumes += [_own_share(plan, n), _billed_reads(plan, n), _billed_fill(plan, n)]
        volumes += reading_volumes(plan, n, _reads(plan, n))
    return [*volumes, _port_hours(plan), _beyond_free_egress(plan)]


def _reads(plan: Plan, n: int) -> Reads:
    p = prefix(n)
    return Reads(READS.of(name=plan.text(p + "name")), p + "read", p + "gets", p + "object_bytes", again=True)


def _transfer(plan: Plan, n: int, route: str) -> Rows:
    # What training reads of it, and what fills the copy where that takes a route of its own too.
    p, own, limited = prefix(n), bool(own_way(plan, n)), free_times(route) is not None
    moved = [(TRANSFER, p + "read", _billed_reads(plan, n))]
    if own and plan.is_on("staging.on"):
        moved.append((OWN_FILL, p + "fill", _billed_fill(plan, n)))
    rows = Rows((_own_share(plan, n),)) if own and limited else Rows()
    for line, whole, beyond in moved:
        leaving = beyond.id if limited else whole
        legs = leg_charges(line.of(name=plan.text(p + "name")), leaving, "egress", route)
        rows += Rows((beyond,) if limited else (), tuple(legs))
    return rows


def _billed_reads(plan: Plan, n: int) -> Volume:
    p, label = prefix(n), f"{plan.text(prefix(n) + 'name')}: bytes read beyond the free egress"
    return billed(p + "read_billed", label, p + "read", p + OWN_SHARE if own_way(plan, n) else "train.billed_share")


def _billed_fill(plan: Plan, n: int) -> Volume:
    p, label = prefix(n), f"{plan.text(prefix(n) + 'name')}: bytes copied beyond the free egress of its own route"
    return billed(p + "fill_billed", label, p + "fill", p + OWN_SHARE)


#: End of the id of the share of what takes a route of the representation's own.
OWN_SHARE: Final = "billed_share"


def _own_share(plan: Plan, n: int) -> Volume:
    p, route = prefix(n), way_of(plan, n, TRAIN_WAY)[1]
    label = f"{plan.text(p + 'name')}: share of its own route that is billed"
    return billed_share(plan, p + OWN_SHARE, label, route, reads_on(plan, route), ())


def _port_hours(plan: Plan) -> Volume:
    return hours("train.port_hours", "Port hours", "train.ports", plan.text("train.port_meter"))


def _beyond_free_egress(plan: Plan) -> Volume:
    route = plan.text(TRAIN_WAY)
    label = "Share of reads that is billed"
    return billed_share(plan, "train.billed_share", label, route, reads_on(plan, route), ())
