"""The command that sets the scenarios of a plan beside each other."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidcost_xl.cli_decide import Output, PlanArgument, long_work, number_or_name
from vidcost_xl.cli_show import SHARE, Json, show
from vidcost_xl.errors import BadArgumentError

if TYPE_CHECKING:
    from vidcost_xl.analysis.scenarios import Answer, Scenario
    from vidcost_xl.model.plan import Plan

Table = list[list[Any]]


def register(app: typer.Typer) -> None:
    """Add the command of this module to `app`."""
    app.command(name="scenarios")(scenarios)


def scenarios(
    plan: PlanArgument,
    table: Annotated[
        Path | None,
        typer.Option(
            help="A .csv with the header key and a column for each scenario; a row is an input, blank leaves it. "
            "Left out: the sheet Scenarios of a plan workbook."
        ),
    ] = None,
    output: Output = "monthly",
    by: Annotated[
        str,
        typer.Option(help="whole (the figure alone), stage, or year (each fiscal year)."),
    ] = "whole",
    as_json: Json = False,
) -> None:
    """Scenarios beside each other: what each costs, and its difference to the base in money and percent.

    The base is what is typed, whichever scenario is in force in a workbook.
    """
    from vidcost_xl.analysis.scenarios import side_by_side
    from vidcost_xl.functions.scenarios import read_scenarios
    from vidcost_xl.sheets.plan.reading.source import plan_source

    with long_work() as say:
        say("pricing the scenarios")
        source = plan_source(plan)
        book = source.workbook
        base: Plan = book.base if book else source.plan
        found: list[Scenario] = [] if book is None else list(book.scenarios.scenarios)
        if table is not None:
            found = read_scenarios(base, _cells(table))
        if not found:
            raise BadArgumentError(
                f"{source.name} holds no scenarios. Name a table of them with --table, or make a workbook that has the "
                "sheet Scenarios: vidcost new --with scenarios, with --from for a plan workbook."
            )
        names, answers = side_by_side(base, found, output, by)
    show(_beside(names, answers), as_json)


def _beside(names: list[str], answers: list[Answer]) -> Table:
    from vidcost_xl.functions.scenarios import measured

    rows: Table = [["what", "scenario", "cost", "difference", SHARE, "note"]]
    for name in names:
        for each, measures in zip(answers, measured(name, answers), strict=True):
            rows.append([name, each.name, *measures, each.refused])
    return rows


def _cells(path: Path) -> list[list[object]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadArgumentError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}."
        ) from None
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(cell.strip() for cell in row)]
    width = max(map(len, rows), default=0)
    return [[_cell(cell) for cell in [*row, *[""] * (width - len(row))]] for row in rows]


def _cell(text: str) -> object:
    return number_or_name(text.strip()) if text.strip() else None
