"""What moves a bill: numbers worked out by hand from published prices."""

from __future__ import annotations

import pytest

from vidcost_xl.analysis.levers import deciding_inputs, effects, levers
from vidcost_xl.model.catalogue import catalogue
from vidcost_xl.model.files import preset
from vidcost_xl.sheets.plan.results.summary import lever_values


@pytest.fixture(scope="module")
def article():
    return {lever.key: lever for lever in levers(preset("article"))}


def test_the_strongest_come_first():
    swings = [max(abs(lever.at_low), abs(lever.at_high)) for lever in levers(preset("complete"))]
    assert swings == sorted(swings, reverse=True) and swings[-1] > 0


def test_a_second_pass_is_ten_more_of_5_pb_at_the_last_tier(article):
    # 50 PB a month more, all of it beyond the first 500 TB: 50e15 / 2**30 GB at $0.05, and ten billion GETs at
    # $0.0004 a thousand; twelve months.
    month = 50e15 / 2**30 * 0.05 + 10e9 / 1000 * 0.0004
    assert article["train.passes"].at_high == pytest.approx(12 * month, rel=1e-12)
    assert article["train.passes"].at_low == 0


def test_a_discount_takes_its_share_of_the_whole_bill(article):
    assert (article["commercial.discount"].low, article["commercial.discount"].high) == (0, 0.3)
    assert article["commercial.discount"].at_high == pytest.approx(-0.3 * 30_388_002.93, abs=0.01)


def test_of_the_ways_the_cheapest_is_named_and_what_it_saves(article):
    # Inside the region only the GETs of ten billion objects a month are left of the reads.
    way = article["train.route"]
    assert way.low == "aws.same-region"
    reads = 28_034_311.64 - 12 * 10e9 / 1000 * 0.0004
    assert way.at_low == pytest.approx(-reads, abs=0.01)


def test_what_a_plan_does_not_have_is_no_lever(article):
    assert "dataset.amount" not in article  # its size comes from the videos
    assert all(lever.swing > 0 for lever in article.values())


def test_the_deciding_inputs_are_inputs_that_can_move():
    for key in deciding_inputs():
        spec = catalogue()[key]
        assert spec.kind == "route" or (spec.low is not None and spec.high is not None), key


def test_a_value_outside_its_ends_and_an_input_that_does_not_count_are_no_levers():
    changes = {"dataset.size_from": "amount", "dataset.amount": 800, "representation.2.amount": 2000}
    plan = preset("article").with_overrides(changes.items())
    # 800 TB are below the low of 1,000; of raw the multiple counts, of the features it does not.
    found = {lever.key for lever in levers(plan)}
    assert not {"dataset.amount", "dataset.videos", "representation.2.ratio"} & found
    assert {"dataset.mb_per_video", "representation.1.ratio", "train.passes"} <= found
    at_the_low = {lever.key: lever for lever in levers(plan.with_overrides([("dataset.amount", 1000)]))}
    assert at_the_low["dataset.amount"].at_low == 0 < at_the_low["dataset.amount"].at_high


def test_a_lever_is_said_with_its_unit_where_it_has_one():
    said = {lever.key: lever_values(preset("article"), lever)[0] for lever in levers(preset("article"))}
    assert said["representation.2.ratio"].endswith(": 0.5 to 3")
    assert said["dataset.videos"] == "Videos: 200 million to 2,000 million"
    assert said["dataset.mb_per_video"] == "Size of a video: 0.5 to 14 MB"


def test_no_way_inside_a_region_is_offered_as_a_cheaper_way_out():
    found = effects(preset("complete"), ["exit.route", "train.route"])
    assert [(lever.key, lever.low) for lever in found] == [("train.route", "aws.same-region")]
