"""A workbook of ours against its template: what was deleted, renamed, overwritten or moved."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from vidcost_xl.areas import Spot
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.sheet_layout import Formula
from vidcost_xl.sheets.layout.styles import FORMATS
from vidcost_xl.sheets.plan.inputs import SWITCH
from vidcost_xl.sheets.plan.new import TEMPLATES
from vidcost_xl.sheets.plan.parts import EVERY, SCENARIOS, Parts, left_out, parts_in
from vidcost_xl.sheets.review.rules.contents import looks_like_number
from vidcost_xl.sheets.review.rules.findings import Finding, address
from vidcost_xl.sheets.review.rules.layout import STAMP, handed_off, is_ours
from vidcost_xl.sheets.review.rules.view import SheetView, WorkbookView

CREATOR: Final = "vidcost-xl"

#: Share of a template's names by which a workbook without a stamp is still recognised.
_ENOUGH: Final = 0.6

#: A key of one of several entries, such as representation.2.class.
_NUMBERED: Final = re.compile(r"\.\d+\.")

_CHECKS: Final = frozenset({FORMATS["flag"], FORMATS["flags"]})


@dataclass(frozen=True)
class _Input:
    """An input of a template: found by its workbook name, or by the key that stands in its row."""

    name: str
    is_key: bool
    label: str
    sheet: str
    spot: Spot
    key_column: int
    unit: str
    unit_column: int
    kind: Literal["number", "listed", "text", "open"]


def template_of(book: WorkbookView) -> str:
    """The template a workbook was made from; empty for a stranger's.

    Returns
    -------
    str
        A key of `TEMPLATES`.
    """
    stamped = book.creator == CREATOR or any(is_ours(sheet) for sheet in book.sheets.values())
    return template_named({name.name for name in book.book.defined if not name.sheet}, stamped=stamped)


def template_named(names: set[str], *, stamped: bool) -> str:
    """The template that has most of some workbook names; empty where none has enough.

    Parameters
    ----------
    stamped : bool
        Whether the workbook carries our stamp: then a few are enough.
    """
    known = {name.casefold() for name in names}
    share = {key: len(known & {name.casefold() for name in _names(key)}) / len(_names(key)) for key in TEMPLATES}
    best = max(share, key=lambda key: share[key])
    return best if share[best] >= (0.01 if stamped else _ENOUGH) else ""


def own_findings(book: WorkbookView, template: str) -> list[Finding]:
    """What differs from the template in a way that matters.

    Parameters
    ----------
    template : str
        A key of `TEMPLATES`.
    """
    parts = parts_in(name.name for name in book.book.defined)
    made = template_addresses(template, EVERY | (parts & {SCENARIOS}))
    found = [*_sheets(book, made, parts), *_checks(book), *_lost(book)]
    moved: dict[tuple[str, int, int], _Input] = {}
    handed = handed_off(book)
    for item, place in _places(book, made).items():
        if place is None:
            if handed and item.label == SWITCH:  # native formulas alone feed a hand-off
                continue
            what = f"the input {item.label!r} ({item.name}) of {item.sheet}!{address(item.spot)} was deleted"
            sheet = item.sheet if item.sheet in book.sheets else ""
            found.append(Finding("input-gone", sheet, (item.spot,), what))
            continue
        sheet, spot = place
        shift = (spot[0] - item.spot[0], spot[1] - item.spot[1])
        if shift != (0, 0):
            moved.setdefault((sheet, *shift), item)
        found += [*_input(book, item, sheet, spot), *_unit(book, item, sheet, spot)]
    for (sheet, rows, columns), item in moved.items():
        shifts = [f"{abs(n)} {what}{'s' * (abs(n) > 1)} {way}" for n, what, way in _ways(rows, columns) if n]
        spot = (item.spot[0] + rows, item.spot[1] + columns)
        what = f"{item.label!r} stands {' and '.join(shifts)} of {address(item.spot)}, where the template has it"
        found.append(Finding("cells-moved", sheet, (spot,), what))
    return found


def _ways(rows: int, columns: int) -> tuple[tuple[int, str, str], tuple[int, str, str]]:
    return (rows, "row", "below" if rows > 0 else "above"), (columns, "column", "right" if columns > 0 else "left")


@lru_cache(maxsize=4)
def template_addresses(template: str, parts: Parts) -> Addresses:
    """Where everything stands in a template as it is made."""
    return Addresses(TEMPLATES[template](price_book(), None, None, parts))


def _names(template: str) -> Mapping[str, str]:
    return template_addresses(template, EVERY).layout.names


@lru_cache(maxsize=4)
def _inputs(addresses: Addresses) -> tuple[_Input, ...]:
    named = {}
    for name, reference in addresses.layout.names.items():
        if ":" not in reference:
            named[addresses.position(reference.strip("{}"))] = name
    lists = {
        (sheet.name, key)
        for sheet in addresses.layout.sheets
        for key, rule in sheet.validations.items()
        if rule.allowed
    }
    found = []
    for position, row, entry in addresses.cells():
        sheet, at, column = position
        key = row.entries.get("key")
        is_keyed = key is not None and row.entries.get("value") is entry and isinstance(key.value, str)
        if entry.style != "input" or isinstance(entry.value, Formula) or not (position in named or is_keyed):
            continue
        columns = {own: addresses.position(f"{row.id}.{own}")[2] for own in row.entries}
        label = row.entries[min(columns, key=lambda own: columns[own])].value
        # Keys look like units.
        looks = (own for own, other in row.entries.items() if own == "unit" or (other.style == "unit" and own != "key"))
        unit = next(looks, "")
        kind: Literal["number", "listed", "text", "open"] = "text"
        if (sheet, entry.rule) in lists:
            kind = "listed"
        elif not isinstance(entry.value, str):
            kind = "number"
        elif entry.value == "":
            kind = "open"
        found.append(
            _Input(
                name=named[position] if position in named else str(key.value if key else ""),
                is_key=position not in named,
                label=str(label),
                sheet=sheet,
                spot=(at, column),
                key_column=columns.get("key", 0),
                unit=str(row.entries[unit].value) if unit else "",
                unit_column=columns.get(unit, 0),
                kind=kind,
            )
        )
    return tuple(found)


def _places(book: WorkbookView, made: Addresses) -> dict[_Input, tuple[str, Spot] | None]:
    """Where each input stands in a file; None for one that is gone."""
    items = _inputs(made)
    keyed = [item for item in items if item.is_key]
    wanted, homes = {item.name for item in keyed}, {item.sheet: item for item in keyed}
    declared = {sheet.name for sheet in made.layout.sheets}
    keys = {home: _keys(book, wanted, home, declared) for home in homes}
    present = {name.rpartition(".")[0] for _, spots in keys.values() for name in spots}
    found: dict[_Input, tuple[str, Spot] | None] = {}
    for item in items:
        # Which inputs are typed on Drivers depends on the plan; Inputs links to them.
        home = next((home for home in homes if item.is_key and item.name in keys[home][1]), "")
        if not item.is_key:
            found[item] = _named_place(book, item.name)
        elif home:
            sheet, spots = keys[home]
            row, column = spots[item.name]
            own = item if home == item.sheet else _moved_home(item, homes[home], row)
            found[own] = (sheet, (row, column + own.spot[1] - own.key_column))
        elif item.name.rpartition(".")[0] in present or not _NUMBERED.search(item.name):
            found[item] = None  # a whole numbered entry may be absent: a plan has one, two or more
    return found


def _moved_home(item: _Input, like: _Input, row: int) -> _Input:
    spot = (row, like.spot[1])
    return replace(item, sheet=like.sheet, spot=spot, key_column=like.key_column, unit_column=like.unit_column)


def _keys(book: WorkbookView, wanted: set[str], home: str, declared: Collection[str]) -> tuple[str, dict[str, Spot]]:
    # The sheet and column with most keys: its name and place may have changed.
    best: tuple[str, dict[str, Spot]] = ("", {})
    own = [home] if home in book.sheets else [name for name in book.sheets if name not in declared]
    for name in own:
        columns: dict[int, dict[str, Spot]] = {}
        for spot in book.sheets[name].cells:
            text = book.sheets[name].text(*spot)
            if text in wanted:
                columns.setdefault(spot[1], {}).setdefault(text, spot)
        for keys in columns.values():
            if len(keys) > len(best[1]):
                best = (name, keys)
    return best


def _named_place(book: WorkbookView, name: str) -> tuple[str, Spot] | None:
    areas = book.named_areas(name)
    found = book.name(name)
    if found is None or "#REF!" in found.text or len(areas) != 1 or not areas[0].is_cell:
        return None
    return areas[0].sheet, (areas[0].top, areas[0].left)


def _sheets(book: WorkbookView, made: Addresses, parts: Parts) -> Iterator[Finding]:
    accounted = left_out(parts) | set(book.sheets)
    for sheet in made.layout.sheets:
        if sheet.name not in accounted:
            stamped = [name for name, own in book.sheets.items() if is_ours(own)]
            known = {declared.name for declared in made.layout.sheets}
            renamed = [name for name in stamped if name not in known]
            what = f"the sheet {sheet.name} is gone" + (f"; perhaps it is {renamed[0]!r} now" if renamed else "")
            yield Finding("sheet-gone", renamed[0] if renamed else "", (), what, "sheet")


def _input(book: WorkbookView, item: _Input, sheet: str, spot: Spot) -> Iterator[Finding]:
    wrong = _wrong(book.sheets[sheet], spot, item)
    if wrong:
        yield Finding("bad-input", sheet, (spot,), f"{item.label!r} {wrong}")


def _wrong(sheet: SheetView, spot: Spot, item: _Input) -> str:
    cell = sheet.cells.get(spot)
    if cell is None:
        return "" if item.kind in {"open", "text"} else "is empty"
    value = sheet.value(cell)
    if sheet.is_formula(cell):
        return f"is computed by {sheet.formula(cell)[:60]}, where a value is typed"
    if sheet.is_error(cell):
        return f"holds the error {value}"
    if item.kind == "number" and isinstance(value, str):
        is_like = looks_like_number(value)
        return f"holds {'the number as text' if is_like else 'a text'}, {value[:30]!r}, where a number is needed"
    if item.kind == "listed" and not isinstance(value, str):
        return f"holds {value}, where a name from the list is needed"
    return ""


def _unit(book: WorkbookView, item: _Input, sheet: str, spot: Spot) -> Iterator[Finding]:
    if not item.unit or (item.is_key and item.kind != "number"):  # what a choice allows may grow
        return
    column = item.unit_column + spot[1] - item.spot[1]
    now = book.sheets[sheet].text(spot[0], column)
    if now.strip() != item.unit:
        what = f"the unit of {item.label!r} is {now!r}, in the template {item.unit!r}"
        yield Finding("unit-changed", sheet, ((spot[0], column),), what)


def _checks(book: WorkbookView) -> Iterator[Finding]:
    for sheet in book.sheets.values():
        if not is_ours(sheet):
            continue
        for cell in sheet.formulas:
            value = sheet.value(cell)
            if sheet.look(cell).format in _CHECKS and cell.row > sheet.setup.frozen[0] and value not in {0.0, None, ""}:
                label = next((sheet.text(cell.row, at) for at in range(1, cell.column) if sheet.text(cell.row, at)), "")
                yield Finding("own-check", sheet.name, (cell.spot,), f"the check of {label!r} shows {value}")


def _lost(book: WorkbookView) -> Iterator[Finding]:
    # A library that writes workbooks keeps formulas and drops what they were computed to.
    for sheet in book.sheets.values():
        spots = tuple(cell.spot for cell in sheet.formulas if sheet.value(cell) is None)
        if spots:
            yield Finding("lost-value", sheet.name, spots, f"{len(spots):,} formulas hold no value")


__all__ = ["STAMP", "own_findings", "template_of"]
