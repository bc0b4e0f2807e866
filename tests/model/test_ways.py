"""Representations read along routes of their own: each leg priced where it starts, tiers shared on one route."""

from __future__ import annotations

import pytest

from vidcost_xl.analysis.barrier import barrier
from vidcost_xl.errors import BadArgumentError, NotInBookError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.checks import check
from vidcost_xl.model.files import preset

RAW, FEATURES = "representation.1.", "representation.2."

#: GB of 2^30 bytes in the article's 5 PB.
GB = 5e15 / 2**30

READ_TOO = {RAW + "read_share": 1.0, "train.experiments": 1.0}
#: Raw video in Frankfurt, features in Oregon; the GPUs are in Iowa, at Google, so both leave over the internet.
IOWA = READ_TOO | {
    RAW + "class": "aws.s3.standard@Frankfurt",
    RAW + "route": "aws.internet@Frankfurt",
    FEATURES + "class": "aws.s3.standard@us-west-2",
    FEATURES + "route": "aws.internet@us-west-2",
}


def bill_of(inputs):
    return evaluate(preset("article").with_overrides(inputs.items()))


def month(bill, line):
    return float(bill.line(line).effective[0, 0])


def internet(gb):
    """AWS to the internet, Frankfurt and Oregon alike: 0.09 to 10 TB, 0.085 to 50, 0.07 to 150, then 0.05 a GB."""
    return 10_240 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 + (gb - 100 - 153_600) * 0.05


def test_raw_in_frankfurt_and_features_in_oregon_each_pay_the_tiers_of_their_region():
    bill = bill_of(IOWA)
    for name, region in (("raw", "eu-central-1"), ("features", "us-west-2")):
        line = f"train.{name}.transfer.aws.transfer.internet-out@{region}"
        assert month(bill, line) == pytest.approx(internet(GB), abs=1e-6)
    # GET requests of a billion videos: 0.00043 a thousand in Frankfurt, 0.0004 in Oregon.
    assert month(bill, "train.raw.gets.aws.s3.standard.get@eu-central-1") == pytest.approx(430)
    assert month(bill, "train.features.gets.aws.s3.standard.get@us-west-2") == pytest.approx(400)


def test_two_representations_on_one_route_share_its_tiers_by_their_bytes():
    own = {RAW + "route": "aws.internet", FEATURES + "route": "aws.internet"}
    bill = bill_of(READ_TOO | {RAW + "read_share": 0.5} | own)
    raw, features = (month(bill, f"train.{name}.transfer.aws.transfer.internet-out") for name in ("raw", "features"))
    assert raw + features == pytest.approx(internet(1.5 * GB), abs=1e-6)
    assert features == pytest.approx(2 * raw)


def test_a_route_of_its_own_that_is_the_plans_changes_nothing():
    plain, own = bill_of(READ_TOO), bill_of(READ_TOO | {FEATURES + "route": "aws.internet"})
    assert own.total.tolist() == plain.total.tolist()


def test_raw_on_r2_leaves_free_and_features_on_cloud_storage_by_its_tiers():
    bill = bill_of(
        READ_TOO
        | {RAW + "class": "r2.standard", RAW + "route": "r2.internet"}
        | {FEATURES + "class": "gcp.gcs.standard", FEATURES + "route": "gcp.internet"}
    )
    # Google: 0.12 a GiB to 10 TiB, 0.11 to 150 TiB, then 0.08.
    google = 10_240 * 0.12 + 143_360 * 0.11 + (GB - 153_600) * 0.08
    assert month(bill, "train.features.transfer.gcp.transfer.internet-out") == pytest.approx(google, abs=1e-6)
    assert month(bill, "train.raw.transfer.r2.transfer.internet-out") == 0


def test_the_copy_is_filled_along_the_same_route_and_shares_its_tiers():
    staged = {"staging.on": "yes", "staging.share": 0.5, "staging.class": "coreweave.hot"}
    bill = bill_of(IOWA | staged)
    # In the first month half is read and, since nothing is in the copy yet, half copied: 5 PB on one meter.
    read = month(bill, "train.features.transfer.aws.transfer.internet-out@us-west-2")
    filled = month(bill, "train.features.fill.transfer.aws.transfer.internet-out@us-west-2")
    assert read == filled == pytest.approx(internet(GB) / 2, abs=1e-6)
    assert not [line for line in bill.charges if line.line.id.startswith("train.staging.fill.")]


def test_free_egress_is_that_of_the_route_and_shared_by_all_that_take_it():
    # Backblaze: three times the bytes stored leave free, then 0.01 a GB of 10^9 bytes. 10 PB stored, 7 passes of 5 PB.
    bill = bill_of(
        {FEATURES + "class": "b2.standard", FEATURES + "route": "b2.internet", RAW + "class": "b2.standard"}
        | {"train.experiments": 7.0}
    )
    line = "train.features.transfer.b2.transfer.internet-out"
    assert month(bill, line) == pytest.approx((35e6 - 30e6) * 0.01)
    (found,) = [each for each in check(bill) if each.name == "policy"]
    assert (found.subject, found.value, found.limit) == (FEATURES + "route", 3.5, 3.0)
    shared = bill_of(
        {FEATURES + "class": "b2.standard", FEATURES + "route": "b2.internet"}
        | {RAW + "class": "b2.standard", RAW + "route": "b2.internet", RAW + "read_share": 1.0}
        | {"train.experiments": 4.0}
    )
    both = month(shared, line) + month(shared, line.replace("features", "raw"))
    assert both == pytest.approx((40e6 - 30e6) * 0.01)


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        (
            {FEATURES + "route": "aws.internet@Frankfurt"},
            r"representation.2.route 'aws.internet@eu-central-1' does not start where features is stored "
            r"\(representation.2.class is aws.s3.standard@us-west-2\)",
        ),
        ({FEATURES + "route": ""}, "train.route 'aws.internet' does not start where features is stored"),
        ({RAW + "route": "gcp.internet"}, "representation.1.route 'gcp.internet' does not start where raw is stored"),
    ],
)
def test_a_route_that_does_not_start_where_the_bytes_are_is_refused(inputs, reason):
    with pytest.raises(BadArgumentError, match=reason):
        bill_of(IOWA | inputs)


def test_a_representation_that_is_not_read_needs_no_route():
    assert bill_of(IOWA | {RAW + "read_share": 0.0, RAW + "route": ""}).total.all()


def test_the_barrier_shows_the_first_representations_own_route_and_places_have_their_own():
    found = {outcome.id: outcome for outcome in barrier(bill_of(IOWA))}
    assert found["plan"].route == "aws.internet@eu-central-1"
    plain = {outcome.id: outcome for outcome in barrier(bill_of(READ_TOO))}
    for provider in ("aws", "gcp", "r2"):
        assert found[provider].months.tolist() == pytest.approx(plain[provider].months.tolist())


def test_a_region_beside_the_class_is_the_one_behind_it():
    beside = {
        RAW + "class": "aws.s3.standard",
        RAW + "region": "EU (Frankfurt)",
        FEATURES + "class": "aws.s3.standard@us-west-2",
        FEATURES + "region": "Oregon",
        FEATURES + "second_class": "aws.s3.standard-ia",
        FEATURES + "second_share": 0.5,
    }
    behind = {FEATURES + "second_class": "aws.s3.standard-ia@us-west-2", FEATURES + "second_share": 0.5}
    bill, other = bill_of(IOWA | beside), bill_of(IOWA | behind)
    assert [charge.line.id for charge in bill.charges] == [charge.line.id for charge in other.charges]
    assert bill.total.tolist() == other.total.tolist()
    assert bill.plan.values[RAW + "region"] == "eu-central-1"
    assert bill.plan.values[RAW + "class"] == "aws.s3.standard"


def test_the_default_region_by_name_is_the_default_region():
    named = bill_of({RAW + "region": "N. Virginia", FEATURES + "region": "us-east-1"})
    assert named.total.tolist() == bill_of({}).total.tolist()


@pytest.mark.parametrize(
    ("inputs", "error", "reason"),
    [
        (
            {RAW + "region": "Oregon"},
            BadArgumentError,
            "representation.1.region is 'us-west-2', and representation.1.class is 'aws.s3.standard@eu-central-1'",
        ),
        (
            {FEATURES + "region": "Oregon", FEATURES + "second_class": "aws.s3.standard-ia@eu-west-1"},
            BadArgumentError,
            "and representation.2.second_class is 'aws.s3.standard-ia@eu-west-1': write the region once",
        ),
        ({RAW + "region": "europe-west1"}, NotInBookError, "representation.1.region: region of Amazon .* eu-west-1"),
        ({RAW + "region": "nonsense"}, NotInBookError, "representation.1.region .* is 'nonsense'; allowed: a region"),
        ({"train.region": "gcp@nonsense"}, NotInBookError, "train.region .* is 'gcp@nonsense'; allowed: a region"),
        ({"train.region": "Iowa"}, NotInBookError, "train.region: region of Amazon Web Services 'Iowa' is not known"),
    ],
)
def test_a_region_that_does_not_fit_is_refused(inputs, error, reason):
    with pytest.raises(error, match=reason):
        bill_of(IOWA | inputs)


STAGED = {"staging.on": "yes", "staging.share": 0.5}
#: Everything in Frankfurt, read inside it.
INSIDE = READ_TOO | {
    RAW + "region": "Frankfurt",
    FEATURES + "region": "Frankfurt",
    "train.route": "aws.same-region@eu-central-1",
    "staging.fill_route": "aws.same-region@eu-central-1",
    "staging.class": "aws.s3.express-one-zone",
}


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        (
            {"train.region": "Oregon"},
            "train.route 'aws.same-region@eu-central-1' ends in aws@eu-central-1, and the GPUs are in aws@us-west-2",
        ),
        ({"train.region": "gcp@Iowa"}, r"and the GPUs are in gcp \(train.region\)"),
        (
            {FEATURES + "route": "aws.cross-region@eu-central-1>us-west-2"},
            r"representation.2.route .* ends in aws@us-west-2, and the GPUs are in aws@eu-central-1 \(train.route\)",
        ),
        (
            STAGED | {"staging.region": "Oregon"},
            r"staging.fill_route .* ends in aws@eu-central-1, and the copy is in aws@us-west-2 \(staging.class is",
        ),
        (STAGED, r"ends in aws@eu-central-1, and the copy is in aws \("),
    ],
)
def test_what_would_be_read_between_two_places_free_of_charge_is_refused(inputs, reason):
    with pytest.raises(BadArgumentError, match=reason):
        bill_of(INSIDE | inputs)


def test_what_ends_where_the_gpus_are_is_taken_and_what_leaves_a_provider_ends_anywhere():
    inside = bill_of(INSIDE | {"train.region": "Frankfurt"})
    assert month(inside, "train.raw.transfer.aws.transfer.s3-same-region@eu-central-1") == 0
    assert bill_of(IOWA | {"train.region": "gcp@Iowa"}).total.tolist() == bill_of(IOWA).total.tolist()
