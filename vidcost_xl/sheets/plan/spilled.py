"""Sheets that hold what one function answers for the whole plan, spilled along the time axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vidcost_xl.sheets.layout.grid import FIXED, MONTH_WIDTH, month_keys
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.plan.row_names import MASTER
from vidcost_xl.sheets.plan.time_sheet import MONTHS_ON_A_PAGE

#: The column of the answer's ids, in front of the first month.
IDS: Final = "start"

#: Columns that the other sheets use for notes and constants are narrow here; ids are long.
_WIDTHS: Final = {"note": 4.0, "unit": 4.0, "constant": 6.0, "total": 6.0, IDS: 50.0}


@dataclass(frozen=True)
class Spilled:
    """The answer of a function, turned so that its months run along the time axis.

    Parameters
    ----------
    key : str
        Of its rows.
    function : str
        The call without its equals sign; its answer has months down.
    rows : int
        The most that the answer can have, its months included.
    frame : int
        Rows above the figures: month, fiscal year.
    ids, labels : str
        Workbook names of the ids that the answer may have, and of what they are called.
    formats : tuple of str
        Keys of `styles.FORMATS`, of the rows below the frame where they always are the same.
    """

    key: str
    sheet: str
    title: str
    about: str
    function: str
    rows: int
    frame: int
    ids: str
    labels: str
    formats: tuple[str, ...] = ()

    @property
    def call(self) -> str:
        """The formula."""
        return f"=TRANSPOSE({self.function})"

    @property
    def in_month(self) -> str:
        """Everything that the answer says of a month, for the formulas of rows over time."""
        return f"{{{self.key}_0:{self.key}_{self.rows - 1}}}"

    @property
    def found_ids(self) -> str:
        """The first column of the answer, as a reference."""
        return f"{{{self.key}_0.{IDS}:{self.key}_{self.rows - 1}.{IDS}}}"


def spilled_sheet(answer: Spilled, months: int) -> SheetLayout:
    """The sheet of an answer.

    Parameters
    ----------
    months : int
        The most that there can be.
    """
    keys, x = [IDS, *month_keys(months)], answer.sheet.casefold()
    head = (
        Row(
            f"{x}_title",
            {
                "label": Entry(answer.title, "title"),
                IDS: Entry("Checks of the workbook", "label_right"),
                keys[1]: Entry(Formula(f"={MASTER}"), "flag", "flags"),
            },
            height=24,
        ),
        Row(f"{x}_about", {"label": Entry(f"{answer.call}: {answer.about}", "subtitle")}),
    )
    area = f"{{{answer.key}_0.{IDS}:{answer.key}_{answer.rows - 1}.{keys[-1]}}}"
    widths = {key: _WIDTHS.get(key, width) for key, _, width in FIXED} | dict.fromkeys(keys[1:], MONTH_WIDTH)
    return SheetLayout(
        name=answer.sheet,
        columns=tuple(Column(key, width) for key, width in widths.items()),
        rows=(*head, *(_row(answer, at, keys, area) for at in range(answer.rows))),
        last_frozen=f"{answer.key}_{answer.frame - 1}",
        frozen_columns=len(FIXED),
        title_columns=len(FIXED) if months > MONTHS_ON_A_PAGE else 0,
        pages_wide=-(-months // MONTHS_ON_A_PAGE),
        large_paper=True,
        flags=(f"{{{x}_title.{keys[1]}:{x}_title.{keys[1]}}}",),
        engine_areas=(area,),
    )


def _row(answer: Spilled, at: int, keys: list[str], area: str) -> Row:
    is_head, place = at < answer.frame, at - answer.frame
    if is_head:
        style, number_format = "heading_right", "date" if at == 0 else "general"
    else:
        style, number_format = "number", answer.formats[place] if place < len(answer.formats) else "cents"
    entries = dict.fromkeys(keys, Entry("", style, number_format))
    if is_head:
        entries |= dict.fromkeys((key for key, _, _ in FIXED), Entry("", "heading"))
    # Without the add-in the ids are errors, and their labels nothing.
    label = f'=IF(ISTEXT({{.{IDS}}}),IFERROR(INDEX({answer.labels},MATCH({{.{IDS}}},{answer.ids},0)),{{.{IDS}}}),"")'
    entries["label"] = Entry(Formula(label), "heading" if is_head else "text")
    entries[IDS] = Entry("", "heading" if is_head else "text")
    if at == 0:
        entries[IDS] = Entry(Formula(answer.call, engine=True, area=area), "heading")
    return Row(f"{answer.key}_{at}", entries)
