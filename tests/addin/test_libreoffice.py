"""The extension in a real LibreOffice: installed by the command into a new profile, typed into, opened, removed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula

from tests.command import vidcost
from tests.conformance import QUICK, as_rows, given, here, same
from tests.sheets.libreoffice_typing import BRIDGE, NEW, do_in_libreoffice
from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.registry import functions
from vidcost_xl.functions.values import EMPTY, OMITTED, DefaultNumber
from vidcost_xl.hosts.formulas import canonical_formula

ROOT = Path(__file__).parents[2]
#: LibreOffice's installer refuses the superuser; this user and group own nothing.
NOBODY = 65_534
AS_NOBODY = """#!/bin/sh
chown -R {0}:{0} "$HOME"
exec setpriv --reuid={0} --regid={0} --clear-groups {1} "$@"
"""

#: What Calc says of a range that holds an error, of which the function is not asked; in a file it is #VALUE!.
REFUSED = "Err:504"
ERROR_FORMULAS = {"#N/A": "=NA()", "#DIV/0!": "=1/0", "#NUM!": "=SQRT(-1)"}

BYTES_A_GB = 1024**3
EGRESS = 236_716.84  # 5 PB to the internet at AWS' list prices, as in the README
RATE = 0.01
#: A price of the article's plan in a cell, and the plan's bill.
PLAN = {"M1": "rate.aws.transfer.internet-out", "N1": str(3 * RATE), "N2": "=VIDEO_TOTAL(,,,M1:N1)"}
PASSES = 10  # of the article's 5 PB a month, to GPUs elsewhere


@pytest.fixture(scope="module")
def home():
    """The home of a user who installs the extension, uses it, and removes it in the last test."""
    if not BRIDGE.is_file() and not os.environ.get("CI"):
        pytest.skip("LibreOffice's bridge to Python (python3-uno) is not installed")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for each in ("bin", "tmp"):
            (home / each).mkdir()
        if os.geteuid() == 0:
            program = home / "bin" / "unopkg"
            program.write_text(AS_NOBODY.format(NOBODY, shutil.which("unopkg")))
            program.chmod(0o755)
        yield home


def installer(home: Path, *arguments: str) -> str:
    done = as_user(home, "install", "--libreoffice", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def as_user(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", "-m", "vidcost_xl", *arguments],
        env={
            "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
            "HOME": str(home),
            "TMPDIR": str(home / "tmp"),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        timeout=300,
    )


def profile(home: Path) -> Path:
    return home / ".config" / "libreoffice" / "4"


@pytest.fixture(scope="module")
def installed(home):
    """What the installation said; the extension is there."""
    return installer(home)


@pytest.fixture(scope="module")
def seen(home, installed, tmp_path_factory):
    """What LibreOffice shows, by name."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    sheet["A1"], sheet["B1"] = 5, "PB"
    sheet["A2"] = "=VIDEO_EGRESS(A1,B1)"
    sheet["A3"] = "=[1]!VIDEO_EGRESS(A1,B1)"
    sheet["A4"] = "=_xldudf_VIDEO_EGRESS(A1,B1)+'C:\\x y\\vidcost.xlam'!VIDEO_EGRESS(A1,B1)"
    sheet["A5"] = '="VIDEO_EGRESS("&VIDEO_NOTHING()'
    sheet["D1"] = ArrayFormula("D1:E3", '=VIDEO_LIST("region")')
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    saved = path.with_name("saved.xlsx")
    book.save(path)
    steps = {
        "egress": ["enter", 0, "A1", '=VIDEO_EGRESS(5,"PB")'],
        "in a formula": ["enter", 0, "A2", '=IF(VIDEO_EGRESS(5,"PB")>1,VIDEO_EGRESS("5 PB")*2,0)'],
        "no such route": ["enter", 0, "A3", '=VIDEO_EGRESS(5,"PB","nowhere")'],
        "negative": ["enter", 0, "A4", '=VIDEO_EGRESS(-1,"PB")'],
        "without its unit": ["enter", 0, "A5", "=VIDEO_EGRESS(5)"],
        "of an error": ["enter", 0, "A6", '=VIDEO_EGRESS(1/0,"PB")'],
        "left out": ["enter", 0, "A7", '=VIDEO_EGRESS(,"PB")'],
        "of a blank cell": ["enter", 0, "A8", '=VIDEO_EGRESS(Z9,"PB")'],
        "nothing": ["enter", 0, "A9", '=VIDEO_EGRESS({0},"PB")'],
        "nothing in words": ["enter", 0, "A10", '=VIDEO_EGRESS("0 PB")'],
        "caught": ["enter", 0, "A11", '=IFERROR(VIDEO_EGRESS(5,"PB","nowhere"),"caught")'],
    }
    order = [["open", NEW], *steps.values(), *(["read", 0, step[2]] for step in steps.values())]
    names = list(steps)
    for cell, value in {"C1": "meter", "D1": "rate", "C2": "aws.transfer.internet-out", "D2": str(RATE)}.items():
        order.append(["enter", 0, cell, value])
    order.append(["enter", 0, "C4", '=VIDEO_EGRESS(5,"PB",,,,,C1:D2)'])
    order.append(["read", 0, "C4"])
    order += [["enter", 0, "D2", str(2 * RATE)], ["read", 0, "C4"]]
    order += [["enter", 0, cell, value] for cell, value in PLAN.items()]
    order += [["read", 0, "N2"], ["enter", 0, "N1", str(RATE)], ["read", 0, "N2"]]
    order += [["enter", 0, cell, value] for cell, value in {"F1": "5", "F3": "5"}.items()]
    order += [["enter array", 0, "G1:G3", '=VIDEO_EGRESS(F1:F3;"PB")'], ["read", 0, "G1:G3"]]
    order += [["enter array", 0, "I1:J3", '=VIDEO_LIST("region")'], ["read", 0, "I1:J3"], ["save", saved.as_uri()]]
    order += [["open", path.as_uri()], ["wait for", "S", "A2", "=VIDEO_"]]
    order += [["read", "S", area] for area in ("A2:A5", "D1:E3")] + [["formula", "S", "A5"]]
    order += [["enter", "S", "A1", "0.5"], ["read", "S", "A2:A4"]]
    names += ["priced", "repriced", "plan", "plan repriced", "months", "regions"]
    names += ["opened", "opened regions", "untouched", "opened and changed"]
    found = do_in_libreoffice(order, profile(home))
    return {**dict(zip(names, found, strict=True)), "saved": saved}


def numbers(cells):
    return [[cell["number"] for cell in row] for row in cells]


def texts(cells):
    return [[cell["text"] for cell in row] for row in cells]


def test_the_installation_says_what_it_did_and_that_it_answers(home, installed):
    assert "place" in installed and "LibreOffice extension org.vidcost.functions" in installed
    assert "=VIDEO_EGRESS() is 236,716.84" in installed and "LibreOffice lists version" in installed
    assert "nothing to change" in installer(home, "--check")
    assert "has the extension of version" in as_user(home, "doctor", "--json").stdout


def test_a_function_that_was_typed_answers_and_calculates_in_formulas(seen):
    assert numbers(seen["egress"]) == [[pytest.approx(EGRESS, abs=0.005)]]
    assert numbers(seen["in a formula"]) == [[pytest.approx(2 * EGRESS, abs=0.01)]]


def test_an_answer_follows_the_price_in_a_cell(seen):
    gigabytes = 5e15 / BYTES_A_GB
    assert numbers(seen["priced"]) == [[pytest.approx(gigabytes * RATE)]]
    assert numbers(seen["repriced"]) == [[pytest.approx(gigabytes * 2 * RATE)]]


def test_the_bill_of_a_plan_follows_a_price_of_the_plan(seen):
    before, after = (numbers(seen[name])[0][0] for name in ("plan", "plan repriced"))
    assert before - after == pytest.approx(PASSES * 5e15 / BYTES_A_GB * 2 * RATE)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("no such route", "#N/A"),
        ("negative", "#NUM!"),
        ("without its unit", "#VALUE!"),
        ("of an error", "#DIV/0!"),
        ("left out", "#VALUE!"),
        ("of a blank cell", "#VALUE!"),
    ],
)
def test_an_error_is_an_error(seen, name, code):
    ((cell,),) = seen[name]
    assert cell["is error"] and cell["text"] == code


def test_nothing_costs_nothing_where_it_was_written(seen):
    assert [seen[name][0][0] for name in ("nothing", "nothing in words")] == [
        {"text": "0", "number": 0.0, "is error": False}
    ] * 2
    assert texts(seen["caught"]) == [["caught"]]


def test_months_fill_their_column_and_a_blank_month_is_an_error(seen):
    assert [[cell["is error"] for cell in row] for row in seen["months"]] == [[False], [True], [False]]
    assert [row[0]["number"] for row in seen["months"][::2]] == [pytest.approx(EGRESS, abs=0.005)] * 2
    assert texts(seen["regions"])[0] == ["region", "meaning"] and texts(seen["regions"])[1][0] == "us-east-1"


def test_a_file_of_excel_is_bound_when_it_is_opened(seen):
    (plain,), (linked,), (both,), (unknown,) = seen["opened"]
    assert [cell["number"] for cell in (plain, linked, both)] == pytest.approx([EGRESS, EGRESS, 2 * EGRESS], abs=0.01)
    assert unknown["text"] == "#NAME?" and "VIDEO_EGRESS(" in seen["untouched"]
    assert texts(seen["opened regions"]) == texts(seen["regions"])
    # Half a petabyte: 465,661.29 GB, 100 of them free, and three tiers full, as VIDEO_EXPLAIN lists them.
    half = 921.6 + 3_481.6 + 7_168 + (0.5e15 / BYTES_A_GB - 153_700) * 0.05
    changed = [row[0]["number"] for row in seen["opened and changed"]]
    assert changed == pytest.approx([half, half, 2 * half], abs=0.01)


def test_what_libreoffice_saves_is_read_under_the_bare_names_and_calc_writes_them(seen, tmp_path):
    formula = openpyxl.load_workbook(seen["saved"]).active["A1"].value
    assert "VIDCOST" in formula and canonical_formula(formula) == '=VIDEO_EGRESS(5,"PB")'
    target = tmp_path / "for Excel.xlsx"
    done = vidcost("calc", seen["saved"], "-o", target)
    with zipfile.ZipFile(target) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert done.returncode in {0, 3}, done.stderr
    assert "VIDCOST" not in sheet and "VIDEO_" in sheet
    changed = openpyxl.load_workbook(target).active
    assert changed["A1"].value == '=VIDEO_EGRESS(5,"PB")' and changed["I1"].value.text == '=VIDEO_LIST("region")'
    assert "with its own names of our functions" in " ".join(done.stdout.split())


# --- the table of cases that every host answers --------------------------------------------------------------------


def in_calc(case, rows):
    """What a case gives here: errors before a function is asked, TRUE is 1, and a blank cell alone is 0."""
    spec = functions()[case["function"]]
    values = [here(value) for value in case["arguments"]]
    errors = [value for value in values if isinstance(value, ExcelError)]
    if errors:
        return [[errors[0]]]
    if any(
        isinstance(cell, ExcelError) for value in values if isinstance(value, list) for row in value for cell in row
    ):
        return [[ExcelError("#VALUE!")]]
    named = [each.name for each in spec.parameters]
    doubtful = {"amount", "count"} | {
        each.name for each in spec.parameters if isinstance(each.default, DefaultNumber) and each.default != 0
    }
    zeros = [value is EMPTY or (isinstance(value, float) and value == 0) for value in values]
    if any(zero and name in doubtful for zero, name in zip(zeros, named, strict=False)):
        return [[ExcelError("#VALUE!")]]
    if any(value is EMPTY or isinstance(value, bool) for value in values):
        values = [0.0 if value is EMPTY else float(value) if isinstance(value, bool) else value for value in values]
        rows = as_rows(call(spec.name, values))
    return [[float(cell) if isinstance(cell, bool) else cell for cell in row] for row in rows]


def written(case, sheet, top):
    """The case as a formula over cells of `sheet` from row `top` on, and the row behind them."""
    texts = []
    for value in map(here, case["arguments"]):
        if isinstance(value, list):
            for row, line in enumerate(value, start=top):
                for column, cell in enumerate(line, start=1):
                    is_error = isinstance(cell, ExcelError)
                    sheet.cell(row, column, ERROR_FORMULAS[cell.code] if is_error else None if cell is EMPTY else cell)
            last = top + len(value) - 1
            texts.append(f"Given!A{top}:{get_column_letter(len(value[0]))}{last}")
            top = last + 1
        elif isinstance(value, str):
            texts.append('"' + value.replace('"', '""') + '"')
        else:
            texts.append("" if value is OMITTED else "Given!ZZ1" if value is EMPTY else as_typed(value))
    return f"={case['function']}({','.join(texts)})", top


def as_typed(value):
    if isinstance(value, ExcelError):
        return value.code
    return str(value).upper() if isinstance(value, bool) else repr(value)


def test_libreoffice_gives_what_the_table_says_but_for_blank_cells_alone(home, installed, tmp_path):
    book = openpyxl.Workbook()
    asked, sheet = book.active, book.create_sheet("Given")
    asked.title = "Asked"
    expected, areas, top, at = [], [], 1, 1
    for case in QUICK:
        formula, top = written(case, sheet, top)
        rows = in_calc(case, given(case))
        area = f"A{at}:{get_column_letter(len(rows[0]))}{at + len(rows) - 1}"
        asked[f"A{at}"] = ArrayFormula(area, formula)
        expected.append(rows)
        areas.append(area)
        at += len(rows) + 1
    path = tmp_path / "cases.xlsx"
    book.save(path)
    last = f"A{at - len(expected[-1]) - 1}"
    order = [["open", path.as_uri()], ["wait for", "Asked", last, "{=VIDEO_"], ["values", "Asked", areas]]
    (found,) = do_in_libreoffice(order, profile(home))
    found = json.loads(json.dumps(found).replace(f'"{REFUSED}"', '"#VALUE!"'))
    answered = [[[here(cell) for cell in row] for row in rows] for rows in found]
    cases = zip(QUICK, expected, answered, strict=True)
    wrong = [(case, rows, answer) for case, rows, answer in cases if not same(rows, answer)]
    assert wrong == []
    as_in_table = sum(same(rows, given(case)) for case, rows in zip(QUICK, expected, strict=True))
    assert as_in_table > 400  # all but these are the table's own


def test_without_its_python_every_function_is_an_error_and_an_explanation_says_why(home, seen):
    (settings,) = home.rglob("settings.json")
    before = settings.read_text("utf-8")
    gone = json.loads(before) | {"command": ["/nowhere/python"]}
    settings.write_text(json.dumps(gone), "utf-8")
    typed = [["enter", 0, "A1", '=VIDEO_EGRESS(5,"PB")'], ["enter", 0, "A2", '=VIDEO_EXPLAIN("VIDEO_EGRESS")']]
    (found,) = do_in_libreoffice([["open", NEW], *typed, ["read", 0, "A1:A2"]], profile(home))
    assert "the extension asks /nowhere/python, which is not there" in as_user(home, "doctor", "--json").stdout
    settings.write_text(before, "utf-8")
    (error,), (reason,) = found
    assert error["is error"] and error["text"] == "#VALUE!"
    assert "/nowhere/python" in reason["text"] and "vidcost install --libreoffice" in reason["text"]


def test_it_goes_as_it_came(home, seen):
    assert "remove" in (said := installer(home, "--uninstall")) and "does not list it" in said
    assert "nothing was changed" in installer(home, "--uninstall")
    answer = do_in_libreoffice(
        [["open", NEW], ["enter", 0, "A1", '=VIDEO_EGRESS(5,"PB")'], ["read", 0, "A1"]], profile(home)
    )
    assert texts(answer[0]) == [["#NAME?"]]
