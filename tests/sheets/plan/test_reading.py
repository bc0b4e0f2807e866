"""A plan workbook read back: the same plan in every form, and one clear line for what is no plan."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from tests.sheets.calc_files import only_sheets, with_inputs
from tests.sheets.conftest import as_excel_saves
from tests.sheets.plan.plan_cases import CASES, OPEN, REHEARSAL, Case, month
from tests.sheets.review import rule_books
from tests.sheets.review.rule_books import replaced
from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.ledger import to_columns
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.plan.prices import OLDER_FIGURES, fingerprint, listed_figures
from vidcost_xl.sheets.plan.reading.workbook import read_any_plan_workbook, read_plan_workbook


@pytest.fixture
def article(models):
    return models["bill"]


def filled(model, case):
    return with_inputs(model.data, case.cells(model.addresses))


def typed(model, **cells):
    """The file with values typed into `row__column` entries."""
    return with_inputs(
        model.data, {model.addresses.key(entry.replace("__", ".")): value for entry, value in cells.items()}
    )


#: The sheets that a plan is read from, and two that are not.
READ = ("Cover", "Drivers", "Inputs", "Changes", "Accounts", "Prices", "Guards", "Calendar", "Lists", "Audit")


def edited(data, change):
    """The file after a change through openpyxl, which takes long over the sheets that nobody reads here."""
    return rule_books.edited(only_sheets(data, *READ), change)


def refusal(data):
    with pytest.raises(BadArgumentError) as raised:
        read_plan_workbook(data, "plan.xlsx")
    assert "\n" not in raised.value.message and raised.value.message.startswith("plan.xlsx ")
    return raised.value.message


def at(model, entry):
    return "!".join(model.addresses.key(entry))


@pytest.mark.parametrize("form", [lambda data: data, as_excel_saves], ids=["generated", "as Excel saves"])
@pytest.mark.parametrize("name", ["article", "complete"])
def test_the_plan_of_a_file_is_the_plan_it_was_made_of(models, name, form):
    read = read_plan_workbook(form(models[name].data), "plan.xlsx")
    assert read.plan == preset(name)
    assert (read.switch, read.months, read.findings, read.prices_changed) == ("functions", 12, (), ())
    assert read.log == () and read.changes == () and read.is_current
    assert read.accounts["train"] == "6120" and read.cost_center == "video-training"


@pytest.mark.parametrize("name", list(CASES))
def test_a_filled_in_file_has_the_ledger_of_the_same_plan_in_python(models, name):
    case = CASES[name]
    read = read_plan_workbook(as_excel_saves(filled(models[case.base], case)), "plan.xlsx")
    theirs, ours = to_columns(evaluate(read.plan)), to_columns(evaluate(case.plan()))
    assert all((theirs[column] == ours[column]).all() for column in ("line", "period", "amount", "gl_account"))


def test_changes_keep_their_months_and_notes(article):
    case = Case(lines=(("rate.aws.s3.standard.storage", month(7), OPEN, 0.0175), ("train.passes", OPEN, month(3), 2.0)))
    cells = {**case.cells(article.addresses), article.addresses.key("change_1.note"): "Offer of 3 June, Ms Ito"}
    cells[article.addresses.key("change_9.note")] = "to be discussed"
    read = read_plan_workbook(with_inputs(article.data, cells), "plan.xlsx")
    first, second, third = read.changes
    assert (first.key, first.first, first.last, first.value) == (case.lines[0][0], date(2027, 7, 1), None, 0.0175)
    assert (second.key, second.first, second.last, second.value) == ("train.passes", None, date(2027, 3, 1), 2.0)
    assert (third.key, third.value, third.note) == ("", None, "to be discussed")
    assert read.notes == {first.at: "Offer of 3 June, Ms Ito", third.at: "to be discussed"}
    assert read.plan.monthly["rate.aws.s3.standard.storage", 6] == 0.0175 and not read.plan.rates


def test_a_private_rate_without_months_is_a_rate_of_the_plan(article):
    case = Case(lines=(("rate.aws.s3.standard.storage", OPEN, OPEN, 0.0175),))
    assert read_plan_workbook(filled(article, case), "plan.xlsx").plan.rates == {"aws.s3.standard.storage": 0.0175}


def test_low_and_high_switch_and_log_are_read(article):
    data = typed(
        article,
        in_dataset_videos__low=5e8,
        in_dataset_videos__high=3e9,
        inputs_switch__value="native",
        audit_log_1__topic=46_300.0,
        audit_log_1__text="passes from 1 to 2",
        audit_log_1__more="Ito",
        audit_log_3__text="no date",
    )
    read = read_plan_workbook(data, "plan.xlsx")
    assert read.plan.ranges == {"dataset.videos": (5e8, 3e9)} and read.switch == "native"
    # 46,300 days after 30 December 1899.
    assert [(line.day, line.text, line.who) for line in read.log] == [
        (date(2026, 10, 5), "passes from 1 to 2", "Ito"),
        ("", "no date", ""),
    ]


def test_a_price_typed_over_is_told_from_the_price_book(article):
    row = next(
        row.id
        for sheet in article.addresses.layout.sheets
        if sheet.name == "Prices"
        for row in sheet.rows
        if row.id.startswith("tier_") and row.entries["meter"].value == "aws.s3.standard.storage"
    )
    data = typed(article, **{f"{row}__price": 0.02})
    (changed,) = read_plan_workbook(data, "plan.xlsx").prices_changed
    assert (changed.meter, changed.tier, changed.column) == ("aws.s3.standard.storage", 1, "price")
    # The first tier of S3 Standard in us-east-1 is published at 0.023 USD per GB-month.
    assert (changed.listed, changed.typed, changed.at) == (0.023, 0.02, at(article, f"{row}.price"))


def prices_digest(model):
    """The row of Audit that says with which price book the file was made."""
    (row,) = [
        row.id
        for sheet in model.addresses.layout.sheets
        for row in sheet.rows
        if row.id.startswith("audit_fact") and row.entries["topic"].value == "Digest of prices"
    ]
    return row


def test_of_another_price_book_only_rows_that_were_typed_over_are_told(article):
    stamp = prices_digest(article)
    read = read_plan_workbook(typed(article, **{f"{stamp}__text": "0123456789ab"}), "plan.xlsx")
    assert not read.is_current and read.prices_changed == ()
    read = read_plan_workbook(typed(article, **{f"{stamp}__text": "0123456789ab", "tier_1__price": 7.5}), "plan.xlsx")
    assert [(each.tier, each.column, each.typed) for each in read.prices_changed] == [(1, "price", 7.5)]


def test_the_end_of_a_price_typed_over_is_told_like_the_price(article):
    # 2027-06-30 is day 46,568 of Excel; the price of the book has no end, which the sheet writes as 9999-12-31.
    (changed,) = read_plan_workbook(typed(article, tier_1__valid_to=46_568.0), "plan.xlsx").prices_changed
    assert (changed.tier, changed.column, changed.heading) == (1, "valid_to", "No longer valid on")
    assert (changed.listed, changed.typed, changed.at) == (2_958_465.0, 46_568.0, at(article, "tier_1.valid_to"))
    other = {f"{prices_digest(article)}__text": "0123456789ab"}
    data = typed(article, **other, tier_1__valid_to=46_568.0)
    (changed,) = read_plan_workbook(data, "plan.xlsx").prices_changed
    assert (changed.column, changed.typed) == ("valid_to", 46_568.0)


def test_fingerprints_of_files_that_left_out_the_end_of_a_price_hold(article):
    figures = listed_figures(price_book())["aws.s3.standard.storage"][0]
    made = fingerprint(figures, OLDER_FIGURES)
    assert made == fingerprint({**figures, "valid_to": 1.0}, OLDER_FIGURES) != fingerprint(figures)
    other = {f"{prices_digest(article)}__text": "0123456789ab"}
    assert read_plan_workbook(typed(article, **other, tier_1__made=made), "plan.xlsx").prices_changed == ()


def test_days_that_count_from_1904_are_the_same_days(models):
    model = models["bill"]
    start = model.addresses.key("in_calendar_start.value")
    # 1 April 2027 is day 46,478 from 1900 and 1,462 days less from 1904.
    data = with_inputs(model.data, {start: 46_478.0 - 1_462.0})
    data = replaced(data, "xl/workbook.xml", "<workbookPr/>", '<workbookPr date1904="1"/>')
    assert read_plan_workbook(data, "plan.xlsx").plan.values["calendar.start"] == date(2027, 4, 1)


def moved(book):
    """What users do to sheets: rows and columns inserted, another order, a renamed sheet, a note beside the table."""
    inputs = book["Inputs"]
    inputs.insert_rows(2, 3)
    inputs.insert_cols(2)
    inputs["B12"] = "ask Ito"
    book["Changes"].insert_rows(1, 2)
    book["Changes"].insert_cols(1, 2)
    book.move_sheet("Inputs", 9)
    book["Changes"].title = "What changes"
    for name in ("plan", "changes"):
        del book.defined_names[name]


def test_rows_columns_and_sheets_may_have_moved(models):
    read = read_plan_workbook(edited(filled(models["complete"], REHEARSAL), moved), "plan.xlsx")
    assert read.plan == REHEARSAL.plan()
    assert [(note.at, note.text) for note in read.findings] == [
        ("What changes", "was Changes in the template and was read as such.")
    ]


def test_an_impossible_input_is_named_with_the_sheet_as_it_is_called_now(article):
    def rename(book):
        book["Inputs"].title = "Eingaben"

    place = at(article, "in_commercial_discount.value").replace("Inputs", "Eingaben")
    data = edited(with_inputs(article.data, {article.addresses.key("in_commercial_discount.value"): 12.0}), rename)
    assert f"{place}: commercial.discount (Negotiated discount, share) is 12; allowed: 0 to 1." in refusal(data)


def test_a_formula_in_an_input_is_read_and_told(article):
    place = at(article, "in_dataset_videos.value")
    sheet, address = place.split("!")

    def change(book):
        book[sheet][address] = "=2*500000000"

    data = edited(article.data, change)
    assert f"{place}: dataset.videos holds a formula without a saved value" in refusal(data)
    read = read_plan_workbook(with_inputs(data, {(sheet, address): 1e9}), "plan.xlsx")
    assert read.plan.number("dataset.videos") == 1e9
    assert [(note.at, note.text) for note in read.findings] == [
        (place, "dataset.videos is computed by a formula; its saved value 1000000000 was read.")
    ]


@pytest.mark.parametrize(
    ("entry", "value", "said"),
    [
        ("in_dataset_videos.value", "1,000,000,000", "It is stored as text: type the number again."),
        ("in_dataset_videos.value", "many", "dataset.videos (Videos, videos) is 'many'; allowed: at least 0."),
        ("in_dataset_videos.value", ExcelError("#REF!"), "dataset.videos holds the error #REF!. Type the value again."),
        ("in_dataset_videos.value", -5.0, "is -5; allowed: at least 0."),
        ("in_dataset_videos.value", "", "is empty; allowed: at least 0."),
        (
            "in_dataset_mb_per_video.unit",
            "GB",
            "is in MB (10^6 bytes), not in 'GB'. Convert the value and write the unit back.",
        ),
        ("in_train_route.value", "aws.intrnet", "Nearest: aws.internet"),
        ("in_dataset_videos.low", "few", "low of dataset.videos is a number, not 'few'"),
        ("in_dataset_videos.low", 1e12, "is above its high"),
        ("in_calendar_start.value", "soon", "is 'soon'; allowed: the first day of a month. Write a date cell"),
    ],
)
def test_a_cell_that_is_no_input_is_named_with_what_to_do(article, entry, value, said):
    message = refusal(with_inputs(article.data, {article.addresses.key(entry): value}))
    assert at(article, entry) + ":" in message and said in message


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        (("train.pases", OPEN, OPEN, 2.0), "input", "Nearest: train.passes"),
        (("dataset.compression", OPEN, OPEN, 2.0), "input", "dataset.compression"),
        (("calendar.months", OPEN, OPEN, 2.0), "input", "holds for the whole plan"),
        (("rate.aws.s3.standart.storage", OPEN, OPEN, 2.0), "input", "Nearest: aws.s3.standard.storage"),
        (("train.passes", month(3), month(3), ""), "value", "the value of train.passes is missing"),
        (("train.passes", month(3), month(3), "eight"), "value", "is a number, not 'eight'"),
        (("train.passes", month(3), month(3), ExcelError("#N/A")), "value", "holds the error #N/A"),
        (("train.passes", month(5), month(3), 2.0), "input", "ends before it begins"),
        (("train.passes", month(5, 2040), OPEN, 2.0), "input", "no month of it is in the plan"),
        (("", month(5), OPEN, 2.0), "input", "names no input"),
        (("train.passes", "March", OPEN, 2.0), "first", "'March' is no date"),
    ],
)
def test_a_line_of_changes_that_is_none_is_named_with_what_to_do(article, line, column, said):
    cells = {f"change_1__{key}": value for key, value in zip(("input", "first", "last", "value"), line, strict=True)}
    given = {
        key: float((value - date(1899, 12, 30)).days) if isinstance(value, date) else value
        for key, value in cells.items()
    }
    message = refusal(typed(article, **{key: value for key, value in given.items() if value is not None}))
    assert at(article, f"change_1.{column}") + ":" in message and said in message


def test_two_lines_of_one_input_in_one_month_are_refused(article):
    case = Case(lines=(("train.passes", OPEN, month(3), 2.0), ("train.passes", month(3), OPEN, 3.0)))
    message = refusal(filled(article, case))
    assert at(article, "change_2.input") + ":" in message and "both hold in 2027-03" in message


def test_every_fault_is_told_at_once(article):
    message = refusal(typed(article, in_dataset_videos__value="many", change_1__value=2.0))
    assert at(article, "in_dataset_videos.value") in message and at(article, "change_1.input") in message


def deleted(key):
    def change(book):
        sheet = book["Inputs"]
        row = next(cell.row for cell in sheet["B"] if cell.value == key)
        sheet.delete_rows(row)

    return change


def test_a_deleted_row_is_named_and_nothing_is_filled_in(article):
    data = edited(article.data, deleted("train.passes"))
    assert "the input train.passes is missing: its row was deleted" in refusal(data)
    with pytest.raises(BadArgumentError, match=r"the input train\.passes is missing"):
        read_any_plan_workbook(data, "plan.xlsx", preset("article"))


def test_a_key_given_twice_names_both_cells(article):
    def change(book):
        sheet = book["Inputs"]
        row = next(cell.row for cell in sheet["B"] if cell.value == "train.passes")
        sheet.cell(row + 1, 2).value = "train.passes"

    message = refusal(edited(article.data, change))
    assert "train.passes is given twice, here and in Inputs!C" in message


def test_a_file_of_another_version_says_what_it_lacks_and_what_is_unknown(article):
    def change(book):
        deleted("train.passes")(book)
        for row in book["Audit"].iter_rows():
            if row[0].value == "Digest of the catalogue":
                row[1].value = "0123456789ab"
        sheet = book["Inputs"]
        next(cell for cell in sheet["B"] if cell.value == "dataset.growth").value = "dataset.grows"

    data = edited(article.data, change)
    assert "input 'dataset.grows' is not known" in refusal(data)
    read = read_any_plan_workbook(data, "plan.xlsx", preset("complete"))
    assert set(read.filled) == {"train.passes", "dataset.growth"}
    (unknown,) = read.unknown
    assert unknown.text.startswith("input 'dataset.grows' is not known. Nearest: dataset.growth")
    assert read.workbook.plan.number("train.passes") == preset("complete").number("train.passes")


def test_a_table_without_its_headings_is_refused_by_name(article):
    def without_value(book):
        for row in book["Inputs"].iter_rows():
            for cell in row:
                if cell.value == "value":
                    cell.value = "amount"

    with pytest.raises(BadArgumentError) as raised:
        read_plan_workbook(edited(article.data, without_value), "plan.xlsx")
    message = raised.value.message
    assert "the sheet Inputs has no column 'value' in its header row" in message


@pytest.mark.parametrize("sheet", ["Inputs", "Changes"])
def test_a_deleted_sheet_is_refused_by_name(article, sheet):
    with pytest.raises(BadArgumentError) as raised:
        read_plan_workbook(edited(article.data, lambda book: book.remove(book[sheet])), "plan.xlsx")
    message = raised.value.message
    assert f"plan.xlsx has no sheet {sheet} with the columns" in message


def test_a_workbook_of_another_template_or_program_is_refused(quick):
    for data in (quick.data, edited(quick.data, lambda book: None)):
        with pytest.raises(BadArgumentError, match=r"quick\.xlsx was made with the template quick"):
            read_plan_workbook(data, "quick.xlsx")
    stranger, saved = openpyxl.Workbook(), io.BytesIO()
    stranger.active.append(["Assumption", "Value"])
    stranger.save(saved)
    with pytest.raises(BadArgumentError, match="no sheet Inputs with the columns"):
        read_plan_workbook(saved.getvalue(), "budget.xlsx")


def test_an_account_number_keeps_every_digit(article):
    read = read_plan_workbook(typed(article, in_account_storage__value=61_234_567.0), "plan.xlsx")
    assert read.accounts["store"] == "61234567"
