"""The hosts that live as long as the spreadsheet work out an answer once."""

from __future__ import annotations

import pytest

from vidcost_xl.functions import remembered
from vidcost_xl.functions.adapter import call
from vidcost_xl.hosts import com, libreoffice, lite


@pytest.mark.parametrize(
    "ask",
    [
        lambda name, *values: getattr(com, name)(*values)[0][0],
        lambda name, *values: libreoffice.result(name, values),
        lite.answer,
    ],
    ids=["com", "libreoffice", "lite"],
)
def test_a_cell_that_is_calculated_again_costs_a_look_up(ask, monkeypatch):
    asked = []
    call("VIDEO_VERSION", [])  # reads the book
    monkeypatch.setattr(remembered, "call", lambda *given: asked.append(given[0]) or call(*given))
    monkeypatch.setattr(remembered.ANSWERS, "_kept", type(remembered.ANSWERS._kept)())
    egress = [ask("VIDEO_EGRESS", 5.0, "PB") for _ in range(3)]
    assert egress == [pytest.approx(236_716.84, abs=0.005)] * 3 and asked == ["VIDEO_EGRESS"]
    assert ask("VIDEO_EGRESS", 6.0, "PB") > egress[0] and len(asked) == 2
