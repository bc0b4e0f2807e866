"""Writing objects: requests, and bytes where a class bills them, each at the class that is written to."""

from __future__ import annotations

from collections.abc import Mapping

from vidcost_xl.model.blocks.common import UPLOADS
from vidcost_xl.model.blocks.reading import SLOT_LABELS, SLOTS
from vidcost_xl.model.blocks.store import upload_line
from vidcost_xl.model.blocks.writing import BYTES, REQUESTS
from vidcost_xl.model.lines import LineName
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine, class_meter, name_of, possible_line
from vidcost_xl.sheets.plan.bill.reading import in_objects
from vidcost_xl.sheets.plan.bill.routes import flag
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, rep, value_of


def upload_lines(model: ModelRows, key: str, name: str, written: str, object_bytes: str) -> Block:
    """Requests of an upload: whole objects, or parts with two requests around them.

    Parameters
    ----------
    key : str
        Start of the ids.
    written, object_bytes : str
        Row ids.
    """
    part = f"{value_of('requests.part_mib')}*bytes_per_mib"
    return [
        Step(f"{key}_objects", f"{name}: objects written", "objects", in_objects(written, object_bytes), total="sum"),
        model.row(f"{key}_puts", f"={{{key}_objects}}*ROUNDUP(MAX(1,{{{object_bytes}}}/({part})),0)", total="sum"),
        model.row(
            f"{key}_multipart", f"={{{key}_objects}}*({{{object_bytes}}}>{part})*multipart_requests", total="sum"
        ),
    ]


def divided_lines(model: ModelRows, n: int, name: str) -> Block:
    """Bytes written and requests of uploads, divided between the two classes of the n-th representation."""
    r = f"representation_{n}"
    lines: Block = [
        flag(
            f"{r}_divided",
            f"{name}: whether both classes are written to",
            f"{{{r}_mixed!}}*({value_of(rep(n, 'lifecycle_months'))}=0)",
        )
    ]
    for row, form in ((f"{r}_written", "tb"), *((f"{r}_upload_{key}", "compact") for key in UPLOADS)):
        lines += [
            model.row(f"{row}_first", f"={{{row}}}*(1-{{{r}_new_share}})", format=form),
            model.row(f"{row}_second", f"={{{row}}}*{{{r}_new_share}}", format=form),
        ]
    return lines


def class_writes(
    of: LineName, key: str, row: str, on: str, written: str, requests: Mapping[str, str], **said: str
) -> list[PossibleLine]:
    """The possible lines of writing objects to one class.

    Parameters
    ----------
    row : str
        Id of the row of the class in Lists.
    written : str
        Id of the row of the bytes.
    requests : dict of str to str
        Ids of the rows of the requests, by kind.
    **said
        Formulas of what fills the places of the name: slot, part; and stage.
    """
    found = [
        possible_line(of.then(*REQUESTS[kind]), f"{key}_{kind}", volume, on, class_meter("put", row), **said)
        for kind, volume in requests.items()
    ]
    meter, what = class_meter("upload", row), '"its class"'
    return [*found, possible_line(of.then(*BYTES), f"{key}_bytes", written, on, meter, what=what, **said)]


def possible_uploads(n: int) -> list[PossibleLine]:
    """The possible lines of writing the n-th representation."""
    r, divided = f"representation_{n}", f"{{representation_{n}_divided!}}"
    stage = f'IF({{{r}_israw!}}>0,"acquire","encode")'
    found = []
    for slot in SLOTS:
        on = "{uploads!}" if slot == SLOTS[0] else f"{{uploads!}}*{divided}"
        found += class_writes(
            upload_line("encode"),
            f"{r}_upload_{slot}",
            f"{r}_{slot}_row",
            on,
            f"{r}_written_{slot}",
            {kind: f"{r}_upload_{kind}_{slot}" for kind in UPLOADS},
            stage=stage,
            name=name_of(n),
            slot=f'"{SLOT_LABELS[slot]}"',
            part=f'IF({divided}>0,".{slot}","")',
        )
    return found
