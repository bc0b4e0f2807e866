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


@pytest.mark.parametrize("name", ["article", "complete"])
def test_what_does_not_count_moves_neither_the_bill_nor_the_own_site(name):
    plan, seen = preset(name), 0
    base = bills(plan)
    for key in plan.values:
        needed = catalogue()[spec_key(key)].counts_with(key)
        if any(plan.values[at] not in values for at, values in needed.items()):
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


def test_a_condition_names_an_input_and_what_it_may_be():
    for spec in catalogue().values():
        for key, values in spec.used_with.items():
            assert set(values) <= set(catalogue()[key].choices), spec.key
