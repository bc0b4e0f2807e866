"""The command `vidcost` as tests call it: in their own process, since starting another takes longer than the work."""

from __future__ import annotations

import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from subprocess import CompletedProcess
from unittest.mock import patch

from vidcost_xl.cli import main


def vidcost(*arguments: object) -> CompletedProcess[str]:
    """What the command prints, and its exit code; what it does not catch is raised."""
    out, err, code = StringIO(), StringIO(), 0
    with patch.object(sys, "argv", ["vidcost", *map(str, arguments)]), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
    return CompletedProcess(list(arguments), code, out.getvalue(), err.getvalue())
