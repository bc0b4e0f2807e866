"""The .xlsx package: parts read with limits and parsed without entities, and parts written the same every time."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from lxml import etree
from openpyxl.utils.cell import coordinate_to_tuple

from vidcost_xl.areas import Address, Place
from vidcost_xl.errors import BadArgumentError, ExcelError

#: A formula result as a file holds it.
CellValue: TypeAlias = float | str | bool | ExcelError

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

#: Limits of a package, against archives made to exhaust memory.
MOST_PARTS: Final = 5_000
MOST_BYTES: Final = 512 * 2**20
HIGHEST_RATIO: Final = 400

#: Of the nine levels of deflate: our sheets get no smaller above it, and 2% larger at the usual 6.
PACKING: Final = 8

#: The earliest date a zip entry can hold.
ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)


def read_parts(data: bytes) -> dict[str, bytes]:
    """The parts of a package by name.

    Parameters
    ----------
    data : bytes
        An .xlsx file.

    Raises
    ------
    BadArgumentError
        For a file that is no package, or one that breaks the limits.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise BadArgumentError("this is not an Excel workbook (.xlsx): its archive cannot be read.") from None
    with archive:
        entries = archive.infolist()
        if len(entries) > MOST_PARTS:
            raise BadArgumentError(f"the workbook has {len(entries)} parts; more than {MOST_PARTS} are not read.")
        parts: dict[str, bytes] = {}
        left = min(MOST_BYTES, max(len(data), 2**16) * HIGHEST_RATIO)
        for entry in entries:
            if entry.is_dir():
                continue
            with archive.open(entry) as stream:
                content = stream.read(left + 1)
            if len(content) > left:
                raise BadArgumentError("the workbook unpacks to more than a workbook holds; it is not read.")
            left -= len(content)
            parts[entry.filename] = content
    return parts


def parse_xml(content: bytes) -> Any:
    """Parse a part without entities, external files or network.

    Raises
    ------
    BadArgumentError
        For a part that is not XML, or one that declares a document type.
    """
    if b"<!DOCTYPE" in content[:2_000].upper():
        raise BadArgumentError("the workbook declares a document type inside, which no Excel does; it is not read.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BadArgumentError(f"a part of the workbook is not XML: {error}") from None


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Part names of the worksheets by sheet name, in the order of the tabs."""
    if "xl/workbook.xml" not in parts:
        raise BadArgumentError("this is not an Excel workbook (.xlsx): it has no xl/workbook.xml.")
    relations = parse_xml(parts["xl/_rels/workbook.xml.rels"])
    targets = {relation.get("Id"): relation.get("Target") for relation in relations}
    found = {}
    for sheet in parse_xml(parts["xl/workbook.xml"]).iter(f"{{{MAIN}}}sheet"):
        target = targets[sheet.get(f"{{{RELATION}}}id")]
        found[sheet.get("name")] = target[1:] if target.startswith("/") else posixpath.join("xl", target)
    return found


def without_formulas(data: bytes) -> bytes:
    """A copy that holds the values of its formulas only: what the file shows, whoever opens it.

    Parameters
    ----------
    data : bytes
        An .xlsx file.

    Returns
    -------
    bytes
        To be printed, never to be handed on.
    """
    parts = read_parts(data)
    for part in sheet_parts(parts).values():
        root = parse_xml(parts[part])
        for formula in list(root.iter(f"{{{MAIN}}}f")):
            cell = formula.getparent()
            cell.remove(formula)
            cell.attrib.pop("cm", None)
        parts[part] = to_xml(root)
    return write_parts(parts)


def write_parts(parts: Mapping[str, bytes], *, compressed: bool = True) -> bytes:
    """A package of `parts`: fixed dates, fixed order, the content types first."""
    buffer = io.BytesIO()
    first = "[Content_Types].xml"
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(parts, key=lambda part: (part != first, part)):
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            entry.create_system = 0
            archive.writestr(entry, parts[name], compresslevel=PACKING if compressed else None)
    return buffer.getvalue()


def to_xml(root: Any) -> bytes:
    """A parsed part as bytes, with its declaration."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def at(key: Address) -> Place:
    """(sheet, "B3") as (sheet, 3, 2)."""
    row, column = coordinate_to_tuple(key[1])
    return key[0], row, column
