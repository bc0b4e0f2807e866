"""The record of a signed workbook: every cell of every row, formulas in canonical form, values to 12 digits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import eq
from typing import Any, Final, TypeAlias

from vidcost_xl.areas import Place, column_letters, column_number
from vidcost_xl.digits import kept
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.calc.trust import LONGEST_TEXT
from vidcost_xl.sheets.formulas.copies import copies_beside, taken_apart
from vidcost_xl.sheets.formulas.references import moved
from vidcost_xl.sheets.formulas.view import Contents, canonical
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.parts import CellValue

#: Digits to which values are kept.
DIGITS: Final = 12

#: Stands for the sheet of a workbook name.
NAMES: Final = "(names)"

#: A run of cells in a row: first column, formula of the first cell or None, values.
Run: TypeAlias = list[Any]

#: A formula taken apart: what stands between its references, and these.
_Form: TypeAlias = tuple[tuple[str, ...], Sequence[str]]
_NO_FORM: Final[_Form] = ((), ())

_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class SignedCell:
    """What a cell held when it was signed.

    Parameters
    ----------
    formula : str
        In canonical form; empty for none.
    value : float, str, bool, ExcelError or None
        To 12 digits.
    """

    formula: str
    value: CellValue | None


@dataclass(frozen=True)
class RowRecord:
    """A row of a sheet.

    Parameters
    ----------
    label : str
        The first text in it.
    """

    sheet: str
    row: int
    label: str
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """As the record writes it."""
        return _json(self.runs)

    @property
    def columns(self) -> list[int]:
        """The columns that held something, from the left."""
        starts = [(column_number(first), len(values)) for first, _, values in self.runs]
        return [column for start, length in starts for column in range(start, start + length)]

    @property
    def cells(self) -> dict[int, SignedCell]:
        """What each column held."""
        found = {}
        for first, formula, values in self.runs:
            start = column_number(first)
            texts = [""] * len(values) if formula is None else copies_beside(formula, len(values))
            for at, (text, value) in enumerate(zip(texts, values, strict=True)):
                found[start + at] = SignedCell(text, _read(value))
        return found


def row_records(contents: Contents, passed_over: frozenset[Place], sheets: Iterable[str]) -> Iterator[RowRecord]:
    """The record of every row that holds something.

    Parameters
    ----------
    passed_over : frozenset of Place
        Cells that the record itself changes.

    Yields
    ------
    RowRecord
        Of long rows several, one behind the other; of names one each.
    """
    for sheet in sheets:
        for row, cells in contents.rows(sheet):
            kept = [cell for cell in cells if (sheet, row, cell.column) not in passed_over]
            runs = list(_runs(contents, sheet, kept))
            if not runs:
                continue
            label = next((found for cell in cells if isinstance(found := contents.value_in(cell), str)), "")
            for piece in _pieces(runs):
                yield RowRecord(sheet, row, label, tuple(piece))
    for (scope, name), text in sorted(contents.book.names.items()):
        if not scope and not name.startswith("_xlnm"):
            yield RowRecord(NAMES, 0, name, (["A", canonical(text), [None]],))


def read_record(sheet: str, row: int, label: str, text: str) -> RowRecord:
    """A row of the record from what is written; raises ValueError for what is none."""
    runs = json.loads(text)
    if not isinstance(runs, list) or not all(isinstance(run, list) and len(run) == len(("A", "=", ())) for run in runs):
        raise ValueError(f"{text[:40]!r} is not a row of the record")
    return RowRecord(sheet, row, label, tuple(runs))


def rounded(value: CellValue | None) -> CellValue | None:
    """A value to 12 digits, as the record keeps it.

    Programs save 15 to 17 digits of a number: what is half a digit for one is less for another, so 15 come first.
    """
    if isinstance(value, bool) or not isinstance(value, (float, int)):
        return value
    return float(f"{kept(value):.{DIGITS}g}")


def _runs(contents: Contents, sheet: str, cells: list[Cell]) -> Iterator[Run]:
    run: Run | None = None
    following, form = 0, _NO_FORM
    for cell in cells:
        key = sheet, cell.row, cell.column
        formula = contents.formula(key) or None if cell.formula is not None else None
        value = _written(contents.value_in(cell))
        if formula is None and value is None:
            continue
        own = _NO_FORM
        if formula is not None:
            entry = contents.entries[key]
            own = entry.apart if formula is entry.source else taken_apart(formula)
        is_next = cell.column == following and run is not None and (run[1] is None) is (formula is None)
        if run is not None and is_next and _continues(form, own, len(run[2])):
            run[2].append(value)
        else:
            if run is not None:
                yield run
            run, form = [column_letters(cell.column), formula, [value]], own
        following = cell.column + 1
    if run is not None:
        yield run


def _continues(first: _Form, own: _Form, right: int) -> bool:
    # Whether a formula is the copy of another, so many columns further.
    return first[0] == own[0] and all(map(eq, [moved(text, 0, right) for text in first[1]], own[1]))


def _pieces(runs: list[Run]) -> Iterator[list[Run]]:
    # A cell holds so many characters and not more.
    piece: list[Run] = []
    length = 2
    for run in runs:
        own = len(_json(run)) + 1
        if piece and length + own > LONGEST_TEXT:
            yield piece
            piece, length = [], 2
        piece.append(run)
        length += own
    yield piece


def _written(value: CellValue | None) -> Any:
    if type(value) is float and value.is_integer() and abs(value) < 10**DIGITS:
        return int(value)  # most numbers, which rounding leaves alone
    if isinstance(value, ExcelError):
        return {"error": value.code}
    found = rounded(value)
    return int(found) if type(found) is float and found.is_integer() and abs(found) < 10**DIGITS else found


def _read(value: Any) -> CellValue | None:
    if isinstance(value, dict):
        return ExcelError(str(value["error"]))
    return float(value) if type(value) in {int, float} else value
