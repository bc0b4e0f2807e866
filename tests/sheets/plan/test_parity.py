"""The Python model, the functions and the native formulas of the plan workbook: volumes, lines, months."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import numpy as np
import openpyxl
import pytest

from tests.sheets.calc_files import values as file_values
from tests.sheets.calc_files import with_inputs
from tests.sheets.conftest import as_excel_saves
from tests.sheets.opened import typed_into
from tests.sheets.plan import plan_cases as cases
from vidcost_xl.analysis.barrier import barrier
from vidcost_xl.analysis.places import priced_classes
from vidcost_xl.errors import BadArgumentError, ExcelError, NotInBookError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.calendar import LAST_SERIAL
from vidcost_xl.model.files import preset
from vidcost_xl.model.ledger import by_group
from vidcost_xl.model.lines import STAGES
from vidcost_xl.model.own import own_site
from vidcost_xl.model.rows import declare, possible_volumes
from vidcost_xl.sheets.calc.libreoffice import recalculated
from vidcost_xl.sheets.layout.grid import Heading
from vidcost_xl.sheets.plan.book import volume_lines
from vidcost_xl.sheets.plan.model_rows import Step, row_id
from vidcost_xl.sheets.plan.new import build, write_new

#: The case with an own site unlike that of the presets.
OWN_SITE = next(name for name in cases.CASES if name.startswith("own site: "))

#: The cases of every run: own site, all at once, representations, encoding, leaving, money. The others are a sweep.
ALWAYS = (
    OWN_SITE,
    "own site out of free egress: an archive of checkpoints, key service, event log, private rates",
    "25 inputs at once",
    "size by amount",
    "a second version, retention, lifecycle, early deletion, a lower plan",
    "encode on, two classes of raw video",
    "archives restored in bulk, bytes uploaded, requests of everything",
    "leaving, checkpoints, double running by last access",
    "moves by age at another provider, left for one with a key service",
    "discount, commitment, support, currency",
    "support: a minimum fee that falls in December, of charges that grow beyond it",
)

#: Formula cells that say something else when the add-in is absent.
ABSENT_SHEETS = {"Functions"}


def keys_of(workbook):
    sheet = next(sheet for sheet in workbook.addresses.layout.sheets if sheet.name == "Lines")
    return [row.id.removeprefix("ln_") for row in sheet.rows if row.id.startswith("ln_")]


def series(workbook, values, row, months):
    return [values[workbook.addresses.key(f"{row}.m{at}")] for at in range(1, months + 1)]


def assert_same(workbook, values, plan):
    assert_same_bill(workbook, values, plan)
    assert values[workbook.addresses.key("checks_master.flag")] == 0


def assert_same_bill(workbook, values, plan):
    bill, values = evaluate(plan), dict(values)  # nothing is left uncomputed
    months, fx = plan.calendar.months, bill.state.monthly("money.fx")[:, 0]
    expected = {line: amounts * fx for line, amounts in by_group(bill, "line").items()}
    seen = []
    for key in keys_of(workbook):
        line, used = (values[workbook.addresses.key(f"ln_{key}.{column}")] for column in ("id", "used"))
        want = expected[line] if used else np.zeros(months)
        if used:
            seen.append(line)
            assert values[workbook.addresses.key(f"ln_{key}.stage")] == bill.line(line).line.stage
        for sheet in ("a", "e", "k"):
            got = series(workbook, values, f"{sheet}_{key}", months)
            assert got == pytest.approx(list(want), rel=1e-9, abs=1e-6), (sheet, line)
    assert len(seen) == len(set(seen))
    assert {line for line, amounts in expected.items() if np.any(amounts)} <= set(seen)
    stages = by_group(bill, "stage")
    for stage in STAGES:
        want = stages.get(stage, np.zeros(months)) * fx
        assert series(workbook, values, f"ks_{stage}", months) == pytest.approx(list(want), rel=1e-9, abs=1e-6), stage
    assert_same_volumes(workbook, values, bill)
    assert_same_own_site(workbook, values, bill)


def assert_same_volumes(workbook, values, bill):
    months = bill.plan.calendar.months
    for volume in bill.rows.volumes:
        row, want = row_id(volume.id), list(bill.state.monthly(volume.id)[:, 0])
        monthly = workbook.addresses.key(f"{row}.m1") in values
        got = series(workbook, values, row, months) if monthly else [constant_of(workbook, values, row)] * months
        assert got == pytest.approx(want, rel=1e-9, abs=1e-6), volume.id


def constant_of(workbook, values, row):
    return values[workbook.addresses.key(f"{row}.constant")]


def assert_same_own_site(workbook, values, bill):
    site, months = own_site(bill), bill.plan.calendar.months
    assert len(site.rows) > 60
    for row in site.rows:
        want = list(site.months(row.id))
        # A share of 1E-10 lost in a year is not 0: small rows have no absolute tolerance.
        absolute = 0.0 if row.id.startswith("own.loss") else 1e-6
        for prefix in ("", "eo_"):
            got = series(workbook, values, prefix + row.id.replace(".", "_"), months)
            assert got == pytest.approx(want, rel=1e-9, abs=absolute), prefix + row.id


@pytest.mark.parametrize("name", ["article", "complete"])
def test_a_preset_is_the_same_three_times(models, name):
    assert_same(models[name], models[name].values, preset(name))


@pytest.mark.parametrize("name", ["article", "complete"])
def test_every_volume_has_its_row_under_the_label_and_unit_of_the_model(models, name):
    sheet = next(sheet for sheet in models[name].addresses.layout.sheets if sheet.name == "Volumes")
    rows = {row.id: {key: entry.value for key, entry in row.entries.items()} for row in sheet.rows}
    for volume in declare(preset(name)).volumes:
        said = rows[row_id(volume.id)]
        shown = volume.unit.replace("byte-months", "TB-months").replace("bytes", "TB")
        assert said["label"] == volume.label
        assert said["unit"] == (shown if said.get("note") == "cells hold bytes" else volume.unit), volume.id


@pytest.mark.parametrize("name", ["article", "complete"])
def test_a_row_of_volumes_is_of_the_model_or_says_that_the_workbook_alone_needs_it(name):
    plan = preset(name)
    of_the_model = [line.id for line in volume_lines(plan) if not isinstance(line, (Heading, Step))]
    assert sorted(of_the_model) == sorted(row_id(volume) for volume in possible_volumes(plan))


@pytest.mark.parametrize(
    "name", [name if name in ALWAYS else pytest.param(name, marks=pytest.mark.sweep) for name in cases.CASES]
)
def test_a_changed_plan_is_the_same_three_times(models, name):
    case = cases.CASES[name]
    workbook = models[case.base]
    values = typed_into(workbook.data, case.cells(workbook.addresses))
    assert_same(workbook, values, case.plan())


def test_a_plan_at_the_prices_of_2025_is_the_same_three_times_and_not_that_of_today(models):
    # Both 5 PB are 4,547.47 TB of 2^40 bytes at 6.99: 63,573.68 a month; at the 7.99 of today 72,668.62.
    workbook, plan = models["article"], cases.OF_2025.plan()
    values = typed_into(workbook.data, cases.OF_2025.cells(workbook.addresses))
    assert_same_bill(workbook, values, plan)
    stored = 2 * 5e15 / 2**40
    assert series(workbook, values, "ks_store", 1) == pytest.approx([stored * 6.99])
    assert float(evaluate(plan.with_overrides([("money.as_of", "")])).total[0, 0]) == pytest.approx(stored * 7.99)


def test_a_support_plan_is_not_available_in_the_months_after_its_sale_and_neither_is_the_total(models):
    # AWS Business Support ends with 2026: of twelve months from July on, the last six have no price.
    typed = {"calendar.start": date(2026, 7, 1), "commercial.support": "aws.support.business"}
    workbook = models["article"]
    values = typed_into(workbook.data, cases.Case(inputs=typed).cells(workbook.addresses))
    for row in ("a_support", "n_total"):
        got = series(workbook, values, row, 12)
        assert all(isinstance(value, float) and value > 50_000 for value in got[:6])
        assert [str(value) for value in got[6:]] == ["#N/A"] * 6
    assert set(map(str, series(workbook, values, "k_total", 12))) == {"#N/A"}  # the functions refuse the plan


def test_an_amount_of_videos_without_size_is_impossible_on_both_sides(models):
    typed = {"dataset.size_from": "amount", "dataset.mb_per_video": 0.0}
    workbook = models["article"]
    values = typed_into(workbook.data, cases.Case(inputs=typed).cells(workbook.addresses))
    for row in ("n_total", "k_total"):
        assert all(str(value).startswith("#") for value in series(workbook, values, row, 12)), row
    said = values[workbook.addresses.key("guards_first.value")]
    assert "the size of a video is 0 in a month" in said


@pytest.mark.sweep
def test_36_months_are_the_same_three_times():
    plan = preset("complete").with_overrides([("calendar.months", 36), ("train.passes@2029-05", 3.0)])
    workbook = build("model", plan=plan)
    assert_same(workbook, workbook.values, plan)


def saved_by_openpyxl(data, typed):
    edited, saved = openpyxl.load_workbook(io.BytesIO(data)), io.BytesIO()
    for (sheet, address), value in typed.items():
        edited[sheet][address] = value
    edited.save(saved)
    return saved.getvalue()


def saved_by_excel(data, typed):
    return as_excel_saves(with_inputs(data, typed))


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        pytest.param("25 inputs at once", saved_by_openpyxl, marks=pytest.mark.sweep),
        ("25 inputs at once", saved_by_excel),
        pytest.param(OWN_SITE, saved_by_openpyxl, marks=pytest.mark.sweep),
    ],
)
def test_libreoffice_without_the_add_in_gives_the_native_formulas(models, libreoffice, tmp_path, name, saved):
    case = cases.CASES.get(name, cases.Case())
    workbook = models[case.base]
    typed = case.cells(workbook.addresses)
    values = typed_into(workbook.data, typed)
    source = tmp_path / "in" / "model.xlsx"
    source.parent.mkdir()
    source.write_bytes(saved(workbook.data, typed))
    (tmp_path / "out").mkdir()
    found = file_values(recalculated(source, tmp_path / "out").read_bytes())
    compared = 0
    for (sheet, address), ours in values.items():
        theirs = found.get((sheet, address))
        if (
            sheet in ABSENT_SHEETS
            or isinstance(ours, (str, ExcelError))
            or theirs == "n/a"
            or sheet in {"Lists", "Checks"}
        ):
            continue
        assert float(theirs) == pytest.approx(float(ours), rel=1e-9, abs=1e-6), (sheet, address)
        compared += 1
    assert compared > 15_000
    for place in ("costs_title.total", "sum_state.h"):
        said = found[workbook.addresses.key(place)]
        assert said == "Native formulas: add-in not loaded"
    assert found[workbook.addresses.key("checks_master.flag")] == 0
    errors = {key for key, value in found.items() if key[0] not in ABSENT_SHEETS and str(value).startswith("#N")}
    assert errors <= {workbook.addresses.key("engine_1.c3"), workbook.addresses.key("audit_fact_2.text")}


def test_a_plan_at_prices_of_the_past_leaves_out_the_places_without_one_on_both_sides(models, tmp_path):
    workbook = models["article"]
    for day in (date(2025, 6, 1), date(2024, 10, 1)):
        case = cases.Case(inputs={"money.as_of": day})
        values = typed_into(workbook.data, case.cells(workbook.addresses))
        assert series(workbook, values, "k_total", 12) == pytest.approx(series(workbook, values, "n_total", 12))
        found = {outcome.id: (outcome.storage_class, outcome.route) for outcome in barrier(evaluate(case.plan()))}
        for each in ("plan", *priced_classes(), "own"):
            shown = tuple(values[workbook.addresses.key(f"br_{each}.{part}")] for part in ("class", "route"))
            assert shown == found.get(each, ("cannot serve", "its policy: too many passes")), each
        assert ("left out", f"no price on {day}") == found["own"] == found["coreweave"] == found["gcp"]
        assert found["aws"] == ("aws.s3.standard", "aws.internet")
        assert str(values[workbook.addresses.key("cl_download.ours")]) == "#N/A"
        assert values[workbook.addresses.key("checks_master.flag")] == 0
        write_new(tmp_path / f"{day}.xlsx", replace(workbook, values=values))
    # At the newest prices an error is a fault, and so is a bill without a total on any day.
    for key, other in (("prices_day.meter", float(LAST_SERIAL)), ("k_total.total", ExcelError("#N/A"))):
        broken = replace(workbook, values={**values, workbook.addresses.key(key): other})
        with pytest.raises(BadArgumentError, match="nothing is written"):
            write_new(tmp_path / "none.xlsx", broken)


def test_a_private_rate_prices_a_meter_without_any_list_price_and_nothing_else_does(models):
    # Ten passes of 5 PB are 46,566,128.73 GB of 2^30 bytes at 0.03, and their GETs 4,000 as before; two ports of
    # 730 hours at 1.37 are 2,000.20.
    isp, port = "rate.azure.transfer.internet-out-isp", "rate.aws.interconnect.port-1g"
    case = cases.Case(
        inputs={
            cases.FIRST + "class": "azure.blob.hot-lrs",
            cases.SECOND + "class": "azure.blob.hot-lrs",
            "train.route": "azure.isp-internet",
            "train.ports": 2.0,
            "train.port_meter": "aws.interconnect.port-1g",
        },
        lines=((isp, cases.OPEN, cases.OPEN, 0.03), (port, cases.OPEN, cases.OPEN, 1.37)),
    )
    workbook = models["article"]
    values = typed_into(workbook.data, case.cells(workbook.addresses))
    assert_same(workbook, values, case.plan())
    months = by_group(evaluate(case.plan()), "line")
    assert months["train.ports"][0] == pytest.approx(2_000.20)
    sent = months["train.features.transfer.azure.transfer.internet-out-isp"][0]
    assert sent == pytest.approx(46_566_128.73 * 0.03, abs=0.01)
    # From the second month on alone, the first has no price: neither has the plan.
    first, last = case.plan().calendar.starts[1], case.plan().calendar.starts[0]
    late = replace(case, lines=((isp, first, cases.OPEN, 0.03), case.lines[1]))
    values = typed_into(workbook.data, late.cells(workbook.addresses))
    assert {str(value) for value in series(workbook, values, "k_total", 12)} == {"#N/A"}
    assert str(series(workbook, values, "n_total", 1)[0]) == "#N/A"
    # With another rate for that month it has.
    both = replace(late, lines=(*late.lines, (isp, cases.OPEN, last, 0.05)))
    values = typed_into(workbook.data, both.cells(workbook.addresses))
    assert_same(workbook, values, both.plan())
    sent = by_group(evaluate(both.plan()), "line")["train.features.transfer.azure.transfer.internet-out-isp"]
    assert list(sent[:2]) == pytest.approx([46_566_128.73 * 0.05, 46_566_128.73 * 0.03], abs=0.01)
    with pytest.raises(NotInBookError, match="internet-out-isp has no price"):
        evaluate(late.plan())
