"""An impossible input in the commands and in hand-offs: one cause, one message, the same everywhere."""

from __future__ import annotations

import io
import json
from datetime import datetime

import openpyxl
import pytest
from typer.testing import CliRunner

from tests.sheets.calc_files import only_sheets, with_inputs
from tests.sheets.calc_files import values as file_values
from tests.sheets.opened import typed_into
from vidcost_xl.cli import app
from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.calc.libreoffice import all_recalculated
from vidcost_xl.sheets.review.handoff.run import Order, hand_off

ADA = Order("Ada", datetime(2026, 11, 26, 8, 30))
SAID = "commercial.discount (Negotiated discount, share) is 12; allowed: 0 to 1."


@pytest.fixture(scope="module")
def model(models):
    return models["bill"]


@pytest.fixture(scope="module")
def place(model):
    return model.addresses.key("in_commercial_discount.value")


@pytest.fixture(scope="module")
def typed(model, place):
    """The file as a program saves it that computes nothing."""
    return with_inputs(model.data, {place: 12.0})


@pytest.fixture(scope="module")
def faulty(once, typed):
    return once("model-impossible", lambda: calculate(typed, "plan.xlsx").data)


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


def test_calc_says_the_impossible_input_and_leaves_no_cell(typed, place, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(typed)
    done = run("calc", path)
    assert f"{place[0]}!{place[1]}: {SAID}" in done.output.splitlines()
    assert done.exit_code == 0, done.output  # 3 where a cell kept its old value


def test_check_says_it_in_the_same_sentence_and_counts_what_follows(faulty, place, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(faulty)
    done = run("check", path)
    lines = done.output.splitlines()
    assert lines[0] == f"{place[0]}!{place[1]}: {SAID}"
    number, _, words = lines[1].partition(" ")
    assert words == "failed checks and errors follow from it" and int(number.replace(",", "")) > 75
    assert done.exit_code == 1 and "the check of" not in done.output
    answer = json.loads(run("check", path, "--json").output)
    assert answer["impossible"] == [f"{place[0]}!{place[1]}: {SAID}"]
    assert not [found for found in answer["findings"] if found["check"] in {"own-check", "error-value"}]


def test_it_is_not_handed_off_and_the_refusal_names_it_once(typed, place):
    with pytest.raises(BadArgumentError) as caught:
        hand_off(typed, "plan.xlsx", ADA)
    assert f"{place[0]}!{place[1]}: {SAID.removesuffix('.')}; " in caught.value.message
    assert "failures follow from this" in caught.value.message and "the check of" not in caught.value.message


SLIPS = {"in_commercial_discount": 12.0, "in_dataset_mb_per_video": "", "in_dataset_growth": 5.0}


def assert_red(model, values, row):
    assert values[model.addresses.key("guards_count.value")] == 1
    assert values[model.addresses.key("guards_first.value")].startswith("!".join(model.addresses.key(f"{row}.value")))
    assert values[model.addresses.key("checks_master.flag")] > 0 < values[model.addresses.key("cover_title.flag")]
    for result in ("s_whole.constant", "k_total.total"):
        assert isinstance(values[model.addresses.key(result)], ExcelError)


def test_what_a_reader_of_a_hand_off_types_is_guarded_too(model, handed):
    for row, value in SLIPS.items():
        values = typed_into(handed, {model.addresses.key(f"{row}.value"): value})
        assert_red(model, values, row)
        if row == next(iter(SLIPS)):
            assert len(values) > 20_000  # nothing is left uncomputed


@pytest.mark.sweep
def test_in_libreoffice_a_hand_off_guards_them_too(model, handed, tmp_path, libreoffice):
    paths = []
    cases = list(SLIPS.items())[:2]  # a number, and nothing
    for at, (row, value) in enumerate(cases):
        paths.append(tmp_path / f"slip{at}.xlsx")
        paths[-1].write_bytes(with_inputs(handed, {model.addresses.key(f"{row}.value"): value}))
    for (row, _), path in zip(cases, all_recalculated(paths, tmp_path / "computed"), strict=True):
        assert_red(model, file_values(path.read_bytes()), row)


def test_a_cell_that_moved_is_named_where_it_stands(model):
    sheet = openpyxl.load_workbook(io.BytesIO(only_sheets(model.data, "Guards")))["Guards"]
    row = model.addresses.row("gd_commercial_discount")
    # The sheet names the cell by its place, so that Excel moves the name with it.
    home, cell = model.addresses.key("in_commercial_discount.value")
    columns = [sheet.cell(model.addresses.row("guards_head"), at).value for at in range(1, sheet.max_column + 1)]
    text = sheet.cell(row, columns.index("Cell") + 1).value
    absolute = f"{home}!${cell[0]}${cell[1:]}"
    assert text == f'="{home}!"&ADDRESS(ROW({absolute}),COLUMN({absolute}),relative_address)'


def test_a_file_that_lost_its_values_is_a_finding_and_calc_restores_them(model, tmp_path):
    buffer = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(model.data)).save(buffer)
    path = tmp_path / "saved.xlsx"
    path.write_bytes(buffer.getvalue())
    answer = json.loads(run("check", path, "--json").output)
    lost = [found for found in answer["findings"] if found["check"] == "lost-value"]
    assert {"Inputs", "Costs", "Summary"} <= {found["sheet"] for found in lost} and not answer["clean"]
    done = calculate(path.read_bytes(), "saved.xlsx")
    total = model.addresses.key("n_total.total")
    assert file_values(done.data)[total] == pytest.approx(model.values[total], rel=1e-12)
    assert done.report.computed > 0.8 * done.report.formulas
