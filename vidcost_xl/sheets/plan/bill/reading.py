"""Reads of each movement, divided between the classes that hold the bytes."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.blocks.reading import (
    GETS,
    OBJECTS,
    RESTORES,
    RETRIEVAL,
    RETRIEVED,
    SECOND_SHARE,
    SLOT_LABELS,
    SLOTS,
)
from vidcost_xl.model.lines import LineName
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine, class_meter, name_of, possible_line, speed_meter
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.guard_rows import choices_name
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, driver, rep, value_of

_SPEED: Final = "requests.restore_speed"


def division_lines(model: ModelRows) -> Block:
    """Reads and requests of each movement, divided between the classes that hold the bytes."""
    lines: Block = [
        Heading("division_heading", "Reads by the class that holds the bytes"),
        Step(
            "restore_speed",
            "Speed of restores",
            "row of Lists",
            constant=f"=MATCH({value_of(_SPEED)},{choices_name(_SPEED)},0)",
            format="count",
        ),
        Step(
            "restores_most",
            "Restores of a byte in a month, at most",
            "restores",
            constant=f"=MAX(1,days_per_month/{value_of('requests.restore_days')})",
        ),
    ]
    for n in numbers(model.plan):
        r = f"representation_{n}"
        lines += [_archive(model, n, slot) for slot in SLOTS]
        # Whole, start of the ids of the shares in place, and of what is read of new and old videos.
        for read, gets, source, aged in (
            (f"{r}_read", f"{r}_gets", r, ""),
            (f"{r}_fill", f"{r}_fill_gets", r, f"{r}_fill"),
            (f"encode_{n}_bytes", f"encode_{n}_gets", "raw", f"encode_{n}"),
            (f"{r}_leaving", f"{r}_leaving_gets", r, ""),
        ):
            share = f"{read}_{SECOND_SHARE}"
            lines.append(model.row(share, _by_age(source, aged) if aged else _alike(source)))
            for held in SLOTS:
                part = f"{{{share}}}" if held == SLOTS[1] else f"(1-{{{share}}})"
                taken = f"{read}_{held}"
                lines += [
                    model.row(f"{read}_{held}", f"={{{read}}}*{part}", format="tb", total="sum"),
                    model.row(f"{gets}_{held}", f"={{{gets}}}*{part}", total="sum"),
                ]
                if read == f"{r}_read":
                    taken = f"{taken}_{RETRIEVED}"
                    lines.append(model.row(taken, _retrieved(n, held, part), format="tb", total="sum"))
                lines.append(model.row(f"{read}_{held}_{OBJECTS}", in_objects(taken, f"{source}_object_bytes")))
    return lines


def _archive(model: ModelRows, n: int, slot: str) -> Step:
    c, name = f"representation_{n}_{slot}", model.plan.text(rep(n, "name"))
    return Step(
        f"{c}_restores",
        f"{name}, {slot} class: whether objects are restored before they are read",
        "flag",
        constant=f"=IF({{{c}_row!}}=0,0,--(INDEX(class_restore,{{{c}_row!}},1)<>no_meter))",
        format="count",
    )


def _retrieved(n: int, slot: str, part: str) -> str:
    # While its copy is kept, a byte is not restored again; every pass reads the same bytes.
    r, share = f"representation_{n}", driver(rep(n, "read_share"))
    read, once = f"{{{r}_read_{slot}}}", f"{{{r}_one_copy}}*{share}*{part}"
    return f"=IF({{{r}_{slot}_restores!}}=0,{read},MIN({read},{once}*{{restores_most!}}))"


def in_objects(read: str, object_bytes: str) -> str:
    """Formula of the objects that hold some bytes."""
    return f"=IF({{{object_bytes}}}=0,0,{{{read}}}/{{{object_bytes}}})"


def _alike(r: str) -> str:
    return f"=IF({{{r}_stored}}=0,0,{{{r}_second}}/{{{r}_stored}})"


def _by_age(source: str, read: str) -> str:
    new, old = f"{{{read}_new}}", f"{{{read}_old}}"
    return f"=IF({new}+{old}=0,0,({new}*{{{source}_new_share}}+{old}*{{{source}_old_share}})/({new}+{old}))"


def possible_reading(
    of: LineName, n: int, key: str, read: str, gets: str, on: str, source: str = ""
) -> list[PossibleLine]:
    """The possible lines of bytes read, each at the class that holds them."""
    r, name = f"representation_{n}", name_of(n)
    rows = (f"{source}_row1", f"{source}_row2") if source else (f"{r}_first_row", f"{r}_second_row")
    mixed = f"{{{source or r}_mixed!}}"
    found = []
    for at, (part, row) in enumerate(zip(SLOTS, rows, strict=True), start=1):
        where = on if part == SLOTS[0] else f"({on})*{mixed}"
        one, slot = f'IF({mixed}>0,".{part}","")', f'"{SLOT_LABELS[part]}"'
        said = {"name": name, "slot": slot, "part": one, "back": f'".{part}"'}
        retrieved = f"{read}_{part}_{RETRIEVED}" if read == f"{r}_read" else ""
        found += class_reads(of, f"{key}", str(at), f"{read}_{part}", f"{gets}_{part}", where, row, retrieved, **said)
    return found


def class_reads(
    of: LineName, key: str, at: str, read: str, gets: str, on: str, row: str, retrieved: str = "", **said: str
) -> list[PossibleLine]:
    """The possible lines of bytes read out of one class: requests, restores, retrieval.

    Parameters
    ----------
    row : str
        Id of the row of the class in Lists.
    retrieved : str
        Id of the bytes retrieved, where they are fewer than those read.
    **said
        Formulas of what fills the places of the name: slot, part, back.
    """
    restores, retrieval = speed_meter("restore", row), speed_meter("retrieval", row)
    lines = (
        (GETS, "gets", gets, class_meter("get", row), "GET requests"),
        (RESTORES, "restores", f"{read}_{OBJECTS}", restores, "restore requests"),
        (RETRIEVAL, "back", retrieved or read, retrieval, "its class"),
    )
    return [
        possible_line(of.then(*name), f"{key}_{short}{at}", volume, on, meter, what=f'"{what}"', **said)
        for name, short, volume, meter, what in lines
    ]
