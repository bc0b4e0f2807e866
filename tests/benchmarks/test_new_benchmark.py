"""`vidcost new` against a plain openpyxl script, and the memory of large plan workbooks, measured in one run.

Run with

    pytest tests/benchmarks/test_new_benchmark.py --benchmark-only -s -o addopts="--import-mode=importlib"

Targets: a plan workbook of 36 months, computed, in at most 7 times the processor time of an openpyxl script that only
writes as many cells; less than 700 MB to make, and to calculate, a plan workbook of 60 months, the interpreter and all
imports included.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from vidcost_xl.model.files import preset
from vidcost_xl.sheets.plan.new import build

MONTHS, LONGEST = 36, 60
TIMES, MEGABYTES = 7, 700
ROUNDS = 1

# The most that the process itself held: `ru_maxrss` begins with what its parent held.
PEAK = """
import re, sys
from vidcost_xl.cli import main
sys.argv = ["vidcost", {arguments}]
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
print(int(re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())[1]) / 1024, file=sys.stderr)
"""


def cells(data: bytes) -> list[list[tuple[int, int, object]]]:
    """What stands in each cell of a workbook, sheet by sheet."""
    return [
        [
            (cell.row, cell.column, getattr(cell.value, "text", cell.value))
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        ]
        for sheet in openpyxl.load_workbook(io.BytesIO(data))
    ]


def write(sheets: list[list[tuple[int, int, object]]]) -> None:
    book = openpyxl.Workbook()
    for found in sheets:
        sheet = book.create_sheet()
        for row, column, value in found:
            sheet.cell(row, column).value = value
    book.save(io.BytesIO())


def processor_seconds(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


@pytest.mark.sweep
def test_a_plan_workbook_against_a_script_that_only_writes_as_many_cells(benchmark):
    plan = preset("article").with_overrides([("calendar.months", MONTHS)])
    sheets = cells(build("model", plan=plan).data)
    runs = [
        (processor_seconds(lambda: build("model", plan=plan)), processor_seconds(lambda: write(sheets)))
        for _ in range(ROUNDS)
    ]
    benchmark.pedantic(lambda: write(sheets))
    ours, plain = min(run[0] for run in runs), min(run[1] for run in runs)
    benchmark.extra_info["times a plain script"] = ours / plain
    sys.stdout.write(
        f"\n  {MONTHS} months, {sum(map(len, sheets)):,} cells: {ours:.2f} s, plain openpyxl {plain:.2f} s: "
        f"{ours / plain:.1f} times (at most {TIMES})\n"
    )


@pytest.mark.sweep
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory of a process is read otherwise here")
def test_memory_of_the_longest_plan_workbook(benchmark, tmp_path: Path):
    path, copy = tmp_path / "plan.xlsx", tmp_path / "copy.xlsx"
    commands = {
        "made": f'"new", r"{path}", "--template", "model", "--months", "{LONGEST}"',
        "calculated": f'"calc", r"{path}", "-o", r"{copy}"',
    }
    found = {}
    for name, arguments in commands.items():
        code = PEAK.format(arguments=arguments)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        found[name] = float(done.stderr.strip().splitlines()[-1])
    benchmark.extra_info.update(found)
    benchmark.pedantic(lambda: None)
    shown = ", ".join(f"{megabytes:.0f} MB to be {name}" for name, megabytes in found.items())
    sys.stdout.write(f"\n  {LONGEST} months: {shown} (less than {MEGABYTES})\n")
