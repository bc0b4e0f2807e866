"""One page of decisions: its figures are those of the functions, and what turns an answer is where it turns."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from vidcost_xl.analysis.compare import Candidate
from vidcost_xl.analysis.decision import BUDGET, OWN, PLACE, Wanted, decide
from vidcost_xl.analysis.decision_sentences import sentences
from vidcost_xl.analysis.decision_tables import STAYS, doubt_table, measured, two_way_table
from vidcost_xl.analysis.remembered import forget
from vidcost_xl.analysis.risk import Asked, risk
from vidcost_xl.analysis.turning import cheapest_place, turn
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.decide import VIDEO_AFFORD, VIDEO_COMPARE, VIDEO_SENSITIVITY
from vidcost_xl.functions.own import VIDEO_BREAKEVEN
from vidcost_xl.functions.risk import VIDEO_RISK
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.files import preset

TOP = 3_000_000.0


@pytest.fixture(scope="module")
def page():
    return decide(preset("article"), Wanted(draws=64, budget=TOP, providers=("b2", "r2")))


def test_every_part_is_what_its_function_answers(page):
    compared = VIDEO_COMPARE(None, "b2,r2")[1:]
    assert [row[5] for row in compared] == [page.base, *(each.cost for each in page.places.cheapest)]
    assert [row[0] for row in VIDEO_SENSITIVITY()[1:9]] == [each.key for each in page.levers[:8]]
    assert page.site is not None and VIDEO_BREAKEVEN()[1][1] == page.site.months["cash"] == 7
    assert VIDEO_BREAKEVEN()[4][1] == page.site.saved
    rows = {row[0]: row[1] for row in VIDEO_RISK(draws=64, budget=TOP)}
    assert page.risk.above is not None
    assert [rows[name] for name in ("P10", "P90")] == [page.risk.quantiles[each].value for each in (10, 90)]
    assert rows["Chance above 3,000,000.00"] == page.risk.above.value


def test_the_table_is_passes_by_size_with_the_plan_in_the_middle(page):
    assert page.table is not None
    passes, sizes = ([[8], [9], [10], [11], [12]], [[0.5, 2.75, 5, 9.5, 14]])
    table = VIDEO_SENSITIVITY(rows="passes", row_values=passes, columns="dataset.mb_per_video", column_values=sizes)
    assert [list(row) for row in page.table.cells] == [pytest.approx(row[1:], rel=1e-12) for row in table[1:]]
    assert page.table.cells[2][2] == pytest.approx(page.base, rel=1e-12)


def test_a_table_says_which_months_stay_as_they_are(page):
    assert two_way_table(page).notes == ()
    march = page.plan.with_overrides([("train.experiments@2027-03", 20)])
    (note,) = two_way_table(replace(page, plan=march)).notes
    assert note == "train.experiments keeps its own value in so many months: 1"


def test_a_plan_without_passes_says_why_it_has_no_table_and_one_that_is_asked_for_is_refused():
    still = preset("article").with_overrides([("train.share", 0.0)])
    found = decide(still, Wanted(draws=2, providers=("b2",)))
    assert found.table is None and two_way_table(found).notes == (
        "No answer: train.passes or train.share is 0: no number of train.experiments makes passes.",
    )
    with pytest.raises(BadArgumentError, match="makes passes"):
        decide(still, Wanted(draws=2, axes=(("passes", ()), ("tb", ()))))


def test_a_budget_is_exceeded_above_what_it_affords(page):
    doubt = next(each for each in page.doubts if each.lever.key == "dataset.mb_per_video" and each.question == BUDGET)
    afforded = VIDEO_AFFORD(TOP, driver="dataset.mb_per_video")[1][1]
    assert doubt.below is None and doubt.above is not None
    assert doubt.edge(doubt.above) == pytest.approx(afforded, rel=1e-11)


def test_the_cheapest_place_turns_where_what_backblaze_lets_out_for_nothing_makes_it_so(page):
    # 5,000 TB of videos and r times as much of features, read ten times a month. Backblaze: $6.95 a TB-month, three
    # times the bytes stored leave free, then $10 a TB. R2: $15 a TB-month and $3,596.25 of reads, whatever r is.
    # 34,750 (1 + r) + 10 (50,000 r - 15,000 (1 + r)) = 75,000 (1 + r) + 3,596.25
    r = (75_000 + 150_000 - 34_750 + 3_596.25) / (500_000 - 75_000 - 150_000 + 34_750)
    doubt = next(each for each in page.doubts if each.lever.key == "representation.2.ratio" and each.question == PLACE)
    assert doubt.below is not None and doubt.above is None
    assert doubt.answer(doubt.now) == "r2.standard"
    assert doubt.answer(doubt.below.answer) == "b2.standard"
    assert (doubt.below.last, doubt.below.first) == (pytest.approx(r, rel=2e-4), pytest.approx(r, rel=2e-4))


def test_a_place_whose_policy_ends_before_the_passes_do_is_none():
    # Wasabi lets out once what it stores: the videos and as much of features, of which each experiment reads one half.
    answers = cheapest_place(
        preset("article"), "train.experiments", "monthly", [Candidate("wasabi.hot", "wasabi.internet", "global")]
    )
    assert list(answers(np.array([2.0, 3.0]))) == [0, -1]


def test_what_does_not_turn_within_its_range_says_so(page):
    rows = [row for row in doubt_table(page).rows if row[4] == OWN]
    assert len(rows) == 3 and all(row[6:] == (STAYS, None, "") for row in rows)
    assert "Size of a video is above 5.926 MB (above the budget)" in sentences(page)[-1]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("dataset.mb_per_video", 14, "14 MB"),
        ("dataset.videos", 2e9, "2,000,000,000"),
        ("representation.2.ratio", 0.5, "0.5"),
        ("commercial.discount", 0.3, "30%"),
        ("own.drive_trend", 0.005, "0.5% per year"),
        ("train.experiments", 10, "10 per month"),
    ],
)
def test_a_sentence_gives_an_input_with_its_unit(key, value, said):
    assert measured(value, catalogue()[spec_key(key)]) == said


def test_the_nearest_turn_counts_on_the_way_to_either_end():
    # 0 between 2 and 4, and 1 elsewhere: from 3 on both ways.
    answers = lambda values: ((values < 2) | (values > 4)).astype(float)  # noqa: E731 - as short as it is
    up, down = turn(answers, 3.0, 10.0), turn(answers, 3.0, 0.0)
    assert up is not None and down is not None
    assert (up.last, down.last) == (pytest.approx(4, rel=1e-9), pytest.approx(2, rel=1e-9))
    assert turn(answers, 3.0, 3.9) is None and turn(np.zeros_like, 0.0, 1.0) is None


def test_an_output_that_is_no_sum_of_the_bill_is_refused_with_the_nearest():
    with pytest.raises(BadArgumentError, match=r"output 'monthy' is not known. Nearest: monthly"):
        decide(preset("article"), Wanted("monthy"))


def test_without_scipy_the_refusal_says_what_to_do(monkeypatch):
    forget()
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(BadArgumentError, match=r"needs SciPy.*-m pip install scipy"):
        risk(preset("article"), Asked(draws=64))


def test_what_is_not_drawn_and_what_is_not_compared_is_said():
    # 5 experiments lie outside low and high, 8 and 12.
    plan = preset("article").with_overrides([("train.experiments", 5), ("own.compare", "no")])
    found = decide(plan, Wanted(draws=64, providers=("r2",)))
    said = sentences(found)
    told = "Not drawn, so that the range is too narrow: Experiments (5 per month)"
    assert any(each.startswith(told) for each in said)
    assert found.site is None and not [each for each in said if each.startswith("A site of one's own")]
    assert OWN not in {each.question for each in found.doubts}
