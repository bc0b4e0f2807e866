"""How sure a bill is: against closed forms of distributions, of products and of correlations; and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vidcost_xl.analysis.copula import correlated
from vidcost_xl.analysis.draws import figures_at, sobol_points
from vidcost_xl.analysis.risk import Asked, risk
from vidcost_xl.analysis.spread import SPREADS
from vidcost_xl.analysis.uncertain import uncertain
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.model import VIDEO_TOTAL
from vidcost_xl.functions.risk import VIDEO_RISK
from vidcost_xl.functions.values import EMPTY, OMITTED
from vidcost_xl.model.files import preset

BASE = 2_532_333.5772079467
DISCOUNT, RATE = "commercial.discount", "money.fx"
# One input falls so evenly that the replicates differ by less than this.
NOISE = 1e-8
HALF = np.array([0.5])


def only(**ranges):
    """The article's plan, of which these inputs alone have a range."""
    plan = preset("article")
    every = {key: (plan.number(key),) * 2 for key in plan.values if plan.range_of(key) is not None}
    return replace(plan, ranges=every | {key.replace("__", "."): ends for key, ends in ranges.items()})


def is_near(figure, value):
    return abs(figure.value - value) <= 4 * figure.error + NOISE * value


def test_the_quantiles_of_each_distribution():
    """PERT of 0, 5, 10 is a beta of 3 and 3; a triangle of 0, 0, 1 has half of it below 1 - sqrt(1/2)."""
    assert SPREADS["pert"](HALF, 0, 5, 10) == pytest.approx(5)
    # The beta of 3 and 3 below 0.2: 10 x^3 - 15 x^4 + 6 x^5.
    below = 10 * 0.2**3 - 15 * 0.2**4 + 6 * 0.2**5
    assert SPREADS["pert"](np.array([below]), 0, 5, 10) == pytest.approx(2, rel=1e-12)
    assert SPREADS["triangular"](HALF, 0, 0, 1) == pytest.approx(1 - 0.5**0.5)
    assert SPREADS["triangular"](np.array([0.125, 0.5, 0.875]), 0, 1, 2) == pytest.approx([0.5, 1, 1.5])
    assert SPREADS["uniform"](np.array([0.25]), 2, 3, 6) == pytest.approx(3)
    assert SPREADS["lognormal"](np.array([0.05, 0.5, 0.95]), 2, 3, 8) == pytest.approx([2, 4, 8])
    assert SPREADS["discrete"](np.array([0.1, 0.5, 0.9]), 1, 2, 3).tolist() == [1, 2, 3]
    # The mean of PERT is (low + 4 base + high) / 6.
    assert SPREADS["pert"](np.linspace(0.00005, 0.99995, 10_000), 0, 1, 10).mean() == pytest.approx(14 / 6, rel=1e-5)


def test_without_a_range_everything_is_the_plan_to_the_cent():
    found = risk(only(), Asked(draws=64, budget=2_532_333.58))
    assert {each.value for each in found.quantiles.values()} == {found.base} == {found.mean.value}
    assert found.base == pytest.approx(BASE, rel=1e-12) and found.deviation.value == 0
    assert found.above.value == 0 and found.shares == ()


def test_one_input_that_counts_in_proportion():
    """A discount anywhere between 0 and 30% alike: 85% of the bill, deviation 0.3 over the root of 12 of it."""
    found = risk(only(commercial__discount=(0.0, 0.3)), Asked(draws=1024, shapes={DISCOUNT: "uniform"}))
    assert is_near(found.mean, 0.85 * BASE) and found.mean.error < 1e-5 * BASE
    assert is_near(found.deviation, 0.3 / 12**0.5 * BASE)
    for percent, figure in found.quantiles.items():
        assert figure.value == pytest.approx((1 - 0.3 * (1 - percent / 100)) * BASE, rel=1e-3)
    assert [share.of.key for share in found.shares] == [DISCOUNT]
    assert found.shares[0].first.value == pytest.approx(1, abs=0.02)


def test_a_product_of_two_by_its_closed_form():
    """Rate u in 0.9 to 1.1, what is left v in 0.7 to 1: of the variance v has var(v) E(u)^2, both var(u) var(v)."""
    plan = only(commercial__discount=(0.0, 0.3), money__fx=(0.9, 1.1))
    found = risk(plan, Asked(draws=4096, shapes=dict.fromkeys((DISCOUNT, RATE), "uniform"), budget=0.85 * BASE))
    var_u, var_v, mean_v = 0.2**2 / 12, 0.3**2 / 12, 0.85
    alone_v, alone_u, both = var_v, var_u * mean_v**2, var_u * var_v
    whole = alone_u + alone_v + both
    assert is_near(found.mean, 0.85 * BASE)
    assert is_near(found.deviation, whole**0.5 * BASE)
    shares = {share.of.key: share for share in found.shares}
    expected = {DISCOUNT: (alone_v, alone_v + both), RATE: (alone_u, alone_u + both)}
    for key, (first, total) in expected.items():
        assert shares[key].first.value == pytest.approx(first / whole, abs=4 * shares[key].first.error + 0.002)
        assert shares[key].total.value == pytest.approx(total / whole, abs=4 * shares[key].total.error + 0.002)
    # P(u v > 0.85): the integral of (1 - 0.85 / u) / 0.3 over u in 0.9 to 1.1, by hand 1/0.06 (0.2 - 0.85 ln(1.1/0.9)).
    assert found.above.value == pytest.approx((0.2 - 0.85 * np.log(1.1 / 0.9)) / 0.06, abs=0.002)


def test_a_seed_is_the_same_draws_and_another_one_agrees_within_the_error():
    plan = preset("article")
    first, again, other = (risk(plan, Asked(draws=256, seed=seed)) for seed in (7, 7, 8))
    assert first == again and first.mean.value != other.mean.value
    assert abs(first.mean.value - other.mean.value) < 6 * max(first.mean.error, other.mean.error)


def test_a_seed_draws_these_points_on_every_machine():
    """Written down once: another release of the library that scrambles otherwise would change every stamped table."""
    first = next(sobol_points(2, 4, 7))
    assert first[:2] == pytest.approx(
        np.array([[0.3275356695223, 0.6012372145502], [0.6743592955758, 0.2995941615842]])
    )
    # Each quarter of each input has one of the four.
    assert {tuple(sorted((column * 4).astype(int))) for column in first.T} == {(0, 1, 2, 3)}


def test_an_older_scipy_whose_generator_is_called_seed_draws_the_same_points(monkeypatch):
    from scipy.stats import qmc

    class Sobol(qmc.Sobol):
        def __init__(self, d, *, scramble=True, bits=None, seed=None, optimization=None):
            super().__init__(d, scramble=scramble, bits=bits, rng=seed, optimization=optimization)

    expected = next(sobol_points(2, 4, 7))
    monkeypatch.setattr(qmc, "Sobol", Sobol)
    assert (next(sobol_points(2, 4, 7)) == expected).all()


def test_ranks_correlate_as_asked():
    from scipy.stats import spearmanr

    points = next(iter(sobol_points(3, 2**14, 3)))
    tied = correlated(["a", "b", "c"], {("a", "b"): 0.7, ("b", "c"): -0.4})(points)
    assert spearmanr(tied[:, 0], tied[:, 1]).statistic == pytest.approx(0.7, abs=0.005)
    assert spearmanr(tied[:, 1], tied[:, 2]).statistic == pytest.approx(-0.4, abs=0.005)
    assert spearmanr(tied[:, 0], tied[:, 2]).statistic == pytest.approx(0, abs=0.01)
    together = correlated(["a", "b"], {("a", "b"): 1.0})(points[:, :2])
    assert together[:, 0] == pytest.approx(together[:, 1], abs=1e-6)


def test_correlated_inputs_add_their_spread():
    """Two of the same direction, tied: the deviation is the sum, not the root of the squares."""
    plan = only(commercial__discount=(0.0, 0.3), money__fx=(0.9, 1.1))
    shapes = dict.fromkeys((DISCOUNT, RATE), "uniform")
    # A high rate with a low discount.
    tied = risk(plan, Asked(draws=2048, shapes=shapes, correlations={(DISCOUNT, RATE): -1.0}))
    assert not tied.are_indices
    # v = 1 - 0.3 d and u = 1.1 - 0.2 d with one d: 1.1 - 0.53 d + 0.06 d^2, of uniform d.
    mean = 1.1 - 0.53 / 2 + 0.06 / 3
    square = 1.21 - 2 * 1.1 * 0.53 / 2 + (0.53**2 + 2 * 1.1 * 0.06) / 3 - 2 * 0.53 * 0.06 / 4 + 0.06**2 / 5
    assert is_near(tied.mean, mean * BASE)
    assert tied.deviation.value == pytest.approx((square - mean**2) ** 0.5 * BASE, rel=1e-4)


def test_what_is_not_drawn_is_said_and_what_moves_nothing_is_not_there():
    found, held = uncertain(preset("article"), "monthly", {"train.passes": "fixed"})
    assert held["train.passes"] == "fixed"
    _, named = uncertain(preset("article"), "monthly", {"own.pue": "pert", "own.staff_fte": "fixed"})
    assert named["own.pue"] == "it does not move the bill" and "own.staff_fte" not in named
    assert held["representation.2.object_mb"].startswith("its value 0 is outside low 5 and high 2000")
    assert not [each.key for each in found if each.key.startswith(("own.", "agent."))]


def test_every_draw_is_what_the_plan_costs():
    found, _ = uncertain(preset("article"), "monthly", {})
    points = next(iter(sobol_points(len(found), 4, 5)))
    figures = figures_at(preset("article"), found, points, "monthly")
    for row, figure in zip(points, figures, strict=True):
        changed = [[each.key, float(each.at(row[[at]])[0])] for at, each in enumerate(found)]
        assert VIDEO_TOTAL(None, "monthly", None, changed) == pytest.approx(figure, rel=1e-9)


def test_the_table_says_what_was_rounded_and_what_rests_on_assumptions():
    table = VIDEO_RISK(None, 100, 1, "monthly", None, [["train.share", "uniform"]], None, 3e6)
    rows = {row[0]: row for row in table}
    assert rows["Draws"][1] == 128 and "100 were asked for, rounded up to a power of two" in rows["Draws"][4]
    assert rows["As planned"][1] == pytest.approx(BASE)
    assert rows["P10"][1] < rows["P50"][1] < rows["P90"][1]
    assert 0 < rows["Chance above 3,000,000.00"][1] < 1
    assert rows["train.share"][4].startswith("uniform 0.25 to 1; alone")
    assert 0 < rows["On ranges that are assumptions"][1] < 0.2


def test_a_range_of_its_own_and_all_others_fixed():
    """3 to 8 MB alike and nothing else: 90% of it is 7.5 MB, priced as a plan of its own."""
    drawn = [["*", "fixed", "", ""], ["dataset.mb_per_video", "uniform", 3, 8]]
    rows = {row[0]: row for row in VIDEO_RISK(None, 1024, 1, "monthly", None, drawn)}
    at = {size: VIDEO_TOTAL(None, "monthly", None, [["dataset.mb_per_video", size]]) for size in (3.5, 5.5, 7.5)}
    for name, size in (("P10", 3.5), ("P50", 5.5), ("P90", 7.5)):
        assert rows[name][1] == pytest.approx(at[size], rel=1e-3)
    assert [key for key in rows if "." in key] == ["dataset.mb_per_video"]
    assert rows["dataset.mb_per_video"][4].startswith("uniform 3 to 8")


def test_blank_cells_beside_a_distribution_are_no_low_and_high():
    """As a sheet hands them over: rows of cells, some of them empty."""
    rows = [["key", "distribution", "low", "high"], ["*", "fixed", EMPTY, EMPTY], [EMPTY] * 4]
    rows.append(["train.passes", "uniform", EMPTY, EMPTY])
    given = [OMITTED, 64.0, OMITTED, OMITTED, OMITTED]
    plain = [["*", "fixed"], ["train.passes", "uniform"]]
    assert call("VIDEO_RISK", [*given, rows]) == call("VIDEO_RISK", [*given, plain])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"distributions": [["train.pases", "pert"]]}, "Nearest: train.passes"),
        ({"distributions": [["train.passes", "normal"]]}, "pert, triangular"),
        ({"distributions": [["train.passes"]]}, "has the columns key, distribution, low, high; a row has 1"),
        ({"distributions": [["train.passes", "pert", 2]]}, "a low without a high"),
        ({"distributions": [["train.passes", "pert", 3, 2]]}, "low 3 is above high 2"),
        ({"distributions": [["money.escalation", "lognormal"]]}, "a lognormal input is above 0"),
        ({"correlations": [["train.passes", "own.pue", 0.5]]}, "input of a correlation"),
        (
            {
                "correlations": [
                    ["train.passes", "train.share", 0.9],
                    ["train.share", "dataset.videos", 0.9],
                    ["train.passes", "dataset.videos", -0.9],
                ]
            },
            r"not positive definite\). Nearest: train.passes and train.share 0\.\d\d; ",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, said):
    with pytest.raises(BadArgumentError, match=said):
        VIDEO_RISK(draws=64, **arguments)
