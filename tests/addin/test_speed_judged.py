"""The judgement of the speed test, which itself needs Windows: made-up times and what it says of them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("speed", Path(__file__).parents[1] / "windows" / "speed.py")
speed = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(speed)

STEADY = [1.0, 1.01, 0.99, 1.02, 1.0]


def test_the_median_of_the_runs_counts_so_one_slow_run_is_forgiven():
    assert speed.share("scalar", [1.05, 1.05, 9.0, 1.05, 1.05], STEADY, 1.11) == pytest.approx(1.05)


def test_below_the_aim_on_a_quiet_computer_is_a_failure():
    with pytest.raises(AssertionError, match=r"scalar: 1\.20 times"):
        speed.share("scalar", [1.2 * time for time in STEADY], STEADY, 1.11)


def test_below_the_aim_on_a_busy_computer_says_so():
    busy = [1.0, 2.0, 1.5, 3.0, 1.2]  # quartiles 1.1 and 2.5 around 1.5
    with pytest.raises(speed.TooBusyError, match="too busy: the bare server's own runs differ by 93%"):
        speed.share("start", [2 * time for time in busy], busy, 1.3)
