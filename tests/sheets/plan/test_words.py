"""The words of a company's budget: none of the article, whose sheets it does not have."""

from __future__ import annotations

import io

import openpyxl
import pytest

from vidcost_xl.model.files import preset
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.plan.book import model_layout
from vidcost_xl.sheets.plan.parts import BILL, OWN
from vidcost_xl.sheets.render.workbook import render


@pytest.fixture(scope="module")
def budget():
    layout = model_layout(price_book(), preset("complete"), parts=frozenset((BILL, OWN)))
    return openpyxl.load_workbook(io.BytesIO(render(Addresses(layout))))


def texts(sheet):
    for cells in sheet.iter_rows():
        yield from ((cell.coordinate, cell.value) for cell in cells if isinstance(cell.value, str))
    for rule in sheet.data_validations.dataValidation:
        yield from ((str(rule.sqref), text) for text in (rule.promptTitle, rule.prompt, rule.error) if text)


def test_a_company_s_budget_says_nothing_of_the_article(budget):
    assert "Claims" not in budget.sheetnames
    found = [(sheet.title, at, text) for sheet in budget for at, text in texts(sheet) if "article" in text.casefold()]
    assert found == []


def test_the_guide_explains_words_before_it_uses_them(budget):
    guide = [(row[0].value, row[2].value) for row in budget["Cover"].iter_rows() if row[2].value]
    topics = [topic for topic, _ in guide]
    assert topics.index("Representation") < topics.index("Class, route, meter") < topics.index("One month")
    said = dict(guide)
    assert "autoencoder" in said["Representation"] and "latents" in said["Representation"]
