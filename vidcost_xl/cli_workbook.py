"""The commands of `vidcost` that work on a workbook file of the user's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from vidcost_xl.sheets.calc.calculate import Report

#: The exit code that says: written, but some cells keep their old value.
SOME_LEFT: Final = 3

#: Cells that are listed on a screen; --json lists all.
MOST_LISTED: Final = 40

_Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
_File = Annotated[Path, typer.Argument(help="An Excel workbook (.xlsx, .xlsm).", metavar="FILE")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command(name="calc")(calc)
    app.command(name="preview")(preview)
    app.command(name="refresh")(refresh)


def calc(
    file: _File,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a copy here; without it the file itself is patched.")
    ] = None,
    engine: Annotated[
        str, typer.Option(help="embedded, or libreoffice: a second opinion on everything but our functions.")
    ] = "embedded",
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: _Json = False,
) -> None:
    """Compute a workbook without Excel and put the values into it; nothing else in the file changes.

    Only where LibreOffice saved its own long names of our functions, those that Excel knows take their place.

    Exits with 3 when some cells keep their old value, which are then listed, and with 2 when the file is refused.
    """
    from vidcost_xl.sheets.calc.calculate import calculate_file
    from vidcost_xl.sheets.package.archive import Archive
    from vidcost_xl.sheets.package.workbook import Workbook
    from vidcost_xl.sheets.plan.reading.workbook import impossible_inputs

    with progress() as say:
        report = calculate_file(file, output, engine, force=force, say=say)
    made = output or file if report.written else file
    impossible = impossible_inputs(Workbook(Archive(made.read_bytes(), file.name)), file.name)
    if as_json:
        typer.echo(json.dumps({**report.as_dict(), "impossible": impossible}, ensure_ascii=False))
    else:
        _print(report)
        print_impossible(impossible)
    if report.left:
        raise typer.Exit(SOME_LEFT)


def new_from_old(
    path: Path, old: Path, months: int | None, only: str | None, more: str | None, *, force: bool, as_json: bool
) -> None:
    """`vidcost new PATH --from OLD`."""
    from vidcost_xl.sheets.plan.new import new_from

    with progress() as say:
        say(f"carrying {old.name} over")
        made, carried = new_from(path, old, months=months, only=only, more=more, force=force)
    if as_json:
        notes = {key: [vars(note) for note in getattr(carried, key)] for key in ("told", "lost")}
        typer.echo(json.dumps({"value": made.headline, **notes}, ensure_ascii=False))
    else:
        for note in carried.told:
            typer.echo(f"note: {note}")
        if carried.lost:
            typer.echo(f"not carried over ({len(carried.lost)}):")
        for note in carried.lost:
            typer.echo(f"  {note}")
        typer.echo(f"written: {path}; {old} stays as it is")
    if carried.lost:
        raise typer.Exit(SOME_LEFT)


def refresh(
    file: _File,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a copy here; without it the file itself is patched.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: _Json = False,
) -> None:
    """Write the sheet Ledger of a plan workbook again, from the inputs and changes that stand in it now."""
    from vidcost_xl.sheets.plan.reading.refresh import refresh_file

    with progress() as say:
        say("computing the ledger")
        report = refresh_file(file, output, force=force)
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False))
        return
    typer.echo(f"{report.rows:,} rows (before: {report.rows_before:,}), {report.total:,.2f} {report.currency}")
    for note in report.notes or ():
        typer.echo(f"note: {note}")
    typer.echo(f"written: {report.file}" if report.written else f"not written: {report.file} holds these rows already")


def preview(
    file: _File,
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder for the PDF and the PNG pages.")],
    resolution: Annotated[int, typer.Option(help="Dots per inch of the pages.", min=20, max=600)] = 110,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier preview.")] = False,
    as_json: _Json = False,
) -> None:
    """Print a workbook to PDF and PNG through LibreOffice, with the values that the file holds."""
    from vidcost_xl.sheets.compare.preview import preview as printed

    with progress() as say:
        say("printing through LibreOffice")
        made = printed(file, output, resolution, force=force)
    if as_json:
        typer.echo(json.dumps({"document": str(made.document), "pages": [str(page) for page in made.pages]}))
        return
    for path in (made.document, *made.pages):
        typer.echo(path)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """What a long command says it is doing, on a screen; nothing anywhere else."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda text: None
        return
    with console.status("starting") as status:
        yield status.update


def print_impossible(faults: Sequence[str], following: int = 0) -> None:
    """Every impossible input in a line, and how many failures follow from them."""
    for fault in faults[:MOST_LISTED]:
        typer.echo(fault)
    if len(faults) > MOST_LISTED:
        typer.echo(f"and {len(faults) - MOST_LISTED:,} more; --json lists all")
    if following:
        typer.echo(f"{following:,} failed checks and errors follow from {'it' if len(faults) == 1 else 'them'}")


def _print(report: Report) -> None:
    typer.echo(
        f"{report.computed:,} of {report.formulas:,} formulas computed ({report.engine}), {report.changed:,} values "
        "changed"
    )
    for note in report.notes:
        typer.echo(f"note: {note}")
    from vidcost_xl.sheets.formulas.dependents import DEPENDS

    first = report.left
    if len(first) > MOST_LISTED:  # what depends on others would bury them
        first = [each for each in first if not each.reason.startswith(DEPENDS)]
    if report.left:
        typer.echo(f"{len(report.left):,} cells keep their old value:")
    for each in first[:MOST_LISTED]:
        typer.echo(f"  {each.sheet}!{each.cell} {each.reason}")
    if len(first) > MOST_LISTED:
        typer.echo(f"  and {len(first) - MOST_LISTED:,} more; --json lists all")
    if len(report.left) > len(first):
        typer.echo(f"  and {len(report.left) - len(first):,} that depend on these; --json lists all")
    typer.echo(f"written: {report.file}" if report.written else f"not written: {report.file} stays as it is")
