"""Small workbooks by address, and what is computed of them together, before any other engine is asked."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from tests.sheets.calc_files import package, values
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.calc.computing import preparer_of
from vidcost_xl.sheets.calc.patterns import Preparer
from vidcost_xl.sheets.calc.vectors.families import families
from vidcost_xl.sheets.calc.vectors.loading import loaded
from vidcost_xl.sheets.calc.vectors.rooms import rooms_of
from vidcost_xl.sheets.calc.vectors.run import compute
from vidcost_xl.sheets.calc.vectors.written import Written
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell, Key, read_formula_cells
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.sheet_cells import read_sheets
from vidcost_xl.sheets.package.workbook import Workbook

#: A cell with a format and nothing in it.
EMPTY = ""


class Spilling(str):
    """A dynamic array formula, which fills one cell in the file."""

    __slots__ = ()


class Array(str):
    """An array formula of one cell, entered with Ctrl, Shift and Enter."""

    __slots__ = ()


def sheet_data(cells: Mapping[str, object]) -> str:
    """Cells as XML; texts that begin with an equals sign are formulas."""
    rows: dict[int, list[str]] = {}
    for address, value in sorted(cells.items(), key=lambda item: coordinate_to_tuple(item[0])):
        rows.setdefault(coordinate_to_tuple(address)[0], []).append(_cell(address, value))
    return "".join(f'<row r="{row}">{"".join(row_cells)}</row>' for row, row_cells in rows.items())


def book(cells: Mapping[str, object], *others: Mapping[str, object], names: str = "") -> bytes:
    """A workbook of Sheet1, Sheet2 and so on."""
    return package(*map(sheet_data, (cells, *others)), names=names)


def across(formula: str, row: int, columns: str = "ABCDE") -> dict[str, str]:
    """A formula in several columns of a row, with # for the column."""
    return {f"{column}{row}": formula.replace("#", column) for column in columns}


def together(data: bytes) -> dict[str, object]:
    """By address of Sheet1, the values of the formulas that are computed at once; the others are left."""
    opened, entries, preparer = _opened(data)
    sheets = read_sheets(opened)
    found = families(entries.values(), preparer)
    written = Written(preparer.around.resolver)
    rooms = rooms_of(sheets, entries.values(), clips=False)
    cells = loaded(opened, sheets, found.members, written, (room.area for room in rooms.values()))
    assert cells is not None
    done = compute(cells, found, written, rooms)
    return {
        f"{get_column_letter(column)}{row}": done.value((sheet, row, column))
        for sheet, row, column in entries
        if sheet == "Sheet1" and done.has((sheet, row, column))
    }


def value_of(formula: str, cells: Mapping[str, object] | None = None) -> object:
    """What one formula is, computed at once; "left" where it is not."""
    return together(book({**(cells or {}), "Z1": f"={formula}"})).get("Z1", "left")


def calculated(data: bytes) -> tuple[dict[str, object], dict[str, str]]:
    """By address of Sheet1, every value after a calculation, and why cells were left."""
    done = calculate(data, "a.xlsx")
    found = {address: value for (sheet, address), value in values(done.data).items() if sheet == "Sheet1"}
    return found, {each.cell: each.reason for each in done.report.left if each.sheet == "Sheet1"}


def sorted_formulas(data: bytes) -> tuple[Preparer, dict[Key, FormulaCell]]:
    """What sorts the formulas of a workbook, and the formulas."""
    _, entries, preparer = _opened(data)
    return preparer, entries


def _opened(data: bytes) -> tuple[Workbook, dict[Key, FormulaCell], Preparer]:
    opened = Workbook(Archive(data, "a.xlsx"))
    sheets = read_sheets(opened)
    entries = {entry.key: entry for entry in read_formula_cells(sheets)}
    return opened, entries, preparer_of(opened, sheets, entries)


def _cell(address: str, value: object) -> str:
    if isinstance(value, str) and value.startswith("="):
        text = escape(value[1:])
        if isinstance(value, (Array, Spilling)):
            spills = ' cm="1"' if isinstance(value, Spilling) else ""
            return f'<c r="{address}"{spills}><f t="array" ref="{address}">{text}</f></c>'
        return f'<c r="{address}"><f>{text}</f></c>'
    if isinstance(value, bool):
        return f'<c r="{address}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, ExcelError):
        return f'<c r="{address}" t="e"><v>{value.code}</v></c>'
    if isinstance(value, str):
        return (
            f'<c r="{address}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
            if value
            else f'<c r="{address}" s="0"/>'
        )
    return f'<c r="{address}"><v>{value!r}</v></c>'
