"""What holds for every plan: declared precedents, corkscrews, monotone costs, draws, single months."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.random_plans import plans
from vidcost_xl.model import meter_prices
from vidcost_xl.model.bill import evaluate, inputs, totals
from vidcost_xl.model.catalogue import PRESETS, catalogue
from vidcost_xl.model.files import preset
from vidcost_xl.model.lines import State
from vidcost_xl.model.rows import declare, possible_volumes
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.tariff import Tariff

EXAMPLES = settings(deadline=None, max_examples=30)


def check_declarations(plan):
    rows = declare(plan)
    state = State(inputs(plan, {}), plan.integer("calendar.months"))
    possible = possible_volumes(plan)
    for volume in rows.volumes:
        known = possible[volume.id]
        assert (known.label, known.unit) == (volume.label, volume.unit)
        undeclared = set(volume.precedents) - set(state.values)
        assert not undeclared, f"{volume.id} comes before its precedents {undeclared}"
        state.read.clear()
        state.values[volume.id] = volume.compute(state)
        assert state.read == set(volume.precedents), volume.id
        assert len(set(volume.precedents)) == len(volume.precedents), volume.id
        assert np.all(np.isfinite(state.values[volume.id])), volume.id
    for line in rows.charges:
        assert line.volume in state.values, line.id
        known = line.meter in plan.values if line.is_priced_by_plan else line.meter in price_book().meters
        assert known, line.id
    for kind in (rows.volumes, rows.charges):
        assert len({row.id for row in kind}) == len(kind)
        assert len({row.label for row in kind}) == len(kind), sorted(row.label for row in kind)
    assert not {row.id for row in rows.volumes} & set(plan.values)


@pytest.mark.parametrize("name", PRESETS)
def test_the_rows_of_a_preset_read_what_they_declare(name):
    check_declarations(preset(name))


@EXAMPLES
@given(plans())
def test_the_rows_of_any_plan_read_what_they_declare(plan):
    check_declarations(plan)


@EXAMPLES
@given(plans())
def test_stocks_balance_and_nothing_is_negative(plan):
    bill = evaluate(plan)
    state = bill.state
    for stock in [name.removesuffix(".closing") for name in state.values if name.endswith(".closing")]:
        opening, closing = state[f"{stock}.opening_balance"], state[f"{stock}.closing"]
        tolerance = 1e-9 * max(1.0, float(np.max(closing)), float(np.max(opening)))
        moved = opening + state[f"{stock}.additions"] - state[f"{stock}.removals"]
        assert np.allclose(moved, closing, rtol=0, atol=tolerance)
        assert np.array_equal(opening[1:], closing[:-1])
        assert state[f"{stock}.removals"].min() >= -tolerance
    for volume in bill.rows.volumes:
        if volume.id.endswith(".removals"):
            continue  # a difference of stocks, held against their size above
        largest = float(np.max(np.abs(state[volume.id])))
        assert float(np.min(state[volume.id])) >= -1e-9 * max(1.0, largest), volume.id
    for charge in bill.charges:
        assert float(np.min(charge.effective)) >= -1e-6, charge.line.id


@EXAMPLES
@given(plans())
def test_stages_and_lines_sum_to_the_total(plan):
    bill = evaluate(plan)
    by_line = sum((charge.effective for charge in bill.charges), np.zeros((bill.state.months, 1)))
    assert np.allclose(by_line, bill.total, rtol=1e-12, atol=1e-6)
    stages = {charge.line.stage for charge in bill.charges}
    by_stage = sum((bill.stage(stage) for stage in stages), np.zeros((bill.state.months, 1)))
    assert np.allclose(by_stage, bill.total, rtol=1e-12, atol=1e-6)


#: More of these costs more in these stages. Support and shortfall stand apart: a larger bill leaves less of the
#: commitment unused. A stage that only shares a pool may become cheaper: the others lift the pool into lower tiers.
GROWING = {
    "dataset.videos": ("acquire", "store", "encode", "train"),
    "dataset.mb_per_video": ("acquire", "store"),
    "dataset.copies": ("store",),
    "representation.2.versions": ("store", "encode"),
    "train.experiments": ("train",),
    "acquire.fetched_per_kept": ("acquire",),
    "acquire.retries": ("acquire",),
    "encode.runs": ("encode",),
    "staging.refreshes": ("train",),
    "checkpoint.saves": ("checkpoint",),
    "checkpoint.kept": ("checkpoint",),
}


@pytest.mark.parametrize("key", GROWING)
@settings(deadline=None, max_examples=8)
@given(times=st.floats(1.01, 5))
def test_more_volume_never_costs_less(key, times):
    plan = preset("complete").with_overrides([("staging.refreshes", 0.1)])
    spec = catalogue()[key.replace(".2.", ".*.")]
    more = min(plan.number(key) * times, spec.maximum or math.inf)
    base, grown = evaluate(plan), evaluate(plan.with_overrides([(key, more)]))
    for stage in GROWING[key]:
        assert np.all(grown.stage(stage) >= base.stage(stage) * (1 - 1e-12)), stage
    before = base.total - base.stage("support")
    assert np.all(grown.total - grown.stage("support") >= before * (1 - 1e-12))


@pytest.mark.parametrize(
    ("key", "value", "last"),
    [
        ("train.experiments", 3, 4),  # the month alone
        ("train.cached", 0.5, 4),
        ("commercial.discount", 0.2, 4),
        ("encode.gpu_usd_per_hour", 9, 4),
        ("checkpoint.saves", 500, 11),  # its checkpoints stay until newer ones replace them
        ("dataset.videos", 2e9, 11),  # more stored, moved to Infrequent Access three months later
        ("staging.share", 0.2, 5),  # the copy is filled again in the next month
    ],
)
def test_one_month_s_override_changes_that_month_and_its_consequences_only(key, value, last):
    plan = preset("complete").with_overrides([("exit.month", 0), ("representation.2.version_months", 0)])
    base, changed = evaluate(plan), evaluate(plan.with_overrides([(f"{key}@2027-05", value)]))
    different = np.flatnonzero(np.abs(changed.total[:, 0] - base.total[:, 0]) > 1e-6)
    assert different.min() == 4
    assert different.max() <= last


def test_all_prices_twice_as_high_make_the_bill_twice_as_high(monkeypatch):
    plan = preset("complete").with_overrides([("commercial.commitment_usd", 0), ("commercial.support", "")])
    plan_prices = ("acquire.proxy_usd_per_gb", "encode.gpu_usd_per_hour")
    base = evaluate(plan)
    doubled = plan.with_overrides([(key, 2 * plan.number(key)) for key in plan_prices])
    book = price_book()

    class Dear:
        def __getattr__(self, name):
            return getattr(book, name)

        def price(self, *arguments):
            priced = book.price(*arguments)
            tariff = priced.tariff
            twice = Tariff(
                tariff.starts,
                tuple(2 * price for price in tariff.prices),
                tariff.kind,
                tariff.allowance,
                tariff.allowance_position,
                tariff.round_up,
                tariff.minimum_quantity,
            )
            return replace(priced, tariff=twice)

    monkeypatch.setattr(meter_prices, "price_book", Dear)
    assert np.allclose(evaluate(doubled).total, 2 * base.total, rtol=1e-12)


def test_private_rates_on_every_meter_scale_the_bill():
    plan = preset("complete").with_overrides([("commercial.commitment_usd", 0), ("commercial.support", "")])
    plan = plan.with_overrides([("acquire.proxy_usd_per_gb", 0), ("encode.gpu_usd_per_hour", 0)])
    meters = {charge.line.meter for charge in evaluate(plan).charges if charge.priced}
    once = evaluate(plan.with_overrides([(f"rate.{meter}", 0.01) for meter in meters]))
    thrice = evaluate(plan.with_overrides([(f"rate.{meter}", 0.03) for meter in meters]))
    assert np.allclose(thrice.total, 3 * once.total, rtol=1e-12)


SAMPLED = {
    "dataset.videos": (1e8, 2e9),
    "dataset.opening": (0.0, 1.0),
    "dataset.mb_per_video": (0.5, 14),
    "train.experiments": (0, 20),
    "staging.share": (0, 1),
    "representation.1.second_share": (0, 1),
    "representation.2.versions": (1, 3),
    "commercial.discount": (0, 0.3),
    "money.escalation": (-0.05, 0.08),
    "encode.gpu_seconds": (1, 15),
    "checkpoint.parameters": (2e10, 5e11),
    "commercial.commitment_usd": (0, 1e6),
}


@pytest.mark.parametrize("name", PRESETS)
def test_draws_computed_together_equal_single_evaluations(name):
    plan = preset(name)
    if name == "article":
        plan = plan.with_overrides([("representation.1.second_class", "aws.s3.standard-ia")])
    random = np.random.default_rng(3)
    samples = {key: random.uniform(low, high, 12) for key, (low, high) in SAMPLED.items()}
    together = totals(plan, samples, chunk=5)
    for draw in range(12):
        single = evaluate(plan.with_overrides([(key, float(values[draw])) for key, values in samples.items()]))
        assert np.allclose(together[:, draw], single.total[:, 0], rtol=1e-12, atol=0)


def test_a_sample_must_be_a_number_in_its_domain_and_all_as_long_as_each_other():
    plan = preset("article")
    with pytest.raises(Exception, match=r"calendar\.months cannot differ"):
        evaluate(plan, {"calendar.months": np.array([12.0])})
    for bad in (-1.0, math.nan, math.inf):
        with pytest.raises(Exception, match=r"train\.experiments: a draw is outside"):
            evaluate(plan, {"train.experiments": np.array([1.0, bad])})
    with pytest.raises(Exception, match="different numbers of draws"):
        evaluate(plan, {"train.experiments": np.ones(3), "train.passes": np.ones(4)})


def test_months_without_carry_over_equal_plans_of_that_month_alone():
    experiments = [4, 8, 12, 0, 3, 9, 10, 2, 7, 11, 6, 5]
    plan = preset("article")
    together = evaluate(
        plan.with_overrides([(f"train.experiments@2027-{m:02d}", n) for m, n in enumerate(experiments, 1)])
    ).total[:, 0]
    alone = [evaluate(plan.with_overrides([("train.experiments", n)])).total[0, 0] for n in experiments]
    assert together == pytest.approx(alone, rel=1e-12)
