"""What is known of the places of a workbook: its total, stages, months, and the lines that are computed twice."""

from __future__ import annotations

from dataclasses import dataclass

from vidcost_xl.areas import Place


@dataclass(frozen=True)
class Pair:
    """One line of the bill, computed twice.

    Parameters
    ----------
    engine, native : tuple of Place
        Month by month, or one cell of a page without months.
    """

    id: str
    label: str
    engine: tuple[Place, ...]
    native: tuple[Place, ...]


@dataclass(frozen=True)
class KnownPlaces:
    """Places of a workbook.

    Parameters
    ----------
    loaded, master : Place
        Says whether the functions answer; the check of the workbook.
    total : Place
        What the plan costs in all.
    stages : tuple of (str, Place)
        Totals by stage.
    months : tuple of Place
        Totals by month; empty for a page without months.
    used : dict of Place to str
        Cells that take the functions where they answer, and the native cell behind each.
    """

    template: str
    loaded: Place
    master: Place
    total: Place
    stages: tuple[tuple[str, Place], ...]
    months: tuple[Place, ...]
    pairs: tuple[Pair, ...]
    used: dict[Place, str]
