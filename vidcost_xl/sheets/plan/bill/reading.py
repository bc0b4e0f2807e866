"""Reads of each movement, divided between the classes that hold the bytes."""

from __future__ import annotations

from vidcost_xl.model.blocks.reading import GETS, RETRIEVAL, SLOT_LABELS, SLOTS
from vidcost_xl.model.lines import LineName
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine, class_meter, name_of, possible_line
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
            for at, held in enumerate(SLOTS, start=1):
                share = f"{{{source}_share{at}}}"
                requests = f"={{{gets}}}*IF({{{source}_mixed!}}>0,{share},{int(held == SLOTS[0])})"
                lines += [
                    model.row(f"{read}_{held}", f"={{{read}}}*{share}", format="tb", total="sum"),
                    model.row(f"{gets}_{held}", requests, total="sum"),
                ]
    return lines


def possible_reading(
    of: LineName, n: int, key: str, read: str, gets: str, on: str, source: str = ""
) -> list[PossibleLine]:
    """The possible lines of requests and retrieval of bytes read, each at the class that holds them."""
    r, name = f"representation_{n}", name_of(n)
    rows = (f"{source}_row1", f"{source}_row2") if source else (f"{r}_first_row", f"{r}_second_row")
    mixed = f"{{{source or r}_mixed!}}"
    found = []
    for at, (part, row) in enumerate(zip(SLOTS, rows, strict=True), start=1):
        where = on if part == SLOTS[0] else f"({on})*{mixed}"
        said = {"name": name, "slot": f'"{SLOT_LABELS[part]}"'}
        counted = f'IF({mixed}>0,".{part}","")'
        found += [
            possible_line(
                of.then(*GETS),
                f"{key}_gets{at}",
                f"{gets}_{part}",
                where,
                class_meter("get", row),
                part=counted,
                what='"GET requests"',
                **said,
            ),
            possible_line(
                of.then(*RETRIEVAL),
                f"{key}_back{at}",
                f"{read}_{part}",
                where,
                class_meter("retrieval", row),
                part=f'".{part}"',
                what='"its class"',
                **said,
            ),
        ]
    return found
