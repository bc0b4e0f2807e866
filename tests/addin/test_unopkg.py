"""LibreOffice's installer where it crashes: a stand-in for it that does what the real one was seen to do."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.command import vidcost
from vidcost_xl import __version__
from vidcost_xl.addin import libreoffice
from vidcost_xl.addin.commands import examination
from vidcost_xl.addin.unopkg import _crash

#: Lists, adds and removes; is killed before, during or after its work as `crashes` says of each start that is not a
#: list; holds the profile's lock while it works, as the real one does, and refuses for one that is there.
STAND_IN = """#!{python} -IS
import json, os, signal, sys
here = os.path.dirname(os.path.abspath(__file__))
path, lock = os.path.join(here, "state.json"), os.path.join(here, ".lock")
state = json.load(open(path))
if os.path.exists(lock):
    print("FEHLER: laeuft bereits:", lock, sep="\\n", file=sys.stderr)
    sys.exit(1)
crash = state["crashes"].pop(0) if sys.argv[1] != "list" and state["crashes"] else ""
state["starts"].append(sys.argv[1])
def save():
    json.dump(state, open(path, "w"))
def killed():
    save()
    if state["by a shell"]:
        os._exit(128 + signal.SIGSEGV)
    os.kill(os.getpid(), signal.SIGSEGV)
if crash == "before":
    killed()
with open(lock, "w") as held:
    held.write("IPCServer=" + ("true" if crash == "beside an office" else "false"))
if sys.argv[1] == "list":
    if state["place"]:
        print("Identifier: org.vidcost.functions", "  Version: " + state["version"], sep="\\n")
        print("  URL: " + str(state["place"]))
        print("  is registered: " + ("yes" if state["whole"] else "unknown"))
elif sys.argv[1] == "add":
    state["place"], state["whole"] = state["place"] + 1, crash != "during"
elif crash != "during":
    state["place"] = 0
if crash in ("during", "beside an office"):
    killed()
os.remove(lock)
if crash == "after":
    killed()
save()
if crash == "words after":
    sys.exit("caught unexpected exception while disposing...")
"""


@pytest.fixture
def unopkg(tmp_path, monkeypatch):
    """What a stand-in on the path is told beforehand, and what it was asked."""
    program, state = tmp_path / "unopkg", tmp_path / "state.json"
    program.write_text(STAND_IN.format(python=sys.executable))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(libreoffice, "_asked", lambda: 236_716.84)  # test_libreoffice.py asks the real process

    def told(**known):
        state.write_text(
            json.dumps(
                {"crashes": [], "starts": [], "place": 0, "whole": True, "by a shell": False, "version": __version__}
                | known
            )
        )
        return lambda: json.loads(state.read_text())

    return told


@pytest.mark.parametrize(
    ("place", "crashes", "starts"),
    [(0, ["before"], 2), (7, ["before"], 2), (7, ["after"], 1), (7, ["before", "during", "after"], 3)],
    ids=["new", "in place of the same version", "after its work", "at every point"],
)
def test_a_crash_is_no_refusal_and_what_is_not_done_is_done_again(unopkg, place, crashes, starts):
    seen = unopkg(crashes=crashes, place=place, **{"by a shell": len(crashes) > 1})
    done = vidcost("install", "--libreoffice")
    said = " ".join(done.stdout.split())
    assert done.returncode == 0, done.stderr
    assert seen()["place"] > place and seen()["whole"] and seen()["starts"].count("add") == starts
    assert said.count("crashed at `unopkg add` (Segmentation fault)") == len(crashes)
    assert said.count("after its work was done") == crashes.count("after")
    assert f"LibreOffice lists version {__version__}" in said


def test_an_error_about_tidying_up_after_the_work_is_no_refusal(unopkg):
    unopkg(crashes=["words after"])
    done = vidcost("install", "--libreoffice")
    assert done.returncode == 0 and "disposing... after its work was done" in " ".join(done.stdout.split())


@pytest.mark.parametrize("crash", ["before", "during", "after"])
def test_what_crashes_is_removed_all_the_same(unopkg, crash):
    seen = unopkg(crashes=[crash], place=1)
    assert vidcost("install", "--libreoffice", "--uninstall").returncode == 0
    assert seen()["place"] == 0


@pytest.mark.parametrize("crash", ["before", "during"])
def test_what_always_crashes_is_an_error_that_claims_nothing(unopkg, crash):
    seen = unopkg(crashes=[crash] * 9)
    done = vidcost("install", "--libreoffice")
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 2 and seen()["starts"].count("add") == 3
    assert "crashed 3 times at `unopkg add` (Segmentation fault)" in said and "repair LibreOffice" in said
    assert "verified" not in said and "done;" not in said


def test_half_an_installation_is_not_current(unopkg):
    unopkg(place=1, whole=False)
    assert "nothing to change" not in vidcost("install", "--libreoffice", "--check").stdout
    unopkg(place=1)
    assert "nothing to change" in vidcost("install", "--libreoffice", "--check").stdout


@pytest.mark.parametrize(
    ("known", "expected", "found"),
    [
        ({"place": 0}, "n/a", "without the extension"),
        ({"place": 1}, "ok", f"has the extension of version {__version__}"),
        ({"place": 1, "whole": False}, "note", "not registered as a whole"),
        ({"place": 1, "version": "0.0.9"}, "note", f"of version 0.0.9, this is {__version__}"),
        ({"place": 1, "python": "/nowhere/python"}, "note", "asks /nowhere/python, which is not there"),
        ({"place": 1, "python": sys.executable}, "ok", f"has the extension of version {__version__}"),
        ({"place": 1, "python": __file__}, "note", f"asks {__file__}, this is {sys.executable}"),
    ],
)
def test_the_doctor_says_in_one_line_how_it_stands(unopkg, monkeypatch, known, expected, found):
    monkeypatch.setenv("XDG_CONFIG_HOME", os.environ["PATH"].partition(":")[0])
    profile = Path(os.environ["XDG_CONFIG_HOME"]) / "libreoffice" / "4"
    settings = profile / "user" / "uno_packages" / "cache" / "1" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"command": [known.pop("python", sys.executable), "-I"]}))
    unopkg(**known)
    said = [check for check in examination(ask=True) if check.name == "LibreOffice"]
    assert [(check.state, found in check.found) for check in said] == [(expected, True)]
    assert ("install --libreoffice" in said[0].fix) == (expected != "ok")


def test_the_doctor_does_not_miss_libreoffice(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("vidcost_xl.addin.unopkg._PLACES", ())
    assert [(check.state, check.found) for check in examination(ask=True) if check.name == "LibreOffice"] == [
        ("n/a", "not on this computer")
    ]


@pytest.mark.parametrize("crashes", [[], ["beside an office"]], ids=["before", "meanwhile"])
def test_the_lock_of_a_libreoffice_that_runs_is_left_alone(unopkg, tmp_path, crashes):
    unopkg(crashes=crashes)
    lock = tmp_path / ".lock"
    if not crashes:
        lock.touch()
    done = vidcost("install", "--libreoffice")
    assert done.returncode == 2 and "refused" in done.stderr + done.stdout and lock.exists()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (0, ""),
        (1, ""),
        (77, ""),
        (255, ""),
        (-signal.SIGSEGV, "Segmentation fault"),
        (128 + signal.SIGSEGV, "Segmentation fault"),
        (0xC0000005, "exception 0xc0000005"),
    ],
)
def test_a_code_that_no_program_ends_with_is_a_crash(code, reason):
    assert _crash(code) == reason
