"""Rows of Volumes: how many videos there are, and how large one is."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.plan import AMOUNT
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, driver, is_yes, value_of


def dataset_lines(model: ModelRows) -> Block:
    """How many videos there are, and how large one is."""
    retention = value_of("dataset.retention_months")
    return [
        Heading("dataset_heading", "The data set"),
        Step(
            "dataset_share",
            "Kept of each video counted",
            "share",
            constant=f'=IF({value_of("dataset.counted")}="fetched",{value_of("dataset.survival")},1)',
        ),
        Step("dataset_ramp", "Months of building up", "months", constant=f"=MAX(1,{value_of('dataset.ramp_months')})"),
        Step(
            "dataset_by_amount",
            "Whether the data set is given in TB",
            "flag",
            constant=f'=--({value_of("dataset.size_from")}="{AMOUNT}")',
            format="count",
        ),
        Step("dataset_of_amount", "Videos in the amount", "videos", _BY_AMOUNT),
        model.row(
            "dataset_kept",
            f"=IF({{dataset_by_amount!}}>0,{{dataset_of_amount}},{driver('dataset.videos')})*{{dataset_share!}}",
        ),
        Step("dataset_built", "Share built up", "share", "=MIN(1,{cal_counter}/{dataset_ramp!})"),
        Step(
            "dataset_grown",
            "Growth",
            "factor",
            f"={{dataset_grown<}}*(1+{driver('dataset.growth')}*({{cal_counter}}>1))",
            start=1,
        ),
        model.row(
            "dataset_target",
            "={dataset_kept}*{dataset_built}*{dataset_grown}",
            start=f"=INDEX({{dataset_target*}},1)*{value_of('dataset.opening')}",
            note="before: what is in place at the start",
        ),
        Step(
            "dataset_by_bitrate",
            "Whether size comes from seconds and bit rate",
            "flag",
            constant=f'=--({value_of("dataset.size_from")}="bitrate")',
            format="count",
        ),
        Step("dataset_clip_bytes", "Bytes of a video, from its bit rate", "bytes per video", _BY_RATE),
        model.row(
            "dataset_bytes_each",
            f"=IF({{dataset_by_bitrate!}}>0,{{dataset_clip_bytes}},{driver('dataset.mb_per_video')}*bytes_per_mb)",
        ),
        Step("dataset_add", "Videos that enter", "videos", "=MAX(0,{dataset_target}-{dataset_target<})", total="sum"),
        Step(
            "dataset_entered",
            "Videos entered so far",
            "videos",
            "={dataset_entered<}+{dataset_add}",
            start="={$dataset_target.start}",
            note="the opening stock enters first",
        ),
        Step(
            "dataset_lower",
            "Removed so far by a lower plan",
            "videos",
            "={dataset_lower<}+MAX(0,{dataset_target<}-{dataset_target})",
            start=0,
        ),
        *stock_lines(model, "dataset", "Videos", f"={retention}"),
        model.row(
            "train_passes_made",
            f"={driver('train.experiments')}*{driver('train.passes')}*{driver('train.share')}",
            total="sum",
        ),
        Step("staged", "Share read from the copy beside the GPUs", "share", f"={driver('staging.share')}*{{staging!}}"),
        Step(
            "staging",
            "Whether there is a copy beside the GPUs",
            "flag",
            constant=f"={is_yes('staging.on')}",
            format="count",
        ),
    ]


#: 0 where no amount is given: the size of a video may then be 0.
_BY_AMOUNT: Final = (
    f"=IF({{dataset_by_amount!}}>0,{driver('dataset.amount')}*bytes_per_tb"
    f"/({driver('dataset.mb_per_video')}*bytes_per_mb),0)"
)

_BY_RATE: Final = f"={driver('dataset.seconds')}*{driver('dataset.mbps')}*bits_per_mbit/bits_per_byte"


def stock_lines(model: ModelRows, x: str, label: str, retention: str) -> Block:
    """Opening, additions, removals and closing of the videos in a stock; the oldest leave first."""
    return [
        Step(f"{x}_retention", f"{label}: months kept, 0 for always", "months", constant=retention, format="count"),
        Step(
            f"{x}_due",
            f"{label}: entered so long ago that they have left",
            "videos",
            f"=IF(AND({{{x}_retention!}}>0,{{cal_counter}}>{{{x}_retention!}}),INDEX({{dataset_entered*}},"
            f"MAX(1,{{cal_counter}}-{{{x}_retention!}})),0)",
        ),
        Step(
            f"{x}_gone",
            f"{label}: left so far",
            "videos",
            f"=MAX({{{x}_gone<}},{{dataset_lower}},{{{x}_due}})",
            start=0,
        ),
        model.row(f"{x}_opening_balance", f"={{{x}_closing<}}"),
        model.row(f"{x}_additions", "={dataset_add}", total="sum"),
        model.row(
            f"{x}_removals",
            f"={{{x}_opening_balance}}+{{{x}_additions}}-{{{x}_closing}}",
            total="sum",
        ),
        model.row(
            f"{x}_closing",
            f"=MAX(0,{{dataset_entered}}-{{{x}_gone}})",
            total="last",
            start="={$dataset_target.start}",
        ),
    ]
