"""Rows of Volumes: free egress that grows with the bytes stored."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.blocks.reading import ENCODE_WAY
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, rep, value_of

#: What leaves because of each representation: key, the formula of its bytes, and in words.
_TAKEN: Final = (
    ("train", "={{representation_{n}_read}}", "read by training"),
    ("fill", "={{representation_{n}_fill}}*{{staging!}}", "copied"),
    ("encode", "={{encode_{n}_bytes}}*{{representation_{n}_isencoded!}}", "videos read to encode it"),
)


def way_row(key: str, n: int) -> str:
    """What is read or copied of the n-th representation, or of videos to encode it; the route is its constant."""
    return f"way_{key}_{n}"


def way_lines(plan: Plan) -> Block:
    """What leaves of each representation, one below the other, each with the route that it takes."""
    lines: Block = []
    for key, amount, what in _TAKEN:
        lines += [
            Step(
                way_row(key, n),
                f"{plan.text(rep(n, 'name'))}: {what}, and the route that it takes",
                "bytes",
                amount.format(n=n),
                constant="=" + (value_of(ENCODE_WAY) if key == "encode" else f"{{representation_{n}_way_{key}!}}"),
                format="tb",
            )
            for n in numbers(plan)
        ]
    return lines


def taken_along(plan: Plan, route: str) -> str:
    """What training, the fills of the copy and encoders read along a route, as a formula without its equals sign."""
    first, last = way_row(_TAKEN[0][0], 1), way_row(_TAKEN[-1][0], plan.representations)
    # Not SUMIFS: a route that is an error must be one here.
    return f"SUMPRODUCT({{{first}:{last}}}*({{${first}.constant:{last}.constant}}={route}))"


def allowance_lines(model: ModelRows, key: str, label: str, moved: str, before: str, share: str) -> Block:
    """The share of bytes moved that is billed: all of it, or what is beyond the free egress.

    Parameters
    ----------
    share : str
        Id of its row.
    """
    stored = "+".join(
        f"{{representation_{n}_stored}}*({{representation_{n}_provider1!}}={{rt_{key}_provider!}})"
        for n in numbers(model.plan)
    )
    return [
        Step(f"al_{key}_stored", f"Bytes stored where the {label} start", "byte-months", f"={stored}", format="tb"),
        Step(f"al_{key}_moved", f"Bytes that share the free egress: {label}", "bytes", f"={moved}", format="tb"),
        Step(f"al_{key}_before", f"Bytes that used it first: {label}", "bytes", f"={before}", format="tb"),
        Step(
            f"al_{key}_free",
            f"Free egress left for {label}",
            "bytes",
            f"=MAX(0,{{rt_{key}_free_times!}}*{{al_{key}_stored}}-{{al_{key}_before}})",
            format="tb",
        ),
        Step(
            f"al_{key}_over",
            f"Beyond the free egress: {label}",
            "bytes",
            f"=MAX(0,{{al_{key}_moved}}-{{al_{key}_free}})",
            format="tb",
        ),
        Step(
            f"al_{key}_part",
            f"Share beyond the free egress: {label}",
            "share",
            f"=IF({{al_{key}_moved}}=0,0,{{al_{key}_over}}/{{al_{key}_moved}})",
        ),
        model.row(
            share,
            f"=IF({{rt_{key}_limited!}}>0,{{al_{key}_part}},1)",
        ),
    ]
