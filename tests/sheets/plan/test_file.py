"""The file of the plan workbook: what finance, Excel and a validator find in it, and what its checks catch."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest
from openpyxl.chart.chartspace import ChartSpace
from openpyxl.xml.functions import fromstring
from openxml_audit import OpenXmlValidator

from tests.sheets.calc_files import formula_texts, only_sheets
from tests.sheets.opened import typed_into
from tests.sheets.plan.plan_cases import Case, month
from vidcost_xl.areas import Area, Place
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.calc.values import recalculate
from vidcost_xl.sheets.formulas.formula_cells import filled, read_formula_cells
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.parts import MAIN, parse_xml, read_parts, sheet_parts
from vidcost_xl.sheets.package.sheet_cells import read_sheets
from vidcost_xl.sheets.package.workbook import Workbook
from vidcost_xl.sheets.plan.new import build
from vidcost_xl.sheets.render.finish import CALCULATION_ID
from vidcost_xl.sheets.review.rules.catalogue import catalogue

#: As a reader meets them: the summary, what is typed, results, workings, control.
SHEETS = [
    *("Cover", "Summary", "Drivers", "Inputs", "Changes", "Accounts", "Prices"),
    *("Costs", "Own", "Claims", "Barrier", "Text", "Agents", "Ledger"),
    *("Guards", "Calendar", "Volumes", "Lines", "Native", "Functions", "Proof"),
    *("Checks", "Lists", "Audit"),
]

#: Of formulas: texts in quotes left out (FAST 3.03-01).
LONGEST_FORMULA = 130

#: The same where a whole charge stands in one formula, which the rules of `vidcost check` except by sheet.
LONGEST_CHARGE = 380
UNIVERSAL = {"0", "1"}


@pytest.fixture(scope="module")
def model(models):
    return models["article"]


@pytest.fixture(scope="module")
def parts(model):
    return read_parts(model.data)


@pytest.fixture(scope="module")
def opened(model):
    return openpyxl.load_workbook(io.BytesIO(model.data))


def changed(model, case):
    return typed_into(model.data, case.cells(model.addresses))


def flag(model, values, key):
    return values[model.addresses.key(f"{key}.flag")]


def test_it_has_its_sheets_in_order(opened):
    assert opened.sheetnames == SHEETS


def test_every_formula_and_the_answer_of_the_functions_hold_their_values(model, parts):
    formulas, shown = 0, set()
    for sheet, part in sheet_parts(parts).items():
        for cell in parse_xml(parts[part]).iter(f"{{{MAIN}}}c"):
            if cell.find(f"{{{MAIN}}}f") is not None:
                formulas += 1
                assert cell.find(f"{{{MAIN}}}v") is not None, (sheet, cell.get("r"))
            if cell.findtext(f"{{{MAIN}}}v"):
                shown.add((sheet, cell.get("r")))
    assert formulas > 20_000
    assert not [key for key, value in model.values.items() if isinstance(value, ExcelError)]
    assert {key for key, value in model.values.items() if value != ""} <= shown


def test_the_spill_states_the_range_that_it_fills(model, parts):
    anchor = model.addresses.key("fc_0.start")
    root = parse_xml(parts[sheet_parts(parts)["Functions"]])
    formula = next(cell for cell in root.iter(f"{{{MAIN}}}c") if cell.get("r") == anchor[1])
    assert formula.get("cm") == "1"
    area = formula.find(f"{{{MAIN}}}f")
    # Ids and twelve months; month, fiscal year, four lines, total.
    top = model.addresses.row("fc_0")
    assert (area.get("t"), area.get("ref")) == ("array", f"F{top}:R{top + 6}")


def test_the_file_forces_no_recalculation(parts):
    settings = parse_xml(parts["xl/workbook.xml"]).find(f"{{{MAIN}}}calcPr")
    assert settings.get("calcId") == CALCULATION_ID
    assert settings.get("fullCalcOnLoad") is None


#: Cells of every kind; what lies around the cells of a sheet is judged of all sheets.
OF_EVERY_KIND = ("Cover", "Changes", "Functions", "Ledger", "Checks")


@pytest.mark.parametrize(
    "sheets", [OF_EVERY_KIND, pytest.param(SHEETS, marks=pytest.mark.sweep)], ids=["cells of every kind", "all cells"]
)
def test_the_audit_finds_nothing(models, tmp_path, sheets):
    path = tmp_path / "model.xlsx"
    path.write_bytes(only_sheets(models["complete"].data, *sheets))
    result = OpenXmlValidator().validate(path)
    assert [str(error) for error in result.errors] == []
    assert result.is_valid


def test_two_builds_are_the_same_bytes(model):
    assert build("model").data == model.data


def test_recalculating_the_file_changes_nothing(model):
    assert recalculate(model.data) == model.values


def test_formulas_avoid_what_reviewers_refuse(model):
    whole = {one.sheet for one in catalogue().exemptions if (one.template, one.check) == ("model", "long-formula")}
    beside = model.addresses.row("bar_heading")  # below it what Barrier compares, above it the bill
    for (sheet, address), text in formula_texts(model.data).items():
        is_charge = sheet in whole and (sheet != "Native" or int(re.sub(r"\D", "", address)) > beside)
        longest = LONGEST_CHARGE if is_charge else LONGEST_FORMULA
        bare = re.sub(r'"[^"]*"', '""', text)
        names = re.findall(r"([A-Z][A-Z.]+)\(", bare)
        refused = {"NPV", "OFFSET", "INDIRECT", "TEXT", "NOW", "TODAY", "RAND", "XLOOKUP", "LET", "FILTER"}
        assert not refused & set(names), text
        assert not re.search(r"\bIF\([^()]*\bIF\(", bare), text
        assert len(bare) <= longest or "VIDEO_" in text, text
        numbers = re.findall(r"(?<![A-Za-z$_.\d])\d+(?:\.\d+)?(?![\d.]*[A-Za-z_(])", bare)
        assert set(numbers) <= UNIVERSAL, text


def test_a_row_has_one_formula_for_all_months(model):
    from openpyxl.formula.translate import Translator

    texts = formula_texts(model.data)
    for sheet in model.addresses.layout.sheets:
        for row in sheet.rows:
            if "m1" in row.entries and "m2" in row.entries:
                keys = [model.addresses.key(f"{row.id}.m{at}") for at in range(1, 13)]
                if keys[0] not in texts:
                    continue
                first = Translator(texts[keys[0]], keys[0][1])
                for key in keys[1:]:
                    assert first.translate_formula(key[1]) == texts[key], key


def test_nothing_is_hidden_linked_scripted_or_merged(opened, parts):
    assert all(sheet.sheet_state == "visible" and not sheet.merged_cells.ranges for sheet in opened)
    assert not [name for name in parts if "external" in name.lower() or "vba" in name.lower() or "connect" in name]


def test_every_sheet_is_protected_without_a_password_and_set_up_for_print(opened):
    for sheet in opened:
        # Excel folds no groups of a protected sheet: there, what is read by name refuses what is typed.
        assert sheet.protection.sheet == (sheet.title != "Inputs") and not sheet.protection.password
        assert sheet.freeze_panes
        assert sheet.page_setup.orientation == "landscape"
        # The three are one page each.
        assert sheet.print_area and (sheet.print_title_rows or sheet.title in {"Summary", "Drivers", "Changes"})
        assert "&P" in sheet.oddFooter.right.text


def test_the_file_opens_at_the_summary(opened):
    assert opened.active.title == "Summary"


def test_inputs_fold_by_group_and_refuse_new_labels_and_keys(opened):
    sheet = opened["Inputs"]
    folded = {row: sheet.row_dimensions[row].outlineLevel for row in range(5, sheet.max_row + 1)}
    for row, level in folded.items():
        assert level == (1 if sheet.cell(row, 2).value else 0), row  # a group's title has no key
    assert sheet.sheet_format.outlineLevelRow == 1 and not sheet.sheet_properties.outlinePr.summaryBelow
    fixed = next(rule for rule in sheet.data_validations.dataValidation if rule.type == "custom")
    assert fixed.formula1 == "FALSE" and fixed.showErrorMessage
    assert all(f"{column}{row}" in fixed.sqref for row, level in folded.items() if level for column in "ABD")


def test_inputs_that_do_not_count_are_pale(opened):
    sheet = opened["Inputs"]
    rows = {sheet.cell(row, 2).value: row for row in range(5, sheet.max_row + 1)}
    found = {
        row: rule.formula[0]
        for area in sheet.conditional_formatting
        for rule in area.rules
        if rule.type == "expression" and rule.dxf.font is not None
        for part in area.sqref.ranges
        for row in range(part.min_row, part.max_row + 1)
    }
    kind = rows["representation.2.kind"]
    typed = {opened["Drivers"].cell(row, 13).value: row for row in range(1, 40)}
    assert "Key" in typed
    amount, size = (f"Drivers!$B${typed[key]}" for key in ("representation.2.amount", "dataset.size_from"))
    assert found[rows["representation.2.vae"]] == f'OR(AND($C${kind}<>"latent"),{amount}>0)'
    assert found[rows["dataset.videos"]] == f'OR(AND({size}<>"mb",{size}<>"bitrate"))'
    assert found[rows["dataset.mb_per_video"]] == f'OR(AND({size}<>"mb",{size}<>"amount"))'
    cache = f"$C${rows['cache.tb']}"
    assert found[rows["train.cached"]] == f"OR({cache}>0)"
    assert found[rows["cache.policy"]] == found[rows["cache.kept"]] == f"OR({cache}<=0)"
    assert found[rows["acquire.retries"]] == f'OR(AND($C${rows["acquire.on"]}<>"yes"))'
    assert rows["dataset.clips_per_video"] not in found and rows["acquire.on"] not in found


def test_summary_own_barrier_and_agents_have_their_charts_with_titles_and_units(parts):
    charts = [parts[name] for name in parts if name.startswith("xl/charts/chart")]
    assert len(charts) == 2 + 2 + 1 + 1
    for chart in charts:
        assert chart.count(b"<c:title>") + chart.count(b"<title>") >= 2
        assert b"numCache" in chart and b"strCache" in chart
        ChartSpace.from_tree(fromstring(chart))  # or openpyxl, in a user's script, drops the chart


def test_the_ledger_is_a_table_of_values(opened):
    table = opened["Ledger"].tables["ledger"]
    assert table.ref == "A10:Y58"
    assert opened["Ledger"]["C11"].value == "FY2027"


def test_stocks_roll_forward(model):
    values = changed(
        model,
        Case(
            inputs={
                "dataset.ramp_months": 4,
                "dataset.opening": 0.3,
                "dataset.retention_months": 5,
                "dataset.growth": 0.02,
            }
        ),
    )
    for stock in ("dataset", "representation_1_videos", "representation_2_videos"):
        for at in range(1, 13):
            opening, came, left, closing = (
                values[model.addresses.key(f"{stock}_{part}.m{at}")]
                for part in ("opening_balance", "additions", "removals", "closing")
            )
            assert opening + came - left == pytest.approx(closing, rel=1e-12, abs=1e-3)
            if at < 12:
                assert values[model.addresses.key(f"{stock}_opening_balance.m{at + 1}")] == closing
    assert flag(model, values, "checks_master") == 0


def test_a_price_changed_in_the_sheet_is_a_failed_check_of_its_lines(model):
    row = next(
        row
        for sheet in model.addresses.layout.sheets
        if sheet.name == "Prices"
        for row in sheet.rows
        if row.id.startswith("tier_") and row.entries["meter"].value == "aws.s3.standard.storage"
    )
    values = typed_into(model.data, {model.addresses.key(f"{row.id}.price"): 0.5})
    assert flag(model, values, "ch_representation_1_first_age1") == 1
    assert flag(model, values, "ch_representation_2_train_leg1") == 0
    # The two lines of storage; and Claims, Barrier and Text, which price it too, and Agents, which keeps rejects.
    assert [flag(model, values, f"chk_beside_{at}") for at in range(1, 5)] == [1, 1, 1, 1]
    assert flag(model, values, "checks_master") == 2 + 4
    assert values[model.addresses.key("cover_title.flag")] == 2 + 4


def test_two_changes_in_one_month_are_an_error_of_the_functions_and_a_failed_check(model):
    case = Case(lines=(("train.passes", month(3), month(6), 2.0), ("train.passes", month(6), None, 3.0)))
    values = changed(model, case)
    assert flag(model, values, "chk_overlap") == 1
    anchor = values[model.addresses.key("fc_0.start")]
    assert isinstance(anchor, ExcelError) and anchor.code == "#VALUE!"
    assert "train.passes@2027-03..2027-06 and train.passes@2027-06.. both hold in 2027-06" in anchor.message


@pytest.mark.parametrize(
    ("line", "check"),
    [
        (("train.route", month(3), None, 2.0), "chk_known"),
        (("rate.aws.no-such-meter", month(3), None, 2.0), "chk_known"),
        (("train.passes", date(2031, 1, 1), None, 2.0), "chk_inside"),
    ],
)
def test_a_change_that_native_formulas_cannot_follow_is_a_failed_check(model, line, check):
    values = changed(model, Case(lines=(line,)))
    assert flag(model, values, check) == 1


def test_more_months_than_the_sheets_have_is_a_failed_check(model):
    values = changed(model, Case(inputs={"calendar.months": 24}))
    assert flag(model, values, "chk_months") == 1


def test_an_unknown_price_is_an_error_and_never_0(model):
    # The book has no request prices of this provider, and training reads from it.
    values = changed(
        model,
        Case(
            inputs={
                "representation.1.class": "nebius.object.standard",
                "representation.2.class": "nebius.object.standard",
                "train.route": "nebius.internet",
            }
        ),
    )
    assert values[model.addresses.key("a_representation_2_train_gets1.m1")].code == "#N/A"
    assert isinstance(values[model.addresses.key("k_total.m1")], ExcelError)
    assert flag(model, values, "checks_master") > 0


def test_a_route_that_starts_elsewhere_is_an_error(model):
    values = changed(model, Case(inputs={"train.route": "gcp.internet"}))
    assert isinstance(values[model.addresses.key("a_representation_2_train_leg1.m1")], ExcelError)
    assert isinstance(values[model.addresses.key("k_total.m1")], ExcelError)


def test_native_formulas_can_be_chosen(model):
    values = typed_into(model.data, {model.addresses.key("inputs_switch.value"): "native"})
    assert values[model.addresses.key("costs_title.total")] == "Native formulas (chosen)"
    assert values[model.addresses.key("k_total.total")] == pytest.approx(30_388_002.93, abs=0.01)


def test_the_command_makes_it_with_more_months(tmp_path, capsys, monkeypatch):
    from vidcost_xl.cli import app

    path = tmp_path / "plan.xlsx"
    monkeypatch.setattr("sys.argv", ["vidcost", "new", str(path), "--template", "model", "--months", "18"])
    with pytest.raises(SystemExit) as stopped:
        app()
    assert not stopped.value.code
    said = capsys.readouterr().out
    assert "2,532,333.58" in said and "Checks to look at" in said
    costs = openpyxl.load_workbook(path, data_only=True)["Costs"]
    assert costs.cell(3, 24).value.date() == date(2028, 6, 30)


def test_months_belong_to_the_model(tmp_path):
    from vidcost_xl.errors import BadArgumentError
    from vidcost_xl.sheets.plan.new import new_workbook

    with pytest.raises(BadArgumentError, match="--template model"):
        new_workbook(tmp_path / "quick.xlsx", months=24)


def test_months_share_a_formula_only_where_it_reads_its_own_sheet(model):
    # Excel takes what is relative on another sheet as if it did not move.
    entries = read_formula_cells(read_sheets(Workbook(Archive(model.data, "model.xlsx"))))
    shared = [entry for entry in entries if entry.cell.formula.kind == "shared"]
    assert {entry.place.sheet for entry in shared} >= {"Native", "Volumes", "Costs", "Calendar"}
    assert "Functions" not in {entry.place.sheet for entry in shared}  # LibreOffice computes them on opening
    assert not [entry.key for entry in shared if set(entry.source) & set("!{[#")]
    # The text of each stands in the first cell of what it says it fills.
    cells: dict[Place, list[Place]] = {}
    for entry in shared:
        cells.setdefault((entry.first or entry).key, []).append(entry.key)
    for entry in shared:
        if entry.first is None:
            area = Area(entry.place.sheet, *entry.cell.formula.area)
            assert [(area.sheet, *place) for place in filled(area)] == cells[entry.key]
