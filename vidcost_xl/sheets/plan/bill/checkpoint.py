"""Checkpoints: the newest training states, and the requests that save them."""

from __future__ import annotations

from vidcost_xl.model.blocks.checkpoint import KEPT, SAVING
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine, class_meter, possible_line
from vidcost_xl.sheets.plan.bill.routes import flag
from vidcost_xl.sheets.plan.bill.writing import class_writes
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, driver, is_yes, value_of


def checkpoint_lines(model: ModelRows) -> Block:
    """Training states kept, and the requests that save them."""
    return [
        Heading("checkpoint_heading", "Checkpoints"),
        flag("checkpoints", "Whether checkpoints are kept", is_yes("checkpoint.on")),
        Step(
            "checkpoint_row",
            "Row of the class",
            "row of Lists",
            constant=f"=MATCH({value_of('checkpoint.class')},class_id,0)",
            format="count",
        ),
        model.row(
            "checkpoint_bytes",
            constant=f"={value_of('checkpoint.parameters')}*{value_of('checkpoint.bytes_per_parameter')}",
        ),
        Step(
            "checkpoint_parts",
            "Parts it is uploaded in",
            "requests",
            constant=f"=ROUNDUP({{checkpoint_bytes!}}/({value_of('requests.part_mib')}*bytes_per_mib),0)",
        ),
        model.row(
            "checkpoint_saved",
            f"={{checkpoint_saved<}}+{driver('checkpoint.saves')}",
            start=0,
            total="last",
        ),
        model.row(
            "checkpoint_stored",
            f"={{checkpoint_bytes!}}*MIN({{checkpoint_saved}},{driver('checkpoint.kept')})",
            total="sum",
            format="tb",
        ),
        model.row(
            "checkpoint_written",
            f"={{checkpoint_bytes!}}*{driver('checkpoint.saves')}",
            total="sum",
            format="tb",
        ),
        model.row(
            "checkpoint_puts",
            f"={{checkpoint_parts!}}*{driver('checkpoint.saves')}",
            total="sum",
        ),
    ]


def possible_checkpoints() -> list[PossibleLine]:
    """The possible lines of checkpoints kept and saved."""
    on, puts = "{checkpoints!}", {"puts": "checkpoint_puts"}
    return [
        possible_line(KEPT, "checkpoint_stored", "checkpoint_stored", on, class_meter("storage", "checkpoint_row")),
        *class_writes(SAVING, "checkpoint", "checkpoint_row", on, "checkpoint_written", puts, part='""', slot='""'),
    ]
