"""The sheet Claims: what the article claims, and what the plan makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vidcost_xl.analysis.claims import SOURCE, Claim, declared
from vidcost_xl.functions.article import CLAIM_COLUMNS
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.sheet_layout import Entry, Row, SheetLayout
from vidcost_xl.sheets.plan.article.answers import STACKED, Call, table_answer
from vidcost_xl.sheets.plan.article.claim_workings import working_rows
from vidcost_xl.sheets.plan.article.list_prices import MeterRows, charge, of_meter
from vidcost_xl.sheets.plan.article.proof import COLUMNS, ProofBlock, in_force, proof_row
from vidcost_xl.sheets.plan.article.result_sheet import Columns, entry, heading_row, result_sheet
from vidcost_xl.sheets.plan.place_rules import LEGS
from vidcost_xl.sheets.plan.row_names import value_of

SHEET: Final = "Claims"

CALL: Final = Call(
    "claims", "Claims of the article", f"=VIDEO_CLAIMS({STACKED})", len(declared()) + 1, len(CLAIM_COLUMNS)
)

_LINE: Final = 30.0

#: Figures by our column: their column in the answer.
_ANSWERED: Final = {
    "ours": CLAIM_COLUMNS.index("our_figure") + 1,
    "compared": CLAIM_COLUMNS.index("compared_with") + 1,
    "under": CLAIM_COLUMNS.index("under_condition") + 1,
    "verdict": CLAIM_COLUMNS.index("verdict") + 1,
    "turns": CLAIM_COLUMNS.index("turns_at") + 1,
}

#: The same by their number on the sheet Proof, and the workings beside them there.
_FIGURES: Final = {column: at for at, column in enumerate(_ANSWERED, start=1)}
_HEADINGS: Final = {
    **{f"{part}{at}": column.capitalize() for part in "ned" for column, at in _FIGURES.items()},
    **{"w1": "Holds", "w2": "Holds under it", "w3": "Under it only", "w4": "If it fails"},
}

_COLUMNS: Columns = (
    ("label", "Claim", 54.0),
    ("theirs", "Figure named", 24.0),
    ("ours", "Our figure", 20.0),
    ("verdict", "Verdict", 34.0),
    ("compared", "Compared with", 15.0),
    ("what", "Which is", 28.0),
    ("under", "Ours under the condition", 15.0),
    ("unit", "Unit", 26.0),
    ("condition", "Condition", 46.0),
    ("turns", "It turns at", 15.0),
    ("turning", "Of what", 26.0),
    ("said", "Who said it", 38.0),
)

#: Number format by claim; whole dollars where none is given.
_FORMATS: Final = {
    "dataset": "number",
    "features": "number",
    "own": "number",
    "text": "number",
    "rewriting": "small_number",
    "agents": "price",
    "tipping": "price",
    "petabytes": "number",
}

#: The same of the figure at which a claim turns.
_TURNING: Final = {"millions": "number", "barrier": "count"}

#: The test of a figure, by kind: 1 where it passes.
_TESTS: Final = {
    "about": "--(ABS({figure}-{{.n2}})<={tolerance}*ABS({{.n2}}))",
    "above": "--({figure}>{{.n2}})",
    "at-least": "--({figure}>={{.n2}})",
    "at-most": "--({figure}<={{.n2}})",
}


@dataclass(frozen=True)
class Native:
    """The native formulas of a claim, without equals signs.

    Parameters
    ----------
    turns, never : str
        The figure of its input at which it turns, and whether none does.
    """

    ours: str
    compared: str
    under: str
    turns: str = ""
    never: str = ""


def add_claim_meters(meters: MeterRows, plan: Plan) -> None:
    """What the claims price: the data in one class, ways in, ways out, requests."""
    del plan
    held = "MATCH({$representation_1_first_class.constant},class_id,0)"
    meters.block("claims", "Claims: the data of the plan's last month, each in a pool of its own")
    storage, put, get = (f"=INDEX(class_{name},{held})" for name in ("storage", "put", "get"))
    for key, label, amount in (
        ("videos", "The videos, stored for a month", "cw_videos"),
        ("together", "Videos and features, stored for a month", "cw_together"),
    ):
        meters.add(f"c_{key}", label, storage, f"={{${amount}.n1}}")
        size = of_meter(f"c_{key}", "size")
        decimal = f"={{${amount}.n1}}*IF({size}=bytes_per_gib,{size}/bytes_per_gb,1)"
        meters.add(f"c_{key}_decimal", f"{label}, a GB of 10^9 bytes", storage, decimal)
    meters.add("c_put", "Uploading every object once", put, "={$cw_objects.n1}")
    meters.add("c_get", "Requests of one pass", get, "={$cw_gets.n1}")
    for key, label, table, route, amount in (
        ("in", "Fetching the videos, on the plan's way in", "ingest", "{$cw_way_in.n1}", "cw_videos"),
        ("nat", "Fetching the videos, through a NAT gateway", "ingest", "{$cw_nat.n1}", "cw_videos"),
        ("out", "The videos out once, on the plan's route", "egress", value_of("train.route"), "cw_videos"),
        ("net", "The videos out once, over the internet", "egress", "{$cw_internet.n1}", "cw_videos"),
        ("pass", "A pass of training, on the plan's route", "egress", value_of("train.route"), "cw_read"),
        ("passnet", "A pass of training, over the internet", "egress", "{$cw_internet.n1}", "cw_read"),
    ):
        place = f"MATCH({route},{table}_id,0)"
        for leg in range(1, LEGS + 1):
            meters.add(
                f"c_{key}{leg}",
                f"{label}: meter {leg} of the route",
                f"=INDEX({table}_leg{leg}_meter,{place})",
                f"={{${amount}.n1}}",
                f"=INDEX({table}_leg{leg}_times,{place})",
            )
    for key, label, route in (
        ("extra", "the plan's route", value_of("train.route")),
        ("extranet", "the internet", "{$cw_internet.n1}"),
    ):
        text = f"=INDEX(egress_request,MATCH({route},egress_id,0))"
        meters.add(f"c_{key}", f"Requests of one pass that {label} bills", text, "={$cw_gets.n1}")


def _legs(key: str) -> str:
    return charge(*(f"c_{key}{leg}" for leg in range(1, LEGS + 1)))


def _natives() -> dict[str, Native]:
    videos = charge("c_videos")
    decimal = f'{value_of("claims.gigabyte")}="decimal"'

    def either(key: str) -> str:
        return f"IF({decimal},{charge(f'c_{key}_decimal')},{charge(f'c_{key}')})"

    counted, here_usd = "{$cw_videos.n1}", "{$bx_plan.w2}"
    accepted = "{$pf_ag_all_in.n3}/({.n2}+{$pf_ag_reject_second.n3})"
    return {
        "dataset": Native(f"{counted}/bytes_per_pb", "{cl_dataset.theirs}", "{$cw_article.n1}/bytes_per_pb"),
        "storage": Native(either("videos"), "{cl_storage.theirs}", videos),
        "features": Native(
            "{$cw_latent_most.n1}/{$cw_rate.n1}", "{$cw_comparable.n1}", "{$cw_latent_least.n1}/{$cw_rate.n1}"
        ),
        "together": Native(
            f"{either('together')}+{{$cw_uploads.n1}}",
            "{cl_together.theirs}",
            f"{charge('c_together_decimal')}+{{$cw_uploads.n1}}",
        ),
        "download": Native(f"{_legs('in')}+{{$cw_proxies.n1}}", videos, f"{_legs('nat')}+{{$cw_proxies.n1}}"),
        "egress": Native(_legs("out"), videos, _legs("net")),
        "rereads": Native(
            f"{_legs('pass')}+{charge('c_get', 'c_extra')}",
            f"{{$cw_noticed.n1}}*{videos}",
            f"{_legs('passnet')}+{charge('c_get', 'c_extranet')}",
        ),
        "millions": Native(
            "{$cw_plan_usd.n1}/{$cal_active.total}",
            "{cl_millions.theirs}",
            "{$bu_internet.total}/{$cal_active.total}",
            "{$cw_passes.n1}*MAX({cl_millions.theirs}-{$cw_internet_store.n1},0)"
            "/({$bu_internet.total}/{$cal_active.total}-{$cw_internet_store.n1})",
            "{$cw_passes.n1}=0",
        ),
        "own": Native("{$cw_cloud_tb.n1}/{$cw_build_tb.n1}", "{$cw_same.n1}", "{$cw_cloud_tb.n1}/{$cw_own_tb.n1}"),
        "text": Native(f"{counted}/{{$cw_text.n1}}", "{$cw_magnitude.n1}", "{$cw_article.n1}/{$cw_text.n1}"),
        "barrier": Native(
            here_usd,
            value_of("barrier.funding"),
            "{$cw_internet_first.n1}",
            here_usd,
            f"{here_usd}=0",
        ),
        "rewriting": Native(
            "{$pf_ag_clip_yield.n2}/{$pf_ag_clip_yield.n1}",
            "{$pf_ag_all_in.n2}/{$pf_ag_all_in.n1}",
            "1/{$pf_ag_clip_yield.n1}",
            "{.n2}*{$pf_ag_clip_yield.n1}",
            "{.n2}*{$pf_ag_clip_yield.n1}>1",
        ),
        "agents": Native(
            "{$pf_ag_per_second.n3}",
            "{$pf_ag_per_second.n1}",
            "{$pf_ag_all_in.n3}-{$pf_ag_reject_second.n3}",
            accepted,
            f"{accepted}>1",
        ),
        "tipping": Native(
            "{$pf_ag_per_second.n3}",
            value_of("agent.advert_usd_per_second"),
            "{$pf_ag_all_in.n3}-{$pf_ag_reject_second.n3}",
            accepted,
            f"{accepted}>1",
        ),
        "storing": Native(
            either("together"), "{cl_storing.theirs}", f"{charge('c_together_decimal')}+{{$cw_uploads.n1}}"
        ),
        "petabytes": Native(
            "{$cw_together.n1}/bytes_per_pb",
            "{cl_petabytes.theirs}",
            f"{counted}*(1+{{$cw_latent_most.n1}}/{{$cw_rate.n1}})/bytes_per_pb",
        ),
        "fab": Native(
            here_usd,
            "{$cw_fab.n1}/{$cw_magnitude.n1}",
            f"{here_usd}+{{$cw_colossus.n1}}",
        ),
    }


def claims_sheet(plan: Plan) -> tuple[SheetLayout, ProofBlock]:
    """The sheet Claims, and its figures on the sheet Proof with what they read of the plan."""
    natives = _natives()
    rows = [_claim_row(at, claim) for at, claim in enumerate(declared(), start=1)]
    source = Row("claims_source", {"label": Entry(f"Source of the claims: {SOURCE}.", "note")})
    about = (
        "Our figures follow Inputs and Changes; the figures that were named stay. A verdict follows from the test of "
        "our figure: as the plan stands, and under the condition. Amounts are in USD, as those that were named."
    )
    proven = tuple(_proof_row(at, claim, natives.get(claim.id)) for at, claim in enumerate(declared(), start=1))
    heading = heading_row("cw_heading", "What the claims read of the plan, in its last month", COLUMNS)
    sheet = result_sheet(SHEET, "What the article claims", about, _COLUMNS, [*rows, source])
    return sheet, ProofBlock(SHEET, _HEADINGS, proven, (heading, *working_rows(plan)))


def _claim_row(number: int, claim: Claim) -> Row:
    form, row = _FORMATS.get(claim.id, "count"), f"cl_{claim.id}"
    entries = {
        "label": Entry(f"{number}. {claim.text}", "wrapped"),
        "theirs": Entry("none named", "label_right") if claim.figure is None else Entry(claim.figure, "constant", form),
        "what": Entry(claim.compared, "wrapped_indent"),
        "unit": Entry(claim.unit, "wrapped_indent"),
        "condition": Entry(claim.condition, "wrapped_indent"),
        "turning": Entry(claim.turns, "wrapped_indent"),
        "said": Entry(claim.said_by, "wrapped_indent"),
    }
    for column, at in _shown(claim).items():
        is_text = column == "verdict"
        entries[column] = entry(
            in_force(row, at), "text" if is_text else _form(claim, column), "kpi_plain" if is_text else ""
        )
    return Row(row, entries, height=_LINE)


def _shown(claim: Claim) -> dict[str, int]:
    # A sentence that cannot be measured has a verdict and no figures; not every claim turns at one.
    columns = {"verdict"} if claim.test is None else set(_FIGURES) - (set() if claim.turns else {"turns"})
    return {column: at for column, at in _FIGURES.items() if column in columns}


def _form(claim: Claim, column: str) -> str:
    return _TURNING.get(claim.id, "share2") if column == "turns" else _FORMATS.get(claim.id, "count")


def _proof_row(number: int, claim: Claim, native: Native | None) -> Row:
    entries: dict[str, Entry] = {}
    if native is None:
        entries["n4"] = entry("=verdict_unmeasured", "text", "text_indent")
    else:
        for column, text in (("ours", native.ours), ("compared", native.compared), ("under", native.under)):
            entries[f"n{_FIGURES[column]}"] = entry(f"={text}", _form(claim, column))
        if claim.turns:
            text = f"=IF({native.never},turns_never,{native.turns})"
            entries[f"n{_FIGURES['turns']}"] = entry(text, _form(claim, "turns"))
        entries |= _verdict_entries(claim)
    for column, at in _shown(claim).items():
        answer = table_answer("claims", number + 1, _ANSWERED[column])
        is_text = column == "verdict"
        entries[f"e{at}"] = entry(answer, "text" if is_text else _form(claim, column), "text_indent" if is_text else "")
    return proof_row(f"cl_{claim.id}", f"{number}. {claim.text}", claim.unit, entries)


def _verdict_entries(claim: Claim) -> dict[str, Entry]:
    entries = {"w3": Entry(claim.otherwise, "text_indent")}
    if claim.rests_on or claim.test is None:
        entries["n4"] = entry("=IF({.n5}=turns_never,verdict_fails,{.w3})", "text", "text_indent")
        return entries
    tolerance = value_of("claims.tolerance")
    for column, figure in (("w1", "{.n1}"), ("w2", "{.n3}")):
        entries[column] = entry("=" + _TESTS[claim.test].format(figure=figure, tolerance=tolerance), "count")
    entries["n4"] = entry("=IF({.w1}=1,verdict_holds,{.w4})", "text", "text_indent")
    entries["w4"] = entry("=IF({.w2}=1,{.w3},verdict_fails)", "text", "text_indent")
    return entries
