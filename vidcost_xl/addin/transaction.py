"""Changing several files so that either all of them change or none does.

What stood there before is copied and noted in a journal before the first change. A failure
puts it back at once; after a crash, or a power cut, the next run finds the journal and puts
it back then. Standard library only.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from vidcost_xl.addin.config import ADDIN_NAME, InstallError

CLOSE_EXCEL = "Close every Excel window and run it again."


@dataclass
class Transaction:
    """A set of changes to files.

    Parameters
    ----------
    backup : Path
        Folder for the copies and the journal; it exists only while changes are under way.
    """

    backup: Path
    entries: list[tuple[Path, Path | None]] = field(default_factory=list)
    made: list[Path] = field(default_factory=list)

    @property
    def journal(self) -> Path:
        """The list of what is being changed."""
        return self.backup / "journal.json"

    def __enter__(self) -> Self:
        self.folder(self.backup)
        self._note()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._forget()
            return
        self.roll_back()
        if isinstance(error, OSError) and not isinstance(error, InstallError):
            raise explained(error) from error

    def folder(self, path: Path) -> None:
        """Make a folder and the ones above it; a roll-back removes those that are empty again."""
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        path.mkdir(parents=True, exist_ok=True)
        self.made += reversed(missing)

    def write(self, path: Path, data: bytes) -> None:
        """Replace a file, or make it."""
        self.folder(path.parent)
        self._save(path)
        replace(path, data)

    def remove(self, path: Path) -> None:
        """Remove a file that exists."""
        self._save(path)
        path.unlink()

    def roll_back(self) -> None:
        """Put everything back.

        Raises
        ------
        InstallError
            Names the copies that could not be put back; they stay where they are.
        """
        stuck = []
        for path, copy in reversed(self.entries):
            try:
                if copy is not None:
                    replace(path, copy.read_bytes())
                else:
                    path.unlink(missing_ok=True)
            except OSError:
                stuck.append(f"{path} (its copy: {copy})" if copy else str(path))
        if stuck:
            raise InstallError(f"The previous state of {', '.join(stuck)} could not be put back yet.", CLOSE_EXCEL)
        self._forget()
        for folder in reversed(self.made):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    def _save(self, path: Path) -> None:
        copy = None
        if path.exists():
            copy = self.backup / f"{len(self.entries)}-{path.name}"
            shutil.copyfile(path, copy)
        self.entries.append((path, copy))
        self._note()

    def _note(self) -> None:
        noted = [[str(path), None if copy is None else str(copy)] for path, copy in self.entries]
        replace(self.journal, json.dumps(noted).encode())

    def _forget(self) -> None:
        # The journal goes first: copies without one are only litter.
        self.journal.unlink(missing_ok=True)
        shutil.rmtree(self.backup, ignore_errors=True)


def recover(backup: Path) -> list[str]:
    """Put back what a run that was cut off had begun to change.

    Returns
    -------
    list of str
        The files that were put back; empty when nothing was cut off.
    """
    past = Transaction(backup)
    if not past.journal.exists():
        shutil.rmtree(backup, ignore_errors=True)
        return []
    noted = json.loads(past.journal.read_text(encoding="utf-8"))
    past.entries = [(Path(path), None if copy is None else Path(copy)) for path, copy in noted]
    past.roll_back()
    return [path for path, _ in noted]


def replace(path: Path, data: bytes) -> None:
    """Write a file in one step: a reader sees the old content or the new one.

    Excel opens whatever lies in XLSTART, so the unfinished file lies one folder up, on the same volume.
    """
    folder = path.parent.parent if path.name == ADDIN_NAME else path.parent
    unfinished = folder / f"{path.name}.{os.getpid()}.part"
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def refuse_locked(path: Path) -> None:
    """Refuse a file that another program holds open.

    Parameters
    ----------
    path : Path
        May be missing.

    Raises
    ------
    InstallError
        Says to close Excel.
    """
    if not path.exists():
        return
    try:
        with path.open("r+b"):
            pass
    except PermissionError:
        raise InstallError(
            f"{path} is locked: most likely Excel has it open.", f"{CLOSE_EXCEL} Nothing was changed."
        ) from None


def explained(error: OSError) -> InstallError:
    """An error of the operating system as one that says what to do."""
    where = error.filename or "a file"
    fix = CLOSE_EXCEL if isinstance(error, PermissionError) else "Correct that and run it again."
    return InstallError(
        f"{where}: {error.strerror or error}.", f"{fix} Everything was put back as it was; the previous state works."
    )
