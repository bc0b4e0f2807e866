"""What formulas read, as far as they say so themselves: whatever they call, and whether they are computed here."""

from __future__ import annotations

from collections.abc import Iterable

from vidcost_xl.areas import Area, Place
from vidcost_xl.hosts.formulas import operands
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell
from vidcost_xl.sheets.formulas.references import reference
from vidcost_xl.sheets.formulas.resolver import Resolver, Untrusted


def precedents(resolver: Resolver, entries: Iterable[FormulaCell]) -> dict[Place, tuple[Area, ...]]:
    """The areas that each formula reads; names that stand for no area are none."""
    names: dict[tuple[str, ...], list[str]] = {}
    every: dict[tuple[str, int, int], dict[str, Area | None]] = {}
    found = {}
    for entry in entries:
        between, references = entry.apart
        if between not in names:
            names[between] = _names(entry.source)
        sheet, _, _, down, right = entry.place
        known = every.setdefault((sheet, down, right), {})
        read = []
        for text in references:
            if text not in known:
                known[text] = _area(resolver, text, entry)
            read.append(known[text])
        read += [_area(resolver, name, entry) for name in names[between]]
        found[entry.key] = tuple(area for area in read if area is not None)
    return found


def _names(formula: str) -> list[str]:
    try:
        return [text for text in operands(formula)[1::2] if not reference(text)]
    except ValueError:
        return []


def _area(resolver: Resolver, text: str, entry: FormulaCell) -> Area | None:
    try:
        found = resolver.resolve(text, entry.place)
    except Untrusted:
        return None
    return found if isinstance(found, Area) else None
