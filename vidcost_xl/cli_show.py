"""What commands print of a result: a value, a table, JSON, or the error that it is."""

from __future__ import annotations

import json
import sys
from collections.abc import Set
from typing import Annotated, Any, Final

import typer

from vidcost_xl.digits import plainly
from vidcost_xl.errors import ExcelError

#: From this size on a number prints with two decimals.
CENTS_FROM: Final = 100

#: Tables with more columns print as records.
WIDEST_TABLE: Final = 12

#: Width of a table that goes to a file or another program.
PIPE_WIDTH: Final = 200

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def show(result: Any, as_json: bool) -> None:
    """Print a result; an error ends the command with 1."""
    if as_json:
        typer.echo(json.dumps(_json(result, top=True), ensure_ascii=False))
    elif isinstance(result, list):
        print_table(result)
    elif not isinstance(result, ExcelError):
        typer.echo(as_text(result))
    if isinstance(result, ExcelError):
        if not as_json:
            typer.echo(f"{result.code} {result.message}".rstrip(), err=True)
        raise typer.Exit(1)


def _json(value: Any, top: bool = False) -> Any:
    if isinstance(value, ExcelError):
        return {"error": value.code, "message": value.message}
    if isinstance(value, list):
        rows = [[_json(cell) for cell in row] for row in value]
        return {"value": rows} if top else rows
    return {"value": value} if top else value


def as_text(value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, ExcelError):
        return value.code
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        # Money to the cent; small quantities to ten digits. --json prints every digit.
        return f"{value:,.2f}".removesuffix(".00") if abs(value) >= CENTS_FROM else plainly(value)
    return str(value)


def print_table(rows: list[list[Any]], money: Set[int] = frozenset()) -> None:
    """Print a table with its header; `money` says which columns are amounts, to the cent."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    if len(rows[0]) > WIDEST_TABLE:  # a passport: one record below the other
        for row in rows[1:]:
            shown = [(heading, as_text(cell)) for heading, cell in zip(rows[0], row, strict=True) if cell != ""]
            typer.echo("\n".join(f"{heading:>13}  {text}" for heading, text in shown) + "\n")
        return
    table = Table(box=box.SIMPLE_HEAD)
    numeric = [any(isinstance(row[column], float) for row in rows[1:]) for column in range(len(rows[0]))]
    for heading, right in zip(rows[0], numeric, strict=True):
        table.add_column(as_text(heading), justify="right" if right else "left", overflow="fold")
    for row in rows[1:]:
        texts = (
            f"{cell:,.2f}" if at in money and isinstance(cell, float) else as_text(cell) for at, cell in enumerate(row)
        )
        table.add_row(*(text.replace("[", "\\[") for text in texts))
    console = Console(soft_wrap=False) if sys.stdout.isatty() else Console(width=PIPE_WIDTH)
    console.print(table)
