"""LibreOffice as a second opinion: its values of the native formulas, read from a copy that it recalculated.

What calls our functions, other workbooks or the network is taken out of the copy first,
so that LibreOffice sees the values that the file has there and follows nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from vidcost_xl.areas import Area, Place
from vidcost_xl.digits import same
from vidcost_xl.errors import ExcelError
from vidcost_xl.hosts.formulas import PREFIX, bare_name
from vidcost_xl.sheets.calc.agreement import Opinions, disagreements
from vidcost_xl.sheets.calc.engine import preparer_of
from vidcost_xl.sheets.calc.libreoffice import recalculated
from vidcost_xl.sheets.calc.outcome import NOT_THERE, Outcome, shape_of
from vidcost_xl.sheets.calc.surroundings import parsed
from vidcost_xl.sheets.formulas.copies import shifted
from vidcost_xl.sheets.formulas.dependents import with_dependents
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell, filled, orphaned
from vidcost_xl.sheets.formulas.resolver import Node, Resolver, Standing, Untrusted
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.edits.cells import NewCell, put_cells
from vidcost_xl.sheets.package.edits.values import PLAIN_ERRORS, spliced, without_formula
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.package.sheet_cells import SheetCells, read_sheets, value_of
from vidcost_xl.sheets.package.workbook import Workbook

#: Functions that read cells which their text does not name, or that go out to a network or a program.
UNTRACEABLE: Final = frozenset({"INDIRECT", "OFFSET", "GETPIVOTDATA", "CELL", "INFO"})

OUTSIDE: Final = frozenset({"WEBSERVICE", "IMAGE", "RTD", "DDE", "CALL", "STOCKHISTORY", "SQL.REQUEST"})


def second_opinion(
    book: Workbook, sheets: list[SheetCells], entries: Mapping[Place, FormulaCell]
) -> tuple[Outcome, dict[Place, tuple[Area, ...]]]:
    """Compute the native formulas of a workbook in LibreOffice.

    What it computes unlike Excel is left: formulas that the embedded engine computes too where the two
    differ, and others by the values that they read and result in.

    Parameters
    ----------
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
    opinions = Opinions(preparer_of(book, sheets, entries))
    reads: dict[Place, tuple[Area, ...]] = {}
    for key, entry in entries.items():
        try:
            reads[key] = _read_by(entry, opinions.preparer.around.resolver)
            opinions.hear(entry)
        except Untrusted as verdict:
            opinions.refused[key] = str(verdict)
    left = with_dependents(opinions.refused, entries, reads)
    theirs = _recalculated(book, sheets, entries, opinions.refused)
    shown = {sheet.name: sheet for sheet in read_sheets(theirs)}
    sheet_of = {sheet.name: sheet for sheet in sheets}
    outcome = Outcome(troubles=left)
    for key, entry in entries.items():
        if key in left:
            continue
        fills = list(filled(entry.fills))
        found = {place: _shown(shown[key[0]].places.get(place), theirs.texts) for place in fills}
        if any(place not in sheet_of[key[0]].places for place in fills):
            outcome.troubles[key] = f"fills {shape_of(entry.fills.size)}, {NOT_THERE}"
        elif None in found.values():
            outcome.troubles[key] = "has no value in LibreOffice"
        elif any(isinstance(value, ExcelError) and value.code == "#NAME?" for value in found.values()):
            outcome.troubles[key] = "uses something that this LibreOffice does not know (#NAME?)"
        else:
            outcome.values[key] = found
    outcome.troubles |= disagreements(theirs, list(shown.values()), outcome.values, opinions)
    for key, values in outcome.values.items():
        places = sheet_of[key[0]].places
        outcome.values[key] = {place: _as_before(value, places[place], book.texts) for place, value in values.items()}
    return outcome, reads


def _shown(cell: Cell | None, texts: list[str]) -> CellValue | None:
    value = value_of(cell, texts) if cell else None
    return None if isinstance(value, ExcelError) and value.code not in PLAIN_ERRORS else value


def _as_before(value: CellValue | None, cell: Cell, texts: list[str]) -> CellValue | None:
    # LibreOffice writes 15 digits; a value that it confirms keeps the digits that the file has.
    before = value_of(cell, texts)
    if isinstance(before, float) and isinstance(value, float) and same(before, value):
        return before
    return value


def _recalculated(
    book: Workbook, sheets: list[SheetCells], entries: Mapping[Place, FormulaCell], refused: Mapping[Place, str]
) -> Workbook:
    changes = {}
    left = orphaned(entries.values(), refused)
    for sheet in sheets:
        edits = [
            without_formula(sheet.content, cell)
            for cell in sheet.cells
            if cell.formula is not None and (sheet.name, cell.row, cell.column) in refused
        ]
        if edits:
            changes[sheet.part] = spliced(sheet.content, edits)
        # What shared the text of a formula that went is computed all the same.
        alone = {
            entry.key[1:]: NewCell(value_of(entry.cell, book.texts), shifted(entry.source, *entry.place[3:]))
            for entry in left
            if entry.key[0] == sheet.name
        }
        if alone:
            changes[sheet.part] = put_cells(changes[sheet.part], sheet.part, alone)
    with tempfile.TemporaryDirectory(prefix="vidcost-calc-") as temporary:
        source, out = Path(temporary) / "in" / "workbook.xlsx", Path(temporary) / "out"
        source.parent.mkdir()
        out.mkdir()
        source.write_bytes(book.archive.replaced(changes))
        return Workbook(Archive(recalculated(source, out).read_bytes(), "LibreOffice's copy"))


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


def _area(resolver: Resolver, text: str, place: Standing) -> list[Area]:
    area = resolver.resolve(text, place)
    return [area] if isinstance(area, Area) else []
