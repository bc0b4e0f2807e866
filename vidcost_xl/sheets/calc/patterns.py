"""Formulas prepared for the embedded engine, each pattern once.

A workbook holds few formulas and many copies of them. What is judged and written for one
holds for every copy: only the references differ, and their sizes do not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import chain, zip_longest
from operator import itemgetter
from typing import Final, NamedTuple

from vidcost_xl.areas import Area, Place
from vidcost_xl.sheets.calc.rewriting import Writer
from vidcost_xl.sheets.calc.rules import Condition, Operand
from vidcost_xl.sheets.calc.surroundings import Surroundings, parsed
from vidcost_xl.sheets.calc.truths import must_be_untrue
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell, filled
from vidcost_xl.sheets.formulas.references import moved, ordered, shape
from vidcost_xl.sheets.formulas.resolver import Node, Standing, Untrusted

#: Brackets of tables and of other workbooks; before our functions they are the add-in.
_BRACKETS: Final = re.compile(r"\[(?!\d+\]!VIDEO_)", re.IGNORECASE)

#: Stands for a reference of the formula in the text of its pattern.
MARK: Final = re.compile("\x00(\\d+)\x00")


def mark(index: int) -> str:
    """What stands for a reference of a formula."""
    return f"\x00{index}\x00"


@cache
def marked(operand: str) -> int:
    """Which reference such a mark stands for."""
    found = MARK.fullmatch(operand)
    assert found is not None
    return int(found[1])


def _picked(indexes: Sequence[int]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    # Some of many, always as a tuple.
    if len(indexes) > 1:
        return itemgetter(*indexes)
    return itemgetter(slice(indexes[0], indexes[0] + 1)) if indexes else itemgetter(slice(0))


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
    conditions : tuple of Condition
        What must hold of values, with marks for the references.
    is_movable : bool
        Whether a copy may stand elsewhere than its text says.
    """

    text: str
    order: tuple[int, ...]
    fixed: tuple[Area, ...]
    conditions: tuple[Condition, ...]
    is_movable: bool

    @cached_property
    def looks(self) -> tuple[tuple[Condition, Callable[[tuple[str, ...]], tuple[str, ...]] | None], ...]:
        """Its conditions, and which references each looks at; None for one that a formula must be asked for."""
        return tuple(
            (each, None if any(map(_is_asked, each.operands)) else _picked([*map(marked, _marks(each.operands))]))
            for each in self.conditions
        )

    @cached_property
    def ordered(self) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
        """Of the references of a copy, those that its text needs."""
        return _picked(self.order)

    @cached_property
    def may_spill(self) -> bool:
        """Whether it may fill cells beside its own though it is no array formula."""
        return "INDEX(" in self.text


class Prepared(NamedTuple):
    """A formula that the engine computes as Excel does.

    Parameters
    ----------
    entry : FormulaCell
        The formula in the file.
    references : tuple of str
        To cells, as written.
    """

    pattern: Pattern
    entry: FormulaCell
    references: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """For the engine, with its equals sign."""
        texts = self.pattern.ordered(self.references)
        return self.pattern.text % tuple([ordered(text) if ":" in text else text for text in texts])


@dataclass
class Preparer:
    """The formulas of one workbook."""

    around: Surroundings
    _patterns: dict[tuple[object, ...], Pattern] = field(default_factory=dict)
    _shared: dict[Place, Pattern] = field(default_factory=dict)
    _nodes: dict[str, Node] = field(default_factory=dict)
    _areas: dict[tuple[str, str], Area] = field(default_factory=dict)

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
        return Prepared(pattern, entry, found)

    def _matched(self, entry: FormulaCell) -> tuple[Pattern, tuple[str, ...]] | None:
        # The pattern of a formula and its references to cells; None for one that no other is a copy of.
        place = entry.place
        if "[" in entry.source and _BRACKETS.search(entry.source):
            return None
        between, found = entry.apart
        _, _, _, down, right = place
        is_moved = bool(down or right)
        first = entry.first if right and not down else None
        if first:
            references = first.filled_right.at(right)
            known = self._shared.get(first.key)
            if known and references is not None:
                return known, references
            found = found if references is None else references
        if is_moved and not (first and references is not None):
            # As it reads where it stands: an area that grows has another size there.
            found = tuple([moved(text, down, right) for text in found])
        # Names may mean something else on another sheet, and a copy reads a cell twice where the others do.
        shapes = [shape(text) if ":" in text else text[: text.rfind("!") + 1] for text in found]
        again = () if len(set(found)) == len(found) else tuple(map(found.index, found))
        key = (entry.array, place.sheet, between, *shapes, again)
        pattern = self._patterns.get(key)
        if pattern is None:
            source = "".join(chain.from_iterable(zip_longest(between, found, fillvalue="")))
            ordinary = replace(entry, source=source, place=Standing(*entry.key)) if is_moved else entry
            pattern = self._pattern(ordinary, found)
            if pattern is None or (is_moved and not pattern.is_movable):
                return None
            self._patterns[key] = pattern
        if is_moved and not pattern.is_movable:
            return None
        if first and first.filled_right.keeps_sizes:
            self._shared[first.key] = pattern
        return pattern, found

    def areas(self, prepared: Prepared) -> tuple[Area, ...]:
        """Everything that a formula reads."""
        return (*prepared.pattern.fixed, *(self.area(prepared, text) for text in prepared.references))

    def area(self, prepared: Prepared, text: str | Area) -> Area:
        """What a reference of a formula points at."""
        if isinstance(text, Area):
            return text
        sheet = prepared.entry.place.sheet
        known = self._areas.get((sheet, text))
        if known is None:
            found = self.around.resolver.resolve(text, Standing(sheet, 0, 0))
            assert isinstance(found, Area)
            known = self._areas[sheet, text] = found
        return known

    def _pattern(self, entry: FormulaCell, found: tuple[str, ...]) -> Pattern | None:
        marks = {text: mark(found.index(text)) for text in found}
        writer = Writer(self.around, entry.source, entry.place, entry.array, marks)
        text = f"={writer.write(parsed(entry.source))}"
        if not writer.is_pattern:
            return None
        split = MARK.split(text)
        return Pattern(
            "%s".join(piece.replace("%", "%%") for piece in split[::2]),
            tuple(int(index) for index in split[1::2]),
            tuple(writer.fixed),
            _different(writer.conditions),
            writer.is_movable,
        )

    def judged(self, entry: FormulaCell) -> Prepared:
        """A formula that LibreOffice computes alone, with what must hold of its values; raises `Untrusted`."""
        writer = Writer(self.around, entry.source, entry.place, entry.array, lenient=True)
        node = parsed(entry.source)
        text = writer.write(node)
        untrue = [Condition("untrue", (area,)) for each in must_be_untrue(node) if (area := writer.area(each))]
        return _single(text, entry, writer, untrue)

    def _alone(self, entry: FormulaCell) -> Prepared:
        if entry.source not in self._nodes:
            self._nodes[entry.source] = parsed(entry.source)
        writer = Writer(self.around, entry.source, entry.place, entry.array)
        text = f"={writer.write(self._nodes[entry.source])}"
        return _single(text, entry, writer)


def with_precedents(keys: Collection[Place], prepared: Mapping[Place, Prepared], preparer: Preparer) -> set[Place]:
    """Some formulas and every one that they are computed from, however far."""
    found = set(keys)
    by_sheet: dict[str, dict[tuple[int, int], Place]] = {}
    for key, ready in prepared.items():
        here, entry = by_sheet.setdefault(key[0], {}), ready.entry
        for place in filled(entry.fills) if entry.array else (key[1:],):
            here[place] = key
    seen: set[Area] = set()
    waiting = list(found)
    while waiting:
        for area in preparer.areas(prepared[waiting.pop()]):
            if area in seen:
                continue
            seen.add(area)
            here = by_sheet.get(area.sheet, {})
            if math.prod(area.size) > len(here):
                new = {key for place, key in here.items() if area.holds(area.sheet, *place)} - found
            else:
                new = {here[place] for place in filled(area) if place in here} - found
            found |= new
            waiting += new
    return found


def _different(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    # One that holds always holds on a path, too.
    found = dict.fromkeys(conditions)
    return tuple([each for each in found if not each.path or each._replace(path="") not in found])


def _is_asked(operand: Operand) -> bool:
    return isinstance(operand, str) and operand.startswith("=")


def _marks(operands: Iterable[Operand]) -> list[str]:
    return [each for each in operands if isinstance(each, str)]


def _single(text: str, entry: FormulaCell, writer: Writer, more: Iterable[Condition] = ()) -> Prepared:
    conditions = (*writer.conditions, *more)
    return Prepared(Pattern(text.replace("%", "%%"), (), tuple(writer.areas), conditions, False), entry)
