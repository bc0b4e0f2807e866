"""The fill-in rehearsal: 25 inputs typed into the file in every form it takes, then `vidcost calc` on it."""

from __future__ import annotations

import re
from string import ascii_uppercase

import pytest

from tests.sheets.calc_files import user_workbook, values, with_inputs, without_values
from tests.sheets.conftest import as_excel_saves
from tests.sheets.plan.plan_cases import CASES, REHEARSAL
from tests.sheets.plan.test_parity import assert_same
from vidcost_xl.sheets.calc.calculate import calculate, calculate_file
from vidcost_xl.sheets.package.parts import read_parts, sheet_parts

#: The third, with the path of the add-in, is that of the test of what a user adds.
FORMS = {"generated": lambda data: data, "as Excel saves it": as_excel_saves}


def with_path(data):
    return as_excel_saves(data, r"'C:\Users\x\vidcost.xlam'!")


def filled_file(model, form, folder):
    path = folder / "plan.xlsx"
    path.write_bytes(form(with_inputs(model.data, REHEARSAL.cells(model.addresses))))
    return path


def test_the_rehearsal_changes_25_inputs_with_a_rate_a_route_a_month_and_a_version():
    assert len(REHEARSAL.inputs) >= 25 and "train.route" in REHEARSAL.inputs
    lines = {key: (first, value) for key, first, _, value in REHEARSAL.lines}
    start = REHEARSAL.inputs["calendar.start"]
    rate_from, _ = lines["rate.aws.s3.standard.storage"]
    assert (rate_from.year - start.year) * 12 + rate_from.month - start.month + 1 == 7
    assert lines["train.passes"][0].month == 3 and lines["train.passes"][1] == 8.0
    assert "representation.2.versions" in lines


@pytest.mark.sweep
@pytest.mark.parametrize("form", FORMS)
def test_calc_on_the_file_gives_ledger_functions_and_native_formulas_alike(models, tmp_path, form):
    model = models["complete"]
    path = filled_file(model, FORMS[form], tmp_path)
    report = calculate_file(path)
    assert report.left == [] and report.written and report.computed == report.formulas > 20_000
    assert_same(model, values(path.read_bytes()), REHEARSAL.plan())


def form_alone(content):
    bare = re.sub(rb"<v>[^<]*</v>|<v/>", b"", content)
    bare = re.sub(rb"(<c\b[^>]*?) t=\"[a-z]+\"", rb"\1", bare)
    return re.sub(rb"(<f[^>]*?) ref=\"[A-Z0-9:]+\"", rb"\1", bare).replace(b"></c>", b"/>")


def answered(model, data):
    """What stands in the rows of the answer of VIDEO_FORECAST, by address."""
    lines = (row.id for sheet in model.addresses.layout.sheets for row in sheet.rows if re.match(r"fc_\d", row.id))
    rows = {str(model.addresses.row(line)) for line in lines}
    found = values(data).items()
    return {at: value for (sheet, at), value in found if sheet == "Functions" and at.lstrip(ascii_uppercase) in rows}


@pytest.mark.sweep
def test_an_answer_with_fewer_lines_leaves_blank_cells(models):
    case = CASES["everything off"]
    model = models[case.base]
    done = calculate(with_inputs(model.data, case.cells(model.addresses)), "plan.xlsx")
    assert done.report.left == []
    assert_same(model, values(done.data), case.plan())
    before, after = (
        {at for at, value in answered(model, data).items() if value is not None} for data in (model.data, done.data)
    )
    assert after < before
    assert calculate(done.data, "plan.xlsx").data == done.data


def test_an_answer_that_something_stands_in_the_way_of_is_left_and_told(models):
    model = models["complete"]
    blank = next(at for at, value in answered(model, model.data).items() if at.startswith("G") and value is None)
    typed = {**REHEARSAL.cells(model.addresses), ("Functions", blank): 5.0}
    report = calculate(with_inputs(model.data, typed), "plan.xlsx").report
    assert "#SPILL!" in next(
        each.reason for each in report.left if (each.sheet, each.cell) == model.addresses.key("fc_0.start")
    )


def test_calc_leaves_everything_a_user_put_into_the_plan_workbook_byte_for_byte(models, tmp_path):
    model = models["complete"]
    path = filled_file(model, lambda data: user_workbook(with_path(data)), tmp_path)
    before = path.read_bytes()
    report = calculate_file(path)
    assert report.written and report.left == [] and report.computed == report.formulas > 20_000
    old, new = read_parts(before), read_parts(path.read_bytes())
    assert list(old) == list(new)
    changed = {name for name in old if old[name] != new[name]}
    assert changed and all(name.startswith("xl/worksheets/sheet") for name in changed)
    answers = {sheet_parts(old)["Functions"]}
    assert all(without_values(old[name]) == without_values(new[name]) for name in changed - answers)
    # The answers of the functions are other values now, and more lines: the range that one fills.
    assert all(form_alone(old[name]) == form_alone(new[name]) for name in answers)
    mine = {name for name in old if "9.xml" in name or name.startswith(("xl/media", "customXml", "xl/threaded"))}
    assert {"xl/charts/chart9.xml", "xl/media/image1.png", "customXml/item1.xml"} <= mine
    # Sheet 9 of the user's has formulas of its own, which were computed before: 1, 2 and 3 doubled.
    found = values(path.read_bytes())
    assert [found["Mine", f"B{row}"] for row in (1, 2, 3)] == [2.0, 4.0, 6.0]
    # Ledger, functions and native formulas alike.
    assert_same(model, found, REHEARSAL.plan())
