"""Workbooks of ours: the template passes every rule, and what a user does to it is named."""

from __future__ import annotations

import dataclasses
import io
from datetime import datetime

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill, Protection

from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.sheet_layout import Entry, Row
from vidcost_xl.sheets.package.parts import MAIN, parse_xml, read_parts, to_xml, write_parts
from vidcost_xl.sheets.plan.new import TEMPLATES
from vidcost_xl.sheets.quick.page import quick_layout
from vidcost_xl.sheets.render.workbook import render
from vidcost_xl.sheets.review.rules.catalogue import catalogue
from vidcost_xl.sheets.review.rules.run import check_workbook

from .rule_books import edited, found, places, replaced


def input_cell(quick, name="videos"):
    return quick.addresses.key(f"in_{name}.quantity")[1]


def test_every_template_passes_machine_and_layout_rules(quick):
    assert set(TEMPLATES) >= {"quick"}
    report = check_workbook(quick.data)
    assert [(one.check, one.sheet, one.cell, one.what) for one in report.findings] == []
    assert report.template == "quick"


def test_the_file_as_excel_saves_it_passes_too(excel_form):
    report = check_workbook(excel_form)
    assert [(one.check, one.sheet, one.cell, one.what) for one in report.findings] == []


def test_exceptions_are_declared_with_a_reason_and_used(quick):
    report = check_workbook(quick.data)
    used = {why.check for _, why in report.accepted}
    assert used == {one.check for one in catalogue().exemptions if one.template == "quick"}
    assert all(len(why.reason) > 20 for why in catalogue().exemptions)
    states = {rule.number: report.state(rule) for rule in catalogue().rules.values()}
    assert states[1] == states[15] == "accepted" and states[6] == "a person" and states[4] == "pass"


def test_a_function_cell_without_the_add_in_is_no_fault(quick):
    parts = read_parts(quick.data)
    root = parse_xml(parts["xl/worksheets/sheet1.xml"])
    for node in root.iter(f"{{{MAIN}}}c"):
        if "VIDEO_" in (node.findtext(f"{{{MAIN}}}f") or ""):
            node.set("t", "e")
            node.find(f"{{{MAIN}}}v").text = "#NAME?"
    parts["xl/worksheets/sheet1.xml"] = to_xml(root)
    assert found(write_parts(parts), "error-value") == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("1000000000", "the number as text"),
        ("many", "a text"),
        ("#N/A", "the error #N/A"),
        ("=5*2", "is computed by"),
        (None, "is empty"),
    ],
)
def test_a_bad_input_is_named_at_its_cell(quick, value, said):
    cell = input_cell(quick)
    data = edited(quick.data, lambda book: book["Quick"].__setitem__(cell, value))
    [finding] = found(data, "bad-input")
    assert (finding.sheet, finding.cell) == ("Quick", cell)
    assert said in finding.what and "Videos kept" in finding.what


def test_a_formula_in_an_input_is_found_by_its_look_too(quick):
    cell = input_cell(quick)
    data = edited(quick.data, lambda book: book["Quick"].__setitem__(cell, "=5*2"))
    assert places(data, "formula-in-input") == [("Quick", cell)]


def test_a_number_where_a_listed_name_belongs_is_named(quick):
    cell = input_cell(quick, "route")
    data = edited(quick.data, lambda book: book["Quick"].__setitem__(cell, 3))
    assert places(data, "bad-input") == [("Quick", cell)]


@pytest.mark.sweep
def test_inputs_of_the_model_are_found_by_their_keys_wherever_they_stand(models):
    def spoil(book):
        sheet = book["Inputs"]
        cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
        for key, value in (("dataset.opening", "0.5"), ("dataset.copies", "#N/A")):
            sheet.cell(cells[key].row, cells[key].column + 1).value = value
        cells["train.share"].value = None
        sheet.cell(cells["dataset.survival"].row, cells["dataset.survival"].column + 2).value = "percent"
        # As in a workbook of a version before, in which it is typed on Inputs.
        sheet.cell(cells["exit.route"].row, cells["exit.route"].column + 1).value = "aws.internet"
        next(cell for row in book["Drivers"].iter_rows() for cell in row if cell.value == "exit.route").value = None

    report = check_workbook(edited(models["bill"].data, spoil))
    bad = [finding for finding in report.findings if finding.check == "bad-input"]
    gone = [finding for finding in report.findings if finding.check == "input-gone"]
    assert [finding.sheet for finding in bad] == ["Inputs", "Inputs"]
    assert len(gone) == 1 and "(train.share)" in gone[0].what
    [unit] = [finding for finding in report.findings if finding.check == "unit-changed"]
    assert unit.sheet == "Inputs" and "'percent', in the template 'share'" in unit.what


def test_a_changed_unit_is_named(quick):
    cell = quick.addresses.key("in_mb_per_video.unit")[1]
    data = edited(quick.data, lambda book: book["Quick"].__setitem__(cell, "GB"))
    [finding] = found(data, "unit-changed")
    assert (finding.sheet, finding.cell) == ("Quick", cell) and "'GB'" in finding.what and "MB (10^6 B)" in finding.what


def test_a_deleted_input_row_is_named(quick):
    def delete(book):
        book.defined_names["passes"].attr_text = "Quick!#REF!"

    [finding] = found(edited(quick.data, delete), "input-gone")
    assert finding.cell == input_cell(quick, "passes") and "Passes over the features" in finding.what
    assert found(edited(quick.data, lambda book: book.defined_names.pop("passes")), "input-gone")


def test_a_renamed_sheet_is_named(quick):
    data = replaced(quick.data, "xl/workbook.xml", "Prices", "Tariffs")
    for sheet in (1, 3):
        part = f"xl/worksheets/sheet{sheet}.xml"
        data = replaced(data, part, "Prices", "Tariffs") if sheet == 1 else data
    [finding] = found(data, "sheet-gone")
    assert finding.sheet == "Tariffs" and "Prices is gone" in finding.what


def test_inserted_rows_and_columns_are_a_note_that_says_what_moved(quick):
    layout = quick_layout(price_book())
    page = layout.sheets[0]
    at = next(number for number, row in enumerate(page.rows) if row.id == "in_mb_per_video")
    rows = (*page.rows[:at], Row("user", {"note": Entry("mine")}), *page.rows[at:])
    moved = dataclasses.replace(layout, sheets=(dataclasses.replace(page, rows=rows), *layout.sheets[1:]))
    report = check_workbook(render(Addresses(moved)))
    [finding] = [one for one in report.findings if one.check == "cells-moved"]
    was = input_cell(quick, "mb_per_video")
    assert "1 row below" in finding.what and was in finding.what and finding.severity == "note"
    assert not [one for one in report.findings if one.check in {"bad-input", "unit-changed", "input-gone"}]


def test_a_failed_check_of_the_workbook_is_reported(quick):
    cell = quick.addresses.key("in_videos.check")[1]
    parts = read_parts(quick.data)
    root = parse_xml(parts["xl/worksheets/sheet1.xml"])
    [node] = [node for node in root.iter(f"{{{MAIN}}}c") if node.get("r") == cell]
    node.find(f"{{{MAIN}}}v").text = "1"
    parts["xl/worksheets/sheet1.xml"] = to_xml(root)
    [finding] = found(write_parts(parts), "own-check")
    assert finding.cell == cell and "Videos kept" in finding.what


def test_a_user_s_own_sheet_is_judged_by_machine_rules_only(quick):
    def add(book):
        sheet = book.create_sheet("My notes")
        sheet["A1"] = "Calls with the vendor"
        sheet["A2"] = "=5000*2"

    report = check_workbook(edited(quick.data, add))
    found = {(one.check, one.sheet) for one in report.findings if one.severity != "note"}
    # openpyxl, which added the sheet, writes no values of formulas.
    assert {each for each in found if each[0] != "lost-value"} == {("constant", "My notes")}


def paint_black(book):
    book["Quick"]["C7"].font = Font(color="000000")


def unprotect(book):
    book["Prices"].protection.sheet = False


def password(book):
    book["Prices"].protection.password = "secret"


def forbid(book):
    book["Prices"].protection.insertRows = True


def portrait(book):
    book["Lists"].page_setup.orientation = "portrait"


def no_area(book):
    book["Lists"].print_area = None


def no_pages(book):
    book["Lists"].oddFooter.right.text = None


def no_check(book):
    cells = [
        cell for row in book["Prices"].iter_rows(max_row=4) for cell in row if str(cell.value).startswith("=Quick!")
    ]
    cells[0].value = None


def same_label(book):
    book["Quick"]["A8"] = book["Quick"]["A7"].value


def no_unit(book):
    book["Quick"]["D7"] = None


def open_text(book):
    book["Quick"]["A7"].protection = Protection(locked=False)


def blue_formula(book):
    cells = [cell for row in book["Quick"].iter_rows(min_row=20) for cell in row if str(cell.value).startswith("=")]
    cells[0].font, cells[0].fill = Font(color="0000FF"), PatternFill()


def no_legend(book):
    for row in book["Quick"].iter_rows():
        for cell in row:
            if str(cell.value).startswith("Blue on a pale fill"):
                cell.value = "Colours as usual."


@pytest.mark.parametrize(
    ("spoil", "check", "sheet"),
    [
        (unprotect, "protection", "Prices"),
        (password, "protection", "Prices"),
        (forbid, "protection", "Prices"),
        (portrait, "print", "Lists"),
        (no_area, "print", "Lists"),
        (no_pages, "print", "Lists"),
        (no_check, "master-check", "Prices"),
        (same_label, "label-and-unit", "Quick"),
        (no_unit, "label-and-unit", "Quick"),
        (open_text, "unlocked", "Quick"),
        (blue_formula, "colours", "Quick"),
        (paint_black, "colours", "Quick"),
        (no_legend, "colours", ""),
    ],
)
def test_a_broken_layout_is_found(quick, spoil, check, sheet):
    assert sheet in {finding.sheet for finding in found(edited(quick.data, spoil), check)}


def test_header_rows_that_are_not_repeated_are_found(quick):
    data = replaced(quick.data, "xl/workbook.xml", "_xlnm.Print_Titles", "_xlnm.Print_Other")
    assert {finding.sheet for finding in found(data, "print")} == {"Prices", "Lists"}


def timed(headings=("Label", "Note", "Unit", "Constant", "Total"), *, frozen=True, counter=True, flags=True):
    """A page of the quick workbook with a second sheet over time, as the model has it."""

    def change(book):
        for name in ("Volumes", "Costs"):
            sheet = book.create_sheet(name)
            sheet.oddFooter.left.text = "vidcost-xl 0.1.0"
            words = headings if name == "Costs" else ("Label", "Note", "Unit", "Constant", "Total")
            for column, word in enumerate(words, start=1):
                sheet.cell(3, column, word)
            for at in range(12):
                sheet.cell(1, 6 + at, datetime(2026, at + 1, 28)).number_format = "mmm yy"
                if counter:
                    sheet.cell(2, 6 + at, at + 1)
                if flags:
                    sheet.cell(3, 6 + at, 1)
                sheet.cell(5, 6 + at, at)
            sheet["A5"], sheet["C5"] = "Videos kept", "PB"
            sheet.freeze_panes = "F4" if frozen else "A1"

    return change


def test_time_axes_as_the_model_has_them_pass(quick):
    data = edited(quick.data, timed())
    assert not [*found(data, "time-axis"), *found(data, "column-purposes"), *found(data, "label-and-unit")]


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (timed(("Label", "Unit", "Note", "Constant", "Total")), "column-purposes"),
        (timed(("Label", "Note", "Unit", "Constant")), "column-purposes"),
        (timed(frozen=False), "time-axis"),
        (timed(counter=False), "time-axis"),
    ],
)
def test_a_broken_time_axis_or_column_is_found(quick, change, check):
    assert "Costs" in {finding.sheet for finding in found(edited(quick.data, change), check)}


def test_workings_have_a_row_of_flags_and_results_need_none(quick):
    data = edited(quick.data, timed(flags=False))
    assert {finding.sheet for finding in found(data, "time-axis")} == {"Volumes"}


def test_a_stranger_s_workbook_is_not_judged_by_layout_rules():
    book = openpyxl.Workbook()
    book.active["A1"] = "no unit, no print set-up, no protection"
    buffer = io.BytesIO()
    book.save(buffer)
    report = check_workbook(buffer.getvalue())
    assert report.findings == () and report.template == ""
    assert {report.state(rule) for rule in catalogue().rules.values() if rule.tag == "layout"} == {"our workbooks only"}


def test_the_template_is_recognised_by_its_names_without_a_stamp(quick):
    def strip(book):
        book.properties.creator = "someone"
        for sheet in book:
            sheet.oddFooter.left.text = ""

    data = edited(quick.data, strip)
    assert check_workbook(data).template == "quick"
    assert places(data, "stamp") == [("", "workbook")]
