"""The XML parts of the add-in's package, and the package itself, byte for byte the same every time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from vidcost_xl.addin.vba_source import BuildError, argument_names, text
from vidcost_xl.functions.registry import functions

HELP_SHEET: Final = "_IntelliSense_"

#: calcId of a current Excel: an older one would have the file recalculated on opening.
CALC_ID: Final = 191029

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

#: Parts of the template that name people, machines, or texts that are not ours.
_DROPPED: Final = ("xl/sharedStrings.xml", "docProps/app.xml", "docProps/core.xml")


def parts(template: Mapping[str, bytes], project: bytes) -> dict[str, bytes]:
    """The parts of the add-in.

    Parameters
    ----------
    template : mapping of str to bytes
        Of xlwings' template.
    project : bytes
        Our vbaProject.bin.

    Raises
    ------
    BuildError
        When the template is not the one this was written for.
    """
    made = {name: data for name, data in template.items() if name not in _DROPPED}
    expected = {"xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/vbaProject.bin", "customUI/customUI.xml"}
    if not expected <= made.keys():
        raise BuildError(f"xlwings' template lacks {sorted(expected - made.keys())}.")
    for name in ("[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"):
        made[name] = _without_dropped(made[name].decode("utf-8")).encode("utf-8")
    sheets = re.findall(r'<sheet name="[^"]*" sheetId="\d+" r:id="(\w+)"', template["xl/workbook.xml"].decode("utf-8"))
    if len(sheets) != 1:
        raise BuildError(f"xlwings' template has {len(sheets)} sheets, not one.")
    made["xl/workbook.xml"] = _workbook(sheets[0]).encode("utf-8")
    made["xl/worksheets/sheet1.xml"] = _help_sheet().encode("utf-8")
    made["xl/vbaProject.bin"] = project
    made["customUI/customUI.xml"] = (_HEAD + text("customUI.xml")).encode("utf-8")
    return made


def _without_dropped(xml: str) -> str:
    for name in _DROPPED:
        leaf = re.escape(name.removeprefix("xl/"))
        xml = re.sub(rf'<(?:Override|Relationship)\b[^>]*"/?(?:xl/)?{leaf}"[^>]*/>', "", xml)
    return xml


def _workbook(relation: str) -> str:
    # The code names tie the workbook and its sheet to their modules in the VBA project.
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        '<workbookPr codeName="ThisWorkbook"/><bookViews><workbookView visibility="hidden" activeTab="0"/></bookViews>'
        f'<sheets><sheet name="{HELP_SHEET}" sheetId="2" r:id="{relation}"/></sheets>'
        f'<calcPr calcId="{CALC_ID}"/></workbook>'
    )


def _help_sheet() -> str:
    rows = [["FunctionInfo", "Description", "HelpTopic"]]
    for spec in functions().values():
        row = [spec.name, spec.help, ""]
        for name, parameter in zip(argument_names(spec), spec.parameters, strict=True):
            row += [name, parameter.help]
        rows.append(row)
    body = "".join(
        f'<row r="{number}">{"".join(_cell(number, column, value) for column, value in enumerate(row) if value)}</row>'
        for number, row in enumerate(rows, start=1)
    )
    return f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr codeName="Sheet2"/><sheetData>{body}</sheetData></worksheet>'


def _cell(row: int, column: int, value: str) -> str:
    from openpyxl.utils import get_column_letter

    reference = quoteattr(f"{get_column_letter(column + 1)}{row}")
    return f'<c r={reference} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
