"""From usage to money: list, contracted and effective side by side, by day and by pool."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from vidcost_xl.errors import NotInBookError
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.quote import NEWEST, Agreement, Usage, charges, terms_of, total
from vidcost_xl.prices.rates import PrivateRate, private_rates

GIB = 1_073_741_824
STANDARD, EGRESS, B2 = "aws.s3.standard.storage", "aws.transfer.internet-out", "b2.standard.storage"


@pytest.fixture(scope="module")
def book():
    return price_book()


def test_all_three_prices_are_kept(book):
    # 60,000 GB on S3 Standard: list 51,200 x 0.023 + 8,800 x 0.022 = 1,177.60 + 193.60 = 1,371.20;
    # contracted at a flat 0.02: 1,200.00; effective after 10% off: 1,080.00.
    rates = private_rates([PrivateRate(STANDARD, 0.02)], book)
    (item,) = charges(book, [Usage(STANDARD, 60_000 * GIB)], Agreement(discount=0.10, rates=rates), None)
    assert item.list_amount == pytest.approx(1_371.20)
    assert item.contracted_amount == pytest.approx(1_200.00)
    assert item.effective_amount == pytest.approx(1_080.00)


def test_without_a_private_rate_the_contracted_price_is_the_list_price(book):
    (item,) = charges(book, [Usage(STANDARD, 60_000 * GIB)], Agreement(discount=0.10), None)
    assert item.list_amount == item.contracted_amount == pytest.approx(1_371.20)
    assert item.effective_amount == pytest.approx(1_234.08)


def test_a_private_rate_has_neither_tiers_nor_the_lists_free_allowance(book):
    # List: 100 GB are free. A rate of 0.04 bills all 150.
    rates = private_rates([PrivateRate(EGRESS, 0.04)], book)
    assert total(book, [Usage(EGRESS, 150 * GIB)], Agreement(rates=rates)) == pytest.approx(6.00)
    assert total(book, [Usage(EGRESS, 150 * GIB)], Agreement()) == pytest.approx(4.50)  # 50 x 0.09


def test_a_private_rate_keeps_the_providers_rounding_and_minimum(book):
    rates = private_rates([PrivateRate("r2.standard.put", 4.0), PrivateRate("wasabi.hot.storage", 5.0)], book)
    assert total(book, [Usage("r2.standard.put", 1_000_001)], Agreement(rates=rates)) == pytest.approx(8.00)
    assert total(book, [Usage("wasabi.hot.storage", 1e9)], Agreement(rates=rates)) == pytest.approx(5.00)


def test_usages_of_one_meter_share_its_tiers(book):
    # Two rows of 40,000 GB: 80,000 GB once, 1,177.60 + 28,800 x 0.022 = 1,811.20; not 2 x 920.00.
    usages = [Usage(STANDARD, 40_000 * GIB, why="raw"), Usage(STANDARD, 40_000 * GIB, why="features")]
    (item,) = charges(book, usages, Agreement(), None)
    assert item.effective_amount == pytest.approx(1_811.20)
    assert item.usage.why == "raw; features"


def test_a_prior_volume_continues_the_tiers(book):
    # 51,200 GB billed already: the next 100 are in the second tier.
    usage = Usage(STANDARD, 100 * GIB, prior=51_200 * GIB)
    assert total(book, [usage], Agreement()) == pytest.approx(2.20)


def test_meters_are_added_up(book):
    usages = [Usage(STANDARD, 100 * GIB), Usage("aws.s3.standard.put", 1_000)]
    assert total(book, usages, Agreement()) == pytest.approx(2.30 + 0.005)


def test_each_month_is_billed_at_the_terms_of_its_own_day(book):
    # 1.01 TB less the free 10 GB on B2: 6.00 in April 2026, 6.95 from May.
    days = np.array([date(2026, 4, 1), date(2026, 5, 1), NEWEST], dtype=object)
    result = total(book, [Usage(B2, 1.01e12)], Agreement(as_of=days))
    assert result.tolist() == pytest.approx([6.00, 6.95, 6.95])


def test_days_amounts_and_discounts_broadcast(book):
    days = np.array([[date(2026, 4, 1)], [date(2026, 5, 1)]], dtype=object)
    amounts = np.array([[1.01e12, 2.01e12]])
    result = total(book, [Usage(B2, amounts)], Agreement(as_of=days, discount=np.array([[0.0], [0.5]])))
    assert result == pytest.approx(np.array([[6.00, 12.00], [3.475, 6.95]]))


def test_a_day_before_the_book_leaves_its_own_month_open_and_says_why(book):
    days = np.array([date(2022, 1, 1), date(2026, 5, 1), None], dtype=object)
    refused = {}
    result = total(book, [Usage(B2, 1.01e12)], Agreement(as_of=days), refused)
    assert np.isnan(result).tolist() == [True, False, True]
    assert list(refused) == [date(2022, 1, 1)]
    with pytest.raises(NotInBookError, match="no price on 2022-01-01"):
        total(book, [Usage(B2, 1.01e12)], Agreement(as_of=days))


def test_dated_rates_hold_month_by_month(book):
    lines = [PrivateRate(B2, 5.0, end=date(2026, 6, 30)), PrivateRate(B2, 4.0, start=date(2026, 7, 1))]
    days = np.array([date(2026, 6, 30), date(2026, 7, 1)], dtype=object)
    result = total(book, [Usage(B2, 2e12)], Agreement(as_of=days, rates=private_rates(lines, book)))
    assert result.tolist() == pytest.approx([10.00, 8.00])


def test_a_private_rate_of_another_region_does_not_apply(book):
    rates = private_rates([PrivateRate("azure.blob.hot-lrs.storage", 0.01, region="us")], book)
    assert terms_of(book, "azure.blob.hot-lrs.storage", Agreement("us", rates=rates), None).private.rate == 0.01
    assert terms_of(book, "azure.blob.hot-lrs.storage", Agreement("eastus", rates=rates), None).private is None
    assert terms_of(book, "azure.blob.hot-lrs.storage", Agreement(rates=rates), None).private is None


def test_nothing_used_is_nothing_owed(book):
    assert total(book, [], Agreement()) == 0.0
    assert total(book, [Usage(STANDARD, 0.0)], Agreement()) == 0.0
