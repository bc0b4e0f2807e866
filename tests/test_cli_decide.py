"""The commands on what to do about a plan: what they print, what they refuse, and that they stop with a sentence."""

from __future__ import annotations

import json

import pytest

from tests.command import vidcost
from vidcost_xl.analysis import decision

SMALL = ("--draws", 64, "--providers", "b2,r2")


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text('base = "article"\n[train]\nexperiments = 5.0\n')
    return path


def test_a_plan_file_is_what_the_functions_are_asked_about(plan):
    done = vidcost("afford", plan, 500_000, "--json")
    rows = json.loads(done.stdout)["value"]
    assert rows[-1][:2] == ["In the plan", 5.0] and rows[1][1] == pytest.approx(1.286164, abs=1e-6)
    asked = ("--rows", "passes=5,10", "--columns", "train.route=aws.internet,aws.cloudfront", "--json")
    table = json.loads(vidcost("sensitivity", plan, *asked).stdout)["value"]
    assert table[0][1:] == ["aws.internet", "aws.cloudfront"] and table[2][1] == pytest.approx(2_532_333.58, abs=0.005)
    assert "dataset.mb_per_video" in vidcost("sensitivity", plan, "--output", "store").stdout
    assert vidcost("breakeven", plan, "--driver", "passes").stdout.count("passes a month") >= 4
    assert "b2.standard" in vidcost("compare", plan, "--providers", "b2").stdout
    falls = (
        "--spread",
        "*=fixed",
        "--spread",
        "dataset.mb_per_video=pert,3,8",
        "--spread",
        "train.experiments=pert,3,9",
    )
    tied = ("--correlate", "dataset.mb_per_video,train.experiments=0.5")
    rows = json.loads(vidcost("risk", plan, "--draws", 64, *falls, *tied, "--json").stdout)["value"]
    assert [row[0] for row in rows if row[3] == "squared coefficient of ranks"] == [
        *("dataset.mb_per_video", "train.experiments"),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("afford", "article", 5), "none: at 0 passes a month it costs 196,140.94 USD, 196,135.94 USD too much"),
        (("risk", "nowhere.yaml"), "nowhere.yaml cannot be read: No such file or directory."),
        (("sensitivity", "article", "--output", "stor"), "what 'stor' is not known. Nearest: store"),
        (("compare", "article", "--providers", "r3"), "provider 'r3' is not known. Nearest: "),
        (("decide", "article", "--output", "store"), "output 'store' is not known."),
        (("decide", "article", "--force"), "write --stamp with them."),
        (("decide", "article", "--providers", ","), "providers names none; leave it out for all of them."),
        (("sensitivity", "article", "--rows", "passes"), "a table has --rows and --columns"),
        (("decide", "article", "--rows", "pases", "--columns", "tb", *SMALL), "Nearest: passes"),
        (("scenarios", "article"), "article holds no scenarios. Name a table of them with --table"),
        (("scenarios", "article", "--table", "no.csv"), "no.csv cannot be read: No such file or directory."),
        (("decide", "article", "--stamp"), "article is a preset: --stamp writes into a plan workbook"),
        (("risk", "article", "--spread", "dataset.videos"), "write --spread dataset.mb_per_video=pert,3,8."),
        (("risk", "article", "--correlate", "dataset.videos=0.5"), "two inputs stand before the sign ="),
    ],
)
def test_what_cannot_be_is_said_plainly(arguments, said):
    done = vidcost(*arguments)
    assert said in done.stdout + done.stderr
    assert done.returncode == (0 if arguments[0] == "afford" else 2)


@pytest.mark.parametrize("mark", [",", ";"])
def test_scenarios_of_a_table_stand_beside_each_other(plan, tmp_path, mark):
    """Half of five passes are 12.5 PB a month less, at $0.05 a GB and $0.0004 a thousand GETs."""
    table = tmp_path / "table.csv"
    lines = ["key,half,same,nowhere", "train.passes,0.5,,2", "train.route,,,b2.internet"]
    table.write_text("\n".join(lines).replace(",", mark), encoding="utf-8-sig")
    rows = json.loads(vidcost("scenarios", plan, "--table", table, "--json").stdout)["value"]
    base, half, same, nowhere = (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
    less = 12.5e15 / 2**30 * 0.05 + 2.5e9 / 1000 * 0.0004
    assert half["difference"] == pytest.approx(-less, abs=0.01)
    assert half["share"] == pytest.approx(-less / base["cost"]) and same["difference"] == 0
    assert nowhere["cost"]["error"] == "#N/A" and "does not start where" in nowhere["note"]
    assert "-42.68%" in vidcost("scenarios", plan, "--table", table).stdout


def test_the_page_is_text_markdown_or_json(plan):
    found = json.loads(vidcost("decide", plan, *SMALL, "--json").stdout)  # the second page is remembered
    assert found["currency"] == "USD" and found["file"] is None and len(found["tables"]) == 6
    page = vidcost("decide", plan, *SMALL, "--markdown").stdout
    assert page.startswith("# Decisions: plan.toml\n\n- As planned, an average month costs ")
    assert page.count("\n## ") == 6 and "| b2 | b2.standard | b2.internet |" in page


def test_it_stops_from_the_keyboard_with_a_sentence_and_leaves_the_file_alone(models, tmp_path, monkeypatch):
    book = tmp_path / "plan.xlsx"
    book.write_bytes(models["article"].data)

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(decision, "swings", stopped)
    done = vidcost("decide", book, *SMALL, "--stamp")
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "stopped; nothing is written, and every file is as it was\n"
    assert book.read_bytes() == models["article"].data
    assert [path.name for path in tmp_path.iterdir()] == ["plan.xlsx"]
