"""The command that says how good a plan was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from vidcost_xl.cli_invoiced import (
    MOST_LISTED,
    SOME_LEFT,
    Decimal,
    Delimiter,
    Rate,
    Where,
    list_invoiced,
    rates_given,
    sums_text,
)
from vidcost_xl.cli_show import Json
from vidcost_xl.cli_table import draw

if TYPE_CHECKING:
    from vidcost_xl.analysis.backtest import Accuracy, Backtest

_HEADS: Final = (
    *("budget", "actual", "with actual volumes", "with actual prices"),
    *("WAPE", "bias", "price error", "volume error"),
)
_WIDTH: Final = 160


def register(app: typer.Typer) -> None:
    """Add the command of this module to `app`."""
    app.command(name="backtest")(backtest)


def backtest(
    plan: Annotated[str, typer.Argument(help="A preset, a plan file or a plan workbook.", metavar="PLAN")],
    files: Annotated[list[Path], typer.Argument(help="The bills, as for the command bill.", metavar="BILL...")],
    closed: Annotated[str | None, typer.Option(help="The last month that counts, such as 2027-03.")] = None,
    where: Where = None,
    rate: Rate = None,
    decimal: Decimal = None,
    delimiter: Delimiter = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write every group (CSV).")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """How good the plan was over closed months, by stage, month and line, and whether prices or volumes were wrong.

    WAPE is the absolute error of lines and months by what was billed, bias the error that does not cancel (+: too
    high); price error is what is left at the actual volumes, volume error at the actual prices. A month without a bill
    is not closed. Exits with 3 when rows of the bill are in no line; they are listed.
    """
    from vidcost_xl.analysis.actuals import actuals_of
    from vidcost_xl.analysis.backtest import backtest_of, conclusion
    from vidcost_xl.analysis.invoices import read_invoices
    from vidcost_xl.model.bill import evaluate
    from vidcost_xl.model.calendar import parse_month
    from vidcost_xl.sheets.plan.reading.source import plan_source

    source = plan_source(plan)
    billed = read_invoices(files, decimal, delimiter, where or ())
    bill, day = evaluate(source.plan), parse_month(closed, "--closed") if closed else None
    actuals = actuals_of(bill, billed, day, rates_given(rate or []))
    found = backtest_of(bill, actuals, billed)
    if output is not None:
        from vidcost_xl.model.export import write_frame

        count = write_frame(_frame(found), output, "csv", force=force)
        typer.echo(f"{output}: {count} rows", err=True)
    if as_json:
        left = [[row.provider, row.service, row.amount, why] for row, why in actuals.left]
        typer.echo(json.dumps({**_as_dict(found), "conclusion": conclusion(found), "not_in_it": left}))
    else:
        typer.echo(f"{source.name} against the bill, {found.months[0]:%Y-%m} to {found.months[-1]:%Y-%m}")
        _print(found)
        typer.echo(conclusion(found))
        for month, lacks in found.partial.items():
            typer.echo(f"{month:%Y-%m} may be partial: {', '.join(lacks)}")
        if found.open_months:
            typer.echo(f"not closed, without a bill in any line: {_runs(found)}")
        if actuals.uncounted:
            names = ", ".join(line.id for line in actuals.uncounted)
            typer.echo(f"the bill states no quantity of {names}: what differs is price there")
        typer.echo(sums_text(billed, actuals))
        list_invoiced((row.provider, row.service, f"({why})", row.amount, row.rows) for row, why in actuals.left)
    if actuals.left:
        raise typer.Exit(SOME_LEFT)


def _groups(found: Backtest) -> dict[str, Mapping[str, Accuracy]]:
    return {"stage": found.by_stage, "month": found.by_month, "line": found.by_line, "total": {"total": found.total}}


def _print(found: Backtest) -> None:
    for by, groups in _groups(found).items():
        if by == "total":
            continue
        ordered = sorted(groups, key=lambda name: -groups[name].error) if by == "line" else list(groups)
        rows = [[name or "not in the plan", *_texts(groups[name])] for name in ordered]
        heads = [by, *_HEADS]
        total = ["total", *_texts(found.total)]
        draw([heads, *rows, total], range(1, len(heads)), total=True, most=MOST_LISTED, width=_WIDTH)


def _texts(each: Accuracy) -> list[str]:
    money = [f"{amount:,.2f}" for amount in (each.budget, each.actual, each.with_volumes, each.with_prices)]
    if each.rates is None:
        return [*money, each.state, each.state, "", ""]
    wape, bias, price, volume = each.rates
    return [*money, f"{wape:.1%}", f"{bias:+.1%}", f"{price:.1%}", f"{volume:.1%}"]


def _runs(found: Backtest) -> str:
    # 2027-04 to 2027-12, and not nine months.
    runs: list[list[str]] = []
    before = None
    for month in found.open_months:
        number = month.year * 12 + month.month
        if before is not None and number == before + 1:
            runs[-1].append(f"{month:%Y-%m}")
        else:
            runs.append([f"{month:%Y-%m}"])
        before = number
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def _cells(each: Accuracy) -> dict[str, Any]:
    names = ("budget", "actual", "with_actual_volumes", "with_actual_prices")
    amounts = (each.budget, each.actual, each.with_volumes, each.with_prices)
    rates = each.rates or (None,) * 4
    shares = dict(zip(("wape", "bias", "price_error", "volume_error"), rates, strict=True))
    return {**dict(zip(names, (round(amount, 2) for amount in amounts), strict=True)), **shares, "why": each.state}


def _frame(found: Backtest) -> Any:
    import pandas as pd

    rows = [
        {"by": by, "name": name, **_cells(each)}
        for by, groups in _groups(found).items()
        for name, each in groups.items()
    ]
    return pd.DataFrame(rows)


def _as_dict(found: Backtest) -> dict[str, Any]:
    tables = {
        by: [{"name": name, **_cells(each)} for name, each in groups.items()] for by, groups in _groups(found).items()
    }
    return {
        "currency": found.currency,
        "closed": [f"{month:%Y-%m}" for month in found.months],
        "not_closed": [f"{month:%Y-%m}" for month in found.open_months],
        "partial": {f"{month:%Y-%m}": lacks for month, lacks in found.partial.items()},
        "total": _cells(found.total),
        **{f"by_{by}": table for by, table in tables.items() if by != "total"},
    }
