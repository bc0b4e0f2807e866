"""Private rates: which one holds, and agreements that contradict themselves are refused."""

from __future__ import annotations

from datetime import date

import pytest

from vidcost_xl.errors import BadArgumentError, NotInBookError, OutOfDomainError
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.rates import PrivateRate, PrivateRates, private_rates

HOT = "azure.blob.hot-lrs.storage"
JANUARY, JUNE, JULY, DECEMBER = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31)


@pytest.fixture(scope="module")
def book():
    return price_book()


def test_a_rate_for_the_region_comes_before_one_for_all(book):
    rates = private_rates([PrivateRate(HOT, 0.02), PrivateRate(HOT, 0.01, region="us")], book)
    assert rates.find(HOT, "us", None).rate == 0.01
    assert rates.find(HOT, "eastus", None).rate == 0.02


def test_a_meter_without_a_rate_has_none(book):
    assert private_rates([PrivateRate(HOT, 0.02)], book).find("aws.s3.standard.storage", "us-east-1", None) is None
    assert PrivateRates().find(HOT, "us", None) is None


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2025, 12, 31), None),
        (JANUARY, 0.02),
        (JUNE, 0.02),
        (JULY, 0.015),
        (DECEMBER, 0.015),
        (date(2027, 1, 1), None),
    ],
)
def test_a_dated_rate_holds_from_its_first_to_its_last_day(book, day, rate):
    lines = [PrivateRate(HOT, 0.02, start=JANUARY, end=JUNE), PrivateRate(HOT, 0.015, start=JULY, end=DECEMBER)]
    found = private_rates(lines, book).find(HOT, "eastus", day)
    assert (found.rate if found else None) == rate


def test_open_ends_reach_without_limit(book):
    lines = [PrivateRate(HOT, 0.02, end=JUNE), PrivateRate(HOT, 0.015, start=JULY)]
    rates = private_rates(lines, book)
    assert rates.find(HOT, "eastus", date(1999, 1, 1)).rate == 0.02
    assert rates.find(HOT, "eastus", date(2099, 1, 1)).rate == 0.015


def test_dated_rates_without_a_day_are_refused_because_nobody_can_tell_which_holds(book):
    rates = private_rates([PrivateRate(HOT, 0.02, start=JANUARY)], book)
    with pytest.raises(BadArgumentError, match="as_of is needed"):
        rates.find(HOT, "eastus", None)


@pytest.mark.parametrize(
    "lines",
    [
        [PrivateRate(HOT, 0.02), PrivateRate(HOT, 0.03)],
        [PrivateRate(HOT, 0.02, region="us"), PrivateRate(HOT, 0.02, region="us")],
        [PrivateRate(HOT, 0.02, end=JUNE), PrivateRate(HOT, 0.03, start=JUNE)],
        [PrivateRate(HOT, 0.02), PrivateRate(HOT, 0.03, start=JANUARY, end=JUNE)],
        [PrivateRate(HOT, 0.02, start=JULY), PrivateRate(HOT, 0.03, start=JANUARY)],
    ],
)
def test_two_rates_that_could_both_apply_are_refused(book, lines):
    with pytest.raises(BadArgumentError, match="two rates for the same region and dates"):
        private_rates(lines, book)


@pytest.mark.parametrize(
    "lines",
    [
        [PrivateRate(HOT, 0.02, end=JUNE), PrivateRate(HOT, 0.03, start=JULY)],
        [PrivateRate(HOT, 0.02, region="us"), PrivateRate(HOT, 0.03, region="eastus")],
        [PrivateRate(HOT, 0.02), PrivateRate("aws.s3.standard.storage", 0.02)],
    ],
)
def test_rates_that_cannot_meet_stand_side_by_side(book, lines):
    assert private_rates(lines, book).rates == tuple(lines)


@pytest.mark.parametrize(
    ("line", "error", "reason"),
    [
        (PrivateRate("azure.blob.hot-lrs.store", 0.02), NotInBookError, r"Nearest: azure.blob.hot-lrs.storage"),
        (PrivateRate(HOT, 0.02, region="westus"), NotInBookError, r"Nearest: .*eastus"),
        (PrivateRate(HOT, -0.02), OutOfDomainError, "negative"),
        (PrivateRate(HOT, 0.02, start=JULY, end=JUNE), OutOfDomainError, "ends on 2026-06-30 before it starts"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused_with_its_reason(book, line, error, reason):
    with pytest.raises(error, match=reason):
        private_rates([line], book)


def test_a_rate_of_nothing_is_a_rate(book):
    assert private_rates([PrivateRate(HOT, 0.0)], book).find(HOT, "eastus", None).rate == 0.0
