"""Decide: an own data centre beside the plan in the cloud, and when or where one becomes cheaper than the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vidcost_xl.errors import BadArgumentError, ExcelError, unknown_name
from vidcost_xl.functions.arguments import read_text
from vidcost_xl.functions.plans import SHARED, read_changes, read_plan
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.steps import explain_step
from vidcost_xl.functions.values import default_text, explaining, is_stated

if TYPE_CHECKING:  # the model is loaded by the first call that needs it, not by registering the functions
    from vidcost_xl.analysis.breakeven import Basis, PlanName
    from vidcost_xl.model.own import OwnSite
    from vidcost_xl.model.plan import Plan

Table = list[list[Any]]

MONTHS_DRIVER = "months"


@excel_function(
    "Decide",
    "The plan with an own data centre, month by month: size, cash, profit and loss, assets, loss, speed. Spills.",
    helps={
        **SHARED,
        "view": '"monthly" (every row), "size", "cash", "p&l", "assets", "loss", "speed" (hours of an experiment), '
        '"summary", or "example" (the public build of 30 PB).',
    },
)
def VIDEO_OWN(inputs: object = None, view: object = default_text("monthly"), overrides: object = None) -> Table:
    """The plan with an own data centre.

    Parameters
    ----------
    inputs : range or str, optional
        Complete inputs, or a preset.
    view : str
        "monthly", "size", "cash", "p&l", "assets", "loss", "speed", "summary" or "example".
    overrides : range, optional
        Inputs to change.

    Returns
    -------
    list of rows
        A header and one row a month; "summary": measure, value, unit, note. Reporting currency; TB of 10^12
        bytes. "example" does not read the plan: the public build, published and priced by the model, in USD.

    Notes
    -----
    Storage, reads, requests, checkpoints, support and leaving end at the cloud as the data move; lines that the
    plan prices itself (GPU time, proxies, the event log) are the same on both sides.

    Examples
    --------
    >>> VIDEO_OWN(view="cash")[0][:3]
    ['month', 'capex_paid', 'disposals']
    """
    from vidcost_xl.model.own import MONTHLY, VIEWS, own_summary, own_table

    name = read_text(view, "view").casefold()
    if name == "example":
        from vidcost_xl.model.own_example import example_table

        return example_table()
    if name not in {*VIEWS, "summary"}:
        raise BadArgumentError(unknown_name("view", name, dict.fromkeys((MONTHLY, *VIEWS, "summary", "example"))))
    site = _site(read_plan(inputs, overrides))
    if explaining() is not None:
        for measure, value, unit, note in own_summary(site)[1:]:
            explain_step(measure, value, unit, note)
    return own_table(site, name)


@excel_function(
    "Decide",
    "When or where one plan becomes cheaper than another: an own site, providers, classes, routes, own inputs. Spills.",
    helps={
        **SHARED,
        "plans": 'Two with a comma between: "cloud,own" or "own,cloud"; a provider, class, route or class+route, as in '
        '"b2,r2" or "aws.internet,aws.cloudfront"; "plan" is the plan as it is.',
        "driver": '"months": the break-even month. "passes", "experiments", "videos", "tb", or the key of a numeric '
        "input: the values at which both cost the same.",
        "first": "Inputs of the first plan alone, as in overrides.",
        "second": "Inputs of the second plan alone, as in overrides. With first or second, plans left out is the plan "
        "as it is, twice.",
    },
    kinds={"first": "table", "second": "table"},
)
def VIDEO_BREAKEVEN(
    inputs: object = None,
    plans: object = default_text("cloud,own"),
    driver: object = default_text("months"),
    overrides: object = None,
    first: object = None,
    second: object = None,
) -> Table:
    """When or where one plan becomes cheaper than the other.

    Parameters
    ----------
    inputs : range or str, optional
    plans : str
        "cloud,own" or "own,cloud"; or two of: "plan", "own", a provider (its cheapest place for the plan), a class, a
        route, a class+route.
    driver : str
        "months", "passes", "experiments", "videos", "tb", or the key of a numeric input.
    overrides, first, second : range, optional
        Of both plans, of the first alone, of the second alone.

    Returns
    -------
    list of rows
        Measure, value, unit, note. Where there is no break-even the value is #N/A and the note says why. Of any two
        plans: every crossing, with both costs of all months there, and which is cheaper from there on.

    Notes
    -----
    Each plan is as it is from its first month: moving from one to the other is not priced, but to an own site. "months"
    of any two plans go on as long as a plan may.

    Examples
    --------
    >>> VIDEO_BREAKEVEN()[1][:3]
    ['Break-even, cash', 7.0, 'month of the plan']
    >>> [row[:2] for row in VIDEO_BREAKEVEN(None, "b2,r2", "passes")[4:]][0]
    ['Crossing', 7.665121589998028]
    """
    from vidcost_xl.analysis.breakeven import PASSES
    from vidcost_xl.analysis.drivers import drivers
    from vidcost_xl.functions.crossings import crossing_rows

    plan = read_plan(inputs, overrides)
    name, changes = (
        read_text(driver, "driver").strip(),
        (read_changes(plan, first, "first"), read_changes(plan, second, "second")),
    )
    # The word passes and keys alone have an answer on each basis.
    is_word = name.casefold() in drivers() and name.casefold() != PASSES
    pair = None if any(changes) or is_word else _pair(read_text(plans, "plans"))
    if pair is None:
        names = "plan,plan" if any(changes) and not is_stated(plans) else read_text(plans, "plans")
        rows = crossing_rows(plan, names, name, changes)
    else:
        rows = _months(plan, *pair) if name.casefold() == MONTHS_DRIVER else _flips(plan, name, *pair)
    return [["measure", "value", "unit", "note"], *rows]


def _site(plan: Plan) -> OwnSite:
    from vidcost_xl.model.bill import evaluate
    from vidcost_xl.model.own import own_site

    return own_site(evaluate(plan))


def _pair(text: str) -> tuple[PlanName, PlanName] | None:
    # The cloud and the own site in either order; None for other plans.
    from vidcost_xl.analysis.breakeven import PLANS

    names = [part.strip().casefold() for part in text.split(",")]
    if names == list(PLANS):
        return "cloud", "own"
    return ("own", "cloud") if names == list(PLANS)[::-1] else None


#: How a plan is called in a sentence.
_CALLED = {"cloud": "the cloud", "own": "the own site"}


def _months(plan: Plan, first: PlanName, second: PlanName) -> Table:
    from vidcost_xl.analysis.breakeven import BASES, break_even_month, curves

    site = _site(plan)
    labels, money = plan.calendar.labels, plan.text("money.currency")
    rows: Table = []
    for basis in BASES:
        found = curves(site, basis)
        a, b = found.of(first)[:, 0], found.of(second)[:, 0]
        month = break_even_month(a, b)
        if month is None:
            why = f"none: by {labels[-1]} {_CALLED[second]} has cost {b[-1] - a[-1]:,.0f} {money} more"
            rows.append([f"Break-even, {_BASIS[basis]}", ExcelError("#N/A", why), "month of the plan", why])
        else:
            note = f"{labels[month - 1]}: {_CALLED[second]} {b[month - 1]:,.0f}, {_CALLED[first]} {a[month - 1]:,.0f}"
            rows.append([f"Break-even, {_BASIS[basis]}", float(month), "month of the plan", note])
    for basis in BASES:
        found = curves(site, basis)
        saved = found.of(first)[-1, 0] - found.of(second)[-1, 0]
        rows.append([f"Saved by {_CALLED[second]}, {_BASIS[basis]}", float(saved), money, f"{len(labels)} months"])
    cash = curves(site, "cash")
    ahead = cash.of(second)[:, 0] - cash.of(first)[:, 0]
    at = int(ahead.argmax())
    outlay = max(float(ahead[at]), 0.0)
    note = f"in {labels[at]}, before the savings" if outlay else f"{_CALLED[second]} never costs more"
    rows.append([f"Most spent ahead on {_CALLED[second]}, cash", outlay, money, note])
    left = float(site.months("book_close")[-1] + site.months("prepaid_close")[-1])
    rows.append(["Book value left at the end, not counted", left, money, labels[-1]])
    return rows


_BASIS = {
    "cash": "cash",
    "discounted": "cash discounted",
    "profit and loss": "profit and loss after interest",
}


def _flips(plan: Plan, driver: str, first: PlanName, second: PlanName) -> Table:
    from vidcost_xl.analysis.breakeven import BASES, PASSES, passes_of
    from vidcost_xl.model.catalogue import catalogue, spec_key

    counts_passes = driver.casefold() == PASSES
    driver = PASSES if counts_passes else driver
    rows: Table = []
    for basis in BASES:
        rows += _flip_rows(plan, driver, basis, first, second)
    if counts_passes:
        now, unit = passes_of(plan), "passes a month"
    else:
        now, unit = plan.number(driver), catalogue()[spec_key(driver)].unit
    for row in rows:
        row[2] = row[2] or unit
    return [[f"{driver.capitalize() if counts_passes else driver} in the plan", now, unit, ""], *rows]


def _flip_rows(plan: Plan, driver: str, basis: Basis, first: PlanName, second: PlanName) -> Table:
    from vidcost_xl.analysis.breakeven import flip
    from vidcost_xl.functions.crossings import further_flips

    found, every = flip(plan, driver, basis, first, second), further_flips(plan, driver, basis, first, second)
    measure, money, months = f"Same cost, {_BASIS[basis]}", plan.text("money.currency"), plan.calendar.months
    rows: Table = []
    if found.value is not None:
        above = _CALLED[second] if found.above > 0 else _CALLED[first]
        flips = max(found.flips, len(every))
        note = f"{above} is cheaper above" + ("" if flips == 1 else f"; the first of {flips} flips")
        rows.append([measure, found.value, "", note])
        rows.append([f"Either then costs, {_BASIS[basis]}", found.cost, money, f"{months} months"])
    elif not every:
        cheaper = _CALLED[second] if found.below >= 0 else _CALLED[first]
        why = f"none: {cheaper} is cheaper at every value from {found.low:g} to {found.high:g}"
        return [[measure, ExcelError("#N/A", why), "", why]]
    for at, each in enumerate(every[len(rows) > 0 :], start=1 + (len(rows) > 0)):
        above = _CALLED[second] if each.after > 0 else _CALLED[first]
        rows.append([f"Same cost {at}, {_BASIS[basis]}", each.value, "", f"{above} is cheaper above"])
        rows.append([f"Either then costs {at}, {_BASIS[basis]}", each.first, money, f"{months} months"])
    return rows
