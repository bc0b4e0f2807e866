"""Reading stored bytes back: GET requests and retrieval, each at the class that holds the bytes."""

from __future__ import annotations

from dataclasses import dataclass
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

#: End of the id of the share of bytes that is read from the second class.
SECOND_SHARE: Final = "second_share"

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


@dataclass(frozen=True)
class Reads:
    """Bytes read out of stored objects.

    Parameters
    ----------
    of : LineName
        How the lines begin.
    read, gets : str
        Ids of the bytes read and of the GET requests.
    new, old : str
        Ids of what is read of videos that arrive in the month and of those in place before it, in any unit;
        empty where the whole stock is read alike.
    """

    of: LineName
    read: str
    gets: str
    new: str = ""
    old: str = ""


def reading_rows(plan: Plan, n: int, reads: Reads) -> Rows:
    """Requests and retrieval of bytes read from the n-th representation.

    Returns
    -------
    Rows
        With two classes, each is charged its share of the bytes read.

    Raises
    ------
    NotInBookError
        When the book does not know what reading a class costs.
    """
    book, slots, of = price_book(), classes_of(plan, n), reads.of
    divided = {volume.id: volume for volume in reading_volumes(n, reads)}
    volumes: list[Volume] = []
    charges: list[ChargeLine] = []
    for slot, item in slots.items():
        counted, part = reads.gets, ""
        if len(slots) > 1:
            counted, part = f"{reads.gets}.{slot}", f".{slot}"
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
        back = divided[f"{reads.read}.{slot}"]
        volumes.append(back)
        line = of.then(*RETRIEVAL).of(part=f".{slot}", slot=SLOT_LABELS[slot], what=item.label)
        charges.append(line.charge(back.id, item.retrieval["standard"]))
    if volumes:
        volumes.insert(0, divided[f"{reads.read}.{SECOND_SHARE}"])
    return Rows(tuple(volumes), tuple(charges))


def reading_volumes(n: int, reads: Reads) -> list[Volume]:
    """Bytes read and GET requests, divided between the two classes of the n-th representation."""
    p, label, share = prefix(n), reads.of.called, f"{reads.read}.{SECOND_SHARE}"
    new, old = reads.new, reads.old

    def alike(state: State) -> Array:
        return ratio(state[p + "second"], np.asarray(state[p + "stored"]))

    def by_age(state: State) -> Array:
        second = state[new] * state[p + "new_share"] + state[old] * state[p + "old_share"]
        return ratio(second, state[new] + state[old])

    needs = (new, old, p + "new_share", p + "old_share") if new else (p + "second", p + "stored")
    name = f"{label}: share read from the second class"
    volumes = [Volume(share, name, "share", needs, by_age if new else alike)]
    for slot in SLOTS:
        volumes += [
            _part(share, slot, reads.read, f"{label}: bytes read from the {slot} class", "bytes"),
            _part(share, slot, reads.gets, f"{label}: GET requests at the {slot} class", "requests"),
        ]
    return volumes


def _part(share: str, slot: str, whole: str, label: str, unit: str) -> Volume:
    def part(state: State) -> Array:
        return state[whole] * (state[share] if slot == "second" else 1.0 - state[share])

    return Volume(f"{whole}.{slot}", label, unit, (whole, share), part)
