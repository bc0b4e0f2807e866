"""A plan whose classes and routes stand in regions: pools, origins, rates, exports."""

from __future__ import annotations

import numpy as np
import pytest

from vidcost_xl.analysis.barrier import barrier
from vidcost_xl.errors import BadArgumentError, NotInBookError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.checks import check
from vidcost_xl.model.files import preset
from vidcost_xl.model.focus import to_focus
from vidcost_xl.prices.book import price_book

RAW, FEATURES = "representation.1.class", "representation.2.class"
FRANKFURT = ((FEATURES, "aws.s3.standard@Frankfurt"), ("train.route", "aws.internet@eu-central-1"))
GB = 5e15 / 2**30


def bill_of(*inputs):
    return evaluate(preset("article").with_overrides(inputs))


def test_each_region_has_a_pool_of_its_own():
    # 5 PB in Virginia and 5 PB in Frankfurt: both pass through the dear first tiers.
    bill = bill_of(*FRANKFURT)
    virginia = 51_200 * 0.023 + 460_800 * 0.022 + (GB - 512_000) * 0.021
    frankfurt = 51_200 * 0.0245 + 460_800 * 0.0235 + (GB - 512_000) * 0.0225
    assert float(bill.line("store.raw").effective[0, 0]) == pytest.approx(virginia, abs=1e-6)
    assert float(bill.line("store.features").effective[0, 0]) == pytest.approx(frankfurt, abs=1e-6)


def test_the_default_region_by_name_is_the_default_region():
    assert preset("article").with_overrides([(RAW, "S3 Standard@N. Virginia")]).text(RAW) == "aws.s3.standard"


@pytest.mark.parametrize(
    ("inputs", "error", "reason"),
    [
        (FRANKFURT[:1], BadArgumentError, r"train.route 'aws.internet' does not start where features is stored"),
        (FRANKFURT[1:], BadArgumentError, r"'aws.internet@eu-central-1' does not start where features is stored"),
        (((FEATURES, "aws.s3.standard@eu-central-9"),), NotInBookError, "eu-central-1"),
        (
            ((FEATURES, "aws.s3.express-one-zone@Paris"), ("train.route", "aws.internet@Paris")),
            NotInBookError,
            "eu-west-3",
        ),
    ],
)
def test_what_has_no_price_in_a_region_is_an_error_and_never_another_regions_price(inputs, error, reason):
    with pytest.raises(error, match=reason):
        bill_of(*inputs)


def test_requests_of_all_regions_reach_the_key_service_as_one_with_its_free_requests_once():
    # Ten passes read a billion objects; half of the requests at 0.03 for 10,000, 20,000 of them free across regions.
    bill = bill_of(*FRANKFURT, ("requests.kms_share", 0.5))
    assert float(bill.line("train.kms").effective[0, 0]) == pytest.approx((10e9 / 2 - 20_000) * 3e-6)
    # In month 3 a billion videos are read in Virginia, too, to be encoded.
    over = "aws.cross-region@us-east-1>eu-central-1"
    encoded = (("encode.on", "yes"), ("encode.route", over), ("representation.2.version_months", 2))
    both = bill_of(*FRANKFURT, ("requests.kms_share", 0.5), *encoded)
    assert both.line("train.kms").effective[1:4, 0] == pytest.approx([14_999.94, (5.5e9 - 20_000) * 3e-6, 14_999.94])


def test_what_is_free_once_an_account_and_counted_in_two_regions_is_said_with_its_most():
    # 100 GB leave free from Frankfurt, and 100 GB from Virginia, where raw is encoded by GPUs elsewhere: 100 x 0.09.
    encoded = (("encode.on", "yes"), ("encode.route", "aws.internet"), ("representation.2.version_months", 2))
    (found,) = [each for each in check(bill_of(*FRANKFURT, *encoded)) if each.name == "free quantity"]
    assert (found.subject, found.value) == ("aws.transfer.internet-out", pytest.approx(9.00))
    assert "in each of 2 regions: at most $9.00 a month too low" in found.message
    assert not [each for each in check(bill_of(*FRANKFURT)) if each.name == "free quantity"]
    rated = (*FRANKFURT, *encoded, ("rate.aws.transfer.internet-out", 0.03))
    assert not [each for each in check(bill_of(*rated)) if each.name == "free quantity"]


def test_a_private_rate_holds_in_every_region_and_is_found_used():
    bill = bill_of(*FRANKFURT, ("rate.aws.s3.standard.storage", 0.01))
    assert float(bill.line("store.features").effective[0, 0]) == pytest.approx(GB * 0.01)
    assert not [found for found in check(bill) if found.name == "private rate"]


def test_focus_rows_name_the_region_and_its_sku():
    table = to_focus(bill_of(*FRANKFURT))
    rows = table[table["ChargeDescription"].str.startswith("features in")]
    assert set(rows["RegionId"]) == {"eu-central-1"}
    assert set(rows["SkuMeter"]) == {"aws.s3.standard.storage@eu-central-1"}
    assert set(rows["ServiceCategory"]) == {"Storage"}
    assert set(rows["SkuId"]) == {"NRYRNCXF5TWHB476"}


def test_focus_rows_between_two_ends_name_the_region_in_which_they_begin():
    between = (
        (FEATURES, "gcp.gcs.standard@europe-west4"),
        ("train.route", "gcp.cross-region@europe-west4>us-central1"),
    )
    table = to_focus(bill_of(*between))
    moved = table[table["SkuMeter"] == "gcp.transfer.inter-region@europe-west4>us-central1"]
    assert set(moved["RegionId"]) == {"europe-west4"}
    assert set(to_focus(bill_of())["RegionId"]) == {"us-east-1"}


OREGON = "aws.s3.standard@us-west-2"


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"exit.month": 12, "exit.route": "aws.internet@eu-central-1"}, "leaves one region, and raw is stored"),
        ({"exit.month": 12, "exit.route": "aws.internet"}, "leaves one region, and features is stored in another"),
        ({"encode.on": "yes", "encode.route": "aws.same-region"}, "features made in aws, and it is stored in another"),
        ({RAW: OREGON, "acquire.on": "yes", "acquire.route": "aws.nat"}, "'aws.nat' does not end where raw is stored"),
    ],
)
def test_what_moves_between_regions_without_a_price_is_refused(inputs, reason):
    with pytest.raises(BadArgumentError, match=reason):
        bill_of(*FRANKFURT, *inputs.items())


def test_encoding_where_the_result_is_stored_is_taken():
    over = "aws.cross-region@us-east-1>eu-central-1"
    bill = bill_of(*FRANKFURT, ("encode.on", "yes"), ("encode.route", over))
    assert np.isfinite(bill.total).all()


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("aws.s3.standard", "aws"),
        ("aws.s3.standard@us-east-1", "aws"),
        ("aws.cross-region@us-east-1>us-west-2", "aws"),
        ("aws.cross-region@us-west-2>us-east-1", "aws@us-west-2"),
    ],
)
def test_the_default_region_is_one_place_however_it_is_written(written, place):
    assert price_book().place_of(written) == place


def test_the_barrier_names_the_region_that_a_provider_is_priced_in():
    # Beside a plan in Frankfurt, too, it is Virginia that is priced.
    assert {outcome.id: outcome.label for outcome in barrier(bill_of(*FRANKFURT))}["aws"].endswith(", us-east-1")
