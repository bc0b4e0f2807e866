"""Inputs that the catalogue says do not count: changing them changes no bill."""

from __future__ import annotations

import pytest

from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.files import preset
from vidcost_xl.model.own import own_site


def bills(plan):
    bill = evaluate(plan)
    return float(bill.total.sum()), float(own_site(bill).row("cash").sum())


def other(plan, key):
    spec = catalogue()[spec_key(key)]
    if spec.is_numeric:
        return plan.number(key) + 1 if spec.maximum is None or plan.number(key) + 1 <= spec.maximum else spec.minimum
    names = {"vae": ("wan2.1", "hunyuanvideo"), "encoder": ("umt5-xxl", "t5-xxl"), "dtype": ("fp16", "fp32")}
    names |= {"yes-no": ("yes", "no"), "choice": spec.choices}
    return next((name for name in names.get(spec.kind, ()) if name != plan.values[key]), None)


#: Plans that say otherwise where their data is given: 800 TB of raw video, 2,000 TB of what is made of it.
IN_TB = {"dataset.size_from": "amount", "dataset.amount": 800, "representation.2.amount": 2000}
LATENTS = {"kind": "latent", "vae": "wan2.1", "width": 1280, "height": 720, "frames": 81, "amount": 2000}


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("article", {}),
        ("complete", {}),
        ("article", {"dataset.size_from": "bitrate"}),
        ("article", IN_TB),
        ("complete", {"cache.tb": 100}),
        ("complete", IN_TB),
        ("complete", {f"representation.2.{key}": value for key, value in LATENTS.items()}),
    ],
)
def test_what_does_not_count_moves_neither_the_bill_nor_the_own_site(name, changes):
    plan, seen = preset(name).with_overrides(changes.items()), 0
    base = bills(plan)
    for key in plan.values:
        if not catalogue()[spec_key(key)].counts(key, plan.values):
            changed = other(plan, key)
            if changed is not None:
                assert bills(plan.with_overrides([(key, changed)])) == pytest.approx(base, rel=1e-12), key
                seen += 1
    assert seen >= 8


def test_what_counts_is_told_by_the_switch_of_its_block_and_the_kind_of_its_representation():
    assert catalogue()["acquire.retries"].counts_with("acquire.retries") == {"acquire.on": ("yes",)}
    assert catalogue()["acquire.on"].counts_with("acquire.on") == {}
    latent = catalogue()["representation.*.vae"].counts_with("representation.3.vae")
    assert latent == {"representation.3.kind": ("latent",)}


def test_of_a_data_set_in_tb_the_videos_do_not_count_and_their_size_does():
    plan = preset("article").with_overrides(IN_TB.items())
    asked = ("videos", "amount", "mb_per_video", "seconds", "mbps", "clips_per_video", "growth")
    counting = [name for name in asked if catalogue()[f"dataset.{name}"].counts(f"dataset.{name}", plan.values)]
    assert counting == ["amount", "mb_per_video", "clips_per_video", "growth"]
    # 800 TB of 5 MB are 160 million objects, of 10 MB half of them: each is written once and costs a request.
    larger = plan.with_overrides([("dataset.mb_per_video", 10)])
    assert bills(larger)[0] < bills(plan)[0]
    ratio = catalogue()["representation.*.ratio"]
    assert [ratio.counts(f"representation.{n}.ratio", plan.values) for n in (1, 2)] == [True, False]


def test_a_condition_names_an_input_and_what_it_may_be():
    for spec in catalogue().values():
        for key, values in spec.used_with.items():
            assert set(values) <= set(catalogue()[key].choices), spec.key
