"""Sheets added to a user's file, replaced and taken out; what is not theirs stays byte for byte."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.sheet_layout import SheetLayout, WorkbookLayout
from vidcost_xl.sheets.package.edits.opened import WORKBOOK, Package, opened
from vidcost_xl.sheets.package.edits.values import Edit, spliced
from vidcost_xl.sheets.package.elements import Element, appended, elements, with_attribute, written
from vidcost_xl.sheets.package.parts import MAIN, RELATION, parse_xml, to_xml
from vidcost_xl.sheets.render.added_looks import transplanted
from vidcost_xl.sheets.render.added_parts import hang
from vidcost_xl.sheets.render.workbook import render

_WORKSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_APP: Final = "docProps/app.xml"

#: The one sheet of a file that was written for it.
_FIRST: Final = "xl/worksheets/sheet1.xml"

#: What precedes the names in a workbook part.
_BEFORE_NAMES: Final = ("sheets", "functionGroups", "externalReferences")

#: Names that belong to the printing of a sheet.
PRINT_NAMES: Final = ("_xlnm.Print_Area", "_xlnm.Print_Titles")


def sheet_elements(package: Package) -> list[Element]:
    """The sheets as the workbook part lists them, in the order of the tabs."""
    content = package.read(WORKBOOK)
    return sorted(elements(content, WORKBOOK, "sheet"), key=lambda each: each.start)


def part_of(package: Package, name: str) -> str:
    """The part of a sheet; empty where there is none of that name.

    Parameters
    ----------
    name : str
        As the tab shows it; capitals do not count, as in Excel.
    """
    targets = {relation.id: relation.target for relation in package.relations(WORKBOOK)}
    for element in sheet_elements(package):
        if element.attributes.get("name", "").casefold() == name.casefold():
            return targets.get(element.attributes.get("id", ""), "")
    return ""


@dataclass(frozen=True)
class Stamp:
    """What the properties and the print of an added sheet say.

    Parameters
    ----------
    last_printed : str
        Row id down to which it prints; all of it when empty.
    """

    title: str
    footer: str
    as_of: date
    last_printed: str = ""


def put_sheet(package: Package, layout: SheetLayout, stamp: Stamp) -> Addresses:
    """Add a sheet behind the last one, or replace the sheet of that name.

    Parameters
    ----------
    layout : SheetLayout
        Formulas name other sheets by plain addresses.

    Returns
    -------
    Addresses
        Where everything stands. Formula cells hold no values yet, and charts none of what they draw.

    Raises
    ------
    BadArgumentError
        For a workbook in Strict Open XML.
    """
    if elements(package.read(WORKBOOK), WORKBOOK, "workbook")[0].namespace != MAIN:
        raise BadArgumentError(
            f"{package.archive.name} is saved as Strict Open XML. Save it in Excel as Excel Workbook (.xlsx)."
        )
    addresses = Addresses(WorkbookLayout(stamp.title, stamp.as_of, stamp.footer, (layout,), {}))
    source = opened(render(addresses), layout.name)
    moved, conditional = transplanted(package, source.read("xl/styles.xml"))
    content = _content(source.read(_FIRST), moved, conditional)
    part = part_of(package, layout.name)
    if part:
        for relation in package.relations(part):
            if not relation.is_external:
                package.remove(relation.target)
    else:
        part = _new_part(package, layout.name)
    package.write(part, hang(package, part, content, source, _FIRST))
    last = addresses.row(stamp.last_printed or layout.rows[-1].id)
    _print_names(package, layout.name, source.read(WORKBOOK), last)
    without_stale_lists(package)
    return addresses


def remove_sheet(package: Package, name: str) -> None:
    """Take a sheet out, with its part, its own names and the names that point at it."""
    part = part_of(package, name)
    if not part:
        return
    order = [each.attributes.get("name", "").casefold() for each in sheet_elements(package)]
    at = order.index(name.casefold())
    package.splice(WORKBOOK, sheet_elements(package)[at].without)
    edits = []
    content = package.read(WORKBOOK)
    for element in elements(content, WORKBOOK, "definedName"):
        local = element.attributes.get("localSheetId", "")
        text = content[element.inner : element.close].decode().strip("'").casefold()
        if local == str(at) or text.startswith((f"{name.casefold()}!", f"{name.casefold()}'!")):
            edits.append(element.without)
        elif local and int(local) > at:
            edits.append(with_attribute(content, element, "localSheetId", str(int(local) - 1)))
    views = elements(content, WORKBOOK, "workbookView")
    edits += [
        with_attribute(content, view, "activeTab", "0")
        for view in views
        if int(view.attributes.get("activeTab", "0")) >= at
    ]
    package.splice(WORKBOOK, *edits)
    package.remove(part)
    without_stale_lists(package)


def remove_names(package: Package, names: Iterable[Element]) -> None:
    """Take defined names out, as `elements` found them in the workbook part as it is."""
    package.splice(WORKBOOK, *(name.without for name in names))
    content = package.read(WORKBOOK)
    for held in elements(content, WORKBOOK, "definedNames"):
        if not content[held.inner : held.close].strip():
            package.splice(WORKBOOK, held.without)


def without_stale_lists(package: Package) -> None:
    """Take out what repeats the workbook elsewhere and would contradict it now: order of calculation, titles of sheets.

    Excel makes both anew.
    """
    for relation in package.relations(WORKBOOK):
        if relation.kind == "calcChain":
            package.remove(relation.target)
    if _APP in package:
        held = elements(package.read(_APP), _APP, "HeadingPairs", "TitlesOfParts")
        package.splice(_APP, *(each.without for each in held))


def _content(content: bytes, moved: dict[int, int], conditional: dict[int, int]) -> bytes:
    root: Any = parse_xml(content)
    for tag, key in (("c", "s"), ("row", "s"), ("col", "style")):
        for node in root.iter(f"{{{MAIN}}}{tag}"):
            if (look := node.get(key)) is not None:
                node.set(key, str(moved[int(look)]))
    for rule in root.iter(f"{{{MAIN}}}cfRule"):
        if rule.get("dxfId") is not None:
            rule.set("dxfId", str(conditional[int(rule.get("dxfId"))]))
    for view in root.iter(f"{{{MAIN}}}sheetView"):
        view.attrib.pop("tabSelected", None)
    for formula in list(root.iter(f"{{{MAIN}}}f")):
        cell = formula.getparent()
        for value in cell.findall(f"{{{MAIN}}}v"):
            cell.remove(value)  # openpyxl writes an empty one
    return to_xml(root)


def _new_part(package: Package, name: str) -> str:
    number = next(n for n in range(1, len(package.names) + 2) if f"xl/worksheets/sheet{n}.xml" not in package)
    part = f"xl/worksheets/sheet{number}.xml"
    identity = package.relate(WORKBOOK, part, "worksheet")
    package.declare(part, _WORKSHEET)
    content = package.read(WORKBOOK)
    held = elements(content, WORKBOOK, "sheets")[0]
    highest = max(int(each.attributes.get("sheetId", "0")) for each in sheet_elements(package))
    new = written("sheet", {"xmlns:r": RELATION, "name": name, "sheetId": highest + 1, "r:id": identity})
    package.splice(WORKBOOK, appended(content, held, new))
    return part


def _print_names(package: Package, name: str, source: bytes, last: int) -> None:
    at = [each.attributes.get("name", "").casefold() for each in sheet_elements(package)].index(name.casefold())
    content = package.read(WORKBOOK)
    old = [
        each
        for each in elements(content, WORKBOOK, "definedName")
        if each.attributes.get("localSheetId") == str(at) and each.attributes.get("name") in PRINT_NAMES
    ]
    package.splice(WORKBOOK, *(each.without for each in old))
    new = b"".join(
        written("definedName", {"name": node.get("name"), "localSheetId": at}, _ended(node, last))
        for node in parse_xml(source).iter(f"{{{MAIN}}}definedName")
    )
    content = package.read(WORKBOOK)
    held = next(iter(elements(content, WORKBOOK, "definedNames")), None)
    if held is not None:
        package.splice(WORKBOOK, appended(content, held, new))
        return
    place = max(each.end for each in elements(content, WORKBOOK, *_BEFORE_NAMES) if len(each.path) == 1)
    package.write(WORKBOOK, spliced(content, [Edit(place, place, b"<definedNames>" + new + b"</definedNames>")]))


def _ended(name: Any, last: int) -> str:
    # Of the print area only its last row is another one.
    text = str(name.text)
    return text if name.get("name") != PRINT_NAMES[0] else text.rpartition("$")[0] + f"${last}"
