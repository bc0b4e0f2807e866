"""What people type into a workbook of ours, stamped beside a formula that says whether it still stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import get_column_letter

from vidcost_xl.areas import Place, quoted
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.compare.actuals.page import TITLE as ACTUALS
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.package.sheet_cells import SheetCells

#: First words of the title of a sheet of prices, and the title of the sheet that people keep a log on.
PRICES: Final = "Prices"
LOG: Final = "Audit"

PRICE_HEADING: Final = "List price of a unit, USD"
_PASSPORT: Final = ("Tier from, units", "Billing unit", "SKU", "Read on", "Source")

#: Texts side by side from which a row counts as headings.
_HEADINGS: Final = 3

#: The relative difference that is floating-point noise: a name of the workbook.
_TOLERANCE: Final = "tolerance"


@dataclass(frozen=True)
class Watched:
    """Something that people type.

    Parameters
    ----------
    label, sheet, cells : str
        What it is and where: an address or a range.
    now : str
        Formula of what it is now.
    value : float, str, bool or None
        What it was.
    passport : tuple
        Of a price: tier from, unit, SKU, date read, source.
    """

    label: str
    sheet: str
    cells: str
    now: str
    value: CellValue | None
    passport: tuple[CellValue | None, ...] = ()

    @property
    def is_sum(self) -> bool:
        """Whether it stands for several cells."""
        return ":" in self.cells

    @property
    def differs(self) -> str:
        """Formula: 1 where it is not what it was, in terms of its row's `was`."""
        if self.is_sum:
            return f"=--(ABS({self.now}-{{.was}})>{_TOLERANCE}*ABS({{.was}}))"
        place = quoted(self.sheet) + "!" + self.cells
        return f"=--OR({place}<>{{.was}},ISNUMBER({place})<>ISNUMBER({{.was}}))"

    def row(self, key: str) -> Row:
        """The row of a sheet with the columns label, where, was, now, flag."""
        place = quoted(self.sheet) + "!" + self.cells
        now = f"={self.now}" if self.is_sum else f'=IF({place}="","",{place})'
        form = "general"
        entries = {
            "label": Entry(self.label, "text_indent"),
            "where": Entry(f"{self.sheet}!{self.cells}", "unit"),
            "now": Entry(Formula(now), "number", form),
            "flag": Entry(Formula(self.differs), "flag"),
        }
        if self.value is not None:
            entries["was"] = Entry(_plain(self.value), "constant_black", form)
        return Row(key, entries)


def inputs(contents: Contents, passed_over: frozenset[Place] = frozenset()) -> Iterator[Watched]:
    """Every cell that protection leaves open on sheets that count, and what blank ones hold together."""
    for name, sheet in contents.sheets.items():
        if contents.text((name, 1, 1)) in {LOG, ACTUALS}:  # remarks, which feed nothing
            continue
        headings: dict[int, str] = {}
        for row, cells in contents.rows(name):
            blank: list[Cell] = []
            if not any(contents.is_input(cell) for cell in cells):
                texts = {cell.column: contents.text((name, row, cell.column)) for cell in cells}
                headings = texts if sum(map(bool, texts.values())) >= _HEADINGS else headings
                continue
            label = next((found for cell in cells if isinstance(found := contents.value_in(cell), str)), "")
            heading = label if cells and cells[0].column == 1 and label else f"row {row}"
            for cell in cells:
                if (name, row, cell.column) in passed_over or not contents.is_input(cell):
                    continue
                if contents.value_in(cell) is None and cell.formula is None:
                    blank.append(cell)
                    continue
                yield _input(contents, sheet, cell, heading, headings.get(cell.column, ""))
            yield from _blanks(name, heading, blank)


def prices(contents: Contents) -> Iterator[Watched]:
    """Every price with its passport, and the numbers of its row together."""
    for name, sheet in contents.sheets.items():
        if not contents.text((name, 1, 1)).startswith(PRICES):
            continue
        columns: dict[str, int] = {}
        for row, cells in contents.rows(name):
            texts = {contents.text((name, row, cell.column)): cell.column for cell in cells}
            if PRICE_HEADING in texts:
                columns = texts
                continue
            price = sheet.places.get((row, columns.get(PRICE_HEADING, 0)))
            if not columns or price is None:
                continue
            label = str(contents.value_in(cells[0]) or "")
            passport = tuple(contents.value((name, row, columns.get(heading, 0))) for heading in _PASSPORT)
            own = f"{get_column_letter(price.column)}{row}"
            place = f"{quoted(name)}!{own}"
            yield Watched(label, name, own, place, contents.value_in(price), passport)
            last = max(cell.column for cell in cells)
            area = f"A{row}:{get_column_letter(last)}{row}"
            numbers = [value for cell in cells if type(value := contents.value_in(cell)) is float]
            yield Watched(f"{label}: all numbers of the row", name, area, f"SUM({quoted(name)}!{area})", sum(numbers))


def address_of(key: Place) -> str:
    """A cell as formulas of other sheets write it, absolute."""
    return f"{quoted(key[0])}!${get_column_letter(key[2])}${key[1]}"


def _input(contents: Contents, sheet: SheetCells, cell: Cell, heading: str, column: str) -> Watched:
    at = f"{get_column_letter(cell.column)}{cell.row}"
    label = f"{heading}: {column}" if column else heading
    return Watched(label, sheet.name, at, f"{quoted(sheet.name)}!{at}", contents.value_in(cell))


def _blanks(sheet: str, heading: str, cells: list[Cell]) -> Iterator[Watched]:
    # One row for blank cells side by side: how many of them hold something.
    start = 0
    for at in range(1, len(cells) + 1):
        if at < len(cells) and cells[at].column == cells[at - 1].column + 1:
            continue
        first, last = cells[start], cells[at - 1]
        area = f"{get_column_letter(first.column)}{first.row}:{get_column_letter(last.column)}{last.row}"
        label = f"{heading}: blank cells that hold something"
        yield Watched(label, sheet, area, f'SUMPRODUCT(--({quoted(sheet)}!{area}<>""))', 0.0)
        start = at


def _plain(value: CellValue) -> str | float | bool:
    return str(value) if isinstance(value, ExcelError) else value
