"""LibreOffice as a second opinion: its values of the native formulas, read from a copy that it recalculated.

What calls our functions, other workbooks or the network is taken out of the copy first,
so that LibreOffice sees the values that the file has there and follows nothing.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from vidcost_xl.errors import ExcelError
from vidcost_xl.hosts.formulas import PREFIX, bare_name
from vidcost_xl.sheets.calc.libreoffice import recalculated
from vidcost_xl.sheets.calc.outcome import Outcome
from vidcost_xl.sheets.calc.rewriting import parsed
from vidcost_xl.sheets.formulas.dependents import with_dependents
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell, Key, filled
from vidcost_xl.sheets.formulas.references import Area, Node, Place, Resolver, Untrusted
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.edits.values import PLAIN_ERRORS, spliced, without_formula
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.package.sheet_cells import SheetCells, read_sheets, value_of
from vidcost_xl.sheets.package.workbook import Workbook

#: Functions that read cells which their text does not name, or that go out to a network or a program.
UNTRACEABLE: Final = frozenset({"INDIRECT", "OFFSET", "GETPIVOTDATA", "CELL", "INFO"})
#: Relative difference of numbers that are the same to 15 digits.
CONFIRMED: Final = 1e-14

OUTSIDE: Final = frozenset({"WEBSERVICE", "IMAGE", "RTD", "DDE", "CALL", "STOCKHISTORY", "SQL.REQUEST"})


def second_opinion(
    book: Workbook, sheets: list[SheetCells], entries: Mapping[Key, FormulaCell]
) -> tuple[Outcome, dict[Key, tuple[Area, ...]]]:
    """Compute the native formulas of a workbook in LibreOffice.

    Parameters
    ----------
    book : Workbook
    sheets : list of SheetCells
    entries : mapping
        Every formula.

    Returns
    -------
    Outcome
    dict
        The areas that each formula reads.

    Raises
    ------
    LibreOfficeError
        When it is missing or fails.
    """
    resolver = Resolver(book)
    refused: dict[Key, str] = {}
    reads: dict[Key, tuple[Area, ...]] = {}
    for key, entry in entries.items():
        try:
            reads[key] = _read_by(entry, resolver)
        except Untrusted as verdict:
            refused[key] = str(verdict)
    left = with_dependents(refused, entries, reads)
    shown = _shown(book, sheets, refused)
    sheet_of = {sheet.name: sheet for sheet in sheets}
    outcome = Outcome(troubles=left)
    for key, entry in entries.items():
        if key in left:
            continue
        found: dict[tuple[int, int], CellValue | None] = {}
        for place in filled(entry.fills):
            cells, texts = shown.get(key[0], ({}, []))
            cell = cells.get(place)
            value = value_of(cell, texts) if cell else None
            if value is None or (isinstance(value, ExcelError) and value.code not in PLAIN_ERRORS):
                outcome.troubles[key] = "has no value in LibreOffice"
            elif isinstance(value, ExcelError) and value.code == "#NAME?":
                outcome.troubles[key] = "uses something that this LibreOffice does not know (#NAME?)"
            else:
                found[place] = _as_before(value, sheet_of[key[0]].places.get(place), book.texts)
        if key not in outcome.troubles:
            outcome.values[key] = found
    return outcome, reads


def _as_before(value: CellValue, cell: Cell | None, texts: list[str]) -> CellValue:
    # LibreOffice writes 15 digits; a value that it confirms keeps the digits that the file has.
    before = value_of(cell, texts) if cell else None
    if isinstance(before, float) and isinstance(value, float) and math.isclose(before, value, rel_tol=CONFIRMED):
        return before
    return value


def _shown(
    book: Workbook, sheets: list[SheetCells], refused: Mapping[Key, str]
) -> dict[str, tuple[dict[tuple[int, int], Cell], list[str]]]:
    changes = {}
    for sheet in sheets:
        edits = [
            without_formula(sheet.content, cell)
            for cell in sheet.cells
            if cell.formula is not None and (sheet.name, cell.row, cell.column) in refused
        ]
        if edits:
            changes[sheet.part] = spliced(sheet.content, edits)
    with tempfile.TemporaryDirectory(prefix="vidcost-calc-") as temporary:
        source, out = Path(temporary) / "in" / "workbook.xlsx", Path(temporary) / "out"
        source.parent.mkdir()
        out.mkdir()
        source.write_bytes(book.archive.replaced(changes))
        result = Workbook(Archive(recalculated(source, out).read_bytes(), "LibreOffice's copy"))
    return {sheet.name: (dict(sheet.places), result.texts) for sheet in read_sheets(result)}


def _read_by(entry: FormulaCell, resolver: Resolver) -> tuple[Area, ...]:
    if entry.reason:
        raise Untrusted(entry.reason)
    found: list[Area] = []
    waiting: list[Node] = [parsed(entry.source)]
    while waiting:
        node = waiting.pop()
        if node["node_type"] == "Reference":
            found += _area(resolver, node["reference"], entry.place)
        elif node["node_type"] == "Function":
            name = bare_name(node["name"]).upper()
            if name.startswith(PREFIX):
                raise Untrusted(f"calls {name}, which LibreOffice does not have")
            if name.removeprefix("_XLFN.") in UNTRACEABLE | OUTSIDE or name.startswith("CUBE"):
                raise Untrusted(f"uses {name}, which reads what its text does not name")
            waiting += node["args"]
        elif node["node_type"] == "BinaryOp":
            if node["operator"] == ":":
                raise Untrusted("builds a range with an operator")
            waiting += [node["left"], node["right"]]
        elif node["node_type"] == "UnaryOp":
            waiting.append(node["operand"])
    if entry.array and entry.cell.spills:
        raise Untrusted("is a dynamic array, which LibreOffice does not spill")
    return tuple(found)


def _area(resolver: Resolver, text: str, place: Place) -> list[Area]:
    area = resolver.resolve(text, place)
    return [area] if isinstance(area, Area) else []
