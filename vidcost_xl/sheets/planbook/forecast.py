"""The sheet Forecast: what the functions answer, one call for the whole plan, spilled along the time axis."""

from __future__ import annotations

from typing import Final

from vidcost_xl.sheets.grid import FIXED, MONTH_WIDTH, month_keys
from vidcost_xl.sheets.layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.planbook.names import MASTER
from vidcost_xl.sheets.planbook.timesheet import MONTHS_ON_A_PAGE

SHEET: Final = "Forecast"

#: Rows of the answer besides its lines: month, fiscal year, total.
FRAME: Final = 3

#: What the answer says in its first column, in front of the first month.
IDS: Final = "start"

CALL: Final = '=TRANSPOSE(VIDEO_FORECAST(plan,"line",changes))'

#: Columns that the other sheets use for notes and constants are narrow here; ids are long.
_WIDTHS: Final = {"note": 4.0, "unit": 4.0, "constant": 6.0, "total": 6.0, IDS: 50.0}

_LABEL: Final = '=IF(ISTEXT({.start}),IFERROR(INDEX(all_label,MATCH({.start},all_id,0)),{.start}),"")'


def forecast_sheet(lines: int, months: int) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet and its workbook names.

    Parameters
    ----------
    lines, months : int
        The largest answer there can be.

    Returns
    -------
    SheetLayout, dict
        `forecast_ids` is the first column of the answer: its months, its lines, its total.
    """
    keys = [IDS, *month_keys(months)]
    last = lines + FRAME - 1
    widths = {key: _WIDTHS.get(key, width) for key, _, width in FIXED}
    head = (
        Row(
            "forecast_title",
            {
                "label": Entry("The answer of the functions", "title"),
                IDS: Entry("Checks of the workbook", "label_right"),
                keys[1]: Entry(Formula(f"={MASTER}"), "flag", "flags"),
            },
            height=24,
        ),
        Row(
            "forecast_about",
            {
                "label": Entry(
                    f"{CALL}: lines down, months across. The sheet Engine looks its rows up here.", "subtitle"
                )
            },
        ),
    )
    area = f"{{fc_0.{keys[0]}:fc_{last}.{keys[-1]}}}"
    rows = [_row(at, keys, area) for at in range(last + 1)]
    sheet = SheetLayout(
        name=SHEET,
        columns=(
            *(Column(key, width) for key, width in widths.items()),
            *(Column(key, MONTH_WIDTH) for key in month_keys(months)),
        ),
        rows=(*head, *rows),
        last_frozen="fc_1",
        frozen_columns=len(FIXED),
        title_columns=len(FIXED) if months > MONTHS_ON_A_PAGE else 0,
        pages_wide=-(-months // MONTHS_ON_A_PAGE),
        large_paper=True,
        flags=(f"{{forecast_title.{keys[1]}:forecast_title.{keys[1]}}}",),
        engine_areas=(area,),
    )
    return sheet, {"forecast_ids": f"{{fc_0.{IDS}:fc_{last}.{IDS}}}"}


def _row(at: int, keys: list[str], area: str) -> Row:
    # Months and fiscal years stand above the lines.
    looks = {0: ("heading_right", "date"), 1: ("heading_right", "general")}
    style, number_format = looks.get(at, ("number", "cents"))
    entries = {key: Entry("", style, number_format) for key in keys}
    entries[IDS] = Entry("", "heading" if at in looks else "text")
    entries["label"] = Entry(Formula(_LABEL), "heading" if at in looks else "text")
    if at == 0:
        entries[IDS] = Entry(Formula(CALL, engine=True, area=area), "heading")
    return Row(f"fc_{at}", entries)
