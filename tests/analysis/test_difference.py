"""Decisions that differ between two plans, and what each alone does to the total."""

from __future__ import annotations

import pytest

from vidcost_xl.analysis.difference import ABSENT, changes_between, decisions
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset


def changed(overrides, name="article"):
    return preset(name).with_overrides(overrides)


def found(old, new):
    return {change.key: (change.old, change.new) for change in changes_between(old, new)}


def test_equal_plans_have_no_changes():
    assert changes_between(preset("complete"), preset("complete")) == ()


def test_an_input_says_what_it_was_with_label_and_unit():
    (change,) = changes_between(preset("article"), changed([("train.experiments", 12)]))
    assert (change.key, change.old, change.new) == ("train.experiments", 10, 12)
    assert change.label and change.unit
    assert change.kind == "input"


def test_months_that_changed_alike_are_one_change():
    new = changed([(f"train.experiments@2027-0{month}", 8) for month in (3, 4, 5)] + [("train.experiments@2027-07", 8)])
    assert found(preset("article"), new) == {
        "train.experiments@2027-03..2027-05": (10, 8),
        "train.experiments@2027-07": (10, 8),
    }


def test_a_private_rate_that_comes_changes_and_goes():
    key = "rate.aws.transfer.internet-out"
    first, second = changed([(key, 0.02)]), changed([(key, 0.03)])
    assert found(preset("article"), first) == {key: (ABSENT, 0.02)}
    assert found(first, second) == {key: (0.02, 0.03)}
    assert found(second, preset("article")) == {key: (0.03, ABSENT)}


def test_a_representation_that_comes_is_one_change_and_its_inputs_are_not_listed():
    changes = changes_between(preset("article"), preset("complete"))
    (third,) = [change for change in changes if change.kind == "representation"]
    assert (third.key, third.old, third.new) == ("representation.3", ABSENT, "text")
    assert not [change.key for change in changes if change.key.startswith("representation.3.")]


def test_one_change_explains_all_of_the_difference():
    """12 passes instead of 10 of 5 PB: 2 x 4,656,612.873 GB x $0.05 + 2 x $400 a month, above all tiers."""
    both = decisions(evaluate(preset("article")), evaluate(changed([("train.experiments", 12)])))
    assert both.changes[0].effect == pytest.approx(12 * (2 * 4_656_612.873 * 0.05 + 800), abs=0.1)
    assert both.remainder == pytest.approx(0, abs=1e-6)


def test_what_two_changes_do_to_each_other_is_the_remainder():
    """Twice the passes at half the rate: alone +R and -R/2, together 0, so the remainder is -R/2.

    R is a year of ten passes at the private rate of 2 cents: 12 x 46,566,128.73 GB x $0.02.
    """
    key = "rate.aws.transfer.internet-out"
    old, new = changed([(key, 0.02)]), changed([(key, 0.01), ("train.experiments", 20)])
    both = decisions(evaluate(old), evaluate(new))
    year = 12 * 46_566_128.73 * 0.02
    effects = {change.key: change.effect for change in both.changes}
    assert effects[key] == pytest.approx(-year / 2, abs=0.1)
    assert effects["train.experiments"] == pytest.approx(year + 12 * 4_000, abs=0.1)
    assert both.remainder == pytest.approx(-year / 2, abs=0.1)


def test_changes_that_need_each_other_are_made_together():
    """A latent needs its autoencoder and its shape; made last, it explains what the shape alone does not."""
    shape = {"vae": "wan2.1", "width": 1280, "height": 720, "frames": 121}
    pairs = [(f"representation.2.{key}", value) for key, value in {**shape, "kind": "latent"}.items()]
    old, new = evaluate(preset("article")), evaluate(changed(pairs))
    both = decisions(old, new)
    (kind,) = [change for change in both.changes if change.key == "representation.2.kind"]
    assert kind.effect is None
    assert "representation.2.vae" in kind.why
    assert "is empty" in kind.why
    assert both.together == pytest.approx(float(new.total.sum() - old.total.sum()))
    assert both.remainder == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("old", "new"), [("article", "complete"), ("complete", "article")])
def test_effects_and_remainder_are_all_of_the_change(old, new):
    first, second = evaluate(preset(old)), evaluate(preset(new))
    both = decisions(first, second)
    explained = sum(change.effect or 0.0 for change in both.changes) + (both.together or 0.0) + both.remainder
    assert explained == pytest.approx(float(second.total.sum() - first.total.sum()))
    assert any(change.effect for change in both.changes)


def test_steps_in_order_add_up_and_each_is_priced_on_top_of_those_before_it():
    """Half the passes, then a tenth off: 5 PB a pass, list 0.05 beyond 150 TB, so the order shows in the discount."""
    old = preset("article")
    new = old.with_overrides([("train.experiments", 5), ("commercial.discount", 0.1)])
    bills = evaluate(old), evaluate(new)
    found = decisions(*bills)
    steps = {change.key: change.step for change in found.changes}
    # 25 PB of 50 PB a month less, all beyond the first tiers: GB of 2**30 bytes at 0.05, GETs at 0.0004 a thousand.
    fewer = -12 * (25e15 / 2**30 * 0.05 + 5e9 / 1000 * 0.0004)
    assert steps["train.experiments"] == pytest.approx(fewer, rel=1e-12)
    # The discount takes a tenth of what is left, not of the whole.
    assert steps["commercial.discount"] == pytest.approx(-0.1 * (30_388_002.93 + fewer), abs=0.01)
    assert found.rest == pytest.approx(0, abs=1e-6)
    assert sum(steps.values()) == pytest.approx(float(bills[1].total.sum() - bills[0].total.sum()), rel=1e-12)


def test_a_decision_that_no_plan_can_have_yet_waits_until_it_stands_alone():
    """A latent before its autoencoder and shape: those change nothing of a fixed size, so all of it is its own."""
    old = preset("article")
    latent = {"kind": "latent", "vae": "wan2.1", "width": 1280, "height": 720, "frames": 121}
    new = old.with_overrides([(f"representation.2.{key}", value) for key, value in latent.items()])
    found = decisions(evaluate(old), evaluate(new))
    whole = float(evaluate(new).total.sum() - evaluate(old).total.sum())
    steps = {change.key.split(".")[-1]: change.step for change in found.changes}
    assert [key for key in steps if key in latent][-1] == "kind"
    assert steps == {**dict.fromkeys(steps, pytest.approx(0)), "kind": pytest.approx(whole, rel=1e-12)}
    assert found.rest == pytest.approx(0, abs=1e-6)


ON_R2 = {"class": "r2.standard", "train.route": "r2.internet", "train.experiments": 5}
ON_S3 = {"class": "aws.s3.standard", "train.route": "aws.internet", "train.experiments": 8}


def placed(data, *, name="article", representations=(1, 2), **more):
    """A plan with its representations in one place, read from there; `more` by keys with two underscores for dots."""
    pairs = {f"representation.{n}.class": data["class"] for n in representations}
    pairs |= {key: value for key, value in data.items() if "." in key}
    return preset(name).with_overrides((pairs | {key.replace("__", "."): value for key, value in more.items()}).items())


def total_of(plan):
    return float(evaluate(plan).total.sum())


def test_a_class_waits_for_its_route_and_what_stands_between_has_a_step_of_its_own():
    """R2 lets data out free and bills reads at $0.36 a million: 3 passes of 10^9 videos more are 12 x 3 x $360."""
    old, new = placed(ON_R2), placed(ON_S3)
    found = decisions(evaluate(old), evaluate(new))
    raw, experiments, *group = found.changes
    assert (raw.label, experiments.label) == ("raw: storage class", "Experiments")
    assert [change.label for change in group] == ["features: storage class", "Way from storage to the GPUs"]
    assert experiments.step == pytest.approx(12 * 3 * 360)
    assert experiments.step == pytest.approx(total_of(placed(ON_R2, train__experiments=8)) - total_of(old))
    # The way is dearer by what eight experiments read, not five.
    eight = placed(ON_R2, train__experiments=8, representation__1__class=ON_S3["class"])
    assert [change.step for change in group] == [None, pytest.approx(total_of(new) - total_of(eight))]
    assert found.rest == pytest.approx(0, abs=1e-6)


def test_classes_of_more_representations_than_are_tried_in_every_choice_wait_for_one_route():
    whole = {f"representation__{n}__read_share": 1 for n in (1, 2, 3)}
    plain = {"representation__1__second_share": 0, "representation__1__second_class": None, "exit__month": 0}
    off = {f"{part}__on": "no" for part in ("staging", "encode", "acquire", "checkpoint")}
    options = {"name": "complete", "representations": (1, 2, 3), **whole, **plain, **off}
    bills = [evaluate(placed(data, **options)) for data in (ON_R2, ON_S3)]
    found = decisions(*bills)
    experiments, *classes, route = found.changes
    assert (experiments.key, route.key) == ("train.experiments", "train.route")
    assert [change.key for change in classes] == [f"representation.{n}.class" for n in (1, 2, 3)]
    assert [change.step for change in classes] == [None] * 3
    before, after = (float(bill.total.sum()) for bill in bills)
    assert experiments.step + route.step == pytest.approx(after - before, rel=1e-12)
