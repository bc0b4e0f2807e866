"""Rows of Volumes: the cache beside the GPUs, from its size to the share of the reads that it answers."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.blocks.cache import POLICY, SIZE
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.bill.routes import flag, numbers, total
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, driver, is_yes, rep, value_of

#: The part of each policy in the sum, by the row of its flag.
_PARTS: Final = {
    "cache_pinned": ("pinned", "{cache_held}"),
    "cache_scan": ("lru in order", "({cache_held}>=1-tolerance)"),
    "cache_lru": ("lru shuffled", "{cache_lru_hits}"),
    "cache_fifo": ("fifo shuffled", "{cache_fifo_hits}"),
}

#: Until what was there at the start of a pass is used up, and beyond.
_FIFO: Final = (
    "=MAX(0,IF({cache_held}<1-EXP(-1),-LN(MAX({cache_left},EXP(-1)))-{cache_held},1-{cache_left}*(EXP(1)-1)))"
)


def cache_lines(model: ModelRows) -> Block:
    """What of the reads is not of a first pass, what fits, and what of the other passes is found of it by policy."""
    size, passes, experiments = value_of(SIZE), driver("train.passes"), driver("train.experiments")
    every = list(numbers(model.plan))
    lines: Block = [
        Heading("cache_heading", "Cache beside the GPUs"),
        flag("cache_given", "Whether a cache of some size is given", f"--({size}>0)"),
        flag("cache_kept", "Whether it is kept between experiments", is_yes("cache.kept")),
        *(
            flag(key, f"Whether the cache is {name}", f'--({value_of(POLICY)}="{name}")')
            for key, (name, _) in _PARTS.items()
        ),
    ]
    for n in every:
        r = f"representation_{n}"
        each, before = f"{{{r}_cache_each}}", f"{{{r}_cache_each<}}"
        lines += [
            model.row(
                f"{r}_cache_each",
                f"={{{r}_bytes_each}}*{driver(rep(n, 'read_share'))}*{driver('train.share')}",
                start=0,
            ),
            model.row(
                f"{r}_cache_new",
                f"={{{r}_videos_additions}}*{each}"
                f"+{{{r}_stayed}}*(MAX(0,{each}-{before})+{{{r}_change}}*MIN({each},{before}))",
                format="tb",
            ),
        ]
    return [
        *lines,
        model.row(
            "cache_set",
            "=" + "+".join(f"{{representation_{n}_videos_closing}}*{{representation_{n}_cache_each}}" for n in every),
            format="tb",
        ),
        model.row("cache_reads", f"={{cache_set}}*{experiments}*{passes}", total="sum", format="tb"),
        model.row("cache_new", "=" + total([f"representation_{n}_cache_new" for n in every]), format="tb"),
        model.row("cache_unread", "=MAX(0,{cache_unread<}+{cache_new}-{cache_reads})", start=0, format="tb"),
        model.row(
            "cache_first",
            "=IF({cache_kept!}>0,{cache_unread<}+{cache_new}-{cache_unread},"
            f"{{cache_set}}*{experiments}*MIN(1,{passes}))",
            total="sum",
            format="tb",
        ),
        model.row("cache_again", "=IF({cache_reads}=0,0,MAX(0,{cache_reads}-{cache_first})/{cache_reads})"),
        model.row("cache_held", f"=IF({{cache_set}}=0,0,MIN(1,{size}*bytes_per_tb/{{cache_set}}))"),
        Step("cache_left", "Share of them that does not fit", "share", "=1-{cache_held}"),
        Step(
            "cache_lru_hits",
            "Found by LRU in a pass in a new order",
            "share",
            "=IF({cache_left}>0,MAX(0,{cache_held}+{cache_left}*LN({cache_left})),1)",
        ),
        Step("cache_fifo_hits", "Found by FIFO in a pass in a new order", "share", _FIFO),
        model.row("cache_hits", "=" + "+".join(f"{{{key}!}}*{share}" for key, (_, share) in _PARTS.items())),
        Step(
            "cache_share",
            "Share of the reads that it answers, but for noise",
            "share",
            "={cache_hits}*{cache_again}+({cache_hits}*{cache_again}>=1-tolerance)*(1-{cache_hits}*{cache_again})",
        ),
        model.row("train_from_cache", f"=IF({{cache_given!}}>0,{{cache_share}},{driver('train.cached')})"),
    ]
