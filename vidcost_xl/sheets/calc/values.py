"""Values of every formula of a workbook, computed with our functions and without Excel."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import unescape

from vidcost_xl.areas import Address, Area, column_letters
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.calc.engine import evaluate
from vidcost_xl.sheets.formulas.dependents import DEPENDS, address
from vidcost_xl.sheets.formulas.formula_cells import filled, read_formula_cells
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.cells import area as bounds
from vidcost_xl.sheets.package.edits.values import encoded
from vidcost_xl.sheets.package.parts import CellValue, at
from vidcost_xl.sheets.package.sheet_cells import SheetCells, read_sheets
from vidcost_xl.sheets.package.workbook import Workbook


def recalculate(
    data: bytes, inputs: Mapping[Address, CellValue] | None = None, areas: Mapping[Address, str] | None = None
) -> dict[Address, CellValue]:
    """Compute every formula of a workbook.

    Parameters
    ----------
    data : bytes
        An .xlsx file, as we or Excel saved it.
    inputs : mapping, optional
        Other values for input cells, by (sheet, address).
    areas : mapping, optional
        Ranges that answers of our functions may spill over, by the cell of the formula; their values are
        returned too. The ranges that a finished file states are read anyway.

    Returns
    -------
    dict
        By (sheet, address).

    Raises
    ------
    BadArgumentError
        For a formula that is not computed here as in Excel, naming it.
    """
    book = Workbook(Archive(data, "the workbook"))
    sheets = read_sheets(book)
    for (sheet, place), value in (inputs or {}).items():
        _type_in(next(each for each in sheets if each.name == sheet), place, value)
    entries = {entry.key: entry for entry in read_formula_cells(sheets)}
    for anchor, area in (areas or {}).items():
        entry = entries[at(anchor)]
        entry.array, entry.cell.spills, entry.fills = True, True, Area(anchor[0], *bounds(area))
    outcome = evaluate(book, sheets, entries, clips=True)
    for key, reason in outcome.troubles.items():
        if not reason.startswith(DEPENDS):
            raise BadArgumentError(f"{address(key)} {reason}.")
    result: dict[Address, CellValue] = {}
    for key in entries:
        for (row, column), filling in outcome.values.get(key, {}).items():
            if filling is not None:
                result[key[0], f"{column_letters(column)}{row}"] = filling
    return result


def filled_range(key: Address, area: str, values: Mapping[Address, CellValue]) -> str:
    """The range that an answer fills, from its formula to its last value.

    Parameters
    ----------
    key : (str, str)
        Sheet and address of the formula.
    area : str
        The most that it may fill.
    """
    addresses = [f"{column_letters(column)}{row}" for row, column in filled(Area(key[0], *bounds(area)))]
    inside = [each for each in addresses if (key[0], each) in values]
    return f"{key[1]}:{inside[-1]}" if len(inside) > 1 else key[1]


def _type_in(sheet: SheetCells, place: str, value: CellValue) -> None:
    _, row, column = at((sheet.name, place))
    kind, text = encoded(value)
    cell = next((each for each in sheet.cells if (each.row, each.column) == (row, column)), None)
    if cell is None:
        cell = Cell(row, column, "n", -1)
        sheet.cells.append(cell)
    # As the cell is read out of a file: a ">" in a name of a route is one.
    cell.kind, cell.text, cell.formula = kind.decode(), unescape(text.decode()), None
