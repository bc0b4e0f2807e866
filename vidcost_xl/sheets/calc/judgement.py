"""The rules of formulas held against what was computed: which formulas are left after all.

Cells are looked at where they stand; of other arguments the engine is asked for the value, on a
sheet of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from vidcost_xl.areas import Area, Place
from vidcost_xl.sheets.calc.patterns import MARK, Prepared, Preparer, marked
from vidcost_xl.sheets.calc.rules import RULES, Cells, Condition, Operand
from vidcost_xl.sheets.formulas.formula_cells import filled
from vidcost_xl.sheets.formulas.references import ordered

#: A sheet that no workbook of Excel can have.
SHEET: Final = "[asked]"


@dataclass
class Judge:
    """What looks at the values of a workbook of the engine that was evaluated.

    Parameters
    ----------
    workbook : formualizer.Workbook
    preparer : Preparer
        That prepared the formulas.
    last_rows : mapping
        By sheet.
    """

    workbook: Any
    preparer: Preparer
    last_rows: Mapping[str, int]
    _asked: dict[str, int] = field(default_factory=dict)
    _cells: dict[Operand, Cells] = field(default_factory=dict)
    _holds: dict[tuple[str, tuple[Operand, ...]], bool] = field(default_factory=dict)

    def troubles(self, prepared: Mapping[Place, Prepared]) -> dict[Place, str]:
        """Why formulas are left; those that keep their rules are not in it."""
        conditions = list(self._in_doubt(prepared))
        self._ask(each for *_, operands in conditions for each in operands)
        broken = [each for each in conditions if not self._keeps(each[2].rule, each[3])]
        # A value that is not used does no harm, as in IF(A1="",0,YEAR(A1)); where the condition is an error, none is.
        paths = [condition.path and f"={self._text(ready, condition.path)}" for _, ready, condition, _ in broken]
        self._ask(filter(None, paths))
        found: dict[Place, str] = {}
        for (key, _, condition, _), path in zip(broken, paths, strict=True):
            if not path or self._values(path)[0] is True:
                found.setdefault(key, RULES[condition.rule].reason)
        return found

    def _in_doubt(
        self, prepared: Mapping[Place, Prepared]
    ) -> Iterator[tuple[Place, Prepared, Condition, tuple[Operand, ...]]]:
        # Conditions that look at cells alone are tried at once, and in the copies of a formula once for the same cells.
        kept: set[tuple[int, tuple[str, ...]]] = set()
        for key, ready in prepared.items():
            for condition, marks in ready.pattern.looks:
                if marks is None:
                    yield key, ready, condition, tuple([self._operand(ready, each) for each in condition.operands])
                    continue
                # Of what is enough the first operand alone is looked at, which many formulas share.
                enough = RULES[condition.rule].enough
                if enough and self._keeps(enough, (self._operand(ready, condition.operands[0]),)):
                    continue
                cells = id(condition), marks(ready.references)
                if cells in kept:
                    continue
                operands = tuple([self._operand(ready, each) for each in condition.operands])
                if self._keeps(condition.rule, operands):
                    kept.add(cells)
                else:
                    yield key, ready, condition, operands

    def _keeps(self, rule: str, operands: tuple[Operand, ...]) -> bool:
        known = self._holds.get((rule, operands))
        if known is None:
            enough = RULES[rule].enough
            known = bool(enough) and self._keeps(enough, operands[:1])
            known = known or RULES[rule].holds(*(self._values(each) for each in operands))
            self._holds[rule, operands] = known
        return known

    def _operand(self, ready: Prepared, operand: Operand) -> Operand:
        if not isinstance(operand, str):
            return operand
        if operand.startswith("="):
            return self._text(ready, operand)
        return self.preparer.area(ready, ready.references[marked(operand)])

    def _text(self, ready: Prepared, text: str) -> str:
        # As it reads on any sheet.
        sheet = "'" + ready.entry.place.sheet.replace("'", "''") + "'!"

        def reference(index: str) -> str:
            written = ordered(ready.references[int(index)])
            return written if "!" in written else sheet + written

        return MARK.sub(lambda match: reference(match[1]), text)

    def _ask(self, operands: Iterable[Operand]) -> None:
        texts = [each for each in dict.fromkeys(operands) if isinstance(each, str) and each not in self._asked]
        if not texts:
            return
        if SHEET not in self.workbook.sheet_names:
            self.workbook.add_sheet(SHEET)
        first = len(self._asked) + 1
        self._asked |= {text: row for row, text in enumerate(texts, first)}
        self.workbook.sheet(SHEET).set_formulas_batch(first, 1, len(texts), 1, [[text] for text in texts])
        self.workbook.evaluate_all()

    def _values(self, operand: Operand) -> Cells:
        if operand not in self._cells:
            self._cells[operand] = list(self._read(operand))
        return self._cells[operand]

    def _read(self, operand: Operand) -> Iterator[Any]:
        if isinstance(operand, str):
            yield self.workbook.get_value(SHEET, self._asked[operand], 1)
        elif isinstance(operand, Area):
            bottom = min(operand.bottom, max(self.last_rows[operand.sheet], operand.top))
            for place in filled(operand._replace(bottom=bottom)):
                yield self.workbook.get_value(operand.sheet, *place)
        else:
            yield operand
