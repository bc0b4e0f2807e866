"""What a formula may need to know of its workbook, and the formula as the engine parses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import formualizer

from vidcost_xl.areas import Area
from vidcost_xl.sheets.formulas.resolver import Node, Resolver, Untrusted


@dataclass(frozen=True)
class Surroundings:
    """What a formula may need to know of its workbook.

    Parameters
    ----------
    from_1904 : bool
        Whether the workbook counts days from 1904.
    last_rows : dict of str to int
        The last row with a cell, by sheet: whole columns end there for our functions.
    spills : dict
        What arrays fill, by the sheet, row and column of their first cell.
    """

    resolver: Resolver
    from_1904: bool = False
    last_rows: Mapping[str, int] = field(default_factory=dict)
    spills: Mapping[tuple[str, int, int], Area] = field(default_factory=dict)

    def ended(self, area: Area) -> Area:
        """An area without the rows below the last with a cell: a blank column would arrive as a million of them."""
        last = max(self.last_rows.get(area.sheet, 1), area.top)
        return area._replace(bottom=min(area.bottom, last))

    def filled(self, anchor: Area | None) -> Area:
        """What the array of a cell fills; raises `Untrusted` for a cell that has none."""
        found = self.spills.get((anchor.sheet, anchor.top, anchor.left)) if anchor else None
        if found is None:
            raise Untrusted("reads a spilled range (#) whose first cell spills nothing")
        return found


def parsed(text: str) -> Node:
    """A formula as the engine parses it.

    Raises
    ------
    Untrusted
        For a text that it cannot parse.
    """
    try:
        node: Node = formualizer.parse(f"={text}").to_dict()
    except Exception as error:
        raise Untrusted(f"cannot be read here: {error}") from None
    return node
