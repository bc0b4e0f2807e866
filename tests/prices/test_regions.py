"""Regions with a file of their own: found, read when asked for, and priced nowhere else's price."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from vidcost_xl.errors import NotInBookError
from vidcost_xl.prices.book import PriceBook, price_book
from vidcost_xl.prices.reading import read_price_folder

MADRID = """
[region]
provider = "aws"
id = "eu-south-2"
names = ["Europe (Spain)", "Spain", "Aragón"]

[sources.list]
title = "AWS Price List, AmazonS3 offer, eu-south-2"
kind = "provider price list"
read_on = 2026-10-01

[[price]]
meter = "aws.s3.standard.storage"
valid_from = 2026-10-01
tiers = [{ from = 0, price = 0.025 }, { from = 51200, price = 0.024 }]
source = "list"
read_on = 2026-10-01
confidence = "high"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(str(files("vidcost_xl.prices") / "data"), tmp_path / "data")
    return tmp_path / "data"


def with_file(folder: Path, text: str, name: str = "eu-south-2") -> PriceBook:
    (folder / "aws" / f"{name}.toml").write_text(text, encoding="utf-8")
    return read_price_folder(folder)


def test_a_new_region_is_one_data_file(folder: Path) -> None:
    before = read_price_folder(folder).digest
    book = with_file(folder, MADRID)
    assert "eu-south-2" in book.providers["aws"].regions
    for name in ("eu-south-2", "Spain", "Europe (Spain)", "EU South 2", "aragón"):
        assert book.price("aws.s3.standard.storage", name).price.region == "eu-south-2"
    # 60,000 GB: 51,200 x 0.025 + 8,800 x 0.024 = 1,280 + 211.20.
    assert book.price("aws.s3.standard.storage", "Spain").tariff.charge(60_000) == pytest.approx(1491.20)
    assert book.source(book.price("aws.s3.standard.storage", "Spain"))[1].title.endswith("eu-south-2")
    assert book.digest != before


def test_the_shipped_folder_is_the_price_book(folder: Path) -> None:
    assert read_price_folder(folder).digest == price_book().digest


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('id = "eu-south-2"', 'id = "eu-south-3"', "says that it is 'eu-south-3'"),
        ('provider = "aws"', 'provider = "gcp"', "of 'gcp'"),
        ("aws.s3.standard.storage", "aws.s3.standrd.storage", "does not declare.*standrd"),
        ('source = "list"', 'source = "lost"', "not declared.*lost"),
        ("from = 0, price = 0.025", "from = 1, price = 0.025", "first tier starts at 0"),
        ('meter = "aws', 'region = "eu-south-2"\nmeter = "aws', "do not name a region"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(folder: Path, old: str, new: str, reason: str) -> None:
    book = with_file(folder, MADRID.replace(old, new))
    with pytest.raises(ValueError, match=f"(?s){reason}"):
        book.price("aws.s3.standard.storage", "eu-south-2")


def test_a_region_of_the_providers_own_file_has_no_second_file(folder: Path) -> None:
    with pytest.raises(ValueError, match="us-east-1"):
        with_file(folder, MADRID.replace("eu-south-2", "us-east-1"), "us-east-1")


def test_a_region_is_read_only_when_it_is_asked_for(folder: Path) -> None:
    book = with_file(folder, "not TOML at all")
    assert book.price("aws.s3.standard.storage").price.region == "us-east-1"
    assert book.price("aws.s3.standard.storage", "eu-west-1").price.region == "eu-west-1"
    with pytest.raises(ValueError, match="Expected"):
        book.price("aws.s3.standard.storage", "eu-south-2")


def test_a_meter_without_a_price_in_a_region_takes_none_from_another(folder: Path) -> None:
    book = with_file(folder, MADRID)
    with pytest.raises(NotInBookError, match=r"no price in 'eu-south-2'.*ap-south-1, .*us-east-1"):
        book.price("aws.transfer.internet-out", "Spain")
    # What is free wherever the provider is says so with its own source.
    assert book.price("aws.transfer.s3-same-region", "Spain").price.region == "*"


def test_every_file_of_a_region_holds() -> None:
    book = price_book()
    for provider, regions in book.regional.items():
        for region in regions.ids:
            found = regions.region(region)
            assert found is not None
            assert found.names, (provider, region)
            assert found.prices, (provider, region)
            for meter, prices in found.prices.items():
                for price in prices:
                    assert price.region.partition(">")[0] == region
                    assert book.price(meter, price.region, price.valid_from).price == price


def test_no_two_regions_of_a_provider_share_a_name() -> None:
    book = price_book()
    for provider in book.providers.values():
        for row in book.named_regions(provider):
            for name in (row.id, *row.names):
                assert book.region(provider, name) == row.id
