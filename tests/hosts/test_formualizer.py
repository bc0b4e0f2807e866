"""The embedded engine: what its cells hand to our functions, and what comes back."""

from __future__ import annotations

import re

import formualizer
import pytest

from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.functions.registry import functions
from vidcost_xl.hosts.formualizer import bind, evaluate, from_engine
from vidcost_xl.hosts.formulas import with_omitted_marked

EGRESS_5PB = pytest.approx(236_716.84, abs=0.005)


def code(result):
    assert isinstance(result, ExcelError), result
    return result.code


@pytest.fixture
def sheet():
    """A workbook with our functions; call it with cells and a formula, it gives the formula's value and the reasons."""

    def run(cells, formula, at=(1, 5)):
        workbook = formualizer.Workbook()
        reasons = bind(workbook)
        page = workbook.sheet("Sheet1")
        for (row, column), value in cells.items():
            if isinstance(value, str) and value.startswith("="):
                page.set_formula(row, column, with_omitted_marked(value))
            else:
                page.set_value(row, column, value)
        page.set_formula(*at, with_omitted_marked(formula))
        workbook.evaluate_all()
        return lambda row=0, column=0: from_engine(workbook.get_value("Sheet1", at[0] + row, at[1] + column), reasons)

    return run


@pytest.mark.parametrize(
    "formula",
    [
        '=VIDEO_EGRESS(5,"PB")',
        'VIDEO_EGRESS(5,"PB")',
        '=[1]!VIDEO_EGRESS(5,"PB")',
        "='C:\\path\\x.xlam'!VIDEO_EGRESS(5,\"PB\")",
        '=@VIDEO_EGRESS(5,"PB")',
        '=_xll.VIDEO_EGRESS(5,"PB")',
        '=_xldudf_VIDEO_EGRESS(5,"PB")',
        '=video_egress(5,"PB")',
        "=VIDEO_EGRESS()",
        '=VIDEO_EGRESS("5 PB")',
        '=VIDEO_EGRESS(VIDEO_DATASET(1E9,5,"PB"),"PB")',
        '=LET(size,5,VIDEO_EGRESS(size,"PB"))',
        '=ROUND(VIDEO_EGRESS(5,"PB"),2)',
    ],
)
def test_a_call_gives_its_number_in_every_form(formula):
    assert evaluate(formula) == EGRESS_5PB


@pytest.mark.parametrize(
    "formula",
    ["=VIDEO_EGRESS(,)", '=VIDEO_EGRESS(5,"PB",)', '=VIDEO_EGRESS(5,"PB",,,,,,)', '=VIDEO_EGRESS(,,"aws.internet")'],
)
def test_an_argument_left_out_takes_its_default_and_not_zero(formula):
    assert evaluate(formula) == EGRESS_5PB


def test_an_amount_left_out_beside_a_unit_is_not_the_default_amount():
    result = evaluate('=VIDEO_EGRESS(,"PB")')
    assert code(result) == "#VALUE!"
    assert "missing beside the unit" in result.message


def test_a_unit_left_out_beside_a_number_is_not_the_default_unit():
    result = evaluate("=VIDEO_EGRESS(5,)")
    assert code(result) == "#VALUE!"
    assert "5 what?" in result.message


def test_an_argument_left_out_before_a_wrong_one_does_not_shift_it():
    result = evaluate('=VIDEO_EGRESS(5,,"x")')
    assert code(result) == "#N/A"
    assert "route 'x'" in result.message


def test_an_empty_branch_of_if_is_0_as_in_excel_and_not_an_omitted_argument():
    assert evaluate('=VIDEO_EGRESS(IF(1,,2),"PB")') == 0
    assert "0 what?" in evaluate("=VIDEO_EGRESS(IF(1,,2))").message


def test_a_blank_amount_is_an_error_and_a_blank_elsewhere_the_default(sheet):
    assert code(sheet({}, '=VIDEO_EGRESS(A1,"PB")')()) == "#VALUE!"
    assert sheet({}, '=VIDEO_EGRESS(5,"PB",A1,A2,A3,A4,A5,A6)')() == EGRESS_5PB


def test_a_reference_to_a_blank_cell_keeps_its_reason_on_the_command_line_too():
    # The formula must not stand in A1 itself: that would be a circular reference without a reason.
    assert "points at an empty cell" in evaluate('=VIDEO_EGRESS(A1,"PB")').message
    assert evaluate("=SUM(A1:Z100)") == 0


def test_a_range_spills_a_price_or_an_error_for_each_cell(sheet):
    cells = {(1, 1): 5.0, (2, 1): "=1/0", (4, 1): -1.0, (5, 1): "five", (6, 1): "=NA()"}
    spilled = sheet(cells, '=VIDEO_EGRESS(A1:A6,"PB")')
    assert spilled(0) == EGRESS_5PB
    assert [code(spilled(row)) for row in range(1, 6)] == ["#DIV/0!", "#VALUE!", "#NUM!", "#VALUE!", "#N/A"]


def test_a_whole_blank_column_is_refused_with_its_reason():
    result = evaluate('=VIDEO_EGRESS(A:A,"PB")')
    assert code(result) == "#VALUE!"
    assert "whole column" in result.message


def test_a_whole_column_trimmed_to_its_used_rows_is_a_range(sheet):
    spilled = sheet({(1, 1): 5.0, (2, 1): 5.0}, '=VIDEO_EGRESS(A:A,"PB")')
    assert [spilled(0), spilled(1)] == [EGRESS_5PB, EGRESS_5PB]


def test_rates_and_days_come_from_cells(sheet):
    cells = {
        (1, 1): "meter",
        (1, 2): "rate",
        (2, 1): "aws.transfer.internet-out",
        (2, 2): 0.02,
        (1, 3): "=DATE(2026,10,1)",
    }
    value = sheet(cells, '=VIDEO_EGRESS(5,"PB",,,,,A1:B2,C1)')()
    assert value == pytest.approx(93_132.26, abs=0.005)


def test_an_array_spills_in_its_shape():
    assert evaluate('=VIDEO_EGRESS({100;101},"billed")') == [[0.0], [pytest.approx(0.09)]]
    assert evaluate('=VIDEO_EGRESS({100,101},"billed")') == [[0.0, pytest.approx(0.09)]]


def test_a_table_spills_with_its_header():
    table = evaluate('=VIDEO_LIST("unit")')
    assert table[0] == ["unit", "meaning"]
    assert table[-1][0] == "billed"
    assert len(table) == 16  # a header, 14 units and "billed"


def test_a_wide_table_with_blank_cells_spills_whole():
    table = evaluate('=VIDEO_SOURCE("aws.s3.standard.storage")')
    assert (len(table), len(table[0])) == (4, 14)
    assert table[3][3] == ""  # the last tier has no upper bound


def test_each_cell_of_a_result_keeps_its_own_reason():
    first, second, third = (row[0] for row in evaluate('=VIDEO_EGRESS({-1;-2;5},"PB")'))
    assert (first.code, second.code) == ("#NUM!", "#NUM!")
    assert "not -1" in first.message
    assert "not -2" in second.message
    assert third == EGRESS_5PB


def test_native_functions_add_ours_up():
    # 98,352.07 + 236,716.84
    assert evaluate('=SUM(VIDEO_STORAGE(5,"PB"),VIDEO_EGRESS(5,"PB"))') == pytest.approx(335_068.91, abs=0.005)
    assert evaluate('=SUM(VIDEO_EGRESS({100;101},"billed"))') == pytest.approx(0.09)


def test_an_error_is_an_error_to_native_functions_and_never_skipped():
    assert code(evaluate('=SUM(VIDEO_STORAGE(5,"PB"),VIDEO_EGRESS(5000))')) == "#VALUE!"
    assert evaluate("=IFERROR(VIDEO_EGRESS(5000),-1)") == -1
    assert evaluate("=ISNUMBER(VIDEO_EGRESS(5000))") is False
    assert evaluate('=ISNA(VIDEO_EGRESS(5,"PB","x"))') is True


@pytest.mark.parametrize(
    ("formula", "shown", "reason"),
    [
        ("=VIDEO_EGRESS(5000)", "#VALUE!", "5000 what?"),
        ('=VIDEO_EGRESS(5,"PB","aws.internett")', "#N/A", "Nearest: aws.internet"),
        ('=VIDEO_EGRESS(5,"PB",,,,10)', "#NUM!", "from 0 to 1"),
        ('=VIDEO_EGRESS(1/0,"PB")', "#DIV/0!", "amount holds #DIV/0!"),
        ('=VIDEO_EGRESS(NA(),"PB")', "#N/A", "amount holds #N/A"),
        ('=VIDEO_EGRESS(TRUE,"PB")', "#VALUE!", "not TRUE"),
        ('=1+VIDEO_EGRESS(5,"pb")', "#VALUE!", "Write 'PB'"),
        ("=VIDEO_EGRESS(1,2,3,4,5,6,7,8,9,10)", "#VALUE!", "takes 9 arguments, not 10"),
        ("=VIDEO_CONVERT(1)", "#VALUE!", "needs from_unit, to_unit"),
        ("=1/0", "#DIV/0!", ""),
        ("=VIDEO_NONE(1)", "#NAME?", ""),
    ],
)
def test_an_error_keeps_its_reason(formula, shown, reason):
    result = evaluate(formula)
    assert code(result) == shown
    assert reason in result.message


@pytest.mark.parametrize("formula", ["", "=", "=VIDEO_EGRESS(", "=VIDEO_EGRESS(5))", '="open', "=)", "=1+", "=SUM(1,2"])
def test_what_is_no_formula_is_refused_in_one_sentence(formula):
    with pytest.raises(BadArgumentError, match=r"not a formula|cannot be evaluated") as caught:
        evaluate(formula)
    assert "Traceback" not in caught.value.message


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ('="größe "&VIDEO_CONVERT(1,"TB","GB")', "größe 1000"),
        ('=LEN("VIDEO_EGRESS(é,,")', 16),
        ("=1=1", True),
        ('="费用 😀"&"x"', "费用 😀x"),
    ],
)
def test_texts_and_booleans_come_back_as_they_are(formula, value):
    assert evaluate(formula) == value


def test_an_explanation_takes_the_arguments_exactly_as_in_their_own_cell():
    table = evaluate('=VIDEO_EXPLAIN("VIDEO_EGRESS",5,,"x")')
    assert table[2] == ["unit", "PB", "", "default"]
    assert "route 'x'" in table[-1][1]


@pytest.mark.parametrize("name", [name for name in functions() if name not in {"VIDEO_CONVERT", "VIDEO_VARIANCE"}])
def test_every_function_answers_in_an_empty_workbook(name):
    assert not isinstance(evaluate(f"={name}()"), ExcelError)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ('=VIDEO_EGRESS(5;"PB")', "separate arguments by commas here"),
        ('=VIDEO_EGRESS(5,"PB"', "unmatched opening parenthesis or bracket"),
    ],
)
def test_a_formula_that_cannot_be_read_is_refused_in_plain_words(formula, said):
    with pytest.raises(BadArgumentError) as raised:
        evaluate(formula)
    assert said in raised.value.message
    assert not {"Token", "Error"} & set(re.findall("Token|Error", raised.value.message))


def test_a_function_that_is_not_known_is_an_error_with_the_nearest():
    found = evaluate("=VIDEO_EGRES(5)")
    assert found.code == "#NAME?" and "VIDEO_EGRESS" in found.message
