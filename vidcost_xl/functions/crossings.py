"""The rows of VIDEO_BREAKEVEN for any two plans: every value at which the cheaper one changes, or why there is none."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.functions.decide_rows import HALF_A_CENT, own_months

if TYPE_CHECKING:  # the model is loaded by the first call that needs it, not by registering the functions
    from vidcost_xl.analysis.breakeven import Basis, PlanName
    from vidcost_xl.analysis.crossings import Crossing, Crossings
    from vidcost_xl.analysis.race import Race
    from vidcost_xl.analysis.rivals import Rival
    from vidcost_xl.model.plan import Plan

Table = list[list[Any]]
Changes = list[tuple[str, object]]

#: Crossings that are listed one by one: where whole units make the answer change back and forth there are thousands.
MOST_LISTED: Final = 20


def crossing_rows(plan: Plan, names: str, driver: str, changes: tuple[Changes, Changes]) -> Table:
    """Every value of a driver at which the cheaper of two plans changes, with the cost of both.

    Parameters
    ----------
    names : str
        See `analysis.rivals`.
    changes : tuple of list of (str, object)
        Inputs of the first's own, and of the second's.
    """
    from vidcost_xl.analysis.crossings import crossings
    from vidcost_xl.analysis.drivers import MONTHS
    from vidcost_xl.analysis.race import race_of, search_range
    from vidcost_xl.analysis.rivals import rivals

    pair = rivals(plan, names, changes)
    money = plan.text("money.currency")
    if driver.casefold() == MONTHS:
        return _month_rows(pair, money)
    race = race_of(pair, driver)
    for place, own in zip(("first", "second"), changes, strict=True):
        if race.turned[0].driver.key in {key for key, _ in own}:
            key = race.turned[0].driver.key
            raise BadArgumentError(
                f"{place} sets {key}, which the driver {driver} turns in both: leave one of them out."
            )
    now = [found.now for found in race.turned]
    found = crossings(race, *search_range(race), now)
    unit, span = race.turned[0].driver.unit, f"{plan.calendar.months} months"
    rows: Table = [["In the plan", now[0], unit, own_months(race.turned[0].own_months)]]
    costs = [float(race.look(np.array([each])).both[at][0]) for at, each in enumerate(now)]
    rows += [[f"{_titled(rival)} costs", cost, money, span] for rival, cost in zip(pair, costs, strict=True)]
    if not found.found:
        why = _never(found, pair, driver, money)
        return [*rows, ["Crossing", ExcelError("#N/A", why), unit, why]]
    for at, each in enumerate(found.found[:MOST_LISTED], start=1):
        name = "Crossing" if len(found.found) == 1 else f"Crossing {at}"
        rows.append([name, each.value, unit, _after(each, pair, race, money)])
        both = zip(pair, (each.first, each.second), strict=True)
        rows += [[f"{_titled(rival)} then costs", cost, money, span] for rival, cost in both]
    more = found.found[MOST_LISTED:]
    if more:
        last = more[-1]
        rows.append(
            ["Crossings beyond these", float(len(more)), "", f"to {last.value:g}: {_after(last, pair, race, money)}"]
        )
    if not found.are_all:
        why = "whole units change the answer back and forth, too often to tell all of it apart: there are more"
        rows.append(["Crossings not listed", ExcelError("#N/A", why), "", why])
    return rows


def further_flips(plan: Plan, driver: str, basis: Basis, first: PlanName, second: PlanName) -> list[Crossing]:
    """The crossings of the cloud and an own site on a basis, where there are several; else none."""
    from vidcost_xl.analysis.crossings import crossings
    from vidcost_xl.analysis.race import race_of, search_range
    from vidcost_xl.analysis.rivals import Rival

    pair = (Rival(first, plan, (first, basis)), Rival(second, plan, (second, basis)))
    race = race_of(pair, driver)
    found = crossings(race, *search_range(race), [each.now for each in race.turned]).found
    return list(found) if len(found) > 1 else []


def _titled(rival: Rival) -> str:
    return rival.called.replace("the ", "The ", 1)


def _after(each: Crossing, pair: tuple[Rival, Rival], race: Race, money: str) -> str:
    from vidcost_xl.analysis.rivals import cheaper

    said = [f"{cheaper(pair, each.after)} from here on"]
    if not each.before:
        said.append("the same below it")
    apart = abs(each.first - each.second)
    if each.after and apart > HALF_A_CENT:
        said.append(f"a step: {apart:,.2f} {money} apart here")
    for side in race.sides:
        said += [side.rival.obstacle(bill) for _, bill in side.bills(np.array([each.value]))]
    return "; ".join(filter(None, said))


def _never(found: Crossings, pair: tuple[Rival, Rival], driver: str, money: str) -> str:
    from vidcost_xl.analysis.rivals import cheaper

    span = f"from {found.low:g} to {found.high:g}"
    if not found.moves:
        least = "" if math.isinf(found.least) else f", by {found.least:,.2f} {money}"
        return f"never: {driver} moves neither bill; {cheaper(pair, found.state)}{least}"
    if math.isinf(found.least):
        return f"never: both cost the same at every value {span}"
    least = f"by at least {found.least:,.2f} {money}, at {found.at:g}"
    if found.least < HALF_A_CENT:
        least = f"by less than a cent at {found.at:g}"
    return f"never: {cheaper(pair, found.state)} at every value {span}, {least}"


def _month_rows(pair: tuple[Rival, Rival], money: str) -> Table:
    from vidcost_xl.analysis.crossings import month_crossings
    from vidcost_xl.analysis.rivals import cheaper

    found = month_crossings(pair)
    labels = found.labels
    if not found.found:
        last = len(labels)
        same = math.isinf(found.least)
        least = "" if same else f", by at least {found.least:,.2f} {money}, after month {found.at:g}"
        why = f"never: {cheaper(pair, found.state)} after every month of {last}{least}"
        return [["Crossing", ExcelError("#N/A", why), "month of the plan", why]]
    rows: Table = []
    for at, each in enumerate(found.found, start=1):
        name, month = "Crossing" if len(found.found) == 1 else f"Crossing {at}", int(each.value)
        rows.append([name, each.value, "month of the plan", f"{labels[month - 1]}: {cheaper(pair, each.after)} so far"])
        both = zip(pair, (each.first, each.second), strict=True)
        rows += [[f"{_titled(rival)} has cost", cost, money, f"{month} months"] for rival, cost in both]
    return rows
