"""The formulas of a workbook by pattern, with what every copy reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from vidcost_xl.sheets.entries import Entry, Key
from vidcost_xl.sheets.prepare import Pattern, Preparer
from vidcost_xl.sheets.references import Untrusted
from vidcost_xl.sheets.vectors.written import Moving


@dataclass(slots=True)
class Run:
    """Copies of a formula, each beside the one before or each below it.

    Parameters
    ----------
    row, column : int
        Of the first.
    references : list of str
        What that one reads.
    down : bool
        Whether the next is the one below.
    count : int
    """

    row: int
    column: int
    references: list[str]
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
    # The last formula of a column, and what it reads.
    row: int
    family: Family
    run: Run
    references: list[str]


def families(entries: Iterable[Entry], preparer: Preparer) -> Families:
    """Sort formulas by pattern.

    Parameters
    ----------
    entries : iterable of Entry
        Sheet by sheet, row by row.
    preparer : Preparer
        Judges each pattern.

    Returns
    -------
    Families
    """
    sorter = _Sorter(preparer)
    for entry in entries:
        sorter.add(entry)
    return sorter.found


class _Sorter:
    def __init__(self, preparer: Preparer) -> None:
        self.found = Families()
        self._preparer = preparer
        self._by_pattern: dict[int, Family] = {}
        self._moved = Moving(down=False), Moving(down=True)
        self._sheet = ""
        self._seen: dict[int, _Seen] = {}

    def add(self, entry: Entry) -> None:
        sheet, row, column = entry.key
        if sheet != self._sheet:
            self._sheet = sheet
            self._seen.clear()
        if not entry.stands_alone:
            # Most formulas are copies of the one beside them or above.
            beside, above = self._seen.get(column - 1), self._seen.get(column)
            if beside is not None and beside.row == row and self._continues(beside, entry, down=False):
                return
            if above is not None and above.row == row - 1 and self._continues(above, entry, down=True):
                return
        try:
            matched = self._preparer.matched(entry)
            if matched is None:
                self._preparer.prepare(entry)
                self.found.alone.append(entry.key)
                return
        except Untrusted as verdict:
            self.found.refused[entry.key] = str(verdict)
            return
        pattern, references = matched
        family = self._by_pattern.get(id(pattern))
        if family is None:
            family = self._by_pattern[id(pattern)] = Family(pattern)
            self.found.members.append(family)
        run = Run(row, column, references)
        family.runs.append(run)
        if not entry.stands_alone:
            self._seen[column] = _Seen(row, family, run, references)

    def _continues(self, seen: _Seen, entry: Entry, *, down: bool) -> bool:
        _, family, run, before = seen
        references = list(map(self._moved[down].__getitem__, before))
        if family.pattern.source % tuple(references) != entry.source or "" in references:
            return False
        _, row, column = entry.key
        end = (run.row + run.count, run.column) if down else (run.row, run.column + run.count)
        if (run.count == 1 or run.down == down) and end == (row, column):
            run.down = down
            run.count += 1
        else:
            run = Run(row, column, references)
            family.runs.append(run)
        self._seen[column] = _Seen(row, family, run, references)
        return True
