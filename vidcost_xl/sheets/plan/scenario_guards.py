"""Rows of the sheet Guards that say which scenario is in force, and what is wrong with the sheet Scenarios."""

from __future__ import annotations

from typing import Final

from vidcost_xl.analysis.scenarios import BASE
from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row
from vidcost_xl.sheets.plan.row_names import DRIVERS, IN_FORCE, IN_FORCE_ROW, SCENARIOS, address


def fact(key: str, label: str, formula: str, style: str = "fault") -> Row:
    """A row above the inputs."""
    form = "count" if style == "number" else "general"
    return Row(f"guards_{key}", {"input": Entry(label), "value": Entry(Formula(formula), style, form)})


def _either(first: str, second: str) -> str:
    return f'=IF({{guards_{first}.value}}="",{{guards_{second}.value}},{{guards_{first}.value}})'


def _said_of(row: str) -> str:
    line = f"{{guards_{row}.value}}"
    cell, subject, fault = (f"INDEX(scn_{column},{line})" for column in ("here", "named", "said"))
    return f'=IF({line}=0,"",{cell}&": "&{subject}&" "&{fault}&".")'


#: What is wrong first where nothing is wrong with Scenarios.
FIRST_TYPED: Final = "=IF({guards_row.value}>0,{guards_input.value},{guards_change.value})"
#: What stands in the way of a scenario is said before what it leads to.
FIRST_OF_ALL: Final = _either("before", "then")

_SWITCH: Final = f"{{{IN_FORCE_ROW}.value}}"
_ACTIVE: Final = (
    "=IF({guards_switch.value}+{guards_at.value}*(SUM(scn_broken)+SUM(scenario_heads))>0,NA(),{guards_at.value})"
)
_TITLE: Final = f'=IFERROR(IF({{guards_active.value}}=0,"",", scenario "&{_SWITCH}),", no scenario")'
_SWITCH_SAID: Final = (
    f'=IF({{guards_switch.value}}=0,"","{DRIVERS}!"&{address(_SWITCH)}&": {IN_FORCE} is \'"&{_SWITCH}'
    f'&"\'; allowed: {BASE}, or a name at the head of {SCENARIOS}.")'
)
_HEADS: Final = (
    f'=IF(SUM(scenario_heads)=0,"","{SCENARIOS}!"'
    "&ADDRESS(ROW({scn_head.base}),COLUMN({scn_head.base})+MATCH(1,scenario_heads,0),relative_address)"
    '&": a scenario has a name of its own at its head.")'
)

#: Key, label, formula and style of the rows.
_FACTS: Final = (
    ("called", "Scenarios called as the switch says", f"=SUMPRODUCT(--(scenario_names={_SWITCH}))", "number"),
    ("at", "The number of the one", f"=SUMPRODUCT((scenario_names={_SWITCH})*scenario_numbers)", "number"),
    ("switch", "Whether it names none", f'=1-IFERROR(({{guards_called.value}}=1)*({_SWITCH}<>""),0)', "number"),
    ("active", "The one in force, 0 for the base; none while a line or name is none", _ACTIVE, "number"),
    ("scenario", "What the headers say of it", _TITLE, "text"),
    ("switch_said", "What is wrong with the switch", _SWITCH_SAID, "fault"),
    ("broken", "The first line of Scenarios that is none", "=IFERROR(MATCH(1,scn_broken,0),0)", "number"),
    ("broken_said", "The same in words", _said_of("broken"), "fault"),
    ("heads_said", "What is wrong with the names", _HEADS, "fault"),
    ("beyond", "The first line with a value that is not allowed", "=IFERROR(MATCH(1,scn_fault,0),0)", "number"),
    ("beyond_said", "The same in words", _said_of("beyond"), "fault"),
    ("either", "What is wrong with a line, or with the switch", _either("broken_said", "switch_said"), "fault"),
    ("before", "What is wrong with a name, or with those", _either("heads_said", "either"), "fault"),
    ("typed", "What is wrong with an input, or with a change", FIRST_TYPED, "fault"),
    ("then", "What is wrong with those, or with a value", _either("typed", "beyond_said"), "fault"),
)


def scenario_facts() -> tuple[Row, ...]:
    """The rows, which stand above that of the first fault of all."""
    return tuple(fact(*each) for each in _FACTS)
