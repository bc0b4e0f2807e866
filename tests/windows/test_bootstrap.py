"""install.ps1's hand-over with the Windows Python: environments made, replaced and removed; no PowerShell runs here."""

from __future__ import annotations

import re

import pytest
from windows_python import LOCAL, REPOSITORY
from windows_user import must, windows_path

HAND_OVER = re.search(r"\$HandOver = '([^']+)'", (REPOSITORY / "install.ps1").read_text(encoding="ascii")).group(1)


@pytest.fixture
def hand_over(user):
    """What install.ps1 runs: the Python it found, its statement, the source, the switches."""
    must(user.vidcost("install", "--uninstall"))

    def run(*switches, source=user.wheel, package=user.wheel):
        offline = f"--pip=--no-compile --no-index --find-links {windows_path(user.wheels)}"
        stated = ("--source", windows_path(package), offline)
        return user.windows.python("-I", "-B", "-c", HAND_OVER, windows_path(source), *stated, *switches)

    yield run
    run("--uninstall")


def environments(user):
    return sorted(path.name for path in user.windows.here(f"{LOCAL}\\vidcost-xl").glob("venv-*"))


def test_it_installs_upgrades_survives_a_failed_upgrade_and_uninstalls(user, hand_over, tmp_path):
    assert must(hand_over("--probe")).output.strip() == user.windows.executable
    must(hand_over("--probe", source=REPOSITORY))
    planned = must(hand_over("--what-if"))
    assert "would make" in planned.output
    assert "would place" in planned.output
    assert environments(user) == []
    assert user.files() == {}

    must(hand_over())
    (first,) = environments(user)
    assert f"\\{first}\\Scripts\\pythonw.exe".encode() in user.config.read_bytes()
    assert "nothing to change" in must(hand_over("--check")).output

    broken = tmp_path / user.wheel.name
    broken.write_bytes(user.wheel.read_bytes()[:-40] + bytes(40))
    before = user.files()
    failed = hand_over(package=broken)
    assert failed.code == 2
    assert "The present installation still works" in failed.errors
    assert (environments(user), user.files()) == ([first], before)
    print(f"\na failed upgrade: {failed.errors}")

    must(hand_over())
    (second,) = environments(user)
    assert second != first
    assert f"\\{second}\\".encode() in user.config.read_bytes()

    assert "would remove" in must(hand_over("--uninstall", "--what-if")).output
    assert environments(user) == [second]
    must(hand_over("--uninstall"))
    assert environments(user) == []
    assert user.files() == {}
    assert "not installed" in hand_over("--check").errors
