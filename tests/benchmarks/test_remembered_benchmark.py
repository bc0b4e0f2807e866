"""What remembering answers saves and costs, as ratios measured in one run on one machine, printed and never asserted.

Targets: an answer that is new takes at most 1.3 times a call without memory, an answer that was given before at most a
third of one, and a table of the model a hundredth.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable

import pytest

from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.remembered import MOST_ANSWERS, Answers

MONTHS = [[float(month)] for month in range(1, 37)]
INPUTS = call("VIDEO_INPUTS", [])
CASES = {
    "a price": ("VIDEO_EGRESS", [5.0, "PB"]),
    "an error": ("VIDEO_EGRESS", [5.0, "PB", "nowhere"]),
    "36 months": ("VIDEO_EGRESS", [MONTHS, "PB"]),
    "a total": ("VIDEO_TOTAL", [INPUTS]),
    "a mix": ("VIDEO_MIX", [INPUTS]),
    "risk": ("VIDEO_RISK", [INPUTS]),
}
TOO_LONG = 1e-3  # seconds from which a call is measured alone


def in_turn(actions: list[Callable[[], object]], rounds: int) -> list[float]:
    """The shortest of several runs of each, one after the other so that other work disturbs all alike."""
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(rounds):
        for action, found in zip(actions, times, strict=True):
            start = time.perf_counter()
            action()
            found.append(time.perf_counter() - start)
    return [min(found) for found in times]


@pytest.mark.parametrize("case", CASES)
def test_an_answer_that_is_new_and_one_that_was_given_before(benchmark, case):
    name, arguments = CASES[case]
    answers = Answers()
    (once,) = in_turn([lambda: call(name, arguments)], 2)
    times = range(1 if once > TOO_LONG else 50)

    def new() -> None:
        for _ in times:
            answers.forget()
            answers.call(name, arguments)

    def again() -> None:
        for _ in times:
            answers.call(name, arguments)

    plain, missed, found = in_turn(
        [lambda: [call(name, arguments) for _ in times], new, again], 5 if once > TOO_LONG else 200
    )
    benchmark(answers.call, name, arguments)
    benchmark.extra_info.update({"new": missed / plain, "given before": found / plain})
    sys.stdout.write(
        f"\n  {case}: {len(times) / plain:,.0f} calls a second; new {missed / plain:.2f} times that long, given before "
        f"{found / plain:.4f} times ({len(times) / found:,.0f} calls a second); {answers.bytes} bytes counted\n"
    )


def test_memory_of_as_many_answers_as_are_kept(benchmark):
    answers = Answers()
    tracemalloc.start()
    benchmark.pedantic(
        lambda: [answers.call("VIDEO_CONVERT", [float(at), "TB", "TiB"]) for at in range(MOST_ANSWERS)], rounds=1
    )
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    sys.stdout.write(f"\n  {len(answers)} answers: {held / 1e6:.1f} MB, counted as {answers.bytes / 1e6:.1f} MB\n")
