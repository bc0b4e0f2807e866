"""Names by which a workbook of ours knows its own places: hidden from view, kept by Excel when rows move.

A name is one range, or several that `PART` joins. People see and use the other names of the workbook.
"""

from __future__ import annotations

from typing import Final

#: Start of all of them; the rules do not count a name that starts so as something hidden.
PREFIX: Final = "vidcost_at_"

#: The check of the workbook, what it costs in all, and the same month by month.
MASTER: Final = f"{PREFIX}master"
TOTAL: Final = f"{PREFIX}total"
MONTHS: Final = f"{PREFIX}months"

#: The cell that says what feeds the costs.
SWITCH: Final = f"{PREFIX}switch"

#: Rows of the bill, computed twice: amounts of all months by the functions and by native formulas.
ENGINE: Final = f"{PREFIX}engine"
NATIVE: Final = f"{PREFIX}native"

#: Cells that take the functions where they answer, and the native formula in the same row otherwise.
USED: Final = f"{PREFIX}used"

#: Rows that the printed book has only where something stands in them.
FILLED: Final = f"{PREFIX}filled"

#: Rows of workings on a sheet of results, which the printed book does not have.
STEPS: Final = f"{PREFIX}steps"

#: Between the ranges of a name.
PART: Final = ","


def stage(name: str) -> str:
    """The name of a stage's total."""
    return f"{PREFIX}stage_{name}"
