"""The providers' own worked examples: what a page works out with its numbers, the functions answer to the cent.

Each names its page and the day of the copy read. Where a price has moved since, the difference is worked out beside it.
"""

from __future__ import annotations

import pytest

from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.values import OMITTED

STANDARD = "aws.s3.standard"


def dollars(*parts: tuple[str, list[object]]) -> list[float]:
    """The parts of a bill, rounded as the pages round them."""
    amounts = [call(name, arguments) for name, arguments in parts]
    assert all(isinstance(amount, float) for amount in amounts), amounts
    return [round(amount, 2) for amount in amounts]


# --- Amazon Web Services: Amazon S3 FAQ, "How will I be charged and billed", US East (N. Virginia) ------------------


def test_amazon_storage_of_100_gb_for_15_days_and_100_tb_for_16_days_of_march():
    # aws.amazon.com/s3/faqs, storage example, stored copies of 2019 and later: 52,900 GB-months are $1,215.00.
    byte_hours = 107_374_182_400 * 15 * 24 + 109_951_162_777_600 * 16 * 24
    months = byte_hours / 2**30 / 744
    assert months == 52_900
    assert dollars(("VIDEO_STORAGE", [months, "GiB", STANDARD])) == [1_215.00]


def test_amazon_transfer_of_62_tb_out_in_a_month():
    # The same page, data transfer out example: 63,488 GB are $5,263.27, with 1 GB free in the first tier. Since
    # December 2021 100 GB are free and come off before the tiers: the first tier bills 10,240 GB and not 10,239 (0.09
    # more), and the third 100 GB fewer (7.00 less).
    assert dollars(("VIDEO_EGRESS", [63_488.0, "GiB", "aws.internet"])) == [round(5_263.27 + 0.09 - 7.00, 2)]


def test_amazon_requests_of_march():
    # The same page, request example: 310,000 PUT $1.55, 620,000 GET $0.25, 5,000 DELETE free.
    counts = {"put": 310_000.0, "get": 620_000.0, "delete": 5_000.0}
    parts = [("VIDEO_REQUESTS", [count, operation, STANDARD]) for operation, count in counts.items()]
    assert dollars(*parts) == [1.55, 0.25, 0.00]


def test_amazon_retrieval_of_300_gb_of_infrequent_access():
    # The same page, data retrieval example: 300 GB x $0.01 = $3.00.
    assert dollars(("VIDEO_RETRIEVAL", [300.0, "GiB", "aws.s3.standard-ia"])) == [3.00]


def test_amazon_express_one_zone_of_10_tb_for_8_hours_a_day():
    # aws.amazon.com/s3/faqs, Express One Zone, example 2, stored copy of 2025: 363.41 storage, 177.73 PUT, 9.44 GET.
    # Its 2,638,827,906,662,400 byte-hours are 3,303.77 GB-months there.
    place = "aws.s3.express-one-zone"
    assert dollars(
        ("VIDEO_STORAGE", [3_303.77, "GiB", place]),
        ("VIDEO_REQUESTS", [5_242_880 * 30.0, "put", place]),
        ("VIDEO_REQUESTS", [10_485_760 * 30.0, "get", place]),
    ) == [363.41, 177.73, 9.44]


# --- Google Cloud: cloud.google.com/storage/pricing-examples, stored copies of 2024 and 2025 ------------------------


def test_google_simple_example():
    # 50 GB in us-east1 $1.00, 10,000 Class A $0.05, 50,000 Class B $0.02, 1 GB out $0.12: total $1.19.
    place = "gcp.gcs.standard@us-east1"
    parts = dollars(
        ("VIDEO_STORAGE", [50.0, "GiB", place]),
        ("VIDEO_REQUESTS", [10_000.0, "put", place]),
        ("VIDEO_REQUESTS", [50_000.0, "get", place]),
        ("VIDEO_EGRESS", [1.0, "GiB", "gcp.internet@us-east1"]),
    )
    assert parts == [1.00, 0.05, 0.02, 0.12]
    assert round(sum(parts), 2) == 1.19


def test_google_detailed_example_of_what_is_stored_and_retrieved():
    # 60 TB Standard in a multi-region $1,597.44, 30 TB in nam4 $1,351.68, 100 TB Nearline in a multi-region $1,536.00;
    # 10 TB of Nearline retrieved $102.40. Replication and egress by destination are no part of the book.
    assert dollars(
        ("VIDEO_STORAGE", [60 * 1024.0, "GiB", "gcp.gcs.standard@us"]),
        ("VIDEO_STORAGE", [30 * 1024.0, "GiB", "gcp.gcs.standard@nam4"]),
        ("VIDEO_STORAGE", [100 * 1024.0, "GiB", "gcp.gcs.nearline@us"]),
        ("VIDEO_RETRIEVAL", [10 * 1024.0, "GiB", "gcp.gcs.nearline@us"]),
    ) == [1_597.44, 1_351.68, 1_536.00, 102.40]


# --- Cloudflare: developers.cloudflare.com/r2/pricing, R2 billing examples, cloudflare-docs@07ec87d of 2026 ---------


def test_cloudflare_standard_storage_example():
    # 1,000 objects of 1 GB for a month, each read 1,000 times: 990 GB-months $14.85, operations within the free tier.
    parts = dollars(
        ("VIDEO_STORAGE", [1_000.0, "GB", "r2.standard"]),
        ("VIDEO_REQUESTS", [1_000.0, "put", "r2.standard"]),
        ("VIDEO_REQUESTS", [1e6, "get", "r2.standard"]),
        ("VIDEO_RETRIEVAL", [1_000.0, "GB", "r2.standard"]),
        ("VIDEO_EGRESS", [1e6, "GB", "r2.internet"]),
    )
    assert parts == [14.85, 0.00, 0.00, 0.00, 0.00]


def test_cloudflare_infrequent_access_example():
    # 1,000 objects of 1 GB, billed for the minimum of 30 days: $10.00; 1,000 writes are billed as a million, $9.00; a
    # million reads $0.90; 1,000 GB retrieved $10.00. Total $29.90.
    place = "r2.infrequent-access"
    parts = dollars(
        ("VIDEO_STORAGE", [1_000.0, "GB", place]),
        ("VIDEO_REQUESTS", [1_000.0, "put", place]),
        ("VIDEO_REQUESTS", [1e6, "get", place]),
        ("VIDEO_RETRIEVAL", [1_000.0, "GB", place]),
    )
    assert parts == [10.00, 9.00, 0.90, 10.00]
    assert round(sum(parts), 2) == 29.90


def test_cloudflare_asset_hosting_example():
    # 100,000 files of 100 KB, read 10,000,000 times a day: 290,000,000 reads beyond the free ten million, $104.40.
    assert dollars(
        ("VIDEO_STORAGE", [10.0, "GB", "r2.standard"]),
        ("VIDEO_REQUESTS", [100_000.0, "put", "r2.standard"]),
        ("VIDEO_REQUESTS", [300e6, "get", "r2.standard"]),
    ) == [0.00, 0.00, 104.40]


# --- Microsoft Azure: learn.microsoft.com, whose examples state their own sample prices -----------------------------


def rates(prices: dict[str, float]) -> list[list[object]]:
    return [["meter", "rate"], *([f"azure.blob.{meter}", price] for meter, price in prices.items())]


@pytest.mark.parametrize(
    ("written", "expected", "total"),
    [(2e6, [20.00, 101.38, 20.48, 10.00], 151.86), (0.0, [0.00, 101.38, 20.48, 10.00], 131.86)],
)
def test_azure_one_time_data_backup(written, expected, total):
    # "Estimate the cost of archiving data", 2022-10-17, one-time data backup, January and February: 2,000,000 writes at
    # $0.10 per 10,000, 102,400 GB at 0.00099, 1,024 GB retrieved at 0.02 and 20,000 reads at $5.00 per 10,000, the last
    # two $30.48 together.
    place = "azure.blob.archive-lrs"
    sample = rates(
        {
            "archive-lrs.put": 0.10 / 10_000,
            "archive-lrs.storage": 0.00099,
            "archive-lrs.retrieval.standard": 0.02,
            "archive-lrs.get": 5.00 / 10_000,
        }
    )
    parts = dollars(
        ("VIDEO_REQUESTS", [written, "put", place, OMITTED, OMITTED, sample]),
        ("VIDEO_STORAGE", [102_400.0, "GiB", place, *[OMITTED] * 5, sample]),
        ("VIDEO_RETRIEVAL", [1_024.0, "GiB", place, OMITTED, OMITTED, OMITTED, sample]),
        ("VIDEO_REQUESTS", [20_000.0, "get", place, OMITTED, OMITTED, sample]),
    )
    assert parts == expected
    assert round(sum(parts), 2) == total


def test_azure_upload_of_1000_blobs_in_blocks_and_a_month_in_the_hot_tier():
    # "Estimate the cost of using Azure Blob Storage", 2024-07-26, January: 1,000 blobs of 5 GB in 640 blocks of 8 MiB
    # and one list of blocks each are 641,000 writes at $0.055 per 10,000, $3.53; 5,000 GB at 0.0208, the list price of
    # East US, $104.00; 500 reads $0.00022: total $107.53.
    place = "azure.blob.hot-lrs"
    sample = rates({"hot-lrs.put": 0.055 / 10_000, "hot-lrs.get": 0.0044 / 10_000})
    parts = dollars(
        ("VIDEO_REQUESTS", [641_000.0, "put", place, OMITTED, OMITTED, sample]),
        ("VIDEO_STORAGE", [5_000.0, "GiB", place]),
        ("VIDEO_REQUESTS", [500.0, "get", place, OMITTED, OMITTED, sample]),
    )
    assert parts == [3.53, 104.00, 0.00]
    assert round(sum(parts), 2) == 107.53
