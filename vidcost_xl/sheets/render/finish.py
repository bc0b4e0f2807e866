"""Completing what openpyxl leaves out.

openpyxl writes formulas without values and asks for a recalculation on opening; without
the add-in Excel would then turn every function cell into #NAME?. `finish` puts the values
in, marks engine cells as dynamic arrays of one cell, and fixes every date, so that the
same workbook is the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from lxml import etree
from openpyxl.utils.cell import range_boundaries

from vidcost_xl.areas import Address
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.package.edits.values import encoded, number
from vidcost_xl.sheets.package.parts import MAIN, RELATION, CellValue, parse_xml, sheet_parts, to_xml, write_parts

PACKAGE_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
TERMS: Final = "http://purl.org/dc/terms/"
#: The calculation engine of Excel 2019 and later; a current one keeps Excel from recalculating on opening.
CALCULATION_ID: Final = "191029"

_METADATA: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<metadata xmlns="{MAIN}" xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray">'
    '<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" '
    'pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" '
    'coerce="1" cellMeta="1"/></metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst>'
    '<ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext>'
    '</extLst></bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
).encode()
_CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
#: How a cell begins, as openpyxl and `sheet_data` write it, and what follows the style of a formula or a text.
_CELL: Final = b'<c r="'
_FORMULA: Final = b"><f"
_END: Final = b"</f></c>"
#: What openpyxl writes behind a formula.
_NO_VALUE: Final = b"</f><v></v></c>"
_INSIDE: Final = b' t="inlineStr"><is>'
#: A cell without a formula: address, style.
_PLAIN: Final = re.compile(rb'<c r="([A-Z]+\d+)"((?: s="\d+")?)(?: t="\w+")?\s*(?:/>|>(?!<f).*?</c>)', re.DOTALL)
#: A text that reads as it is written.
_AS_WRITTEN: Final = re.compile(rb'<t(?: xml:space="preserve")?>([^<&\r]*)</t>')
_FONT_ORDER: Final = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name"),
    *("family", "charset", "scheme"),
)


def finish(
    parts: dict[str, bytes],
    values: Mapping[Address, CellValue],
    engine_cells: Mapping[Address, str],
    as_of: date,
    shown: Callable[[str, int, int], CellValue | None],
) -> bytes:
    """Complete a workbook that openpyxl wrote.

    Parameters
    ----------
    parts : dict of str to bytes
        Its parts, which become those of the file: a second copy would be the most memory of all.
    values : mapping
        The value of every formula cell, by (sheet, address).
    engine_cells : mapping
        Cells that call the add-in, and the range that the answer of each fills.
    as_of : date
        Stands for every date of the file itself.
    shown : callable
        Sheet, row, column to what the cell shows, for the values kept inside charts.

    Raises
    ------
    KeyError
        For a formula cell without a value.
    ValueError
        For a formula cell that is written in another way than openpyxl does.
    """
    texts: dict[str, int] = {}
    spilled_over = {sheet for (sheet, _), filled in engine_cells.items() if ":" in filled}
    for sheet, part in sheet_parts(parts).items():
        content = parts[part]
        if sheet in spilled_over:
            content = _with_spilled(content, sheet, values)
        parts[part] = _with_shared_texts(_with_values(content, sheet, values, engine_cells), texts)
    _add_part(parts, "sharedStrings", _shared_texts(texts))
    if engine_cells:
        _add_part(parts, "metadata", _METADATA)
    parts["xl/styles.xml"] = ordered_fonts(parts["xl/styles.xml"])
    _settle_calculation(parts)
    _fix_dates(parts, as_of)
    for part in [name for name in parts if name.startswith("xl/charts/chart")]:
        parts[part] = with_chart_values(parts[part], shown)
    return write_parts(parts)


def _with_spilled(content: bytes, sheet: str, values: Mapping[Address, CellValue]) -> bytes:
    # What an answer spills over, as plain values.
    def filled(match: re.Match[bytes]) -> bytes:
        value = values.get((sheet, match[1].decode()))
        if value is None:
            return match[0]
        kind, text = encoded(value)
        return b'<c r="%s"%s%s><v>%s</v></c>' % (match[1], match[2], _typed(kind), text)

    return _PLAIN.sub(filled, content)


def _with_values(
    content: bytes, sheet: str, values: Mapping[Address, CellValue], engine_cells: Mapping[Address, str]
) -> bytes:
    # Tens of thousands of formulas: cut behind each, a part needs no search for cells.
    *pieces, end = content.replace(_NO_VALUE, _END).split(_END)
    if len(pieces) != content.count(b"<f>") + content.count(b"<f "):
        raise ValueError(f"{sheet} has formula cells that are written otherwise; they would stay without a value")
    done: list[bytes] = []
    for piece in pieces:
        start = piece.rindex(_CELL) + len(_CELL)
        key = (sheet, piece[start : piece.index(b'"', start)].decode())
        value = values[key]
        if type(value) is float and key not in engine_cells:  # nearly every formula
            done += (piece, b"</f><v>", number(value).encode(), b"</v></c>")
            continue
        kind, text = encoded(value)
        head, _, formula = piece.rpartition(_FORMULA)
        is_array = key in engine_cells
        opening = b' cm="1"><f t="array" ref="%s"' % engine_cells[key].encode() if is_array else _FORMULA
        done += (head, _typed(kind), opening, formula, b"</f><v>", text, b"</v></c>")
    done.append(end)
    return b"".join(done)


def _typed(kind: bytes) -> bytes:
    return b"" if kind == b"n" else b' t="%s"' % kind


def _with_shared_texts(content: bytes, texts: dict[str, int]) -> bytes:
    # openpyxl writes texts inside their cells, which Excel rewrites on the first save.
    first, *pieces = content.split(_INSIDE)
    done = [first]
    for piece in pieces:
        inside, _, rest = piece.partition(b"</is>")
        plain = _AS_WRITTEN.fullmatch(inside)
        text = plain[1].decode() if plain else "".join(map(str, etree.fromstring(b"<is>%s</is>" % inside).itertext()))
        done += (b' t="s"><v>%d</v>' % texts.setdefault(text, len(texts)), rest)
    return b"".join(done)


def _shared_texts(texts: Mapping[str, int]) -> bytes:
    root = parse_xml(f'<sst xmlns="{MAIN}"/>'.encode())
    root.set("uniqueCount", str(len(texts)))
    for text in texts:
        node = etree.SubElement(etree.SubElement(root, f"{{{MAIN}}}si"), f"{{{MAIN}}}t")
        node.text = text
        if text != text.strip():
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return to_xml(root)


def _add_part(parts: dict[str, bytes], name: str, content: bytes) -> None:
    parts[f"xl/{name}.xml"] = content
    kind = "sheetMetadata" if name == "metadata" else name
    types = parse_xml(parts["[Content_Types].xml"])
    if not any(node.get("PartName") == f"/xl/{name}.xml" for node in types):
        content_type = f"{_CONTENT_TYPE}.{kind}+xml"
        etree.SubElement(types, f"{{{CONTENT_TYPES}}}Override", PartName=f"/xl/{name}.xml", ContentType=content_type)
        parts["[Content_Types].xml"] = to_xml(types)
    relations = parse_xml(parts["xl/_rels/workbook.xml.rels"])
    if not any(node.get("Type") == f"{RELATION}/{kind}" for node in relations):
        tag = f"{{{PACKAGE_RELATIONS}}}Relationship"
        etree.SubElement(relations, tag, Id=f"rId_{name}", Type=f"{RELATION}/{kind}", Target=f"{name}.xml")
        parts["xl/_rels/workbook.xml.rels"] = to_xml(relations)


def ordered_fonts(content: bytes) -> bytes:
    """A styles part with its fonts described in the order in which Excel does; openpyxl has another."""
    root = parse_xml(content)
    for font in root.iter(f"{{{MAIN}}}font"):
        font[:] = sorted(font, key=lambda node: _FONT_ORDER.index(etree.QName(node).localname))
    return to_xml(root)


def _settle_calculation(parts: dict[str, bytes]) -> None:
    root = parse_xml(parts["xl/workbook.xml"])
    for settings in root.iter(f"{{{MAIN}}}calcPr"):
        settings.attrib.pop("fullCalcOnLoad", None)
        settings.set("calcId", CALCULATION_ID)
    parts["xl/workbook.xml"] = to_xml(root)


def _fix_dates(parts: dict[str, bytes], as_of: date) -> None:
    root = parse_xml(parts["docProps/core.xml"])
    for name in ("created", "modified"):
        for node in root.iter(f"{{{TERMS}}}{name}"):
            node.text = f"{as_of.isoformat()}T00:00:00Z"
    parts["docProps/core.xml"] = to_xml(root)


def with_chart_values(content: bytes, shown: Callable[[str, int, int], CellValue | None]) -> bytes:
    """A chart with the values that it draws kept inside it: previews and phones have no others."""
    root = parse_xml(content)
    for shown_format in root.iter(f"{{{CHART}}}numFmt"):
        shown_format.set("sourceLinked", "0")  # or the label takes the cells' format
    for kind, cache_name in (("numRef", "numCache"), ("strRef", "strCache")):
        for reference in root.iter(f"{{{CHART}}}{kind}"):
            formula = reference.find(f"{{{CHART}}}f")
            for old in reference.findall(f"{{{CHART}}}{cache_name}"):
                reference.remove(old)
            values = [shown(*cell) for cell in _cells_of(formula.text)]
            cache = etree.SubElement(reference, f"{{{CHART}}}{cache_name}")
            if kind == "numRef":
                etree.SubElement(cache, f"{{{CHART}}}formatCode").text = "General"
            etree.SubElement(cache, f"{{{CHART}}}ptCount", val=str(len(values)))
            for index, value in enumerate(values):
                if value is None or isinstance(value, ExcelError) or (kind == "numRef" and isinstance(value, str)):
                    continue  # a text such as "n/a" is no number: openpyxl drops a chart that holds one
                point = etree.SubElement(cache, f"{{{CHART}}}pt", idx=str(index))
                text = value if isinstance(value, str) else number(value)
                etree.SubElement(point, f"{{{CHART}}}v").text = text
    return to_xml(root)


def _cells_of(reference: str) -> Iterator[tuple[str, int, int]]:
    sheet, _, area = reference.rpartition("!")
    left, top, right, bottom = range_boundaries(area.replace("$", ""))
    if left is None or top is None or right is None or bottom is None:
        raise ValueError(f"{reference!r} is not a closed range")
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            yield sheet.strip("'"), row, column
