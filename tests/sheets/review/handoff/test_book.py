"""The printed book of a hand-off: what a reader signs, legible and in few pages; everything on request."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import datetime

import pytest
from openpyxl import load_workbook

from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.plan.changes import CHANGE_LINES
from vidcost_xl.sheets.review.handoff.left_out import empty_rows, unfilled, with_titles, without_rows
from vidcost_xl.sheets.review.handoff.print import is_for_paper, print_book
from vidcost_xl.sheets.review.handoff.run import Order, hand_off


def test_rows_in_which_nothing_stands_are_left_out_and_no_others(handed):
    left = empty_rows(Contents(handed, "handed.xlsx"))
    book = load_workbook(io.BytesIO(handed), data_only=True)

    costs = book["Costs"]
    lines = {row: cells for row, cells in enumerate(costs.iter_rows(values_only=True), 1) if "/ video" in str(cells[1])}
    assert {cells[0] for row, cells in lines.items() if row not in left["Costs"]} == {
        *("raw: S3 Standard storage", "features: S3 Standard storage"),
        *("features: reads: Data transfer out to the internet", "features: GET requests"),
    }
    shown = sum(cells[4] for row, cells in lines.items() if row not in left["Costs"])
    total = next(cells[4] for cells in costs.iter_rows(values_only=True) if cells[0] == "Total")
    assert shown == pytest.approx(total, abs=1e-6)
    assert not any(cells[0] and row in left["Costs"] for row, cells in enumerate(costs.values, 1) if row not in lines)

    assert len(left["Changes"]) == CHANGE_LINES  # the article changes no month

    prices = book["Prices"]
    meters = {cells[1] for row, cells in enumerate(prices.iter_rows(values_only=True), 1) if row not in left["Prices"]}
    assert {"aws.s3.standard.storage", "aws.s3.standard.get", "aws.transfer.internet-out"} <= meters
    assert not any(str(meter).startswith(("gcp.", "azure.", "oci.")) for meter in meters)


def test_a_filled_line_of_changes_is_printed(handed):
    book = load_workbook(io.BytesIO(handed))
    book["Changes"]["E9"] = "asked the provider"
    written = io.BytesIO()
    book.save(written)
    changed = Contents(written.getvalue(), "changed.xlsx")
    assert 9 not in empty_rows(changed)["Changes"]
    assert "Changes" not in unfilled(changed, empty_rows(changed))


def test_a_sheet_to_fill_in_is_left_out_where_nothing_is_filled_in_and_no_other(handed):
    contents = Contents(handed, "handed.xlsx")
    assert unfilled(contents, empty_rows(contents)) == {"Changes"}


def test_a_ledger_of_another_plan_is_not_printed(handed):
    assert is_for_paper(Contents(handed, "handed.xlsx"))
    book = load_workbook(io.BytesIO(handed))
    assert "of the plan as it stands" in book["Ledger"]["A3"].value
    book["Ledger"]["A3"] = "STALE: Inputs, Changes or Prices differ"
    written = io.BytesIO()
    book.save(written)
    assert not is_for_paper(Contents(written.getvalue(), "stale.xlsx"))


def test_repeated_rows_begin_below_those_left_out():
    # With hidden rows among the repeated ones LibreOffice prints pages without anything on them.
    written = (
        b'<definedName name="_xlnm.Print_Titles" localSheetId="0">Costs!$1:$5</definedName>'
        b"<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"1\">'Ledger'!$A:$F,'Ledger'!$1:$10</definedName>"
    )
    done = with_titles(written, "Ledger", {4, 9, 12})
    assert done == written.replace(b"$1:$10", b"$10:$10")
    assert with_titles(written, "Costs", {5, 6}) == written


def test_a_page_says_that_rows_are_left_out():
    part = b'<row r="1"/><row r="12"/><oddHeader>&amp;R&amp;A</oddHeader>'
    done = without_rows(part, [1])
    assert re.findall(rb'<row r="(\d+)" hidden="1"', done) == [b"1"]
    assert b"left out&amp;R&amp;A</oddHeader>" in done


@pytest.mark.sweep
def test_the_article_s_book_has_at_most_thirty_pages_and_no_workings(models, libreoffice, tmp_path):
    path = tmp_path / "book.pdf"
    sheets = print_book(hand_off(models["article"].data, "plan.xlsx", Order("Ada", datetime(2026, 11, 29))).data, path)
    assert {"Cover", "Summary", "Inputs", "Prices", "Costs", "Own", "Ledger", "Checks", "Handoff"} <= set(sheets)
    assert not {"Changes", "Volumes", "Native", "Lists", "Guards", "Lines", "Engine"} & set(sheets)
    assert 15 <= pages(path) <= 30


def pages(path):
    said = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
    return int(re.search(r"^Pages:\s+(\d+)", said, re.MULTILINE)[1])
