"""Puts the extension into LibreOffice for this user, and takes it out again, with LibreOffice's own `unopkg`."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from vidcost_xl import __version__
from vidcost_xl.addin.config import InstallError
from vidcost_xl.addin.oxt import IDENTIFIER, command, extension
from vidcost_xl.addin.plan import Change, Report

#: Where LibreOffice puts its programs when they are on no search path.
_PLACES: Final = (
    r"C:\Program Files\LibreOffice\program\unopkg.com",
    "/Applications/LibreOffice.app/Contents/MacOS/unopkg",
    "/usr/lib/libreoffice/program/unopkg",
    "/opt/libreoffice/program/unopkg",
)
_NAME: Final = f"LibreOffice extension {IDENTIFIER}"
_TIME_LIMIT: Final = 300
_AGAIN: Final = "start LibreOffice again to see it"


def installation(*, uninstall: bool, check: bool, what_if: bool) -> Report:
    """Install, check or uninstall the extension.

    Raises
    ------
    InstallError
        Says what is wrong and what to do.
    """
    if uninstall and check:
        raise InstallError("--uninstall and --check exclude each other.", "Give one of them.")
    installed = _installed()
    if uninstall:
        changes = [Change("remove", _NAME, f"version {installed}")] if installed else []
    else:
        changes = [Change("replace" if installed else "place", _NAME, f"version {installed}" if installed else "")]
    if check:
        is_current = installed == __version__
        notes = [f"verified: version {installed} is installed"] if is_current else []
        return Report(changes=[] if is_current else changes, notes=notes)
    if what_if or not changes:
        return Report(changes=changes)
    if uninstall:
        _unopkg("remove", IDENTIFIER)
        return Report(changes=changes, notes=_seen(""), next_step=_AGAIN)
    egress = _asked()
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "vidcost.oxt"
        package.write_bytes(extension())
        _unopkg("add", "--force", str(package))
    notes = [f"verified: this Python answers, =VIDEO_EGRESS() is {egress:,.2f}", *_seen(__version__)]
    return Report(changes=changes, notes=notes, next_step=_AGAIN)


def _seen(version: str) -> list[str]:
    found = _installed()
    if found != version:
        wanted = version or "none"
        raise InstallError(
            f"LibreOffice lists version {found or 'none'}, not {wanted}.", "Close it and run this again."
        )
    return [f"verified: LibreOffice lists version {version}" if version else "verified: LibreOffice does not list it"]


def _installed() -> str:
    # The version that is there, or nothing.
    lines = [line.strip() for line in _unopkg("list").splitlines()]
    if f"Identifier: {IDENTIFIER}" not in lines:
        return ""
    behind = lines[lines.index(f"Identifier: {IDENTIFIER}") :]
    return next(line.partition(": ")[2] for line in behind if line.startswith("Version: "))


def _asked() -> float:
    # What the process that LibreOffice will start answers.
    question = json.dumps({"function": "VIDEO_EGRESS", "arguments": []}) + "\n"
    try:
        answer = subprocess.run(  # noqa: S603 - this Python
            command(), input=question, capture_output=True, text=True, check=True, timeout=_TIME_LIMIT
        ).stdout
        return float(json.loads(answer)["rows"][0][0])
    except (OSError, subprocess.SubprocessError, ValueError, TypeError) as error:
        raise InstallError(f"This Python does not answer: {error}.", "Make its environment anew.") from None


def _unopkg(*arguments: str) -> str:
    program = shutil.which("unopkg") or next((each for each in _PLACES if Path(each).is_file()), None)
    if program is None:
        raise InstallError("LibreOffice was not found: it has no unopkg on the path.", "Install LibreOffice first.")
    return _run([program, *arguments])


def _run(line: Sequence[str]) -> str:
    # LibreOffice speaks the language of the user; what is read here does not depend on it.
    try:
        done = subprocess.run(  # noqa: S603 - LibreOffice's own program
            line, capture_output=True, text=True, errors="replace", check=False, timeout=_TIME_LIMIT
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise InstallError(f"{line[0]} did not run: {error}.", "Repair LibreOffice.") from None
    if done.returncode != 0:
        said = " ".join((done.stderr or done.stdout).split())
        raise InstallError(
            f"LibreOffice's unopkg refused: {said}", "Close LibreOffice, and run this as the user who works with it."
        )
    return done.stdout
