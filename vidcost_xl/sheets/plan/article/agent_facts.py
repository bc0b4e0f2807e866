"""What the sheet Agents is made of: list prices, published runs, assumptions, each with its source."""

from __future__ import annotations

from typing import Final

from vidcost_xl.facts.book import fact_book
from vidcost_xl.model import agents
from vidcost_xl.sheets.layout.sheet_layout import Entry, Row
from vidcost_xl.sheets.plan.article.answers import value_answer
from vidcost_xl.sheets.plan.article.proof import in_force, proof_row
from vidcost_xl.sheets.plan.article.result_sheet import answered, entry
from vidcost_xl.sheets.plan.row_names import INPUT_LINK, value_of

#: The row, and the answer of the function.
CALL: Final = "ag_call"
_CALL_LABEL: Final = "A call of the language model"


#: Formats by unit; prices of a unit keep the digits that they have.
_FORMATS: Final = {
    **dict.fromkeys(("tokens", "CPUs", "bytes", "months", "frames/s"), "count"),
    **dict.fromkeys(("s", "h", "Mbit/s"), "number"),
}


def fact_rows() -> list[Row]:
    """The facts and assumptions, in the columns of the sheet Agents."""
    facts = fact_book()

    def fact(key: str, name: str, low_end: bool = False) -> Row:
        shelf = facts.acceptance_facts if name in facts.acceptance_facts else facts.practice_facts
        row = shelf.find(name)
        note = f"{row.source}, {row.as_of}" + ("; the lower end" if low_end else "")
        return _fact(key, row.label, row.bounds[0], row.unit, note)

    generator = f"MATCH({value_of('agent.generator')},generator_name,0)"
    model = f"MATCH({value_of('agent.model')},model_id,0)"
    kept = f'(price_meter="{agents.REJECT_METER}")'
    newest = f"{kept}*(price_valid_from={{$ag_reject_day.plain}})*(price_charged_from=0)"
    return [
        _fact("ag_generator", "Generator", f"=INDEX(generator_usd,{generator})", "USD/s", "list price: sheet Lists"),
        _fact(
            "ag_model_in", "Language model: a million tokens read", f"=INDEX(model_in,{model})", "USD", "sheet Lists"
        ),
        _fact(
            "ag_model_out",
            "Language model: a million tokens written",
            f"=INDEX(model_out,{model})",
            "USD",
            "sheet Lists",
        ),
        _fact("ag_in", "Tokens read by a call", f"={value_of('agent.tokens_in')}", "tokens", "Inputs"),
        _fact("ag_out", "Tokens written by a call", f"={value_of('agent.tokens_out')}", "tokens", "Inputs"),
        Row(
            CALL,
            {
                "label": Entry(_CALL_LABEL),
                "plain": entry(in_force(CALL), "small_number"),
                "unit": Entry("USD", "unit"),
                "note": Entry("VIDEO_REWRITE", "note"),
            },
        ),
        fact("ag_clip_seconds", agents.CLIP_SECONDS),
        _fact("ag_fps", "Frames in a second", agents.FRAMES_PER_SECOND, "frames/s", "the article's 720p24 video"),
        fact("ag_edit_rate", agents.EDIT_RATE, low_end=True),
        _fact("ag_edit_cpus", "Virtual CPUs of that host", agents.EDIT_HOST_CPUS, "CPUs", "the same source"),
        fact("ag_run_cost", agents.EDIT_RUN_COST),
        fact("ag_run_hours", agents.EDIT_RUN_HOURS),
        _fact("ag_run_cpus", "Virtual CPUs of that run", agents.EDIT_RUN_CPUS, "CPUs", "the same source"),
        _fact(
            "ag_cpu_hour",
            "A CPU hour",
            "={$ag_run_cost.plain}/({$ag_run_hours.plain}*{$ag_run_cpus.plain})",
            "USD",
            "cost of the run by its CPU hours",
        ),
        _fact(
            "ag_edit",
            "FFmpeg for a second of video",
            "={$ag_fps.plain}/{$ag_edit_rate.plain}*{$ag_edit_cpus.plain}*{$ag_cpu_hour.plain}/seconds_per_hour",
            "USD/s",
            "decoded, scaled and written once",
        ),
        _fact("ag_mbps", "Bit rate of a rejected clip", agents.REJECT_MBPS, "Mbit/s", "assumption: as VIDEO_CLIPSIZE"),
        _fact("ag_months", "Months a rejected clip is kept", agents.REJECT_MONTHS, "months", "assumption"),
        _fact(
            "ag_reject_day",
            "Newest price of S3 Standard, valid from",
            f"=SUMPRODUCT(MAX({kept}*price_valid_from))",
            "date",
            agents.REJECT_METER,
            "day",
        ),
        _fact(
            "ag_reject_price",
            "Its price of the first tier",
            f"=SUMPRODUCT({newest}*price_step)",
            "USD per GB-month",
            "sheet Prices",
        ),
        _fact(
            "ag_reject_unit",
            "Bytes in its billing unit",
            f'=INDEX(price_unit_size,MATCH("{agents.REJECT_METER}",price_meter,0))',
            "bytes",
            "sheet Prices",
        ),
        _fact(
            "ag_reject_stored",
            "Billing units of a second",
            "={$ag_mbps.plain}*bits_per_mbit/bits_per_byte/{$ag_reject_unit.plain}",
            "GB",
            "bit rate",
            "small_number",
        ),
        _fact(
            "ag_reject",
            "Storage of a rejected second",
            "={$ag_reject_stored.plain}*{$ag_months.plain}*{$ag_reject_price.plain}",
            "USD/s",
            "months on S3 Standard, price of the first tier",
            "small_price",
        ),
        fact("ag_advert_cost", agents.ADVERT_COST, low_end=True),
        fact("ag_advert_length", agents.ADVERT_SECONDS),
        _fact(
            "ag_advert",
            "A finished second of it",
            "={$ag_advert_cost.plain}/{$ag_advert_length.plain}",
            "USD/s",
            "makeads.xyz, 2026: 2,000 USD for a local spot of 30 s",
            "cents",
        ),
    ]


def call_proof() -> Row:
    """The row of the sheet Proof for a call of the language model."""
    call = "({$ag_in.plain}*{$ag_model_in.plain}+{$ag_out.plain}*{$ag_model_out.plain})/million"
    both = {"n1": entry(f"={call}", "small_number"), "e1": entry(answered(value_answer(CALL)), "small_number")}
    return proof_row(CALL, _CALL_LABEL, "USD", both)


def _fact(key: str, label: str, value: str | float, unit: str, note: str, form: str = "") -> Row:
    is_link = isinstance(value, str) and value.startswith(INPUT_LINK)
    return Row(
        key,
        {
            "label": Entry(label),
            "plain": entry(value, form or _FORMATS.get(unit, "small_number"), "link" if is_link else ""),
            "unit": Entry(unit, "unit"),
            "note": Entry(note, "note"),
        },
    )
