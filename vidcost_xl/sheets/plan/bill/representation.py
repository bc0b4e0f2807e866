"""Rows of Volumes: the representations, from inputs to bytes, objects and reads."""

from __future__ import annotations

from vidcost_xl.model.blocks.store import holding
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.bill.dataset import stock_lines
from vidcost_xl.sheets.plan.bill.placing import class_of
from vidcost_xl.sheets.plan.bill.reading import in_objects
from vidcost_xl.sheets.plan.bill.sizes import size_lines
from vidcost_xl.sheets.plan.bill.store import holding_lines
from vidcost_xl.sheets.plan.bill.writing import divided_lines, upload_lines
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, driver, rep, used, value_of


def representation_lines(model: ModelRows, n: int) -> Block:
    """Bytes, versions, classes, reads and uploads of the n-th representation."""
    r, name = f"representation_{n}", model.plan.text(rep(n, "name"))
    own, whole = value_of(rep(n, "retention_months")), value_of("dataset.retention_months")
    kept = f"=IF({own}*{whole}>0,MIN({own},{whole}),MAX({own},{whole}))"
    return [
        Heading(f"{r}_heading", f"Representation {n}: {name}"),
        *size_lines(model, n, name),
        *stock_lines(model, f"{r}_videos", name, kept),
        *version_lines(model, n, name),
        *_class_lines(model, n, name),
        *_read_lines(model, n, name),
    ]


def version_lines(model: ModelRows, n: int, name: str) -> Block:
    """Versions of the n-th representation: live, replaced, overlapping, written."""
    r, every = f"representation_{n}", value_of(rep(n, "version_months"))
    versions = f"dr_representation_{n}_versions"
    overlap = f"{value_of(rep(n, 'overlap_days'))}/days_per_month"
    return [
        Step(
            f"{r}_change",
            f"{name}: a new version is made",
            "flag",
            f"=IF({every}=0,0,({{cal_counter}}>1)*(MOD({{cal_counter}}-1,{every})=0))",
            total="sum",
            format="count",
        ),
        Step(f"{r}_whole", f"{name}: whole months of two versions", "months", constant=f"=INT({overlap})"),
        Step(f"{r}_part", f"{name}: part of the next month", "share", constant=f"={overlap}-{{{r}_whole!}}"),
        Step(
            f"{r}_recent",
            f"{name}: changes in the last whole months",
            "changes",
            f"=SUMPRODUCT(({{cal_counter*}}>{{cal_counter}}-{{{r}_whole!}})*({{cal_counter*}}<={{cal_counter}})*{{{r}_change*}})",
        ),
        Step(
            f"{r}_partly",
            f"{name}: change in the month before them",
            "changes",
            f"=IF({{cal_counter}}>{{{r}_whole!}},INDEX({{{r}_change*}},MAX(1,{{cal_counter}}-{{{r}_whole!}})),0)",
        ),
        model.row(
            f"{r}_one_copy",
            f"={{{r}_videos_closing}}*{{{r}_bytes_each}}",
            format="tb",
        ),
        model.row(
            f"{r}_all_copies",
            constant=f"={value_of('dataset.copies')}*{value_of(rep(n, 'copies'))}",
        ),
        Step(
            f"{r}_all",
            f"{name}: all copies of one version",
            "bytes",
            f"={{{r}_one_copy}}*{{{r}_all_copies!}}",
            format="tb",
        ),
        model.row(f"{r}_live", f"={{{r}_all}}*{{{versions}}}", format="tb"),
        model.row(
            f"{r}_overlap",
            f"={{{r}_all}}*({{{r}_recent}}+{{{r}_partly}}*{{{r}_part!}})",
            format="tb",
        ),
        model.row(
            f"{r}_stored",
            f"={{{r}_live}}+{{{r}_overlap}}",
            total="sum",
            format="tb",
        ),
        model.row(f"{r}_again", f"={{{r}_change}}+MAX(0,{{{versions}}}-{{{versions}<}})"),
        model.row(
            f"{r}_made",
            f"={{{r}_videos_additions}}*{{{versions}}}+{{{r}_again}}*{{{r}_videos_opening_balance}}",
            total="sum",
        ),
        model.row(
            f"{r}_written",
            f"={{{r}_made}}*{{{r}_bytes_each}}*{{{r}_all_copies!}}",
            total="sum",
            format="tb",
        ),
    ]


def _class_lines(model: ModelRows, n: int, name: str) -> Block:
    r, age = f"representation_{n}", value_of(rep(n, "lifecycle_months"))
    share, versions = driver(rep(n, "second_share")), driver(rep(n, "versions"))
    second = class_of(n, "second")
    held = f"{r}_object_bytes", driver(rep(n, "reread_days"))
    return [
        Step(
            f"{r}_mixed",
            f"{name}: whether two classes hold it",
            "flag",
            format="count",
            constant=f'=({second}<>"")*{used(rep(n, "second_share"))}',
        ),
        Step(
            f"{r}_lag",
            f"{name}: entered before the age of the second class",
            "videos",
            f"=IF(AND({age}>0,{{cal_counter}}>{age}),INDEX({{dataset_entered*}},MAX(1,{{cal_counter}}-{age})),0)",
            start=0,
        ),
        Step(f"{r}_old", f"{name}: of these still there", "videos", f"=MAX(0,{{{r}_lag}}-{{{r}_videos_gone}})"),
        model.row(
            f"{r}_aged_share",
            f"=IF({age}*{{{r}_videos_closing}}=0,--({age}=0),{{{r}_old}}/{{{r}_videos_closing}})",
        ),
        model.row(f"{r}_stayed", f"=MAX(0,{{{r}_videos_closing}}-{{{r}_videos_additions}})"),
        model.row(f"{r}_new_share", f"={share}*({age}=0)"),
        Step(
            f"{r}_aged",
            f"{name}: share of the videos in place before the month that is old enough",
            "share",
            f"=IF({{{r}_stayed}}=0,0,MIN(1,{{{r}_aged_share}}*{{{r}_videos_closing}}/{{{r}_stayed}}))",
        ),
        model.row(f"{r}_old_share", f"=IF({age}=0,1,{{{r}_aged}})*{share}"),
        model.row(
            f"{r}_second",
            f"={{{r}_stored}}*{{{r}_aged_share}}*{share}",
            total="sum",
            format="tb",
        ),
        model.row(
            f"{r}_first",
            f"={{{r}_stored}}-{{{r}_second}}",
            total="sum",
            format="tb",
        ),
        Step(
            f"{r}_moves",
            f"{name}: whether videos live to change class",
            "flag",
            format="count",
            constant=f"=({age}>0)*(1-({{{r}_videos_retention!}}>0)*({{{r}_videos_retention!}}<={age}))",
        ),
        model.row(
            f"{r}_moved_bytes",
            f"=({{{r}_lag}}-{{{r}_lag<}})*{{{r}_moves!}}*{{{r}_bytes_each}}*{{{r}_all_copies!}}*{versions}*{share}",
            total="sum",
            format="tb",
        ),
        model.row(f"{r}_moved", in_objects(f"{r}_moved_bytes", f"{r}_object_bytes"), total="sum"),
        *holding_lines(model, holding(model.plan, n, "first"), *held, class_of(n, "first")),
        *holding_lines(model, holding(model.plan, n, "second"), *held, second),
    ]


def _read_lines(model: ModelRows, n: int, name: str) -> Block:
    r = f"representation_{n}"
    piece = value_of("requests.range_mib")
    return [
        model.row(
            f"{r}_wanted",
            f"={{{r}_one_copy}}*{{train_passes_made}}*{driver(rep(n, 'read_share'))}",
            total="sum",
            format="tb",
        ),
        model.row(
            f"{r}_read",
            f"={{{r}_wanted}}*(1-{{train_from_cache}})*(1-{{staged}})",
            total="sum",
            format="tb",
        ),
        model.row(
            f"{r}_get_bytes",
            f"=IF({piece}>0,{{{r}_object_bytes}}/ROUNDUP(MAX(1,{{{r}_object_bytes}}/MAX({piece}*bytes_per_mib,1)),0),{{{r}_object_bytes}})",
        ),
        model.row(
            f"{r}_gets",
            f"=IF({{{r}_get_bytes}}=0,0,{{{r}_read}}/{{{r}_get_bytes}})",
            total="sum",
        ),
        *upload_lines(model, f"{r}_upload", name, f"{r}_written", f"{r}_object_bytes"),
        *divided_lines(model, n, name),
    ]
