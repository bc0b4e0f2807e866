"""The commands of `vidcost` by which a workbook goes to finance: hand-off, sign-off and its verification."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from vidcost_xl.cli_show import as_money
from vidcost_xl.cli_table import draw
from vidcost_xl.cli_workbook import MOST_LISTED, progress
from vidcost_xl.errors import BadArgumentError

if TYPE_CHECKING:
    from vidcost_xl.sheets.review.handoff.run import Handoff
    from vidcost_xl.sheets.review.signing.verify import Verified

#: The exit code that says: read, and something changed since it was signed.
CHANGED: Final = 1

#: Runs of frozen cells of a sheet that are listed on a screen.
MOST_RUNS: Final = 3

_Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
_File = Annotated[Path, typer.Argument(help="A workbook of ours (.xlsx, .xlsm).", metavar="FILE")]
_Force = Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")]
_Reason = Annotated[
    str, typer.Option("--reason", help="Go on in spite of failed checks; the text goes into the file for its reader.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command(name="handoff")(handoff)
    app.command(name="sign")(sign)
    app.command(name="verify")(verify)


def handoff(
    file: _File,
    output: Annotated[Path, typer.Option("--output", "-o", help="The hand-off (.xlsx); the workbook itself stays.")],
    by: Annotated[str, typer.Option("--as", help="Who hands it off; your user name when not given.")] = "",
    pdf: Annotated[
        Path | None,
        typer.Option(help="Also print the assumptions book: inputs, results, checks (.pdf, through LibreOffice)."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="With --pdf: print every sheet and row, the workings too.")
    ] = False,
    lambdas: Annotated[
        bool,
        typer.Option(
            "--lambda",
            help="Let three price functions be typed in the copy, in Excel 365 and 2024 with nothing installed.",
        ),
    ] = False,
    reason: _Reason = "",
    force: _Force = False,
    as_json: _Json = False,
) -> None:
    """Make a copy that anybody can recompute: native formulas only, the functions' answers frozen as values.

    No macro, no link, no hidden sheet. The sheet Handoff says who, when, from what, control totals, the largest
    difference of the functions and the native formulas, and what was changed. Exits with 2 when it is refused.
    """
    from vidcost_xl.sheets.review.handoff.print import check_book_target, print_book
    from vidcost_xl.sheets.review.handoff.run import Order, hand_off_file

    if everything and pdf is None:
        raise BadArgumentError("--all says what --pdf prints; write --pdf FILE with it.")
    if pdf is not None:
        check_book_target(pdf, force=force)
    with progress() as say:
        order = Order(by or getpass.getuser(), reason=reason, lambdas=lambdas)
        made = hand_off_file(file, output, order, force=force, say=say)
        pages = None
        if pdf is not None:
            say("printing the assumptions book through LibreOffice")
            pages = print_book(made.data, pdf, everything=everything, force=force)
    if as_json:
        printed = None if pdf is None else {"file": str(pdf), "sheets": pages}
        typer.echo(json.dumps({"file": str(output), "pdf": printed, **made.as_dict()}, ensure_ascii=False, default=str))
        return
    _print_handoff(made)
    if pdf is not None:
        typer.echo(f"printed: {pdf} ({', '.join(pages or ())}{'' if everything else '; --all prints everything'})")
    typer.echo(f"written: {output}")


def sign(
    file: _File,
    by: Annotated[str, typer.Option("--as", help="Who signs: the first is the preparer, the next a reviewer.")],
    reviewer: Annotated[str, typer.Option(help="Sign at once for a reviewer of this name, who is present.")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Sign a copy; without it the file itself is signed.")
    ] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Sign a changed file anew; earlier signatures go.")] = False,
    reason: _Reason = "",
    force: _Force = False,
    as_json: _Json = False,
) -> None:
    """Add the sheet Signed: what every cell says now, so that any change shows, without Python too.

    Prints a seal: keep it outside the file. Signing detects change; it cannot prevent forgery, since whoever can
    rewrite the sheet can sign anew, which only a seal kept elsewhere shows (vidcost verify --seal).
    """
    from vidcost_xl.sheets.review.signing.run import Order, sign_file

    with progress() as say:
        made = sign_file(file, output, Order(by, reviewer, reason=reason, anew=anew), force=force, say=say)
    target = output or file
    if as_json:
        signatures = [vars(each) for each in made.signatures]
        found: dict[str, Any] = {"file": str(target), "seal": made.seal, "signatures": signatures}
        typer.echo(json.dumps({**found, "notes": list(made.notes)}, ensure_ascii=False))
        return
    for note in made.notes:
        typer.echo(f"note: {note}")
    for each in made.signatures:
        typer.echo(f"{each.role}: {each.name}, {each.on}")
    typer.echo(f"seal: {made.seal}")
    typer.echo(f"signed: {target}")


def verify(
    file: _File,
    seal: Annotated[str, typer.Option(help="The seal that was kept outside the file; spaces do not count.")] = "",
    as_json: _Json = False,
) -> None:
    """List what changed since a workbook was signed, cell by cell, each with what it does to the total.

    Exits with 0 for an unchanged file, 1 for a changed one, 2 when it cannot be verified. It detects change and does
    not prevent forgery; a seal kept outside the file shows one that was signed anew.
    """
    from vidcost_xl.sheets.review.signing.verify import verify_file

    with progress() as say:
        found = verify_file(file, seal, say)
    if as_json:
        typer.echo(json.dumps({"file": str(file), **found.as_dict()}, ensure_ascii=False))
    else:
        _print_verified(found)
    if not found.is_unchanged:
        raise typer.Exit(CHANGED)


def _print_handoff(made: Handoff) -> None:
    worst = made.judged.difference
    cents = f"{abs(worst.amount):,.2f}"
    agree = "agree to the cent" if float(cents.replace(",", "")) == 0 else f"differ by at most {cents}"
    typer.echo(f"{worst.compared:,} amounts compared; functions and native formulas {agree}")
    for fault in made.judged.faults[:MOST_LISTED]:
        typer.echo(f"fault: {fault}")
    if len(made.judged.faults) > MOST_LISTED:
        typer.echo(f"and {len(made.judged.faults) - MOST_LISTED:,} more faults; --json lists all")
    for note in (*made.judged.notes, *made.changed):
        typer.echo(f"note: {note}")
    for each in made.frozen:
        more = f" and {len(each.cells) - MOST_RUNS:,} more runs" if len(each.cells) > MOST_RUNS else ""
        typer.echo(f"frozen: {each.sheet}!{', '.join(each.cells[:MOST_RUNS])}{more} ({each.why})")
    if any(len(each.cells) > MOST_RUNS for each in made.frozen):
        typer.echo("the sheet Handoff and --json list every frozen cell")


def _print_verified(found: Verified) -> None:
    for note in found.notes:
        typer.echo(f"note: {note}")
    for fault in (*found.sheet, *([found.seal] if found.seal else [])):
        typer.echo(f"CHANGED: {fault}")
    if found.changes:
        head, *rows = found.table()
        texts = [[as_money(cell) if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
        draw([head, *texts], {len(head) - 1}, most=MOST_LISTED, rest="--json lists all")
    typer.echo(found.summary())
