"""Files of bills: every form and wrapping, numbers and months as countries write them, refusals that name the line."""

from __future__ import annotations

import csv
import gzip
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from vidcost_xl.analysis.invoices import read_invoices
from vidcost_xl.bills.reading import Options, read_bill
from vidcost_xl.errors import BadArgumentError

FOCUS = Path(__file__).parent / "extracts" / "focus_1.0_extract.csv"
CUR = Path(__file__).parent / "extracts" / "cur_extract.csv"
SHARED = Path(__file__).parents[3] / "shared"
SAMPLES = SHARED / "samples" / "bills"
CASES = SHARED / "cases" / "bills"
SEPTEMBER = date(2024, 9, 1)

HEAD = "ProviderName,ServiceName,BilledCost,BillingCurrency,ChargePeriodStart,ChargeDescription"
ROW = "AWS,Amazon Simple Storage Service,{},USD,2027-01-03 05:00:00,$0.023 per GB - first 50 TB / month of storage used"


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8", name="bills.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def by_hand(path, column):
    with path.open(encoding="utf-8", newline="") as stream:
        return sum(Decimal(row[column]) for row in csv.DictReader(stream))


def whole(billed):
    return float(billed.items["amount"].sum())


@pytest.mark.parametrize(
    ("path", "column", "form", "rows"),
    [
        (FOCUS, "BilledCost", "FOCUS", 17),
        (CUR, "lineItem/UnblendedCost", "AWS CUR", 44),
        (SAMPLES / "focus_1.0_sample.csv", "BilledCost", "FOCUS", 1000),
        (SAMPLES / "aws_cur_first_200.csv", "lineItem/UnblendedCost", "AWS CUR", 200),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else None,
)
def test_a_real_bill_is_read_whole(path, column, form, rows):
    if not path.exists():
        pytest.skip("the whole sample is not part of the repository")
    billed = read_bill([path])
    assert (billed.forms, billed.rows) == ({path.name: form}, rows)
    assert whole(billed) == pytest.approx(float(by_hand(path, column)), abs=1e-12)
    assert set(billed.items["currency"]) <= {"USD"}


def test_what_is_alike_is_one_item_and_what_is_not_stays_apart(written):
    billed = read_bill(
        [written("\n".join([HEAD, *[ROW.format(0.1)] * 10, ROW.format(7).replace("first 50", "next 450")]))]
    )
    # Ten times 0.1 is 1 and not 0.9999999999999999, whatever the order.
    assert sorted(zip(billed.items["amount"], billed.items["rows"], strict=True)) == [(1.0, 10), (7.0, 1)]


def test_focus_1_3_names_its_providers_otherwise():
    head = "BilledCost,BillingCurrency,ChargePeriodStart,HostProviderName,ServiceProviderName,ServiceName"
    path = CASES / "focus_1_3_columns.csv"
    if not path.exists():
        pytest.skip(f"no {path.name}; its header is {head}")
    (row,) = read_invoices(path)
    assert (row.provider, row.amount, row.month, row.dimension) == ("AWS", 1000.10, date(2027, 3, 1), "storage")


def test_oci_reports_and_cur_2_are_read(written):
    oci = (
        "lineItem/referenceNo,lineItem/intervalUsageStart,product/service,product/region,usage/billedQuantity,"
        "cost/subscriptionId,cost/productSku,product/Description,cost/unitPrice,cost/myCost,cost/currencyCode,"
        "cost/billingUnitReadable,lineItem/isCorrection\n"
        "a,2027-01-01T00:00Z,OBJECT_STORAGE,us-ashburn-1,1000,77,B91628,Object Storage,0.0255,25.5,USD,GB,false\n"
        "b,2027-01-02T00:00Z,OBJECT_STORAGE,us-ashburn-1,-10,77,B91628,Object Storage,0.0255,-0.255,USD,GB,true\n"
    )
    billed = read_bill([written(oci, name="oci.csv")])
    assert [(row["kind"], row["amount"], row["month"]) for row in billed.items.to_dict("records")] == [
        ("correction", -0.255, date(2027, 1, 1)),
        ("usage", 25.5, date(2027, 1, 1)),
    ]
    cur = (
        "line_item_line_item_type,line_item_usage_type,line_item_product_code,line_item_unblended_cost,"
        "line_item_currency_code,line_item_usage_start_date\n"
        "Usage,TimedStorage-ByteHrs,AmazonS3,5,USD,2027-01-01 00:00:00\n"
        "EdpDiscount,,AmazonS3,-1,USD,2027-01-01 00:00:00\n"
        "RIFee,,AmazonEC2,2,USD,2027-01-01 00:00:00\n"
    )
    billed = read_bill([written(cur, name="cur.csv")])
    assert dict(zip(billed.items["kind"], billed.items["amount"], strict=True)) == {
        "usage": 5,
        "credit": -1,
        "commitment": 2,
    }


def wrapped(kind, tmp_path, text):
    plain = tmp_path / "part.csv"
    plain.write_text(text, encoding="utf-8")
    target = tmp_path / f"bill.{kind}"
    if kind == "csv.gz":
        target.write_bytes(gzip.compress(plain.read_bytes()))
    elif kind == "zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(plain, "deep/part.csv")
    elif kind == "utf16.csv":
        target.write_bytes(text.encode("utf-16"))
    elif kind == "parquet":
        import duckdb

        duckdb.sql(f"COPY (FROM read_csv('{plain}')) TO '{target}' (FORMAT parquet)")
    elif kind == "xlsx":
        book = Workbook()
        for row in csv.reader(text.splitlines()):
            book.active.append([float(cell) if cell.replace(".", "", 1).isdigit() else cell for cell in row])
        book.save(target)
    return target


@pytest.mark.parametrize("kind", ["csv.gz", "zip", "utf16.csv", "parquet", "xlsx"])
def test_every_wrapping_holds_the_same_bill(kind, tmp_path):
    text = "\n".join([HEAD, ROW.format(12.25), ROW.format(0.5).replace("first 50", "next 450")])
    billed = read_bill([wrapped(kind, tmp_path, text)])
    assert (billed.rows, whole(billed), set(billed.items["month"])) == (2, 12.75, {date(2027, 1, 1)})


def test_a_folder_of_parts_is_one_bill_and_parts_that_overlap_are_refused(tmp_path):
    rows = [ROW.format(amount) for amount in (1, 2, 3, 4)]
    for name, mine in (("a.csv", rows[:2]), ("b.csv", rows[2:])):
        (tmp_path / name).write_text("\n".join([HEAD, *mine]), encoding="utf-8")
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    assert whole(read_bill([tmp_path])) == 10
    (tmp_path / "c.csv").write_text("\n".join([HEAD, rows[3], ROW.format(5)]), encoding="utf-8")
    with pytest.raises(BadArgumentError, match=r"1 rows of b\.csv stand in c\.csv, too"):
        read_bill([tmp_path])
    assert whole(read_bill([tmp_path], Options(repeats=True))) == 19
    (tmp_path / "d.csv").write_bytes((tmp_path / "a.csv").read_bytes())
    with pytest.raises(BadArgumentError, match="are the same file"):
        read_bill([tmp_path], Options(repeats=True))


def test_parts_overlap_whatever_the_order_of_their_columns(tmp_path):
    rows = [HEAD, *(ROW.format(amount) for amount in (1, 2))]
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")
    turned = [",".join(reversed(row.split(","))) for row in (*rows, ROW.format(3))]
    (tmp_path / "b.csv").write_text("\n".join(turned), encoding="utf-8")
    with pytest.raises(BadArgumentError, match=r"2 rows of a\.csv stand in b\.csv, too"):
        read_bill([tmp_path])


@pytest.mark.parametrize(
    ("where", "amount"),
    [
        (["account=111"], 1),
        (["SubAccountId=222,333"], 6),
        (["account!=111"], 6),
        (["tag:project=video"], 3),
        (["tag:project=VID*", "account=222"], 2),
        (["service=*storage*"], 7),
    ],
)
def test_conditions_leave_the_rows_that_they_name(written, where, amount):
    rows = "".join(
        f'{ROW.format(cost)},{account},"{{""project"": ""{project}""}}"\n'
        for cost, account, project in ((1, 111, "video"), (2, 222, "video"), (4, 333, "web"))
    )
    path = written(f"{HEAD},SubAccountId,Tags\n{rows}")
    assert whole(read_bill([path], Options(where=where))) == amount


@pytest.mark.parametrize(
    ("where", "part"),
    [
        ("account", "is not of the form account=1234"),
        ("ServiceNam=1", "Nearest: ServiceName"),
        ("tag:project=video", "has no column of tags"),
        ("service=Nothing", "nothing that was billed under it that the conditions leave"),
    ],
)
def test_a_condition_that_cannot_hold_says_why(written, where, part):
    with pytest.raises(BadArgumentError, match=part):
        read_bill([written(f"{HEAD}\n{ROW.format(1)}\n")], Options(where=[where]))


@pytest.mark.parametrize(
    ("text", "decimal", "amounts", "currency"),
    [
        ('Provider;Period;Amount\nAWS;2027-01;"2.600.000,00"\n', None, [2_600_000], ""),
        ('provider,amount\naws,"$2,600,000.00"\n', None, [2_600_000], "USD"),
        ('provider,amount\naws,"(1,200.50)"\naws,7\n', None, [-1200.5, 7], ""),
        ("provider;amount\naws;1,5\naws;1.234\n", None, [1.5, 1234], ""),
        ("provider;amount\naws;1.234\n", ".", [1.234], ""),
        ("provider;amount\naws;1.234\n", ",", [1234], ""),
        ("provider,amount\naws,1.234\n", None, [1.234], ""),
        ("provider,amount\naws,-2.5E+3\n", None, [-2500], ""),
        ("provider;amount\naws;2 600,5 €\n", None, [2600.5], "EUR"),
    ],
)
def test_numbers_are_read_as_their_file_writes_them(written, text, decimal, amounts, currency):
    rows = read_invoices(written(text), decimal)
    assert [row.amount for row in rows] == amounts
    assert {row.currency for row in rows} <= {currency, ""} and rows[0].currency == currency


@pytest.mark.parametrize(
    ("written_month", "month"),
    [("2027-03", 3), ("2027-03-31", 3), ("2027-03-01T00:00:00Z", 3), ("31.03.2027", 3), ("2027-03-31 23:59:59", 3)],
)
def test_months_are_read(written, written_month, month):
    (row,) = read_invoices(written(f"provider,amount,month\nAWS,5,{written_month}\n"))
    assert row.month == date(2027, month, 1)


def test_a_table_keeps_its_lines_and_what_it_states(written):
    path = written("\ufeffProvider;Amount;Month;GL_Account\nAWS;1234,50;2027-03;6110\nAWS;-0,5;2027-03-31;\n\n")
    assert [(row.where, row.amount, row.month, row.account) for row in read_invoices(path)] == [
        ("bills.csv, line 2", 1234.5, date(2027, 3, 1), "6110"),
        ("bills.csv, line 3", -0.5, date(2027, 3, 1), ""),
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
    ("text", "parts"),
    [
        ("", ["is empty"]),
        ("provider,amount\n", ["nothing that was billed"]),
        ("supplyer,amount\nAWS,5\n", ["no column provider", "Nearest: supplyer"]),
        ("provider,sum\nAWS,5\n", ["no column of amounts", "provider, sum"]),
        ("provider|amount\nAWS|x\n", ["line 2, amount", "'x' is not a number"]),
        ("provider,amount\nAWS,1--2\n", ["line 2, amount", "'1--2' is not a number"]),
        ('provider,amount\nAWS,"1,234"\n', ["line 2, amount", "thousands or a decimal", "--decimal"]),
        ("provider;amount\nAWS;1.234\n", ["line 2, amount", "thousands or a decimal", "--decimal"]),
        ('provider,amount\nAWS,"1,5"\nAWS,1.5\n', ["line 3", "decimal point", "line 2", "decimal comma"]),
        ("provider,amount\nAWS,\n", ["line 2: amount is empty", "Write 0"]),
        ("provider,amount\nAWS,5\nAWS,1e999\n", ["line 3: amount is empty or cannot be read"]),
        ("provider,amount\n,5\n", ["line 2: provider is empty"]),
        ("provider,amount,month\nAWS,5,March\n", ["line 2", "'March' is not a month"]),
        ("provider,amount,month\nAWS,5,03/04/2027\n", ["line 2", "'03/04/2027' is not a month"]),
        ("provider,amount,month\nAWS,5,2027-03\nAWS,6,\n", ["line 3: month is empty", "1 of 2 rows"]),
        ("provider,amount\nAWS,5\nAWS\n", ["line 3 cannot be read", "Expected Number of Columns: 2 Found: 1"]),
        ('provider,amount\nAWS,"5\n', ["line 2 cannot be read", "unterminated quote"]),
        (f"{HEAD}\n{ROW.format('NULL')}\n", ["line 2: BilledCost is empty"]),
        (f"{HEAD}\n{ROW.format('1,5')}\n", ["cannot be read"]),
    ],
)
def test_a_bad_file_names_the_line_and_what_to_write(written, text, parts):
    with pytest.raises(BadArgumentError) as refused:
        read_bill([written(text)])
    for part in parts:
        assert part in refused.value.message


def test_files_that_cannot_be_read_say_so(written, tmp_path):
    with pytest.raises(BadArgumentError, match="is not there"):
        read_bill([tmp_path / "none.csv"])
    with pytest.raises(BadArgumentError, match="UTF-8"):
        read_bill([written("provider,amount\nZürich,5\n", "latin-1")])
    with pytest.raises(BadArgumentError, match="is not a bill that is read"):
        read_bill([written("x", name="bill.pdf")])
    cut = tmp_path / "cut.csv.gz"
    packed = gzip.compress("\n".join([HEAD, *(ROW.format(at) for at in range(50_000))]).encode())
    cut.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(BadArgumentError, match=r"cut\.csv\.gz cannot be"):
        read_bill([cut])
    for name, content in (("bad.zip", b"PK\x03\x04nothing"), ("bad.xlsx", b"nothing"), ("bad.parquet", b"PAR1")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadArgumentError, match=name.replace(".", r"\.")):
            read_bill([tmp_path / name])


def test_a_zip_that_would_fill_the_disk_is_not_unpacked(tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"\0" * (300 * 2**20))
    with pytest.raises(BadArgumentError, match="would become 314,572,800 bytes"):
        read_bill([bomb])


@pytest.mark.parametrize(
    ("text", "part"),
    [
        # Decimals below 1 are never thousands, so that the file has a decimal comma.
        ("provider;amount\naws;0,123\naws;150\n", 150.123),
        ("provider;amount\naws;0,5\naws;1.234,5\n", 1235.0),
        # Budget and forecast of a ledger are no bill; whatever else a version is called is.
        ("provider,amount,version\naws,100,Actual\naws,7,Final\naws,9,Budget\naws,5,Forecast 3+9\n", 107),
    ],
)
def test_amounts_are_neither_lost_nor_a_thousand_times(written, text, part):
    assert whole(read_bill([written(text)])) == pytest.approx(part, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (f"{HEAD.replace(',', ';')}\nAWS;S3;12,345;USD;2027-01;x\n", "thousands or a decimal"),
        ("provider,amount,currency\naws,€50,USD\n", "line 2: the amount has the sign of another"),
        ("provider,amount,amount\naws,1,2\n", "two columns amount"),
        ("provider,amount,month\naws,1,27-03-01\n", "no cloud sent a bill"),
    ],
)
def test_what_can_be_two_things_is_refused(written, text, part):
    with pytest.raises(BadArgumentError, match=part):
        read_bill([written(text)])


def test_currencies_go_with_their_amounts(written):
    """An amount has the currency beside it, not that of a reporting amount; a sign stands for an empty one."""
    (row,) = read_invoices(written("provider,amount,currency,reporting_currency\naws,100,EUR,USD\n"))
    assert (row.amount, row.currency) == (100, "EUR")
    (row,) = read_invoices(written("provider,amount,currency\naws,€100,\n"))
    assert row.currency == "EUR"


def test_numbers_of_a_workbook_have_a_point_whatever_its_texts_have(tmp_path):
    book = Workbook()
    for row in (["provider", "amount"], ["aws", 1.234], ["aws", "1.234,5"]):
        book.active.append(row)
    book.save(tmp_path / "mixed.xlsx")
    with pytest.raises(BadArgumentError, match=r"decimal point and .* decimal comma"):
        read_bill([tmp_path / "mixed.xlsx"])


def test_an_archive_leaves_nothing_out_and_namesakes_are_two_files(tmp_path):
    text = "\n".join([HEAD, ROW.format(100)])
    for month, amount in (("m1", 100), ("m2", 900)):
        (tmp_path / "both" / month).mkdir(parents=True)
        with zipfile.ZipFile(tmp_path / "both" / month / "export.zip", "w") as archive:
            archive.writestr("part.csv", "\n".join([HEAD, ROW.format(amount)]))
            archive.writestr("__MACOSX/._part.csv", b"\x00\x05")
    assert whole(read_bill([tmp_path / "both"])) == 1000
    with zipfile.ZipFile(tmp_path / "nested.zip", "w") as archive:
        archive.writestr("part1.csv", text)
        archive.writestr("part2.csv.gz", gzip.compress(text.encode()))
    with pytest.raises(BadArgumentError, match=r"holds part2\.csv\.gz, which is not read there"):
        read_bill([tmp_path / "nested.zip"])
    (tmp_path / "both" / "rest.csv.bz2").write_bytes(b"x")
    with pytest.raises(BadArgumentError, match=r"rest\.csv\.bz2"):
        read_bill([tmp_path / "both"])


def test_a_sum_of_quantities_without_some_is_none(written):
    head = f"{HEAD},PricingQuantity"
    billed = read_bill([written("\n".join([head, f"{ROW.format(1)},5", f"{ROW.format(2)},"]))])
    assert billed.items["amount"].tolist() == [3.0] and billed.items["quantity"].isna().all()


def test_tags_without_braces_or_with_single_quotes_count(written):
    tags = ('"""project"": ""video"""', "{'project': 'video'}", '"{""user_project"": ""video""}"', "web")
    rows = "\n".join(f"{ROW.format(2**at)},{tag}" for at, tag in enumerate(tags))
    assert whole(read_bill([written(f"{HEAD},Tags\n{rows}\n")], Options(where=["tag:project=video"]))) == 7


def test_a_parquet_file_may_call_its_columns_as_sums_are_called(tmp_path):
    import duckdb

    path = tmp_path / "table.parquet"
    rows = "('aws', '2027-01', '$5.00', 'store.raw', 'x'), ('aws', '2027-02', '$7.50', 'exit.raw', 'y')"
    duckdb.sql(f"COPY (FROM (VALUES {rows}) t(provider, month, amount, line, \"row\")) TO '{path}' (FORMAT parquet)")
    read = read_invoices(path)
    assert [(row.amount, row.line, row.currency) for row in read] == [
        (5.0, "store.raw", "USD"),
        (7.5, "exit.raw", "USD"),
    ]


@pytest.mark.parametrize("number", ["'nan'::DOUBLE", "'inf'::DOUBLE", "NULL::DOUBLE"])
def test_an_amount_that_is_none_is_refused_by_its_row_and_a_quantity_is_unknown(tmp_path, number):
    import duckdb

    columns = "t(ProviderName, BillingCurrency, BilledCost, PricingQuantity)"
    for at, values in enumerate((f"{number}, 1::DOUBLE", f"2::DOUBLE, {number}")):
        ask = f"FROM (VALUES ('AWS', 'USD', 1::DOUBLE, 1::DOUBLE), ('AWS', 'USD', {values})) {columns}"
        duckdb.sql(f"COPY ({ask}) TO '{tmp_path / f'{at}.parquet'}' (FORMAT parquet)")
    with pytest.raises(BadArgumentError, match=r"0\.parquet, line 3: BilledCost is empty or cannot be read"):
        read_bill([tmp_path / "0.parquet"])
    billed = read_bill([tmp_path / "1.parquet"])
    assert whole(billed) == 3 and billed.items["quantity"].isna().all()


def sheets(path, **rows_of):
    book = Workbook()
    book.remove(book.active)
    for name, rows in rows_of.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


BILL = [["provider", "month", "amount"], ["aws", "2027-01", 5]]


def test_the_sheet_that_holds_a_bill_is_read_and_of_several_the_one_that_is_named(tmp_path):
    notes = [["Checked by", "Anna"], ["on", "3 May"]]
    assert whole(read_bill([sheets(tmp_path / "one.xlsx", Notes=notes, January=BILL)])) == 5
    two = sheets(tmp_path / "two.xlsx", January=BILL, February=[BILL[0], ["aws", "2027-02", 7]])
    with pytest.raises(BadArgumentError, match=r"sheets January, February: name one as two\.xlsx!January"):
        read_bill([two])
    assert whole(read_bill([Path(f"{two}!february")])) == 7
    # Two sheets of one workbook are two files.
    assert whole(read_bill([Path(f"{two}!January"), Path(f"{two}!February")])) == 12
    with pytest.raises(BadArgumentError, match=r"sheet 'Januar' .*January"):
        read_bill([Path(f"{two}!Januar")])


def test_a_row_of_a_sheet_is_named_by_its_number_there(tmp_path):
    path = sheets(tmp_path / "gaps.xlsx", A=[[], [], BILL[0], BILL[1], [], ["aws", "2027-01", "five"]])
    with pytest.raises(BadArgumentError, match=r"gaps\.xlsx, row 6, amount: 'five' is not a number"):
        read_bill([path])
    (row,) = read_invoices(sheets(tmp_path / "title.xlsx", A=[[], BILL[0], [], BILL[1]]))
    assert row.where.endswith("4")


def test_a_workbook_that_would_fill_the_memory_is_not_opened(tmp_path):
    path = sheets(tmp_path / "bomb.xlsx", A=BILL)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings2.xml", b"\0" * (300 * 2**20))
    with pytest.raises(BadArgumentError, match="which no bill of its size does"):
        read_bill([path])
