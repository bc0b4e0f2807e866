"""The sheet Functions: what the functions answer, and the same by row, on the time axis.

Without the add-in only this sheet shows errors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from vidcost_xl.sheets.layout.sheet_layout import Column, Row, SheetLayout
from vidcost_xl.sheets.plan.time_sheet import time_sheet

SHEET: Final = "Functions"

#: The column in front of the first month holds the ids of the answers, which are long.
IDS: Final = "start"
_IDS_WIDTH: Final = 44.0

#: What stands in the column of units beside an answer, which says its own.
ANSWER_UNIT: Final = "as answered"


@dataclass(frozen=True)
class FunctionRows:
    """Rows of the sheet.

    Parameters
    ----------
    areas : tuple of str
        Ranges that answers fill.
    last_printed : str
        The last of them that is printed, where they are the last of the sheet; all where it is empty.
    """

    rows: tuple[Row, ...]
    areas: tuple[str, ...] = ()
    last_printed: str = ""


def functions_sheet(blocks: Iterable[FunctionRows], months: int) -> SheetLayout:
    """The sheet, block below block."""
    found = tuple(blocks)
    about = "Each call once, with its whole answer; the rows above an answer look it up, for other sheets."
    sheet = time_sheet(SHEET, "What the functions answer", about, [], months)
    return replace(
        sheet,
        columns=tuple(Column(IDS, _IDS_WIDTH) if column.key == IDS else column for column in sheet.columns),
        rows=(*sheet.rows, *(row for block in found for row in block.rows)),
        engine_areas=tuple(area for block in found for area in block.areas),
        last_printed=found[-1].last_printed,
    )
