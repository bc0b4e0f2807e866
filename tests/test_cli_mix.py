"""`vidcost mix`: the plan it writes is the one it priced, and nothing is written where it is stopped or refused."""

from __future__ import annotations

import json

import pytest

from tests.command import vidcost
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import read_plan

ARGUMENTS = ("mix", "article", "--providers", "b2,r2", "--seconds", 20)


@pytest.fixture(autouse=True)
def without_every_provider(monkeypatch):
    monkeypatch.setattr("vidcost_xl.analysis.mix.mix.BESIDE", 1.0)


def test_the_plan_written_costs_what_is_printed(tmp_path):
    output = tmp_path / "mixed.toml"
    done = vidcost(*ARGUMENTS, "-o", output, "--json")
    assert done.returncode == 0, done.stderr
    rows = {row[0]: row[1] for row in json.loads(done.stdout)["value"]}
    assert evaluate(read_plan(output)).whole == pytest.approx(rows["Cheapest mix"], abs=0.005)


def test_stopped_it_has_written_nothing(tmp_path, monkeypatch):
    def stop(*_given, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr("vidcost_xl.analysis.mix.search.Search.cheapest", stop)
    output = tmp_path / "mixed.toml"
    assert vidcost(*ARGUMENTS, "-o", output).returncode == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--providers", "amazonas"), "provider"),
        (("--providers", ","), "names none"),
        (("-o", "mixed.csv"), "is no plan file"),
    ],
)
def test_what_it_cannot_do_is_said_before_the_search(more, said):
    done = vidcost("mix", "article", *more)
    assert done.returncode == 2
    assert said in done.stderr
