"""What is known of the places of a workbook: its total, stages, months, and the lines that are computed twice."""

from __future__ import annotations

from dataclasses import dataclass

from vidcost_xl.sheets.formulas.formula_cells import Key


@dataclass(frozen=True)
class Pair:
    """One line of the bill, computed twice.

    Parameters
    ----------
    engine, native : tuple of Key
        Month by month, or one cell of a page without months.
    """

    id: str
    label: str
    engine: tuple[Key, ...]
    native: tuple[Key, ...]


@dataclass(frozen=True)
class Landmarks:
    """Places of a workbook.

    Parameters
    ----------
    loaded, master : Key
        Says whether the functions answer; the check of the workbook.
    total : Key
        What the plan costs in all.
    stages : tuple of (str, Key)
        Totals by stage.
    months : tuple of Key
        Totals by month; empty for a page without months.
    used : dict of Key to str
        Cells that take the functions where they answer, and the native cell behind each.
    """

    template: str
    loaded: Key
    master: Key
    total: Key
    stages: tuple[tuple[str, Key], ...]
    months: tuple[Key, ...]
    pairs: tuple[Pair, ...]
    used: dict[Key, str]
