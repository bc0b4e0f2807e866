"""What a budget buys: the article's by hand, and 200 plans at random turned back by pricing them again."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.model.random_plans import plans
from vidcost_xl.analysis.afford import affordable, affordable_months
from vidcost_xl.analysis.drivers import drivers, turned
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.decide import VIDEO_AFFORD
from vidcost_xl.functions.model import VIDEO_TOTAL
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.files import preset

# The article: 5 PB of video and as much of features in S3 Standard, a month, at its three tiers; both share them.
STORED = 10e15 / 2**30
STORAGE = 51_200 * 0.023 + 460_800 * 0.022 + (STORED - 512_000) * 0.021
# Out to the internet: 100 GB free, 10 TB, 40 TB and 100 TB at their tiers, then $0.05; a GET for each of a billion.
TIERS = 10_240 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07
GETS = 400.0


def passes_of(budget):
    """A pass reads 5 PB."""
    read = budget - STORAGE - TIERS
    per_pass = 5e15 / 2**30 * 0.05 + GETS
    return (read + 153_700 * 0.05) / per_pass


@pytest.mark.parametrize("budget", [500_000, 1_000_000])
def test_passes_by_hand_from_the_published_tiers(budget):
    header, most, cost, step, after, now = VIDEO_AFFORD(budget)
    assert header == ["measure", "value", "unit", "note"]
    assert most[1] == pytest.approx(passes_of(budget), rel=1e-9)
    assert cost[1] == pytest.approx(budget, abs=0.005)
    assert step[1] == int(most[1]) + 1 and after[1] > budget
    assert after[1] == pytest.approx(budget + (step[1] - most[1]) * (5e15 / 2**30 * 0.05 + GETS), rel=1e-9)
    assert now[1] == 10


def test_whole_videos_and_the_next_one():
    _, most, cost, step, after, _ = VIDEO_AFFORD(500_000, None, "videos")
    assert step[1] == most[1] + 1 and most[1] == int(most[1])
    for videos, total in ((most[1], cost[1]), (step[1], after[1])):
        assert VIDEO_TOTAL(None, "monthly", None, [["dataset.videos", videos]]) == pytest.approx(total, rel=1e-12)
    assert cost[1] <= 500_000 < after[1]


def test_terabytes_are_counted_whatever_the_plan_counts():
    _, most, *_ = VIDEO_AFFORD(500_000, None, "tb")
    turned_to = [["dataset.size_from", "amount"], ["dataset.amount", most[1]]]
    assert VIDEO_TOTAL(None, "monthly", None, turned_to) == pytest.approx(500_000, abs=0.005)
    # Videos of 5 MB.
    _, videos, *_ = VIDEO_AFFORD(500_000, None, "videos")
    assert most[1] * 1e12 / 5e6 == pytest.approx(videos[1], abs=1)


def test_a_driver_of_the_size_starts_from_the_size_that_the_plan_has():
    # 800 TB of 5 MB are 160 million videos; a billion of 1,920 s at 0.25 Mbit/s, 60 MB each, are 60,000 TB.
    in_tb = preset("article").with_overrides([("dataset.size_from", "amount"), ("dataset.amount", 800)])
    filmed = [("dataset.size_from", "bitrate"), ("dataset.seconds", 1_920), ("dataset.mbps", 0.25)]
    for plan, word, now in (
        (in_tb, "videos", 160e6),
        (in_tb, "tb", 800),
        (preset("article").with_overrides(filmed), "tb", 60_000),
        (preset("article").with_overrides([("dataset.mb_per_video", 3)]), "tb", 3_000),
    ):
        found = turned(plan, word)
        assert found.now == pytest.approx(now, rel=1e-12), word
        assert evaluate(found.plan).whole == pytest.approx(evaluate(plan).whole, rel=1e-12)


def test_months_of_ones_own_are_counted_otherwise_where_they_can_be():
    in_tb = [("dataset.size_from", "amount"), ("dataset.amount@2027-03", 6_000), ("dataset.videos@2027-04", 7.0)]
    plan = preset("article").with_overrides(in_tb)
    assert dict(turned(plan, "videos").plan.monthly)["dataset.videos", 2] == pytest.approx(1.2e9)
    assert evaluate(turned(plan, "videos").plan).whole == pytest.approx(evaluate(plan).whole, rel=1e-12)
    with pytest.raises(BadArgumentError, match=r"dataset\.mb_per_video has months of its own"):
        turned(plan.with_overrides([("dataset.mb_per_video@2027-05", 4)]), "videos")


def test_a_search_leaves_out_what_a_plan_refuses():
    # An amount of videos of 0 MB is none: B2 and R2 are compared from the low of a video on.
    plan = preset("article").with_overrides([("dataset.size_from", "amount")])
    assert turned(plan, "dataset.mb_per_video").least == 0.5


def test_months_are_those_that_the_bill_so_far_pays():
    # Twelve alike of 2,532,333.58; three are 7,597,000.73.
    found = affordable_months(preset("article"), 1e7)
    assert (found.value, found.step) == (3, 4)
    assert found.cost == pytest.approx(7_597_000.73, abs=0.005)
    assert found.step_cost == pytest.approx(10_129_334.31, abs=0.005)
    # A plan of twelve months goes on as it is.
    assert affordable_months(preset("article"), 20 * 2_532_333.58).value == 20
    assert affordable_months(preset("article"), 2_532_333).value is None


def test_the_dearest_month_and_the_whole_plan():
    plan = preset("article").with_overrides([("train.experiments@2027-03", 20)])
    found = turned(plan, "passes")
    assert found.own_months == 1
    dearest = affordable(found, 5_000_000, "peak")
    months = evaluate(plan.with_overrides([("train.experiments", dearest.value)]))
    assert months.total.max() == pytest.approx(5_000_000, abs=0.005)
    whole = affordable(found, 20e6, "plan")
    assert evaluate(plan.with_overrides([("train.experiments", whole.value)])).whole == pytest.approx(20e6, abs=0.005)


def test_what_lowers_the_bill_is_asked_for_its_least():
    """Everything is AWS: 500,000 of 2,532,333.58 is left after a discount of one less that share."""
    _, least, cost, step, after, _ = VIDEO_AFFORD(500_000, None, "commercial.discount")
    assert step[:2] == ["The next whole percent", 0.8] and after[1] == pytest.approx(0.2 * 2_532_333.5772079)
    assert least[:2] == ["Least that fits", pytest.approx(1 - 500_000 / 2_532_333.5772079, rel=1e-9)]
    assert cost[1] == pytest.approx(500_000, abs=0.005)


def test_a_budget_below_what_is_fixed_buys_nothing_and_says_why():
    _, none, _ = VIDEO_AFFORD(100_000)
    assert str(none[1]) == "#N/A"
    assert none[3] == f"none: at 0 passes a month it costs {STORAGE:,.2f} USD, {STORAGE - 100_000:,.2f} USD too much"


@pytest.mark.parametrize(
    ("driver", "said"),
    [
        ("own.chassis_usd", "does not move the bill"),
        ("commercial.commitment_usd", "too much"),
    ],
)
def test_what_moves_nothing_is_said_to(driver, said):
    assert said in VIDEO_AFFORD(1_000_000, None, driver)[1][3]


def test_a_budget_that_never_binds():
    # Nothing is read that costs anything but its GETs, which end with the share.
    row = VIDEO_AFFORD(1e9, None, "train.share")[1]
    assert row[1:] == [1.0, "share", "all that the plan can have"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((1e6, None, "pases"), "Nearest: passes"),
        ((1e6, None, "passes", None, "week"), "month, peak, plan"),
        ((1e6, None, "months", None, "month"), "leave per out"),
        ((1e6, None, "passes", [["train.share", 0]]), "makes passes"),
    ],
)
def test_what_it_cannot_answer_is_refused(arguments, said):
    with pytest.raises(BadArgumentError, match=said):
        VIDEO_AFFORD(*arguments)


def test_every_driver_turns_a_number_among_the_inputs():
    for driver in drivers().values():
        spec = catalogue()[spec_key(driver.key)]
        assert spec.kind == "number" and all(catalogue()[key].kind == "number" for key in driver.times)
        for key, by in driver.instead.items():
            assert {*by, *by.values()} <= set(catalogue()[key].choices)


ASKED = {
    "plan": plans(),
    "name": st.sampled_from(["passes", "experiments", "videos", "tb"]),
    "share": st.floats(0.2, 3),
    "per": st.sampled_from(["month", "peak", "plan"]),
}


@settings(deadline=None, max_examples=15)
@given(**ASKED)
def test_the_answer_turned_back_costs_the_budget_and_the_next_step_more(plan, name, share, per):
    check_turned_back(plan, name, share, per)


@pytest.mark.sweep
@settings(deadline=None, max_examples=200)
@given(**ASKED)
def test_200_answers_turned_back_cost_the_budget_and_the_next_step_more(plan, name, share, per):
    check_turned_back(plan, name, share, per)


def check_turned_back(plan, name, share, per):
    def costs(value):
        bill = evaluate(found.plan.with_overrides([(found.driver.key, value / found.scale)]))
        months = bill.reporting(bill.total)[:, 0]
        return float({"month": months.mean, "peak": months.max, "plan": months.sum}[per]())

    found = turned(plan, name)
    budget = round(share * max(costs(found.now), 1.0), 2)
    answer = affordable(found, budget, per)
    if answer.value is None:
        assert costs(found.least) > budget
        return
    assume(answer.step is not None and not answer.is_least)
    # Where a cache holds all of the set but for its last digits, that digit decides which side of the step is priced.
    fits = min(costs(answer.value), costs(answer.value * (1 - 1e-13)))
    assert fits <= budget * (1 + 2e-14)
    step = answer.value + 1 if found.driver.whole else answer.value * (1 + 1e-9) + 1e-9
    above = costs(step)
    assert above > budget
    if not found.driver.whole:
        # To the cent, but where the next bit of it begins a month, an object or a tier of another price.
        jump = above - fits
        assert budget - fits <= max(0.005, jump)
