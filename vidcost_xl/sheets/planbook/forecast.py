"""The sheet Forecast: what the functions answer, one call for the whole plan, spilled."""

from __future__ import annotations

from typing import Final

from vidcost_xl.sheets.layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.planbook.names import MASTER

SHEET: Final = "Forecast"

#: Columns of the answer besides its lines: month, fiscal year, total.
FRAME: Final = 3

_WIDTH: Final = 22.0


def forecast_sheet(lines: int, months: int) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet and its workbook names.

    Parameters
    ----------
    lines, months : int
        The largest answer there can be.

    Returns
    -------
    SheetLayout, dict
        `forecast` is the whole answer, `forecast_head` its header row.
    """
    keys = [f"f{at}" for at in range(1, lines + FRAME + 1)]
    about = '=VIDEO_FORECAST(plan,"line",changes): months down, lines across. The sheet Engine looks its rows up here.'
    head = (
        Row(
            "forecast_title",
            {
                "f1": Entry("The answer of the functions", "title"),
                "f5": Entry("Checks of the workbook", "label_right"),
                "f6": Entry(Formula(f"={MASTER}"), "flag", "flags"),
            },
            height=24,
        ),
        Row("forecast_about", {"f1": Entry(about, "subtitle")}),
    )
    area = f"{{fc_0.{keys[0]}:fc_{months}.{keys[-1]}}}"
    call = Formula('=VIDEO_FORECAST(plan,"line",changes)', engine=True, area=area)
    rows = [
        Row(
            f"fc_{at}",
            {key: Entry("", "heading_wrapped" if at == 0 else "number", None if at == 0 else "cents") for key in keys},
        )
        for at in range(months + 1)
    ]
    rows[0] = Row("fc_0", {**rows[0].entries, keys[0]: Entry(call, "heading_wrapped")}, height=44)
    sheet = SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, _WIDTH) for key in keys),
        rows=(*head, *rows),
        last_frozen="fc_0",
        pages_wide=0,
        title_columns=1,
        large_paper=True,
        flags=("{forecast_title.f6:forecast_title.f6}",),
        engine_areas=(area,),
    )
    return sheet, {"forecast": area, "forecast_head": f"{{fc_0.{keys[0]}:fc_0.{keys[-1]}}}"}
