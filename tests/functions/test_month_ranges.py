"""Overrides of several months at once."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import BadArgumentError, OutOfDomainError
from vidcost_xl.functions.model import VIDEO_FORECAST
from vidcost_xl.functions.month_ranges import expand_ranges
from vidcost_xl.model.files import preset

KEY = "train.passes"


def months(*pairs):
    return [key.partition("@")[2] for key, _ in expand_ranges(preset("article"), pairs)]


def test_a_range_is_one_override_a_month():
    assert months((f"{KEY}@2027-03..2027-05", 2)) == ["2027-03", "2027-04", "2027-05"]


@pytest.mark.parametrize(("text", "count"), [("2027-07..", 6), ("..2027-06", 6), ("..", 12), ("2026-01..2027-02", 2)])
def test_open_ends_reach_the_ends_of_the_plan(text, count):
    assert len(months((f"{KEY}@{text}", 2))) == count


def test_other_overrides_stay_as_they_are():
    pairs = [("dataset.videos", 2e9), (f"{KEY}@2027-3", 4)]
    assert expand_ranges(preset("article"), pairs) == pairs


def test_ranges_follow_a_calendar_that_is_overridden_too():
    pairs = [("calendar.start", "2028-01-01"), ("calendar.months", 24), (f"{KEY}@2029-11..", 2)]
    assert [key for key, _ in expand_ranges(preset("article"), pairs)][2:] == [f"{KEY}@2029-11", f"{KEY}@2029-12"]


@pytest.mark.parametrize(
    "pairs",
    [
        ((f"{KEY}@2027-03..2027-06", 2), (f"{KEY}@2027-06..", 3)),
        ((f"{KEY}@2027-04", 2), (f"{KEY}@..2027-06", 3)),
        (("rate.aws.s3.standard.put@..", 2), ("RATE.aws.s3.standard.put@2027-06", 3)),
    ],
)
def test_lines_that_overlap_are_both_named(pairs):
    with pytest.raises(BadArgumentError) as raised:
        months(*pairs)
    assert all(key in str(raised.value) for key, _ in pairs)


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(BadArgumentError, match="ends before it begins"):
        months((f"{KEY}@2027-06..2027-03", 2))


def test_a_range_outside_the_plan_is_refused():
    with pytest.raises(OutOfDomainError, match="no month of it is in the plan, 2027-01 to 2027-12"):
        months((f"{KEY}@2029-06..", 2))


def test_a_function_takes_them():
    table = VIDEO_FORECAST(None, "total", [["key", "value"], ["train.experiments@2027-11..", 20.0]])
    totals = [row[-1] for row in table[1:]]
    assert totals[9] < totals[10] == totals[11]
