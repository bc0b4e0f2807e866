"""The doctor on a made-up Windows, and on this computer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fake_machine import ADDIN, EXCEL, FakeMachine

from vidcost_xl.addin.config import DLL_64, Folders, folders
from vidcost_xl.addin.doctor import EXCEL_TYPES, OFFICE, examine
from vidcost_xl.addin.install import install
from vidcost_xl.addin.policies import (
    APPLOCKER,
    CHILD_PROCESS_RULE,
    DEFENDER,
    INTUNE,
    MACROS_OFF,
    ONLY_SIGNED,
    POLICIES,
    WIN32_RULE,
    paths,
)


@pytest.fixture
def machine(tmp_path):
    fake = FakeMachine(tmp_path)
    fake.keys.update(EXCEL)
    install(fake, ADDIN)
    return fake


def found(machine, name, addin=ADDIN):
    return next(check for check in examine(machine, addin) if check.name == name)


def test_a_working_installation_has_nothing_to_fix(machine):
    checks = examine(machine, ADDIN)
    assert {check.state for check in checks} == {"ok"}
    assert all(check.fix == "" for check in checks)


def damage_config(machine, places):
    places.config.write_bytes(b"interpreter=x\r\n")


def remove_config(machine, places):
    places.config.unlink()


def other_dll(machine, places):
    places.config.write_bytes(
        places.config.read_bytes().replace(DLL_64.encode(), b"Scripts\\python.exe".replace(b"\\", b"/"))
    )


def damage_addin(machine, places):
    places.addin.write_bytes(b"older")


def remove_addin(machine, places):
    places.addin.unlink()


def second_addin(machine, places):
    places.addin.with_name("vidcost-xl (1).xlam").write_bytes(b"")


def marked(machine, places):
    machine.marked = {places.addin}


def rule(machine, places):
    machine.keys[f"HKLM\\SOFTWARE\\Microsoft\\{DEFENDER}"] = {CHILD_PROCESS_RULE.upper(): "1"}


def no_excel(machine, places):
    machine.keys.clear()


def win32_rule(machine, places):
    machine.keys[INTUNE] = {"ASRRules": f"{CHILD_PROCESS_RULE}=2|{{{WIN32_RULE.upper()}}}=1"}


def no_macros(machine, places):
    machine.keys[f"HKCU\\{POLICIES}\\Excel\\Security"] = {"VBAWarnings": MACROS_OFF}
    machine.keys[f"HKCU\\{OFFICE}\\Excel\\Security\\Trusted Locations"] = {"AllLocationsDisabled": 1}


def only_signed_macros(machine, places):
    machine.keys[f"HKCU\\{OFFICE}\\Excel\\Security"] = {"vbawarnings": ONLY_SIGNED}
    machine.keys[f"HKCU\\{POLICIES}\\Excel\\Security\\Trusted Locations"] = {"alllocationsdisabled": 1}


def no_vba(machine, places):
    machine.keys[f"HKCU\\{POLICIES}\\Common"] = {"VBAOff": 1}


def signed_add_ins(machine, places):
    machine.keys[f"HKCU\\{POLICIES}\\Excel\\Security"] = {"requireaddinsig": 1}


def signed_at_the_start(machine, places):
    machine.keys[f"HKCU\\{POLICIES}\\Common\\Security"] = {"requirealwaysonmacrosig": 1}


def no_add_ins(machine, places):
    machine.keys[f"HKCU\\{OFFICE}\\Excel\\Security"] = {"DisableAllAddins": 1}


def disabled(machine, places):
    item = b"\1\0" + str(places.addin).encode("utf-16-le")
    machine.keys[f"HKCU\\{OFFICE}\\Excel\\Resiliency\\DisabledItems"] = {"A1": item}


def stale_types(machine, places):
    cache = Path(machine.environ["TEMP"]) / "gen_py" / "3.12" / f"{EXCEL_TYPES}x0x1x9"
    cache.mkdir(parents=True)
    (cache / "__init__.py").write_text("# cut off")


def silent_server(machine, places):
    machine.server = {"error": "it ended with code 5"}


def no_environment(machine, places):
    machine.base_prefix = machine.prefix


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("configuration", damage_config),
        ("configuration", remove_config),
        ("configuration", other_dll),
        ("add-in", damage_addin),
        ("add-in", remove_addin),
        ("XLSTART", second_addin),
        ("download mark", marked),
        ("Defender", rule),
        ("Defender", win32_rule),
        ("Excel", no_excel),
        ("macros", no_macros),
        ("macros", only_signed_macros),
        ("macros", no_vba),
        ("add-ins", signed_add_ins),
        ("add-ins", signed_at_the_start),
        ("add-ins", no_add_ins),
        ("disabled items", disabled),
        ("gen_py", stale_types),
        ("server", silent_server),
        ("environment", no_environment),
    ],
)
def test_each_precondition_fails_with_its_fix(machine, name, harm):
    harm(machine, folders(machine.environ))
    check = found(machine, name)
    assert check.state == "fail"
    assert check.found
    assert check.fix


def test_what_does_not_keep_the_add_in_from_working_is_a_note(machine, tmp_path):
    machine.environ["OneDrive"] = str(tmp_path)
    assert found(machine, "paths").state == "note"
    del machine.versions["scipy"]
    without = found(machine, "SciPy")
    assert without.state == "note" and "VIDEO_RISK" in without.found and "pip install scipy" in without.fix
    machine.keys[f"HKCU\\{OFFICE}\\Excel\\Security\\Trusted Locations"] = {"AllLocationsDisabled": 1}
    assert found(machine, "macros").state == "note"
    machine.keys[f"{APPLOCKER}\\Exe"] = {"EnforcementMode": 1}
    machine.keys[f"{APPLOCKER}\\Dll"] = {"EnforcementMode": 0}
    enforced = found(machine, "AppLocker")
    assert (enforced.state, enforced.found) == ("note", "its rules for Exe are enforced")
    store = "C:\\Program Files\\WindowsApps\\Microsoft.Office.Desktop.Excel\\EXCEL.EXE"
    ((_, identity),) = EXCEL.items()
    machine.keys[f"HKCR\\CLSID\\{identity['']}\\LocalServer32"] = {"": store}
    assert found(machine, "Excel").state == "note"
    other = FakeMachine(tmp_path, "Local/vidcost-xl/venv-2")
    assert found(other, "configuration").state == "note"


def test_a_path_longer_than_excel_opens_fails(machine):
    machine.environ["APPDATA"] += "/" + "x" * 220
    assert found(machine, "paths").state == "fail"


@pytest.mark.parametrize("warnings", [MACROS_OFF, ONLY_SIGNED])
def test_a_trusted_location_runs_macros_whatever_is_set_for_others(machine, warnings):
    machine.keys[f"HKCU\\{POLICIES}\\Excel\\Security"] = {"VBAWarnings": warnings}
    assert found(machine, "macros").state == "ok"


def test_what_a_policy_says_counts_before_what_the_user_has_set(machine):
    machine.keys[f"HKCU\\{OFFICE}\\Excel\\Security"] = {"RequireAddinSig": 1}
    assert found(machine, "add-ins").state == "fail"
    machine.keys[f"HKCU\\{POLICIES}\\Excel\\Security"] = {"requireaddinsig": 0}
    assert found(machine, "add-ins").state == "ok"


def test_an_exception_from_a_rule_of_defender_lets_the_rest_be_examined(machine):
    rule(machine, None)
    machine.keys[f"HKLM\\SOFTWARE\\Microsoft\\{DEFENDER.removesuffix('Rules')}ASROnlyExclusions"] = {
        "C:\\other.exe": "0"
    }
    assert found(machine, "Defender").state == "fail"
    machine.keys[INTUNE] = {"ASROnlyExclusions": "C:\\x|C:\\Users\\*\\AppData\\Local\\vidcost-xl"}
    assert found(machine, "Defender").state == "note"
    assert found(machine, "server").state == "ok"


def test_a_rule_of_defender_that_only_watches_is_none(machine):
    machine.keys[INTUNE] = {"ASRRules": f"{CHILD_PROCESS_RULE}=2|{WIN32_RULE}=0"}
    assert found(machine, "Defender").state == "ok"


@pytest.mark.parametrize("root", ["\\\\server\\home", "H:\\home"])
def test_folders_on_the_network_fail_where_excel_trusts_none_there(machine, root):
    machine.keys["HKCU\\Network\\H"] = {"RemotePath": "\\\\server\\home"}
    here, there = Path("C:\\home"), Path(root)
    assert paths(machine, Folders(here, here), None).state == "ok"
    assert paths(machine, Folders(here, there), None).state == "fail"
    assert paths(machine, Folders(there, here), None).state == "note"
    machine.keys[f"HKCU\\{OFFICE}\\Excel\\Security\\Trusted Locations"] = {"AllowNetworkLocations": 1}
    assert paths(machine, Folders(here, there), None).state == "note"


def test_a_package_without_the_add_in_fails(machine):
    assert found(machine, "add-in", addin=None).state == "fail"


def test_without_the_folders_of_a_user_it_says_so(machine):
    del machine.environ["APPDATA"]
    assert examine(machine, ADDIN)[-1].name == "folders"


def test_every_computer_gets_the_same_checks_in_the_same_order(machine):
    on_windows = [check.name for check in examine(machine, ADDIN)]
    machine.windows = False
    elsewhere = examine(machine, ADDIN)
    assert [check.name for check in elsewhere] == on_windows
    assert {check.state for check in elsewhere[3:]} == {"n/a"}


@pytest.mark.skipif(sys.platform == "win32", reason="off Windows")
def test_the_commands_say_off_windows_what_does_not_apply():
    doctor = subprocess.run(
        [sys.executable, "-m", "vidcost_xl", "doctor", "--json"], capture_output=True, text=True, check=False
    )
    assert doctor.returncode == 1
    assert json.loads(doctor.stdout)[0]["found"] == "not Windows"
    for option in ("--check", "--uninstall", "--what-if"):
        done = subprocess.run(
            [sys.executable, "-m", "vidcost_xl", "install", option], capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert "The add-in needs Excel for Windows" in done.stderr
