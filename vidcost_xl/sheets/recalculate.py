"""Values of every formula of a workbook, computed with our functions and without Excel.

The embedded engine reads the file; formulas that call our functions are handed to it under
their bare names and with arguments left out marked, whichever form Excel saved them in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import formualizer
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.hosts.formualizer import bind, from_engine, settings
from vidcost_xl.hosts.formulas import PREFIX, function_names, with_omitted_marked
from vidcost_xl.sheets.cellscan import read_cells
from vidcost_xl.sheets.package import (
    MAIN,
    CellKey,
    CellValue,
    at,
    parse_xml,
    read_parts,
    sheet_parts,
    to_xml,
    write_parts,
)

#: Native functions that the engine was found to compute as Excel and LibreOffice do.
TRUSTED: Final = frozenset(
    {
        *(
            "ABS",
            "AND",
            "COMBIN",
            "COUNT",
            "COUNTIF",
            "HYPERLINK",
            "IF",
            "IFERROR",
            "INDEX",
            "ISERROR",
            "ISNA",
            "ISNUMBER",
        ),
        *("ISTEXT", "MATCH", "MAX", "MIN", "NA", "NOT", "OR", "ROUND", "ROUNDUP", "ROWS", "SUM", "SUMIFS"),
        *(
            "COUNTIFS",
            "DATE",
            "EDATE",
            "EOMONTH",
            "FIND",
            "INT",
            "LEFT",
            "MOD",
            "MONTH",
            "RIGHT",
            "SUMPRODUCT",
            "TRANSPOSE",
            "YEAR",
        ),
    }
)


@dataclass(frozen=True)
class FormulaCell:
    """A formula and where it stands.

    Parameters
    ----------
    sheet, address : str
    text : str
        With its equals sign, as the file has it.
    row, column : int
        From 1.
    """

    sheet: str
    address: str
    text: str
    row: int
    column: int

    @property
    def is_ours(self) -> bool:
        """Whether it calls one of our functions."""
        return PREFIX in self.text.upper()


def formula_cells(data: bytes) -> list[FormulaCell]:
    """Every formula of a workbook; the cells of a shared formula each have their own.

    Parameters
    ----------
    data : bytes
        An .xlsx file.

    Returns
    -------
    list of FormulaCell
        Sheet by sheet, row by row.
    """
    parts = read_parts(data)
    found = []
    for sheet, part in sheet_parts(parts).items():
        if part not in parts or not part.startswith("xl/worksheets/"):
            continue
        shared: dict[str, tuple[str, str]] = {}
        for cell in read_cells(parts[part], f"sheet {sheet!r}"):
            formula = cell.formula
            if formula is None:
                continue
            address, text = f"{get_column_letter(cell.column)}{cell.row}", formula.text
            if formula.kind == "shared":
                origin, first = shared.setdefault(formula.shared, (address, f"={text}"))
                text = Translator(first, origin).translate_formula(address)[1:]
            if text:
                found.append(FormulaCell(sheet, address, f"={text}", cell.row, cell.column))
    return found


def recalculate(
    data: bytes, inputs: Mapping[CellKey, CellValue] | None = None, areas: Mapping[CellKey, str] | None = None
) -> dict[CellKey, CellValue]:
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
        For a formula with a native function outside `TRUSTED`, naming it.
    """
    cells = formula_cells(data)
    _refuse_untrusted(cells)
    spills = spill_ranges(data) | dict(areas or {})
    # Values that stand where an answer spills to would block it.
    workbook: Any = formualizer.Workbook.from_bytes(without_spilled(data) if spills else data, config=settings())
    workbook.set_temporal_egress("serial")
    reasons = bind(workbook)
    for cell in cells:
        if cell.is_ours:
            workbook.sheet(cell.sheet).set_formula(cell.row, cell.column, with_omitted_marked(cell.text))
    for key, value in (inputs or {}).items():
        workbook.set_value(*at(key), value)
    workbook.evaluate_all()
    result: dict[CellKey, CellValue] = {}
    for cell in cells:
        computed = from_engine(workbook.get_value(cell.sheet, cell.row, cell.column), reasons)
        result[cell.sheet, cell.address] = "" if computed is None else computed
    for (sheet, anchor), area in spills.items():
        for address in cells_of(area):
            spilled = from_engine(workbook.get_value(*at((sheet, address))), reasons)
            if (sheet, address) not in result and spilled is not None and spilled != "":
                result[sheet, address] = spilled
        for address in cells_of(filled_range((sheet, anchor), area, result)):
            result.setdefault((sheet, address), "")  # what an answer leaves empty inside
    return result


def filled_range(key: CellKey, area: str, values: Mapping[CellKey, CellValue]) -> str:
    """The range that an answer fills, from its formula to its last value.

    Parameters
    ----------
    key : (str, str)
        Sheet and address of the formula.
    area : str
        The most that it may fill.
    values : mapping
    """
    filled = [address for address in cells_of(area) if (key[0], address) in values]
    return f"{key[1]}:{filled[-1]}" if len(filled) > 1 else key[1]


def spill_ranges(data: bytes) -> dict[CellKey, str]:
    """The ranges of more than one cell that array formulas of a workbook fill, by the cell of the formula."""
    parts = read_parts(data)
    found = {}
    for sheet, part in sheet_parts(parts).items():
        if b't="array"' in parts.get(part, b""):
            for formula in parse_xml(parts[part]).iter(f"{{{MAIN}}}f"):
                if formula.get("t") == "array" and ":" in formula.get("ref", ""):
                    found[sheet, formula.getparent().get("r")] = formula.get("ref")
    return found


def without_spilled(data: bytes) -> bytes:
    """A copy without the values that array formulas spill: they come back with the formula."""
    parts = read_parts(data)
    for (sheet, anchor), area in spill_ranges(data).items():
        part = sheet_parts(parts)[sheet]
        root, spilled = parse_xml(parts[part]), set(cells_of(area)) - {anchor}
        for cell in list(root.iter(f"{{{MAIN}}}c")):
            if cell.get("r") in spilled:
                cell.getparent().remove(cell)
        parts[part] = to_xml(root)
    return write_parts(parts)


def cells_of(area: str) -> list[str]:
    """The addresses of a range, row by row."""
    return [f"{get_column_letter(column)}{row}" for row, column in _positions(area)]


def _positions(area: str) -> list[tuple[int, int]]:
    left, top, right, bottom = range_boundaries(area)
    assert left is not None and top is not None and right is not None and bottom is not None
    return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


#: A call, and a text in quotes, which may hold what looks like one.
_CALL: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)\(")
_QUOTED: Final = re.compile(r'"[^"]*"')


def _refuse_untrusted(cells: list[FormulaCell]) -> None:
    # Reading every formula word by word takes as long as computing it.
    written = _QUOTED.sub("", "\n".join(cell.text for cell in cells if not cell.is_ours))
    if TRUSTED.issuperset(_CALL.findall(written)):
        cells = [cell for cell in cells if cell.is_ours]
    for cell in cells:
        doubtful = [name for name in function_names(cell.text) if name not in TRUSTED and not name.startswith(PREFIX)]
        if doubtful:
            raise BadArgumentError(
                f"{cell.sheet}!{cell.address} uses {', '.join(sorted(set(doubtful)))}, which is not on the list of "
                "functions that are computed here as in Excel."
            )
