"""What else cannot be computed when some cells cannot: everything that reads them, however far."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from openpyxl.utils.cell import get_column_letter

from vidcost_xl.areas import Area, Place
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell

#: Rows of a block of the index, and blocks of an area beyond which it is kept apart.
BLOCK: Final = 128
MOST_BLOCKS: Final = 64


class Readers:
    """Which formulas read a cell, found without looking at all of them.

    Parameters
    ----------
    reads : mapping
        The areas that each formula reads.
    """

    def __init__(self, reads: Mapping[Place, Iterable[Area]]) -> None:
        by_area: dict[Area, list[Place]] = defaultdict(list)
        for key, areas in reads.items():
            for area in set(areas):
                by_area[area].append(key)
        self._by_area = by_area
        self._blocks: dict[tuple[str, int, int], list[Area]] = defaultdict(list)
        self._wide: dict[str, list[Area]] = defaultdict(list)
        for area in by_area:
            if _blocks_of(area) > MOST_BLOCKS:
                self._wide[area.sheet].append(area)
            else:
                for block in _blocks(area):
                    self._blocks[block].append(area)

    def of(self, area: Area) -> Iterator[Place]:
        """The formulas that read any cell of `area`."""
        if _blocks_of(area) > MOST_BLOCKS:
            candidates = [each for each in self._by_area if each.sheet == area.sheet]
        else:
            candidates = self._wide[area.sheet] + [each for block in _blocks(area) for each in self._blocks[block]]
        for each in candidates:
            if _meet(each, area):
                yield from self._by_area[each]


#: How the reason of a formula begins that is left because of another one.
DEPENDS: Final = "depends on"


def with_dependents(
    roots: Mapping[Place, str], entries: Mapping[Place, FormulaCell], reads: Mapping[Place, Iterable[Area]]
) -> dict[Place, str]:
    """The formulas of `roots` and everything that depends on them.

    Parameters
    ----------
    roots : mapping
        Why each is not computed.
    entries : mapping
        Every formula.
    reads : mapping
        The areas that each formula reads.

    Returns
    -------
    dict
        Reasons; a dependent's names the cell that it reads.
    """
    found = dict(roots)
    if not found:
        return found
    readers = Readers(reads)
    waiting = deque(found)
    while waiting:
        key = waiting.popleft()
        for reader in readers.of(entries[key].fills):
            if reader not in found:
                found[reader] = f"{DEPENDS} {address(key)}"
                waiting.append(reader)
    return found


def address(key: Place) -> str:
    """A cell as a message writes it: Sheet1!B3."""
    return f"{key[0]}!{get_column_letter(key[2])}{key[1]}"


def _meet(one: Area, other: Area) -> bool:
    return one.top <= other.bottom and other.top <= one.bottom and one.left <= other.right and other.left <= one.right


def _blocks_of(area: Area) -> int:
    return (area.bottom // BLOCK - area.top // BLOCK + 1) * (area.right - area.left + 1)


def _blocks(area: Area) -> Iterator[tuple[str, int, int]]:
    for block in range(area.top // BLOCK, area.bottom // BLOCK + 1):
        for column in range(area.left, area.right + 1):
            yield area.sheet, block, column
