"""The command: what it prints, how it exits, and that no mistake of a user ever shows a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vidcost_xl import __version__
from vidcost_xl.cli import app
from vidcost_xl.errors import VideoCostError

EXTRACT = Path(__file__).parent / "prices" / "extracts" / "aws_AmazonS3_extract_20260728.json"


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def command(*arguments):
    """The command as a shell runs it."""
    code = "import sys; from vidcost_xl.cli import main; sys.argv[0] = 'vidcost'; main()"
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    ("formula", "printed"),
    [
        ('=VIDEO_EGRESS(5,"PB")', "236,716.84"),
        ("=VIDEO_EGRESS()", "236,716.84"),
        ('=SUM(VIDEO_STORAGE(5,"PB"),VIDEO_EGRESS(5,"PB"))', "335,068.91"),
        ("=VIDEO_REQUESTS()", "5,000"),
        ("=VIDEO_DATASET()", "5"),
        ("=VIDEO_LATENT()", "14.2848"),
        ("=1+1", "2"),
        ('="a"&"b"', "ab"),
        ("=1=1", "TRUE"),
        ('="é費"', "é費"),
    ],
)
def test_eval_prints_the_value_of_a_formula(run, formula, printed):
    result = run("eval", formula)
    assert result.exit_code == 0
    assert result.stdout.strip() == printed


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=VIDEO_DATASET()", 5.0),
        ("=1=1", True),
        ('="a"', "a"),
        ('=VIDEO_CONVERT({1;2},"TB","GB")', [[1000.0], [2000.0]]),
    ],
)
def test_json_prints_the_value_and_a_table_as_a_list_of_rows(run, formula, value):
    result = run("eval", formula, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"value": value}


def test_json_prints_every_digit(run):
    value = json.loads(run("eval", "=VIDEO_EGRESS()", "--json").stdout)["value"]
    assert value == pytest.approx(236_716.843654, abs=1e-6)


@pytest.mark.parametrize(
    ("formula", "code", "reason"),
    [
        ("=VIDEO_EGRESS(5000)", "#VALUE!", "5000 what?"),
        ('=VIDEO_EGRESS(5,"PB","aws.internett")', "#N/A", "Nearest: aws.internet"),
        ('=VIDEO_EGRESS(5,"PB",,,,10)', "#NUM!", "from 0 to 1"),
        ("=1/0", "#DIV/0!", ""),
    ],
)
def test_an_error_exits_with_1_and_says_why(run, formula, code, reason):
    plain = run("eval", formula)
    assert plain.exit_code == 1
    assert plain.stdout == ""
    assert plain.stderr.startswith(code)
    assert reason in plain.stderr
    shaped = run("eval", formula, "--json")
    assert shaped.exit_code == 1
    answer = json.loads(shaped.stdout)
    assert set(answer) == {"error", "message"}
    assert answer["error"] == code
    assert reason in answer["message"]


def test_an_error_inside_a_table_stands_in_its_cell_with_its_reason(run):
    result = run("eval", '=VIDEO_EGRESS({100;-1},"billed")', "--json")
    first, second = json.loads(result.stdout)["value"]
    assert first == [0.0]
    assert second[0]["error"] == "#NUM!"
    assert "not -1" in second[0]["message"]


def test_a_table_prints_with_its_header(run):
    result = run("eval", '=VIDEO_LIST("dtype")')
    assert result.exit_code == 0
    assert "dtype" in result.stdout
    assert "bf16" in result.stdout


def test_explain_prints_the_steps(run):
    result = run("explain", '=VIDEO_EGRESS(5,"PB")')
    assert result.exit_code == 0
    assert "225,145.64" in result.stdout
    rows = json.loads(run("explain", '=VIDEO_EGRESS(5,"PB")', "--json").stdout)["value"]
    assert rows[0] == ["step", "value", "unit", "note"]
    assert rows[-1][:2] == ["result", pytest.approx(236_716.843654, abs=1e-6)]


def test_explain_says_why_a_call_fails(run):
    result = run("explain", "=VIDEO_EGRESS(5000)")
    assert "5000 what?" in result.stdout


def test_functions_prints_the_reference_of_one_or_all(run):
    assert "VIDEO_EGRESS([amount=5]" in run("functions").stdout
    assert run("functions", "video_egress").stdout.startswith("VIDEO_EGRESS(")
    assert "| **Price** | |" in run("functions", "--markdown").stdout


def test_prices_list_holds_the_meters_asked_for(run):
    rows = json.loads(run("prices", "list", "b2.", "--json").stdout)["value"]
    assert {row[0] for row in rows[1:]} == {"b2.standard.storage", "b2.transfer.internet-out"}
    assert "aws.s3.standard.storage" in run("prices", "list").stdout


def test_prices_show_prints_the_passport_of_a_day(run):
    rows = json.loads(run("prices", "show", "b2.standard.storage", "--as-of", "2026-04-30", "--json").stdout)["value"]
    assert rows[1][rows[0].index("unit_price")] == 6.0
    shown = run("prices", "show", "aws.s3.standard.storage").stdout
    assert "WP9ANXZGBYYSGJEA" in shown
    assert "2026-07-28" in shown


def test_prices_verify_finds_no_error_in_the_shipped_book(run):
    result = run("prices", "verify", "--stale-days", "100000")
    assert result.exit_code == 0
    assert "schema and references hold" in result.stdout


def test_prices_verify_compares_with_an_offer_and_fails_on_a_difference(run, tmp_path):
    assert run("prices", "verify", "--against", str(EXTRACT)).exit_code == 0
    seeded = tmp_path / "seeded.json"
    seeded.write_text(EXTRACT.read_text(encoding="utf-8").replace("0.0220000000", "0.0250000000"), encoding="utf-8")
    result = run("prices", "verify", "--against", str(seeded), "--json")
    assert result.exit_code == 1
    assert "0.022 in the book, 0.025" in result.stdout


def test_version_and_help(run):
    assert run("--version").stdout.strip() == __version__
    assert "eval" in run("--help").stdout
    assert "as-of" in run("prices", "show", "--help").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["eval", ""],
        ["eval", "=VIDEO_EGRESS("],
        ["eval", "=)"],
        ["eval", "\x00"],
        ["explain", "=1+1"],
        ["explain", "=VIDEO_EGRESS("],
        ["functions", "VIDEO_EGRES"],
        ["prices", "show", "aws.s3.standrd.storage"],
        ["prices", "show", "aws.s3.standard.storage", "--region", "us-east-1x"],
        ["prices", "show", "aws.s3.standard.storage", "--as-of", "tomorrow"],
        ["prices", "verify", "--against", "no-such-file.json"],
        ["prices", "verify", "--against", str(Path(__file__))],
    ],
)
def test_a_mistake_is_one_of_ours_with_a_sentence(run, arguments):
    result = run(*arguments)
    assert result.exit_code != 0
    assert isinstance(result.exception, (VideoCostError, SystemExit)), result.exception


@pytest.mark.parametrize(
    ("arguments", "code", "printed"),
    [
        (["eval", '=VIDEO_EGRESS(5,"PB")'], 0, "236,716.84"),
        (["eval", "=VIDEO_EGRESS(5000)"], 1, "5000 what?"),
        (["eval", "=VIDEO_EGRESS("], 2, "is not a formula"),
        (["prices", "show", "aws.s3.standrd.storage"], 2, "Nearest: aws.s3.standard.storage"),
        (["prices", "verify", "--against", "no-such-file.json"], 2, "cannot be read"),
        (["eval"], 2, "Missing argument"),
        (["nothing"], 2, "No such command"),
        (["eval", '="é費"'], 0, "é費"),
    ],
)
def test_the_command_in_a_shell_never_shows_a_traceback(arguments, code, printed):
    result = command(*arguments)
    assert result.returncode == code
    assert printed in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    assert (code == 0) == (result.stderr == "")
