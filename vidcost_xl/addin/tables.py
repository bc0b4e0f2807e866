"""A plain table as a workbook, for the ribbon's Prices and Help."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

#: Width of columns in characters: as wide as their content within these.
NARROWEST: Final = 9
WIDEST: Final = 60

_HEADER_ROW: Final = 3
_FONT: Final = "Calibri"


def write_table(path: Path, sheet: str, title: str, rows: list[list[Any]]) -> None:
    """Write one sheet with a title, a header row and values; no formulas.

    Parameters
    ----------
    path : Path
        New file.
    rows : list of rows
        The first one is the header.
    """
    book = Workbook()
    page = book.worksheets[0]
    page.title = sheet
    page["A1"] = title
    page["A1"].font = Font(name=_FONT, size=14, bold=True)
    for number, row in enumerate(rows, start=_HEADER_ROW):
        for column, value in enumerate(row, start=1):
            cell: Any = page.cell(number, column, value)
            if isinstance(value, str):
                cell.data_type = "s"  # a help text may start with an equals sign
            cell.font = Font(name=_FONT, bold=number == _HEADER_ROW)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column in range(len(rows[0])):
        longest = max(len(str(row[column])) for row in rows)
        page.column_dimensions[get_column_letter(column + 1)].width = min(max(longest + 2, NARROWEST), WIDEST)
    page.freeze_panes = f"A{_HEADER_ROW + 1}"
    page.auto_filter.ref = f"A{_HEADER_ROW}:{get_column_letter(len(rows[0]))}{_HEADER_ROW + len(rows) - 1}"
    book.calculation.fullCalcOnLoad = False
    book.save(path)
