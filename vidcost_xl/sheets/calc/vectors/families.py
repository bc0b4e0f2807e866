"""The formulas of a workbook by pattern, with what every copy reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from vidcost_xl.sheets.calc.patterns import Pattern, Preparer
from vidcost_xl.sheets.calc.vectors.written import Moving
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell, Key
from vidcost_xl.sheets.formulas.references import Untrusted


@dataclass(slots=True)
class Run:
    """Copies of a formula, each beside the one before or each below it.

    Parameters
    ----------
    row, column : int
        Of the first.
    references : tuple of str
        What that one reads.
    down : bool
        Whether the next is the one below.
    count : int
    """

    row: int
    column: int
    references: tuple[str, ...]
    down: bool = False
    count: int = 1


@dataclass
class Family:
    """All copies of a formula on a sheet.

    Parameters
    ----------
    pattern : Pattern
    runs : list of Run
    """

    pattern: Pattern
    runs: list[Run] = field(default_factory=list)

    @property
    def keys(self) -> list[Key]:
        """Where they stand."""
        sheet = self.pattern.place.sheet
        return [
            (sheet, run.row + step * run.down, run.column + step * (not run.down))
            for run in self.runs
            for step in range(run.count)
        ]


@dataclass
class Families:
    """Every formula of a workbook.

    Parameters
    ----------
    members : list of Family
    alone : list of Key
        Formulas that the embedded engine computes one by one.
    refused : dict
        Why others are not computed at all.
    """

    members: list[Family] = field(default_factory=list)
    alone: list[Key] = field(default_factory=list)
    refused: dict[Key, str] = field(default_factory=dict)


class _Seen(NamedTuple):
    # Where a run stands in a column, and what it reads there.
    row: int
    family: Family
    run: Run
    references: tuple[str, ...]


def families(entries: Iterable[FormulaCell], preparer: Preparer) -> Families:
    """Sort formulas by pattern.

    Parameters
    ----------
    entries : iterable of FormulaCell
        Sheet by sheet, row by row.
    preparer : Preparer
        Judges each pattern.

    Returns
    -------
    Families
    """
    sorter = _Sorter(preparer)
    for (sheet, _), row in groupby(entries, key=lambda entry: entry.key[:2]):
        sorter.add(sheet, list(row))
    return sorter.found


class _Sorter:
    def __init__(self, preparer: Preparer) -> None:
        self.found = Families()
        self._preparer = preparer
        self._by_pattern: dict[int, Family] = {}
        self._rightwards, self._downwards = Moving(down=False), Moving(down=True)
        self._sheet = ""
        self._above: dict[int, _Seen] = {}  # by column, where runs began or went down

    def add(self, sheet: str, row: list[FormulaCell]) -> None:
        """Sort the formulas of a row: most are copies of the one beside them, or of the one above."""
        if sheet != self._sheet:
            self._sheet = sheet
            self._above.clear()
        at = 0
        while at < len(row):
            begun = self._begin(row[at])
            at += 1
            if begun is not None:
                run = begun.run
                run.count += self._copies(begun, row, at)
                at += run.count - 1

    def _copies(self, begun: _Seen, row: list[FormulaCell], at: int) -> int:
        # How many formulas from `at` on are copies of the one before, each of the one beside it.
        source, references = begun.family.pattern.source, begun.references
        move = self._rightwards.__getitem__
        column, start = begun.run.column, at
        for entry in row[at:]:
            column += 1
            references = tuple(map(move, references))
            if source % references != entry.source or entry.key[2] != column or entry.stands_alone or "" in references:
                break
            at += 1
        return at - start

    def _begin(self, entry: FormulaCell) -> _Seen | None:
        # A run that begins with a formula; none where it is not ordinary, or continues one downwards.
        _, row, column = entry.key
        is_ordinary = not entry.stands_alone
        above = self._above.get(column) if is_ordinary else None
        if above is not None and above.row == row - 1:
            references = tuple(map(self._downwards.__getitem__, above.references))
            if above.family.pattern.source % references == entry.source and "" not in references:
                return self._below(above, row, column, references)
        try:
            matched = self._preparer.matched(entry)
            if matched is None:
                self._preparer.prepare(entry)
                self.found.alone.append(entry.key)
                return None
        except Untrusted as verdict:
            self.found.refused[entry.key] = str(verdict)
            return None
        pattern, found = matched
        family = self._by_pattern.get(id(pattern))
        if family is None:
            family = self._by_pattern[id(pattern)] = Family(pattern)
            self.found.members.append(family)
        begun = self._first(family, row, column, tuple(found))
        if is_ordinary:
            self._above[column] = begun
            return begun
        return None

    def _below(self, above: _Seen, row: int, column: int, references: tuple[str, ...]) -> _Seen | None:
        _, family, run, _ = above
        if run.down or run.count == 1:
            run.down = True
            run.count += 1
            self._above[column] = _Seen(row, family, run, references)
            return None
        begun = self._above[column] = self._first(family, row, column, references)
        return begun

    def _first(self, family: Family, row: int, column: int, references: tuple[str, ...]) -> _Seen:
        run = Run(row, column, references)
        family.runs.append(run)
        return _Seen(row, family, run, references)
