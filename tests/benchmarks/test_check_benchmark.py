"""`vidcost check` against LibreOffice's headless recalculation of the same file, as a ratio measured in one run.

Run with

    pytest tests/benchmarks/test_check_benchmark.py --benchmark-only -s -o addopts="--import-mode=importlib"

Target: the plan workbook of 12 months in at most 0.8 times of LibreOffice's time. Runs of both alternate, because
other work on the machine slows both.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from vidcost_xl.sheets.calc.libreoffice import recalculated
from vidcost_xl.sheets.plan.new import build
from vidcost_xl.sheets.review.self_audit import audit_file

TARGET = 0.8
ROUNDS = 1


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_check_against_libreoffice(benchmark, tmp_path: Path):
    source, folder = tmp_path / "plan.xlsx", tmp_path / "out"
    source.write_bytes(build("model").data)
    folder.mkdir()
    benchmark.pedantic(lambda: audit_file(source), rounds=1)
    runs = [(seconds(lambda: audit_file(source)), seconds(lambda: recalculated(source, folder))) for _ in range(ROUNDS)]
    ours, theirs = min(benchmark.stats.stats.min, *(run[0] for run in runs)), min(run[1] for run in runs)
    benchmark.extra_info["of LibreOffice's time"] = ours / theirs
    sys.stdout.write(
        f"\n  check {ours:.2f} s, LibreOffice {theirs:.2f} s: {ours / theirs:.2f} times (at most {TARGET})\n"
    )
