"""The batch file beside the configuration that runs `vidcost` of the environment in use. Standard library only."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from vidcost_xl.addin.config import Folders
from vidcost_xl.addin.machine import Machine

#: What cmd calls UTF-8.
_UTF_8: Final = 65001


def command_file(machine: Machine, places: Folders) -> bytes:
    """A batch file that runs `vidcost` of this environment with whatever stands behind it."""
    page, encoding, path = _for_cmd(machine, places, machine.prefix / "Scripts" / "python.exe")
    lines = [
        *([f"@chcp {page} >nul"] if page else []),
        f'@if exist "{path}" goto run',
        f'@echo "{path}" is missing. Close Excel and run install.ps1 again.',
        "@exit /b 2",
        ":run",
        f'@"{path}" -I -m vidcost_xl %*',
        "",
    ]
    return "\r\n".join(lines).encode(encoding)


def _for_cmd(machine: Machine, places: Folders, python: Path) -> tuple[int, str, str]:
    # The code page that cmd has to read the file in, 0 where all do; its name in Python; the path as cmd takes it.
    absolute = str(python).replace("%", "%%")
    if python.is_relative_to(places.home) or not absolute.isascii():
        # From where the file lies: what both paths begin with, such as the user's name, does not stand in it.
        with suppress(ValueError):  # another drive
            steps = os.path.relpath(python, places.home).replace("/", "\\")
            if steps.isascii():
                return 0, "ascii", f"%~dp0{steps.replace('%', '%%')}"
    for form in (absolute, machine.short_path(python).replace("%", "%%")):
        if form.isascii():
            return 0, "ascii", form
    # Without a console, cmd reads the code page of DOS, and chcp changes nothing.
    encoding = f"cp{machine.dos_page}"
    try:
        absolute.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return _UTF_8, "utf-8", absolute
    return machine.dos_page, encoding, absolute
