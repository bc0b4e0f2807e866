"""One possible line of the bill: when it exists, what it counts, at which meter."""

from __future__ import annotations

from dataclasses import dataclass

from vidcost_xl.sheets.plan.lists import LEGS
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
