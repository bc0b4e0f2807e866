"""The sheet Changes: what single months change, and private rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from vidcost_xl.model.plan import Plan
from vidcost_xl.model.rate_keys import RATE_PREFIX
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Validation
from vidcost_xl.sheets.plan.drivers import SeriesCell, placed_changes, series_cells
from vidcost_xl.sheets.plan.inputs import titled
from vidcost_xl.sheets.plan.row_names import DRIVERS, guard_id
from vidcost_xl.sheets.plan.user_notes import ChangeLine

CHANGES: Final = "Changes"

#: Lines for changes of single months.
CHANGE_LINES: Final = 40

#: Key, heading and width of the columns.
CHANGE_COLUMNS: Final = (
    ("input", "Input or rate.<meter>", 38.0),
    ("first", "From month", 13.0),
    ("last", "To month", 13.0),
    ("value", "Value", 16.0),
    ("note", "Why, and who decided", 46.0),
    ("said", "What is wrong", 50.0),
    ("named", "Input, used", 38.0),
    ("number", "Number, used", 16.0),
    ("from_used", "From, used", 13.0),
    ("to_used", "To, used", 13.0),
    ("first_day", "First day", 9.0),
    ("last_day", "Last day", 9.0),
    ("since", "Since", 10.0),
    ("until", "Until", 10.0),
    ("key", "key", 44.0),
    ("changed", "value", 16.0),
    ("bound", "Row of Guards", 9.0),
    ("least", "At least", 10.0),
    ("most", "At most", 10.0),
    ("above", "Above", 8.0),
    ("allowed", "Allowed", 24.0),
    ("nameless", "No name", 9.0),
    ("unknown", "Unknown", 9.0),
    ("empty", "No value", 9.0),
    ("beyond", "Not allowed", 9.0),
    ("begins", "Begins inside", 9.0),
    ("ends", "Ends inside", 9.0),
    ("backwards", "Backwards", 9.0),
    ("outside", "Outside", 9.0),
    ("clashes", "Clashes", 9.0),
    ("fault", "Impossible", 10.0),
    ("found", "First fault", 9.0),
    ("at", "Cell", 9.0),
    ("days", "Days", 9.0),
)

#: A line of Changes that begins or ends between two months.
INSIDE_MONTH: Final = (
    "begins inside a month: write its first day, or leave it empty",
    "ends inside a month: write its first or last day, or leave it empty",
)

#: What can be wrong with a line of Changes, in the order of its columns.
CHANGE_FAULTS: Final = (
    "names no input: write one, or empty the line",
    "names neither an input that may differ by month nor rate.<meter>",
    "has no number as its value",
    "has the value",
    *INSIDE_MONTH,
    "ends before it begins",
    "holds in no month of the plan",
    "holds in a month of another line of that input, or of its series on Drivers",
)
_FAULT_COLUMNS: Final = (
    *("nameless", "unknown", "empty", "beyond", "begins", "ends", "backwards", "outside", "clashes"),
)


def changes_sheet(plan: Plan, lines: Sequence[ChangeLine] = ()) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet Changes: inputs and private rates of single months.

    Parameters
    ----------
    plan : Plan
        Its monthly overrides and rates fill the first lines.
    lines : sequence of ChangeLine
        What fills them instead.

    Returns
    -------
    SheetLayout, dict
        The name `changes` covers the two columns that the functions take as `overrides`.
    """
    about = (
        "One line a change: an input that may differ by month, or rate. and a meter for a price of your own; its first "
        "and last month (empty: open); the value, a number. Lines of one input must not overlap."
    )
    head = (
        titled("changes_title", "Changes by month, and private rates", "note", "said", "input"),
        Row("changes_about", {"input": Entry(about, "subtitle")}),
        Row("changes_head", {key: Entry(heading, "heading") for key, heading, _ in CHANGE_COLUMNS}),
    )
    rest, given, _ = placed_changes(plan, tuple(lines))
    given = given or changes_of(rest)
    given += [_NO_CHANGE] * (CHANGE_LINES - len(given))
    rows = [_change_row(number, line) for number, line in enumerate(given, start=1)]
    last_line = rows[-1].id
    rows += typed_rows(plan)
    first, last = rows[0].id, rows[-1].id
    columns = {"key": "named", "from": "from_used", "to": "to_used", "new": "number"}
    columns |= {check: check for check in ("clashes", "unknown", "outside", "empty", "fault", "said", "at", "days")}
    names = {f"ch_{name}": f"{{{first}.{column}:{last}.{column}}}" for name, column in columns.items()}
    names["changes"] = f"{{changes_head.key:{last}.changed}}"
    sheet = SheetLayout(
        name=CHANGES,
        columns=tuple(Column(key, width) for key, _, width in CHANGE_COLUMNS),
        rows=(*head, *rows),
        last_frozen="changes_head",
        validations={
            "list_inputs": Validation("list", "Input", _INPUT, allowed="change_keys", stops=False),
            "list_months": Validation("list", "Month", _MONTH, allowed="plan_months", stops=False),
        },
        last_printed_column="said",
        one_page=True,
        flags=("{changes_title.said:changes_title.said}", f"{{{first}.fault:{last}.fault}}"),
        faults=((f"{{{first}.input:{last_line}.value}}", f"{{{first}.said}}"),),
        last_printed=last_line,
    )
    return sheet, names


def changes_of(plan: Plan) -> list[ChangeLine]:
    """A plan's private rates and changes of months, months of one value in one line."""
    starts = plan.calendar.starts
    lines = [ChangeLine(f"{RATE_PREFIX}{meter}", None, None, rate) for meter, rate in plan.rates.items()]
    before = ""
    for (key, at), value in plan.monthly.items():
        is_next = before == key and lines[-1].last == starts[at - 1] and lines[-1].value == value
        if is_next:
            lines[-1] = replace(lines[-1], last=starts[at])
        else:
            lines.append(ChangeLine(key, starts[at], starts[at], value))
        before = key
    return lines


def _change_row(number: int, line: ChangeLine) -> Row:
    flags = f"{{change_{number}.{_FAULT_COLUMNS[0]}:change_{number}.{_FAULT_COLUMNS[-1]}}}"
    entries: Mapping[str, Entry] = {
        "input": Entry(line.key, "input", "general", "list_inputs"),
        "first": Entry(line.first or "", "input", "date", "list_months"),
        "last": Entry(line.last or "", "input", "date", "list_months"),
        "value": Entry("" if line.value is None else line.value, "input", "general"),
        "note": Entry(line.note, "input", "general"),
        "said": Entry(Formula(_SAID), "fault"),
        "named": Entry(Formula('=TRIM(SUBSTITUTE({.input},hard_space," "))'), "text"),
        "number": Entry(Formula("=IF(ISNUMBER({.value}),{.value},0)"), "number", "general"),
        "from_used": Entry(Formula('=({.named}<>"")*IF({.first_day}=0,plan_start,INT({.first}))'), "number", "day"),
        "to_used": Entry(Formula('=({.named}<>"")*IF({.last_day}=0,plan_end,EOMONTH({.last},0))'), "number", "day"),
        "first_day": Entry(Formula(_FIRST_DAY), "number", "count"),
        "last_day": Entry(Formula(_LAST_DAY), "number", "count"),
        "since": Entry(Formula(_SINCE), "text"),
        "until": Entry(Formula(_UNTIL), "text"),
        "key": Entry(Formula(_KEY), "text"),
        # What is no number is none to the functions either.
        "changed": Entry(Formula('=IF(OR({.named}="",{.value}=""),"",{.number}/(1-{.empty}))'), "number", "general"),
        "bound": Entry(Formula("=IFERROR(MATCH({.named},guard_key,0),0)"), "number", "count"),
        "least": Entry(Formula("=IF({.bound}=0,0,INDEX(guard_least,{.bound}))"), "number", "general"),
        "most": Entry(Formula("=IF({.bound}=0,no_bound,INDEX(guard_most,{.bound}))"), "number", "general"),
        "above": Entry(Formula("=IF({.bound}=0,0,INDEX(guard_above,{.bound}))"), "number", "count"),
        "allowed": Entry(Formula('=IF({.bound}=0,"at least 0",INDEX(guard_allowed,{.bound}))'), "text"),
        "nameless": Entry(Formula('=({.named}="")*(COUNTA({.first},{.last},{.value})>0)'), "number", "count"),
        "unknown": Entry(Formula(_UNKNOWN), "number", "count"),
        "empty": Entry(Formula('=IF({.named}="",0,1-ISNUMBER({.value})*(1-ISLOGICAL({.value})))'), "number", "count"),
        "beyond": Entry(Formula(_BEYOND), "number", "count"),
        "begins": Entry(Formula(_BEGINS), "number", "count"),
        "ends": Entry(Formula(_ENDS), "number", "count"),
        "backwards": Entry(
            Formula("=IFERROR(({.first_day}*{.last_day}>0)*({.from_used}>{.to_used}),0)"), "number", "count"
        ),
        "outside": Entry(Formula(_OUTSIDE), "number", "count"),
        "clashes": Entry(Formula(_CLASHES), "number", "count"),
        "fault": Entry(Formula(f"=1-IFERROR(--(SUM({flags})=0),0)"), "flag"),
        "found": Entry(Formula(f"=IFERROR(MATCH(1,{flags},0),0)"), "number", "count"),
        "days": Entry(Formula(_DAYS), "number", "count"),
        "at": Entry(Formula(f'="{CHANGES}!"&ADDRESS(ROW({{.input}}),COLUMN({{.input}}),relative_address)'), "text"),
    }
    return Row(f"change_{number}", entries)


def typed_rows(plan: Plan) -> list[Row]:
    """The months typed on Drivers, as lines that formulas and functions read: empty where the cell is."""
    cells = list(series_cells(plan.integer("calendar.months")))
    head = Row("typed_head", {"said": Entry("Months typed on Drivers, as formulas and functions read them", "note")})
    return [head, *(_typed_row(cell) for cell in cells)]


def _typed_row(cell: SeriesCell) -> Row:
    typed, at = cell.place, f"m{cell.month}"
    guard = guard_id(cell.key)
    least, most, above = (f"{{{guard}.{column}}}" for column in ("least", "most", "above"))
    beyond = f"=IF(COUNT({typed})=0,0,--OR({{.number}}<{least},{{.number}}>{most},{above}*({{.number}}={least})))"
    flags = f"{{{cell.change}.{_FAULT_COLUMNS[0]}:{cell.change}.{_FAULT_COLUMNS[-1]}}}"
    said = f'=IF({{.fault}}=0,"",IFERROR(INDEX(slips,MATCH(1,{flags},0)),"holds an error"))'
    said += f'&IF({{.fault}}*{{.beyond}}>0," "&{typed}&"; allowed: "&{{{guard}.allowed}},"")'
    entries = {
        "said": Entry(Formula(said), "note"),
        # An error is something that is typed, too.
        "named": Entry(Formula(f'=IFERROR(IF({typed}="","","{cell.key}"),"{cell.key}")'), "text"),
        "number": Entry(Formula(f"=IF(ISNUMBER({typed}),{typed},0)"), "number", "general"),
        "from_used": Entry(Formula(f'=({{.named}}<>"")*{{cal_start.{at}}}'), "number", "day"),
        "to_used": Entry(Formula(f'=({{.named}}<>"")*{{cal_end.{at}}}'), "number", "day"),
        "key": Entry(Formula(_TYPED_KEY), "text"),
        "changed": Entry(Formula('=IF({.named}="","",{.number}/(1-{.empty}))'), "number", "general"),
        "empty": Entry(Formula(f'=IF({{.named}}="",0,1-ISNUMBER({typed})*(1-ISLOGICAL({typed})))'), "number", "count"),
        "beyond": Entry(Formula(beyond), "number", "count"),
        "clashes": Entry(Formula(_CLASHES), "number", "count"),
        "fault": Entry(Formula("=1-IFERROR(--({.empty}+{.beyond}+{.clashes}=0),0)"), "flag"),
        "at": Entry(Formula(f'="{DRIVERS}!"&ADDRESS(ROW({typed}),COLUMN({typed}),relative_address)'), "text"),
    }
    return Row(cell.change, entries)


#: What Excel says beside the cells; other texts are judged by the sheet itself.
_INPUT: Final = "An input that may differ by month, or rate.<meter> for a private price."
_MONTH: Final = "The first day of a month of the plan; empty for an open end."

_NO_CHANGE: Final = ChangeLine("", None, None, None)

#: Not TEXT(): its date codes depend on the country. Two digits of the month come from a hundred more. A day inside a
#: month stays a number, which the functions refuse.
_SINCE: Final = (
    '=IF({.first_day}*(1-{.begins})=0,{.first}&"",YEAR({.first})&"-"&RIGHT(month_base+MONTH({.first}),two_digits))'
)
_UNTIL: Final = _SINCE.replace(".first", ".last").replace(".begins", ".ends")
_KEY: Final = '=IF({.named}="","",{.named}&"@"&{.since}&".."&{.until})'

_TYPED_KEY: Final = (
    '=IF({.named}="","",{.named}&"@"&YEAR({.from_used})&"-"&RIGHT(month_base+MONTH({.from_used}),two_digits))'
)

#: Whether another line of the same input holds in one of its months.
_CLASHES: Final = '=IF({.named}="",0,--(COUNTIFS(ch_key,{.named},ch_from,"<="&{.to_used},ch_to,">="&{.from_used})>1))'
#: Neither a driver of the sheet Calendar nor the private rate of a meter.
_UNKNOWN: Final = (
    '=IF({.named}="",0,--(SUMPRODUCT(--(driver_key={.named}))+SUMPRODUCT(--("rate."&price_meter={.named}))=0))'
)
_OUTSIDE: Final = '=IF({.named}="",0,IFERROR(--OR({.from_used}>plan_end,{.to_used}<plan_start),0))'
_BEYOND: Final = (
    "=IF(COUNT({.value})*(1-{.unknown})=0,0,--OR({.value}<{.least},{.value}>{.most},{.above}*({.value}={.least})))"
)
#: Days of the plan in which it holds.
_DAYS: Final = "=MAX(0,MIN({.to_used},plan_end)-MAX({.from_used},plan_start)+1)"
#: The day of the month; 0 for what is no date of a plan.
_FIRST_DAY: Final = (
    "=IF(AND(COUNT({.first})>0,{.first}>=first_date,{.first}<=last_date),INT({.first})-EOMONTH({.first},-1),0)"
)
_LAST_DAY: Final = _FIRST_DAY.replace(".first}", ".last}")
_BEGINS: Final = '=IF({.first_day}=0,--({.first}<>""),--({.first_day}<>1))'
_ENDS: Final = '=IF({.last_day}=0,--({.last}<>""),({.last_day}<>1)*(EOMONTH({.last},0)<>INT({.last})))'
_SAID: Final = (
    '=IF({.fault}=0,"",IFERROR(INDEX(slips,{.found}),"holds an error"))'
    '&IF({.fault}*{.beyond}>0," "&{.value}&"; allowed: "&{.allowed},"")'
)
