"""Model functions: the whole bill of a plan, its months, its ledger, its checks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from vidcost_xl.errors import BadArgumentError, OutOfDomainError, unknown_name
from vidcost_xl.functions.arguments import read_number, read_text
from vidcost_xl.functions.plans import SHARED, read_plan
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.steps import explain_step
from vidcost_xl.functions.values import GIVEN_PLAN, default_text, explaining, is_stated

if TYPE_CHECKING:  # the model is loaded by the first call that needs it, not by registering the functions
    from vidcost_xl.model.bill import Bill
    from vidcost_xl.model.plan import Plan

Table = list[list[Any]]


@excel_function(
    "Model",
    "All inputs of a preset as a table to fill in: key, value, unit, low, high, label. Spills.",
    helps={"preset": '"article" (only what the article counts) or "complete" (every block on).'},
)
def VIDEO_INPUTS(preset: object = default_text("article")) -> Table:
    """The inputs of a preset.

    Parameters
    ----------
    preset : str
        "article" or "complete".

    Returns
    -------
    list of rows
        Header and one row an input; what VIDEO_TOTAL and its siblings take as `inputs`.

    Examples
    --------
    >>> VIDEO_INPUTS()[0]
    ['key', 'value', 'unit', 'low', 'high', 'label']
    """
    from vidcost_xl.model.files import plan_to_table
    from vidcost_xl.model.files import preset as preset_plan

    given = None if is_stated(preset) else GIVEN_PLAN.get()
    return plan_to_table(given or preset_plan(read_text(preset, "preset")))


@excel_function(
    "Model",
    "Cost of the plan: an average month, one month, the whole horizon, a stage or a line, in the reporting currency.",
    helps={
        **SHARED,
        "what": '"monthly" (average month), "annual" (twelve of them), "total", "peak", a stage such as "store", or a '
        "line of the ledger. Stages and lines are average months.",
        "month": "One month: its number from 1, a date, or 2027-03. Left out: all months, averaged.",
    },
)
def VIDEO_TOTAL(
    inputs: object = None, what: object = default_text("monthly"), month: object = None, overrides: object = None
) -> float:
    """Cost of a plan.

    Parameters
    ----------
    inputs : range or str, optional
        Complete inputs, or a preset.
    what : str
        "monthly", "annual" (twelve average months), "total", "peak", a stage, or a line of the ledger.
    month : number, date or str, optional
        Only this month.
    overrides : range, optional
        Inputs to change.

    Returns
    -------
    float
        Reporting currency.

    Examples
    --------
    >>> round(VIDEO_TOTAL(), 2)
    2532333.58
    """
    from vidcost_xl.model.outputs import TOTALS, months_of, output_of

    bill = _bill(inputs, overrides)
    name = read_text(what, "what").strip()
    result = float(output_of(bill, name)[0])
    if explaining() is not None:
        _explain(bill)
    if is_stated(month):
        if name.casefold() in {*TOTALS} - {"monthly"}:
            raise BadArgumentError(f'what "{name}" is about all months; leave month out, or ask for "monthly".')
        return float(months_of(bill, name)[_position(bill.plan, month), 0])
    return result


@excel_function(
    "Model",
    "The bill month by month, one column for each stage, line, provider, service, meter or account. Spills a table.",
    helps={**SHARED, "by": '"stage", "line", "provider", "service", "meter", "gl_account", "cost_center" or "total".'},
)
def VIDEO_FORECAST(inputs: object = None, by: object = default_text("stage"), overrides: object = None) -> Table:
    """The bill by month and group.

    Parameters
    ----------
    inputs : range or str, optional
    by : str
        A column of the ledger.
    overrides : range, optional

    Returns
    -------
    list of rows
        Header, then one row a month: month, fiscal year, the groups, their total, in the reporting currency.

    Examples
    --------
    >>> VIDEO_FORECAST()[0]
    ['month', 'fiscal_year', 'store', 'train', 'total']
    """
    from vidcost_xl.model.ledger import GROUPS, by_group

    bill = _bill(inputs, overrides)
    name = read_text(by, "by").casefold()
    if name not in GROUPS:
        raise BadArgumentError(unknown_name("by", name, GROUPS))
    fx = bill.state.monthly("money.fx")[:, 0]
    groups = {member: amounts * fx for member, amounts in by_group(bill, name).items()}
    calendar = bill.plan.calendar
    total = sum(groups.values(), np.zeros(calendar.months))
    header = ["month", "fiscal_year", *groups, *([] if name == "total" else ["total"])]
    columns = [*(amounts.tolist() for amounts in groups.values()), *([] if name == "total" else [total.tolist()])]
    return [header, *map(list, zip(calendar.labels, calendar.fiscal_years, *columns, strict=True))]


@excel_function(
    "Model",
    "The ledger of the plan: a row for each line and month, with quantities, unit prices and sources. Spills a table.",
    helps=SHARED,
)
def VIDEO_LEDGER(inputs: object = None, overrides: object = None) -> Table:
    """The ledger.

    Parameters
    ----------
    inputs : range or str, optional
    overrides : range, optional

    Returns
    -------
    list of rows
        Header, then one row a line and month. Periods are ISO dates of the first day.

    Examples
    --------
    >>> len(VIDEO_LEDGER()) - 1
    48
    """
    from vidcost_xl.model.ledger import to_columns

    columns = to_columns(_bill(inputs, overrides))
    cells = [[_cell(value) for value in column.tolist()] for column in columns.values()]
    return [list(columns), *map(list, zip(*cells, strict=True))]


@excel_function(
    "Model",
    "What is wrong or doubtful about the plan: provider policies, links, sizes, weak and stale prices. Spills a table.",
    helps=SHARED,
)
def VIDEO_CHECK(inputs: object = None, overrides: object = None) -> Table:
    """Findings about a plan.

    Parameters
    ----------
    inputs : range or str, optional
    overrides : range, optional

    Returns
    -------
    list of rows
        Header (severity, check, subject, message, value, limit), the worst finding first.

    Examples
    --------
    >>> VIDEO_CHECK()[0][:2]
    ['severity', 'check']
    """
    from vidcost_xl.model.checks import check

    findings = check(_bill(inputs, overrides))
    rows: Table = [["severity", "check", "subject", "message", "value", "limit"]]
    return rows + [[item.severity, item.name, item.subject, item.message, item.value, item.limit] for item in findings]


def _bill(inputs: object, overrides: object) -> Bill:
    from vidcost_xl.model.bill import evaluate

    return evaluate(read_plan(inputs, overrides))


def _position(plan: Plan, month: object) -> int:
    from vidcost_xl.model.calendar import parse_month

    is_number = isinstance(month, (int, float)) and not isinstance(month, bool)
    if is_number and 1 <= month <= plan.calendar.months:  # type: ignore[operator]
        return int(read_number(month, "month", 1, plan.calendar.months, whole=True)) - 1
    if is_number and month < plan.calendar.months * 100:  # type: ignore[operator]
        raise OutOfDomainError(f"month is 1 to {plan.calendar.months}, not {month:g}.")
    return plan.calendar.position(parse_month(month, "month"))


def _explain(bill: Bill) -> None:
    for charge in bill.charges:
        amount = float(charge.effective.mean())
        quantity = float(charge.quantity.mean())
        explain_step(
            charge.line.id,
            amount,
            charge.currency,
            f"{charge.line.label}: {quantity:,.6g} {charge.unit} in an average month",
        )


def _cell(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return "" if isinstance(value, float) and value != value else value  # noqa: PLR0124 - NaN: no quantity, no unit price
