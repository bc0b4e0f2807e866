"""The command that prints or writes the ledger of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vidcost_xl import cli_monthend
from vidcost_xl.cli_show import Json, print_table, show


def register(app: typer.Typer) -> None:
    """Add the command of this module to `app`."""
    app.command(name="ledger")(ledger)


def ledger(
    inputs: Annotated[
        str, typer.Argument(help="A preset (article, complete), a plan file (.toml, .yaml) or a plan workbook.")
    ] = "article",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write here instead of printing.")] = None,
    form: Annotated[str, typer.Option(help="csv, xlsx, or focus (CSV with FOCUS 1.2 columns).")] = "csv",
    decimal: Annotated[str, typer.Option(help="Decimal mark of CSV.")] = ".",
    delimiter: Annotated[
        str | None, typer.Option(help="Delimiter of CSV; a comma, or a semicolon where the comma is the decimal mark.")
    ] = None,
    actuals: Annotated[
        Path | None, typer.Option(help="What was billed (CSV): adds Actual and a forecast to the budget.")
    ] = None,
    closed: Annotated[str | None, typer.Option(help="With --actuals: the last closed month, such as 2027-03.")] = None,
    rate: Annotated[
        list[str] | None, typer.Option(help="With --actuals: reporting currency for one of another, such as EUR=1.08.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """Print the ledger of a plan by stage and line, or write every row of it to a file."""
    from vidcost_xl.model.bill import evaluate
    from vidcost_xl.model.export import usual_delimiter, write_ledger
    from vidcost_xl.model.ledger import summary_table
    from vidcost_xl.sheets.plan.reading.source import plan_source

    delimiter = delimiter or usual_delimiter(decimal)
    if actuals is not None or closed is not None:
        marks = cli_monthend.Marks(decimal, delimiter)
        table = cli_monthend.versions(inputs, actuals, closed, rate or [], output, form, marks, force=force)
        if output is None:
            show(table, as_json)
        return
    bill = evaluate(plan_source(inputs).plan)
    if output is None:
        table = summary_table(bill)
        if as_json:
            show(table, as_json)
        else:
            _print_ledger(table)
        return
    rows = write_ledger(bill, output, form, decimal=decimal, delimiter=delimiter, force=force)
    typer.echo(f"{output}: {rows} rows")


def _print_ledger(table: list[list[Any]]) -> None:
    # What costs less than half a cent in all months together is counted, not listed.
    head, *lines, total = table
    shown = [line for line in lines if round(line[-1], 2)]
    money = {len(head) - 2, len(head) - 1}
    print_table([head, *shown, total], money)
    if len(shown) < len(lines):
        left = len(lines) - len(shown)
        typer.echo(f"  and {left} {'lines' if left > 1 else 'line'} that cost nothing; --json lists all, -o writes all")
