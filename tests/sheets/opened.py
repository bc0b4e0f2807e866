"""Workbooks that are computed once and then typed into, as in Excel: only what follows from a change is computed again.

`recalculate` computes every formula for each question. Here the engine keeps the workbook, and gives the same values;
`test_opened.py` holds the two against each other.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple

from vidcost_xl.areas import Address, Place, column_letters
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.hosts.formualizer import to_engine
from vidcost_xl.sheets.calc.engine import computed, prepared_formulas
from vidcost_xl.sheets.calc.outcome import outcome_of
from vidcost_xl.sheets.calc.values import recalculate
from vidcost_xl.sheets.formulas.formula_cells import filled, read_formula_cells
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.package.sheet_cells import read_sheets, value_of
from vidcost_xl.sheets.package.workbook import Workbook

#: Workbooks that a process keeps: each takes some 200 MB.
KEPT = 2


class Opened:
    """A workbook in the embedded engine."""

    def __init__(self, data: bytes) -> None:
        book = Workbook(Archive(data, "the workbook"))
        self.sheets = read_sheets(book)
        entries = {entry.key: entry for entry in read_formula_cells(self.sheets)}
        formulas = prepared_formulas(book, self.sheets, entries)
        assert not formulas.refused
        self.preparer, self.ready = formulas.preparer, formulas.ready
        #: By each cell that shows a result, the formula that it is of.
        self.anchors = {(key[0], *place): key for key, each in self.ready.items() for place in filled(each.entry.fills)}
        self.held = {
            (sheet.name, *place): value_of(cell, book.texts)
            for sheet in self.sheets
            for place, cell in sheet.places.items()
        }
        self.evaluated = computed(book, self.sheets, self.ready, self.preparer)
        self.typed: set[Place] = set()
        self.turn = 0

    def with_inputs(self, inputs: Mapping[Place, CellValue]) -> Values:
        """The values with these inputs, and all others as the file has them."""
        workbook = self.evaluated.workbook
        self.evaluated.reasons.errors.clear()
        now = {place: self.held.get(place) for place in self.typed} | dict(inputs)
        for (sheet, column), rows in _columns(now).items():
            # The engine looks for all that follows at each call, so a column is written at one go, past its formulas.
            for top, bottom in self._runs(sheet, column, rows):
                places = [(sheet, row, column) for row in range(top, bottom + 1)]
                values = [now.get(place, self.held.get(place)) for place in places]
                workbook.set_values_batch(sheet, top, column, [[_to_engine(value)] for value in values])
        self.typed = set(inputs)
        self.turn += 1
        workbook.evaluate_all()
        return Values(self)

    def _runs(self, sheet: str, column: int, rows: list[int]) -> list[tuple[int, int]]:
        runs: list[tuple[int, int]] = []
        for row in rows:
            if runs and not any((sheet, each, column) in self.anchors for each in range(runs[-1][1], row)):
                runs[-1] = runs[-1][0], row
            else:
                runs.append((row, row))
        return runs


def _columns(places: Iterable[Place]) -> dict[tuple[str, int], list[int]]:
    found: dict[tuple[str, int], list[int]] = {}
    for sheet, row, column in sorted(places):
        found.setdefault((sheet, column), []).append(row)
    return found


def _to_engine(value: CellValue | None) -> Any:
    return None if value is None else to_engine(float(value) if type(value) is int else value)


class Values(Mapping[Address, CellValue]):
    """Values by sheet and address, read when asked for, until something else is typed."""

    def __init__(self, opened: Opened) -> None:
        self._opened, self._turn = opened, opened.turn
        self._known: dict[Place, CellValue | None] = {}
        self._is_whole = False

    def _read(self, ready: Mapping[Place, Any]) -> None:
        opened = self._opened
        assert opened.turn == self._turn, "something else was typed into the workbook since"
        outcome = outcome_of(opened.evaluated, opened.sheets, opened.preparer, ready, clips=True)
        for key, reason in outcome.troubles.items():
            raise BadArgumentError(f"{key} {reason}.")
        for key in ready:
            self._known |= dict.fromkeys((key[0], *place) for place in filled(ready[key].entry.fills))
            self._known |= {(key[0], *place): value for place, value in outcome.values.get(key, {}).items()}

    def _whole(self) -> dict[Address, CellValue]:
        if not self._is_whole:
            self._read(self._opened.ready)
            self._is_whole = True
        return {_address(place): value for place, value in self._known.items() if value is not None}

    def __getitem__(self, key: Address) -> CellValue:
        place = (key[0], *coordinate_to_tuple(key[1]))
        if place not in self._known:
            anchor = self._opened.anchors[place]
            self._read({anchor: self._opened.ready[anchor]})
        value = self._known.get(place)
        if value is None:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[Address]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())


def _address(place: Place) -> Address:
    return place[0], f"{column_letters(place[2])}{place[1]}"


_OPENED: OrderedDict[bytes, Opened] = OrderedDict()


def typed_into(data: bytes, inputs: Mapping[Address, CellValue]) -> Mapping[Address, CellValue]:
    """The values of a workbook with other inputs, as `recalculate` gives them.

    A formula that is typed over is computed there: here nothing but the values of cells can be put back.
    """
    digest = sha256(data).digest()
    opened = _OPENED.pop(digest, None) or Opened(data)
    _OPENED[digest] = opened
    while len(_OPENED) > KEPT:
        _OPENED.popitem(last=False)
    places = {(sheet, *coordinate_to_tuple(address)): value for (sheet, address), value in inputs.items()}
    if opened.anchors.keys() & places.keys():
        return recalculate(data, inputs)
    return opened.with_inputs(places)
