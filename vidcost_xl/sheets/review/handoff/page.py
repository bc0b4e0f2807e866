"""The sheet Handoff: who handed the workbook on, when, what it then said, and what a reviewer has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Value
from vidcost_xl.sheets.review.finding_places import switch
from vidcost_xl.sheets.review.handoff.freeze import Frozen
from vidcost_xl.sheets.review.known_places import Pair
from vidcost_xl.sheets.review.readiness import Judged
from vidcost_xl.sheets.review.rules.layout import HANDED_OFF
from vidcost_xl.sheets.review.typed_cells import address_of, inputs, prices

SHEET: Final = "Handoff"

#: Where the formulas of other sheets find whether everything typed is as handed off.
UNCHANGED: Final = "state.was"

#: The first row that is not printed: inputs and prices print on their own sheets.
INPUTS_HEAD: Final = "inputs_head"

#: Headings of the lines of the bill, and of what follows them.
LINES: Final = "Lines: functions when handed off, native formulas now"
DONE: Final = "What was taken out, frozen or changed in this file"

_COLUMNS: Final = (("label", 62.0), ("where", 50.0), ("was", 20.0), ("now", 20.0), ("flag", 14.0))
_AS_OF: Final = "Handed off"

#: Characters of a line of a text that wraps, and points of one.
_LINE_LENGTH: Final = 64
_LINE_HEIGHT: Final = 14.0


@dataclass(frozen=True)
class Stamp:
    """Who hands off what, when and from which file.

    Parameters
    ----------
    program, answer : str
        Version of the program, and what the functions said of theirs.
    prices : str
        Day and digest of the price book.
    source, digest : str
        Name of the file and its SHA-256.
    reason : str
        Why it is handed off in spite of its faults; empty for none.
    """

    by: str
    at: datetime
    program: str
    answer: str
    prices: str
    source: str
    digest: str
    reason: str


def handoff_page(
    judged: Judged, stamp: Stamp, frozen: Iterable[Frozen], done: Iterable[str], further: Iterable[str] = ()
) -> SheetLayout:
    """The sheet.

    Parameters
    ----------
    judged : Judged
        The workbook as it was handed off.
    done : iterable of str
        What was taken out or changed.
    further : iterable of str
        What else its reader should know at once.
    """
    contents, marks = judged.contents, judged.marks
    passed_over = frozenset({key} if (key := switch(contents)) else ())
    typed = [item.row(f"in_{at}") for at, item in enumerate(inputs(contents, passed_over), start=1)]
    priced = [item.row(f"price_{at}") for at, item in enumerate(prices(contents), start=1)]
    rows = [
        *_facts(judged, stamp),
        _heading("totals_head", "Control totals, in reporting currency", _AS_OF, "Now", "Difference"),
        *_totals(contents, judged),
        _heading("lines_head", LINES, "Functions", "Native", "Difference"),
        *[_line(contents, pair, at) for at, pair in enumerate(marks.pairs, start=1)],
        _heading("done_head", DONE, "", "", ""),
        *_texts("done", [*done, *(_frozen(each) for each in frozen)]),
        _heading(
            INPUTS_HEAD, "Inputs as handed off; change one on its own sheet and it shows here", _AS_OF, "Now", "Check"
        ),
        *typed,
        _heading("prices_head", "Prices as handed off", _AS_OF, "Now", "Check"),
        *priced,
    ]
    flags = ",".join(f"{{{block[0].id}.flag:{block[-1].id}.flag}}" for block in (typed, priced) if block)
    about = (*_ABOUT, *further)
    head = (
        Row(
            "title",
            {
                "label": Entry(HANDED_OFF, "title"),
                "now": Entry("Checks of the workbook", "label_right"),
                "flag": Entry(Formula(f"={address_of(marks.master)}"), "flag", "flags"),
            },
            height=24,
        ),
        *(Row(f"about_{at}", {"label": Entry(text, "subtitle")}) for at, text in enumerate(about, start=1)),
        Row(
            "state",
            {
                "label": Entry(Formula(_STATE), "kpi_plain"),
                "where": Entry("every input and price is as handed off", "unit"),
                "was": Entry(Formula("=IF(ISNUMBER({.now}),{.now}=0,FALSE)"), "number"),
                "now": Entry(Formula(f"=SUM({flags})"), "number", "count"),
                "flag": Entry("changed since", "note"),
            },
            height=20,
        ),
    )
    return SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, width in _COLUMNS),
        rows=(*head, *rows),
        last_frozen="state",
        flags=(
            "{title.flag:title.flag}",
            *(f"{{{block[0].id}.flag:{block[-1].id}.flag}}" for block in (typed, priced) if block),
        ),
    )


_ABOUT: Final = (
    "Everything here is computed by native formulas. What the functions answered on the day is kept as values.",
    "The two are compared while nothing typed is changed; changing an input for a what-if only pauses that.",
)
_STATE: Final = (
    '=IF({state.was},"As handed off","What-if: inputs or prices differ from the hand-off, marked below; the functions '
    'are not compared")'
)


def _facts(judged: Judged, stamp: Stamp) -> list[Row]:
    worst = judged.difference
    where = f"{worst.line}, month {worst.month}" if worst.month else worst.line
    where = where if worst.amount else "none differs"
    facts: list[tuple[str, Value, str | None, str]] = [
        ("Handed off by", stamp.by, None, ""),
        ("On", stamp.at.date(), "date", f"at {stamp.at:%H:%M}"),
        ("Program", stamp.program, None, ""),
        ("What the functions were", stamp.answer, None, ""),
        ("Price book", stamp.prices, None, "its digest in brackets"),
        ("From the file", stamp.source, None, ""),
        ("SHA-256 of that file", stamp.digest, None, ""),
        ("Largest difference, functions less native formulas", worst.amount, "difference", where),
        ("Amounts compared", worst.compared, "count", "line by line and month by month"),
    ]
    if stamp.reason:
        facts.append(("Handed off in spite of its faults, because", stamp.reason, None, ""))
        facts += [("Fault", fault, None, "") for fault in judged.faults]
    rows = [_heading("facts_head", "What was handed off", "", "", "")]
    for at, (label, value, form, note) in enumerate(facts, start=1):
        style = "text" if isinstance(value, str) else "constant_black"
        column = "where" if isinstance(value, str) else "was"
        entries = {"label": Entry(label, "text_indent"), column: Entry(value, style, form)}
        if note:
            entries["now"] = Entry(note, "note")
        rows.append(Row(f"fact_{at}", entries))
    return rows


def _totals(contents: Contents, judged: Judged) -> list[Row]:
    marks = judged.marks
    wanted = [(stage.capitalize(), key) for stage, key in marks.stages]
    wanted += [(f"Month {at}", key) for at, key in enumerate(marks.months, start=1)]
    wanted.append(("Total", marks.total))
    rows = []
    for at, (label, key) in enumerate(wanted, start=1):
        style, text = ("total", "total_text") if key == marks.total else ("number", "text_indent")
        value = contents.value(key)
        rows.append(
            Row(
                f"total_{at}",
                {
                    "label": Entry(label, text),
                    "where": Entry(address_of(key).replace("$", ""), "total_text" if style == "total" else "unit"),
                    "was": Entry(value if isinstance(value, float) else str(value), style, "cents"),
                    "now": Entry(Formula(f"={address_of(key)}"), style if style == "total" else "link", "cents"),
                    "flag": Entry(Formula("={.now}-{.was}"), style, "cents"),
                },
            )
        )
    return rows


def _line(contents: Contents, pair: Pair, at: int) -> Row:
    engine = [value for key in pair.engine if type(value := contents.value(key)) is float]
    first, last = pair.native[0], pair.native[-1]
    area = address_of(first) + ("" if first == last else f":{address_of(last).rpartition('!')[2]}")
    return Row(
        f"line_{at}",
        {
            "label": Entry(pair.label, "text_indent"),
            "where": Entry(pair.id if pair.id != pair.label else "", "unit"),
            "was": Entry(sum(engine), "constant_black", "cents"),
            "now": Entry(Formula(f"=SUM({area})"), "number", "cents"),
            "flag": Entry(Formula("={.was}-{.now}"), "number", "cents"),
        },
    )


def _frozen(frozen: Frozen) -> str:
    return f"{frozen.sheet}!{', '.join(frozen.cells)}: values, where a formula {frozen.why}"


def _texts(key: str, texts: Iterable[str]) -> list[Row]:
    found = [
        Row(
            f"{key}_{at}", {"label": Entry(text, "wrapped_indent")}, height=_LINE_HEIGHT * -(-len(text) // _LINE_LENGTH)
        )
        for at, text in enumerate(texts, start=1)
    ]
    return found or [Row(f"{key}_0", {"label": Entry("nothing", "text_indent")})]


def _heading(key: str, label: str, was: str, now: str, flag: str) -> Row:
    texts = {"label": label, "where": "", "was": was, "now": now, "flag": flag}
    style = {"label": "heading", "where": "heading_indent"}
    return Row(key, {column: Entry(text, style.get(column, "heading_right")) for column, text in texts.items()})
