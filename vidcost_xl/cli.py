"""The command `vidcost`: formulas, new workbooks, checks; the other commands stand in the modules `cli_*`."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from vidcost_xl import (
    __version__,
    cli_actuals,
    cli_addin,
    cli_backtest,
    cli_bill,
    cli_decide,
    cli_decision,
    cli_diff,
    cli_finance,
    cli_ledger,
    cli_lite,
    cli_mix,
    cli_monthend,
    cli_plan,
    cli_prices,
    cli_scenarios,
    cli_variance,
    cli_workbook,
)
from vidcost_xl.cli_plan import PlanOption
from vidcost_xl.cli_show import Json, show
from vidcost_xl.errors import BadArgumentError, VideoCostError

if TYPE_CHECKING:
    from vidcost_xl.model.plan import Plan

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Price the data bill of video-model training.")

#: New objects between two looks for cycles, and looks at one generation between two at the next.
_COLLECTION: Final = (200_000, 50, 1_000)


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
    show(result, as_json)


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
    show(result, as_json)


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
    only: Annotated[
        str | None,
        typer.Option(
            help="For model: the parts it holds, bill, own or article, such as own,bill; each has what it reads."
        ),
    ] = None,
    more: Annotated[
        str | None,
        typer.Option(
            "--with", help="For model: parts beside those of the plan or the old workbook, such as scenarios."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    as_json: Json = False,
) -> None:
    """Make a computed workbook and print its headline table; with --from, exits with 3 when something was lost."""
    from vidcost_xl.sheets.plan.new import DEFAULT_PLAN, new_workbook
    from vidcost_xl.sheets.plan.parts import DEFAULT, EVERY, chosen_parts

    if old is not None:
        if template not in {None, "model"} or plan is not None:
            raise BadArgumentError("--from takes the plan of a workbook of the template model; leave --plan out.")
        cli_workbook.new_from_old(path, old, months, only, more, force=force, as_json=as_json)
        return
    if only is None and more is None:
        template = template or "quick"
    elif template not in {None, "model"}:
        raise BadArgumentError(f"the template {template} has no parts; write --template model.")
    # The article's own sheets belong to its plan; a budget, which begins with its inputs, has none unless it asks.
    given = None if plan is None else _plan(plan)
    parts = chosen_parts(EVERY if plan == DEFAULT_PLAN else DEFAULT, only, more)
    made = new_workbook(path, template or "model", plan=given, months=months, parts=parts, force=force)
    show(made.headline, as_json)
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
            show(table, False)
        if audit.plan:
            show(audit.plan_table(), False)
        typer.echo(audit.summary())
    if sheet is not None:
        write_audit_sheet(path, sheet, audit, force=force)
        typer.echo(f"written: {sheet}", err=as_json)
    if not audit.is_clean:
        raise typer.Exit(1)


cli_workbook.register(app)
cli_diff.register(app)
cli_finance.register(app)
cli_bill.register(app)
cli_monthend.register(app)
cli_variance.register(app)
cli_backtest.register(app)
cli_actuals.register(app)
cli_decide.register(app)
cli_decision.register(app)
cli_scenarios.register(app)
cli_plan.register(app)


@app.command(name="functions")
def list_functions(
    name: Annotated[str | None, typer.Argument(help="Only this function, with its arguments.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the reference as Markdown.")] = False,
) -> None:
    """Print the function reference, generated from the registry."""
    from vidcost_xl.functions.reference import reference

    typer.echo(reference(name, markdown=markdown))


cli_prices.register(app)
cli_ledger.register(app)
cli_mix.register(app)
cli_addin.register(app)
cli_lite.register(app)


def _plan(inputs: str) -> Plan:
    from vidcost_xl.model.catalogue import PRESETS
    from vidcost_xl.model.files import preset, read_plan

    path = Path(inputs)
    return read_plan(path) if path.suffix and inputs not in PRESETS else preset(inputs)


def _fail(message: str) -> NoReturn:
    typer.echo(f"vidcost: {message}", err=True)
    raise SystemExit(2)
