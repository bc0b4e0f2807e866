"""Checks of the cache beside the GPUs: larger than what it caches, or of no use by its policy or its passes."""

from __future__ import annotations

from collections.abc import Iterable

from vidcost_xl.digits import exceeds
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.blocks.cache import POLICY, SIZE
from vidcost_xl.model.checked import Check
from vidcost_xl.units import BYTES_PER_TB


def cache(bill: Bill) -> Iterable[Check]:
    """What is wrong or doubtful about a cache; nothing where the plan has none."""
    plan, state = bill.plan, bill.state
    size = plan.number(SIZE)
    if not size:
        return
    if plan.is_used("train.cached"):
        yield Check("note", "cache", "train.cached", f"does not count: {SIZE} says what the cache answers")
    read = state.monthly("cache.reads")[:, 0] > 0
    sets = state.monthly("cache.set")[read, 0] / BYTES_PER_TB
    if not sets.size:
        text = "nothing is read in any month, so that the cache saves nothing"
        yield Check("warning", "cache", SIZE, text, size)
        return
    if exceeds(size, float(sets.max())):
        text = f"a cache of {size:,.4g} TB is larger than the {sets.max():,.4g} TB that a pass reads at most"
        yield Check("warning", "cache", SIZE, f"{text}; the rest stays empty", size, float(sets.max()))
    again, hits = (state.monthly(key)[read, 0] for key in ("cache.again", "cache.hits"))
    if not again.any():
        kept = plan.is_on("cache.kept")
        text = "each experiment makes one pass at most, and the next begins with an empty cache: it saves nothing"
        if kept:
            text = "no month reads anything a second time, so that the cache saves nothing"
        yield Check("warning", "cache", "train.passes" if kept else "cache.kept", text, 0.0)
    elif not hits.all():
        larger = sets[hits == 0]
        share = size / float(larger.max())
        text = (
            f"{plan.text(POLICY)} saves nothing in {len(larger)} of {len(hits)} months: a block of the "
            f"{larger.max():,.4g} TB is evicted before it is read again; pinned saves {share:.0%} of a pass"
        )
        yield Check("warning", "cache", POLICY, text, 0.0, share)
    yield Check("note", "cache cost", SIZE, "the disks of the cache are not in the bill", size)
