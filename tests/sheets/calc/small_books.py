"""Small workbooks by address, and what is computed of them."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from openpyxl.utils.cell import coordinate_to_tuple

from tests.sheets.calc_files import package, values
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.calc.calculate import calculate

#: A cell with a format and nothing in it.
EMPTY = ""

#: What `value_of` says of a formula that keeps its value and is listed.
LEFT = "left"


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


def calculated(data: bytes) -> tuple[dict[str, object], dict[str, str]]:
    """By address of Sheet1, every value after a calculation, and why cells were left."""
    done = calculate(data, "a.xlsx")
    found = {address: value for (sheet, address), value in values(done.data).items() if sheet == "Sheet1"}
    return found, {each.cell: each.reason for each in done.report.left if each.sheet == "Sheet1"}


def value_of(formula: str, cells: Mapping[str, object] | None = None) -> object:
    """What one formula is, or `LEFT`."""
    found, left = calculated(book({**(cells or {}), "Z1": f"={formula}"}))
    return LEFT if "Z1" in left else found["Z1"]


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
