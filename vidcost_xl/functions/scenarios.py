"""Decide: named sets of changed inputs beside each other, and the differences to the plan as it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.digits import TOLERANCE, TOLERANCE_MONEY
from vidcost_xl.errors import BadArgumentError, CellError, ExcelError, unknown_name
from vidcost_xl.functions.arguments import read_text
from vidcost_xl.functions.month_ranges import expand_ranges
from vidcost_xl.functions.plans import OUTPUT_HELP, SHARED, read_plan
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.tables import cell_rows
from vidcost_xl.functions.values import Absent, default_text

if TYPE_CHECKING:  # the model is loaded by the first call that needs it, not by registering the functions
    from vidcost_xl.analysis.scenarios import Answer, Scenario
    from vidcost_xl.model.plan import Plan

Table = list[list[Any]]

#: Columns of a table of scenarios that are none: what the keys mean, and the plan as it is.
BESIDE: Final = frozenset({"label", "input", "unit", "base", "note"})

_KEY: Final = "key"
_NEEDED: Final = (_KEY, "a scenario's name")


@excel_function(
    "Decide",
    "Scenarios beside each other: the figure of each, and its difference to the base in money and percent. Spills.",
    helps={
        **SHARED,
        "scenarios": "A range with the header key and a column for each scenario, its name at the head. A row is an "
        "input; a blank cell leaves it as it is.",
        "output": OUTPUT_HELP,
        "by": '"whole" (the figure alone), "stage" (and each stage), or "year" (and the sum of each fiscal year).',
    },
)
def VIDEO_SCENARIOS(
    inputs: object = None,
    scenarios: object = None,
    overrides: object = None,
    output: object = default_text("monthly"),
    by: object = default_text("whole"),
) -> Table:
    """Scenarios beside each other.

    Parameters
    ----------
    inputs : range or str, optional
        The base: what is typed in the column value, whichever scenario is in force.
    scenarios : range, optional
        None: the base alone. Headers: key, then a name for each scenario. Cells: the value of the input there, blank
        as in the base.
    overrides : range, optional
        Of the base, and so of every scenario; a month that has a value of its own keeps it.
    output : str
        As `what` of VIDEO_TOTAL.
    by : str
        "whole", "stage" or "year".

    Returns
    -------
    list of rows
        Header: what, measure, base and the names. For each figure three rows: cost, difference, share (of the base;
        empty where the base is 0). Reporting currency of each scenario. A scenario that has no bill is #N/A, and a
        last row says why.

    Examples
    --------
    >>> table = [["key", "half"], ["train.passes", 0.5]]
    >>> [round(row[3], 2) for row in VIDEO_SCENARIOS(None, table)[1:]]
    [1366180.36, -1166153.22, -0.46]
    """
    from vidcost_xl.analysis.scenarios import side_by_side

    plan = read_plan(inputs, overrides, as_written=True)
    what, parts = read_text(output, "output").strip(), read_text(by, "by").strip().casefold()
    names, answers = side_by_side(plan, read_scenarios(plan, scenarios), what, parts)
    rows: Table = [["what", "measure", *(each.name for each in answers)]]
    for name in names:
        rows += _figure_rows(name, answers)
    if any(each.refused for each in answers):
        rows.append(["", "note", *(each.refused for each in answers)])
    return rows


def read_scenarios(plan: Plan, value: object) -> list[Scenario]:
    """The scenarios of a headed range; none where nothing is given.

    Raises
    ------
    BadArgumentError
        For a range without keys or names, a name or key given twice, values without one, an unknown key.
    CellError
        For an error value in a cell that is read.
    """
    from vidcost_xl.analysis.scenarios import Scenario
    from vidcost_xl.model.typed import as_typed

    if value is None or isinstance(value, Absent):
        return []
    head, *rows = cell_rows(value, "scenarios", _NEEDED)
    header = [_name(cell) for cell in head]
    folded = [name.casefold() for name in header]
    if folded.count(_KEY) != 1:
        near = next((unknown_name("header", name, (_KEY,)) for name in header if name), "")
        raise BadArgumentError(f"scenarios needs one column with the header key (read: {', '.join(header)}). {near}")
    at = folded.index(_KEY)
    columns = [place for place, name in enumerate(folded) if name not in {_KEY, *BESIDE}]
    for place in columns:
        if not header[place] and any(_holds(row[place]) for row in rows):
            raise BadArgumentError(f"scenarios: column {place + 1} holds values and has no name at its head.")
        if header[place] and folded.count(folded[place]) > 1:
            raise BadArgumentError(f"scenarios: two of them are called {header[place]!r}; names differ.")
    columns = [place for place in columns if header[place]]
    if not columns:
        raise BadArgumentError("scenarios has no column with a scenario's name at its head.")
    keys: dict[str, int] = {}
    found: dict[int, dict[str, object]] = {place: {} for place in columns}
    for number, row in enumerate(rows, start=2):
        given = [place for place in columns if _holds(row[place])]
        key = _name(row[at])
        if not key and given:
            raise BadArgumentError(f"scenarios, row {number}: there are values and no key.")
        if not key:
            continue
        if key in keys:
            raise BadArgumentError(f"scenarios, row {number}: {key} stands in row {keys[key]} too.")
        keys[key] = number
        for place in given:
            cell = row[place]
            if isinstance(cell, ExcelError):
                raise CellError(cell.code, f"scenarios, row {number}, column {header[place]} holds {cell.code}.")
            found[place][key] = as_typed(key, cell)
    return [Scenario(header[place], dict(expand_ranges(plan, list(found[place].items())))) for place in columns]


def _figure_rows(name: str, answers: list[Answer]) -> Table:
    costs, more, shares = zip(*measured(name, answers), strict=True)
    return [[name, "cost", *costs], [name, "difference", *more], [name, "share", *shares]]


def measured(name: str, answers: list[Answer]) -> list[tuple[Any, Any, Any]]:
    """Of each scenario the cost, the difference to the base, and that as a share of the base; #N/A without a bill."""
    base = answers[0].figures.get(name, 0.0)
    found: list[tuple[Any, Any, Any]] = []
    for each in answers:
        missing = ExcelError("#N/A", each.refused)
        cost = each.figures.get(name, 0.0)
        more = 0.0 if math.isclose(cost, base, rel_tol=TOLERANCE, abs_tol=TOLERANCE_MONEY) else cost - base
        found.append((missing,) * 3 if each.refused else (cost, more, more / base if base else ""))
    return found


def _name(cell: object) -> str:
    if isinstance(cell, ExcelError):
        raise CellError(cell.code, f"scenarios: a header or key holds {cell.code}.")
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))  # such as a year
    return "" if cell is None else str(cell).strip()


def _holds(cell: object) -> bool:
    return cell is not None and not (isinstance(cell, str) and not cell.strip())
