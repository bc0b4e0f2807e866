"""`vidcost check` as a product: rules and the model's own checks together, and the sheet that says so."""

from __future__ import annotations

import io
import json
from datetime import date

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator
from typer.testing import CliRunner

from tests.sheets.finance_files import with_cells
from tests.sheets.review.rule_books import stranger
from vidcost_xl.cli import app, main
from vidcost_xl.model.checked import Check
from vidcost_xl.sheets.package.parts import read_parts
from vidcost_xl.sheets.review.rules.catalogue import catalogue
from vidcost_xl.sheets.review.rules.run import Report
from vidcost_xl.sheets.review.self_audit import SHEET, Audit, audit_file, with_audit_sheet

DAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def doubtful(models, tmp_path_factory):
    """A plan of a corpus in the wrong unit: 1e9 videos of 5e6 MB are 5 ZB."""
    made = models["bill"]
    path = tmp_path_factory.mktemp("audit") / "plan.xlsx"
    path.write_bytes(with_cells(made.data, {made.addresses.key("in_dataset_mb_per_video.value"): 5e6}))
    return path


@pytest.fixture
def page(quick, tmp_path):
    path = tmp_path / "page.xlsx"
    path.write_bytes(quick.data)
    return path


def run(*arguments):
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def test_the_model_s_checks_stand_in_the_same_report(doubtful):
    audit = audit_file(doubtful)
    assert any("dataset" in each.subject for each in audit.plan)
    answer = json.loads(run(doubtful, "--json").output)
    assert {each["name"] for each in answer["model"]} == {each.name for each in audit.plan}
    assert answer["rules"] and answer["template"] == "model"


def test_the_sheet_lists_every_rule_its_result_and_an_owner_to_name(page, tmp_path):
    audit = audit_file(page)
    data = with_audit_sheet(page.read_bytes(), "page.xlsx", audit, DAY)
    sheet = openpyxl.load_workbook(io.BytesIO(data))[SHEET]
    heads = [cell.value for cell in sheet[3]]
    assert heads == [
        *("Rule", "What is judged", "Result", "Where", "What was found", "What to do", "Who accepts it, and why"),
    ]
    texts = {cell.value for cell in sheet["B"]}
    assert {rule.title for rule in catalogue().rules.values()} <= texts
    for _, why in audit.report.accepted:
        assert f"vidcost-xl, by the template: {why.reason}" in {cell.value for cell in sheet["G"]}
    path = tmp_path / "audited.xlsx"
    path.write_bytes(data)
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []
    assert audit_file(path).is_clean


def test_an_owner_named_once_stays(page):
    audit = audit_file(page)
    data = with_audit_sheet(page.read_bytes(), "page.xlsx", audit, DAY)
    sheet = openpyxl.load_workbook(io.BytesIO(data))[SHEET]
    row = next(cell.row for cell in sheet["C"] if cell.value == "a person")
    signed = with_cells(data, {(SHEET, f"G{row}"): "Ada: read on Thursday"})
    again = openpyxl.load_workbook(io.BytesIO(with_audit_sheet(signed, "page.xlsx", audit, DAY)))[SHEET]
    assert again[f"G{row}"].value == "Ada: read on Thursday"


def test_a_stranger_s_workbook_gets_the_sheet_too_and_keeps_its_parts(tmp_path):
    def spoil(book):
        book["Forecast"]["G10"] = 1234.5

    path, copy = tmp_path / "theirs.xlsx", tmp_path / "copy.xlsx"
    path.write_bytes(stranger(spoil))
    result = run(path, "--sheet", copy)
    assert result.exit_code == 1
    before, after = read_parts(path.read_bytes()), read_parts(copy.read_bytes())
    assert {name for name in before if before[name] != after[name]} <= {
        *("[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/workbook.xml", "docProps/app.xml"),
    }
    cells = {cell.value for row in openpyxl.load_workbook(copy)[SHEET].iter_rows() for cell in row}
    assert any(str(value).startswith("Forecast!G10") for value in cells)
    assert "exists already" in str(run(path, "--sheet", copy).exception)


def test_the_exit_code_is_0_for_a_clean_file_and_2_for_none(page, tmp_path, monkeypatch):
    assert run(page).exit_code == 0
    monkeypatch.setattr("sys.argv", ["vidcost", "check", str(tmp_path / "nothing.xlsx")])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2


def test_what_the_model_refuses_is_counted_where_the_rules_find_nothing():
    refused = Check("error", "exit", "exit.route", "leaves a provider that stores nothing")
    doubt = Check("note", "link", "limits.link_gbps", "give the link")
    said = Audit(Report("model", ()), (doubt, refused)).summary()
    assert said.startswith("the model finds 1 error; the rules: nothing found")
    assert Audit(Report("model", ()), (doubt,)).summary().startswith("nothing found")
