"""Files of what was billed: FOCUS and simple CSV in every country's marks; refusals that name the line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vidcost_xl.analysis.accrual import accrual_of
from vidcost_xl.analysis.invoices import read_invoices
from vidcost_xl.analysis.issuers import issuers
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.prices.book import price_book

EXTRACT = Path(__file__).parent / "extracts" / "focus_1.0_extract.csv"
SAMPLE = Path(__file__).parents[3] / "shared" / "samples" / "bills" / "focus_1.0_sample.csv"
SEPTEMBER = date(2024, 9, 1)


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "bills.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_a_real_focus_bill_is_read_whole():
    rows = read_invoices(EXTRACT)
    assert len(rows) == 17
    assert {row.month for row in rows} == {SEPTEMBER}
    assert {row.provider for row in rows} == {"AWS", "Microsoft", "Oracle"}
    assert sum(row.amount for row in rows) == pytest.approx(0.0274837434)
    first = next(row for row in rows if "first 10 TB / month data transfer out" in row.description)
    assert (first.amount, first.quantity, first.unit, first.currency) == (0.0007014798, 0.00779422, "GB", "USD")


def test_what_aws_bills_under_s3_is_storage_and_transfer_and_the_rest_is_not_planned():
    """The extract bills "data transfer out" as Amazon Simple Storage Service, so that covers both in the plan."""
    plan = preset("article").with_overrides([("calendar.start", "2024-09-01")])
    rows = read_invoices(EXTRACT)
    accrual = accrual_of(evaluate(plan), SEPTEMBER, rows)
    planned = [row for row in rows if row.service == "Amazon Simple Storage Service"]
    assert {each.invoiced.service for each in accrual.unmapped} == {row.service for row in rows} - {planned[0].service}
    assert len(accrual.unmapped) == len(rows) - len(planned) == 13
    assert {row.account for row in accrual.rows} == {"6110", "6120"}


@pytest.mark.skipif(not SAMPLE.exists(), reason="the whole sample is not part of the repository")
def test_the_whole_sample_is_read():
    rows = read_invoices(SAMPLE)
    assert len(rows) == 1000


def test_every_provider_of_the_price_book_is_known_by_id_and_name():
    for key, provider in price_book().providers.items():
        assert issuers().provider(key) == issuers().provider(provider.name.upper()) == key
    assert issuers().provider("Amazon  Web Services") == "aws"
    assert issuers().provider("Hetzner") is None


def test_the_services_of_the_data_exist_in_the_price_book():
    known = {(meter.split(".")[0], each.service) for meter, each in price_book().meters.items()}
    for (provider, name), covered in issuers().services.items():
        assert all((provider, service) in known for service in covered), name


def test_a_simple_file_with_decimal_commas(written):
    path = written("\ufeffProvider;Amount;Month;GL_Account\nAWS;1234,50;2027-03;6110\nAWS;-0,5;2027-03-31;\n\n")
    rows = read_invoices(path, decimal=",")
    assert [(row.row, row.amount, row.month, row.account) for row in rows] == [
        (2, 1234.5, date(2027, 3, 1), "6110"),
        (3, -0.5, date(2027, 3, 1), ""),
    ]


def test_our_own_ledger_is_read_and_only_its_actual_counts(written):
    head = "version,period,line,provider,service,reporting_amount,reporting_currency,amount,currency"
    path = written(
        f"{head}\nBudget,2027-01-01,store.raw,aws,Amazon S3,5,EUR,6,USD\n"
        "Actual,2027-01-01,store.raw,aws,Amazon S3,7,EUR,8,USD\n"
    )
    (row,) = read_invoices(path)
    assert (row.amount, row.currency, row.line) == (7, "EUR", "store.raw")


def test_texts_marked_against_formulas_are_unmarked(written):
    (row,) = read_invoices(written("provider,amount,description\nAWS,5,'=1+1\n"))
    assert row.description == "=1+1"


@pytest.mark.parametrize(
    ("text", "decimal", "parts"),
    [
        ("", ".", ["is empty"]),
        ("provider,amount\n", ".", ["nothing that was billed"]),
        ("supplyer,amounts\nAWS,5\n", ".", ["no column provider", "supplyer, amounts"]),
        ("provider|amount\nAWS|x\n", ".", ["line 2", "amount 'x'", "not a number"]),
        ('provider,amount\nAWS,"1,234.50"\n', ".", ["line 2", "thousands are not separated"]),
        ("provider;amount\nAWS;1.234\n", ",", ["line 2", "decimal mark ','"]),
        ("provider,amount\nAWS,(5)\n", ".", ["'(5)' is not a number"]),
        ("provider,amount\nAWS,\n", ".", ["amount is empty", "Write 0"]),
        ("provider,amount\n,5\n", ".", ["line 2", "the provider is empty"]),
        ("provider,amount\nAWS,1e999\n", ".", ["not a finite number"]),
        ("provider,amount,month\nAWS,5,March\n", ".", ["line 2", "'March' is not a month"]),
    ],
)
def test_a_bad_file_names_the_line_and_what_to_write(written, text, decimal, parts):
    with pytest.raises(BadArgumentError) as refused:
        read_invoices(written(text), decimal)
    for part in parts:
        assert part in refused.value.message


def test_a_file_that_is_missing_or_no_text_says_so(written, tmp_path):
    with pytest.raises(BadArgumentError, match="cannot be read"):
        read_invoices(tmp_path / "none.csv")
    with pytest.raises(BadArgumentError, match="UTF-8"):
        read_invoices(written("provider,amount\nZürich,5\n", "latin-1"))
