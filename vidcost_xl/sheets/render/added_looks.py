"""Looks of our cells put into the styles of a user's file: appended, never renumbered."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from lxml import etree
from openpyxl import Workbook

from vidcost_xl.sheets.layout.styles import paint
from vidcost_xl.sheets.package.edits.opened import WORKBOOK, Package
from vidcost_xl.sheets.package.edits.values import Edit, spliced
from vidcost_xl.sheets.package.elements import Element, appended, elements, with_attribute
from vidcost_xl.sheets.package.parts import MAIN, parse_xml, read_parts
from vidcost_xl.sheets.render.finish import ordered_fonts

#: Collections of a styles part whose members a cell's look names by number, with the attribute that does.
_PIECES: Final = (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId"))

#: Number formats below this are built in.
_FIRST_OWN_FORMAT: Final = 164

#: What comes before the collection in a styles part that has none.
_BEFORE: Final = {
    "numFmts": (),
    "dxfs": ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles"),
}


def looks(package: Package, wanted: Iterable[tuple[str, str | None]]) -> dict[tuple[str, str | None], int]:
    """Numbers of our named styles in the styles of a file, where they are appended if missing.

    Parameters
    ----------
    wanted : iterable of (str, str or None)
        Keys of `styles.STYLES`, each with a key of `styles.FORMATS` in place of the style's own.
    """
    book = Workbook()
    sheet: Any = book.worksheets[0]
    order = list(dict.fromkeys(wanted))
    for row, (style, form) in enumerate(order, start=1):
        paint(sheet.cell(row, 1), style, form)
    buffer = io.BytesIO()
    book.save(buffer)
    parts = read_parts(buffer.getvalue())
    cells = parse_xml(parts["xl/worksheets/sheet1.xml"]).iter(f"{{{MAIN}}}c")
    numbers = {look: int(cell.get("s", "0")) for look, cell in zip(order, cells, strict=True)}
    moved, _ = transplanted(package, parts["xl/styles.xml"])
    return {look: moved[number] for look, number in numbers.items()}


def transplanted(package: Package, source: bytes) -> tuple[dict[int, int], dict[int, int]]:
    """Append every look of another styles part to those of a file.

    Parameters
    ----------
    source : bytes
        A styles part that we wrote.

    Returns
    -------
    dict, dict
        Numbers of looks, and of conditional looks, there to their numbers here.
    """
    part = styles_part(package)
    theirs = _Styles(package.read(part), part)
    ours = parse_xml(ordered_fonts(source))
    maps = {name: theirs.numbered(name, _children(ours, name)) for name, _ in _PIECES}
    formats = theirs.formats({int(node.get("numFmtId")): node.get("formatCode") for node in _children(ours, "numFmts")})
    cells = []
    for node in _children(ours, "cellXfs"):
        for (name, key), old in ((each, int(node.get(each[1], "0"))) for each in _PIECES):
            node.set(key, str(maps[name][old]))
        node.set("numFmtId", str(formats.get(number := int(node.get("numFmtId", "0")), number)))
        node.set("xfId", "0")
        for shown in ("Font", "Fill", "Border", "NumberFormat", "Alignment", "Protection"):
            node.set(f"apply{shown}", "1")
        cells.append(node)
    moved = theirs.numbered("cellXfs", cells)
    conditional = theirs.numbered("dxfs", _children(ours, "dxfs"))
    package.write(part, theirs.content)
    return moved, conditional


def styles_part(package: Package) -> str:
    """The name of the styles part."""
    return next(each.target for each in package.relations(WORKBOOK) if each.kind == "styles")


class _Styles:
    """A styles part that grows at the ends of its collections."""

    def __init__(self, content: bytes, part: str) -> None:
        self.content, self.part = content, part
        self.namespace = elements(content, part, "styleSheet")[0].namespace

    def numbered(self, name: str, nodes: list[Any]) -> dict[int, int]:
        """Numbers of the members of a collection there to their numbers here; what is missing is appended."""
        known: dict[str, int] = {}
        for number, node in enumerate(_children(parse_xml(self.content), name)):
            known.setdefault(_canonical(node), number)
        added: list[bytes] = []
        count, found = self._count(name), {}
        for number, node in enumerate(nodes):
            key = _canonical(node)
            if key not in known:
                known[key] = count + len(added)
                added.append(self._written(node))
            found[number] = known[key]
        self._append(name, added, count)
        return found

    def formats(self, codes: Mapping[int, str]) -> dict[int, int]:
        """Numbers of number formats there to their numbers here."""
        here = {
            node.get("formatCode"): int(node.get("numFmtId")) for node in _children(parse_xml(self.content), "numFmts")
        }
        following = max([_FIRST_OWN_FORMAT - 1, *here.values()]) + 1
        added: list[bytes] = []
        found = {}
        for number, code in codes.items():
            if code not in here:
                here[code] = following
                node = etree.Element(f"{{{MAIN}}}numFmt", numFmtId=str(following), formatCode=code)
                added.append(self._written(node))
                following += 1
            found[number] = here[code]
        self._append("numFmts", added, self._count("numFmts"))
        return found

    def _collection(self, name: str) -> Element | None:
        return next((each for each in elements(self.content, self.part, name) if len(each.path) == 1), None)

    def _count(self, name: str) -> int:
        return len(_children(parse_xml(self.content), name))

    def _append(self, name: str, added: list[bytes], count: int) -> None:
        if not added:
            return
        held = self._collection(name)
        if held is None:
            self._insert_collection(name)
            held = self._collection(name)
        assert held is not None
        self.content = spliced(self.content, [appended(self.content, held, b"".join(added))])
        held = self._collection(name)
        assert held is not None
        self.content = spliced(self.content, [with_attribute(self.content, held, "count", str(count + len(added)))])

    def _insert_collection(self, name: str) -> None:
        whole = [each for each in elements(self.content, self.part) if len(each.path) <= 1]
        root = next(each for each in whole if not each.path)
        place = max([root.inner, *(each.end for each in whole if each.path and each.name in _BEFORE[name])])
        new = f'<{name} xmlns="{self.namespace}" count="0"></{name}>'.encode()
        self.content = spliced(self.content, [Edit(place, place, new)])

    def _written(self, node: Any) -> bytes:
        text = etree.tostring(node).decode()
        return text.replace(MAIN, self.namespace).encode()


def _children(root: Any, name: str) -> list[Any]:
    held = next((node for node in root if etree.QName(node).localname == name), None)
    return [] if held is None else list(held)


def _canonical(node: Any) -> str:
    inner = ",".join(_canonical(child) for child in node)
    values = ",".join(f"{key}={value}" for key, value in sorted(node.attrib.items()))
    return f"{etree.QName(node).localname}[{values}]({inner})"
