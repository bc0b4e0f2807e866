"""A plan as a file that names its base, `vidcost plan show`, and formulas that read a plan file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vidcost_xl.cli import app
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.adapter import call
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset, read_plan

PARTIAL = Path(__file__).parents[2] / "shared" / "cases" / "plans" / "partial_plan_no_preset.toml"
CHANGES = """
base = "article"

[money]
currency = "EUR"
fx = 0.5

[commercial]
discount = "12%"

[[month]]
key = "train.experiments"
month = "2027-03"
value = 20

[rate]
"aws.transfer.internet-out" = 0.02
"""


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(app, list(map(str, arguments)))


def written(folder, text, name="plan.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_with_a_base_says_only_what_differs(tmp_path):
    plan = read_plan(written(tmp_path, CHANGES))
    assert plan == preset("article").with_overrides(
        [
            *[("money.currency", "EUR"), ("money.fx", 0.5), ("commercial.discount", 0.12)],
            *[("train.experiments@2027-03", 20), ("rate.aws.transfer.internet-out", 0.02)],
        ]
    )
    assert read_plan(written(tmp_path, "base: complete\ntrain: {passes: 3}\n", "plan.yaml")) == preset(
        "complete"
    ).with_overrides([("train.passes", 3)])


def test_half_the_currency_is_half_the_bill(tmp_path):
    path = written(tmp_path, 'base = "article"\n[money]\ncurrency = "EUR"\nfx = 0.5\n')
    assert evaluate(read_plan(path)).reporting(1.0) == pytest.approx(0.5)
    # 2,532,333.58 USD a month, the article's.
    with_plan = CliRunner().invoke(app, ["eval", "=VIDEO_TOTAL()", "--plan", str(path), "--json"])
    assert json.loads(with_plan.stdout)["value"] == pytest.approx(2_532_333.58 / 2, abs=0.01)


def test_a_representation_beside_those_of_the_base_is_given_whole(tmp_path):
    names = "[[representation]]\n\n" * preset("article").representations
    with pytest.raises(BadArgumentError, match=r"representation\.3\.kind .* is missing"):
        read_plan(written(tmp_path, f'base = "article"\n{names}[[representation]]\nname = "more"\n'))
    changed = read_plan(written(tmp_path, 'base = "article"\n[[representation]]\nratio = 2\n'))
    assert changed == preset("article").with_overrides([("representation.1.ratio", 2)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[money]\nfx = 0.5\n", 'Nothing is filled in. Write base = "article" above the tables'),
        ('base = "artikle"\n', "Nearest: article"),
        ("base = 3\n", "base is the name of a preset"),
        ('base = "article"\n[train]\npases = 3\n', "train.pases"),
        (
            'base = "article"\n[[month]]\nkey = "train.passes"\nmonth = "2027-3"\nvalue = 2\n'
            + '[[month]]\nkey = "train.passes"\nmonth = "2027-03"\nvalue = 3\n',
            "twice",
        ),
    ],
)
def test_what_a_partial_file_leaves_open_is_refused_with_the_way(tmp_path, text, said):
    with pytest.raises(BadArgumentError) as caught:
        read_plan(written(tmp_path, text))
    assert said in caught.value.message


@pytest.mark.skipif(not PARTIAL.exists(), reason="the cases stand beside the repository")
def test_the_partial_file_of_the_cases_is_refused_with_the_way():
    with pytest.raises(BadArgumentError, match='base = "article"'):
        read_plan(PARTIAL)


@pytest.mark.parametrize("name", ["article", "complete"])
@pytest.mark.parametrize("ending", ["toml", "yaml"])
def test_a_plan_is_written_as_a_file_that_is_the_same_plan(run, tmp_path, name, ending):
    path = tmp_path / f"plan.{ending}"
    assert run("plan", "show", name, "-o", path).exit_code == 0
    assert read_plan(path) == preset(name)
    assert run("plan", "show", name, "-o", path).exception is not None  # it stays without --force
    assert run("plan", "show", path, "-o", path, "--force").exit_code == 0


def test_a_shown_plan_says_what_each_input_means(run):
    shown = run("plan", "show").stdout
    assert "\nvideos = 1000000000.0  # Videos, videos\n" in shown
    assert shown.count("  # ") == len(preset("article").values)


def test_a_plan_is_no_workbook(run, tmp_path):
    assert "ends in one of .toml" in str(run("plan", "show", "-o", tmp_path / "plan.xlsx").exception)


def test_formulas_without_a_plan_mean_the_one_of_the_option_and_only_then(run, tmp_path):
    path = written(tmp_path, 'base = "article"\n[train]\nexperiments = 0\n')
    # Without training only storing is left: 196,140.94 a month.
    assert run("eval", "=VIDEO_TOTAL()", "--plan", path).stdout.strip() == "196,140.94"
    assert run("eval", '=VIDEO_TOTAL("article")', "--plan", path).stdout.strip() == "2,532,333.58"
    assert "196,140.94" in run("explain", "=VIDEO_TOTAL()", "--plan", path).stdout
    rows = json.loads(run("eval", "=VIDEO_INPUTS()", "--plan", path, "--json").stdout)["value"]
    assert next(row for row in rows if row[0] == "train.experiments")[1] == 0
    assert call("VIDEO_TOTAL", []) == pytest.approx(2_532_333.58, abs=0.01)
