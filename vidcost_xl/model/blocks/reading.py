"""Reading stored bytes back: GET requests and retrieval, each at the class that holds the bytes."""

from __future__ import annotations

from typing import Final

import numpy as np

from vidcost_xl.errors import BadArgumentError, NotInBookError
from vidcost_xl.model.blocks.common import prefix, provider_of, request_meter
from vidcost_xl.model.lines import Array, ChargeLine, Rows, Stage, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.schema import StorageClass

#: Where the bytes of a representation are held.
SLOTS: Final = ("first", "second")


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


def reading_rows(plan: Plan, n: int, line: str, label: str, stage: Stage, read: str, gets: str) -> Rows:
    """Requests and retrieval of bytes read from the n-th representation.

    Parameters
    ----------
    line, label : str
        Start of the ids and labels.
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
    divided = {volume.id: volume for volume in reading_volumes(n, label, read, gets)}
    volumes: list[Volume] = []
    charges: list[ChargeLine] = []
    for slot, item in slots.items():
        counted, suffix, of = gets, "", label if slot == "first" else f"{label}, second class"
        if len(slots) > 1:
            counted, suffix = f"{gets}.{slot}", f".{slot}"
            volumes.append(divided[counted])
        meter = request_meter(item, "get")
        if meter:
            text = f"{of}: {book.meter(meter).label}"
            charges.append(ChargeLine(f"{line}.gets{suffix}.{meter}", text, stage, counted, meter))
        if item.retrieval_free:
            continue
        if "standard" not in item.retrieval:
            raise NotInBookError(f"{item.id}: the book has no retrieval price, and {label} reads it.")
        back = f"{read}.{slot}"
        volumes.append(divided[back])
        text = f"{of}: retrieval from {item.label}"
        charges.append(ChargeLine(f"{line}.retrieved.{slot}", text, stage, back, item.retrieval["standard"]))
    return Rows(tuple(volumes), tuple(charges))


def reading_volumes(n: int, label: str, read: str, gets: str) -> list[Volume]:
    """Bytes read and GET requests, divided between the two classes of the n-th representation."""
    volumes = []
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
