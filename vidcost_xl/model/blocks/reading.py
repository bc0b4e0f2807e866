"""Reading stored bytes back: GET requests, restores and retrieval, each at the class that holds the bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from vidcost_xl.errors import BadArgumentError, NotInBookError, unknown_name
from vidcost_xl.model.blocks.common import DAYS_PER_MONTH, prefix, request_meter
from vidcost_xl.model.lines import Array, LineName, ObjectRequests, Restored, Rows, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import split_place
from vidcost_xl.prices.schema import StorageClass

#: Where the bytes of a representation are held.
SLOTS: Final = ("first", "second")
SLOT_LABELS: Final = {"first": "", "second": ", second class"}

#: Ends of the ids of the share of bytes that is read from the second class, of the bytes retrieved where reads share a
#: restore, and of the objects restored.
SECOND_SHARE: Final = "second_share"
RETRIEVED: Final = "retrieved"
OBJECTS: Final = "objects"

#: How id and label of reads go on: requests, restores of archived objects, and retrieval, at the class that holds them.
GETS: Final = (".gets{part}.{meter}", "{slot}: {what}")
RESTORES: Final = (".restores{part}.{meter}", "{slot}: {what}")
RETRIEVAL: Final = (".retrieved{back}", "{slot}: retrieval from {what}")

#: The speed of a retrieval that needs no restore.
STANDARD: Final = "standard"


@dataclass(frozen=True)
class Reads:
    """Bytes read out of stored objects.

    Parameters
    ----------
    of : LineName
        How the lines begin.
    read, gets : str
        Ids of the bytes read and of the GET requests.
    object_bytes : str
        Id of the size of an object.
    new, old : str
        Ids of what is read of videos that arrive in the month and of those in place before it, in any unit;
        empty where the whole stock is read alike.
    again : bool
        Whether the same bytes may be read several times a month, so that one restore serves several reads.
    """

    of: LineName
    read: str
    gets: str
    object_bytes: str
    new: str = ""
    old: str = ""
    again: bool = False


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
    for where, item in keys_of(plan, n).items():
        if price_book().place_of(plan.text(key)) != price_book().place_of(item.id):
            raise BadArgumentError(
                f"{key} {plan.text(key)!r} does not start where {plan.text(prefix(n) + 'name')} is stored "
                f"({where} is {item.id}). Change both together."
            )


#: The inputs that name the plan's routes from storage to the GPUs, to the copy beside them, to encoders and out, and
#: the way in.
TRAIN_WAY: Final = "train.route"
FILL_WAY: Final = "staging.fill_route"
ENCODE_WAY: Final = "encode.route"
EXIT_WAY: Final = "exit.route"
FETCH_WAY: Final = "acquire.route"


def own_way(plan: Plan, n: int) -> str:
    """The route of its own of the n-th representation to the GPUs and the copy beside them; empty for the plan's."""
    return plan.text(prefix(n) + "route")


def way_of(plan: Plan, n: int, key: str) -> tuple[str, str]:
    """The input that names the route that the n-th representation takes in place of the plan's `key`, and the route."""
    own = own_way(plan, n)
    return (prefix(n) + "route", own) if own else (key, plan.text(key))


def keys_of(plan: Plan, n: int) -> dict[str, StorageClass]:
    """The storage classes that hold a representation, by the input that names each."""
    inputs = {"first": "class", "second": "second_class"}
    return {prefix(n) + inputs[slot]: item for slot, item in classes_of(plan, n).items()}


def elsewhere(plan: Plan, n: int, place: str) -> tuple[str, StorageClass] | None:
    """The first class of a representation, and its input, in another region of the provider of a place."""
    there = ((key, item, price_book().place_of(item.id)) for key, item in keys_of(plan, n).items())
    mine = split_place(place)[0]
    return next(((key, item) for key, item, at in there if at != place and split_place(at)[0] == mine), None)


def reading_rows(plan: Plan, n: int, reads: Reads) -> Rows:
    """What reading bytes of the n-th representation is billed for; with two classes, each its share.

    Raises
    ------
    NotInBookError
        When the book does not know what reading a class costs.
    """
    slots = classes_of(plan, n)
    rows = Rows()
    for slot, item in slots.items():
        gets, part = (f"{reads.gets}.{slot}", f".{slot}") if len(slots) > 1 else (reads.gets, "")
        of = reads.of.of(slot=SLOT_LABELS[slot], part=part, back=f".{slot}")
        read = f"{reads.read}.{slot}"
        retrieved = f"{read}.{RETRIEVED}" if reads.again else read
        rows += class_reads(plan, of, item, prefix(n) + slot, read, gets, retrieved)
    counted = [charge.volume for charge in rows.charges] + [taken.volume for taken in rows.requests]
    return Rows(_needed(reading_volumes(plan, n, reads), counted)) + rows


def class_reads(
    plan: Plan, of: LineName, item: StorageClass, held: str, read: str, gets: str, retrieved: str = ""
) -> Rows:
    """What reading bytes out of one class is billed for: requests, retrieval, and restores where it is an archive.

    Parameters
    ----------
    of : LineName
        How the lines begin; it says slot, part and back.
    held, read, gets : str
        Ids of the bytes held, of those read and of the GET requests; `<read>.objects` counts what is restored.
    retrieved : str
        Id of the bytes retrieved, where they are fewer than those read.

    Returns
    -------
    Rows
        Without volumes.

    Raises
    ------
    NotInBookError
        When the book does not know what reading the class costs, or not at the speed that the plan wants.
    """
    book, speed = price_book(), STANDARD
    meters = {GETS: (gets, request_meter(item, "get"))}
    restored: tuple[Restored, ...] = ()
    retrieved = retrieved or read
    if item.restore_requests:
        speed = plan.text("requests.restore_speed")
        meters[RESTORES] = (f"{read}.{OBJECTS}", _at(speed, item, of, item.restore_requests))
        restored = (Restored(held, retrieved, item.restored),) if item.restored else ()
    charges = [
        of.then(*name).of(what=book.meter(meter).label).charge(volume, meter)
        for name, (volume, meter) in meters.items()
        if meter
    ]
    if not item.retrieval_free:
        meter = _at(speed, item, of, item.retrieval)
        charges.append(of.then(*RETRIEVAL).of(what=item.label).charge(retrieved, meter))
    return Rows((), tuple(charges), (ObjectRequests(gets, price_book().place_of(item.id)),), restored)


def _at(speed: str, item: StorageClass, of: LineName, meters: Mapping[str, str]) -> str:
    if not meters:
        raise NotInBookError(f"{item.id}: the book has no retrieval price, and {of.called} reads it.")
    if speed not in meters:
        allowed = [name for name in item.retrieval if name in (item.restore_requests or item.retrieval)]
        raise NotInBookError(f"requests.restore_speed: {unknown_name(f'speed of {item.id}', speed, allowed)}")
    return meters[speed]


def _needed(volumes: list[Volume], counted: Iterable[str]) -> tuple[Volume, ...]:
    wanted, kept = set(counted), []
    for volume in reversed(volumes):
        if volume.id in wanted:
            wanted |= set(volume.precedents)
            kept.append(volume)
    return tuple(reversed(kept))


def reading_volumes(plan: Plan, n: int, reads: Reads) -> list[Volume]:
    """Bytes read, GET requests and objects restored, divided between the two classes of the n-th representation."""
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
    slots = classes_of(plan, n)
    for slot in SLOTS:
        read = retrieved = f"{reads.read}.{slot}"
        volumes += [
            _part(share, slot, reads.read, f"{label}: bytes read from the {slot} class", "bytes"),
            _part(share, slot, reads.gets, f"{label}: GET requests at the {slot} class", "requests"),
        ]
        if reads.again:
            what = f"{label}: bytes retrieved from the {slot} class"
            volumes.append(_retrieved(p, reads.read, slot, slots.get(slot), what))
            retrieved = volumes[-1].id
        what = f"{label}: objects restored from the {slot} class"
        volumes.append(restored_objects(read, what, reads.object_bytes, retrieved))
    return volumes


def _retrieved(p: str, whole: str, slot: str, item: StorageClass | None, label: str) -> Volume:
    restores = item is not None and bool(item.restore_requests)
    read, share = f"{whole}.{slot}", f"{whole}.{SECOND_SHARE}"

    def retrieved(state: State) -> Array:
        # While its copy is kept, a byte is not restored again; how long copies of the month before last is left out.
        most = np.maximum(DAYS_PER_MONTH / state["requests.restore_days"], 1.0)
        part = state[share] if slot == "second" else 1.0 - state[share]
        return np.minimum(state[read], state[p + "one_copy"] * state[p + "read_share"] * part * most)

    needs = (read, share, p + "one_copy", p + "read_share", "requests.restore_days") if restores else (read,)
    return Volume(f"{read}.{RETRIEVED}", label, "bytes", needs, retrieved if restores else lambda state: state[read])


def restored_objects(read: str, label: str, object_bytes: str, retrieved: str = "") -> Volume:
    """Objects that hold the bytes read, or of them those retrieved: each is restored by a request."""
    taken = retrieved or read
    return Volume(
        f"{read}.{OBJECTS}",
        label,
        "requests",
        (taken, object_bytes),
        lambda state: ratio(state[taken], state[object_bytes]),
    )


def _part(share: str, slot: str, whole: str, label: str, unit: str) -> Volume:
    def part(state: State) -> Array:
        return state[whole] * (state[share] if slot == "second" else 1.0 - state[share])

    return Volume(f"{whole}.{slot}", label, unit, (whole, share), part)
