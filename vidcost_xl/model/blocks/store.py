"""Storage: bytes by class with minimum sizes, age tiers, overhead per object, monitoring, uploads."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from vidcost_xl.digits import settled
from vidcost_xl.model.blocks.common import numbers, prefix, provider_of, request_meter, upload_volumes
from vidcost_xl.model.blocks.early import early_deletion_rows
from vidcost_xl.model.blocks.representation import is_read
from vidcost_xl.model.lines import Array, ChargeLine, Rows, Stage, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.schema import StorageClass

#: KMS bills requests to encrypted objects on AWS; other providers include them.
KMS_METER = "aws.kms.request"
KMS_PROVIDER = "aws"


def store_rows(plan: Plan) -> Rows:
    """Storage rows of every representation, and the requests that writing and reading them cost.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    Rows
    """
    volumes: list[Volume] = []
    charges: list[ChargeLine] = []
    uploads = plan.is_on("requests.uploads")
    for n in numbers(plan):
        p, name = prefix(n), plan.text(prefix(n) + "name")
        first = price_book().storage_class(plan.text(p + "class"))
        rows = class_rows(f"store.{name}", name, "store", p + "first", p + "object_bytes", first, p + "reread_days")
        volumes += rows.volumes
        charges += rows.charges
        if plan.text(p + "second_class"):
            second = price_book().storage_class(plan.text(p + "second_class"))
            label = f"{name}, second class"
            rows = class_rows(
                f"store.{name}.second", label, "store", p + "second", p + "object_bytes", second, p + "reread_days"
            )
            volumes += rows.volumes
            charges += rows.charges
            if plan.integer(p + "lifecycle_months") and second.transition_in:
                label = f"{name}: move to {second.label}"
                charges.append(
                    ChargeLine(f"store.{name}.transition", label, "store", p + "moved", second.transition_in)
                )
        early = early_deletion_rows(plan, n)
        volumes += early.volumes
        charges += early.charges
        if uploads:
            written = upload_volumes(p + "upload", name, p + "written", p + "object_bytes")
            volumes += written
            put = request_meter(first, "put")
            stage: Stage = "acquire" if plan.text(p + "kind") == "raw" else "encode"
            if put:
                charges += [
                    ChargeLine(f"{stage}.{name}.{row.id.rsplit('.', 1)[1]}", row.label, stage, row.id, put)
                    for row in written
                ]
    extra = _request_extras(plan, uploads)
    return Rows(tuple(volumes), tuple(charges)) + extra


def class_rows(
    line: str,
    label: str,
    stage: Stage,
    held: str,
    object_bytes: str,
    item: StorageClass,
    reread_days: str,
    payer: str = "main",
) -> Rows:
    """What bytes in one storage class are billed for.

    Parameters
    ----------
    line, label : str
        Start of the ids and labels.
    stage : str
    held, object_bytes : str
        Ids of the byte-months held and of the size of an object.
    item : StorageClass
    reread_days : str
        Input for classes that bill by last access.
    payer : str

    Returns
    -------
    Rows
    """
    volumes: list[Volume] = []
    charges: list[ChargeLine] = []
    objects = f"{line}.objects"
    volumes.append(
        Volume(
            objects,
            f"{label}: objects",
            "object-months",
            (held, object_bytes),
            lambda state: ratio(state[held], state[object_bytes]),
        )
    )
    billed = held
    if item.minimum_object_bytes:
        billed = f"{line}.billed"
        volumes.append(
            Volume(
                billed,
                f"{label}: bytes billed, at least {item.minimum_object_bytes:,.0f} an object",
                "byte-months",
                (held, objects),
                lambda state: np.maximum(state[held], state[objects] * item.minimum_object_bytes),
            )
        )
    if item.by_last_access:
        aged = _age_tiers(line, label, billed, item, reread_days)
        volumes += aged
        charges += [
            ChargeLine(volume.id, volume.label, stage, volume.id, age.meter, payer=payer)
            for volume, age in zip(aged, item.by_last_access, strict=True)
        ]
    else:
        charges.append(ChargeLine(line, f"{label} in {item.label}", stage, billed, item.storage, payer=payer))
    for position, extra in enumerate(item.per_object, start=1):
        name, meter = f"{line}.overhead{position}", price_book().meter(extra.meter).label
        charges.append(
            ChargeLine(name, f"{label}: overhead in {meter}", stage, objects, extra.meter, extra.bytes, payer)
        )
    if item.monitoring:
        watched = f"{line}.watched"
        volumes.append(
            Volume(
                watched,
                f"{label}: monitored objects",
                "object-months",
                (objects, object_bytes),
                lambda state: np.where(
                    settled(state[object_bytes]) >= item.monitoring_minimum_object_bytes, state[objects], 0.0
                ),
            )
        )
        charges.append(
            ChargeLine(f"{line}.monitoring", f"{label}: monitoring", stage, watched, item.monitoring, payer=payer)
        )
    return Rows(tuple(volumes), tuple(charges))


def _age_tiers(line: str, label: str, billed: str, item: StorageClass, reread_days: str) -> list[Volume]:
    # Between two reads T days apart an object spends each tier's days in that tier.
    starts = [age.from_days for age in item.by_last_access]
    volumes = []
    for start, end in pairwise([*starts, math.inf]):

        def inside(state: State, start: float = start, end: float = end) -> Array:
            interval = state[reread_days]
            return state[billed] * np.clip(interval - start, 0.0, end - start) / interval

        until = f"{end:g} days" if end < math.inf else "and more"
        text = (
            f"{label}: bytes last read {start:g} to {until} ago"
            if end < math.inf
            else f"{label}: last read {start:g} days ago {until}"
        )
        volumes.append(Volume(f"{line}.age{start:g}", text, "byte-months", (billed, reread_days), inside))
    return volumes


def _request_extras(plan: Plan, uploads: bool) -> Rows:
    """Requests to KMS, and the event log, for all reads and writes of objects."""
    counted, encrypted = [], []
    for n in numbers(plan):
        mine = [prefix(n) + "gets"] + ([prefix(n) + "upload.puts"] if uploads else [])
        mine += [prefix(n) + "fill_gets"] if plan.is_on("staging.on") and is_read(plan, n) else []
        counted += mine
        encrypted += mine if provider_of(plan.text(prefix(n) + "class")) == KMS_PROVIDER else []

    def kms(state: State) -> Array:
        return sum((state[key] for key in encrypted), np.zeros((1, 1))) * state["requests.kms_share"]

    volumes, charges = [], []
    if plan.is_used("requests.kms_share") and encrypted:
        volumes.append(Volume("requests.kms", "Requests to KMS", "requests", (*encrypted, "requests.kms_share"), kms))
        charges.append(ChargeLine("train.kms", "Requests to KMS", "train", "requests.kms", KMS_METER))
    if plan.is_used("requests.logging_usd_per_million"):
        volumes.append(
            Volume(
                "requests.logged",
                "Object requests in the event log",
                "requests",
                tuple(counted),
                lambda state: sum((state[key] for key in counted), np.zeros((1, 1))),
            )
        )
        price = "requests.logging_usd_per_million"
        charges.append(
            ChargeLine(
                "train.log",
                "Event log of object requests",
                "train",
                "requests.logged",
                price,
                unit="million requests",
                unit_size=1e6,
            )
        )
    return Rows(tuple(volumes), tuple(charges))
