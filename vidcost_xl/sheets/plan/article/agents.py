"""The sheet Agents: what an accepted second costs with prompts as written, rewritten, and with an agent."""

from __future__ import annotations

from typing import Final

from vidcost_xl.sheets.layout.sheet_layout import Entry, Row, SeriesChart, SheetLayout
from vidcost_xl.sheets.plan.article.agent_facts import call_proof, fact_rows
from vidcost_xl.sheets.plan.article.answers import Call, table_answer, value_answer
from vidcost_xl.sheets.plan.article.proof import ProofBlock, in_force, native_of, proof_id, proof_row
from vidcost_xl.sheets.plan.article.result_sheet import Columns, answered, entry, heading_row, result_sheet
from vidcost_xl.sheets.plan.row_names import value_of

SHEET: Final = "Agents"

#: The three ways of making a video: column, heading.
WAYS: Final = (("plain", "Prompts as written"), ("rewritten", "Prompts rewritten"), ("agent", "With an agent"))

#: Shares of seconds kept that the chart shows.
SWEEP: Final = (0.003, 0.005, 0.008, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.08, 0.1, 0.15, 0.25, 0.5, 1.0)

#: Rows that the chart spans.
CHART_ROWS: Final = 22

_COLUMNS: Columns = (
    ("label", "Row", 52.0),
    *((key, text, 24.0) for key, text in WAYS),
    ("unit", "Unit", 20.0),
    ("note", "Note, and source", 84.0),
)

#: The ways by the number of their figure on the sheet Proof, and the headings there.
_FIGURES: Final = {way: at for at, (way, _) in enumerate(WAYS, start=1)}
_HEADINGS: Final = {
    **{f"{part}{_FIGURES[way]}": text for part in "ne" for way, text in WAYS},
    **{f"d{at}": way.capitalize() for way, at in _FIGURES.items()},
}

#: Rows of the answer of VIDEO_AGENT after its header, in its order: key, label, unit, format.
_ITEMS: Final = (
    ("seconds", "Finished length", "s", "number"),
    ("price", "Generator, a generated second", "USD/s", "price"),
    ("clip_yield", "Clips kept of those tried", "share", "share2"),
    ("second_yield", "Seconds kept of a clip kept", "share", "share2"),
    ("acceptance", "Seconds kept of those generated", "share", "share2"),
    ("tries", "Clips tried for a clip kept", "clips", "number"),
    ("kept_of_clip", "Seconds kept of a clip", "s", "number"),
    ("clips_kept", "Clips kept", "clips", "number"),
    ("clips_tried", "Clips tried", "clips", "number"),
    ("generated", "Seconds generated", "s", "number"),
    ("generation", "Generation", "USD", "cents"),
    ("rewriting", "Rewriting, or the agent's thinking", "USD", "price"),
    ("editing", "FFmpeg", "USD", "price"),
    ("rejects", "Storage of rejects", "USD", "price"),
    ("total", "Total", "USD", "cents"),
    ("per_second", "Cost of an accepted second", "USD/s", "price"),
    ("bare_second", "The same without the language model", "USD/s", "price"),
    ("all_in", "Cost of a generated second, all in", "USD/s", "price"),
    ("reject_second", "Storage of a rejected second", "USD/s", "small_price"),
    ("break_even", "Clip yield of prompts as written below which it pays", "share", "share2"),
    ("advert_second", "A finished second of a cheap television spot", "USD/s", "cents"),
    ("tipping", "Tipping point: share kept at which both cost the same", "share", "share2"),
)

_NOTES: Final = {
    "price": "list price: sheet Lists",
    "clip_yield": "Inputs",
    "second_yield": "Inputs",
    "acceptance": "clip yield x second yield",
    "tries": "1 / clip yield",
    "kept_of_clip": "length of a clip x second yield",
    "clips_kept": "finished length / seconds kept of a clip",
    "clips_tried": "clips kept / clip yield",
    "generated": "finished length / share kept",
    "generation": "seconds generated x generator",
    "rewriting": "clips tried x calls of the language model",
    "editing": "seconds generated x FFmpeg",
    "rejects": "seconds generated but not kept x storage of a second",
    "all_in": "before the share that is kept; storage as if it were rejected",
    "break_even": "at the same second yield, without a language model",
    "advert_second": "2,000 USD for 30 s: makeads.xyz, 2026",
}

_CALLS: Final = {
    "plain": "0",
    "rewritten": "1",
    "agent": value_of("agent.agent_calls"),
}
_YIELDS: Final = {
    "plain": ("agent.clip_yield", "agent.second_yield"),
    "rewritten": ("agent.rewritten_clip_yield", "agent.second_yield"),
    "agent": ("agent.agent_clip_yield", "agent.agent_second_yield"),
}

#: The native formula of every item; a name in angle brackets is another item of the same way.
_NATIVE: Final = {
    "acceptance": "<clip_yield>*<second_yield>",
    "tries": "1/<clip_yield>",
    "kept_of_clip": "{$ag_clip_seconds.plain}*<second_yield>",
    "clips_kept": "<seconds>/<kept_of_clip>",
    "clips_tried": "<clips_kept>/<clip_yield>",
    "generated": "<seconds>/<acceptance>",
    "generation": "<generated>*<price>",
    "rewriting": "<clips_tried>*{$pf_ag_call.n1}*<calls>",
    "editing": "<generated>*{$ag_edit.plain}",
    "rejects": "(<generated>-<seconds>)*<reject_second>",
    "total": "<generation>+<rewriting>+<editing>+<rejects>",
    "per_second": "<total>/<seconds>",
    "bare_second": "(<total>-<rewriting>)/<seconds>",
    "all_in": "<price>+{$pf_ag_call.n1}*<calls>/{$ag_clip_seconds.plain}+{$ag_edit.plain}+<reject_second>",
    "reject_second": "{$ag_reject.plain}",
    "break_even": "<clip_yield>*(<price>+{$ag_edit.plain}+<reject_second>)/<all_in>",
    "advert_second": "{$ag_advert.plain}",
    "tipping": "<all_in>/(<advert_second>+<reject_second>)",
}


def agent_calls() -> list[Call]:
    """What the functions are asked for the sheet: one call of the language model, and three tables."""
    call = ",".join(value_of(f"agent.{name}") for name in ("tokens_in", "tokens_out", "model"))
    thought = f"=VIDEO_REWRITE({call},{value_of('agent.agent_calls')})"
    calls = [
        Call("ag_call", "A call of the language model, USD", f"=VIDEO_REWRITE({call})"),
        Call("ag_thinking", "An agent's calls for a clip tried, USD", thought),
    ]
    common = ",".join(value_of(f"agent.{name}") for name in ("seconds", "generator"))
    thinking = {
        "plain": "0",
        "rewritten": value_answer("ag_call"),
        "agent": value_answer("ag_thinking"),
    }
    for way, label in WAYS:
        clip, second = (value_of(name) for name in _YIELDS[way])
        text = f"=VIDEO_AGENT({common},{clip},{second},{thinking[way]})"
        calls.append(Call(f"agent_{way}", label, text, len(_ITEMS) + 1, 4))
    return calls


def agents_sheet() -> tuple[SheetLayout, ProofBlock]:
    """The sheet Agents, and its figures on the sheet Proof."""
    main = [_item_row(*item) for item in _ITEMS]
    sweep = _sweep_rows()
    chart_rows = [Row(f"ag_chart_{line}") for line in range(CHART_ROWS)]
    rows = [
        heading_row("ag_ways", "What an accepted second costs", _COLUMNS),
        *main,
        heading_row("ag_pays", "When it pays", _COLUMNS),
        *(_pays_row(*each) for each in _PAYS),
        *chart_rows,
        *sweep,
        heading_row("ag_facts", "What it is made of: facts and assumptions", _COLUMNS),
        *fact_rows(),
    ]
    first, last = sweep[1].id, sweep[-1].id
    chart = SeriesChart(
        title="Cost of an accepted second, by share of the seconds kept",
        axis="USD for an accepted second",
        kind="lines",
        labels=f"{{{first}.plain:{last}.plain}}",
        series=tuple(
            (f"{{{sweep[0].id}.{column}}}", f"{{{first}.{column}:{last}.{column}}}")
            for column in ("rewritten", "agent")
        ),
        top=chart_rows[1].id,
        bottom=chart_rows[-2].id,
        left="label",
        right="unit",
        format="number",
        label_format="share",
    )
    about = (
        "A second that is kept pays for all that were generated to find it. Acceptance with rewriting and with an "
        "agent are inputs; where no trial is published they change nothing."
    )
    proven = [_item_proof(at, *item) for at, item in enumerate(_ITEMS, start=2)]
    proven += [*(_pays_proof(*each) for each in _PAYS), *_sweep_proofs(), call_proof()]
    sheet = result_sheet(SHEET, "Prompt rewriting and agents", about, _COLUMNS, rows, [chart])
    return sheet, ProofBlock(SHEET, _HEADINGS, tuple(proven))


def _item_row(key: str, label: str, unit: str, form: str) -> Row:
    is_total = key in {"total", "per_second"}
    entries = {
        "label": Entry(label, "total_text" if is_total else "text"),
        "unit": Entry(unit, "total_text" if is_total else "unit"),
        "note": Entry(_NOTES.get(key, ""), "total_text" if is_total else "note"),
    }
    for way, at in _FIGURES.items():
        entries[way] = entry(in_force(f"ag_{key}", at), form, "total" if is_total else "")
    return Row(f"ag_{key}", entries)


def _item_proof(row: int, key: str, label: str, unit: str, form: str) -> Row:
    entries = {}
    for way, at in _FIGURES.items():
        entries[f"n{at}"] = entry(f"={_native(key, way)}", form, "link" if key in _LINKED else "")
        entries[f"e{at}"] = entry(table_answer(f"agent_{way}", row, 2), form)
    return proof_row(f"ag_{key}", label, unit, entries)


_LINKED: Final = frozenset({"seconds", "clip_yield", "second_yield", "reject_second", "advert_second", "price"})


def _native(key: str, way: str) -> str:
    clip, second = (value_of(name) for name in _YIELDS[way])
    given = {
        "seconds": value_of("agent.seconds"),
        "price": "{$ag_generator.plain}",
        "clip_yield": clip,
        "second_yield": second,
    }
    text = given.get(key) or _NATIVE[key]
    for other, *_ in _ITEMS:
        text = text.replace(f"<{other}>", native_of(f"ag_{other}", _FIGURES[way]))
    return text.replace("<calls>", _CALLS[way])


#: When it pays: key, label, unit, note, format, and the formula of a way. A name in angle brackets is an item of the
#: way, with a star one of prompts as written.
_PAYS: Final = (
    (
        "needed",
        "Clip yield that it needs to cost no more than prompts as written",
        "share",
        "with its own share of seconds kept",
        "share2",
        "<*acceptance>*<all_in>/<*all_in>/<second_yield>",
    ),
    (
        "saved",
        "Saved on an accepted second, against prompts as written",
        "USD/s",
        "negative where it costs more",
        "price",
        "<*per_second>-<per_second>",
    ),
    (
        "tips",
        "Tipping point against the advertising price of Inputs",
        "share",
        "share of the seconds kept from which generated video is the cheaper; above 1 never",
        "share2",
        f"<all_in>/({value_of('agent.advert_usd_per_second')}+<reject_second>)",
    ),
    (
        "minute",
        "Cost of a finished minute",
        "USD/min",
        "published: 315 to 750 USD, invideo.io/faq, 2026-06-26",
        "cents",
        "<per_second>*seconds_per_minute",
    ),
)


def _pays_row(key: str, label: str, unit: str, note: str, form: str, _: str) -> Row:
    entries = {"label": Entry(label), "unit": Entry(unit, "unit"), "note": Entry(note, "note")}
    entries |= {way: entry(in_force(f"ag_{key}", at), form) for way, at in _FIGURES.items()}
    return Row(f"ag_{key}", entries)


def _pays_proof(key: str, label: str, unit: str, _: str, form: str, text: str) -> Row:
    entries = {}
    for at in _FIGURES.values():
        for part in "ne":
            formula = text
            for other, *_rest in _ITEMS:
                row = proof_id(f"ag_{other}")
                formula = formula.replace(f"<*{other}>", f"{{${row}.{part}{_FIGURES['plain']}}}")
                formula = formula.replace(f"<{other}>", f"{{{row}.{part}{at}}}")
            entries[f"{part}{at}"] = entry(f"={formula}" if part == "n" else answered(formula), form)
    return proof_row(f"ag_{key}", label, unit, entries)


def _sweep_rows() -> list[Row]:
    head = heading_row("ag_sweep", "With an agent, by share of the seconds kept", _COLUMNS)
    names = {
        "plain": "Share kept",
        "rewritten": "An accepted second",
        "agent": "An advertising second",
    }
    rows = [Row(head.id, {**head.entries, **{key: Entry(text, "total") for key, text in names.items()}})]
    for at, share in enumerate(SWEEP, start=1):
        entries = {
            "label": Entry(_swept(share)),
            "plain": Entry(share, "constant", "share"),
            "rewritten": entry(in_force(f"ag_sweep_{at}", _FIGURES["rewritten"]), "cents"),
            "agent": entry(f"={value_of('agent.advert_usd_per_second')}", "cents", "link"),
            "unit": Entry("USD/s", "unit"),
        }
        rows.append(Row(f"ag_sweep_{at}", entries))
    return rows


def _sweep_proofs() -> list[Row]:
    figure, agent = _FIGURES["rewritten"], _FIGURES["agent"]
    rows = []
    for at, share in enumerate(SWEEP, start=1):
        entries = {}
        for part in "ne":
            formula = (
                f"{{${proof_id('ag_all_in')}.{part}{agent}}}/{{ag_sweep_{at}.plain}}"
                f"-{{${proof_id('ag_reject_second')}.{part}{agent}}}"
            )
            entries[f"{part}{figure}"] = entry(f"={formula}" if part == "n" else answered(formula), "cents")
        rows.append(proof_row(f"ag_sweep_{at}", _swept(share), "USD/s", entries))
    return rows


def _swept(share: float) -> str:
    return f"An accepted second where {share:.1%} of the seconds are kept"
