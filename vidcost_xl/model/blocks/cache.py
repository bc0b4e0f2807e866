"""The cache beside the GPUs: what of repeated passes it answers, by its size and by how it replaces what it holds.

Every pass reads each byte of one set once, in the same order or shuffled anew. The first pass is cold: it fetches all.
`held` is the share of the set that fits. Of a later pass the cache answers, whatever the size of its blocks as long as
they are many:

pinned
    `held`. What came first stays; the rest is never cached. In order no policy can do better, not even one that knows
    the future: to be found a block is held for a whole pass. Published as the cache MinIO: Mohan, Phanishayee,
    Raniwala, Chidambaram, "Analyzing and Mitigating Data Stalls in DNN Training", PVLDB 14(5), 2021,
    doi:10.14778/3446095.3446100, which measures how a page cache, LRU in kind, falls behind it.
lru in order
    Nothing until all of it fits: a block is evicted just before it is read again. FIFO does the same.
lru shuffled
    `held + (1 - held) ln(1 - held)`. LRU finds a block while fewer others were read since than it holds (the stack
    distance of Mattson, Gecsei, Slutz, Traiger, "Evaluation Techniques for Storage Hierarchies", IBM Systems Journal
    9(2), 1970). Read at u of one pass and at v of the next, 1 - u blocks of the set came after it, and before v those
    of v that were not among them: 1 - u + uv together. It is found where u (1 - v) > 1 - held; u and 1 - v are
    uniform, and the product of two such is at most y with a chance of y - y ln y.
fifo shuffled
    While what was there at the start of a pass lasts, a block is found with the chance that it is still there:
    with m misses so far, held - m, so that m' = 1 - held + m and m = (1 - held)(e^v - 1) at v of the pass. Up to
    held = 1 - 1/e it is used up before the end, after which nothing is found: -ln(1 - held) - held. Beyond, all of
    1 - (1 - held)(e - 1).

The same data again are read across experiments and months where the cache is kept (`cache.kept`): cold is then what
no pass has read yet, a first pass that may take months, new videos, new versions; else the first pass of every
experiment. In a month of growth this saves a little less than a cache does, which finds some of the old data while it
reads the new, and never more. All representations that training reads share the cache.

A simulation of blocks in the tests says the same of each.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from vidcost_xl.digits import TOLERANCE
from vidcost_xl.model.blocks.common import month_before, not_yet_there, numbers, prefix
from vidcost_xl.model.blocks.representation import stock_of, version_changes
from vidcost_xl.model.lines import Array, State, Volume, ratio
from vidcost_xl.model.plan import Plan
from vidcost_xl.units import BYTES_PER_TB

#: Part of the id of every volume that only a cache needs.
CACHE: Final = "cache."

SIZE: Final = "cache.tb"
POLICY: Final = "cache.policy"

#: Decimals of the share of a pass: logarithms differ behind them between processors, and small shares are what is left
#: of larger numbers. Native formulas round nothing; the difference is far below a cent.
SHARE_DECIMALS: Final = 12

#: Share of the reads that the cache answers: computed where it has a size, typed as train.cached otherwise.
FROM_CACHE: Final = "train.from_cache"


def _in_order(held: Array) -> Array:
    found: Array = (held >= 1.0 - TOLERANCE).astype(np.float64)
    return found


def _lru_shuffled(held: Array) -> Array:
    left = 1.0 - held
    found: Array = np.maximum(0.0, held + left * np.log(np.where(left > 0, left, 1.0)))
    return found


def _fifo_shuffled(held: Array) -> Array:
    left, lasts = 1.0 - held, held >= 1.0 - math.exp(-1.0)
    found: Array = np.where(lasts, 1.0 - left * math.expm1(1.0), -np.log(np.where(lasts, 1.0, left)) - held)
    return np.maximum(0.0, found)


#: What of a pass after the first the cache answers, by policy, from the share of the set that fits.
HITS: Final[dict[str, Callable[[Array], Array]]] = {
    "pinned": lambda held: held,
    "lru in order": _in_order,
    "lru shuffled": _lru_shuffled,
    "fifo shuffled": _fifo_shuffled,
}


def cache_volumes(plan: Plan) -> list[Volume]:
    """Every volume of the block; the last is the share of the reads that the cache answers."""
    volumes = [row for n in numbers(plan) for row in _new(plan, n)] + _passes(plan)
    hits, given = HITS[plan.text(POLICY)], plan.is_used(SIZE)

    def answered(state: State) -> Array:
        if not given:
            return state["train.cached"]
        share = state["cache.hits"] * state["cache.again"]
        # What noise leaves of all is nothing: no byte is read then, and no least charge is due.
        whole = np.where(share >= 1.0 - TOLERANCE, 1.0, share)
        return np.where(state[SIZE] > 0, whole, state["train.cached"])

    return [
        *volumes,
        Volume(
            "cache.held",
            "Share of them that fits into the cache",
            "share",
            (SIZE, "cache.set"),
            lambda state: np.minimum(1.0, ratio(state[SIZE] * BYTES_PER_TB, state["cache.set"])),
        ),
        Volume(
            "cache.hits",
            "Share of a pass after the first that the cache answers",
            "share",
            ("cache.held",),
            lambda state: np.round(hits(state["cache.held"]), SHARE_DECIMALS),
        ),
        Volume(
            FROM_CACHE,
            "Share of the reads that the cache answers",
            "share",
            (SIZE, "cache.hits", "cache.again", "train.cached") if given else ("train.cached",),
            answered,
        ),
    ]


def _new(plan: Plan, n: int) -> list[Volume]:
    p, name, additions = prefix(n), plan.text(prefix(n) + "name"), f"{stock_of(plan, n)}.additions"
    changes = version_changes(plan, n)

    def new(state: State) -> Array:
        # Of a video in place what passes did not read before; all of it when its version is replaced.
        now = state.monthly(p + "cache.each")
        result: Array = state[additions] * now + state[p + "stayed"] * not_yet_there(now, changes)
        return result

    return [
        Volume(
            p + "cache.each",
            f"{name}: bytes of a video that a pass reads",
            "bytes per video",
            (p + "bytes_each", p + "read_share", "train.share"),
            lambda state: state[p + "bytes_each"] * state[p + "read_share"] * state["train.share"],
        ),
        Volume(
            p + "cache.new",
            f"{name}: bytes of a pass that are new in the month",
            "bytes",
            (additions, p + "stayed", p + "cache.each"),
            new,
        ),
    ]


def _passes(plan: Plan) -> list[Volume]:
    parts = [(f"{stock_of(plan, n)}.closing", prefix(n) + "cache.each") for n in numbers(plan)]
    news, kept = [prefix(n) + "cache.new" for n in numbers(plan)], plan.is_on("cache.kept")

    def one_pass(state: State) -> Array:
        return sum((state[videos] * state[each] for videos, each in parts), np.zeros((1, 1)))

    def unread(state: State) -> Array:
        # What is left of a queue that fills and is read down, never below 0.
        queue = np.cumsum(state.monthly("cache.new") - state["cache.reads"], axis=0)
        left: Array = queue - np.minimum(0.0, np.minimum.accumulate(queue, axis=0))
        return left

    def first(state: State) -> Array:
        if not kept:
            return state["cache.set"] * state["train.experiments"] * np.minimum(1.0, state["train.passes"])
        left = state.monthly("cache.unread")
        result: Array = month_before(left) + state["cache.new"] - left
        return result

    read_first = ("cache.new", "cache.unread") if kept else ("cache.set", "train.experiments", "train.passes")
    return [
        Volume(
            "cache.set",
            "Data that every pass of an experiment reads",
            "bytes",
            tuple(dict.fromkeys(key for pair in parts for key in pair)),
            one_pass,
        ),
        Volume(
            "cache.reads",
            "Bytes that the passes read, from the cache and from storage",
            "bytes",
            ("cache.set", "train.experiments", "train.passes"),
            lambda state: state["cache.set"] * state["train.experiments"] * state["train.passes"],
        ),
        Volume(
            "cache.new",
            "Data of a pass that are new in the month",
            "bytes",
            tuple(news),
            lambda state: sum((state[key] for key in news), np.zeros((1, 1))),
        ),
        Volume(
            "cache.unread",
            "Data that no pass has read yet",
            "bytes",
            ("cache.new", "cache.reads"),
            unread,
        ),
        Volume("cache.first", "Bytes that a first pass reads, which the cache cannot have", "bytes", read_first, first),
        Volume(
            "cache.again",
            "Share of the reads that are not of a first pass",
            "share",
            ("cache.first", "cache.reads"),
            lambda state: ratio(np.maximum(0.0, state["cache.reads"] - state["cache.first"]), state["cache.reads"]),
        ),
    ]
