"""Rows of Volumes: early deletion."""

from __future__ import annotations

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Line
from vidcost_xl.sheets.plan.bill.routes import flag
from vidcost_xl.sheets.plan.row_names import Block, driver, rep, value_of


def early_lines(plan: Plan, n: int) -> Block:
    """Byte-months owed for what leaves or moves before the minimum duration of its class."""
    r, name = f"r{n}", plan.text(rep(n, "name"))
    every, overlap = value_of(rep(n, "version_months")), value_of(rep(n, "overlap_days"))
    share, versions = driver(rep(n, "second_share")), driver(rep(n, "versions"))
    age = value_of(rep(n, "lifecycle_months"))

    def owed(key: str, slot: str, days: str, label: str) -> Line:
        return Line(
            f"{r}{slot}_owed_{key}",
            f"{name}: months owed in the {label}",
            "months",
            constant=f"=({days}>0)*MAX(0,{{{r}{slot}_min_days!}}-({days}))/days_per_month",
        )

    lines: Block = [
        Line(
            f"{r}_vdays",
            f"{name}: days that a version lives",
            "days",
            format="count",
            constant=f"=IF({every}=0,never_days,{every}*days_per_month+{overlap})",
        ),
        Line(
            f"{r}_life",
            f"{name}: days that a video lives",
            "days",
            format="count",
            constant=f"=IF({{{r}_kept!}}=0,never_days,{{{r}_kept!}}*days_per_month)",
        ),
        Line(
            f"{r}_mdays",
            f"{name}: days until the second class",
            "days",
            constant=f"={age}*days_per_month",
            format="count",
        ),
        _minimum(f"{r}a", f"{name}, first class", "1"),
        _minimum(f"{r}b", f"{name}, second class", f"{{{r}_mixed!}}"),
        owed("version", "a", f"{{{r}_vdays!}}", "first class by a version"),
        owed("video", "a", f"{{{r}_life!}}", "first class by a video"),
        owed("version", "b", f"{{{r}_vdays!}}-{{{r}_mdays!}}", "second class by a version"),
        owed("video", "b", f"{{{r}_life!}}-{{{r}_mdays!}}", "second class by a video"),
        Line(
            f"{r}a_owed_move",
            f"{name}: months owed in the first class by a change of class",
            "months",
            constant=f"={{{r}_mixed!}}*({{{r}_mdays!}}>0)*MAX(0,{{{r}a_min_days!}}-{{{r}_mdays!}})/days_per_month",
        ),
        Line(f"{r}_replaced", f"{name}: videos whose version is replaced", "videos", f"={{{r}_change}}*{{{r}_open}}"),
        Line(f"{r}_lost", f"{name}: versions of videos that leave", "versions", f"={{{r}_out}}*{versions}"),
        Line(f"{r}_each", f"{name}: bytes of one of them, all copies", "bytes", f"={{{r}_bytes}}*{{{r}_copies!}}"),
        Line(
            f"{r}_stay_v",
            f"{name}: share of a replaced version in the first class",
            "share",
            f"=1-{share}*{{{r}_mixed!}}*({{{r}_vdays!}}>{{{r}_mdays!}})",
        ),
        Line(
            f"{r}_stay_l",
            f"{name}: share of a lost video in the first class",
            "share",
            f"=1-{share}*{{{r}_mixed!}}*({{{r}_life!}}>{{{r}_mdays!}})",
        ),
        Line(
            f"{r}a_deleted",
            f"{name}, first class: owed for what is deleted",
            "byte-months",
            f"={{{r}_each}}*({{{r}_replaced}}*{{{r}_stay_v}}*{{{r}a_owed_version!}}+"
            f"{{{r}_lost}}*{{{r}_stay_l}}*{{{r}a_owed_video!}})",
            format="tb",
        ),
        Line(
            f"{r}a_early",
            f"{name}, first class: rest of its minimum duration",
            "byte-months",
            f"={{{r}a_deleted}}+{{{r}_moved}}*{{{r}_object}}*{{{r}a_owed_move!}}",
            format="tb",
        ),
        Line(
            f"{r}b_early",
            f"{name}, second class: rest of its minimum duration",
            "byte-months",
            f"={{{r}_each}}*{share}*({{{r}_replaced}}*{{{r}b_owed_version!}}+{{{r}_lost}}*{{{r}b_owed_video!}})",
            format="tb",
        ),
    ]
    for slot in "ab":
        keys = ("version", "video", "move") if slot == "a" else ("version", "video")
        some = "+".join(f"{{{r}{slot}_owed_{key}!}}" for key in keys)
        lines.append(flag(f"{r}{slot}_isearly", f"{name}: whether anything is owed, class {slot}", f"--({some}>0)"))
    return lines


def _minimum(c: str, label: str, is_used: str) -> Line:
    return Line(
        f"{c}_min_days",
        f"{label}: days billed at least",
        "days",
        note="a rule of the class",
        constant=f"=IF({{{c}_row!}}*{is_used}=0,0,INDEX(class_min_days,{{{c}_row!}}))",
        format="count",
    )
