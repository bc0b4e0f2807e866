"""`vidcost calc` against LibreOffice's headless recalculation of the same file, as ratios measured in one run.

Run with

    pytest tests/benchmarks/test_calc_benchmark.py --benchmark-only -s -o addopts="--import-mode=importlib"

Targets: plan workbooks of 12, 36 and 60 months at least 2.0, 1.3 and 1.2 times faster; the quick template and a
workbook of another make are shown beside them. LibreOffice needs seconds to start and is quick after that, so the
ratio falls as workbooks grow. Runs of both alternate, because other work on the machine slows both.
"""

from __future__ import annotations

import io
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from vidcost_xl.model.files import preset
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.calc.calculate import calculate_file
from vidcost_xl.sheets.calc.libreoffice import recalculated
from vidcost_xl.sheets.plan.new import build

TIERS = 8

#: The shortest of so many runs counts: the one that was disturbed least.
ROUNDS = 1


def plan(lines: int, months: int) -> bytes:
    """A workbook like a cost model: growth, flags, graduated tariffs, totals, look-ups; no value of a formula in it."""
    book = openpyxl.Workbook()
    sheet, prices = book.active, book.create_sheet("Prices")
    sheet.title = "Model"
    for tier in range(TIERS):
        prices.append([tier * 100, 0.01 * (TIERS - tier)])
    for row in range(1, lines + 1):
        sheet.cell(row, 1).value, sheet.cell(row, 2).value = f"line {row}", float(row)
        above = max(row - 1, 1)
        for column in range(3, months + 3):
            before, here = get_column_letter(column - 1), get_column_letter(column)
            sheet.cell(row, column).value = (
                f"={before}{row}*1.01",
                f"=IF({before}{row}>$B{row},{before}{row}-1,$B{row}+1)",
                f"=SUMPRODUCT(({before}{above}>Prices!$A$1:$A$8)*({before}{above}-Prices!$A$1:$A$8)*Prices!$B$1:$B$8)",
                f"=SUM({here}{max(row - 3, 1)}:{here}{row - 1})",
                f"=ROUND({here}{above}/12,2)",
                f"=INDEX(Prices!$B$1:$B$8,MATCH({before}{row},Prices!$A$1:$A$8,1))",
            )[row % 6]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def months(count: int) -> Plan:
    return preset("article").with_overrides([("calendar.months", count)])


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize(
    ("name", "make", "target"),
    [
        ("quick template", lambda: build("quick").data, None),
        ("model template, 12 months", lambda: build("model", plan=months(12)).data, 2.0),
        pytest.param(
            "model template, 36 months", lambda: build("model", plan=months(36)).data, 1.3, marks=pytest.mark.sweep
        ),
        pytest.param(
            "model template, 60 months", lambda: build("model", plan=months(60)).data, 1.2, marks=pytest.mark.sweep
        ),
        pytest.param("300 lines x 60 months", lambda: plan(300, 60), None, marks=pytest.mark.sweep),
    ],
    ids=["quick", "model12", "model36", "model60", "other60"],
)
def test_calc_against_libreoffice(benchmark, tmp_path: Path, name, make, target):
    source, copy, folder = tmp_path / "in.xlsx", tmp_path / "copy.xlsx", tmp_path / "out"
    source.write_bytes(make())
    folder.mkdir()
    report = benchmark.pedantic(lambda: calculate_file(source, copy, force=True))
    runs = [
        (seconds(lambda: calculate_file(source, copy, force=True)), seconds(lambda: recalculated(source, folder)))
        for _ in range(ROUNDS)
    ]
    ours, theirs = min(benchmark.stats.stats.min, *(run[0] for run in runs)), min(run[1] for run in runs)
    benchmark.extra_info["times faster"] = theirs / ours
    sys.stdout.write(
        f"\n  {name}: {report.computed:,} of {report.formulas:,} formulas in {ours:.3f} s, LibreOffice {theirs:.2f} s: "
        f"{theirs / ours:.1f} times faster{f' (at least {target})' if target else ''}\n"
    )
