"""The installer on a made-up Windows: what it places, what it refuses, and what it leaves when something fails."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fake_machine import ADDIN, EXCEL, FakeMachine

from vidcost_xl import __version__
from vidcost_xl.addin import transaction
from vidcost_xl.addin.command_file import command_file
from vidcost_xl.addin.config import DLL_32, DLL_64, InstallError, folders, parse
from vidcost_xl.addin.install import check, install, uninstall
from vidcost_xl.addin.machine import ThisMachine
from vidcost_xl.addin.requirements import REQUIREMENTS

#: The file that runs the environment's Python, or says that it is gone.
COMMAND = (
    '@if exist "{0}" goto run\r\n@echo "{0}" is missing. Close Excel and run install.ps1 again.\r\n@exit /b 2\r\n'
    ':run\r\n@"{0}" -I -m vidcost_xl %*\r\n'
)


@pytest.fixture
def machine(tmp_path):
    return FakeMachine(tmp_path)


@pytest.fixture
def places(machine):
    return folders(machine.environ)


def files(places):
    """Every file that an installation may touch."""
    roots = (places.home, places.xlstart.parent)
    return {
        str(path): path.read_bytes()
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.is_file() and "venv" not in path.relative_to(root).parts[0]
    }


def actions(report):
    return [change.action for change in report.changes]


def failing_write(monkeypatch, at, error):
    """Make the write of one file fail."""
    real, count = transaction.replace, iter(range(100))

    def replace(path, data):
        if path.name != "journal.json" and next(count) == at:
            raise error
        real(path, data)

    monkeypatch.setattr(transaction, "replace", replace)


# ---- Installing ----


def test_it_places_the_add_in_and_the_configuration(machine, places):
    report = install(machine, ADDIN)
    assert actions(report) == ["place"] * 3
    assert places.addin.read_bytes() == ADDIN
    stated = parse(places.config.read_bytes(), machine)
    assert stated.interpreter == str(machine.prefix / "Scripts" / "pythonw.exe")
    assert stated.dll == str(machine.prefix / DLL_64)
    assert stated.log == str(places.home / "vidcost.log")
    assert "=VIDEO_EGRESS() is 236,716.84" in report.notes[0]
    assert not places.backup.exists()
    assert list(places.xlstart.iterdir()) == [places.addin]  # Excel opens whatever else lies there


def test_beside_the_configuration_lies_a_command_whose_path_outlives_its_environment(machine, places, tmp_path):
    install(machine, ADDIN)
    assert places.command == places.config.with_name("vidcost.cmd")
    assert places.command.read_bytes() == COMMAND.format(r"%~dp0venv-1\Scripts\python.exe").encode()
    install(FakeMachine(tmp_path, "Local/vidcost-xl/venv-2"), ADDIN)
    assert b"venv-2" in places.command.read_bytes()
    assert places.doctor == f"{places.command} doctor"


@pytest.mark.parametrize(
    ("user", "prefix", "page", "path"),
    [
        # Another environment of the same user: from where the file lies, without the user's name.
        ("Jörg", "100% venvs/x", 0, "%~dp0..\\..\\100%% venvs\\x\\Scripts\\python.exe"),
        ("ada", "100% Jörg/venv", 850, "{}/100%% Jörg/venv/Scripts/python.exe"),
        ("ada", "Łódź/venv", 65001, "{}/Łódź/venv/Scripts/python.exe"),
    ],
)
def test_the_command_of_an_environment_elsewhere_is_in_letters_that_cmd_reads(tmp_path, user, prefix, page, path):
    (tmp_path / user).mkdir()
    machine = FakeMachine(tmp_path / user, prefix)
    lines = COMMAND.format(path.format(tmp_path / user))
    encoding = {0: "ascii", 850: "cp850", 65001: "utf-8"}[page]
    assert command_file(machine, folders(machine.environ)) == (
        (f"@chcp {page} >nul\r\n" if page else "") + lines
    ).encode(encoding)
    python = machine.prefix / "Scripts" / "python.exe"
    machine.short[str(python)] = "C:\\100%\\SHORT~1\\python.exe"
    if page:
        expected = COMMAND.format("C:\\100%%\\SHORT~1\\python.exe")
        assert command_file(machine, folders(machine.environ)) == expected.encode()


def test_a_second_run_changes_nothing_and_says_so(machine, places):
    install(machine, ADDIN)
    before, times = files(places), places.config.stat().st_mtime_ns
    report = install(machine, ADDIN)
    assert actions(report) == ["keep"] * 3
    assert report.lines(only_planned=False)[-1] == "nothing was changed"
    assert (files(places), places.config.stat().st_mtime_ns) == (before, times)
    assert not check(machine, ADDIN).changed


def test_a_32_bit_excel_gets_its_own_dll(machine, places):
    machine.keys["HKLM\\SOFTWARE\\Microsoft\\Office\\ClickToRun\\Configuration"] = {"Platform": "x86"}
    install(machine, ADDIN)
    assert parse(places.config.read_bytes(), machine).dll == str(machine.prefix / DLL_32)


def test_what_someone_added_to_the_configuration_survives(machine, places):
    install(machine, ADDIN)
    text = places.config.read_text(encoding="cp1252")
    changed = text.replace(str(places.home / "vidcost.log"), "D:\\logs\\x.log") + "colour=blue\r\n"
    places.config.write_bytes(changed.encode("cp1252"))
    assert actions(install(machine, ADDIN)) == ["keep"] * 3
    stated = parse(places.config.read_bytes(), machine)
    assert (stated.log, stated.others) == ("D:\\logs\\x.log", {"colour": "blue"})


def test_the_mark_of_a_download_is_removed(machine, places):
    install(machine, ADDIN)
    machine.marked = {places.addin, machine.prefix / DLL_64}
    assert actions(install(machine, ADDIN)) == [*["keep"] * 3, "unblock", "unblock"]
    assert machine.marked == set()


def test_excel_is_asked_only_where_it_is_registered(machine):
    install(machine, ADDIN)
    assert machine.asked == ["server"]
    machine.keys.update(EXCEL)
    assert f"verified: Excel shows version {__version__}" in install(machine, ADDIN).notes
    machine.excel = {"error": "call was rejected"}
    assert "Excel could not be asked (call was rejected)" in install(machine, ADDIN).notes[-1]


# ---- Upgrading ----


def test_an_upgrade_moves_to_the_new_environment_and_removes_what_only_the_old_version_placed(
    machine, places, tmp_path
):
    install(machine, ADDIN)
    extra = places.addin.with_name("vidcost_old.xlam")
    extra.write_bytes(b"old")
    record = json.loads(places.record.read_text(encoding="utf-8"))
    record["version"] = "0.0.9"
    record["files"][str(extra)] = "cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4"
    places.record.write_text(json.dumps(record), encoding="utf-8")
    newer = FakeMachine(tmp_path, "Local/vidcost-xl/venv-2")
    report = install(newer, b"a newer add-in")
    assert actions(report) == [*["replace"] * 3, "remove"]
    assert f"0.0.9 gives way to {__version__}" in report.changes[0].why
    assert "venv-1" in report.changes[1].why
    assert places.addin.read_bytes() == b"a newer add-in"
    assert not extra.exists()


def test_a_missing_interpreter_is_named_and_repaired(machine, places, tmp_path):
    install(machine, ADDIN)
    gone = machine.prefix / "Scripts" / "pythonw.exe"
    newer = FakeMachine(tmp_path, "Local/vidcost-xl/venv-2")
    gone.unlink()
    report = install(newer, ADDIN)
    assert f"{gone}, which it names, is missing" in report.changes[1].why


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"nonsense", "line 1 is not of the form key=value"),
        (b"dll=x\r\n", "interpreter and log missing"),
        (b"\xff\xfei\0n\0t\0=\0x\0", "line 1"),
        (b"", "interpreter and dll and log missing"),
    ],
)
def test_a_broken_configuration_is_named_and_written_anew(machine, places, content, said):
    install(machine, ADDIN)
    places.config.write_bytes(content)
    report = install(machine, ADDIN)
    assert said in report.changes[1].why
    assert parse(places.config.read_bytes(), machine).dll.endswith(DLL_64)


def test_a_damaged_record_counts_as_none(machine, places):
    install(machine, ADDIN)
    places.record.write_bytes(b"[1")
    assert actions(install(machine, ADDIN)) == [*["keep"] * 3, "replace"]
    assert actions(install(machine, ADDIN)) == ["keep"] * 3


# ---- Refusing ----


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("windows", False, "not Windows"),
        ("bits", 32, "64-bit is needed"),
        ("platform", "win-arm64", "not the one for ARM64"),
        ("version", (3, 10, 1), "too old"),
        ("base_prefix", Path("C:/Program Files/WindowsApps/PythonSoftwareFoundation.Python.3.12"), "Microsoft Store"),
        ("base_prefix", Path("gone"), "which is gone"),
        ("versions", {"xlwings": "0.30.0", "pywin32": "312"}, "built for 0.37.8"),
        ("versions", {"xlwings": "0.37.8"}, "pywin32 is missing"),
    ],
)
def test_an_unfit_python_is_refused_before_anything_changes(machine, places, setting, value, said):
    setattr(machine, setting, value)
    with pytest.raises(InstallError, match=said) as caught:
        install(machine, ADDIN)
    assert caught.value.fix.endswith("Nothing was changed.")
    assert files(places) == {}


def test_a_python_that_is_no_environment_is_refused(machine):
    machine.base_prefix = machine.prefix
    with pytest.raises(InstallError, match="not a virtual environment"):
        install(machine, ADDIN)


def test_a_stale_or_missing_dll_is_named_and_the_present_state_kept(machine, places):
    install(machine, ADDIN)
    before = files(places)
    (machine.prefix / DLL_32).write_bytes(b"of another build")
    with pytest.raises(InstallError, match=f"{DLL_32} is stale"):
        install(machine, b"newer")
    (machine.prefix / DLL_32).rename(machine.prefix / "xlwings32-0.30.0.dll")
    with pytest.raises(InstallError, match=r"is missing; xlwings32-0\.30\.0\.dll is of another xlwings"):
        install(machine, b"newer")
    assert files(places) == before


def test_an_add_in_that_excel_has_open_is_named_and_nothing_changes(machine, places, monkeypatch):
    install(machine, ADDIN)
    before = files(places)
    real = Path.open

    def locked(path, mode="r", *others, **named):
        if path == places.addin and "+" in mode:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, mode, *others, **named)

    monkeypatch.setattr(Path, "open", locked)
    for attempt in (lambda: install(machine, b"newer"), lambda: uninstall(machine)):
        with pytest.raises(InstallError, match="Close every Excel window and run it again"):
            attempt()
        assert files(places) == before


@pytest.mark.parametrize("name", ["Łódź", "日本"])
def test_a_path_outside_the_code_page_takes_its_short_name_or_is_refused(tmp_path, name):
    machine = FakeMachine(tmp_path, f"{name}/venv")
    with pytest.raises(InstallError, match="letters outside the code page"):
        install(machine, ADDIN)
    for path in (machine.prefix / "Scripts" / "pythonw.exe", machine.prefix / DLL_64):
        short = tmp_path / "SHORT~1" / path.name
        short.parent.mkdir(exist_ok=True)
        short.write_bytes(b"")
        machine.short[str(path)] = str(short)
    install(machine, ADDIN)
    assert "SHORT~1" in parse(folders(machine.environ).config.read_bytes(), machine).interpreter


def test_a_home_outside_the_code_page_is_refused(machine, tmp_path):
    machine.environ["LOCALAPPDATA"] = str(tmp_path / "Łódź")
    with pytest.raises(InstallError, match="VBA cannot open"):
        install(machine, ADDIN)


def test_a_path_too_long_for_the_dll_is_refused(tmp_path):
    machine = FakeMachine(tmp_path, "x" * 120 + "/" + "y" * 120)
    with pytest.raises(InstallError, match="bytes long, 259 at most"):
        install(machine, ADDIN)


# ---- Failing half-way ----


@pytest.fixture(params=["from nothing", "upgrade"])
def either(request, machine, tmp_path):
    """A computer without the add-in, or with it and a newer environment."""
    if request.param == "from nothing":
        return machine
    install(machine, ADDIN)
    return FakeMachine(tmp_path, "Local/vidcost-xl/venv-2")


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_failure_at_any_file_puts_all_of_them_back(either, places, monkeypatch, at):
    before = files(places)
    failing_write(monkeypatch, at, OSError(28, "No space left on device", "the disk"))
    with pytest.raises(InstallError, match=r"No space left .* Everything was put back"):
        install(either, b"newer")
    assert files(places) == before
    assert not places.backup.exists()


@pytest.mark.parametrize("answer", [{"error": "access denied"}, {"version": "0.0.1", "egress": 1.0}])
def test_python_that_does_not_answer_rolls_an_upgrade_back(machine, places, answer):
    install(machine, ADDIN)
    before = files(places)
    machine.server = answer
    with pytest.raises(InstallError, match="Everything was put back as it was"):
        install(machine, b"newer")
    assert files(places) == before


def test_an_excel_that_shows_another_version_rolls_back(machine, places):
    machine.keys.update(EXCEL)
    machine.excel = {"version": "0.0.1"}
    with pytest.raises(InstallError, match=r"Excel shows version 0\.0\.1"):
        install(machine, ADDIN)
    assert files(places) == {}


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_run_cut_off_at_any_file_is_put_back_by_the_next(machine, places, monkeypatch, at):
    install(machine, ADDIN)
    before = files(places)
    with monkeypatch.context() as patched:
        failing_write(patched, at, KeyboardInterrupt())
        patched.setattr(transaction.Transaction, "roll_back", lambda _: None)  # as if the power went
        with pytest.raises(KeyboardInterrupt):
            places.config.write_bytes(b"broken")
            before = files(places)
            install(machine, b"newer")
    assert any("cut off" in note for note in check(machine, b"newer").notes)
    transaction.recover(places.backup)
    assert files(places) == before
    install(machine, b"newer")
    assert places.addin.read_bytes() == b"newer"


# ---- Uninstalling ----


def test_uninstalling_removes_what_was_placed_and_the_folders_it_made(machine, places):
    install(machine, ADDIN)
    assert places.command.exists()
    planned = uninstall(machine, what_if=True)
    assert places.addin.exists()
    assert actions(planned) == actions(uninstall(machine)) == ["remove"] * 4
    assert files(places) == {}
    assert not places.xlstart.exists()
    assert machine.prefix.exists()
    assert actions(uninstall(machine)) == []


def test_uninstalling_leaves_what_others_put_there(machine, places):
    places.xlstart.mkdir(parents=True)
    (places.xlstart / "personal.xlsb").write_bytes(b"mine")
    install(machine, ADDIN)
    places.addin.write_bytes(b"not ours any more")
    report = uninstall(machine)
    assert (report.changes[0].action, Path(report.changes[0].path)) == ("leave", places.addin)
    assert sorted(path.name for path in places.xlstart.iterdir()) == ["personal.xlsb", "vidcost.xlam"]


def test_a_failure_while_uninstalling_puts_everything_back(machine, places, monkeypatch):
    install(machine, ADDIN)
    before, real = files(places), Path.unlink

    def unlink(path, **named):
        if path == places.config:
            raise PermissionError(13, "Permission denied", str(path))
        real(path, **named)

    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(InstallError, match="Permission denied"):
        uninstall(machine)
    assert files(places) == before


# ---- The real computer, as far as this one is it ----


def test_this_machine_answers_off_windows(tmp_path):
    here = ThisMachine()
    if here.windows:
        pytest.skip("off Windows")
    assert here.to_ansi("Prüf") == b"Pr\xfcf"
    assert here.to_ansi("Łódź") is None
    assert here.short_path(tmp_path) == str(tmp_path)
    assert here.registry("HKCU\\Software") == {}
    assert here.package_version("no such package") is None
    assert here.packaged_hash("no such file") is None
    assert not here.downloaded(tmp_path)
    assert here.ask_server(tmp_path / "none.conf").keys() == {"error"}
    assert REQUIREMENTS[0](here).state == "fail"
    assert list(tmp_path.iterdir()) == []
