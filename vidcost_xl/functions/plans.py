"""The plan that the arguments of a function describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.arguments import read_text
from vidcost_xl.functions.month_ranges import RANGE_MARK, expand_ranges
from vidcost_xl.functions.tables import read_table
from vidcost_xl.functions.values import GIVEN_PLAN, Absent, is_range

if TYPE_CHECKING:  # the model is loaded by the first call that needs it, not by registering the functions
    from vidcost_xl.model.plan import Plan

INPUTS_HELP = (
    "The plan: a range with the headers key and value, complete, as =VIDEO_INPUTS() spills it; or a preset, "
    '"article" or "complete". Left out: article.'
)
OVERRIDES_HELP = (
    "Inputs to change: two columns, key and value. A month of its own is key@2027-03, several are key@2027-03..2027-06 "
    "(an end left out is open); a private rate is rate.<meter>."
)

OUTPUT_HELP = (
    'What is watched: "monthly" (average month), "annual", "total", "peak", a stage such as "store", or a line of the '
    "ledger."
)

#: Heading of the values that rule where a table holds them beside those that were typed, as of a scenario.
IN_FORCE = "in force"

SHARED = {"inputs": INPUTS_HELP, "overrides": OVERRIDES_HELP}


def read_plan(inputs: object, overrides: object = None, *, as_written: bool = False) -> Plan:
    """The plan that two arguments describe.

    Parameters
    ----------
    inputs : range, str or nothing
        A complete headed range, a preset, or nothing for the article.
    overrides : range or nothing
        Two columns, key and value, with or without a header row.
    as_written : bool
        Whether the column value counts even where the table has one of the values in force.
    """
    if inputs is None or isinstance(inputs, Absent):
        plan = GIVEN_PLAN.get() or _preset("article")
    elif isinstance(inputs, str):
        plan = _preset(read_text(inputs, "inputs"))
    else:
        lines = read_table(
            inputs, "inputs", ("key", "value"), ("unit", "low", "high", *(() if as_written else (IN_FORCE,)))
        )
        plan = _plan_of([{**line, "value": line.get(IN_FORCE, line["value"])} for line in lines])
    changes = read_changes(plan, overrides)
    return plan.with_overrides(changes) if changes else plan


def read_changes(plan: Plan, overrides: object, name: str = "overrides") -> list[tuple[str, object]]:
    """Inputs to change in a plan, as a range of two columns says them; none where nothing was given.

    Parameters
    ----------
    name : str
        Of the argument.
    """
    if overrides is None or isinstance(overrides, Absent):
        return []
    return list(expand_ranges(plan, _override_pairs(overrides, name)))


def _plan_of(lines: list[dict[str, Any]]) -> Plan:
    from vidcost_xl.model.files import plan_from_table

    # Changes of several months stand below the inputs where a function takes both in one table.
    ranged = [line for line in lines if isinstance(line["key"], str) and RANGE_MARK in line["key"]]
    plan = plan_from_table(line for line in lines if line not in ranged)
    return plan.with_overrides(expand_ranges(plan, [(line["key"].strip(), line["value"]) for line in ranged]))


def _override_pairs(overrides: object, name: str) -> list[tuple[str, object]]:
    from vidcost_xl.model.typed import as_typed

    if not is_range(overrides):
        raise BadArgumentError(f"{name} is a range of two columns, key and value.")
    rows = [list(row) if isinstance(row, (list, tuple)) else [row] for row in overrides]  # type: ignore[attr-defined]
    first = [cell.strip().casefold() if isinstance(cell, str) else cell for cell in rows[0]] if rows else []
    if "key" not in first:
        if any(len(row) != len(("key", "value")) for row in rows):
            raise BadArgumentError(f"{name} has two columns, key and value; or a header row that names them.")
        rows = [["key", "value"], *rows]
    lines = read_table(rows, name, ("key", "value"))
    keys = [read_text(line["key"], f"{name}, row {line['row']}: key") for line in lines]
    return [(key, as_typed(key, line["value"])) for key, line in zip(keys, lines, strict=True)]


def _preset(name: str) -> Plan:
    from vidcost_xl.model.files import preset

    return preset(name)
