"""Routes between clouds, partners' ports and file systems beside the GPUs: published examples, and prices by hand."""

from __future__ import annotations

import pytest

from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.values import OMITTED as GAP
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.prices.book import price_book

#: A petabyte in the units of 2^30 bytes that AWS, Azure and Google bill.
PB = 1e15 / 2**30


def hours(meter: str, region: str | None = None) -> float:
    """A month of a port: 730 hours."""
    return float(price_book().price(meter, region).tariff.charge(730.0))


def test_a_month_of_each_published_port() -> None:
    # aws.amazon.com/interconnect/multicloud/pricing: 9,000.90 for the local 10 Gbps, 37,799.40 for the far one.
    assert hours("aws.interconnect.port-10g") == pytest.approx(9_000.90)
    assert hours("aws.interconnect.port-10g-far") == pytest.approx(37_799.40)
    # Both sides of 10 Gbps between us-east-1 and us-east4: 19.00 x 730 beside it, 22,870.90.
    assert hours("aws.interconnect.port-10g") + hours("gcp.partner-interconnect.port-10g", "us-east4") == pytest.approx(
        22_870.90
    )
    assert hours("gcp.partner-interconnect.port-100g", "europe-west3") == pytest.approx(146.60 * 730)
    assert hours("gcp.partner-interconnect.port-10g", "asia-southeast1") == pytest.approx(26.40 * 730)
    assert hours("aws.direct-connect.port-1g") == pytest.approx(219.00)
    assert hours("aws.direct-connect.port-400g") == pytest.approx(85 * 730)
    assert hours("aws.direct-connect.hosted-10g") == pytest.approx(2.48 * 730)


def test_s3_to_google_pays_for_the_endpoint_and_nothing_for_the_link() -> None:
    # 1 PB is 931,322.57 GB, all in the first tier of an interface endpoint; 2 PB pass its bound of 1,048,576 GB.
    assert call("VIDEO_EGRESS", [1.0, "PB", "aws.interconnect-google"]) == pytest.approx(0.01 * PB)
    beyond = 2 * PB - 1_048_576
    assert call("VIDEO_EGRESS", [2.0, "PB", "aws.interconnect-google"]) == pytest.approx(
        1_048_576 * 0.01 + beyond * 0.006
    )


def test_a_region_is_that_of_the_provider_the_route_begins_at() -> None:
    # Google's side has a price wherever it is; Frankfurt is a region of AWS alone.
    behind = call("VIDEO_EGRESS", [1.0, "PB", "aws.interconnect-google@eu-central-1"])
    assert behind == call("VIDEO_EGRESS", [1.0, "PB", "aws.interconnect-google", GAP, "eu-central-1"])
    (endpoint,) = [row for row in call("VIDEO_SOURCE", ["aws.privatelink.data", "eu-central-1"])[1:] if row[2] == 0.0]
    assert behind == pytest.approx(endpoint[5] * PB)
    meters = {row[0]: row[1] for row in call("VIDEO_SOURCE", ["aws.interconnect-google", "eu-central-1"])[1:]}
    assert meters["aws.privatelink.data"] == "eu-central-1"
    assert meters["gcp.partner-interconnect.port-10g"] == "us-central1"


def test_google_to_aws_and_to_an_own_site() -> None:
    assert call("VIDEO_EGRESS", [1.0, "PB", "gcp.partner-interconnect-aws"]) == 0.0
    assert call("VIDEO_EGRESS", [1.0, "PB", "gcp.dedicated-interconnect"]) == pytest.approx(0.02 * PB)
    assert hours("gcp.dedicated-interconnect.port-10g") == pytest.approx(2.328 * 730)


def test_data_transfer_essentials_is_free_in_europe_and_nowhere_else() -> None:
    for region in ("europe-west3", "europe-west2", "eur4"):
        assert call("VIDEO_EGRESS", [1.0, "PB", f"gcp.transfer-essentials@{region}"]) == 0.0
    refused = call("VIDEO_EGRESS", [1.0, "PB", "gcp.transfer-essentials"])
    assert refused.code == "#N/A" and "us-central1" in refused.message and "europe-west3" in refused.message
    before = call("VIDEO_EGRESS", [1.0, "PB", "gcp.transfer-essentials@europe-west3", *[GAP] * 4, "2025-09-09"])
    assert before.code == "#N/A" and "2025-09-10" in before.message


def test_azure_over_the_internet_provider_in_london() -> None:
    # 200,000 GB: 100 free, 10,000 at 0.08, 40,000 at 0.065, 100,000 at 0.06, 49,900 at 0.04.
    by_hand = 10_000 * 0.08 + 40_000 * 0.065 + 100_000 * 0.06 + 49_900 * 0.04
    assert call("VIDEO_EGRESS", [200_000.0, "billed", "azure.isp-internet@uksouth"]) == pytest.approx(by_hand)


def test_the_example_of_the_parallelstore_page() -> None:
    # 20,000 GiB in us-central1: 20,000 x 0.0001917808 x 730 = 2,799.99 a month.
    assert call("VIDEO_STORAGE", [20_000.0, "GiB", "gcp.parallelstore"]) == pytest.approx(2_799.99, abs=0.01)


def test_the_example_of_lambda_s_billing_page() -> None:
    assert call("VIDEO_STORAGE", [1_000.0, "GiB", "lambda.filesystem"]) == pytest.approx(200.00)


def test_file_systems_beside_the_gpus_by_hand() -> None:
    # 100 TiB are 102,400 GB of AWS: 0.145 to 0.60; 0.794 in Frankfurt for the fastest.
    for name, price in ((125, 0.145), (250, 0.21), (500, 0.34), (1000, 0.60)):
        assert call("VIDEO_STORAGE", [100.0, "TiB", f"aws.fsx.lustre-{name}"]) == pytest.approx(102_400 * price)
    assert call("VIDEO_STORAGE", [100.0, "TiB", "aws.fsx.lustre-1000@eu-central-1"]) == pytest.approx(102_400 * 0.794)
    # Hot ZRS: 51,200 x 0.026 + 51,200 x 0.02496.
    assert call("VIDEO_STORAGE", [100.0, "TiB", "azure.blob.hot-zrs"]) == pytest.approx(51_200 * (0.026 + 0.02496))


def test_a_plan_over_the_interconnect_with_a_copy_on_lustre() -> None:
    """50 PB a month are 46,566,128.73 GB through the endpoint; 16 ports of 10 Gbit/s carry them."""
    gb = 50 * PB
    plan = preset("article").with_overrides(
        [
            ("train.route", "aws.interconnect-google"),
            ("train.ports", 16),
            ("train.port_meter", "aws.interconnect.port-10g"),
        ]
    )
    bill = evaluate(plan)
    moved = sum(charge.effective for charge in bill.charges if charge.line.meter == "aws.privatelink.data")
    tiers = 1_048_576 * 0.01 + (5_242_880 - 1_048_576) * 0.006 + (gb - 5_242_880) * 0.004
    assert float(moved[0, 0]) == pytest.approx(tiers, rel=1e-9)
    ports = sum(charge.effective for charge in bill.charges if charge.line.meter == "aws.interconnect.port-10g")
    assert float(ports[0, 0]) == pytest.approx(16 * 12.33 * 730)
    free = [charge for charge in bill.charges if charge.line.meter == "gcp.partner-interconnect.data"]
    assert free and not any(charge.effective.any() for charge in free)
