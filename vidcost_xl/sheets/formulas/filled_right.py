"""The references of a shared formula in the cells to its right: taken apart once, then only columns move."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import Final

from vidcost_xl.areas import LAST_COLUMN, column_letters
from vidcost_xl.sheets.formulas.references import Reference, reference

#: Stands between references; no formula of a file holds it.
_CUT: Final = "\x00"


class FilledRight:
    """The references of a formula, as its copies further right in the row have them.

    Parameters
    ----------
    references : sequence of str
        To cells.
    """

    def __init__(self, references: Sequence[str]) -> None:
        read = [(text, reference(text)) for text in references]
        self._columns = [column for _, found in read if found for column in _moving(found)]
        self._text = _CUT.join([text.replace("%", "%%") if found is None else _written(found) for text, found in read])
        #: Whether areas have the same size in every copy.
        self.keeps_sizes = not any(found and found.fixed[1] != found.fixed[3] for _, found in read)

    def at(self, right: int) -> tuple[str, ...] | None:
        """The references so many cells further; None where one would leave the sheet."""
        columns = [column + right for column in self._columns]
        if columns and not (min(columns) > 0 and max(columns) <= LAST_COLUMN):
            return None
        return tuple((self._text % tuple(map(column_letters, columns))).split(_CUT)) if self._text else ()


def _ends(found: Reference) -> tuple[int, ...]:
    return {"rows": (), "cell": (found.left,)}.get(found.kind, (found.left, found.right))


def _moving(found: Reference) -> list[int]:
    return [*compress(_ends(found), (not found.fixed[1], not found.fixed[3]))]


def _written(found: Reference) -> str:
    # As Reference.text, with %s for each column that moves.
    letters = [
        f"${column_letters(column)}" if is_fixed else "%s"
        for column, is_fixed in zip(_ends(found), (found.fixed[1], found.fixed[3]), strict=False)
    ]
    if not letters:
        return found.text.replace("%", "%%")
    rows = [f"{'$' * found.fixed[0]}{found.top}", f"{'$' * found.fixed[2]}{found.bottom}"]
    cells = letters if found.kind == "columns" else [each + row for each, row in zip(letters, rows, strict=False)]
    return found.sheet.replace("%", "%%") + ":".join(cells)
