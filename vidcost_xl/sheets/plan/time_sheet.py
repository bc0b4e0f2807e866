"""A sheet with the time axis: title, state of the workbook, axis, and its declared rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from vidcost_xl.sheets.layout.chart_layout import SeriesChart
from vidcost_xl.sheets.layout.grid import FIXED, SAME, columns, month_keys, rows
from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.plan.row_names import MASTER, Block

#: Months that print on one page beside the labels.
MONTHS_ON_A_PAGE: Final = 12

#: What columns of results are called.
OF_RESULTS: Final = {"constant": "Figure", "start": "At start"}


def time_sheet(
    name: str,
    title: str,
    about: str,
    lines: Block,
    months: int,
    charts: Sequence[SeriesChart] = (),
    *,
    is_result: bool = False,
    headings: Mapping[str, str] = MappingProxyType({}),
) -> SheetLayout:
    """A sheet over time.

    Parameters
    ----------
    charts : sequence
        Of the sheet.
    is_result : bool
        Whether people read it: then its axis has no row of flags.
    headings : mapping of str to str
        What its columns before the months are called, by key, where they are not called as elsewhere.
    """
    x = name.casefold()
    keys = month_keys(months)
    axis = (
        (f"{x}_axis_end", "Last day of the month", "cal_end", "axis_date"),
        (f"{x}_axis_counter", "Month of the plan", "cal_counter", "axis_count"),
        (f"{x}_axis_flag", "Whether the month is in the plan", "cal_active", "axis_count"),
        (f"{x}_axis_year", "Fiscal year", "cal_year", "axis_text"),
    )
    texts = {key: text for key, text, _ in FIXED} | (OF_RESULTS if is_result else {}) | dict(headings)
    heading = {
        key: Entry(text, "heading" if key in {"label", "note"} else "heading_right") for key, text in texts.items()
    }
    heading["unit"] = Entry("Unit", "heading_indent")
    axis_rows = []
    for row, label, source, style in axis:
        if is_result and source == "cal_active":
            continue
        entries = dict.fromkeys((key for key, _, _ in FIXED), Entry("", "heading"))
        entries["label"] = Entry(label, "heading")
        entries |= dict.fromkeys(keys, Entry(Formula(f"={{{source}.{SAME}~}}"), style))
        axis_rows.append(Row(row, {**entries, **(heading if row.endswith("year") else {})}))
    head = (
        Row(
            f"{x}_title",
            {
                "label": Entry(title, "title"),
                "unit": Entry("Checks of the workbook", "label_right"),
                "constant": Entry(Formula(f"={MASTER}"), "flag", "flags"),
                "total": Entry(Formula("=source_text"), "kpi_plain"),
            },
            height=24,
        ),
        Row(f"{x}_about", {"label": Entry(about, "subtitle")}),
        *axis_rows,
    )
    return SheetLayout(
        name=name,
        columns=columns(months),
        rows=(*head, *rows(lines, months)),
        last_frozen=f"{x}_axis_year",
        frozen_columns=1,
        title_columns=len(FIXED) if months > MONTHS_ON_A_PAGE else 0,
        large_paper=True,
        pages_wide=-(-months // MONTHS_ON_A_PAGE),
        flags=(f"{{{x}_title.constant:{x}_title.constant}}",),
        charts=tuple(charts),
    )
