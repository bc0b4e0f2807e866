"""The sheet Decisions: put into a plan workbook as values, and known to be of other inputs when it is."""

from __future__ import annotations

import io
import re
from datetime import datetime

import openpyxl
import pytest

from tests.sheets.finance_files import renamed, with_cells
from vidcost_xl.analysis.decision import Wanted, decide
from vidcost_xl.analysis.decision_tables import STAYS
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.compare.decisions.page import SHEET
from vidcost_xl.sheets.compare.decisions.run import check_earlier, put_decision, stale
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.package.edits.opened import opened
from vidcost_xl.sheets.package.parts import read_parts
from vidcost_xl.sheets.plan.reading.carry import carry
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook

NAME = "plan.xlsx"
AT = datetime(2026, 11, 29, 16, 0)

#: What a new sheet changes of a workbook beside its own parts: the list of its parts, of its sheets, and its looks.
SHARED = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "docProps/app.xml"}


@pytest.fixture(scope="module")
def made(once, models):
    def make():
        data = models["article"].data
        found = decide(read_plan_workbook(data, NAME).plan, Wanted(draws=64, budget=3e6, providers=("b2", "r2")))
        return found, put_decision(data, NAME, found, AT)

    return once("decision-sheet", make)


@pytest.fixture
def changed(made, models):
    """What `stale` says of the workbook with another value in a cell of the template."""

    def say(cell: str, value: float) -> str:
        data = with_cells(made[1], {models["article"].addresses.key(cell): value})
        return stale(data, NAME, read_plan_workbook(data, NAME).plan)

    return say


def test_the_values_are_those_of_the_answers_and_nothing_else_changes(made, models):
    found, data = made
    before, after = read_parts(models["article"].data), read_parts(data)
    assert {name for name, part in before.items() if after.get(name) != part} <= SHARED
    assert sum("chart" in name for name in after) == sum("chart" in name for name in before) + 1
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[SHEET]
    cells = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    first = found.places.rows[0]
    assert next(row for row in cells if row[:1] == ["r2.standard"])[1:3] == ["r2.internet", first.cost]
    said, p90 = next(row[-3:-1] for row in cells if "P90" in row)
    assert (said, p90) == ("P90", pytest.approx(found.risk.quantiles[90].value, rel=1e-14))
    lever = found.levers[0]
    changes = next(row for row in cells if lever.spec.unit in row)[5:]
    assert changes == pytest.approx([lever.at_low - lever.base, lever.at_high - lever.base], rel=1e-14)
    at = next(at for at, row in enumerate(cells) if row and str(row[0]).startswith("An average month, USD"))
    assert cells[at + 1] == ["passes a month", "0.5", "2.75", "5", "9.5", "14"] and cells[at + 4][0] == "10"
    assert cells[at + 4][3] == pytest.approx(found.base, rel=1e-12)
    assert sum(STAYS in row for row in cells) == 5
    assert cells[2][0].startswith("The plan costs what it cost when this was written; vidcost check ")
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToHeight == 1
    assert "seed 1" in cells[1][0] and "2026-11-29 16:00" in cells[1][0]


def test_the_chart_holds_what_it_draws(made):
    found, data = made
    part = next(
        text for name, text in read_parts(data).items() if "charts/chart" in name and b"changes by, from" in text
    )
    assert found.levers[0].spec.label.encode() in part and b"outEnd" in part
    drawn = re.findall(rb"<v>(-?\d[\d.]+)</v>", part)
    assert float(drawn[1]) == pytest.approx(found.levers[1].at_low - found.levers[1].base, rel=1e-14)


@pytest.mark.parametrize(("cell", "value"), [("in_dataset_videos.value", 9e8), ("in_dataset_videos.low", 9e8)])
def test_another_input_or_range_is_told_and_the_same_is_not(changed, cell, value):
    assert "was written for other inputs, ranges or prices" in changed(cell, value)
    assert changed("in_dataset_videos.value", 1e9) == ""


def test_what_a_person_put_there_is_not_lost(made):
    _, data = made
    typed = with_cells(data, {(SHEET, "N3"): "ask Ada"})
    with pytest.raises(BadArgumentError, match=r"is not as it was written: N3 holds 'ask Ada'.*--anew"):
        check_earlier(Contents(typed, NAME), opened(typed, NAME), anew=False)
    check_earlier(Contents(typed, NAME), opened(typed, NAME), anew=True)
    check_earlier(Contents(data, NAME), opened(data, NAME), anew=False)


def test_a_new_workbook_from_this_one_loses_nothing(made):
    carried = carry(made[1], NAME)
    assert not carried.lost and SHEET in {note.at for note in carried.told}


def test_a_sheet_of_that_name_that_is_somebody_s_own_stays(models):
    own = renamed(models["article"].data, "Text", SHEET)
    with pytest.raises(BadArgumentError, match=r"has a sheet Decisions of its own. Rename it"):
        check_earlier(Contents(own, NAME), opened(own, NAME), anew=True)
