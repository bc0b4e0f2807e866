"""The commands of the month-end: the accrual of a month, and a ledger with budget, actual and forecast."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidcost_xl.cli_invoiced import SOME_LEFT, Rate, Where, list_invoiced, rates_given, rows_text
from vidcost_xl.cli_show import Json
from vidcost_xl.cli_table import draw
from vidcost_xl.errors import BadArgumentError

if TYPE_CHECKING:
    from vidcost_xl.analysis.accrual import Accrual
    from vidcost_xl.analysis.invoices import Invoiced
    from vidcost_xl.analysis.journal import JournalLine


@dataclass(frozen=True)
class Marks:
    """Decimal mark and delimiter of CSV."""

    decimal: str
    delimiter: str


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command(name="close")(close)


def close(
    plan: Annotated[
        str, typer.Argument(help="A preset, a plan file (.toml, .yaml) or a plan workbook.", metavar="PLAN")
    ],
    month: Annotated[str, typer.Option(help="The month to close, such as 2027-03.")],
    invoiced: Annotated[
        list[Path],
        typer.Option(
            help="What was invoiced: an export of FOCUS, CUR or OCI, or a table with provider, amount and what else is "
            "known; csv, gz, zip, parquet, xlsx or a folder. May be repeated."
        ),
    ],
    offset: Annotated[str, typer.Option(help="Account of accrued liabilities, which takes the other side.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the journal here (.csv, or .xlsx with its workings).")
    ] = None,
    journal: Annotated[str, typer.Option(help="Name of the journal.")] = "ACCRUAL",
    rate: Rate = None,
    where: Where = None,
    unmatched: Annotated[
        str, typer.Option(help="Account of rows that fit no line and no meter; without it they are not posted.")
    ] = "",
    decimal: Annotated[
        str | None,
        typer.Option(help="Decimal mark of the journal as CSV, and of the invoices; theirs is told from the file."),
    ] = None,
    delimiter: Annotated[
        str | None,
        typer.Option(help="Delimiter of the journal as CSV; a comma, or a semicolon beside a decimal comma."),
    ] = None,
    invoice_delimiter: Annotated[
        str | None, typer.Option(help="Delimiter of the invoices; told from their first row when not given.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """Accrue a month: expected less invoiced by account, cost centre and provider, with the reversing journal.

    Exits with 3 when rows of the invoices fit no account of the plan; they are listed.
    """
    from vidcost_xl.analysis.accrual import accrual_of
    from vidcost_xl.analysis.invoices import read_invoices
    from vidcost_xl.analysis.journal import journal_of
    from vidcost_xl.model.bill import evaluate
    from vidcost_xl.model.calendar import parse_month
    from vidcost_xl.model.export import check_marks, usual_delimiter
    from vidcost_xl.sheets.plan.reading.source import plan_source

    mark = decimal or "."
    delimiter = delimiter or usual_delimiter(mark)
    check_marks(mark, delimiter)
    source = plan_source(plan)
    rows = read_invoices(invoiced, decimal, invoice_delimiter, where or ())
    bill, day = evaluate(source.plan), parse_month(month, "--month")
    accrual = accrual_of(bill, day, rows, rates_given(rate or []), unmatched)
    lines = journal_of(accrual, offset, journal)
    if output is not None:
        against = ", ".join(path.name for path in invoiced)
        _write(output, accrual, lines, f"{source.name} against {against}", Marks(mark, delimiter), force)
    if as_json:
        typer.echo(json.dumps(_as_dict(accrual, lines), ensure_ascii=False))
    else:
        _print(accrual)
        typer.echo(f"written: {output}, {len(lines)} lines" if output else "not written: name a file with -o")
    if accrual.unmapped:
        raise typer.Exit(SOME_LEFT)


def versions(
    inputs: str,
    actuals: Path | None,
    closed: str | None,
    rates: Sequence[str],
    output: Path | None,
    form: str,
    marks: Marks,
    *,
    force: bool,
) -> list[list[Any]]:
    """Budget, Actual and forecast of a plan in one ledger: write it, and return its totals by version and stage.

    Raises
    ------
    BadArgumentError
        For actuals without a closed month or the reverse, or a form that has no versions.
    """
    from vidcost_xl.analysis.invoices import read_invoices
    from vidcost_xl.analysis.versions import forecast_of
    from vidcost_xl.model.bill import evaluate
    from vidcost_xl.model.calendar import parse_month
    from vidcost_xl.model.export import check_form, check_marks, write_frame
    from vidcost_xl.model.lines import STAGES
    from vidcost_xl.sheets.plan.reading.source import plan_source

    if actuals is None or closed is None:
        raise BadArgumentError(
            "--actuals and --closed go together: what was billed, and the last month it is complete."
        )
    if form == "focus":
        raise BadArgumentError("FOCUS knows no versions; write the forms csv or xlsx.")
    check_marks(marks.decimal, marks.delimiter)
    if output is not None:
        check_form(output, form)
    bill = evaluate(plan_source(inputs).plan)
    billed = read_invoices(actuals, "," if marks.decimal == "," else None)
    found = forecast_of(bill, billed, parse_month(closed, "--closed"), rates_given(rates))
    if output is not None:
        count = write_frame(found.frame, output, form, decimal=marks.decimal, delimiter=marks.delimiter, force=force)
        typer.echo(f"{output}: {count} rows")
    for reason, listed in (
        ("not in the plan, in Actual as lines of their own", [row for row, _ in found.unplanned]),
        ("of months that are not closed, not used", list(found.not_used)),
    ):
        if listed:
            typer.echo(f"{actuals.name}, {reason}: {rows_text(sum(row.rows for row in listed))}", err=True)
            list_invoiced(((row.provider, row.service, row.currency, row.amount, row.rows) for row in listed), err=True)
    table = found.frame.pivot_table(
        index="stage", columns="version", values="reporting_amount", aggfunc="sum", fill_value=0.0, sort=False
    )
    names = [str(name) for name in table.columns]
    table = table.loc[sorted(table.index, key=lambda stage: STAGES.index(stage) if stage in STAGES else len(STAGES))]
    rows = [
        [stage or "not planned", *amounts]
        for stage, amounts in zip(table.index, table.to_numpy().tolist(), strict=True)
    ]
    return [["stage", *names], *rows, ["total", *table.sum().tolist()]]


def _write(
    output: Path, accrual: Accrual, lines: Sequence[JournalLine], source: str, marks: Marks, force: bool
) -> None:
    from vidcost_xl.analysis.journal import journal_frame
    from vidcost_xl.model.export import XLSX, write_frame

    if output.suffix.casefold() == XLSX:
        from vidcost_xl.prices.book import price_book
        from vidcost_xl.sheets.compare.journal import journal_layout
        from vidcost_xl.sheets.compare.statements import write_statement

        write_statement(output, journal_layout(price_book(), accrual, lines, source), force=force)
        return
    frame = journal_frame(lines)
    write_frame(frame, output, "csv", decimal=marks.decimal, delimiter=marks.delimiter, force=force, places=2)


def _as_dict(accrual: Accrual, lines: Sequence[JournalLine]) -> dict[str, Any]:
    from vidcost_xl.analysis.variance import money

    def row_of(row: Invoiced) -> dict[str, Any]:
        month = None if row.month is None else f"{row.month:%Y-%m}"
        return {
            "where": row.where,
            "rows": row.rows,
            "provider": row.provider,
            "service": row.service,
            "month": month,
            "amount": row.amount,
            "currency": row.currency,
        }

    return {
        "month": f"{accrual.month:%Y-%m}",
        "currency": accrual.currency,
        "accrual": [
            {
                "gl_account": row.account,
                "cost_center": row.cost_center,
                "provider": row.provider,
                "expected": money(row.expected),
                "invoiced": money(row.invoiced),
                "accrued": money(row.accrued),
                "over_invoiced": money(max(-row.difference, 0)),
            }
            for row in accrual.rows
        ],
        "journal": [
            {**vars(line), "day": line.day.isoformat(), "debit": money(line.debit), "credit": money(line.credit)}
            for line in lines
        ],
        "not_mapped": [{**row_of(each.invoiced), "why": each.reason} for each in accrual.unmapped],
        "other_months": [row_of(row) for row in accrual.elsewhere],
        "rows_without_month": accrual.undated,
    }


def _print(accrual: Accrual) -> None:
    from vidcost_xl.analysis.variance import money

    cents = [(row.expected, row.invoiced, row.accrued) for row in accrual.rows]
    names = [(row.account, row.cost_center, row.provider) for row in accrual.rows]
    total = tuple(map(sum, zip(*cents, strict=True))) or (0, 0, 0)
    rows = [
        [*texts, *(f"{money(each):,.2f}" for each in amounts)]
        for texts, amounts in zip([*names, ("total", "", "")], [*cents, total], strict=True)
    ]
    heads = ["account", "cost centre", "provider", "expected", "invoiced", "accrued"]
    draw([heads, *rows], range(3, 6), title=f"Accrual {accrual.month:%Y-%m}, {accrual.currency}", total=True, width=120)
    for row in accrual.over:
        typer.echo(
            f"over: {row.account} {row.cost_center} {row.provider} was invoiced {money(-row.difference):,.2f} more "
            "than expected; no accrual, look at it"
        )
    if accrual.undated:
        typer.echo(f"without a month, counted for {accrual.month:%Y-%m}: {rows_text(accrual.undated)}")
    if accrual.elsewhere:
        typer.echo(f"of other months, not counted: {rows_text(sum(row.rows for row in accrual.elsewhere))}")
    if accrual.unmapped:
        typer.echo(
            "fit no account of the plan, not in the accrual: "
            f"{rows_text(sum(each.invoiced.rows for each in accrual.unmapped))}"
        )
        list_invoiced(
            (row.invoiced.provider, row.invoiced.service, f"({row.reason})", row.amount, row.invoiced.rows)
            for row in accrual.unmapped
        )
