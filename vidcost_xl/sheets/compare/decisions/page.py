"""The sheet Decisions as data: sentences, tables side by side, the tornado, and what it was worked out from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from textwrap import wrap
from typing import Final

from vidcost_xl.analysis.decision import Decision
from vidcost_xl.analysis.decision_sentences import sentences
from vidcost_xl.analysis.decision_tables import (
    FIGURES,
    Cell,
    Form,
    Table,
    doubt_table,
    lever_table,
    place_table,
    risk_table,
    site_table,
    two_way_table,
)
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.layout.chart_layout import TornadoChart
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.plan.results.contents import DECISIONS, TABS

SHEET: Final = DECISIONS
TITLE: Final = "Decisions"

#: Labels of rows at the end, by which a reader finds what the sheet was written for.
INPUTS: Final = "Inputs, ranges and prices as they were read"
DIGEST: Final = "Digest of this sheet as written"
DIGEST_AT: Final = "dec_digest.b"

#: Columns by key: a table on the left, one on the right; the last block runs over both.
COLUMNS: Final = (
    *(("a", 46.0), ("b", 25.0), ("c", 14.0), ("d", 14.0), ("e", 15.0), ("f", 15.0), ("g", 15.0)),
    *(("gap", 2.0), ("i", 32.0), ("j", 15.0), ("k", 15.0), ("l", 14.0)),
)
LEFT: Final = ("a", "b", "c", "d", "e", "f", "g")
RIGHT: Final = ("i", "j", "k", "l")

#: Characters of a line of a sentence, on all columns.
LINE: Final = 190

#: Levers in the table and the chart.
LEVERS: Final = 8

#: Rows that the chart spans at least: fewer are too narrow for its names.
CHART_ROWS: Final = 15

#: Beside the bars for their amounts, as a share of them.
_ROOM: Final = 0.3

_FORMATS: Final[dict[Form, str]] = {
    "money": "money",
    "share": "share",
    "input": "typed",
    "found": "quantity",
    "whole": "count",
}


@dataclass(frozen=True)
class Beside:
    """What the sheet says beside the answers.

    Parameters
    ----------
    program, inputs : str
        The version that wrote the sheet, and the digest of what it was worked out from.
    whole : float
        Cost of the whole plan, reporting currency.
    total, master : str
        Addresses in the workbook of its cost now and of its own check, empty where it does not name them.
    """

    plan: str
    program: str
    at: datetime
    inputs: str
    whole: float
    total: str = ""
    master: str = ""


def decision_page(found: Decision, beside: Beside) -> SheetLayout:
    """The sheet, without the digest of itself."""
    levers = lever_table(found, LEVERS)
    upper = _beside("dec_1", _block(place_table(found), _PLACES), _block(risk_table(found), _RISK))
    left = [*_block(levers, _LEVERS), {}, *_block(site_table(found), _SITE)]
    middle = _beside("dec_2", left, [{} for _ in range(CHART_ROWS)])
    over = two_way_table(found)
    if len(over.columns) > len(_OVER):
        raise BadArgumentError(f"the sheet has room for {len(_OVER) - 1} values across, not {len(over.columns) - 1}.")
    together = _beside("dec_4", _block(over, _OVER[: len(over.columns)], (*LEFT, "gap", *RIGHT), apart=True), [])
    lower = _beside("dec_3", _block(doubt_table(found), _DOUBTS, (*LEFT, "gap", *RIGHT)), [])
    rows = [
        *_head(found, beside),
        *(Row(f"dec_said_{at}", {"a": Entry(said)}) for at, said in enumerate(_lines(found), start=1)),
        Row("dec_gap_1"),
        *upper,
        Row("dec_gap_2"),
        *middle,
        Row("dec_gap_3"),
        *together,
        Row("dec_gap_5"),
        *lower,
        Row("dec_gap_4"),
        *_foot(found, beside),
    ]
    return SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, width in COLUMNS),
        rows=tuple(rows),
        last_frozen="dec_state",
        one_page=True,
        charts=(_tornado(found, len(levers.rows), middle),) if levers.rows else (),
        flags=(*(("{dec_title.l:dec_title.l}",) if beside.master else ()), *_flag(beside)),
        tab=TABS["results"],
    )


#: Column of the sheet for each column of a table; one that is left out does not stand there.
_PLACES: Final = ("", "a", "b", "e", "f", "g")
_LEVERS: Final = ("a", "b", "c", "d", "e", "f", "g", "")
_SITE: Final = ("a", "b", "c")
_RISK: Final = ("i", "j", "k")
_OVER: Final = (*LEFT, *RIGHT)
_DOUBTS: Final = ("a", "c", "d", "e", "b", "f", "i", "j", "k")

_Entries = dict[str, Entry]


def _block(table: Table, columns: Sequence[str], across: Sequence[str] = (), *, apart: bool = False) -> list[_Entries]:
    # The title stands in the row of the heads, or where its words are many in a row of its own.
    marked = across or (LEFT if "a" in columns else RIGHT)
    first = next(filter(None, columns))
    heads: _Entries = {at: Entry("", "heading") for at in marked}
    for at, (head, form) in zip(columns, table.columns, strict=True):
        if at:
            heads[at] = Entry(head, "heading_indent" if form == "text" else "heading_right")
    rows = [{**dict.fromkeys(marked, Entry("", "heading")), first: Entry(table.title, "heading")}] if apart else []
    heads[first] = Entry(table.columns[0][0] if apart else table.title, "heading")
    rows.append(heads)
    for row in table.rows:
        cells = {at: _entry(cell, form) for at, cell, (_, form) in zip(columns, row, table.columns, strict=True) if at}
        rows.append({at: entry for at, entry in cells.items() if entry is not None})
        rows[-1][first] = Entry(rows[-1][first].value)  # where a table begins nothing is indented
    return [*rows, *({first: Entry(note, "small")} for note in table.notes)]


def _lines(found: Decision) -> list[str]:
    return [line for said in sentences(found) for line in wrap(said, LINE, subsequent_indent="    ")]


def _entry(cell: Cell, form: Form) -> Entry | None:
    if cell is None or cell == "":
        return None
    return Entry(cell, "text_indent") if isinstance(cell, str) else Entry(cell, "constant_black", _FORMATS[form])


def _beside(key: str, left: Sequence[_Entries], right: Sequence[_Entries]) -> list[Row]:
    return [
        Row(f"{key}_{at}", {**(one or {}), **(other or {})})
        for at, (one, other) in enumerate(zip_longest(left, right), start=1)
    ]


def _head(found: Decision, beside: Beside) -> list[Row]:
    title: _Entries = {"a": Entry(TITLE, "title")}
    if beside.master:
        title |= {
            "k": Entry("Checks of the workbook", "label_right"),
            "l": Entry(Formula(f"={beside.master}"), "flag", "flags"),
        }
    about = (
        f"{beside.plan}, {FIGURES[found.wanted.what]} in {found.currency}. Written {beside.at:%Y-%m-%d %H:%M} by "
        f"{beside.program}, {found.risk.draws:,} draws, seed {found.wanted.seed}; values, not recalculated: vidcost "
        "decide --stamp writes them again."
    )
    state = Entry("vidcost check says whether the inputs are still those.", "total_text")
    if beside.total:
        text = (
            "=IF(IFERROR({dec_cost.d},1)=0,"
            '"The plan costs what it cost when this was written; vidcost check compares every input and range.",'
            '"STALE: the plan costs another amount than when this was written. Write the sheet again.")'
        )
        state = Entry(Formula(text), "total_text")
    return [
        Row("dec_title", title, height=24),
        Row("dec_about", {"a": Entry(about, "subtitle")}),
        Row("dec_state", {**{key: Entry("", "total_text") for key, _ in COLUMNS}, "a": state}),
    ]


def _foot(found: Decision, beside: Beside) -> list[Row]:
    cost: _Entries = {"a": Entry("Cost of the whole plan: as written, now, differs", "small")}
    cost["b"] = Entry(beside.whole, "constant_black", "money")
    if beside.total:
        differs = "=--(ABS({.b}-{.c})>tolerance_money+tolerance*ABS({.c}))"
        cost["c"] = Entry(Formula(f"={beside.total}"), "link", "money")
        cost["d"] = Entry(Formula(differs), "flag")
    return [
        Row("dec_cost", cost),
        Row("dec_inputs", {"a": Entry(INPUTS, "small"), "b": Entry(beside.inputs, "note")}),
        Row("dec_digest", {"a": Entry(DIGEST, "small"), "b": Entry("", "note")}),
    ]


def _flag(beside: Beside) -> tuple[str, ...]:
    return ("{dec_cost.d:dec_cost.d}",) if beside.total else ()


def _tornado(found: Decision, levers: int, rows: Sequence[Row]) -> TornadoChart:
    first, last, shown = rows[1].id, rows[levers].id, found.levers[:levers]
    return TornadoChart(
        title=f"What {FIGURES[found.wanted.what]} changes by, from {found.base:,.0f} {found.currency}",
        ends=_ends([end - each.base for each in shown for end in (each.at_low, each.at_high)]),
        labels=f"{{{first}.a:{last}.a}}",
        series=tuple((f"{{{rows[0].id}.{column}}}", f"{{{first}.{column}:{last}.{column}}}") for column in ("f", "g")),
        top=rows[0].id,
        bottom=rows[-1].id,
        left="i",
        right="l",
    )


def _ends(changes: Sequence[float]) -> tuple[float, float]:
    """Least and most of an axis with room for the amounts beside the bars."""
    least, most = min(0.0, *changes), max(0.0, *changes)
    room = _ROOM * (most - least)
    return least - room, most + room
