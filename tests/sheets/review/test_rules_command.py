"""`vidcost check`: what it prints, how it exits, what it refuses, and that it changes nothing."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from openpyxl.styles import Font
from openpyxl.styles.colors import Color

from vidcost_xl.cli import main
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package.parts import read_parts, write_parts
from vidcost_xl.sheets.review.rules import opening
from vidcost_xl.sheets.review.rules.catalogue import catalogue
from vidcost_xl.sheets.review.rules.run import check_workbook

from .rule_books import replaced, stranger, with_values


def run(capsys, monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["vidcost", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        main()
    output = capsys.readouterr()
    return stopped.value.code or 0, output.out, output.err


def saved(tmp_path, data, name="book.xlsx"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def faulty(book):
    book["Forecast"]["H10"] = "=H8*1.19"


def test_a_clean_workbook_exits_with_0(tmp_path, capsys, monkeypatch):
    code, out, _ = run(capsys, monkeypatch, "check", saved(tmp_path, with_values(stranger())))
    assert code == 0 and "nothing found" in out and "not a workbook of ours" in out


def test_findings_exit_with_1_and_name_cell_and_remedy(tmp_path, capsys, monkeypatch):
    path = saved(tmp_path, stranger(faulty))
    before = path.read_bytes()
    code, out, _ = run(capsys, monkeypatch, "check", path)
    assert code == 1 and "Forecast" in out and "H10" in out and "1.19" in out and "input cell" in out
    assert path.read_bytes() == before and [entry.name for entry in tmp_path.iterdir()] == ["book.xlsx"]


def test_json_holds_findings_and_every_rule(tmp_path, capsys, monkeypatch):
    code, out, _ = run(capsys, monkeypatch, "check", saved(tmp_path, stranger(faulty)), "--json")
    report = json.loads(out)
    assert code == 1 and report["clean"] is False and report["template"] is None
    finding = next(one for one in report["findings"] if one["check"] == "constant")
    assert (finding["rule"], finding["severity"], finding["sheet"], finding["cell"]) == (
        11,
        "warning",
        "Forecast",
        "H10",
    )
    assert [rule["number"] for rule in report["rules"]] == list(range(1, 23))
    assert {rule["number"]: rule["state"] for rule in report["rules"]}[11] == "findings"


def test_all_lists_every_rule_and_what_is_a_person_s(tmp_path, capsys, monkeypatch):
    code, out, _ = run(capsys, monkeypatch, "check", saved(tmp_path, with_values(stranger())), "--all")
    assert code == 0
    assert all(rule.title[:30] in out for rule in catalogue().rules.values())
    assert "a person" in out and "our workbooks only" in out


def ole(*texts):
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + b"".join(text.encode("utf-16-le") for text in texts)


def archive(**parts):
    return write_parts({name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "zero bytes"),
        (ole("Workbook"), "old Excel file"),
        (ole("EncryptionInfo", "EncryptedPackage"), "password"),
        (archive(xl__workbook_dot_bin=b"x"), "binary workbook"),
        (archive(content_dot_xml=b"<a/>", mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
        (archive(word__document_dot_xml=b"<a/>"), "no xl/workbook.xml"),
        (b"name;price\n1;2\n", "not an Excel workbook"),
        (stranger()[:-200], "cannot be read"),
    ],
)
def test_what_is_no_workbook_exits_with_2_and_one_clear_line(tmp_path, capsys, monkeypatch, data, said):
    code, out, err = run(capsys, monkeypatch, "check", saved(tmp_path, data))
    assert code == 2 and said in err and out == ""
    assert len(err.strip().splitlines()) == 1


def test_a_damaged_part_exits_with_2(tmp_path, capsys, monkeypatch):
    data = bytearray(stranger())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as opened:
        entry = opened.getinfo("xl/worksheets/sheet2.xml")
    data[entry.header_offset + 80] ^= 0xFF
    code, _, err = run(capsys, monkeypatch, "check", saved(tmp_path, bytes(data)))
    assert code == 2 and "damaged" in err


def test_a_missing_file_and_a_folder_exit_with_2(tmp_path, capsys, monkeypatch):
    code, _, err = run(capsys, monkeypatch, "check", tmp_path / "none.xlsx")
    assert code == 2 and "does not exist" in err
    code, _, err = run(capsys, monkeypatch, "check", tmp_path)
    assert code == 2 and "is a folder" in err


def test_a_file_held_by_another_program_is_said(tmp_path, monkeypatch):
    def held(path):
        raise PermissionError(13, "Permission denied")

    path = saved(tmp_path, b"x")
    monkeypatch.setattr(opening.Path, "read_bytes", held)
    with pytest.raises(BadArgumentError, match="another program holds it"):
        opening.workbook_bytes(path)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", "<sheetData>", "<sheetData"),
        ("xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "worksheets/sheet9.xml"),
        ("xl/styles.xml", 'numFmtId="0"', 'numFmtId="none"'),
        ("xl/worksheets/sheet1.xml", "<v>25</v>", "<v>twenty</v>"),
    ],
)
def test_parts_that_contradict_the_format_are_one_error_of_ours(part, old, new):
    with pytest.raises(BadArgumentError):
        check_workbook(replaced(stranger(), part, old, new))


def test_entities_and_document_types_are_refused():
    parts = read_parts(stranger())
    part = "xl/worksheets/sheet1.xml"
    parts[part] = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + parts[part]
    with pytest.raises(BadArgumentError, match="document type"):
        check_workbook(write_parts(parts))


STRICT = (
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
    ("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main"),
)


def test_a_strict_workbook_is_read():
    def spoil(book):
        faulty(book)
        book["Forecast"]["A12"].font = Font(color=Color(theme=0))
        book["Forecast"].row_dimensions[11].hidden = True

    data = stranger(spoil)
    parts = read_parts(data)
    for name in [name for name in parts if name.startswith("xl/")]:
        for transitional, strict in STRICT:
            parts[name] = parts[name].replace(transitional.encode(), strict.encode())
    found = [one.check for one in check_workbook(data).findings]
    assert {"constant", "invisible-text", "hidden-rows"} <= set(found)
    assert [one.check for one in check_workbook(write_parts(parts)).findings] == found


def test_links_are_named_and_never_followed(monkeypatch):
    def refused(*_):
        raise AssertionError("a file or address was opened")

    data = stranger(lambda book: book["Forecast"].__setitem__("E20", "='[Budget 2026.xlsx]Plan'!B2"))
    monkeypatch.setattr("builtins.open", refused)
    monkeypatch.setattr("socket.socket", refused)
    [finding] = [one for one in check_workbook(data).findings if one.check == "external-link"]
    assert "Budget 2026.xlsx" in finding.what


def test_reading_a_large_workbook_is_quick_enough():
    import time

    def many(book):
        sheet = book["Forecast"]
        for row in range(100, 500):
            for column in range(4, 16):
                sheet.cell(row, column, f"={sheet.cell(row - 90, column).coordinate}*Inputs!$B$2")

    data = stranger(many)
    start = time.perf_counter()
    check_workbook(data)
    assert time.perf_counter() - start < 20
