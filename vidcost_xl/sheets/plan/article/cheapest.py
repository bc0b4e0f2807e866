"""The cheapest class and route of each provider that can serve the plan, searched by native formulas on Proof.

One without a price on the plan's day is left out: its cost is an error where the plan's own bill is none.
"""

from __future__ import annotations

from typing import Final

from vidcost_xl.analysis.barrier import LEFT_OUT, NO_PRICE, OWN, OWN_SITE
from vidcost_xl.analysis.places import deleting
from vidcost_xl.model.plan import Plan
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import PLACE_MARK
from vidcost_xl.sheets.layout.grid import month
from vidcost_xl.sheets.layout.sheet_layout import Entry, Row
from vidcost_xl.sheets.plan.article.candidates import Candidate, classes_of, limit_of, providers, routes_of
from vidcost_xl.sheets.plan.article.proof import COLUMNS
from vidcost_xl.sheets.plan.article.result_sheet import entry, heading_row
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.row_names import driver_id, value_of

#: What a row shows of a provider that cannot serve the plan: every one has a class and a way out that could, so that
#: it is its policy that says no, or that it has no price on the plan's day.
UNSERVED: Final = ("cannot serve", "its policy: too many passes")

#: Reference to the words for the latter.
WHY_UNPRICED: Final = "{$barrier_day.n1}"


def chosen_row(provider: str) -> str:
    """The row of a provider: positions of class and route in n1 and n2, names in n4 and n5, whether it serves in n3.

    In w2 whether it could with prices, in w3 and w4 what stands for class and route where it does not.
    """
    return f"bp_{provider}"


def has_price(row: str) -> str:
    """Formula, without its equals sign, of whether a row over time has prices; yes where the plan's own bill fails."""
    return f"1-ISERROR({{${row}.total}})*ISNUMBER({{$n_total.total}})"


def over(row: str, months: int) -> str:
    """All months of a row, the same from every cell."""
    return f"{{${row}.{month(1)}:{row}.{month(months)}}}"


def search_rows(plan: Plan, months: int) -> list[Row]:
    """The cheapest class and route of each provider, searched among all that can serve the plan."""
    first_model, fx = value_of("barrier.months"), over(driver_id("money.fx"), months)
    whole = f"({over('cal_counter', months)}<={first_model})"
    gpus = f"={value_of('barrier.gpu_hours')}*{value_of('barrier.gpu_usd_per_hour')}*{{$barrier_fx.n1}}"
    deleted = "+".join(f"({value_of(key)}<>0)" for key in deleting(plan))
    head = heading_row("bp_heading", "The cheapest class and route of each provider that can serve the plan", COLUMNS)
    titles = {
        "n1": "Class, or its cost",
        "n2": "Route, or can serve",
        "n3": "Can serve, or counted",
        "n4": "Class",
        "n5": "Route",
        "w2": "Has prices, or could serve with them",
        "w3": "Else, in place of the class",
        "w4": "and of the route",
    }
    rows = [
        Row(head.id, {**head.entries, **{column: Entry(text, "total_text") for column, text in titles.items()}}),
        _row(
            "barrier_fx",
            "A dollar in reporting currency, until a first model",
            f"=SUMPRODUCT({whole}*{fx})/{first_model}",
        ),
        _row("barrier_gpus", "Training GPUs until a first model, in reporting currency", gpus),
        _row("barrier_deleted", "Ways in which the plan deletes bytes", f"={deleted}"),
        _day_row(),
        Row(
            chosen_row(OWN),
            {"label": Entry(f"{OWN_SITE}: has prices"), "n3": entry("={$own_priced.constant}", "count")},
        ),
    ]
    for provider in providers():
        every = (classes_of(provider), routes_of(provider))
        for each in every:
            rows += [_candidate_row(plan, candidate, each, whole) for candidate in each]
        entries = {"label": Entry(f"{price_book().providers[provider].name}: cheapest", "total_text")}
        least, able = [], []
        for each, at, text in zip(every, ("n1", "n2"), ("n4", "n5"), strict=True):
            counted, names = (f"{{bf_{each[0].key}.{column}:bf_{each[-1].key}.{column}}}" for column in ("n3", "n4"))
            entries[at] = entry(f"=MATCH(MIN({counted}),{counted},0)", "count")
            entries[text] = entry(f"=INDEX({names},{{.{at}}})", "text", "text_indent")
            least.append(f"(MIN({counted})<no_bound)")
            able.append(f"(SUM({counted.replace('.n3', '.n2')})>0)")
        entries["n3"] = entry(f"={'*'.join(least)}", "count")
        entries["w2"] = entry(f"={'*'.join(able)}", "count")
        unpriced = (f'"{LEFT_OUT}"', WHY_UNPRICED)
        for column, unserved, why in zip(("w3", "w4"), UNSERVED, unpriced, strict=True):
            entries[column] = entry(f'=IF({{.w2}}=1,{why},"{unserved}")', "text", "text_indent")
        rows.append(Row(chosen_row(provider), entries))
    return rows


def _day_row() -> Row:
    text = f'=IF({value_of("money.as_of")}="","{NO_PRICE}any day","{NO_PRICE}"&{{$gd_money_as_of.iso}})'
    return Row("barrier_day", {"label": Entry("Why a place is left out"), "n1": entry(text, "text", "text_indent")})


def _row(key: str, label: str, formula: str) -> Row:
    return Row(key, {"label": Entry(label), "n1": entry(formula, "compact")})


def _candidate_row(plan: Plan, candidate: Candidate, each: list[Candidate], whole: str) -> Row:
    entries = {
        "label": Entry(candidate.id),
        "n1": entry(f"=SUMPRODUCT({whole}*{over(candidate.row, plan.integer('calendar.months'))})", "money"),
        "n3": entry("=IF({.n2}*{.w2}=1,{.n1},no_bound)", "compact"),
        "w2": entry(f"={has_price(candidate.row)}", "count"),
        "n4": Entry(candidate.id, "text_indent"),
    }
    book = price_book()
    if candidate.id in book.classes:
        text = "=--({$barrier_deleted.n1}=0)" if book.storage_class(candidate.id).minimum_days else "=1"
    elif book.route("egress", candidate.id).inside:
        # Whatever region or ends stand behind its name.
        mark = f'"{PLACE_MARK}"'
        named = [f"{{$representation_{n}_way_named.constant}}" for n in numbers(plan)]
        same = [f'(LEFT({way},FIND({mark},{way}&{mark})-1)="{candidate.id}")' for way in named]
        text = f"=--({'+'.join(same)}>0)"
    else:
        inside = [other for other in each if book.route("egress", other.id).inside]
        text = "=1" + "".join(f"-{{bf_{other.key}.n2}}" for other in inside)
        limit = limit_of(candidate)
        if limit is not None:
            entries["w1"] = entry(limit, "number")
            text = f"=({text[1:]})*({{$bar_times.total}}<={{.w1}})"
    entries["n2"] = entry(text, "count")
    return Row(f"bf_{candidate.key}", entries)
