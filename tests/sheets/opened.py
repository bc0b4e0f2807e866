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

from vidcost_xl.areas import Address, Area, Place, column_letters
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.hosts.formualizer import Reasons, from_engine, to_engine
from vidcost_xl.sheets.calc.engine import computed, prepared_formulas
from vidcost_xl.sheets.calc.outcome import fills_now, outcome_of
from vidcost_xl.sheets.calc.patterns import with_precedents
from vidcost_xl.sheets.calc.values import recalculate
from vidcost_xl.sheets.formulas.formula_cells import filled, read_formula_cells
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.package.sheet_cells import read_sheets, value_of
from vidcost_xl.sheets.package.workbook import Workbook

#: Workbooks that a process keeps: each takes some 200 MB.
KEPT = 2


#: Of values that are passed on.
NO_REASONS = Reasons()


class Opened:
    """A workbook in the embedded engine."""

    def __init__(self, data: bytes) -> None:
        book = Workbook(Archive(data, "the workbook"))
        self.sheets = read_sheets(book)
        entries = {entry.key: entry for entry in read_formula_cells(self.sheets)}
        formulas = prepared_formulas(book, self.sheets, entries)
        assert not formulas.refused
        self.preparer, self.ready = formulas.preparer, formulas.ready
        self.arrays = {key: each for key, each in self.ready.items() if each.entry.array}
        #: By each cell that shows a result, the formula that it is of.
        self.anchors = {(key[0], *place): key for key, each in self.ready.items() for place in filled(each.entry.fills)}
        self.held = {
            (sheet.name, *place): value_of(cell, book.texts)
            for sheet in self.sheets
            for place, cell in sheet.places.items()
        }
        # For each cell that an array fills the engine looks for all that follows from it: arrays are computed apart,
        # with what they need alone, and their answers typed like inputs.
        first = {key: self.ready[key] for key in with_precedents(self.arrays, self.ready, self.preparer)}
        others = {key: each for key, each in self.ready.items() if key not in self.arrays}
        self.apart = computed(book, self.sheets, first, self.preparer)
        self.evaluated = computed(book, self.sheets, others, self.preparer)
        self.typed: set[Place] = set()
        self.answers: dict[Place, list[list[Any]]] = {}
        self.turn = 0

    def with_inputs(self, inputs: Mapping[Place, CellValue]) -> Values:
        """The values with these inputs, and all others as the file has them."""
        for each in (self.apart, self.evaluated):
            each.reasons.errors.clear()
        now = {place: self.held.get(place) for place in self.typed} | dict(inputs)
        now = {place: _to_engine(value) for place, value in now.items()}
        self.typed = set(inputs)
        self.turn += 1
        self._type(self.apart.workbook, now)
        self.apart.workbook.evaluate_all()
        self._type(self.evaluated.workbook, now)
        for key, ready in self.arrays.items():
            self._answer(key, fills_now(self.apart.workbook, ready.entry))
        self.evaluated.workbook.evaluate_all()
        return Values(self)

    def _answer(self, key: Place, area: Area) -> None:
        # An array's answer as values, and nothing where it is smaller than before.
        rows, columns = area.size
        before = self.answers.get(key, [])
        height, width = max(rows, len(before)), max(columns, len(before[0]) if before else 0)
        found = [[None] * width for _ in range(height)]
        for row, column in filled(area):
            value = self.apart.workbook.get_value(area.sheet, row, column)
            found[row - area.top][column - area.left] = value if value is None else from_engine(value, NO_REASONS)
        if found != before:
            self.answers[key] = found
            values = [[None if value is None else to_engine(value) for value in row] for row in found]
            self.evaluated.workbook.set_values_batch(area.sheet, area.top, area.left, values)

    def _type(self, workbook: Any, values: Mapping[Place, Any]) -> None:
        for (sheet, column), rows in _columns(values).items():
            # The engine looks for all that follows at each call, so a column is written at one go, past its formulas.
            for top, bottom in self._runs(sheet, column, rows):
                places = [(sheet, row, column) for row in range(top, bottom + 1)]
                held = [values[each] if each in values else _to_engine(self.held.get(each)) for each in places]
                workbook.set_values_batch(sheet, top, column, [[value] for value in held])

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
        arrays = {key: each for key, each in ready.items() if key in opened.arrays}
        others = {key: each for key, each in ready.items() if key not in opened.arrays}
        for evaluated, formulas in ((opened.apart, arrays), (opened.evaluated, others)):
            outcome = outcome_of(evaluated, opened.sheets, opened.preparer, formulas, clips=True)
            for key, reason in outcome.troubles.items():
                raise BadArgumentError(f"{key} {reason}.")
            for key in formulas:
                self._known |= dict.fromkeys((key[0], *place) for place in filled(formulas[key].entry.fills))
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
