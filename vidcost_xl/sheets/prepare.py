"""Formulas prepared for the embedded engine, each pattern once.

A workbook holds few formulas and many copies of them. What is judged and written for one
holds for every copy: only the references differ, and their sizes do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from vidcost_xl.sheets.entries import Entry
from vidcost_xl.sheets.expressions import Surroundings, Writer, parsed
from vidcost_xl.sheets.references import CELLS, Node, Place, Reference, Untrusted, moved, shape

#: Texts, which are passed over, and references to cells, which are not part of a longer name or reference.
PIECES: Final = re.compile(rf'"(?:[^"]|"")*"|(?<![\w.$!\'\]:\[\\])(?P<cells>{CELLS.pattern})(?![\w.(!:$\[\\#])')
#: The same as one group, to split formulas at.
_ANY_CELLS: Final = CELLS.pattern.replace("(?:", "(").replace("(", "(?:")
_SPLIT: Final = re.compile(f"({PIECES.pattern.replace(f'(?P<cells>{CELLS.pattern})', _ANY_CELLS)})")
#: Brackets of tables and of other workbooks; before our functions they are the add-in.
_BRACKETS: Final = re.compile(r"\[(?!\d+\]!VIDEO_)", re.IGNORECASE)


@dataclass(frozen=True)
class _Pattern:
    """What is written for all copies of a formula."""

    text: str  # with %s for each reference
    order: tuple[int, ...]  # which reference each stands for
    fixed: tuple[Reference, ...]
    errorless: tuple[int | Reference, ...]
    is_movable: bool


@dataclass(frozen=True)
class Prepared:
    """A formula that the engine computes as Excel does.

    Parameters
    ----------
    text : str
        For the engine, with its equals sign.
    sheet : str
        Where it stands.
    references : tuple of str
        To cells, as written.
    fixed : tuple of Reference
        What names and others point at.
    errorless : tuple of str or Reference
        What must hold no error.
    """

    text: str
    sheet: str
    references: tuple[str, ...]
    fixed: tuple[Reference, ...]
    errorless: tuple[str | Reference, ...] = ()


@dataclass
class Preparer:
    """The formulas of one workbook.

    Parameters
    ----------
    around : Surroundings
    """

    around: Surroundings
    _patterns: dict[tuple[bool, str, str], _Pattern] = field(default_factory=dict)
    _nodes: dict[str, Node] = field(default_factory=dict)

    def prepare(self, entry: Entry) -> Prepared:
        """Judge a formula and write it for the engine.

        Raises
        ------
        Untrusted
            For one that is not computed here as in Excel.
        """
        if entry.reason:
            raise Untrusted(entry.reason)
        source, place = entry.source, entry.place
        if _BRACKETS.search(source):
            return self._alone(entry)
        pieces = _SPLIT.split(source)
        found = [piece for piece in pieces[1::2] if piece[0] != '"']
        # Names may mean something else on another sheet.
        pieces[1::2] = [piece if piece[0] == '"' else f"\x00{shape(piece)}\x00" for piece in pieces[1::2]]
        key = (entry.array, place.sheet, "".join(pieces))
        if "\x00\x00" in key[2]:
            return self._alone(entry)
        pattern = self._patterns.get(key)
        is_moved = bool(place.down or place.right)
        if pattern is None:
            if is_moved or (pattern := self._pattern(entry, found)) is None:
                return self._alone(entry)
            self._patterns[key] = pattern
        if is_moved:
            if not pattern.is_movable:
                return self._alone(entry)
            found = [moved(text, place.down, place.right) for text in found]
        return Prepared(
            pattern.text % tuple([found[index] for index in pattern.order]),
            place.sheet,
            tuple(found),
            pattern.fixed,
            tuple(found[each] if isinstance(each, int) else each for each in pattern.errorless),
        )

    def areas(self, prepared: Prepared) -> tuple[Reference, ...]:
        """Everything that a formula reads."""
        return (*prepared.fixed, *(self.area(prepared, text) for text in prepared.references))

    def area(self, prepared: Prepared, text: str | Reference) -> Reference:
        """What a reference of a formula points at."""
        if isinstance(text, Reference):
            return text
        found = self.around.resolver.resolve(text, Place(prepared.sheet, 0, 0))
        assert isinstance(found, Reference)
        return found

    def _pattern(self, entry: Entry, found: list[str]) -> _Pattern | None:
        marks = {text: f"\x00{found.index(text)}\x00" for text in found}
        writer = Writer(self.around, entry.source, entry.place, entry.array, marks)
        text = f"={writer.write(parsed(entry.source))}"
        if not writer.is_pattern:
            return None
        pieces = re.split("\x00(\\d+)\x00", text)
        return _Pattern(
            "%s".join(piece.replace("%", "%%") for piece in pieces[::2]),
            tuple(int(index) for index in pieces[1::2]),
            tuple(writer.fixed),
            tuple(int(each.strip("\x00")) if isinstance(each, str) else each for each in writer.errorless),
            writer.is_movable,
        )

    def _alone(self, entry: Entry) -> Prepared:
        if entry.source not in self._nodes:
            self._nodes[entry.source] = parsed(entry.source)
        writer = Writer(self.around, entry.source, entry.place, entry.array)
        text = f"={writer.write(self._nodes[entry.source])}"
        return Prepared(text, entry.place.sheet, (), tuple(writer.areas), tuple(writer.errorless))
