"""A hand-off: what is in it, what is not, what its reader sees, and what is refused."""

from __future__ import annotations

import io
import re
from datetime import datetime

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from tests.sheets.calc_files import only_sheets
from tests.sheets.conftest import as_excel_saves
from tests.sheets.finance_files import with_cells, with_formula
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.calc.libreoffice import recalculated
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.package.parts import read_parts, sheet_parts, write_parts
from vidcost_xl.sheets.plan.new import TEMPLATES
from vidcost_xl.sheets.plan.parts import EVERY
from vidcost_xl.sheets.review.handoff.purge import own_texts
from vidcost_xl.sheets.review.handoff.run import Order, hand_off
from vidcost_xl.sheets.review.rules.run import check_workbook

ADA = Order("Ada", datetime(2026, 11, 26, 8, 30))


def made(data: bytes, **order):
    return hand_off(data, "book.xlsx", Order(ADA.by, ADA.at, **order))


@pytest.fixture(scope="module")
def model(models):
    return models["bill"]


@pytest.fixture(scope="module")
def page(quick):
    return made(as_excel_saves(quick.data))


def test_no_part_names_a_function_and_nothing_links_out_or_runs(plan, handed, page):
    for data in (plan.data, handed, page.data):
        parts = read_parts(data)
        # Where functions can be typed, their names and the sheet that says so are the only ones.
        typed = {"xl/workbook.xml", sheet_parts(parts)["Typing"]} if data is plan.data else set()
        assert {name for name, content in parts.items() if b"VIDEO_" in content} == typed
        assert [name for name in parts if "vba" in name.casefold() or "externalLink" in name] == []
        for name, content in parts.items():
            assert b"macroEnabled" not in content, name
            assert b"externalReference" not in content, name
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in content, name
        assert b'state="hidden"' not in parts["xl/workbook.xml"]


def test_the_finance_rules_find_nothing_in_it_but_what_somebody_did_to_it(handed, page):
    assert [
        (one.check, one.sheet, one.cell) for data in (handed, page.data) for one in check_workbook(data).findings
    ] == []
    answered = openpyxl.load_workbook(io.BytesIO(handed), read_only=True)["Functions"]
    months = [row[0] for row in answered.iter_rows(min_row=8, min_col=7, max_col=7)]
    (total, *_) = [cell.coordinate for cell in months if isinstance(cell.value, float) and cell.value > 2e6]
    changed = with_cells(handed, {("Prices", "M5"): "0.023", ("Functions", total): "98,070.47"})
    changed = with_formula(changed, ("Handoff", "E30"), "0")  # the difference of a month
    found = {(one.check, one.sheet, one.cell) for one in check_workbook(changed).findings}
    assert {("text-number", "Prices", "M5"), ("text-number", "Functions", total)} <= found
    assert "inconsistent-row" in {check for check, sheet, _ in found if sheet == "Handoff"}


def test_every_formula_holds_a_value_and_none_an_error(plan, page):
    for data in (plan.data, page.data):
        for name in (name for name in read_parts(data) if name.startswith("xl/worksheets/sheet")):
            for cell in re.findall(rb"<c [^>]*>(?:(?!</c>).)*<f.*?</c>", read_parts(data)[name], re.DOTALL):
                assert b"<v>" in cell or b"<v/>" in cell, cell[:80]
                assert b't="e"' not in cell, cell[:80]


def audit(data, folder):
    path = folder / "handed.xlsx"
    path.write_bytes(data)
    return [str(error) for error in OpenXmlValidator().validate(path).errors]


def test_it_passes_the_audit(page, tmp_path):
    assert audit(page.data, tmp_path) == []


@pytest.mark.sweep
def test_a_plan_handed_off_passes_the_audit(handed, tmp_path):
    assert audit(handed, tmp_path) == []


def test_what_is_the_user_s_stays_byte_for_byte(worked_in, plan):
    before, after = read_parts(worked_in), read_parts(plan.data)
    mine = [
        *("xl/media/image1.png", "customXml/item1.xml", "xl/charts/chart9.xml", "xl/drawings/drawing9.xml"),
        *("xl/worksheets/sheet9.xml", "xl/threadedComments/threadedComment1.xml"),
    ]
    changed = [name for name in mine if name in before and before[name] != after[name] and name not in plan.parts]
    assert changed == []
    assert {name for name in before if name not in after} <= {
        *("xl/vbaProject.bin", "xl/metadata.xml", "xl/externalLinks/externalLink1.xml"),
        "xl/externalLinks/_rels/externalLink1.xml.rels",
    }
    said = " ".join(plan.changed)
    for words in ("link to vidcost.xlam removed", "macros removed", "hidden sheet Mine made visible", "reworded"):
        assert words in said


def test_everything_recalculates_in_the_embedded_engine(plan, page):
    for data in (plan.data, page.data):
        done = calculate(data, "book.xlsx")
        assert done.report.left == []
        assert done.data == data


def test_libreoffice_computes_the_same(page, typed, libreoffice, tmp_path):
    """Also where the copy has names that LibreOffice does not know."""
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    for name, data in (("page", page.data), ("plan", typed)):
        source = tmp_path / "in" / f"{name}.xlsx"
        source.write_bytes(data)
        theirs = Contents(recalculated(source, tmp_path / "out").read_bytes(), name)
        ours = Contents(data, name)
        compared = 0
        for key in ours.entries:
            value = ours.value(key)
            if type(value) is float:
                assert theirs.value(key) == pytest.approx(value, rel=1e-9, abs=1e-6), key
                compared += 1
        assert compared > (20_000 if name == "plan" else 200)


def cell(data: bytes, sheet: str, address: str):
    return openpyxl.load_workbook(io.BytesIO(only_sheets(data, sheet)), data_only=True)[sheet][address].value


@pytest.mark.sweep
def test_a_what_if_pauses_the_comparison_and_turns_nothing_red(model, handed):
    assert cell(handed, "Handoff", "A4") == "As handed off"
    key = model.addresses.key("in_train_passes.value")
    changed = calculate(with_cells(handed, {key: 12.0}), "book.xlsx").data
    assert cell(changed, "Handoff", "A4").startswith("What-if")
    assert cell(changed, "Handoff", "E1") == 0
    assert cell(changed, "Cover", "E2") == "Native formulas: inputs changed since"
    contents = Contents(changed, "book.xlsx")
    assert not [key for key in contents.entries if str(contents.value(key)).startswith("#")]


@pytest.mark.sweep
def test_a_what_if_moves_every_result(models):
    """Twice the videos: 10 PB, and twice the bill of storage and transfer (tiers make it a little less)."""
    model = models["article"]
    handed, key = made(model.data).data, model.addresses.key
    typed = {key("in_dataset_videos.value"): 2e9, key("in_barrier_funding.value"): 99e6}
    changed = calculate(with_cells(handed, typed), "book.xlsx").data
    claims = {row[0].value: row[2].value for row in rows_of(changed, "Claims") if row[0].value}
    assert claims["1. A billion videos of 5 MB are 5 PB"] == 10.0
    monthly = cell(changed, "Cover", model.addresses.key("cover_average.class")[1])
    assert claims["8. The data alone cost several million dollars a month"] == pytest.approx(monthly, rel=1e-9)
    barrier = {row[0].value: [each.value for each in row] for row in rows_of(changed, "Barrier") if row[0].value}
    assert barrier["This plan"][3] == pytest.approx(monthly, rel=1e-9)
    # A funding of 99 M lasts as many months as it holds months' bills.
    assert barrier["This plan"][5] == pytest.approx(99e6 / monthly, rel=1e-9)
    assert cell(changed, "Checks", model.addresses.key("checks_master.flag")[1]) == 0


def rows_of(data, sheet):
    return openpyxl.load_workbook(io.BytesIO(only_sheets(data, sheet)), data_only=True)[sheet].iter_rows()


@pytest.mark.sweep
def test_a_native_formula_overwritten_in_a_hand_off_fails_its_check(model, handed):
    sheet, address = next(
        key for key, value in model.values.items() if key[0] == "Native" and value == max(
            v for k, v in model.values.items() if k[0] == "Native" and isinstance(v, float) and 1e5 < v < 1e7
        )
    )  # fmt: skip
    changed = calculate(with_cells(handed, {(sheet, address): 1.0}), "book.xlsx").data
    assert cell(changed, "Handoff", "E1") > 0


def test_the_switch_is_native_and_locked(model, handed):
    sheet, address = model.addresses.key("inputs_switch.value")
    opened = openpyxl.load_workbook(io.BytesIO(only_sheets(handed, sheet)))
    assert opened[sheet][address].value == "native"
    assert opened[sheet][address].protection.locked
    back = calculate(with_cells(handed, {(sheet, address): "functions"}), "book.xlsx").data
    before, after = (Contents(each, "x") for each in (handed, back))
    total = next(key for key in before.entries if before.formula(key).startswith("IF(COUNT("))
    assert after.value(total) == before.value(total)


def test_a_hand_off_of_a_hand_off_is_refused(page):
    with pytest.raises(BadArgumentError, match="is a hand-off already"):
        made(page.data)


def test_a_stranger_s_workbook_is_refused():
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    with pytest.raises(BadArgumentError, match="not a workbook of ours"):
        made(buffer.getvalue())


def test_faults_refuse_it_and_a_reason_goes_into_the_file(quick):
    wrong = with_cells(quick.data, {("Prices", "G5"): 0.03})  # the native formulas alone read this price
    with pytest.raises(BadArgumentError, match="not ready to be handed off: Quick!"):
        made(wrong)
    data = made(wrong, reason="a draft for the meeting").data
    texts = {each.value for row in openpyxl.load_workbook(io.BytesIO(data))["Handoff"] for each in row}
    assert "a draft for the meeting" in texts


def test_errors_are_named(quick):
    wrong = with_formula(quick.data, ("Quick", "N1"), "1/0")
    with pytest.raises(BadArgumentError, match="Quick!N1 shows #DIV/0!"):
        made(wrong)


def test_stale_values_are_computed_first(quick):
    stale = with_cells(quick.data, {("Quick", "C7"): 2e9})  # typed, not computed
    found = made(stale)
    assert "out of date" in " ".join(found.judged.notes)
    before, after = found.judged.contents, Contents(found.data, "x")
    total = found.judged.marks.total
    assert after.value(total) == pytest.approx(before.value(total), rel=1e-12)
    assert after.value(total) > 4e6  # twice the videos cost about twice as much


def test_a_file_saved_by_libreoffice_is_said_plainly(quick):
    parts = read_parts(quick.data)
    app = re.sub(
        rb"<Application>.*?</Application>",
        b"<Application>LibreOffice/7.4$Linux</Application>",
        parts["docProps/app.xml"],
    )
    parts["docProps/app.xml"] = app
    assert "LibreOffice saved this file last" in " ".join(made(write_parts(parts)).judged.notes)


def test_every_text_that_a_hand_off_says_anew_stands_in_a_template():
    layouts = [make(price_book(), None, None, EVERY) for make in TEMPLATES.values()]
    said = {
        entry.value
        for layout in layouts
        for sheet in layout.sheets
        for row in sheet.rows
        for entry in row.entries.values()
        if isinstance(entry.value, str)
    }
    assert [text for text in own_texts()["text"] if text not in said] == []
