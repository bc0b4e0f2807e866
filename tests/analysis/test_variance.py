"""The change of a bill taken apart: worked examples by hand, and what holds for every pair of plans."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidcost_xl.analysis.sides import side_of
from vidcost_xl.analysis.variance import EFFECTS, explain_change, in_cents
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset

FEBRUARY = date(2027, 2, 1)


def effects_of(old, new):
    """The effects other than 0, summed over lines and months."""
    found = {name: round(float(part.sum()), 9) for name, part in explain_change(old, new).effects.items()}
    return {name: amount for name, amount in found.items() if amount}


def test_more_of_the_same_is_volume(side):
    """100 GB at $2 become 120 GB at $2: 20 GB x $2 = $40."""
    assert effects_of(side(("a", 100, 200)), side(("a", 120, 240))) == {"volume": 40}


def test_a_dearer_unit_is_price(side):
    """100 GB at $2 become 100 GB at $2.30: 100 GB x $0.30 = $30."""
    assert effects_of(side(("a", 100, 200)), side(("a", 100, 230))) == {"price": 30}


def test_a_shift_to_a_dearer_line_is_mix(side):
    """50 GB move from the line at $1 to the line at $3: 50 x ($3 - $1) = $100, volume and prices as before."""
    old = side(("cheap", 100, 100), ("dear", 100, 300))
    new = side(("cheap", 50, 50), ("dear", 150, 450))
    assert effects_of(old, new) == {"mix": 100}


def test_volume_mix_and_price_together(side):
    """100 GB at $2 become 150 at $2.20 beside 100 GB at $1 that stay.

    The group grows from 200 to 250 GB, a quarter: volume 50 + 25 = 75. With the old shares there would be 125
    and 125 GB: mix 25 x $2 - 25 x $1 = 25. Price 150 x $0.20 = 30. In all 430 - 300 = 130.
    """
    found = explain_change(side(("a", 100, 200), ("b", 100, 100)), side(("a", 150, 330), ("b", 100, 100)))
    assert {line.id for line in found.lines} == {"a", "b"}
    assert found.effects["volume"][:, 0] == pytest.approx([50, 25])
    assert found.effects["mix"][:, 0] == pytest.approx([50, -25])
    assert found.effects["price"][:, 0] == pytest.approx([30, 0])


def test_lines_of_another_unit_or_stage_do_not_mix(side):
    """A request is no GB, and a byte stored is no byte read: each line alone is its own volume."""
    for difference in ({"unit": "request"}, {"stage": "train"}):
        old, new = side(("a", 100, 100), ("b", 100, 300, difference)), side(("a", 50, 50), ("b", 150, 450, difference))
        assert effects_of(old, new) == {"volume": 100}


def test_a_line_on_one_side_only_is_structure(side):
    """$70 of a line that goes and $120 of one that comes: +$50."""
    assert effects_of(side(("a", 1, 5), ("gone", 7, 70)), side(("a", 1, 5), ("come", 8, 120))) == {"structure": 50}


def test_a_month_on_one_side_only_is_structure(side):
    """A second month of $30 that the old side does not have."""
    new = side(("a", 1, 30), ("a", 1, 30, {"month": FEBRUARY}))
    assert effects_of(side(("a", 1, 30)), new) == {"structure": 30}


def test_a_line_that_counts_something_else_now_is_structure(side):
    """$100 for bytes become $130 for hours: no quantity compares."""
    assert effects_of(side(("a", 10, 100)), side(("a", 10, 130, {"unit": "hour"}))) == {"structure": 30}


def test_another_meter_of_the_same_kind_is_mix_and_its_growth_volume(side):
    """100 GB at $2 become 150 GB in a class at $0.50: volume 50 x $2 = 100, mix 150 x ($0.50 - $2) = -225."""
    assert effects_of(side(("a", 100, 200)), side(("a", 150, 75, {"meter": "archive"}))) == {
        "volume": 100,
        "mix": -225,
    }


def test_the_rate_of_the_currency_is_its_own_effect(side):
    """$200 at 0.90 become $240 at 0.95: volume $40 x 0.90 = 36, currency $240 x 0.05 = 12; 228 - 180 = 48."""
    old = side(("a", 100, 200, {"fx": 0.90}), currency="EUR")
    assert effects_of(old, side(("a", 120, 240, {"fx": 0.95}), currency="EUR")) == {"volume": 36, "currency": 12}


def test_a_group_without_volume_before_grows_by_volume(side):
    """Nothing read, then 30 GB for $6."""
    assert effects_of(side(("a", 0, 0)), side(("a", 30, 6))) == {"volume": 6}


def test_an_amount_that_counts_nothing_changes_by_price(side):
    """A minimum fee of $10 becomes $12."""
    assert effects_of(side(("fee", 0, 10)), side(("fee", 0, 12))) == {"price": 2}


def test_two_reporting_currencies_have_no_difference(side):
    with pytest.raises(BadArgumentError, match="EUR and in USD"):
        explain_change(side(("a", 1, 1), currency="EUR"), side(("a", 1, 1)))


def test_ten_passes_instead_of_eight_out_of_aws_by_hand():
    """Published tiers of AWS: 9, 8.5, 7 and 5 cents a GB up to 10, 50 and 150 TB (of 1,024 GB) and above, 100 GB free.

    The first 150 TB less the free 100 GB cost 10,240 x .09 + 40,960 x .085 + 102,400 x .07 = $11,571.20, so n
    passes of 5 PB, 4,656,612.873 GB each, cost 11,571.20 + .05 x (4,656,612.873 n - 153,700) = 3,886.20 +
    232,830.6437 n dollars. 8 passes: 1,866,531.35; 10: 2,332,192.64. A quarter more volume at the old blended
    price is 466,632.84; the rest, 465,661.29 - 466,632.84 = -971.55, is the lower blended price. Over 12 months
    and with 2 x $400 of GETs a month: volume 5,609,194.05, price -11,658.60.
    """
    old = evaluate(preset("article").with_overrides([("train.experiments", 8)]))
    found = effects_of(side_of(old), side_of(evaluate(preset("article"))))
    assert found["volume"] == pytest.approx(12 * (466_632.8376 + 800), abs=0.2)
    assert found["price"] == pytest.approx(12 * -971.55, abs=0.2)
    assert set(found) == {"volume", "price"}


def test_a_storage_class_of_the_article_is_mix_and_a_route_is_structure():
    old = evaluate(preset("article"))
    colder = evaluate(preset("article").with_overrides([("representation.1.class", "aws.s3.glacier-instant")]))
    routed = evaluate(preset("article").with_overrides([("train.route", "aws.cloudfront")]))
    assert set(effects_of(side_of(old), side_of(colder))) <= {"mix", "price"}
    assert effects_of(side_of(old), side_of(colder))["mix"] < 0
    assert set(effects_of(side_of(old), side_of(routed))) == {"structure"}


@st.composite
def plans(draw):
    """A preset with volumes, prices, classes, months and structure changed."""
    aws = st.sampled_from(["aws.s3.standard", "aws.s3.standard-ia", "aws.s3.glacier-instant"])
    months = draw(st.integers(12, 15))
    second = draw(st.one_of(st.just(""), aws))
    pairs = {
        "calendar.months": months,
        "calendar.start": draw(st.sampled_from(["2027-01-01", "2027-03-01"])),
        "dataset.videos": draw(st.sampled_from([0, 3e8, 1e9])),
        "representation.1.class": draw(aws),
        "representation.1.second_class": second,
        "representation.1.second_share": draw(st.sampled_from([0.1, 0.6])) if second else 0,
        "representation.1.lifecycle_months": 0,
        "train.experiments": draw(st.integers(0, 20)),
        "train.route": draw(st.sampled_from(["aws.internet", "aws.cloudfront", "aws.same-region"])),
        "staging.on": draw(st.sampled_from(["yes", "no"])),
        "checkpoint.on": draw(st.sampled_from(["yes", "no"])),
        "encode.on": draw(st.sampled_from(["yes", "no"])),
        "commercial.discount": draw(st.sampled_from([0, 0.125])),
        "commercial.support": draw(st.sampled_from(["", "aws.support.business-plus"])),
        "money.escalation": draw(st.sampled_from([0, 0.03])),
        "money.fx": draw(st.sampled_from([1, 0.9])),
        "train.experiments@2027-06": draw(st.integers(0, 20)),
    }
    return preset(draw(st.sampled_from(["article", "complete"]))).with_overrides(pairs.items())


@settings(deadline=None, max_examples=40)
@given(plans(), plans())
def test_the_effects_of_any_two_plans_are_all_of_the_change_by_line_and_month(first, second):
    old, new = evaluate(first), evaluate(second)
    found = explain_change(side_of(old), side_of(new))
    scale = max(np.abs(found.old).max(), np.abs(found.new).max(), 1.0)
    assert np.allclose(sum(found.effects.values()), found.new - found.old, rtol=0, atol=1e-9 * scale)
    assert found.old.sum() == pytest.approx(float(old.reporting(old.total).sum()))
    assert found.new.sum() == pytest.approx(float(new.reporting(new.total).sum()))


@settings(deadline=None, max_examples=25)
@given(plans(), plans())
def test_to_the_cent_the_effects_add_up_without_a_remainder(first, second):
    old, new = evaluate(first), evaluate(second)
    statement = in_cents(explain_change(side_of(old), side_of(new)))
    before, *effects, after = statement.total
    assert before + sum(effects) == after
    assert before == round(float(old.reporting(old.total).sum()) * 100)
    assert after == round(float(new.reporting(new.total).sum()) * 100)
    by_stage = statement.by(line.stage for line in statement.variance.lines)
    assert tuple(map(sum, zip(*by_stage.values(), strict=True))) == statement.total
    # Old and new of a line and of a month are about a cent from their own amounts, an effect of both a few.
    for cents, amounts in ((statement.old, statement.variance.old), (statement.new, statement.variance.new)):
        for axis in (0, 1):
            assert np.abs(cents.sum(axis=axis) - amounts.sum(axis=axis) * 100).max() < 1.5
    exact = np.stack([statement.variance.effects[name].sum(axis=1) for name in EFFECTS]) * 100
    assert np.abs(statement.effects.sum(axis=2) - exact).max() < 4


@settings(deadline=None, max_examples=25)
@given(plans(), plans())
def test_swapping_old_and_new_turns_the_sign_of_the_change(first, second):
    old, new = side_of(evaluate(first)), side_of(evaluate(second))
    there, back = in_cents(explain_change(old, new)), in_cents(explain_change(new, old))
    assert sum(there.total[1:-1]) == -sum(back.total[1:-1])
    there_structure, back_structure = (found.variance.effects["structure"].sum() for found in (there, back))
    assert there_structure == pytest.approx(-back_structure)


@settings(deadline=None, max_examples=15)
@given(plans())
def test_a_plan_against_itself_has_no_effect_at_all(plan):
    found = explain_change(side_of(evaluate(plan)), side_of(evaluate(plan)))
    assert all(not part.any() for part in found.effects.values())
