"""Every precondition of the add-in with its state and its fix.

Runs anywhere: off Windows it says what does not apply. Standard library only, until it asks
the server. What an organisation may forbid is in `policies`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from vidcost_xl import __version__
from vidcost_xl.addin.config import DLL_32, DLL_64, Folders, InstallError, configuration, folders, parse
from vidcost_xl.addin.install import blocked
from vidcost_xl.addin.machine import Machine
from vidcost_xl.addin.policies import OFFICE, add_ins, applocker, defender, excel, macros, paths
from vidcost_xl.addin.requirements import REINSTALL, REQUIREMENTS, Check, file_hash, scipy, system

INSTALL: Final = "Run `python -m vidcost_xl install` with Excel closed."

#: Excel's type library, whose generated cache goes stale.
EXCEL_TYPES: Final = "00020813-0000-0000-C000-000000000046"


def examine(machine: Machine, addin: bytes | None, *, ask: bool = True) -> list[Check]:
    """Check everything.

    Parameters
    ----------
    addin : bytes or None
        Content of the .xlam that this version ships, None if it ships none.
    ask : bool
        Also start the server, which takes seconds.

    Returns
    -------
    list of Check
        The same names in the same order on every computer.
    """
    names = ["environment", "xlwings", "DLLs", *_NAMES, "server"]
    if not machine.windows:
        absent = [Check(name, "n/a", "Windows only") for name in names]
        return [system(machine), *_portable(machine), *absent]
    first, second, *others = REQUIREMENTS
    checks = [first(machine), second(machine), scipy(machine), *(requirement(machine) for requirement in others)]
    try:
        places = folders(machine.environ)
    except InstallError as error:
        return [*checks, Check("folders", "fail", error.problem, error.fix)]
    checks += [check(machine, places, addin) for check in _CHECKS]
    if any(check.state == "fail" for check in checks):
        return [*checks, Check("server", "n/a", "asked once the rest is in order")]
    return [*checks, _server(machine, places) if ask else Check("server", "n/a", "not asked")]


def _portable(machine: Machine) -> Iterator[Check]:
    found = REQUIREMENTS[1](machine)
    yield Check(found.name, "fail" if found.state == "fail" else "ok", found.found, found.fix)
    yield scipy(machine)


def _configured(machine: Machine, places: Folders, _: bytes | None) -> Check:
    name = "configuration"
    if not places.config.is_file():
        return Check(name, "fail", f"{places.config} is missing", INSTALL)
    try:
        stated = parse(places.config.read_bytes(), machine)
        wanted = configuration(machine, places, stated)
    except InstallError as error:
        return Check(name, "fail", error.problem, error.fix)
    for path in (stated.interpreter, stated.dll):
        if not Path(path).is_file():
            return Check(name, "fail", f"{path} is missing", REINSTALL)
    if stated.interpreter != wanted.interpreter:
        found = f"Excel runs {stated.interpreter}, this is {machine.executable}"
        return Check(name, "note", found, "Run the doctor of that environment, or install from this one.")
    if stated.dll != wanted.dll:
        return Check(name, "fail", f"it names the DLL {stated.dll}, not {wanted.dll}", INSTALL)
    return Check(name, "ok", str(places.config))


def _placed(machine: Machine, places: Folders, addin: bytes | None) -> Check:
    import hashlib

    name = "add-in"
    if addin is None:
        return Check(name, "fail", "this package holds no add-in", "Install a complete wheel or checkout.")
    if not places.addin.is_file():
        return Check(name, "fail", f"{places.addin} is missing", INSTALL)
    if file_hash(places.addin) != hashlib.sha256(addin).hexdigest():
        return Check(name, "fail", f"{places.addin} is not the one of version {__version__}", INSTALL)
    return Check(name, "ok", str(places.addin))


def _only_one(machine: Machine, places: Folders, _: bytes | None) -> Check:
    name = "XLSTART"
    if not places.xlstart.is_dir():
        return Check(name, "fail", f"{places.xlstart} is missing", INSTALL)
    others = sorted(
        path.name for path in places.xlstart.iterdir() if "vidcost" in path.name.casefold() and path != places.addin
    )
    others = [other for other in others if not other.startswith("~$")]
    if others:
        return Check(name, "fail", f"Excel also opens {', '.join(others)} from there", "Remove it from that folder.")
    return Check(name, "ok", str(places.xlstart))


def _unmarked(machine: Machine, places: Folders, _: bytes | None) -> Check:
    files = (places.addin, machine.prefix / DLL_64, machine.prefix / DLL_32)
    marked = [str(path) for path in files if machine.downloaded(path)]
    if marked:
        return Check("download mark", "fail", f"Windows blocks {', '.join(marked)} as downloaded", INSTALL)
    return Check("download mark", "ok", "none")


def _disabled(machine: Machine, places: Folders, _: bytes | None) -> Check:
    items = machine.registry(f"HKCU\\{OFFICE}\\Excel\\Resiliency\\DisabledItems").values()
    if any(isinstance(item, bytes) and "vidcost".encode("utf-16-le") in item.lower() for item in items):
        fix = "In Excel: File, Options, Add-ins, Manage: Disabled Items, Go, choose vidcost.xlam, Enable."
        return Check("disabled items", "fail", "Excel has disabled the add-in after a crash", fix)
    return Check("disabled items", "ok", "none of ours")


def _generated(machine: Machine, places: Folders, _: bytes | None) -> Check:
    temporary = machine.environ.get("TEMP")
    root = Path(temporary) / "gen_py" if temporary else None
    caches = sorted(root.glob(f"*/{EXCEL_TYPES}*")) if root else []
    for cache in caches:
        file = cache / "__init__.py" if cache.is_dir() else cache
        if not file.is_file() or not re.search(r"\bCLSIDToClassMap\b", file.read_text("utf-8", "replace")):
            return Check("gen_py", "fail", f"{cache} is stale", f"Delete the folder {root}; it is made again.")
    return Check("gen_py", "ok", f"{len(caches)} caches of Excel's types")


_Place = Callable[[Machine, Folders, bytes | None], Check]
_CHECKS: Final[tuple[_Place, ...]] = (
    _configured, _placed, _only_one, _unmarked, paths, defender, applocker, excel, macros, add_ins, _disabled,
    _generated,
)  # fmt: skip
_NAMES: Final = (
    "configuration", "add-in", "XLSTART", "download mark", "paths", "Defender", "AppLocker", "Excel", "macros",
    "add-ins", "disabled items", "gen_py",
)  # fmt: skip


def _server(machine: Machine, places: Folders) -> Check:
    answer: Any = machine.ask_server(places.config)
    if answer.get("error"):
        return Check("server", "fail", f"it does not answer: {answer['error']}", blocked(places))
    if answer.get("version") != __version__:
        return Check("server", "note", f"version {answer['version']}, this is {__version__}", INSTALL)
    return Check("server", "ok", f"answers as version {__version__}: =VIDEO_EGRESS() is {answer['egress']:,.2f}")
