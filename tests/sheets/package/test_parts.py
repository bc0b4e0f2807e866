"""Packages: limits on what is read, and files that are no workbook."""

from __future__ import annotations

import io
import zipfile

import pytest

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package import parts
from vidcost_xl.sheets.package.looks import read_looks
from vidcost_xl.sheets.package.parts import parse_xml, read_parts, sheet_parts, without_formulas, write_parts


def test_a_file_that_is_no_archive_is_refused():
    with pytest.raises(BadArgumentError, match="not an Excel workbook"):
        read_parts(b"name,price\n")


def test_an_archive_without_a_workbook_is_refused():
    with pytest.raises(BadArgumentError, match=r"no xl/workbook\.xml"):
        sheet_parts(read_parts(write_parts({"a.txt": b"hello"})))


def test_an_archive_that_unpacks_to_too_much_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (2**16 * parts.HIGHEST_RATIO + 1))
    with pytest.raises(BadArgumentError, match="unpacks to more"):
        read_parts(buffer.getvalue())


def test_an_archive_of_too_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(parts, "MOST_PARTS", 1)
    with pytest.raises(BadArgumentError, match="2 parts"):
        read_parts(write_parts({"a": b"", "b": b""}))


def test_a_document_type_is_refused():
    with pytest.raises(BadArgumentError, match="document type"):
        parse_xml(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')


def test_a_copy_for_printing_holds_values_only(quick):
    parts = read_parts(without_formulas(quick.data))
    assert not [part for part in sheet_parts(parts).values() if b"<f>" in parts[part]]
    assert b"<v>2532333.57" in parts["xl/worksheets/sheet1.xml"]


def test_a_conditional_format_s_number_is_its_own():
    styles = b"""<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <numFmts count="1"><numFmt numFmtId="164" formatCode="0.000"/></numFmts>
    <cellXfs count="1"><xf numFmtId="164"/></cellXfs>
    <dxfs count="1"><dxf><numFmt numFmtId="164" formatCode="&quot;out of date&quot;"/></dxf></dxfs></styleSheet>"""
    assert [look.format for look in read_looks(styles, b"")] == ["0.000"]
