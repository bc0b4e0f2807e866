"""Files that `vidcost calc` refuses: one line that names the file and what to do, exit 2, and nothing changed."""

from __future__ import annotations

import fcntl
import io
import json
import re
import subprocess
import sys
import zipfile

import pytest

from tests.sheets.calc_files import SHEET, package, rows
from vidcost_xl.cli import main
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.calc import calculate as calc
from vidcost_xl.sheets.calc.calculate import calculate, calculate_file
from vidcost_xl.sheets.package import parts as limits
from vidcost_xl.sheets.package.parts import read_parts, write_parts
from vidcost_xl.sheets.package.safe_files import refusals, writing

ONE = '<c r="A1"><f>1+1</f><v>1</v></c>'
GOOD = package(rows(ONE))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def run(capsys, monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["vidcost", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        main()
    output = capsys.readouterr()
    return stopped.value.code or 0, output.out, output.err


def replaced(name: str, old: str, new: str) -> bytes:
    parts = read_parts(GOOD)
    parts[name] = parts[name].replace(old.encode(), new.encode())
    return write_parts(parts)


def zipped(*entries: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def flagged(data: bytes) -> bytes:
    # The flag of an encrypted entry, in the directory.
    position = data.index(b"PK\1\2")
    return data[: position + 8] + b"\x01" + data[position + 9 :]


BOMB = b"0" * (2**16 * limits.HIGHEST_RATIO + 1)
with_duplicates = pytest.mark.filterwarnings("ignore:Duplicate name")

REFUSED = {
    "empty": ("a.xlsx", b"", "zero bytes"),
    "text": ("a.xlsx", b"name,price\n", "no zip archive"),
    "xls": ("a.xls", OLE, "old binary format"),
    "xls named xlsx": ("a.xlsx", OLE, "old binary format"),
    "password": ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "xlsb": ("a.xlsb", GOOD, r"\.xlsb"),
    "xlsb inside": ("a.xlsx", zipped(("xl/workbook.bin", b"")), r"\.xlsb"),
    "ods": ("a.ods", GOOD, r"\.ods"),
    "csv": ("a.csv", GOOD, "does not end in"),
    "document": ("a.xlsx", zipped(("word/document.xml", b"<a/>")), "no xl/workbook.xml"),
    "cut": ("a.xlsx", GOOD[:-30], "not a whole Excel workbook"),
    "cut in the directory": ("a.xlsx", GOOD[:-200] + GOOD[-22:], "not a whole Excel workbook"),
    "encrypted entry": ("a.xlsx", flagged(GOOD), "password"),
    "twice": ("a.xlsx", zipped(("xl/workbook.xml", b"<a/>"), ("XL/workbook.xml", b"<b/>")), "twice"),
    "bomb": ("a.xlsx", zipped(("xl/workbook.xml", BOMB)), "unpacks to more"),
    "entities": ("a.xlsx", replaced(SHEET, "<worksheet", '<!DOCTYPE w [<!ENTITY e "x">]><worksheet'), "document type"),
    "entities in the workbook": (
        "a.xlsx",
        replaced("xl/workbook.xml", "<workbook", '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]><workbook'),
        "document type",
    ),
    "broken part": ("a.xlsx", replaced(SHEET, "</sheetData>", ""), "not readable XML"),
    "broken workbook": ("a.xlsx", replaced("xl/workbook.xml", "</sheets>", ""), "not readable XML"),
    "other encoding": ("a.xlsx", replaced(SHEET, 'encoding="UTF-8"', 'encoding="ISO-8859-1"'), "UTF-8"),
    "cell without place": ("a.xlsx", replaced(SHEET, 'r="A1"', 'r="1A"'), "'1A'"),
    "displayed precision": (
        "a.xlsx",
        replaced("xl/workbook.xml", "</sheets>", '</sheets><calcPr fullPrecision="0"/>'),
        "precision",
    ),
}


@with_duplicates
@pytest.mark.parametrize("name", list(REFUSED))
def test_a_file_that_is_refused_stays_and_says_why_in_one_line(tmp_path, capsys, monkeypatch, name):
    file, data, said = REFUSED[name]
    path = tmp_path / file
    path.write_bytes(data)
    code, out, err = run(capsys, monkeypatch, "calc", path)
    assert (code, out) == (2, "")
    assert re.search(said, err) and file in err and len(err.strip().splitlines()) == 1
    assert "Traceback" not in err
    assert path.read_bytes() == data and [each.name for each in tmp_path.iterdir()] == [file]


def test_a_missing_file_and_a_folder_are_refused(tmp_path, capsys, monkeypatch):
    code, _, err = run(capsys, monkeypatch, "calc", tmp_path / "a.xlsx")
    assert code == 2 and "does not exist" in err
    code, _, err = run(capsys, monkeypatch, "calc", tmp_path)
    assert code == 2 and "is a folder" in err


@pytest.mark.parametrize("owner", ["~$a.xlsx", ".~lock.a.xlsx#"])
def test_a_file_that_is_open_elsewhere_stays_but_can_be_copied(tmp_path, owner):
    path, copy = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    path.write_bytes(GOOD)
    (tmp_path / owner).write_bytes(b"x")
    with pytest.raises(BadArgumentError, match=re.escape(owner)):
        calculate_file(path)
    assert path.read_bytes() == GOOD
    report = calculate_file(path, copy)
    assert report.written and "open in another program" in report.notes[0]


def test_a_locked_file_stays(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)
    holder = "import fcntl, sys; f = open(sys.argv[1], 'r+b'); fcntl.lockf(f, fcntl.LOCK_EX); "
    holder += "print('x', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        with pytest.raises(BadArgumentError, match="locked by another program"):
            calculate_file(path)
        process.communicate(b"\n")
    with path.open("r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(BadArgumentError, match="locked by another program"):
            calculate_file(path)
    assert path.read_bytes() == GOOD
    assert calculate_file(path).written


def test_a_read_only_file_stays_but_can_be_copied(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)
    path.chmod(0o444)
    with pytest.raises(BadArgumentError, match="read-only"):
        calculate_file(path)
    assert path.read_bytes() == GOOD
    assert calculate_file(path, tmp_path / "b.xlsx").written


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)
    monkeypatch.setattr(refusals, "LARGEST_FILE", 10)
    with pytest.raises(BadArgumentError, match="more than 10 are not read"):
        calculate_file(path)


def test_a_file_that_somebody_saves_meanwhile_stays(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)

    def slow(*arguments):
        done = calculate(*arguments)
        path.write_bytes(GOOD + b"saved")
        return done

    monkeypatch.setattr(calc, "calculate", slow)
    with pytest.raises(BadArgumentError, match="changed by another program meanwhile"):
        calculate_file(path)
    assert path.read_bytes() == GOOD + b"saved"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_while_writing_leaves_the_file_as_it_was(tmp_path, monkeypatch, step):
    def fails(*_):
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)
    if step == "fsync":
        monkeypatch.setattr(writing.os, "fsync", fails)
    else:
        monkeypatch.setattr("pathlib.Path.replace", fails)
    with pytest.raises(BadArgumentError, match="No space left on device"):
        calculate_file(path)
    assert path.read_bytes() == GOOD
    assert [each.name for each in tmp_path.iterdir()] == ["a.xlsx"]


def test_an_unknown_engine_names_the_engines(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)
    with pytest.raises(BadArgumentError, match="Nearest: libreoffice"):
        calculate_file(path, engine="libre")


def test_it_says_what_it_did(tmp_path, capsys, monkeypatch):
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)
    code, out, err = run(capsys, monkeypatch, "calc", path)
    assert (code, err) == (0, "")
    assert "1 of 1 formulas computed (embedded), 1 values changed" in out and f"written: {path}" in out
    code, out, _ = run(capsys, monkeypatch, "calc", path, "--json")
    report = json.loads(out)
    assert code == 0 and not report["written"] and report["changed"] == 0 and report["left"] == []


def test_cells_that_keep_their_value_are_listed_and_exit_with_3(tmp_path, capsys, monkeypatch):
    path = tmp_path / "a.xlsx"
    path.write_bytes(package(rows(ONE + '<c r="B1"><f>NOW()+A1</f><v>1</v></c><c r="C1"><f>B1</f><v>1</v></c>')))
    code, out, _ = run(capsys, monkeypatch, "calc", path, "--json")
    report = json.loads(out)
    assert code == 3 and report["written"]
    assert [(each["sheet"], each["cell"]) for each in report["left"]] == [("Sheet1", "B1"), ("Sheet1", "C1")]
    code, out, _ = run(capsys, monkeypatch, "calc", path)
    assert code == 3 and "Sheet1!B1 uses NOW" in out and "Sheet1!C1 depends on Sheet1!B1" in out


def test_where_nothing_can_be_computed_nothing_is_written(tmp_path):
    path, copy = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    path.write_bytes(package(rows('<c r="B1"><f>NOW()</f><v>1</v></c>')))
    before = path.read_bytes()
    assert not calculate_file(path).written
    report = calculate_file(path, copy)
    assert not report.written and "nothing could be computed" in report.notes[-1]
    assert path.read_bytes() == before and not copy.exists()


def test_output_on_the_file_itself_is_the_file_itself(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)
    assert calculate_file(path, path).written
    assert [each.name for each in tmp_path.iterdir()] == ["a.xlsx"]
