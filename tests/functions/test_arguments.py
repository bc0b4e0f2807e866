"""The argument rules of the design, one by one, through the adapter as every host calls it."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from vidcost_xl.errors import CellError, ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.amounts import VIDEO_CONVERT
from vidcost_xl.functions.registry import functions
from vidcost_xl.functions.transfer import VIDEO_EGRESS
from vidcost_xl.functions.values import EMPTY, OMITTED

GAP = OMITTED
EGRESS_5PB = pytest.approx(236_716.84, abs=0.005)
STORAGE_5PB = pytest.approx(98_352.07, abs=0.005)
NA = ExcelError("#N/A")


def codes(table):
    return [[cell.code if isinstance(cell, ExcelError) else "ok" for cell in row] for row in table]


def egress(*arguments):
    return call("VIDEO_EGRESS", list(arguments))


# --- amounts and units -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), (GAP,), (5.0, "PB"), (5, "PB"), ("5 PB",), ("5PB ", GAP), (5_000.0, "TB")])
def test_an_amount_is_a_number_with_a_unit_or_a_text_without(arguments):
    assert egress(*arguments) == EGRESS_5PB


def test_an_omitted_amount_takes_its_default_in_the_default_unit():
    assert egress(GAP, GAP, "aws.internet") == EGRESS_5PB


def test_billed_is_the_providers_own_unit():
    # 4,656,612.873077393 GB of 2^30 bytes are the 5 PB.
    assert egress(4_656_612.873077393, "billed") == EGRESS_5PB
    assert egress(4_656_612.873077393, " Billed ") == EGRESS_5PB
    # Backblaze bills TB of 10^12 bytes: (5 - 0.01) x 6.95.
    assert call("VIDEO_STORAGE", [5.0, "billed", "b2.standard"]) == pytest.approx(34.6805)


def test_billed_has_no_size_without_a_price():
    result = call("VIDEO_TRANSFERDAYS", [5.0, "billed"])
    assert result.code == "#VALUE!"
    assert "needs a price" in result.message


# --- ranges ------------------------------------------------------------------------------------------------------


def test_a_range_is_separate_months_each_with_its_own_allowance_and_tiers():
    assert egress([[5.0], [5.0]], "PB") == [[EGRESS_5PB], [EGRESS_5PB]]
    assert egress([[100.0, 101.0]], "billed") == [[0.0, pytest.approx(0.09)]]


@pytest.mark.parametrize("shape", [(1, 4), (4, 1), (2, 3)])
def test_the_result_has_the_shape_of_the_range(shape):
    rows = np.full(shape, 5.0).tolist()
    result = egress(rows, "PB")
    assert (len(result), len(result[0])) == shape


def test_a_range_of_one_cell_is_its_cell():
    assert egress([[5.0]], [["PB"]], [["aws.internet"]]) == EGRESS_5PB
    assert egress([["5 PB"]]) == EGRESS_5PB


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("VIDEO_STORAGE", (5.0, "PB", GAP, [[1.0], [2.0]]), [98_352.07, 196_704.14]),
        ("VIDEO_STORAGE", (5.0, "PB", GAP, [[0.0], [2.5]]), [0.0, 246_161.78]),
        ("VIDEO_STORAGE", (5.0, "PB", GAP, GAP, GAP, [[0.0], [5.0]]), [98_352.07, 97_788.87]),
        ("VIDEO_STORAGE", (5.0, "PB", GAP, GAP, [[1e9], [2e9]]), [98_352.07, 98_352.07]),
        ("VIDEO_STORAGE", (1.0, "TiB", "aws.s3.intelligent-tiering", GAP, [[0.0], [1e6]]), [23.552, 26.052]),
        ("VIDEO_REQUESTS", ([[1e9], [2e9]],), [5_000.0, 10_000.0]),
        ("VIDEO_EGRESS", (5.0, "PB", GAP, GAP, GAP, [[0.0], [0.1]]), [236_716.84, 213_045.16]),
        ("VIDEO_RETRIEVAL", (5.0, "PB", "aws.s3.standard", GAP, GAP, [[0.0], [0.1]]), [0.0, 0.0]),
        ("VIDEO_REQUESTS", (1.0, "delete", "r2.standard", GAP, [[0.0], [0.1]]), [0.0, 0.0]),
        ("VIDEO_RETRIEVAL", (1.0, "PB", "r2.standard", GAP, GAP, GAP, GAP, [[46_300.0], [46_301.0]]), [0.0, 0.0]),
        ("VIDEO_EXPERIMENT", ([[5.0], [0.0]], "PB"), [237_116.84, 0.0]),
        ("VIDEO_RATE", (GAP, [[52_900.0], [1.0]], "billed"), [1_215 / 52_900, 0.023]),
        ("VIDEO_CONVERT", ([[1.0], [2.0]], "TB", "GB"), [1_000.0, 2_000.0]),
        ("VIDEO_TRANSFERDAYS", ([[5.0], [0.0]], "PB"), [5.787, 0.0]),
    ],
)
def test_every_argument_that_may_be_a_range_gives_one_result_a_cell(name, arguments, expected):
    result = call(name, list(arguments))
    assert [row[0] for row in result] == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize(
    ("name", "arguments", "argument"),
    [
        ("VIDEO_EGRESS", (5.0, [["PB"], ["TB"]]), "unit"),
        ("VIDEO_EGRESS", (5.0, "PB", [["aws.internet", "r2.internet"]]), "route"),
        ("VIDEO_EGRESS", (5.0, "PB", GAP, GAP, [["us-east-1"], ["us-east-1"]]), "region"),
        ("VIDEO_STORAGE", (5.0, "PB", [["aws.s3.standard"], ["r2.standard"]]), "class"),
        ("VIDEO_EXPERIMENT", (5.0, "PB", [[1.0], [2.0]]), "passes"),
        ("VIDEO_DATASET", ([[1e9], [1e6]],), "videos"),
    ],
)
def test_a_range_in_a_scalar_argument_is_refused_by_name(name, arguments, argument):
    result = call(name, list(arguments))
    assert result.code == "#VALUE!"
    assert result.message.startswith(f"{argument} is one value, not a range")


def test_a_row_and_a_column_give_a_table():
    result = egress([[5.0], [10.0]], "PB", GAP, GAP, GAP, [[0.0, 0.5, 1.0]])
    assert result[0] == [EGRESS_5PB, pytest.approx(118_358.42, abs=0.005), 0.0]
    assert len(result) == 2


@pytest.mark.parametrize("other", [{"prior": 3}, {"discount": 5}, {"discount": 5}])
def test_ranges_that_do_not_fit_each_other_are_named_with_their_shapes(other):
    (argument, position), rows = next(iter(other.items())), 4
    values = [[[1.0]] * 3, "PB", GAP, GAP, GAP, GAP]
    values[position] = [[0.5]] * rows
    result = egress(*values)
    assert result.code == "#VALUE!"
    assert "amount 3x1" in result.message
    assert f"{argument} 4x1" in result.message


def test_as_of_takes_part_in_the_fit():
    result = egress([[1.0]] * 3, "PB", GAP, GAP, GAP, GAP, GAP, [[46_300.0]] * 2)
    assert result.code == "#VALUE!"
    assert "as_of 2x1" in result.message


@pytest.mark.parametrize("cell", [EMPTY, None])
def test_a_whole_blank_column_is_refused_at_once_and_not_priced_a_million_times(cell):
    result = egress([[cell]] * 1_048_576, "PB")
    assert result.code == "#VALUE!"
    assert "whole column" in result.message


def test_a_whole_column_of_numbers_is_refused_too():
    assert "whole column" in egress([[5.0]] * 1_048_576, "PB").message


def test_the_longest_range_that_is_no_whole_column_is_priced():
    result = egress([[5.0]] * 100_000, "PB")
    assert len(result) == 100_000
    assert result[-1][0] == EGRESS_5PB


def test_ragged_and_empty_ranges_are_refused():
    assert "different lengths" in egress([[1.0, 2.0], [3.0]], "PB").message
    assert "empty range" in egress([], "PB").message
    assert "empty range" in egress([[]], "PB").message


# --- omitted and empty -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("position", range(8))
def test_an_omitted_argument_takes_its_default(position):
    values = [5.0, "PB", "aws.internet", 0.0, "us-east-1", 0.0, OMITTED, OMITTED]
    values[position] = OMITTED
    if position in {0, 1}:  # an amount and its unit go together
        values[0] = values[1] = values[3] = OMITTED
    assert egress(*values) == EGRESS_5PB


@pytest.mark.parametrize("blank", [EMPTY, None])
@pytest.mark.parametrize("position", [2, 3, 4, 5, 6, 7])
def test_a_blank_cell_is_the_default_for_all_but_amount_and_count(position, blank):
    values = [5.0, "PB"] + [OMITTED] * 6
    values[position] = blank
    assert egress(*values) == EGRESS_5PB


@pytest.mark.parametrize("blank", [EMPTY, None])
@pytest.mark.parametrize(
    ("name", "arguments", "argument"),
    [
        ("VIDEO_EGRESS", ["PB"], "amount"),
        ("VIDEO_STORAGE", ["PB"], "amount"),
        ("VIDEO_RETRIEVAL", ["PB"], "amount"),
        ("VIDEO_REQUESTS", [], "count"),
    ],
)
def test_a_blank_amount_or_count_is_an_error_and_not_the_default_or_zero(name, arguments, argument, blank):
    result = call(name, [blank, *arguments])
    assert result.code == "#VALUE!"
    assert f"{argument} points at an empty cell" in result.message


@pytest.mark.parametrize("missing", [OMITTED, EMPTY, None])
@pytest.mark.parametrize(
    ("name", "before"),
    [
        *((name, []) for name in ("VIDEO_EGRESS", "VIDEO_INGEST", "VIDEO_STORAGE", "VIDEO_RETRIEVAL")),
        *((name, []) for name in ("VIDEO_EXPERIMENT", "VIDEO_TRANSFERDAYS")),
        ("VIDEO_RATE", [OMITTED]),
    ],
)
def test_a_unit_without_an_amount_is_an_error_and_not_the_default_amount(name, before, missing):
    result = call(name, [*before, missing, "PB"])
    assert result.code == "#VALUE!"
    assert "missing beside the unit 'PB'" in result.message or "points at an empty cell" in result.message
    assert isinstance(call(name, [*before, OMITTED, OMITTED]), float)  # without either, the default stands


def test_every_function_with_an_amount_and_its_unit_refuses_a_unit_alone():
    named = {name: [parameter.name for parameter in spec.parameters] for name, spec in functions().items()}
    with_both = {name for name, names in named.items() if {"amount", "unit"} <= set(names)}
    assert len(with_both) >= 7
    for name in with_both:
        arguments = ["PB" if each == "unit" else OMITTED for each in named[name]]
        assert getattr(call(name, arguments), "code", None) == "#VALUE!", name


def test_a_blank_unit_beside_a_number_is_not_the_default_unit():
    assert egress(5.0, EMPTY).code == "#VALUE!"


def test_a_blank_inside_a_range_of_amounts_or_counts_is_an_error_in_its_own_cell():
    result = egress([[5.0], [EMPTY], [None], [5.0]], "PB")
    assert codes(result) == [["ok"], ["#VALUE!"], ["#VALUE!"], ["ok"]]
    assert result[3][0] == EGRESS_5PB
    assert codes(call("VIDEO_REQUESTS", [[[1.0], [EMPTY]]])) == [["ok"], ["#VALUE!"]]
    assert codes(call("VIDEO_CONVERT", [[[1.0], [EMPTY]], "TB", "GB"])) == [["ok"], ["#VALUE!"]]


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("VIDEO_EGRESS", (5.0, "PB", GAP, [[EMPTY], [5.0]]), [236_716.84, 232_830.64]),  # prior: nothing billed yet
        ("VIDEO_EGRESS", (5.0, "PB", GAP, GAP, GAP, [[EMPTY], [0.1]]), [236_716.84, 213_045.16]),
        ("VIDEO_STORAGE", (5.0, "PB", GAP, [[EMPTY], [2.0]]), [98_352.07, 196_704.14]),
        ("VIDEO_STORAGE", (1.0, "TiB", "aws.s3.intelligent-tiering", GAP, [[EMPTY], [1e6]]), [23.552, 26.052]),
        # The newest price: (1,010 - 10) GB x 6.95 a TB; in April 2026 it was 6.00.
        ("VIDEO_STORAGE", (1.01, "TB", "b2.standard", *[GAP] * 6, [[EMPTY], ["2026-04-30"]]), [6.95, 6.00]),
    ],
)
def test_a_blank_inside_another_range_is_the_default_in_its_own_cell(name, arguments, expected):
    assert [row[0] for row in call(name, list(arguments))] == pytest.approx(expected, abs=0.006)


# --- errors inside ranges ----------------------------------------------------------------------------------------


def test_each_bad_cell_of_a_range_shows_its_own_error_and_the_others_their_price():
    result = egress([[5.0], ["5"], [-1.0], [ExcelError("#REF!")], [True], ["x"], [float("nan")]], "PB")
    assert codes(result) == [["ok"], ["#VALUE!"], ["#NUM!"], ["#REF!"], ["#VALUE!"], ["#VALUE!"], ["#NUM!"]]
    assert "quotation marks" in result[1][0].message
    assert "not -1" in result[2][0].message


def test_bad_cells_of_several_ranges_meet_in_one_result():
    result = egress([[5.0], [EMPTY], [5.0]], "PB", GAP, GAP, GAP, [[0.1], [0.1], [10.0]])
    assert codes(result) == [["ok"], ["#VALUE!"], ["#NUM!"]]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("VIDEO_STORAGE", (5.0, "PB", GAP, GAP, [[1.0], [-1.0]])),
        ("VIDEO_STORAGE", (5.0, "PB", GAP, [[1.0], [-1.0]])),
        ("VIDEO_STORAGE", (5.0, "PB", GAP, GAP, GAP, [[1.0], [-1.0]])),
        ("VIDEO_RETRIEVAL", ([[1.0], [-1.0]], "PB", "r2.standard")),
        ("VIDEO_REQUESTS", (5.0, "delete", "r2.standard", GAP, [[0.1], [10.0]])),
        ("VIDEO_RATE", (GAP, [[1.0], [0.0]], "PB")),
    ],
)
def test_no_function_drops_a_bad_cell_even_where_the_price_does_not_depend_on_it(name, arguments):
    assert codes(call(name, list(arguments))) == [["ok"], ["#NUM!"]]


def test_a_text_amount_with_a_unit_and_one_without_are_told_apart_cell_by_cell():
    assert codes(egress([["5 PB"], [5.0], ["5,000 TB"]])) == [["ok"], ["#VALUE!"], ["#VALUE!"]]
    assert codes(egress([["5 PB"], [5.0]], "PB")) == [["#VALUE!"], ["ok"]]


@pytest.mark.parametrize("code", ["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"])
@pytest.mark.parametrize("position", range(8))
def test_an_error_cell_in_any_argument_passes_through(position, code):
    values = [5.0, "PB", "aws.internet", 0.0, "us-east-1", 0.0, [["meter", "rate"]], "2026-10-01"]
    values[position] = ExcelError(code)
    assert egress(*values).code == code


# --- discount ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("discount", "expected"), [(0.0, 236_716.84), (0.25, 177_537.63), (1.0, 0.0)])
def test_a_discount_is_a_share_from_0_to_1(discount, expected):
    assert egress(5.0, "PB", GAP, GAP, GAP, discount) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("discount", [10.0, 1.000001, -0.1, float("nan"), float("inf")])
def test_a_discount_of_10_is_outside_its_domain_and_not_ten_percent(discount):
    result = egress(5.0, "PB", GAP, GAP, GAP, discount)
    assert result.code == "#NUM!"
    assert "from 0 to 1" in result.message


# --- private rates -----------------------------------------------------------------------------------------------

RATE = ["aws.transfer.internet-out", 0.02]
FLAT = 93_132.26  # 4,656,612.873077 x 0.02, without the free 100 GB


def with_rates(table, as_of=GAP):
    return egress(5.0, "PB", GAP, GAP, GAP, GAP, table, as_of)


@pytest.mark.parametrize(
    "table",
    [
        [["meter", "rate"], RATE],
        [["Rate ", " METER"], RATE[::-1]],
        [["note", "meter", "rate", ""], ["ours", *RATE, EMPTY]],
        [["meter", "rate", "region", "from", "to"], [*RATE, EMPTY, EMPTY, EMPTY], [EMPTY] * 5],
        [["meter", "rate", "region"], [*RATE, "us-east-1"], ["r2.standard.put", 1.0, ""]],
        [["meter", "rate"], [" AWS.Transfer.Internet-Out", 0.02]],
    ],
)
def test_rates_are_found_by_their_headers_in_any_order_and_case(table):
    assert with_rates(table) == pytest.approx(FLAT, abs=0.005)


def test_a_header_alone_is_no_rate():
    assert with_rates([["meter", "rate"]]) == EGRESS_5PB
    assert with_rates([["meter", "rate"], [EMPTY, EMPTY]]) == EGRESS_5PB


@pytest.mark.parametrize(
    ("table", "code", "fragment"),
    [
        ([["metre", "rate"], RATE], "#VALUE!", "Nearest: meter"),
        ([["meter", "price"], RATE], "#VALUE!", "column 'rate' is missing (read: meter, price)"),
        ([["meter", "rate", "rate"], [*RATE, 0.03]], "#VALUE!", "'rate' appears twice"),
        ([RATE, RATE], "#VALUE!", "needs a header row"),
        ([["meter", "rate"], RATE, RATE], "#VALUE!", "two rates"),
        ([["meter", "rate"], ["aws.transfer.internet-outs", 0.02]], "#N/A", "Nearest: aws.transfer.internet-out"),
        ([["meter", "rate"], [RATE[0], -0.02]], "#NUM!", "row 2"),
        ([["meter", "rate"], [RATE[0], "0.02"]], "#VALUE!", "Remove the quotation marks"),
        ([["meter", "rate"], [RATE[0], EMPTY]], "#VALUE!", "row 2: rate is a number, not an empty cell"),
        ([["meter", "rate"], [EMPTY, 0.02]], "#VALUE!", "row 2: meter"),
        ([["meter", "rate"], [RATE[0], ExcelError("#DIV/0!")]], "#DIV/0!", "row 2, column rate"),
        ([["meter", "rate", "region"], [*RATE, "eu-west-9"]], "#N/A", "eu-west-1"),
        ([["meter", "rate", "from"], [*RATE, "soon"]], "#VALUE!", "row 2: from 'soon' is not a date"),
        ([["meter", "rate", "from", "to"], [*RATE, "2026-07-01", "2026-06-30"]], "#NUM!", "before it starts"),
        ([["meter", "rate", "from"], [*RATE, "2026-01-01"]], "#VALUE!", "as_of is needed"),
        (0.02, "#VALUE!", "range with a header row"),
        ("aws.transfer.internet-out", "#VALUE!", "range with a header row"),
    ],
)
def test_a_table_of_rates_with_a_mistake_is_refused_with_its_place(table, code, fragment):
    result = with_rates(table)
    assert result.code == code
    assert fragment in result.message


def test_dated_rates_hold_on_their_days_and_the_list_price_on_others():
    table = [["meter", "rate", "from", "to"], [*RATE, 46_296.0, "2026-10-31"]]  # from 2026-10-01
    result = with_rates(table, [["2026-09-30"], ["2026-10-01"], ["2026-10-31"], ["2026-11-01"]])
    expected = [[236_716.84], [FLAT], [FLAT], [236_716.84]]
    assert np.array(result) == pytest.approx(np.array(expected), abs=0.005)


# --- as_of -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "price"),
    [
        (46_142.0, 6.00),  # 2026-04-30: 46,023 is 2026-01-01, and January to April have 120 days less one
        (46_143.0, 6.95),
        (46_143, 6.95),
        (46_142.999, 6.00),  # a time of that day
        ("2026-04-30", 6.00),
        (" 2026-05-01 ", 6.95),
        (date(2026, 4, 30), 6.00),
        (datetime(2026, 5, 1, 12, 30), 6.95),
        (GAP, 6.95),
        (EMPTY, 6.95),
    ],
)
def test_as_of_is_a_date_a_date_number_or_an_iso_text(day, price):
    assert call("VIDEO_RATE", ["b2.standard.storage", GAP, GAP, GAP, GAP, GAP, day]) == pytest.approx(price)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("1 May 2026", "#VALUE!"),
        ("01/05/2026", "#VALUE!"),
        (True, "#VALUE!"),
        (0.0, "#NUM!"),
        (-5.0, "#NUM!"),
        (3e6, "#NUM!"),
    ],
)
def test_what_is_not_clearly_a_day_is_refused(day, code):
    assert egress(5.0, "PB", GAP, GAP, GAP, GAP, GAP, day).code == code


def test_a_day_before_the_book_is_a_missing_price_in_its_own_cell_only():
    result = egress(5.0, "PB", GAP, GAP, GAP, GAP, GAP, [["2026-10-01"], ["2020-01-01"], ["soon"], [NA]])
    assert codes(result) == [["ok"], ["#N/A"], ["#VALUE!"], ["#N/A"]]
    assert "first holds from 2023-06-19" in result[1][0].message
    assert egress(5.0, "PB", GAP, GAP, GAP, GAP, GAP, "2020-01-01").code == "#N/A"


def test_even_a_free_answer_is_refused_for_a_day_before_the_book():
    result = call("VIDEO_RETRIEVAL", [5.0, "PB", "r2.standard", *[GAP] * 4, [["2026-10-01"], ["2020-01-01"]]])
    assert codes(result) == [["ok"], ["#N/A"]]
    assert call("VIDEO_REQUESTS", [5.0, "delete", "r2.standard", GAP, GAP, GAP, "2020-01-01"]).code == "#N/A"


def test_one_day_for_each_of_many_amounts():
    result = call(
        "VIDEO_STORAGE", [[[1.01], [2.01]], "TB", "b2.standard", *[GAP] * 6, [["2026-04-30"], ["2026-05-01"]]]
    )
    assert np.array(result) == pytest.approx(np.array([[6.00], [13.90]]))


# --- plain Python ------------------------------------------------------------------------------------------------


def test_python_may_hand_over_arrays_and_pandas():
    assert VIDEO_EGRESS(np.array([5.0, 5.0]), "PB") == pytest.approx(np.full(2, 236_716.84), abs=0.005)
    assert VIDEO_EGRESS(pd.Series([5, 5]), "PB").shape == (2,)
    assert VIDEO_CONVERT([1, 2], "TB", "GB").tolist() == [1_000, 2_000]
    rates = pd.DataFrame({"meter": [RATE[0]], "rate": [0.02], "region": [np.nan]})
    assert VIDEO_EGRESS(5, "PB", rates=rates) == pytest.approx(FLAT, abs=0.005)


def test_python_gets_the_first_bad_cell_as_an_exception():
    with pytest.raises(CellError, match="cell 2 of the range"):
        VIDEO_EGRESS([5.0, -1.0], "PB")
