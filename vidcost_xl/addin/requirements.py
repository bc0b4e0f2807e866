"""What this Python must be for the add-in to work, one check each.

The installer refuses at the first that fails; the doctor shows all of them. Standard
library only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from vidcost_xl.addin.config import DLL_32, DLL_64, XLWINGS
from vidcost_xl.addin.machine import Machine

State = Literal["ok", "note", "fail", "n/a"]

OLDEST_PYTHON: Final = (3, 11)
GET_PYTHON: Final = (
    "Install 64-bit Python 3.11 or newer from python.org, for this user only, and run install.ps1 again."
)
GET_X64_PYTHON: Final = (
    'Install the "Windows installer (64-bit)" of Python from python.org, not the one for ARM64, for this user only, '
    "and run install.ps1 again: Windows 11 on ARM runs it."
)
REINSTALL: Final = "Run install.ps1 again; it makes a fresh environment and keeps the old one until the new one works."

#: Where Windows keeps programs of its Store, and the links to them.
STORE_FOLDER: Final = "windowsapps"


@dataclass(frozen=True)
class Check:
    """One precondition.

    Parameters
    ----------
    state : {"ok", "note", "fail", "n/a"}
        A note does not keep the add-in from working; n/a does not apply on this computer.
    fix : str
        What to do; empty when there is nothing to do.
    """

    name: str
    state: State
    found: str
    fix: str = ""


def system(machine: Machine) -> Check:
    """Windows."""
    if machine.windows:
        return Check("Windows", "ok", "Windows")
    return Check(
        "Windows",
        "fail",
        "not Windows",
        "The add-in needs Excel for Windows. `vidcost new`, `eval` and the other commands work here.",
    )


def python(machine: Machine) -> Check:
    """A 64-bit Python, new enough, and not the Store's."""
    name, found = "Python", f"{'.'.join(map(str, machine.version))}, {machine.bits}-bit, {machine.executable}"
    bases = f"{machine.base_prefix}\n{machine.executable}".casefold()
    if STORE_FOLDER in bases:
        return Check(name, "fail", f"{found}, from the Microsoft Store: Excel cannot start it", GET_PYTHON)
    if machine.version[:2] < OLDEST_PYTHON:
        return Check(name, "fail", f"{found}: too old", GET_PYTHON)
    if machine.platform == "win-arm64":
        return Check(name, "fail", f"{found}, for ARM: xlwings has its DLL for x64 only", GET_X64_PYTHON)
    if machine.bits != 64:
        return Check(name, "fail", f"{found}: 64-bit is needed, beside a 32-bit Excel too", GET_PYTHON)
    return Check(name, "ok", found)


def environment(machine: Machine) -> Check:
    """A virtual environment of its own, with the Python it was made from still there."""
    name, found = "environment", str(machine.prefix)
    if machine.prefix == machine.base_prefix:
        fix = "Run install.ps1: it makes an environment under %LOCALAPPDATA%\\vidcost-xl."
        return Check(name, "fail", f"{found} is not a virtual environment", fix)
    if not (machine.prefix / "Scripts" / "pythonw.exe").is_file():
        return Check(name, "fail", f"{found} has no Scripts\\pythonw.exe", REINSTALL)
    if not machine.base_prefix.is_dir():
        return Check(name, "fail", f"made from {machine.base_prefix}, which is gone", REINSTALL)
    return Check(name, "ok", found)


def xlwings(machine: Machine) -> Check:
    """The release of xlwings that the add-in was built for, and pywin32."""
    version = machine.package_version("xlwings")
    if version != XLWINGS:
        return Check("xlwings", "fail", f"{version or 'missing'}; the add-in is built for {XLWINGS}", REINSTALL)
    pywin32 = machine.package_version("pywin32")
    if pywin32 is None:
        return Check("xlwings", "fail", f"{version}, but pywin32 is missing", REINSTALL)
    return Check("xlwings", "ok", f"{version}, pywin32 {pywin32}")


def dlls(machine: Machine) -> Check:
    """Both DLLs, as the installed xlwings packed them."""
    for name in (DLL_64, DLL_32):
        path = machine.prefix / name
        if not path.is_file():
            stale = sorted(other.name for other in machine.prefix.glob(f"{name[:9]}-*.dll"))
            found = f"{path} is missing" + (f"; {', '.join(stale)} is of another xlwings" if stale else "")
            return Check("DLLs", "fail", found, REINSTALL)
        declared = machine.packaged_hash(name)
        if declared is not None and file_hash(path) != declared:
            return Check("DLLs", "fail", f"{path} is stale: it is not the file that xlwings {XLWINGS} packs", REINSTALL)
    return Check("DLLs", "ok", f"{DLL_64}, {DLL_32}")


def scipy(machine: Machine) -> Check:
    """SciPy, which only the functions that draw or optimise need: without it the add-in works."""
    version = machine.package_version("scipy")
    if version is None:
        found = "missing: VIDEO_RISK and other functions that draw or optimise say so, all others work"
        return Check("SciPy", "note", found, f'Run "{machine.executable}" -m pip install scipy.')
    return Check("SciPy", "ok", version)


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


#: In the order in which a failure explains the next.
REQUIREMENTS: Final[tuple[Callable[[Machine], Check], ...]] = (system, python, environment, xlwings, dlls)
