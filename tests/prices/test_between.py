"""Prices that depend on both ends of a way: by pair of regions, or of geographies."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import BadArgumentError, ExcelError, NotInBookError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.values import OMITTED
from vidcost_xl.prices.book import layered, price_book
from vidcost_xl.prices.reading import read_price_files

TERABYTE_IN_GIB = 1e12 / 2**30

#: The route, dollars per billing unit of 2^30 bytes, and where its price is from.
PAIRS = [
    # Amazon S3 pricing page, quoted 2026-08-08: N. Virginia to Ohio is $0.01 per GB; infracost 2024 has it both ways.
    ("aws.cross-region@us-east-1>us-east-2", 0.01, "us-east-1>us-east-2"),
    ("aws.cross-region@us-east-2>us-east-1", 0.01, "us-east-2>us-east-1"),
    ("aws.cross-region@Ohio>N. Virginia", 0.01, "us-east-2>us-east-1"),
    # To anywhere else, AWSDataTransfer offer of 2026-09-16 and infracost 2024.
    ("aws.cross-region@us-east-1>us-west-2", 0.02, "us-east-1"),
    ("aws.cross-region@us-east-2>eu-west-1", 0.02, "us-east-2"),
    ("aws.cross-region@sa-east-1>us-east-1", 0.138, "sa-east-1"),
    ("aws.cross-region", 0.02, "us-east-1"),
    # Google: within Northern America and Europe 0.02; Northern America and Europe 0.05 (notes of 2026-01-22); by SKU
    # within Asia and Europe to Asia 0.08, Oceania 0.10.
    ("gcp.cross-region@us-west1>us-central1", 0.02, "north-america>north-america"),
    ("gcp.cross-region@us>us-east4", 0.02, "north-america>north-america"),
    ("gcp.cross-region@europe-west1>europe-west4", 0.02, "europe>europe"),
    ("gcp.cross-region@europe-west4>us-central1", 0.05, "europe>north-america"),
    ("gcp.cross-region@us-central1>europe-west3", 0.05, "north-america>europe"),
    ("gcp.cross-region@asia-northeast1>asia-south1", 0.08, "asia>asia"),
    ("gcp.cross-region@europe-west2>asia-southeast1", 0.08, "europe>asia"),
    ("gcp.cross-region@asia-southeast1>europe-west2", 0.08, "asia>europe"),
    ("gcp.cross-region@australia-southeast1>us-west1", 0.10, "oceania>north-america"),
    ("gcp.cross-region@us-west1>australia-southeast1", 0.10, "north-america>oceania"),
    ("gcp.cross-region@Sydney>Frankfurt", 0.10, "oceania>europe"),
    ("gcp.cross-region@Frankfurt>Sydney", 0.10, "europe>oceania"),
    ("gcp.cross-region@Sydney>Tokyo", 0.10, "oceania>asia"),
    ("gcp.cross-region@Tokyo>Sydney", 0.10, "asia>oceania"),
    ("gcp.cross-region", 0.02, "north-america>north-america"),
    ("gcp.cross-region@Belgium", 0.02, "europe>europe"),
    # Azure: FOCUS sample bill of 2024-09, intra continent, North America 0.02; a guide 0.02 in Europe; Korea 0.08.
    ("azure.cross-region@eastus>westus2", 0.02, "north-america>north-america"),
    ("azure.cross-region@northeurope>westeurope", 0.02, "europe>europe"),
    ("azure.cross-region@koreacentral>japaneast", 0.08, "asia>asia"),
    ("azure.cross-region", 0.02, "north-america>north-america"),
]


@pytest.mark.parametrize(("route", "price", "place"), PAIRS)
def test_a_terabyte_between_two_ends_costs_the_price_of_the_pair(route: str, price: float, place: str) -> None:
    assert call("VIDEO_EGRESS", [1.0, "TB", route]) == pytest.approx(TERABYTE_IN_GIB * price, rel=1e-12)
    (leg,) = price_book().route("egress", route).legs
    assert price_book().price(leg.meter).price.region == place


def test_every_price_between_two_ends_is_tried_here() -> None:
    tried = {(route.partition(".")[0], place) for route, _, place in PAIRS}
    held = {(meter.id.partition(".")[0], row.region) for meter, row in price_book().all_prices() if ">" in row.region}
    assert held <= tried


def test_both_ends_may_stand_in_the_argument_region() -> None:
    beside = call("VIDEO_EXPERIMENT", [1.0, "TB", 1.0, 1.0, "aws.cross-region", 5.0, 0.0, "us-east-1>us-east-2"])
    behind = call("VIDEO_EXPERIMENT", [1.0, "TB", 1.0, 1.0, "aws.cross-region@us-east-1>us-east-2"])
    # 931.3225746 GB at 0.01, and 200,000 GET of 5 MB at 0.0004 per 1,000.
    assert beside == behind == pytest.approx(9.313225746154785 + 0.08)
    assert isinstance(call("VIDEO_EGRESS", [1.0, "TB", "aws.internet", OMITTED, "us-east-1>us-east-2"]), ExcelError)
    rate = call("VIDEO_RATE", ["aws.transfer.inter-region", OMITTED, OMITTED, "us-east-1>us-east-2"])
    assert rate == call("VIDEO_RATE", ["aws.transfer.inter-region@us-east-1>us-east-2"]) == 0.01


def test_a_refusal_names_the_ends_their_geographies_and_what_is_known() -> None:
    with pytest.raises(NotInBookError, match=r"'us-central1' in 'north-america' to 'asia-east1' in 'asia'.*asia>asia"):
        price_book().route("egress", "gcp.cross-region@us-central1>asia-east1")


def test_a_private_rate_of_both_ends_comes_before_that_of_the_region_and_of_all() -> None:
    rows = [["meter", "rate"], *(["aws.transfer.inter-region" + place, rate] for place, rate in RATES)]
    for route, rate in (
        ("@us-east-1>us-east-2", 0.001),
        ("@us-east-1>us-west-2", 0.005),
        ("@eu-west-1>us-east-1", 0.007),
    ):
        arguments = [1.0, "TB", "aws.cross-region" + route, *[OMITTED] * 3, rows]
        assert call("VIDEO_EGRESS", arguments) == pytest.approx(TERABYTE_IN_GIB * rate)


RATES = [("@us-east-1>us-east-2", 0.001), ("@us-east-1", 0.005), ("", 0.007)]

MINE = """
[region]
provider = "aws"
id = "us-east-1"

[sources.contract]
title = "A contract of our own"
kind = "market offer"

[[price]]
meter = "aws.transfer.inter-region"
to = "{to}"
valid_from = 2026-10-01
tiers = [{{ from = 0, price = 0.004 }}]
source = "contract"
confidence = "high"
flags = ["undated"]
"""


def test_a_price_of_the_users_between_two_ends_holds_there_alone(tmp_path) -> None:
    (tmp_path / "aws").mkdir()
    (tmp_path / "aws" / "us-east-1.toml").write_text(MINE.format(to="us-west-2"), encoding="utf-8")
    book = layered(tmp_path)
    prices = {end: book.price(f"aws.transfer.inter-region@us-east-1>{end}").price.tiers[0].price for end in ENDS}
    assert prices == {"us-west-2": 0.004, "us-east-2": 0.01, "eu-west-1": 0.02}
    (tmp_path / "aws" / "us-east-1.toml").write_text(MINE.format(to="us-west-7"), encoding="utf-8")
    with pytest.raises(BadArgumentError, match=r"us-east-1>us-west-7"):
        layered(tmp_path)


ENDS = ("us-west-2", "us-east-2", "eu-west-1")

FILE = """
[provider]
id = "acme"
name = "Acme"
default_region = "north"
regions = ["north", "south"]
geographies = {{ pole = ["north"] }}

[sources.page]
title = "A price page"
kind = "provider page"

[[meter]]
id = "acme.move"
service = "Move"
label = "Bytes moved"
dimension = "transfer"
billing_unit = "GB"
unit_size = 1e9
between_regions = {between}

[[meter.price]]
region = "{place}"
valid_from = 2026-01-01
tiers = [{{ from = 0, price = 0.1 }}]
source = "page"
confidence = "low"
flags = ["undated"]
"""


@pytest.mark.parametrize(
    ("between", "place"), [("true", "north>mars"), ("true", "mars>north"), ("false", "north>south"), ("true", "a>b>c")]
)
def test_a_price_that_no_look_up_between_two_ends_finds_is_refused(between: str, place: str) -> None:
    assert read_price_files([FILE.format(between="true", place="pole>south")]).price("acme.move@north>south")
    with pytest.raises(ValueError, match=f"acme.move {place}"):
        read_price_files([FILE.format(between=between, place=place)])
