"""Each finding appears for a plan that deserves it and for no other."""

from __future__ import annotations

import pytest

from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.checks import check, required_gbps
from vidcost_xl.model.files import preset

R2 = {"representation.1.class": "r2.standard", "representation.2.class": "r2.standard", "train.route": "r2.internet"}
B2 = {"representation.1.class": "b2.standard", "representation.2.class": "b2.standard", "train.route": "b2.internet"}
WASABI = {
    "representation.1.class": "wasabi.hot",
    "representation.2.class": "wasabi.hot",
    "train.route": "wasabi.internet",
}
CLEAN = {"train.passes_source": "observed", "train.experiments": 1, "limits.link_gbps": 100}


def findings(overrides, preset_name="article"):
    return check(evaluate(preset(preset_name).with_overrides(overrides.items())))


def named(overrides, name, preset_name="article"):
    return [finding for finding in findings(overrides, preset_name) if finding.name == name]


def test_a_clean_plan_has_nothing_to_report():
    (only,) = findings(CLEAN)
    assert (only.severity, only.message) == ("ok", "nothing to report")


@pytest.mark.parametrize(
    ("name", "subject", "overrides"),
    [
        ("size", "dataset.videos", {"dataset.videos": 1e5}),
        ("size", "dataset.videos", {"dataset.videos": 1e12}),
        ("size", "dataset.mb_per_video", {"dataset.mb_per_video": 5_000, "dataset.videos": 1e6}),
        ("size", "dataset.mb_per_video", {"dataset.mb_per_video": 0.005}),
        ("link", "limits.link_gbps", {"train.experiments": 10}),
        ("gpus", "limits.gpus", {"limits.gpus": 8, "limits.samples_per_gpu_second": 1.45}),
        ("exit", "exit.window_days", {"exit.month": 3, "exit.window_days": 5}),
        ("exit", "exit.route", R2),
        ("re-reads", "representation.2.reread_days", {"representation.2.class": "aws.s3.intelligent-tiering",
                                                      "representation.2.reread_days": 90}),
        ("commitment", "commercial.commitment_usd", {"commercial.commitment_usd": 1e6}),
        ("weak price", "aws.s3.one-zone-ia.storage", {"representation.1.class": "aws.s3.one-zone-ia"}),
        ("price age", "aws.direct-connect.data-out", {"train.route": "aws.direct-connect"}),
        ("price book", "money.book", {"money.book": "2025-01-01"}),
        ("passes", "train.passes_source", {"train.passes_source": "solved for", "train.experiments": 10}),
        ("survival", "acquire.fetched_per_kept", {"acquire.on": "yes", "dataset.counted": "fetched",
                                                  "dataset.survival": 0.25}),
        ("private rate", "rate.r2.standard.storage", {"rate.r2.standard.storage": 0.01}),
        ("policy", "train.route", B2),
        ("cache", "cache.tb", {"cache.tb": 6_000, "train.passes": 2}),
        ("cache", "cache.policy", {"cache.tb": 4_000, "train.passes": 2, "cache.policy": "lru in order"}),
        ("cache", "cache.kept", {"cache.tb": 4_000, "cache.kept": "no"}),
        ("cache", "cache.tb", {"cache.tb": 4_000, "train.passes": 0}),
        ("cache", "train.passes", {"cache.tb": 4_000, "train.experiments": 0, "train.experiments@2027-03": 1}),
        ("cache", "train.cached", {"cache.tb": 4_000, "train.passes": 2, "train.cached": 0.1}),
        ("cache cost", "cache.tb", {"cache.tb": 4_000}),
    ],
)  # fmt: skip
def test_a_finding_is_made_where_it_is_due(name, subject, overrides):
    found = named(CLEAN | overrides, name)
    assert [finding.subject for finding in found] == [subject]
    assert found[0].message


@pytest.mark.parametrize(
    ("name", "overrides"),
    [
        ("cache", {"cache.tb": 4_000, "train.passes": 2}),
        ("cache", {"cache.tb": 5_000, "train.passes": 2, "cache.policy": "lru in order"}),
        ("cache", {"train.cached": 0.1, "cache.policy": "lru in order"}),
        ("gpus", {"limits.gpus": 512, "limits.samples_per_gpu_second": 1.45}),
        ("exit", {"exit.month": 3, "exit.window_days": 60}),
        ("exit", {**R2, "exit.route": "r2.internet"}),
        ("exit", {**R2, "own.compare": "no"}),
        ("re-reads", {"representation.2.class": "aws.s3.intelligent-tiering", "representation.2.reread_days": 30}),
        ("commitment", {"commercial.commitment_usd": 1e5}),
        ("price book", {"money.book": "2029-01-01"}),
        ("survival", {"acquire.on": "yes", "dataset.counted": "fetched", "dataset.survival": 0.25,
                      "acquire.fetched_per_kept": 4}),
        ("private rate", {"rate.aws.s3.standard.storage": 0.01}),
        ("policy", R2),
        ("passes", {"train.passes_source": "solved for", "train.experiments": 10,
                    **{f"train.experiments@2027-{month:02}": 4 for month in range(1, 13)}}),
    ],
)  # fmt: skip
def test_and_not_where_it_is_not(name, overrides):
    assert named(CLEAN | overrides, name) == []


def test_ten_passes_of_5_pb_need_154_gbit_a_second_and_nothing_is_clipped():
    plan = preset("article").with_overrides([("limits.link_gbps", 100)])
    bill = evaluate(plan)
    # 50 PB of 8 bits in 30 days of 86,400 seconds.
    assert required_gbps(bill) == pytest.approx([50e15 * 8 / (30 * 86_400) / 1e9] * 12)
    assert round(float(required_gbps(bill)[0])) == 154
    (finding,) = [item for item in check(bill) if item.name == "link"]
    assert (finding.severity, finding.limit) == ("warning", 80)
    assert bill.state["representation.2.read"].max() == 50e15


def test_backblaze_warns_above_three_times_the_bytes_stored():
    (within,) = named(CLEAN | B2 | {"train.experiments": 6}, "policy")
    assert (within.severity, within.value, within.limit) == ("note", 3.0, 3.0)
    (beyond,) = named(CLEAN | B2 | {"train.experiments": 7}, "policy")
    assert (beyond.severity, beyond.value) == ("warning", 3.5)


def test_wasabi_is_an_error_above_once_the_bytes_stored_for_its_egress_has_no_price():
    (within,) = named(CLEAN | WASABI | {"train.experiments": 2}, "policy")
    assert within.severity == "note"
    (beyond,) = named(CLEAN | WASABI | {"train.experiments": 3}, "policy")
    assert (beyond.severity, beyond.limit) == ("error", 1.0)


def test_the_worst_finding_stands_first():
    found = findings(WASABI | {"dataset.mb_per_video": 5_000})
    order = ["error", "warning", "note", "ok"]
    assert [order.index(finding.severity) for finding in found] == sorted(
        order.index(finding.severity) for finding in found
    )
    assert found[0].severity == "error"


def test_a_currency_at_a_rate_of_exactly_one_is_reported():
    (found,) = named({"money.currency": "EUR"}, "currency")
    assert (found.severity, found.subject) == ("warning", "money.fx") and "exactly 1" in found.message
    assert not named({"money.currency": "EUR", "money.fx": 0.92}, "currency")
    assert not named({"money.currency": "usd"}, "currency")


DEDICATED = CLEAN | {"train.route": "aws.direct-connect"}
READ_2024 = {"money.as_of": "2026-10-10", "train.route": "aws.direct-connect"}


def test_the_age_of_a_price_is_one_note_counted_from_the_price_date_of_the_plan():
    # Read on 2024-07-01; 2026-10-10 is 365 + 365 + 101 days later: 183 to the year's end, 365, and 283.
    (old,) = named(CLEAN | READ_2024, "price age")
    assert (old.severity, old.value, old.limit) == ("note", 183 + 365 + 283, 365)
    told = "read more than 365 days before the plan's price date 2026-10-10: "
    assert old.message == told + "aws.direct-connect.data-out (831 days, on 2024-07-01)"
    # The first month of the plan does not matter where it has a price date.
    assert named(CLEAN | READ_2024 | {"calendar.start": "2031-01-01"}, "price age") == [old]
    assert "first month 2031-01" in named(DEDICATED | {"calendar.start": "2031-01-01"}, "price age")[0].message


def test_passes_of_one_s_own_were_not_solved_for():
    assert named({}, "passes") and not named({"train.passes": 2}, "passes")
