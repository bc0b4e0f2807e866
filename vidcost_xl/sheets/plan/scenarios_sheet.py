"""The sheet Scenarios: named sets of other inputs, one of which the switch on Drivers puts in force.

What an input then is stands once, on Inputs beside what is typed; Guards, native formulas and functions read it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from vidcost_xl.analysis.scenarios import BASE, Scenario, scenario_plan
from vidcost_xl.errors import BadArgumentError, VideoCostError
from vidcost_xl.model.outputs import figure
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Validation
from vidcost_xl.sheets.plan.inputs import titled
from vidcost_xl.sheets.plan.row_names import ACTIVE, IN_FORCE, IN_FORCE_ROW, SCENARIOS, address
from vidcost_xl.sheets.plan.user_notes import Kept

#: Lines for inputs, and columns for scenarios.
SCENARIO_LINES: Final = 30
SCENARIO_COLUMNS: Final = tuple(f"s{at}" for at in range(1, 7))
_FIRST, _LAST = SCENARIO_COLUMNS[0], SCENARIO_COLUMNS[-1]

#: Inputs that no scenario changes: the months, along which series and lines of Changes are typed.
CLOSED: Final = ("calendar.start", "calendar.months")

#: The rule of its cell, and of the keys.
NAMES_RULE: Final = "list_scenarios"
_KEYS_RULE: Final = "list_keys"

#: What can be wrong with a line, in the order of its columns.
SCENARIO_FAULTS: Final = (
    "holds values and names no input: write its key, or empty the line",
    "is no key of an input",
    "is for the whole workbook: for other months make another, vidcost new --from this one --months 24",
    "is given in two lines",
    "has a value that is not allowed",
)
_FAULT_COLUMNS: Final = ("nameless", "unknown", "closed", "twice", "beyond")

#: Headings by column: what people read, then the workings.
SCENARIO_HEADINGS: Final = {
    "label": "Input",
    "unit": "Unit",
    "key": "key",
    "base": BASE,
    "said": "What is wrong",
    "note": "Why, and who decided",
}
_WIDTHS: Final = {
    **{"label": 34.0, "unit": 18.0, "key": 30.0, "base": 18.0},
    **dict.fromkeys(SCENARIO_COLUMNS, 18.0),
    **{"said": 34.0, "note": 32.0},
}
_WORKINGS: Final = {
    "named": "Key, used",
    "bound": "Row of Guards",
    "line": "Row of Inputs",
    "least": "At least",
    "most": "At most",
    "above": "Above",
    "allowed": "Allowed",
    "ruled": "In force",
    "rules": "Key in force",
    "value": "Value in force",
    "at": "Its cell",
    "here": "Cell of the key",
    "nameless": "No name",
    "unknown": "Unknown",
    "closed": "Closed",
    "twice": "Twice",
    "beyond": "Not allowed",
    "broken": "No line",
    "fault": "Impossible",
}

_ABOUT: Final = (
    "A column is a scenario with its name at the head, a line is an input: empty is as typed. The switch on Drivers "
    "puts one in force for the whole workbook. Months that have a value of their own keep it."
)


#: Labels of the figures of each scenario, by row; values, as those of Drivers.
FIGURES: Final = {
    "whole": "Cost of the whole plan",
    "more": "More than the base",
    "share": "More than the base, share",
}
_FORMATS: Final = {"whole": "money", "more": "change", "share": "share"}
#: What stands where the plan has no bill under a scenario.
NO_BILL: Final = "no bill"
#: Whether they are still those of the plan: the one in force is compared.
_STAMPED: Final = (
    "=IFERROR(IF(ABS({s_whole.constant}-{.at})<=tolerance_money+tolerance*ABS({.at}),"
    '"The figures are of this plan.","Something has changed since: vidcost refresh."),"")'
)


def figures_of(plan: Plan, scenarios: Iterable[Scenario]) -> dict[str, list[float | str]]:
    """The figures of the base and of each scenario, by row."""
    whole: list[float | str] = [figure(plan, "total")]
    for each in scenarios:
        try:
            whole.append(figure(scenario_plan(plan, each), "total"))
        except VideoCostError:
            whole.append(NO_BILL)
    base = whole[0]
    assert isinstance(base, float)
    more = [each if isinstance(each, str) else each - base for each in whole]
    shares = [each if isinstance(each, str) else each / base if base else "" for each in more]
    return {"whole": whole, "more": more, "share": shares}


def scenarios_sheet(plan: Plan, kept: Kept) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet and its workbook names.

    Raises
    ------
    BadArgumentError
        For more scenarios or inputs than there are columns or lines.
    """
    keys = list(dict.fromkeys([*(key for each in kept.scenarios for key in each.changes), *kept.scenario_notes]))
    if len(kept.scenarios) > len(SCENARIO_COLUMNS) or len(keys) > SCENARIO_LINES:
        raise BadArgumentError(
            f"the sheet {SCENARIOS} has {len(SCENARIO_COLUMNS)} columns for scenarios and {SCENARIO_LINES} lines for "
            f"inputs; there are {len(kept.scenarios)} and {len(keys)}."
        )
    lines = [
        _line(number, keys[number - 1] if number <= len(keys) else "", kept) for number in range(1, SCENARIO_LINES + 1)
    ]
    first, last = lines[0].id, lines[-1].id
    names = {f"scn_{column}": f"{{{first}.{column}:{last}.{column}}}" for column in _LOOKED_UP}
    names["scenarios"] = f"{{scn_head.key:{last}.{_LAST}}}"
    names["scenario_names"] = f"{{scn_head.base:scn_head.{_LAST}}}"
    names["scenario_numbers"] = f"{{scn_numbers.base:scn_numbers.{_LAST}}}"
    names["scenario_heads"] = f"{{scn_twice.{_FIRST}:scn_twice.{_LAST}}}"
    columns = [*_WIDTHS.items(), *((key, 12.0) for key in _WORKINGS)]
    sheet = SheetLayout(
        name=SCENARIOS,
        columns=tuple(Column(key, width) for key, width in columns),
        rows=(*_head(plan, kept.scenarios, last), *lines, _numbers()),
        last_frozen="scn_head",
        frozen_columns=4,
        validations={
            _KEYS_RULE: Validation(
                "list", "Input", "The key of an input, as on Inputs.", allowed="guard_key", stops=False
            )
        },
        last_printed=last,
        last_printed_column="note",
        one_page=True,
        flags=(
            "{scn_title.note:scn_title.note}",
            f"{{scn_twice.{_FIRST}:scn_twice.{_LAST}}}",
            f"{{{first}.fault:{last}.fault}}",
        ),
        faults=((f"{{{first}.label:{last}.{_LAST}}}", f"{{{first}.said}}"),),
        large_paper=True,
    )
    return sheet, names


#: Columns that workbook names cover.
_LOOKED_UP: Final = ("named", "rules", "value", "at", "here", "broken", "fault", "said")


def switch_row(kept: Kept) -> Row:
    """The cell of Drivers that says which scenario is in force."""
    return Row(
        IN_FORCE_ROW,
        {
            "label": Entry(IN_FORCE),
            "value": Entry(kept.scenario, "input", "general", NAMES_RULE),
            "unit": Entry(f"{BASE}, or a name of {SCENARIOS}", "unit"),
            "said": Entry(Formula("={guards_switch_said.value}"), "fault"),
        },
    )


def switch_validation() -> dict[str, Validation]:
    """What the cell offers; Guards says what is wrong."""
    message = f"{BASE}, or a name at the head of {SCENARIOS}."
    return {NAMES_RULE: Validation("list", IN_FORCE, message, allowed="scenario_names", stops=False)}


def _head(plan: Plan, scenarios: tuple[Scenario, ...], last: str) -> Iterator[Row]:
    yield titled("scn_title", "Scenarios: named sets of other inputs", "said", "note")
    yield Row("scn_about", {"label": Entry(_ABOUT, "subtitle")})
    yield Row(
        "scn_force",
        {
            "label": Entry(IN_FORCE, "note"),
            "unit": Entry(Formula(f"={{{IN_FORCE_ROW}.value}}"), "link_text"),
            "key": Entry("typed on Drivers", "note"),
        },
    )
    checks = {column: Entry(Formula(_head_check(column, last)), "flag") for column in SCENARIO_COLUMNS}
    yield Row("scn_twice", {"label": Entry("Each name given once, where there are values", "note"), **checks})
    for key, amounts in figures_of(plan, scenarios).items():
        shown = dict(zip(("base", *SCENARIO_COLUMNS), amounts, strict=False))
        entries = {column: Entry(amount, "constant", _FORMATS[key]) for column, amount in shown.items()}
        row: dict[str, Entry] = {"label": Entry(FIGURES[key]), **entries}
        if key == "whole":
            then = f"=INDEX({{scn_{key}.base:scn_{key}.{_LAST}}},{ACTIVE}+1)"
            row |= {"said": Entry(Formula(_STAMPED), "note"), "at": Entry(Formula(then), "number", "money")}
        yield Row(f"scn_{key}", row)
    heads = {key: Entry(text, "heading") for key, text in {**SCENARIO_HEADINGS, **_WORKINGS}.items()}
    heads["base"] = Entry(BASE, "heading_right")
    names = [each.name for each in scenarios] + [""] * (len(SCENARIO_COLUMNS) - len(scenarios))
    heads |= {column: Entry(name, "input") for column, name in zip(SCENARIO_COLUMNS, names, strict=True)}
    yield Row("scn_head", heads)


def _numbers() -> Row:
    numbers = {column: Entry(at, "constant", "count") for at, column in enumerate(("base", *SCENARIO_COLUMNS))}
    return Row("scn_numbers", {"label": Entry("Number of the scenario, for formulas", "note"), **numbers})


def _head_check(column: str, last: str) -> str:
    name, cells = f"{{scn_head.{column}}}", f"{{scn_1.{column}:{last}.{column}}}"
    return f'=IF({name}="",--(COUNTA({cells})>0),--(SUMPRODUCT(--(scenario_names={name}))>1))'


def _line(number: int, key: str, kept: Kept) -> Row:
    typed: dict[str, Any] = {
        column: each.changes.get(key, "") for column, each in zip(SCENARIO_COLUMNS, kept.scenarios, strict=False)
    }
    row = f"scn_{number}"
    # The cells of the line, and before them that of the base, whose number is 0.
    cells, all_cells = (f"{{{row}.{column}:{row}.{_LAST}}}" for column in (_FIRST, "base"))
    flags = f"{{{row}.{_FAULT_COLUMNS[0]}:{row}.{_FAULT_COLUMNS[-1]}}}"
    in_force = f"INDEX({all_cells},{ACTIVE}+1)"
    formulas = {
        "label": ('=IF({.line}=0,"",INDEX(input_label,{.line}))', "text", "general"),
        "unit": ('=IF({.line}=0,"",INDEX(input_unit,{.line}))', "unit", "general"),
        "base": ('=IF({.line}=0,"",INDEX(input_base,{.line}))', "number", "typed"),
        "said": (_SAID.format(flags=flags), "fault", "general"),
        "named": ('=TRIM(SUBSTITUTE({.key},hard_space," "))', "text", "general"),
        "bound": ("=IFERROR(MATCH({.named},guard_key,0),0)", "number", "count"),
        "line": ("=IFERROR(MATCH({.named},input_key,0),0)", "number", "count"),
        "least": ("=IF({.bound}=0,0,INDEX(guard_least,{.bound}))", "number", "general"),
        "most": ("=IF({.bound}=0,0,INDEX(guard_most,{.bound}))", "number", "general"),
        "above": ("=IF({.bound}=0,0,INDEX(guard_above,{.bound}))", "number", "count"),
        "allowed": ('=IF({.bound}=0,"",INDEX(guard_allowed,{.bound}))', "text", "general"),
        # An error is something that is typed, too.
        "ruled": (f'=IF({ACTIVE}=0,0,IFERROR(--({in_force}<>""),1))', "number", "count"),
        "rules": ('=IF({.ruled}=0,"",{.named})', "text", "general"),
        "value": (f'=IF({{.ruled}}=0,"",{in_force})', "number", "general"),
        "at": (f'=IF({{.ruled}}=0,"","{SCENARIOS}!"&{_AT})', "text", "general"),
        "here": (f'="{SCENARIOS}!"&{address("{.key}")}', "text", "general"),
        "nameless": (f'=({{.named}}="")*(COUNTA({cells})>0)', "number", "count"),
        "unknown": ('=IF({.named}="",0,--(SUMPRODUCT(--(guard_key={.named}))=0))', "number", "count"),
        "closed": (_CLOSED, "number", "count"),
        "twice": ('=IF({.named}="",0,--(SUMPRODUCT(--(scn_named={.named}))>1))', "number", "count"),
        "beyond": (_BEYOND.format(cells=cells), "number", "count"),
        "broken": ("=--({.nameless}+{.unknown}+{.closed}+{.twice}>0)", "number", "count"),
        "fault": ("=--({.broken}+{.beyond}>0)", "flag", None),
    }
    entries = {column: Entry(Formula(text), style, form) for column, (text, style, form) in formulas.items()}
    entries["key"] = Entry(key, "remark", "general", _KEYS_RULE)
    entries["note"] = Entry(kept.scenario_notes.get(key, ""), "remark", "general")
    for column in SCENARIO_COLUMNS:
        entries[column] = Entry(typed.get(column, ""), "input", "typed")
    return Row(row, entries)


_AT: Final = f"ADDRESS(ROW({{.base}}),COLUMN({{.base}})+{ACTIVE},relative_address)"
#: Numbers outside the bounds; what is chosen by name has none, and Guards judges what is in force.
_BEYOND: Final = (
    "=IF(COUNT({cells})*{{.most}}=0,0,"
    "--OR(MIN({cells})<{{.least}},MAX({cells})>{{.most}},{{.above}}*(MIN({cells})={{.least}})))"
)
_CLOSED: Final = "=--OR(" + ",".join(f'{{.named}}="{each}"' for each in CLOSED) + ")"
_SAID: Final = (
    '=IF({{.fault}}=0,"",INDEX(scn_slips,MATCH(1,{flags},0)))&IF({{.beyond}}>{{.broken}},"; allowed: "&{{.allowed}},"")'
)
