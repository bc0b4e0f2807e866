"""Storage: what bytes in one class are billed for, and changes of class."""

from __future__ import annotations

from vidcost_xl.model.blocks.early import EARLY, STORED
from vidcost_xl.model.blocks.reading import SLOTS
from vidcost_xl.model.blocks.store import AGED, AGES, MONITORING, OVERHEAD, TRANSITION, Holding
from vidcost_xl.model.lines import LineName
from vidcost_xl.sheets.layout.grid import Line
from vidcost_xl.sheets.plan.bill.possible_lines import (
    PossibleLine,
    billed_as,
    class_meter,
    name_of,
    possible_line,
    text_formula,
)
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step, row_id
from vidcost_xl.sheets.plan.place_rules import OVERHEADS
from vidcost_xl.sheets.plan.row_names import Block, rep, value_of


def holding_lines(model: ModelRows, of: Holding, object_bytes: str, reread: str, storage_class: str) -> Block:
    """Rows of one holding.

    Parameters
    ----------
    object_bytes : str
        Row id.
    reread : str
        Reference to the days between two reads of an object.
    storage_class : str
        Reference to the class; an empty one holds nothing.
    """
    c, label = row_id(of.held), of.label
    lines: Block = [
        Step(
            f"{c}_row",
            f"{label}: row of the class",
            "row of Lists",
            format="count",
            constant=f'=IF({storage_class}="",0,MATCH({storage_class},class_id,0))',
        ),
        _rule(c, label, "by_access", "whether it bills by last access", "flag"),
        _rule(c, label, "min_object", "bytes billed at least for an object", "bytes"),
        model.row(
            f"{c}_objects",
            f"=IF({{{object_bytes}}}=0,0,{{{c}}}/{{{object_bytes}}})",
        ),
        model.row(
            f"{c}_billed",
            f"=MAX({{{c}}},{{{c}_objects}}*{{{c}_min_object!}})",
            format="tb",
        ),
    ]
    for k in range(1, AGES + 1):
        lines += [
            _rule(c, label, f"age{k}_from", f"age tier {k} begins", "days"),
            _rule(c, label, f"age{k}_to", f"age tier {k} ends", "days"),
            # Between two reads an object spends each tier's days in that tier.
            model.row(
                f"{c}_age{k}",
                f"={{{c}_billed}}*MAX(0,MIN({reread},{{{c}_age{k}_to!}})-{{{c}_age{k}_from!}})/{reread}",
                format="tb",
            ),
        ]
    for k in range(1, OVERHEADS + 1):
        lines.append(_rule(c, label, f"over{k}_bytes", f"overhead {k} of an object", "bytes"))
    lines += [
        _rule(c, label, "watch_min", "objects are monitored from", "bytes"),
        model.row(
            f"{c}_watched",
            f"={{{c}_objects}}*({{{object_bytes}}}>={{{c}_watch_min!}})",
        ),
    ]
    return lines


def _rule(c: str, label: str, column: str, what: str, unit: str) -> Line:
    return Step(
        f"{c}_{column}",
        f"{label}: {what}",
        unit,
        note="a rule of the class",
        constant=f"=IF({{{c}_row!}}=0,0,INDEX(class_{column},{{{c}_row!}}))",
    )


def possible_store(n: int) -> list[PossibleLine]:
    """The possible lines of the n-th representation: two classes, moves between them, early deletion."""
    r, name = f"representation_{n}", name_of(n)
    has_second = f"({{{r}_second_row!}}>0)"
    moves = f"{has_second}*({value_of(rep(n, 'lifecycle_months'))}>0)"
    held = {"first": "1", "second": f"--{has_second}"}
    found = [place for key in SLOTS for place in possible_holding(STORED[key], f"{r}_{key}", held[key], name=name)]
    meter = class_meter("transition", f"{r}_second_row")
    what = '"the second class"'
    found.append(possible_line(TRANSITION, f"{r}_transition", f"{r}_moved", moves, meter, name=name, what=what))
    for key in SLOTS:
        c = f"{r}_{key}"
        line, meter = STORED[key].then(*EARLY), class_meter("storage", f"{c}_row")
        what = '"minimum duration"'
        found.append(possible_line(line, f"{c}_early", f"{c}_early", f"{{{c}_isearly!}}", meter, name=name, what=what))
    return found


def possible_holding(of: LineName, c: str, on: str, payer: str = "payer_main", **said: str) -> list[PossibleLine]:
    """The possible lines of bytes in one storage class.

    Parameters
    ----------
    of : LineName
        How the lines begin.
    c : str
        Start of the ids of its rows in Volumes.
    **said
        Formulas of what fills the places of the name.
    """
    row = f"{c}_row"
    found = []
    for k in range(1, AGES + 1):
        # Only a class that bills by last access has its tiers in the id.
        end, what = AGED
        aged = text_formula(end, {"days": f"{{{c}_age{k}_from!}}"})
        place = possible_line(
            of.then("{aged}", what),
            f"{c}_age{k}",
            f"{c}_age{k}",
            on,
            class_meter(f"age{k}_meter", row),
            payer=payer,
            aged=f'IF({{{c}_by_access!}}>0,{aged},"")',
            what=billed_as(f"storage, age tier {k}"),
            **said,
        )
        found.append(place)
    for k in range(1, OVERHEADS + 1):
        place = possible_line(
            of.then(*OVERHEAD),
            f"{c}_over{k}",
            f"{c}_objects",
            on,
            class_meter(f"over{k}_meter", row),
            times=class_meter(f"over{k}_bytes", row),
            payer=payer,
            position=f'"{k}"',
            what=f'"{k} of each object"',
            **said,
        )
        found.append(place)
    line, meter = of.then(*MONITORING), class_meter("watch", row)
    return [*found, possible_line(line, f"{c}_watch", f"{c}_watched", on, meter, payer=payer, **said)]
