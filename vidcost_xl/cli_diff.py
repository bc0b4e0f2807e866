"""The command that compares two plans or plan workbooks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from vidcost_xl.cli_table import draw
from vidcost_xl.digits import plainly, same

if TYPE_CHECKING:
    from vidcost_xl.sheets.compare.difference import Difference
    from vidcost_xl.sheets.compare.findings import Finding

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
    decisions, silent = _with_effect(found.decision_table())
    structure, lines = _without_lines(found.structure)
    for title, table, also in (
        ("Decisions, and what each does to the total: alone, and on top of those before it", decisions, silent),
        ("Prices", found.finding_table(found.prices), ""),
        ("Structure", found.finding_table(structure), lines),
        ("Why the total changed, by stage", _changed(found.by_stage()), ""),
        ("By line", _changed(found.by_line()), ""),
    ):
        if len(table) > 1:
            _table(title, table)
        elif not also:
            typer.echo(f"\n{title}: nothing differs")
        if also:
            typer.echo(f"{title}: {also}" if len(table) == 1 else f"  {also}")


def _with_effect(table: list[list[Any]]) -> tuple[list[list[Any]], str]:
    # Decisions that move the total, in cents; those that alone move nothing in one sentence.
    head, *rows = table
    rounded = [[*row[:-2], *(round(each, 2) if isinstance(each, float) else each for each in row[-2:])] for row in rows]
    moves = [bool(row[-2]) or (isinstance(row[-1], float) and bool(row[-1])) for row in rounded]
    still = [row for row, moved in zip(rounded, moves, strict=True) if not moved and row[0]]
    silent = [f"{row[0]} {_text(row[2])} -> {_text(row[3])}" for row in still]
    also = f"without effect on the total: {', '.join(silent)}" if silent else ""
    return [head, *(row for row, moved in zip(rounded, moves, strict=True) if moved)], also


def _without_lines(structure: Sequence[Finding]) -> tuple[list[Finding], str]:
    # Lines that only one plan has stand in the table by line, as far as they cost anything.
    lines = [each for each in structure if each.what == "line"]
    new, old = (sum(bool(getattr(each, side)) for each in lines) for side in ("new", "old"))
    counts = [f"{count} lines of the bill only {where}" for count, where in ((new, "after"), (old, "before")) if count]
    return [each for each in structure if each.what != "line"], ", ".join(counts)


def _changed(table: list[list[Any]]) -> list[list[Any]]:
    # Rows and effects that are 0 throughout are no reason why the total changed.
    from vidcost_xl.sheets.compare.difference import COLUMNS

    head, *rows, total = table
    effects = range(head.index(COLUMNS[0]) + 1, len(head) - 2)
    moved = [row for row in rows if any(row[at] for at in effects)]
    shown = [at for at in range(len(head)) if at not in effects or any(row[at] for row in moved)]
    return [[row[at] for at in shown] for row in ([head, *moved, total] if moved else [head])]


def _table(title: str, rows: list[list[Any]]) -> None:
    numeric = {at for at in range(len(rows[0])) if any(isinstance(row[at], float) for row in rows[1:])}
    texts = [rows[0], *([_text(cell) for cell in row] for row in rows[1:])]
    total = rows[-1][0] == "total"
    rest = "--json and the workbook have all"
    draw(texts, numeric, title=title, total=total, most=MOST_ROWS, width=_WIDTH, rest=rest)


def _text(value: object) -> str:
    if isinstance(value, float):
        large = abs(value) >= 1000 or same(value, round(value, 2))
        return f"{value:,.2f}".removesuffix(".00") if large else plainly(value)
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
