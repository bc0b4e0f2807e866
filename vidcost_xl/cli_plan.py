"""The commands on a plan itself, and the plan that formulas of the command line mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from vidcost_xl.errors import BadArgumentError

PlanOption = Annotated[
    str | None,
    typer.Option(
        "--plan", help="The plan where the formula leaves it out: a preset, a file (.toml, .yaml), a plan workbook."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    plans = typer.Typer(no_args_is_help=True, help="A plan as a file: show or write it.")
    plans.command(name="show")(show)
    app.add_typer(plans, name="plan")


@contextmanager
def assumed(given: str | None) -> Iterator[None]:
    """While it lasts, `given` is the plan of every function that is called without one."""
    if given is None:
        yield
        return
    from vidcost_xl.functions.values import GIVEN_PLAN
    from vidcost_xl.sheets.plan.reading.source import plan_source

    token = GIVEN_PLAN.set(plan_source(given).plan)
    try:
        yield
    finally:
        GIVEN_PLAN.reset(token)


def show(
    plan: Annotated[
        str, typer.Argument(help="A preset (article, complete), a plan file (.toml, .yaml) or a plan workbook.")
    ] = "article",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write here (.toml, .yaml) instead of printing.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
) -> None:
    """Print a plan as a file, every input with its label and unit; a file may also hold only what differs.

    Such a file says base = "article" first, and then only the inputs that differ, in their tables.
    """
    from vidcost_xl.model.files import SUFFIXES, plan_to_text
    from vidcost_xl.sheets.package.safe_files.writing import write_file
    from vidcost_xl.sheets.plan.reading.source import plan_source

    ending = ".toml" if output is None else output.suffix.casefold()
    if ending not in SUFFIXES:
        raise BadArgumentError(f"{output} is no plan file; its name ends in one of {', '.join(SUFFIXES)}.")
    text = plan_to_text(plan_source(plan).plan, "toml" if ending == ".toml" else "yaml")
    if output is None:
        typer.echo(text, nl=False)
        return
    write_file(output, text.encode(), force=force, suffix=ending)
    typer.echo(f"written: {output}")
