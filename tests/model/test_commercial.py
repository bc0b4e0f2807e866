"""List, contracted and effective prices; commitment, support, escalation, currencies; the article's routes."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import NotInBookError

STORAGE = 196_140.94  # 10 PB on S3 Standard, see test_article_bill
GB = 5e15 / 2**30
CENT = 0.005
QUIET = {"train.experiments": 0}


def test_the_article_s_plan_by_route(priced):
    internet = priced().total[0]
    assert internet == pytest.approx(2.53e6, abs=5e3)
    in_region = priced({"train.route": "aws.same-region"}).total[0]
    assert in_region == pytest.approx(STORAGE + 4_000, abs=CENT)  # 0.20M


def test_by_cloudfront_the_article_s_plan_costs_1_18_million(priced):
    # CloudFront pricing page, United States: 1,024 GB and 10 million requests are free, inside the tiers.
    data = (10_240 - 1_024) * 0.085 + 40_960 * 0.08 + 102_400 * 0.06 + (512_000 - 153_600) * 0.04
    data += (1_048_576 - 512_000) * 0.03 + (5_242_880 - 1_048_576) * 0.025 + (10 * GB - 5_242_880) * 0.02
    requests = (10e9 - 10e6) * 1e-6
    total = priced({"train.route": "aws.cloudfront"}).total[0]
    assert total == pytest.approx(STORAGE + 4_000 + data + requests, abs=CENT)
    assert round(total / 1e6, 2) == 1.18


def test_by_direct_connect_with_two_ports_the_article_s_plan_costs_1_16_million(priced):
    ports = 2 * 22.50 * 730
    total = priced({"train.route": "aws.direct-connect", "train.ports": 2}).total[0]
    assert total == pytest.approx(STORAGE + 4_000 + 10 * GB * 0.02 + ports, abs=CENT)
    assert round(total / 1e6, 2) == 1.16


def test_on_r2_the_article_s_plan_costs_0_15_million(priced):
    r2 = {"representation.1.class": "r2.standard", "representation.2.class": "r2.standard"}
    total = priced(r2 | {"train.route": "r2.internet"}).total[0]
    # 10 million GB (10^9) less 10 free at 0.015; 10,000 million reads less 10 free at 0.36.
    assert total == pytest.approx((10e6 - 10) * 0.015 + (10_000 - 10) * 0.36, abs=CENT)
    assert round(total / 1e6, 2) == 0.15


def test_the_public_bill_of_10_pb_is_0_55_of_the_list(priced):
    # One public bill: 10 PB on S3 for 1.3 million USD a year, after discounts and class mix.
    yearly = sum(priced(QUIET | {"commercial.discount": 0.45}).total)
    assert yearly == pytest.approx(1.3e6, rel=0.005)


def charged(amount):
    """Overrides under which AWS charges so much a month before support."""
    rate = {"rate.aws.s3.standard.storage": amount / (2 * GB)}
    return QUIET | rate | {"commercial.support_basis": "contracted"}


@pytest.mark.parametrize(
    ("plan", "start", "charges", "support"),
    [
        # the worked examples of the AWS support plans page
        ("aws.support.business", "2026-01-01", 85_000, 6_150),
        ("aws.support.enterprise", "2027-01-01", 1_200_000, 70_500),
        # 9% of 10,000, 7% of 70,000, 5% of 170,000, 3% of the rest
        ("aws.support.business-plus", "2027-01-01", 300_000, 900 + 4_900 + 8_500 + 1_500),
        # 10% of a million, 6% of four, 5% of the rest
        ("aws.support.unified-operations", "2027-01-01", 6_000_000, 100_000 + 240_000 + 50_000),
        ("aws.support.developer", "2026-01-01", 10_000, 300),
        # the greater of 5,500 and 10% of everything, without bands
        ("aws.support.enterprise-on-ramp", "2026-01-01", 1_200_000, 120_000),
        ("aws.support.enterprise-on-ramp", "2026-01-01", 54_000, 5_500),
        # the minimum fees
        ("aws.support.business", "2026-01-01", 500, 100),
        ("aws.support.business-plus", "2027-01-01", 300, 29),
        ("aws.support.enterprise", "2025-12-01", 1_000, 15_000),
        ("aws.support.enterprise", "2026-01-01", 1_000, 5_000),
        ("aws.support.unified-operations", "2027-01-01", 400_000, 50_000),
        ("aws.support.developer", "2026-01-01", 900, 29),
        # which is due in a month without charges too
        ("aws.support.enterprise", "2026-01-01", 0, 5_000),
    ],
)
def test_support_plans_cost_what_their_page_works_out(priced, plan, start, charges, support):
    bill = priced(charged(charges) | {"commercial.support": plan, "calendar.start": start})
    assert bill.quantity("support.plan")[0] == pytest.approx(charges)
    assert bill.line("support.plan")[0] == pytest.approx(support)


def test_enterprise_support_has_its_new_minimum_from_the_month_after_it_fell(priced):
    # 15,000 before 2025-12-02 and 5,000 after: December began at the old one.
    bill = priced(charged(1_000) | {"commercial.support": "aws.support.enterprise", "calendar.start": "2025-10-01"})
    assert bill.line("support.plan") == pytest.approx([15_000] * 3 + [5_000] * 9)


@pytest.mark.parametrize(
    ("plan", "start", "said"),
    [
        ("aws.support.business", "2027-01-01", "not on sale in 2027-01 and 11 other months"),
        ("aws.support.business", "2026-02-01", "not on sale in 2027-01 of the plan"),
        ("aws.support.developer", "2026-07-01", "not on sale in 2027-01 and 5 other months"),
        ("aws.support.enterprise-on-ramp", "2026-02-01", "not on sale in 2027-01 of the plan"),
        ("aws.support.business-plus", "2025-12-01", "not on sale in 2025-12 of the plan"),
    ],
)
def test_a_support_plan_that_is_not_on_sale_in_a_month_is_refused_with_those_that_are(priced, plan, start, said):
    with pytest.raises(NotInBookError) as caught:
        priced({"commercial.support": plan, "calendar.start": start})
    assert f"{plan} is {said}" in caught.value.message
    sold = (
        ("developer", "business", "enterprise", "enterprise-on-ramp")
        if start.startswith("2025")
        else ("business-plus", "enterprise", "unified-operations")
    )
    assert caught.value.message.endswith(": " + ", ".join(f"aws.support.{name}" for name in sold) + ".")


def test_a_meter_that_is_no_support_plan_is_refused(priced):
    with pytest.raises(NotInBookError, match=r"support plan 'aws.s3.standard.storage' is not known.*aws.support.enter"):
        priced({"commercial.support": "aws.s3.standard.storage"})


@pytest.mark.parametrize(
    ("basis", "base"),
    [
        (None, STORAGE),  # as AWS bills it: neither the private rate nor the discount lowers it
        ("contracted", 2 * GB * 0.02),
        ("effective", 2 * GB * 0.02 * 0.75),
    ],
)
def test_support_is_a_share_of_list_charges_unless_the_contract_says_otherwise(priced, basis, base):
    terms = {"commercial.discount": 0.25, "rate.aws.s3.standard.storage": 0.02}
    turned = {} if basis is None else {"commercial.support_basis": basis}
    bill = priced(QUIET | terms | turned | {"commercial.support": "aws.support.business-plus"})
    assert bill.quantity("support.plan") == pytest.approx([base] * 12, abs=CENT)
    # Bands of Business Support+: 9% of 10,000, 7% of the next 70,000, 5% of what is above 80,000 up to 250,000.
    assert bill.line("support.plan") == pytest.approx([900 + 4_900 + 0.05 * (base - 80_000)] * 12, abs=CENT)


def test_a_discount_leaves_the_support_of_every_stage_as_it_was(priced):
    listed = priced(preset_name="complete")
    discounted = priced({"commercial.discount": 0.3}, "complete")
    assert sum(discounted.total) < 0.8 * sum(listed.total)
    assert discounted.line("support.plan") == pytest.approx(listed.line("support.plan"), rel=1e-12)


def test_what_is_missing_to_the_commitment_is_billed(priced):
    bill = priced(QUIET | {"commercial.commitment_usd": 500_000, "commercial.commitment_usd@2027-12": 100_000})
    assert bill.line("support.shortfall") == pytest.approx([500_000 - STORAGE] * 11 + [0], abs=CENT)


def test_only_the_chosen_stages_count_towards_the_commitment(priced):
    bill = priced({"commercial.commitment_usd": 5_000, "commercial.commitment_stages": "train"} | QUIET)
    assert bill.line("support.shortfall") == [5_000] * 12
    full = priced({"commercial.commitment_usd": 5_000, "commercial.commitment_stages": "train store"} | QUIET)
    assert full.line("support.shortfall") == [0.0] * 12


@pytest.mark.parametrize(("counts", "stages"), [("no", "all"), ("yes", "all"), ("yes", "store")])
def test_support_counts_towards_the_commitment_where_the_contract_says_so(priced, counts, stages):
    terms = {"commercial.commitment_usd": 500_000, "commercial.support": "aws.support.enterprise"}
    choice = {"commercial.commitment_support": counts, "commercial.commitment_stages": stages}
    bill = priced(QUIET | terms | choice)
    # Enterprise: 10% of 150,000 and 7% of the rest; storage alone leaves 303,859.06 of the 500,000.
    support = 15_000 + 0.07 * (STORAGE - 150_000)
    assert bill.line("support.plan") == pytest.approx([support] * 12, abs=CENT)
    missing = 500_000 - STORAGE - (support if counts == "yes" else 0)
    assert bill.line("support.shortfall") == pytest.approx([missing] * 12, abs=CENT)


def test_another_provider_s_bill_does_not_count_towards_the_commitment_or_support(priced):
    terms = {"commercial.commitment_usd": 500_000, "commercial.support": "aws.support.business-plus"}
    staying, leaving = priced(QUIET | terms), priced(QUIET | terms | {"exit.month": 6, "exit.double_run_months": 3})
    assert leaving.line("exit.double")[7] > 0
    assert leaving.line("support.shortfall")[7] == staying.line("support.shortfall")[7]
    assert leaving.line("support.plan")[7] == staying.line("support.plan")[7]


def test_a_discount_lowers_the_effective_amount_only_and_only_its_provider_s(priced):
    bill = priced({"commercial.discount": 0.1, "commercial.discount_provider": "aws", "staging.on": "yes"})
    store = bill.bill.line("store.raw")
    assert store.effective[0, 0] == pytest.approx(0.9 * store.list_amount[0, 0])
    assert store.contracted[0, 0] == store.list_amount[0, 0]
    staged = bill.bill.line("store.staging")
    assert staged.effective[0, 0] == staged.list_amount[0, 0]


def test_a_private_rate_from_july_on_is_written_for_each_month(priced):
    meter = "aws.transfer.internet-out"
    bill = priced({f"rate.{meter}@2027-{month:02d}": 0.02 for month in range(7, 13)})
    egress = bill.lines("train.features.transfer")
    assert egress[:6] == pytest.approx([2_332_192.64] * 6, abs=CENT)
    assert egress[6:] == pytest.approx([10 * GB * 0.02] * 6)
    charge = bill.bill.line("train.features.transfer.aws.transfer.internet-out")
    assert charge.list_amount.min() == pytest.approx(2_332_192.64, abs=CENT)


def test_a_private_rate_may_be_written_in_any_case(priced):
    assert priced(QUIET | {"rate.AWS.S3.Standard.Storage": 0.01}).total[0] == pytest.approx(2 * GB * 0.01)


def test_list_prices_rise_month_by_month_and_private_rates_do_not(priced):
    bill = priced({"money.escalation": 0.06, "rate.aws.transfer.internet-out": 0.03})
    assert bill.stage("store")[0] == pytest.approx(STORAGE, abs=CENT)
    assert bill.stage("store")[6] == pytest.approx(STORAGE * 1.06**0.5, abs=CENT)
    assert bill.lines("train.features.transfer") == pytest.approx([10 * GB * 0.03] * 12)


def test_reporting_amounts_follow_each_month_s_rate_and_turn_back_into_dollars(priced):
    bill = priced({"money.currency": "EUR", "money.fx": 0.9, "money.fx@2027-03": 0.8})
    reporting = bill.bill.reporting(bill.bill.total)[:, 0]
    assert reporting[1:3] / bill.bill.total[1:3, 0] == pytest.approx([0.9, 0.8])
    back = reporting / bill.bill.state.monthly("money.fx")[:, 0]
    assert back == pytest.approx(bill.total, rel=1e-15)


def test_march_with_eight_experiments_costs_eight_passes_and_the_other_months_ten(priced):
    bill = priced({"train.experiments@2027-03": 8})
    # 40 PB less the first 153,700 GB, see test_article_bill, at 0.05.
    march = 921.60 + 3_481.60 + 7_168 + (8 * GB - 153_700) * 0.05
    assert bill.lines("train.features.transfer")[2] == pytest.approx(march, abs=CENT)
    others = [amount for month, amount in enumerate(bill.total) if month != 2]
    assert others == pytest.approx([2_532_333.58] * 11, abs=CENT)
    assert bill.stage("store") == pytest.approx([STORAGE] * 12, abs=CENT)


def test_prices_as_of_a_day_before_the_book_are_refused(priced):
    with pytest.raises(Exception, match="no price on 1999-01-01") as caught:
        priced({"money.as_of": "1999-01-01"})
    assert caught.value.excel == "#N/A"
