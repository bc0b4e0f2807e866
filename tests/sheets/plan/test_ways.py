"""Raw video in Frankfurt, features in Oregon, training in Iowa: functions, native formulas and ledger, to the cent."""

from __future__ import annotations

import pytest

from tests.sheets.opened import typed_into
from tests.sheets.plan.plan_cases import FIRST, SECOND, THIRD, Case
from tests.sheets.plan.test_parity import assert_same, series
from vidcost_xl.errors import ExcelError, VideoCostError
from vidcost_xl.functions.adapter import call
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.ledger import to_frame
from vidcost_xl.sheets.plan.new import build
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook
from vidcost_xl.sheets.plan.row_names import input_id

#: GB of 2^30 bytes in the article's 5 PB of video, and as much of features.
GB = 5e15 / 2**30

#: The GPUs are at Google in Iowa, so that both leave AWS over the internet, each from its region; features are made of
#: the videos in Oregon, all in the first month.
IOWA = {
    "dataset.opening": 0.0,
    "train.experiments": 1.0,
    FIRST + "class": "aws.s3.standard@Frankfurt",
    FIRST + "read_share": 1.0,
    FIRST + "route": "aws.internet@eu-central-1",
    SECOND + "class": "aws.s3.standard@us-west-2",
    SECOND + "route": "aws.internet@us-west-2",
    "encode.on": "yes",
    "encode.route": "aws.cross-region@eu-central-1>us-west-2",
    "encode.gpu_usd_per_hour": 0.0,
}

#: AWS to the internet from Frankfurt and from Oregon: 100 GB free, then 0.09 a GB to 10 TB, 0.085 to 50 TB, 0.07 to
#: 150 TB, 0.05 beyond (list of data transfer of 2026-08-31).
INTERNET = 10_240 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 + (GB - 100 - 153_600) * 0.05

#: Each leg of the first month: ledger line, the same by a function, and worked by hand.
LEGS = {
    # 0.0245 a GB to 50 TB, 0.0235 to 500 TB, 0.0225 beyond.
    "store.raw": (
        ("VIDEO_STORAGE", 5.0, "PB", "aws.s3.standard@eu-central-1"),
        51_200 * 0.0245 + 460_800 * 0.0235 + (GB - 512_000) * 0.0225,
    ),
    # 0.023, 0.022, 0.021 in Oregon.
    "store.features": (
        ("VIDEO_STORAGE", 5.0, "PB", "aws.s3.standard@us-west-2"),
        51_200 * 0.023 + 460_800 * 0.022 + (GB - 512_000) * 0.021,
    ),
    # 0.02 a GB from Frankfurt to Oregon.
    "encode.features.read.aws.transfer.inter-region@eu-central-1": (
        ("VIDEO_EGRESS", 5.0, "PB", "aws.cross-region@eu-central-1>us-west-2"),
        GB * 0.02,
    ),
    "train.raw.transfer.aws.transfer.internet-out@eu-central-1": (
        ("VIDEO_EGRESS", 5.0, "PB", "aws.internet@eu-central-1"),
        INTERNET,
    ),
    "train.features.transfer.aws.transfer.internet-out@us-west-2": (
        ("VIDEO_EGRESS", 5.0, "PB", "aws.internet@us-west-2"),
        INTERNET,
    ),
    # A billion videos, one GET each: 0.43 a million in Frankfurt, for training and for encoding, 0.40 in Oregon.
    "train.raw.gets.aws.s3.standard.get@eu-central-1": (
        ("VIDEO_REQUESTS", 1e9, "get", "aws.s3.standard@eu-central-1"),
        430.0,
    ),
    "encode.features.gets.aws.s3.standard.get@eu-central-1": (
        ("VIDEO_REQUESTS", 1e9, "get", "aws.s3.standard@eu-central-1"),
        430.0,
    ),
    "train.features.gets.aws.s3.standard.get@us-west-2": (
        ("VIDEO_REQUESTS", 1e9, "get", "aws.s3.standard@us-west-2"),
        400.0,
    ),
}


@pytest.fixture(scope="module")
def iowa(once):
    plan = preset("article").with_overrides(IOWA.items())
    return once("ways-iowa", lambda: build("model", plan=plan)), plan


def cents(amount):
    return round(float(amount), 2)


def native(workbook, values):
    """The first month of each line that native formulas bill, by its id in the ledger."""
    sheet = next(sheet for sheet in workbook.addresses.layout.sheets if sheet.name == "Lines")
    keys = [row.id.removeprefix("ln_") for row in sheet.rows if row.id.startswith("ln_")]
    used = [key for key in keys if values[workbook.addresses.key(f"ln_{key}.used")]]
    return {
        values[workbook.addresses.key(f"ln_{key}.id")]: values[workbook.addresses.key(f"a_{key}.m1")] for key in used
    }


def test_every_leg_is_the_same_by_hand_in_functions_native_formulas_and_ledger(iowa):
    workbook, plan = iowa
    formulas, table = native(workbook, workbook.values), to_frame(evaluate(plan))
    first = table[table["period"] == table["period"].iloc[0]].set_index("line")["amount"]
    for line, (function, by_hand) in LEGS.items():
        assert cents(by_hand) == cents(call(function[0], list(function[1:]))), line
        assert cents(by_hand) == cents(formulas[line]) == cents(first[line]), line
    assert cents(sum(by_hand for _, by_hand in LEGS.values())) == cents(evaluate(plan).total[0, 0])
    assert cents(series(workbook, workbook.values, "k_total", 1)[0]) == cents(evaluate(plan).total[0, 0])
    answer = call("VIDEO_TOTAL", ["article", "monthly", "2027-01", [[key, value] for key, value in IOWA.items()]])
    assert cents(answer) == cents(evaluate(plan).total[0, 0])


def test_the_whole_plan_is_the_same_three_times(iowa):
    workbook, plan = iowa
    assert_same(workbook, workbook.values, plan)


def test_its_workbook_is_read_back_as_the_plan(iowa):
    workbook, plan = iowa
    assert read_plan_workbook(workbook.data, "plan.xlsx").plan.values == plan.values


#: Cells of the workbook `complete`: each representation at another provider, along its own route.
CELLS = {
    "raw on R2, features on Cloud Storage": {
        FIRST + "class": "r2.standard",
        FIRST + "route": "r2.internet",
        SECOND + "class": "gcp.gcs.standard",
        SECOND + "route": "gcp.internet",
        "encode.route": "r2.internet",
        "acquire.on": "no",
    },
    "two share the free egress of a third, and leave along it": {
        FIRST + "class": "b2.standard",
        FIRST + "route": "b2.internet",
        SECOND + "class": "b2.standard",
        SECOND + "route": "b2.internet",
        "encode.route": "b2.internet",
        "exit.route": "b2.internet",
        "exit.month": 8,
        "train.experiments": 30,
    },
    "all along their own, one with requests of the route": {
        FIRST + "class": "wasabi.hot",
        FIRST + "route": "wasabi.internet",
        SECOND + "route": "aws.cloudfront",
        THIRD + "route": "aws.internet",
        "encode.route": "wasabi.internet",
    },
}
#: Raw video is read, in one class.
RAW_READ = {
    FIRST + "read_share": 0.5,
    FIRST + "second_share": 0,
    FIRST + "second_class": "",
    FIRST + "lifecycle_months": 0,
}


@pytest.mark.parametrize(
    "name", [name if name.startswith("two") else pytest.param(name, marks=pytest.mark.sweep) for name in CELLS]
)
def test_routes_typed_into_the_workbook_are_the_same_three_times(models, name):
    case = Case("complete", RAW_READ | CELLS[name])
    workbook = models["complete"]
    assert_same(workbook, typed_into(workbook.data, case.cells(workbook.addresses)), case.plan())


def test_a_route_that_does_not_start_where_the_bytes_are_is_named_and_no_total(models):
    workbook = models["article"]
    at = workbook.addresses.key(f"{input_id(SECOND + 'route')}.value")
    values = typed_into(workbook.data, {at: "gcp.internet"})
    said = values[workbook.addresses.key("guards_first.value")]
    assert said.startswith(f"{at[0]}!{at[1]}: representation.2.route ")
    assert "is 'gcp.internet'; it does not start where the representation is stored" in said
    assert isinstance(values[workbook.addresses.key("k_total.total")], ExcelError)
    # Raw video is not read: its route leads nowhere.
    unread = workbook.addresses.key(f"{input_id(FIRST + 'route')}.value")
    assert typed_into(workbook.data, {unread: "gcp.internet"})[workbook.addresses.key("guards_count.value")] == 0


#: Raw video in Frankfurt, read and encoded in Oregon, where features, copy, checkpoints and GPUs are: regions of their
#: own beside the classes.
OREGON = {
    FIRST + "class": "aws.s3.intelligent-tiering",
    FIRST + "second_class": "aws.s3.glacier-flexible",
    FIRST + "second_share": 0.3,
    FIRST + "region": "Frankfurt",
    FIRST + "read_share": 0.2,
    FIRST + "route": "aws.cross-region@eu-central-1>us-west-2",
    SECOND + "region": "Oregon",
    THIRD + "class": "aws.s3.standard@us-west-2",
    THIRD + "region": "us-west-2",
    "acquire.route": "aws.nat@eu-central-1",
    "encode.route": "aws.cross-region@eu-central-1>us-west-2",
    "train.route": "aws.same-region@us-west-2",
    "train.region": "Oregon",
    "staging.fill_route": "aws.same-region@us-west-2",
    "staging.class": "aws.s3.express-one-zone",
    "staging.region": "us-west-2",
    "checkpoint.class": "aws.s3.standard@us-west-2",
    "exit.month": 0,
    "exit.route": "aws.cross-region@us-west-2>eu-central-1",
    "requests.kms_share": 0,
}


@pytest.fixture(scope="module")
def oregon(once):
    plan = preset("complete").with_overrides(OREGON.items())
    return once("ways-oregon", lambda: build("model", plan=plan)), plan


def typed(workbook, inputs):
    return typed_into(
        workbook.data, {workbook.addresses.key(f"{input_id(key)}.value"): value for key, value in inputs.items()}
    )


def test_regions_beside_classes_are_the_same_three_times_and_read_back(oregon):
    workbook, plan = oregon
    assert_same(workbook, workbook.values, plan)
    assert read_plan_workbook(workbook.data, "plan.xlsx").plan.values == plan.values
    regions = {charge.priced.price.region for charge in evaluate(plan).charges if charge.priced}
    assert {"eu-central-1", "us-west-2"} <= regions


def test_a_region_is_taken_by_its_names_and_the_same_region_may_stand_behind_the_class(oregon):
    workbook, _ = oregon
    same = {SECOND + "class": "aws.s3.standard@us-west-2", THIRD + "region": "", FIRST + "region": "EU (Frankfurt)"}
    values = typed(workbook, same | {"train.region": "AWS@us west 2"})
    assert values[workbook.addresses.key("guards_count.value")] == 0
    total = workbook.addresses.key("k_total.total")
    assert values[total] == pytest.approx(workbook.values[total], rel=1e-12)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        (SECOND + "region", "Frankfurt", "is 'Frankfurt'; Lists has its class in no such region"),
        (THIRD + "region", "us-east-1", "or another is written behind it"),
        (SECOND + "region", "nonsense", "is 'nonsense'; allowed: a region of its provider"),
        ("train.region", "us-east-1", "is 'us-east-1'; a route that training reads along ends elsewhere"),
        ("train.region", "gcp@us-central1", "a route that training reads along ends elsewhere"),
    ],
)
def test_a_region_that_does_not_fit_is_named_and_no_total(oregon, key, value, said):
    workbook, plan = oregon
    values = typed(workbook, {key: value})
    first, (sheet, at) = (
        values[workbook.addresses.key("guards_first.value")],
        workbook.addresses.key(f"{input_id(key)}.value"),
    )
    assert first.startswith(f"{sheet}!{at}: {key} ") and said in first
    assert isinstance(values[workbook.addresses.key("k_total.total")], ExcelError)
    with pytest.raises(VideoCostError):
        evaluate(plan.with_overrides([(key, value)]))


@pytest.mark.parametrize(
    ("inputs", "native"),
    [
        ({"staging.region": "us-east-1"}, "copy_apart"),
        (
            {"train.region": "", SECOND + "route": "aws.cross-region@us-west-2>eu-central-1"},
            "representation_2_end_apart",
        ),
    ],
)
def test_native_formulas_alone_refuse_what_would_be_read_between_two_places(oregon, inputs, native):
    workbook, plan = oregon
    values = typed(workbook, inputs)
    assert values[workbook.addresses.key(f"{native}.constant")] == 1
    assert isinstance(values[workbook.addresses.key("n_total.total")], ExcelError)
    with pytest.raises(VideoCostError):
        evaluate(plan.with_overrides(inputs.items()))
