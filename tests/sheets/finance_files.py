"""Workbooks changed as people change them after they were signed or handed off: through the XML, as Excel saves."""

from __future__ import annotations

import re

from openpyxl.utils.cell import coordinate_to_tuple

from vidcost_xl.sheets.formulas.copies import shifted
from vidcost_xl.sheets.formulas.formula_cells import orphaned, read_formula_cells
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.edits.cells import NewCell, put_cells
from vidcost_xl.sheets.package.edits.opened import opened
from vidcost_xl.sheets.package.parts import MAIN, parse_xml, read_parts, sheet_parts, to_xml, write_parts
from vidcost_xl.sheets.package.sheet_cells import read_sheet_cells, value_of
from vidcost_xl.sheets.package.workbook import Workbook

_REFERENCE = re.compile(
    r"(\"[^\"]*\")|(?:('[^']+'|[A-Za-z_][A-Za-z0-9_]*)!)?(\$?[A-Z]{1,3}\$?\d+)(?::(\$?[A-Z]{1,3}\$?\d+))?(?![\w(])"
)


def with_cells(data: bytes, cells: dict[tuple[str, str], float | str | bool | None]) -> bytes:
    """The file with values in cells, formulas there or not."""
    return _put(data, {key: NewCell(value) for key, value in cells.items()})


def with_formula(data: bytes, key: tuple[str, str], formula: str) -> bytes:
    """The file with another formula in a cell; nothing computed."""
    return _put(data, {key: NewCell(0.0, formula)})


def with_row(data: bytes, sheet: str, row: int, cells: dict[str, float | str]) -> bytes:
    """The file with a row inserted above `row`, and every reference moved as Excel moves it."""
    parts = read_parts(data)
    of_sheet = sheet_parts(parts)
    for name, part in of_sheet.items():
        root = parse_xml(parts[part])
        for node in root.iter(f"{{{MAIN}}}f"):
            node.text = _moved(node.text or "", name, sheet, row)
            if node.get("ref"):
                node.set("ref", _moved(node.get("ref"), name, sheet, row))
        if name == sheet:
            for held in root.iter(f"{{{MAIN}}}row"):
                number = int(held.get("r"))
                if number >= row:
                    held.set("r", str(number + 1))
                    for cell in held:
                        cell.set("r", re.sub(r"\d+", str(number + 1), cell.get("r")))
        parts[part] = to_xml(root)
    book = parse_xml(parts["xl/workbook.xml"])
    for node in book.iter(f"{{{MAIN}}}definedName"):
        node.text = _moved(node.text, "", sheet, row)
    parts["xl/workbook.xml"] = to_xml(book)
    return with_cells(write_parts(parts), {(sheet, f"{column}{row}"): value for column, value in cells.items()})


def renamed(data: bytes, old: str, new: str) -> bytes:
    """The file with another name of a sheet, in every formula and name, as Excel renames."""
    parts = read_parts(data)
    pattern = re.compile(rb"(?<![\w'#])" + old.encode() + rb"!")
    formulas = re.compile(rb"<(f|definedName|formula1?)\b[^>]*>[^<]*<")
    for part in [*sheet_parts(parts).values(), "xl/workbook.xml"]:
        parts[part] = formulas.sub(lambda match: pattern.sub(new.encode() + b"!", match[0]), parts[part])
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(f'name="{old}"'.encode(), f'name="{new}"'.encode())
    return write_parts(parts)


def _put(data: bytes, cells: dict[tuple[str, str], NewCell]) -> bytes:
    package = opened(data, "test")
    book = Workbook(Archive(data, "test"))
    for sheet in {sheet for sheet, _ in cells}:
        mine = {coordinate_to_tuple(address): cell for (name, address), cell in cells.items() if name == sheet}
        content = package.read(book.sheets[sheet])
        others: dict[tuple[int, int], NewCell] = {}
        if any(b'<c r="%s"' % address.encode() in _firsts(content) for name, address in cells if name == sheet):
            # Excel leaves no copy without a formula where the first cell of a shared one is typed over.
            entries = read_formula_cells([read_sheet_cells(book, sheet)])
            for entry in orphaned(entries, {(sheet, *place) for place in mine}):
                kept = value_of(entry.cell, book.texts)
                others[entry.key[1:]] = NewCell(kept, shifted(entry.source, *entry.place[3:]))
        package.write(book.sheets[sheet], put_cells(content, sheet, mine | others))
    return package.data()


def _firsts(content: bytes) -> set[bytes]:
    return set(re.findall(rb'(<c r="[A-Z]+[0-9]+")[^>]*><f t="shared" ref=', content))


def _moved(text: str, own: str, sheet: str, row: int) -> str:
    def place(address: str) -> str:
        return re.sub(r"\d+", lambda number: str(int(number[0]) + (int(number[0]) >= row)), address)

    def reference(match: re.Match[str]) -> str:
        if match[1] is not None or (match[2] or own).strip("'") != sheet:
            return match[0]
        ends = [place(end) for end in (match[3], match[4]) if end]
        return (f"{match[2]}!" if match[2] else "") + ":".join(ends)

    return _REFERENCE.sub(reference, text)
