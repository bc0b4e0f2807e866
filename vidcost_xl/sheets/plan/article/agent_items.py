"""What an accepted second costs, item by item, in each of the three ways: on Agents and on Proof."""

from __future__ import annotations

from typing import Final

from vidcost_xl.sheets.layout.sheet_layout import Entry, Row
from vidcost_xl.sheets.plan.article.answers import table_answer
from vidcost_xl.sheets.plan.article.proof import in_force, native_of, proof_row
from vidcost_xl.sheets.plan.article.result_sheet import Columns, entry
from vidcost_xl.sheets.plan.row_names import value_of

#: The three ways of making a video: column, heading.
WAYS: Final = (("plain", "Prompts as written"), ("rewritten", "Prompts rewritten"), ("agent", "With an agent"))

#: The blocks of the sheet name the columns of figures.
COLUMNS: Columns = (
    ("label", "Row", 52.0),
    *((key, "", 24.0) for key, _ in WAYS),
    ("unit", "Unit", 20.0),
    ("note", "Note, and source", 84.0),
)

#: The ways by the number of their figure on the sheet Proof.
FIGURES: Final = {way: at for at, (way, _) in enumerate(WAYS, start=1)}

#: Rows of the answer of VIDEO_AGENT after its header, in its order: key, label, unit, format.
ITEMS: Final = (
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

YIELDS: Final = {
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


def item_row(key: str, label: str, unit: str, form: str) -> Row:
    """An item on the sheet Agents, in the columns of the ways."""
    is_total = key in {"total", "per_second"}
    entries = {
        "label": Entry(label, "total_text" if is_total else "text"),
        "unit": Entry(unit, "total_unit" if is_total else "unit"),
        "note": Entry(_NOTES.get(key, ""), "total_text" if is_total else "note"),
    }
    for way, at in FIGURES.items():
        entries[way] = entry(in_force(f"ag_{key}", at), form, "total" if is_total else "")
    return Row(f"ag_{key}", entries)


def item_proof(row: int, key: str, label: str, unit: str, form: str) -> Row:
    """The same on the sheet Proof, with the row of the answer of VIDEO_AGENT it stands in."""
    entries = {}
    for way, at in FIGURES.items():
        entries[f"n{at}"] = entry(f"={_native(key, way)}", form, "link" if key in _LINKED else "")
        entries[f"e{at}"] = entry(table_answer(f"agent_{way}", row, 2), form)
    return proof_row(f"ag_{key}", label, unit, entries)


_LINKED: Final = frozenset({"seconds", "clip_yield", "second_yield", "reject_second", "advert_second", "price"})


def _native(key: str, way: str) -> str:
    clip, second = (value_of(name) for name in YIELDS[way])
    given = {
        "seconds": value_of("agent.seconds"),
        "price": "{$ag_generator.plain}",
        "clip_yield": clip,
        "second_yield": second,
    }
    text = given.get(key) or _NATIVE[key]
    for other, *_ in ITEMS:
        text = text.replace(f"<{other}>", native_of(f"ag_{other}", FIGURES[way]))
    return text.replace("<calls>", _CALLS[way])
