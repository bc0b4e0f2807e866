"""What the commands `install` and `doctor` do on this computer."""

from __future__ import annotations

from vidcost_xl.addin import doctor, install, libreoffice_state
from vidcost_xl.addin.config import InstallError, folders
from vidcost_xl.addin.machine import ThisMachine
from vidcost_xl.addin.plan import Report, packaged_addin, plan
from vidcost_xl.addin.requirements import Check


def installation(*, uninstall: bool, check: bool, what_if: bool) -> Report:
    """Install, check or uninstall on this computer.

    Parameters
    ----------
    uninstall, check, what_if : bool
        As on the command line; without any of them, install.

    Raises
    ------
    InstallError
        Off Windows too.
    """
    if uninstall and check:
        raise InstallError("--uninstall and --check exclude each other.", "Give one of them.")
    machine = ThisMachine()
    install.refuse_other_systems(machine)
    if uninstall:
        return install.uninstall(machine, what_if=what_if)
    addin = packaged_addin()
    if check:
        return install.check(machine, addin)
    if what_if:
        install.refuse_unfit(machine)
        return plan(machine, folders(machine.environ), addin)[0]
    return install.install(machine, addin)


def examination(*, ask: bool) -> list[Check]:
    """Every precondition on this computer.

    Parameters
    ----------
    ask : bool
        Start the server, and LibreOffice's installer, too.
    """
    try:
        addin = packaged_addin()
    except InstallError:
        addin = None
    found = doctor.examine(ThisMachine(), addin, ask=ask)
    return [*found, libreoffice_state.state() if ask else Check(libreoffice_state.NAME, "n/a", "not asked")]
