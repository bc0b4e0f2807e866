"""Our own functions inside formulas over many cells: called once a copy, as every host calls them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from vidcost_xl.functions.adapter import Result, call
from vidcost_xl.functions.values import EMPTY, OMITTED
from vidcost_xl.sheets.calc.vectors.areas import Constant
from vidcost_xl.sheets.calc.vectors.batch import Batch, Expression, Unsupported
from vidcost_xl.sheets.calc.vectors.values import Texts, Vector


@dataclass(frozen=True)
class Ours:
    """A call of one of our functions.

    Parameters
    ----------
    name : str
    arguments : tuple of Expression
    first_only : bool
        Whether of several values the first is taken, as a formula of one cell shows it.
    """

    name: str
    arguments: tuple[Expression, ...]
    first_only: bool

    def of(self, batch: Batch) -> Vector:
        """Its values."""
        found = [argument.of(batch) for argument in self.arguments]
        omitted = [isinstance(argument, Constant) and argument.omitted for argument in self.arguments]
        copies = max((len(value.number) for value in found), default=1)
        results = []
        for copy in range(copies):
            values = [_argument(batch.texts, *value, copy) for value in found]
            results.append(
                call(self.name, [OMITTED if out else each for each, out in zip(values, omitted, strict=True)])
            )
        tables = [_table(result, first_only=self.first_only) for result in results]
        if len({(len(table), len(table[0])) for table in tables}) > 1:
            raise Unsupported
        stored = np.array([[[batch.texts.stored(cell) for cell in row] for row in table] for table in tables])
        return Vector(stored[..., 0].astype(np.uint8), stored[..., 1])


def _argument(texts: Texts, kind: Any, number: Any, copy: int) -> object:
    copy = 0 if len(number) == 1 else copy
    kinds = np.full(number.shape[1:], kind) if isinstance(kind, int) else kind[copy]
    rows = [
        [EMPTY if (cell := texts.cell(int(each), value)) is None else cell for each, value in zip(*row, strict=True)]
        for row in zip(kinds.tolist(), number[copy].tolist(), strict=True)
    ]
    return rows[0][0] if kinds.shape == (1, 1) else rows


def _table(result: Result, *, first_only: bool) -> list[list[Any]]:
    rows = result if isinstance(result, list) else [[result]]
    if not rows or not rows[0]:
        raise Unsupported
    # A cell shows 0 for nothing.
    filled = [[0.0 if cell is None else cell for cell in row] for row in rows]
    return [filled[0][:1]] if first_only else filled
