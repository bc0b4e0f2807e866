"""The sheet Volumes: the data set and its representations, from inputs to bytes, objects and reads."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Heading, Line
from vidcost_xl.sheets.plan.bill.holdings import holding_lines
from vidcost_xl.sheets.plan.bill.sizes import BYTE_MONTHS, BYTES, size_lines, version_lines
from vidcost_xl.sheets.plan.row_names import Block, driver, is_yes, rep, used, value_of

SHEET: Final = "Volumes"


def dataset_lines() -> Block:
    """How many videos there are, and how large one is."""
    retention = value_of("dataset.retention_months")
    return [
        Heading("dataset_heading", "The data set"),
        Line(
            "dataset_share",
            "Kept of each video counted",
            "share",
            constant=f'=IF({value_of("dataset.counted")}="fetched",{value_of("dataset.survival")},1)',
        ),
        Line("dataset_ramp", "Months of building up", "months", constant=f"=MAX(1,{value_of('dataset.ramp_months')})"),
        Line("dataset_kept", "Videos kept when complete", "videos", f"={driver('dataset.videos')}*{{dataset_share!}}"),
        Line("dataset_built", "Share built up", "share", "=MIN(1,{cal_counter}/{dataset_ramp!})"),
        Line("dataset_grown", "Growth", "factor", f"=(1+{value_of('dataset.growth')})^({{cal_counter}}-1)"),
        Line(
            "dataset_target",
            "Videos planned",
            "videos",
            "={dataset_kept}*{dataset_built}*{dataset_grown}",
            start=f"=INDEX({{dataset_target*}},1)*{value_of('dataset.opening')}",
            note="before: what is in place at the start",
        ),
        Line(
            "dataset_by_bitrate",
            "Whether size comes from seconds and bit rate",
            "flag",
            constant=f'=--({value_of("dataset.size_from")}="bitrate")',
            format="count",
        ),
        Line("dataset_clip_bytes", "Bytes of a video, from its bit rate", "bytes per video", _BY_RATE),
        Line(
            "dataset_bytes_each",
            "Bytes of a video",
            "bytes per video",
            f"=IF({{dataset_by_bitrate!}}>0,{{dataset_clip_bytes}},{driver('dataset.mb_per_video')}*bytes_per_mb)",
        ),
        Line("dataset_add", "Videos that enter", "videos", "=MAX(0,{dataset_target}-{dataset_target<})", total="sum"),
        Line(
            "dataset_entered",
            "Videos entered so far",
            "videos",
            "={dataset_entered<}+{dataset_add}",
            start="={$dataset_target.start}",
            note="the opening stock enters first",
        ),
        Line(
            "dataset_lower",
            "Removed so far by a lower plan",
            "videos",
            "={dataset_lower<}+MAX(0,{dataset_target<}-{dataset_target})",
            start=0,
        ),
        *stock_lines("dataset", "Videos", f"={retention}"),
        Line(
            "train_passes_made",
            "Passes over the data",
            "passes per month",
            f"={driver('train.experiments')}*{driver('train.passes')}*{driver('train.share')}",
            total="sum",
        ),
        Line("staged", "Share read from the copy beside the GPUs", "share", f"={driver('staging.share')}*{{staging!}}"),
        Line(
            "staging",
            "Whether there is a copy beside the GPUs",
            "flag",
            constant=f"={is_yes('staging.on')}",
            format="count",
        ),
    ]


_BY_RATE: Final = f"={driver('dataset.seconds')}*{driver('dataset.mbps')}*bits_per_mbit/bits_per_byte"


def stock_lines(x: str, label: str, retention: str) -> Block:
    """Opening, additions, removals and closing of the videos in a stock; the oldest leave first."""
    return [
        Line(f"{x}_retention", f"{label}: months kept, 0 for always", "months", constant=retention, format="count"),
        Line(
            f"{x}_due",
            f"{label}: entered so long ago that they have left",
            "videos",
            f"=IF(AND({{{x}_retention!}}>0,{{cal_counter}}>{{{x}_retention!}}),INDEX({{dataset_entered*}},"
            f"MAX(1,{{cal_counter}}-{{{x}_retention!}})),0)",
        ),
        Line(
            f"{x}_gone",
            f"{label}: left so far",
            "videos",
            f"=MAX({{{x}_gone<}},{{dataset_lower}},{{{x}_due}})",
            start=0,
        ),
        Line(f"{x}_opening_balance", f"{label}: opening balance", "videos", f"={{{x}_closing<}}"),
        Line(f"{x}_additions", f"{label}: additions", "videos", "={dataset_add}", total="sum"),
        Line(
            f"{x}_removals",
            f"{label}: removals",
            "videos",
            f"={{{x}_opening_balance}}+{{{x}_additions}}-{{{x}_closing}}",
            total="sum",
        ),
        Line(
            f"{x}_closing",
            f"{label}: closing balance",
            "videos",
            f"={{dataset_entered}}-{{{x}_gone}}",
            total="last",
            start="={$dataset_target.start}",
        ),
    ]


def representation_lines(plan: Plan, n: int) -> Block:
    """Bytes, versions, classes, reads and uploads of the n-th representation."""
    r, name = f"representation_{n}", plan.text(rep(n, "name"))
    own, whole = value_of(rep(n, "retention_months")), value_of("dataset.retention_months")
    kept = f"=IF({own}*{whole}>0,MIN({own},{whole}),MAX({own},{whole}))"
    return [
        Heading(f"{r}_heading", f"Representation {n}: {name}"),
        *size_lines(n, name),
        *stock_lines(f"{r}_videos", name, kept),
        *version_lines(n, name),
        *_class_lines(n, name),
        *_read_lines(n, name),
    ]


def _class_lines(n: int, name: str) -> Block:
    r, age = f"representation_{n}", value_of(rep(n, "lifecycle_months"))
    share, versions = driver(rep(n, "second_share")), driver(rep(n, "versions"))
    second = value_of(rep(n, "second_class"))
    return [
        Line(
            f"{r}_mixed",
            f"{name}: whether two classes hold it",
            "flag",
            format="count",
            constant=f'=({second}<>"")*{used(rep(n, "second_share"))}',
        ),
        Line(
            f"{r}_lag",
            f"{name}: entered before the age of the second class",
            "videos",
            f"=IF(AND({age}>0,{{cal_counter}}>{age}),INDEX({{dataset_entered*}},MAX(1,{{cal_counter}}-{age})),0)",
            start=0,
        ),
        Line(f"{r}_old", f"{name}: of these still there", "videos", f"=MAX(0,{{{r}_lag}}-{{{r}_videos_gone}})"),
        Line(
            f"{r}_aged_share",
            f"{name}: their share",
            "share",
            f"=IF({{{r}_videos_closing}}=0,0,{{{r}_old}}/{{{r}_videos_closing}})",
        ),
        Line(
            f"{r}_second",
            f"{name}: bytes in the second class",
            BYTE_MONTHS,
            f"={{{r}_stored}}*IF({age}=0,1,{{{r}_aged_share}})*{share}",
            total="sum",
            format="tb",
        ),
        Line(
            f"{r}_first",
            f"{name}: bytes in the first class",
            BYTE_MONTHS,
            f"={{{r}_stored}}-{{{r}_second}}",
            total="sum",
            format="tb",
        ),
        Line(
            f"{r}_moves",
            f"{name}: whether videos live to change class",
            "flag",
            format="count",
            constant=f"=({age}>0)*(1-({{{r}_videos_retention!}}>0)*({{{r}_videos_retention!}}<={age}))",
        ),
        Line(
            f"{r}_movedb",
            f"{name}: bytes that change class",
            BYTES,
            f"=({{{r}_lag}}-{{{r}_lag<}})*{{{r}_moves!}}*{{{r}_bytes_each}}*{{{r}_all_copies!}}*{versions}*{share}",
            total="sum",
            format="tb",
        ),
        Line(
            f"{r}_moved",
            f"{name}: objects that change class",
            "requests",
            f"=IF({{{r}_object_bytes}}=0,0,{{{r}_movedb}}/{{{r}_object_bytes}})",
            total="sum",
        ),
        Line(
            f"{r}_share1",
            f"{name}: share in the first class",
            "share",
            f"=IF({{{r}_stored}}=0,0,{{{r}_first}}/{{{r}_stored}})",
        ),
        Line(
            f"{r}_share2",
            f"{name}: share in the second class",
            "share",
            f"=IF({{{r}_stored}}=0,0,{{{r}_second}}/{{{r}_stored}})",
        ),
        *holding_lines(
            f"{r}_first",
            f"{name}, first class",
            f"{r}_first",
            f"{r}_object_bytes",
            driver(rep(n, "reread_days")),
            value_of(rep(n, "class")),
        ),
        *holding_lines(
            f"{r}_second",
            f"{name}, second class",
            f"{r}_second",
            f"{r}_object_bytes",
            driver(rep(n, "reread_days")),
            second,
        ),
    ]


def _read_lines(n: int, name: str) -> Block:
    r = f"representation_{n}"
    part, piece = value_of("requests.part_mib"), value_of("requests.range_mib")
    return [
        Line(
            f"{r}_wanted",
            f"{name}: bytes that training reads",
            BYTES,
            f"={{{r}_one_copy}}*{{train_passes_made}}*{driver(rep(n, 'read_share'))}",
            total="sum",
            format="tb",
        ),
        Line(
            f"{r}_read",
            f"{name}: bytes read from storage",
            BYTES,
            f"={{{r}_wanted}}*(1-{driver('train.cached')})*(1-{{staged}})",
            total="sum",
            format="tb",
        ),
        Line(
            f"{r}_get_bytes",
            f"{name}: bytes fetched by one GET",
            BYTES,
            f"=IF({piece}>0,{{{r}_object_bytes}}/ROUNDUP(MAX(1,{{{r}_object_bytes}}/MAX({piece}*bytes_per_mib,1)),0),{{{r}_object_bytes}})",
        ),
        Line(
            f"{r}_gets",
            f"{name}: GET requests",
            "requests",
            f"=IF({{{r}_get_bytes}}=0,0,{{{r}_read}}/{{{r}_get_bytes}})",
            total="sum",
        ),
        Line(
            f"{r}_objects",
            f"{name}: objects written",
            "objects",
            f"=IF({{{r}_object_bytes}}=0,0,{{{r}_written}}/{{{r}_object_bytes}})",
            total="sum",
        ),
        Line(
            f"{r}_upload_puts",
            f"{name}: objects or parts uploaded",
            "requests",
            f"={{{r}_objects}}*ROUNDUP(MAX(1,{{{r}_object_bytes}}/({part}*bytes_per_mib)),0)",
            total="sum",
        ),
        Line(
            f"{r}_upload_multipart",
            f"{name}: requests around uploads in parts",
            "requests",
            f"={{{r}_objects}}*({{{r}_object_bytes}}>{part}*bytes_per_mib)*multipart_requests",
            total="sum",
        ),
    ]
