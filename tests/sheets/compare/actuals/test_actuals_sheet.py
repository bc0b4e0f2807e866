"""The sheet Actuals in a plan workbook: what it says, that all else stays, and that nobody's notes are lost."""

from __future__ import annotations

import io
import re
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from tests.sheets.calc_files import user_workbook
from tests.sheets.compare.actuals.two_months import (
    ACTUAL,
    BUDGET,
    FEBRUARY,
    JANUARY,
    REASONS,
    TRANSFER,
    plan,
    written,
)
from vidcost_xl.bills.reading import Options
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.calc.libreoffice import recalculated
from vidcost_xl.sheets.compare.actuals.billed import read_billed
from vidcost_xl.sheets.compare.actuals.run import put_actuals
from vidcost_xl.sheets.compare.actuals.standing import standing_of
from vidcost_xl.sheets.package.edits.cells import NewCell, put_cells
from vidcost_xl.sheets.package.edits.opened import opened
from vidcost_xl.sheets.package.parts import read_parts
from vidcost_xl.sheets.plan.new import build
from vidcost_xl.sheets.plan.parts import parts_named
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook
from vidcost_xl.sheets.render.added_sheets import part_of
from vidcost_xl.sheets.review.handoff.run import Order as HandoffOrder
from vidcost_xl.sheets.review.handoff.run import hand_off
from vidcost_xl.sheets.review.rules.run import check_file
from vidcost_xl.sheets.review.signing.run import Order, sign
from vidcost_xl.sheets.review.signing.verify import verify

NAME = "plan.xlsx"
AT = datetime(2027, 3, 5, 9, 30)
NOTE = 16

NECESSARY = {"[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/workbook.xml"}


@pytest.fixture(scope="module")
def base(once):
    """The plan as a workbook that somebody worked in; its fiscal year begins in July."""
    return once(
        "actuals-base",
        lambda: user_workbook(
            build("model", plan=plan(**{"calendar.fiscal_year_start": 7}), parts=parts_named("bill")).data
        ),
    )


@pytest.fixture(scope="module")
def standings(base, tmp_path_factory):
    """After January, and after February."""
    folder = tmp_path_factory.mktemp("bills")
    files = [written(folder, f"{at}.csv", text) for at, text in (("2027-01", JANUARY), ("2027-02", FEBRUARY))]
    bill = evaluate(read_plan_workbook(base, NAME).plan)
    return [standing_of(bill, read_billed(files[:count], Options())) for count in (1, 2)]


@pytest.fixture(scope="module")
def first(once, base, standings):
    return once("actuals-first", lambda: put_actuals(base, NAME, standings[0], AT)[0])


@pytest.fixture(scope="module")
def second(once, first, standings):
    return once("actuals-second", lambda: put_actuals(first, NAME, standings[1], AT)[0])


class Shown:
    """The values of the sheet, by the label in the first column."""

    def __init__(self, data):
        self.sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Actuals"]
        self.formulas = openpyxl.load_workbook(io.BytesIO(data))["Actuals"]

    def row(self, label, nth=0):
        return [cell.row for cell in self.sheet["A"] if cell.value == label][nth]

    def values(self, label, columns, nth=0):
        row = self.row(label, nth)
        return [self.sheet[f"{column}{row}"].value for column in columns]


@pytest.fixture(scope="module")
def shown(second):
    return Shown(second)


def test_the_closed_months_are_as_worked_by_hand(shown):
    assert shown.values("Total", "FG") == [BUDGET, ACTUAL]
    assert shown.values("Total", "IJKLMN") == pytest.approx(list(REASONS.values()), abs=0.02)
    assert shown.values("store", "F") == [pytest.approx(4 * 93_132.26, abs=0.02)]
    assert shown.values("not in the plan", "FGM") == [0, 4_500, 4_500]


def test_the_year_end_is_actual_where_closed_and_plan_where_open(shown):
    """Half of 30,222,851.42 is before July; at the pace so far a budgeted dollar costs 4,669,112.88 / 5,037,141.90."""
    year = Decimal("30222851.42")
    saved = Decimal("368029.02")
    assert shown.values("To the year's end, actual where closed", "FGH") == ["whole plan", "FY2027", "FY2028"]
    assert shown.values("Budget", "FGH") == pytest.approx([float(year), float(year / 2), float(year / 2)], abs=0.03)
    assert shown.values("Actual to date", "FGH") == [ACTUAL, ACTUAL, 0]
    plain = [float(year - saved), float(year / 2 - saved), float(year / 2)]
    assert shown.values("Forecast: actual to date + budget of the rest", "FGH") == pytest.approx(plain, abs=0.03)
    pace = Decimal("4669112.88") / Decimal("5037141.90")
    rest = [Decimal("25185709.52"), year / 2 - Decimal("5037141.90"), year / 2]
    actual = [Decimal("4669112.88"), Decimal("4669112.88"), 0]
    run = [float(done + pace * left) for done, left in zip(actual, rest, strict=True)]
    label = "At the pace so far: actual to date + budget of the rest x that"
    assert shown.values(label, "FGH") == pytest.approx(run, abs=0.04)


def test_every_check_of_the_sheet_holds_and_says_what_it_compares(shown):
    start, end = shown.row("Checks"), shown.row("The bill")
    flags = [shown.sheet.cell(row, 15).value for row in range(start + 1, end - 1)]
    assert flags == [0] * 7
    assert shown.values("Actual of all rows = what the bill has in lines of the plan", "FG") == [ACTUAL, ACTUAL]
    assert shown.values("The files by kind of charge, no currency stated", "FG") == [pytest.approx(4_670_211.89), 9]
    assert shown.sheet["A3"].value.startswith("Every row adds up")
    assert shown.sheet["A2"].value.startswith("plan.xlsx against 2 files (9 rows), closed 2027-01 to 2027-02, USD")


def test_totals_are_formulas_over_the_table_and_the_rows_are_values(shown):
    total, table = shown.row("Total"), shown.row("month")
    assert shown.formulas[f"F{shown.row('store')}"].value.startswith("=SUMIFS($F$")
    assert shown.formulas[f"I{total}"].value.startswith("=SUM(")
    body = [cell.value for row in shown.formulas.iter_rows(min_row=table + 1) for cell in row]
    assert len(body) > 49 * 10 and not any(str(value).startswith("=") for value in body)
    assert {len(re.sub(r"\D", "", repr(value)).lstrip("0")) <= 15 for value in body if isinstance(value, float)} == {
        True
    }
    (added,) = shown.formulas.tables.values()
    assert added.ref == f"A{table}:P{shown.sheet.max_row}" and added.displayName == "Actuals"


def test_the_chart_is_a_waterfall_whose_labels_say_the_amounts(second):
    package = opened(second, NAME)
    (drawing,) = [each for each in package.relations(part_of(package, "Actuals")) if each.kind == "drawing"]
    (chart,) = package.relations(drawing.target)
    text = package.read(chart.target).decode()
    assert 'grouping val="stacked"' in text and "<a:noFill" in text
    labels = re.findall(r"<v>([^<]*)</v>", text.partition("<cat>")[2].partition("</cat>")[0])
    assert labels[0] == "Budget 5,037,142" and labels[-1] == "Actual 4,669,113"
    assert labels[1:4] == ["volume -232,831", "mix -", "price +46,566"]
    # The steps are a tenth of the whole: the axis says that it does not begin at 0.
    assert re.search(r"USD, from ([\d,]+)", text) and re.search(r'<min val="[1-9]', text)


def test_all_other_parts_keep_their_bytes(base, first, second):
    before, after = read_parts(base), read_parts(second)
    assert {name for name in before if before[name] != after.get(name)} <= NECESSARY
    assert {re.sub(r"\d+", "", name) for name in after.keys() - before.keys()} == {
        *("xl/worksheets/sheet.xml", "xl/worksheets/_rels/sheet.xml.rels", "xl/tables/table.xml"),
        *("xl/drawings/drawing.xml", "xl/drawings/_rels/drawing.xml.rels", "xl/charts/chart.xml"),
    }
    assert read_parts(first).keys() == after.keys()


@pytest.mark.sweep
def test_the_audit_and_the_finance_rules_find_nothing(second, tmp_path):
    path = tmp_path / NAME
    path.write_bytes(second)
    errors = [str(error) for error in OpenXmlValidator().validate(path).errors]
    assert [error for error in errors if "image1.png" not in error] == []  # the picture of the user's workbook
    assert [found for found in check_file(path).findings if found.sheet == "Actuals"] == []
    assert calculate(second, NAME).report.left == []


def test_it_prints_on_landscape_pages_one_wide(second):
    sheet = openpyxl.load_workbook(io.BytesIO(second))["Actuals"]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
    assert sheet.print_title_rows == "$1:$3" and sheet.print_area.endswith(f"$P${sheet.max_row}")


def typed(data, *cells):
    """The file with texts or numbers in cells of the sheet, which keep their looks."""
    package = opened(data, NAME)
    part = part_of(package, "Actuals")
    package.write(part, put_cells(package.read(part), part, {place: NewCell(value) for place, value in cells}))
    return package.data()


def test_notes_stay_with_their_row_when_a_month_is_added(first, standings):
    before = Shown(first)
    table = before.row("month")
    line = next(row for row in range(table + 1, 200) if before.sheet.cell(row, 4).value == TRANSFER)
    stage, month = before.row("train"), before.row(datetime(2027, 1, 1))
    notes = {line: "=asked the supplier", stage: "a pass less", month: "1.5 days late"}
    noted = typed(first, *(((row, NOTE), text) for row, text in notes.items()))
    data, kept = put_actuals(noted, NAME, standings[1], AT)
    after = Shown(data)
    found = {cell.value: cell.row for cell in after.sheet["P"] if cell.value and cell.value != "note"}
    assert kept == 3 and set(found) == set(notes.values())
    assert after.sheet.cell(found["=asked the supplier"], 4).value == TRANSFER
    assert after.sheet.cell(found["=asked the supplier"], 1).value == datetime(2027, 1, 1)
    assert after.sheet.cell(found["a pass less"], 1).value == "train"
    assert after.sheet.cell(found["1.5 days late"], 1).value == datetime(2027, 1, 1)
    assert after.formulas.cell(found["=asked the supplier"], NOTE).data_type == "s"


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ((20, 18), "look at this", r"R20 holds 'look at this'"),
        ((300, 2), 7.0, r"B300 holds '7'"),
        ((5, 6), 1.0, "is not as it was written"),
    ],
    ids=["beside", "below", "over a formula"],
)
def test_what_was_typed_elsewhere_is_never_lost(first, standings, place, value, message):
    changed = typed(first, (place, value))
    with pytest.raises(BadArgumentError, match=message):
        put_actuals(changed, NAME, standings[1], AT)


def test_it_is_dropped_where_that_is_said(first, standings):
    dropped, _ = put_actuals(typed(first, ((20, 18), "look at this")), NAME, standings[1], AT, anew=True)
    assert Shown(dropped).sheet.cell(20, 18).value is None


def test_a_comment_on_the_sheet_is_never_lost(first, standings):
    package = opened(first, NAME)
    package.write("xl/comments9.xml", b"<comments/>")
    package.relate(part_of(package, "Actuals"), "xl/comments9.xml", "comments")
    with pytest.raises(BadArgumentError, match=r"something of a person's on it \(comments\)"):
        put_actuals(package.data(), NAME, standings[1], AT)


def test_a_note_whose_row_is_gone_is_refused(second, standings):
    shown = Shown(second)
    row = shown.row("not in the plan")
    with pytest.raises(BadArgumentError, match="'why NAT' on not in the plan"):
        put_actuals(typed(second, ((row, NOTE), "why NAT")), NAME, standings[0], AT)


def test_a_sheet_of_ones_own_of_that_name_is_refused(second, standings):
    with pytest.raises(BadArgumentError, match="has a sheet Actuals of its own"):
        put_actuals(typed(second, ((1, 1), "Mine")), NAME, standings[0], AT)


def test_another_plan_turns_the_sheet_stale(second):
    book = openpyxl.load_workbook(io.BytesIO(second))
    inputs = book["Drivers"]
    row = next(cell.row for cells in inputs.iter_rows() for cell in cells if cell.value == "train.passes")
    (cell,) = [cell for cell in inputs[row] if not cell.protection.locked and isinstance(cell.value, (int, float))][:1]
    package = opened(second, NAME)
    part = part_of(package, "Drivers")
    new = {(row, cell.column): NewCell(cell.value + 1)}
    package.write(part, put_cells(package.read(part), part, new))
    shown = Shown(calculate(package.data(), NAME).data)
    assert shown.sheet["A3"].value.startswith("LOOK")
    assert shown.values("Budget of all months = the plan as it stands", "O") == [1]


@pytest.mark.sweep
def test_a_signed_hand_off_holds_the_sheet_and_finds_a_changed_value(second):
    handed = hand_off(second, NAME, HandoffOrder("Ada", AT)).data
    signed = sign(handed, NAME, Order("Ada", at=AT)).data
    assert Shown(signed).values("Total", "FG") == [BUDGET, ACTUAL]
    row = Shown(signed).row("month") + 2
    found = verify(typed(signed, ((row, 7), 1.0)), NAME)
    assert not found.is_unchanged
    assert any(change.sheet == "Actuals" and change.cell == f"G{row}" for change in found.changes)


def test_libreoffice_computes_the_same(second, libreoffice, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    source = tmp_path / "in" / NAME
    source.write_bytes(second)
    theirs = openpyxl.load_workbook(recalculated(source, tmp_path / "out"), data_only=True)["Actuals"]
    ours = Shown(second)
    compared = 0
    for row in ours.formulas.iter_rows():
        for cell in row:
            if str(cell.value).startswith("="):
                value = ours.sheet[cell.coordinate].value
                expected = pytest.approx(value, rel=1e-9, abs=1e-6) if isinstance(value, (int, float)) else value
                assert theirs[cell.coordinate].value == expected, cell.coordinate
                compared += 1
    assert compared > 150
