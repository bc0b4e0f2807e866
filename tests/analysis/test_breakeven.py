"""Break-even months by hand, and flips checked by pricing both plans on each side of them."""

from __future__ import annotations

import numpy as np
import pytest

from vidcost_xl.analysis.breakeven import BASES, break_even_month, curves, flip, passes_of
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.own import own_site


@pytest.mark.parametrize(
    ("first", "second", "month"),
    [
        ([1, 2, 3, 4], [3, 3, 3, 3], 3),  # equal in month 3: no longer dearer
        ([1, 2, 3, 4], [0, 1, 2, 3], 1),  # never dearer
        ([1, 2, 3, 4], [2, 3, 4, 5], None),
        ([2, 4, 6, 8], [3, 3, 7, 7], 4),  # cheaper once, dearer again at a refresh, then cheaper for good
        ([1, 2, 3, 4], [0, 0, 0, 9], None),  # cheaper for a while is no break-even
        ([10, 20], [10, 20], 1),
    ],
)
def test_the_break_even_month_is_the_first_after_the_last_in_which_it_has_cost_more(first, second, month):
    assert break_even_month(np.array(first, float), np.array(second, float)) == month


def test_the_noise_of_sums_is_no_difference():
    sums = np.cumsum(np.full(40, 0.1)) * 1e7
    assert break_even_month(sums, sums * (1 + 1e-13)) == 1


def cost(overrides, preset_name="article", basis="cash"):
    plan = preset(preset_name).with_overrides(overrides.items())
    found = curves(own_site(evaluate(plan)), basis)
    return float(found.cloud[-1, 0]), float(found.own[-1, 0])


@pytest.mark.parametrize("basis", BASES[:2])
def test_the_passes_at_which_the_answer_flips_cost_the_same_on_both_sides(basis):
    found = flip(preset("article"), "passes", basis)
    assert found.flips == 1
    cloud, own = cost({"train.experiments": found.value}, basis=basis)
    assert cloud == pytest.approx(own, rel=1e-9)
    assert found.cost == pytest.approx(cloud, rel=1e-9)
    below, above = (cost({"train.experiments": found.value * by}, basis=basis) for by in (0.99, 1.01))
    assert below[0] < below[1] and above[0] > above[1]
    assert found.below < 0 < found.above


def test_passes_count_what_each_experiment_reads():
    plan = preset("article").with_overrides([("train.passes", 2), ("train.share", 0.25), ("train.experiments", 6)])
    assert passes_of(plan) == 3
    alone = flip(preset("article"), "passes", "cash").value
    assert flip(plan, "passes", "cash").value == pytest.approx(alone, rel=1e-9)


def test_any_number_among_the_inputs_may_drive():
    found = flip(preset("article"), "dataset.videos", "cash")
    cloud, own = cost({"dataset.videos": found.value})
    # Drives are whole: the costs cross within one drive of each other.
    assert cloud == pytest.approx(own, abs=2 * 28 * 21.96)
    assert found.below < 0 < found.above


def test_the_order_of_the_plans_turns_the_sign():
    forth, back = (flip(preset("article"), "passes", "cash", *pair) for pair in (("cloud", "own"), ("own", "cloud")))
    assert back.value == pytest.approx(forth.value, rel=1e-12)
    assert back.below == pytest.approx(-forth.below)


def test_without_a_flip_it_says_so_with_both_ends():
    found = flip(preset("complete"), "passes", "cash")
    assert found.value is None and found.flips == 0
    assert found.below > 0 and found.above > 0
    for passes in (0.0, 1_000.0):
        cloud, own = cost({"train.experiments": passes}, "complete")
        assert cloud > own


@pytest.mark.parametrize("driver", ["train.route", "train.expermients", "calendar.months", "own.bays"])
def test_another_driver_is_refused_with_the_nearest_names(driver):
    with pytest.raises(BadArgumentError, match="driver"):
        flip(preset("article"), driver, "cash")


def test_experiments_that_read_nothing_make_no_passes():
    with pytest.raises(BadArgumentError, match=r"train\.passes or train\.share is 0"):
        flip(preset("article").with_overrides([("train.share", 0)]), "passes", "cash")
