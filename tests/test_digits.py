"""A number is its first 15 digits: what is behind them decides nothing."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import vidcost_xl
from tests.last_bits import UNSETTLED
from vidcost_xl.analysis.cents import apportion, to_cents
from vidcost_xl.analysis.claims import FAILS, Claim, verdict
from vidcost_xl.analysis.figures import Figures
from vidcost_xl.digits import exceeds, kept, plainly, same, whole_up
from vidcost_xl.functions.storage import VIDEO_STORAGE
from vidcost_xl.prices.tariff import Tariff
from vidcost_xl.sheets.package.edits.values import number

PACKAGE = Path(vidcost_xl.__file__).parent

#: Calls of such functions that are for eyes only: nines of durability, to one decimal, and where an axis begins.
SHOWN_ONLY = {("model/own.py", "log10"), ("sheets/compare/actuals/blocks.py", "log10")}

#: Calls behind draws, whose figures have an error of their own that is far larger.
DRAWN = {
    ("analysis/spread.py", "exp"),
    ("analysis/spread.py", "log"),
    ("analysis/copula.py", "@"),
    ("analysis/steepest.py", "@"),
}

#: Calls of which the results are rounded at once, powers of whole numbers, and sums that weigh mixes, of which the
#: model prices the one that is given.
SETTLED = {
    *(("model/blocks/cache.py", name) for name in ("exp", "expm1", "log")),
    *(("analysis/mix/bounds.py", name) for name in ("einsum", "@")),
    ("analysis/mix/parts.py", "@"),
    ("analysis/mix/search.py", "**"),
}


def neighbours(value: float, steps: int = 4) -> list[float]:
    found = [value]
    for direction in (math.inf, -math.inf):
        moved = value
        for _ in range(steps):
            moved = math.nextafter(moved, direction)
            found.append(moved)
    return found


def unsettled_in(source: str) -> list[str]:
    """Operations whose last bit a processor or a library of mathematics decides."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.MatMult):
            found.append("@")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            # Squares are products; powers of numbers that stand in the code are those of whole numbers.
            is_square = isinstance(node.right, ast.Constant) and node.right.value == 2
            if not is_square and not isinstance(node.left, ast.Constant):
                found.append("**")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, name = node.func.value, node.func.attr
            of_module = isinstance(owner, ast.Name) and owner.id in {"np", "numpy", "math"}
            if (of_module and name in UNSETTLED | {"pow"}) or (name == "dot" and not of_module):
                found.append(name)
    return found


def test_nothing_computes_with_operations_that_processors_round_differently():
    found = {
        (path.relative_to(PACKAGE).as_posix(), operation)
        for path in PACKAGE.rglob("*.py")
        if "vectors" not in path.parts
        for operation in unsettled_in(path.read_text(encoding="utf-8"))
    }

    assert found == SHOWN_ONLY | DRAWN | SETTLED


@pytest.mark.parametrize(
    "text", ["a @ b", "a @= b", "np.power(a, b)", "math.exp(a)", "a.dot(b)", "(1 + a) ** (m / 12)"]
)
def test_each_of_them_is_seen(text):
    assert unsettled_in(text)


@pytest.mark.parametrize("value", [1 / 3, 10 / 11, 98_352.47, 5e15, 4.2e-7, 33.0])
def test_neighbours_are_one_number(value):
    for other in neighbours(value):
        assert same(value, other)
        assert not exceeds(other, value)
    assert not same(value, value * (1 + 1e-12))
    assert exceeds(value * (1 + 1e-12), value)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300))
def test_a_written_number_reads_back_to_15_digits_and_is_written_the_same_again(value):
    text = number(value)

    assert float(text) == kept(value)
    assert number(float(text)) == text
    assert math.isclose(float(text), value, rel_tol=5e-15, abs_tol=5e-324)


@pytest.mark.parametrize(
    ("value", "text"), [(10 / 11, "0.909090909090909"), (0.1 + 0.2, "0.3"), (-0.0, "0"), (5.0, "5")]
)
def test_numbers_are_written_as_excel_shows_them(value, text):
    for other in neighbours(value, 1):
        if value:
            assert number(other) == text
    assert number(value) == text


@pytest.mark.parametrize("whole", [1.0, 33.0, 4_656_613.0, 1e12])
def test_a_quantity_a_few_bits_off_a_whole_number_is_that_number(whole):
    assert set(whole_up(np.array(neighbours(whole)))) == {whole}
    assert whole_up(np.array([whole + 0.1]))[0] == whole + 1


def test_what_is_hardly_anything_is_one_unit_all_the_same():
    assert whole_up(np.array([0.0, 1e-12])).tolist() == [0.0, 1.0]


def test_billed_units_do_not_hang_on_the_last_bits():
    tariff = Tariff((0.0,), (0.5,), round_up=True)

    for quantity in neighbours(1_000.0):
        assert tariff.billed(quantity) == 1_000.0
        assert tariff.charges(np.array([quantity]))[0] == 500.0


def test_a_bound_of_a_whole_volume_tariff_is_not_crossed_by_the_last_bits():
    tariff = Tariff((0.0, 100.0), (1.0, 0.5), kind="whole-volume")

    for quantity in neighbours(100.0):
        assert tariff.charge(quantity) == pytest.approx(100.0, rel=1e-12)
    assert tariff.charge(100.001) == pytest.approx(50.0005)


def test_three_months_are_three_whatever_their_last_bits():
    # A part of a month would be billed at least a terabyte.
    for months in neighbours(3.0):
        assert VIDEO_STORAGE(5, "PB", "wasabi.hot", months) == VIDEO_STORAGE(5, "PB", "wasabi.hot", 3.0)


@pytest.mark.parametrize("test", ["about", "above", "at-least", "at-most"])
def test_a_claim_at_its_limit_is_judged_alike_whatever_the_last_bits(test):
    claim = Claim.model_construct(test=test, otherwise=FAILS)
    compared = 0.7 / 1.1 if test == "about" else 0.7

    assert len({verdict(claim, Figures(figure, compared, figure), 0.1) for figure in neighbours(0.7)}) == 1


def test_half_a_cent_goes_the_same_way_whatever_its_last_bits():
    for half, cents in ((1.005, 100), (2.675, 268), (1_234.565, 123_456)):
        assert {int(to_cents(amount)) for amount in neighbours(half)} == {cents}


@given(st.integers(0, 2**12 - 1))
def test_the_last_cent_goes_to_the_same_part_whatever_the_last_bits(bits):
    parts = np.full(12, 1 / 3)
    moved = np.where([bits >> at & 1 for at in range(12)], np.nextafter(parts, 1.0), parts)

    assert apportion(moved, 400).tolist() == apportion(parts, 400).tolist()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9.2e-05, "0.000092"),
        (5e-06, "0.000005"),
        (-1.5e-07, "-0.00000015"),
        (1e22, "10,000,000,000,000,000,000,000"),
        (1234.5, "1,234.5"),
        (100.0, "100"),
        (1 / 3, "0.3333333333"),
        (0.0, "0"),
    ],
)
def test_a_number_for_reading_has_no_exponent(value, text):
    assert plainly(value) == text
