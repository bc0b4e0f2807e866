"""The quick reader finds what the parser finds, byte for byte, and leaves alone what it does not know."""

from __future__ import annotations

from pathlib import Path

import pytest

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package import cell_parser
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.cell_scan import read_cells, scanned, spans_of
from vidcost_xl.sheets.package.edits.values import cell_edits
from vidcost_xl.sheets.package.parts import MAIN
from vidcost_xl.sheets.package.workbook import Workbook

WORKBOOKS = sorted((Path(__file__).parents[3] / "workbook").glob("*.xlsx"))


def agree(content: bytes) -> None:
    """Both readers find the same cells in a part, and the same bytes of each."""
    found, expected = scanned(content), cell_parser.read_cells(content, "x")
    assert found is not None and found == expected
    assert [spans_of(content, cell) for cell in found] == [cell.spans for cell in expected]


def part(inside: str, root: str = f'<worksheet xmlns="{MAIN}">') -> bytes:
    return f"{root}<sheetData><row r='1'>{inside}</row></sheetData></worksheet>".encode()


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.stem)
def test_both_readers_find_the_same_cells_at_the_same_bytes(path):
    book = Workbook(Archive(path.read_bytes(), path.name))
    for where in book.sheets.values():
        agree(book.archive.read(where))


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1"/>',
        '<c r="B2" s="3" t="s"><v>12</v></c>',
        '<c r="AB12" t="str" cm="1"><f t="array" ref="AB12:AC13">F(&quot;x&quot;)&amp;"&lt;"</f><v>a &amp;lt;</v></c>',
        '<c r="C3"><f t="shared" si="4"/><v>1</v></c>',
        '<c r="C3"><f t="shared" ref="C3:C9" si="4">A1+1</f><v/></c>',
        '<c r="D4" t="e" vm="2"><v>#VALUE!</v></c>',
        '<c r="E5" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>',
        '<c r="E5" t="inlineStr"><is><t>é</t></is></c>',
        '<c r="E5" t="str"><f>A1&amp;&quot;é&gt;&quot;</f><v>&#38;lt;&#xE9;&amp;#49;</v></c><c r="F5"><v/></c>',
        '<c r="B1" t="str"><f></f><v></v></c><c r="C1"></c>',
        '<c r="A1" s="1" t="str" cm="1"><f t="array" aca="1" ref="A1"> </f></c><c r="B1" vm="3" t="e"/>',
    ],
)
def test_every_form_that_excel_writes_is_read_as_the_parser_reads_it(cell):
    agree(part(cell))


def test_the_line_end_that_excel_puts_behind_the_declaration_does_not_slow_the_reading():
    agree(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' + part('<c r="A1"><f>B1</f><v>1</v></c>'))


@pytest.mark.parametrize(
    "content",
    [
        part("<c><v>1</v></c>"),
        part('<c r="A1"><f/><v>1</v></c>'),
        part('<c r="A1"><!-- a comment --><v>1</v></c>'),
        part('<c r="A1"><v>1</v><extLst/></c>'),
        part('<c r="A1" t="inlineStr"><is><r><t>rich</t></r></is></c>'),
        part('<?note <c r="A2"/> ?><c r="A1"><v>1</v></c>'),
        part('<c r="A1"/><other xmlns="http://example.com/"><c r="A2"/></other>'),
        part('<c r="A1"><v>1</v></c ><c r="B1"/>'),
        part('<c r="A1" t="&#115;"><v>1</v></c>'),
        part('<c r="A1"><f xmlns="http://example.com/">B1</f><v>1</v></c>'),
        part("<c r='A1'><v>1</v></c>"),
        part('<x:c r="A1"><x:v>1</x:v></x:c>', f'<worksheet xmlns="{MAIN}" xmlns:x="{MAIN}">'),
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData/></x:worksheet>'.encode(),
    ],
)
def test_what_is_written_otherwise_is_left_to_the_parser(content):
    assert scanned(content) is None
    assert read_cells(content, "x") == cell_parser.read_cells(content, "x")


#: Cells of several forms, and what is put between any two of their bytes.
CELLS = part(
    '<c r="A1" s="3" t="str"><f>B1&amp;"é"</f><v>a</v></c><c r="B1" s="4"/><c r="C1" cm="1">'
    '<f t="array" ref="C1:C2">F()</f><v/></c><c r="D1" t="inlineStr"><is><t>d</t></is></c>'
)
DISTURBANCES = (
    b"<",
    b">",
    b'"',
    b" ",
    b"/",
    b"&",
    b"&lt;",
    b"\r",
    b"\0",
    b"\xff",
    b"]]>",
    b"<!---->",
    b"<?a b?>",
    b"<c/>",
)


def test_a_disturbed_part_is_read_or_refused_as_the_parser_does():
    read = 0
    for at in range(CELLS.index(b"<c "), CELLS.index(b"</row>")):
        for disturbance in DISTURBANCES:
            content = CELLS[:at] + disturbance + CELLS[at:]
            try:
                expected = cell_parser.read_cells(content, "x")
            except BadArgumentError:
                with pytest.raises(BadArgumentError):
                    read_cells(content, "x")
                continue
            found = read_cells(content, "x")
            assert found == expected, content
            new = [list(cell_edits(content, cell, value)) for cell in found for value in (1.5, "b", True)]
            assert new == [list(cell_edits(content, cell, value)) for cell in expected for value in (1.5, "b", True)]
            read += 1
    assert read > len(DISTURBANCES)


def test_a_part_that_is_no_xml_is_refused_by_name():
    with pytest.raises(BadArgumentError, match="sheet Costs is not readable XML"):
        read_cells(part('<c r="A1"><v>1</v></c></wrong>'), "sheet Costs")


def test_an_area_that_is_none_is_refused_by_name():
    with pytest.raises(BadArgumentError, match=r"sheet Costs is not readable XML .*nowhere"):
        read_cells(part('<c r="A1"><f t="array" ref="nowhere">B1</f><v>1</v></c>'), "sheet Costs")
