"""`vidcost prices import`: what it prints, what it does to a plan, and that it writes only when told to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vidcost_xl.cli import app
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.model import VIDEO_TOTAL

EXTRACT = Path(__file__).parent / "prices" / "extracts" / "aws_AmazonS3_extract_20260728.json"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("VIDCOST_PRICES", str(tmp_path / "mine"))
    return tmp_path / "mine"


@pytest.fixture
def dearer(tmp_path):
    """The offer a day after the newest of the book, its first tier of S3 Standard at 0.024 in place of 0.023."""
    text = EXTRACT.read_text(encoding="utf-8").replace("2026-07-28", "2026-11-15").replace("2026-07-01", "2026-11-01")
    path = tmp_path / "offer.json"
    path.write_text(text.replace('"0.0230000000"', '"0.0240000000"'), encoding="utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(app, ["prices", "import", *map(str, arguments)], catch_exceptions=False)


def test_without_accept_it_says_what_would_change_and_writes_nothing(folder, dearer):
    told = run(dearer)
    assert told.exit_code == 0
    assert "changed" in told.output
    assert f"nothing written; --accept writes 3 prices to {folder}" in told.output.replace("\n", " ")
    assert not folder.exists()


def test_with_accept_it_writes_and_names_the_file_and_then_has_nothing_to_write(folder, dearer):
    assert f"written: {folder / 'aws' / 'us-east-1.toml'}" in run(dearer, "--accept").output
    assert "nothing to write: the prices in use stay" in run(dearer, "--accept").output


def test_each_change_is_priced_on_the_plan_and_all_of_them_together(folder, dearer, tmp_path):
    told = json.loads(run(dearer, "--plan", "article", "--json").output)
    head, *rows = told["effects"]
    effects = {row[1] or row[0]: row[-1] for row in rows}
    assert head[-1] == "USD in all"
    before = VIDEO_TOTAL("article", "total")
    assert effects["total before"] == pytest.approx(before, abs=0.005)
    # Every month holds more than 51,200 GB on S3 Standard: the first tier costs 51,200 x 0.001 = 51.20 more a month.
    months = round(before / VIDEO_TOTAL("article"))
    assert effects["total after"] - before == pytest.approx(51.20 * months, abs=0.005)
    assert effects["aws.s3.standard.storage"] == pytest.approx(51.20 * months, abs=0.005)
    assert not folder.exists()


def test_a_plan_of_an_earlier_day_keeps_the_prices_of_that_day(folder, dearer, tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text('base = "article"\n[money]\nas_of = 2026-10-07\n', encoding="utf-8")
    effects = json.loads(run(dearer, "--plan", plan, "--json").output)["effects"]
    assert [row[0] for row in effects] == ["change", "total before", "total after"]
    assert effects[1][-1] == pytest.approx(effects[2][-1], abs=0.005)


def test_a_day_that_is_none_is_refused(folder, dearer):
    with pytest.raises(BadArgumentError, match="--day is 'yesterday'; write the day of the list as 2026-09-15"):
        run(dearer, "--day", "yesterday")


def test_the_staging_of_deep_archive_is_named_as_refused(folder):
    assert "TimedStorage-GDA-Staging at 0.021 is refused" in run(EXTRACT).output
