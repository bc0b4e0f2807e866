"""Speed and memory of the model, as ratios measured in one run on one machine, printed and never asserted.

Run with

    pytest tests/benchmarks/test_model_benchmarks.py --benchmark-only -s -o addopts="--import-mode=importlib"

Targets: 10,000 scenarios of 36 months at least 100 times faster than 10,000 single evaluations; 100,000 draws of 36
months of 25 lines or more in less than 150 MB above the bare interpreter; `to_frame()` at most 15 times the time of
building the same table from ready columns.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from vidcost_xl.model.bill import evaluate, totals
from vidcost_xl.model.files import preset
from vidcost_xl.model.ledger import to_columns, to_frame

MONTHS, SCENARIOS, SINGLES = 36, 10_000, 200
FASTER, MEGABYTES, FRAME = 100, 150, 15

RANGES = {"train.experiments": (5.0, 12.0), "dataset.videos": (5e8, 2e9), "commercial.discount": (0.0, 0.3)}

MEMORY = """
import numpy as np
from vidcost_xl.model.bill import totals
from vidcost_xl.model.files import preset
plan = preset("complete").with_overrides([("calendar.months", 36)])
random = np.random.default_rng(1)
draws = {{key: random.uniform(*limits, 100_000) for key, limits in {ranges}.items()}}
totals(plan, draws)
"""
PEAK = "\nimport resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"


def best(action: Callable[[], object], rounds: int) -> float:
    """The shortest of several runs in seconds: the one that other work on the machine disturbed least."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def verdict(text: str, met: bool) -> None:
    sys.stdout.write(f"\n  {text}: {'met' if met else 'MISSED'}\n")


@pytest.mark.parametrize("name", ["article", "complete"])
def test_scenarios_together_against_single_evaluations(benchmark, name):
    plan = preset(name).with_overrides([("calendar.months", MONTHS)])
    random = np.random.default_rng(1)
    samples = {key: random.uniform(*limits, SCENARIOS) for key, limits in RANGES.items()}
    scenarios = [[(key, float(values[at])) for key, values in samples.items()] for at in range(SINGLES)]

    def singles() -> list[np.ndarray]:
        return [evaluate(plan.with_overrides(scenario)).total for scenario in scenarios]

    together = totals(plan, samples)
    assert np.allclose(together[:, :SINGLES], np.hstack(singles()), rtol=1e-12, atol=0)
    one_by_one = best(singles, 3) * SCENARIOS / SINGLES
    at_once = best(lambda: totals(plan, samples), 7)
    ratio = one_by_one / at_once
    lines = len(evaluate(plan).charges)
    verdict(
        f"{name}, {lines} lines x {MONTHS} months x {SCENARIOS:,}: {at_once * 1e3:,.0f} ms together, "
        f"{one_by_one:,.1f} s one by one, {ratio:,.0f} times faster (target {FASTER})",
        ratio >= FASTER,
    )
    benchmark.pedantic(totals, args=(plan, samples), rounds=3)


@pytest.mark.skipif(sys.platform == "win32", reason="getrusage is of POSIX")
def test_memory_of_a_hundred_thousand_draws(benchmark):
    def peak(program: str) -> float:
        # A process inherits the peak of the one that starts it: a shell in between keeps pytest's out of it.
        command = ["/bin/sh", "-c", '"$0" "$@"; exit $?', sys.executable, "-c", program + PEAK]
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    lines = len(evaluate(preset("complete")).charges)
    bare, libraries = peak(""), peak("import numpy, pydantic, vidcost_xl.model.bill")
    above = peak(MEMORY.format(ranges=RANGES)) - bare
    verdict(
        f"bare interpreter {bare:,.0f} MB, libraries {libraries - bare:,.0f} MB; "
        f"100,000 draws x {MONTHS} months x {lines} lines: {above:,.0f} MB above the interpreter, "
        f"libraries and result included (target {MEGABYTES})",
        above < MEGABYTES,
    )
    benchmark.pedantic(peak, args=("",), rounds=1)


def test_frame_against_ready_columns(benchmark):
    bill = evaluate(preset("complete").with_overrides([("calendar.months", MONTHS)]))
    columns = to_columns(bill)
    made = best(lambda: to_frame(bill), 50)
    ready = best(lambda: pd.DataFrame(columns), 50)
    verdict(
        f"to_frame of {len(bill.charges)} lines x {MONTHS} months: {made * 1e3:.2f} ms, "
        f"{made / ready:.1f} times a table from ready columns (target {FRAME})",
        made / ready <= FRAME,
    )
    benchmark.pedantic(to_frame, args=(bill,), rounds=5)
