"""`vidcost refresh`: the rows of the ledger follow the plan in the file, and nothing else in it changes."""

from __future__ import annotations

import io
import json
import math
from datetime import date, datetime

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from tests.sheets.calc_files import only_sheets, user_workbook, with_input, with_inputs
from tests.sheets.conftest import as_excel_saves
from tests.sheets.plan.plan_cases import CASES, REHEARSAL
from tests.sheets.plan.test_new_command import run
from tests.sheets.review.rule_books import replaced
from vidcost_xl.digits import kept
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.ledger import COLUMNS, to_columns
from vidcost_xl.sheets.package.parts import read_parts, sheet_parts
from vidcost_xl.sheets.plan.reading.refresh import refresh

STATE = "ledger_state.version"
CURRENT, STALE = "These rows are those of the plan as it stands.", "STALE"


def filled(model, case):
    return as_excel_saves(with_inputs(model.data, case.cells(model.addresses)))


def ledger_rows(data):
    """The rows of the table, as openpyxl reads them."""
    sheet = openpyxl.load_workbook(io.BytesIO(only_sheets(data, "Ledger")), data_only=True)["Ledger"]
    cells = sheet[sheet.tables["ledger"].ref]
    assert [cell.value for cell in cells[0]] == list(COLUMNS)
    below = [cell.value for row in sheet.iter_rows(min_row=cells[-1][0].row + 1) for cell in row if cell.value]
    assert below == []
    return [[cell.value for cell in row] for row in cells[1:]]


def plain(value):
    if isinstance(value, datetime):
        return value.date()
    is_absent = value in {None, ""} or (isinstance(value, float) and math.isnan(value))
    return None if is_absent else kept(value) if isinstance(value, float) else value


def assert_ledger(data, plan):
    columns = [column.tolist() for column in to_columns(evaluate(plan)).values()]
    expected = [[plain(value) for value in line] for line in zip(*columns, strict=True)]
    assert [[plain(value) for value in row] for row in ledger_rows(data)] == expected


def state(model, data):
    sheet = openpyxl.load_workbook(io.BytesIO(only_sheets(data, "Ledger")), data_only=True)["Ledger"]
    return sheet[model.addresses.key(STATE)[1]].value


@pytest.fixture(scope="module")
def refreshed(once, models):
    """The rehearsal's file, refreshed, and the report."""
    return once("complete-refreshed", lambda: refresh(filled(models["complete"], REHEARSAL), "plan.xlsx"))


@pytest.mark.sweep
def test_a_refreshed_file_passes_the_audit(refreshed, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(refreshed[0])
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []


@pytest.mark.parametrize("name", ["25 inputs at once", pytest.param("everything off", marks=pytest.mark.sweep)])
def test_rows_grow_and_shrink_with_the_plan_and_other_parts_keep_their_bytes(models, refreshed, name):
    case = CASES[name]
    data = filled(models[case.base], case)
    before = len(ledger_rows(data))
    done, report = refreshed if case is REHEARSAL else refresh(data, "plan.xlsx")
    assert_ledger(done, case.plan())
    assert report.changed and report.rows_before == before and report.rows == len(ledger_rows(done)) != before
    old, new = read_parts(data), read_parts(done)
    changed = {part for part in old if old[part] != new[part]}
    written = {sheet_parts(old)[sheet] for sheet in ("Ledger", "Summary", "Drivers")}
    assert changed == written | {"xl/tables/table1.xml"} and list(old) == list(new)


def test_new_rows_have_the_formats_of_their_columns(refreshed):
    done, report = refreshed
    sheet = openpyxl.load_workbook(io.BytesIO(only_sheets(done, "Ledger")))["Ledger"]
    first, last = sheet.tables["ledger"].ref.split(":")
    top, bottom = int(first[1:]) + 1, int(last[1:])
    assert report.rows > report.rows_before and sheet.dimensions.endswith(last)
    for column in range(1, len(COLUMNS) + 1):
        formats = {sheet.cell(row, column).number_format for row in (top, bottom)}
        assert len(formats) == 1, COLUMNS[column - 1]
    assert sheet.cell(bottom, 2).is_date


@pytest.mark.sweep
def test_the_header_says_whether_the_rows_are_those_of_the_plan(models):
    from vidcost_xl.sheets.calc.calculate import calculate

    model = models["bill"]
    assert model.values[model.addresses.key(STATE)] == CURRENT
    videos = with_input(model.data, model.addresses.key("in_dataset_videos.value"), 2e9)
    start = with_input(model.data, model.addresses.key("in_calendar_start.value"), 46_419.0)
    account = with_input(model.data, model.addresses.key("in_account_storage.value"), "4711")
    for changed in (start, account, videos):
        computed = calculate(changed, "plan.xlsx").data
        assert state(model, computed).startswith(STALE)
    assert state(model, refresh(computed, "plan.xlsx")[0]) == CURRENT


def test_a_ledger_of_the_plan_is_not_written_again(models):
    data = as_excel_saves(models["bill"].data)
    done, report = refresh(data, "plan.xlsx")
    assert done is data and not report.changed


def test_what_a_user_added_stays(models):
    model = models["bill"]
    data = user_workbook(with_input(model.data, model.addresses.key("in_acquire_on.value"), "yes"))
    old = read_parts(data)
    part = sheet_parts(old)["Ledger"]
    row = int(model.addresses.key("ledger_1.version")[1][1:])
    mine = f'<c r="AB{row}" t="inlineStr"><is><t>mine</t></is></c></row><row r="{row + 1}"'
    data = replaced(data, part, f'</row><row r="{row + 1}"', mine)
    done, _ = refresh(data, "plan.xlsx")
    old, new = read_parts(data), read_parts(done)
    assert {name for name in old if old[name] != new[name]} <= {part, "xl/tables/table1.xml"}
    assert f'<c r="AB{row}" t="inlineStr"><is><t>mine</t></is></c>'.encode() in new[part]


def test_a_note_under_the_table_is_never_written_over(models):
    model = models["complete"]
    data = filled(model, REHEARSAL)
    part = sheet_parts(read_parts(data))["Ledger"]
    last = len(ledger_rows(data)) + int(model.addresses.key("ledger_head.version")[1][1:])
    note = f'<row r="{last + 2}"><c r="B{last + 2}" t="inlineStr"><is><t>mine</t></is></c></row></sheetData>'
    data = replaced(data, part, "</sheetData>", note)
    with pytest.raises(
        BadArgumentError, match=rf"Ledger!B{last + 2} stands under the table, which needs \d+ more rows"
    ):
        refresh(data, "plan.xlsx")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('headerRowCount="1"', 'headerRowCount="0"', "no table any more"),
        ('headerRowCount="1"', 'headerRowCount="1" totalsRowCount="1"', "has a totals row"),
    ],
)
def test_a_table_that_cannot_be_written_is_refused_with_what_to_do(models, old, new, said):
    with pytest.raises(BadArgumentError, match=said):
        refresh(replaced(models["bill"].data, "xl/tables/table1.xml", old, new), "plan.xlsx")


def test_a_workbook_without_a_plan_stays_as_it_is(models, tmp_path, capsys, monkeypatch):
    model, path = models["bill"], tmp_path / "plan.xlsx"
    data = with_input(model.data, model.addresses.key("in_dataset_videos.value"), "many")
    path.write_bytes(data)
    code, _, err = run(capsys, monkeypatch, "refresh", path)
    assert code == 2 and "Drivers!" in err and "is 'many'; allowed: at least 0" in err and path.read_bytes() == data


def test_the_command_patches_the_file_or_a_copy(models, tmp_path, capsys, monkeypatch):
    model, path, copy = models["bill"], tmp_path / "plan.xlsx", tmp_path / "copy.xlsx"
    data = with_input(model.data, model.addresses.key("in_dataset_videos.value"), 2e9)
    path.write_bytes(data)
    code, out, _ = run(capsys, monkeypatch, "refresh", path, "-o", copy)
    assert code == 0 and f"written: {copy}" in out and path.read_bytes() == data
    code, out, _ = run(capsys, monkeypatch, "refresh", path, "--json")
    report = json.loads(out)
    assert code == 0 and report["written"] and report["currency"] == "USD"
    assert_ledger(path.read_bytes(), preset("article").with_overrides([("dataset.videos", 2e9)]))
    assert path.read_bytes() == copy.read_bytes()
    code, out, _ = run(capsys, monkeypatch, "refresh", path)
    assert code == 0 and "holds these rows already" in out
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["copy.xlsx", "plan.xlsx"]


def test_periods_of_a_file_that_counts_from_1904_are_the_same_months(models):
    model = models["bill"]
    # 1 January 2027 is day 46,388 from 1900 and 1,462 days less from 1904.
    data = with_inputs(
        model.data,
        {
            model.addresses.key("in_calendar_start.value"): 46_388.0 - 1_462.0,
            model.addresses.key("in_dataset_videos.value"): 2e9,
        },
    )
    data = replaced(data, "xl/workbook.xml", "<workbookPr/>", '<workbookPr date1904="1"/>')
    rows = ledger_rows(refresh(data, "plan.xlsx")[0])
    assert plain(rows[0][1]) == date(2027, 1, 1)
