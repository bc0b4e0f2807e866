"""Encoding: GPU hours, and the videos read to make features."""

from __future__ import annotations

from vidcost_xl.model.blocks.encode import GPU_TIME, READS, TRANSFER
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.bill.possible_lines import (
    PossibleLine,
    name_of,
    possible_legs,
    possible_line,
    priced_by_plan,
)
from vidcost_xl.sheets.plan.bill.reading import possible_reading
from vidcost_xl.sheets.plan.bill.routes import chosen, flag, numbers
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, driver, is_yes, rep


def encode_lines(model: ModelRows) -> Block:
    """GPU hours, and the videos read to make features."""
    plan = model.plan
    lines: Block = [
        Heading("encode_heading", "Encoding"),
        Step(
            "raw_get",
            "Raw video: bytes fetched by one GET",
            "bytes",
            "=" + chosen(plan, "raw", "{{representation_{n}_get_bytes}}"),
        ),
        Step(
            "raw_object_bytes",
            "Raw video: bytes of an object",
            "bytes",
            "=" + chosen(plan, "raw", "{{representation_{n}_object_bytes}}"),
        ),
        Step(
            "raw_new_share",
            "Raw video: share of new videos in the second class",
            "share",
            "=" + chosen(plan, "raw", "{{representation_{n}_new_share}}"),
        ),
        Step(
            "raw_old_share",
            "Raw video: share of the videos in place before the month in the second class",
            "share",
            "=" + chosen(plan, "raw", "{{representation_{n}_old_share}}"),
        ),
        Step(
            "raw_mixed",
            "Raw video: whether two classes hold it",
            "flag",
            format="count",
            constant="=" + chosen(plan, "raw", "{{representation_{n}_mixed!}}"),
        ),
        Step(
            "raw_row1",
            "Raw video: row of the first class",
            "row of Lists",
            format="count",
            constant="=" + chosen(plan, "raw", "{{representation_{n}_first_row!}}"),
        ),
        Step(
            "raw_row2",
            "Raw video: row of the second class",
            "row of Lists",
            format="count",
            constant="=" + chosen(plan, "raw", "{{representation_{n}_second_row!}}"),
        ),
        Step(
            "raw_any",
            "Whether there is raw video",
            "flag",
            format="count",
            constant="=" + "+".join(f"{{representation_{n}_wraw!}}" for n in numbers(plan)),
        ),
        flag("shared_read", "Whether one read feeds all encoders", is_yes("encode.shared_read")),
    ]
    for n in numbers(plan):
        r = f"representation_{n}"
        lines += [
            model.row(
                f"encode_{n}_videos",
                f"={{{r}_made}}*{driver('encode.runs')}",
                total="sum",
            ),
            model.row(
                f"encode_{n}_gpu_hours",
                f"={{encode_{n}_videos}}*{driver('dataset.clips_per_video')}*{driver('encode.gpu_seconds')}/seconds_per_hour",
                total="sum",
            ),
            *_fetched(model, n),
            model.row(
                f"encode_{n}_bytes",
                f"=({{encode_{n}_new}}+{{encode_{n}_old}})*{{dataset_bytes_each}}",
                total="sum",
                format="tb",
            ),
            model.row(
                f"encode_{n}_gets",
                f"=IF({{raw_get}}=0,0,{{encode_{n}_bytes}}/{{raw_get}})",
                total="sum",
            ),
        ]
    return lines


def _fetched(model: ModelRows, n: int) -> Block:
    r, name, runs = f"representation_{n}", model.plan.text(rep(n, "name")), driver("encode.runs")
    # Of a shared read an encoder fetches what those before it in the list did not.
    first = "".join(f"*(1-{{representation_{m}_isencoded!}})" for m in range(1, n))
    others = "".join(f",{{encode_{m}_needed}}*{{representation_{m}_isencoded!}}" for m in range(1, n))
    return [
        Step(
            f"encode_{n}_reads",
            f"{name}: reads of a new video",
            "reads",
            f"=IF({{shared_read!}}>0,{first.removeprefix('*') or 1},{driver(rep(n, 'versions'))})",
        ),
        model.row(f"encode_{n}_new", f"={{{r}_videos_additions}}*{{encode_{n}_reads}}*{runs}", total="sum"),
        model.row(
            f"encode_{n}_needed",
            f"={{{r}_videos_opening_balance}}*IF({{shared_read!}}>0,MIN({{{r}_again}},1),{{{r}_again}})",
            total="sum",
        ),
        Step(
            f"encode_{n}_others",
            f"{name}: of them read for an encoder before it",
            "videos",
            f"=MAX(0{others})*{{shared_read!}}",
        ),
        model.row(f"encode_{n}_old", f"=MAX(0,{{encode_{n}_needed}}-{{encode_{n}_others}})*{runs}", total="sum"),
    ]


def possible_encode(n: int) -> list[PossibleLine]:
    """The possible lines of making the n-th representation."""
    r, name, on = f"representation_{n}", name_of(n), f"{{representation_{n}_isencoded!}}"
    bytes_read, gets, price = f"encode_{n}_bytes", f"encode_{n}_gets", "encode.gpu_usd_per_hour"
    gpu = possible_line(GPU_TIME, f"encode_{n}_gpu_hours", f"encode_{n}_gpu_hours", on, f'"{price}"', name=name)
    return [
        priced_by_plan(gpu, GPU_TIME, driver(price)),
        *possible_legs(TRANSFER, f"{r}_encode", f"{bytes_read}_billed", on, "egress", "{rt_encode_used!}", name=name),
        *possible_reading(READS, n, f"{r}_encode", bytes_read, gets, f"{on}*{{raw_any!}}", "raw"),
    ]
