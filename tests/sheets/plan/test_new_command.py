"""`vidcost new`: what it prints, writes, refuses, and never leaves behind."""

from __future__ import annotations

import json

import openpyxl
import pytest

from vidcost_xl.cli import main
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package.safe_files import writing
from vidcost_xl.sheets.plan import new as new_module
from vidcost_xl.sheets.plan.parts import DEFAULT, EVERY, parts_named


def run(capsys, monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["vidcost", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        main()
    output = capsys.readouterr()
    return stopped.value.code or 0, output.out, output.err


def test_it_writes_the_workbook_and_prints_its_headline(tmp_path, capsys, monkeypatch):
    path = tmp_path / "video-data-cost.xlsx"
    code, out, _ = run(capsys, monkeypatch, "new", path)
    assert code == 0
    assert "2,532,333.58" in out and "196,140.94" in out and str(path) in out
    page = openpyxl.load_workbook(path, data_only=True)["Quick"]
    assert round(page["B4"].value, 2) == 2_532_333.58
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_it_prints_json(tmp_path, capsys, monkeypatch):
    code, out, _ = run(capsys, monkeypatch, "new", tmp_path / "a.xlsx", "--json")
    assert code == 0
    rows = json.loads(out)["value"]
    assert round({row[0]: row[1] for row in rows}["Total"], 2) == 2_532_333.58


def test_an_existing_file_stays_without_force(tmp_path, capsys, monkeypatch):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"precious")
    code, _, err = run(capsys, monkeypatch, "new", path)
    assert code == 2 and str(path) in err and "--force" in err and len(err.strip().splitlines()) == 1
    assert path.read_bytes() == b"precious"
    code, _, _ = run(capsys, monkeypatch, "new", path, "--force")
    assert code == 0 and path.read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("name", "said"),
    [("a.xls", "does not end in .xlsx"), ("a", "does not end in .xlsx"), ("missing/a.xlsx", "does not exist")],
)
def test_a_path_that_cannot_be_written_is_refused(tmp_path, capsys, monkeypatch, name, said):
    code, _, err = run(capsys, monkeypatch, "new", tmp_path / name)
    assert code == 2 and said in err
    assert not list(tmp_path.iterdir())


def test_a_folder_is_not_a_file(tmp_path, capsys, monkeypatch):
    (tmp_path / "a.xlsx").mkdir()
    code, _, err = run(capsys, monkeypatch, "new", tmp_path / "a.xlsx", "--force")
    assert code == 2 and "is a folder" in err


def test_an_unknown_template_names_the_nearest(tmp_path, capsys, monkeypatch):
    code, _, err = run(capsys, monkeypatch, "new", tmp_path / "a.xlsx", "--template", "quik")
    assert code == 2 and "'quik'" in err and "Nearest: quick" in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--only", "bil"], "Nearest: bill"),
        (["--template", "quick", "--only", "bill"], "has no parts"),
        (["--only", "own", "--with", "article"], "write one of them"),
    ],
)
def test_parts_that_cannot_be_are_refused(tmp_path, capsys, monkeypatch, options, said):
    code, _, err = run(capsys, monkeypatch, "new", tmp_path / "a.xlsx", *options)
    assert code == 2 and said in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], DEFAULT),
        (["--plan", "article", "--months", "12"], EVERY),
        (["--plan", "complete"], DEFAULT),
        (["--plan", "complete", "--with", "article"], EVERY),
        (["--only", "bill"], parts_named("bill")),
    ],
)
def test_the_article_s_sheets_come_with_its_plan_alone(tmp_path, capsys, monkeypatch, options, expected):
    def told(template, *, plan, parts):
        raise BadArgumentError(f"{template}: {sorted(parts)}")

    monkeypatch.setattr(new_module, "build", told)
    template = ["--template", "model"] if options[:1] != ["--only"] else []  # parts are those of a plan workbook
    code, _, err = run(capsys, monkeypatch, "new", tmp_path / "a.xlsx", *template, *options)
    assert code == 2 and f"model: {sorted(expected)}" in err


def test_a_failure_while_writing_leaves_nothing_behind(tmp_path, monkeypatch):
    def fails(descriptor):
        raise OSError(28, "No space left on device")

    path = tmp_path / "a.xlsx"
    path.write_bytes(b"precious")
    monkeypatch.setattr(writing.os, "fsync", fails)
    with pytest.raises(BadArgumentError, match="No space left on device"):
        writing.write_file(path, b"new", force=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.xlsx"]
    assert path.read_bytes() == b"precious"


def test_a_failure_while_building_leaves_nothing_behind(tmp_path, monkeypatch):
    def fails(template, **given):
        raise BadArgumentError("broken")

    monkeypatch.setattr(new_module, "build", fails)
    with pytest.raises(BadArgumentError, match="broken"):
        new_module.new_workbook(tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())
