"""The formulas of a workbook computed without Excel: many copies at once where that is certain, else one by one.

Copies of a formula are computed together by `vectors`; what that leaves goes to the embedded
engine, which gets the values that are known by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vidcost_xl.sheets.calc.embedded import Outcome, evaluate
from vidcost_xl.sheets.calc.patterns import Prepared, Preparer
from vidcost_xl.sheets.calc.rewriting import Surroundings
from vidcost_xl.sheets.calc.vectors.families import families
from vidcost_xl.sheets.calc.vectors.loading import loaded
from vidcost_xl.sheets.calc.vectors.rooms import Room, rooms_of
from vidcost_xl.sheets.calc.vectors.run import Computed, compute
from vidcost_xl.sheets.calc.vectors.written import Written
from vidcost_xl.sheets.formulas.dependents import with_dependents
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell, Key, filled
from vidcost_xl.sheets.formulas.references import Area, Resolver, Untrusted
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.package.sheet_cells import SheetCells
from vidcost_xl.sheets.package.workbook import Workbook


@dataclass
class Evaluated:
    """Every formula of a workbook, computed or not.

    Parameters
    ----------
    together : Computed, optional
        What was computed many copies at once.
    outcome : Outcome
        Answers that spill, and what was computed one by one.
    reads : mapping
        What each formula reads.
    """

    together: Computed | None
    outcome: Outcome
    reads: Mapping[Key, tuple[Area, ...]]

    def answer(self, key: Key) -> Mapping[tuple[int, int], CellValue | None]:
        """What a formula fills its cells with; None in those that an answer could have filled and does not."""
        alone = self.outcome.values.get(key)
        if alone is not None or self.together is None:
            return alone or {}
        return {key[1:]: self.together.value(key)}


class LazyReads(Mapping[Key, tuple[Area, ...]]):
    """What each formula reads, worked out when somebody asks.

    Parameters
    ----------
    preparer : Preparer
    entries : mapping
        The formulas.
    refused : mapping
        Those that nobody prepares.
    """

    def __init__(self, preparer: Preparer, entries: Mapping[Key, FormulaCell], refused: Mapping[Key, str]) -> None:
        self._preparer, self._entries, self._refused = preparer, entries, refused

    def __getitem__(self, key: Key) -> tuple[Area, ...]:
        return self._preparer.areas(self._preparer.prepare(self._entries[key]))

    def __iter__(self) -> Iterator[Key]:
        return (key for key in self._entries if key not in self._refused)

    def __len__(self) -> int:
        return len(self._entries) - len(self._refused)


def evaluated(
    book: Workbook,
    sheets: list[SheetCells],
    entries: Mapping[Key, FormulaCell],
    rooms: Mapping[Key, Room] | None = None,
) -> Evaluated:
    """Compute the formulas of a workbook.

    Parameters
    ----------
    book : Workbook
    sheets : list of SheetCells
    entries : mapping
        Every formula.
    rooms : mapping, optional
        Where answers of array formulas may spill to; the free cells of the file when not given.

    Returns
    -------
    Evaluated
    """
    preparer = preparer_of(book, sheets, entries)
    found = families(entries.values(), preparer)
    reads = LazyReads(preparer, entries, found.refused)
    left = with_dependents(found.refused, entries, reads)
    written = Written(preparer.around.resolver)
    rooms = rooms or rooms_of(sheets, entries.values(), clips=False)
    cells = loaded(book, sheets, found.members, written, (room.area for room in rooms.values()))
    together = None if cells is None else compute(cells, found, written, rooms)
    outcome = Outcome()
    rest: dict[Key, Prepared] = {}
    if together is None or together.is_partial:
        for key, entry in entries.items():
            if key not in left and not (together and together.has(key)):
                rest[key] = preparer.prepare(entry)
    for key, room in rooms.items():
        if together is not None and together.has(key):
            outcome.values[key] = _answer(together, entries[key], room.area)
    if rest:
        alone = evaluate(book, sheets, preparer, rest, together)
        outcome.values |= alone.values
        outcome.troubles = alone.troubles
    outcome.troubles |= left
    return Evaluated(together, outcome, reads)


def _answer(together: Computed, entry: FormulaCell, room: Area) -> dict[tuple[int, int], CellValue | None]:
    # What it fills now, and None for what it filled before.
    found: dict[tuple[int, int], CellValue | None] = dict.fromkeys(filled(entry.fills))
    for place in filled(room):
        value = together.value((entry.key[0], *place))
        if value is not None:
            found[place] = value
    return found


def preparer_of(book: Workbook, sheets: list[SheetCells], entries: Mapping[Key, FormulaCell]) -> Preparer:
    """What judges and writes the formulas of a workbook."""
    around = Surroundings(
        Resolver(book),
        book.settings.from_1904,
        {sheet.name: sheet.last_row for sheet in sheets},
        {key: entry.fills for key, entry in entries.items() if entry.array},
    )
    return Preparer(around)


def prepared_formulas(
    book: Workbook, sheets: list[SheetCells], entries: Mapping[Key, FormulaCell]
) -> tuple[Preparer, dict[Key, Prepared], dict[Key, str]]:
    """The formulas of a workbook as the embedded engine takes them, and why it does not take the others."""
    preparer = preparer_of(book, sheets, entries)
    prepared: dict[Key, Prepared] = {}
    refused: dict[Key, str] = {}
    for key, entry in entries.items():
        try:
            prepared[key] = preparer.prepare(entry)
        except Untrusted as verdict:
            refused[key] = str(verdict)
    return preparer, prepared, refused
