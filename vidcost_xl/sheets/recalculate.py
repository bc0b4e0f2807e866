"""Values of every formula of a workbook, computed with our functions and without Excel.

The embedded engine reads the file; formulas that call our functions are handed to it under
their bare names and with arguments left out marked, whichever form Excel saved them in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import formualizer
from openpyxl.formula.translate import Translator

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.hosts.formualizer import bind, from_engine
from vidcost_xl.hosts.formulas import PREFIX, function_names, with_omitted_marked
from vidcost_xl.sheets.package import MAIN, CellKey, CellValue, at, parse_xml, read_parts, sheet_parts

#: Native functions that the engine was found to compute as Excel and LibreOffice do.
TRUSTED: Final = frozenset(
    {
        *("ABS", "AND", "COUNT", "COUNTIF", "HYPERLINK", "IF", "IFERROR", "INDEX", "ISERROR", "ISNA", "ISNUMBER"),
        *("ISTEXT", "MATCH", "MAX", "MIN", "NA", "NOT", "OR", "ROUND", "ROUNDUP", "ROWS", "SUM", "SUMIFS"),
        "SUMPRODUCT",
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
    """

    sheet: str
    address: str
    text: str

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
        for cell in parse_xml(parts[part]).iter(f"{{{MAIN}}}c"):
            formula = cell.find(f"{{{MAIN}}}f")
            if formula is None:
                continue
            address, text = cell.get("r"), formula.text or ""
            if formula.get("t") == "shared":
                origin, first = shared.setdefault(formula.get("si"), (address, f"={text}"))
                text = Translator(first, origin).translate_formula(address)[1:]
            if text:
                found.append(FormulaCell(sheet, address, f"={text}"))
    return found


def recalculate(data: bytes, inputs: Mapping[CellKey, CellValue] | None = None) -> dict[CellKey, CellValue]:
    """Compute every formula of a workbook.

    Parameters
    ----------
    data : bytes
        An .xlsx file, as we or Excel saved it.
    inputs : mapping, optional
        Other values for input cells, by (sheet, address).

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
    workbook: Any = formualizer.Workbook.from_bytes(data)
    workbook.set_temporal_egress("serial")
    reasons = bind(workbook)
    for cell in cells:
        if cell.is_ours:
            sheet, row, column = at((cell.sheet, cell.address))
            workbook.sheet(sheet).set_formula(row, column, with_omitted_marked(cell.text))
    for key, value in (inputs or {}).items():
        workbook.set_value(*at(key), value)
    workbook.evaluate_all()
    result: dict[CellKey, CellValue] = {}
    for cell in cells:
        computed = from_engine(workbook.get_value(*at((cell.sheet, cell.address))), reasons)
        result[cell.sheet, cell.address] = "" if computed is None else computed
    return result


def _refuse_untrusted(cells: list[FormulaCell]) -> None:
    for cell in cells:
        doubtful = [name for name in function_names(cell.text) if name not in TRUSTED and not name.startswith(PREFIX)]
        if doubtful:
            raise BadArgumentError(
                f"{cell.sheet}!{cell.address} uses {', '.join(sorted(set(doubtful)))}, which is not on the list of "
                "functions that are computed here as in Excel."
            )
