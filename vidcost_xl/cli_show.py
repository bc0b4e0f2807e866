"""What commands print of a result: a value, a table, JSON, or the error that it is."""

from __future__ import annotations

import json
from collections.abc import Set
from typing import Annotated, Any, Final

import typer

from vidcost_xl.cli_table import draw, print_records
from vidcost_xl.digits import plainly
from vidcost_xl.errors import ExcelError

#: From this size on a number prints with two decimals.
CENTS_FROM: Final = 100

#: Tables with more columns print as records.
WIDEST_TABLE: Final = 12

#: The heading of a column that prints as percentages.
SHARE: Final = "share"

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


def as_money(amount: float) -> str:
    """An amount to the cent; the noise of a sum that has come back to 0 has no sign."""
    return f"{round(amount, 2) + 0.0:,.2f}"


def print_table(rows: list[list[Any]], money: Set[int] = frozenset()) -> None:
    """Print a table with its header; `money` says which columns are amounts, to the cent."""
    if len(rows[0]) > WIDEST_TABLE:  # a passport
        print_records([[as_text(cell) for cell in row] for row in rows])
        return
    numeric = {at for at in range(len(rows[0])) if any(isinstance(row[at], float) for row in rows[1:])}
    shares = {at for at, heading in enumerate(rows[0]) if heading == SHARE}

    def text(at: int, cell: Any) -> str:
        if isinstance(cell, float) and (at in money or at in shares):
            return as_money(cell) if at in money else f"{cell:.2%}"
        return as_text(cell)

    texts = [[text(at, cell) for at, cell in enumerate(row)] for row in rows]
    draw(texts, numeric)
