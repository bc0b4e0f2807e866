"""Single cells of a user's sheet written anew or put in; all others keep their bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple

from vidcost_xl.sheets.package.edits.values import Edit, encoded, spliced, tag_at, tag_with
from vidcost_xl.sheets.package.elements import Element, Opened, appended, elements, written
from vidcost_xl.sheets.package.parts import CellValue


@dataclass(frozen=True)
class NewCell:
    """What a cell becomes.

    Parameters
    ----------
    value : float, str, bool, ExcelError or None
        What it holds, or what its formula gave; None for nothing.
    formula : str
        Without its equals sign; empty for none.
    look : int, optional
        Number of its look; the present one stays when not given.
    """

    value: CellValue | None = None
    formula: str = ""
    look: int | None = None


def put_cells(content: bytes, part: str, cells: Mapping[tuple[int, int], NewCell]) -> bytes:
    """A sheet part with some cells written anew, where they are or where they belong.

    Parameters
    ----------
    part : str
        How messages call it.
    cells : mapping
        By row and column, from 1.
    """
    wanted: dict[int, dict[int, NewCell]] = {}
    for (row, column), new in cells.items():
        wanted.setdefault(row, {})[column] = new

    def counts(name: str, around: list[Opened]) -> bool:
        number = around[-1].attributes.get("r") if name == "c" and around else None
        return number is None or int(number) in wanted

    found = elements(content, part, "sheetData", "row", "c", counts=counts)
    data = next(each for each in found if each.name == "sheetData")
    rows: dict[int, Element] = {}
    held: dict[int, dict[int, Element]] = {}
    number = 0
    for each in sorted(found, key=lambda one: one.start):
        if each.name == "row":
            number = int(each.attributes.get("r", number + 1))
            rows[number] = each
        elif each.name == "c" and number in wanted:
            of_row = held.setdefault(number, {})
            address = each.attributes.get("r")
            of_row[coordinate_to_tuple(address)[1] if address else max(of_row, default=0) + 1] = each
    edits: list[Edit] = []
    below = b""
    for number, mine in sorted(wanted.items()):
        if number in rows:
            edits += _into_row(content, number, rows[number], held.get(number, {}), mine)
            continue
        inside = b"".join(_written(number, column, mine[column], None) for column in sorted(mine))
        whole = f'<row r="{number}">'.encode() + inside + b"</row>"
        later = min((at for at in rows if at > number), default=0)
        if later:
            edits.append(Edit(rows[later].start, rows[later].start, whole))
        else:
            below += whole
    if below:
        edits.append(appended(content, data, below))
    return spliced(content, _joined(edits))


def _into_row(
    content: bytes, number: int, row: Element, held: Mapping[int, Element], mine: Mapping[int, NewCell]
) -> list[Edit]:
    edits, tail = [], b""
    for column in sorted(mine):
        there = held.get(column)
        if there is not None:
            edits.append(Edit(there.start, there.end, _written(number, column, mine[column], there)))
            continue
        new = _written(number, column, mine[column], None)
        later = min((at for at in held if at > column), default=0)
        if later:
            edits.append(Edit(held[later].start, held[later].start, new))
        else:
            tail += new
    if tail:
        edits.append(appended(content, row, tail))
    # Cells beyond the span that a row states are not read by every program.
    if "spans" in row.attributes and not row.is_empty:
        tag = tag_at(content, row.start)
        left, _, right = row.attributes["spans"].partition(":")
        wider = f"{min(int(left), *mine)}:{max(int(right or left), *mine)}"
        edits.append(Edit(tag.start(), tag.end(), tag_with(tag, b"spans", wider.encode())))
    return edits


def _joined(edits: list[Edit]) -> list[Edit]:
    # Several cells or rows put in at one place are one edit, in their order.
    together: dict[tuple[int, int], bytes] = {}
    for edit in edits:
        together[edit.start, edit.end] = together.get((edit.start, edit.end), b"") + edit.new
    return [Edit(start, end, new) for (start, end), new in together.items()]


def _written(row: int, column: int, new: NewCell, old: Element | None) -> bytes:
    look = new.look if new.look is not None else (old.attributes.get("s") if old else None)
    attributes: dict[str, object] = {"r": f"{get_column_letter(column)}{row}"}
    if look is not None:
        attributes["s"] = look
    if new.value is None and not new.formula:
        return written("c", attributes)
    kind, text = encoded(new.value) if new.value is not None else (b"n", b"")
    if kind != b"n":
        attributes["t"] = kind.decode()
    inside = written("f", {}, new.formula) if new.formula else b""
    inside += b"<v>" + text + b"</v>" if new.value is not None else b""
    return written("c", attributes)[:-2] + b">" + inside + b"</c>"
