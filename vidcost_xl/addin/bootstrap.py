"""What install.ps1 hands over to: decides, with nothing installed yet, and makes the environment.

`install.ps1` finds Pythons and calls `main` with each: `--probe` says whether one will do.
Then it makes a fresh virtual environment beside the present one, installs into it, and lets it
install the add-in. Only when that has been verified is the older environment removed; on any
failure the new one is. Standard library only, from a checkout or from inside a wheel.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from vidcost_xl.addin.config import Folders, InstallError, folders, parse
from vidcost_xl.addin.install import uninstall
from vidcost_xl.addin.machine import ThisMachine
from vidcost_xl.addin.plan import Report, packaged_addin, plan
from vidcost_xl.addin.requirements import python, system


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; the exit code is 0 when all went well.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the command line.

    Returns
    -------
    int
        1 when a check found something to do, 2 on failure.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a path may have letters that a pipe's code page lacks
            stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(prog="install.ps1")
    parser.add_argument("--probe", action="store_true", help="say whether this Python will do")
    parser.add_argument("--source", help="the checkout or the wheel to install")
    parser.add_argument("--pip", default="", help="further options of pip, such as --no-index --find-links X")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--uninstall", action="store_true")
    parser.add_argument("--what-if", action="store_true")
    chosen = parser.parse_args(arguments)
    try:
        machine = ThisMachine()
        for found in (system(machine), python(machine)):
            if found.state == "fail":
                raise InstallError(f"{found.name}: {found.found}.", found.fix)
        if chosen.probe:
            print(machine.executable)
            return 0
        places = folders(machine.environ)
        if chosen.check:
            return _check(machine, places)
        if chosen.uninstall:
            return _uninstall(machine, places, what_if=chosen.what_if)
        if not chosen.source:
            raise InstallError("Nothing to install.", "Say --source with a checkout or a wheel.")
        return _install(machine, places, Path(chosen.source), chosen.pip.split(), what_if=chosen.what_if)
    except InstallError as error:
        print(f"vidcost: {error.message}", file=sys.stderr)
        return 2


def _install(machine: ThisMachine, places: Folders, source: Path, options: list[str], *, what_if: bool) -> int:
    new = places.home / f"venv-{datetime.now():%Y%m%d-%H%M%S}"
    if what_if:
        print(f"would make {new} with {machine.executable}")
        print(f"would install {source} into it")
        machine.prefix = new
        planned, _ = plan(machine, places, packaged_addin())
        _print(planned, "would ")
        for old in _environments(places):
            print(f"would remove {old} once that works")
        return 0
    present = _interpreter(machine, places)
    try:
        _run([str(machine.executable), "-m", "venv", str(new)], f"The environment {new} could not be made.")
        inside = str(new / "Scripts" / "python.exe")
        pip = [inside, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *options, str(source)]
        _run(pip, f"pip could not install {source}: see its message above.")
        _run([inside, "-m", "vidcost_xl", "install"], "The add-in could not be installed: see the message above.")
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        if present is not None:
            print(f"The present installation still works with {present}.", file=sys.stderr)
        raise
    for old in _environments(places):
        if old != new:
            _remove(old)
    return 0


def _check(machine: ThisMachine, places: Folders) -> int:
    interpreter = _interpreter(machine, places)
    if interpreter is None:
        raise InstallError("The add-in is not installed, or its environment is gone.", "Run install.ps1.")
    return subprocess.run(  # noqa: S603
        [str(interpreter), "-m", "vidcost_xl", "install", "--check"], check=False, stdin=subprocess.DEVNULL
    ).returncode


def _uninstall(machine: ThisMachine, places: Folders, *, what_if: bool) -> int:
    _print(uninstall(machine, what_if=what_if), "would " if what_if else "")
    for old in _environments(places):
        if what_if:
            print(f"would remove {old}")
        else:
            _remove(old)
    with suppress(OSError):  # the log stays, and with it the folder
        places.home.rmdir()
    return 0


def _interpreter(machine: ThisMachine, places: Folders) -> Path | None:
    with suppress(OSError, InstallError):
        console = Path(parse(places.config.read_bytes(), machine).interpreter).with_name("python.exe")
        return console if console.is_file() else None
    return None


def _environments(places: Folders) -> list[Path]:
    return sorted(path for path in places.home.glob("venv-*") if path.is_dir())


def _remove(environment: Path) -> None:
    shutil.rmtree(environment, ignore_errors=True)
    if environment.exists():
        print(f"{environment} is in use; remove it once Excel is closed.", file=sys.stderr)
    else:
        print(f"removed {environment}")


def _run(command: list[str], failure: str) -> None:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    if subprocess.run(command, check=False, stdin=subprocess.DEVNULL, env=environ).returncode:  # noqa: S603
        raise InstallError(failure, "Nothing of the present installation was changed.")


def _print(report: Report, prefix: str) -> None:
    for change in report.changes:
        print(f"{prefix}{change.action} {change.path}" + (f" ({change.why})" if change.why else ""))
    for note in report.notes:
        print(note)
