"""The article's bill, derived by hand from the published tiers."""

from __future__ import annotations

import numpy as np
import pytest

from vidcost_xl.errors import OutOfDomainError
from vidcost_xl.functions.model import VIDEO_TOTAL
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import plan_from_table, plan_to_table, preset
from vidcost_xl.model.ledger import to_frame
from vidcost_xl.prices.book import price_book

CENT = 0.005
GIB = 2**30

#: Amazon S3 pricing page, us-east-1: S3 Standard per GB-month, and data transfer out to the internet per GB.
S3_STANDARD = ((0, 0.023), (51_200, 0.022), (512_000, 0.021))
INTERNET = ((0, 0.09), (10_240, 0.085), (51_200, 0.07), (153_600, 0.05))
FREE_GB = 100

STORAGE = 51_200 * 0.023 + 460_800 * 0.022 + (10e15 / GIB - 512_000) * 0.021
EGRESS = 10_240 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 + (50e15 / GIB - FREE_GB - 153_600) * 0.05
GETS = 10 * 1e9 * 0.0004 / 1_000


def test_the_book_holds_the_published_tiers_that_the_hand_calculation_uses():
    for meter, tiers in (("aws.s3.standard.storage", S3_STANDARD), ("aws.transfer.internet-out", INTERNET)):
        price = price_book().price(meter).price
        assert tuple((tier.start, tier.price) for tier in price.tiers) == tiers
    allowance = price_book().price("aws.transfer.internet-out").price.allowance
    assert (allowance.quantity, allowance.position) == (FREE_GB, "before")


def test_hand_calculation_gives_the_numbers_of_the_design():
    assert pytest.approx(196_140.94, abs=CENT) == STORAGE
    assert pytest.approx(2_332_192.64, abs=CENT) == EGRESS
    assert GETS == 4_000
    assert pytest.approx(2_532_333.58, abs=CENT) == STORAGE + EGRESS + GETS


def test_total_of_an_empty_workbook_is_the_hand_calculation():
    assert VIDEO_TOTAL() == pytest.approx(STORAGE + EGRESS + GETS, rel=1e-12)


def test_stages_are_the_parts_of_the_hand_calculation(priced):
    bill = priced()
    assert bill.stage("store") == pytest.approx([STORAGE] * 12, rel=1e-12)
    assert bill.lines("train.features.transfer") == pytest.approx([EGRESS] * 12, rel=1e-12)
    assert bill.lines("train.features.gets") == pytest.approx([GETS] * 12, rel=1e-12)


def test_months_of_the_ledger_sum_to_the_total():
    frame = to_frame(evaluate(preset("article")))
    assert frame.groupby("period")["amount"].sum().tolist() == pytest.approx([STORAGE + EGRESS + GETS] * 12, rel=1e-12)
    assert frame["amount"].sum() == pytest.approx(VIDEO_TOTAL(what="total"), rel=1e-12)


def with_raw_split(parts):
    """The article's plan with its raw videos as several representations of equal size."""
    rows = plan_to_table(preset("article"))
    raw = [row for row in rows if str(row[0]).startswith("representation.1.")]
    others = [row for row in rows[1:] if row not in raw]
    table = []
    for number in range(1, parts + 1):
        for key, value, *rest in raw:
            field = key.removeprefix("representation.1.")
            changed = {"name": f"raw {number}", "ratio": 1 / parts}.get(field, value)
            table.append([f"representation.{number}.{field}", changed, *rest])
    for key, *rest in others:
        table.append([key.replace("representation.2.", f"representation.{parts + 1}."), *rest])
    return plan_from_table([dict(zip(rows[0], row, strict=True)) for row in table])


@pytest.mark.parametrize("parts", [2, 5, 10])
def test_a_line_split_into_parts_costs_what_it_costs_whole(parts):
    bill = evaluate(with_raw_split(parts))
    assert bill.stage("store")[0, 0] == pytest.approx(STORAGE, abs=CENT)
    assert bill.total[0, 0] == pytest.approx(STORAGE + EGRESS + GETS, abs=CENT)


def test_lines_share_their_pool_in_proportion_to_their_quantities():
    bill = evaluate(with_raw_split(5))
    for number in range(1, 6):
        # Each part is 1 PB of 10 PB.
        assert bill.line(f"store.raw {number}").effective[0, 0] == pytest.approx(STORAGE / 10, rel=1e-12)
    assert bill.line("store.features").effective[0, 0] == pytest.approx(STORAGE / 2, rel=1e-12)


def test_one_pool_is_cheaper_than_two_bills_of_half_the_size(priced):
    # 5 PB alone: 51,200 x 0.023 + 460,800 x 0.022 + the rest x 0.021 = 98,352.07 USD; twice that is 563.20 more.
    half = priced({"representation.1.ratio": 0}).stage("store")[0]
    assert half == pytest.approx(98_352.07, abs=CENT)
    assert 2 * half - STORAGE == pytest.approx(51_200 * 0.002 + 460_800 * 0.001, abs=CENT)


def test_the_same_size_given_in_tb_is_the_same_bill():
    for name in ("article", "complete"):
        plan = preset(name)
        amount = plan.with_overrides([("dataset.size_from", "amount"), ("dataset.videos", 7)])  # videos are not read
        assert np.array_equal(evaluate(amount).total, evaluate(plan).total)
        # WebVid: 20 TB in clips of 2 MB are ten million.
        small = [("dataset.mb_per_video", 2), ("dataset.growth", 0.01)]
        in_tb = plan.with_overrides([*small, ("dataset.size_from", "amount"), ("dataset.amount", 20)])
        by_videos = plan.with_overrides([*small, ("dataset.videos", 1e7)])
        assert evaluate(in_tb).total == pytest.approx(evaluate(by_videos).total, rel=1e-12)


def test_an_amount_in_tb_is_billed_in_gb_of_the_provider(priced):
    bill = priced({"dataset.size_from": "amount", "dataset.amount": 10, "train.experiments": 0})
    # Twice 10 TB, raw and features: 2 x 10e12 / 2^30 = 18,626.45 GB, all in the first tier.
    assert bill.total == pytest.approx([2 * 10e12 / GIB * 0.023] * 12)


def test_an_amount_grows_by_months_of_its_own_and_is_of_what_is_fetched_or_kept(priced):
    size = {"dataset.size_from": "amount", "dataset.amount": 10, "train.experiments": 0}
    later = priced({**size, "dataset.amount@2027-03": 30})
    assert later.volume("dataset.target")[1:4] == pytest.approx([2e6, 6e6, 2e6])
    fetched = priced({**size, "dataset.counted": "fetched", "dataset.survival": 0.04})
    assert fetched.volume("dataset.closing")[0] == pytest.approx(0.04 * 2e6)


def test_videos_of_no_size_make_no_amount():
    for key in ("dataset.mb_per_video", "dataset.mb_per_video@2027-05"):
        with pytest.raises(OutOfDomainError, match=r"the size of a video is 0 in a month"):
            preset("article").with_overrides([("dataset.size_from", "amount"), (key, 0)])
    assert preset("article").with_overrides([("dataset.mb_per_video", 0)])
