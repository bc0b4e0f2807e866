"""Parts of a plan workbook: what is left out has no sheet, no name, no formula that reads it, and no check."""

from __future__ import annotations

import io
import re
from datetime import datetime

import openpyxl
import pytest

from tests.sheets.calc_files import formula_texts, values
from tests.sheets.finance_files import with_cells
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.files import preset
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.workbook import Workbook
from vidcost_xl.sheets.plan.new import build
from vidcost_xl.sheets.plan.parts import DEFAULT, EVERY, chosen_parts, parts_named
from vidcost_xl.sheets.plan.reading.carry import carry
from vidcost_xl.sheets.review.handoff.run import Order as HandingOff
from vidcost_xl.sheets.review.handoff.run import hand_off
from vidcost_xl.sheets.review.rules.run import check_workbook
from vidcost_xl.sheets.review.signing.run import Order, sign
from vidcost_xl.sheets.review.signing.verify import verify

#: What each part has beside the bill.
OWN = ["Own"]
ARTICLE = ["Claims", "Barrier", "Text", "Agents", "Proof"]
LEFT_OUT = {"bill": [*OWN, *ARTICLE], "own": ARTICLE}

WHEN = datetime(2026, 11, 27, 8, 30)


@pytest.fixture(scope="module", params=["bill", pytest.param("own", marks=pytest.mark.sweep)])
def smaller(request, once, models):
    name = request.param
    return name, models[name] if name == "bill" else once(
        f"parts-{name}", lambda: build("model", parts=parts_named(name))
    )


def test_what_is_left_out_has_no_sheet_and_nothing_reads_it(smaller, models):
    name, made = smaller
    book = Workbook(Archive(made.data, "plan.xlsx"))
    whole = [sheet.name for sheet in models["article"].addresses.layout.sheets]
    assert list(book.sheets) == [sheet for sheet in whole if sheet not in LEFT_OUT[name]]
    absent = re.compile(rf"\b({'|'.join(LEFT_OUT[name])})'?!")
    assert not [text for text in formula_texts(made.data).values() if absent.search(text)]
    assert not [each.name for each in book.defined if absent.search(each.text) or "#REF!" in each.text]


def test_the_contents_list_the_sheets_that_there_are_each_with_a_link(smaller):
    _, made = smaller
    links = [text for (sheet, *_), text in formula_texts(made.data).items() if sheet == "Cover" and "HYPERLINK" in text]
    names = [sheet.name for sheet in made.addresses.layout.sheets]
    assert [re.search(r"#(\w+)!", text)[1] for text in links] == names[1:]


def test_inputs_of_what_is_left_out_are_pale(smaller):
    name, made = smaller
    book = openpyxl.load_workbook(io.BytesIO(made.data))
    pale = {
        sheet: {
            book[sheet].cell(row, column).value
            for area in book[sheet].conditional_formatting
            for rule in area.rules
            if rule.formula == ["TRUE"]
            for part in area.sqref.ranges
            for row in range(part.min_row, part.max_row + 1)
        }
        for sheet, column in (("Inputs", 2), ("Drivers", 13))
    }
    groups = {"barrier", "text", "agent", "claims"} | ({"own", "wait"} if name == "bill" else set())
    keys = {key for key in preset("article").values if key.split(".")[0] in groups}
    assert pale["Inputs"] - {None} == keys
    assert pale["Drivers"] == ({"own.compare"} if name == "bill" else set())


def test_a_smaller_workbook_has_the_same_bill_and_nothing_to_find(smaller, models):
    _, made = smaller
    assert made.headline[2] == ["Cost of the whole plan", pytest.approx(30_388_002.93, abs=0.01)]
    assert made.headline[:-1] == models["article"].headline[:-1]
    assert made.headline[-1] == ["Checks to look at", 0.0]
    assert list(check_workbook(made.data).findings) == []


@pytest.mark.sweep
def test_a_smaller_workbook_is_handed_off_signed_and_verified(smaller):
    _, made = smaller
    handed = hand_off(made.data, "plan.xlsx", HandingOff("Ada", at=WHEN))
    # Twice the videos cost about twice as much, a little less by tiers: what only functions compute stays as it was.
    changed = calculate(with_cells(handed.data, {made.addresses.key("in_dataset_videos.value"): 2e9}), "plan.xlsx")
    assert values(changed.data)[made.addresses.key("k_total.total")] == pytest.approx(2 * 30_388_002.93, rel=0.002)
    signed = sign(handed.data, "plan.xlsx", Order("Ada", at=WHEN))
    assert verify(signed.data, "plan.xlsx", signed.seal).is_unchanged


def test_a_new_workbook_has_the_parts_of_the_old_one_unless_asked(smaller, models):
    name, made = smaller
    carried = carry(made.data, "before.xlsx")
    assert carried.parts == parts_named(name) and not carried.lost
    assert chosen_parts(carried.parts, None, "article") == EVERY
    assert chosen_parts(carried.parts, "own", None) == DEFAULT
    assert carry(models["article"].data, "before.xlsx").parts == EVERY


@pytest.mark.parametrize("words", ["bil", "", "own,claim"])
def test_a_word_that_is_no_part_names_those_that_are(words):
    with pytest.raises(BadArgumentError, match="all, article, bill, own"):
        parts_named(words)


def test_a_part_brings_those_that_it_reads():
    assert parts_named("article") == parts_named("all") == EVERY
    assert parts_named("own") == parts_named("own, bill") == DEFAULT
    with pytest.raises(BadArgumentError, match="one of them"):
        chosen_parts(EVERY, "bill", "own")
