"""Barrier to entry: the article's figures, the whole model as a second computation, runway by hand."""

from __future__ import annotations

import numpy as np
import pytest

from vidcost_xl.analysis.barrier import Outcome, barrier, parts, ways
from vidcost_xl.errors import OutOfDomainError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.prices.book import price_book


def outcomes(name="article", months=None, **changes):
    pairs = [(key.replace("__", "."), value) for key, value in changes.items()]
    found = barrier(evaluate(preset(name).with_overrides(pairs)), months)
    return {outcome.id: outcome for outcome in found}


@pytest.fixture(scope="module")
def article():
    return outcomes()


@pytest.mark.parametrize(
    ("way", "millions"),
    # The same plan a month: internet, CloudFront, Direct Connect with ports, in-region, R2.
    [("internet", 2.53), ("cloudfront", 1.18), ("direct_connect", 1.16), ("in_region", 0.20), ("r2", 0.15)],
)
def test_a_month_on_each_route_is_the_article_s(article, way, millions):
    assert article[way].monthly / 1e6 == pytest.approx(millions, abs=0.005)


def test_three_months_without_ramp_are_7_6_million(article):
    # 196,140.94 of storage, 2,332,192.64 of egress and 4,000 of requests a month.
    assert article["plan"].monthly == pytest.approx(196_140.94 + 2_332_192.64 + 4_000, abs=0.01)
    assert article["plan"].cumulative == pytest.approx(7.6e6, rel=0.001)


@pytest.mark.parametrize("way", ways(), ids=lambda way: way.id)
def test_the_whole_model_gives_the_same_month(article, way):
    changes = [("train.route", way.route)]
    changes += [(f"representation.{n}.class", way.storage_class) for n in (1, 2)]
    if way.port_meter:
        # 50 PB a month in 730 hours are 152 Gbit/s; at 0.8 of two ports of 100.
        changes += [("train.ports", 2.0), ("train.port_meter", way.port_meter)]
    bill = evaluate(preset("article").with_overrides(changes))
    assert article[way.id].months == pytest.approx(bill.total[:, 0], rel=1e-12)


def test_ports_follow_the_busiest_link():
    def ports(experiments):
        months = outcomes(train__experiments=experiments)["direct_connect"].months
        bill = evaluate(
            preset("article").with_overrides(
                [("train.route", "aws.direct-connect"), ("train.experiments", experiments)]
            )
        )
        hour = price_book().price("aws.direct-connect.port-100g").price.tiers[0].price
        return (months[0] - bill.total[0, 0]) / (hour * 730)

    # One pass of 5 PB in 730 h is 15.2 Gbit/s of the 80 that a port carries.
    assert [ports(n) for n in (1, 5, 6, 10, 11)] == pytest.approx([1, 1, 2, 2, 3])


def test_gpu_time_is_left_out_of_the_plan():
    bill = evaluate(preset("complete"))
    gpu = sum(charge.effective for charge in bill.charges if charge.line.meter == "encode.gpu_usd_per_hour")
    found = outcomes("complete")["plan"]
    assert found.months == pytest.approx((bill.total - gpu)[:, 0])
    assert np.any(gpu > 0)


def test_a_ramp_lowers_the_first_months():
    ramped = outcomes(dataset__ramp_months=6.0, dataset__opening=0.0)
    assert ramped["internet"].cumulative < 3 * 2_532_333.58 * 0.5
    # A sixth more each month: after three of them a sixth, two and three sixths have been stored and read.
    assert ramped["in_region"].months[5] == pytest.approx(outcomes()["in_region"].months[0])


def test_currency_and_escalation_apply_to_every_way():
    plain, euro = outcomes(), outcomes(money__fx=0.5, money__escalation=0.21)
    for way in ("internet", "r2"):
        assert euro[way].months[0] == pytest.approx(plain[way].months[0] / 2)
        assert euro[way].months[6] == pytest.approx(plain[way].months[6] / 2 * 1.1)


def test_the_funding_is_dollars_that_pay_dollars_whatever_currency_the_plan_reports_in():
    # A rate that moves changes no month that is paid; what is left is told at the rate of the last month.
    plain = outcomes()
    euro = barrier(evaluate(preset("article").with_overrides([("money.fx", 0.9), ("money.fx@2027-03", 0.8)])))
    for found in euro:
        assert found.runway == pytest.approx(plain[found.id].runway)
        assert found.left == pytest.approx(0.8 * plain[found.id].left)
        month = plain[found.id].months[0]
        assert found.cumulative == pytest.approx(0.9 * month + 0.9 * month + 0.8 * month)


def test_more_months_than_the_plan_has_are_refused():
    with pytest.raises(OutOfDomainError, match=r"1 to the 12.*calendar\.months"):
        outcomes(months=13)


@pytest.mark.parametrize(
    ("months", "funding", "runway"),
    [
        ([10, 10, 10], 25, 2.5),
        ([10, 10, 10], 30, 3.0),
        ([10, 10, 10], 45, 4.5),  # the last month goes on
        ([10, 20, 40], 5, 0.5),
        ([10, 20, 40], 70 + 100, 5.5),
        ([0, 0, 10], 5, 2.5),
        ([0, 0, 0], 5, float("inf")),
    ],
)
def test_runway_by_hand(months, funding, runway):
    outcome = Outcome("x", "x", "aws", "", "", np.array(months, dtype=float), np.ones(3), 1, float(funding))
    assert outcome.runway == pytest.approx(runway)


def test_what_is_left_is_negative_where_the_funding_is_not_enough():
    found = outcomes(barrier__funding=1e6)
    assert found["internet"].left == pytest.approx(1e6 - 7_597_000.73, abs=0.01)
    assert found["in_region"].left > 0


def test_every_way_is_priced_by_flat_data_that_the_sheets_can_follow():
    for way in ways():
        item = price_book().storage_class(way.storage_class)
        assert not item.by_last_access and not item.per_object and not item.monitoring, way.id
        assert way.route.split(".")[0] == way.storage_class.split(".")[0]
        assert [part.what for part in parts(way)].count("storage") == 1
