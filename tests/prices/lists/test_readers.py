"""Each form of list gives exactly the prices that stand in it; numbers are typed from the lists' own sentences.

The extracts that ship with the tests are described in ../extracts/README.md; the whole files are read where they exist.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.prices.book import shipped_book
from vidcost_xl.prices.lists.matching import match
from vidcost_xl.prices.lists.reading import open_list
from vidcost_xl.prices.lists.rules import rules_of

EXTRACTS = Path(__file__).parents[1] / "extracts"
SAMPLES = Path(__file__).parents[4] / "shared" / "samples" / "prices"
LONDON = EXTRACTS / "aws_AmazonS3_eu-west-2_extract_20260831.csv"
TRANSFER = EXTRACTS / "aws_AWSDataTransfer_eu-west-2_extract_20260831.csv"
AZURE = EXTRACTS / "azure_retail_prices_uksouth_extract_202609.json"
GOOGLE = EXTRACTS / "gcp_catalog_london_extract_202608.json"
VIRGINIA = EXTRACTS / "aws_AmazonS3_extract_20260728.json"


def read(path, published=date(2026, 9, 15)):
    with open_list(path) as listed:
        return match(listed, listed.published or published, rules_of(listed.provider), shipped_book())


def offers(path):
    return {(offer.meter.id, offer.region): offer for offer in read(path).offers}


def test_an_offer_of_one_region_in_csv_gives_storage_with_its_tiers_and_requests_by_the_piece():
    found = offers(LONDON)
    assert set(found) == {
        ("aws.s3.standard.storage", "eu-west-2"),
        ("aws.s3.standard.put", "eu-west-2"),
        ("aws.s3.standard.get", "eu-west-2"),
        ("aws.s3.glacier-flexible.restore.bulk", "eu-west-2"),
    }
    storage = found["aws.s3.standard.storage", "eu-west-2"]
    # $0.024 per GB first 50 TB, $0.023 next 450 TB, $0.022 over 500 TB; 50 TB are 51,200 GB.
    assert storage.tiers == ((0, 0.024), (51200, 0.023), (512000, 0.022))
    assert (storage.sku, storage.valid_from, storage.basis) == ("DV3FSFEQ3QM4J6VP", date(2026, 8, 1), "published")
    # $0.0053 per 1,000 PUT, and $0.0042 per 10,000 GET: not per 1,000.
    assert found["aws.s3.standard.put", "eu-west-2"].tiers == ((0, 0.0000053),)
    assert found["aws.s3.standard.get", "eu-west-2"].tiers == ((0, 0.00000042),)
    assert not any(offer.doubt for offer in found.values())


def test_annotations_are_not_taken_for_the_requests_and_the_storage_whose_group_they_share():
    skus = {offer.sku for offer in read(LONDON).offers}
    assert "8SCQPNWUG2ARU94Q" not in skus
    assert "V529TS7WQDMBA59P" not in skus


def test_a_put_to_glacier_is_not_the_part_of_an_upload_that_shares_its_usage_type(tmp_path):
    # Frankfurt, October 2025: $0.036 for 1,000 PUT, COPY or POST to Glacier, $0.0054 for 1,000 parts.
    rows = [("PUT", "PutObject", "0.0000360000"), ("POST", "PostObject", "0.0000360000")]
    rows += [("PART", "UploadPart", "0.0000054000"), ("BEGIN", "InitiateMultipartUpload", "0.0000054000")]
    *head, table = LONDON.read_text(encoding="utf-8").splitlines()[:6]
    columns = ["SKU", "TermType", "EffectiveDate", "StartingRange", "EndingRange", "Unit", "PricePerUnit", "Currency"]
    columns += ["Region Code", "usageType", "operation"]
    lines = [*head, ",".join(columns)]
    for sku, operation, price in rows:
        fields = [sku, "OnDemand", "2026-08-01", "0", "Inf", "Requests", price, "USD", "eu-central-1"]
        lines.append(",".join([*fields, "EUC1-Requests-GLACIER-Tier1", operation]))
    path = tmp_path / "offer.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert table.startswith('"SKU"')
    ((key, offer),) = offers(path).items()
    assert key == ("aws.s3.glacier-flexible.put", "eu-central-1")
    assert (offer.tiers, offer.doubt) == (((0, 0.000036),), "")


def test_transfer_has_its_own_tiers_the_free_100_gb_and_no_price_of_0_from_the_rows_beside_it():
    found = offers(TRANSFER)
    out = found["aws.transfer.internet-out", "eu-west-2"]
    # 10 TB at $0.090, 40 TB at $0.085, 100 TB at $0.070, then $0.050: 10,240, 51,200 and 153,600 GB.
    assert out.tiers == ((0, 0.09), (10240, 0.085), (51200, 0.07), (153600, 0.05))
    assert (out.allowance.quantity, out.allowance.position) == (100, "before")
    assert out.sku == "QZ73H5RGR5JYYB4D"
    assert set(found) == {("aws.transfer.internet-out", "eu-west-2"), ("aws.transfer.internet-in", "eu-west-2")}
    assert read(TRANSFER).refused == []


def test_an_offer_in_json_gives_the_same_as_the_book_read_from_it():
    found = offers(VIRGINIA)
    assert found["aws.s3.standard.storage", "us-east-1"].tiers == ((0, 0.023), (51200, 0.022), (512000, 0.021))
    assert {offer.sku for offer in found.values()} == {"WP9ANXZGBYYSGJEA", "E9YHNFENF4XQBZR6", "ZWQ6Q48CRJXX4FXE"}


def test_the_staging_of_deep_archive_is_refused_with_its_row_and_its_reason():
    (refused,) = read(VIRGINIA).refused
    assert "EXB3YJ6YV5CRH4JN" in refused
    assert "TimedStorage-GDA-Staging at 0.021 is refused: staging" in refused
    assert "AmazonS3GlacierDeepArchive" in refused


def test_a_page_of_azure_gives_tiers_in_order_and_operations_by_the_piece():
    found = offers(AZURE)
    assert set(found) == {
        ("azure.blob.hot-lrs.storage", "uksouth"),
        ("azure.blob.hot-lrs.put", "uksouth"),
        ("azure.transfer.internet-out", "uksouth"),
    }
    storage = found["azure.blob.hot-lrs.storage", "uksouth"]
    assert storage.tiers == ((0, 0.0192), (51200, 0.018432), (512000, 0.017664))
    assert storage.valid_from == date(2017, 2, 3)
    # 0.059 for 10,000 operations.
    assert found["azure.blob.hot-lrs.put", "uksouth"].tiers == ((0, 0.0000059),)
    # The file has 512,095 before 51,295, and beside it the cheaper route over the public internet.
    out = found["azure.transfer.internet-out", "uksouth"]
    assert out.tiers == ((0, 0), (100, 0.087), (10335, 0.083), (51295, 0.07), (153695, 0.05), (512095, 0.05))
    assert not any(offer.doubt for offer in found.values())


def test_googles_months_become_hours_and_a_dual_region_is_not_its_regions():
    found = offers(GOOGLE)
    # 0.023 and 0.013 for a GiB and a month of 730 hours: 0.023 / 730 = 0.0000315068...
    assert found["gcp.gcs.standard.storage", "europe-west2"].tiers[0][1] == pytest.approx(0.0000315068493, rel=1e-9)
    assert found["gcp.gcs.nearline.storage", "europe-west2"].tiers[0][1] == pytest.approx(0.0000178082192, rel=1e-9)
    assert found["gcp.gcs.standard.storage", "europe-west2"].sku == "BB55-3E5A-405C"
    assert ("gcp.gcs.standard.storage", "europe-west1") not in found


def test_the_bounds_of_googles_months_are_amounts_held_and_not_hours(tmp_path):
    catalogue = json.loads(GOOGLE.read_text(encoding="utf-8"))
    sku = next(sku for sku in catalogue["skus"] if sku["skuId"] == "BB55-3E5A-405C")
    rates = sku["pricingInfo"][0]["pricingExpression"]["tieredRates"]
    rates.append({"startUsageAmount": 1024, "unitPrice": {"currencyCode": "USD", "units": "0", "nanos": 7300000}})
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps(catalogue), encoding="utf-8")
    # 0.0073 a month over 730 hours: 0.00001.
    assert offers(path)["gcp.gcs.standard.storage", "europe-west2"].tiers[1] == (1024, 0.00001)


def test_reservations_and_prices_for_development_are_not_read(tmp_path):
    page = json.loads(AZURE.read_text(encoding="utf-8"))
    item = next(item for item in page["Items"] if item["meterName"] == "Hot LRS Write Operations")
    for other in ("Reservation", "DevTestConsumption"):
        page["Items"].append({**item, "type": other, "retailPrice": 0.01})
    path = tmp_path / "page.json"
    path.write_text(json.dumps(page), encoding="utf-8")
    found = offers(path)["azure.blob.hot-lrs.put", "uksouth"]
    assert (found.tiers, found.doubt) == (((0, 0.0000059),), "")
    path = tmp_path / "offer.csv"
    path.write_text(
        TRANSFER.read_text(encoding="utf-8").replace('"OnDemand","$0.0', '"Reserved","$0.0'), encoding="utf-8"
    )
    with pytest.raises(BadArgumentError, match="none of its 1 rows"):
        offers(path)


def test_a_sku_of_googles_that_is_global_holds_in_every_region_of_the_book_and_of_the_list_and_in_no_multi_region():
    found = {region for meter, region in offers(GOOGLE) if meter == "gcp.gcs.standard.put"}
    assert {"us-central1", "us-east4", "europe-west2"} <= found
    assert not {"eu", "us", "asia", "nam4", "eur4"} & found


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the whole files are not part of the repository")
@pytest.mark.parametrize(
    ("name", "skus"),
    [
        (
            "regions/aws_AmazonS3_eu-west-2_offer_20260831.csv",
            "3D99223WSVTX96UP CXT6934AJ2W6U8P9 DV3FSFEQ3QM4J6VP KF6P9DHJVYBPU5E2 TQ5A427P8BAECEDF",
        ),
        (
            "regions/aws_AWSDataTransfer_eu-west-2_offer_20260831.csv",
            "4JSKH8FSN5ASHQPW QZ73H5RGR5JYYB4D U7M39C97M5XGPWHJ",
        ),
        (
            "aws_AmazonS3_us-east-1_fragment_20260728.json",
            "WP9ANXZGBYYSGJEA E9YHNFENF4XQBZR6 ZWQ6Q48CRJXX4FXE 82TFRVR9729PGTNP 379GYJUQ5WFBUYGM WDAC2WRXVNRSNQS6",
        ),
        (
            "regions/azure_retail_prices_uksouth_storage_bandwidth_202609.json",
            "fb272fe6-d4bb-480a-9a88-ee04982015ad 21b293cd-60dc-418f-9b98-2b452ed0de09 "
            "758b46f1-1579-4490-a54a-9829ff267c51 6196d4b3-8056-4d9c-bf78-3793461a8fbb "
            "9995d93a-7d35-4d3f-9c69-7a7fea447ef4",
        ),
        (
            "regions/gcp_catalog_shaped_skus_london.json",
            "BB55-3E5A-405C 3C81-A91C-A94F 4DBF-185F-A415 7870-010B-2763 22EB-AAE8-FBCD",
        ),
    ],
)
def test_a_whole_sample_gives_exactly_the_products_of_it_that_the_book_prices(name, skus):
    assert {offer.sku for offer in read(SAMPLES / name).offers} == set(skus.split())


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the whole files are not part of the repository")
def test_an_offer_of_2018_reads_with_the_line_that_excel_wants_and_a_day_that_two_countries_read_differently():
    found = offers(SAMPLES / "regions" / "aws_AmazonS3_offer_2018_ligoj_index.csv")
    storage = found["aws.s3.standard.storage", "eu-west-1"]
    assert storage.tiers == ((0, 0.023), (51200, 0.022), (512000, 0.021))
    # 01/03/2018 is January or March: the day of the list, 4 April, is what is known.
    assert (storage.valid_from, storage.basis) == (date(2018, 4, 4), "read")
    assert len(found) == 18


def test_every_rule_names_a_meter_of_the_book_in_units_that_can_become_its_own():
    book = shipped_book()
    for provider in ("aws", "azure", "gcp"):
        rules = rules_of(provider)
        units = {unit for row in rules.units.values() for unit in row}
        for rule in rules.rule:
            assert rule.meter in book.meters, rule.meter
            assert book.meters[rule.meter].billing_unit in units, rule.meter
            assert set(rule.regions) <= set(book.provider_of(rule.meter).regions), rule.meter
        keys = [
            (rule.service, rule.key or rule.pattern, operation)
            for rule in rules.rule
            for operation in rule.operation or ("*",)
        ]
        assert len(keys) == len(set(keys))


def test_regions_of_a_provider_have_prefixes_of_their_own():
    prefixes = [row.prefix for row in rules_of("aws").regions.values()]
    assert len(prefixes) == len(set(prefixes))
