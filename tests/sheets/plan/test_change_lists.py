"""The lists that a line of Changes offers: every input that may differ by month, every rate, every month."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.utils.cell import range_boundaries

from vidcost_xl.model.catalogue import catalogue
from vidcost_xl.prices.book import price_book


def offered(book, cell):
    sheet = book["Changes"]
    rule = next(each for each in sheet.data_validations.dataValidation if cell in each.sqref)
    assert rule.type == "list" and not rule.showErrorMessage  # it offers, and the sheet judges
    name, _, area = rule.formula1.replace("$", "").rpartition("!")
    left, top, right, bottom = range_boundaries(area)
    cells = book[name.strip("'")].iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right, values_only=True)
    return [value for row in cells for value in row]


def test_the_first_column_offers_every_monthly_input_and_every_rate(models):
    book = openpyxl.load_workbook(io.BytesIO(models["bill"].data), data_only=True)
    keys = offered(book, "A4")
    monthly = {spec.key for spec in catalogue().values() if spec.monthly and "*" not in spec.key}
    assert monthly <= set(keys) and {"representation.1.ratio", "representation.2.ratio"} <= set(keys)
    rates = {key for key in keys if key.startswith("rate.")}
    assert {"rate.aws.transfer.internet-out", "rate.own.transit.100g"} <= rates
    assert {key.removeprefix("rate.") for key in rates} <= set(price_book().meters)
    assert len(keys) == len(set(keys)) and len(rates) > 100
    assert [key for key in keys if key not in rates] == [
        row[1] for row in book["Calendar"].iter_rows(values_only=True) if row[1] in set(keys)
    ]


def test_the_months_are_those_of_the_plan(models):
    book = openpyxl.load_workbook(io.BytesIO(models["bill"].data), data_only=True)
    first, last = offered(book, "B4"), offered(book, "C4")
    assert first == last and len(first) == 12
    assert (first[0].year, first[0].month, first[-1].month) == (2027, 1, 12)


def test_every_value_of_a_line_is_a_number_so_it_has_no_list(models):
    assert all(spec.is_numeric for spec in catalogue().values() if spec.monthly)
    book = openpyxl.load_workbook(io.BytesIO(models["bill"].data))
    assert not any("D4" in each.sqref for each in book["Changes"].data_validations.dataValidation)
