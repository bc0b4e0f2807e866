"""The sheet Agents: what an accepted second costs with prompts as written, rewritten, and with an agent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from vidcost_xl.sheets.layout.chart_layout import SeriesChart
from vidcost_xl.sheets.layout.sheet_layout import Entry, Row, SheetLayout
from vidcost_xl.sheets.plan.article.agent_facts import call_proof, fact_rows
from vidcost_xl.sheets.plan.article.agent_items import COLUMNS, FIGURES, ITEMS, WAYS, YIELDS, item_proof, item_row
from vidcost_xl.sheets.plan.article.answers import Call, value_answer
from vidcost_xl.sheets.plan.article.proof import ProofBlock, in_force, proof_id, proof_row
from vidcost_xl.sheets.plan.article.result_sheet import answered, entry, heading_row, result_sheet
from vidcost_xl.sheets.plan.row_names import value_of

SHEET: Final = "Agents"

#: Shares of seconds kept that the chart shows.
SWEEP: Final = (0.003, 0.005, 0.008, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.08, 0.1, 0.15, 0.25, 0.5, 1.0)

#: Rows that the chart spans.
CHART_ROWS: Final = 22

_HEADINGS: Final = {
    **{f"{part}{FIGURES[way]}": text for part in "ne" for way, text in WAYS},
    **{f"d{at}": way.capitalize() for way, at in FIGURES.items()},
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
        clip, second = (value_of(name) for name in YIELDS[way])
        text = f"=VIDEO_AGENT({common},{clip},{second},{thinking[way]})"
        calls.append(Call(f"agent_{way}", label, text, len(ITEMS) + 1, 4))
    return calls


def agents_sheet() -> tuple[SheetLayout, ProofBlock]:
    """The sheet Agents, and its figures on the sheet Proof."""
    main = [item_row(*item) for item in ITEMS]
    sweep = _sweep_rows()
    chart_rows = [Row(f"ag_chart_{line}") for line in range(CHART_ROWS)]
    rows = [
        _heading("ag_ways", "What an accepted second costs", dict(WAYS)),
        *main,
        _heading("ag_pays", "When it pays", dict(WAYS)),
        *(_pays_row(*each) for each in _PAYS),
        *chart_rows,
        *sweep,
        heading_row("ag_facts", "What it is made of: facts and assumptions", COLUMNS),
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
        format="count",
        label_format="share",
    )
    about = (
        "A second that is kept pays for all that were generated to find it. Acceptance with rewriting and with an "
        "agent are inputs; where no trial is published they change nothing."
    )
    proven = [item_proof(at, *item) for at, item in enumerate(ITEMS, start=2)]
    proven += [*(_pays_proof(*each) for each in _PAYS), *_sweep_proofs(), call_proof()]
    sheet = result_sheet(SHEET, "Prompt rewriting and agents", about, COLUMNS, rows, [chart])
    # The table by shares begins a page, since its columns are not the ways.
    pages = (
        f"{{{sheet.rows[0].id}.label:{chart_rows[-1].id}.note}}",
        f"{{{sweep[0].id}.label:{rows[-1].id}.note}}",
    )
    return replace(sheet, prints=pages), ProofBlock(SHEET, _HEADINGS, tuple(proven))


def _heading(key: str, label: str, names: Mapping[str, str]) -> Row:
    # Each block names its columns: not all of them are the ways.
    row = heading_row(key, label, COLUMNS)
    return Row(key, {**row.entries, **{column: Entry(text, "total") for column, text in names.items()}})


#: The columns of the table by shares, which stand where other blocks have the ways.
_SWEPT: Final = {
    "plain": "Share kept",
    "rewritten": "An accepted second",
    "agent": "An advertising second",
}

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
    entries |= {way: entry(in_force(f"ag_{key}", at), form) for way, at in FIGURES.items()}
    return Row(f"ag_{key}", entries)


def _pays_proof(key: str, label: str, unit: str, _: str, form: str, text: str) -> Row:
    entries = {}
    for at in FIGURES.values():
        for part in "ne":
            formula = text
            for other, *_rest in ITEMS:
                row = proof_id(f"ag_{other}")
                formula = formula.replace(f"<*{other}>", f"{{${row}.{part}{FIGURES['plain']}}}")
                formula = formula.replace(f"<{other}>", f"{{{row}.{part}{at}}}")
            entries[f"{part}{at}"] = entry(f"={formula}" if part == "n" else answered(formula), form)
    return proof_row(f"ag_{key}", label, unit, entries)


def _sweep_rows() -> list[Row]:
    rows = [_heading("ag_sweep", "With an agent, by share of the seconds kept", _SWEPT)]
    for at, share in enumerate(SWEEP, start=1):
        entries = {
            "label": Entry(_swept(share)),
            "plain": Entry(share, "constant", "share"),
            "rewritten": entry(in_force(f"ag_sweep_{at}", FIGURES["rewritten"]), "cents"),
            "agent": entry(f"={value_of('agent.advert_usd_per_second')}", "cents", "link"),
            "unit": Entry("USD/s", "unit"),
        }
        rows.append(Row(f"ag_sweep_{at}", entries))
    return rows


def _sweep_proofs() -> list[Row]:
    figure, agent = FIGURES["rewritten"], FIGURES["agent"]
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
