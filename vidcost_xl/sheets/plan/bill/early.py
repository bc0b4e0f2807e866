"""Early deletion: byte-months owed for what leaves or moves before the minimum duration of its class."""

from __future__ import annotations

from vidcost_xl.model.blocks.reading import SLOTS
from vidcost_xl.sheets.layout.grid import Line
from vidcost_xl.sheets.plan.bill.routes import flag
from vidcost_xl.sheets.plan.model_rows import ModelRows, Step
from vidcost_xl.sheets.plan.row_names import Block, driver, rep, value_of


def early_lines(model: ModelRows, n: int) -> Block:
    """Byte-months owed for what leaves or moves before the minimum duration of its class."""
    r, name = f"representation_{n}", model.plan.text(rep(n, "name"))
    every, overlap = value_of(rep(n, "version_months")), value_of(rep(n, "overlap_days"))
    share, versions = driver(rep(n, "second_share")), driver(rep(n, "versions"))
    age = value_of(rep(n, "lifecycle_months"))

    def owed(key: str, slot: str, days: str, label: str) -> Line:
        least = f"{r}_first_min_days" if slot == "first" else f"{r}_second_least"
        return Step(
            f"{r}_{slot}_owed_{key}",
            f"{name}: months owed in the {label}",
            "months",
            constant=f"=({days}>0)*MAX(0,{{{least}!}}-({days}))/days_per_month",
        )

    lines: Block = [
        Step(
            f"{r}_vdays",
            f"{name}: days that a version lives",
            "days",
            format="count",
            constant=f"=IF({every}=0,never_days,{every}*days_per_month+{overlap})",
        ),
        Step(
            f"{r}_life",
            f"{name}: days that a video lives",
            "days",
            format="count",
            constant=f"=IF({{{r}_videos_retention!}}=0,never_days,{{{r}_videos_retention!}}*days_per_month)",
        ),
        Step(
            f"{r}_mdays",
            f"{name}: days until the second class",
            "days",
            constant=f"={age}*days_per_month",
            format="count",
        ),
        *_rules(f"{r}_first", f"{name}, first class", "1"),
        *_rules(f"{r}_second", f"{name}, second class", f"{{{r}_mixed!}}"),
        Step(
            f"{r}_second_least",
            f"{name}, second class: days billed at least there",
            "days",
            constant=f"={{{r}_second_min_days!}}-{{{r}_second_keeps_age!}}*{{{r}_mdays!}}",
            format="count",
        ),
        owed("version", "first", f"{{{r}_vdays!}}", "first class by a version"),
        owed("video", "first", f"{{{r}_life!}}", "first class by a video"),
        owed("version", "second", f"{{{r}_vdays!}}-{{{r}_mdays!}}", "second class by a version"),
        owed("video", "second", f"{{{r}_life!}}-{{{r}_mdays!}}", "second class by a video"),
        flag(
            f"{r}_ends",
            f"{name}: whether a change of class ends its minimum",
            f"{{{r}_mixed!}}*({{{r}_mdays!}}>0)*(1-{{{r}_first_keeps_age!}})",
        ),
        Step(
            f"{r}_first_owed_move",
            f"{name}: months owed in the first class by a change of class",
            "months",
            constant=f"={{{r}_ends!}}*MAX(0,{{{r}_first_min_days!}}-{{{r}_mdays!}})/days_per_month",
        ),
        Step(
            f"{r}_replaced",
            f"{name}: videos whose version is replaced",
            "videos",
            f"={{{r}_change}}*{{{r}_videos_opening_balance}}",
        ),
        Step(f"{r}_lost", f"{name}: versions of videos that leave", "versions", f"={{{r}_videos_removals}}*{versions}"),
        Step(
            f"{r}_each",
            f"{name}: bytes of one of them, all copies",
            "bytes",
            f"={{{r}_bytes_each}}*{{{r}_all_copies!}}",
        ),
        Step(
            f"{r}_stay_v",
            f"{name}: share of a replaced version in the first class",
            "share",
            f"=1-{share}*{{{r}_mixed!}}*({{{r}_vdays!}}>{{{r}_mdays!}})",
        ),
        Step(
            f"{r}_stay_l",
            f"{name}: share of a lost video in the first class",
            "share",
            f"=1-{share}*{{{r}_mixed!}}*({{{r}_life!}}>{{{r}_mdays!}})",
        ),
        Step(
            f"{r}_first_deleted",
            f"{name}, first class: owed for what is deleted",
            "byte-months",
            f"={{{r}_each}}*({{{r}_replaced}}*{{{r}_stay_v}}*{{{r}_first_owed_version!}}+"
            f"{{{r}_lost}}*{{{r}_stay_l}}*{{{r}_first_owed_video!}})",
            format="tb",
        ),
        model.row(
            f"{r}_first_early",
            f"={{{r}_first_deleted}}+{{{r}_moved_bytes}}*{{{r}_first_owed_move!}}",
            format="tb",
        ),
        model.row(
            f"{r}_second_early",
            f"={{{r}_each}}*{share}*({{{r}_replaced}}*{{{r}_second_owed_version!}}+{{{r}_lost}}*{{{r}_second_owed_video!}})",
            format="tb",
        ),
    ]
    for slot in SLOTS:
        keys = ("version", "video", "move") if slot == "first" else ("version", "video")
        some = "+".join(f"{{{r}_{slot}_owed_{key}!}}" for key in keys)
        lines.append(flag(f"{r}_{slot}_isearly", f"{name}: whether anything is owed, {slot} class", f"--({some}>0)"))
    return lines


def _rules(c: str, label: str, is_used: str) -> Block:
    rules = (
        ("min_days", "days billed at least", "days"),
        ("keeps_age", "whether a change of class keeps the age", "flag"),
    )
    return [
        Step(
            f"{c}_{column}",
            f"{label}: {what}",
            unit,
            note="a rule of the class",
            constant=f"=IF({{{c}_row!}}*{is_used}=0,0,INDEX(class_{column},{{{c}_row!}}))",
            format="count",
        )
        for column, what, unit in rules
    ]
