"""A sheet without a time axis: title, state of the workbook, headings, rows; and the parts that such rows share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from vidcost_xl.sheets.layout.chart_layout import BarChart, SeriesChart
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Value
from vidcost_xl.sheets.plan.row_names import MASTER

#: Key, heading, width.
Columns: TypeAlias = Sequence[tuple[str, str, float]]

#: Height of a row of headings in two lines.
HEADINGS: Final = 30.0

_LINK: Final = re.compile(r"=\{\$?[a-z0-9_]*\.[a-z0-9_]+\}")

#: Characters across a page of A4 that are still legible; a wider sheet takes A3.
SMALL_PAPER: Final = 235.0

#: A value that the functions would give; they are not there.
ABSENT: Final = "n/a"


def result_sheet(
    name: str,
    title: str,
    about: str,
    columns: Columns,
    rows: Sequence[Row],
    charts: Sequence[BarChart | SeriesChart] = (),
    *,
    engine_areas: Sequence[str] = (),
) -> SheetLayout:
    """The sheet.

    Parameters
    ----------
    columns : sequence of (str, str, float)
        The first holds labels; the state of the workbook stands in the second, third and fourth.
    engine_areas : sequence of str
        Ranges of function cells.
    """
    x, keys = name.casefold(), [key for key, _, _ in columns]
    head = (
        Row(
            f"{x}_title",
            {
                keys[0]: Entry(title, "title"),
                keys[1]: Entry("Checks of the workbook", "label_right"),
                keys[2]: Entry(Formula(f"={MASTER}"), "flag", "flags"),
                keys[3]: Entry(Formula("=source_text"), "kpi_plain"),
            },
            height=24,
        ),
        Row(f"{x}_about", {keys[0]: Entry(about, "subtitle")}),
        Row(
            f"{x}_head",
            {key: Entry(text, "heading" if key == keys[0] else "heading_wrapped") for key, text, _ in columns},
            height=HEADINGS,
        ),
    )
    return SheetLayout(
        name=name,
        columns=tuple(Column(key, width) for key, _, width in columns),
        rows=(*head, *rows),
        last_frozen=f"{x}_head",
        frozen_columns=1,
        large_paper=sum(width for _, _, width in columns) > SMALL_PAPER,
        flags=(f"{{{x}_title.{keys[2]}:{x}_title.{keys[2]}}}",),
        engine_areas=tuple(engine_areas),
        charts=tuple(charts),
    )


def heading_row(key: str, label: str, columns: Columns) -> Row:
    """A line that names the block below it."""
    first = columns[0][0]
    return Row(key, {column: Entry(label if column == first else "", "total_text") for column, _, _ in columns})


def entry(value: Value, form: str = "compact", style: str = "") -> Entry:
    """A cell; a text that starts with an equals sign is a formula, a number in blue."""
    if isinstance(value, str) and value.startswith("="):
        return Entry(Formula(value), style or _style(value, form), _format(form))
    if isinstance(value, str):
        return Entry(value, style or "text")
    return Entry(value, style or "constant", _format(form))


def answered(reference: str) -> str:
    """A cell of the functions' answers, which are absent without the add-in."""
    return f'=IF(engine_loaded,{reference},"{ABSENT}")'


def differs(engine: str, native: str) -> str:
    """1 where the two differ: as numbers, as texts, or because only one is an error; 0 without the add-in."""
    apart = f"--(ABS({engine}-{native})>tolerance*(1+ABS({native})))"
    unlike = f"IFERROR(--({engine}<>{native}),1-ISERROR({engine})*ISERROR({native}))"
    return f"=engine_loaded*IFERROR({apart},{unlike})"


def difference_entries(pairs: Mapping[str, tuple[str, str]]) -> dict[str, Entry]:
    """Flags by column: each compares a value of the functions with the native one."""
    return {column: Entry(Formula(differs(engine, native)), "flag") for column, (engine, native) in pairs.items()}


def _style(formula: str, form: str) -> str:
    is_link = _LINK.fullmatch(formula) is not None
    if form == "text":
        return "link_text" if is_link else "text"
    return "link" if is_link else "number"


def _format(name: str) -> str:
    return "general" if name == "text" else name
