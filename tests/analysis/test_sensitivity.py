"""What each input moves: numbers worked out by hand from published prices, and what cannot be is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vidcost_xl.analysis.sensitivity import swings
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.decide import VIDEO_SENSITIVITY
from vidcost_xl.functions.model import VIDEO_INPUTS, VIDEO_TOTAL
from vidcost_xl.model.files import preset

BASE = 2_532_333.5772


def rows_of(table):
    header, *rows = table
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows}


@pytest.fixture(scope="module")
def article():
    return rows_of(VIDEO_SENSITIVITY())


def test_a_second_pass_is_ten_more_of_5_pb_at_the_last_tier(article):
    # 50 PB a month more, all beyond the first 150 TB, at $0.05 a GB, and ten billion GETs at $0.0004 a thousand.
    more = 50e15 / 2**30 * 0.05 + 10e9 / 1000 * 0.0004
    row = article["train.passes"]
    assert (row["low"], row["high"], row["change_low"]) == (1, 2, 0)
    assert row["change_high"] == pytest.approx(more, rel=1e-12)
    assert row["at_high"] == pytest.approx(BASE + more, rel=1e-9)
    assert row["swing"] == row["change_high"]


def test_a_discount_lowers_the_bill_at_its_high(article):
    row = article["commercial.discount"]
    assert (row["change_low"], row["change_high"]) == (0, pytest.approx(-0.3 * BASE, abs=0.001))


def test_the_strongest_come_first_and_what_moves_nothing_is_left_out(article):
    moves = [row["swing"] for row in article.values()]
    assert moves == sorted(moves, reverse=True) and moves[-1] > 0.01
    assert not [key for key in article if key.startswith(("own.", "agent.", "barrier."))]


def test_a_stage_and_the_dearest_month_are_watched_too():
    store = rows_of(VIDEO_SENSITIVITY(None, "store"))
    assert "train.experiments" not in store
    # Both classes hold 5 PB; twice the videos are 10 PB more at the last tier.
    assert store["dataset.videos"]["change_high"] == pytest.approx(10e15 / 2**30 * 0.021, rel=1e-9)
    # March is the dearest whatever the others do; the passes of each experiment move it too.
    peak = rows_of(VIDEO_SENSITIVITY(None, "peak", [["train.experiments@2027-03", 20]]))
    assert "train.experiments" not in peak and peak["train.passes"]["change_high"] > 0
    average = rows_of(VIDEO_SENSITIVITY(overrides=[["train.experiments@2027-03", 20]]))["train.experiments"]
    assert average["note"] == "one month has its own, which stays"


def test_low_and_high_are_those_beside_the_inputs():
    table = VIDEO_INPUTS()
    at = next(at for at, row in enumerate(table) if row[0] == "train.experiments")
    table[at][3:5] = [0, 5]
    row = rows_of(VIDEO_SENSITIVITY(table))["train.experiments"]
    assert (row["low"], row["high"], row["note"]) == (0, 5, "the plan is outside low and high")
    for end, at in ((0, "at_low"), (5, "at_high")):
        alone = VIDEO_TOTAL(None, "monthly", None, [["train.experiments", end]])
        assert row[at] == pytest.approx(alone, rel=1e-12)


def test_low_above_high_is_refused_with_both():
    table = VIDEO_INPUTS()
    at = next(at for at, row in enumerate(table) if row[0] == "train.experiments")
    table[at][3:5] = [12, 8]
    with pytest.raises(BadArgumentError, match=r"train\.experiments: low 12 is above high 8"):
        VIDEO_SENSITIVITY(table)


def test_an_end_that_the_plan_cannot_have_is_said():
    # An amount makes no videos of 0 MB.
    overrides = [("dataset.size_from", "amount"), ("dataset.mb_per_video", 5)]
    plan = preset("article").with_overrides(overrides)
    row = next(
        each
        for each in swings(replace(plan, ranges={"dataset.mb_per_video": (0.0, 14.0)}))
        if each.key == "dataset.mb_per_video"
    )
    assert row.refused.startswith("0: ") and row.at_low == row.base
