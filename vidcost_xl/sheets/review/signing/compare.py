"""A record against a workbook: rows found again, then cell by cell what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from openpyxl.utils import get_column_letter

from vidcost_xl.areas import Place
from vidcost_xl.digits import TOLERANCE
from vidcost_xl.sheets.formulas.view import Contents, canonical
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.review.signing.record import NAMES, RowRecord, SignedCell, rounded
from vidcost_xl.sheets.review.signing.row_maps import SheetMap, mapped, paired, relocated, row_labels

Kind = Literal[
    "input", "price", "formula", "overwrite", "text", "result", "inserted row", "deleted row", "sheet", "name"
]


@dataclass(frozen=True)
class Change:
    """One thing that differs from what was signed.

    Parameters
    ----------
    sheet, cell, label : str
        Where it is now.
    old, new : str
        As people read it.
    back : dict of Place to SignedCell
        What would have to stand where for it to be undone; None for a blank.
    """

    kind: Kind
    sheet: str
    cell: str
    label: str
    old: str
    new: str
    back: Mapping[Place, SignedCell | None] = field(default_factory=dict)


def changes(
    contents: Contents, records: tuple[RowRecord, ...], passed_over: frozenset[Place], own: str
) -> list[Change]:
    """What differs between a record and a workbook.

    Parameters
    ----------
    contents : Contents
        Of now, computed.
    passed_over : frozenset of Place
        Cells of now that the record does not hold.
    own : str
        The sheet of the record.

    Returns
    -------
    list of Change
        Causes; results that only follow are not among them.
    """
    by_sheet: dict[str, dict[int, dict[int, SignedCell]]] = {}
    labels: dict[str, dict[int, str]] = {}
    names: dict[str, str] = {}
    for record in records:
        if record.sheet == NAMES:
            names[record.label] = str(record.runs[0][1])
        else:
            by_sheet.setdefault(record.sheet, {}).setdefault(record.row, {}).update(record.cells)
            labels.setdefault(record.sheet, {}).setdefault(record.row, record.label)
    present = [name for name in contents.sheets if name != own]
    now_labels = {name: row_labels(contents, name, passed_over) for name in present}
    pairs = paired(labels, now_labels)
    maps = {old: mapped(old, new, labels[old], now_labels[new]) for old, new in pairs.items() if new is not None}
    found: list[Change] = []
    for old, new in pairs.items():
        if new is None:
            found.append(Change("sheet", old, "", "", f"sheet {old}", "gone"))
        elif new != old:
            found.append(Change("sheet", new, "", "", f"sheet {old}", f"renamed {new}"))
    found += [
        Change("sheet", name, "", "", "", f"sheet {name} added") for name in present if name not in pairs.values()
    ]
    moves = maps if any(each.is_moved for each in maps.values()) else {}
    for old, sheet_map in maps.items():
        found += _sheet_changes(contents, sheet_map, by_sheet[old], moves, passed_over)
    found += _name_changes(contents, names, moves)
    # What the functions answer follows from the rest; it is a change of its own only where nothing else is.
    causes = [change for change in found if change.kind != "result"]
    return causes or found


def _sheet_changes(
    contents: Contents,
    sheet_map: SheetMap,
    before: Mapping[int, Mapping[int, SignedCell]],
    maps: Mapping[str, SheetMap],
    passed_over: frozenset[Place],
) -> Iterator[Change]:
    sheet = contents.sheets[sheet_map.new]
    now: dict[int, list[int]] = {}
    for row, column in sheet.places:
        now.setdefault(row, []).append(column)
    for row in sheet_map.inserted:
        held = {
            (sheet_map.new, row, column): None
            for column in now.get(row, [])
            if contents.value((sheet_map.new, row, column)) is not None
        }
        text = ", ".join(str(contents.value(key)) for key in held)
        yield Change(
            "inserted row", sheet_map.new, f"{row}:{row}", _label(contents, sheet_map.new, row), "", text, held
        )
    for row in sheet_map.deleted:
        values = [each.value for each in before[row].values() if each.value is not None]
        yield Change(
            "deleted row", sheet_map.old, f"{row}:{row}", str(values[0]) if values else "", _listed(values), ""
        )
    for old_row, new_row in sheet_map.rows.items():
        columns = sorted({*before[old_row], *now.get(new_row, [])})
        for column in columns:
            key = (sheet_map.new, new_row, column)
            if key not in passed_over:
                yield from _cell_changes(contents, key, before[old_row].get(column), sheet_map.old, maps)


def _cell_changes(
    contents: Contents, key: Place, old: SignedCell | None, sheet: str, maps: Mapping[str, SheetMap]
) -> Iterator[Change]:
    formula, value = contents.formula(key), contents.value(key)
    if old is None and not formula and value is None:
        return
    was = (
        old if old is None or not (maps and old.formula) else SignedCell(relocated(old.formula, sheet, maps), old.value)
    )

    def change(kind: Kind, old_text: str, new_text: str) -> Change:
        cell = f"{get_column_letter(key[2])}{key[1]}"
        label = _label(contents, key[0], key[1])
        return Change(kind, key[0], cell, label, old_text, new_text, {key: was})

    if was is not None and was.formula:
        if not formula:
            yield change("overwrite", f"={was.formula}", _said(value))
        elif formula != was.formula:
            yield change("formula", f"={was.formula}", f"={formula}")
        elif "VIDEO_" in formula and not _close(was.value, value):
            yield change("result", _said(was.value), _said(value))
        return
    before = was.value if was else None
    if key in contents.spilled:
        if not _close(before, value):
            yield change("result", _said(before), _said(value))
        return
    if formula:
        yield change("formula", _said(before), f"={formula}")
    elif not _same(before, value):
        yield change(_kind(contents, key, before, value), _said(before), _said(value))


def _kind(contents: Contents, key: Place, before: CellValue | None, value: CellValue | None) -> Kind:
    sheet = contents.sheets[key[0]]
    cell = sheet.places.get(key[1:])
    if cell is not None and contents.is_input(cell):
        return "input"
    if contents.text((key[0], 1, 1)).startswith("Prices"):
        return "price"
    return "text" if isinstance(value, str) and isinstance(before, str) else "input"


def _name_changes(contents: Contents, names: Mapping[str, str], maps: Mapping[str, SheetMap]) -> Iterator[Change]:
    now = {
        name: canonical(text)
        for (scope, name), text in contents.book.names.items()
        if not scope and not name.startswith("_xlnm")
    }
    for name in sorted({*names, *now}):
        old, new = relocated(names.get(name, ""), "", maps), now.get(name, "")
        if old != new:
            yield Change("name", "", "", name, old or "not there", new or "gone")


def _label(contents: Contents, sheet: str, row: int) -> str:
    return next((text for column in range(1, 8) if (text := contents.text((sheet, row, column)))), "")


def _same(old: CellValue | None, new: CellValue | None) -> bool:
    return type(old) is type(rounded(new)) and old == rounded(new)


def _close(old: CellValue | None, new: CellValue | None) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return abs(old - new) <= TOLERANCE * max(1.0, abs(old))
    return type(old) is type(new) and str(old) == str(new)


def _said(value: CellValue | None) -> str:
    if value is None:
        return "blank"
    return f"{value:.12g}" if type(value) is float else str(value)


def _listed(values: Sequence[CellValue | None]) -> str:
    return ", ".join(_said(value) for value in values)
