"""Iteration speed by hand, and the memo of waiting."""

from __future__ import annotations

import numpy as np
import pytest

from vidcost_xl.errors import OutOfDomainError
from vidcost_xl.functions.adapter import call
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.own import own_site

LINK = {"limits.link_gbps": 100, "limits.utilisation": 0.8}
GPUS = {"limits.gpus": 2_000, "limits.samples_per_gpu_second": 1.45}


@pytest.fixture
def speed():
    def build(overrides):
        site = own_site(evaluate(preset("article").with_overrides(overrides.items())))
        return {row.id: site.months(row.id)[0] for row in site.rows if row.id.startswith("speed.")}

    return build


def test_5_pb_over_80_gbit_take_138_9_hours_as_the_function_of_transfers_says(speed):
    hours = speed(LINK)["speed.link_hours"]
    assert hours == pytest.approx(5e15 * 8 / 80e9 / 3_600)
    assert hours == pytest.approx(24 * call("VIDEO_TRANSFERDAYS", [5.0, "PB", 100.0, 0.8]))


def test_a_billion_clips_on_2_000_gpus_take_95_8_hours(speed):
    found = speed(GPUS)
    assert found["speed.gpu_hours"] == pytest.approx(1e9 / (2_000 * 1.45) / 3_600)
    assert found["speed.hours"] == found["speed.gpu_hours"]
    assert found["speed.wait_hours"] == 0  # how long the link takes is not known


def test_the_slower_of_the_two_sets_the_hours_and_gpus_wait_for_the_difference(speed):
    found = speed(LINK | GPUS)
    assert found["speed.hours"] == pytest.approx(138.889, abs=0.001)
    assert found["speed.wait_hours"] == pytest.approx(138.889 - 95.785, abs=0.001)
    assert speed(LINK | {**GPUS, "limits.gpus": 500})["speed.wait_hours"] == 0


def test_a_sample_a_cache_and_a_copy_beside_the_gpus_shorten_the_way_over_the_link(speed):
    whole = speed(LINK)["speed.link_hours"]
    assert speed(LINK | {"train.share": 0.25})["speed.link_hours"] == pytest.approx(whole / 4)
    assert speed(LINK | {"train.cached": 0.9})["speed.link_hours"] == pytest.approx(whole / 10)
    assert speed(LINK | {"staging.on": "yes", "staging.share": 0.5})["speed.link_hours"] == pytest.approx(whole / 2)
    assert speed(LINK | {"train.passes": 3})["speed.link_hours"] == pytest.approx(whole * 3)


def test_waiting_is_a_memo_off_by_default_and_in_no_total(speed):
    assert speed(LINK | GPUS)["speed.wait_cost"] == 0
    on = LINK | GPUS | {"wait.on": "yes", "wait.gpu_usd_per_hour": 1, "wait.people": 5, "wait.people_usd_per_hour": 100}
    # Ten experiments, 43.1 hours each, 2,000 GPUs at 1 USD and five people at 100.
    assert speed(on)["speed.wait_cost"] == pytest.approx(10 * (138.8889 - 95.7854) * 2_500, rel=1e-5)
    plain, priced = (evaluate(preset("article").with_overrides(each.items())).total for each in (LINK | GPUS, on))
    assert np.array_equal(plain, priced)


def test_waiting_without_a_link_or_gpus_is_refused_and_names_what_is_missing(speed):
    with pytest.raises(OutOfDomainError, match=r"limits\.gpus, limits\.samples_per_gpu_second is 0"):
        speed(LINK | {"wait.on": "yes"})


def test_the_checks_of_the_plan_say_that_gpus_wait_and_why_waiting_cannot_be_priced():
    limits = [[key, float(value)] for key, value in (LINK | GPUS).items()]
    found = next(row for row in call("VIDEO_CHECK", ["article", limits]) if row[1] == "waiting")
    assert found[0] == "note" and "43 of the 139 hours" in found[3]
    missing = call("VIDEO_CHECK", ["article", [["wait.on", "yes"]]])
    assert missing[1][:3] == ["error", "waiting", "wait.on"]
    assert not [row for row in call("VIDEO_CHECK", []) if row[1] == "waiting"]
