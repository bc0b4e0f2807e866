"""The commands of the add-ins: install, doctor."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from vidcost_xl.cli_show import Json, show


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command(name="install")(install)
    app.command(name="doctor")(doctor)


def install(
    uninstall: Annotated[bool, typer.Option("--uninstall", help="Remove what an installation placed.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only say whether it is complete and current.")] = False,
    what_if: Annotated[bool, typer.Option("--what-if", help="Only say what would change.")] = False,
    libreoffice: Annotated[
        bool, typer.Option("--libreoffice", help="The extension for LibreOffice, on any system, instead.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Install the Excel add-in (Windows) or the extension for LibreOffice for this user, or check or remove it."""
    if libreoffice:
        from vidcost_xl.addin.libreoffice import installation
    else:
        from vidcost_xl.addin.commands import installation

    report = installation(uninstall=uninstall, check=check, what_if=what_if)
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        if report.changes:
            show([["action", "file", "why"], *([each.action, each.path, each.why] for each in report.changes)], False)
        for line in report.lines(only_planned=check or what_if):
            typer.echo(line)
    if check and report.changed:
        raise typer.Exit(1)


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
        show(rows + [[check.name, check.state, check.found, check.fix] for check in checks], False)
    if any(check.state == "fail" for check in checks):
        raise typer.Exit(1)
