"""The command that sets a bill against a budget."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from vidcost_xl.cli_invoiced import SOME_LEFT, Decimal, Delimiter, Rate, Where, list_invoiced, rates_given, sums_text
from vidcost_xl.cli_show import Json
from vidcost_xl.cli_table import draw
from vidcost_xl.errors import BadArgumentError, unknown_name

if TYPE_CHECKING:
    from vidcost_xl.analysis.actuals import Actuals

GROUPS: Final = ("stage", "line", "meter", "month")


def register(app: typer.Typer) -> None:
    """Add the command of this module to `app`."""
    app.command(name="variance")(variance)


def variance(
    plan: Annotated[str, typer.Argument(help="A preset, a plan file or a plan workbook.", metavar="PLAN")],
    files: Annotated[list[Path], typer.Argument(help="The bill, as for the command bill.", metavar="BILL...")],
    by: Annotated[str, typer.Option(help="stage, line, meter or month.")] = "line",
    closed: Annotated[str | None, typer.Option(help="The last month that counts, such as 2027-03.")] = None,
    where: Where = None,
    rate: Rate = None,
    decimal: Decimal = None,
    delimiter: Delimiter = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write every line and month (CSV).")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """Budget against actual: the difference as volume, mix, price, currency, not budgeted and not incurred.

    Exits with 3 when rows of the bill are in no line; they are listed.
    """
    from vidcost_xl.analysis.actuals import actuals_of, reasons_that_matter
    from vidcost_xl.analysis.invoices import read_invoices
    from vidcost_xl.model.bill import evaluate
    from vidcost_xl.model.calendar import parse_month
    from vidcost_xl.sheets.plan.reading.source import plan_source

    if by not in GROUPS:
        raise BadArgumentError(unknown_name("--by", by, GROUPS))
    source = plan_source(plan)
    billed = read_invoices(files, decimal, delimiter, where or ())
    day = parse_month(closed, "--closed") if closed else None
    found = actuals_of(evaluate(source.plan), billed, day, rates_given(rate or []))
    if output is not None:
        from vidcost_xl.model.export import write_frame

        count = write_frame(_frame(found), output, "csv", force=force, places=2)
        typer.echo(f"{output}: {count} rows", err=True)
    table, reasons = _table(found, by), reasons_that_matter(found)
    if as_json:
        left = [[row.provider, row.service, row.amount, why] for row, why in found.left]
        typer.echo(json.dumps({"table": table, "reasons": reasons, "not_in_it": left}, ensure_ascii=False))
    else:
        months = found.statement.variance.months
        last = f" to {months[-1]:%Y-%m}" if len(months) > 1 else ""
        typer.echo(f"{source.name} against the bill, {months[0]:%Y-%m}{last}, {found.statement.variance.currency}")
        _print(table)
        for sentence in reasons:
            typer.echo(f"- {sentence}")
        if found.uncounted:
            names = ", ".join(line.id for line in found.uncounted[:5])
            more = f" and {len(found.uncounted) - 5} more" if len(found.uncounted) > 5 else ""
            typer.echo(f"the bill states no quantity of {names}{more}: what differs is price there")
        if found.elsewhere:
            typer.echo(f"of other months, not counted: {sum(row.rows for row in found.elsewhere):,} rows")
        typer.echo(sums_text(billed, found))
        if found.left:
            typer.echo(f"in no line, not counted: {sum(row.rows for row, _ in found.left):,} rows")
            list_invoiced((row.provider, row.service, f"({why})", row.amount, row.rows) for row, why in found.left)
    if found.left:
        raise typer.Exit(SOME_LEFT)


def _table(found: Actuals, by: str) -> list[list[Any]]:
    from vidcost_xl.analysis.actuals import REASONS
    from vidcost_xl.analysis.variance import money

    lines = found.statement.variance.lines
    groups = found.by_month() if by == "month" else found.by(_group(getattr(line, _FIELD[by])) for line in lines)
    rows = [[name, *map(money, cents)] for name, cents in groups.items() if any(cents)]
    total = [sum(cents[at] for cents in groups.values()) for at in range(len(REASONS) + 2)]
    return [[by, "budget", *REASONS, "actual"], *rows, ["total", *map(money, total)]]


_FIELD: Final = {"stage": "stage", "line": "id", "meter": "meter"}


def _group(name: str) -> str:
    return name or "not in the plan"


def _print(table: list[list[Any]]) -> None:
    head, *rows = table
    shown = [at for at in range(len(head)) if at in {0, 1, len(head) - 1} or any(row[at] for row in rows)]
    texts = [[str(row[at]) if not at else f"{row[at]:,.2f}" for at in shown] for row in rows]
    draw([[head[at] for at in shown], *texts], range(1, len(head)), total=True, width=160)


def _frame(found: Actuals) -> Any:
    import pandas as pd

    from vidcost_xl.analysis.actuals import REASONS
    from vidcost_xl.analysis.variance import money

    names = ("month", "stage", "line", "meter", "budget", *REASONS, "actual")
    rows = [
        (f"{month:%Y-%m}", line.stage, line.id, line.meter, *map(money, cents)) for month, line, cents in found.rows()
    ]
    return pd.DataFrame(rows, columns=list(names))
