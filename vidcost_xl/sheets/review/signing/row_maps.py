"""Where the sheets and rows of a record are now, and how its formulas read there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from vidcost_xl.areas import Place, quoted
from vidcost_xl.sheets.formulas.copies import with_references
from vidcost_xl.sheets.formulas.references import reference
from vidcost_xl.sheets.formulas.view import Contents

#: Share of labels by which a sheet of another name is recognised.
_ALIKE: Final = 0.6


@dataclass(frozen=True)
class SheetMap:
    """A sheet of the record and where its rows are now.

    Parameters
    ----------
    old, new : str
        Names.
    inserted, deleted : tuple of int
        Rows of now that are new; rows of the record that are gone.
    """

    old: str
    new: str
    rows: Mapping[int, int]
    inserted: tuple[int, ...]
    deleted: tuple[int, ...]

    @property
    def is_moved(self) -> bool:
        """Whether anything of it has another place now."""
        return self.old != self.new or bool(self.inserted or self.deleted)

    def moved(self, row: int) -> int:
        """Where a row is now; one that held nothing went with the row above."""
        if row in self.rows:
            return self.rows[row]
        above = max((old for old in self.rows if old < row), default=0)
        return row + (self.rows[above] - above if above else 0)


def relocated(formula: str, sheet: str, maps: Mapping[str, SheetMap]) -> str:
    """A formula of the record as it reads after rows were inserted and sheets renamed."""
    if not any(each.is_moved for each in maps.values()):
        return formula

    def moved(text: str) -> str:
        found = reference(text)
        name = sheet if found is None or not found.sheet else found.sheet[:-1].strip("'").replace("''", "'")
        held = maps.get(name)
        if found is None or held is None:
            return text
        if found.sheet and held.new != name:
            found = found._replace(sheet=quoted(held.new) + "!")
        if found.kind != "columns":
            found = found._replace(top=held.moved(found.top), bottom=held.moved(found.bottom))
        return found.text

    return with_references(formula, moved)


def row_labels(contents: Contents, sheet: str, passed_over: frozenset[Place]) -> dict[int, str]:
    """The first text of every row that holds anything, empty where it has none."""
    found = {}
    for row, cells in contents.rows(sheet):
        held = [
            value
            for cell in cells
            if (sheet, row, cell.column) not in passed_over
            and ((value := contents.value_in(cell)) is not None or cell.formula is not None)
        ]
        if held:
            found[row] = next((value for value in held if isinstance(value, str)), "")
    return found


def paired(old: Mapping[str, Mapping[int, str]], new: Mapping[str, Mapping[int, str]]) -> dict[str, str | None]:
    """What each sheet of the record is called now, by its name or the labels of its rows; None where it is gone."""
    pairs: dict[str, str | None] = {name: name if name in new else None for name in old}
    free = [name for name in new if name not in old]
    for name in [each for each, found in pairs.items() if found is None]:
        mine = set(old[name].values())
        alike = {other: len(mine & set(new[other].values())) / max(1, len(mine)) for other in free}
        best = max(alike, key=lambda other: alike[other], default=None)
        if best is not None and alike[best] >= _ALIKE:
            pairs[name] = best
            free.remove(best)
    return pairs


def mapped(old: str, new: str, before: Mapping[int, str], after: Mapping[int, str]) -> SheetMap:
    """A sheet's rows found again by their labels."""
    first, second = list(before), list(after)
    if [(row, before[row]) for row in first] == [(row, after[row]) for row in second]:
        return SheetMap(old, new, dict(zip(first, second, strict=True)), (), ())
    matcher = SequenceMatcher(None, [before[row] for row in first], [after[row] for row in second], autojunk=False)
    rows: dict[int, int] = {}
    inserted: list[int] = []
    deleted: list[int] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        shared = min(b - a, d - c)
        rows |= dict(zip(first[a : a + shared], second[c : c + shared], strict=True))
        deleted += first[a + shared : b]
        inserted += second[c + shared : d]
        del kind
    return SheetMap(old, new, rows, (*inserted, *_blank_rows(rows, inserted)), tuple(deleted))


def _blank_rows(rows: Mapping[int, int], inserted: list[int]) -> Iterator[int]:
    # Rows that hold nothing push the others down all the same.
    before = 0
    for old, new in sorted(rows.items()):
        shift = new - old
        own = sum(1 for row in inserted if row < new)
        missing = shift - own - before
        if missing > 0:
            yield from range(new - missing, new)
            before += missing
