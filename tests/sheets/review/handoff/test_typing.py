"""Functions typed into a hand-off with nothing installed: LAMBDA names over its own sheets Prices and Lists.

IronCalc, an engine of others that knows LAMBDA, computes the calls from the file as it is written; the functions of the
registry say what they must give.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from tests import conformance
from tests.conformance import EMPTY_CELL, OMITTED_ARGUMENT, same
from tests.sheets import calc_files
from tests.sheets.calc_files import only_sheets
from tests.sheets.finance_files import with_formula
from tests.sheets.plan.plan_cases import FIRST, SECOND, Case
from tests.sheets.review.handoff.typed import Typed
from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.formulas.lambda_form import stored
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.package.edits.opened import opened
from vidcost_xl.sheets.package.parts import read_parts
from vidcost_xl.sheets.plan.new import build
from vidcost_xl.sheets.plan.prices import HEADINGS
from vidcost_xl.sheets.review.handoff.lambdas import (
    PREFIX,
    fault,
    lambda_names,
    typed_functions,
)
from vidcost_xl.sheets.review.handoff.run import Order, hand_off
from vidcost_xl.sheets.review.handoff.typing_page import SAID, SHEET, check_typing

#: Characters that Excel takes in a formula, and in the comment of a name.
LONGEST_FORMULA, LONGEST_COMMENT = 8_192, 255

O = OMITTED_ARGUMENT  # noqa: E741 - nothing between two commas
NAMES = [spec.name for spec in typed_functions()]

#: What these names refuse and the functions answer: private rates, and regions that the plan does not name.
LIMITS = {"rates": "#VALUE!", "region": "#N/A"}


def beyond(case) -> str:
    """The limit that a case of the table is beyond, if any."""
    texts = str(case["arguments"])
    if "'meter', 'rate'" in texts:
        return "rates"
    return "region" if "eu-central-1" in texts or "Frankfurt" in texts else ""


def of_every_place():
    """Calls over every class, operation and route of the price book."""
    book = price_book()
    for name, item in book.classes.items():
        yield "VIDEO_STORAGE", [3.7, "PiB", name, 2.5, 7e8, "1 TB"]
        for operation in (*item.requests, *item.requests_free, "restore", "nothing"):
            yield "VIDEO_REQUESTS", [1_234_567.0, operation, name]
        if item.by_last_access:
            shares = [[0.5], *[[0.5 / (len(item.by_last_access) - 1)]] * (len(item.by_last_access) - 1)]
            yield "VIDEO_STORAGE", [5.0, "PB", name, 2.0, 1e9, "3 TB", O, O, O, O, {"range": shares}]
            yield "VIDEO_STORAGE", [5.0, "PB", name, *[O] * 7, 1.0]
    for way, name in book.routes:
        if way == "egress":
            yield "VIDEO_EGRESS", [7.3, "PB", name, "20 TB", O, 0.25]
            yield "VIDEO_EGRESS", [5.0, "PB", name, 1.0, O, O, O, O, {"range": [[1.0], ["9 PB"], [EMPTY_CELL]]}]


#: Borders of tiers: AWS has 100 GB free, then 10,240 + 40,960 + 102,400 GB in tiers.
BORDERS = [(float(border + step), "billed") for border in (100, 10_340, 51_300, 153_700) for step in (-1, 0, 1)]
AMOUNTS = ("5e3 TB", "-5 PB", "5.PB", " .5 PiB ", "5 pb", "4,656 PB", "5E2B", "5 P B", "1..2 PB", "PB", "")
DAYS = (44_748.0, 45_000.9, 0.0, "2022-07-06", "2026-02-30", "26-1-1", EMPTY_CELL, True)
SOME_DAYS = {"range": [[44_748.0], ["2026-10-06"], [EMPTY_CELL], ["x"]]}
MONTHS = (0.0, 0.5, 2.9999999999999996, -1.0, "x", {"range": [[0.0, 0.5, EMPTY_CELL]]})
CLASSES = ("S3 Standard", " AWS.S3-standard ", "aws.s3.standard@", "aws.s3.standard@N. Virginia", "", 7.0)
REGIONS = ("us-east-1", "", 7.0, False)
DISCOUNTS = ("12%", "1e1%", " 5 % ", "120%", True)
TWO = {"range": [[1.0], [2.0]]}
#: Whether an error is the answer of the call, or of one cell of it; ranges of other sizes.
BESIDE_TWO = (
    *(["PB", O, {"range": [[1.0, 2.0]]}], ["PB", O, {"range": [[1.0]] * 3}], ["PX"], ["PB", "nowhere"]),
    *(["PB", O, -1.0], ["PB", O, O, O, 10.0], ["PB", O, O, O, O, O, 1.0]),
)
RESTORES = ("standard", "bulk", "expedited", "slow")

ODD = [
    *(("VIDEO_EGRESS", list(border)) for border in BORDERS),
    *(("VIDEO_EGRESS", [amount]) for amount in AMOUNTS),
    *(("VIDEO_EGRESS", [5.0, "PB", O, O, O, share]) for share in DISCOUNTS),
    *(("VIDEO_EGRESS", [TWO, *behind]) for behind in BESIDE_TWO),
    *(("VIDEO_STORAGE", [5.0, "PB", *[O] * 7, day]) for day in (*DAYS, SOME_DAYS)),
    *(("VIDEO_STORAGE", [5.0, "PB", O, months]) for months in MONTHS),
    *(("VIDEO_STORAGE", [5.0, "PB", name]) for name in CLASSES),
    *(("VIDEO_STORAGE", [5.0, "PB", "aws.s3.standard@us-east-1", O, O, O, region]) for region in REGIONS),
    ("VIDEO_STORAGE", [5.0, "PB", *[O] * 8, {"range": [[0.5, 0.5]]}]),
    *(("VIDEO_REQUESTS", [5e6, "restore", "aws.s3.glacier-flexible", O, 0.2, O, O, speed]) for speed in RESTORES),
    *(("VIDEO_REQUESTS", [1e9, *behind]) for behind in (["PUT", " R2.standard "], [7.0], [*[O] * 6, "bulk"])),
]


TABLE = [case for case in conformance.CASES if case["function"] in NAMES]
MORE = [{"function": function, "arguments": arguments} for function, arguments in (*of_every_place(), *ODD)]


@pytest.fixture(scope="module")
def computed(typed, tmp_path_factory):
    """The calls in IronCalc, and for each what the function gives and what the call gives."""
    path = tmp_path_factory.mktemp("typed") / "handed.xlsx"
    path.write_bytes(typed)
    sheet, wanted = Typed(path), [conformance.given(case) for case in (*TABLE, *MORE)]
    rows = [sheet.type(*case.values(), len(want)) for case, want in zip((*TABLE, *MORE), wanted, strict=True)]
    sheet.model.evaluate()
    return sheet, wanted, [sheet.answer(row) for row in rows]


def test_typed_calls_give_what_the_functions_give(computed):
    assert len(TABLE) >= 60
    assert len(MORE) > 300
    _, wanted, answers = computed
    wrong, limits = [], []
    for case, want, found in zip((*TABLE, *MORE), wanted, answers, strict=True):
        if limit := beyond(case):
            limits.append(limit)
            want = [[ExcelError(LIMITS[limit])]]  # noqa: PLW2901 - never another number
        if not same(want, found):
            wrong.append((case, want, found))
    assert wrong == []
    assert (limits.count("rates"), limits.count("region")) == (2, 5)


def test_a_price_changed_on_the_sheet_changes_the_answer(computed):
    """5 PB are 4,656,612.87 GB; above 512,000 GB S3 Standard costs $0.021, and a cent less is $41,446.13 less."""
    sheet = computed[0]
    model, on = sheet.model, sheet.sheets.index("Prices")
    meter, start, price = (HEADINGS[key] for key in ("meter", "tier_from", "price"))
    columns = {model.get_cell_value(on, 4, column): column for column in range(1, 30)}
    rows = {
        tuple(model.get_cell_value(on, row, columns[heading]) for heading in (meter, start)): row
        for row in range(5, 400)
    }
    calls = [
        sheet.type("VIDEO_STORAGE", [5.0, "PB"], 1),
        sheet.type("VIDEO_EGRESS", [1.0, "PB", "b2.internet"], 1),
        sheet.type("VIDEO_REQUESTS", [1e9], 1),
    ]
    model.set_user_input(on, rows["aws.s3.standard.storage", 512_000.0], columns[price], "0.011")
    model.set_user_input(on, rows["b2.transfer.internet-out", 0.0], columns[price], "0.02")
    model.set_user_input(on, rows["aws.s3.standard.put", 0.0], columns[price], "'to be agreed")
    model.evaluate()
    kept, moved, put = (sheet.answer(row)[0][0] for row in calls)
    assert kept == pytest.approx(98_352.07 - 41_446.13, abs=0.01)
    assert moved == pytest.approx(1e6 * 0.02, rel=1e-9)  # B2 bills GB of 10^9 bytes
    assert put == ExcelError("#N/A")


#: As Excel for Mac stores what is typed into its Name Manager.
STORED = (
    ("LAMBDA(x,[k],LET(m,x*2,m+k))", "_xlfn.LAMBDA(_xlpm.x,_xlop.k,_xlfn.LET(_xlpm.m,_xlpm.x*2,_xlpm.m+_xlpm.k))"),
    ("LET(f,LAMBDA(t,t*3),f(2))", "_xlfn.LET(_xlpm.f,_xlfn.LAMBDA(_xlpm.t,_xlpm.t*3),_xlpm.f(2))"),
    ("LAMBDA([y],ISOMITTED(y))", "_xlfn.LAMBDA(_xlop.y,_xlfn.ISOMITTED(_xlpm.y))"),
    ("ANA.GROW(100,IFERROR(rate_,0.1))", "ANA.GROW(100,IFERROR(rate_,0.1))"),
    ('LET(a,1,"a"&a)', '_xlfn.LET(_xlpm.a,1,"a"&_xlpm.a)'),
)


@pytest.mark.parametrize(("typed", "kept"), STORED)
def test_a_formula_is_stored_as_excel_stores_it(typed, kept):
    assert stored(typed) == kept


def test_an_argument_that_a_formula_does_not_read_is_refused():
    """`rates` today, and any that a function gets later: ignored, it would be another number."""
    spec = typed_functions()[0]
    later = replace(spec, parameters=(*spec.parameters, replace(spec.parameters[0], name="later")))
    assert "VIDCOST.WRONG(later,2)" in fault(later, "LAMBDA(amount,amount)")
    assert "VIDCOST.WRONG(amount,1)" in fault(later, "LAMBDA(amount,amount)")


def test_excel_takes_every_name():
    """The limits are Excel's: 8,192 characters, 64 levels, comments of 255, no name like a cell, R or C."""
    known = {each.name for each in lambda_names()}
    for each in lambda_names():
        assert len(each.stored) < LONGEST_FORMULA, each.name
        assert 20 < len(each.comment) <= LONGEST_COMMENT, each.name
        depth = [each.typed[:at].count("(") - each.typed[:at].count(")") for at in range(len(each.typed))]
        assert max(depth) < 64, each.name
        bound = set(re.findall(r"_xl[op][pm]\.(\w+)", each.stored))
        assert not [name for name in bound if re.fullmatch(r"[a-z]{1,3}\d+|[rc]\d*|r\d*c\d*", name)], each.name
        called = set(re.findall(rf"{re.escape(PREFIX)}\w+(?=\()", each.typed))
        assert called <= known - {each.name}, each.name


def test_the_names_say_what_they_are_and_other_programs_keep_them(typed, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(only_sheets(typed, SHEET)))
    book.save(tmp_path / "again.xlsx")
    again = openpyxl.load_workbook(tmp_path / "again.xlsx").defined_names
    for each in lambda_names():
        assert (again[each.name].attr_text, again[each.name].comment) == (each.stored, each.comment)
    said = [row[0].value for row in book[SHEET].iter_rows() if row[0].value]
    assert [spec.signature for spec in typed_functions() if spec.signature not in said] == []
    assert not [row for row in book[SHEET].iter_rows(min_row=2) for cell in row if cell.data_type == "f"]


@pytest.mark.sweep
def test_a_hand_off_with_names_passes_the_audit(typed, tmp_path):
    (tmp_path / "handed.xlsx").write_bytes(typed)
    assert [str(each) for each in OpenXmlValidator().validate(tmp_path / "handed.xlsx").errors] == []


def test_the_sheet_of_the_hand_off_says_so(plan, handed):
    said = [any(SAID.encode() in content for content in read_parts(data).values()) for data in (plan.data, handed)]
    assert said == [True, False]


def test_no_template_has_them_and_nothing_else_does_without_the_option(models, handed, quick):
    for data in (models["bill"].data, quick.data, handed):
        assert PREFIX.encode() not in read_parts(data)["xl/workbook.xml"]


def refused(data: bytes, words: str) -> None:
    with pytest.raises(BadArgumentError, match=words):
        check_typing(Contents(data, "book.xlsx"), opened(data, "book.xlsx"))


def test_what_they_would_not_work_in_or_would_break_is_refused(models, quick, plan):
    data = models["bill"].data
    check_typing(Contents(data, "book.xlsx"), opened(data, "book.xlsx"))
    refused(quick.data, "only a plan workbook")
    refused(with_formula(data, ("Cover", "Z99"), '_xldudf_VIDEO_EGRESS(5,"PB")'), "xlwings Lite")
    refused(plan.data, "of its own")


@pytest.mark.parametrize("scope", ["", ' localSheetId="0"'], ids=["workbook", "sheet"])
def test_calc_leaves_a_call_to_a_name_of_the_workbook(scope):
    """The functions would answer from the price book, and the name answers from the workbook's own prices."""
    cell = '<row r="1"><c r="A1"><f>VIDEO_EGRESS(5,"PB")</f><v>7</v></c></row>'
    names = f'<definedName name="VIDEO_EGRESS"{scope}>_xlfn.LAMBDA(_xlop.a,7)</definedName>'
    (left,) = calculate(calc_files.package(cell, names=names), "book.xlsx").report.left
    assert "a name of this workbook" in left.reason
    assert calculate(calc_files.package(cell), "book.xlsx").report.left == []


@pytest.mark.sweep
def test_a_region_that_the_plan_names_can_be_typed(tmp_path):
    """By its id or any name of it, behind the class or route or beside it; both ends of a way between two."""
    classes = {FIRST + "class": "aws.s3.standard@eu-central-1", SECOND + "class": "aws.s3.standard@eu-west-1"}
    plan = Case("article", {**classes, "train.route": "aws.cross-region@eu-west-1>us-west-2"}).plan()
    order = Order("Ada", reason="a plan of a test", lambdas=True)
    made = hand_off(build("model", plan=plan).data, "regions.xlsx", order)
    (tmp_path / "regions.xlsx").write_bytes(made.data)
    sheet = Typed(tmp_path / "regions.xlsx")
    calls = [
        ("VIDEO_STORAGE", [5.0, "PB", "S3 Standard@Frankfurt"]),
        ("VIDEO_STORAGE", [5.0, "PB", *[O] * 4, "eu-central-1"]),
        ("VIDEO_STORAGE", [5.0, "PB", "aws.s3.standard@eu-central-1", O, O, O, "us-east-1"]),
        ("VIDEO_STORAGE", [5.0, "PB", "aws.s3.standard@eu-west-1>us-west-2"]),
        ("VIDEO_REQUESTS", [1e9, "get", "aws.s3.standard@Frankfurt"]),
        ("VIDEO_EGRESS", [5.0, "PB", "aws.cross-region@Ireland>Oregon"]),
        ("VIDEO_EGRESS", [5.0, "PB", "aws.cross-region", O, "eu-west-1>us-west-2"]),
        ("VIDEO_EGRESS", [5.0, "PB", "aws.cross-region@eu-west-1>us-west-2", O, "us-east-1"]),
    ]
    rows = [sheet.type(function, arguments, 1) for function, arguments in calls]
    sheet.model.evaluate()
    wanted = [conformance.given({"function": function, "arguments": arguments}) for function, arguments in calls]
    assert wanted[0] == [[pytest.approx(105_336.99, abs=0.01)]]
    assert same(wanted, [sheet.answer(row) for row in rows])
