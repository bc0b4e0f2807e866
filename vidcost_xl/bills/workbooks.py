"""A sheet of a workbook written out as CSV, row by row, for DuckDB to read."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from vidcost_xl.bills.forms import form_of
from vidcost_xl.errors import BadArgumentError, unknown_name

#: Between a workbook's name and that of its sheet, as Excel writes it.
SHEET_MARK: Final = "!"

#: The largest that a packed file may become, and how many times its size: more is no export of a bill.
LARGEST_UNPACKED: Final = 32 * 2**30
LARGEST_RATIO: Final = 200
SMALL: Final = 2**20


def refuse_bomb(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Refuse a packed file that says of itself that it becomes larger than any bill of its size."""
    size = sum(each.file_size for each in members)
    if size > min(LARGEST_UNPACKED, LARGEST_RATIO * max(path.stat().st_size, SMALL)):
        raise BadArgumentError(f"{path.name} would become {size:,} bytes, which no bill of its size does.")


def written_out(path: Path, wanted: str, target: Path) -> tuple[int, ...]:
    """Write a sheet as CSV; returns the number of each row under the header.

    Parameters
    ----------
    wanted : str
        Name of a sheet; empty for the one sheet that can be seen and holds a bill.

    Raises
    ------
    BadArgumentError
        For a damaged workbook, an unknown sheet, and several sheets of which each could be the bill; names them.
    """
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as archive:
            refuse_bomb(path, archive.infolist())
        book = load_workbook(path, read_only=True, data_only=True)
    except BadArgumentError:
        raise
    except Exception as error:  # openpyxl has no error of its own for every damage
        raise BadArgumentError(f"{path.name} cannot be read as a workbook ({error}).") from None
    try:
        sheet = book[_sheet(path, wanted, book)]
        with target.open("w", encoding="utf-8", newline="") as plain:
            writer = csv.writer(plain)
            numbers = []
            width = 0
            for number, cells in _rows(sheet):
                width = width or len("\x00".join(cells).rstrip("\x00").split("\x00"))
                writer.writerow((cells + [""] * width)[:width])
                numbers.append(number)
    finally:
        book.close()
    return tuple(numbers[1:])


def _sheet(path: Path, wanted: str, book: Any) -> str:
    if wanted:
        named: dict[str, str] = {sheet.title.casefold(): sheet.title for sheet in book.worksheets}
        if wanted.casefold() not in named:
            raise BadArgumentError(f"{path.name}: {unknown_name('sheet', wanted, named.values())}")
        return named[wanted.casefold()]
    seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not seen:
        raise BadArgumentError(f"{path.name} has no sheet that can be seen.")
    bills = [sheet.title for sheet in seen if _holds_a_bill(sheet)]
    if len(bills) > 1:
        names = ", ".join(bills)
        raise BadArgumentError(
            f"{path.name} has a bill on each of the sheets {names}: name one as {path.name}{SHEET_MARK}{bills[0]}."
        )
    return str((bills or [seen[0].title])[0])


def _holds_a_bill(sheet: Any) -> bool:
    _, header = next(_rows(sheet), (0, []))
    try:
        form_of(sheet.title, header)
    except BadArgumentError:
        return False
    return True


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows that say something, with their numbers in the sheet."""
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_text(cell) for cell in row]
        if any(cells):
            yield number, cells


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    # With an exponent a number of a cell is one with a point, whatever the texts beside it are.
    return f"{cell!r}e0" if isinstance(cell, float) and "e" not in repr(cell) else str(cell)
