"""`python -m vidcost_xl install` and `doctor` on a real Windows Python, wine's registry and XLSTART folder."""

from __future__ import annotations

import json

import pytest
from windows_python import LOCAL, USER
from windows_user import COMMAND, ENVIRONMENT, XLSTART, must

from vidcost_xl import __version__
from vidcost_xl.addin.plan import packaged_addin

#: Runs the installer with one thing made to go wrong; %s is a statement that sets it up.
FAULT = """
import os, sys
from vidcost_xl.addin.transaction import Transaction
real = Transaction.write
written = []
def write(self, path, data):
    written.append(path)
    if len(written) == 2:
        {fault}
    real(self, path, data)
Transaction.write = write
from vidcost_xl.cli import main
sys.argv = ["vidcost", "install"]
main()
"""

#: Runs the installer while another program has the add-in open the way Excel has.
LOCKED = f"""
import ctypes, subprocess, sys
open_file = ctypes.windll.kernel32.CreateFileW
open_file.restype = ctypes.c_void_p
GENERIC_READ_WRITE, SHARE_READ, EXISTING = 0xC0000000, 1, 3
handle = open_file(r"{XLSTART}\\vidcost.xlam", GENERIC_READ_WRITE, SHARE_READ, None, EXISTING, 0, None)
assert handle != ctypes.c_void_p(-1).value
sys.exit(subprocess.run([sys.executable, "-m", "vidcost_xl", *sys.argv[1:]], stdin=subprocess.DEVNULL).returncode)
"""

# Of the computer, since wine 8 does not show those of the user under HKEY_CLASSES_ROOT.
REGISTER_EXCEL = """
import winreg
key = r"Software\\Classes\\Excel.Application"
winreg.SetValue(winreg.HKEY_LOCAL_MACHINE, key + r"\\CLSID", winreg.REG_SZ, "{00024500-0000-0000-C000-000000000046}")
winreg.SetValue(winreg.HKEY_LOCAL_MACHINE, key + r"\\CurVer", winreg.REG_SZ, "Excel.Application.16")
"""
FORGET_EXCEL = """
import winreg
for name in (r"\\CLSID", r"\\CurVer", ""):
    winreg.DeleteKey(winreg.HKEY_LOCAL_MACHINE, r"Software\\Classes\\Excel.Application" + name)
"""

#: Writes the command for environments elsewhere, on a disk that makes no short names.
WRITE_COMMANDS = """
import os, sys
from pathlib import Path
from vidcost_xl.addin.command_file import command_file
from vidcost_xl.addin.config import folders
from vidcost_xl.addin.machine import ThisMachine
machine = ThisMachine()
machine.short_path = str
for number, prefix in enumerate(sys.argv[1:]):
    machine.prefix = Path(prefix)
    places = folders(os.environ)
    places.command.with_name(f"other{number}.cmd").write_bytes(command_file(machine, places))
"""


@pytest.fixture
def fresh(user):
    """The user without an installation, before and after."""
    must(user.vidcost("install", "--uninstall"))
    yield user
    must(user.vidcost("install", "--uninstall"))


@pytest.fixture
def placed(fresh):
    """The user with a working installation."""
    must(fresh.vidcost("install"))
    return fresh


def made_older(user):
    """Turns the installation into one of an earlier version, which also placed a file this one does not."""
    old = b"an add-in of an earlier version"
    extra = user.addin.with_name("vidcost_old.xlam")
    for path in (user.addin, extra):
        path.write_bytes(old)
    record = user.config.with_name("installed.json")
    noted = json.loads(record.read_text(encoding="utf-8"))
    import hashlib

    digest = hashlib.sha256(old).hexdigest()
    noted["files"][f"{XLSTART}\\vidcost.xlam"] = noted["files"][f"{XLSTART}\\vidcost_old.xlam"] = digest
    noted["version"] = "0.0.9"
    record.write_text(json.dumps(noted), encoding="utf-8")
    return extra


def test_it_installs_from_nothing_and_a_second_run_changes_nothing(fresh):
    planned = must(fresh.vidcost("install", "--what-if"))
    assert fresh.files() == {}
    done = must(fresh.vidcost("install"))
    assert "=VIDEO_EGRESS() is 236,716.84" in done.output
    assert "not verified: Excel itself" in done.output
    assert "place" in planned.output
    assert fresh.addin.read_bytes() == packaged_addin()
    stated = fresh.config.read_bytes().decode("cp1252")
    assert f"interpreter={ENVIRONMENT}\\Scripts\\pythonw.exe\r\n" in stated
    assert f"dll={ENVIRONMENT}\\xlwings64-0.37.8.dll\r\n" in stated
    before = fresh.files()
    times = [path.stat().st_mtime_ns for path in (fresh.addin, fresh.config)]
    again = must(fresh.vidcost("install"))
    assert "nothing was changed" in again.output
    assert fresh.files() == before
    assert [path.stat().st_mtime_ns for path in (fresh.addin, fresh.config)] == times
    assert must(fresh.vidcost("install", "--check")).code == 0
    print(f"\ninstall:\n{done.output}\nagain:\n{again.output}")


def test_uninstalling_removes_what_was_placed_and_nothing_else(fresh):
    mine = fresh.windows.here(f"{XLSTART}\\personal.xlsb")
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_bytes(b"mine")
    must(fresh.vidcost("install"))
    done = must(fresh.vidcost("install", "--uninstall", "--json"))
    assert [change["action"] for change in json.loads(done.output)["changes"]] == ["remove"] * 4
    assert [path.rpartition("/")[2] for path in fresh.files()] == ["personal.xlsb"]
    mine.unlink()
    mine.parent.rmdir()


def test_an_upgrade_replaces_the_older_add_in_and_removes_what_only_that_placed(placed):
    extra = made_older(placed)
    assert placed.vidcost("install", "--check").code == 1
    done = must(placed.vidcost("install"))
    assert f"0.0.9 gives way to {__version__}" in " ".join(done.output.split())
    assert placed.addin.read_bytes() == packaged_addin()
    assert not extra.exists()


def test_a_failure_half_way_puts_the_older_version_back(placed):
    made_older(placed)
    placed.config.write_bytes(placed.config.read_bytes().replace(b"pythonw.exe", b"python.exe"))
    before = placed.files()
    done = placed.run("-c", FAULT.format(fault="raise OSError(28, 'No space left on device', str(path))"))
    assert done.code == 2
    assert "No space left" in done.errors
    assert "Everything was put back" in done.errors
    assert placed.files() == before
    print(f"\nhalf-way: {done.errors}")


def test_a_run_cut_off_half_way_is_put_back_by_the_next(placed):
    made_older(placed)
    placed.config.write_bytes(placed.config.read_bytes().replace(b"pythonw.exe", b"python.exe"))
    assert placed.run("-c", FAULT.format(fault="os._exit(9)")).code == 9
    assert "cut off" in placed.vidcost("install", "--check").output
    done = must(placed.vidcost("install"))
    assert "put back after a run that was cut off" in done.output
    assert placed.addin.read_bytes() == packaged_addin()
    assert not placed.config.with_name("backup").exists()


def test_an_add_in_that_excel_has_open_is_named_and_nothing_changes(placed):
    made_older(placed)
    before = placed.files()
    for command in (["install"], ["install", "--uninstall"]):
        done = placed.run("-c", LOCKED, *command)
        assert done.code == 2
        assert "is locked" in done.errors
        assert "Close every Excel window" in done.errors
        assert placed.files() == before


def test_python_that_does_not_answer_rolls_the_installation_back(fresh):
    module = fresh.windows.here(f"{ENVIRONMENT}\\Lib\\site-packages\\vidcost_xl\\hosts\\com.py")
    content = module.read_bytes()
    module.write_bytes(b"raise ImportError('seeded')")
    try:
        done = fresh.vidcost("install")
    finally:
        module.write_bytes(content)
    assert done.code == 2
    assert "seeded" in done.errors
    assert "Everything was put back" in done.errors
    assert fresh.files() == {}


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (b"this is no configuration", "line 1 is not of the form key=value"),
        (b"interpreter=C:\\gone\\pythonw.exe\r\ndll=C:\\gone\\x.dll\r\nlog=C:\\x.log\r\n", "is missing"),
    ],
    ids=["broken", "missing interpreter"],
)
def test_a_broken_configuration_is_named_and_repaired(placed, broken, said):
    placed.config.write_bytes(broken)
    found = {check["name"]: check for check in json.loads(placed.vidcost("doctor", "--json", "--quick").output)}
    assert found["configuration"]["state"] == "fail"
    assert said in found["configuration"]["found"]
    assert found["configuration"]["fix"]
    assert said in " ".join(must(placed.vidcost("install")).output.split())
    assert must(placed.vidcost("install", "--check")).code == 0


def test_a_stale_dll_is_refused_and_the_present_state_kept(placed):
    dll = placed.windows.here(f"{ENVIRONMENT}\\xlwings64-0.37.8.dll")
    content, before = dll.read_bytes(), placed.files()
    dll.write_bytes(content + b"\0")
    try:
        done = placed.vidcost("install")
    finally:
        dll.write_bytes(content)
    assert done.code == 2
    assert "xlwings64-0.37.8.dll is stale" in done.errors
    assert placed.files() == before


def test_the_mark_of_a_download_is_removed(placed):
    mark = placed.addin.with_name("vidcost.xlam:Zone.Identifier")
    mark.write_text("[ZoneTransfer]\nZoneId=3\n")
    assert "unblock" in must(placed.vidcost("install")).output
    assert not mark.exists()


def test_the_doctor_finds_all_in_order_where_excel_is_registered(placed):
    must(placed.run("-c", REGISTER_EXCEL))
    try:
        done = placed.windows.run("cmd", "/c", COMMAND, "doctor", "--json")
        tried = must(placed.vidcost("install"))
    finally:
        must(placed.run("-c", FORGET_EXCEL))
    checks = json.loads(done.output)
    assert [check for check in checks if check["state"] == "fail"] == []
    assert done.code == 0
    found = {check["name"]: check["found"] for check in checks}
    assert "236,716.84" in found["server"] and "LibreOffice" in found
    assert "not verified: Excel could not be asked" in tried.output
    print("\n" + "\n".join(f"{check['name']:16} {check['state']:5} {check['found']}" for check in checks))
    assert placed.vidcost("doctor").code == 1  # no Excel


def test_the_command_of_an_environment_elsewhere_runs_it_whatever_letters_are_in_its_path(placed):
    # Of the same user, whose name has such a letter, and anywhere; a third one is gone.
    prefixes = [f"{USER}\\elsewhere\\venv", "C:\\Größe\\venv", "C:\\Größe\\gone"]
    for prefix in prefixes[:2]:
        must(placed.windows.python("-m", "venv", "--without-pip", prefix))
    must(placed.run("-c", WRITE_COMMANDS, *prefixes))
    commands = [f"{LOCAL}\\vidcost-xl\\other{number}.cmd" for number in range(3)]
    first, second, third = (placed.windows.run("cmd", "/c", command, "doctor") for command in commands)
    for command in commands:
        placed.windows.here(command).unlink()
    # These environments are empty.
    assert "No module named vidcost_xl" in first.errors
    assert "No module named vidcost_xl" in second.errors
    assert "gone" in third.output and "is missing. Close Excel and run install.ps1 again." in third.output
    assert third.code == 2
