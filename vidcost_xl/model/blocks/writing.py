"""Writing objects: requests, and bytes where a class bills them, each at the class that is written to."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.blocks.common import UPLOADS, prefix, request_meter, upload_volumes
from vidcost_xl.model.blocks.reading import SLOT_LABELS, SLOTS, classes_of
from vidcost_xl.model.lines import MAIN_PAYER, Array, LineName, ObjectRequests, Rows, State, Volume
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.schema import StorageClass

#: How the id of a line of writes goes on, and its label: requests by kind, and bytes where the class bills them.
REQUESTS: Final = {
    key: (f".{key}{{part}}", f"{label.removeprefix('{name}')}{{slot}}") for key, label in UPLOADS.items()
}
BYTES: Final = (".uploaded{part}", ": bytes uploaded to {what}{slot}")


def class_writes(
    of: LineName, item: StorageClass, written: str, requests: dict[str, str], payer: str = MAIN_PAYER
) -> Rows:
    """What writing objects to one class is billed for.

    Parameters
    ----------
    of : LineName
        How the lines begin; it says slot and part.
    written : str
        Id of the bytes written.
    requests : dict of str to str
        Ids of the requests of the upload, by kind; "puts" are those to objects.

    Returns
    -------
    Rows
        Without volumes.
    """
    put = request_meter(item, "put")
    charges = [of.then(*REQUESTS[key]).charge(volume, put, payer=payer) for key, volume in requests.items() if put]
    if item.upload:
        charges.append(of.then(*BYTES).of(what=item.label).charge(written, item.upload, payer=payer))
    return Rows((), tuple(charges), (ObjectRequests(requests["puts"], price_book().place_of(item.id), payer),))


def writing_rows(plan: Plan, n: int, of: LineName) -> Rows:
    """What writing the n-th representation is billed for.

    Returns
    -------
    Rows
        A mix of classes without an age holds for what is written too; with one it arrives in the first class.
    """
    p, slots = prefix(n), classes_of(plan, n)
    divided = len(slots) > 1 and not plan.integer(p + "lifecycle_months")
    rows = Rows(written_volumes(plan, n) + (divided_writes(plan, n) if divided else ()))
    for slot in slots if divided else SLOTS[:1]:
        end = f".{slot}" if divided else ""
        said = of.of(part=end, slot=SLOT_LABELS[slot])
        requests = {key: f"{p}upload.{key}{end}" for key in UPLOADS}
        rows += class_writes(said, slots[slot], f"{p}written{end}", requests)
    return rows


def written_volumes(plan: Plan, n: int) -> tuple[Volume, ...]:
    """The requests of uploads of the n-th representation."""
    p = prefix(n)
    return tuple(upload_volumes(p + "upload", plan.text(p + "name"), p + "written", p + "object_bytes"))


def divided_writes(plan: Plan, n: int) -> tuple[Volume, ...]:
    """Bytes written and requests of uploads, divided between the two classes of the n-th representation."""
    p, name = prefix(n), plan.text(prefix(n) + "name")
    whole = [(p + "written", f"{name}: bytes written", "bytes")]
    whole += [(volume.id, volume.label, volume.unit) for volume in written_volumes(plan, n)]
    return tuple(_part(p, slot, *row) for row in whole for slot in SLOTS)


def _part(p: str, slot: str, whole: str, label: str, unit: str) -> Volume:
    def part(state: State) -> Array:
        return state[whole] * (state[p + "new_share"] if slot == "second" else 1.0 - state[p + "new_share"])

    return Volume(f"{whole}.{slot}", f"{label}, {slot} class", unit, (whole, p + "new_share"), part)
