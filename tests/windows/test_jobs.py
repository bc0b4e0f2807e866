"""Jobs begun, watched, cancelled and left alone through the xlwings DLL in a real Windows Python; the Doctor button."""

from __future__ import annotations

import shutil
import sys

import pytest
from windows_python import LOCAL, REPOSITORY, USER
from windows_user import must, windows_path

TEMPORARY = f"{USER}\\Temp jobs"

#: Whether processes have ended, or end within seconds.
ENDED = """
import ctypes, sys
kernel = ctypes.WinDLL("kernel32")
kernel.OpenProcess.restype = ctypes.c_void_p
for number in sys.argv[1:]:
    handle = kernel.OpenProcess(0x100000, False, int(number))
    print(not handle or kernel.WaitForSingleObject(ctypes.c_void_p(handle), 10000) == 0)
"""


@pytest.fixture(scope="module")
def seen(installed, tmp_path_factory):
    folder = installed.windows.here(TEMPORARY)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    book = REPOSITORY / "workbook" / "model.xlsx"
    yield installed.client("jobs", book, tmp_path_factory.mktemp("jobs"), TEMP=TEMPORARY, TMP=TEMPORARY)
    shutil.rmtree(folder, ignore_errors=True)


def test_a_job_runs_in_a_process_of_its_own_while_cells_are_answered(seen):
    title, answer, made, ended, shown = seen["done"]
    assert (title, made, ended, seen["left by the result"]) == ("Check of plan.xlsx", True, True, [])
    assert answer.endswith("\\Findings.xlsx")
    value, calls, longest = seen["answered"]
    assert value == pytest.approx(236_716.84, abs=0.005)
    assert calls > 3
    assert any("measuring the finance rules" in each for each in shown)
    print(f"\na job began in {seen['began']:.2f} s; {calls} cells meanwhile, the longest {longest:.2f} s; {shown[-1]}")


def test_a_cancelled_job_ends_at_once_and_leaves_no_file(seen):
    ran, told, seconds, ended, left = seen["cancelled"]
    assert (ran, ended, left) == (True, True, [])
    assert told == "Sign of plan.xlsx was cancelled. Nothing was written, and the workbook is as it was."
    print(f"\ncancelled in {seconds:.2f} s")


def test_a_job_ends_with_the_server(seen):
    assert seen["deserted"] == [True, True]


def test_what_a_cancelled_job_started_ends_too(installed):
    copy = f"{TEMPORARY}\\vidcost-copy\\plan.xlsx"
    here = installed.windows.here(copy)
    here.parent.mkdir(parents=True)
    here.write_bytes(b"a copy")
    program = windows_path(REPOSITORY / "tests" / "addin" / "napping.py")
    done = must(installed.run(program, "cancel", copy, TEMP=TEMPORARY, TMP=TEMPORARY))
    numbers, _, told = done.output.partition("\r\n")
    assert told.startswith("Nap of plan.xlsx was cancelled.")
    ended = must(installed.run("-c", ENDED, *numbers.split()))
    assert ended.output.split() == ["True", "True"]
    assert not here.parent.exists()


def test_the_doctor_button_runs_the_fixed_command(installed):
    pytest.importorskip("pyopenvba")
    sys.path.insert(0, str(REPOSITORY / "tests" / "addin"))
    from stand_in import Excel, shipped

    excel = Excel(shipped())
    excel.files.add("C:\\L\\vidcost-xl\\vidcost.cmd")
    ((_, line, _),) = excel.press("VideoDoctor").done
    line = line.replace("C:\\W\\cmd.exe", "C:\\windows\\system32\\cmd.exe").replace("C:\\L", LOCAL)
    done = installed.windows.run(line=line)
    assert "download mark" in done.output
    assert done.output.rstrip().endswith(">"), "the window waits for its user"
