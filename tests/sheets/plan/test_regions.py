"""A plan in another region than the default: its workbook holds that region's rows, and both engines agree."""

from __future__ import annotations

import numpy as np
import pytest

from tests.sheets.opened import typed_into
from tests.sheets.plan.test_parity import assert_same
from vidcost_xl.errors import ExcelError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.ledger import to_frame
from vidcost_xl.sheets.plan.new import build, write_new
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook
from vidcost_xl.sheets.plan.row_names import input_id

FIRST, SECOND, THIRD = (f"representation.{n}." for n in (1, 2, 3))

#: The article's plan in Frankfurt.
FRANKFURT = {
    FIRST + "class": "S3 Standard@Frankfurt",
    SECOND + "class": "aws.s3.standard@eu-central-1",
    "train.route": "aws.internet@eu-central-1",
}

#: Raw video in Frankfurt, read to encode in Oregon, where the features are; training in Iowa.
TWO_REGIONS = {
    FIRST + "class": "aws.s3.intelligent-tiering@eu-central-1",
    FIRST + "second_class": "aws.s3.glacier-flexible@eu-central-1",
    FIRST + "second_share": 0.3,
    FIRST + "read_share": 0.0,
    SECOND + "class": "aws.s3.standard@us-west-2",
    THIRD + "class": "aws.s3.standard@Oregon",
    "acquire.route": "aws.nat@eu-central-1",
    "acquire.gateway_endpoint": "no",
    "acquire.nat_gateways": 3,
    "encode.route": "aws.cross-region@eu-central-1>us-west-2",
    "train.route": "aws.internet@us-west-2",
    "staging.fill_route": "aws.internet@us-west-2",
    "checkpoint.class": "aws.s3.standard@us-west-2",
    "exit.route": "aws.internet@us-west-2",
    "exit.month": 0,  # leaving is priced from one region only
    "requests.kms_share": 0.5,
    "rate.aws.transfer.internet-out": 0.031,
}


#: Features in the Netherlands, read in Iowa: the price of the way depends on both ends.
BETWEEN = {
    SECOND + "class": "gcp.gcs.standard@europe-west4",
    "train.route": "gcp.cross-region@europe-west4>us-central1",
}


def workbook_of(base, inputs):
    plan = preset(base).with_overrides(inputs.items())
    return build("model", plan=plan), plan


@pytest.fixture(scope="module")
def frankfurt(once):
    return once("regions-frankfurt", lambda: workbook_of("article", FRANKFURT))


@pytest.fixture(scope="module")
def two_regions(once):
    return once("regions-two_regions", lambda: workbook_of("complete", TWO_REGIONS))


@pytest.fixture(scope="module")
def between(once):
    return once("regions-between", lambda: workbook_of("article", BETWEEN))


def prices_of(workbook):
    sheet = next(sheet for sheet in workbook.addresses.layout.sheets if sheet.name == "Prices")
    return [row.entries for row in sheet.rows if row.id.startswith("tier_")]


def test_a_plan_in_one_other_region_is_the_same_three_times(frankfurt):
    workbook, plan = frankfurt
    assert_same(workbook, workbook.values, plan)


def test_a_plan_whose_way_depends_on_both_ends_is_the_same_three_times(between):
    workbook, plan = between
    assert_same(workbook, workbook.values, plan)
    ledger = to_frame(evaluate(plan))
    moved = ledger[ledger["meter"] == "gcp.transfer.inter-region@europe-west4>us-central1"]
    # Ten passes of 5 PB a month, in GiB at 0.05 from Europe to Northern America.
    assert moved["list_amount"].iloc[0] == pytest.approx(10 * 5e15 / 2**30 * 0.05, rel=1e-12)
    assert set(moved["region"]) == {"europe>north-america"}


def test_a_plan_in_two_regions_with_everything_on_is_the_same_three_times(two_regions):
    workbook, plan = two_regions
    assert_same(workbook, workbook.values, plan)
    regions = {charge.priced.price.region for charge in evaluate(plan).charges if charge.priced}
    assert {"eu-central-1", "us-west-2"} <= regions


def test_a_month_of_the_article_in_frankfurt_by_hand(frankfurt):
    # 5 PB are 4,656,612.873 GB: storage 51,200 x 0.0245 + 460,800 x 0.0235 + 4,144,612.873 x 0.0225, raw and features
    # in one pool, so the second 5 PB at 0.0225; ten experiments read the features: 46,566,128.731 GB.
    _, plan = frankfurt
    gb = 5e15 / 2**30
    stored = 51_200 * 0.0245 + 460_800 * 0.0235 + (2 * gb - 512_000) * 0.0225
    moved = 10_240 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 + (10 * gb - 100 - 153_600) * 0.05
    gets = 1e9 * 10 * 4.3e-07
    assert float(evaluate(plan).total[0, 0]) == pytest.approx(stored + moved + gets, abs=0.005)


@pytest.mark.parametrize("name", ["frankfurt", "two_regions", "between"])
def test_the_workbook_of_a_plan_in_other_regions_is_written(request, tmp_path, name):
    workbook, _ = request.getfixturevalue(name)
    write_new(tmp_path / "model.xlsx", workbook)
    assert (tmp_path / "model.xlsx").read_bytes() == workbook.data


def test_the_sheet_prices_holds_the_default_regions_and_those_of_the_plan(models, two_regions):
    plain, chosen = prices_of(models["complete"]), prices_of(two_regions[0])
    assert {"@" in str(row["meter"].value) for row in plain} == {False}
    named = {str(row["meter"].value).partition("@")[2] for row in chosen}
    assert named == {"", "eu-central-1", "us-west-2"}
    assert len(chosen) < 2 * len(plain)


def test_a_region_that_the_sheet_prices_does_not_hold_is_red_and_never_another_regions_price(models):
    workbook = models["article"]
    typed = {workbook.addresses.key(f"{input_id('train.route')}.value"): "aws.internet@eu-central-1"}
    values = typed_into(workbook.data, typed)
    assert values[workbook.addresses.key("guards_count.value")] > 0
    first = values[workbook.addresses.key("guards_first.value")]
    assert "aws.internet@eu-central-1" in first
    assert "vidcost new --from" in first
    assert isinstance(values[workbook.addresses.key("k_total.total")], ExcelError)


def test_a_workbook_with_regions_is_read_back_as_its_plan(two_regions):
    workbook, plan = two_regions
    read = read_plan_workbook(workbook.data, "plan.xlsx")
    assert read.plan.values == plan.values
    assert not read.prices_changed
    assert np.allclose(evaluate(read.plan).total, evaluate(plan).total)


def test_names_of_a_place_and_region_are_taken_in_a_cell_of_its_workbook(frankfurt):
    workbook, _ = frankfurt
    typed = {workbook.addresses.key(f"{input_id('train.route')}.value"): "AWS.internet@frankfurt"}
    values = typed_into(workbook.data, typed)
    assert values[workbook.addresses.key("guards_count.value")] == 0
    total = workbook.addresses.key("k_total.total")
    assert values[total] == pytest.approx(workbook.values[total])


@pytest.mark.parametrize(
    ("moved", "native"),
    [
        ({"exit.month": 12}, "exit_ok"),  # raw video in Frankfurt would stay
        (  # made in Oregon
            {SECOND + "class": "aws.s3.intelligent-tiering@eu-central-1", SECOND + "read_share": 0},
            "rt_encode_used",
        ),
        ({"acquire.route": "aws.nat"}, "rt_ingest"),
    ],
)
def test_what_moves_between_regions_without_a_price_has_no_total(two_regions, moved, native):
    workbook, _ = two_regions
    typed = {workbook.addresses.key(f"{input_id(key)}.value"): value for key, value in moved.items()}
    values = typed_into(workbook.data, typed)
    assert values[workbook.addresses.key("guards_count.value")] == 0
    assert isinstance(values[workbook.addresses.key("k_total.total")], ExcelError)
    assert isinstance(values[workbook.addresses.key(f"{native}.constant")], ExcelError)
    assert not isinstance(workbook.values[workbook.addresses.key(f"{native}.constant")], ExcelError)
