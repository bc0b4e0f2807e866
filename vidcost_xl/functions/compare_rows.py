"""The rows of VIDEO_COMPARE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.errors import ExcelError
from vidcost_xl.prices.located import provider_of

if TYPE_CHECKING:  # the model is loaded by the first call that needs it, not by registering the functions
    from vidcost_xl.analysis.compare import Compared, Comparison, Refused
    from vidcost_xl.model.plan import Plan

Table = list[list[Any]]

#: What VIDEO_COMPARE shows.
SHOWN: Final = ("cheapest", "regions", "all", "refused")

#: The heading of the column that says which representation moves.
_PART: Final = "part"


def moving_parts(plan: Plan, name: str) -> dict[int, str]:
    """Which representations move, names by number: 0 is all together, which has none."""
    from vidcost_xl.analysis.parts import names_of, part_called

    if name.casefold() == "all":
        return {0: ""}
    every = names_of(plan)
    return every if name.casefold() == "each" else {(found := part_called(plan, name)): every[found]}


def place_rows(plan: Plan, answers: Mapping[str, Comparison], show: str, what: str) -> Table:
    """The plan, then the places by cost.

    Parameters
    ----------
    answers : mapping of str to Comparison
        By the name of the part that moves; empty for all together.
    show : str
        One of `SHOWN`, but the last.
    """
    from vidcost_xl.analysis.parts import staying

    stays = staying(plan)
    note = f"as planned at every place: {', '.join(stays)}" if stays else ""
    rows: Table = []
    for part, found in answers.items():
        places = {"cheapest": found.cheapest, "regions": found.regions, "all": found.rows}[show]
        ranked = [_ranked(at, row, found) for at, row in enumerate(places, start=1)]
        rows += [[*row, part] for row in (*ranked, *_nowhere(found))]
    cost = next(iter(answers.values())).cost
    header = ["rank", "provider", "region", "class", "route", what.casefold(), "difference", "share", "note", _PART]
    return _with_parts(answers, [header, [0.0, "the plan", "", "", "", cost, 0.0, 0.0, note, ""], *rows])


def refused_rows(answers: Mapping[str, Comparison]) -> Table:
    """What cannot serve the plan, and why."""
    rows = [[each.name, each.why, part] for part, found in answers.items() for each in found.refused]
    return _with_parts(answers, [["what", "why", _PART], *rows])


def _with_parts(answers: Mapping[str, Comparison], rows: Table) -> Table:
    return [row[:-1] for row in rows] if "" in answers else rows


def _ranked(rank: int, row: Compared, found: Comparison) -> list[Any]:
    place, more = row.candidate, row.cost - found.cost
    where = [place.provider, place.region, place.storage_class, place.route]
    unpriced = found.unpriced.get((place.provider, place.region))
    note = f"no price there in the book: {', '.join(unpriced)}" if unpriced else ""
    return [float(rank), *where, row.cost, more, more / found.cost if found.cost else 0.0, note]


def _nowhere(found: Comparison) -> Table:
    # Providers of which no place can serve the plan, and the first reason.
    served = {row.candidate.provider for row in found.rows}
    reasons: dict[str, Refused] = {}
    for each in found.refused:
        reasons.setdefault(provider_of(each.name), each)
    return [
        ["", provider, "", "", "", ExcelError("#N/A", each.why), "", "", f"cannot: {each.name}, {each.why}"]
        for provider, each in reasons.items()
        if provider not in served
    ]
