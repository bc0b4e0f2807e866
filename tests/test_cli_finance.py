"""`vidcost diff`, `close` and `ledger --actuals`: what people see, JSON, files, exit codes, refusals in one line."""

from __future__ import annotations

import csv
import json

import openpyxl
import pytest

from tests.command import vidcost
from tests.test_cli_ledger import rows_of
from vidcost_xl.model.files import plan_to_text, preset


@pytest.fixture
def bills(tmp_path):
    path = tmp_path / "bills.csv"
    path.write_text(
        "provider,service,amount,month\nAWS,AWS Data Transfer,2000000,2027-03\nAWS,Amazon SQS,12.5,2027-03\n"
    )
    return path


def one_line(done, *parts):
    assert done.returncode == 2
    assert done.stderr.startswith("vidcost: ")
    assert len(done.stderr.strip().splitlines()) == 1
    for part in parts:
        assert part in done.stderr


def test_a_difference_prints_decisions_and_effects(tmp_path):
    plan = tmp_path / "new.toml"
    plan.write_text(plan_to_text(preset("article").with_overrides([("train.experiments", 12)])), encoding="utf-8")
    done = vidcost("diff", "article", plan)
    assert done.returncode == 0, done.stderr
    for part in ("train.experiments", "5,597,535.45", "Structure: nothing differs", "30,388,002.93"):
        assert part in done.stdout


def test_a_difference_as_json_adds_up():
    found = json.loads(vidcost("diff", "article", "complete", "--json").stdout)
    whole = found["stages"][-1]
    effects = ("structure", "volume", "mix", "price", "currency")
    assert round(sum(whole[name] for name in effects) * 100) == round((whole["new"] - whole["old"]) * 100)
    alone = sum(each["alone"] or 0 for each in found["decisions"]) + (found["together"] or 0) + found["remainder"]
    assert alone == pytest.approx(whole["change"], abs=0.01)
    assert {each["kind"] for each in found["decisions"]} == {"representation", "input"}


def test_a_difference_as_a_workbook_is_kept_without_force(tmp_path):
    path = tmp_path / "bridge.xlsx"
    assert vidcost("diff", "article", "complete", "-o", path).returncode == 0
    assert openpyxl.load_workbook(path).sheetnames == [
        "Bridge",
        "Decisions",
        "Effects",
        "Structure",
        "Lines",
        "Months",
        "Details",
    ]
    one_line(vidcost("diff", "article", "complete", "-o", path), "--force")


def test_what_is_no_plan_is_said_plainly(tmp_path):
    for name, content in (
        ("zero.xlsx", b""),
        ("text.xlsx", b"hello"),
        ("notes.txt", b"x"),
        ("old.xls", b"\xd0\xcf\x11\xe0"),
    ):
        (tmp_path / name).write_bytes(content)
    one_line(vidcost("diff", "article", tmp_path / "zero.xlsx"), "zero bytes")
    one_line(vidcost("diff", "article", tmp_path / "text.xlsx"), "not an Excel workbook")
    one_line(vidcost("diff", "article", tmp_path / "notes.txt"), "not a plan")
    one_line(vidcost("diff", "article", tmp_path / "old.xls"), "old.xls")
    one_line(vidcost("diff", "artikle", "article"), "Nearest: article")
    one_line(vidcost("diff", "article", tmp_path / "none.xlsx"), "does not exist")


def test_a_quick_page_and_a_bridge_are_no_plan(tmp_path):
    quick, bridge = tmp_path / "quick.xlsx", tmp_path / "bridge.xlsx"
    assert vidcost("new", quick).returncode == 0
    assert vidcost("diff", "article", "article", "-o", bridge).returncode == 0
    for path in (quick, bridge):
        one_line(vidcost("diff", "article", path), path.name, "template model")


def test_a_month_is_closed_into_a_balanced_journal(tmp_path, bills):
    path = tmp_path / "journal.csv"
    done = vidcost("close", "article", "--month", "2027-03", "--invoiced", bills, "--offset", "2150", "-o", path)
    assert done.returncode == 3  # one row fits no account
    assert "Amazon SQS: 1 row, 12.50" in done.stdout
    rows = rows_of(path)
    booked = [round(float(row["debit"] or 0) * 100) - round(float(row["credit"] or 0) * 100) for row in rows]
    assert sum(booked) == 0
    assert [row["date"] for row in rows] == ["2027-03-31"] * 4 + ["2027-04-01"] * 4
    # 2,336,192.64 of transfer and reads less 2,000,000 invoiced, and 196,140.94 of storage.
    assert {row["debit"] for row in rows if row["debit"]} == {"336192.64", "196140.94"}


def test_a_journal_for_a_country_with_decimal_commas(tmp_path, bills):
    path = tmp_path / "journal.csv"
    marks = ("--decimal", ",", "--delimiter", ";")
    bills.write_text("provider;amount\nAWS;2000000,00\n")
    done = vidcost(
        "close", "article", "--month", "2027-03", "--invoiced", bills, "--offset", "2150", "-o", path, *marks
    )
    assert done.returncode == 0, done.stderr
    assert "without a month, counted for 2027-03: 1 row" in done.stdout
    with path.open(encoding="utf-8", newline="") as file:
        debits = [row["debit"] for row in csv.DictReader(file, delimiter=";") if row["debit"]]
    assert all(debit[-3] == "," for debit in debits)


def test_no_text_of_an_invoice_or_a_plan_becomes_a_formula(tmp_path, bills):
    plan = tmp_path / "plan.toml"
    risky = preset("article").with_overrides(
        [("account.cost_center", '=HYPERLINK("http://x")'), ("account.storage", "-2+3")]
    )
    plan.write_text(plan_to_text(risky), encoding="utf-8")
    bills.write_text("provider,amount,gl_account,cost_center\n@evil,5,+1+1,=cmd\n")
    path = tmp_path / "journal.csv"
    offset = ("--offset", "=2150", "--journal", "\tACC")
    done = vidcost("close", plan, "--month", "2027-03", "--invoiced", bills, *offset, "-o", path)
    assert done.returncode == 0, done.stderr
    for row in rows_of(path):
        for name, cell in row.items():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (name, cell)


def test_closing_as_json_and_as_a_workbook(tmp_path, bills):
    path = tmp_path / "journal.xlsx"
    arguments = ("close", "article", "--month", "2027-03", "--invoiced", bills, "--offset", "2150")
    found = json.loads(vidcost(*arguments, "--json").stdout)
    assert found["not_mapped"][0]["service"] == "Amazon SQS"
    assert sum(line["debit"] - line["credit"] for line in found["journal"]) == pytest.approx(0)
    assert vidcost(*arguments, "-o", path).returncode == 3
    assert openpyxl.load_workbook(path).sheetnames == ["Journal", "Accrual", "Not mapped"]


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--month", "2026-11", "--offset", "2150"], ["2026-11 is outside the plan"]),
        (["--month", "March", "--offset", "2150"], ["'March' is not a month"]),
        (["--month", "2027-03", "--offset", "6110"], ["6110 is an expense"]),
        (["--month", "2027-03", "--offset", "2150", "--rate", "EUR"], ["EUR=1.08"]),
        (["--month", "2027-03", "--offset", "2150", "--rate", "EUR=-1"], ["EUR=1.08"]),
        (["--month", "2027-03", "--offset", "2150", "--decimal", ",", "--delimiter", ","], ["delimiter"]),
        (["--month", "2027-03", "--offset", "2150", "-o", "none/a.csv"], ["does not exist"]),
    ],
)
def test_a_month_that_cannot_be_closed_is_refused(arguments, parts, bills):
    one_line(vidcost("close", "article", "--invoiced", bills, *arguments), *parts)


def test_another_currency_is_refused_without_its_rate(bills):
    bills.write_text("provider,amount,currency\nAWS,100,EUR\n")
    arguments = ("close", "article", "--month", "2027-03", "--invoiced", bills, "--offset", "2150")
    one_line(vidcost(*arguments), "line 2 is in EUR", "--rate EUR=")
    assert "110.00" in vidcost(*arguments, "--rate", "eur=1.1").stdout


def test_a_ledger_with_actuals_has_three_versions(tmp_path, bills):
    path = tmp_path / "ledger.csv"
    bills.write_text("provider,line,amount,month\nAWS,store.raw,100,2027-01\nAWS,,12.5,2027-02\n")
    done = vidcost("ledger", "article", "--actuals", bills, "--closed", "2027-01", "-o", path)
    assert done.returncode == 0, done.stderr
    assert "not closed, not used: 1 row" in done.stderr
    versions = {}
    for row in rows_of(path):
        versions[row["version"]] = versions.get(row["version"], 0) + float(row["reporting_amount"])
    assert set(versions) == {"Budget", "Actual", "Forecast 1+11"}
    assert versions["Forecast 1+11"] == pytest.approx(100 + 11 * 2_532_333.58, abs=0.1)
    shown = vidcost("ledger", "article", "--actuals", bills, "--closed", "2027-01")
    assert "Forecast 1+11" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--closed", "2027-01"], "go together"),
        (["--actuals", "BILLS", "--closed", "2027-02"], "2027-02 is closed and has no actuals"),
        (["--actuals", "BILLS", "--closed", "2027-01", "--form", "focus"], "FOCUS knows no versions"),
    ],
)
def test_actuals_that_do_not_fit_are_refused(arguments, part, bills):
    bills.write_text("provider,amount,month\nAWS,100,2027-01\n")
    one_line(vidcost("ledger", "article", *[str(bills) if each == "BILLS" else each for each in arguments]), part)


def test_a_difference_prints_what_moves_the_total_and_names_the_rest(tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text('base = "article"\n[train]\nexperiments = 12\n[acquire]\nretries = 0.5\n', encoding="utf-8")
    shown = vidcost("diff", "article", plan).stdout
    assert "without effect on the total: acquire.retries 0 -> 0.5" in shown
    lines = shown.splitlines()
    assert sum("store" in line for line in lines) == 0  # storing costs the same on both sides
    assert not any(word in shown for word in ("currency", "mix", "e-0"))  # no effect of these at all
    assert "each other" not in shown
    whole = vidcost("diff", "article", "complete").stdout
    assert "47 lines of the bill only after" in whole and "representation  text" in whole
    unchanged = vidcost("diff", "article", "article").stdout
    assert "By line: nothing differs" in unchanged and "stage: nothing differs" in unchanged


def test_a_hand_off_says_how_many_cells_it_froze_and_not_each(handed_by_command):
    shown = handed_by_command[1]
    assert "functions and native formulas agree to the cent" in shown
    frozen = [line for line in shown.splitlines() if line.startswith("frozen: ")]
    assert any(" more runs (" in line for line in frozen) and max(map(len, frozen)) < 120
    assert "--json list every frozen cell" in shown


def test_a_backtest_prints_its_groups_and_accounts_for_the_whole_bill(tmp_path):
    """Of 100 billed, 60 are storage of January, 30 nothing knows, and 10 are of a year before the plan."""
    bill = tmp_path / "bill.csv"
    head = "provider,service,meter,quantity,unit,amount,month\n"
    rows = ("AWS,,aws.s3.standard.storage,1000,GB-month,60,2027-01", "Nobody,x,,,,30,2027-01", "AWS,y,,,,10,2026-01")
    bill.write_text(head + "\n".join(rows), encoding="utf-8")
    done = vidcost("backtest", "article", bill, "-o", tmp_path / "groups.csv")
    assert done.returncode == 3, done.stderr
    assert (
        "in lines 60.00 + of other months 10.00 + in no line 30.00 = 100.00 (no currency), all of the bill"
        in done.stdout
    )
    assert "not closed, without a bill in any line: 2027-02 to 2027-12" in done.stdout and "not incurred" in done.stdout
    groups = {(row["by"], row["name"]): row for row in rows_of(tmp_path / "groups.csv")}
    assert float(groups["stage", "store"]["actual"]) == 60 and groups["stage", "train"]["why"] == "not incurred"
    found = json.loads(vidcost("backtest", "article", bill, "--json").stdout)
    assert found["closed"] == ["2027-01"] and len(found["not_closed"]) == 11 and found["not_in_it"][0][2] == 30
    assert found["by_stage"][0]["wape"] == pytest.approx(float(groups["stage", "store"]["wape"]))
    done = vidcost("variance", "article", bill)
    assert done.returncode == 3 and "= 100.00 (no currency), all of the bill" in done.stdout
