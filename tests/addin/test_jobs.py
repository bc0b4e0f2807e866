"""Jobs of the ribbon in real processes: the shipped VBA begins, watches and cancels them; nothing stays behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
import pytest

pytest.importorskip("pyopenvba")
sys.path.insert(0, str(Path(__file__).parent))

from stand_in import Excel, book, shipped

WORKBOOKS = Path(__file__).parents[2] / "workbook"
pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks the system's table of processes")

NAPPING = Path(__file__).with_name("napping.py")
PATIENCE = 90


def runs(process):
    """Whether it is there, and not only waiting to be asked how it ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(holds):
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.05)


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The temporary folder, of the jobs too."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("cancel", "Nap of plan.xlsx was cancelled. Nothing was written"),
        ("dies", "?Nap of plan.xlsx ended without a result (code -9). The log: none."),
        ("server-ends", ""),
        ("answered", ""),
    ],
)
def test_a_job_ends_with_what_it_started_and_leaves_nothing(temporary, how, said):
    copy = temporary / "vidcost-copy" / "plan.xlsx"
    copy.parent.mkdir()
    copy.write_bytes(b"a copy")
    command = [sys.executable, str(NAPPING), how, str(copy)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, timeout=PATIENCE)
    processes, _, told = done.stdout.partition("\n")
    for process in processes.split():
        until(lambda number=process: not runs(number))
    assert said in told
    until(lambda: list(temporary.iterdir()) == [])


class Pressed:
    """A button pressed in the shipped VBA, whose Python is the real server; C:\\T is the temporary folder."""

    def __init__(self, server, temporary, workbook, button):
        self.server, self.temporary, self.workbook, self.number = server, temporary, workbook, 0
        answers = {name: self.asking(name) for name in ("start_job", "job_state", "cancel_job")}
        self.excel = Excel(shipped(), answers, [book(workbook.name, SaveCopyAs=self.save)])
        self.excel.press(button)
        assert (self.excel.told, runs(self.number)) == ([], True)

    def asking(self, name):
        def ask(*values):
            given = tuple(self.here(value) if str(value).startswith("C:") else str(value) for value in values)
            answer = self.server.CallUDF("vidcost_xl.addin.ribbon", name, given)
            if name == "start_job":
                self.number = int(answer.split("\x01")[0])
            elif name == "job_state" and answer[0] not in "?~":
                self.excel.files.add(answer.split("\x01")[0])
            return answer

        return ask

    def here(self, path):
        return str(self.temporary.joinpath(*str(path).split("\\")[2:]))

    def save(self, path):
        Path(self.here(path)).parent.mkdir()
        shutil.copy(self.workbook, self.here(path))
        self.excel.files.add(str(path))

    def wait(self, holds):
        def holds_now():
            time.sleep(0.1)
            self.excel.idle()
            return holds(self.excel)

        until(holds_now)
        return self.excel


def test_check_is_made_beside_a_server_that_answers_and_opens_when_it_is_there(server, temporary):
    pressed = Pressed(server, temporary, WORKBOOKS / "quick.xlsx", "VideoCheck")
    os.kill(pressed.number, signal.SIGSTOP)  # or it may be done too soon
    assert pressed.excel.idle().bar.startswith("Video cost: Check of quick.xlsx, ")
    assert server.CallUDF("vidcost_xl.hosts.com", "VIDEO_EGRESS", (5.0, "PB")) == pytest.approx(236_716.84, abs=0.005)
    assert runs(pressed.number), "the cell was answered meanwhile"
    os.kill(pressed.number, signal.SIGCONT)
    excel = pressed.wait(lambda excel: excel.bar is None)
    ((what, made),) = excel.done
    assert (what, excel.told, excel.pending) == ("copy of", [], [])
    assert openpyxl.load_workbook(made).active["A1"].value.startswith("quick.xlsx: ")
    assert list(temporary.iterdir()) == [Path(made).parent]
    assert not runs(pressed.number)


def test_sign_cancelled_on_the_way_ends_its_process_and_leaves_no_file(server, temporary):
    pressed = Pressed(server, temporary, WORKBOOKS / "model.xlsx", "VideoSign")
    excel = pressed.wait(lambda excel: "computing" in (excel.bar or ""))
    assert list(temporary.iterdir()) != []
    excel.press("VideoCancel")
    assert not runs(pressed.number)
    assert excel.told == ["Sign of model.xlsx was cancelled. Nothing was written, and the workbook is as it was."]
    assert (list(temporary.iterdir()), excel.done, excel.bar, excel.pending) == ([], [], None, [])
    assert server.CallUDF("vidcost_xl.addin.ribbon", "job_state", (str(pressed.number),)).startswith("?Python was")
