"""Named sets of changed inputs, each answered beside the plan as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from vidcost_xl.errors import BadArgumentError, VideoCostError, unknown_name
from vidcost_xl.model.bill import Bill, evaluate
from vidcost_xl.model.lines import STAGES
from vidcost_xl.model.outputs import TOTALS, months_of, output_of
from vidcost_xl.model.plan import MONTH_MARK, Plan
from vidcost_xl.model.rate_keys import is_rate
from vidcost_xl.model.values import read_value

#: What the plan is called without any scenario.
BASE: Final = "base"

#: What a figure may be broken down by.
WHOLE, STAGE, YEAR = "whole", "stage", "year"
BREAKDOWNS: Final = (WHOLE, STAGE, YEAR)


@dataclass(frozen=True)
class Scenario:
    """What a plan has otherwise.

    Parameters
    ----------
    changes : mapping of str to object
        Value by key, as `Plan.with_overrides` takes them.
    """

    name: str
    changes: Mapping[str, object]


@dataclass(frozen=True)
class Answer:
    """The figures of one scenario, or of the plan as it is.

    Parameters
    ----------
    figures : mapping of str to float
        Reporting currency; the figure asked for first, then its parts.
    refused : str
        Why there is no bill; no figures then.
    """

    name: str
    figures: Mapping[str, float] = field(default_factory=dict)
    refused: str = ""


def scenario_plan(plan: Plan, scenario: Scenario) -> Plan:
    """The plan under a scenario; months that have a value of their own keep it.

    Raises
    ------
    VideoCostError
        For what the plan cannot have, naming the scenario.
    """
    try:
        return plan.with_overrides(scenario.changes.items())
    except VideoCostError as error:
        raise type(error)(f"scenario {scenario.name}: {error.message}") from None


def plan_in_force(plan: Plan, scenarios: Iterable[Scenario], name: str) -> Plan:
    """The plan under the scenario of a name; as it is where that is the base.

    Raises
    ------
    BadArgumentError
        For a name that none of them has; names the nearest.
    """
    if name.casefold() == BASE:
        return plan
    found = {each.name.casefold(): each for each in scenarios}
    if name.casefold() not in found:
        raise BadArgumentError(unknown_name("scenario", name, (BASE, *(each.name for each in found.values()))))
    return scenario_plan(plan, found[name.casefold()])


def every_plan(plan: Plan, scenarios: Iterable[Scenario]) -> list[Plan]:
    """The plan as it is and under each scenario that it can have."""
    found = [plan]
    for each in scenarios:
        with suppress(VideoCostError):  # said where it is in force
            found.append(scenario_plan(plan, each))
    return found


def side_by_side(
    plan: Plan, scenarios: Iterable[Scenario], what: str = "monthly", by: str = WHOLE
) -> tuple[list[str], list[Answer]]:
    """The plan as it is and under each scenario.

    Parameters
    ----------
    what : str
        See `model.outputs`.
    by : str
        One of `BREAKDOWNS`: stages say the same figure of their months; fiscal years add up the months of `what`.

    Returns
    -------
    list of str, list of Answer
        Names of the figures in their order, stages that no plan has left out; the plan's own answer first.

    Raises
    ------
    VideoCostError
        For an unknown breakdown or input, a value that an input cannot have, or a plan that has no bill as it is. A
        scenario without one, as of a class and a route that do not go together, is an answer; so is one in another
        currency.
    """
    if by not in BREAKDOWNS:
        raise BadArgumentError(unknown_name("by", by, BREAKDOWNS))
    listed = list(scenarios)
    for each in listed:
        _refuse_values(plan, each)
    found = [Answer(BASE, _figures(evaluate(plan), what, by))]
    for each in listed:
        try:
            changed = plan.with_overrides(each.changes.items())
            _refuse_money(plan, changed)
            found.append(Answer(each.name, _figures(evaluate(changed), what, by)))
        except VideoCostError as error:
            found.append(Answer(each.name, refused=error.message))
    order = STAGES if by == STAGE else sorted({key for each in found for key in each.figures})
    parts = [key for key in order if key != what and any(each.figures.get(key) for each in found)]
    return [what, *parts], found


def _refuse_values(plan: Plan, scenario: Scenario) -> None:
    # What no plan can have is a mistake in the table, and not the scenario's answer.
    for key, value in scenario.changes.items():
        name = key.partition(MONTH_MARK)[0]
        try:
            if name not in plan.values or is_rate(name):
                plan.with_overrides([(key, value)])
            else:
                read_value(name, value)
        except VideoCostError as error:
            raise type(error)(f"scenario {scenario.name}: {error.message}") from None


def _refuse_money(plan: Plan, changed: Plan) -> None:
    base, other = (each.text("money.currency") for each in (plan, changed))
    if other != base:
        raise BadArgumentError(
            f"its bill is in {other} and the base's in {base}: their difference is no amount. "
            "money.fx may differ, money.currency not."
        )


def _figures(bill: Bill, what: str, by: str) -> dict[str, float]:
    found = {what: float(output_of(bill, what)[0])}
    if by == STAGE:
        summed = TOTALS.get(what.casefold(), TOTALS["monthly"])
        found |= {stage: float(summed(months_of(bill, stage))[0]) for stage in STAGES}
    if by == YEAR:
        months = months_of(bill, what)[:, 0]
        for year, amount in zip(bill.plan.calendar.fiscal_years, months, strict=True):
            found[year] = found.get(year, 0.0) + float(amount)
    return found
