"""Tables on screens of any width: no number is broken, no text is lost."""

from __future__ import annotations

import re

import pytest

from vidcost_xl import cli_table
from vidcost_xl.cli_finance import _print_verified
from vidcost_xl.cli_table import draw
from vidcost_xl.sheets.review.signing.compare import Change
from vidcost_xl.sheets.review.signing.effects import Effects
from vidcost_xl.sheets.review.signing.verify import Verified

ROWS = [
    ["rank", "class", "route", "monthly", "difference", "note"],
    [
        "1",
        "gcp.gcs.standard@us-central1",
        "gcp.dedicated-interconnect@us-central1",
        "1,155,574.12",
        "-1,376,759.46",
        "",
    ],
    [
        "",
        "wasabi.hot",
        "wasabi.internet",
        "#N/A",
        "",
        "cannot: its policy lets out 1 times the bytes stored in a month",
    ],
]
NUMBERS = {0, 3, 4}
NOTE = ROWS[2][5]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 120, 140, 180, 400])
def test_what_a_screen_shows(monkeypatch, capsys, width):
    monkeypatch.setattr(cli_table, "screen", lambda: width)
    draw(ROWS, NUMBERS, title="Places")
    said = capsys.readouterr().out
    assert "Places" in said
    assert {"1,155,574.12", "-1,376,759.46", "#N/A"} <= set(said.split())
    assert NOTE in said
    table = [line for line in said.splitlines() if "monthly" in line and "difference" in line]
    assert len(table) <= 1
    for line in table:
        assert len(line) <= width


def test_where_remarks_stand(monkeypatch, capsys):
    """Beside on a screen that is wide enough, below with the name of the row on a narrower one, in a record else."""
    found = {}
    for width in (180, 120, 50):
        monkeypatch.setattr(cli_table, "screen", lambda width=width: width)
        draw(ROWS, NUMBERS)
        found[width] = capsys.readouterr().out
    assert re.search(rf"wasabi.internet +#N/A +{NOTE}", found[180])
    assert f"\n  wasabi.hot: {NOTE}\n" in found[120]
    assert re.search(r"gcp.gcs.standard@us-central1 +gcp.dedicated-interconnect@us-central1 +1,155,574.12", found[120])
    assert f"      note  {NOTE}" in found[50]
    assert "difference  -1,376,759.46" in found[50]


def test_a_remark_names_what_tells_its_row_from_others(monkeypatch, capsys):
    rows = [
        ["what", "scenario", "cost", "note"],
        ["monthly", "base", "2,532,333.58", ""],
        ["monthly", "R2 alone", "#N/A", NOTE],
        ["store", "base", "196,140.94", NOTE],
    ]
    monkeypatch.setattr(cli_table, "screen", lambda: 60)
    draw(rows, {2})
    assert capsys.readouterr().out.endswith(f"\n  monthly, R2 alone: {NOTE}\n  store: {NOTE}\n")


def test_names_are_folded_where_they_must_be(monkeypatch, capsys):
    monkeypatch.setattr(cli_table, "screen", lambda: 80)
    draw(ROWS, NUMBERS)
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines if NOTE not in line) <= 80
    at = next(at for at, line in enumerate(lines) if "1,155,574.12" in line)
    assert [line.split() for line in lines[at : at + 3]] == [
        ["1", "gcp.gcs.standard@us-", "gcp.dedicated-interc", "1,155,574.12", "-1,376,759.46"],
        ["central1", "onnect@us-central1"],
        ["wasabi.hot", "wasabi.internet", "#N/A"],
    ]


def test_the_total_is_shown_though_rows_are_left_out(capsys):
    draw([["line", "amount"], ["a", "1"], ["b", "2"], ["c", "3"], ["total", "6"]], {1}, total=True, most=1)
    said = capsys.readouterr().out
    assert re.findall(r"^ (\w+) +(\d)", said, re.M) == [("a", "1"), ("total", "6")]
    assert "and 2 more; --json has all" in said


def test_an_amount_that_is_noise_is_0_without_a_sign(capsys):
    effects = Effects(1.0, 1.0 - 3.7e-9, (-0.006,))
    change = Change("overwrite", "Native", "G686", "", "=A1", "5")
    _print_verified(Verified((), (change,), effects, (), "", ()))
    assert re.findall(r"-?\d+\.\d\d(?= *\n)", capsys.readouterr().out) == ["-0.01", "0.01", "0.00"]
