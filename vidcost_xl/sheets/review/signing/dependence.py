"""Cells that say something else where the add-in is absent: a reviewer's recalculation is no change of theirs."""

from __future__ import annotations

from vidcost_xl.areas import Place
from vidcost_xl.sheets.formulas.dependents import with_dependents
from vidcost_xl.sheets.formulas.formula_cells import filled
from vidcost_xl.sheets.formulas.precedents import precedents
from vidcost_xl.sheets.formulas.resolver import Resolver
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.plan.row_names import GATE
from vidcost_xl.sheets.review.known_places import KnownPlaces


def depends_on_addin(contents: Contents, marks: KnownPlaces) -> frozenset[Place]:
    """Cells of our functions and everything that reads them, up to where native figures take over.

    Returns
    -------
    frozenset of Place
        With the cells that answers spill over.
    """
    ours = {key: "calls the add-in" for key in contents.entries if contents.calls_us(key)}
    if not ours:
        return frozenset()
    gates = set(marks.used) | {key for key in contents.entries if contents.formula(key).startswith(GATE)}
    entries = {key: entry for key, entry in contents.entries.items() if key not in gates}
    reads = precedents(Resolver(contents.book), entries.values())
    found = set(with_dependents(ours, entries, reads))
    for key in ours:
        found |= {(key[0], *place) for place in filled(contents.entries[key].fills)}
    return frozenset(found)
