"""Decide: the cheapest mix of classes, regions, routes, moves and the copy's share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.errors import BadArgumentError, ExcelError, unknown_name
from vidcost_xl.functions.arguments import read_number, read_text
from vidcost_xl.functions.decide import HEADER, provider_names
from vidcost_xl.functions.plans import SHARED, read_plan
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.tables import read_table
from vidcost_xl.functions.values import Absent, default_text, is_range

if TYPE_CHECKING:  # the model is loaded by the first call that needs it, not by registering the functions
    from vidcost_xl.analysis.mix.limits import Limits
    from vidcost_xl.analysis.mix.mix import Mix
    from vidcost_xl.model.plan import Plan

Table = list[list[Any]]

_SHOWN: Final = ("mix", "overrides", "refused")

#: Columns of a budget by month.
_BUDGET: Final = ("month", "amount")


@excel_function(
    "Decide",
    "The class, region, route and move of each representation, and the copy's share, that cost least. Spills.",
    helps={
        **SHARED,
        "providers": 'Providers allowed: a range of names, or a text such as "b2,aws@eu-west-1". Left out: all.',
        "most": "How many providers may be used. Left out: any number.",
        "budget": "What no month may cost more than, in the reporting currency: a number, or a range with the headers "
        "month and amount. Left out: none.",
        "link": "Gbit/s of the link to the GPUs, of which limits.utilisation is used. Left out: limits.link_gbps of "
        "the plan; 0 for no limit.",
        "shares": "Shares of the copy beside the GPUs to choose from: a number or a range. Left out: any from 0 to 1.",
        "show": '"mix" (the answer), "overrides" (the inputs to change, for the argument overrides of VIDEO_TOTAL) or '
        '"refused" (what cannot be priced, and why).',
    },
    kinds={"providers": "raw", "budget": "raw", "shares": "raw"},
)
def VIDEO_MIX(
    inputs: object = None,
    providers: object = None,
    most: object = None,
    budget: object = None,
    link: object = None,
    overrides: object = None,
    shares: object = None,
    show: object = default_text("mix"),
) -> Table:
    """The cheapest mix of a plan.

    Parameters
    ----------
    inputs : range or str, optional
    providers : range or str, optional
    most : int, optional
    budget : float or range, optional
        Reporting currency a month; a range has the columns month and amount.
    link : float, optional
        Gbit/s.
    overrides : range, optional
    shares : float or range, optional
    show : str
        "mix", "overrides" or "refused".

    Returns
    -------
    list of rows
        Measure, value, unit, note: what all months cost with the cheapest mix, as VIDEO_TOTAL says of the plan with the
        inputs of "overrides"; where each representation is; what is not proved; the next best; what each limit costs.

    Notes
    -----
    Leaving a provider is left out. See `analysis.mix` for what a mix chooses, and the method.

    Examples
    --------
    >>> rows = VIDEO_MIX(None, "b2,r2", shares=0)
    >>> round(rows[1][1], 2), rows[2][1]
    (1360154.17, 'b2.standard')
    """
    from vidcost_xl.analysis.mix.mix import mix
    from vidcost_xl.analysis.remembered import remembered

    shown = read_text(show, "show").strip().casefold()
    if shown not in _SHOWN:
        raise BadArgumentError(unknown_name("show", shown, _SHOWN))
    plan, names = read_plan(inputs, overrides), provider_names(providers)
    limits = _limits(plan, most, budget, link, shares)
    asked = repr(limits.budget.tolist()) if limits.budget is not None else ""
    found = remembered(
        lambda: mix(plan, names, limits), plan, "mix", names, limits.most, asked, limits.link, limits.shares
    )
    if shown == "overrides":
        return [["key", "value"], *([key, value] for key, value in found.overrides)]
    if shown == "refused":
        return [["what", "why"], *([name, why] for name, why in found.refused)]
    return mix_table(found)


def _limits(plan: Plan, most: object, budget: object, link: object, shares: object) -> Limits:
    from vidcost_xl.analysis.mix.limits import Limits

    given = plan.number("limits.link_gbps") if _is_out(link) else read_number(link, "link", 0)
    return Limits(
        None if _is_out(most) else int(read_number(most, "most", 1, whole=True)),
        None if _is_out(budget) else _budget(plan, budget),
        given,
        () if _is_out(shares) else tuple(sorted({read_number(each, "shares", 0, 1) for each in _cells(shares)})),
    )


def _is_out(value: object) -> bool:
    return value is None or isinstance(value, Absent) or value == ""


def _cells(value: object) -> list[object]:
    if not is_range(value):
        return [value]
    rows = [row if isinstance(row, (list, tuple)) else [row] for row in value]  # type: ignore[attr-defined]
    return [cell for row in rows for cell in row if cell not in {None, ""} and not isinstance(cell, Absent)]


def _budget(plan: Plan, budget: object) -> Any:
    import numpy as np

    from vidcost_xl.model.calendar import parse_month

    if not is_range(budget):
        return np.full(plan.calendar.months, read_number(budget, "budget", 0))
    found = np.full(plan.calendar.months, np.inf)
    for line in read_table(budget, "budget", _BUDGET):
        where = f"budget, row {line['row']}"
        at = plan.calendar.position(parse_month(line["month"], where))
        found[at] = read_number(line["amount"], f"{where}: amount", 0)
    return found


def mix_table(found: Mix) -> Table:
    """The answer as rows."""
    from vidcost_xl.analysis.mix.mix import SAID, is_binding
    from vidcost_xl.model.blocks.common import prefix

    plan, best = found.plan, found.best
    money, months = plan.text("money.currency"), plan.calendar.months
    rows: Table = [HEADER, ["Cheapest mix", best.cost, money, f"all {months} months"]]
    for n, spot in best.choice.spots.items():
        kept = spot.kept
        moves = f"moves to {spot.named(kept.second)} after {kept.age} months" if kept.second else ""
        route = f"read along {spot.named(spot.route)}" if spot.route else "read by nobody"
        rows.append(
            [plan.text(prefix(n) + "name"), spot.named(kept.first), "class", "; ".join(filter(None, (route, moves)))]
        )
    share, ports = best.choice.share, best.choice.ports
    rows.append(["Copy beside the GPUs", share, "share", f"in {plan.text('staging.class')}" if share else "none"])
    if ports[1]:
        rows.append(["Ports", ports[1], "ports", ports[0]])
    rows += [
        ["An average month", best.cost / months, money, ""],
        ["The plan as it is", found.cost, money, "without leaving a provider"],
        ["Saved", found.cost - best.cost, money, ""],
        ["Not proved", best.gap, "share", "of the cost: no mix costs less by more"],
    ]
    if found.following:
        places = ", ".join(dict.fromkeys(spot.named(spot.kept.first) for spot in found.following.choice.spots.values()))
        rows.append(["Next best", found.following.cost, money, places])
    for each in found.bindings:
        binds = is_binding(each, best.cost)
        note = "binding: the mix would cost that without it" if binds else "not binding"
        without: Any = each.without
        if without is None:
            note = "not found in time"
            without = ExcelError("#N/A", note)
        rows.append([f"Without {SAID[each.name]}", without, money, note])
    return rows
