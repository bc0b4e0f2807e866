"""Decide: what a budget buys."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.errors import BadArgumentError, ExcelError, unknown_name
from vidcost_xl.functions.arguments import read_number, read_text
from vidcost_xl.functions.plans import SHARED, read_plan
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.values import default_text, is_stated

if TYPE_CHECKING:  # the model is loaded by the first call that needs it, not by registering the functions
    from vidcost_xl.analysis.afford import Afford

Table = list[list[Any]]

#: What the budget of VIDEO_AFFORD is for, in words.
_PER: Final = {"month": "an average month", "peak": "the dearest month", "plan": "the whole plan"}

#: What rounds to no cent.
HALF_A_CENT: Final = 0.005

HEADER: Final = ["measure", "value", "unit", "note"]


@excel_function(
    "Decide",
    "How many passes, experiments, videos, TB or months a budget buys, and what the next one costs. Spills.",
    helps={
        **SHARED,
        "budget": "In the reporting currency: of an average month, or of what the last argument says.",
        "driver": '"passes" or "experiments" a month, "videos", "tb" of video, "months" (the budget is then of all of '
        "them together), or the key of a numeric input.",
        "per": '"month" (average), "peak" (no month costs more), or "plan" (all months together).',
    },
)
def VIDEO_AFFORD(
    budget: object = 1e6,
    inputs: object = None,
    driver: object = default_text("passes"),
    overrides: object = None,
    per: object = default_text("month"),
) -> Table:
    """What a budget buys.

    Parameters
    ----------
    budget : float
        Reporting currency.
    inputs : range or str, optional
    driver : str
        "passes", "experiments", "videos", "tb", "months", or the key of a numeric input.
    overrides : range, optional
    per : str
        "month" (an average one), "peak" (the dearest) or "plan". The budget of "months" is of the plan.

    Returns
    -------
    list of rows
        Measure, value, unit, note: the most that fits (the least, where more of the driver costs less), its cost, and
        the next whole number with its cost. #N/A with the reason where nothing fits.

    Examples
    --------
    >>> VIDEO_AFFORD(500000)[1][:3]
    ['Most that fits', 1.2861640075732714, 'passes a month']
    """
    from vidcost_xl.analysis.afford import affordable, affordable_months
    from vidcost_xl.analysis.drivers import MONTHS, turned

    limit = read_number(budget, "budget", 0)
    plan = read_plan(inputs, overrides)
    name, money = read_text(driver, "driver").strip(), plan.text("money.currency")
    period = read_text(per, "per").strip().casefold()
    if period not in _PER:
        raise BadArgumentError(unknown_name("per", period, _PER))
    if name.casefold() == MONTHS:
        if is_stated(per) and period != "plan":
            raise BadArgumentError('the budget of "months" is of all of them; leave per out, or write "plan".')
        rows = _rows(affordable_months(plan, limit), limit, "months", money, "months so far", 1.0)
        now: list[Any] = ["In the plan", float(plan.calendar.months), "months", ""]
    else:
        found = turned(plan, name)
        afford = affordable(found, limit, period)
        rows = _rows(afford, limit, found.driver.unit, money, _PER[period], found.least)
        note = f"{found.own_months} months have a value of their own, which stays" if found.own_months else ""
        now = ["In the plan", found.now, found.driver.unit, note]
    return [HEADER, *rows, now]


def _rows(found: Afford, budget: float, unit: str, money: str, what: str, least: float) -> Table:
    kind = "Least that fits" if found.is_least else "Most that fits"
    if not found.moves:
        why = f"none: it does not move the bill, {found.cost:,.2f} {money} for {what} at any number"
        return [[kind, ExcelError("#N/A", why), unit, why]]
    if found.value is None:
        over = _money(found.cost - budget, money)
        why = f"none: at {least:g} {unit} it costs {found.cost:,.2f} {money}, {over} too much"
        return [[kind, ExcelError("#N/A", why), unit, why]]
    if math.isinf(found.value):
        why = f"no limit: it costs {found.cost:,.2f} {money} at {least:g} {unit}, and nowhere more than the budget"
        return [[kind, ExcelError("#N/A", why), unit, why]]
    note = "some beyond the next step fits too" if found.fits_elsewhere else ""
    if found.step is None:
        note = note or "all that the plan can have"
    rows: Table = [[kind, found.value, unit, note], ["It then costs", found.cost, money, what]]
    if found.step is not None and found.step_cost is not None:
        over = _money(found.step_cost - budget, money)
        rows.append(["The next whole number", found.step, unit, f"{over} too much"])
        rows.append(["It would cost", found.step_cost, money, what])
    return rows


def _money(amount: float, money: str) -> str:
    return f"{amount:,.2f} {money}" if amount >= HALF_A_CENT else f"less than a cent ({amount:.2g} {money})"
