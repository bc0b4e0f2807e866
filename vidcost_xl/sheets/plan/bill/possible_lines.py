"""One possible line of the bill: when it exists, what it counts, at which meter."""

from __future__ import annotations

from dataclasses import dataclass

from vidcost_xl.sheets.plan.lists import AGES, LEGS, OVERHEADS
from vidcost_xl.sheets.plan.row_names import rep, value_of


@dataclass(frozen=True)
class Slot:
    """One possible line of the bill.

    Parameters
    ----------
    key : str
        Part of row ids.
    line : str
        Formula of the ledger's line id, without its equals sign; `{.meter}` is the slot's meter.
    label : str
        A text formula, without its equals sign.
    stage : str
        A stage in quotes, or a formula.
    volume : str
        Id of the row that counts it.
    on : str
        Formula of whether the plan has it, apart from the meter.
    meter : str
        Formula of its meter; for a price of the plan, the input's key in quotes.
    times : str
        How often each unit of the volume is counted.
    payer : str
        Name of a constant.
    price : str
        Reference to the price of the month, for a price of the plan.
    unit : str
        Its billing unit.
    size : str
        Base units in it.
    """

    key: str
    line: str
    label: str
    stage: str
    volume: str
    on: str
    meter: str
    times: str = "1"
    payer: str = "payer_main"
    price: str = ""
    unit: str = ""
    size: str = "1"


def name_of(n: int) -> str:
    """Reference to the name of the n-th representation."""
    return value_of(rep(n, "name"))


def class_meter(column: str, row: str) -> str:
    """Formula of a rule of the class in a row of Lists."""
    return f"INDEX(class_{column},{{{row}!}})"


def leg_slots(
    key: str, line: str, label: str, stage: str, volume: str, on: str, direction: str, route: str
) -> list[Slot]:
    """The slots of the meters on a route."""
    return [
        Slot(
            f"{key}_leg{k}",
            f"{line}&{{.meter}}",
            f'{label}&", meter {k} of the route"',
            f'"{stage}"',
            volume,
            on,
            f"INDEX({direction}_leg{k}_meter,{route})",
            f"INDEX({direction}_leg{k}_times,{route})",
        )
        for k in range(1, LEGS + 1)
    ]


def holding_slots(c: str, line: str, label: str, stage: str, on: str, payer: str = "payer_main") -> list[Slot]:
    """The slots of bytes in one storage class.

    Parameters
    ----------
    c : str
        Start of the ids of its rows in Volumes.
    line, label : str
        Formulas.
    stage, on, payer : str

    Returns
    -------
    list of Slot
    """
    row, where = f"{c}_row", f'"{stage}"'
    aged = f'IF({{{c}_by_access!}}>0,".age"&{{{c}_age%d_from!}},"")'
    found = [
        Slot(
            f"{c}_age{k}",
            f"{line}&{aged % k}",
            f'{label}&": storage, age tier {k}"',
            where,
            f"{c}_age{k}",
            on,
            class_meter(f"age{k}_meter", row),
            payer=payer,
        )
        for k in range(1, AGES + 1)
    ]
    found += [
        Slot(
            f"{c}_over{k}",
            f'{line}&".overhead{k}"',
            f'{label}&": overhead {k} of each object"',
            where,
            f"{c}_objects",
            on,
            class_meter(f"over{k}_meter", row),
            class_meter(f"over{k}_bytes", row),
            payer,
        )
        for k in range(1, OVERHEADS + 1)
    ]
    found.append(
        Slot(
            f"{c}_watch",
            f'{line}&".monitoring"',
            f'{label}&": monitoring"',
            where,
            f"{c}_watched",
            on,
            class_meter("watch", row),
            payer=payer,
        )
    )
    return found


def reading_slots(
    n: int, key: str, line: str, label: str, stage: str, read: str, gets: str, on: str, source: str = ""
) -> list[Slot]:
    """The slots of requests and retrieval of bytes read, each at the class that holds them."""
    # Requests and retrieval of bytes read, each at the class that holds them.
    r = f"representation_{n}"
    row1, row2 = (f"{source}_row1", f"{source}_row2") if source else (f"{r}_first_row", f"{r}_second_row")
    mixed = f"{{{source or r}_mixed!}}"
    found = []
    for slot, row, share, own in (("first", row1, 1, "1"), ("second", row2, 2, mixed)):
        text = f'{label}&", {slot} class"' if slot == "second" else label
        where = f"({on})*{own}" if own != "1" else on
        found += [
            Slot(
                f"{r}_{key}_gets{share}",
                f'{line}&".gets"&IF({mixed}>0,".{slot}","")&"."&{{.meter}}',
                f'{text}&": GET requests"',
                f'"{stage}"',
                f"{gets}_{slot}",
                where,
                class_meter("get", row),
            ),
            Slot(
                f"{r}_{key}_back{share}",
                f'{line}&".retrieved.{slot}"',
                f'{text}&": retrieval"',
                f'"{stage}"',
                f"{read}_{slot}",
                where,
                class_meter("retrieval", row),
            ),
        ]
    return found


def extra_slot(key: str, line: str, label: str, gets: str, on: str, route: str) -> Slot:
    """The slot of a route's own requests."""
    return Slot(
        f"{key}_extra",
        f'{line}&".gets."&{{.meter}}',
        f'{label}&": requests of the route"',
        '"train"',
        gets,
        on,
        f"INDEX(egress_request,{route})",
    )
