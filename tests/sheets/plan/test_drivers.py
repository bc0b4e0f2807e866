"""The sheet Drivers: a person types there and nowhere else, and every reader and engine takes it from there."""

from __future__ import annotations

import dataclasses
import io
import os
from datetime import date

import openpyxl
import pytest

from tests.sheets.calc_files import with_inputs
from tests.sheets.libreoffice_typing import BRIDGE, type_in_libreoffice
from tests.sheets.opened import typed_into
from vidcost_xl.errors import BadArgumentError, ExcelError, OutOfDomainError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.sheets.plan.drivers import SeriesCell, drivers_of
from vidcost_xl.sheets.plan.new import build
from vidcost_xl.sheets.plan.parts import parts_named
from vidcost_xl.sheets.plan.reading.carry import carry
from vidcost_xl.sheets.plan.reading.refresh import refresh
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook
from vidcost_xl.sheets.plan.row_names import input_id, link_id
from vidcost_xl.sheets.plan.ruled_inputs import OUTSIDE
from vidcost_xl.sheets.review.rules.run import check_workbook

#: What a person means: 800 TB raw on R2, 2 PB of features, in euro, with what else decides the bill.
MEANT = {
    "calendar.start": date(2027, 4, 1),
    "money.currency": "EUR",
    "money.fx": 0.9,
    "dataset.size_from": "amount",
    "dataset.amount": 800.0,
    "dataset.growth": 0.01,
    "representation.1.class": "r2.standard",
    "representation.2.amount": 2000.0,
    "train.experiments": 6.0,
    "train.passes": 2.0,
    "train.route": "aws.cloudfront",
    "commercial.discount": 0.05,
}
#: Three series of single months.
MONTHS = {
    SeriesCell("train.experiments", 3): 9.0,
    SeriesCell("train.experiments", 12): 0.0,
    SeriesCell("dataset.growth", 5): 0.2,
    SeriesCell("money.fx", 7): 0.95,
    SeriesCell("money.fx", 8): 0.97,
}
OVERRIDES = [
    *MEANT.items(),
    ("train.experiments@2027-06", 9),
    ("train.experiments@2028-03", 0),
    ("dataset.growth@2027-08", 0.2),
    ("money.fx@2027-10", 0.95),
    ("money.fx@2027-11", 0.97),
]


@pytest.fixture(scope="module")
def model(models):
    return models["bill"]


def meant():
    return preset("article").with_overrides(OVERRIDES)


def cells(model):
    typed = {model.addresses.key(f"{input_id(key)}.value"): value for key, value in MEANT.items()}
    return typed | {model.addresses.key(cell.place.strip("{}")): value for cell, value in MONTHS.items()}


def by_openpyxl(model, typed):
    book = openpyxl.load_workbook(io.BytesIO(model.data))
    for (sheet, address), value in typed.items():
        book[sheet][address] = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def serials(typed):
    return {
        place: float((value - date(1899, 12, 30)).days) if isinstance(value, date) else value
        for place, value in typed.items()
    }


def assert_of_the_plan(model, values):
    whole = evaluate(meant()).whole
    for reference in ("k_total.total", "s_whole.constant"):
        assert values[model.addresses.key(reference)] == pytest.approx(whole, rel=1e-9), reference
    assert values[model.addresses.key("guards_count.value")] == 0


def test_twelve_drivers_and_three_series_are_all_that_a_person_types(model):
    typed = cells(model)
    assert {sheet for sheet, _ in typed} == {"Drivers"} and len(MEANT) == 12
    read = read_plan_workbook(by_openpyxl(model, typed), "plan.xlsx")
    assert dict(read.plan.values) == dict(meant().values) and dict(read.plan.monthly) == dict(meant().monthly)
    assert read.findings == ()
    values = typed_into(model.data, serials(typed))
    assert_of_the_plan(model, values)
    # The functions and the native formulas say the same.
    assert values[model.addresses.key("checks_master.flag")] == 0
    # By hand: 2 PB stored, read nine times two passes in the third month, after two months' growth of 1%.
    assert values[model.addresses.key("representation_2_wanted.m3")] == pytest.approx(2e15 * 1.01**2 * 18)
    assert values[model.addresses.key("representation_1_one_copy.m6")] == pytest.approx(8e14 * 1.01**4 * 1.2)

    native = typed_into(model.data, serials(typed) | {model.addresses.key("inputs_switch.value"): "native"})
    assert_of_the_plan(model, native)


def as_people_type(value):
    return value.isoformat() if isinstance(value, date) else f"{value:g}" if isinstance(value, float) else value


def test_typed_in_libreoffice_it_is_the_same_plan_without_the_functions(model, tmp_path, libreoffice):
    if not BRIDGE.is_file() and not os.environ.get("CI"):
        pytest.skip("LibreOffice's bridge to Python (python3-uno) is not installed")
    path = tmp_path / "plan.xlsx"
    path.write_bytes(model.data)
    typed = {place: as_people_type(value) for place, value in cells(model).items()}
    saved = type_in_libreoffice(path, typed, tmp_path)
    sheet, address = model.addresses.key("k_total.total")
    found = openpyxl.load_workbook(io.BytesIO(saved), data_only=True)[sheet][address].value
    assert found == pytest.approx(evaluate(meant()).whole, rel=1e-9)
    # What LibreOffice saved is the plan that was typed.
    read = read_plan_workbook(saved, "plan.xlsx")
    assert dict(read.plan.values) == dict(meant().values) and dict(read.plan.monthly) == dict(meant().monthly)


@pytest.mark.sweep
def test_36_months_keep_what_was_typed_each_month_in_its_cell(model):
    carried = carry(by_openpyxl(model, cells(model)), "old.xlsx", 36)
    assert carried.lost == () and all(line.in_series for line in carried.kept.changes)
    new = build("model", plan=carried.plan, kept=carried.kept, parts=carried.parts)
    plan = meant().with_overrides([("calendar.months", 36)])
    assert new.values[new.addresses.key("k_total.total")] == pytest.approx(evaluate(plan).whole, rel=1e-9)
    book = openpyxl.load_workbook(io.BytesIO(new.data))
    for cell, value in MONTHS.items():
        sheet, address = new.addresses.key(cell.place.strip("{}"))
        assert book[sheet][address].value == value
    assert book["Changes"]["A4"].value is None
    assert dict(read_plan_workbook(new.data, "new.xlsx").plan.monthly) == dict(plan.monthly)
    # Three blocks of twelve months, one below the other, pass every rule as twelve months do.
    assert [(each.check, each.sheet, each.cell, each.what) for each in check_workbook(new.data).findings] == []


def test_a_link_that_is_typed_over_is_refused_by_both_cells(model):
    link, typed = (model.addresses.key(f"{row('dataset.videos')}.value") for row in (link_id, input_id))
    data = by_openpyxl(model, {link: 7e8})
    with pytest.raises(BadArgumentError) as raised:
        read_plan_workbook(data, "plan.xlsx")
    message = raised.value.message
    assert "!".join(link) in message and "!".join(typed) in message and "holds 700000000" in message
    values = typed_into(model.data, {link: 7e8, model.addresses.key("inputs_switch.value"): "native"})
    sentence = values[model.addresses.key("guards_first.value")]
    assert sentence.startswith("!".join(typed)) and "!".join(link) + " was typed over" in sentence
    assert values[model.addresses.key("checks_master.flag")] > 0
    assert isinstance(values[model.addresses.key("k_total.total")], ExcelError)
    # The same value is no other one: as in a copy of which the formulas were taken.
    assert read_plan_workbook(by_openpyxl(model, {link: 1e9}), "plan.xlsx").plan.number("dataset.videos") == 1e9


def test_a_month_given_here_and_on_changes_is_refused_by_both_cells(model):
    series = model.addresses.key(SeriesCell("train.experiments", 3).place.strip("{}"))
    line = {model.addresses.key("change_1.input"): "train.experiments", model.addresses.key("change_1.value"): 8.0}
    with pytest.raises(BadArgumentError) as raised:
        read_plan_workbook(with_inputs(model.data, {series: 9.0, **line}), "plan.xlsx")
    assert "!".join(series) in raised.value.message and "Changes!A4" in raised.value.message
    values = typed_into(model.data, {series: 9.0, **line})
    assert "or of its series on Drivers" in values[model.addresses.key("guards_first.value")]
    assert isinstance(values[model.addresses.key("dr_train_experiments.constant")], ExcelError)


@pytest.mark.parametrize(("value", "said"), [("nine", "has no number as its value"), (-1.0, "-1; allowed: at least 0")])
def test_an_impossible_month_names_its_cell(model, value, said):
    cell = SeriesCell("train.experiments", 3)
    place = model.addresses.key(cell.place.strip("{}"))
    values = typed_into(model.data, {place: value})
    sentence = values[model.addresses.key("guards_first.value")]
    assert sentence.startswith("!".join(place) + ": train.experiments ") and said in sentence
    assert values[model.addresses.key(f"{cell.row}.mark")] == "!"
    with pytest.raises(BadArgumentError, match="!".join(place)):
        read_plan_workbook(with_inputs(model.data, {place: value}), "plan.xlsx")


def test_features_in_tb_need_videos_alike(model):
    typed = {"representation.2.amount": 2000.0, "dataset.videos": 0.0}
    values = typed_into(
        model.data, {model.addresses.key(f"{input_id(key)}.value"): each for key, each in typed.items()}
    )
    with pytest.raises(OutOfDomainError) as raised:
        preset("article").with_overrides(typed.items())
    assert raised.value.message.removesuffix(".") in values[model.addresses.key("guards_first.value")]


def test_refresh_works_out_anew_what_the_drivers_do(model):
    typed = {model.addresses.key("in_train_route.value"): "aws.same-region"}
    data, report = refresh(with_inputs(model.data, typed), "plan.xlsx")
    assert report.changed
    # Reading in the region is free but for its requests: no cheaper way is left. 30% off the list price of 2,401,691.
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Drivers"]
    for key, column, expected in (("train.route", "at_low", 0), ("commercial.discount", "at_high", -720_507)):
        address = model.addresses.key(f"{input_id(key)}.{column}")[1]
        assert sheet[address].value == pytest.approx(expected, abs=1), key
    assert refresh(data, "plan.xlsx")[1].changed is False


def test_a_plan_outside_low_and_high_is_told_so_and_has_no_differences(model):
    typed = {"dataset.size_from": "amount", "dataset.amount": 800.0, "representation.2.amount": 2000.0}
    typed |= {"train.experiments": 5.0}
    places = {model.addresses.key(f"{input_id(key)}.value"): value for key, value in typed.items()}
    places |= {model.addresses.key(f"in_train_experiments.{end}"): at for end, at in (("low", 8.0), ("high", 12.0))}

    # 800 TB are fewer than the low, 1,000 TB, and 5 experiments than 8: it is said as they are typed.
    values = typed_into(model.data, places)
    says = {key: values[model.addresses.key(f"{input_id(key)}.said")] for key in drivers_of(model_plan(typed))}
    outside = [key for key, text in says.items() if text.startswith(OUTSIDE)]
    assert outside == ["dataset.amount", "train.experiments"]
    assert says["dataset.amount"].endswith("Stored every month, and read where training reads raw video.")

    data, _ = refresh(with_inputs(model.data, places), "plan.xlsx")
    assert_no_differences(model, data, [*outside, "dataset.videos", "representation.2.ratio"])
    listed = [cell.value for row in openpyxl.load_workbook(io.BytesIO(data))["Summary"] for cell in row if cell.value]
    texts = [text for text in listed if isinstance(text, str)]
    assert not [text for text in texts if text.startswith(("Size of the data set:", "Experiments:", "Videos:"))]
    assert any(text.startswith("Passes per experiment: ") for text in texts)

    # A workbook that is made of such a plan is the same.
    ranges = {"train.experiments": (8.0, 12.0)}
    made = build("model", plan=dataclasses.replace(model_plan(typed), ranges=ranges), parts=parts_named("bill"))
    assert_no_differences(made, made.data, [*outside, "dataset.videos", "representation.2.ratio"])
    # 30% off the whole bill, which the discount covers, stays.
    discount = made.addresses.key("in_commercial_discount.at_high")[1]
    whole = evaluate(model_plan(typed)).whole
    shown = openpyxl.load_workbook(io.BytesIO(made.data), data_only=True)["Drivers"][discount].value
    assert shown == pytest.approx(-0.3 * whole, rel=1e-9)


def model_plan(typed):
    return preset("article").with_overrides(typed.items())


def assert_no_differences(model, data, keys):
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Drivers"]
    for key in keys:
        for column in ("at_low", "at_high"):
            assert not sheet[model.addresses.key(f"{input_id(key)}.{column}")[1]].value, (key, column)


def test_series_are_called_by_their_name_once(model):
    sheet = openpyxl.load_workbook(io.BytesIO(model.data))["Drivers"]
    labels = {row[0].value for row in sheet if isinstance(row[0].value, str)}
    assert {"Videos", "Passes per experiment", "Experiments, per month"} <= labels
    assert not labels & {"Videos, videos", "Passes per experiment, passes"}


def test_any_plan_has_its_drivers():
    for name in ("article", "complete"):
        plan = preset(name)
        keys = list(drivers_of(plan))
        assert len(keys) == len(set(keys)) and set(keys) <= set(plan.values)


def test_without_a_comparison_summary_and_charts_are_of_the_cloud_alone(models):
    model = models["article"]
    place = model.addresses.key
    stay = [place(row) for row in ("k_total.total", "own_cash_sum.m12")]
    before = {each: typed_into(model.data, {})[each] for each in stay}
    values = typed_into(model.data, {place("in_own_compare.value"): "no"})
    assert values[place("sum_own.a")] == "It is not compared with an own site."
    assert {values[place(f"own_shown.m{at}")] for at in range(1, 13)} == {0}
    assert {values[place(f"own_mark.m{at}")] for at in range(1, 13)} == {0}
    # The bill, the figures of Own and the checks stand as they did.
    assert values[place("checks_master.flag")] == 0
    assert {each: values[each] for each in stay} == before and all(before.values())
