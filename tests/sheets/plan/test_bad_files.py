"""Files that hold no plan, or that somebody else has open: every command says what to do and loses nothing."""

from __future__ import annotations

import pytest

from tests.sheets.plan.test_new_command import run
from tests.sheets.review.rule_books import replaced
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.plan.reading.refresh import refresh

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
FILES = {
    "zero bytes": ("plan.xlsx", b"", "zero bytes"),
    "an old .xls": ("plan.xls", OLE + bytes(600), ".xls"),
    "a binary .xlsb": ("plan.xlsb", b"PK\x03\x04" + bytes(60), ".xlsb"),
    "a password": ("plan.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "a text": ("plan.xlsx", b"key,value", "not an Excel workbook"),
}


def commands(path):
    return {
        "calc": ("calc", path),
        "refresh": ("refresh", path),
        "check": ("check", path),
        "new --from": ("new", path.parent / "new.xlsx", "--from", path),
    }


@pytest.mark.parametrize("command", ["calc", "refresh", "check", "new --from"])
@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_workbook_is_named_and_stays(tmp_path, capsys, monkeypatch, *, kind, command):
    name, content, said = FILES[kind]
    path = tmp_path / name
    path.write_bytes(content)
    code, _, err = run(capsys, monkeypatch, *commands(path)[command])
    assert code == 2 and len(err.strip().splitlines()) == 1
    # `check` words some of these in its own way; all of them say what the file is.
    assert said in err or (command == "check" and any(word in err for word in ("archive", "damaged", "encrypted")))
    assert path.read_bytes() == content and [entry.name for entry in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("owner", ["~$plan.xlsx", ".~lock.plan.xlsx#"])
def test_a_file_that_is_open_elsewhere_is_not_refreshed_in_place(models, tmp_path, capsys, monkeypatch, *, owner):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(models["bill"].data)
    (tmp_path / owner).write_bytes(b"someone")
    code, _, err = run(capsys, monkeypatch, "refresh", path)
    assert code == 2 and "is open in" in err and path.read_bytes() == models["bill"].data


def test_manual_calculation_and_protected_sheets_are_no_hindrance(quick, models):
    # Our sheets are protected without a password; a password on a sheet protects from typing, not from reading.
    page, plan = (
        replaced(made.data, "xl/workbook.xml", "<calcPr ", '<calcPr calcMode="manual" ')
        for made in (quick, models["bill"])
    )
    assert calculate(page, "page.xlsx").report.notes[0].startswith("the workbook calculates by hand")
    assert refresh(plan, "plan.xlsx")[1].rows == 48
