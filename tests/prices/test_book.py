"""Looking prices up: by meter, region and day; a miss names what the book holds and is never a price of 0."""

from __future__ import annotations

from datetime import date

import pytest

from vidcost_xl.errors import NotInBookError
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.reading import read_price_files

FILE = """
[provider]
id = "acme"
name = "Acme"
default_region = "north"
regions = ["north", "south"]

[sources.list]
title = "Acme price list"
kind = "provider page"
read_on = 2026-05-01

[[meter]]
id = "acme.disk.storage"
service = "Disk"
label = "Disk"
dimension = "storage"
billing_unit = "GB-hour"
unit_size = 1e9
hours_per_month = 720

[[meter.price]]
region = "north"
valid_from = 2026-05-01
tiers = [{ from = 0, price = 0.0001 }]
source = "list"
read_on = 2026-05-01
confidence = "high"
"""


@pytest.fixture(scope="module")
def book():
    return price_book()


@pytest.mark.parametrize(
    ("meter", "day", "price"),
    [
        # Backblaze B2: 6.00 until 2026-04-30, 6.95 from 2026-05-01 (b2.toml, tariff in force from that day).
        ("b2.standard.storage", date(2026, 4, 30), 6.00),
        ("b2.standard.storage", date(2026, 5, 1), 6.95),
        ("b2.standard.storage", None, 6.95),
        # Wasabi: 6.99 through 2026-06-30, 7.99 from 2026-07-01 (wasabi.toml).
        ("wasabi.hot.storage", date(2026, 6, 30), 6.99),
        ("wasabi.hot.storage", date(2026, 7, 1), 7.99),
        ("wasabi.hot.storage", date(2030, 1, 1), 7.99),
    ],
)
def test_a_day_takes_the_price_in_force_on_it_and_no_day_the_newest(book, meter, day, price):
    assert book.price(meter, None, day).price.tiers[0].price == price


def test_a_day_before_the_first_price_is_a_miss_that_names_the_first_day(book):
    with pytest.raises(NotInBookError, match=r"no price on 2022-12-31.*first holds from 2024-07-16"):
        book.price("b2.standard.storage", None, date(2022, 12, 31))


@pytest.mark.parametrize(
    ("region", "price"),
    [(None, 0.0208), ("eastus", 0.0208), ("us", 0.0184), (" eastus ", 0.0208)],  # azure.toml, first tier
)
def test_a_region_takes_its_own_price_and_no_region_the_providers_default(book, region, price):
    assert book.price("azure.blob.hot-lrs.storage", region).price.tiers[0].price == price


@pytest.mark.parametrize("region", [None, "us-central1", "us-east4"])
def test_a_price_that_holds_everywhere_answers_in_every_region(book, region):
    assert book.price("gcp.transfer.internet-out", region).price.tiers[0].price == 0.12


def test_an_unknown_region_names_the_nearest(book):
    with pytest.raises(NotInBookError, match=r"'us-east-1x'.*Nearest: us-east-1"):
        book.price("aws.s3.standard.storage", "us-east-1x")


def test_a_region_without_a_price_for_the_meter_names_those_that_have_one(book):
    with pytest.raises(NotInBookError, match=r"gcp.gcs.rapid.storage has no price in 'us-east4'.*us-central1"):
        book.price("gcp.gcs.rapid.storage", "us-east4")
    with pytest.raises(
        NotInBookError, match=r"express-one-zone.storage has no price in 'sa-east-1'.*eu-west-1.*us-east-1"
    ):
        book.price("aws.s3.express-one-zone.storage", "sa-east-1")


@pytest.mark.parametrize(
    ("look_up", "near", "hint"),
    [
        (lambda book: book.meter("aws.s3.standrd.storage"), "aws.s3.standard.storage", "meter"),
        (lambda book: book.storage_class("aws.s3.standart"), "aws.s3.standard", "class"),
        (lambda book: book.route("egress", "aws.internett"), "aws.internet", "route"),
        (lambda book: book.route("ingest", "aws.natt"), "aws.nat", "ingest-route"),
    ],
)
def test_an_unknown_name_names_the_nearest_and_where_the_list_is(book, look_up, near, hint):
    with pytest.raises(NotInBookError) as caught:
        look_up(book)
    assert near in caught.value.message.split("Nearest:")[1].split(". ")[0]
    assert f'=VIDEO_LIST("{hint}")' in caught.value.message


def test_an_egress_route_is_not_an_ingest_route(book):
    with pytest.raises(NotInBookError, match=r"ingest route 'aws\.internet'"):
        book.route("ingest", "aws.internet")


def test_an_unknown_provider_is_named(book):
    with pytest.raises(NotInBookError, match=r"provider 'gpc'.*Nearest: gcp"):
        book.provider_of("gpc.gcs.standard")


@pytest.mark.parametrize("name", ["AWS.S3.Standard", " aws.s3.standard "])
def test_names_are_found_in_any_case_and_with_spaces_around(book, name):
    assert book.storage_class(name).id == "aws.s3.standard"


def test_an_hourly_price_is_the_months_and_reads_so():
    priced = read_price_files([FILE]).price("acme.disk.storage")
    assert priced.tariff.charge(1) == pytest.approx(0.072)  # 0.0001 x 720 hours
    assert priced.unit == "GB-month"


def test_a_hundred_gibibytes_on_gcs_cost_the_two_cents_a_month_of_the_page(book):
    # gcp.toml: 2.7397e-05 a GiB-hour x 730 = 0.01999981; 100 of them 2.00 to the cent.
    assert round(book.price("gcp.gcs.standard.storage").tariff.charge(100), 2) == 2.00


def test_the_date_of_the_book_is_its_newest_reading(book):
    newest = max(
        day
        for meter in book.meters.values()
        for price in meter.price
        for day in (price.read_on, price.valid_from)
        if day is not None
    )
    assert book.as_of == newest


def test_the_digest_changes_with_any_change_of_a_file():
    one, other = read_price_files([FILE]), read_price_files([FILE.replace("0.0001", "0.0002")])
    assert one.digest != other.digest
    assert len(one.digest) == 12


def test_a_route_over_a_meter_that_no_file_declares_is_refused():
    route = """
[[route]]
id = "acme.internet"
direction = "egress"
label = "Acme to the internet"
legs = [{ meter = "acme.transfer.out" }]
source = "list"
"""
    with pytest.raises(ValueError, match=r"acme\.transfer\.out"):
        read_price_files([FILE + route])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{ from = 0, price", "{ from = 1, price", "first tier starts at 0"),
        ("price = 0.0001", "price = -0.0001", "greater than or equal to 0"),
        ("price = 0.0001", "price = nan", "finite"),
        ('source = "list"', 'source = "lost"', "not declared"),
        ('region = "north"', 'region = "west"', "undeclared regions"),
        ('confidence = "high"', 'confidence = "sure"', "confidence"),
        ("unit_size = 1e9", "unit_size = 0", "greater than 0"),
        ('label = "Disk"', 'label = "Disk"\nprice_usd = 1', "Extra inputs"),
        ("read_on = 2026-05-01\nconfidence", "confidence", "undated"),
    ],
)
def test_a_price_file_with_a_mistake_is_refused_with_its_reason(old, new, reason):
    assert old in FILE
    with pytest.raises(ValueError, match=reason):
        read_price_files([FILE.replace(old, new)])


@pytest.mark.parametrize(
    ("day", "price"),
    [(date(2025, 9, 15), 0.01), (date(2025, 11, 1), 0.0001), (None, 0.0001), (date(2025, 8, 1), 0.0001)],
)
def test_a_price_that_has_ended_gives_way_to_the_one_before_that_still_holds(day, price):
    lasting = FILE.replace("2026-05-01\ntiers", "2025-05-01\ntiers")
    ended = lasting[lasting.index("[[meter.price]]") :].replace("0.0001", "0.01")
    ended = ended.replace("valid_from = 2025-05-01", "valid_from = 2025-09-01\nvalid_to = 2025-10-01")
    found = read_price_files([lasting + ended]).price("acme.disk.storage", "north", day)
    assert found.price.tiers[0].price == price
