"""Shares of the variance: a function whose indices are known, and SALib as a second opinion on it and on plans."""

from __future__ import annotations

import numpy as np
import pytest

from vidcost_xl.analysis.draws import error_of, figures_at, indices
from vidcost_xl.analysis.uncertain import uncertain
from vidcost_xl.model.files import preset

#: Of a normal distribution, 95% lie within so many deviations: what SALib calls its confidence.
WITHIN_95 = 1.96

#: Points of SALib's design, each of (inputs + 2) evaluations.
POINTS = 2_048


def ishigami(points):
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1, each of -pi to pi (Ishigami and Homma, 1990)."""
    x = (2 * points - 1) * np.pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices():
    """Its variances by hand: of x1 alone (1 + b pi^4/5)^2 / 2, of x2 a^2/8, of x1 with x3 b^2 pi^8 8/225."""
    alone, second, together = (1 + 0.1 * np.pi**4 / 5) ** 2 / 2, 7**2 / 8, 0.1**2 * np.pi**8 * 8 / 225
    first, total = [alone, second, 0], [alone + together, second, together]
    return [np.array(each) / (alone + second + together) for each in (first, total)]


def ours(priced, inputs, size=1_024):
    """First-order and total indices, and the error of each."""
    found = [np.array(each) for each in indices(priced, inputs, size, 1)]
    errors = [np.array([error_of(column) for column in each.T]) for each in found]
    return [each.mean(axis=0) for each in found], errors


def salib(priced, inputs):
    """The same by SALib, from points of its own."""
    sobol = pytest.importorskip("SALib.sample.sobol")
    analyze = pytest.importorskip("SALib.analyze.sobol")
    problem = {"num_vars": inputs, "names": [str(at) for at in range(inputs)], "bounds": [[0, 1]] * inputs}
    edge = np.finfo(float).eps
    points = np.clip(sobol.sample(problem, POINTS, calc_second_order=False, seed=11), edge, 1 - edge)
    found = analyze.analyze(problem, priced(points), calc_second_order=False, seed=11)
    return [found["S1"], found["ST"]], [found[each] / WITHIN_95 for each in ("S1_conf", "ST_conf")]


def agree(one, one_error, other, other_error):
    """Within four deviations of both, and a thousandth where neither has any."""
    return (np.abs(one - other) <= 4 * np.hypot(one_error, other_error) + 0.001).all()


def test_the_indices_of_a_function_that_are_known():
    found, errors = ours(ishigami, 3)
    for mine, error, by_hand in zip(found, errors, ishigami_indices(), strict=True):
        assert agree(mine, error, by_hand, 0.0)
        assert mine == pytest.approx(by_hand, abs=0.02)


def test_salib_agrees_on_it():
    (found, errors), (theirs, their_errors) = ours(ishigami, 3), salib(ishigami, 3)
    assert all(agree(*each) for each in zip(found, errors, theirs, their_errors, strict=True))


#: The article's plan, and the same at a place whose egress is free to a bound.
AT_B2 = [("train.route", "b2.internet"), *((f"representation.{n}.class", "b2.standard") for n in (1, 2))]


@pytest.mark.parametrize(("changes", "what"), [([], "monthly"), (AT_B2, "peak")], ids=["article", "b2"])
def test_salib_agrees_on_plans(changes, what):
    plan = preset("article").with_overrides(changes)
    found, _ = uncertain(plan, what, {})

    def priced(points):
        return figures_at(plan, found, points, what)

    (mine, errors), (theirs, their_errors) = ours(priced, len(found)), salib(priced, len(found))
    assert len(found) > 8
    assert all(agree(*each) for each in zip(mine, errors, theirs, their_errors, strict=True))
