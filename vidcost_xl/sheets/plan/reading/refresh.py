"""`vidcost refresh`: the rows of the sheet Ledger written anew from the plan that stands in the workbook.

With them what else was worked out from the plan and stands there as values: the levers of Summary, what the inputs of
Drivers do. The parts of these sheets and that of the ledger's table change; every other part stays byte for byte.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.calendar import EXCEL_EPOCH
from vidcost_xl.model.ledger import COLUMNS, to_columns
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.cell_parser import read_cells
from vidcost_xl.sheets.package.edits.rows import Record, TableRows, row_edits
from vidcost_xl.sheets.package.edits.values import Edit, cell_edits, spliced
from vidcost_xl.sheets.package.header_tables import DAYS_TO_1904, HeadedTable, WorkbookReader
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.package.safe_files.placing import placing
from vidcost_xl.sheets.package.sheet_cells import value_of
from vidcost_xl.sheets.package.workbook import Table, Workbook
from vidcost_xl.sheets.plan.reading.stamps import stamped_sheets
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook
from vidcost_xl.sheets.plan.results.ledger import SHEET, STAMPS, records, stamps_of

#: Programs write numbers with 15 to 17 digits; closer than this share they are one number.
SAME: Final = 1e-13

_REFERENCE: Final = re.compile(rb'(\sref="[A-Z]+\d+:[A-Z]+)(\d+)(")')
_FILTERED: Final = re.compile(rb"<(?:[^\s:/>]+:)?row\b[^>]*\shidden=\"(?:1|true)\"")


@dataclass
class Refreshed:
    """What a refresh did.

    Parameters
    ----------
    file : str
        Where the result is.
    rows_before, rows : int
        Of the ledger.
    total : float
        Of the plan, in reporting currency.
    """

    file: str
    rows_before: int
    rows: int
    total: float
    currency: str
    changed: bool = False
    written: bool = False
    notes: list[str] | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def refresh(data: bytes, name: str) -> tuple[bytes, Refreshed]:
    """Write the ledger of a workbook's plan into its sheet Ledger, in memory.

    Parameters
    ----------
    data : bytes
        A workbook of the template `model`, in any program's form.
    name : str
        How messages call it.

    Returns
    -------
    bytes, Refreshed
        The same bytes when the rows are those of the plan already.

    Raises
    ------
    BadArgumentError
        For a workbook whose plan or ledger cannot be read, or where something is in the way of more rows.
    """
    workbook = read_plan_workbook(data, name)
    bill = evaluate(workbook.plan)
    reader = WorkbookReader(Workbook(Archive(data, name)))
    found, table = _ledger(reader)
    sheet = found.sheet.cells
    lines = [_record(line, found) for line in records(to_columns(bill))]
    stamps = stamps_of(bill)
    rows = TableRows(sheet.name, found.header + 1, table.area[2], tuple(found.places.values()))
    edits = row_edits(sheet.content, f"{name}, sheet {sheet.name!r}", rows, lines)
    edits += _stamp_edits(found, stamps)
    before = rows.last - rows.first + 1
    total = stamps["total"]
    assert isinstance(total, float)
    report = Refreshed(name, before, len(lines), total, workbook.plan.text("money.currency"))
    report.notes = [str(note) for note in workbook.findings]
    if _FILTERED.search(sheet.content):
        report.notes.append(f"{sheet.name} has hidden rows, perhaps by a filter: apply the filter again")
    end = max(rows.first + len(lines) - 1, rows.first)
    parts = {sheet.part: spliced(sheet.content, edits)}
    if end != rows.last:
        parts[table.part] = _grown(reader.book.archive.read(table.part), rows.last, end)
    stamped = stamped_sheets(reader, workbook.plan, workbook.base, workbook.scenarios.scenarios)
    parts |= {each.part: each.content for each in stamped}
    patched = reader.book.archive.replaced(parts)
    # The sheet says itself whether its rows are stale: its own formulas are computed, and those of no other sheet.
    computed = Archive(calculate(patched, name).data, name)
    parts |= {part: computed.read(part) for part in (sheet.part, *(each.part for each in stamped))}
    # A text may be written in two ways; what the cells hold decides whether anything is another.
    old, new = (_values(content, sheet.part, reader.book) for content in (sheet.content, parts[sheet.part]))
    differs = old.keys() != new.keys() or not all(_agree(old[place], new[place]) for place in old)
    report.changed = differs or bool(stamped)
    return (reader.book.archive.replaced(parts) if report.changed else data), report


def has_ledger(data: bytes, name: str) -> bool:
    """Whether a workbook has a sheet with the columns of the ledger."""
    reader = WorkbookReader(Workbook(Archive(data, name)))
    return reader.table({column: column for column in COLUMNS}, SHEET) is not None


def refresh_file(path: Path, output: Path | None = None, *, force: bool = False) -> Refreshed:
    """Refresh the ledger of a workbook file, or of a copy.

    Parameters
    ----------
    output : Path, optional
        Where the copy goes; the file itself is patched when not given.
    force : bool
        Whether an existing `output` may be replaced.

    Raises
    ------
    BadArgumentError
        For a file that is refused. Every file is then as it was.
    """
    place = placing(path, output, force=force)
    data, report = refresh(place.source.data, path.name)
    report.file = place.shown
    report.written = place.put(data)
    return report


def _ledger(reader: WorkbookReader) -> tuple[HeadedTable, Table]:
    name = reader.book.archive.name
    found = reader.table({column: column for column in COLUMNS}, SHEET)
    if found is None:
        raise BadArgumentError(f"{name} has no sheet {SHEET} with the columns of the ledger. Take it from a copy.")
    found.need(COLUMNS)
    tables = [
        table
        for table in reader.book.tables.values()
        if table.sheet == found.sheet.name and table.area[0] == found.header and table.headers == 1
    ]
    if not tables:
        raise BadArgumentError(
            f"{name}: the rows of {found.sheet.name} under row {found.header} are no table any more. In Excel: Insert, "
            "Table."
        )
    if tables[0].totals:
        raise BadArgumentError(
            f"{name}: the table of {found.sheet.name} has a totals row. Switch it off (Table Design, Total Row)."
        )
    return found, tables[0]


def _record(line: Mapping[str, float | str | date], found: HeadedTable) -> Record:
    shift = DAYS_TO_1904 if found.sheet.from_1904 else 0
    values: dict[int, CellValue] = {}
    for name, value in line.items():
        cell = float((value - EXCEL_EPOCH).days - shift) if isinstance(value, date) else value
        if cell != "":
            values[found.places[name]] = cell
    return values


def _stamp_edits(found: HeadedTable, stamps: Mapping[str, Any]) -> Iterator[Edit]:
    # Beside each label stands what the rows were written for; what it is now follows as a formula.
    sheet = found.sheet
    for key, label in STAMPS.items():
        for row, cells in sheet.rows.items():
            values = [column for column, cell in cells.items() if not cell.is_formula]
            if row < found.header and values and cells[values[0]].text == label:
                for column in values[1:2]:
                    yield from cell_edits(sheet.cells.content, sheet.cells.places[row, column], stamps[key])


def _grown(content: bytes, old: int, new: int) -> bytes:
    # The table, its filter and what it was sorted by end in the same row.
    def moved(match: re.Match[bytes]) -> bytes:
        return match[0] if int(match[2]) != old else match[1] + str(new).encode() + match[3]

    return _REFERENCE.sub(moved, content)


def _values(content: bytes, part: str, book: Workbook) -> dict[tuple[int, int], CellValue | None]:
    cells = read_cells(content, part)
    return {(cell.row, cell.column): value_of(cell, book.texts) for cell in cells if cell.text is not None}


def _agree(old: CellValue | None, new: CellValue | None) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=SAME)
    return old == new
