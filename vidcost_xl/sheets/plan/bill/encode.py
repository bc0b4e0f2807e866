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
from vidcost_xl.sheets.plan.bill.routes import chosen, numbers
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, driver


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
            "raw_share1",
            "Raw video: share in the first class",
            "share",
            "=" + chosen(plan, "raw", "{{representation_{n}_share1}}"),
        ),
        Step(
            "raw_share2",
            "Raw video: share in the second class",
            "share",
            "=" + chosen(plan, "raw", "{{representation_{n}_share2}}"),
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
            model.row(
                f"encode_{n}_bytes",
                f"={{encode_{n}_videos}}*{{dataset_bytes_each}}",
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


def possible_encode(n: int) -> list[PossibleLine]:
    """The possible lines of making the n-th representation."""
    r, name, on = f"representation_{n}", name_of(n), f"{{representation_{n}_isencoded!}}"
    bytes_read, gets, price = f"encode_{n}_bytes", f"encode_{n}_gets", "encode.gpu_usd_per_hour"
    gpu = possible_line(GPU_TIME, f"encode_{n}_gpu_hours", f"encode_{n}_gpu_hours", on, f'"{price}"', name=name)
    return [
        priced_by_plan(gpu, GPU_TIME, driver(price)),
        *possible_legs(TRANSFER, f"{r}_encode", bytes_read, on, "egress", "{rt_encode_used!}", name=name),
        *possible_reading(READS, n, f"{r}_encode", bytes_read, gets, f"{on}*{{raw_any!}}", "raw"),
    ]
