"""The Model functions as a cell calls them, through the adapter and through the engine."""

from __future__ import annotations

from datetime import date

import pytest

from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.model import VIDEO_TOTAL
from vidcost_xl.functions.values import EMPTY, OMITTED
from vidcost_xl.hosts.formualizer import evaluate

ARTICLE = 2_532_333.58  # worked out by hand in tests/model/test_article_bill
CENT = 0.005


def total(*arguments):
    return call("VIDEO_TOTAL", list(arguments))


def inputs(preset="article", **changes):
    """The table of a preset as a range, with some values changed."""
    rows = call("VIDEO_INPUTS", [preset])
    named = {key.replace("__", "."): value for key, value in changes.items()}
    return [[row[0], named.get(row[0], row[1]), *row[2:]] for row in rows]


def test_an_empty_workbook_shows_the_article_s_bill():
    assert total() == pytest.approx(ARTICLE, abs=CENT)
    assert evaluate("=VIDEO_TOTAL()") == total()
    assert total(OMITTED, OMITTED, OMITTED, OMITTED) == total()
    assert total(EMPTY, EMPTY, EMPTY, EMPTY) == total()


@pytest.mark.parametrize("preset", ["article", "complete"])
def test_the_table_of_a_preset_prices_as_the_preset(preset):
    assert evaluate(f'=VIDEO_TOTAL(VIDEO_INPUTS("{preset}"))') == pytest.approx(total(preset), rel=1e-12)
    assert total(call("VIDEO_INPUTS", [preset])) == pytest.approx(total(preset), rel=1e-12)


def test_inputs_are_a_headed_table_without_blank_keys():
    rows = call("VIDEO_INPUTS", [])
    assert rows[0] == ["key", "value", "unit", "low", "high", "label"]
    assert all(len(row) == 6 and row[0] and row[5] for row in rows[1:])


def test_columns_are_found_by_name_in_any_order_and_case():
    rows = [[label, value, "mine", key] for key, value, _, _, _, label in inputs()[1:]]
    assert total([["Label", "VALUE", "note", " Key "], *rows]) == pytest.approx(ARTICLE, abs=CENT)


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("monthly", ARTICLE),
        ("Total", 12 * ARTICLE),
        ("peak", ARTICLE),
        ("store", 196_140.94),
        ("TRAIN", ARTICLE - 196_140.94),
        ("store.raw", 196_140.94 / 2),
        ("acquire", 0),
    ],
)
def test_what_names_a_total_a_stage_or_a_line(what, expected):
    assert total("article", what) == pytest.approx(expected, abs=0.1)


def test_a_line_named_with_capitals_is_found_in_any_case():
    renamed = inputs(representation__1__name="Raw Video")
    for name in ("store.Raw Video", "store.raw video"):
        assert total(renamed, name) == pytest.approx(196_140.94 / 2, abs=CENT)


MARCH = [["train.experiments@2027-03", 8.0]]


@pytest.mark.parametrize("month", [3.0, 3, "2027-03", 46_454.0, date(2027, 3, 8)])
def test_a_month_is_a_number_a_text_or_a_date(month):
    march = total("article", "train", month, MARCH)
    assert march == pytest.approx(VIDEO_TOTAL("article", "train", month, MARCH), rel=1e-15)
    assert march < total("article", "train", 4.0, MARCH)
    assert total("article", "monthly", 4.0, MARCH) == pytest.approx(ARTICLE, abs=CENT)


def test_overrides_are_two_columns_with_or_without_a_header():
    bare = total("article", "monthly", OMITTED, [["train.experiments", 0.0]])
    headed = total("article", "monthly", OMITTED, [["key", "value"], ["train.experiments", 0.0]])
    assert bare == headed == pytest.approx(196_140.94, abs=CENT)
    assert evaluate('=VIDEO_TOTAL("article",,,{"train.experiments",0})') == bare
    assert evaluate('=VIDEO_TOTAL(,"store",,{"train.experiments",0;"dataset.videos",0})') == 0


def test_a_private_rate_is_an_override():
    rate = [["rate.aws.s3.standard.storage", 0.01], ["train.experiments", 0.0]]
    assert total("article", "monthly", OMITTED, rate) == pytest.approx(10e15 / 2**30 * 0.01)


def test_totals_are_in_the_reporting_currency():
    euro = [["money.currency", "EUR"], ["money.fx", 0.9]]
    assert total("article", "monthly", OMITTED, euro) == pytest.approx(0.9 * ARTICLE, abs=CENT)


@pytest.mark.parametrize(
    ("arguments", "code", "parts"),
    [
        (["artikle"], "#VALUE!", ["artikle", "article"]),
        ([5.0], "#VALUE!", ["inputs"]),
        ([[["key", "value"], ["train.passes", 1.0]]], "#VALUE!", ["missing"]),
        ([[["key", "valeu"], ["train.passes", 1.0]]], "#VALUE!", ["value", "valeu"]),
        ([inputs(train__passes="1")], "#VALUE!", ["train.passes"]),
        ([inputs(train__share=2.0)], "#NUM!", ["train.share"]),
        ([inputs(train__route="aws.internt")], "#N/A", ["aws.internet"]),
        ([inputs(train__passes=ExcelError("#REF!"))], "#REF!", ["inputs, row"]),
        ([ExcelError("#DIV/0!")], "#DIV/0!", []),
        (["article", "stoer"], "#VALUE!", ["stoer", "store"]),
        (["article", 3.0], "#VALUE!", ["what"]),
        (["article", "total", 3.0], "#VALUE!", ["month"]),
        (["article", "monthly", 13.0], "#NUM!", ["1 to 12"]),
        (["article", "monthly", 0.0], "#NUM!", ["1 to 12"]),
        (["article", "monthly", 2.5], "#NUM!", ["whole"]),
        (["article", "monthly", "2028-03"], "#NUM!", ["2027-01 to 2027-12"]),
        (["article", "monthly", "March"], "#VALUE!", ["2027-03"]),
        (["article", "monthly", True], "#VALUE!", ["month"]),
        (["article", "monthly", OMITTED, "train.passes"], "#VALUE!", ["overrides"]),
        (["article", "monthly", OMITTED, [["train.passes"]]], "#VALUE!", ["two columns"]),
        (["article", "monthly", OMITTED, [["train.pases", 1.0]]], "#VALUE!", ["train.passes"]),
        (["article", "monthly", OMITTED, [["train.passes", EMPTY]]], "#VALUE!", ["train.passes"]),
        (["article", "monthly", OMITTED, [[7.0, 1.0]]], "#VALUE!", ["row 2", "key"]),
        (["article", "monthly", OMITTED, [["train.passes@2029-01", 1.0]]], "#NUM!", ["2029-01"]),
        (["article", "monthly", OMITTED, [], 1.0], "#VALUE!", ["4 arguments"]),
    ],
)
def test_bad_arguments_are_the_right_excel_error_with_a_reason(arguments, code, parts):
    result = total(*arguments)
    assert isinstance(result, ExcelError)
    assert result.code == code
    assert "failed inside" not in result.message
    for part in parts:
        assert part in result.message


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ('=VIDEO_TOTAL("artikle")', "#VALUE!"),
        ('=VIDEO_TOTAL(,,,{"train.pases",1})', "#VALUE!"),
        ('=VIDEO_TOTAL(,,13)', "#NUM!"),
        ('=VIDEO_TOTAL(,,,{"train.route","aws.x"})', "#N/A"),
        ("=VIDEO_TOTAL(1/0)", "#DIV/0!"),
        ('=VIDEO_FORECAST(,"stages")', "#VALUE!"),
        ('=VIDEO_INPUTS("all")', "#VALUE!"),
    ],
)  # fmt: skip
def test_the_engine_shows_the_same_errors(formula, code):
    result = evaluate(formula)
    assert isinstance(result, ExcelError)
    assert result.code == code


def test_a_forecast_has_a_row_a_month_and_ends_with_the_total():
    rows = call("VIDEO_FORECAST", [OMITTED, OMITTED, MARCH])
    assert rows[0] == ["month", "fiscal_year", "store", "train", "total"]
    assert [row[0] for row in rows[1:]] == [f"2027-{month:02d}" for month in range(1, 13)]
    for row in rows[1:]:
        assert row[-1] == pytest.approx(sum(row[2:-1]), rel=1e-12)
    assert sum(row[-1] for row in rows[1:]) == pytest.approx(total("article", "total", OMITTED, MARCH), rel=1e-12)
    assert rows[3][-1] < rows[4][-1]


@pytest.mark.parametrize("by", ["line", "provider", "service", "meter", "gl_account", "cost_center", "total"])
def test_a_forecast_by_any_group_has_the_same_totals(by):
    rows = evaluate(f'=VIDEO_FORECAST("complete","{by}")')
    assert rows[0][-1] == "total"
    assert sum(row[-1] for row in rows[1:]) == pytest.approx(total("complete", "total"), rel=1e-9)


def test_a_ledger_sums_to_the_total_and_leaves_no_blank_number():
    rows = call("VIDEO_LEDGER", ["complete"])
    header = rows[0]
    amounts = [row[header.index("reporting_amount")] for row in rows[1:]]
    assert all(isinstance(amount, float) for amount in amounts)
    assert sum(amounts) == pytest.approx(total("complete", "total"), rel=1e-12)
    assert rows[1][header.index("period")] == "2027-01-01"
    unused = [row for row in rows[1:] if row[header.index("quantity")] == 0]
    assert {row[header.index("list_unit_price")] for row in unused} == {""}


def test_a_ledger_spills_in_the_engine():
    assert len(evaluate("=VIDEO_LEDGER()")) == 4 * 12 + 1
    assert evaluate("=ROWS(VIDEO_LEDGER())") == 4 * 12 + 1


def test_a_check_lists_findings_under_a_header():
    rows = call("VIDEO_CHECK", ["article", [["limits.link_gbps", 100.0]]])
    assert rows[0] == ["severity", "check", "subject", "message", "value", "limit"]
    link = next(row for row in rows if row[1] == "link")
    assert link[0] == "warning"
    assert round(link[4]) == 154
    assert link[5] == 80


def test_an_explanation_lists_every_line_of_the_bill():
    rows = call("VIDEO_EXPLAIN", ["VIDEO_TOTAL"])
    steps = {row[0]: row[1] for row in rows[1:]}
    parts = [value for step, value in steps.items() if step.startswith(("store.", "train."))]
    assert sum(parts) == pytest.approx(ARTICLE, abs=CENT)


def test_an_explanation_says_why_a_call_fails():
    rows = call("VIDEO_EXPLAIN", ["VIDEO_TOTAL", "artikle"])
    assert any("artikle" in str(cell) and "article" in str(cell) for row in rows for cell in row)
