"""Puts the add-in where Excel finds it, verifies it, and takes it away again.

For one user, without administrator rights and without "Trust access to the VBA project".
Whatever fails, the previous state keeps working. Standard library only, so that it can say
what it would do, and can uninstall, without any environment.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

from vidcost_xl import __version__
from vidcost_xl.addin.config import Folders, InstallError, folders, parse
from vidcost_xl.addin.machine import Machine
from vidcost_xl.addin.plan import Change, Report, placed_hashes, plan, read_record
from vidcost_xl.addin.requirements import REINSTALL, REQUIREMENTS, file_hash, system
from vidcost_xl.addin.transaction import Transaction, recover, refuse_locked


def blocked(places: Folders) -> str:
    """Said when Python does not answer: what most often stops it on an office computer."""
    return (
        "If an antivirus or a rule against child processes of Office stops it, ask for an exception for the "
        f"pythonw.exe in vidcost.conf. The button Doctor, which runs `{places.doctor}`, looks for such a rule."
    )


def install(machine: Machine, addin: bytes) -> Report:
    """Install, upgrade or repair; a second run changes nothing.

    Parameters
    ----------
    addin : bytes
        Content of the .xlam.

    Raises
    ------
    InstallError
        Says what is wrong and what to do; everything is as it was before.
    """
    refuse_unfit(machine)
    places = folders(machine.environ)
    report = Report(notes=[f"put back after a run that was cut off: {path}" for path in recover(places.backup)])
    planned, contents = plan(machine, places, addin)
    report.changes = planned.changes
    if not report.changed:
        report.notes += verify(machine, places, addin, "")
        return report
    refuse_locked(places.addin)
    with Transaction(places.backup) as transaction:
        for path, content in contents.items():
            if content is None:
                transaction.remove(path)
            else:
                transaction.write(path, content)
        for change in report.changes:
            if change.action == "unblock":
                machine.unblock(Path(change.path))
        made = {*read_record(places).get("folders", []), *map(str, transaction.made)} - {str(places.backup)}
        hashes = placed_hashes(contents, places)
        record = {"version": __version__, "files": hashes, "folders": sorted(made)}
        transaction.write(places.record, json.dumps(record, indent=1).encode())
        report.notes += verify(machine, places, addin, " Everything was put back as it was.")
    return report


def refuse_other_systems(machine: Machine) -> None:
    """Refuse anything but Windows."""
    found = system(machine)
    if found.state == "fail":
        raise InstallError(f"{found.name}: {found.found}.", found.fix)


def refuse_unfit(machine: Machine) -> None:
    """Refuse a Python, or a system, that the add-in cannot work with."""
    for requirement in REQUIREMENTS:
        found = requirement(machine)
        if found.state == "fail":
            raise InstallError(f"{found.name}: {found.found}.", f"{found.fix} Nothing was changed.")


def verify(machine: Machine, places: Folders, addin: bytes, undone: str) -> list[str]:
    """Read back what was placed, and start Python the way Excel will.

    Parameters
    ----------
    undone : str
        Said after the reason for a failure.

    Returns
    -------
    list of str
        What was verified, and what could not be.

    Raises
    ------
    InstallError
    """
    if file_hash(places.addin) != hashlib.sha256(addin).hexdigest() or machine.downloaded(places.addin):
        raise InstallError(f"{places.addin} is not what was written.", f"Look for a program that alters it.{undone}")
    stated = parse(places.config.read_bytes(), machine)
    for path in (stated.interpreter, stated.dll):
        if not Path(path).is_file():
            raise InstallError(f"{path} is missing.", f"{REINSTALL}{undone}")
    answer = machine.ask_server(places.config)
    if answer.get("error"):
        raise InstallError(f"Python did not answer the add-in: {answer['error']}.", f"{blocked(places)}{undone}")
    if answer.get("version") != __version__:
        raise InstallError(
            f"The add-in's Python runs version {answer.get('version')}, not {__version__}.", f"{REINSTALL}{undone}"
        )
    notes = [f"verified: the server answers as version {__version__}, =VIDEO_EGRESS() is {answer['egress']:,.2f}"]
    if not machine.registry("HKCR\\Excel.Application\\CLSID"):
        return [*notes, "not verified: Excel itself, which is not registered on this computer"]
    shown = machine.ask_excel(places.addin)
    if shown.get("error"):
        return [*notes, f"not verified: Excel could not be asked ({shown['error']}); open it and type =VIDEO_EGRESS()"]
    if shown.get("version") != __version__:
        raise InstallError(f"Excel shows version {shown.get('version')}, not {__version__}.", f"{REINSTALL}{undone}")
    return [*notes, f"verified: Excel shows version {__version__}"]


def check(machine: Machine, addin: bytes) -> Report:
    """Say whether the installation is complete and current; change nothing.

    Raises
    ------
    InstallError
        If it is current, but does not work.
    """
    refuse_unfit(machine)
    places = folders(machine.environ)
    report, _ = plan(machine, places, addin)
    if Transaction(places.backup).journal.exists():
        report.notes.append("an installation was cut off; the next run puts the previous state back first")
    elif not report.changed:
        report.notes += verify(machine, places, addin, "")
    return report


def uninstall(machine: Machine, *, what_if: bool = False) -> Report:
    """Remove what was placed, and nothing else.

    Parameters
    ----------
    what_if : bool
        Only say it.

    Raises
    ------
    InstallError
        If Excel has the add-in open; nothing was removed then.
    """
    places = folders(machine.environ)
    report = Report()
    if not what_if:
        report.notes += [f"put back after a run that was cut off: {path}" for path in recover(places.backup)]
    record = read_record(places)
    doomed = [path for path in (places.config, places.command, places.record) if path.is_file()]
    for name, digest in record.get("files", {}).items():
        path = Path(name)
        if path in doomed or not path.is_file():
            continue
        if file_hash(path) == digest:
            doomed.insert(0, path)
        else:
            report.changes.append(Change("leave", name, "it is not the file that was placed; remove it by hand"))
    report.changes += [Change("remove", str(path)) for path in doomed]
    if what_if or not doomed:
        return report
    refuse_locked(places.addin)
    with Transaction(places.backup) as transaction:
        for path in doomed:
            transaction.remove(path)
    for folder in sorted(map(Path, record.get("folders", [])), key=lambda path: len(path.parts), reverse=True):
        with suppress(OSError):  # not empty: someone else uses it
            folder.rmdir()
    return report
