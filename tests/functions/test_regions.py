"""Prices in the regions of the providers: the argument region, and the region behind a class, route or meter.

The prices in the comments are those of the providers' lists as the book's sources print them; GB, GiB: 2^30 bytes.
"""

from __future__ import annotations

import pytest

from vidcost_xl.errors import ExcelError, NotInBookError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.storage import VIDEO_STORAGE
from vidcost_xl.functions.transfer import VIDEO_EGRESS
from vidcost_xl.functions.values import OMITTED
from vidcost_xl.model.files import preset
from vidcost_xl.prices.book import price_book

GIB = 2**30

#: GB in 200 TB beyond the free 100 GB: 200e12 / 2^30 = 186,264.515, less 100; beyond 153,600 they are 32,564.515.
LAST = 200e12 / GIB - 100 - 153_600

# Price of each GB to 10 TB, 50 TB, 150 TB and beyond: what the feed of data transfer of 2026-08-31 lists.
AWS_EGRESS = {
    "us-east-2": (0.09, 0.085, 0.07, 0.05),
    "eu-west-1": (0.09, 0.085, 0.07, 0.05),
    "eu-central-1": (0.09, 0.085, 0.07, 0.05),
    "ap-northeast-1": (0.114, 0.089, 0.086, 0.084),
    "ap-southeast-1": (0.12, 0.085, 0.082, 0.08),
    "ap-southeast-2": (0.114, 0.098, 0.094, 0.092),
    "ap-northeast-2": (0.126, 0.122, 0.117, 0.108),
    "ap-south-1": (0.1093, 0.085, 0.082, 0.08),
    "sa-east-1": (0.15, 0.138, 0.126, 0.114),
    "af-south-1": (0.154, 0.147, 0.126, 0.112),
}


@pytest.mark.parametrize(("region", "rates"), AWS_EGRESS.items())
def test_egress_from_a_region_of_aws_is_priced_by_its_own_tiers(region: str, rates: tuple[float, ...]) -> None:
    expected = 10_240 * rates[0] + 40_960 * rates[1] + 102_400 * rates[2] + LAST * rates[3]
    assert call("VIDEO_EGRESS", [200.0, "TB", "aws.internet", OMITTED, region]) == pytest.approx(expected, abs=1e-6)
    assert call("VIDEO_EGRESS", [200.0, "TB", f"aws.internet@{region}"]) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("provider", "route", "storage", "count"),
    [
        ("aws", "aws.internet", "aws.s3.standard", 21),
        ("azure", "azure.internet", "azure.blob.hot-lrs", 8),
        ("gcp", "gcp.internet", "gcp.gcs.standard", 10),
    ],
)
def test_so_many_regions_answer(provider: str, route: str, storage: str, count: int) -> None:
    moved, kept = set(), set()
    for region in price_book().providers[provider].regions:
        if isinstance(call("VIDEO_EGRESS", [200.0, "TB", route, OMITTED, region]), float):
            moved.add(region)
        if isinstance(call("VIDEO_STORAGE", [200.0, "TB", f"{storage}@{region}"]), float):
            kept.add(region)
    assert len(moved & kept) >= count, sorted(moved & kept)


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        # 100 GB x 0.0245 in Frankfurt, 0.025 in Tokyo and Singapore.
        ("VIDEO_STORAGE", [100.0, "GiB", "aws.s3.standard@Frankfurt"], 2.45),
        ("VIDEO_STORAGE", [100.0, "GiB", "S3 Standard@Asia Pacific (Tokyo)"], 2.50),
        # A million PUT at 0.0054 and GET at 0.00043 a thousand in Frankfurt.
        ("VIDEO_REQUESTS", [1e6, "put", "aws.s3.standard@eu-central-1"], 5.40),
        ("VIDEO_REQUESTS", [1e6, "get", "aws.s3.standard@eu-central-1"], 0.43),
        # The archive of Sao Paulo is 0.0032 a GB, not the staging rate of 0.0405.
        ("VIDEO_STORAGE", [1000.0, "GiB", "aws.s3.glacier-deep-archive@sa-east-1"], 3.20),
        ("VIDEO_RETRIEVAL", [100.0, "GiB", "aws.s3.glacier-instant@eu-west-2"], 3.00),
        # NAT in Frankfurt is 0.052 a GB; what comes in, and the gateway endpoint, are free.
        ("VIDEO_INGEST", [1000.0, "GiB", "aws.nat@eu-central-1"], 52.00),
        # Inside a region the bytes are free everywhere.
        ("VIDEO_EGRESS", [1000.0, "GiB", "aws.same-region@ap-south-1"], 0.0),
        # From Frankfurt to Oregon 0.02 a GB, from Sao Paulo 0.138.
        ("VIDEO_EGRESS", [1000.0, "GiB", "aws.cross-region@eu-central-1>us-west-2"], 20.0),
        ("VIDEO_EGRESS", [1000.0, "GiB", "aws.cross-region@sa-east-1"], 138.0),
        # Edges in India: 1 TB free, then 0.109 to 10 TB.
        ("VIDEO_EGRESS", [2048.0, "GiB", "aws.cloudfront@edge-india"], 1024 * 0.109),
        # Azure zone 1: 100 GB free, then 0.087; zone 2: 0.12.
        ("VIDEO_EGRESS", [1100.0, "GiB", "azure.internet@westeurope"], 87.0),
        ("VIDEO_EGRESS", [1100.0, "GiB", "azure.internet@Southeast Asia"], 120.0),
        # 10,000 writes are 0.054 in West Europe.
        ("VIDEO_REQUESTS", [1e6, "put", "azure.blob.hot-lrs@westeurope"], 5.40),
        ("VIDEO_STORAGE", [100.0, "GiB", "azure.blob.hot-lrs@UK South"], 1.92),
        # 0.023 a GiB-month in Frankfurt and Tokyo, 0.026 in the multi-region EU.
        ("VIDEO_STORAGE", [100.0, "GiB", "gcp.gcs.standard@Frankfurt"], 2.30),
        ("VIDEO_STORAGE", [100.0, "GiB", "gcp.gcs.standard@eu"], 2.60),
        ("VIDEO_RATE", ["aws.s3.standard.storage@Frankfurt"], 0.0245),
    ],
)
def test_a_price_of_a_region_by_hand(function: str, arguments: list[object], expected: float) -> None:
    assert call(function, arguments) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_an_experiment_reads_from_the_region_of_its_route() -> None:
    # 1,000 GB: 900 beyond the free 100 at 0.15, and 200,000 GET at 0.00056 a thousand (objects of 5 GiB / 1000).
    expected = 900 * 0.15 + 200_000 * 5.6e-07
    arguments = [1000.0, "GiB", 1.0, 1.0, "aws.internet@sa-east-1", GIB / 200 / 1e6]
    assert call("VIDEO_EXPERIMENT", arguments) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    "region", ["eu-central-1", "Frankfurt", "EU (Frankfurt)", "europe (frankfurt)", "eu central 1"]
)
def test_a_region_is_found_by_its_written_names(region: str) -> None:
    assert call("VIDEO_RATE", ["aws.s3.standard.storage", OMITTED, OMITTED, region]) == 0.0245


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        ([1.0, "TB", "aws.internet@eu-west-1", OMITTED, "eu-west-2"], "#VALUE!", "write the region once"),
        ([1.0, "TB", "aws.internet@us-east-1", OMITTED, "eu-west-2"], "#VALUE!", "us-east-1 and region 'eu-west-2'"),
        ([1.0, "TB", "aws.internet@"], "#VALUE!", "ends with @"),
        ([1.0, "TB", "aws.internet@eu-west-1>eu-west-2"], "#VALUE!", "does not lead from a region"),
        ([1.0, "TB", "aws.cross-region@eu-west-1>Ireland"], "#VALUE!", "not to itself"),
        ([1.0, "TB", "aws.cross-region@eu-west-1>mars"], "#N/A", "mars"),
        ([1.0, "TB", "aws.internet@eu-west-9"], "#N/A", "eu-west-1"),
        ([1.0, "TB", "aws.cloudfront@eu-west-1"], "#N/A", "edge-eu"),
        ([1.0, "TB", "azure.internet@uksouth"], "#N/A", "westeurope"),
    ],
)
def test_a_region_that_cannot_be_meant_is_refused_with_its_reason(
    arguments: list[object], code: str, reason: str
) -> None:
    result = call("VIDEO_EGRESS", arguments)
    assert isinstance(result, ExcelError)
    assert result.code == code
    assert reason in result.message


def test_the_same_region_twice_is_one_region() -> None:
    assert call("VIDEO_EGRESS", [1.0, "TB", "aws.internet@Tokyo", OMITTED, "ap-northeast-1"]) == call(
        "VIDEO_EGRESS", [1.0, "TB", "aws.internet@ap-northeast-1"]
    )


def test_a_private_rate_of_a_region_holds_there_alone() -> None:
    rates = [["meter", "rate"], ["aws.s3.standard.storage@Frankfurt", 0.01]]
    for region, price in (("eu-central-1", 0.01), ("eu-west-1", 0.023)):
        arguments = [100.0, "GiB", f"aws.s3.standard@{region}", 1.0, *[OMITTED] * 4, rates]
        assert call("VIDEO_STORAGE", arguments) == pytest.approx(100 * price)


def test_the_passport_of_a_regions_price_names_its_own_source() -> None:
    for arguments in (["aws.s3.standard.storage", "eu-central-1"], ["aws.s3.standard.storage@Frankfurt"]):
        table = call("VIDEO_SOURCE", arguments)
        assert table[1][:6] == ["aws.s3.standard.storage", "eu-central-1", 0.0, 51200.0, "GB-month", 0.0245]
        assert "S3 pricing page feed, version 20251022211455" in table[1][11]


def test_the_list_of_regions_says_what_they_are_called() -> None:
    listed = {(row[0], row[1]) for row in call("VIDEO_LIST", ["region"])}
    assert ("eu-central-1", "Amazon Web Services, Europe (Frankfurt)") in listed
    assert ("us-east-1", "Amazon Web Services, US East (N. Virginia), default") in listed
    assert ("europe-west3", "Google Cloud, Frankfurt") in listed


def test_the_worked_example_of_express_one_zone_comes_to_its_published_total() -> None:
    # Amazon S3 FAQ: 10 GB for a month, 1,000,000 PUT and 9,000,000 GET of 10 KB in US East (N. Virginia): $2.58, of it
    # 1.10 storage, 1.13 PUT, 0.27 GET, 0.03 uploaded, 0.05 retrieved.
    place = "aws.s3.express-one-zone@US East (N. Virginia)"
    uploaded, read = 10 * 1e6 / 1_048_576, 10 * 9e6 / 1_048_576
    rate = call("VIDEO_RATE", ["aws.s3.express-one-zone.upload"])
    parts = [
        call("VIDEO_STORAGE", [10.0, "GiB", place]),
        call("VIDEO_REQUESTS", [1e6, "put", place]),
        call("VIDEO_REQUESTS", [9e6, "get", place]),
        uploaded * rate,
        call("VIDEO_RETRIEVAL", [read, "GiB", place]),
    ]
    assert [round(part, 2) for part in parts] == [1.10, 1.13, 0.27, 0.03, 0.05]
    assert round(sum(parts), 2) == 2.58


@pytest.mark.parametrize(
    "route",
    [
        # Another continent; a geography of CloudFront, which no bytes are stored in; a continent nobody read; a
        # dual-region, free to the regions it is made of.
        "aws.cross-region@us-east-1>edge-eu",
        "gcp.cross-region@us-central1>asia-east1",
        "gcp.cross-region@us-central1>southamerica-east1",
        "gcp.cross-region@nam4>us-central1",
        "azure.cross-region@northeurope>eastus",
    ],
)
def test_a_route_is_not_priced_between_regions_that_nobody_read_a_price_of(route):
    result = call("VIDEO_EGRESS", [200.0, "TB", route])
    assert isinstance(result, ExcelError)
    assert result.code in {"#N/A", "#VALUE!"}


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("Frankfrt", "eu-central-1 (Frankfurt)"),
        ("eu-wset-1", "eu-west-1, us-west-1"),
        ("Irland", "eu-west-1 (Ireland)"),
        ("Virginia", "us-east-1 (N. Virginia)"),
    ],
)
def test_a_misspelt_region_names_the_nearest_by_id_and_by_the_name_of_the_place(written, nearest):
    for ask in (
        lambda: VIDEO_EGRESS(1, "TB", "aws.internet", region=written),
        lambda: VIDEO_STORAGE(1, "TB", f"aws.s3.standard@{written}"),
        lambda: preset("article").with_overrides([("representation.1.class", f"aws.s3.standard@{written}")]),
        lambda: preset("article").with_overrides([("representation.1.region", written)]),
    ):
        with pytest.raises(NotInBookError) as refused:
            ask()
        assert f"Nearest: {nearest}" in refused.value.message
