"""The sheet Guards: whether each input is possible, by its declared kind, unit and range, in plain formulas.

Every native formula reads an input here, where an impossible one is #N/A: a bill of a discount of 12 does not exist.
"""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.plan.drivers import drivers_of
from vidcost_xl.sheets.plan.guard_rows import guard_row
from vidcost_xl.sheets.plan.row_names import ACTIVE, MASTER, TITLE
from vidcost_xl.sheets.plan.scenario_guards import FIRST_OF_ALL, FIRST_TYPED, fact, scenario_facts

SHEET: Final = "Guards"

#: Workbook names: how many inputs are impossible, and the first of them in words.
IMPOSSIBLE: Final = "impossible"
FIRST: Final = "impossible_first"

#: Key, heading and width of the columns.
COLUMNS: Final = (
    ("input", "Input", 66.0),
    ("key", "key", 36.0),
    ("at", "Cell", 9.0),
    ("value", "Typed", 30.0),
    ("least", "At least", 12.0),
    ("most", "At most", 12.0),
    ("above", "Above", 8.0),
    ("blank", "May be empty", 8.0),
    ("allowed", "Allowed", 40.0),
    ("empty", "Empty", 8.0),
    ("wrong", "Not of its kind", 8.0),
    ("outside", "Not allowed", 8.0),
    ("pair", "Low above high", 8.0),
    ("there", "The class there", 30.0),
    ("moves", "Moves or starts there", 8.0),
    ("beside", "Not with the others", 10.0),
    ("fault", "Impossible", 10.0),
    ("read", "The date read", 12.0),
    ("day", "Day of the month", 8.0),
    ("iso", "As a date, or the provider of a region", 12.0),
    ("quoted", "As a text", 30.0),
    ("called", "As a name is compared", 30.0),
    ("meant", "The name meant", 30.0),
    ("shown", "What it is", 36.0),
    ("said", "What is wrong", 60.0),
    ("used", "Used by native formulas", 30.0),
    ("apart", "Not what Inputs shows", 10.0),
    ("elsewhere", "The cell that shows another value", 30.0),
)

#: Columns that workbook names cover.
_NAMED: Final = ("input", "at", "least", "most", "above", "allowed", "fault", "said", "key")


def guards_sheet(plan: Plan, *, scenarios: bool = False) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet and its workbook names.

    Parameters
    ----------
    scenarios : bool
        Whether the workbook has the sheet Scenarios.
    """
    drivers = drivers_of(plan)
    rows = [guard_row(plan, key, says=drivers.get(key, ""), scenarios=scenarios) for key in plan.values]
    columns = (*COLUMNS, *(_RULED if scenarios else ()))
    first, last = rows[0].id, rows[-1].id
    head = (
        Row(
            "guards_title",
            {
                "input": Entry("Guards: what an input may be, and whether it is", "title"),
                "shown": Entry("Checks of the workbook", "label_right"),
                "said": Entry(Formula(f"={MASTER}"), "flag", "flags"),
            },
            height=24,
        ),
        Row("guards_about", {"input": Entry(_ABOUT, "subtitle")}),
        fact("count", "Inputs and lines that are impossible", _COUNT_SCENARIOS if scenarios else _COUNT, "number"),
        fact("row", "The first of Inputs: its row below", "=IFERROR(MATCH(1,guard_fault,0),0)", "number"),
        fact("line", "The first of Changes: its line", "=IFERROR(MATCH(1,ch_fault,0),0)", "number"),
        fact("input", "The first of Inputs, in words", _sentence("row", "guard", "input")),
        fact("change", "The first of Changes, in words", _sentence("line", "ch", "key")),
        *(scenario_facts() if scenarios else ()),
        fact("first", "The first of all", FIRST_OF_ALL if scenarios else FIRST_TYPED),
        Row("guards_head", {key: Entry(text, "heading_wrapped") for key, text, _ in columns}, height=40),
    )
    names = {f"guard_{column}": f"{{{first}.{column}:{last}.{column}}}" for column in _NAMED}
    names[IMPOSSIBLE], names[FIRST] = "{guards_count.value}", "{guards_first.value}"
    if scenarios:
        names |= {ACTIVE: "{guards_active.value}", TITLE: "{guards_scenario.value}"}
    sheet = SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, _, width in columns),
        rows=(*head, *rows),
        last_frozen="guards_head",
        frozen_columns=1,
        title_columns=1,
        large_paper=True,
        pages_wide=2,
        flags=("{guards_title.said:guards_title.said}", f"{{{first}.fault:{last}.fault}}"),
    )
    return sheet, names


#: Columns that only a workbook with scenarios has.
_RULED: Final = (
    ("ruled", "Line of Scenarios", 9.0),
    ("ruling", "What a scenario puts in force", 30.0),
    ("ranged", "Whether it is outside low and high", 30.0),
)

_COUNT: Final = "=SUM(guard_fault)+SUM(ch_fault)"
_COUNT_SCENARIOS: Final = f"{_COUNT}+SUM(scn_fault)+SUM(scenario_heads)+{{guards_switch.value}}"
_ABOUT: Final = "Native formulas read inputs from the column that says so, where an impossible one is #N/A."


def _sentence(row: str, names: str, what: str) -> str:
    at = f"{{guards_{row}.value}}"
    cell, subject, fault = (f"INDEX({names}_{column},{at})" for column in ("at", what, "said"))
    return f'=IF({at}=0,"",{cell}&": "&{subject}&" "&{fault}&".")'
