"""The command that answers all questions about a plan on one page, and writes it into the plan's workbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from vidcost_xl.cli_decide import Columns, Draws, PlanArgument, Rows, Seed, axes, long_work
from vidcost_xl.cli_show import Json
from vidcost_xl.cli_table import draw
from vidcost_xl.errors import BadArgumentError

if TYPE_CHECKING:
    from vidcost_xl.analysis.decision import Decision
    from vidcost_xl.analysis.decision_tables import Table

#: Levers that a screen lists.
LEVERS: Final = 3

_WIDTH: Final = 180


def register(app: typer.Typer) -> None:
    """Add the command of this module to `app`."""
    app.command(name="decide")(decide)


def decide(
    plan: PlanArgument,
    budget: Annotated[
        float | None, typer.Option(help="Of --output: the chance to exceed it, and what makes it exceeded.")
    ] = None,
    output: Annotated[str, typer.Option(help="monthly (an average month), annual, total or peak.")] = "monthly",
    providers: Annotated[
        str, typer.Option(help="Whose places are compared, such as b2,r2; all of the book when not given.")
    ] = "",
    rows: Rows = None,
    columns: Columns = None,
    draws: Draws = 10_000,
    seed: Seed = 1,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown instead of text.")] = False,
    stamp: Annotated[
        bool, typer.Option("--stamp", help="Write the sheet Decisions into the plan workbook, or write it again.")
    ] = False,
    copy: Annotated[Path | None, typer.Option("--copy", "-o", help="With --stamp: write a copy here instead.")] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="With --stamp: drop what was typed into an earlier sheet.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the copy if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """One page: the cheapest places, what moves the bill, when a site pays, how sure it is, and what turns the answers.

    A table of --rows by --columns, or of passes by the size of a video, is part of it. It takes up to a minute. The
    sheet holds values, with their time, the digest of the inputs and the seed; vidcost check says when the inputs are
    others since.
    """
    from vidcost_xl.analysis.decision import Wanted
    from vidcost_xl.analysis.decision import decide as decided
    from vidcost_xl.analysis.decision_sentences import sentences
    from vidcost_xl.analysis.decision_tables import tables
    from vidcost_xl.functions.decide import provider_names
    from vidcost_xl.model.catalogue import PRESETS
    from vidcost_xl.sheets.plan.reading.source import plan_source

    if not stamp and (copy is not None or anew or force):
        raise BadArgumentError("--copy, --anew and --force say how the sheet is written; write --stamp with them.")
    if stamp and plan in PRESETS:
        raise BadArgumentError(
            f"{plan} is a preset: --stamp writes into a plan workbook. vidcost new plan.xlsx --template model --plan "
            f"{plan} makes one."
        )
    if budget is not None and budget < 0:
        raise BadArgumentError(f"--budget {budget:g} is below 0.")
    among = tuple(provider_names(providers or None))
    wanted = Wanted(output.strip().casefold(), draws, seed, budget, among, axes(rows, columns))
    file = None
    if stamp:
        from vidcost_xl.sheets.compare.decisions.run import write_decision
        from vidcost_xl.sheets.package.safe_files.placing import placing

        with long_work():
            place = placing(Path(plan), copy, force=force)
            found = write_decision(place, wanted, anew=anew)
        name, file = place.path.name, place.shown
    else:
        with long_work():
            source = plan_source(plan)
            found, name = decided(source.plan, wanted), source.name
    listed = tables(found, LEVERS)
    if as_json:
        typer.echo(json.dumps({"plan": name, **_as_dict(found, listed), "file": file}, ensure_ascii=False))
        return
    if markdown:
        typer.echo(_markdown(name, sentences(found), listed))
    else:
        typer.echo(f"Decisions: {name}\n")
        for sentence in sentences(found):
            typer.echo(f"- {sentence}")
        for table in listed:
            typer.echo()
            _draw(table)
    if file is not None:
        typer.echo(f"written: {file}, sheet Decisions", err=markdown)


def _texts(table: Table) -> list[list[str]]:
    from vidcost_xl.analysis.decision_tables import as_text

    forms = [form for _, form in table.columns]
    return [[as_text(cell, form) for cell, form in zip(row, forms, strict=True)] for row in table.rows]


def _draw(table: Table) -> None:
    if table.rows:
        right = [at for at, (_, form) in enumerate(table.columns) if form != "text"]
        heads = [head for head, _ in table.columns]
        draw([heads, *_texts(table)], right, title=table.title, width=_WIDTH)
    else:
        typer.echo(table.title)
    for note in table.notes:
        typer.echo(f"  {note}")


def _markdown(name: str, said: list[str], listed: list[Table]) -> str:
    lines = [f"# Decisions: {name}", "", *(f"- {each}" for each in said)]
    for table in listed:
        lines += ["", f"## {table.title}"]
        if table.rows:
            lines += ["", _piped([head for head, _ in table.columns])]
            lines.append("|" + "|".join("---" if form == "text" else "---:" for _, form in table.columns) + "|")
            lines += [_piped(row) for row in _texts(table)]
        lines += [line for note in table.notes for line in ("", note)]
    return "\n".join(lines)


def _piped(texts: list[str]) -> str:
    return "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"


def _as_dict(found: Decision, listed: list[Table]) -> dict[str, Any]:
    from vidcost_xl.analysis.decision_sentences import sentences

    made = {
        table.title: [dict(zip((head for head, _ in table.columns), row, strict=True)) for row in table.rows]
        for table in listed
    }
    above = found.risk.above
    return {
        "currency": found.currency,
        "output": found.wanted.what,
        "sentences": sentences(found),
        "tables": made,
        "chance_above_budget": None if above is None else above.value,
        "draws": found.risk.draws,
        "seed": found.wanted.seed,
    }
