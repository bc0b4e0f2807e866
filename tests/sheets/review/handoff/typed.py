"""Calls typed into a hand-off, computed by IronCalc: an engine of others that knows LAMBDA."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ironcalc
from openpyxl.utils.cell import get_column_letter

from vidcost_xl.errors import EXCEL_ERRORS, ExcelError

#: Where the ranges of a call begin, and what is read of its answer: more than any call fills.
RANGES = 40
BLANK = "$AL$1"


class Typed:
    """A sheet added to the hand-off, with one call after the other; `evaluate` computes the whole workbook."""

    def __init__(self, path: Any) -> None:
        self.model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        self.sheets = [each["name"] for each in self.model.get_worksheets_properties()]
        self.model.add_sheet("Calls")
        self.sheet, self.row = len(self.sheets), 1

    def type(self, function: str, arguments: Sequence[Any], rows: int) -> int:
        """The row into which a call is typed; the arguments are those of tests.conformance."""
        top, column, written = self.row, RANGES, []
        for argument in arguments:
            if isinstance(argument, dict) and "range" in argument:
                cells = argument["range"]
                written.append(self._range(cells, top, column))
                column += len(cells[0]) + 1
                rows = max(rows, len(cells))
            else:
                written.append(_written(argument))
        self.model.set_user_input(self.sheet, top, 1, f"={function}({','.join(written)})")
        self.row = top + rows + 2
        return top

    def answer(self, top: int) -> list[list[Any]]:
        """What a call fills, as rows."""
        rows = []
        while (cells := self._filled(top + len(rows))) != []:
            rows.append(cells)
        return rows

    def _range(self, rows: list[list[Any]], top: int, column: int) -> str:
        for down, row in enumerate(rows):
            for right, cell in enumerate(row):
                if cell != {"empty": True}:
                    text = f"'{cell}" if isinstance(cell, str) else _written(cell)
                    self.model.set_user_input(self.sheet, top + down, column + right, text)
        last = get_column_letter(column + len(rows[0]) - 1)
        return f"{get_column_letter(column)}{top}:{last}{top + len(rows) - 1}"

    def _filled(self, row: int) -> list[Any]:
        cells: list[Any] = []
        while (cell := self.model.get_cell_value(self.sheet, row, len(cells) + 1)) not in {None, ""}:
            cells.append(ExcelError(cell) if cell in EXCEL_ERRORS else cell)
        return cells


def _written(argument: Any) -> str:
    if isinstance(argument, dict):
        return "" if "omitted" in argument else BLANK if "empty" in argument else str(argument["error"])
    if isinstance(argument, bool):
        return str(argument).upper()
    return f'"{argument}"' if isinstance(argument, str) else repr(argument)
