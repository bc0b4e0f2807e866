"""LibreOffice as a program that is started, waited for and ended."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from vidcost_xl.sheets.calc import libreoffice

#: A wrapper like soffice: it starts a program that goes on, writes down which, and waits.
WRAPPER = """#!/bin/sh
sleep 60 &
echo $! > {noted}
wait
"""


def is_running(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up otherwise here")
def test_what_takes_too_long_is_ended_with_everything_it_started(tmp_path, monkeypatch):
    program, noted, source = tmp_path / "soffice", tmp_path / "noted", tmp_path / "a.xlsx"
    program.write_text(WRAPPER.format(noted=noted))
    program.chmod(0o755)
    source.write_bytes(b"")
    (tmp_path / "out").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(libreoffice, "TIME_LIMIT", 1)
    with pytest.raises(libreoffice.LibreOfficeError, match=r"soffice took longer than 1 seconds"):
        libreoffice.recalculated(source, tmp_path / "out")
    started = int(noted.read_text())
    end = time.monotonic() + 10
    while is_running(started) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_running(started)


def test_a_program_that_fails_says_why():
    with pytest.raises(libreoffice.LibreOfficeError, match="it broke"):
        libreoffice._run([sys.executable, "-c", "raise SystemExit('it broke')"])
