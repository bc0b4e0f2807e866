"""The version in a file against the version that answers: the master check turns red after an upgrade."""

from __future__ import annotations

import pytest

from tests.sheets.opened import typed_into
from vidcost_xl.functions.audit import VIDEO_VERSION

MASTER = {"quick": "headline.check", "model": "checks_master.flag"}


@pytest.fixture
def made(request, quick, models):
    return quick if request.param == "quick" else models["article"]


@pytest.mark.parametrize(("made", "template"), [("quick", "quick"), ("model", "model")], indirect=["made"])
@pytest.mark.parametrize("name", ["vidcost_stamp", "vidcost_stamp_ok"])
def test_another_version_fails_the_master_check(made, template, name):
    layout = made.addresses.layout
    stamp, verdict = (
        made.addresses.key(layout.names[each].strip("{}")) for each in ("vidcost_stamp", "vidcost_stamp_ok")
    )
    entries = {made.addresses.key_at(position): entry for position, _, entry in made.addresses.cells()}
    assert entries[stamp].value == VIDEO_VERSION() and entries[verdict].value is True
    # The add-in writes its verdict into a protected sheet.
    assert entries[verdict].style == "input"
    master = made.addresses.key(MASTER[template])
    assert made.values[master] == 0
    typed = {stamp: "vidcost-xl 0.0.1; price book 2020-01-01 (0)"} if name == "vidcost_stamp" else {verdict: False}
    assert typed_into(made.data, typed)[master] == 1
