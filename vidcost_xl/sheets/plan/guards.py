"""The sheet Guards: whether each input is possible, by its declared kind, unit and range, in plain formulas.

Every native formula reads an input here, where an impossible one is #N/A: a bill of a discount of 12 does not exist.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from vidcost_xl.model.catalogue import FIRST_DATE, LAST_DATE, InputSpec, catalogue, entry_number, spec_key
from vidcost_xl.model.input_names import kinds
from vidcost_xl.model.plan import (
    AMOUNT,
    LEAVING_TOO_LATE,
    MOVES_APART,
    MOVES_ONLY_TO,
    NAMED_TWICE,
    NEEDED,
    NO_VIDEO,
    Plan,
)
from vidcost_xl.names import IGNORED
from vidcost_xl.sheets.layout.grid import month
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.plan.row_names import MASTER, driver_id, guard_id, input_id, rep

SHEET: Final = "Guards"

#: Workbook names: how many inputs are impossible, and the first of them in words.
IMPOSSIBLE: Final = "impossible"
FIRST: Final = "impossible_first"

#: Above every quantity: the bound of a number that has none. The sheet Lists names it no_bound.
NO_BOUND: Final = 1e99

#: Lists that hold what a kind of names allows, by kind.
LISTS: Final = {
    "class": "class_id",
    "route": "egress_id",
    "ingest-route": "ingest_id",
    "vae": "vae_id",
    "encoder": "encoder_id",
    "dtype": "dtype_id",
    "meter": "price_meter",
    "provider": "provider_id",
    "yes-no": "yes_no",
    "generator": "generator_name",
    "model": "model_id",
}

#: What is said of low and high that are not two numbers, the smaller one first.
PAIR: Final = "has a low and a high that are not two numbers, the smaller one first"

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
    ("moves", "Moves there", 8.0),
    ("beside", "Not with the others", 10.0),
    ("fault", "Impossible", 10.0),
    ("read", "The date read", 12.0),
    ("day", "Day of the month", 8.0),
    ("iso", "As a date", 12.0),
    ("quoted", "As a text", 30.0),
    ("called", "As a name is compared", 30.0),
    ("meant", "The name meant", 30.0),
    ("shown", "What it is", 36.0),
    ("said", "What is wrong", 60.0),
    ("used", "Used by native formulas", 30.0),
)

#: Columns that workbook names cover.
_NAMED: Final = ("input", "at", "least", "most", "above", "allowed", "fault", "said", "key")


def choices_name(key: str) -> str:
    """Name of the list of an input that has one of its own."""
    return "choice_" + spec_key(key).replace("*.", "").replace(".", "_")


def list_of(key: str, spec: InputSpec) -> str:
    """Name of the list that says what an input may be; empty for numbers, dates and texts."""
    return choices_name(key) if spec.kind == "choice" else LISTS.get(spec.kind, "")


def guards_sheet(plan: Plan) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet and its workbook names."""
    rows = [_row(plan, key) for key in plan.values]
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
        _fact("count", "Inputs and lines of Changes that are impossible", "=SUM(guard_fault)+SUM(ch_fault)", "number"),
        _fact("row", "The first of Inputs: its row below", "=IFERROR(MATCH(1,guard_fault,0),0)", "number"),
        _fact("line", "The first of Changes: its line", "=IFERROR(MATCH(1,ch_fault,0),0)", "number"),
        _fact("input", "The first of Inputs, in words", _sentence("Inputs", "row", "guard", "input")),
        _fact("change", "The first of Changes, in words", _sentence("Changes", "line", "ch", "key")),
        _fact("first", "The first of all", "=IF({guards_row.value}>0,{guards_input.value},{guards_change.value})"),
        Row("guards_head", {key: Entry(text, "heading_wrapped") for key, text, _ in COLUMNS}, height=40),
    )
    names = {f"guard_{column}": f"{{{first}.{column}:{last}.{column}}}" for column in _NAMED}
    names[IMPOSSIBLE], names[FIRST] = "{guards_count.value}", "{guards_first.value}"
    sheet = SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, _, width in COLUMNS),
        rows=(*head, *rows),
        last_frozen="guards_head",
        frozen_columns=1,
        title_columns=1,
        large_paper=True,
        pages_wide=2,
        flags=("{guards_title.said:guards_title.said}", f"{{{first}.fault:{last}.fault}}"),
    )
    return sheet, names


_ABOUT: Final = "Native formulas read inputs from the last column, where an impossible one is #N/A."


def _fact(key: str, label: str, formula: str, style: str = "fault") -> Row:
    form = "count" if style == "number" else "general"
    return Row(f"guards_{key}", {"input": Entry(label), "value": Entry(Formula(formula), style, form)})


def _sentence(sheet: str, row: str, names: str, what: str) -> str:
    at = f"{{guards_{row}.value}}"
    cell, subject, fault = (f"INDEX({names}_{column},{at})" for column in ("at", what, "said"))
    return f'=IF({at}=0,"","{sheet}!"&{cell}&": "&{subject}&" "&{fault}&".")'


def _row(plan: Plan, key: str) -> Row:
    spec = catalogue()[spec_key(key)]
    typed = f"{{{input_id(key)}.value}}"
    low, high = (f"{{{input_id(key)}.{column}}}" for column in ("low", "high"))
    beside, words = _beside(plan, key)
    entries = {
        "input": Entry(spec.named(key)),
        "key": Entry(key, "unit"),
        "at": Entry(Formula(f"={_address(typed)}"), "text"),
        "value": Entry(Formula(_typed(spec, typed)), "number", "general"),
        "blank": Entry(int(spec.blank), "constant", "count"),
        "allowed": Entry(spec.allowed, "note"),
        "empty": Entry(Formula('=IFERROR(--({.value}=""),0)'), "number", "count"),
        "wrong": Entry(Formula(_wrong(spec, typed)), "number", "count"),
        "outside": Entry(Formula(_outside(key, spec)), "number", "count"),
        "pair": Entry(Formula(_pair(low, high)), "number", "count"),
        "fault": Entry(Formula("=--({.wrong}+{.outside}+{.pair}+{.beside}>0)"), "flag"),
        "quoted": Entry(Formula(_QUOTED.format(cell=typed)), "text"),
        "shown": Entry(Formula(_shown(spec)), "text"),
        "said": Entry(Formula(_said(words)), "fault"),
        "used": Entry(Formula(f"=IF({{.fault}}=0,{_good(spec)},NA())"), "number", _format(spec)),
    }
    for column, bound in zip(("least", "most", "above"), _bounds(spec), strict=True):
        if bound is not None:
            entries[column] = Entry(bound, "constant", "date" if isinstance(bound, date) else "general")
    if beside:
        entries["beside"] = Entry(Formula(f"=IFERROR(--({beside}),0)"), "number", "count")
    if key.endswith(".lifecycle_months"):
        entries["moves"] = Entry(Formula(_moves(key.removesuffix("lifecycle_months"))), "number", "count")
    if _is_name(spec):
        entries["called"] = Entry(Formula(_called(spec)), "text")
        entries["meant"] = Entry(Formula(_MEANT), "text")
    if spec.kind == "date":
        entries["read"] = Entry(Formula(_READ), "number", "date")
        entries["day"] = Entry(Formula(_DAY), "number", "count")
        entries["iso"] = Entry(Formula(_ISO), "text")
    return Row(guard_id(key), entries)


def _typed(spec: InputSpec, cell: str) -> str:
    tidy = f"TRIM(SUBSTITUTE({cell},hard_space,{_SPACE}))"
    if _is_number(spec):
        return f'=IF({tidy}="","",{cell})'
    if spec.kind == "yes-no":  # a truth value is one, too
        return f"=IF(ISLOGICAL({cell}),INDEX(yes_no,1+NOT({cell})),{tidy})"
    return f"={tidy}"


_SPACE: Final = '" "'


def _called(spec: InputSpec) -> str:
    text = "{.value}"
    for letter in IGNORED:
        text = f'SUBSTITUTE({text},"{letter}","")'
    return f'="{name_key(spec.kind, "")}"&{text}'


#: Empty for what is no name. Not trusted alone: MATCH takes a star for any letters.
_MEANT: Final = '=IFERROR(INDEX(name_id,MATCH({.called},name_key,0)),"")'


def name_key(kind: str, called: str) -> str:
    """How the sheet Lists and the formulas write a name of a kind of input."""
    return f"{kind}:{called}"


def _is_name(spec: InputSpec) -> bool:
    return spec.kind in kinds()


def _is_number(spec: InputSpec) -> bool:
    return spec.is_numeric or spec.kind == "date"


def _address(cell: str) -> str:
    return f"ADDRESS(ROW({cell}),COLUMN({cell}),relative_address)"


def _good(spec: InputSpec) -> str:
    return "{.meant}" if _is_name(spec) else "{.read}" if spec.kind == "date" else "{.value}"


def _format(spec: InputSpec) -> str:
    return "date" if spec.kind == "date" else "general"


def _bounds(spec: InputSpec) -> tuple[float | date | None, float | date | None, int | None]:
    if spec.kind == "date":
        return FIRST_DATE, LAST_DATE, 0
    if not spec.is_numeric:
        return None, None, None
    least = spec.minimum if spec.above is None else spec.above
    return (
        -NO_BOUND if least is None else least,
        NO_BOUND if spec.maximum is None else spec.maximum,
        int(spec.above is not None),
    )


def _wrong(spec: InputSpec, cell: str) -> str:
    # To LibreOffice a truth value is a number, too.
    kind = f"ISNUMBER({{.value}})*(1-ISLOGICAL({cell}))" if _is_number(spec) else "ISTEXT({.value})"
    if spec.kind == "date":
        kind += "-ISTEXT({.value})*({.iso}={.value})"
    if spec.kind == "text":  # a number is one, such as an account
        kind = f"ISTEXT({cell})-ISNUMBER({cell})+ISLOGICAL({cell})"
    return f"=IF(ISERROR({{.value}}),1,{{.empty}}*(1-{{.blank}})+(1-{{.empty}})*(1-{kind}))"


def _outside(key: str, spec: InputSpec) -> str:
    if _is_number(spec):
        further = "{.above}*({.value}={.least})"
        if spec.kind == "integer":
            further = "INT({.value})<>{.value}"
        held = f"--OR({{.value}}<{{.least}},{{.value}}>{{.most}},{further})"
        if spec.kind == "date":
            held = "--({.day}<>1)" if spec.month_start else "--({.day}=0)"
    elif spec.kind == "text":
        return "=0"
    elif _is_name(spec):
        held = "--(SUMPRODUCT(--(name_key={.called}))=0)"
    else:
        held = f"--(SUMPRODUCT(--({list_of(key, spec)}={{.value}}))=0)"
    return f"=IF({{.empty}}+{{.wrong}}>0,0,{held})"


def _pair(low: str, high: str) -> str:
    rising = f'OR({low}&{high}="",AND(COUNT({low},{high})>1,{low}<={high}))'
    return f"=1-IFERROR(--{rising},0)"


def _beside(plan: Plan, key: str) -> tuple[str, str]:
    # What an input may not be because of another one, as `model.plan` refuses it, and in words.
    number, name = entry_number(key), key.rpartition(".")[2]
    if key == "exit.month":
        return f"{{.value}}>{{{guard_id('calendar.months')}.value}}", f'{{.shown}}&"; {LEAVING_TOO_LATE}"'
    if key == "dataset.amount":
        each = driver_id("dataset.mb_per_video")
        months = f"{{{each}.{month(1)}:{each}.{month(plan.integer('calendar.months'))}}}"
        wrong = f'({{{guard_id("dataset.size_from")}.value}}="{AMOUNT}")*(MIN({months})=0)'
        return wrong, f'{{.shown}}&"; {NO_VIDEO}"'
    if number is None:
        return "", ""
    own = rep(number, "")
    if name == "name":
        same = (f"({{{guard_id(rep(n, 'name'))}.value}}={{.value}})" for n in range(1, plan.representations + 1))
        return f"({'+'.join(same)}>1)", f'{{.shown}}&"; {NAMED_TWICE}"'
    if name in {"vae", "encoder"}:
        kind = "latent" if name == "vae" else "text"
        return f'{{.empty}}*({{{guard_id(own + "kind")}.value}}="{kind}")', f'"{NEEDED[name]}"'
    if name == "second_class":
        share = own + "second_share"
        typed = f"{{{guard_id(share)}.value}}"
        months = f"{{{driver_id(share)}.{month(1)}:{driver_id(share)}.{month(plan.integer('calendar.months'))}}}"
        return f"{{.empty}}*(COUNT({typed})*({typed}<>0)+MAX({months})>0)", f'"{NEEDED[name]}"'
    if name == "lifecycle_months":
        first, second = guard_id(own + "class"), guard_id(own + "second_class")
        moved = f"COUNT({{.value}})*({{.value}}<>0)*(1-{{{first}.fault}})*(1-{{{second}.fault}})*(1-{{{second}.empty}})"
        return f"{moved}*(1-{{.moves}})", f'{{.shown}}&"; {MOVES_ONLY_TO}"&{_moves_to(own)}'
    return "", ""


def _moves_to(own: str) -> str:
    return f"INDEX(class_moves_to,MATCH({{{guard_id(own + 'class')}.meant}},class_id,0))"


def _moves(own: str) -> str:
    # Whether a lifecycle rule moves data of the first class to the second.
    apart = f'"{MOVES_APART}"'
    second = f"INDEX(class_id,MATCH({{{guard_id(own + 'second_class')}.meant}},class_id,0))"
    return f"=IFERROR(--(FIND({apart}&{second}&{apart},{apart}&{_moves_to(own)}&{apart})>0),0)"


#: A date typed as a text, such as 2027-01-01, is one; 0 for what is none.
_READ: Final = "=IF(ISTEXT({.value})*(1-{.empty})>0,IFERROR({.value}+0,0),{.value})"
#: 0 for what is no date of a plan.
_DAY: Final = "=IF(AND(COUNT({.read})>0,{.read}>={.least},{.read}<={.most}),INT({.read})-EOMONTH({.read},-1),0)"
#: The word of a truth value: to LibreOffice it is 1 or 0, and to divide by what is none is an error.
_QUOTED: Final = (
    "=IFERROR(INDEX(truth,(1+{cell})/ISLOGICAL({cell})),"
    """IF(ISTEXT({{.value}}),"'"&{{.value}}&"'",{{.value}}))"""
)
_ISO: Final = (
    '=IF({.day}=0,{.quoted},YEAR({.read})&"-"&RIGHT(month_base+MONTH({.read}),two_digits)'
    '&"-"&RIGHT(month_base+{.day},two_digits))'
)


def _shown(spec: InputSpec) -> str:
    value = "{.iso}" if spec.kind == "date" else "{.quoted}"
    return f'=IFERROR(IF({{.empty}}>0,"is empty","is "&{value}),"holds an error")'


def _said(words: str) -> str:
    # What is wrong with the value comes first, and alone.
    beside = "" if not words else f'&IF({{.beside}}>{{.wrong}}+{{.outside}},{words},"")'
    return (
        f'=IF({{.wrong}}+{{.outside}}>0,{{.shown}}&"; allowed: "&{{.allowed}},""){beside}'
        f'&IF({{.pair}}>{{.wrong}}+{{.outside}},"{PAIR}","")'
    )
