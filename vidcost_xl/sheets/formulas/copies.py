"""A formula and its copies: the pieces that differ between them, and how it reads some cells further."""

from __future__ import annotations

import re
from typing import Final

from vidcost_xl.sheets.formulas.references import CELLS, moved

#: Texts, which are passed over, and references to cells, which are not part of a longer name or reference.
PIECES: Final = re.compile(rf'"(?:[^"]|"")*"|(?<![\w.$!\'\]:\[\\])(?P<cells>{CELLS.pattern})(?![\w.(!:$\[\\#])')


def shifted(formula: str, down: int, right: int) -> str:
    """A formula as it reads that many cells further: what is relative moves along."""
    if not (down or right):
        return formula
    return PIECES.sub(lambda match: match[0] if match["cells"] is None else moved(match[0], down, right), formula)
