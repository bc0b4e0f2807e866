"""Workbooks of results, the bridge and the journal: what finance, Excel and a validator find in them."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest
from openpyxl.chart.chartspace import ChartSpace
from openpyxl.xml.functions import fromstring
from openxml_audit import OpenXmlValidator

from vidcost_xl.analysis.accrual import accrual_of
from vidcost_xl.analysis.invoices import Invoiced
from vidcost_xl.analysis.journal import COLUMNS, journal_of
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.compare.bridge import bridge_layout
from vidcost_xl.sheets.compare.difference import difference
from vidcost_xl.sheets.compare.journal import journal_layout
from vidcost_xl.sheets.package.parts import read_parts
from vidcost_xl.sheets.plan.new import complete
from vidcost_xl.sheets.plan.reading.source import PlanSource
from vidcost_xl.sheets.review.rules.run import check_file

MAY = date(2027, 5, 1)


@pytest.fixture(scope="module")
def found():
    return difference(PlanSource("article", preset("article")), PlanSource("complete", preset("complete")))


@pytest.fixture(scope="module")
def bridge(found):
    return complete(bridge_layout(price_book(), found))


@pytest.fixture(scope="module")
def journal():
    bill = evaluate(preset("article").with_overrides([("account.cost_center", "=1+1")]))
    rows = [Invoiced(2, "AWS", "Amazon S3", 1_000.0), Invoiced(3, "=cmd|' /C calc'!A0", "@SUM(1)", 9.0)]
    accrual = accrual_of(bill, MAY, rows)
    return complete(journal_layout(price_book(), accrual, journal_of(accrual, "2150"), "article against bills.csv"))


@pytest.fixture(params=["bridge", "journal"])
def made(request, bridge, journal):
    return {"bridge": bridge, "journal": journal}[request.param]


def shown(made):
    return openpyxl.load_workbook(io.BytesIO(made.data), data_only=True)


def openpyxl_series(chart):
    return ChartSpace.from_tree(fromstring(chart.encode())).chart.plotArea._charts[0].ser


def test_the_audit_and_the_finance_rules_find_nothing(made, tmp_path):
    path = tmp_path / "made.xlsx"
    path.write_bytes(made.data)
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []
    assert check_file(path).is_clean


def test_every_sheet_prints_and_has_a_table_or_a_chart(made):
    book = openpyxl.load_workbook(io.BytesIO(made.data))
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.print_area
        assert sheet.tables or sheet._charts, sheet.title


def test_the_bridge_is_a_native_waterfall_with_titles_and_units(bridge):
    parts = read_parts(bridge.data)
    charts = [parts[name].decode() for name in parts if name.startswith("xl/charts/chart")]
    assert len(charts) == 3
    for chart in charts:
        assert 'grouping val="stacked"' in chart
        assert "noFill" in chart
        assert "USD, all months" in chart
        assert "the total changed" in chart
        assert chart.count("<c:ser>") + chart.count("<ser>") == 4
        assert chart.count("dLbls>") == 2 * 3  # totals, rises and falls show their amount
        drawn = openpyxl_series(chart)[1:]
        assert [re.sub(";.*", "", series.dLbls.numFmt) for series in drawn] == ["#,##0", "+#,##0", "-#,##0"]
        # Behind the amount the column's own fill: no edge of a column lower than the text goes through it.
        for series in drawn:
            assert series.dLbls.spPr.solidFill.srgbClr == series.spPr.solidFill.srgbClr
            assert series.dLbls.spPr.ln.noFill


def test_the_steps_of_the_bridge_lead_from_the_old_to_the_new_total(bridge, found):
    for name, bridges in (("Bridge", 1), ("Effects", 2)):
        rows = shown(bridge)[name].iter_rows(values_only=True)
        ends = [row[2] for row in rows if row[0] == "complete"]
        assert ends == [pytest.approx(66_636_397.85, abs=0.001)] * bridges
    before, *_, after = found.statement.total
    assert (before, after) == (3_038_800_293, 6_663_639_785)  # the README's 30,388,003 and 66,636,398


def test_what_a_step_is_can_be_read_whole():
    """Wrapped, in a row as high as its lines: the edge of the page is beside it and would cut it off."""
    moved = [("representation.2.class", "r2.standard"), ("representation.2.route", "r2.internet")]
    plans = [PlanSource("old", preset("article")), PlanSource("new", preset("article").with_overrides(moved))]
    made = complete(bridge_layout(price_book(), difference(*plans)))
    sheet = openpyxl.load_workbook(io.BytesIO(made.data))["Bridge"]
    width = sheet.column_dimensions["H"].width
    [row] = [row for row in range(1, sheet.max_row + 1) if len(str(sheet.cell(row, 8).value or "")) > 1.2 * width]
    assert "aws.s3.standard to r2.standard; representation.2.route" in sheet.cell(row, 8).value
    assert sheet.cell(row, 8).alignment.wrap_text
    assert sheet.row_dimensions[row].height >= 2 * 9  # two lines of 9 points


def test_what_is_not_drawn_carries_each_step(bridge):
    book = shown(bridge)
    for row in (row for name in ("Bridge", "Effects") for row in book[name].iter_rows(values_only=True)):
        step, amount, end, under, level, rise, fall, *_ = row
        if isinstance(under, float | int):
            assert under + rise == pytest.approx(end if rise else under), step
            assert rise - fall == pytest.approx(amount, abs=0.01), step
        elif isinstance(level, float | int):
            assert level == pytest.approx(end), step


@pytest.mark.parametrize("name", ["Lines", "Months", "Details"])
def test_every_table_adds_up_to_the_change(bridge, name):
    rows = list(shown(bridge)[name].iter_rows(values_only=True))
    at = rows[3].index("old")
    whole = rows[2][at:]
    assert whole[0] == pytest.approx(30_388_002.93, abs=0.001)
    assert whole[-2] == pytest.approx(66_636_397.85, abs=0.001)
    for row in rows[2:3] + rows[4:]:
        cents = [round(value * 100) for value in row[at:]]
        assert cents[0] + sum(cents[1:-2]) == cents[-2]
        assert cents[-1] == cents[-2] - cents[0]
    for column, total in enumerate(whole):
        assert sum(round(row[at + column] * 100) for row in rows[4:]) == round(total * 100)


def test_decisions_add_up_to_the_change(bridge):
    rows = list(shown(bridge)["Decisions"].iter_rows(values_only=True))
    for column in (5, 6):  # alone with what they do to each other, and in their order
        assert rows[2][column] == pytest.approx(66_636_397.85 - 30_388_002.93, abs=0.01)


def test_the_journal_balances_and_posts_what_is_owed(journal):
    """Expected 2,532,333.58 less 1,000 invoiced, on 31 May and turned round on 1 June."""
    rows = list(shown(journal)["Journal"].iter_rows(values_only=True))
    assert rows[3] == COLUMNS
    debit, credit = COLUMNS.index("debit"), COLUMNS.index("credit")
    assert rows[2][debit] == rows[2][credit] == pytest.approx(2 * 2_531_333.58)
    assert {row[0].date() for row in rows[4:]} == {date(2027, 5, 31), date(2027, 6, 1)}


def test_text_that_looks_like_a_formula_stays_text(journal):
    book = openpyxl.load_workbook(io.BytesIO(journal.data))
    texts = {cell.value: cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    for risky in ("=1+1", "=cmd|' /C calc'!A0", "@SUM(1)"):
        assert texts[risky] == "s"


def test_what_fits_no_account_is_listed_with_its_reason(journal):
    rows = list(shown(journal)["Not mapped"].iter_rows(values_only=True))
    assert [(row[0], row[4], row[6]) for row in rows[3:]] == [(3, 9, "the provider is not known")]


def test_two_builds_are_the_same_bytes(found, bridge):
    assert complete(bridge_layout(price_book(), found)).data == bridge.data


def test_nothing_in_common_and_nothing_changed_are_written_too(tmp_path):
    same = PlanSource("a", preset("article"))
    made = complete(bridge_layout(price_book(), difference(same, same)))
    path = tmp_path / "same.xlsx"
    path.write_bytes(made.data)
    assert check_file(path).is_clean
    accrual = accrual_of(evaluate(preset("article")), MAY, [Invoiced(2, "AWS", "", 1e7)])
    complete(journal_layout(price_book(), accrual, journal_of(accrual, "2150"), "nothing owed"))
