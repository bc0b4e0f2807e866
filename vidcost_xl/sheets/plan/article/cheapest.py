"""The cheapest class and route of each provider that can serve the plan, searched by native formulas on Proof."""

from __future__ import annotations

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


def chosen_row(provider: str) -> str:
    """The row of a provider: positions of class and route in n1 and n2, names in n4 and n5, whether it serves in n3."""
    return f"bp_{provider}"


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
    ]
    for provider in providers():
        every = (classes_of(provider), routes_of(provider))
        for each in every:
            rows += [_candidate_row(plan, candidate, each, whole) for candidate in each]
        entries = {"label": Entry(f"{price_book().providers[provider].name}: cheapest", "total_text")}
        least = []
        for each, at, text in zip(every, ("n1", "n2"), ("n4", "n5"), strict=True):
            counted, names = (f"{{bf_{each[0].key}.{column}:bf_{each[-1].key}.{column}}}" for column in ("n3", "n4"))
            entries[at] = entry(f"=MATCH(MIN({counted}),{counted},0)", "count")
            entries[text] = entry(f"=INDEX({names},{{.{at}}})", "text", "text_indent")
            least.append(f"(MIN({counted})<no_bound)")
        entries["n3"] = entry(f"={'*'.join(least)}", "count")
        rows.append(Row(chosen_row(provider), entries))
    return rows


def _row(key: str, label: str, formula: str) -> Row:
    return Row(key, {"label": Entry(label), "n1": entry(formula, "compact")})


def _candidate_row(plan: Plan, candidate: Candidate, each: list[Candidate], whole: str) -> Row:
    entries = {
        "label": Entry(candidate.id),
        "n1": entry(f"=SUMPRODUCT({whole}*{over(candidate.row, plan.integer('calendar.months'))})", "money"),
        "n3": entry("=IF({.n2}=1,{.n1},no_bound)", "compact"),
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
