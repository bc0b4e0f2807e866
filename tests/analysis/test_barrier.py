"""Barrier to entry: the article's figures, the whole model as a second computation, runway by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from vidcost_xl.analysis.barrier import Outcome, Terms, barrier
from vidcost_xl.analysis.places import Place, class_meters, placed, priced_classes, priced_routes, route_meters
from vidcost_xl.analysis.ways import internet_way, way_cost, ways
from vidcost_xl.errors import OutOfDomainError
from vidcost_xl.functions.adapter import call
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.own import own_site
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.plan.article.candidates import classes_of, routes_of

#: What a plan does without where its training data alone are priced.
ALONE = [
    *(("acquire.on", "no"), ("encode.on", "no"), ("staging.on", "no"), ("checkpoint.on", "no"), ("exit.month", 0.0)),
    *(("requests.kms_share", 0.0), ("requests.logging_usd_per_million", 0.0)),
    *(("commercial.commitment_usd", 0.0), ("commercial.support", "")),
]


def plan_of(name="article", **changes):
    return preset(name).with_overrides([(key.replace("__", "."), value) for key, value in changes.items()])


def outcomes(name="article", months=None, **changes):
    return {outcome.id: outcome for outcome in barrier(evaluate(plan_of(name, **changes)), months)}


def terms(funding, first_model=1):
    return Terms(first_model, float(funding), 0.0, np.ones(3))


@pytest.fixture(scope="module")
def article():
    return outcomes()


@pytest.mark.parametrize(
    ("way", "millions"),
    # The same plan a month: internet, CloudFront, in-region, R2.
    [("internet", 2.53), ("cloudfront", 1.18), ("in_region", 0.20), ("r2", 0.15)],
)
def test_a_month_on_each_route_is_the_article_s(way, millions):
    bill = evaluate(preset("article"))
    found = next(each for each in ways() if each.id == way)
    assert way_cost(bill, found).mean() / 1e6 == pytest.approx(millions, abs=0.005)


def test_the_cheapest_places_cost_a_month_what_the_article_gives(article):
    # Direct Connect with ports, and R2 out over the internet.
    assert (article["aws"].route, article["r2"].route) == ("aws.direct-connect", "r2.internet")
    assert article["aws"].monthly / 1e6 == pytest.approx(1.16, abs=0.005)
    assert article["r2"].monthly / 1e6 == pytest.approx(0.15, abs=0.005)


def test_backblaze_bills_what_is_beyond_three_times_the_bytes_stored(article):
    # 10 PB in GB of 10^9 at $6.95 a TB, the first 10 GB free; 50 PB less 30 PB at $0.01 a GB.
    storage = article["b2"].monthly - 20e15 / 1e9 * 0.01
    assert storage == pytest.approx(10_000 * 6.95, abs=0.1)


def test_coreweave_s_raw_videos_are_priced_by_their_last_access(article):
    # Read every 30 days they are hot for 7 of them and warm for 23; the features, every 3 days, are always hot.
    hot, warm = (
        price_book()
        .price(f"coreweave.{tier}.storage")
        .tariff.charge(5e15 / price_book().meter(f"coreweave.{tier}.storage").unit_size)
        for tier in ("hot", "warm")
    )
    assert article["coreweave"].storage_class == "coreweave.object"
    assert article["coreweave"].monthly == pytest.approx(hot + 7 / 30 * hot + 23 / 30 * warm, rel=1e-12)
    assert not {"coreweave.hot", "coreweave.warm", "coreweave.cold"} & {
        item.id for item in priced_classes()["coreweave"]
    }


def test_three_months_without_ramp_are_7_6_million(article):
    # 196,140.94 of storage, 2,332,192.64 of egress and 4,000 of requests a month.
    assert article["plan"].monthly == pytest.approx(196_140.94 + 2_332_192.64 + 4_000, abs=0.01)
    assert article["plan"].cumulative == pytest.approx(7.6e6, rel=0.001)


PLANS = {
    "article": {},
    "complete": {"name": "complete"},
    "few passes in euro, a discount, uploads": {
        **{"train__experiments": 1.0, "money__fx": 0.92, "money__currency": "EUR", "commercial__discount": 0.1},
        **{"requests__uploads": "yes", "money__escalation": 0.03},
    },
    "in the region": {"train__route": "aws.same-region", "commercial__discount_provider": "aws"},
}


@pytest.mark.parametrize("plan", PLANS)
def test_each_row_is_what_video_total_gives_for_the_same_plan_in_that_place(plan):
    changes = dict(PLANS[plan])
    name = changes.pop("name", "article")
    base = [(key.replace("__", "."), value) for key, value in changes.items()]
    rows = call("VIDEO_BARRIER", [name, 3.0, [list(pair) for pair in base]] if base else [name, 3.0])
    assert len(rows) > 8
    for _, provider, kept, route, _, cumulative, *_ in rows[2:-1]:
        overrides = dict(base) | dict(ALONE) | {"train.route": route}
        for n in range(1, preset(name).representations + 1):
            place = {"class": kept, "second_class": "", "second_share": 0.0, "lifecycle_months": 0.0}
            overrides |= {f"representation.{n}.{key}": value for key, value in place.items()}
        if route in DEDICATED:
            overrides |= {"train.ports": PORTS[plan], "train.port_meter": DEDICATED[route]}
        month = [
            call("VIDEO_TOTAL", [name, "monthly", float(month), [list(pair) for pair in overrides.items()]])
            for month in (1, 2, 3)
        ]
        assert cumulative == pytest.approx(sum(month), abs=0.005), (provider, kept, route)


#: Routes over ports of 100 Gbit/s.
DEDICATED = {
    "aws.direct-connect": "aws.direct-connect.port-100g",
    "gcp.dedicated-interconnect": "gcp.dedicated-interconnect.port-100g",
}

#: 50 PB a month in 730 hours are 152 Gbit/s, at 0.8 of two ports of 100; 5 PB are 15.2, on one; the 184.8 PB that the
#: complete plan reads in its busiest month are 562.5, on eight.
PORTS = {"article": 2.0, "in the region": 2.0, "few passes in euro, a discount, uploads": 1.0, "complete": 8.0}


@pytest.mark.parametrize("plan", PLANS)
def test_no_place_of_a_provider_that_serves_the_plan_is_cheaper(plan):
    changes = dict(PLANS[plan])
    name = changes.pop("name", "article")
    bill = evaluate(plan_of(name, **changes))
    here = bill.plan.text("train.route")
    for outcome in barrier(bill)[1:-1]:
        outside = [route.id for route in priced_routes(outcome.id) if not route.inside]
        ends = [here] if here.startswith(outcome.id) and here != "aws.internet" else outside
        for item, route in product(priced_classes()[outcome.id], ends):
            if item.minimum_days and name == "complete":
                continue  # its versions are replaced
            there = evaluate(placed(bill, Place(item.id, route)))
            cost = float(there.reporting(there.total)[:3].sum())
            assert outcome.cumulative <= cost * (1 + 1e-12), (item.id, route)


#: Providers with one way out.
STORES = ("azure", "b2", "coreweave", "lambda", "nebius", "oci", "r2", "tigris", "wasabi")

#: Routes that leave a provider.
OUTSIDE = {
    "aws": ["aws.internet", "aws.nat", "aws.cloudfront", "aws.direct-connect"],
    "gcp": ["gcp.internet", "gcp.dedicated-interconnect"],
    **{name: [f"{name}.internet"] for name in STORES},
}


def test_routes_that_end_inside_a_provider_are_those_of_its_own_machines():
    for provider, ends in OUTSIDE.items():
        assert [route.id for route in priced_routes(provider) if not route.inside] == ends


def test_who_cannot_serve_the_plan_has_no_row():
    # Wasabi lets out what is stored once: ten passes over half of it are five times.
    assert "wasabi" not in outcomes() and "wasabi" in outcomes(train__experiments=2.0)


def test_what_only_some_can_use_and_file_systems_beside_the_gpus_are_compared_with_nobody():
    assert not {"aws.interconnect-google", "azure.isp-internet", "gcp.partner-interconnect-aws"} & {
        route.id for provider in OUTSIDE for route in priced_routes(provider)
    }
    assert not [item.id for items in priced_classes().values() for item in items if "lustre" in item.id]


def test_bytes_leave_nebius_and_lambda_free_of_charge(article):
    # 10 PB held: 9,313,225.746 GiB at $0.11 and at $0.20.
    gib = 10e15 / 2**30
    assert article["nebius"].monthly == pytest.approx(0.11 * gib, rel=1e-12)
    assert article["lambda"].monthly == pytest.approx(0.20 * gib, rel=1e-12)


def test_google_over_dedicated_ports_by_hand(article):
    # 10 PB a month at 2.7397e-05 a GiB-hour, 50 PB at $0.02 a GiB, 1e10 GETs at $0.4 a million, two ports of $23.28 an
    # hour for 730 hours.
    stored = 10e15 / 2**30 * 2.7397e-05 * 730
    moved, ports = 50e15 / 2**30 * 0.02, 2 * 23.28 * 730
    assert article["gcp"].route == "gcp.dedicated-interconnect"
    assert article["gcp"].monthly == pytest.approx(stored + moved + 1e10 * 4e-07 + ports, rel=1e-9)


def test_a_class_with_a_minimum_duration_serves_a_plan_that_deletes_nothing():
    assert outcomes(train__experiments=0.0)["r2"].storage_class == "r2.infrequent-access"
    kept = outcomes(train__experiments=0.0, dataset__retention_months=6.0)
    assert kept["r2"].storage_class == "r2.standard"


def test_objects_of_a_kilobyte_are_cheapest_where_requests_are_and_their_uploads_are_billed():
    # 5 PB in objects of 1 kB are 5e12 GETs a pass: $2M on S3 Standard, $0.15M on Express One Zone.
    changes = {"representation__2__object_mb": 0.001, "dataset__opening": 0.0, "dataset__ramp_months": 2.0}
    kept, uploaded = (outcomes(**changes, requests__uploads=said)["aws"] for said in ("no", "yes"))
    assert kept.storage_class == uploaded.storage_class == "aws.s3.express-one-zone"
    # Half of both in the first month: 5 PB at $0.0032 a GB, 5e8 and 2.5e12 PUTs at $1.13 a million.
    written = 5e15 / 2**30 * 0.0032 + (5e8 + 2.5e12) * 1.13e-6
    assert uploaded.months[0] - kept.months[0] == pytest.approx(written, rel=1e-9)


def test_gpus_that_are_rented_inside_stay_there():
    inside = outcomes(train__route="aws.same-region")
    assert (inside["aws"].route, inside["r2"].route) == ("aws.same-region", "r2.internet")
    assert outcomes(train__route="aws.cross-region")["aws"].route == "aws.cross-region"


def test_the_own_site_is_the_last_row_and_the_model_s_cash(article):
    assert list(article)[-1] == "own"
    site = own_site(evaluate(preset("article"))).months("cash")
    assert article["own"].months == pytest.approx(site)


def test_training_gpus_are_a_memo_and_give_the_share_of_the_data():
    # 1.25 million GPU hours at $1 beside 7.597 million dollars of data.
    found = outcomes()
    assert found["plan"].terms.gpus == pytest.approx(1.25e6)
    assert found["plan"].data_share == pytest.approx(7_597_000.73 / (7_597_000.73 + 1.25e6), rel=1e-9)
    dear = outcomes(barrier__gpu_usd_per_hour=4.0, money__fx=0.5)
    assert dear["plan"].terms.gpus == pytest.approx(2.5e6)
    assert dear["plan"].cumulative == pytest.approx(found["plan"].cumulative / 2)


def test_ports_follow_the_busiest_month():
    def ports(experiments):
        bill = evaluate(plan_of(train__experiments=experiments))
        return placed(bill, Place("aws.s3.standard", "aws.direct-connect")).number("train.ports")

    # One pass of 5 PB in 730 h is 15.2 Gbit/s of the 80 that a port carries.
    assert [ports(n) for n in (1, 5, 6, 10, 11)] == pytest.approx([1, 1, 2, 2, 3])


def test_gpu_time_is_left_out_of_the_plan():
    bill = evaluate(preset("complete"))
    gpu = sum(charge.effective for charge in bill.charges if charge.line.meter == "encode.gpu_usd_per_hour")
    found = outcomes("complete")
    assert found["plan"].months == pytest.approx((bill.total - gpu)[:, 0])
    assert found["own"].months == pytest.approx(own_site(bill).months("cash") - gpu[:, 0])
    assert np.any(gpu > 0)


def test_a_ramp_lowers_the_first_months():
    ramped = outcomes(dataset__ramp_months=6.0, dataset__opening=0.0)
    assert ramped["plan"].cumulative < 3 * 2_532_333.58 * 0.5
    # A sixth more each month: after three of them a sixth, two and three sixths have been stored and read.
    assert ramped["r2"].months[5] == pytest.approx(outcomes()["r2"].months[0])


def test_currency_and_escalation_apply_to_every_row():
    plain, euro = outcomes(), outcomes(money__fx=0.5, money__escalation=0.21)
    for key in ("plan", "aws", "r2"):
        assert euro[key].months[0] == pytest.approx(plain[key].months[0] / 2)
        assert euro[key].months[6] == pytest.approx(plain[key].months[6] / 2 * 1.1)
    bills = [evaluate(plan_of()), evaluate(plan_of(money__fx=0.5))]
    assert way_cost(bills[1], internet_way()) == pytest.approx(way_cost(bills[0], internet_way()))  # USD


def test_the_funding_is_dollars_that_pay_dollars_whatever_currency_the_plan_reports_in():
    # A rate that moves changes no month that is paid; what is left is told at the rate of the last month.
    plain = outcomes()
    euro = barrier(evaluate(preset("article").with_overrides([("money.fx", 0.9), ("money.fx@2027-03", 0.8)])))
    for found in euro:
        assert found.runway == pytest.approx(plain[found.id].runway)
        assert found.left == pytest.approx(0.8 * plain[found.id].left)
        paid = plain[found.id].months[:3] @ [0.9, 0.9, 0.8]
        assert found.cumulative == pytest.approx(paid)
        # 1.25 million GPU hours at $1, a third each month: 1.25e6 x (0.9 + 0.9 + 0.8) / 3.
        assert found.terms.gpus == pytest.approx(1_083_333.33, abs=0.01)
        assert found.data_share == pytest.approx(paid / (paid + 1_083_333.33), rel=1e-8)


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
    outcome = Outcome("x", "x", "aws", "", "", np.array(months, dtype=float), terms(funding))
    assert outcome.runway == pytest.approx(runway)


def test_what_is_left_is_negative_where_the_funding_is_not_enough():
    found = outcomes(barrier__funding=1e6)
    assert found["plan"].left == pytest.approx(1e6 - 7_597_000.73, abs=0.01)
    assert found["r2"].left > 0


def test_every_way_is_priced_by_flat_data_that_the_sheets_can_follow():
    for way in ways():
        item = price_book().storage_class(way.storage_class)
        assert not item.by_last_access and not item.per_object and not item.monitoring, way.id
        assert way.route.split(".")[0] == way.storage_class.split(".")[0]
    assert (ways()[0].storage_class, ways()[0].route) == ("aws.s3.standard", "aws.internet")


def test_a_place_without_a_price_on_the_plan_s_day_is_left_out_and_named():
    # By June 2025 the book has the prices of S3 and of the internet, none of Direct Connect and none of CoreWeave:
    # a month is 196,140.94 of storage, 2,332,192.64 of egress and 4,000 of requests, as the plan's own.
    rows = {row[0]: row for row in call("VIDEO_BARRIER", ["article", 3.0, [["money.as_of", "2025-06-01"]]])}
    aws = next(row for row in rows.values() if row[1] == "aws" and row[0] != "This plan")
    assert aws[2:4] == ["aws.s3.standard", "aws.internet"]
    assert aws[5] == pytest.approx(3 * (196_140.94 + 2_332_192.64 + 4_000), abs=0.05)
    for provider in ("coreweave", "gcp", "own"):
        (row,) = (row for row in rows.values() if row[1] == provider)
        assert row[2:4] == ["left out", "no price on 2025-06-01"]
        assert {str(cell) for cell in row[4:]} == {"#N/A"}
        assert all("no price on 2025-06-01" in cell.message for cell in row[4:])
    # Its policy still says no, whatever it cost.
    assert "wasabi" not in {row[1] for row in rows.values()}


def test_a_place_needs_a_price_of_the_same_meters_in_the_model_and_on_the_sheets():
    for provider, classes in priced_classes().items():
        for item, candidate in zip(classes, classes_of(provider), strict=True):
            assert class_meters(item) == set(candidate.meters), item.id
        for route, candidate in zip(priced_routes(provider), routes_of(provider), strict=True):
            assert route_meters(route) == set(candidate.meters), route.id
