"""The own data centre: sizes and costs by hand, balances against a second computation, loss against a Markov chain."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from vidcost_xl.errors import BadArgumentError, NotInBookError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.lines import State
from vidcost_xl.model.own import own_site, own_table, per_tb
from vidcost_xl.model.own_money import own_money
from vidcost_xl.model.own_rows import yearly_loss

JANUARY = 0

#: One pass of 5 PB to the internet on AWS, worked out in tests/functions/test_worked_numbers.
PASS_OF_5_PB = 236_716.84
GB_OF_5_PB = 5e15 / 2**30


@pytest.fixture
def site():
    """A function from overrides of a preset to its own site."""

    def build(overrides=None, preset_name="article"):
        return own_site(evaluate(preset(preset_name).with_overrides((overrides or {}).items())))

    return build


@pytest.fixture
def at_once():
    """Overrides under which the site holds everything from the first month."""
    return {"own.lead_months": 0, "own.ramp_months": 0}


def test_nothing_of_it_changes_the_bill_of_the_plan():
    plain = evaluate(preset("complete")).total
    changed = {"own.lead_months": 1, "own.staff_fte": 50, "own.drive_tb": 4, "own.copies": 3, "wait.people": 9}
    assert np.array_equal(evaluate(preset("complete").with_overrides(changed.items())).total, plain)


def test_every_row_reads_what_it_declares_and_nothing_else():
    for name in ("article", "complete"):
        bill = evaluate(
            preset(name).with_overrides(
                [("wait.on", "yes"), ("limits.link_gbps", 9), ("limits.gpus", 9), ("limits.samples_per_gpu_second", 9)]
            )
        )
        built = own_site(bill)
        state = State(bill.state.values, bill.state.months)
        for row in built.rows:
            state.read.clear()
            state.values[row.id] = row.compute(state)
            assert state.read - {"commercial.discount"} <= set(row.precedents), row.id
            assert set(row.precedents) - {"commercial.discount"} <= state.read, row.id


def test_the_data_arrive_after_the_lead_in_equal_steps(site):
    share = site({"own.lead_months": 4, "own.ramp_months": 5}).months("share")
    assert share == pytest.approx([0, 0, 0, 0, 0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1])


def test_10_pb_with_17_and_3_shards_filled_to_85_percent_take_495_drives_of_28_tb(site, at_once):
    built = site(at_once)
    assert built.months("raw_tb")[0] == pytest.approx(10_000 * 20 / 17 / 0.85)  # 13,841 TB
    assert built.months("drives")[0] == 495
    assert built.months("chassis")[0] == 21  # 24 bays
    assert built.months("kw")[0] == 495 * 12.5 / 1_000


def test_two_full_copies_take_841_drives(site, at_once):
    built = site(at_once | {"own.protection": "copies", "own.copies": 2})
    assert built.months("drives")[0] == 841  # 10,000 x 2 / 0.85 / 28 = 840.3


def test_ten_passes_of_5_pb_a_month_are_154_gbit_on_average_and_billed_at_the_95th_percentile(site, at_once):
    built = site(at_once)
    assert built.months("out_mbps")[1] == pytest.approx(10 * 5e15 * 8 / (30 * 86_400) / 1e6)
    assert built.months("out_mbps")[1] / 1_000 == pytest.approx(154.3, abs=0.05)
    assert built.months("mbps")[1] == pytest.approx(1.5 * built.months("out_mbps")[1])
    assert built.months("transit_cost")[1] == pytest.approx(231_481.48 * 0.075, abs=0.01)


def test_reads_beside_the_storage_leave_the_commitment_alone(site, at_once):
    built = site(at_once | {"own.remote_share": 0})
    assert built.months("mbps")[2] == 10_000
    assert built.months("transit_cost")[2] == pytest.approx(750)


def test_data_that_come_in_count_where_they_are_more_than_what_goes_out(site, at_once):
    fetched = {"acquire.on": "yes", "dataset.opening": 0, "train.experiments": 0}
    built = site(at_once | fetched)
    assert built.months("mbps")[JANUARY] == pytest.approx(1.5 * 5e15 * 8 / (30 * 86_400) / 1e6)


def test_the_cloud_bill_goes_on_until_the_data_have_moved_and_every_byte_moves_once(site):
    built = site({"own.lead_months": 3, "own.ramp_months": 2})
    bill = built.months("cloud")
    assert built.months("bridge") == pytest.approx(bill * [1, 1, 1, 0.5, *[0] * 8])
    assert built.months("moved_tb") == pytest.approx([0, 0, 0, 5_000, 5_000, *[0] * 7])
    # 5 PB a month leave by the way out of the plan: on top of five passes, which have passed the dearer tiers, and then
    # alone, as dear as one pass of 5 PB.
    assert built.months("migration") == pytest.approx([0, 0, 0, GB_OF_5_PB * 0.05, PASS_OF_5_PB, *[0] * 7], abs=0.01)


def test_a_waiver_makes_the_move_free_and_a_site_from_scratch_moves_nothing(site, at_once):
    assert not site({"exit.waived": "yes"}).months("migration").any()
    assert not site(at_once | {"dataset.opening": 0}).months("migration").any()


def test_the_move_to_an_own_site_is_switching_too_and_free_in_the_union_from_february_2027(site):
    # The data move in the third and fourth month: January and February 2027.
    terms = {"own.lead_months": 2, "calendar.start": "2026-11-01", "exit.law": "eu"}
    moved = site(terms).months("migration")
    assert moved == pytest.approx([0, 0, GB_OF_5_PB * 0.05, *[0] * 9], abs=0.01)


def test_gpu_time_and_proxies_stay_on_both_sides(site):
    built = site(preset_name="complete")
    bill = evaluate(preset("complete"))
    names = {"acquire.proxy", "encode.features.gpu"}
    stays = sum(bill.line(name).effective[:, 0] for name in names)
    assert built.months("stays") == pytest.approx(np.broadcast_to(stays, 12))
    assert built.months("moves") + built.months("stays") == pytest.approx((bill.total - bill.stage("exit"))[:, 0])


def test_leaving_at_the_end_is_a_cost_of_both_plans_or_of_neither(site):
    bill = evaluate(preset("complete"))
    leaving = bill.stage("exit")[:, 0]
    assert leaving[11] > 2e6
    neither, both = site(preset_name="complete"), site({"own.leaving": "both"}, "complete")
    assert both.months("cloud") == pytest.approx(bill.total[:, 0])
    for plan in ("cloud", "cash", "pnl"):
        assert both.months(plan) - neither.months(plan) == pytest.approx(leaving, abs=1e-6), plan


def test_the_move_is_billed_above_the_move_out_in_the_same_month(site, at_once):
    # Everything moves to the site in month 1, when the plan leaves the cloud too: one pool of 20 PB over the internet.
    terms = at_once | {"train.experiments": 0, "exit.month": 1}
    assert site(terms).months("migration")[0] == pytest.approx(PASS_OF_5_PB + GB_OF_5_PB * 0.05, abs=0.01)
    assert site(terms | {"own.leaving": "both"}).months("migration")[0] == pytest.approx(2 * GB_OF_5_PB * 0.05)


def test_the_move_pays_for_requests_and_retrieval_at_the_class_that_holds_the_data(site, at_once):
    # 5 PB of videos out of Glacier Instant at 0.03 a GB, a billion GETs at 0.01 for 1,000; a billion of the features at
    # 0.0004 for 1,000.
    moved = site(at_once | {"representation.1.class": "aws.s3.glacier-instant"}).months("readout")
    assert moved == pytest.approx([GB_OF_5_PB * 0.03 + 10_000 + 400, *[0] * 11])
    half = {"representation.1.second_class": "aws.s3.glacier-instant", "representation.1.second_share": 0.5}
    moved = site(at_once | half).months("readout")
    assert moved[0] == pytest.approx(GB_OF_5_PB * 0.03 / 2 + 5_000 + 200 + 400)


def test_the_move_reads_checkpoints_at_their_class(site, at_once):
    # One state of 300 billion parameters at 14 bytes, in Glacier Instant: 0.03 a GB and one GET at 0.01 for 1,000; two
    # billion GETs of videos and features at 0.0004 for 1,000.
    kept = {"checkpoint.on": "yes", "checkpoint.class": "aws.s3.glacier-instant", "checkpoint.saves": 1}
    size = {"checkpoint.kept": 1, "checkpoint.parameters": 300e9, "checkpoint.bytes_per_parameter": 14}
    moved = site(at_once | kept | size).months("readout")
    assert moved[0] == pytest.approx(800 + 4.2e12 / 2**30 * 0.03 + 0.01 / 1_000, rel=1e-12)


def test_requests_of_the_move_are_those_of_the_key_service_and_the_event_log_too(site, at_once):
    # Two billion GETs: at 0.0004 for 1,000 on S3, at 0.03 for 10,000 beyond 20,000 free on KMS, at 1 a million logged.
    terms = {"requests.kms_share": 1, "requests.logging_usd_per_million": 1}
    moved = site(at_once | terms).months("readout")
    assert moved[0] == pytest.approx(800 + (2e9 - 20_000) * 0.03 / 10_000 + 2_000, rel=1e-12)


def test_the_move_out_of_another_region_reaches_the_key_service_too(site, at_once):
    # Two billion GETs: at 0.00043 for 1,000 in Frankfurt, and at 0.03 for 10,000 beyond 20,000 free on KMS.
    there = {f"representation.{n}.class": "aws.s3.standard@eu-central-1" for n in (1, 2)}
    there |= {"train.route": "aws.internet@eu-central-1", "exit.route": "aws.internet@eu-central-1"}
    unread = {f"representation.{n}.read_share": 0 for n in (1, 2)} | {"requests.uploads": "no"}
    moved = site(at_once | there | unread | {"requests.kms_share": 1}).months("readout")
    assert moved[0] == pytest.approx(860 + (2e9 - 20_000) * 0.03 / 10_000, rel=1e-12)


def test_what_two_representations_move_at_one_meter_shares_its_allowance(site, at_once):
    # Two billion GETs on R2: 10 million of them are free, the others cost 0.36 a million.
    there = {f"representation.{n}.class": "r2.standard" for n in (1, 2)}
    moved = site(at_once | there | {"train.route": "r2.internet", "exit.route": "r2.internet"}).months("readout")
    assert moved[0] == pytest.approx((2_000 - 10) * 0.36, rel=1e-12)


def test_the_move_is_free_up_to_three_times_the_bytes_at_b2_less_what_training_reads(site):
    there = {f"representation.{n}.class": "b2.standard" for n in (1, 2)}
    there |= {"train.route": "b2.internet", "exit.route": "b2.internet", "own.lead_months": 2, "own.ramp_months": 2}
    # Month 3: 10 PB are there as it begins and half of 11 passes of 5 PB is read, so that 2.5 PB are left free of the
    # 5 PB that move, and 2.5 million GB cost 0.01 each. Month 4: 5 PB are there, and 15 PB free.
    moved = site(there | {"train.experiments": 11}).months("migration")
    assert moved == pytest.approx([0, 0, 25_000, *[0] * 9])
    # Half of 7 passes leaves 12.5 PB free: enough, unless the plan counts leaving, 10 PB in the same month.
    fewer = there | {"train.experiments": 7, "exit.month": 3}
    assert not site(fewer).months("migration").any()
    assert site(fewer | {"own.leaving": "both"}).months("migration") == pytest.approx([0, 0, 25_000, *[0] * 9])


def test_servers_network_and_power_follow_the_passes_where_these_need_more_than_the_drives(site, at_once):
    # 15 experiments of 5 PB are 231 Gbit/s on average, 347 at the 95th percentile: 18 chassis of 20 Gbit/s, 35 of 10.
    plain = site(at_once | {"train.experiments": 15})
    assert plain.months("served_mbps")[0] == pytest.approx(1.5 * 15 * 5e15 * 8 / (30 * 86_400) / 1e6)
    assert plain.months("chassis")[0] == 21  # 495 drives in 24 bays fill as many
    slow = site(at_once | {"train.experiments": 15, "own.chassis_gbps": 10})
    assert slow.months("chassis")[0] == 35
    assert slow.months("chassis_cost")[0] == pytest.approx(35 * (350 + 915))
    assert slow.months("kw")[0] == pytest.approx((495 * 12.5 + 14 * 300) / 1_000)
    # Reads beside the storage need the servers too; fewer passes later leave them standing.
    near = site(at_once | {"train.experiments": 15, "own.chassis_gbps": 10, "own.remote_share": 0})
    assert near.months("chassis")[0] == 35
    fewer = site(at_once | {"train.experiments": 15, "own.chassis_gbps": 10, "train.experiments@2027-05": 1})
    assert (fewer.months("chassis") == 35).all()


def test_a_commitment_is_due_after_the_move_as_long_as_it_binds(site):
    promised = {"commercial.commitment_usd": 1e6, "own.ramp_months": 2, "own.commitment_months": 9}
    # 2,532,333.58 a month count in full, half of it in the month of half the data.
    due = site(promised).months("committed")
    assert due == pytest.approx([0, 0, 0, 0, 0, 0, 0, 1e6, 1e6, 0, 0, 0])
    half = site(promised | {"commercial.commitment_usd": 2e6}).months("committed")
    assert half[6] == pytest.approx(2e6 - 2_532_333.58 / 2, abs=0.01)
    unused = site(promised | {"commercial.commitment_usd": 3e6})
    # What the plan in the cloud leaves unused is in its own bill until the move, and not counted twice.
    assert unused.months("committed")[:6] == pytest.approx(np.zeros(6), abs=1e-6)
    assert unused.months("bridge")[0] == pytest.approx(3e6)
    assert unused.months("committed")[6] + unused.months("bridge")[6] == pytest.approx(3e6)


def test_a_tb_that_the_plan_drops_leaves_its_drives(site, at_once):
    built = site(at_once | {"dataset.videos@2027-05": 0.5e9})
    assert built.months("drives_needed")[4] == 248
    assert (built.months("drives") == 495).all()
    assert built.months("drives_bought").sum() == 495


def test_hardware_is_bought_again_after_its_life_at_the_price_of_that_day(site, at_once):
    built = site(at_once | {"own.life_months": 5, "own.drive_trend": 0.2})
    assert built.months("drives_bought") == pytest.approx([495, 0, 0, 0, 0, 495, 0, 0, 0, 0, 495, 0])
    cost = built.months("drives_cost")
    assert cost[0] == pytest.approx(495 * 1.02 * 28 * 21.96)
    assert cost[5] / cost[0] == pytest.approx(1.2 ** (5 / 12))


def growing():
    """A site that grows, is replaced and sold: the hard case for the balances."""
    return {
        "own.lead_months": 2,
        "own.ramp_months": 3,
        "own.life_months": 4,
        "own.residual": 0.2,
        "own.deposit": 0.4,
        "own.drive_trend": 0.3,
        "dataset.growth": 0.04,
        "calendar.months": 24,
        "money.fx@2027-06": 0.8,
    }


def test_book_values_are_those_of_each_purchase_followed_on_its_own(site):
    built = site(growing())
    bought, months, life, residual = built.months("additions"), 24, 4, 0.2
    depreciation, closing = np.zeros(months), np.zeros(months)
    for at, cost in enumerate(bought):
        for age in range(life):
            if at + age < months:
                depreciation[at + age] += cost * (1 - residual) / life
                closing[at + age] += cost - cost * (1 - residual) / life * (age + 1)
    # At the end of its life each purchase is sold for its residual value and leaves the books.
    assert built.months("depreciation") == pytest.approx(depreciation)
    assert built.months("book_close") == pytest.approx(closing)
    assert built.months("disposals")[life:] == pytest.approx(bought[:-life] * residual)


def test_balances_roll_forward(site):
    built = site(growing())
    for opening, added, removed, closing in (
        ("book_open", ("additions",), ("depreciation", "disposals"), "book_close"),
        ("prepaid_open", ("deposits",), ("delivered",), "prepaid_close"),
    ):
        change = sum(built.months(key) for key in added) - sum(built.months(key) for key in removed)
        assert built.months(opening) + change == pytest.approx(built.months(closing), abs=1e-6)
        assert built.months(opening)[1:] == pytest.approx(built.months(closing)[:-1], abs=1e-6)
        assert built.months(opening)[0] == 0


def test_cash_and_profit_and_loss_differ_by_book_value_and_deposits_in_every_month(site):
    built = site(growing())
    gap = np.cumsum(built.months("cash") - built.months("pnl"))
    assert gap == pytest.approx(built.months("book_close") + built.months("prepaid_close"), abs=1e-4)
    assert built.months("unreconciled") == pytest.approx(np.zeros(24), abs=1e-4)


def test_over_a_whole_life_cash_and_profit_and_loss_are_the_same(site, at_once):
    # Bought in month 1, sold in month 12, the last of the plan; nothing is bought again.
    plan = preset("article").with_overrides({**at_once, "own.life_months": 11, "own.residual": 0.25}.items())
    built = own_site(evaluate(plan))
    first = slice(0, 11)
    spent = built.months("capex_paid")[first].sum() - 0.25 * built.months("additions")[0]
    assert built.months("depreciation")[first].sum() == pytest.approx(spent)


def test_deposits_are_paid_as_many_months_ahead_as_the_site_takes(site):
    built = site({"own.lead_months": 4, "own.ramp_months": 2, "own.deposit": 0.25})
    bought = built.months("additions")
    assert built.months("deposits")[:2] == pytest.approx(bought[4:6] * 0.25)
    assert built.months("capex_paid")[4:6] == pytest.approx(bought[4:6] * 0.75)
    assert built.months("capex_paid").sum() == pytest.approx(bought.sum())


def test_interest_is_on_what_is_tied_up_at_the_start_of_the_month(site):
    built = site({"own.cost_of_capital": 0.12})
    tied = built.months("book_open") + built.months("prepaid_open")
    assert built.months("interest") == pytest.approx(tied * 0.01)
    assert built.months("pnl_all") - built.months("pnl") == pytest.approx(built.months("interest"))


def test_metered_power_is_on_top_with_the_cooling_and_included_power_is_not(site, at_once):
    metered = {
        "own.power": "metered",
        "own.pue": 1.5,
        "own.usd_per_kwh": 0.08,
        "own.colocation": "own.colocation.wholesale-space",
    }
    built = site(at_once | metered)
    assert built.months("power")[0] == pytest.approx(6.1875 * 1.5 * 730 * 0.08)
    assert built.months("space")[0] == pytest.approx(6.1875 * 184.06)
    assert not site(at_once).months("power").any()


def test_1_36_percent_of_the_drives_are_bought_anew_each_year(site, at_once):
    built = site(at_once)
    assert built.months("replacements").sum() == pytest.approx(495 * 0.0136 * 28 * 21.96)


def test_a_quote_of_a_month_replaces_the_price_of_that_month(site):
    quote = {"rate.own.drive.hdd-28tb-exos-renewed@2027-08": 40.0, "own.ramp_months": 2}
    built, plain = site(quote), site({"own.ramp_months": 2})
    assert built.months("drive_price")[6:9] == pytest.approx([21.96, 40.0, 21.96])
    assert built.months("drives_cost")[7] / plain.months("drives_cost")[7] == pytest.approx(40 / 21.96)


def test_prices_are_those_of_the_day_of_the_plan():
    plan = preset("article").with_overrides([("own.colocation", "own.colocation.wholesale-space")])
    state = evaluate(plan).state

    def space_price(day):
        rows = own_money(plan.with_overrides([("money.as_of", day)]))
        return next(row for row in rows if row.id == "own.space_price").compute(state)[0, 0]

    # CBRE: 174.06 in the first half of 2024, 184.06 in the second.
    assert (space_price("2024-03-01"), space_price("2024-09-01"), space_price("")) == (174.06, 184.06, 184.06)
    with pytest.raises(NotInBookError, match=r"first holds from 2024-01-01"):
        space_price("2023-12-31")


@pytest.mark.parametrize(
    ("key", "meter", "unit"),
    [
        ("own.drive", "own.transit.100g", "TB"),
        ("own.colocation", "own.drive.nvme-4tb-consumer", "kW-month"),
        ("own.transit", "aws.transfer.internet-out", "Mbps-month"),
    ],
)
def test_a_price_of_another_unit_is_refused_with_the_input_and_the_unit(site, key, meter, unit):
    with pytest.raises(BadArgumentError, match=f"{key} is a price per {unit}"):
        site({key: meter})


def test_balances_hold_in_the_reporting_currency_when_its_rate_moves(site):
    built = site({"money.fx@2027-07": 0.5, "own.ramp_months": 1})
    assert built.months("additions")[6] == pytest.approx(site({"own.ramp_months": 1}).months("additions")[6] / 2)
    assert built.months("unreconciled") == pytest.approx(np.zeros(12), abs=1e-6)


def test_draws_are_computed_together_as_one_by_one():
    plan = preset("complete")
    experiments, staff = np.array([0.0, 4.0, 20.0]), np.array([0.0, 1.0, 7.0])
    together = own_site(evaluate(plan, {"train.experiments": experiments, "own.staff_fte": staff}))
    for draw in range(3):
        pairs = [("train.experiments", experiments[draw]), ("own.staff_fte", staff[draw])]
        alone = own_site(evaluate(plan.with_overrides(pairs)))
        for key in ("cash", "pnl_all", "cloud", "mbps", "book_close"):
            assert together.months(key, draw) == pytest.approx(alone.months(key), rel=1e-12), key


def mean_years_to_loss(drives, may_fail, afr, hours):
    """Exact mean time to the first loss of a Markov chain of failed drives, each rebuilt on its own."""
    fail, rebuild = Fraction(afr) / 8_760, 1 / Fraction(hours)
    total, before = Fraction(0), Fraction(0)
    # h(i): mean time from i failed drives to i + 1, by first-step analysis.
    for failed in range(may_fail + 1):
        up, down = (drives - failed) * fail, failed * rebuild
        before = (1 + down * before) / up
        total += before
    return float(total / 8_760)


@pytest.mark.parametrize(
    ("drives", "may_fail", "afr", "hours"),
    [(20, 3, 0.0136, 78), (9, 3, 0.0157, 48), (2, 1, 0.0131, 24), (3, 2, 0.02, 168), (1, 0, 0.0136, 78)],
)
def test_the_expected_loss_is_that_of_a_markov_chain(drives, may_fail, afr, hours):
    ours = float(yearly_loss(*(np.array([[float(value)]]) for value in (drives, may_fail, afr, hours)))[0, 0])
    assert ours == pytest.approx(1 / mean_years_to_loss(drives, may_fail, afr, hours), rel=0.02)


def test_one_copy_loses_as_many_tb_as_drives_fail(site, at_once):
    built = site(at_once | {"own.protection": "copies", "own.copies": 1})
    assert built.months("loss_share")[0] == pytest.approx(0.0136)
    assert built.months("loss_gb")[0] == pytest.approx(0.0136 * 10_000 * 1_000)


def test_more_parity_and_faster_rebuilds_lose_less(site):
    def loss(**changes):
        named = {f"own.{key}": value for key, value in changes.items()}
        return site(named).months("loss_share")[0]

    assert loss(parity_shards=4) < loss() / 1_000
    assert loss(rebuild_hours=156) == pytest.approx(8 * loss())
    assert loss(parity_shards=0, data_shards=20) == pytest.approx(20 * 0.0136)


def test_the_cost_of_a_tb_is_nan_while_nothing_is_held(site):
    empty = site({"own.lead_months": 24})
    assert np.isnan(per_tb(empty))
    shown = next(row for row in own_table(empty, "summary") if row[0] == "Site, a TB and month")
    assert shown[1].code == "#N/A" and "nothing is held" in shown[1].message


def test_the_discount_factor_is_explicit(site):
    built = site({"money.discount_rate": 0.21})
    assert built.months("factor")[11] == pytest.approx(1 / 1.21)
    assert built.months("cash_present")[-1] == pytest.approx((built.months("cash") * built.months("factor")).sum())
