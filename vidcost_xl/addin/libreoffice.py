"""Puts the extension into LibreOffice for this user, and takes it out again, with LibreOffice's own `unopkg`."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from vidcost_xl import __version__
from vidcost_xl.addin.config import InstallError
from vidcost_xl.addin.oxt import command, extension
from vidcost_xl.addin.plan import Change, Report
from vidcost_xl.addin.unopkg import IDENTIFIER, Unopkg

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
    unopkg = Unopkg()
    installed = unopkg.listed()
    version = f"version {installed.version}" if installed else ""
    if uninstall:
        changes = [Change("remove", _NAME, version)] if installed else []
    else:
        changes = [Change("replace" if installed else "place", _NAME, version)]
    if check:
        is_current = installed is not None and installed.version == __version__ and installed.is_registered
        notes = [f"verified: {version} is installed"] if is_current else []
        return Report(changes=[] if is_current else changes, notes=[*unopkg.notes, *notes])
    if what_if or not changes:
        return Report(changes=changes, notes=unopkg.notes)
    if uninstall:
        unopkg.remove()
        seen = _seen(unopkg, "")
        return Report(changes=changes, notes=[*unopkg.notes, *seen], next_step=_AGAIN)
    egress = _asked()
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "vidcost.oxt"
        package.write_bytes(extension())
        unopkg.add(package)
    seen = _seen(unopkg, __version__)
    notes = [f"verified: this Python answers, =VIDEO_EGRESS() is {egress:,.2f}", *unopkg.notes, *seen]
    return Report(changes=changes, notes=notes, next_step=_AGAIN)


def _seen(unopkg: Unopkg, version: str) -> list[str]:
    found = unopkg.listed()
    if (found.version if found else "") != version:
        raise InstallError(
            f"LibreOffice lists version {found.version if found else 'none'}, not {version or 'none'}.",
            "Close it and run this again.",
        )
    if found and not found.is_registered:
        raise InstallError(
            f"LibreOffice lists version {version}, and did not register all its parts.", "Close it and run this again."
        )
    return [f"verified: LibreOffice lists version {version}" if version else "verified: LibreOffice does not list it"]


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
