"""What is found while a plan workbook is read, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from vidcost_xl.digits import DIGITS
from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.sheets.package.header_tables import HeadedTable, TableCell, WorkbookReader
from vidcost_xl.sheets.quick.page import SHEET as QUICK

RESTORE: Final = "Undo the change, or take the sheet from a copy of the file."


@dataclass(frozen=True)
class ReadingNote:
    """Something about a workbook that a reader should know.

    Parameters
    ----------
    at : str
        The cell, such as Inputs!C5, or the sheet.
    text : str
        What it is and what to do.
    """

    at: str
    text: str

    def __str__(self) -> str:
        return f"{self.at}: {self.text}"


@dataclass
class Remarks:
    """What is found while reading: faults, for which there is no plan, and notes."""

    faults: list[ReadingNote] = field(default_factory=list)
    notes: list[ReadingNote] = field(default_factory=list)

    def fault(self, at: str, text: str) -> None:
        """Add what stands in the way of a plan."""
        self.faults.append(ReadingNote(at, text))

    def note(self, at: str, text: str) -> None:
        """Add what does not."""
        self.notes.append(ReadingNote(at, text))


def used_value(cell: TableCell, what: str, remarks: Remarks) -> bool:
    """Whether a cell holds something usable; an error value is a fault, and a formula is noted."""
    if isinstance(cell.value, ExcelError):
        remarks.fault(cell.at, f"{what} holds the error {cell.value}. Type the value again.")
        return False
    if cell.is_formula and cell.value is None:
        remarks.fault(cell.at, f"{what} holds a formula without a saved value. Type the value, or save it in Excel.")
        return False
    if cell.is_formula:
        remarks.note(cell.at, f"{what} is computed by a formula; its saved value {shown(cell)} was read.")
    return True


def own_table(
    reader: WorkbookReader, headings: Mapping[str, str], home: str, name: str, needed: tuple[str, ...], remarks: Remarks
) -> HeadedTable:
    """A table of the template that every plan workbook has, wherever it stands now.

    Raises
    ------
    BadArgumentError
        For a workbook without it, or without one of the columns that are needed.
    """
    table = reader.table(headings, home, name)
    if table is None and QUICK in reader.book.sheets:
        raise BadArgumentError(
            f"{reader.book.archive.name} was made with the template quick, whose page holds no plan. Make one with "
            "vidcost new PATH --template model and type the inputs of the page there."
        )
    if table is None:
        raise BadArgumentError(
            f"{reader.book.archive.name} has no sheet {home} with the columns {', '.join(headings.values())}: it is "
            f"not a workbook of the template model, or the sheet was deleted. {RESTORE}"
        )
    table.need(needed)
    if table.sheet.name != home:
        remarks.note(table.sheet.name, f"was {home} in the template and was read as such.")
    return table


def shown(cell: TableCell) -> str:
    """What a cell holds, for a message."""
    if isinstance(cell.value, float) and not isinstance(cell.value, bool):
        return f"{cell.value:.{DIGITS}g}"
    return repr(cell.value) if isinstance(cell.value, str) else str(cell.value)
