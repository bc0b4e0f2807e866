"""The command `lite`: the functions for xlwings Lite, in any Excel without an installation of Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from vidcost_xl.cli_show import Json


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command(name="lite")(lite)


def lite(
    output: Annotated[Path, typer.Option("-o", "--output", help="The folder to make, such as video-cost-lite.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the files of an earlier run; nothing else.")] = False,
    as_json: Json = False,
) -> None:
    """Make the functions for xlwings Lite: Excel on the web, on the Mac and on Windows without Python."""
    from vidcost_xl.addin.lite import write_lite

    written = write_lite(output, force=force)
    if as_json:
        typer.echo(json.dumps({"files": [str(path) for path in written]}, ensure_ascii=False))
        return
    for path in written:
        typer.echo(f"written: {path}")
    typer.echo(f"next: {output / 'README.md'} says how to use them")
