"""The page that a board reads: its sentence, its figures, what it says of the version before and of its levers."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from openpyxl.utils.cell import coordinate_from_string

from tests.sheets.opened import typed_into
from tests.sheets.plan.plan_cases import Case
from vidcost_xl.hosts.formualizer import evaluate
from vidcost_xl.sheets.calc.values import recalculate
from vidcost_xl.sheets.plan.levers_stamp import CURRENT, OUTDATED
from vidcost_xl.sheets.plan.new import build
from vidcost_xl.sheets.plan.reading.carry import carry
from vidcost_xl.sheets.plan.results.contents import CONTENTS, TABS


@pytest.fixture(scope="module")
def inside(once, models):
    model = models["article"]
    case = Case("article", {"train.route": "aws.same-region", "about.company": "Acme", "about.version": "Draft 2"})
    return once("summary-inside", lambda: recalculate(model.data, case.cells(model.addresses)))


def shown(model, values, reference):
    return values[model.addresses.key(reference)]


def test_it_says_what_the_bill_is_and_why(models):
    model = models["article"]
    # 28,034,311.64 of 30,388,002.93 are 92.3%.
    reason = shown(model, model.values, "sum_reason.a")
    assert reason == "92% is moving data to the GPUs: 10 experiments a month over S3 to the internet."
    own = shown(model, model.values, "sum_own.a")
    assert own == "An own site has cost less to date from month 7 of the plan."
    assert shown(model, model.values, "sum_title.a") == "What the data of the video model cost"
    assert shown(model, model.values, "sum_state.a") == "2027-01 to 2027-12"
    assert shown(model, model.values, "sum_values.a") == pytest.approx(30_388_002.93, abs=0.01)


def test_another_plan_has_another_sentence(models, inside):
    model = models["article"]
    reason = shown(model, inside, "sum_reason.a")
    # 2,353,691.29 of storage, 48,000 of requests: 98%. Raw and features are 5 PB each.
    assert reason == "98% is storing the data: 10 PB on average, read from S3 Standard."
    assert shown(model, inside, "sum_own.a") == "An own site does not pay within the plan."
    assert shown(model, inside, "sum_title.a") == "Acme: what the data of the video model cost"
    assert shown(model, inside, "sum_state.d") == "Draft 2"


def test_the_charts_name_the_two_largest_stages_and_lose_nothing(models, inside):
    model = models["article"]
    for values, first, second in (
        (model.values, "Moving data to the GPUs", "Storing the data"),
        (inside, "Storing the data", "Moving data to the GPUs"),
    ):
        assert (shown(model, values, "s_first.label"), shown(model, values, "s_second.label")) == (first, second)
        parts = [shown(model, values, f"s_{key}.total") for key in ("first", "second", "rest")]
        assert sum(parts) == pytest.approx(shown(model, values, "k_total.total"), abs=1e-6)
        assert parts == sorted(parts, reverse=True)


def test_fiscal_years_that_exist_are_shown_and_add_up(models):
    model = models["complete"]
    assert shown(model, model.values, "sum_year_1.a") == "FY2027"
    assert shown(model, model.values, "sum_year_2.a") == shown(model, model.values, "sum_year_2.f") == ""
    groups = [shown(model, model.values, f"sum_year_1.{column}") for column in "bcde"]
    assert sum(groups) == pytest.approx(66_636_397.85, abs=0.01)
    assert shown(model, model.values, "sum_year_1.f") == pytest.approx(66_636_397.85, abs=0.01)


def test_an_impossible_input_stands_where_the_bill_is_explained(models):
    model = models["article"]
    values = typed_into(model.data, Case("article", {"train.route": "aws.intrnet"}).cells(model.addresses))
    reason = shown(model, values, "sum_reason.a")
    sheet, cell = model.addresses.key("in_train_route.value")
    assert reason.startswith(f"{sheet}!{cell}: ") and sheet == "Drivers" and "aws.intrnet" in reason
    assert str(shown(model, values, "sum_values.a")) == "#N/A"


def test_the_class_that_is_named_is_that_of_what_training_reads(models):
    model = models["complete"]
    case = Case("complete", {"representation.2.class": "aws.s3.standard-ia"})
    values = typed_into(model.data, case.cells(model.addresses))
    assert shown(model, values, "s_why_store.constant").endswith("read from S3 Standard-Infrequent Access")
    assert shown(model, values, "sum_assumed_1.i") == "aws.s3.standard-ia"


def assumed(model, values):
    """Value and unit of each assumption, by its label."""
    sheet = next(sheet for sheet in model.addresses.layout.sheets if sheet.name == "Summary")

    def at(row, column):
        entry = row.entries[column].value
        return entry if isinstance(entry, str) else shown(model, values, f"{row.id}.{column}")

    rows = [row for row in sheet.rows if row.id.startswith("sum_assumed_")]
    halves = [(row, *columns) for row in rows for columns in ("ade", "hij") if columns[0] in row.entries]
    return {at(row, label): (at(row, value), at(row, unit)) for row, label, value, unit in halves}


def test_the_assumptions_are_the_inputs_that_count(models):
    model = models["article"]
    names = ("Videos", "Size of a video", "features: size as a multiple of the video", "features: storage class")
    by_videos = assumed(model, model.values)
    assert [by_videos[name][0] for name in names] == [1e9, 5, 1, "aws.s3.standard"]
    assert by_videos["raw: storage class"][0] == "aws.s3.standard" and "Size of the data set" not in by_videos

    in_tb = {"dataset.size_from": "amount", "dataset.amount": 800.0, "representation.2.amount": 2000.0}
    case = Case("article", {**in_tb, "representation.1.class": "r2.standard"})
    found = assumed(model, typed_into(model.data, case.cells(model.addresses)))
    assert found["Size of the data set"] == (800, "TB (10^12 bytes)")
    assert found["features: size"] == (2000, "TB (10^12 bytes)")
    assert found["raw: storage class"][0] == "r2.standard" and found[names[3]][0] == "aws.s3.standard"
    assert not {names[0], names[2]} & found.keys()

    # 10 s of 4 Mbit/s are 40 Mbit, which are 5 MB; of 8 Mbit/s 10 MB.
    bitrate = {"dataset.size_from": "bitrate", "dataset.seconds": 10.0, "dataset.mbps": 8.0}
    found = assumed(model, typed_into(model.data, Case("article", bitrate).cells(model.addresses)))
    assert found["Size of a video"][0] == 10 and found["Videos"][0] == 1e9


def test_levers_of_another_plan_are_called_so(models, inside):
    model = models["article"]
    assert shown(model, model.values, "sum_stamped.h") == CURRENT
    assert shown(model, inside, "sum_stamped.h") == OUTDATED


def test_a_workbook_made_from_another_shows_what_that_one_cost(models, inside):
    model = models["article"]
    carried = carry(model.data, "before.xlsx")
    assert carried.kept.before["Cost of the whole plan"] == pytest.approx(30_388_002.93, abs=0.01)
    made = build("model", plan=carried.plan.with_overrides([("commercial.discount", 0.1)]), kept=carried.kept)
    # A tenth less.
    assert shown(made, made.values, "sum_before.b") == pytest.approx(-3_038_800.29, abs=0.01)
    assert model.addresses.layout.sheets[1].rows[5].id != "sum_before"


def test_tabs_stand_in_the_order_of_reading_with_the_colour_of_their_class(models):
    sheets = models["article"].addresses.layout.sheets
    kinds = {name: kind for name, kind, _ in CONTENTS}
    on_request = {"Scenarios"}
    assert [sheet.name for sheet in sheets] == ["Cover", *(name for name in kinds if name not in on_request)]
    assert all(sheet.tab == TABS[kinds[sheet.name]] for sheet in sheets[1:])
    assert models["article"].addresses.layout.opens_at == "Summary"
    order = [kinds[sheet.name] for sheet in sheets[2:]]
    assert order == sorted(order, key=["inputs", "results", "workings", "control"].index)


def test_values_of_another_plan_are_shown_as_out_of_date(models):
    model = models["article"]
    book = load_workbook(io.BytesIO(model.data))
    for sheet, said, values in (
        ("Summary", "sum_stamped.h", ("sum_year_1.i", "sum_year_5.j")),
        ("Drivers", "drivers_stamped.label", ("in_calendar_start.at_low", "in_own_compare.at_high")),
    ):
        first, last, at = (model.addresses.key(place)[1] for place in (*values, said))
        ((rule,),) = (
            rules
            for area, rules in book[sheet].conditional_formatting._cf_rules.items()
            if str(area.sqref) == f"{first}:{last}"
        )
        column, row = coordinate_from_string(at)
        assert rule.formula == [f'NOT(IFERROR(${column}${row}="{CURRENT}",FALSE))']
        # What stands there, and where the plan is impossible an error.
        for text, outdated in ((f'"{CURRENT}"', False), (f'"{OUTDATED}"', True), ("NA()", True)):
            assert evaluate("=" + rule.formula[0].replace(f"${column}${row}", text)) is outdated
        # One part each for numbers above, below and at 0.
        assert rule.dxf.numFmt.formatCode == ";".join(['"out of date"'] * 3)
