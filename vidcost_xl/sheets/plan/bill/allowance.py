"""Rows of Volumes: free egress that grows with the bytes stored."""

from __future__ import annotations

from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block


def allowance_lines(model: ModelRows, key: str, label: str, moved: str, before: str) -> Block:
    """The share of bytes moved that is billed: all of it, or what is beyond the free egress."""
    billed = "staging" if key == "fill" else key
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
            f"{billed}_billed_share",
            f"=IF({{rt_{key}_limited!}}>0,{{al_{key}_part}},1)",
        ),
    ]
