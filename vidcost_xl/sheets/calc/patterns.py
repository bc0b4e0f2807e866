"""Formulas prepared for the embedded engine, each pattern once.

A workbook holds few formulas and many copies of them. What is judged and written for one
holds for every copy: only the references differ, and their sizes do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from vidcost_xl.sheets.calc.rewriting import Surroundings, Writer, parsed
from vidcost_xl.sheets.formulas.copies import PIECES
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell
from vidcost_xl.sheets.formulas.references import CELLS, Area, Node, Place, Untrusted, moved, ordered, shape

#: The same as one group, to split formulas at.
_ANY_CELLS: Final = CELLS.pattern.replace("(?:", "(").replace("(", "(?:")
_SPLIT: Final = re.compile(f"({PIECES.pattern.replace(f'(?P<cells>{CELLS.pattern})', _ANY_CELLS)})")
#: Brackets of tables and of other workbooks; before our functions they are the add-in.
_BRACKETS: Final = re.compile(r"\[(?!\d+\]!VIDEO_)", re.IGNORECASE)


@dataclass(frozen=True)
class Pattern:
    """What is the same in all copies of a formula.

    Parameters
    ----------
    text : str
        For the engine, with %s for each reference.
    order : tuple of int
        Which reference each of these stands for.
    fixed : tuple of Area
        What names point at.
    plain : tuple of int or Area
        What must hold neither an error nor a truth value.
    is_movable : bool
        Whether a copy may stand elsewhere than its text says.
    """

    text: str
    order: tuple[int, ...]
    fixed: tuple[Area, ...]
    plain: tuple[int | Area, ...]
    is_movable: bool


@dataclass(frozen=True)
class Prepared:
    """A formula that the engine computes as Excel does.

    Parameters
    ----------
    text : str
        For the engine, with its equals sign.
    entry : FormulaCell
        The formula in the file.
    references : tuple of str
        To cells, as written.
    fixed : tuple of Area
        What names and others point at.
    plain : tuple of str or Area
        What must hold neither an error nor a truth value.
    """

    text: str
    entry: FormulaCell
    references: tuple[str, ...]
    fixed: tuple[Area, ...]
    plain: tuple[str | Area, ...] = ()


@dataclass
class Preparer:
    """The formulas of one workbook.

    Parameters
    ----------
    around : Surroundings
    """

    around: Surroundings
    _patterns: dict[tuple[bool, str, str], Pattern] = field(default_factory=dict)
    _nodes: dict[str, Node] = field(default_factory=dict)

    def prepare(self, entry: FormulaCell) -> Prepared:
        """Judge a formula and write it for the engine.

        Raises
        ------
        Untrusted
            For one that is not computed here as in Excel.
        """
        if entry.reason:
            raise Untrusted(entry.reason)
        matched = self._matched(entry)
        if matched is None:
            return self._alone(entry)
        pattern, found = matched
        return Prepared(
            pattern.text % tuple([ordered(found[index]) for index in pattern.order]),
            entry,
            tuple(found),
            pattern.fixed,
            tuple(found[each] if isinstance(each, int) else each for each in pattern.plain),
        )

    def _matched(self, entry: FormulaCell) -> tuple[Pattern, list[str]] | None:
        # The pattern of a formula and its references to cells; None for one that no other is a copy of.
        place = entry.place
        if _BRACKETS.search(entry.source):
            return None
        pieces = _SPLIT.split(entry.source)
        is_moved = bool(place.down or place.right)
        if is_moved:
            # As it reads where it stands: an area that grows has another size there.
            if not all(piece[0] == '"' or shape(piece) for piece in pieces[1::2]):
                return None
            pieces[1::2] = [
                piece if piece[0] == '"' else moved(piece, place.down, place.right) for piece in pieces[1::2]
            ]
        source = "".join(pieces) if is_moved else entry.source
        found = [piece for piece in pieces[1::2] if piece[0] != '"']
        # Names may mean something else on another sheet, and a copy reads a cell twice where the others do.
        pieces[1::2] = [
            piece if piece[0] == '"' else f"\x00{shape(piece)}\x00{found.index(piece)}" for piece in pieces[1::2]
        ]
        key = (entry.array, place.sheet, "".join(pieces))
        if "\x00\x00" in key[2]:
            return None
        pattern = self._patterns.get(key)
        if pattern is None:
            ordinary = replace(entry, source=source, place=Place(*entry.key)) if is_moved else entry
            pattern = self._pattern(ordinary, found)
            if pattern is None or (is_moved and not pattern.is_movable):
                return None
            self._patterns[key] = pattern
        if is_moved and not pattern.is_movable:
            return None
        return pattern, found

    def areas(self, prepared: Prepared) -> tuple[Area, ...]:
        """Everything that a formula reads."""
        return (*prepared.fixed, *(self.area(prepared, text) for text in prepared.references))

    def area(self, prepared: Prepared, text: str | Area) -> Area:
        """What a reference of a formula points at."""
        if isinstance(text, Area):
            return text
        found = self.around.resolver.resolve(text, Place(prepared.entry.place.sheet, 0, 0))
        assert isinstance(found, Area)
        return found

    def _pattern(self, entry: FormulaCell, found: list[str]) -> Pattern | None:
        marks = {text: f"\x00{found.index(text)}\x00" for text in found}
        writer = Writer(self.around, entry.source, entry.place, entry.array, marks)
        text = f"={writer.write(parsed(entry.source))}"
        if not writer.is_pattern:
            return None
        pieces = re.split("\x00(\\d+)\x00", text)
        return Pattern(
            "%s".join(piece.replace("%", "%%") for piece in pieces[::2]),
            tuple(int(index) for index in pieces[1::2]),
            tuple(writer.fixed),
            tuple(int(each.strip("\x00")) if isinstance(each, str) else each for each in writer.plain),
            writer.is_movable,
        )

    def _alone(self, entry: FormulaCell) -> Prepared:
        if entry.source not in self._nodes:
            self._nodes[entry.source] = parsed(entry.source)
        writer = Writer(self.around, entry.source, entry.place, entry.array)
        text = f"={writer.write(self._nodes[entry.source])}"
        return Prepared(text, entry, (), tuple(writer.areas), tuple(writer.plain))
