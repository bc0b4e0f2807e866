"""The command that compares two plans or plan workbooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from vidcost_xl.sheets.compare.difference import Difference

#: Rows of a table that are shown on a screen; --json and the workbook have all.
MOST_ROWS: Final = 40

_WIDTH: Final = 180
_LONGEST: Final = 60

_PLAN_HELP: Final = "a preset, a plan file (.toml, .yaml) or a plan workbook."


def register(app: typer.Typer) -> None:
    """Add the command of this module to `app`."""
    app.command(name="diff")(diff)


def diff(
    old: Annotated[str, typer.Argument(help=f"The plan before: {_PLAN_HELP}", metavar="OLD")],
    new: Annotated[str, typer.Argument(help=f"The plan after: {_PLAN_HELP}", metavar="NEW")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a workbook with the bridge and every detail here.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Compare two plans by meaning: decisions, prices, structure, results, and the change taken apart to the cent."""
    from vidcost_xl.sheets.compare.difference import difference
    from vidcost_xl.sheets.package.safe_files.writing import check_target
    from vidcost_xl.sheets.plan.reading.source import plan_source

    if output is not None:
        check_target(output, force=force)
    found = difference(plan_source(old), plan_source(new))
    if output is not None:
        from vidcost_xl.prices.book import price_book
        from vidcost_xl.sheets.compare.bridge import bridge_layout
        from vidcost_xl.sheets.compare.statements import write_statement

        write_statement(output, bridge_layout(price_book(), found), force=force)
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False))
        return
    _print(found)
    if output is not None:
        typer.echo(f"written: {output}")


def _print(found: Difference) -> None:
    before, *_, after = found.statement.total
    typer.echo(f"{found.old} -> {found.new}: {before / 100:,.2f} -> {after / 100:,.2f} {found.currency}, all months")
    for note in found.notes:
        typer.echo(f"note: {note}")
    for title, table in (
        ("Decisions, and what each alone does to the total", found.decision_table()),
        ("Prices", found.finding_table(found.prices)),
        ("Structure", found.finding_table(found.structure)),
        ("Why the total changed, by stage", found.by_stage()),
        ("By line", found.by_line()),
    ):
        if len(table) > 1:
            _table(title, table)
        else:
            typer.echo(f"\n{title}: nothing differs")


def _table(title: str, rows: list[list[Any]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    numeric = [any(isinstance(row[column], float) for row in rows[1:]) for column in range(len(rows[0]))]
    for heading, right in zip(rows[0], numeric, strict=True):
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    body, last = (rows[1:-1], rows[-1:]) if rows[-1][0] == "total" else (rows[1:], [])
    for row in body[:MOST_ROWS]:
        table.add_row(*map(_text, row))
    if last:
        table.add_section()
        table.add_row(*map(_text, last[0]))
    Console(width=_WIDTH).print(table)
    if len(body) > MOST_ROWS:
        typer.echo(f"  and {len(body) - MOST_ROWS:,} more; --json and the workbook have all")


def _text(value: object) -> str:
    from vidcost_xl.digits import same

    if isinstance(value, float):
        large = abs(value) >= 1000 or same(value, round(value, 2))
        return f"{value:,.2f}".removesuffix(".00") if large else f"{value:,.10g}"
    text = str(value)
    return (text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}...").replace("[", "\\[")
