"""What a plan accepts, what it refuses and how it says so, and that it survives being written and read."""

from __future__ import annotations

import tomllib
from datetime import date, datetime

import pytest

from vidcost_xl.errors import BadArgumentError, NotInBookError, OutOfDomainError
from vidcost_xl.functions.tables import read_table
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.catalogue import PRESETS, catalogue, data_text, keys_for
from vidcost_xl.model.files import (
    HEADER,
    plan_from_mapping,
    plan_from_table,
    plan_to_mapping,
    plan_to_table,
    plan_to_text,
    preset,
    read_plan,
)


def table(plan=None):
    return plan_to_table(plan or preset("article"))


def read(rows):
    return plan_from_table(read_table(rows, "inputs", ("key", "value"), ("unit", "low", "high")))


def changed(key, column="value", value=None):
    rows = table()
    next(row for row in rows if row[0] == key)[HEADER.index(column)] = value
    return rows


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_holds_every_key_of_the_catalogue(name):
    plan = preset(name)
    assert set(plan.values) == set(keys_for(plan.representations))
    assert preset(f"  {name.upper()} ") == plan


def test_every_input_says_what_it_means_and_where_its_default_comes_from():
    for spec in catalogue().values():
        assert spec.label, spec.key
        assert spec.unit, spec.key
        assert spec.help, spec.key
        assert spec.source, spec.key
        assert (spec.low is None) == (spec.high is None), spec.key
        assert spec.low is None or spec.low <= spec.high, spec.key
        assert not spec.monthly or spec.kind == "number", spec.key


@pytest.mark.parametrize("name", PRESETS)
def test_defaults_lie_inside_the_range_that_sensitivity_starts_from_or_switch_a_block_off(name):
    plan = preset(name)
    for key, value in plan.values.items():
        limits = plan.range_of(key)
        if limits and isinstance(value, float) and value:
            low, high = limits
            assert low <= value <= high or key.endswith("fetched_per_kept"), key


@pytest.mark.parametrize(
    ("rows", "error", "parts"),
    [
        ([row for row in table() if row[0] != "train.passes"], BadArgumentError, ["train.passes", "missing"]),
        ([*table(), ["train.passes", 2, "", "", "", ""]], BadArgumentError, ["train.passes", "twice"]),
        ([*table(), ["train.pases", 2, "", "", "", ""]], BadArgumentError, ["train.pases", "train.passes"]),
        (
            changed("dataset.videos", value="1e9"),
            BadArgumentError,
            ["dataset.videos", "is '1e9'; allowed: at least 0."],
        ),
        (changed("dataset.videos", value=True), BadArgumentError, ["dataset.videos", "is TRUE; allowed: at least 0."]),
        (changed("dataset.videos", value=""), BadArgumentError, ["dataset.videos", "empty"]),
        (changed("dataset.videos", value=-1), OutOfDomainError, ["dataset.videos", "at least 0"]),
        (
            changed("train.share", value=1.5),
            OutOfDomainError,
            ["train.share (Share of the data per experiment, share) is 1.5; allowed: 0 to 1."],
        ),
        (changed("dataset.survival", value=0), OutOfDomainError, ["dataset.survival", "above 0"]),
        (changed("calendar.months", value=12.5), OutOfDomainError, ["calendar.months", "whole"]),
        (changed("calendar.months", value=61), OutOfDomainError, ["calendar.months", "60"]),
        (changed("calendar.start", value="soon"), BadArgumentError, ["calendar.start", "date"]),
        (changed("calendar.start", value="2027-07-15"), OutOfDomainError, ["2027-07-15", "the first day of a month"]),
        (changed("calendar.start", value=5), OutOfDomainError, ["calendar.start", "the first day of a month"]),
        (changed("money.as_of", value="1927-07-15"), OutOfDomainError, ["1927-07-15", "a date from 1990 to 2199"]),
        (changed("dataset.videos", "low", 3e9), BadArgumentError, ["dataset.videos", "low", "above"]),
        (changed("dataset.videos", "low", "few"), BadArgumentError, ["dataset.videos", "few"]),
        (changed("dataset.videos", "low", ""), BadArgumentError, ["dataset.videos", "two numbers"]),
        (changed("dataset.mb_per_video", "unit", "GB"), BadArgumentError, ["dataset.mb_per_video", "MB", "GB"]),
        (changed("acquire.on", value="maybe"), BadArgumentError, ["acquire.on", "yes"]),
        (
            changed("dataset.counted", value="keep"),
            BadArgumentError,
            ["'keep'; allowed: kept or fetched. Nearest: kept."],
        ),
        (changed("train.route", value="aws.internt"), NotInBookError, ["aws.internt", "aws.internet"]),
        (changed("representation.1.class", value="aws.s3.standrad"), NotInBookError, ["aws.s3.standard"]),
        (changed("representation.1.class", value=""), BadArgumentError, ["representation.1.class", "class"]),
        (changed("representation.1.name", value="features"), BadArgumentError, ["features", "another representation"]),
        (changed("representation.1.kind", value="latent"), BadArgumentError, ["representation.1.vae"]),
        (changed("representation.1.kind", value="text"), BadArgumentError, ["representation.1.encoder"]),
        (changed("representation.1.second_share", value=0.5), BadArgumentError, ["representation.1.second_class"]),
        (
            changed("exit.month", value=13),
            OutOfDomainError,
            ["exit.month", "is 13; allowed: at most the months of the plan"],
        ),
        (changed("commercial.discount_provider", value="azzure"), NotInBookError, ["azzure", "Nearest: azure", "all"]),
        ([row for row in table() if not row[0].startswith("representation.1.")], BadArgumentError, ["without gaps"]),
    ],
)
def test_bad_inputs_are_refused_with_the_key_and_what_is_wanted(rows, error, parts):
    with pytest.raises(error) as caught:
        read(rows)
    for part in parts:
        assert part in caught.value.message


@pytest.mark.parametrize(
    ("overrides", "error", "parts"),
    [
        ([("train.pases", 8)], BadArgumentError, ["train.pases", "train.passes"]),
        ([("train.passes", 8), ("train.passes", 9)], BadArgumentError, ["train.passes", "twice"]),
        ([("train.pases@2027-03", 8)], BadArgumentError, ["train.pases", "train.passes"]),
        ([("train.passes@2028-01", 8)], OutOfDomainError, ["train.passes@2028-01", "outside the plan", "2027-12"]),
        ([("train.passes@March", 8)], BadArgumentError, ["train.passes@March", "2027-03"]),
        ([("train.passes@", 8)], BadArgumentError, ["train.passes@", "2027-03"]),
        ([("train.passes@2027-03", 8), ("train.passes@2027-3", 9)], BadArgumentError, ["twice"]),
        ([("train.passes@2027-03", "8")], BadArgumentError, ["train.passes", "is '8'; allowed: at least 0."]),
        ([("train.passes@2027-03", -8)], OutOfDomainError, ["train.passes"]),
        ([("calendar.months@2027-03", 13)], BadArgumentError, ["calendar.months", "whole plan"]),
        ([("dataset.ramp_months@2027-03", 1)], BadArgumentError, ["dataset.ramp_months", "whole plan"]),
        ([("train.route@2027-03", "aws.nat")], BadArgumentError, ["train.route", "whole plan"]),
        ([("representation.3.ratio", 1)], BadArgumentError, ["representation.3.ratio", "representation.2.ratio"]),
        ([("representation.1.second_share@2027-03", 0.5)], BadArgumentError, ["representation.1.second_class"]),
        ([("rate.aws.s3.standrad.storage", 0.01)], NotInBookError, ["aws.s3.standard.storage"]),
        ([("rate.aws kms request", 1)], NotInBookError, ["rate.aws kms request", "aws.kms.request"]),
        ([("rate.aws kms request@2027-03", 1)], NotInBookError, ["aws.kms.request"]),
        ([("rate.own.reference.site", 1)], NotInBookError, ["rate.own.reference.site"]),
        ([("rate.aws.s3.standard.storage", "0.01")], BadArgumentError, ["rate.aws.s3.standard.storage"]),
        ([("rate.aws.s3.standard.storage", -0.01)], OutOfDomainError, ["rate.aws.s3.standard.storage"]),
        ([("rate.aws.s3.delete", 1), ("rate.AWS.S3.delete", 2)], BadArgumentError, ["twice"]),
    ],
)
def test_bad_overrides_are_refused_with_the_key_and_the_nearest(overrides, error, parts):
    with pytest.raises(error) as caught:
        preset("article").with_overrides(overrides)
    for part in parts:
        assert part in caught.value.message


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [
        ("aws.s3.glacier-instant", "aws.s3.standard", "only to: aws.s3.glacier-flexible, aws.s3.glacier-deep-archive"),
        ("aws.s3.one-zone-ia", "aws.s3.glacier-instant", "only to: aws.s3.glacier-flexible"),
        ("aws.s3.standard", "aws.s3.express-one-zone", "only to: aws.s3.standard-ia, "),
        ("aws.s3.standard", "gcp.gcs.nearline", "only to: aws.s3.standard-ia, "),
        ("azure.blob.cool-lrs", "azure.blob.hot-lrs", "only to: azure.blob.cold-lrs, azure.blob.archive-lrs"),
        ("aws.s3.express-one-zone", "aws.s3.standard", "only to: no class"),
    ],
)
def test_a_move_that_no_lifecycle_rule_makes_is_refused_with_those_there_are(first, second, allowed):
    places = {"representation.1.class": first, "representation.1.second_class": second}
    pairs = {**places, "representation.1.second_share": 0.5, "representation.1.lifecycle_months": 2}
    with pytest.raises(BadArgumentError, match=r"representation\.1\.lifecycle_months .* is 2; ") as caught:
        preset("article").with_overrides(pairs.items())
    assert allowed in caught.value.message


def test_a_name_that_makes_two_rows_the_same_is_refused():
    plan = preset("complete").with_overrides([("representation.1.name", "staging")])
    with pytest.raises(BadArgumentError, match=r"store\.staging"):
        evaluate(plan)


def test_an_unknown_preset_is_refused_with_the_nearest():
    with pytest.raises(BadArgumentError, match="Nearest: article"):
        preset("artikle")


def test_an_override_of_one_month_stays_with_its_month_when_the_start_moves():
    plan = preset("article").with_overrides([("train.experiments@2027-03", 8)])
    moved = plan.with_overrides([("calendar.start", "2027-02-01")])
    assert moved.monthly == {("train.experiments", 1): 8.0}
    with pytest.raises(OutOfDomainError, match=r"train\.experiments@2027-03"):
        plan.with_overrides([("calendar.start", "2027-04-01")])


def test_a_shorter_horizon_refuses_overrides_beyond_it():
    plan = preset("article").with_overrides([("calendar.months", 24), ("train.experiments@2028-06", 8)])
    with pytest.raises(OutOfDomainError, match=r"train\.experiments@2028-06"):
        plan.with_overrides([("calendar.months", 12)])


@pytest.mark.parametrize("start", [date(2027, 7, 1), datetime(2027, 7, 1, 12), "2027-07-01", 46_569, 46_569.0])
def test_dates_may_be_dates_texts_or_excel_serials(start):
    # Excel shows 46569 as 2027-07-01: 46,568 days after 1900-01-01 as it counts, with its 1900-02-29.
    plan = preset("article").with_overrides([("calendar.start", start)])
    assert plan.calendar.labels[0] == "2027-07"


def everything_changed():
    """The complete plan changed in twenty places and more."""
    pairs = [
        ("calendar.start", "2027-04-01"),
        ("calendar.months", 24),
        ("calendar.fiscal_year_start", 4),
        ("money.currency", "EUR"),
        ("money.fx", 0.91),
        ("money.fx@2027-09", 0.88),
        ("money.as_of", "2026-11-01"),
        ("dataset.videos", 2.5e8),
        ("dataset.growth", 0.01),
        ("dataset.counted", "fetched"),
        ("dataset.survival", 0.1),
        ("representation.1.name", '=videos, "raw"; ä'),
        ("representation.2.versions", 3),
        ("representation.3.class", "aws.s3.glacier-instant"),
        ("acquire.gateway_endpoint", "no"),
        ("train.experiments@2027-06", 8),
        ("train.experiments@2028-06", 1 / 3),
        ("staging.on", "no"),
        ("commercial.support", ""),
        ("commercial.discount", 0.123456789012345),
        ("account.cost_center", "4711"),
        ("rate.aws.transfer.internet-out", 0.031),
        ("rate.aws.transfer.internet-out@2028-01", 0.029),
        ("exit.month", 24),
    ]
    rows = plan_to_table(preset("complete").with_overrides(pairs))
    next(row for row in rows if row[0] == "dataset.videos")[3:5] = [1e8, 3e8]
    return read(rows)


def test_twenty_changes_in_a_table_are_read_and_written_back_equal():
    plan, base = everything_changed(), preset("complete")
    assert sum(plan.values[key] != base.values[key] for key in base.values) >= 19
    assert plan.ranges == {"dataset.videos": (1e8, 3e8)}
    assert len(plan.monthly) == 4
    assert read(plan_to_table(plan)) == plan
    assert plan_to_table(read(plan_to_table(plan))) == plan_to_table(plan)


@pytest.mark.parametrize("form", ["toml", "yaml"])
@pytest.mark.parametrize("plan", [preset("article"), preset("complete"), everything_changed()])
def test_a_plan_written_to_a_file_is_read_back_equal(plan, form, tmp_path):
    path = tmp_path / f"plan.{form}"
    path.write_text(plan_to_text(plan, form), encoding="utf-8")
    assert read_plan(path) == plan


def test_the_tree_of_a_plan_is_the_plan():
    plan = everything_changed()
    assert plan_from_mapping(plan_to_mapping(plan)) == plan


def test_yaml_may_write_numbers_as_toml_does(tmp_path):
    path = tmp_path / "plan.yaml"
    text = plan_to_text(preset("article"), "yaml")
    assert "videos: 1000000000.0" in text
    path.write_text(text.replace("videos: 1000000000.0", "videos: 1e9"), encoding="utf-8")
    assert read_plan(path) == preset("article")


@pytest.mark.parametrize(
    ("name", "text", "parts"),
    [
        ("plan.toml", "[train]\npasses = 1\npasses = 2\n", ["plan.toml", "line 3"]),
        ("plan.yaml", "train:\n  passes: 1\n  passes: 2\n", ["plan.yaml", "passes is given twice", "line 3"]),
        ("plan.yaml", "- 1\n", ["holds no inputs"]),
        ("plan.yaml", "a: [1\n", ["plan.yaml, line 2, column 1: expected ',' or ']'"]),
        ("plan.toml", "passes = 1\n", ["passes", "outside a table"]),
        ("plan.toml", "representation = [1]\n", ["representation", "tables"]),
        ("plan.toml", 'month = [{key = "train.passes", value = 2}]\n', ["month"]),
        ("plan.toml", "rate = 3\n", ["rate", "tables"]),
        ("plan.toml", '[range]\n"train.passes" = 3\n', ["train.passes", "two numbers"]),
        ("plan.toml", '[range]\n"train.passes" = ["a", "b"]\n', ["train.passes", "two numbers"]),
        ("plan.txt", "", ["plan.txt", ".toml"]),
    ],
)
def test_a_file_that_is_not_a_plan_says_where_and_why(tmp_path, name, text, parts):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadArgumentError) as caught:
        read_plan(path)
    for part in parts:
        assert part in caught.value.message


def test_a_range_of_an_unknown_input_is_refused():
    tree = tomllib.loads(data_text("article.toml")) | {"range": {"datset.videos": [1, 2]}}
    with pytest.raises(BadArgumentError, match=r"datset\.videos.*dataset\.videos"):
        plan_from_mapping(tree)


def test_a_missing_file_and_a_binary_file_are_refused(tmp_path):
    with pytest.raises(BadArgumentError, match="cannot be read"):
        read_plan(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadArgumentError, match="UTF-8"):
        read_plan(tmp_path / "binary.toml")


def test_a_table_from_before_a_choice_grew_is_read():
    assert read(changed("dataset.size_from", "unit", "mb or bitrate")) == preset("article")


@pytest.mark.parametrize("key", ["RATE.AWS.KMS.Request", " rate.aws.kms.request "])
@pytest.mark.parametrize("month", ["", "@2027-03"])
def test_a_private_rate_is_known_by_its_id_in_any_case(key, month):
    plan = preset("article").with_overrides([(key + month, 0.02)])
    rates = {meter: 0.02 for meter in ("aws.kms.request",) if not month}
    months = {("rate.aws.kms.request", 2): 0.02} if month else {}
    assert (plan.rates, {key: value for key, value in plan.monthly.items() if "kms" in key[0]}) == (rates, months)
