"""`vidcost actuals`: what it prints, where it writes, and what it refuses."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from tests.sheets.compare.actuals.two_months import ACTUAL, BUDGET, FEBRUARY, JANUARY, plan, written
from vidcost_xl.cli import app
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package.parts import read_parts
from vidcost_xl.sheets.plan.new import build
from vidcost_xl.sheets.plan.parts import parts_named

RUN = CliRunner()


@pytest.fixture(scope="module")
def made(once):
    return once("actuals-plain", lambda: build("model", plan=plan(), parts=parts_named("bill")).data)


def run(*arguments):
    done = RUN.invoke(app, ["actuals", *map(str, arguments)])
    if isinstance(done.exception, BadArgumentError):
        raise done.exception
    return done


def test_it_writes_a_copy_and_says_what_is_in_no_line(made, tmp_path):
    book, copy = tmp_path / "plan.xlsx", tmp_path / "out.xlsx"
    book.write_bytes(made)
    files = [written(tmp_path, f"{at}.csv", text) for at, text in enumerate((JANUARY, FEBRUARY))]
    done = run(book, *files, "-o", copy, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 3  # a service and a tax are in no line
    assert (found["closed"], found["budget"], found["actual"]) == ("2027-02", BUDGET, ACTUAL)
    assert (found["plan"], found["forecast"]) == (30_222_851.42, 29_854_822.40)
    assert [part["amount"] for part in found["not_in_it"]] == [1_000.0, 99.01]
    assert book.read_bytes() == made and len(read_parts(copy.read_bytes())) == len(read_parts(made)) + 6
    with pytest.raises(BadArgumentError, match=r"exists already and stays as it is.*--force"):
        run(book, *files, "-o", copy)


def test_a_bill_that_is_refused_leaves_the_workbook_alone(made, tmp_path):
    book = tmp_path / "plan.xlsx"
    book.write_bytes(made)
    with pytest.raises(BadArgumentError, match="2027-01 is closed"):
        run(book, written(tmp_path, "february.csv", FEBRUARY))
    assert book.read_bytes() == made


def test_a_plan_file_has_no_sheets(tmp_path):
    with pytest.raises(BadArgumentError, match="not an Excel workbook"):
        path = tmp_path / "plan.toml"
        path.write_text('base = "article"')
        run(path, written(tmp_path, "january.csv", JANUARY))
