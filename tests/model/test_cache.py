"""What a cache beside the GPUs answers: against a simulation of blocks, and against numbers worked out by hand."""

from __future__ import annotations

import math
from collections import OrderedDict

import numpy as np
import pytest

from tests.last_bits import on_another_processor
from vidcost_xl.model.bill import evaluate, pricing
from vidcost_xl.model.blocks.cache import HITS
from vidcost_xl.model.catalogue import catalogue
from vidcost_xl.model.files import preset

BLOCKS = 1_000
PASSES = 31


def found(passes, size, policy):
    """Share of each pass that a cache of so many blocks, empty at first, finds, block by block."""
    cache, shares = OrderedDict(), []
    for order in passes:
        hits = 0
        for block in order:
            if block in cache:
                hits += 1
                if policy == "lru":
                    cache.move_to_end(block)
            elif len(cache) < size:
                cache[block] = None
            elif policy != "pinned":
                cache.popitem(last=False)
                cache[block] = None
        shares.append(hits / len(order))
    return shares


def orders(shuffled, blocks=BLOCKS, passes=PASSES, seed=1):
    rng = np.random.default_rng(seed)
    return [rng.permutation(blocks).tolist() if shuffled else list(range(blocks)) for _ in range(passes)]


@pytest.mark.parametrize(
    ("name", "policy", "shuffled"),
    [
        ("pinned", "pinned", False),
        ("pinned", "pinned", True),
        ("lru in order", "lru", False),
        ("lru in order", "fifo", False),
        ("lru shuffled", "lru", True),
        ("fifo shuffled", "fifo", True),
    ],
)
def test_every_policy_answers_what_a_simulation_of_blocks_finds(name, policy, shuffled):
    passes = orders(shuffled)
    for held in (0.05, 0.3, 0.5, 0.6, 0.65, 0.8, 0.95, 0.999, 1.0):
        first, *later = found(passes, round(held * BLOCKS), policy)
        assert first == 0  # cold
        # A block more or less, and four standard errors of the mean of the passes.
        allowed = 2 / BLOCKS + 4 * np.std(later, ddof=1) / math.sqrt(len(later))
        assert float(HITS[name](np.array([[held]]))[0, 0]) == pytest.approx(np.mean(later), abs=allowed), held


@pytest.mark.parametrize("size", [600, 1_000])
@pytest.mark.parametrize(
    ("name", "policy", "shuffled"),
    [
        ("pinned", "pinned", True),
        ("lru in order", "lru", False),
        ("lru shuffled", "lru", True),
        ("fifo shuffled", "fifo", True),
    ],
)
def test_months_of_a_set_that_grows_read_what_a_simulation_reads_and_never_less(name, policy, shuffled, size):
    videos, passes, runs = (1_000, 1_200, 1_200, 1_500), 3, []
    for seed in range(8):
        order = [each for of in videos for each in orders(shuffled, of, passes, seed)]
        shares = np.array(found(order, size, policy)).reshape(len(videos), passes)
        runs.append((1 - shares).sum(axis=1) * videos)
    simulated, error = np.mean(runs, axis=0), 4 * np.std(runs, axis=0, ddof=1) / math.sqrt(len(runs)) + 2 * passes
    # A video of 5 MB is a block.
    grows = {f"dataset.videos@2027-0{at}": of for at, of in enumerate(videos, start=1)}
    pairs = {"cache.tb": size * 5e-6, "cache.policy": name, "train.experiments": passes, **grows}
    ours = evaluate(preset("article").with_overrides(pairs.items())).state["representation.2.read"][:4, 0] / 5e6
    # In months of growth it reads at most one more pass of the set: where the last of it just does not fit.
    assert np.all(ours >= simulated - error)
    assert ours[[0, 2]] == pytest.approx(simulated[[0, 2]], abs=max(error))
    assert np.all(ours <= simulated + error + np.array([0, 1_000, 0, 1_200]))


def test_two_of_four_blocks_by_hand():
    # 0 1 2 3 over and over: LRU and FIFO hold 2 and 3 when 0 comes; pinned holds 0 and 1 for good.
    assert found([range(4)] * 3, 2, "lru") == found([range(4)] * 3, 2, "fifo") == [0, 0, 0]
    assert found([range(4)] * 3, 2, "pinned") == [0, 0.5, 0.5]
    # Backwards the last two come first: LRU finds 3 and 2, and holds 1 and 0 at the end, as the next pass begins.
    assert found([[0, 1, 2, 3], [3, 2, 1, 0], [0, 1, 2, 3]], 2, "lru") == [0, 0.5, 0.5]


def test_a_half_by_hand():
    # LRU: 1/2 + 1/2 ln 1/2. FIFO: ln 2 - 1/2. Nine tenths of FIFO: 1 - (e - 1)/10.
    half, most = np.array([[0.5]]), np.array([[0.9]])
    assert HITS["lru shuffled"](half) == pytest.approx(0.5 - 0.5 * 0.693147181)
    assert HITS["fifo shuffled"](half) == pytest.approx(0.193147181)
    assert HITS["fifo shuffled"](most) == pytest.approx(1 - 0.1718281828)


def test_more_cache_never_answers_less_no_policy_more_than_all_and_none_beats_pinned_in_these_orders():
    held = np.linspace(0, 1, 1_001)[:, np.newaxis]
    for name, hits in HITS.items():
        share = hits(held)
        assert np.all(np.diff(share, axis=0) >= 0), name
        assert (share[0], share[-1]) == (0, 1), name
        assert np.all(share <= held + 1e-12), name


def test_the_policies_are_those_of_the_catalogue():
    assert tuple(HITS) == catalogue()["cache.policy"].choices


def test_a_petabyte_pinned_of_five_leaves_41_of_50_petabytes_in_the_first_month_and_40_afterwards(priced):
    # Ten passes of 5 PB; nine tenths of them after the first, of which a fifth is held: 50 - 9 = 41 PB.
    bill = priced({"cache.tb": 1_000})
    assert bill.volume("representation.2.read") == pytest.approx([41e15, *[40e15] * 11])
    # 41 PB are 38,184,225.46 GB of 2^30 bytes: 11,571.20 to 153,700 GB, the rest at 0.05.
    transfer = bill.lines("train.features.transfer")
    assert transfer[0] == pytest.approx(11_571.20 + (38_184_225.46 - 153_700) * 0.05, abs=0.01)
    # A GET an object of 5 MB, at 0.40 a million.
    assert bill.lines("train.features.gets")[0] == pytest.approx(41e15 / 5e6 * 0.4e-6)


def test_a_set_that_grows_is_held_less_and_less_and_its_new_data_are_read_once(priced):
    # 5 PB and a tenth more each month: 1/5, 1/5.5, 1/6.05. New are all, then 0.5 of 55 PB, 0.55 of 60.5.
    bill = priced({"cache.tb": 1_000, "dataset.growth": 0.1})
    assert bill.volume("train.from_cache")[:3] == pytest.approx(
        [0.9 / 5, (1 - 0.5 / 55) / 5.5, (1 - 0.55 / 60.5) / 6.05]
    )


def test_emptied_after_each_experiment_the_first_of_its_passes_is_cold(priced):
    one = {"cache.tb": 1_000, "cache.kept": "no"}
    assert priced(one).volume("train.from_cache") == [0.0] * 12
    assert priced(one | {"train.passes": 4}).volume("train.from_cache") == pytest.approx([0.75 * 0.2] * 12)
    assert priced(one | {"train.passes": 0.5}).volume("train.from_cache") == [0.0] * 12


def test_kept_a_first_pass_that_takes_months_is_cold_until_it_is_through(priced):
    # 0.4 of a pass a month: 0.4, 0.4 and 0.2 are the first, then all is read again. A new version begins anew.
    rare = {"cache.tb": 2_500, "train.experiments": 0.4, "representation.2.version_months": 6}
    again = priced(rare).volume("cache.again")
    assert again == pytest.approx([0, 0, 0.5, 1, 1, 1, 0, 0, 0.5, 1, 1, 1])
    # Months without experiments read nothing, and the first pass waits.
    late = {"cache.tb": 2_500, "train.experiments@2027-01": 0, "train.experiments@2027-02": 0}
    assert priced(late).volume("train.from_cache")[2:4] == pytest.approx([0.9 * 0.5, 0.5])


def test_in_order_lru_saves_nothing_until_all_fits(priced):
    scan = {"cache.policy": "lru in order"}
    none = priced({}).total
    assert priced(scan | {"cache.tb": 4_999}).total == none
    assert priced(scan | {"cache.tb": 5_000}).volume("train.from_cache")[:2] == pytest.approx([0.9, 1])


def test_representations_share_the_cache_and_an_experiment_that_reads_a_sample_fills_it_sooner(priced):
    # Half of 5 PB of features and of a fifth of 5 PB of raw video are 3 PB.
    bill = priced({"cache.tb": 1_000, "train.share": 0.5, "representation.1.read_share": 0.2})
    assert bill.volume("cache.set") == pytest.approx([3e15] * 12)
    assert bill.volume("representation.1.read")[1] == pytest.approx(10 * 0.5 * 1e15 * 2 / 3)


def test_without_a_cache_the_typed_share_counts_and_no_row_is_more_than_before(priced):
    typed = priced({"train.cached": 0.25, "cache.policy": "lru in order", "cache.kept": "no"})
    assert typed.volume("representation.2.read") == pytest.approx([37.5e15] * 12)
    assert not [row.id for row in typed.bill.rows.volumes if "cache." in row.id]
    assert priced({"train.cached": 0.25, "cache.tb": 1_000}).volume("train.from_cache")[1] == pytest.approx(0.2)


def test_draws_of_its_size_are_each_what_the_plan_of_that_size_costs():
    plan = preset("article").with_overrides([("cache.policy", "fifo shuffled"), ("dataset.growth", 0.02)])
    sizes = np.array([0.0, 700.0, 3_300.0, 6_000.0])
    together = evaluate(plan, {"cache.tb": sizes}).total
    for at, size in enumerate(sizes):
        alone = evaluate(plan.with_overrides([("cache.tb", float(size))])).total
        assert together[:, at] == pytest.approx(alone[:, 0], rel=1e-12)


def test_processors_that_round_logarithms_otherwise_find_the_same(monkeypatch):
    def bill(policy, size):
        plan = preset("article").with_overrides([("cache.tb", size), ("cache.policy", policy)])
        return evaluate(plan).state["cache.hits"]

    cases = [(policy, size) for policy in HITS for size in (7.0, 333.0, 1_000.0, 3_999.0)]
    here = [bill(*case) for case in cases]
    on_another_processor(monkeypatch)
    there = [bill(*case) for case in cases]
    assert all(np.array_equal(one, other) for one, other in zip(here, there, strict=True))


def test_a_month_in_which_nothing_is_left_reads_nothing():
    """Sums of months leave a last bit of a stock that is all gone: below 0 it made reads of minus 240 PB."""
    plan = preset("article").with_overrides(
        [
            ("calendar.months", 17),
            ("dataset.size_from", "amount"),
            ("dataset.amount@2027-05", 0),
            ("dataset.growth", 0.0473),
            ("dataset.opening", 0),
            ("dataset.ramp_months", 6),
            ("dataset.retention_months", 14),
            ("cache.tb", 2_000),
            ("cache.policy", "lru shuffled"),
        ]
    )
    bill = pricing(plan, ["dataset.amount"])({"dataset.amount": np.linspace(1_000, 3_000, 2_001)})
    read = bill.state["representation.2.read"]
    assert (read >= 0).all() and (read[4] == 0).all() and (read[[3, 5]] > 0).all()
    assert (np.diff(bill.total.sum(axis=0)) > 0).all()
