"""One line of the doctor: whether LibreOffice has the extension, and asks this Python. Standard library only."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vidcost_xl import __version__
from vidcost_xl.addin.config import InstallError
from vidcost_xl.addin.requirements import Check
from vidcost_xl.addin.unopkg import Listed, Unopkg, program

NAME: Final = "LibreOffice"
_INSTALL: Final = "Run `vidcost install --libreoffice` with LibreOffice closed."
#: The start of where an extension lies, which LibreOffice does not write out.
_CACHE: Final = "vnd.sun.star.expand:$UNO_USER_PACKAGES_CACHE/"


def state() -> Check:
    """The extension for LibreOffice; nothing about it keeps the add-in for Excel from working."""
    if program() is None:
        return Check(NAME, "n/a", "not on this computer")
    try:
        found = Unopkg().listed()
    except InstallError as error:
        return Check(NAME, "note", error.problem, error.fix)
    if found is None:
        return Check(
            NAME, "n/a", "without the extension", f"For the functions in Calc: {_INSTALL[0].lower()}{_INSTALL[1:]}"
        )
    if found.version != __version__:
        return Check(NAME, "note", f"the extension is of version {found.version}, this is {__version__}", _INSTALL)
    if not found.is_registered:
        return Check(NAME, "note", f"the extension of version {found.version} is not registered as a whole", _INSTALL)
    asked = _python(found)
    if asked and not Path(asked).is_file():
        return Check(NAME, "note", f"the extension asks {asked}, which is not there", _INSTALL)
    if asked and Path(asked).parent != Path(sys.executable).parent:
        return Check(NAME, "note", f"the extension asks {asked}, this is {sys.executable}", _INSTALL)
    return Check(NAME, "ok", f"has the extension of version {found.version}")


def _python(found: Listed) -> str:
    # The Python that the extension asks; nothing where LibreOffice keeps its user's files in another place than usual.
    for profile in _profiles():
        settings = profile / "user" / "uno_packages" / "cache" / found.place.removeprefix(_CACHE) / "settings.json"
        try:
            return str(json.loads(settings.read_text("utf-8"))["command"][0])
        except (OSError, ValueError, LookupError, TypeError):
            continue
    return ""


def _profiles() -> Iterator[Path]:
    home = Path.home()
    if roaming := os.environ.get("APPDATA"):
        yield Path(roaming) / "LibreOffice" / "4"
    yield Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "libreoffice" / "4"
    yield home / "Library" / "Application Support" / "LibreOffice" / "4"
