r"""Where the add-in's files live, and the one text file that tells it which Python to use.

The installer writes `%LOCALAPPDATA%\vidcost-xl\vidcost.conf`; the VBA of the add-in reads
it. VBA reads and calls in the ANSI code page of Windows, and the xlwings DLL takes a command
of limited length: a path that does not survive either is shortened to its 8.3 form or refused.
Standard library only, so that it runs before anything is installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from vidcost_xl.addin.machine import Machine
from vidcost_xl.errors import VideoCostError
from vidcost_xl.hosts.com_server import COMMAND

#: The release of xlwings that the add-in is built for; its DLLs carry it in their names.
XLWINGS: Final = "0.37.8"
DLL_64: Final = f"xlwings64-{XLWINGS}.dll"
DLL_32: Final = f"xlwings32-{XLWINGS}.dll"

#: The module that the COM server imports, one function for each Excel name.
SERVER_MODULE: Final = "vidcost_xl.hosts.com"

ADDIN_NAME: Final = "vidcost.xlam"
CONFIG_NAME: Final = "vidcost.conf"
COMMAND_NAME: Final = "vidcost.cmd"
LOG_NAME: Final = "vidcost.log"

#: Bytes of the DLL's command buffer, its terminating zero included.
COMMAND_BUFFER: Final = 2048

#: Longest path that LoadLibraryA takes, its terminating zero included.
MAX_PATH: Final = 260


class InstallError(VideoCostError):
    """Something that keeps the add-in from being installed or removed.

    Parameters
    ----------
    problem : str
        What is wrong, and where.
    fix : str
        What to do.
    """

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(f"{problem} {fix}".strip())
        self.problem = problem
        self.fix = fix


@dataclass(frozen=True)
class Folders:
    """The folders of one user.

    Parameters
    ----------
    home : Path
        Configuration, log, virtual environments, backups.
    xlstart : Path
        Excel opens every file in here when it starts.
    """

    home: Path
    xlstart: Path

    @property
    def addin(self) -> Path:
        """The add-in as Excel finds it."""
        return self.xlstart / ADDIN_NAME

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.home / CONFIG_NAME

    @property
    def command(self) -> Path:
        """The command `vidcost`, under a path that stays whatever environment is in use."""
        return self.home / COMMAND_NAME

    @property
    def doctor(self) -> str:
        """What to type to be told every precondition with its fix."""
        return f'"{self.command}" doctor' if " " in str(self.command) else f"{self.command} doctor"

    @property
    def record(self) -> Path:
        """What the installer placed."""
        return self.home / "installed.json"

    @property
    def backup(self) -> Path:
        """What stood there before, while an installation runs."""
        return self.home / "backup"


def folders(environ: Mapping[str, str]) -> Folders:
    """The folders that the environment of a Windows user names.

    Raises
    ------
    InstallError
        Without LOCALAPPDATA or APPDATA.
    """
    missing = [name for name in ("LOCALAPPDATA", "APPDATA") if not environ.get(name)]
    if missing:
        raise InstallError(
            f"The environment variable {' and '.join(missing)} is not set.", "Run this as the Windows user of Excel."
        )
    roaming = Path(environ["APPDATA"])
    return Folders(Path(environ["LOCALAPPDATA"]) / "vidcost-xl", roaming / "Microsoft" / "Excel" / "XLSTART")


@dataclass(frozen=True)
class Configuration:
    """What the add-in must know.

    Parameters
    ----------
    interpreter : str
        Full path of the environment's pythonw.exe.
    dll : str
        Full path of the xlwings DLL, of the bitness of Excel; Python is 64-bit with either.
    log : str
        Where the functions write why a call failed.
    others : mapping of str to str
        Lines that someone added; kept on every installation.
    """

    interpreter: str
    dll: str
    log: str
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The file's content."""
        lines = {"interpreter": self.interpreter, "dll": self.dll, "log": self.log, **self.others}
        return "".join(f"{key}={value}\r\n" for key, value in lines.items())

    @property
    def command(self) -> str:
        """The command line that starts the server, as the VBA builds it."""
        return COMMAND.format(interpreter=self.interpreter, log=self.log)


def parse(data: bytes, machine: Machine) -> Configuration:
    """Read a configuration file.

    Parameters
    ----------
    data : bytes
        In the ANSI code page.

    Raises
    ------
    InstallError
        Names the line or the missing key.
    """
    values: dict[str, str] = {}
    for number, line in enumerate(machine.from_ansi(data).splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, equals, value = line.partition("=")
        if not equals or "\0" in line:
            raise _broken(f"line {number} is not of the form key=value")
        values[key.strip().lower()] = value.strip()
    missing = [key for key in ("interpreter", "dll", "log") if not values.get(key)]
    if missing:
        raise _broken(f"{' and '.join(missing)} missing")
    return Configuration(values.pop("interpreter"), values.pop("dll"), values.pop("log"), values)


def _broken(reason: str) -> InstallError:
    return InstallError(f"The configuration {CONFIG_NAME} is broken: {reason}.", "Run `python -m vidcost_xl install`.")


def configuration(machine: Machine, places: Folders, old: Configuration | None) -> Configuration:
    """The configuration of this environment; an existing one keeps its log and its added lines.

    Returns
    -------
    Configuration
        Every path in it can be read and called by VBA.

    Raises
    ------
    InstallError
        For a path that VBA or the DLL cannot take in any form.
    """
    if machine.to_ansi(str(places.config)) is None:
        raise InstallError(
            f"Excel's VBA cannot open {places.config}: the path has letters outside the code page of Windows.",
            "Ask for a Windows user folder in plain letters, or set the language for non-Unicode programs to yours.",
        )
    made = Configuration(
        ansi_path(machine, machine.prefix / "Scripts" / "pythonw.exe"),
        ansi_path(machine, machine.prefix / (DLL_32 if excel_bits(machine) == 32 else DLL_64)),
        old.log if old else ansi_path(machine, places.home / LOG_NAME),
        old.others if old else {},
    )
    size = len(machine.to_ansi(made.command) or b"") + 1
    if size > COMMAND_BUFFER:
        raise InstallError(
            f"The command that starts Python is {size} bytes and the add-in takes {COMMAND_BUFFER}.", _SHORTER
        )
    return made


def excel_bits(machine: Machine) -> int | None:
    """Whether the installed Excel is 32-bit or 64-bit.

    Returns
    -------
    int or None
        None when nothing says so.
    """
    office = "HKLM\\SOFTWARE\\Microsoft\\Office"
    stated = machine.registry(f"{office}\\ClickToRun\\Configuration").get("Platform")
    stated = stated or machine.registry(f"{office}\\16.0\\Outlook").get("Bitness")
    return {"x64": 64, "x86": 32}.get(str(stated))


_SHORTER: Final = "Make the environment in a folder with a shorter path, such as C:\\vidcost, and install from there."


def ansi_path(machine: Machine, path: Path) -> str:
    """A path in a form that VBA and LoadLibraryA take.

    Returns
    -------
    str
        The path itself, or its 8.3 form.

    Raises
    ------
    InstallError
        When neither form will do.
    """
    problem = _unusable(machine, str(path))
    if not problem:
        return str(path)
    short = machine.short_path(path)
    if not _unusable(machine, short):
        return short
    raise InstallError(f"Excel's VBA cannot use {path}: {problem}, and Windows has no short name for it.", _SHORTER)


def _unusable(machine: Machine, path: str) -> str:
    data = machine.to_ansi(path)
    if data is None:
        return "it has letters outside the code page of Windows"
    if len(data) >= MAX_PATH:
        return f"it is {len(data)} bytes long, {MAX_PATH - 1} at most"
    return ""
