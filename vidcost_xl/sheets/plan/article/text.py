"""The sheet Text: a text corpus beside the video set, stored and read along the same routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vidcost_xl.analysis.ways import Way, ways
from vidcost_xl.facts.book import fact_book
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.layout.grid import month
from vidcost_xl.sheets.layout.sheet_layout import Entry, Row, SheetLayout
from vidcost_xl.sheets.plan.article.answers import Call, value_answer
from vidcost_xl.sheets.plan.article.list_prices import MeterRows, charge
from vidcost_xl.sheets.plan.article.proof import ProofBlock, fixed_native, in_force, native_of, proof_row
from vidcost_xl.sheets.plan.article.result_sheet import answered, entry, heading_row, result_sheet
from vidcost_xl.sheets.plan.row_names import INPUT_LINK, value_of

SHEET: Final = "Text"

#: Ways of the sheet Barrier on which text is set beside video.
SHOWN: Final = ("internet", "cloudfront", "in_region", "r2")

_COLUMNS: Final = (
    ("label", "Row", 62.0),
    ("value", "Value", 24.0),
    ("unit", "Unit", 24.0),
    ("times", "Video set, times as large", 26.0),
    ("note", "Note, and source", 96.0),
)

_HEADINGS: Final = {"n1": "Value", "e1": "Value", "d1": "Value"}

#: Subject, what is stored and read, in bytes.
_SUBJECTS: Final = (
    ("t", "text", "{$pf_text_bytes.n1}", "{$pf_text_read.n1}"),
    ("v", "video", "{$pf_text_video_stored.n1}", "{$pf_text_video_read.n1}"),
)


@dataclass(frozen=True)
class _Figure:
    # As people read it, and as it is proven.
    row: Row
    proof: Row


def _shown() -> list[Way]:
    return [way for way in ways() if way.id in SHOWN]


def add_text_meters(meters: MeterRows) -> None:
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


#: Unit of cells that hold bytes.
_BYTES: Final = "bytes, shown as TB"
_BYTE_MONTHS: Final = "byte-months, shown as TB"


def text_calls() -> list[Call]:
    """What the functions are asked for the sheet."""
    tokens = f"{value_of('text.tokens')},{value_of('text.bytes_per_token')}"
    calls = [Call("tx_size", "Size of the text set, TB", f'=VIDEO_TEXTCORPUS({tokens},"TB")')]
    amounts = {
        "ts": value_answer("tx_size"),
        "tr": f"{value_answer('tx_size')}*{{$pf_text_passes.n1}}",
        "vs": "{$pf_text_video_stored.n1}/bytes_per_tb",
        "vr": "{$pf_text_video_read.n1}/bytes_per_tb",
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


def text_sheet(plan: Plan) -> tuple[SheetLayout, ProofBlock]:
    """The sheet Text, and its figures on the sheet Proof."""
    months = plan.integer("calendar.months")

    def last(row: str) -> str:
        return f"=INDEX({{${row}.{month(1)}:{row}.{month(months)}}},{{$cal_active.total}})"

    figures: list[_Figure | Row] = [
        heading_row("text_sizes", "How large", _COLUMNS),
        _given("text_tokens", "Tokens of the text set", f"={value_of('text.tokens')}", "tokens", "Inputs", "count"),
        _given("text_each", "Stored bytes of a token", f"={value_of('text.bytes_per_token')}", "bytes", "Inputs"),
        _given(
            "text_bytes",
            "Text set",
            "={$pf_text_tokens.n1}*{$pf_text_each.n1}",
            _BYTES,
            "tokens x bytes per token",
            "terabytes",
        ),
        _compared(
            "text_tb",
            "Text set, in TB",
            "={$pf_text_bytes.n1}/bytes_per_tb",
            value_answer("tx_size"),
            "TB",
            "VIDEO_TEXTCORPUS",
            "number",
        ),
        _given(
            "text_video",
            "Videos, one copy, last month of the plan",
            last("representation_1_one_copy"),
            _BYTES,
            "Volumes",
            "terabytes",
        ),
        _given("text_video_tb", "The same", "={$pf_text_video.n1}/bytes_per_tb", "TB", "", "number"),
        _compared(
            "text_ratio",
            "The video set is so many times the text set",
            "={$pf_text_video_tb.n1}/{$pf_text_tb.n1}",
            f"{{$pf_text_video_tb.n1}}/{value_answer('tx_size')}",
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
        _given("text_read", "Text read", "={$pf_text_bytes.n1}*{$pf_text_passes.n1}", _BYTES, "", "terabytes"),
        _given(
            "text_video_stored",
            "Video and features stored",
            last("bar_stored"),
            _BYTE_MONTHS,
            "sheet Native",
            "terabytes",
        ),
        _given("text_video_read", "Video and features read", last("bar_read"), _BYTES, "sheet Native", "terabytes"),
    ]
    for way in _shown():
        figures += _way_rows(way)
    rows = [figure.row if isinstance(figure, _Figure) else figure for figure in figures]
    rows.append(heading_row("text_corpora", "Published text sets", _COLUMNS))
    for at, corpus in enumerate(fact_book().text_corpora.values(), start=1):
        rows.append(
            Row(
                f"text_corpus_{at}",
                {
                    "label": Entry(corpus.label),
                    "value": Entry(corpus.terabytes, "constant", "number"),
                    "unit": Entry("TB", "unit"),
                    "times": entry("={$pf_text_video_tb.n1}/{.value}", "cents"),
                    "note": Entry(f"{corpus.source}, {corpus.as_of}", "note"),
                },
            )
        )
    about = (
        "Why reading text again and again does not hurt: the same passes along the same routes, over a set that is a "
        "hundredth of the size. List prices on the plan's day."
    )
    proven = tuple(figure.proof for figure in figures if isinstance(figure, _Figure))
    return result_sheet(SHEET, "Text against video", about, _COLUMNS, rows), ProofBlock(SHEET, _HEADINGS, proven)


def _way_rows(way: Way) -> list[_Figure | Row]:
    legs = price_book().route("egress", way.route).legs
    x = f"text_{way.id}"
    rows: list[_Figure | Row] = [heading_row(f"{x}_heading", f"{way.label}: a month", _COLUMNS)]
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
                "=" + "+".join(fixed_native(f"{x}_{key}{part}") for part in "sr"),
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


def _given(key: str, label: str, formula: str, unit: str, note: str, form: str = "figure") -> _Figure:
    native = entry(formula, form, "link" if formula.startswith(INPUT_LINK) else "")
    shown = entry(f"={native_of(key)}", form)
    return _figure(key, label, unit, note, shown, {"n1": native})


def _compared(key: str, label: str, native: str, function: str, unit: str, note: str, form: str = "cents") -> _Figure:
    both = {"n1": entry(native, form), "e1": entry(answered(function), form)}
    return _figure(key, label, unit, note, entry(in_force(key), form), both)


def _figure(key: str, label: str, unit: str, note: str, shown: Entry, proven: dict[str, Entry]) -> _Figure:
    entries = {"label": Entry(label), "value": shown, "unit": Entry(unit, "unit"), "note": Entry(note, "note")}
    return _Figure(Row(key, entries), proof_row(key, label, unit, proven))
