"""Bills of 2023 and 2024 at the prices of their day, against what was published then, and what was not.

The published bills are infracost's: its public repository prints, for fixed quantities in us-east-1, what each line
cost at the list prices of the day (internal/providers/terraform/aws/testdata, s3_bucket_test.golden of 2024-07-01 and
data_transfer_test.golden of 2024-09-25).
"""

from __future__ import annotations

from datetime import date

import pytest

from vidcost_xl.errors import NotInBookError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.values import OMITTED as GAP
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.prices.book import price_book

#: Meter of S3, quantity in its billing units, and the amount printed; thousands of requests are written out.
#: Left out is what the bill has of Intelligent-Tiering's first tier alone, and a restore that AWS prices otherwise.
BUCKET_OF_2024 = [
    ("standard.storage", 10_000, 230.00),
    ("standard.put", 10_000, 0.05),
    ("intelligent-tiering.infrequent.storage", 20_000, 250.00),
    ("intelligent-tiering.archive.storage", 20_000, 72.00),
    ("intelligent-tiering.deep-archive.storage", 20_000, 19.80),
    ("intelligent-tiering.monitoring", 20_000, 0.05),
    ("intelligent-tiering.put", 20_000, 0.10),
    ("intelligent-tiering.transition", 20_000, 0.20),
    ("standard-ia.storage", 30_000, 375.00),
    ("standard-ia.put", 30_000, 0.30),
    ("standard-ia.get", 30_000, 0.03),
    ("standard-ia.transition", 30_000, 0.30),
    ("standard-ia.retrieval.standard", 30_000, 300.00),
    ("one-zone-ia.storage", 40_000, 400.00),
    ("one-zone-ia.put", 40_000, 0.40),
    ("one-zone-ia.get", 40_000, 0.04),
    ("one-zone-ia.transition", 40_000, 0.40),
    ("one-zone-ia.retrieval.standard", 40_000, 400.00),
    ("glacier-flexible.storage", 50_000, 180.00),
    ("glacier-flexible.put", 50_000, 1.50),
    ("glacier-flexible.get", 50_000, 0.02),
    ("glacier-flexible.transition", 50_000, 1.50),
    ("glacier-flexible.retrieval.standard", 50_000, 500.00),
    ("glacier-flexible.restore.expedited", 50_000, 500.00),
    ("glacier-flexible.retrieval.expedited", 50_000, 1_500.00),
    ("glacier-deep-archive.storage", 60_000, 59.40),
    ("glacier-deep-archive.put", 60_000, 3.00),
    ("glacier-deep-archive.transition", 60_000, 3.00),
    ("glacier-deep-archive.restore.standard", 60_000, 6.00),
    ("glacier-deep-archive.retrieval.standard", 60_000, 1_200.00),
    ("glacier-deep-archive.restore.bulk", 60_000, 1.50),
    ("glacier-deep-archive.retrieval.bulk", 60_000, 150.00),
]

JULY = date(2024, 7, 1)


@pytest.mark.parametrize(("meter", "quantity", "printed"), BUCKET_OF_2024)
def test_a_bucket_of_july_2024_line_by_line(meter: str, quantity: float, printed: float) -> None:
    priced = price_book().price(f"aws.s3.{meter}", None, JULY)
    assert float(priced.tariff.charge(float(quantity))) == pytest.approx(printed, abs=0.005)


def test_the_egress_of_september_2024_tier_by_tier() -> None:
    # Ohio: 10,240 GB for 921.60, 40,960 for 3,481.60, 102,400 for 7,168.00, 3,400 for 170.00; 100 GB are free before.
    printed = 921.60 + 3_481.60 + 7_168.00 + 170.00
    amount = [10_240 + 40_960 + 102_400 + 3_400 + 100, "billed", "aws.internet@us-east-2", *[GAP] * 4]
    assert call("VIDEO_EGRESS", [*amount, "2024-09-25"]) == pytest.approx(printed)
    refused = call("VIDEO_EGRESS", [*amount, "2023-01-01"])
    assert refused.code == "#N/A" and "2023-06-19" in refused.message
    # Seoul was dearer: 1,290.24 for the first 10 TB.
    assert call("VIDEO_EGRESS", [10_340.0, "billed", "aws.internet@ap-northeast-2", *[GAP] * 4, "2024-09-25"]) == (
        pytest.approx(1_290.24)
    )


def test_a_plan_of_2024_has_the_lines_of_the_published_bill() -> None:
    """40,000 GB in S3 One Zone-IA, read once: 400.00 to hold them and 400.00 to get them, as in the bucket above.

    They are 40,000 x 2^30 bytes; ten times as many videos as a million of 4,294,967.296 bytes each would be. They leave
    by the internet at the prices of September: (40,000 - 100) GB, 10,240 at 0.09 and 29,660 at 0.085.
    """
    gb = 2.0**30
    plan = preset("article").with_overrides(
        [
            ("money.as_of", "2024-09-25"),
            ("dataset.videos", 1e7),
            ("dataset.mb_per_video", 40_000 * gb / 1e7 / 1e6),
            ("representation.1.class", "aws.s3.standard"),
            ("representation.2.class", "aws.s3.one-zone-ia"),
            ("train.experiments", 1),
            ("train.passes", 1),
            ("train.share", 1),
        ]
    )
    bill = evaluate(plan)
    months = {charge.line.meter: float(charge.effective[0, 0]) for charge in bill.charges}
    assert months["aws.s3.one-zone-ia.storage"] == pytest.approx(400.00)
    assert months["aws.s3.one-zone-ia.retrieval.standard"] == pytest.approx(400.00)
    assert months["aws.transfer.internet-out"] == pytest.approx(10_240 * 0.09 + 29_660 * 0.085)
    # Raw: 40,000 GB at 0.023.
    assert months["aws.s3.standard.storage"] == pytest.approx(920.00)


def test_a_plan_on_a_day_without_a_price_names_the_nearest_day_and_never_takes_today_s() -> None:
    plan = preset("article").with_overrides([("money.as_of", "2021-05-01")])
    with pytest.raises(NotInBookError, match=r"has no price on 2021-05-01 .*first holds from 2023-06-19"):
        evaluate(plan)


@pytest.mark.parametrize(
    ("meter", "day", "price"),
    [
        # Wasabi: 6.99 until 2026-06-30, 7.99 since; read on an invoice of June 2024 first.
        ("wasabi.hot.storage", date(2025, 6, 1), 6.99),
        ("wasabi.hot.storage", date(2026, 7, 1), 7.99),
        ("b2.standard.storage", date(2025, 6, 1), 6.00),
        ("r2.standard.storage", date(2024, 12, 31), 0.015),
        # S3 Express One Zone: 0.16 until the cut of April 2025, 0.11 since.
        ("aws.s3.express-one-zone.storage", date(2025, 3, 31), 0.16),
        ("aws.s3.express-one-zone.storage", date(2025, 4, 1), 0.11),
        ("aws.s3.express-one-zone.get", date(2024, 6, 1), 0.0002 / 1_000),
    ],
)
def test_prices_that_changed_hold_until_they_did(meter: str, day: date, price: float) -> None:
    assert price_book().price(meter, None, day).price.tiers[0].price == pytest.approx(price)


def test_google_s_multi_regions_rose_in_april_2023_and_its_regions_did_not() -> None:
    book = price_book()
    for region, before, after in (("eu", 0.010, 0.015), ("us", 0.010, 0.015), ("nam4", 0.020, 0.022)):
        nearline = "gcp.gcs.nearline.storage"
        assert book.price(nearline, region, date(2023, 2, 1)).tariff.prices[0] == pytest.approx(before)
        assert book.price(nearline, region, date(2024, 6, 1)).tariff.prices[0] == pytest.approx(after)
    frankfurt = book.price("gcp.gcs.standard.storage", "europe-west3", date(2023, 2, 1))
    assert frankfurt.tariff.prices[0] == pytest.approx(0.023)
    with pytest.raises(NotInBookError, match="first holds from 2023-01-05"):
        book.price("gcp.gcs.standard.storage", "europe-west3", date(2022, 12, 31))


def test_what_an_upload_to_s3_express_cost_before_the_cut_is_not_in_the_book() -> None:
    with pytest.raises(NotInBookError, match="first holds from 2025-04-01"):
        price_book().price("aws.s3.express-one-zone.upload", None, date(2024, 6, 1))
