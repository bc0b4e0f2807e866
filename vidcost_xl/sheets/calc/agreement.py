"""Whether LibreOffice computed as Excel does, where that can be told.

A formula that the embedded engine is trusted with must come out alike in both. Of the others
the arguments are judged by the same rules, and errors must be such that both programs name alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from vidcost_xl.areas import Place
from vidcost_xl.errors import ExcelError
from vidcost_xl.hosts.formualizer import KINDS
from vidcost_xl.sheets.calc.engine import GAVE_UP, computed
from vidcost_xl.sheets.calc.judgement import Judge
from vidcost_xl.sheets.calc.outcome import MOST_READ, outcome_of
from vidcost_xl.sheets.calc.patterns import Prepared, Preparer
from vidcost_xl.sheets.calc.trust import Corner
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell, filled
from vidcost_xl.sheets.formulas.resolver import Untrusted
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.package.sheet_cells import SheetCells, same
from vidcost_xl.sheets.package.workbook import Workbook

#: Values of a formula by row and column.
Values = Mapping[tuple[int, int], CellValue | None]

#: Relative difference of numbers that two engines agree in.
AGREED: Final = 1e-12

#: Errors that LibreOffice gives where Excel does; it writes others of its own as #VALUE!.
SHARED_ERRORS: Final = frozenset({"#DIV/0!", "#N/A"})


@dataclass
class Opinions:
    """The formulas that LibreOffice computes.

    Parameters
    ----------
    preparer : Preparer
        That judged them.
    both, alone : dict
        Those that the embedded engine computes too, and those that it does not.
    refused : dict
        Why others are given to none.
    """

    preparer: Preparer
    both: dict[Place, Prepared] = field(default_factory=dict)
    alone: dict[Place, Prepared] = field(default_factory=dict)
    refused: dict[Place, str] = field(default_factory=dict)

    def hear(self, entry: FormulaCell) -> None:
        """Judge a formula; raises `Untrusted` for one that is left."""
        try:
            self.both[entry.key] = self.preparer.prepare(entry)
        except Corner:
            raise
        except Untrusted:
            self.alone[entry.key] = self.preparer.judged(entry)


def disagreements(
    book: Workbook,
    sheets: list[SheetCells],
    values: Mapping[Place, Values],
    opinions: Opinions,
) -> dict[Place, str]:
    """Why values of LibreOffice are not taken.

    Parameters
    ----------
    book : Workbook
        That LibreOffice saved.
    sheets : list of SheetCells
        Of that.
    values : mapping
        By formula: what LibreOffice computed.
    """
    preparer = opinions.preparer
    both = {key: each for key, each in opinions.both.items() if key in values}
    alone = {key: each for key, each in opinions.alone.items() if key in values}
    try:
        evaluated = computed(book, sheets, both, preparer)
    except GAVE_UP:
        return dict.fromkeys(values, "is left, as the embedded engine gave up here")
    ours = outcome_of(evaluated, sheets, preparer, both)
    found = dict(ours.troubles)
    for key, own in ours.values.items():
        if not all(_agree(values[key].get(place), value) for place, value in own.items()):
            found[key] = "is computed otherwise by LibreOffice than by the embedded engine"
    found |= Judge(evaluated.workbook, preparer, {sheet.name: sheet.last_row for sheet in sheets}).troubles(alone)
    for key, ready in alone.items():
        codes = {value.code for value in values[key].values() if isinstance(value, ExcelError)} - SHARED_ERRORS
        if codes and key not in found and not codes <= _errors_read(evaluated.workbook, preparer, ready):
            found[key] = f"results in {min(codes)} in LibreOffice, where Excel may have another error or a value"
    return found


def _agree(theirs: CellValue | None, ours: CellValue | None) -> bool:
    if type(theirs) is float and type(ours) is float:
        return math.isclose(theirs, ours, rel_tol=AGREED)
    return same(theirs, ours)


def _errors_read(workbook: Any, preparer: Preparer, ready: Prepared) -> set[str]:
    cells = (
        workbook.get_value(area.sheet, *place)
        for area in preparer.areas(ready)
        for place in islice(filled(area), MOST_READ)
    )
    return {KINDS.get(str(cell.get("kind")), "") for cell in cells if isinstance(cell, dict)}
