"""Points turned to where a figure grows: the same distribution, a quantile known better, whatever is priced."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from tests.last_bits import nudged
from vidcost_xl.analysis.copula import correlated
from vidcost_xl.analysis.draws import figures_at, sobol_points, turned_points
from vidcost_xl.analysis.risk import Asked, risk
from vidcost_xl.analysis.steepest import turn
from vidcost_xl.analysis.uncertain import uncertain
from vidcost_xl.model.files import preset

#: How fast each of 15 inputs lets a figure grow, in normal scores.
RATES = np.array([1, -0.5, 0.8, 2, 0.1, 1, 1, -0.3, 0.7, 1.5, 0.2, 1, 1, -0.9, 0.4])
SMOOTH = np.full(len(RATES), True)
LENGTH = float(np.sqrt((RATES**2).sum()))


def along(scores):
    """A standard normal number: how far a draw is along the direction of growth."""
    return (scores * RATES).sum(axis=1) / LENGTH


#: Figures that grow along that line: below 0 too, skewed, with a kink and half of it 0, and in steps.
GROWTHS = {
    "below zero": lambda far: far - 1,
    "skewed": lambda far: np.exp(2 * far),
    "half of it zero": lambda far: np.maximum(far, 0.0),
    "in steps": np.ceil,
}


@pytest.mark.parametrize("growth", GROWTHS.values(), ids=GROWTHS)
def test_of_a_figure_that_grows_along_a_line_each_chance_is_known_to_a_few_draws(growth):
    """Below 1.2 deviations lie ndtr(1.2) of all; of 1,024 random draws the share would be off by 0.01."""
    found = list(turned_points(lambda points: growth(along(ndtri(points))), SMOOTH, 1_024, 1))
    off = [(along(ndtri(points)) <= 1.2).mean() - ndtr(1.2) for points in found]
    assert np.sqrt(np.mean(np.square(off))) < 0.003
    # Each input falls as evenly as before.
    for points in found:
        assert np.quantile(points, (0.1, 0.5, 0.9), axis=0) == pytest.approx(
            np.tile([[0.1], [0.5], [0.9]], len(RATES)), abs=0.02
        )


def test_a_figure_that_nothing_moves_turns_nothing():
    found = turned_points(lambda points: np.zeros(len(points)), SMOOTH, 64, 1)
    for points, as_drawn in zip(found, sobol_points(len(RATES), 64, 1), strict=True):
        assert points == pytest.approx(as_drawn, rel=1e-12)


def test_a_turn_keeps_lengths_and_leaves_inputs_with_jumps_alone():
    jumps = np.isin(np.arange(len(RATES)), (2, 3))
    matrix = turn(RATES, ~jumps)
    assert matrix @ matrix.T == pytest.approx(np.eye(len(RATES)), abs=1e-14)
    for at in np.flatnonzero(jumps):
        assert sorted(np.abs(matrix[:, at])) == [0.0] * (len(RATES) - 1) + [1.0]
    smooth = np.where(jumps, 0.0, RATES)
    # All smooth ones together weigh the most, then the larger jump.
    assert np.abs(matrix[0]) == pytest.approx(np.abs(smooth) / np.sqrt((smooth**2).sum()))
    assert np.abs(matrix[1, 3]) == 1.0


def test_last_bits_turn_nothing(monkeypatch):
    """Of what is priced, where many draws cost the same, and of the regression on another machine."""

    def priced(points):
        return 0.7 * np.ceil(along(ndtri(points)))

    here = np.concatenate(list(turned_points(priced, SMOOTH, 64, 1)))
    regression = np.linalg.lstsq
    monkeypatch.setattr(np.linalg, "lstsq", lambda *given, **named: [nudged(regression(*given, **named)[0])])
    noise = np.random.default_rng(1)

    def elsewhere(points):
        return priced(points) * (1 + 1e-15 * noise.integers(-1, 2, len(points)))

    there = np.concatenate(list(turned_points(elsewhere, SMOOTH, 64, 1)))
    assert (here == there).all()


def test_a_product_of_lognormal_inputs_by_its_closed_form():
    """Passes between regions at one price a GB: the quantiles of a lognormal number, a fifth of random draws' error."""
    plan = preset("article").with_overrides([("train.route", "aws.cross-region")])
    ends = {
        "dataset.videos": (2e8, 2e9),
        "dataset.mb_per_video": (2.0, 9.0),
        "representation.2.ratio": (0.5, 3.0),
        "train.experiments": (5.0, 15.0),
        "train.passes": (0.5, 2.0),
        "money.fx": (0.9, 1.1),
    }
    shapes = {"*": "fixed"} | dict.fromkeys(ends, "lognormal")
    line = "train.features.transfer.aws.transfer.inter-region"
    found = risk(replace(plan, ranges={**plan.ranges, **ends}), Asked(line, 1_024, shapes=shapes))
    middles, widths = (
        np.array([sign * np.log(low) + np.log(high) for low, high in ends.values()]) for sign in (1.0, -1.0)
    )
    base = np.log(found.base / np.prod([plan.number(key) for key in ends]))
    deviation = np.sqrt((widths**2).sum()) / (2 * ndtri(0.95))
    for percent, quantile in found.quantiles.items():
        exact = np.exp(base + middles.sum() / 2 + deviation * ndtri(percent / 100))
        assert quantile.value == pytest.approx(exact, rel=0.006)
        assert quantile.error < 0.006 * exact


PLANS = {
    "article": ("article", {}, {}, {}),
    "complete": ("complete", {}, {}, {}),
    "correlated": (
        "article",
        {},
        {},
        {
            ("dataset.videos", "dataset.mb_per_video"): -0.5,
            ("train.experiments", "train.passes"): 0.6,
            ("representation.1.ratio", "representation.2.ratio"): 0.7,
        },
    ),
    "3 to 8 MB, 5 to 15 passes": (
        "article",
        {"*": "fixed", "dataset.mb_per_video": "pert", "train.experiments": "pert"},
        {"dataset.mb_per_video": (3.0, 8.0), "train.experiments": (5.0, 15.0)},
        {},
    ),
}


@pytest.mark.sweep
@pytest.mark.parametrize("name", PLANS)
def test_16384_sobol_points_know_p90_better_than_100000_random_draws(name):
    """Each replicate alone does, and random draws find the same P90."""
    preset_name, shapes, ranges, ranks = PLANS[name]
    plan = preset(preset_name)
    plan = replace(plan, ranges={**plan.ranges, **ranges})
    found, _ = uncertain(plan, "monthly", shapes)
    ties = correlated([each.key for each in found], ranks)
    smooth = np.array([each.is_smooth for each in found])

    def priced(points):
        return figures_at(plan, found, ties(points), "monthly")

    many = np.concatenate([priced(each) for each in turned_points(priced, smooth, 2**16, 99)])
    low, p90, high = np.percentile(many, (89.5, 90, 90.5))
    # The standard error of a quantile is the root of p (1 - p) / n over the density there.
    by_chance = (0.9 * 0.1 / 100_000) ** 0.5 * (high - low) / 0.01
    generator = np.random.default_rng(5)
    random = np.percentile(np.concatenate([priced(generator.random((100_000, len(found)))) for _ in range(4)]), 90)
    assert abs(random - p90) < 4 * by_chance / 4**0.5

    replicates = [priced(each) for seed in range(9) for each in turned_points(priced, smooth, 2**14, seed)]
    of_points = float(np.sqrt(((np.array([np.percentile(each, 90) for each in replicates]) - p90) ** 2).mean()))
    print(f"{name}: P90 {p90:,.0f}, of 16,384 points off by {of_points:,.0f}, of 100,000 random draws {by_chance:,.0f}")
    assert of_points < by_chance


@pytest.mark.sweep
def test_figures_are_off_by_as_much_as_they_say():
    """Of 100 seeds: the error of each figure by what they differ, and how often it is within the error that is said."""
    plan = preset("article")
    found = [risk(plan, Asked(draws=1_024, seed=seed, budget=3e6)) for seed in range(100)]
    truth = risk(plan, Asked(draws=2**17, seed=100, budget=3e6))
    # By Student's distribution of 4 replicates: within the error in 61 of 100, within 3.18 times in 95.
    for figure in (
        lambda one: one.quantiles[10],
        lambda one: one.quantiles[50],
        lambda one: one.quantiles[90],
        lambda one: one.above,
        lambda one: one.mean,
        lambda one: one.deviation,
    ):
        off = np.array([figure(one).value for one in found]) - figure(truth).value
        said = np.array([figure(one).error for one in found])
        assert 0.75 < np.sqrt((said**2).mean() / (off**2).mean()) < 1.33
        assert 0.45 < (np.abs(off) < said).mean() < 0.77
        assert (np.abs(off) < 3.18 * said).mean() > 0.87
