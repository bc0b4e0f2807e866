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


def test_passes_by_size_is_a_table_by_hand():
    """Twice the size of a billion videos is stored, once is read a pass: S3's three tiers, the internet's, the GETs."""
    table = VIDEO_SENSITIVITY(None, "monthly", None, "passes", [[5], [10], [15]], "dataset.mb_per_video", [[3, 5, 8]])
    assert table[0] == ["monthly: passes by dataset.mb_per_video", 3, 5, 8]
    assert [row[0] for row in table[1:]] == [5, 10, 15]
    for passes, *cells in table[1:]:
        for size, cell in zip((3, 5, 8), cells, strict=True):
            stored, read = (n * size * 1e15 / 2**30 for n in (2, passes))
            by_hand = 51_200 * 0.023 + 460_800 * 0.022 + (stored - 512_000) * 0.021 + passes * 400
            by_hand += 10_240 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 + (read - 153_700) * 0.05
            assert cell == pytest.approx(by_hand, abs=0.005)


def test_each_cell_is_the_total_of_that_plan_whatever_changes():
    """Months and routes are other plans, numbers are drawn together; what has no price there says so in its cell."""
    routes = ["aws.internet", "aws.cloudfront", "b2.internet"]
    table = VIDEO_SENSITIVITY("complete", "total", [["train.passes", 2]], "months", [[12, 24]], "train.route", routes)
    for months, *cells in table[1:]:
        for route, cell in zip(routes[:2], cells, strict=False):
            changes = [["train.passes", 2], ["calendar.months", months], ["train.route", route]]
            assert VIDEO_TOTAL("complete", "total", None, changes) == pytest.approx(cell, rel=1e-12)
        assert str(cells[2]) == "#VALUE!" and "does not start where" in cells[2].message
    drawn = VIDEO_SENSITIVITY(None, "peak", None, "tb", 1_000, "train.route", [routes[:2]])
    changes = [["dataset.size_from", "amount"], ["dataset.amount", 1_000], ["train.route", "aws.cloudfront"]]
    assert drawn[1][2] == pytest.approx(VIDEO_TOTAL(None, "peak", None, changes), rel=1e-12)


def test_left_out_values_are_low_the_plans_and_high_and_words_keep_their_meaning():
    """Ten passes are ten whatever each experiment reads: with a quarter of the data in each there are forty of them."""
    table = VIDEO_SENSITIVITY(rows="passes", columns="train.share")
    assert table[0][1:] == [0.25, 1] and [row[0] for row in table[1:]] == [8, 10, 12]
    changes = [["train.experiments", 48], ["train.share", 0.25]]
    assert table[3][1] == pytest.approx(VIDEO_TOTAL(None, "monthly", None, changes), rel=1e-12)


YEAR = range(1, 13)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"rows": "passes"}, "rows and columns"),
        ({"rows": "passes", "columns": "experiments"}, "turn the same input, train.experiments"),
        ({"rows": "pases", "columns": "tb"}, "Nearest: passes"),
        ({"rows": "passes", "columns": "train.route"}, "has no low and high"),
        ({"rows": "passes", "columns": "tb", "column_values": [[1, 1]]}, "a value twice"),
        ({"rows": "passes", "row_values": [["ten"]], "columns": "tb"}, "train.experiments"),
        (
            {"rows": "passes", "columns": "tb", "overrides": [[f"train.experiments@2027-{m:02}", 4] for m in YEAR]},
            "train.experiments has a value of its own in every month",
        ),
    ],
)
def test_a_table_that_cannot_be_is_refused(arguments, said):
    with pytest.raises(BadArgumentError, match=said):
        VIDEO_SENSITIVITY(**arguments)
