"""What bytes in one storage class are billed for: objects, minimum size, age tiers, overhead, monitoring."""

from __future__ import annotations

from vidcost_xl.sheets.layout.grid import Line
from vidcost_xl.sheets.plan.lists import AGES, OVERHEADS
from vidcost_xl.sheets.plan.row_names import Block


def holding_lines(c: str, label: str, held: str, object_bytes: str, reread: str, storage_class: str) -> Block:
    """Rows of one holding.

    Parameters
    ----------
    c : str
        Start of the row ids.
    label : str
    held, object_bytes : str
        Row ids.
    reread : str
        Reference to the days between two reads of an object.
    storage_class : str
        Reference to the class; an empty one holds nothing.

    Returns
    -------
    list of Line
    """
    lines: Block = [
        Line(
            f"{c}_row",
            f"{label}: row of the class",
            "row of Lists",
            format="count",
            constant=f'=IF({storage_class}="",0,MATCH({storage_class},class_id,0))',
        ),
        _rule(c, label, "by_access", "whether it bills by last access", "flag"),
        _rule(c, label, "min_object", "bytes billed at least for an object", "bytes"),
        Line(
            f"{c}_objects",
            f"{label}: objects",
            "object-months",
            f"=IF({{{object_bytes}}}=0,0,{{{held}}}/{{{object_bytes}}})",
        ),
        Line(
            f"{c}_billed",
            f"{label}: bytes billed",
            "byte-months",
            f"=MAX({{{held}}},{{{c}_objects}}*{{{c}_min_object!}})",
            format="tb",
        ),
    ]
    for k in range(1, AGES + 1):
        lines += [
            _rule(c, label, f"age{k}_from", f"age tier {k} begins", "days"),
            _rule(c, label, f"age{k}_to", f"age tier {k} ends", "days"),
            # Between two reads an object spends each tier's days in that tier.
            Line(
                f"{c}_age{k}",
                f"{label}: bytes billed in age tier {k}",
                "byte-months",
                f"={{{c}_billed}}*MAX(0,MIN({reread},{{{c}_age{k}_to!}})-{{{c}_age{k}_from!}})/{reread}",
                format="tb",
            ),
        ]
    for k in range(1, OVERHEADS + 1):
        lines.append(_rule(c, label, f"over{k}_bytes", f"overhead {k} of an object", "bytes"))
    lines += [
        _rule(c, label, "watch_min", "objects are monitored from", "bytes"),
        Line(
            f"{c}_watched",
            f"{label}: monitored objects",
            "object-months",
            f"={{{c}_objects}}*({{{object_bytes}}}>={{{c}_watch_min!}})",
        ),
    ]
    return lines


def _rule(c: str, label: str, column: str, what: str, unit: str) -> Line:
    return Line(
        f"{c}_{column}",
        f"{label}: {what}",
        unit,
        note="a rule of the class",
        constant=f"=IF({{{c}_row!}}=0,0,INDEX(class_{column},{{{c}_row!}}))",
    )
