"""The command `vidcost`."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Set
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

from vidcost_xl import __version__, cli_diff, cli_finance, cli_monthend, cli_plan, cli_workbook
from vidcost_xl.digits import plainly
from vidcost_xl.errors import BadArgumentError, ExcelError, VideoCostError

if TYPE_CHECKING:
    from vidcost_xl import cli_prices
    from vidcost_xl.model.plan import Plan

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Price the data bill of video-model training.")

#: New objects between two looks for cycles, and looks at one generation between two at the next.
_COLLECTION: Final = (200_000, 50, 1_000)

#: From this size on a number prints with two decimals.
CENTS_FROM: Final = 100

#: Tables with more columns print as records.
WIDEST_TABLE: Final = 12

#: Width of a table that goes to a file or another program.
PIPE_WIDTH: Final = 200

PlanOption = Annotated[
    str | None,
    typer.Option(
        "--plan", help="The plan where the formula leaves it out: a preset, a file (.toml, .yaml), a plan workbook."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def main() -> None:
    """Run the command line; our own errors print as one line, without a traceback."""
    # A large workbook is millions of small objects that live to the end: looking for cycles among them is a fifth of
    # the time of a command.
    gc.set_threshold(*_COLLECTION)
    try:
        app()
    except VideoCostError as error:
        _fail(error.message)


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command(name="eval")
def eval_formula(
    formula: Annotated[str, typer.Argument(help="A formula, such as '=VIDEO_EGRESS(5,\"PB\")'.")],
    plan: PlanOption = None,
    as_json: Json = False,
) -> None:
    """Evaluate a formula without Excel, native functions included."""
    from vidcost_xl.hosts.formualizer import evaluate

    with cli_plan.assumed(plan):
        result = evaluate(formula)
    _show(result, as_json)


@app.command()
def explain(
    formula: Annotated[str, typer.Argument(help="One call of a function, such as '=VIDEO_EGRESS(5,\"PB\")'.")],
    plan: PlanOption = None,
    as_json: Json = False,
) -> None:
    """Show every step behind a function's result, or why it fails."""
    from vidcost_xl.hosts.formualizer import evaluate
    from vidcost_xl.hosts.formulas import explaining_formula

    with cli_plan.assumed(plan):
        result = evaluate(explaining_formula(formula))
    _show(result, as_json)


@app.command(name="new")
def new(
    path: Annotated[Path, typer.Argument(help="The workbook to make, such as video-data-cost.xlsx.")],
    template: Annotated[
        str | None,
        typer.Option(help="What to make: quick, one printable page; or model, a whole plan month by month."),
    ] = None,
    plan: Annotated[
        str | None, typer.Option(help="For model: a preset (article, complete) or a plan file (.toml, .yaml).")
    ] = None,
    months: Annotated[int | None, typer.Option(help="For model: months of the plan, 12 to 60.")] = None,
    old: Annotated[
        Path | None, typer.Option("--from", help="A workbook of the template model whose plan and notes carry over.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    as_json: Json = False,
) -> None:
    """Make a computed workbook and print its headline table; with --from, exits with 3 when something was lost."""
    from vidcost_xl.sheets.plan.new import new_workbook

    if old is not None:
        if template not in {None, "model"} or plan is not None:
            raise BadArgumentError("--from takes the plan of a workbook of the template model; leave --plan out.")
        cli_workbook.new_from_old(path, old, months, force=force, as_json=as_json)
        return
    template = template or "quick"
    given = None if plan is None else _plan(plan)
    made = new_workbook(path, template, plan=given, months=months, force=force)
    _show(made.headline, as_json)
    if not as_json:
        typer.echo(f"written: {path}")


@app.command(name="check")
def check(
    path: Annotated[Path, typer.Argument(help="A workbook (.xlsx, .xlsm); read, never executed or changed.")],
    every: Annotated[bool, typer.Option("--all", help="Also every rule with its state, and what is accepted.")] = False,
    sheet: Annotated[
        Path | None, typer.Option(help="Write a copy with the sheet Self-audit here; owners named in it stay.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the copy if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """Measure the finance rules on any workbook, and on a plan of ours the model's own checks too.

    Exits with 0 when it is clean, 1 when there are findings or errors of the model, 2 when it cannot be read. Notes do
    not count, nor do warnings of the model, which are doubts about a plan and not faults of its workbook.
    """
    from vidcost_xl.sheets.review.self_audit import audit_file, write_audit_sheet

    audit = audit_file(path)
    if as_json:
        typer.echo(json.dumps({"file": str(path), **audit.as_dict()}, ensure_ascii=False))
    else:
        if audit.impossible:  # the cause, before what follows from it
            cli_workbook.print_impossible(audit.impossible, audit.following)
        elif audit.unread:
            typer.echo(f"the plan cannot be read, put this right first: {audit.unread}")
        for table in audit.report.tables(every=every):
            _show(table, False)
        if audit.plan:
            _show(audit.plan_table(), False)
        typer.echo(audit.report.summary())
    if sheet is not None:
        write_audit_sheet(path, sheet, audit, force=force)
        typer.echo(f"written: {sheet}", err=as_json)
    if not audit.is_clean:
        raise typer.Exit(1)


cli_workbook.register(app)
cli_diff.register(app)
cli_finance.register(app)
cli_monthend.register(app)
cli_plan.register(app)


@app.command(name="functions")
def list_functions(
    name: Annotated[str | None, typer.Argument(help="Only this function, with its arguments.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the reference as Markdown.")] = False,
) -> None:
    """Print the function reference, generated from the registry."""
    from vidcost_xl.functions.reference import reference

    typer.echo(reference(name, markdown=markdown))


prices = typer.Typer(no_args_is_help=True, help="The price book: list, show, verify, import, update.")
app.add_typer(prices, name="prices")


@prices.command(name="list")
def list_prices(
    text: Annotated[str, typer.Argument(help="Only meters whose id holds this text.")] = "", as_json: Json = False
) -> None:
    """List the meters of the price book with their first paid tier."""
    from vidcost_xl.prices.book import price_book
    from vidcost_xl.prices.review import price_table

    _show(price_table(price_book(), text), as_json)


@prices.command(name="show")
def show_price(
    meter: Annotated[str, typer.Argument(help="A meter, storage class or route.")],
    region: Annotated[str | None, typer.Option(help="The provider's name of the region.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The day whose prices hold, such as 2026-10-01.")] = None,
    as_json: Json = False,
) -> None:
    """Show the passport of a price: tiers, SKU, source, dates."""
    from vidcost_xl.functions.audit import VIDEO_SOURCE

    _show(VIDEO_SOURCE(meter, region, as_of), as_json)


@prices.command(name="verify")
def verify_prices(
    against: Annotated[
        Path | None, typer.Option(help="An AWS price list file (bulk offer JSON) to compare SKU by SKU.")
    ] = None,
    stale_days: Annotated[int, typer.Option(help="Prices read longer ago than this are reported.")] = 365,
    as_json: Json = False,
) -> None:
    """Check the price book: schema, references, doubtful and stale rows, and a provider's own file."""
    from vidcost_xl.prices.book import price_book
    from vidcost_xl.prices.offer import compare_offer
    from vidcost_xl.prices.review import review

    book = price_book()
    findings = review(book, date.today(), stale_days) if against is None else compare_offer(book, against)
    rows: list[list[Any]] = [["severity", "meter", "region", "finding"]]
    rows += [[finding.severity, finding.meter, finding.region, finding.text] for finding in findings]
    _show(rows, as_json)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


@prices.command(name="import")
def import_prices(
    file: Annotated[
        Path,
        typer.Argument(
            help="An AWS offer (JSON, CSV), pages of Azure Retail Prices, or SKUs of Google's catalogue (JSON)."
        ),
    ],
    day: Annotated[
        str | None, typer.Option(help="The day of a list that carries none (Azure, Google); the file's if left out.")
    ] = None,
    plan: PlanOption = None,
    accept: Annotated[bool, typer.Option("--accept", help="Write the changes to your own price folder.")] = False,
    also: Annotated[list[str] | None, typer.Option(help="A meter whose doubtful price is taken too.")] = None,
    as_json: Json = False,
) -> None:
    """Compare a provider's price list with the prices in use; --plan says what each change does, --accept writes them.

    They go to a folder of your own that lies over the shipped book: VIDCOST_PRICES, or vidcost-xl/prices among your
    settings. Each holds from its own day on, so that a plan priced on an earlier day stays as it is.
    """
    from vidcost_xl import cli_prices

    _show_import(cli_prices.import_list(file, day, plan, also or (), accept=accept), as_json)


@prices.command(name="update")
def update_prices(
    provider: Annotated[str, typer.Argument(help="aws or azure. Google's catalogue needs a key: save and import it.")],
    region: Annotated[
        list[str] | None, typer.Option(help="Of these regions; those of the plan, or of your own prices, if left out.")
    ] = None,
    service: Annotated[list[str] | None, typer.Option(help="Only these lists, such as AmazonS3.")] = None,
    plan: PlanOption = None,
    accept: Annotated[bool, typer.Option("--accept", help="Write the changes to your own price folder.")] = False,
    as_json: Json = False,
) -> None:
    """Fetch a provider's public price lists over HTTPS, and import each; the one command that uses the network.

    A list that breaks off is kept and gone on with by the next call; one that has not changed is not fetched again.
    Exits with 1 when a list could not be fetched or read; the others are imported.
    """
    from vidcost_xl import cli_prices

    with cli_workbook.progress() as say:
        reports = list(cli_prices.update_lists(provider, region or (), service or (), plan, say, accept=accept))
    for report in reports:
        _show_import(report, as_json)
    if any(report.failed for report in reports):
        raise typer.Exit(1)


def _show_import(report: cli_prices.Report, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False))
        return
    shown = [row for row in report.changes if row[0] != "gone"]
    if len(shown) > 1:
        _show(shown, False)
    if report.effects:
        typer.echo(report.effect_title)
        _print_table(report.effects, {len(report.effects[0]) - 1})
    for line in report.lines:
        typer.echo(line)


@app.command()
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
            _show(table, as_json)
        return
    bill = evaluate(plan_source(inputs).plan)
    if output is None:
        table = summary_table(bill)
        if as_json:
            _show(table, as_json)
        else:
            _print_ledger(table)
        return
    rows = write_ledger(bill, output, form, decimal=decimal, delimiter=delimiter, force=force)
    typer.echo(f"{output}: {rows} rows")


def _plan(inputs: str) -> Plan:
    from vidcost_xl.model.catalogue import PRESETS
    from vidcost_xl.model.files import preset, read_plan

    path = Path(inputs)
    return read_plan(path) if path.suffix and inputs not in PRESETS else preset(inputs)


@app.command()
def install(
    uninstall: Annotated[bool, typer.Option("--uninstall", help="Remove what an installation placed.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only say whether it is complete and current.")] = False,
    what_if: Annotated[bool, typer.Option("--what-if", help="Only say what would change.")] = False,
    as_json: Json = False,
) -> None:
    """Install the Excel add-in for this user, or check or remove it (Windows)."""
    from vidcost_xl.addin.commands import installation

    report = installation(uninstall=uninstall, check=check, what_if=what_if)
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        if report.changes:
            _show([["action", "file", "why"], *([each.action, each.path, each.why] for each in report.changes)], False)
        for line in report.lines(only_planned=check or what_if):
            typer.echo(line)
    if check and report.changed:
        raise typer.Exit(1)


@app.command()
def doctor(
    quick: Annotated[bool, typer.Option("--quick", help="Do not start the add-in's server.")] = False,
    as_json: Json = False,
) -> None:
    """Check every precondition of the Excel add-in, with the fix for each."""
    from vidcost_xl.addin.commands import examination

    checks = examination(ask=not quick)
    if as_json:
        typer.echo(json.dumps([vars(check) for check in checks], ensure_ascii=False))
    else:
        rows = [["check", "state", "found", "fix"]]
        _show(rows + [[check.name, check.state, check.found, check.fix] for check in checks], False)
    if any(check.state == "fail" for check in checks):
        raise typer.Exit(1)


def _show(result: Any, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_json(result, top=True), ensure_ascii=False))
    elif isinstance(result, list):
        _print_table(result)
    elif not isinstance(result, ExcelError):
        typer.echo(_text(result))
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


def _text(value: Any) -> str:
    if isinstance(value, ExcelError):
        return value.code
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        # Money to the cent; small quantities to ten digits. --json prints every digit.
        return f"{value:,.2f}".removesuffix(".00") if abs(value) >= CENTS_FROM else plainly(value)
    return str(value)


def _print_ledger(table: list[list[Any]]) -> None:
    # What costs less than half a cent in all months together is counted, not listed.
    head, *lines, total = table
    shown = [line for line in lines if round(line[-1], 2)]
    money = {len(head) - 2, len(head) - 1}
    _print_table([head, *shown, total], money)
    if len(shown) < len(lines):
        left = len(lines) - len(shown)
        typer.echo(f"  and {left} {'lines' if left > 1 else 'line'} that cost nothing; --json lists all, -o writes all")


def _print_table(rows: list[list[Any]], money: Set[int] = frozenset()) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    if len(rows[0]) > WIDEST_TABLE:  # a passport: one record below the other
        for row in rows[1:]:
            shown = [(heading, _text(cell)) for heading, cell in zip(rows[0], row, strict=True) if cell != ""]
            typer.echo("\n".join(f"{heading:>13}  {text}" for heading, text in shown) + "\n")
        return
    table = Table(box=box.SIMPLE_HEAD)
    numeric = [any(isinstance(row[column], float) for row in rows[1:]) for column in range(len(rows[0]))]
    for heading, right in zip(rows[0], numeric, strict=True):
        table.add_column(_text(heading), justify="right" if right else "left", overflow="fold")
    for row in rows[1:]:
        texts = (
            f"{cell:,.2f}" if at in money and isinstance(cell, float) else _text(cell) for at, cell in enumerate(row)
        )
        table.add_row(*(text.replace("[", "\\[") for text in texts))
    console = Console(soft_wrap=False) if sys.stdout.isatty() else Console(width=PIPE_WIDTH)
    console.print(table)


def _fail(message: str) -> NoReturn:
    typer.echo(f"vidcost: {message}", err=True)
    raise SystemExit(2)
