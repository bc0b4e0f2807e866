"""What an installation would change, told apart from changing it. Standard library only."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from vidcost_xl import __version__
from vidcost_xl.addin.command_file import command_file
from vidcost_xl.addin.config import (
    ADDIN_NAME,
    DLL_32,
    DLL_64,
    Configuration,
    Folders,
    InstallError,
    configuration,
    parse,
)
from vidcost_xl.addin.machine import Machine
from vidcost_xl.addin.requirements import file_hash

#: The new content of files; None removes one.
Contents = dict[Path, bytes | None]


@dataclass(frozen=True)
class Change:
    """One file and what happens to it.

    Parameters
    ----------
    action : str
        place, replace, keep, unblock, remove or leave.
    """

    action: str
    path: str
    why: str = ""


@dataclass
class Report:
    """What was done, or would be.

    Parameters
    ----------
    version : str
        Of the product.
    next_step : str
        What the user does once it is done.
    """

    version: str = __version__
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    next_step: str = "start Excel again to see it"

    @property
    def changed(self) -> bool:
        """Whether any file is different afterwards."""
        return any(change.action not in {"keep", "leave"} for change in self.changes)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        told = {key: value for key, value in asdict(self).items() if key != "next_step"}
        return {**told, "changed": self.changed}

    def lines(self, *, only_planned: bool) -> list[str]:
        """What to say below the table of changes.

        Parameters
        ----------
        only_planned : bool
            Whether the changes were only looked at.
        """
        if not self.changed:
            return [*self.notes, "nothing to change" if only_planned else "nothing was changed"]
        return [*self.notes, *([] if only_planned else [f"done; {self.next_step}"])]


def packaged_addin() -> bytes:
    """The add-in that this version ships.

    Raises
    ------
    InstallError
        If the installed package lacks it.
    """
    try:
        return (resources.files("vidcost_xl.addin") / "data" / ADDIN_NAME).read_bytes()
    except OSError:
        raise InstallError(
            f"The package holds no {ADDIN_NAME}.", "Install from a complete wheel or checkout."
        ) from None


def plan(machine: Machine, places: Folders, addin: bytes) -> tuple[Report, Contents]:
    """What an installation would change, without changing it.

    Returns
    -------
    Report
        With a reason for each change.
    dict of Path to bytes or None
        The new content of the files that change; None removes one.
    """
    report = Report()
    contents: Contents = {}
    old, why = _old_configuration(machine, places)
    new = configuration(machine, places, old)
    if old and not why and (old.interpreter, old.dll) != (new.interpreter, new.dll):
        why = f"it names the environment of {old.interpreter}"
    before = str(read_record(places).get("version", "an unknown version"))
    replaced = f"{before} gives way to {__version__}" if before != __version__ else "it was not what this version ships"
    wanted = {
        places.addin: (addin, replaced),
        places.config: (machine.to_ansi(new.text) or b"", why),
        places.command: (command_file(machine, places), "it ran another environment"),
    }
    for path, (content, reason) in wanted.items():
        if path.is_file() and (path.read_bytes() == content or (path == places.config and old == new)):
            report.changes.append(Change("keep", str(path)))
            continue
        action = "replace" if path.exists() else "place"
        report.changes.append(Change(action, str(path), reason if path.exists() else ""))
        contents[path] = content
    for name, digest in read_record(places).get("files", {}).items():
        path = Path(name)
        if path not in wanted and path.is_file() and file_hash(path) == digest:
            report.changes.append(Change("remove", name, f"{before} placed it"))
            contents[path] = None
    if not contents and (before != __version__ or read_record(places).get("files") != placed_hashes({}, places)):
        report.changes.append(Change("replace", str(places.record), "it did not list what is placed"))
    for path in (places.addin, machine.prefix / DLL_64, machine.prefix / DLL_32):
        if path not in contents and machine.downloaded(path):
            report.changes.append(Change("unblock", str(path), "Windows marks it as downloaded"))
    return report, contents


def _old_configuration(machine: Machine, places: Folders) -> tuple[Configuration | None, str]:
    if not places.config.is_file():
        return None, ""
    try:
        old = parse(places.config.read_bytes(), machine)
    except InstallError as error:
        return None, error.problem
    missing = [path for path in (old.interpreter, old.dll) if not Path(path).is_file()]
    return old, f"{missing[0]}, which it names, is missing" if missing else ""


def read_record(places: Folders) -> dict[str, Any]:
    """What an earlier installation noted, or nothing.

    Returns
    -------
    dict
        `version`, `files` with their SHA-256, `folders`.
    """
    # A damaged record counts as none: everything is compared with what is really there anyway.
    with suppress(OSError, ValueError):
        record = json.loads(places.record.read_text(encoding="utf-8"))
        if isinstance(record, dict):
            return record
    return {}


def placed_hashes(contents: Contents, places: Folders) -> dict[str, str]:
    """SHA-256 of the add-in once it is placed; the configuration may be edited and has none.

    Parameters
    ----------
    contents : dict of Path to bytes or None
        What changes.
    """
    content = contents.get(places.addin)
    if content is None and not places.addin.is_file():
        return {}
    return {str(places.addin): file_hash(places.addin) if content is None else hashlib.sha256(content).hexdigest()}
