"""A workbook of ours names its own places; in a file of an older version they are found by what stands there."""

from __future__ import annotations

import re

import pytest

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.lines import STAGES
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.layout import places
from vidcost_xl.sheets.package.parts import read_parts, write_parts
from vidcost_xl.sheets.review.finding_places import known_places, switch

WORKBOOK = "xl/workbook.xml"
PLACE = re.compile(rb'<definedName[^<>]*name="vidcost_at_(\w+)"[^<>]*>[^<>]*</definedName>')


def contents(data, **parts):
    found = read_parts(data)
    for part, change in parts.items():
        found[part] = change(found[part])
    return Contents(write_parts(found), "plan.xlsx")


def with_names(data, change):
    return contents(data, **{WORKBOOK: change})


@pytest.mark.parametrize("template", ["quick", "model"])
def test_a_file_without_the_names_has_the_same_places(template, quick, models):
    data = quick.data if template == "quick" else models["bill"].data
    named, older = Contents(data, "new"), with_names(data, lambda part: PLACE.sub(b"", part))
    assert ("", places.TOTAL) in named.book.names
    assert ("", places.TOTAL) not in older.book.names
    assert known_places(named, template) == known_places(older, template)
    assert switch(named) == switch(older)


def test_the_plan_s_total_stages_and_months_are_those_of_the_sheet_costs(models):
    found = Contents(models["bill"].data, "plan")
    marks = known_places(found, "model")
    assert found.text((marks.total[0], marks.total[1], 1)) == "Total"
    assert [found.text((key[0], key[1], 1)) for _, key in marks.stages] == [stage.capitalize() for stage in STAGES]
    # The bill of the article's twelve months, as the README has it.
    assert found.value(marks.total) == pytest.approx(30_388_002.93, abs=0.01)
    assert sum(found.value(key) for key in marks.months) == pytest.approx(found.value(marks.total))


def test_they_are_hidden_from_view_and_nothing_else_is(models):
    names = re.findall(rb"<definedName[^<>]*>", read_parts(models["bill"].data)[WORKBOOK])
    hidden = {bool(re.search(rb'hidden="1"', name)) for name in names if b'"vidcost_at_' in name}
    others = {bool(re.search(rb'hidden="1"', name)) for name in names if b'"vidcost_at_' not in name}
    assert (hidden, others) == ({True}, {False})


@pytest.mark.parametrize(("place", "words"), [("total", "vidcost_at_total"), ("months", "vidcost_at_months")])
def test_a_place_whose_cells_were_deleted_is_said(place, words, models):
    gone = re.compile(rb'(name="vidcost_at_%s"[^<>]*>)[^<>]*' % place.encode())
    broken = with_names(models["bill"].data, lambda part: gone.sub(rb"\1#REF!", part))
    with pytest.raises(BadArgumentError, match=f"has lost what its name {words} points at"):
        known_places(broken, "model")


def test_a_total_that_somebody_calls_otherwise_is_still_the_total(models):
    plan = Contents(models["bill"].data, "plan")
    marks = known_places(plan, "model")
    texts = "xl/sharedStrings.xml"
    changed = contents(models["bill"].data, **{texts: lambda part: part.replace(b">Total<", b">Grand total<")})
    assert changed.text((marks.total[0], marks.total[1], 1)) == "Grand total"
    assert known_places(changed, "model") == marks


def test_a_place_that_is_no_single_cell_is_refused(models):
    wide = re.compile(rb'(name="vidcost_at_master"[^<>]*>)[^<>]*')
    with pytest.raises(BadArgumentError, match="must point at one cell"):
        known_places(with_names(models["bill"].data, lambda part: wide.sub(rb"\1Checks!$A$1:$B$2", part)), "model")
