"""Reading stored bytes back: GET requests and retrieval, each at the class that holds the bytes."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidcost_xl.errors import BadArgumentError, NotInBookError
from vidcost_xl.model.blocks.common import prefix, provider_of, request_meter
from vidcost_xl.model.lines import Array, ChargeLine, LineName, Rows, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.schema import StorageClass

#: Where the bytes of a representation are held.
SLOTS: Final = ("first", "second")
SLOT_LABELS: Final = {"first": "", "second": ", second class"}

#: How id and label of reads go on: requests, and retrieval, at the class that holds them.
GETS: Final = (".gets{part}.{meter}", "{slot}: {what}")
RETRIEVAL: Final = (".retrieved{part}", "{slot}: retrieval from {what}")


def classes_of(plan: Plan, n: int) -> dict[str, StorageClass]:
    """The storage classes that hold a representation, by slot: "first", and "second" where bytes go there."""
    p, book = prefix(n), price_book()
    slots = {"first": book.storage_class(plan.text(p + "class"))}
    if plan.text(p + "second_class") and plan.is_used(p + "second_share"):
        slots["second"] = book.storage_class(plan.text(p + "second_class"))
    return slots


def check_origin(plan: Plan, key: str, n: int) -> None:
    """Check that a route starts where a representation is stored.

    Parameters
    ----------
    key : str
        The input that names the route.

    Raises
    ------
    BadArgumentError
        Names both inputs.
    """
    for slot, item in classes_of(plan, n).items():
        if provider_of(plan.text(key)) != provider_of(item.id):
            where = prefix(n) + ("class" if slot == "first" else "second_class")
            raise BadArgumentError(
                f"{key} {plan.text(key)!r} does not start where {plan.text(prefix(n) + 'name')} is stored "
                f"({where} is {item.id}). Change both together."
            )


def reading_rows(plan: Plan, n: int, of: LineName, read: str, gets: str) -> Rows:
    """Requests and retrieval of bytes read from the n-th representation.

    Parameters
    ----------
    of : LineName
        How the lines begin.
    read, gets : str
        Ids of the bytes read and of the GET requests.

    Returns
    -------
    Rows
        With two classes, each is charged its share of the bytes stored.

    Raises
    ------
    NotInBookError
        When the book does not know what reading a class costs.
    """
    book, slots = price_book(), classes_of(plan, n)
    divided = {volume.id: volume for volume in reading_volumes(n, of, read, gets)}
    volumes: list[Volume] = []
    charges: list[ChargeLine] = []
    for slot, item in slots.items():
        counted, part = gets, ""
        if len(slots) > 1:
            counted, part = f"{gets}.{slot}", f".{slot}"
            volumes.append(divided[counted])
        meter = request_meter(item, "get")
        if meter:
            charges.append(
                of.then(*GETS)
                .of(part=part, slot=SLOT_LABELS[slot], what=book.meter(meter).label)
                .charge(counted, meter)
            )
        if item.retrieval_free:
            continue
        if "standard" not in item.retrieval:
            raise NotInBookError(f"{item.id}: the book has no retrieval price, and {of.called} reads it.")
        back = divided[f"{read}.{slot}"]
        volumes.append(back)
        line = of.then(*RETRIEVAL).of(part=f".{slot}", slot=SLOT_LABELS[slot], what=item.label)
        charges.append(line.charge(back.id, item.retrieval["standard"]))
    return Rows(tuple(volumes), tuple(charges))


def reading_volumes(n: int, of: LineName, read: str, gets: str) -> list[Volume]:
    """Bytes read and GET requests, divided between the two classes of the n-th representation."""
    volumes, label = [], of.called
    for slot in SLOTS:
        volumes += [
            _part(prefix(n), slot, read, f"{label}: bytes read from the {slot} class", "bytes"),
            _part(prefix(n), slot, gets, f"{label}: GET requests at the {slot} class", "requests"),
        ]
    return volumes


def _part(p: str, slot: str, whole: str, label: str, unit: str) -> Volume:
    def share(state: State) -> Array:
        result: Array = state[whole] * ratio(state[p + slot], np.asarray(state[p + "stored"]))
        return result

    return Volume(f"{whole}.{slot}", label, unit, (whole, p + slot, p + "stored"), share)
