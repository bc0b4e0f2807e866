"""The command that writes a bill into a plan workbook, as its sheet Actuals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidcost_xl.cli_invoiced import MOST_LISTED, SOME_LEFT, Decimal, Delimiter, Rate, Repeats, Where, rates_given
from vidcost_xl.cli_show import Json
from vidcost_xl.cli_workbook import progress

if TYPE_CHECKING:
    from vidcost_xl.sheets.compare.actuals.run import Written


def register(app: typer.Typer) -> None:
    """Add the command of this module to `app`."""
    app.command(name="actuals")(actuals)


def actuals(
    plan: Annotated[Path, typer.Argument(help="A plan workbook (.xlsx, .xlsm).", metavar="PLAN")],
    files: Annotated[
        list[Path],
        typer.Argument(help="The bills of every closed month, as for the command bill.", metavar="BILL..."),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a copy here; without it the file itself is patched.")
    ] = None,
    closed: Annotated[
        str | None, typer.Option(help="The last closed month, such as 2027-03; the last one billed when not given.")
    ] = None,
    where: Where = None,
    rate: Rate = None,
    decimal: Decimal = None,
    delimiter: Delimiter = None,
    repeats: Repeats = False,
    anew: Annotated[
        bool, typer.Option("--anew", help="Drop what was typed into an earlier sheet elsewhere than in its notes.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """Write the sheet Actuals into a plan workbook: budget against actual, a bridge, and the year's end.

    Run again with a new month's bill, it writes the sheet again and keeps the notes on it. Exits with 3 when rows of
    the bills are in no line; the sheet lists them.
    """
    from vidcost_xl.bills.reading import Options
    from vidcost_xl.model.calendar import parse_month
    from vidcost_xl.sheets.compare.actuals.run import Order, write_actuals
    from vidcost_xl.sheets.package.safe_files.placing import placing

    day = parse_month(closed, "--closed") if closed else None
    order = Order(Options(where or (), decimal, delimiter, repeats), day, rates_given(rate or []), anew=anew)
    with progress() as say:
        done = write_actuals(placing(plan, output, force=force), files, order, say)
    left = [part for part in done.standing.places if part.is_left]
    if as_json:
        typer.echo(json.dumps(_as_dict(done), ensure_ascii=False))
    else:
        _print(done)
        for part in left[:MOST_LISTED]:
            typer.echo(f"  {part.name}: {part.amount:,.2f} {part.currency}".rstrip())
    if left:
        raise typer.Exit(SOME_LEFT)


def _print(done: Written) -> None:
    from vidcost_xl.analysis.variance import money

    standing = done.standing
    budget, *_, actual = standing.sums()
    months = standing.months
    last = f" to {months[standing.closed - 1]:%Y-%m}" if standing.closed > 1 else ""
    typer.echo(
        f"closed {months[0]:%Y-%m}{last}: budget {money(budget):,.2f}, actual {money(actual):,.2f}, "
        f"{money(actual - budget):+,.2f} {standing.currency}"
    )
    plan, forecast = money(standing.budget), money(standing.forecast)
    typer.echo(f"to {months[-1]:%Y-%m}: budget {plan:,.2f}, forecast {forecast:,.2f}, {forecast - plan:+,.2f}")
    for sentence in standing.sentences:
        typer.echo(f"- {sentence}")
    for text in done.told:
        typer.echo(f"note: {text}")
    kept = f", {done.notes} note{'' if done.notes == 1 else 's'} kept" if done.notes else ""
    typer.echo(f"written: {done.file}, sheet Actuals, {len(standing.records):,} rows{kept}")


def _as_dict(done: Written) -> dict[str, Any]:
    from vidcost_xl.analysis.actuals import REASONS
    from vidcost_xl.analysis.variance import money

    standing = done.standing
    budget, *reasons, actual = map(money, standing.sums())
    return {
        "file": done.file,
        "currency": standing.currency,
        "closed": f"{standing.months[standing.closed - 1]:%Y-%m}",
        "budget": budget,
        "actual": actual,
        "reasons": dict(zip(REASONS, reasons, strict=True)),
        "plan": money(standing.budget),
        "forecast": money(standing.forecast),
        "sentences": list(standing.sentences),
        "not_in_it": [vars(part) for part in standing.places if part.is_left],
        "rows": len(standing.records),
        "notes": done.notes,
        "told": list(done.told),
    }
