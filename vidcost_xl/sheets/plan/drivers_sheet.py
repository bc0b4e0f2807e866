"""The sheet Drivers: the inputs that decide the bill on one page, and below them some of them month by month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vidcost_xl.analysis.levers import Lever, effects
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.calendar import MONTHS_PER_YEAR
from vidcost_xl.model.catalogue import InputSpec, catalogue, spec_key
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.plan.drivers import MONTH_COLUMNS, SeriesCell, drivers_of, placed_changes, series_keys
from vidcost_xl.sheets.plan.guards import FIRST, IMPOSSIBLE
from vidcost_xl.sheets.plan.inputs import format_of, input_validations, muted, validation_of
from vidcost_xl.sheets.plan.levers_stamp import is_outdated, stamped
from vidcost_xl.sheets.plan.parts import EVERY, SCENARIOS, Parts
from vidcost_xl.sheets.plan.row_names import DRIVERS, MASTER, guard_id, input_id, label_of
from vidcost_xl.sheets.plan.ruled_inputs import OUTSIDE, beyond
from vidcost_xl.sheets.plan.scenarios_sheet import switch_row, switch_validation
from vidcost_xl.sheets.plan.user_notes import Kept

#: Where the head and the sentences of a driver stand: columns that the months below have for themselves.
LOW, HIGH, AT_LOW, AT_HIGH, SAYS, KEY = "low", "high", "at_low", "at_high", "said", "key"

#: Headings of what a reader finds the inputs by; not those of Inputs.
DRIVER_HEADINGS: Final = {
    "label": "What decides the bill",
    "value": "Value",
    "unit": "Unit",
    LOW: "Low",
    HIGH: "High",
    AT_LOW: "Bill at low",
    AT_HIGH: "Bill at high",
    SAYS: "What it does to the bill",
    KEY: "Key",
}
#: Label of the row that numbers the months of a block, from 1.
MONTH_NUMBERS: Final = "Month of the plan"

_MONTH_WIDTH: Final = 12.0
_COLUMNS: Final = (
    ("label", 32.0),
    ("value", 24.0),
    ("unit", 20.0),
    *((key, _MONTH_WIDTH) for key in MONTH_COLUMNS),
    ("mark", 2.0),
)

_ABOUT: Final = (
    "Type here: Inputs shows these values and holds all others. Bill at low and at high: what the whole bill changes "
    "by, all else as planned."
)
#: Label of the total that the differences were worked out with.
TOTAL_THEN: Final = "total then"


def drivers_sheet(
    plan: Plan, kept: Kept | None = None, ruling: Plan | None = None, *, parts: Parts = EVERY
) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet Drivers and its workbook names.

    Parameters
    ----------
    kept : Kept, optional
        Its lines of Changes and cells of series stand in place of the plan's own.
    ruling : Plan, optional
        The plan under the scenario in force, whose differences are shown; where there is one.
    parts : Parts
        Of the workbook; with scenarios one of them may rule over what is typed.
    """
    scenarios = SCENARIOS in parts
    kept, ruling = kept or Kept(), ruling or plan
    months = plan.integer("calendar.months")
    found = drivers_of(plan)
    changed = {lever.key: lever for lever in effects(ruling, found)}
    inputs = [_driver_row(plan, key, says, changed.get(key), scenarios=scenarios) for key, says in found.items()]
    first, last = inputs[0].id, inputs[-1].id
    _, _, typed = placed_changes(plan, kept.changes)
    series = [row for block in range(1, -(-months // MONTHS_PER_YEAR) + 1) for row in _block(plan, block, typed)]
    title, about, wrong, head = _head()
    switch = [switch_row(kept)] if scenarios else []
    rows = (title, about, wrong, *switch, head, *inputs, _stamp(ruling), *series)
    pale = [(f"{{{row.id}.value:{row.id}.value}}", f"{{$li{row.id[2:]}.line}}>0") for row in inputs if scenarios]
    sheet = SheetLayout(
        name=DRIVERS,
        columns=tuple(Column(key, width) for key, width in _COLUMNS),
        rows=rows,
        last_frozen="drivers_head",
        one_page=True,
        validations={**input_validations(), **(switch_validation() if scenarios else {})},
        flags=("{drivers_title.m11:drivers_title.m11}",),
        faults=((f"{{{first}.label:{last}.high}}", f"{{{first}.mark}}"), *_series_faults(series)),
        outdated=((f"{{{first}.{AT_LOW}:{last}.{AT_HIGH}}}", is_outdated("drivers_stamped.label")),),
        muted=(*muted(plan, list(found), input_id, parts), *pale),
    )
    return sheet, {"drivers": f"{{drivers_head.label:{last}.{KEY}}}"}


def _head() -> tuple[Row, ...]:
    return (
        Row(
            "drivers_title",
            {
                "label": Entry("Drivers: what decides the bill", "title"),
                KEY: Entry("Checks of the workbook", "label_right"),
                "m11": Entry(Formula(f"={MASTER}"), "flag", "flags"),
            },
            height=24,
        ),
        Row("drivers_about", {"label": Entry(_ABOUT, "subtitle")}),
        Row("drivers_wrong", {"label": Entry(Formula(f'=IF({IMPOSSIBLE}=0,"",{FIRST})'), "fault")}),
        Row(
            "drivers_head",
            {
                **{key: Entry("", "heading") for key, _ in _COLUMNS if key != "mark"},
                **{key: Entry(text, _heading(key)) for key, text in DRIVER_HEADINGS.items()},
            },
        ),
    )


def _heading(key: str) -> str:
    return "heading_right" if key in {"value", LOW, HIGH, AT_LOW, AT_HIGH} else "heading_indent"


def _driver_row(plan: Plan, key: str, says: str, lever: Lever | None, *, scenarios: bool) -> Row:
    spec = catalogue()[spec_key(key)]
    value, form = plan.values[key], format_of(spec)
    rule, validation = validation_of(spec)
    label = label_of(key, spec.label)
    wrong = f"{{{guard_id(key)}.said}}"
    # Said at once, as the value is typed, of what is possible: the differences beside it go with the next refresh.
    aside, means = _outside(spec, wrong), f'"{says}"'
    if scenarios:  # in the words of Guards, which knows what is in force
        aside, means = f"{{{guard_id(key)}.ranged}}&", f"{{{guard_id(key)}.ruling}}"
    entries = {
        "label": Entry(Formula(label) if label.startswith("=") else label),
        "value": Entry("" if value is None else value, "input", form, rule if validation else None),
        "unit": Entry(spec.unit, "unit"),
        SAYS: Entry(Formula(f'={aside}IF({wrong}="",{means},{wrong})'), "note"),
        KEY: Entry(key, "note"),
        "mark": Entry(Formula(f'=IF({wrong}="","","!")'), "fault"),
        **effect_entries(lever),
    }
    if spec.is_numeric:
        low, high = plan.range_of(key) or ("", "")
        entries |= {LOW: Entry(low, "input", form), HIGH: Entry(high, "input", form)}
    return Row(input_id(key), entries)


def _outside(spec: InputSpec, wrong: str) -> str:
    test = beyond("{.value}", f"{{.{LOW}}}", f"{{.{HIGH}}}")
    return f'IF(AND({wrong}="",{test}),"{OUTSIDE} ","")&' if spec.is_numeric else ""


def effect_entries(lever: Lever | None) -> dict[str, Entry]:
    """What an input does to the bill, as values; of one that is chosen, its cheapest choice."""
    shown = effect_values(lever)
    styles = {LOW: ("note", None), AT_LOW: ("constant", "change"), AT_HIGH: ("constant", "change")}
    return {column: Entry(shown[column], *styles[column]) for column in shown}


def effect_values(lever: Lever | None) -> dict[str, float | str]:
    """The same, by column."""
    if lever is None:
        return {AT_LOW: "", AT_HIGH: ""}
    if isinstance(lever.low, str):
        return {LOW: lever.low, AT_LOW: lever.at_low, AT_HIGH: ""}
    return {AT_LOW: lever.at_low, AT_HIGH: lever.at_high}


def _stamp(plan: Plan) -> Row:
    return Row(
        "drivers_stamped",
        {
            "label": Entry(Formula(stamped(f"drivers_stamped.{AT_HIGH}")), "note"),
            AT_LOW: Entry(TOTAL_THEN, "label_right"),
            AT_HIGH: Entry(evaluate(plan).whole, "constant", "money"),
        },
    )


def _block(plan: Plan, block: int, typed: dict[SeriesCell, float]) -> Iterator[Row]:
    # Twelve months side by side.
    first = (block - 1) * MONTHS_PER_YEAR + 1
    months = range(first, min(first + MONTHS_PER_YEAR, plan.integer("calendar.months") + 1))
    columns = dict(zip(months, MONTH_COLUMNS, strict=False))
    numbers = {column: Entry(at, "label_right", "count") for at, column in columns.items()}
    yield Row(f"drivers_months_{block}", {"label": Entry(MONTH_NUMBERS, "note"), **numbers}, height=20)
    # Relative, so that the dates of a block are one formula: the block above is a time axis to the rules.
    title = "Month by month: an empty cell is the value beside it" if block == 1 else "Month by month"
    days = {
        column: Entry(Formula(f"={{cal_start.m{at}~}}"), "axis_date", "axis_month") for at, column in columns.items()
    }
    heads = {"label": Entry(title, "heading"), "value": Entry("", "heading"), "unit": Entry("Key", "heading_indent")}
    yield Row(f"drivers_days_{block}", {**heads, **days})
    for key in series_keys():
        spec = catalogue()[spec_key(key)]
        rule, _ = validation_of(spec)
        cells = {at: SeriesCell(key, at) for at in columns}
        area = f"{{{cells[months[0]].change}.fault:{cells[months[-1]].change}.fault}}"
        entries = {
            "label": Entry(spec.label if spec.unit in spec.label.casefold() else f"{spec.label}, {spec.unit}"),
            "value": Entry(Formula(f"={{{input_id(key)}.value}}"), "number", format_of(spec)),
            "unit": Entry(key, "unit"),
            "mark": Entry(Formula(f'=IF(SUM({area})=0,"","!")'), "fault"),
        }
        for at, column in columns.items():
            entries[column] = Entry(typed.get(cells[at], ""), "input", format_of(spec), rule)
        yield Row(cells[months[0]].row, entries)


def _series_faults(series: list[Row]) -> Iterator[tuple[str, str]]:
    for row in series:
        if "mark" in row.entries:
            yield f"{{{row.id}.label:{row.id}.{list(row.entries)[-1]}}}", f"{{{row.id}.mark}}"
