"""Formulas turned into values: what calls the add-in or reads another workbook, and what only repeats it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vidcost_xl.areas import Place, quoted
from vidcost_xl.sheets.formulas.formula_cells import orphaned
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout import places
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.edits.cells import NewCell, put_cells
from vidcost_xl.sheets.package.edits.opened import Package
from vidcost_xl.sheets.package.edits.values import Edit, spliced, tag_at, tag_with, without_formula
from vidcost_xl.sheets.review.rules.findings import ranges

#: The row of a sheet's title and checks, which stays alive.
_TITLE_ROW: Final = 1


@dataclass(frozen=True)
class Frozen:
    """Cells that hold values now.

    Parameters
    ----------
    cells : tuple of str
        In runs.
    """

    sheet: str
    cells: tuple[str, ...]
    why: str


def to_freeze(contents: Contents, names: frozenset[str]) -> dict[Place, str]:
    """Every formula that a hand-off cannot keep, and why.

    Parameters
    ----------
    names : frozenset of str
        Workbook names that go, in small letters.
    """
    answers = answer_sheets(contents)
    found = {}
    for key in contents.entries:
        if contents.calls_us(key):
            found[key] = "called the add-in"
        elif key[0] in answers and key[1] > _TITLE_ROW:
            found[key] = "held the answer of the add-in"
        elif contents.is_foreign(key):
            found[key] = "read another workbook"
        elif names and any(name in contents.formula(key).casefold() for name in names):
            found[key] = "used a name that pointed outside"
    return found


def answer_sheets(contents: Contents) -> set[str]:
    """Sheets that hold nothing but answers of the functions: where they spill, and where most formulas read them.

    The rows that read them stand on the same sheet; in files of versions before on others, known by most of their
    formulas. These would mislead once a reviewer changes an input: a line's name would follow, its frozen amount not.
    Sheets that set answers beside native formulas stay formulas: what is native there goes on computing.
    """
    spilled = {key[0] for key, entry in contents.entries.items() if contents.calls_us(key) and not entry.fills.is_cell}
    starts = tuple(f"{quoted(sheet)}!" for sheet in spilled)
    if not spilled or contents.book.names.get(("", places.ENGINE.casefold()), "").startswith(starts):
        return spilled
    names = [name for (scope, name), text in contents.book.names.items() if not scope and text.startswith(starts)]
    words = [rf"(?<![\w.]){re.escape(name)}(?![\w.])" for name in names]
    reads = re.compile("|".join([*words, *map(re.escape, starts)]), re.IGNORECASE)
    found: dict[str, list[bool]] = {}
    for key in contents.entries:
        if key[1] > _TITLE_ROW:
            found.setdefault(key[0], []).append(bool(reads.search(contents.formula(key))))
    return spilled | {sheet for sheet, reading in found.items() if 2 * sum(reading) > len(reading)}


def freeze(package: Package, contents: Contents, keys: Mapping[Place, str]) -> list[Frozen]:
    """Leave the values of formulas and take the formulas out.

    Parameters
    ----------
    contents : Contents
        Of the same file.
    keys : mapping
        Formulas, and why.
    """
    for name, sheet in contents.sheets.items():
        mine = [contents.entries[key].cell for key in keys if key[0] == name]
        if not mine:
            continue
        edits: list[Edit] = []
        for cell in mine:
            edits += _edits(sheet.content, cell)
        package.write(sheet.part, spliced(sheet.content, edits))
        # Later cells of a shared formula whose first cell is a value now: each gets the formula written out.
        left = [entry.key for entry in orphaned(contents.entries.values(), keys) if entry.key[0] == name]
        if left:
            written = {key[1:]: NewCell(contents.value(key), contents.formula(key)) for key in left}
            package.write(sheet.part, put_cells(package.read(sheet.part), sheet.part, written))
    grouped: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for key, why in keys.items():
        grouped.setdefault((key[0], why), []).append(key[1:])
    return [Frozen(sheet, tuple(ranges(spots)), why) for (sheet, why), spots in grouped.items()]


def _edits(content: bytes, cell: Cell) -> list[Edit]:
    tag = tag_at(content, cell.start)
    edits = [without_formula(content, cell)]
    if cell.spills:
        edits.append(Edit(tag.start(), tag.end(), tag_with(tag, b"cm", None)))
    return edits
