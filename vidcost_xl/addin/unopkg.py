"""LibreOffice's own installer of extensions, `unopkg`: what it lists, adds and removes, also where it crashes.

It may crash before, during or after its work. A crash during the work leaves the lock of the profile, for which
`unopkg` then refuses everything, or an extension that is listed and not registered. So after a crash the lock that it
left is removed, the list says whether the work is done, and what is not done is tried again. It may also do all its
work and then end with an error of its own about tidying up. Standard library only.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from vidcost_xl.addin.config import InstallError

#: What LibreOffice knows the extension by.
IDENTIFIER: Final = "org.vidcost.functions"

#: Where LibreOffice puts its programs when they are on no search path.
_PLACES: Final = (
    r"C:\Program Files\LibreOffice\program\unopkg.com",
    "/Applications/LibreOffice.app/Contents/MacOS/unopkg",
    "/usr/lib/libreoffice/program/unopkg",
    "/opt/libreoffice/program/unopkg",
)
_TIME_LIMIT: Final = 300
_TRIES: Final = 3
#: A shell that started a program adds the number of the signal that ended it.
_SHELL: Final = 128
#: Exit codes of Windows from here on are exceptions.
_WINDOWS: Final = 0xC000_0000
#: What the lock of a LibreOffice that people work in says, and that of this program does not.
_AN_OFFICE: Final = "IPCServer=true"
#: Seconds by which the clock of a file system may be behind.
_CLOCK: Final = 0.1


def program() -> str | None:
    """Where the program is, on the path or where LibreOffice puts it; None where it is not there."""
    return shutil.which("unopkg") or next((each for each in _PLACES if Path(each).is_file()), None)


class Listed(NamedTuple):
    """The extension as LibreOffice lists it."""

    version: str
    #: Where it lies, which is elsewhere after every installation.
    place: str
    #: Whether all its parts are.
    is_registered: bool


class Unopkg:
    """The program, and how often it crashed so far.

    Raises
    ------
    InstallError
        Says that LibreOffice is not there, that it refuses, or that it crashes, and what to do.
    """

    def __init__(self) -> None:
        found = program()
        if found is None:
            raise InstallError("LibreOffice was not found: it has no unopkg on the path.", "Install LibreOffice first.")
        self._program = found
        self._times_of_crashes: list[tuple[float, float]] = []
        #: Every crash that was got over, in words.
        self.notes: list[str] = []

    def listed(self) -> Listed | None:
        """The extension, where LibreOffice has it."""
        lines = [line.strip() for line in self._said("list").splitlines()]
        if f"Identifier: {IDENTIFIER}" not in lines:
            return None
        behind = lines[lines.index(f"Identifier: {IDENTIFIER}") :]
        version, place, registered = (
            next((line.removeprefix(name) for line in behind if line.startswith(name)), "")
            for name in ("Version: ", "URL: ", "is registered: ")
        )
        return Listed(version, place, is_registered=registered == "yes")

    def add(self, package: Path) -> None:
        """Install a package, in place of one that is there."""
        before = self.listed()

        def is_added() -> bool:
            now = self.listed()
            return now is not None and now.is_registered and (before is None or now.place != before.place)

        self._said("add", "--force", str(package), is_done=is_added)

    def remove(self) -> None:
        """Uninstall the extension."""
        self._said("remove", IDENTIFIER, is_done=lambda: self.listed() is None)

    def _said(self, verb: str, *arguments: str, is_done: Callable[[], bool] = lambda: False) -> str:
        tries = 0
        while True:
            started, at_first = time.time(), time.monotonic()
            done = self._run(verb, *arguments)
            if done.returncode == 0:
                return done.stdout
            reason = _crash(done.returncode)
            if reason:
                tries += 1
                ended = started + time.monotonic() - at_first
                self._times_of_crashes.append((started - _CLOCK, ended + _CLOCK))
            elif self._is_free_again(done.stdout + done.stderr):
                continue
            said = f"crashed at `unopkg {verb}` ({reason})" if reason else f"refused: {_words(done)}"
            if is_done():
                self.notes.append(f"LibreOffice's unopkg {said} after its work was done")
                return ""
            if not reason:
                raise InstallError(
                    f"LibreOffice's unopkg {said}", "Close LibreOffice, and run this as the user who works with it."
                )
            if tries == _TRIES:
                raise InstallError(
                    f"LibreOffice's unopkg crashed {_TRIES} times at `unopkg {verb}` ({reason}).",
                    "Close LibreOffice and try again. If it crashes again, repair LibreOffice, or start it once in its "
                    "safe mode and reset the extensions.",
                )
            self.notes.append(f"LibreOffice's unopkg {said} and was started again")

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(  # noqa: S603 - LibreOffice's own program
                [self._program, *arguments],
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                timeout=_TIME_LIMIT,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise InstallError(f"{self._program} did not run: {error}.", "Repair LibreOffice.") from None

    def _is_free_again(self, said: str) -> bool:
        # Whether it refused for the lock of a run that crashed here, and that lock is gone now. LibreOffice names the
        # file in the language of the user, so the path is what tells; a lock from another time is not ours.
        for path in (Path(line.strip()) for line in said.splitlines() if line.strip().endswith(".lock")):
            if not path.is_file() or _AN_OFFICE in path.read_text(encoding="utf-8", errors="replace"):
                continue
            if any(at <= path.stat().st_mtime <= to for at, to in self._times_of_crashes):
                path.unlink()
                return True
        return False


def _words(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join((done.stderr or done.stdout).split())


def _crash(code: int) -> str:
    # What ended a program that did not end itself; nothing where it did.
    if code >= _WINDOWS:
        return f"exception {code:#x}"
    number = -code if code < 0 else code - _SHELL
    return (signal.strsignal(number) or f"signal {number}") if number in signal.valid_signals() else ""
