"""The printed book of a hand-off: what a reader signs, legible and in few pages; everything on request."""

from __future__ import annotations

import io
import re
import subprocess

import pytest
from openpyxl import load_workbook

from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.plan.changes import CHANGE_LINES
from vidcost_xl.sheets.review.handoff.left_out import empty_rows, without_rows
from vidcost_xl.sheets.review.handoff.print import print_book


def test_rows_in_which_nothing_stands_are_left_out_and_no_others(handed):
    left = empty_rows(Contents(handed, "handed.xlsx"))
    book = load_workbook(io.BytesIO(handed), data_only=True)

    costs = book["Costs"]
    lines = {row: cells for row, cells in enumerate(costs.iter_rows(values_only=True), 1) if "/ video" in str(cells[1])}
    assert {cells[0] for row, cells in lines.items() if row not in left["Costs"]} == {
        *("raw: storage, age tier 1", "features: storage, age tier 1"),
        *("features: reads: meter 1 of the route", "features: GET requests"),
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
    assert 9 not in empty_rows(Contents(written.getvalue(), "changed.xlsx"))["Changes"]


def test_a_page_says_that_rows_are_left_out():
    part = b'<row r="1"/><row r="12"/><oddHeader>&amp;R&amp;A</oddHeader>'
    done = without_rows(part, [1])
    assert re.findall(rb'<row r="(\d+)" hidden="1"', done) == [b"1"]
    assert b"left out&amp;R&amp;A</oddHeader>" in done


def test_the_book_has_at_most_thirty_pages_and_no_workings(handed, libreoffice, tmp_path):
    path = tmp_path / "book.pdf"
    sheets = print_book(handed, path)
    assert {"Cover", "Summary", "Inputs", "Changes", "Prices", "Costs", "Own", "Ledger", "Checks", "Handoff"} <= set(
        sheets
    )
    assert not {"Volumes", "Native", "Lists", "Guards", "Lines", "Engine"} & set(sheets)
    assert 15 <= pages(path) <= 30


def pages(path):
    said = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
    return int(re.search(r"^Pages:\s+(\d+)", said, re.MULTILINE)[1])
