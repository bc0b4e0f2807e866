"""Well-known places of a workbook of ours: it names them itself, so people may move, rename and insert."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vidcost_xl.areas import Area, Place, column_letters
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.lines import STAGES
from vidcost_xl.sheets.formulas.formula_cells import filled
from vidcost_xl.sheets.formulas.resolver import Resolver, Standing, Untrusted
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout import places
from vidcost_xl.sheets.review.known_places import KnownPlaces, Pair
from vidcost_xl.sheets.review.older_places import older_places, older_switch

#: Ranges of a name, whose sheets may hold commas.
_RANGES: Final = re.compile(r"(?:'(?:[^']|'')*'|[^,'])+")


def known_places(contents: Contents, template: str) -> KnownPlaces:
    """The places of a workbook of ours.

    Parameters
    ----------
    template : str
        As `rules.ours.template_of` says.

    Raises
    ------
    BadArgumentError
        For a workbook that has lost one of them.
    """
    loaded = contents.named("engine_loaded")
    if loaded is None or loaded[0] not in contents.sheets:
        raise BadArgumentError(
            f"{contents.name} has lost the name engine_loaded, by which its formulas know what feeds them. Restore it, "
            "or start from a new workbook."
        )
    if not _names_places(contents):
        return older_places(contents, template, loaded)
    found = _Places(contents)
    months = found.areas(places.MONTHS) if template != "quick" else []
    return KnownPlaces(
        template,
        loaded,
        found.cell(places.MASTER, "check of the workbook"),
        found.cell(places.TOTAL, "total"),
        tuple(_stages(found)),
        tuple(key for area in months for key in _keys(area)),
        tuple(_pairs(found)),
        dict(_used(found)),
    )


def switch(contents: Contents) -> Place | None:
    """The cell that says what feeds the costs."""
    return contents.named(places.SWITCH) if _names_places(contents) else older_switch(contents)


def areas_of(contents: Contents, name: str) -> list[Area]:
    """The areas that a workbook name joins.

    Raises
    ------
    BadArgumentError
        For a name whose cells were deleted.
    """
    return _Places(contents).areas(name)


def _names_places(contents: Contents) -> bool:
    return any(name.startswith(places.PREFIX) for scope, name in contents.book.names if not scope)


class _Places:
    # What the workbook's own names point at now.
    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self._resolver = Resolver(contents.book)

    def areas(self, name: str) -> list[Area]:
        text = self.contents.book.names.get(("", name), "")
        try:
            found = [self._resolver.resolve(each, Standing("", 0, 0)) for each in _RANGES.findall(text)]
        except Untrusted:
            found = []
        areas = [area for area in found if isinstance(area, Area) and area.sheet in self.contents.sheets]
        if not areas or len(areas) < len(found):
            raise BadArgumentError(
                f"{self.contents.name} has lost what its name {name} points at (now {text or 'nothing'}). "
                "Restore the deleted rows or sheet, or start from a new workbook."
            )
        return areas

    def cell(self, name: str, what: str) -> Place:
        area, *others = self.areas(name)
        if others or not area.is_cell:
            raise BadArgumentError(f"{self.contents.name}: the name {name} must point at one cell, the {what}.")
        return area.sheet, area.top, area.left


def _stages(found: _Places) -> Iterator[tuple[str, Place]]:
    names = {name for scope, name in found.contents.book.names if not scope}
    for stage in STAGES:
        if places.stage(stage) in names:
            yield stage, found.cell(places.stage(stage), f"total of {stage}")


def _pairs(found: _Places) -> Iterator[Pair]:
    text = found.contents.text
    (engine,), (native,) = found.areas(places.ENGINE), found.areas(places.NATIVE)
    if engine.sheet == native.sheet:
        # A page: both sides of a line stand in one row, its stage and label in the first two columns.
        for ours, theirs in zip(_rows(engine), _rows(native), strict=True):
            label = text((ours.sheet, ours.top, 2)) or text((ours.sheet, ours.top, 1))
            yield Pair(label, label, tuple(_keys(ours)), tuple(_keys(theirs)))
        return
    # Two sheets: lines belong together by their label, for somebody may have put a row between those of one side.
    rows = {text((native.sheet, row.top, 1)): row for row in _rows(native)}
    for ours in _rows(engine):
        label, line = (text((engine.sheet, ours.top, column)) for column in (1, 2))
        if line and label in rows:
            yield Pair(line, label, tuple(_keys(ours)), tuple(_keys(rows[label])))


def _rows(area: Area) -> Iterator[Area]:
    return (Area(area.sheet, row, area.left, row, area.right) for row in range(area.top, area.bottom + 1))


def _keys(area: Area) -> Iterator[Place]:
    return ((area.sheet, *place) for place in filled(area))


def _used(found: _Places) -> Iterator[tuple[Place, str]]:
    if ("", places.USED) in found.contents.book.names:
        (native,) = found.areas(places.NATIVE)
        for area in found.areas(places.USED):
            yield from ((key, f"{column_letters(native.left)}{key[1]}") for key in _keys(area))
