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
from vidcost_xl.sheets.plan.article.list_prices import MeterSheet, charge, of_meter
from vidcost_xl.sheets.plan.article.result_sheet import (
    Columns,
    chosen,
    difference_entries,
    entry,
    heading_row,
    result_sheet,
)
from vidcost_xl.sheets.plan.lists import LEGS
from vidcost_xl.sheets.plan.row_names import rep, value_of

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
}

#: Columns that go to the sheet Proof, and those of the workings, which go there as rows.
PROVEN: Final = {
    **{f"{part}_{column}": f"{part}{at}" for part in "ned" for at, column in enumerate(_ANSWERED, start=1)},
    **{"passes": "w1", "passes_under": "w2", "otherwise": "w3", "second": "w4"},
}
WORKINGS: Final = "cw_"
WORKING_COLUMNS: Final = {"label": "label", "verdict": "unit", "ours": "n1", "compared": "n2"}

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
    ("said", "Who said it", 38.0),
    *((f"n_{key}", key.capitalize(), 16.0) for key in _ANSWERED),
    *((f"e_{key}", key.capitalize(), 16.0) for key in _ANSWERED),
    *((f"d_{key}", key.capitalize(), 9.0) for key in _ANSWERED),
    ("passes", "Holds", 8.0),
    ("passes_under", "Holds under it", 10.0),
    ("otherwise", "Under it only", 14.0),
    ("second", "If it fails", 14.0),
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
}

#: The test of a figure, by kind: 1 where it passes.
_TESTS: Final = {
    "about": "--(ABS({figure}-{{.n_compared}})<={tolerance}*ABS({{.n_compared}}))",
    "above": "--({figure}>{{.n_compared}})",
    "at-least": "--({figure}>={{.n_compared}})",
    "at-most": "--({figure}<={{.n_compared}})",
}


@dataclass(frozen=True)
class Native:
    """The native formulas of a claim, without equals signs."""

    ours: str
    compared: str
    under: str


def add_claim_meters(meters: MeterSheet, plan: Plan) -> None:
    """What the claims price: the data in one class, ways in, ways out, requests."""
    del plan
    held = f"MATCH({value_of(rep(1, 'class'))},class_id,0)"
    meters.block("claims", "Claims: the data of the plan's last month, each in a pool of its own")
    storage, put, get = (f"=INDEX(class_{name},{held})" for name in ("storage", "put", "get"))
    for key, label, amount in (
        ("videos", "The videos, stored for a month", "cw_videos"),
        ("together", "Videos and features, stored for a month", "cw_together"),
    ):
        meters.add(f"c_{key}", label, storage, f"={{${amount}.ours}}")
        size = of_meter(f"c_{key}", "size")
        decimal = f"={{${amount}.ours}}*IF({size}=bytes_per_gib,{size}/bytes_per_gb,1)"
        meters.add(f"c_{key}_decimal", f"{label}, a GB of 10^9 bytes", storage, decimal)
    meters.add("c_put", "Uploading every object once", put, "={$cw_objects.ours}")
    meters.add("c_get", "Requests of one pass", get, "={$cw_gets.ours}")
    for key, label, table, route, amount in (
        ("in", "Fetching the videos, on the plan's way in", "ingest", "{$cw_way_in.ours}", "cw_videos"),
        ("nat", "Fetching the videos, through a NAT gateway", "ingest", "{$cw_nat.ours}", "cw_videos"),
        ("out", "The videos out once, on the plan's route", "egress", value_of("train.route"), "cw_videos"),
        ("net", "The videos out once, over the internet", "egress", "{$cw_internet.ours}", "cw_videos"),
        ("pass", "A pass of training, on the plan's route", "egress", value_of("train.route"), "cw_read"),
        ("passnet", "A pass of training, over the internet", "egress", "{$cw_internet.ours}", "cw_read"),
    ):
        place = f"MATCH({route},{table}_id,0)"
        for leg in range(1, LEGS + 1):
            meters.add(
                f"c_{key}{leg}",
                f"{label}: meter {leg} of the route",
                f"=INDEX({table}_leg{leg}_meter,{place})",
                f"={{${amount}.ours}}",
                f"=INDEX({table}_leg{leg}_times,{place})",
            )
    for key, label, route in (
        ("extra", "the plan's route", value_of("train.route")),
        ("extranet", "the internet", "{$cw_internet.ours}"),
    ):
        text = f"=INDEX(egress_request,MATCH({route},egress_id,0))"
        meters.add(f"c_{key}", f"Requests of one pass that {label} bills", text, "={$cw_gets.ours}")


def _legs(key: str) -> str:
    return charge(*(f"c_{key}{leg}" for leg in range(1, LEGS + 1)))


def _natives() -> dict[str, Native]:
    videos = charge("c_videos")
    decimal = f'{value_of("claims.gigabyte")}="decimal"'

    def either(key: str) -> str:
        return f"IF({decimal},{charge(f'c_{key}_decimal')},{charge(f'c_{key}')})"

    counted = "{$cw_videos.ours}"
    return {
        "dataset": Native(f"{counted}/bytes_per_pb", "{.theirs}", "{$cw_article.ours}/bytes_per_pb"),
        "storage": Native(either("videos"), "{.theirs}", videos),
        "features": Native(
            "{$cw_latent_most.ours}/{$cw_rate.ours}", "{$cw_comparable.ours}", "{$cw_latent_least.ours}/{$cw_rate.ours}"
        ),
        "together": Native(
            f"{either('together')}+{{$cw_uploads.ours}}",
            "{.theirs}",
            f"{charge('c_together_decimal')}+{{$cw_uploads.ours}}",
        ),
        "download": Native(f"{_legs('in')}+{{$cw_proxies.ours}}", videos, f"{_legs('nat')}+{{$cw_proxies.ours}}"),
        "egress": Native(_legs("out"), videos, _legs("net")),
        "rereads": Native(
            f"{_legs('pass')}+{charge('c_get', 'c_extra')}",
            f"{{$cw_noticed.ours}}*{videos}",
            f"{_legs('passnet')}+{charge('c_get', 'c_extranet')}",
        ),
        "millions": Native(
            "{$bw_plan.total}/{$cal_active.total}", "{.theirs}", "{$bw_internet.total}/{$cal_active.total}"
        ),
        "own": Native(
            "{$cw_cloud_tb.ours}/{$cw_own_tb.ours}", "{$cw_same.ours}", "{$cw_internet_tb.ours}/{$cw_own_tb.ours}"
        ),
        "text": Native(f"{counted}/{{$cw_text.ours}}", "{$cw_magnitude.ours}", "{$cw_article.ours}/{$cw_text.ours}"),
        "barrier": Native("{$br_plan.n_cumulative}", value_of("barrier.funding"), "{$br_internet.n_cumulative}"),
        "rewriting": Native(
            "{$ag_clip_yield.n_rewritten}/{$ag_clip_yield.n_plain}",
            "{$ag_all_in.n_rewritten}/{$ag_all_in.n_plain}",
            "1/{$ag_clip_yield.n_plain}",
        ),
        "agents": Native(
            "{$ag_per_second.n_agent}",
            "{$ag_per_second.n_plain}",
            "{$ag_all_in.n_agent}-{$ag_reject_second.n_agent}",
        ),
        "tipping": Native(
            "{$ag_per_second.n_agent}",
            value_of("agent.advert_usd_per_second"),
            "{$ag_all_in.n_agent}-{$ag_reject_second.n_agent}",
        ),
    }


def claims_sheet(plan: Plan) -> SheetLayout:
    """The sheet Claims.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    SheetLayout
        With its columns and its workings for the sheet Proof.
    """
    natives = _natives()
    rows = [_claim_row(at, claim, natives[claim.id]) for at, claim in enumerate(declared(), start=1)]
    workings = [heading_row("cw_heading", "What the claims read of the plan, in its last month", _COLUMNS)]
    workings += working_rows(plan)
    source = Row("claims_source", {"label": Entry(f"Source of the claims: {SOURCE}.", "note")})
    about = (
        "Our figures follow Inputs and Changes; the figures that were named stay. A verdict follows from the test of "
        "our figure: as the plan stands, and under the condition."
    )
    return result_sheet(SHEET, "What the article claims", about, _COLUMNS, [*rows, source, *workings])


def _claim_row(number: int, claim: Claim, native: Native) -> Row:
    form = _FORMATS.get(claim.id, "count")
    entries = {
        "label": Entry(f"{number}. {claim.text}", "wrapped"),
        "theirs": Entry("none named", "label_right") if claim.figure is None else Entry(claim.figure, "constant", form),
        "what": Entry(claim.compared, "wrapped_indent"),
        "unit": Entry(claim.unit, "wrapped_indent"),
        "condition": Entry(claim.condition, "wrapped_indent"),
        "said": Entry(claim.said_by, "wrapped_indent"),
        "n_ours": entry(f"={native.ours}", form),
        "n_compared": entry(f"={native.compared}", form),
        "n_under": entry(f"={native.under}", form),
        "n_verdict": entry("=IF({.passes}=1,verdict_holds,{.second})", "text", "text_indent"),
        "otherwise": Entry(claim.otherwise, "text_indent"),
        "second": entry("=IF({.passes_under}=1,{.otherwise},verdict_fails)", "text", "text_indent"),
    }
    tolerance = value_of("claims.tolerance")
    for column, figure in (("passes", "{.n_ours}"), ("passes_under", "{.n_under}")):
        entries[column] = entry("=" + _TESTS[claim.test].format(figure=figure, tolerance=tolerance), "count")
    for column, place in _ANSWERED.items():
        is_text = column == "verdict"
        entries[f"e_{column}"] = entry(
            table_answer("claims", number + 1, place), "text" if is_text else form, "text_indent" if is_text else ""
        )
        style = "kpi_plain" if is_text else ""
        entries[column] = entry(chosen(f"{{.e_{column}}}", f"{{.n_{column}}}"), "text" if is_text else form, style)
    entries |= difference_entries({f"d_{column}": (f"{{.e_{column}}}", f"{{.n_{column}}}") for column in _ANSWERED})
    return Row(f"cl_{claim.id}", entries, height=_LINE)
