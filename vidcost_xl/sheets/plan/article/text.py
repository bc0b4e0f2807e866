"""The sheet Text: a text corpus beside the video set, stored and read along the same routes."""

from __future__ import annotations

from typing import Final

from vidcost_xl.analysis.barrier import Way, ways
from vidcost_xl.facts.book import fact_book
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.layout.grid import month
from vidcost_xl.sheets.layout.sheet_layout import Entry, Row, SheetLayout
from vidcost_xl.sheets.plan.article.answers import Call, value_answer
from vidcost_xl.sheets.plan.article.list_prices import MeterSheet, charge
from vidcost_xl.sheets.plan.article.result_sheet import (
    answered,
    chosen,
    difference_entries,
    entry,
    heading_row,
    result_sheet,
)
from vidcost_xl.sheets.plan.row_names import value_of

SHEET: Final = "Text"

#: Ways of the sheet Barrier on which text is set beside video.
SHOWN: Final = ("internet", "cloudfront", "in_region", "r2")

_COLUMNS: Final = (
    ("label", "Row", 62.0),
    ("value", "Value", 24.0),
    ("unit", "Unit", 24.0),
    ("times", "Video set, times as large", 26.0),
    ("native", "Value", 26.0),
    ("function", "Value", 22.0),
    ("differs", "Value", 10.0),
    ("note", "Note, and source", 96.0),
)

#: Columns that go to the sheet Proof.
PROVEN: Final = {"native": "n1", "function": "e1", "differs": "d1"}

#: Subject, what is stored and read, in bytes.
_SUBJECTS: Final = (
    ("t", "text", "{$text_bytes.native}", "{$text_read.native}"),
    ("v", "video", "{$text_video_stored.native}", "{$text_video_read.native}"),
)


def _shown() -> list[Way]:
    return [way for way in ways() if way.id in SHOWN]


def add_text_meters(meters: MeterSheet) -> None:
    """What storing and reading either set costs, on every way that is shown."""
    meters.block("text", "Text and video, stored and read: a month each")
    book = price_book()
    for way in _shown():
        for x, subject, stored, read in _SUBJECTS:
            label = f"{way.label}: {subject}"
            storage = book.storage_class(way.storage_class).storage
            meters.add(f"x_{way.id}_{x}s", f"{label} stored", storage, f"={stored}")
            for at, leg in enumerate(book.route("egress", way.route).legs, start=1):
                name = book.meter(leg.meter).label
                meters.add(f"x_{way.id}_{x}r{at}", f"{label} read, {name}", leg.meter, f"={read}", leg.times)


def text_calls() -> list[Call]:
    """What the functions are asked for the sheet."""
    tokens = f"{value_of('text.tokens')},{value_of('text.bytes_per_token')}"
    calls = [Call("tx_size", "Size of the text set, TB", f'=VIDEO_TEXTCORPUS({tokens},"TB")')]
    amounts = {
        "ts": value_answer("tx_size"),
        "tr": f"{value_answer('tx_size')}*{{$text_passes.native}}",
        "vs": "{$text_video_stored.native}/bytes_per_tb",
        "vr": "{$text_video_read.native}/bytes_per_tb",
    }
    for way in _shown():
        for key, amount in amounts.items():
            subject = "text" if key[0] == "t" else "video"
            if key[1] == "s":
                text = f'=VIDEO_STORAGE({amount},"TB","{way.storage_class}",1,,,,,,price_day)'
                label = f"{way.label}: {subject} stored for a month"
            else:
                text = f'=VIDEO_EGRESS({amount},"TB","{way.route}",,,,,price_day)'
                label = f"{way.label}: {subject} read in a month"
            calls.append(Call(f"tx_{way.id}_{key}", label, text))
    return calls


def text_sheet(plan: Plan) -> SheetLayout:
    """The sheet Text.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    SheetLayout
        With its columns for the sheet Proof.
    """
    months = plan.integer("calendar.months")

    def last(row: str) -> str:
        return f"=INDEX({{${row}.{month(1)}:{row}.{month(months)}}},{{$cal_active.total}})"

    rows = [
        heading_row("text_sizes", "How large", _COLUMNS),
        _given("text_tokens", "Tokens of the text set", f"={value_of('text.tokens')}", "tokens", "Inputs"),
        _given("text_each", "Stored bytes of a token", f"={value_of('text.bytes_per_token')}", "bytes", "Inputs"),
        _given(
            "text_bytes", "Text set", "={$text_tokens.native}*{$text_each.native}", "bytes", "tokens x bytes per token"
        ),
        _compared(
            "text_tb",
            "Text set, in TB",
            "={$text_bytes.native}/bytes_per_tb",
            value_answer("tx_size"),
            "TB",
            "VIDEO_TEXTCORPUS",
            "number",
        ),
        _given(
            "text_video",
            "Videos, one copy, last month of the plan",
            last("representation_1_one_copy"),
            "bytes",
            "Volumes",
        ),
        _given("text_video_tb", "The same", "={$text_video.native}/bytes_per_tb", "TB", "", "number"),
        _compared(
            "text_ratio",
            "The video set is so many times the text set",
            "={$text_video_tb.native}/{$text_tb.native}",
            f"{{$text_video_tb.native}}/{value_answer('tx_size')}",
            "times",
            "the same for every route and provider",
            "number",
        ),
        heading_row("text_reads", "How much is stored and read in the last month of the plan", _COLUMNS),
        _given(
            "text_passes",
            "Passes over the data",
            last("train_passes_made"),
            "passes per month",
            "as many over the text",
        ),
        _given("text_read", "Text read", "={$text_bytes.native}*{$text_passes.native}", "bytes", ""),
        _given("text_video_stored", "Video and features stored", last("bar_stored"), "byte-months", "sheet Routes"),
        _given("text_video_read", "Video and features read", last("bar_read"), "bytes", "sheet Routes"),
    ]
    for way in _shown():
        rows += _way_rows(way)
    rows.append(heading_row("text_corpora", "Published text sets", _COLUMNS))
    for at, corpus in enumerate(fact_book().text_corpora.values(), start=1):
        rows.append(
            Row(
                f"text_corpus_{at}",
                {
                    "label": Entry(corpus.label),
                    "value": Entry(corpus.terabytes, "constant", "number"),
                    "unit": Entry("TB", "unit"),
                    "times": entry("={$text_video_tb.native}/{.value}", "number"),
                    "note": Entry(f"{corpus.source}, {corpus.as_of}", "note"),
                },
            )
        )
    about = (
        "Why reading text again and again does not hurt: the same passes along the same routes, over a set that is a "
        "hundredth of the size. List prices on the plan's day."
    )
    return result_sheet(SHEET, "Text against video", about, _COLUMNS, rows)


def _way_rows(way: Way) -> list[Row]:
    legs = price_book().route("egress", way.route).legs
    x = f"text_{way.id}"
    rows = [heading_row(f"{x}_heading", f"{way.label}: a month", _COLUMNS)]
    for key, subject in (("t", "text"), ("v", "video and features")):
        label = f"{way.label}: {subject}"
        reads = [f"x_{way.id}_{key}r{at}" for at in range(1, len(legs) + 1)]
        stored, read = (value_answer(f"tx_{way.id}_{key}{part}") for part in "sr")
        rows += [
            _compared(
                f"{x}_{key}s",
                f"{label}, storage",
                f"={charge(f'x_{way.id}_{key}s')}",
                stored,
                "USD",
                "VIDEO_STORAGE",
            ),
            _compared(f"{x}_{key}r", f"{label}, reads", f"={charge(*reads)}", read, "USD", "VIDEO_EGRESS"),
            _compared(
                f"{x}_{key}",
                f"{label}, both",
                f"={{${x}_{key}s.native}}+{{${x}_{key}r.native}}",
                f"{stored}+{read}",
                "USD",
                "",
            ),
        ]
    rows.append(
        Row(
            f"{x}_share",
            {
                "label": Entry(f"{way.label}: text costs this share of the video"),
                "value": entry(f"=IF({{{x}_v.value}}=0,0,{{{x}_t.value}}/{{{x}_v.value}})", "share"),
                "unit": Entry("share", "unit"),
            },
        )
    )
    return rows


def _given(key: str, label: str, formula: str, unit: str, note: str, form: str = "compact") -> Row:
    return Row(
        key,
        {
            "label": Entry(label),
            "value": entry("={.native}", form),
            "unit": Entry(unit, "unit"),
            "native": entry(formula, form, "link" if formula.startswith("={$in_") else ""),
            "note": Entry(note, "note"),
        },
    )


def _compared(key: str, label: str, native: str, function: str, unit: str, note: str, form: str = "cents") -> Row:
    return Row(
        key,
        {
            "label": Entry(label),
            "value": entry(chosen("{.function}", "{.native}"), form),
            "unit": Entry(unit, "unit"),
            "native": entry(native, form),
            "function": entry(answered(function), form),
            "note": Entry(note, "note"),
            **difference_entries({"differs": ("{.function}", "{.native}")}),
        },
    )
