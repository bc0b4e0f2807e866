"""The file of the quick page: what finance, Excel and a validator find in it."""

from __future__ import annotations

import io
import re
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest
from openxml_audit import OpenXmlValidator

from tests.sheets.calc_files import formula_texts
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.layout.sheet_layout import Formula
from vidcost_xl.sheets.package.parts import MAIN, parse_xml, read_parts, sheet_parts
from vidcost_xl.sheets.plan.new import build
from vidcost_xl.sheets.quick.lines import LINES
from vidcost_xl.sheets.render.finish import CALCULATION_ID

#: A formula no longer than a thumb (FAST 3.03-01), with every reference written out.
LONGEST_FORMULA = 130

#: Numbers that a formula may hold: 0 and 1 are logic, 12 is months in a year.
UNIVERSAL = {"0", "1", "12"}


@pytest.fixture(scope="module")
def parts(quick):
    return read_parts(quick.data)


@pytest.fixture(scope="module")
def opened(quick):
    return openpyxl.load_workbook(io.BytesIO(quick.data))


@pytest.fixture(scope="module")
def shown(quick):
    return openpyxl.load_workbook(io.BytesIO(quick.data), data_only=True)


def test_every_formula_cell_holds_its_value(quick, parts):
    formulas = 0
    for part in sheet_parts(parts).values():
        for cell in parse_xml(parts[part]).iter(f"{{{MAIN}}}c"):
            if cell.find(f"{{{MAIN}}}f") is not None:
                formulas += 1
                assert cell.findtext(f"{{{MAIN}}}v"), cell.get("r")
    assert formulas == len(quick.values) > 200


def test_the_file_forces_no_recalculation(parts):
    settings = parse_xml(parts["xl/workbook.xml"]).find(f"{{{MAIN}}}calcPr")
    assert settings.get("calcId") == CALCULATION_ID == "191029"
    assert settings.get("fullCalcOnLoad") is None


def test_the_audit_finds_nothing(quick, tmp_path):
    path = tmp_path / "quick.xlsx"
    path.write_bytes(quick.data)
    result = OpenXmlValidator().validate(path)
    assert [str(error) for error in result.errors] == []
    assert result.is_valid


def test_two_builds_are_the_same_bytes(quick):
    assert build("quick").data == quick.data


def test_engine_cells_are_dynamic_arrays_of_one_cell(quick, parts):
    engine = {
        quick.addresses.key_at(position)
        for position, _, entry in quick.addresses.cells()
        if isinstance(entry.value, Formula) and "VIDEO_" in entry.value.text
    }
    marked = set()
    for sheet, part in sheet_parts(parts).items():
        for cell in parse_xml(parts[part]).iter(f"{{{MAIN}}}c"):
            formula = cell.find(f"{{{MAIN}}}f")
            if formula is not None and formula.get("t") == "array":
                assert (cell.get("cm"), formula.get("ref")) == ("1", cell.get("r"))
                marked.add((sheet, cell.get("r")))
    assert marked == engine
    assert b"XLDAPR" in parts["xl/metadata.xml"]
    assert b"/xl/metadata.xml" in parts["[Content_Types].xml"]


def test_functions_stand_in_the_file_under_their_bare_names(quick):
    for text in formula_texts(quick.data).values():
        assert "@" not in text and "_xll" not in text and "]!" not in text


def test_formulas_are_short_and_hold_no_constants(quick):
    for text in formula_texts(quick.data).values():
        assert len(text) <= LONGEST_FORMULA or "VIDEO_" in text or "article's" in text, text
        bare = re.sub(r'"[^"]*"', "", text)
        numbers = re.findall(r"(?<![A-Za-z$_.\d])\d+(?:\.\d+)?(?![\d.]*[A-Za-z_(])", bare)
        assert set(numbers) <= UNIVERSAL, text


def test_formulas_avoid_what_reviewers_refuse(quick):
    for text in formula_texts(quick.data).values():
        names = re.findall(r"([A-Z][A-Z.]+)\(", re.sub(r'"[^"]*"', "", text))
        assert not {"NPV", "OFFSET", "INDIRECT", "TEXT", "NOW", "TODAY", "RAND", "XLOOKUP", "LET"} & set(names), text
        assert names.count("IF") <= 1, text


def test_nothing_is_hidden_linked_scripted_or_merged(opened, parts):
    assert [sheet.title for sheet in opened] == ["Quick", "Prices", "Lists"]
    assert all(sheet.sheet_state == "visible" and not sheet.merged_cells.ranges for sheet in opened)
    assert not [name for name in parts if "external" in name.lower() or "vba" in name.lower() or "connect" in name]
    for sheet in opened:
        assert not any(row.hidden for row in sheet.row_dimensions.values())
        assert not any(column.hidden for column in sheet.column_dimensions.values())


def test_names_do_not_look_like_cells(opened):
    for name in opened.defined_names:
        assert not re.fullmatch(r"[A-Za-z]{1,3}\d+|[rR]\d*[cC]\d*|[rRcC]", name)


def test_the_page_prints_on_one_landscape_page(opened):
    page = opened["Quick"]
    assert page.page_setup.orientation == "landscape"
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 1)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_area == f"'Quick'!$A$1:$L${page.max_row}"
    for sheet in opened:
        assert sheet.page_setup.fitToWidth == 1 and sheet.freeze_panes
        assert "&P" in sheet.oddFooter.right.text and "&N" in sheet.oddFooter.right.text
    assert opened["Prices"].print_title_rows == "$1:$4"


def test_inputs_are_validated_against_the_lists_and_explained(opened, quick):
    page = opened["Quick"]
    inputs = {key[1] for key in (quick.addresses.key_at(at) for at, _, entry in quick.addresses.cells() if entry.rule)}
    covered = set()
    for validation in page.data_validations.dataValidation:
        covered |= {str(cell) for cell in validation.sqref}
        assert validation.showInputMessage and 0 < len(validation.prompt) <= 255 and len(validation.promptTitle) <= 32
        if validation.type == "list":
            assert re.fullmatch(r"Lists!\$A\$\d+:\$A\$\d+", validation.formula1)
    assert covered == inputs and len(inputs) == 9


def test_only_inputs_are_unlocked_and_there_is_no_password(opened, quick):
    inputs = {quick.addresses.key_at(at) for at, _, entry in quick.addresses.cells() if entry.rule}
    unlocked = {
        (sheet.title, cell.coordinate)
        for sheet in opened
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and not cell.protection.locked
    }
    # The add-in writes beside the stamp whether it is of the same version.
    is_current = quick.addresses.key(quick.addresses.layout.names["vidcost_stamp_ok"].strip("{}"))
    assert unlocked == inputs | {is_current}
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in opened)


def test_every_price_line_leads_to_its_passport(opened, shown, quick):
    prices = shown["Prices"]
    headings = {cell.value: cell.column for cell in prices[4]}
    for line in LINES:
        sheet, address = quick.addresses.key(f"price_{line.id}.used")
        formula = opened[sheet][address].value
        row = shown[sheet][quick.addresses.key(f"price_{line.id}.unit_price")[1]].value
        assert formula.startswith('=HYPERLINK("#Prices!A"&')
        meter = shown[sheet][quick.addresses.key(f"price_{line.id}.line")[1]].value
        assert prices.cell(row, headings["Key: meter, region"]).value == f"{meter} us-east-1"
        passport = {heading: prices.cell(row, column).value for heading, column in headings.items()}
        assert len(passport["Source"]) >= 8 and passport["Where it was read [file/key]"]
        assert passport["SKU"] and passport["Confidence"]
        assert isinstance(passport["Read on"], datetime) or passport["Read on"] == "undated"
        assert shown[sheet][address].value == passport["Source"]


def test_prices_are_the_book_s_with_real_dates(shown):
    book = price_book()
    sheet = shown["Prices"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    seen = {row[0] for row in rows}
    for key in seen:
        meter, region = key.split(" ")
        tiers = [row for row in rows if row[0] == key]
        if meter not in book.meters:
            assert [row[6] for row in tiers] == [0] and tiers[0][14] == "derived"
            continue
        tariff = book.price(meter, region).tariff
        assert tuple(row[2] for row in tiers) == tariff.starts
        assert tuple(row[6] for row in tiers) == tariff.prices
        assert all(isinstance(row[12], (date, datetime)) for row in tiers)


def test_pandas_sees_the_values(quick):
    frame = pd.read_excel(io.BytesIO(quick.data), sheet_name="Quick", header=None)
    numbers = [cell for cell in frame.to_numpy().flat if isinstance(cell, float)]
    assert 2_532_333.58 in [round(number, 2) for number in numbers]


def test_the_chart_is_native_and_carries_its_values(parts, opened):
    chart = parts["xl/charts/chart1.xml"].decode()
    assert "numCache" in chart and "strCache" in chart
    assert "<v>2332192.63" in chart and "<v>Data out to the GPUs</v>" in chart
    assert chart.count("<title>") == 2  # of the chart, and of the axis with its unit
    assert len(opened["Quick"]._charts) == 1


def test_no_number_is_stored_as_text(opened):
    for sheet in opened:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    assert not re.fullmatch(r"[-+]?[\d.,]+%?", cell.value), (sheet.title, cell.coordinate)
