"""Reads of each movement, divided between the classes that hold the bytes."""

from __future__ import annotations

from vidcost_xl.model.blocks.reading import SLOTS
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.bill.possible_lines import Slot, class_meter
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.model_rows import ModelRows
from vidcost_xl.sheets.plan.row_names import Block


def division_lines(model: ModelRows) -> Block:
    """Reads and requests of each movement, divided between the classes that hold the bytes."""
    lines: Block = [Heading("division_heading", "Reads by the class that holds the bytes")]
    for n in numbers(model.plan):
        r = f"representation_{n}"
        # Whole, and the start of the ids of its shares and of the flag of two classes.
        for read, gets, source in (
            (f"{r}_read", f"{r}_gets", r),
            (f"{r}_fill", f"{r}_fill_gets", r),
            (f"encode_{n}_bytes", f"encode_{n}_gets", "raw"),
            (f"{r}_leaving", f"{r}_leaving_gets", r),
        ):
            for share, slot in enumerate(SLOTS, start=1):
                part = f"{{{source}_share{share}}}"
                requests = f"={{{gets}}}*IF({{{source}_mixed!}}>0,{part},{int(slot == SLOTS[0])})"
                lines += [
                    model.row(f"{read}_{slot}", f"={{{read}}}*{part}", format="tb", total="sum"),
                    model.row(f"{gets}_{slot}", requests, total="sum"),
                ]
    return lines


def reading_slots(
    n: int, key: str, line: str, label: str, stage: str, read: str, gets: str, on: str, source: str = ""
) -> list[Slot]:
    """The slots of requests and retrieval of bytes read, each at the class that holds them."""
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
