"""What the functions that decide take, as so many evaluations of one plan in the same run, and the memory of risk."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from vidcost_xl.analysis.compare import compare
from vidcost_xl.analysis.sensitivity import swings
from vidcost_xl.model.files import preset
from vidcost_xl.model.outputs import figure

#: Evaluations for each row that a comparison lists, ranked or refused, and for 40 inputs of a sensitivity.
MOST_A_ROW, MOST_OF_40 = 1.0, 100.0
MOST_MB = 300.0
RUNS = 40

RISK = """
import resource, scipy.stats, scipy.stats.qmc, sys
from vidcost_xl.analysis.risk import Asked, risk
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
plan = preset("complete").with_overrides([("calendar.months", 36.0)])
evaluate(plan)
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
risk(plan, Asked(draws=16_384))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - idle)
"""


def seconds(work):
    begun = time.process_time()
    work()
    return time.process_time() - begun


def one_evaluation(plan):
    """Of the plan with another number in it, as every candidate is another plan."""
    numbers = iter(range(RUNS + 1))
    again = lambda: figure(plan.with_overrides([("train.experiments", 5.0 + next(numbers))]), "monthly")  # noqa: E731
    again()
    return seconds(lambda: [again() for _ in range(RUNS)]) / RUNS


@pytest.mark.parametrize("name", ["article", "complete"])
def test_each_row_and_each_input_in_evaluations(name):
    plan = preset(name)
    one, found = one_evaluation(plan), compare(plan)
    rows = len(found.rows) + len(found.refused)
    a_row = min(seconds(lambda: compare(plan)) for _ in range(3)) / rows / one
    inputs = len(swings(plan))
    of_40 = min(seconds(lambda: swings(plan)) for _ in range(3)) / inputs * 40 / one
    print(f"{name}: {a_row:.2f} of an evaluation for each of {rows} rows, {of_40:.0f} for 40 of {inputs} inputs")
    assert a_row <= MOST_A_ROW
    assert of_40 <= MOST_OF_40


def test_memory_of_risk():
    run = subprocess.run([sys.executable, "-c", RISK], capture_output=True, text=True, check=True)
    above = float(run.stdout)
    print(f"16,384 draws of 36 months: {above:,.0f} MB above the idle process")
    assert above <= MOST_MB
