"""Whether one input is possible, and why not: its row of the sheet Guards, in plain formulas."""

from __future__ import annotations

from datetime import date
from typing import Final

from vidcost_xl.model.catalogue import FIRST_DATE, LAST_DATE, InputSpec, catalogue, entry_number, spec_key
from vidcost_xl.model.input_names import kinds
from vidcost_xl.model.placing import REGION
from vidcost_xl.model.plan import (
    AMOUNT,
    LEAVING_TOO_LATE,
    MOVES_APART,
    MOVES_ONLY_TO,
    NAMED_TWICE,
    NEEDED,
    NO_VIDEO,
    NO_VIDEOS,
    Plan,
)
from vidcost_xl.names import IGNORED
from vidcost_xl.sheets.layout.grid import month
from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row
from vidcost_xl.sheets.plan.guard_places import place_beside, place_entries
from vidcost_xl.sheets.plan.row_names import DRIVERS, INPUTS, address, driver_id, guard_id, input_id, link_id, rep
from vidcost_xl.sheets.plan.ruled_inputs import ruled_entries

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

#: What is said of a link that was typed over, before and after its cell.
APART_FROM: Final = "is typed here, but "
APART: Final = " was typed over: it is a link to this cell; put that back"

#: What is said of low and high that are not two numbers, the smaller one first.
PAIR: Final = "has a low and a high that are not two numbers, the smaller one first"


def choices_name(key: str) -> str:
    """Name of the list of an input that has one of its own."""
    return "choice_" + spec_key(key).replace("*.", "").replace(".", "_")


def list_of(key: str, spec: InputSpec) -> str:
    """Name of the list that says what an input may be; empty for numbers, dates and texts."""
    return choices_name(key) if spec.kind == "choice" else LISTS.get(spec.kind, "")


def guard_row(plan: Plan, key: str, *, says: str = "", scenarios: bool = False) -> Row:
    """The row of an input; `{.column}` in its formulas is another cell of it.

    Parameters
    ----------
    says : str
        What it does to the bill, where it is typed on Drivers and Inputs shows it.
    scenarios : bool
        Whether a scenario may rule over what is typed.
    """
    spec, on_drivers = catalogue()[spec_key(key)], bool(says)
    at, shown = f"{{{input_id(key)}.value}}", link_id(key) if on_drivers else input_id(key)
    typed = f"{{{shown}.force}}" if scenarios else at
    there = f'"{DRIVERS if on_drivers else INPUTS}!"&{address(at)}'
    # What is chosen by name has no range on Drivers.
    ranged = link_id(key) if on_drivers and not spec.is_numeric else input_id(key)
    low, high = (f"{{{ranged}.{column}}}" for column in ("low", "high"))
    beside, words = _beside(plan, key)
    entries = {
        "input": Entry(spec.named(key)),
        "key": Entry(key, "unit"),
        "at": Entry(Formula(f"={there}"), "text"),
        "value": Entry(Formula(_typed(spec, typed)), "number", "general"),
        "blank": Entry(int(spec.blank), "constant", "count"),
        "allowed": Entry(spec.allowed, "note"),
        "empty": Entry(Formula('=IFERROR(--({.value}=""),0)'), "number", "count"),
        "wrong": Entry(Formula(_wrong(spec, typed)), "number", "count"),
        "outside": Entry(Formula(_outside(key, spec)), "number", "count"),
        "pair": Entry(Formula(_pair(low, high)), "number", "count"),
        "fault": Entry(Formula("=--({.wrong}+{.outside}+{.pair}+{.beside}+{.apart}>0)"), "flag"),
        "quoted": Entry(Formula(_QUOTED.format(cell=typed)), "text"),
        "shown": Entry(Formula(_shown(spec)), "text"),
        "said": Entry(Formula(_said(words) + ("&{.elsewhere}" if on_drivers else "")), "fault"),
        "used": Entry(Formula(f"=IF({{.fault}}=0,{_good(spec)},NA())"), "number", _format(spec)),
    }
    for column, bound in zip(("least", "most", "above"), _bounds(spec), strict=True):
        if bound is not None:
            entries[column] = Entry(bound, "constant", "date" if isinstance(bound, date) else "bound")
    if on_drivers:
        entries["apart"] = Entry(Formula(_apart(spec, key)), "number", "count")
        entries["elsewhere"] = Entry(Formula(_apart_said(key)), "text")
    if scenarios:
        entries |= ruled_entries(shown, there, says, (low, high) if spec.is_numeric else None)
    if beside:
        entries["beside"] = Entry(Formula(f"=IFERROR(--({beside}),0)"), "number", "count")
    if key.endswith(".lifecycle_months"):
        entries["moves"] = Entry(Formula(_moves(key.removesuffix("lifecycle_months"))), "number", "count")
    entries |= place_entries(key)
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
        return f"=IF(ISNUMBER({cell}),{cell},{tidy})"
    if spec.kind == "yes-no":  # a truth value is one, too
        return f"=IF(ISLOGICAL({cell}),INDEX(yes_no,1+NOT({cell})),{tidy})"
    return f"={tidy}"


_SPACE: Final = '" "'


def _called(spec: InputSpec) -> str:
    text = "{.iso}&{.value}" if spec.kind == REGION else "{.value}"
    for letter in IGNORED:
        text = f'SUBSTITUTE({text},"{letter}","")'
    return f'="{name_key(spec.kind, "")}"&{text}'


#: Empty for what is no name. Not trusted alone: MATCH takes a star for any letters.
_MEANT: Final = '=IFERROR(INDEX(name_id,MATCH({.called},name_key,0)),"")'


def name_key(kind: str, called: str) -> str:
    """How the sheet Lists and the formulas write a name of a kind of input."""
    return f"{kind}:{called}"


def _is_name(spec: InputSpec) -> bool:
    return spec.kind in kinds() or spec.kind == REGION


def _is_number(spec: InputSpec) -> bool:
    return spec.is_numeric or spec.kind == "date"


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


def _apart(spec: InputSpec, key: str) -> str:
    # Whether the link on Inputs was typed over: what the functions read is then not what is typed.
    columns = ("value", "low", "high") if spec.is_numeric else ("value",)
    tests = ",".join(f"{{{link_id(key)}.{column}}}<>{{{input_id(key)}.{column}}}" for column in columns)
    return f"=IFERROR(--OR({tests}),0)"


def _apart_said(key: str) -> str:
    cell = f"{{{link_id(key)}.value}}"
    return f'=IF({{.apart}}>{{.wrong}}+{{.outside}},"{APART_FROM}{INPUTS}!"&{address(cell)}&"{APART}","")'


def _beside(plan: Plan, key: str) -> tuple[str, str]:
    # What an input may not be because of another one, as `model.plan` refuses it, and in words.
    number, name = entry_number(key), key.rpartition(".")[2]
    if key == "exit.month":
        return f"{{.value}}>{{{guard_id('calendar.months')}.value}}", f'{{.shown}}&"; {LEAVING_TOO_LATE}"'
    if key == "dataset.amount":
        months = _all_months(plan, driver_id("dataset.mb_per_video"))
        wrong = f'({{{guard_id("dataset.size_from")}.value}}="{AMOUNT}")*(MIN({months})=0)'
        return wrong, f'{{.shown}}&"; {NO_VIDEO}"'
    if number is None:
        return place_beside(key)
    own = rep(number, "")
    if name == "name":
        same = (f"({{{guard_id(rep(n, 'name'))}.value}}={{.value}})" for n in range(1, plan.representations + 1))
        return f"({'+'.join(same)}>1)", f'{{.shown}}&"; {NAMED_TWICE}"'
    if name == AMOUNT:
        return (
            f"COUNT({{.value}})*({{.value}}>0)*(MIN({_all_months(plan, 'dataset_kept')})=0)",
            f'{{.shown}}&"; {NO_VIDEOS}"',
        )
    if name in {"vae", "encoder"}:
        kind = "latent" if name == "vae" else "text"
        return f'{{.empty}}*({{{guard_id(own + "kind")}.value}}="{kind}")', f'"{NEEDED[name]}"'
    if name == "second_class":
        share = own + "second_share"
        typed = f"{{{guard_id(share)}.value}}"
        months = _all_months(plan, driver_id(share))
        return f"{{.empty}}*(COUNT({typed})*({typed}<>0)+MAX({months})>0)", f'"{NEEDED[name]}"'
    if name == "lifecycle_months":
        first, second = guard_id(own + "class"), guard_id(own + "second_class")
        moved = f"COUNT({{.value}})*({{.value}}<>0)*(1-{{{first}.fault}})*(1-{{{second}.fault}})*(1-{{{second}.empty}})"
        return f"{moved}*(1-{{.moves}})", f'{{.shown}}&"; {MOVES_ONLY_TO}"&{_moves_to(own)}'
    return place_beside(key)


def _all_months(plan: Plan, row: str) -> str:
    return f"{{{row}.{month(1)}:{row}.{month(plan.integer('calendar.months'))}}}"


def _moves_to(own: str) -> str:
    return f"INDEX(class_moves_to,{{${own.replace('.', '_')}first_row.constant}})"


def _moves(own: str) -> str:
    # Whether a lifecycle rule moves data of the first class to the second.
    apart = f'"{MOVES_APART}"'
    second = f"{{${own.replace('.', '_')}second_class.constant}}"
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
