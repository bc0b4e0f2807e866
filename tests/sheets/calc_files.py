"""Workbooks for the tests of `vidcost calc`: cells written as XML by hand, and one with everything a user adds."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.datavalidation import DataValidation

from vidcost_xl.sheets.formulas.copies import shifted
from vidcost_xl.sheets.formulas.dependents import address as address_of
from vidcost_xl.sheets.formulas.formula_cells import read_formula_cells
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.edits.values import cell_edits, spliced
from vidcost_xl.sheets.package.parts import read_parts, sheet_parts, write_parts
from vidcost_xl.sheets.package.sheet_cells import read_sheet_cells, read_sheets, value_of
from vidcost_xl.sheets.package.workbook import Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = "xl/worksheets/sheet1.xml"

SPARKLINES = (
    '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:sparklineGroups '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:sparklineGroup displayEmptyCellsAs="gap">'
    "<x14:sparklines><x14:sparkline><xm:f>Mine!A1:A3</xm:f><xm:sqref>F1</xm:sqref></x14:sparkline></x14:sparklines>"
    "</x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
)


def package(
    *sheets: str,
    names: str = "",
    texts: str = "",
    settings: str = "",
    properties: str = "",
    tables: dict[str, str] | None = None,
    after: str = "",
) -> bytes:
    """A workbook with Sheet1, Sheet2 and so on, whose sheet data are given as XML."""
    kinds = [("workbook", "sheet.main"), ("sharedStrings", "sharedStrings")]
    kinds += [(f"worksheets/sheet{number}", "worksheet") for number, _ in enumerate(sheets, 1)]
    kinds += [(f"tables/table{number}", "table") for number, _ in enumerate(tables or (), 1)]
    parts: dict[str, str] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/>'
        + "".join(
            f'<Override PartName="/xl/{name}.xml" ContentType="{SPREADSHEET}.{kind}+xml"/>' for name, kind in kinds
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>'
        + "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n, _ in enumerate(sheets, 1))
        + f"</sheets>{f'<definedNames>{names}</definedNames>' if names else ''}{settings}</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n, _ in enumerate(sheets, 1)
        )
        + f'<Relationship Id="rIdT" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
    }
    for number, data in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
            f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData>{after}</worksheet>'
        )
    for number, (sheet, table) in enumerate((tables or {}).items(), 1):
        parts[f"xl/worksheets/_rels/{sheet}.xml.rels"] = (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/table" '
            f'Target="../tables/table{number}.xml"/></Relationships>'
        )
        parts[f"xl/tables/table{number}.xml"] = table
    return write_parts({name: content.encode() for name, content in parts.items()})


def rows(*cells: str) -> str:
    """Cells under each other in column A and on: one text of `c` elements a row."""
    return "".join(f'<row r="{number}">{content}</row>' for number, content in enumerate(cells, 1))


def part(data: bytes, name: str = SHEET) -> str:
    return read_parts(data)[name].decode()


def values(data: bytes) -> dict[tuple[str, str], object]:
    """Every value of a workbook, by sheet and address."""
    book = Workbook(Archive(data, "test"))
    return {
        (sheet.name, openpyxl.utils.get_column_letter(column) + str(row)): value_of(cell, book.texts)
        for sheet in read_sheets(book)
        for (row, column), cell in sheet.places.items()
    }


def with_input(data: bytes, key: tuple[str, str], value: float | str | bool) -> bytes:
    """The file with another value in a cell, written as a user's program would: without computing anything."""
    return with_inputs(data, {key: value})


def with_inputs(data: bytes, typed: Mapping[tuple[str, str], object]) -> bytes:
    """The file with other values in several cells."""
    archive = Archive(data, "test")
    book, parts = Workbook(archive), {}
    for name in {sheet for sheet, _ in typed}:
        sheet = read_sheet_cells(book, name)
        edits = []
        for (own, place), value in typed.items():
            if own == name:
                edits += cell_edits(sheet.content, sheet.places[coordinate_to_tuple(place)], value)
        parts[sheet.part] = spliced(sheet.content, edits)
    return archive.replaced(parts)


def without_values(content: bytes) -> bytes:
    """A sheet part without what `calc` may change: the values and kinds of formula cells."""

    def blank(match: re.Match[bytes]) -> bytes:
        cell = match[0]
        if b"<f" not in cell:
            return cell
        cell = re.sub(rb"^(<c\b[^>]*?)\s+t=\"[^\"]*\"", rb"\1", cell)
        return re.sub(rb"<v(?:\s[^>]*)?(?:/>|>.*?</v>)", b"", cell, flags=re.DOTALL)

    return re.sub(rb"<c\b[^>]*?(?:/>|>.*?</c>)", blank, content, flags=re.DOTALL)


def only_sheets(data: bytes, *names: str) -> bytes:
    """The file with the cells of these sheets alone, which openpyxl reads in a tenth of the time."""
    parts = read_parts(data)
    for sheet, name in sheet_parts(parts).items():
        if sheet not in names:
            parts[name] = re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", parts[name], flags=re.DOTALL)
    return write_parts(parts)


def user_workbook(engine_data: bytes) -> bytes:
    """A workbook of ours in which a user has worked: the generated file, and what users put into files."""
    parts = read_parts(engine_data)
    extra = openpyxl.Workbook()
    sheet = extra.active
    sheet.title = "Mine"
    for row in range(1, 4):
        sheet.cell(row, 1).value = row
        sheet.cell(row, 2).value = f"=A{row}*2"
    sheet["D1"].comment = Comment("remember this", "a user")
    sheet.conditional_formatting.add("A1:A3", ColorScaleRule("min", None, "FF0000", "max", None, "00FF00"))
    choice = DataValidation(type="list", formula1='"yes,no"')
    sheet.add_data_validation(choice)
    choice.add("E1")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=3))
    sheet.add_chart(chart, "H1")
    buffer = io.BytesIO()
    extra.save(buffer)
    theirs = read_parts(buffer.getvalue())
    renamed = {
        name: name.replace("sheet1.", "sheet99.").replace("chart1.", "chart9.").replace("drawing1.", "drawing9.")
        for name in theirs
        if name.startswith(("xl/worksheets/", "xl/charts/", "xl/drawings/", "xl/comments"))
    }
    for old, new in renamed.items():
        content = theirs[old]
        for short in ("chart1.xml", "drawing1.xml"):
            content = content.replace(short.encode(), short.replace("1", "9").encode())
        parts[new] = content
    mine = "xl/worksheets/sheet99.xml"
    parts[mine] = parts[mine].replace(b"</worksheet>", SPARKLINES.encode() + b"</worksheet>")
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"</sheets>",
        f'<sheet xmlns:q="{OFFICE}" name="Mine" sheetId="99" q:id="rIdMine"/></sheets>'.encode(),
    )
    relations = "xl/_rels/workbook.xml.rels"
    relation = f'<Relationship Id="rIdMine" Type="{OFFICE}/worksheet" Target="worksheets/sheet99.xml"/></Relationships>'
    parts[relations] = parts[relations].replace(b"</Relationships>", relation.encode())
    parts["xl/media/image1.png"] = bytes(range(256)) * 40
    parts["customXml/item1.xml"] = b"<?xml version='1.0'?><mine><!-- kept --></mine>"
    parts["xl/threadedComments/threadedComment1.xml"] = (
        b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"/>'
    )
    return write_parts(parts)


def formula_texts(data: bytes) -> dict[tuple[str, str], str]:
    """Every formula of a workbook with its equals sign, by sheet and address; those that are shared, as each reads."""
    entries = read_formula_cells(read_sheets(Workbook(Archive(data, "a.xlsx"))))
    return {
        (entry.key[0], address_of(entry.key).rpartition("!")[2]): f"={shifted(entry.source, *entry.place[3:])}"
        for entry in entries
    }
