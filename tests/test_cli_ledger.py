"""`vidcost ledger`: printed, as JSON, as files; refusals are one line and no traceback."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest

from tests.command import vidcost
from vidcost_xl.model.files import plan_to_text, preset


def rows_of(path, delimiter=","):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_the_article_s_ledger_prints_its_lines_and_its_total():
    shown = vidcost("ledger")
    assert shown.returncode == 0
    assert "raw in S3 Standard" in shown.stdout
    assert "2,532,333.58" in shown.stdout


def test_json_holds_every_digit():
    rows = json.loads(vidcost("ledger", "article", "--json").stdout)["value"]
    assert rows[-1][0] == "total"
    assert rows[-1][4] == pytest.approx(2_532_333.58, abs=0.005)


@pytest.mark.parametrize("form", ["toml", "yaml"])
def test_a_plan_file_is_priced(tmp_path, form):
    path = tmp_path / f"plan.{form}"
    plan = preset("article").with_overrides([("train.experiments", 0)])
    path.write_text(plan_to_text(plan, form), encoding="utf-8")
    assert "196,140.94" in vidcost("ledger", path).stdout


def test_files_hold_every_row(tmp_path):
    for form, name in (("csv", "a.csv"), ("focus", "f.csv"), ("xlsx", "a.xlsx")):
        done = vidcost("ledger", "article", "-o", tmp_path / name, "--form", form)
        assert done.returncode == 0, done.stderr
        assert "48 rows" in done.stdout
    amounts = [float(row["amount"]) for row in rows_of(tmp_path / "a.csv")]
    assert sum(amounts) == pytest.approx(12 * 2_532_333.58, abs=0.1)
    assert [float(row["EffectiveCost"]) for row in rows_of(tmp_path / "f.csv")] == amounts
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["Ledger"].max_row == 49


def test_decimal_comma_and_semicolon(tmp_path):
    path = tmp_path / "a.csv"
    vidcost("ledger", "-o", path, "--decimal", ",", "--delimiter", ";")
    assert "," in rows_of(path, ";")[0]["amount"]


def test_a_file_is_kept_without_force(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("mine", encoding="utf-8")
    refused = vidcost("ledger", "-o", path)
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert path.read_text(encoding="utf-8") == "mine"
    assert vidcost("ledger", "-o", path, "--force").returncode == 0
    assert len(rows_of(path)) == 48


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["artikle"], ["artikle", "article"]),
        (["none.toml"], ["none.toml", "cannot be read"]),
        (["article", "-o", "a.xlsx"], ["does not fit"]),
        (["article", "-o", "a.csv", "--form", "ods"], ["ods"]),
        (["article", "-o", "a.csv", "--decimal", ",", "--delimiter", ","], ["delimiter"]),
        (["article", "-o", "none/a.csv"], ["does not exist"]),
    ],
)
def test_refusals_are_one_line(arguments, parts, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused = vidcost("ledger", *arguments)
    assert refused.returncode == 2
    assert refused.stderr.startswith("vidcost: ")
    assert "Traceback" not in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    for part in parts:
        assert part in refused.stderr


def test_a_bad_key_in_a_file_is_named_with_the_nearest(tmp_path):
    path = tmp_path / "plan.toml"
    text = plan_to_text(preset("article")).replace("experiments = ", "experimints = ")
    path.write_text(text, encoding="utf-8")
    refused = vidcost("ledger", path)
    assert refused.returncode == 2
    assert "train.experimints" in refused.stderr
    assert "train.experiments" in refused.stderr


def test_a_plan_workbook_is_a_plan_too():
    shown = vidcost("ledger", Path(__file__).parents[1] / "workbook" / "model.xlsx")
    assert shown.returncode == 0 and "2,532,333.58" in shown.stdout


def test_a_decimal_comma_goes_with_a_semicolon_unless_another_delimiter_is_given(tmp_path):
    path = tmp_path / "ledger.csv"
    assert vidcost("ledger", "article", "--decimal", ",", "-o", path).returncode == 0
    amounts = [row["amount"] for row in rows_of(path, ";")]
    assert amounts and all("," in amount or amount.isdigit() for amount in amounts)


def test_lines_that_cost_nothing_are_counted_and_money_has_cents(tmp_path):
    shown = vidcost("ledger", "complete").stdout
    rows = json.loads(vidcost("ledger", "complete", "--json").stdout)["value"][1:-1]
    free = [row for row in rows if abs(row[-1]) < 0.005]
    assert free and f"and {len(free)} lines that cost nothing" in shown
    assert all(row[1] not in shown for row in free)
    listed = [line.split() for line in shown.splitlines() if line[2:3].isalpha()][1:]
    assert len(listed) == len(rows) - len(free) + 1 + 1  # the total, and the sentence
    assert all(line[-1][-3] == "." for line in listed[:-1])
    assert "e-0" not in shown
