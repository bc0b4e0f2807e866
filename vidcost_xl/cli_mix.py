"""The command that finds the cheapest mix of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vidcost_xl.cli_decide import long_work
from vidcost_xl.cli_show import Json, show
from vidcost_xl.errors import BadArgumentError


def register(app: typer.Typer) -> None:
    """Add the command of this module to `app`."""
    app.command(name="mix")(mix)


def mix(
    plan: Annotated[
        str, typer.Argument(help="A preset (article, complete), a plan file (.toml, .yaml) or a plan workbook.")
    ] = "article",
    providers: Annotated[
        str,
        typer.Option(help="Providers allowed, such as b2,r2, or aws@eu-west-1 for one region; left out: all of them."),
    ] = "",
    most: Annotated[int | None, typer.Option(min=1, help="How many providers may be used.")] = None,
    budget: Annotated[float | None, typer.Option(min=0.0, help="What no month may cost more than.")] = None,
    link: Annotated[
        float | None, typer.Option(min=0.0, help="Gbit/s of the link to the GPUs; left out: the plan's.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1.0, help="After so many the best so far is the answer.")] = 60.0,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the plan with the mix here (.toml, .yaml).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """Find the class, region, route and move of each representation, and the copy's share, that cost least.

    Says what is not proved of it, the next best, and what each limit costs. Stopped with Ctrl-C it has written nothing.
    """
    import numpy as np

    from vidcost_xl.analysis.mix.limits import Limits
    from vidcost_xl.analysis.mix.mix import mix as cheapest
    from vidcost_xl.functions.mix import mix_table
    from vidcost_xl.model.files import SUFFIXES, plan_to_text
    from vidcost_xl.sheets.package.safe_files.writing import write_file
    from vidcost_xl.sheets.plan.reading.source import plan_source

    ending = ".toml" if output is None else output.suffix.casefold()
    if ending not in SUFFIXES:
        raise BadArgumentError(f"{output} is no plan file; its name ends in one of {', '.join(SUFFIXES)}.")
    source = plan_source(plan).plan
    months = None if budget is None else np.full(source.calendar.months, budget)
    limits = Limits(most, months, source.number("limits.link_gbps") if link is None else link, seconds=seconds)
    names = [name for name in providers.split(",") if name.strip()]
    if providers and not names:
        raise BadArgumentError("--providers names none; leave it out for all of them.")
    with long_work() as tell:
        found = cheapest(source, names, limits, tell)
    show(mix_table(found), as_json)
    if output is not None:
        text = plan_to_text(found.best.bill.plan, "toml" if ending == ".toml" else "yaml")
        write_file(output, text.encode(), force=force, suffix=ending)
        typer.echo(f"written: {output}", err=as_json)
