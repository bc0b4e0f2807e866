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
        Heading("ds_heading", "The data set"),
        Line(
            "ds_share",
            "Kept of each video counted",
            "share",
            constant=f'=IF({value_of("dataset.counted")}="fetched",{value_of("dataset.survival")},1)',
        ),
        Line("ds_ramp", "Months of building up", "months", constant=f"=MAX(1,{value_of('dataset.ramp_months')})"),
        Line("ds_complete", "Videos kept when complete", "videos", f"={driver('dataset.videos')}*{{ds_share!}}"),
        Line("ds_built", "Share built up", "share", "=MIN(1,{cal_counter}/{ds_ramp!})"),
        Line("ds_grown", "Growth", "factor", f"=(1+{value_of('dataset.growth')})^({{cal_counter}}-1)"),
        Line(
            "ds_target",
            "Videos planned",
            "videos",
            "={ds_complete}*{ds_built}*{ds_grown}",
            start=f"=INDEX({{ds_target*}},1)*{value_of('dataset.opening')}",
            note="before: what is in place at the start",
        ),
        Line(
            "ds_by_bitrate",
            "Whether size comes from seconds and bit rate",
            "flag",
            constant=f'=--({value_of("dataset.size_from")}="bitrate")',
            format="count",
        ),
        Line("ds_clip_bytes", "Bytes of a video, from its bit rate", "bytes per video", _BY_RATE),
        Line(
            "ds_bytes",
            "Bytes of a video",
            "bytes per video",
            f"=IF({{ds_by_bitrate!}}>0,{{ds_clip_bytes}},{driver('dataset.mb_per_video')}*bytes_per_mb)",
        ),
        Line("ds_add", "Videos that enter", "videos", "=MAX(0,{ds_target}-{ds_target<})", total="sum"),
        Line(
            "ds_entered",
            "Videos entered so far",
            "videos",
            "={ds_entered<}+{ds_add}",
            start="={$ds_target.start}",
            note="the opening stock enters first",
        ),
        Line(
            "ds_lower",
            "Removed so far by a lower plan",
            "videos",
            "={ds_lower<}+MAX(0,{ds_target<}-{ds_target})",
            start=0,
        ),
        *stock_lines("ds", "Videos", f"={retention}"),
        Line(
            "passes",
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
        Line(f"{x}_kept", f"{label}: months kept, 0 for always", "months", constant=retention, format="count"),
        Line(
            f"{x}_due",
            f"{label}: entered so long ago that they have left",
            "videos",
            f"=IF(AND({{{x}_kept!}}>0,{{cal_counter}}>{{{x}_kept!}}),INDEX({{ds_entered*}},"
            f"MAX(1,{{cal_counter}}-{{{x}_kept!}})),0)",
        ),
        Line(
            f"{x}_gone",
            f"{label}: left so far",
            "videos",
            f"=MAX({{{x}_gone<}},{{ds_lower}},{{{x}_due}})",
            start=0,
        ),
        Line(f"{x}_open", f"{label}: opening balance", "videos", f"={{{x}_close<}}"),
        Line(f"{x}_in", f"{label}: additions", "videos", "={ds_add}", total="sum"),
        Line(f"{x}_out", f"{label}: removals", "videos", f"={{{x}_open}}+{{{x}_in}}-{{{x}_close}}", total="sum"),
        Line(
            f"{x}_close",
            f"{label}: closing balance",
            "videos",
            f"={{ds_entered}}-{{{x}_gone}}",
            total="last",
            start="={$ds_target.start}",
        ),
    ]


def representation_lines(plan: Plan, n: int) -> Block:
    """Bytes, versions, classes, reads and uploads of the n-th representation."""
    r, name = f"r{n}", plan.text(rep(n, "name"))
    own, whole = value_of(rep(n, "retention_months")), value_of("dataset.retention_months")
    kept = f"=IF({own}*{whole}>0,MIN({own},{whole}),MAX({own},{whole}))"
    return [
        Heading(f"{r}_heading", f"Representation {n}: {name}"),
        *size_lines(n, name),
        *stock_lines(r, name, kept),
        *version_lines(n, name),
        *_class_lines(n, name),
        *_read_lines(n, name),
    ]


def _class_lines(n: int, name: str) -> Block:
    r, age = f"r{n}", value_of(rep(n, "lifecycle_months"))
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
            f"=IF(AND({age}>0,{{cal_counter}}>{age}),INDEX({{ds_entered*}},MAX(1,{{cal_counter}}-{age})),0)",
            start=0,
        ),
        Line(f"{r}_old", f"{name}: of these still there", "videos", f"=MAX(0,{{{r}_lag}}-{{{r}_gone}})"),
        Line(f"{r}_oldshare", f"{name}: their share", "share", f"=IF({{{r}_close}}=0,0,{{{r}_old}}/{{{r}_close}})"),
        Line(
            f"{r}_second",
            f"{name}: bytes in the second class",
            BYTE_MONTHS,
            f"={{{r}_stored}}*IF({age}=0,1,{{{r}_oldshare}})*{share}",
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
            constant=f"=({age}>0)*(1-({{{r}_kept!}}>0)*({{{r}_kept!}}<={age}))",
        ),
        Line(
            f"{r}_movedb",
            f"{name}: bytes that change class",
            BYTES,
            f"=({{{r}_lag}}-{{{r}_lag<}})*{{{r}_moves!}}*{{{r}_bytes}}*{{{r}_copies!}}*{versions}*{share}",
            total="sum",
            format="tb",
        ),
        Line(
            f"{r}_moved",
            f"{name}: objects that change class",
            "requests",
            f"=IF({{{r}_object}}=0,0,{{{r}_movedb}}/{{{r}_object}})",
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
            f"{r}a",
            f"{name}, first class",
            f"{r}_first",
            f"{r}_object",
            driver(rep(n, "reread_days")),
            value_of(rep(n, "class")),
        ),
        *holding_lines(
            f"{r}b", f"{name}, second class", f"{r}_second", f"{r}_object", driver(rep(n, "reread_days")), second
        ),
    ]


def _read_lines(n: int, name: str) -> Block:
    r = f"r{n}"
    part, piece = value_of("requests.part_mib"), value_of("requests.range_mib")
    return [
        Line(
            f"{r}_wanted",
            f"{name}: bytes that training reads",
            BYTES,
            f"={{{r}_one}}*{{passes}}*{driver(rep(n, 'read_share'))}",
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
            f"{r}_get",
            f"{name}: bytes fetched by one GET",
            BYTES,
            f"=IF({piece}>0,{{{r}_object}}/ROUNDUP(MAX(1,{{{r}_object}}/MAX({piece}*bytes_per_mib,1)),0),{{{r}_object}})",
        ),
        Line(
            f"{r}_gets",
            f"{name}: GET requests",
            "requests",
            f"=IF({{{r}_get}}=0,0,{{{r}_read}}/{{{r}_get}})",
            total="sum",
        ),
        Line(
            f"{r}_objects",
            f"{name}: objects written",
            "objects",
            f"=IF({{{r}_object}}=0,0,{{{r}_written}}/{{{r}_object}})",
            total="sum",
        ),
        Line(
            f"{r}_puts",
            f"{name}: objects or parts uploaded",
            "requests",
            f"={{{r}_objects}}*ROUNDUP(MAX(1,{{{r}_object}}/({part}*bytes_per_mib)),0)",
            total="sum",
        ),
        Line(
            f"{r}_multi",
            f"{name}: requests around uploads in parts",
            "requests",
            f"={{{r}_objects}}*({{{r}_object}}>{part}*bytes_per_mib)*multipart_requests",
            total="sum",
        ),
    ]
