"""What each change does to the plan's total: computed again with that one change undone.

The total is that of the native formulas, which is what a reviewer recomputes: a price that is
typed over, or a native formula, does nothing to what the functions of the add-in answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from vidcost_xl.areas import Area, Place
from vidcost_xl.hosts.formualizer import to_engine
from vidcost_xl.sheets.calc.engine import GAVE_UP, computed, prepared_formulas
from vidcost_xl.sheets.calc.outcome import Kept
from vidcost_xl.sheets.formulas.formula_cells import FormulaCell
from vidcost_xl.sheets.formulas.resolver import Standing, Untrusted
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.review.known_places import KnownPlaces
from vidcost_xl.sheets.review.signing.compare import Change
from vidcost_xl.sheets.review.signing.record import SignedCell

#: Changes that are undone one by one; with more of them the rest is one figure.
MOST_UNDONE: Final = 200


@dataclass(frozen=True)
class Effects:
    """The change of a total, change by change.

    Parameters
    ----------
    signed, now : float
        Reporting currency.
    each : tuple of float or None
        What each change adds to the total, given all others; None where it could not be undone.
    """

    signed: float
    now: float
    each: tuple[float | None, ...]

    @property
    def together(self) -> float:
        """What the changes do only together, and what could not be undone: makes the sum exact."""
        return (self.now - self.signed) - sum(effect for effect in self.each if effect is not None)


class Session:
    """A workbook in the embedded engine, in which cells are changed for a moment.

    Parameters
    ----------
    kept : Kept, optional
        The engine that computed it.
    """

    def __init__(self, contents: Contents, marks: KnownPlaces, kept: Kept | None = None) -> None:
        self._contents, self._total = contents, marks.total
        self._workbook, self._preparer, self._prepared = _computed(contents) if kept is None else kept
        self._native: dict[Place, str] = {key: f"={cell}" for key, cell in marks.used.items()}
        if chosen := contents.named("use_engine"):
            self._native[chosen] = "=FALSE"
        for key, text in self._native.items():
            self._workbook.sheet(key[0]).set_formula(key[1], key[2], text)
        self._workbook.evaluate_all()

    def total(self) -> float | None:
        """What the plan costs now; None where it is no number."""
        value = self._workbook.get_value(*self._total)
        return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def without(self, change: Change) -> float | None:
        """What the plan costs with one change undone; None where that cannot be computed."""
        found = self._undone(change)
        if found is None and change.kind == "inserted row":
            # A total that counts its lines refuses a blank one: then its amounts are taken as 0.
            zero = {key: SignedCell("", 0.0) for key in change.back if isinstance(self._contents.value(key), float)}
            found = self._undone(replace(change, back=zero))
        return found

    def _undone(self, change: Change) -> float | None:
        texts = {}
        try:
            for key, held in change.back.items():
                texts[key] = self._text(key, held) if held is not None and held.formula else None
        except Untrusted:
            return None
        for key, held in change.back.items():
            self._put(key, texts[key], held)
        self._workbook.evaluate_all()
        found = self.total()
        for key in change.back:
            ready = self._prepared.get(key)
            text = self._native.get(key, ready.text if ready else None)
            self._put(key, text, SignedCell("", self._contents.value(key)))  # computed with the next change
        return found

    def _text(self, key: Place, held: SignedCell) -> str:
        cell = self._contents.sheets[key[0]].places.get(key[1:]) or self._contents.sheets[key[0]].cells[0]
        entry = FormulaCell(
            key, cell, Area(key[0], key[1], key[2], key[1], key[2]), False, held.formula, Standing(*key)
        )
        return self._preparer.prepare(entry).text

    def _put(self, key: Place, text: str | None, held: SignedCell | None) -> None:
        if text is not None:
            self._workbook.sheet(key[0]).set_formula(key[1], key[2], text)
        else:
            value = None if held is None or held.value is None else to_engine(held.value)
            self._workbook.set_value(*key, value)


def _computed(contents: Contents) -> Kept:
    sheets = list(contents.sheets.values())
    formulas = prepared_formulas(contents.book, sheets, contents.entries)
    evaluated = computed(contents.book, sheets, formulas.ready, formulas.preparer)
    return Kept(evaluated.workbook, formulas.preparer, formulas.ready)


def effects(
    contents: Contents, marks: KnownPlaces, signed: float, changes: list[Change], kept: Kept | None = None
) -> Effects:
    """What each change does to the total.

    Parameters
    ----------
    contents : Contents
        Of now.
    marks : KnownPlaces
        Of it.
    signed : float
        The total when it was signed.
    kept : Kept, optional
        The engine that computed the workbook; another one does it again when not given.
    """
    total = contents.value(marks.total)
    stored = total if isinstance(total, float) else math.nan
    if not changes:
        return Effects(signed, stored, ())
    try:
        session = Session(contents, marks, kept)
    except GAVE_UP:
        return Effects(signed, stored, (None,) * len(changes))
    computed_total = session.total()
    now = math.nan if computed_total is None else computed_total
    each: list[float | None] = []
    for at, change in enumerate(changes):
        undone = session.without(change) if change.back and at < MOST_UNDONE else None
        each.append(None if undone is None else now - undone)
    return Effects(signed, now, tuple(each))
