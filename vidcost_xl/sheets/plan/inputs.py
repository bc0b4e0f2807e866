"""The sheet Inputs: every input of the plan."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from vidcost_xl.functions.plans import IN_FORCE
from vidcost_xl.model.catalogue import InputSpec, catalogue, spec_key
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Validation
from vidcost_xl.sheets.plan.drivers import drivers_of
from vidcost_xl.sheets.plan.guard_rows import LISTS, choices_name
from vidcost_xl.sheets.plan.parts import EVERY, SCENARIOS, Parts, idle_inputs
from vidcost_xl.sheets.plan.row_names import ACTIVE, INPUTS, MASTER, guard_id, input_id, link_id

#: Label of the cell that says what feeds Costs, and what it may say.
SWITCH: Final = "What feeds Costs"
SWITCH_ROW: Final = "inputs_switch"
ENGINE_CHOICES: Final = ("functions", "native")

#: The rule of cells that are read by name.
_FIXED: Final = "fixed"

#: Widths of the texts that wrap, points of a line and between rows.
_HELP: Final = 66.0
_SOURCE: Final = 60.0
_LINE: Final = 12.0
#: Letters of the small font in the width of a digit.
_LETTERS: Final = 1.15
_GAP: Final = 2.5

#: Key, heading and width of the columns.
INPUT_COLUMNS: Final = (
    ("label", "Input", 34.0),
    ("key", "key", 36.0),
    ("value", "value", 30.0),
    ("unit", "unit", 24.0),
    ("low", "low", 13.0),
    ("high", "high", 13.0),
    ("said", "What is wrong", 34.0),
    ("help", "What it means", _HELP),
    ("source", "Source", _SOURCE),
)


#: The column behind that of the value where a workbook has scenarios, and those at the end: what is typed, of which a
#: blank stays blank, and the line of Scenarios that rules.
_FORCE_COLUMN: Final = (("force", IN_FORCE, 24.0),)
_RULING_COLUMNS: Final = (("base", "Typed", 30.0), ("line", "Line of Scenarios", 14.0))


def inputs_sheet(
    plan: Plan, switch: str = ENGINE_CHOICES[0], *, parts: Parts = EVERY
) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet Inputs and its workbook names.

    Parameters
    ----------
    switch : {"functions", "native"}
        What feeds Costs.
    parts : Parts
        Of the workbook; with scenarios one of them may rule over what is typed.

    Returns
    -------
    SheetLayout, dict
        The name `plan` covers the header and every input: the argument `inputs` of the functions.
    """
    scenarios, idle = SCENARIOS in parts, idle_inputs(parts)
    value = next(at for at, (key, _, _) in enumerate(INPUT_COLUMNS, start=1) if key == "value")
    columns: tuple[tuple[str, str, float], ...] = INPUT_COLUMNS
    if scenarios:
        columns = (*columns[:value], *_FORCE_COLUMN, *columns[value:], *_RULING_COLUMNS)
    head = (
        titled("inputs_title", "Inputs of the plan", "help", "source"),
        Row(
            "inputs_about",
            {
                "label": Entry(
                    "Blue on a pale fill is yours to change; green is typed on Drivers. Low and high bound the "
                    "sensitivity of an input.",
                    "subtitle",
                )
            },
        ),
        Row(
            SWITCH_ROW,
            {
                "label": Entry(SWITCH),
                "key": Entry(", or ".join(ENGINE_CHOICES), "unit"),
                "value": Entry(switch, "input", "general", "list_engines"),
                "help": Entry(
                    "The functions of the add-in, or the native formulas. Without the add-in it is the latter.",
                    "note",
                ),
            },
        ),
        Row("inputs_head", {key: Entry(heading, "heading") for key, heading, _ in columns}),
    )
    rows: list[Row] = []
    elsewhere = drivers_of(plan).keys()
    group = ""
    for key in plan.values:
        start = ".".join(key.split(".")[: 2 if key.startswith("representation.") else 1])
        if start != group:
            rows.append(
                Row(f"group_{input_id(start)}", {"label": Entry(_group_title(plan, start, idle), "total_text")})
            )
            group = start
        row = _linked(_input_row(plan, key), key) if key in elsewhere else _input_row(plan, key)
        rows.append(_ruled(row, key) if scenarios else row)
    over = f"{{{rows[1].id}.value:{rows[-1].id}.value}}"
    ruled = ((over, f"{{{rows[1].id}.line}}>0"),) if scenarios else ()
    validations = input_validations()
    validations["list_engines"] = Validation("list", SWITCH, "functions or native.", allowed="engines")
    validations[_FIXED] = Validation("fixed", "Not an input", "Labels, keys and units belong to the workbook.")
    sheet = SheetLayout(
        name=INPUTS,
        columns=tuple(Column(key, width) for key, _, width in columns),
        rows=(*head, *rows),
        last_frozen="inputs_head",
        validations=validations,
        flags=("{inputs_title.source:inputs_title.source}",),
        faults=((over, f"{{{rows[1].id}.said}}"),),
        muted=(*muted(plan, list(plan.values), lambda key: shown_id(plan, key), parts), *ruled),
        large_paper=True,
        protected=False,
        last_printed_column="source",
    )
    first, last = rows[1].id, rows[-1].id
    looked_up = (
        {"input_label": "label", "input_key": "key", "input_base": "base", "input_unit": "unit"} if scenarios else {}
    )
    names = {name: f"{{{first}.{column}:{last}.{column}}}" for name, column in looked_up.items()}
    return sheet, {"plan": f"{{inputs_head.key:{last}.high}}", **names}


def shown_id(plan: Plan, key: str) -> str:
    """Row id of an input on Inputs, wherever it is typed."""
    return link_id(key) if key in drivers_of(plan) else input_id(key)


def used_cell(plan: Plan, key: str, *, scenarios: bool) -> str:
    """Row and column of what an input is: typed, or in force where a scenario may rule."""
    return f"{shown_id(plan, key)}.force" if scenarios else f"{input_id(key)}.value"


def _ruled(row: Row, key: str) -> Row:
    value = row.entries["value"]
    entries = {
        "force": Entry(Formula(_FORCE), "number", value.format),
        "base": Entry(Formula('=IF(COUNTA({.value})=0,"",{.value})'), "number", value.format),
        "line": Entry(Formula(_LINE_OF), "number", "count"),
    }
    return replace(row, entries={**row.entries, **entries})


_FORCE: Final = "=IF({.line}=0,{.base},INDEX(scn_value,{.line}))"
_LINE_OF: Final = f"=IF({ACTIVE}=0,0,IFERROR(MATCH({{.key}},scn_rules,0),0))"


def titled(key: str, text: str, label_at: str, flag_at: str, title_at: str = "label") -> Row:
    """The head of a sheet that people type into, with the check of the workbook."""
    return Row(
        key,
        {
            title_at: Entry(text, "title"),
            label_at: Entry("Checks of the workbook", "label_right"),
            flag_at: Entry(Formula(f"={MASTER}"), "flag", "flags"),
        },
        height=24,
    )


def _group_title(plan: Plan, start: str, idle: Collection[str]) -> str:
    if start.startswith("representation."):
        return f"Representation {start.split('.')[1]}: {plan.text(start + '.name')}"
    return start.capitalize() + (": not in this workbook" if start in idle else "")


def _input_row(plan: Plan, key: str) -> Row:
    spec = catalogue()[spec_key(key)]
    value = plan.values[key]
    low, high = plan.range_of(key) or ("", "")
    rule, validation = validation_of(spec)
    return Row(
        input_id(key),
        {
            "label": Entry(spec.label, rule=_FIXED),
            "key": Entry(key, "unit", rule=_FIXED),
            "value": Entry("" if value is None else value, "input", format_of(spec), rule if validation else None),
            "unit": Entry(spec.unit, "unit", rule=_FIXED),
            "low": Entry(low, "input", format_of(spec)),
            "high": Entry(high, "input", format_of(spec)),
            "said": Entry(Formula(f"={{{guard_id(key)}.said}}"), "fault_wrapped"),
            "help": Entry(spec.help, "note_wrapped"),
            "source": Entry(spec.source, "note_wrapped"),
        },
        height=_LINE * max(_lines(spec.help, _HELP), _lines(spec.source, _SOURCE)) + _GAP,
        folds=True,
    )


def _linked(row: Row, key: str) -> Row:
    # What is typed on Drivers shows here: a blank stays blank.
    columns = ["value", *(("low", "high") if catalogue()[spec_key(key)].is_numeric else ())]
    links = {
        column: replace(row.entries[column], value=Formula(link_of(key, column)), style="link", rule=_FIXED)
        for column in columns
    }
    return replace(row, id=link_id(key), entries={**row.entries, **links})


def link_of(key: str, column: str) -> str:
    """What Inputs shows of an input that is typed on Drivers."""
    cell = f"{{{input_id(key)}.{column}~}}"
    return f'=IF({cell}="","",{cell})'


def muted(plan: Plan, keys: Sequence[str], row_of: Callable[[str], str], parts: Parts) -> tuple[tuple[str, str], ...]:
    """Inputs beside each other that count under one condition, in pale ink where it does not hold.

    Parameters
    ----------
    row_of : callable
        The row id of a key on the sheet.
    parts : Parts
        Of the workbook; what only others read does not count.
    """
    scenarios, idle = SCENARIOS in parts, idle_inputs(parts)
    found: list[tuple[str, str, str]] = []
    for key in keys:
        spec = catalogue()[spec_key(key)]
        counts = spec.counts_with(key).items()
        tests = [_says_none(used_cell(plan, other, scenarios=scenarios), values) for other, values in counts]
        if spec.used_above:
            tests.append(f"{{${used_cell(plan, spec.used_above, scenarios=scenarios)}}}<=0")
        if instead := spec.replaced_with(key):
            tests.append(f"{{${used_cell(plan, instead, scenarios=scenarios)}}}>0")
        condition = f"OR({','.join(tests)})" if tests else ""
        if key.partition(".")[0] in idle:
            condition = "TRUE"
        if found and found[-1][2] == condition:
            found[-1] = (found[-1][0], row_of(key), condition)
        else:
            found.append((row_of(key), row_of(key), condition))
    return tuple((f"{{{first}.label:{last}.high}}", text) for first, last, text in found if text)


def _says_none(cell: str, values: Iterable[str]) -> str:
    return "AND(" + ",".join(f'{{${cell}}}<>"{value}"' for value in values) + ")"


def _lines(text: str, width: float) -> int:
    return max(1, math.ceil(len(text) / (width * _LETTERS)))


def format_of(spec: InputSpec) -> str:
    """The key of `styles.FORMATS` that shows an input as people write it."""
    if spec.kind == "date":
        return "date"
    if spec.is_share:
        return "typed_share"
    if spec.kind == "integer":
        return "count"
    if spec.unit.startswith("USD per "):
        return "typed_rate"
    return "typed" if spec.is_numeric else "general"


def input_validations() -> dict[str, Validation]:
    """What the cells of inputs accept, by rule."""
    return {rule: validation for rule, validation in map(validation_of, catalogue().values()) if validation}


def validation_of(spec: InputSpec) -> tuple[str, Validation | None]:
    """The rule of the cells of an input, and what it says; none for a text or a date."""
    title, message = spec.label[:32], f"{spec.help} Unit: {spec.unit}."[:255]
    if spec.kind in LISTS and not spec.blank:
        return f"list_{spec.kind}", Validation(
            "list",
            "Allowed values",
            "A name of the sheet Lists.",
            allowed=LISTS[spec.kind],
            stops=spec.kind == "yes-no",
        )
    if spec.choices:
        name = choices_name(spec.key)
        return f"list_{name}", Validation("list", title, message, allowed=name)
    if spec.is_numeric:
        low = spec.above if spec.above is not None else spec.minimum
        if low is not None:
            rule = f"number_{input_id(spec.key).replace('*', 'n')}"
            return rule, Validation("decimal", title, message, low=low, high=spec.maximum, above=spec.above is not None)
    return "", None
