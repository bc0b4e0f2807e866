"""Storage: bytes by class with minimum sizes, age tiers, overhead per object, monitoring, uploads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidcost_xl.digits import settled
from vidcost_xl.model.blocks.common import numbers, prefix, request_meter
from vidcost_xl.model.blocks.early import STORED, early_deletion_rows, early_volumes
from vidcost_xl.model.blocks.writing import divided_writes, writing_rows, written_volumes
from vidcost_xl.model.lines import MAIN_PAYER, Array, ChargeLine, LineName, Rows, Stage, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.schema import StorageClass

TRANSITION: Final = LineName("store.{name}.transition", "{name}: move to {what}", "store")

#: How id and label of a line of stored bytes go on, by what is billed.
IN_CLASS: Final = ("", " in {what}")
AGED: Final = (".age{days}", ": {what}")
OVERHEAD: Final = (".overhead{position}", ": overhead {what}")
MONITORING: Final = (".monitoring", ": monitoring")

#: Age tiers that every holding declares: as many as any class of the price book has.
AGES: Final = 3


def store_rows(plan: Plan) -> Rows:
    """Storage rows of every representation, and what writing it costs."""
    rows = Rows()
    for n in numbers(plan):
        p, name = prefix(n), plan.text(prefix(n) + "name")
        first = price_book().storage_class(plan.text(p + "class"))
        rows += class_rows(STORED["first"].of(name=name), holding(plan, n, "first"), first)
        if plan.text(p + "second_class"):
            second = price_book().storage_class(plan.text(p + "second_class"))
            rows += class_rows(STORED["second"].of(name=name), holding(plan, n, "second"), second)
            if plan.integer(p + "lifecycle_months"):
                rows += _changes(p, name, second)
        rows += early_deletion_rows(plan, n)
        if plan.is_on("requests.uploads"):
            stage: Stage = "acquire" if plan.text(p + "kind") == "raw" else "encode"
            rows += writing_rows(plan, n, upload_line(stage).of(stage=stage, name=name))
    return rows


def _changes(p: str, name: str, into: StorageClass) -> Rows:
    meter = request_meter(into, "transition")
    return Rows((), (TRANSITION.of(name=name, what=into.label).charge(p + "moved", meter),) if meter else ())


def store_volumes(plan: Plan) -> list[Volume]:
    """Every volume of the block."""
    volumes: list[Volume] = []
    for n in numbers(plan):
        first = plan.text(prefix(n) + "class")
        for slot, name in (("first", first), ("second", plan.text(prefix(n) + "second_class") or first)):
            volumes += holding_volumes(holding(plan, n, slot), price_book().storage_class(name)).values()
        volumes += [*early_volumes(plan, n), *written_volumes(plan, n), *divided_writes(plan, n)]
    return volumes


@dataclass(frozen=True)
class Holding:
    """Bytes in one storage class.

    Parameters
    ----------
    held : str
        Id of the byte-months held, and the start of the ids of what is counted of them.
    label : str
        Start of the labels.
    object_bytes, reread_days : str
        Id of the size of an object; input for classes that bill by last access.
    """

    held: str
    label: str
    object_bytes: str
    reread_days: str


def holding(plan: Plan, n: int, slot: str) -> Holding:
    """The bytes of the n-th representation in its first or second class."""
    p = prefix(n)
    return Holding(p + slot, f"{plan.text(p + 'name')}, {slot} class", p + "object_bytes", p + "reread_days")


def upload_line(stage: Stage) -> LineName:
    """How the lines of writing a representation begin; {stage} is in their ids."""
    return LineName("{stage}.{name}", "{name}", stage)


def class_rows(line: LineName, of: Holding, item: StorageClass, payer: str = MAIN_PAYER) -> Rows:
    """What bytes in one storage class are billed for.

    Parameters
    ----------
    line : LineName
        How the lines begin.
    """
    every = holding_volumes(of, item)
    volumes = [every["objects"]]
    charges: list[ChargeLine] = []
    objects, billed = every["objects"].id, of.held
    if item.minimum_object_bytes:
        volumes.append(every["billed"])
        billed = every["billed"].id
    for position, age in enumerate(item.by_last_access, start=1):
        aged = every[f"age{position}"]
        volumes.append(aged)
        days, ages = f"{age.from_days:g}", _days_since_read(item, position)
        charges.append(line.then(*AGED).of(days=days, what=ages).charge(aged.id, age.meter, payer=payer))
    if not item.by_last_access:
        charges.append(line.then(*IN_CLASS).of(what=item.label).charge(billed, item.storage, payer=payer))
    for position, extra in enumerate(item.per_object, start=1):
        over = line.then(*OVERHEAD).of(position=str(position), what=f"in {price_book().meter(extra.meter).label}")
        charges.append(over.charge(objects, extra.meter, extra.bytes, payer))
    if item.monitoring:
        volumes.append(every["watched"])
        charges.append(line.then(*MONITORING).charge(every["watched"].id, item.monitoring, payer=payer))
    return Rows(tuple(volumes), tuple(charges))


def holding_volumes(of: Holding, item: StorageClass) -> dict[str, Volume]:
    """Every volume of bytes in one storage class, by the end of its id; an item may need some of them alone."""
    held, objects = of.held, f"{of.held}.objects"
    billed = f"{held}.billed" if item.minimum_object_bytes else held
    volumes = [
        Volume(
            objects,
            f"{of.label}: objects",
            "object-months",
            (held, of.object_bytes),
            lambda state: ratio(state[held], state[of.object_bytes]),
        ),
        Volume(
            f"{held}.billed",
            f"{of.label}: bytes billed",
            "byte-months",
            (held, objects),
            lambda state: np.maximum(state[held], state[objects] * item.minimum_object_bytes),
        ),
        Volume(
            f"{held}.watched",
            f"{of.label}: monitored objects",
            "object-months",
            (objects, of.object_bytes),
            lambda state: np.where(
                settled(state[of.object_bytes]) >= item.monitoring_minimum_object_bytes, state[objects], 0.0
            ),
        ),
    ]
    for position in range(1, max(AGES, len(item.by_last_access)) + 1):

        def inside(state: State, position: int = position) -> Array:
            # Between two reads T days apart an object spends each tier's days in that tier.
            start, end = _tier(item, position)
            interval = state[of.reread_days]
            return state[billed] * np.clip(interval - start, 0.0, end - start) / interval

        label = f"{of.label}: bytes billed in age tier {position}"
        volumes.append(Volume(f"{held}.age{position}", label, "byte-months", (billed, of.reread_days), inside))
    return {volume.id.rsplit(".", 1)[1]: volume for volume in volumes}


def _tier(item: StorageClass, position: int) -> tuple[float, float]:
    starts = [*(age.from_days for age in item.by_last_access), math.inf]
    return starts[position - 1], starts[position]


def _days_since_read(item: StorageClass, position: int) -> str:
    start, end = _tier(item, position)
    if end < math.inf:
        return f"bytes last read {start:g} to {end:g} days ago"
    return f"last read {start:g} days ago and more"
