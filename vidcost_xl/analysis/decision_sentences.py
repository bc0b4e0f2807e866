"""The answers of a decision in a sentence each."""

from __future__ import annotations

from typing import Final

from vidcost_xl.analysis.decision import Decision
from vidcost_xl.analysis.decision_tables import FIGURES, measured, named, turns

#: Levers, and turns of an answer, that a sentence names.
MOST_SAID: Final = 3
MOST_TURNS: Final = 3

#: Of the figure, the part that an input must move it by to be named among those that were not drawn.
LEAST_SAID: Final = 0.01


def sentences(found: Decision) -> list[str]:
    """The answers in a line each."""
    money, what = found.currency, FIGURES[found.wanted.what]
    p10, p50, p90 = (found.risk.quantiles[each].value for each in (10, 50, 90))
    said = [
        f"As planned, {what} costs {found.base:,.0f} {money}. In eight cases of ten it is {p10:,.0f} to {p90:,.0f}, "
        f"in the middle {p50:,.0f}."
    ]
    if found.wanted.budget is not None and found.risk.above is not None:
        chance, over = found.risk.above.value, found.base > found.wanted.budget
        said.append(
            f"The budget of {found.wanted.budget:,.0f} is exceeded in {chance:.0%} of the cases"
            + (", and as planned." if over else "; as planned it is kept.")
        )
    return [*said, *_held_said(found), _place_said(found), *_site_said(found), *_lever_said(found), _wrong_said(found)]


def _held_said(found: Decision) -> list[str]:
    # An input that moves the figure and is not drawn makes the range narrower than what is not known.
    least = LEAST_SAID * abs(found.base)
    held = [each for each in found.levers if each.key in found.risk.held and each.swing >= least]
    if not held:
        return []
    names = "; ".join(f"{named(found.plan, each)} ({measured(each.value, each.spec)})" for each in held[:MOST_SAID])
    more = f"; {len(held) - MOST_SAID} more" if len(held) > MOST_SAID else ""
    return [f"Not drawn, so that the range is too narrow: {names}{more}. vidcost risk says why, for each."]


def _place_said(found: Decision) -> str:
    if not found.places.rows:
        return "No place of the price book can serve the plan."
    first = found.places.rows[0]
    place, less = f"{first.candidate.storage_class} over {first.candidate.route}", found.base - first.cost
    if less <= 0:
        return f"Nowhere is it cheaper than as planned; next comes {place}, {first.cost:,.0f}."
    share = f" ({less / found.base:.0%})" if found.base else ""
    return f"It is cheapest in {place}: {first.cost:,.0f}, which is {less:,.0f}{share} less."


def _site_said(found: Decision) -> list[str]:
    if found.site is None:
        return []
    month, labels, saved = found.site.months["cash"], found.site.labels, found.site.saved
    if month is None:
        return [f"A site of one's own does not pay in time: by {labels[-1]} it has cost {-saved:,.0f} more, cash."]
    return [
        f"A site of one's own has cost no more than the cloud from month {month} ({labels[month - 1]}) on, and by "
        f"{labels[-1]} it has saved {saved:,.0f}, cash."
    ]


def _lever_said(found: Decision) -> list[str]:
    said = [
        f"{named(found.plan, each)} ({each.at_low:,.0f} at {measured(each.low, each.spec)}, {each.at_high:,.0f} "
        f"at {measured(each.high, each.spec)})"
        for each in found.levers[:MOST_SAID]
    ]
    return [f"What moves it most: {'; '.join(said)}."] if said else []


def _wrong_said(found: Decision) -> str:
    turned = [(doubt, turn, way) for doubt, turn, way in turns(found) if turn]
    if not turned:
        levers = len({each.lever.key for each in found.doubts})
        return f"None of these answers turns while one of the {levers} strongest inputs stays within its range."
    said = [
        f"{named(found.plan, doubt.lever)} is {way} {measured(doubt.edge(turn), doubt.lever.spec)} "
        f"({doubt.answer(turn.answer)})"
        for doubt, turn, way in turned[:MOST_TURNS]
    ]
    more = f"; {len(turned) - MOST_TURNS} more below" if len(turned) > MOST_TURNS else ""
    return f"An answer is another one if: {'; '.join(said)}{more}."
