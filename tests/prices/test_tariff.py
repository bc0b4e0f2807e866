"""Tariffs: properties of every price in the book, and the bounds of constructed ones by hand.

The oracle here knows nothing of the code's kernels: it walks the declared tiers one range of
units at a time, in exact fractions, and asks for each range which price holds in its middle.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidcost_xl.prices.book import compile_tariff, price_book
from vidcost_xl.prices.schema import Meter, Price
from vidcost_xl.prices.tariff import CHUNK, Tariff

ROWS = [(meter, price) for meter in price_book().meters.values() for price in meter.price]


def has_minimum(meter: Meter, price: Price) -> bool:
    """Whether a little costs as much as more."""
    return meter.minimum_quantity > 0 or price.minimum_charge > 0


def form(meter: Meter, price: Price) -> tuple:
    """What decides how a tariff computes: prices of one form differ in their numbers only."""
    free = price.allowance.position if price.allowance else None
    rules = (meter.tariff, meter.rounding, has_minimum(meter, price), meter.hours_per_month is not None)
    return *rules, len(price.tiers), free, price.tiers[0].price == 0


#: The first price of each form.
FORMS = {form(*row): row for row in reversed(ROWS)}
every_form = pytest.mark.parametrize(("meter", "price"), [pytest.param(*row, id=row[0].id) for row in FORMS.values()])

# AWS internet egress as printed by the AWSDataTransfer offer of 2026-09-16, without the free 100 GB.
EGRESS = Tariff((0, 10_240, 51_200, 153_600), (0.09, 0.085, 0.07, 0.05))


def exact(number: float) -> Fraction:
    """The decimal number that was written, not its binary neighbour."""
    return Fraction(repr(float(number)))


def walk(
    starts: list[Fraction],
    prices: list[Fraction],
    quantity: Fraction,
    *,
    allowance: Fraction = Fraction(0),
    before: bool = True,
    whole_volume: bool = False,
) -> Fraction:
    """What `quantity` costs, one range of units after the other."""

    def price_at(position: Fraction) -> Fraction:
        reached = [price for start, price in zip(starts, prices, strict=True) if start < position]
        return reached[-1] if reached else prices[0]

    if whole_volume:
        paid = max(quantity - allowance, Fraction(0))
        return paid * price_at(paid if before else quantity)
    shift = allowance if before else Fraction(0)
    cuts = sorted({Fraction(0), allowance, quantity, *(start + shift for start in starts)})
    total = Fraction(0)
    for low, high in pairwise(cut for cut in cuts if cut <= quantity):
        middle = (low + high) / 2
        if middle > allowance:
            total += (high - low) * price_at(middle - shift)
    return total


def oracle(meter: Meter, price: Price, quantity: Fraction) -> float:
    """The bill of one row of the book, from what its file says."""
    hours = exact(meter.hours_per_month or 1)
    billed = Fraction(math.ceil(quantity)) if meter.rounding == "up" else quantity
    if 0 < billed < exact(meter.minimum_quantity):
        billed = exact(meter.minimum_quantity)
    free = price.allowance
    least = exact(price.minimum_charge) if quantity > 0 else Fraction(0)
    return float(
        max(
            least,
            walk(
                [exact(tier.start) for tier in price.tiers],
                [exact(tier.price) * hours for tier in price.tiers],
                billed,
                allowance=exact(free.quantity) if free else Fraction(0),
                before=free is None or free.position == "before",
                whole_volume=meter.tariff == "whole-volume",
            ),
        )
    )


def quantities(price: Price) -> st.SearchStrategy[float]:
    """Sixty-fourths of a billing unit, exact in binary; often at a bound or just beside it."""
    bounds = [tier.start for tier in price.tiers]
    if price.allowance:
        bounds += [bound + price.allowance.quantity for bound in bounds]
    near = [max(0.0, round(bound) + step / 64) for bound in bounds for step in (-64, -1, 0, 1, 64)]
    far = int(4 * max(*bounds, 1_000_000))
    return st.one_of(st.sampled_from(near), st.integers(0, far * 64).map(lambda n: n / 64))


def close(expected: float):
    return pytest.approx(expected, rel=1e-11, abs=1e-8)


def concave_without_allowance(meter: Meter, price: Price) -> bool:
    prices = [tier.price for tier in price.tiers]
    return (
        meter.tariff == "graduated"
        and price.allowance is None
        and meter.rounding == "none"
        and not has_minimum(meter, price)
        and all(low >= high for low, high in pairwise(prices))
    )


# --- every row of the book ---------------------------------------------------------------------------------------


def test_nothing_costs_nothing():
    for meter, price in ROWS:
        tariff = compile_tariff(meter, price)
        assert tariff.charge(0.0) == 0.0, meter.id
        assert tariff.charges(np.zeros(3)).tolist() == [0.0, 0.0, 0.0], meter.id
        assert tariff.tier_charges(0.0, 0.0) == [], meter.id


def test_every_bound_costs_what_a_walk_through_the_tiers_costs():
    for meter, price in ROWS:
        tariff = compile_tariff(meter, price)
        shift = price.allowance.quantity if price.allowance else 0.0
        bounds = [tier.start for tier in price.tiers] + [tier.start + shift for tier in price.tiers]
        points = np.array([max(0.0, bound + step) for bound in bounds for step in (-1, -0.25, 0, 0.25, 1)])
        expected = [oracle(meter, price, exact(point)) for point in points.tolist()]
        assert [tariff.charge(point) for point in points.tolist()] == close(expected), meter.id
        assert tariff.charges(points).tolist() == close(expected), meter.id


@every_form
def test_scalars_arrays_and_an_independent_walk_agree_and_tiers_sum_to_the_charge(meter, price):
    tariff = compile_tariff(meter, price)

    @settings(max_examples=50)
    @given(st.lists(quantities(price), min_size=1, max_size=6))
    def proof(amounts):
        expected = [oracle(meter, price, exact(amount)) for amount in amounts]
        assert [tariff.charge(amount) for amount in amounts] == close(expected)
        assert tariff.charges(np.array(amounts)).tolist() == close(expected)
        summed = [math.fsum(part.amount for part in tariff.tier_charges(0.0, amount)) for amount in amounts]
        assert summed == close(expected)

    proof()


@every_form
def test_more_never_costs_less_and_a_graduated_price_never_jumps(meter, price):
    tariff = compile_tariff(meter, price)
    dearest = max(tier.price for tier in price.tiers) * (meter.hours_per_month or 1)

    @settings(max_examples=50)
    @given(quantities(price), st.integers(0, 640).map(lambda n: n / 64))
    def proof(amount, more):
        step = tariff.charge(amount + more) - tariff.charge(amount)
        slack = 1e-12 * tariff.charge(amount + more) + 1e-12
        assert meter.tariff == "whole-volume" or step >= -slack
        if meter.tariff == "graduated" and meter.rounding == "none" and not has_minimum(meter, price):
            assert step <= dearest * more + slack

    proof()


@every_form
def test_a_prior_volume_continues_the_tiers(meter, price):
    tariff = compile_tariff(meter, price)

    @settings(max_examples=50)
    @given(quantities(price), quantities(price))
    def proof(prior, amount):
        both, first = oracle(meter, price, exact(prior) + exact(amount)), oracle(meter, price, exact(prior))
        rounding = pytest.approx(both - first, rel=1e-9, abs=1e-11 * both + 1e-8)
        assert tariff.charge_after(prior, amount) == rounding
        assert tariff.charges_after(prior, np.array([amount])).tolist() == [rounding]
        assert tariff.charges_after(np.array([prior]), amount).tolist() == [rounding]
        assert math.fsum(part.amount for part in tariff.tier_charges(prior, amount)) == rounding

    proof()


@pytest.mark.parametrize(
    ("meter", "price"),
    [pytest.param(*row, id=row[0].id) for row in FORMS.values() if concave_without_allowance(*row)],
)
def test_pooling_never_costs_more_where_no_tier_is_dearer_than_the_one_before(meter, price):
    tariff = compile_tariff(meter, price)

    @settings(max_examples=50)
    @given(quantities(price), quantities(price))
    def proof(one, other):
        apart = tariff.charge(one) + tariff.charge(other)
        assert tariff.charge(one + other) <= apart * (1 + 1e-12) + 1e-12

    proof()


def test_the_book_holds_concave_prices_and_others_so_both_are_proved():
    concave = [row for row in ROWS if concave_without_allowance(*row)]
    assert len(ROWS) >= 160
    assert 100 < len(concave) < len(ROWS)
    assert all(compile_tariff(*row).is_concave for row in concave)


# --- reference points --------------------------------------------------------------------------------------------


def test_822031_gb_are_not_822031_times_the_last_rate():
    # FINANCE_RULES.md. 10,240 x 0.09 + 40,960 x 0.085 + 102,400 x 0.07 + 668,431 x 0.05
    #                 =   921.60     +   3,481.60     +   7,168.00     +  33,421.55     = 44,992.75
    assert EGRESS.charge(822_031) == pytest.approx(44_992.75, abs=1e-9)
    assert EGRESS.charges(np.array([822_031.0]))[0] == pytest.approx(44_992.75, abs=1e-9)
    assert EGRESS.charge(822_031) != pytest.approx(822_031 * 0.05, rel=0.05)


@pytest.mark.parametrize(
    ("quantity", "cost"),
    [
        (10_239, 921.51),  # 10,239 x 0.09
        (10_240, 921.60),  # the bound belongs to the tier below
        (10_241, 921.685),  # + 1 x 0.085
        (51_200, 4_403.20),  # 921.60 + 40,960 x 0.085: a peer prices these 50 TB at 0
        (51_201, 4_403.27),
        (153_600, 11_571.20),  # 4,403.20 + 102,400 x 0.07: a peer asks twice this for 150 TB
        (153_600.001, 11_571.20005),
        (153_601, 11_571.25),
    ],
)
def test_a_bound_costs_neither_nothing_nor_twice(quantity, cost):
    assert EGRESS.charge(quantity) == pytest.approx(cost, abs=1e-9)
    assert EGRESS.charges(np.array([quantity]))[0] == pytest.approx(cost, abs=1e-9)


# --- allowances --------------------------------------------------------------------------------------------------

BEFORE = Tariff((0, 100), (0.10, 0.05), allowance=30, allowance_position="before")
INSIDE = Tariff((0, 100), (0.10, 0.05), allowance=30, allowance_position="inside")


@pytest.mark.parametrize(
    ("quantity", "before", "inside"),
    [
        (0, 0, 0),
        (30, 0, 0),
        (31, 0.10, 0.10),
        (100, 7.00, 7.00),  # 70 paid
        (101, 7.10, 7.05),  # before: still 71 in the first tier; inside: the 101st unit is in the second
        (130, 10.00, 8.50),  # before: 100 x 0.10; inside: 70 x 0.10 + 30 x 0.05
        (131, 10.05, 8.55),
    ],
)
def test_an_allowance_before_the_tiers_shifts_their_bounds_and_one_inside_does_not(quantity, before, inside):
    assert BEFORE.charge(quantity) == pytest.approx(before, abs=1e-12)
    assert INSIDE.charge(quantity) == pytest.approx(inside, abs=1e-12)
    assert BEFORE.charges(np.array([float(quantity)]))[0] == pytest.approx(before, abs=1e-12)
    assert INSIDE.charges(np.array([float(quantity)]))[0] == pytest.approx(inside, abs=1e-12)


@pytest.mark.parametrize(
    ("allowance", "quantity", "cost"),
    [(100, 100, 0), (100, 101, 0.05), (150, 150, 0), (150, 151, 0.05), (99, 100, 0.10), (99, 101, 0.15)],
)
def test_an_inside_allowance_at_or_beyond_a_bound_leaves_only_the_tiers_above_it(allowance, quantity, cost):
    tariff = Tariff((0, 100), (0.10, 0.05), allowance=allowance, allowance_position="inside")
    assert tariff.charge(quantity) == pytest.approx(cost, abs=1e-12)
    assert tariff.charges(np.array([float(quantity)]))[0] == pytest.approx(cost, abs=1e-12)


def test_pooling_two_free_allowances_into_one_costs_more_so_such_a_tariff_is_not_called_concave():
    assert BEFORE.charge(60) > 2 * BEFORE.charge(30) == 0
    assert not BEFORE.is_concave
    assert not INSIDE.is_concave


# --- whole-volume ------------------------------------------------------------------------------------------------

WHOLE = Tariff((0, 100), (0.10, 0.05), kind="whole-volume")
WHOLE_BEFORE = Tariff((0, 100), (0.10, 0.05), kind="whole-volume", allowance=30, allowance_position="before")
WHOLE_INSIDE = Tariff((0, 100), (0.10, 0.05), kind="whole-volume", allowance=30, allowance_position="inside")


@pytest.mark.parametrize(
    ("tariff", "quantity", "cost"),
    [
        (WHOLE, 0, 0),
        (WHOLE, 99, 9.90),
        (WHOLE, 100, 10.00),
        (WHOLE, 100.5, 5.025),  # all of it at 0.05
        (WHOLE, 1_000, 50.00),
        (WHOLE_BEFORE, 30, 0),
        (WHOLE_BEFORE, 130, 10.00),  # 100 paid, at the bound
        (WHOLE_BEFORE, 130.5, 5.025),  # 100.5 paid, above it
        (WHOLE_INSIDE, 30, 0),
        (WHOLE_INSIDE, 100, 7.00),  # 70 paid, the volume at the bound
        (WHOLE_INSIDE, 100.5, 3.525),  # 70.5 paid at 0.05
    ],
)
def test_whole_volume_prices_all_of_it_at_the_tier_it_reaches(tariff, quantity, cost):
    assert tariff.charge(quantity) == pytest.approx(cost, abs=1e-12)
    assert tariff.charges(np.array([float(quantity)]))[0] == pytest.approx(cost, abs=1e-12)
    assert math.fsum(part.amount for part in tariff.tier_charges(0, quantity)) == pytest.approx(cost, abs=1e-12)
    assert not tariff.is_concave
    assert not tariff.is_continuous


def test_a_whole_volume_prior_can_make_the_rest_cheaper_than_nothing():
    # 150 cost 7.50 and the first 100 alone cost 10.00: the month's second 50 take 2.50 off.
    assert WHOLE.charge_after(100, 50) == pytest.approx(-2.50)
    assert math.fsum(part.amount for part in WHOLE.tier_charges(100, 50)) == pytest.approx(-2.50)


# --- rounding and minimum ----------------------------------------------------------------------------------------

MILLIONS = Tariff((0,), (4.50,), allowance=1, round_up=True)  # Cloudflare R2, Class A operations


def test_noise_of_a_conversion_bills_no_unit_more():
    # 10^9 videos growing by 2% for three months are 10,612,080 GB: a float next to it is the same bill.
    noisy = float(np.nextafter(10_612_080.0, np.inf))
    assert MILLIONS.charge(noisy) == MILLIONS.charge(10_612_080.0) == 4.50 * 10_612_079
    assert MILLIONS.charges(np.array([noisy]))[0] == 4.50 * 10_612_079
    assert MILLIONS.charge(10_612_080.001) == 4.50 * 10_612_080


@pytest.mark.parametrize(
    ("quantity", "billed", "cost"),
    [
        (0, 0, 0),
        (0.001, 1, 0),
        (1, 1, 0),
        (1.000001, 2, 4.50),
        (2, 2, 4.50),
        (2.5, 3, 9.00),
        (0.1 + 0.2 + 2.7, 3, 9.00),  # 3.0000000000000004 in binary: noise does not bill a unit
    ],
)
def test_a_started_unit_is_billed_whole_but_conversion_noise_is_not(quantity, billed, cost):
    assert MILLIONS.billed(quantity) == billed
    assert MILLIONS.charge(quantity) == pytest.approx(cost)
    assert MILLIONS.charges(np.array([quantity]))[0] == pytest.approx(cost)


TERABYTES = Tariff((0,), (7.99,), minimum_quantity=1)  # Wasabi: at least 1 TB a month


@pytest.mark.parametrize(
    ("quantity", "cost"), [(0, 0), (0.000001, 7.99), (0.5, 7.99), (1, 7.99), (1.5, 11.985), (2, 15.98)]
)
def test_a_minimum_quantity_is_billed_for_anything_above_nothing(quantity, cost):
    assert TERABYTES.charge(quantity) == pytest.approx(cost)
    assert TERABYTES.charges(np.array([float(quantity)]))[0] == pytest.approx(cost)


def test_a_minimum_already_billed_is_not_billed_again():
    assert TERABYTES.charge_after(0.5, 0.25) == 0
    assert TERABYTES.charge_after(0.5, 1.0) == pytest.approx(11.985 - 7.99)


# --- arrays ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(), (0,), (1,), (7,), (2, 3), (2, 3, 4), (0, 5), (CHUNK,), (CHUNK + 1,)])
@pytest.mark.parametrize("tariff", [EGRESS, BEFORE, WHOLE, MILLIONS, TERABYTES])
def test_any_shape_comes_back_in_its_own_shape(tariff, shape):
    source = np.linspace(0, 200_000, int(np.prod(shape))).reshape(shape)
    result = tariff.charges(source)
    assert result.shape == shape
    assert result.reshape(-1)[-3:].tolist() == close([tariff.charge(q) for q in source.reshape(-1)[-3:].tolist()])


@pytest.mark.parametrize("tariff", [EGRESS, BEFORE, WHOLE, MILLIONS, TERABYTES])
def test_views_that_are_not_contiguous_are_priced_cell_by_cell_and_left_alone(tariff):
    source = np.arange(0.0, 240.0).reshape(12, 20)
    view, copy = source[::2, ::-3].T, source.copy()
    expected = [[tariff.charge(cell) for cell in row] for row in view.tolist()]
    assert tariff.charges(view) == pytest.approx(np.array(expected))
    assert np.array_equal(source, copy)


@pytest.mark.parametrize("tariff", [EGRESS, BEFORE, INSIDE, WHOLE, WHOLE_INSIDE, MILLIONS, TERABYTES])
def test_nan_stays_nan_in_arrays_and_scalars_and_does_not_spread(tariff):
    result = tariff.charges(np.array([50.0, math.nan, 50.0]))
    assert np.isnan(result).tolist() == [False, True, False]
    assert result[0] == result[2] == pytest.approx(tariff.charge(50.0))
    assert math.isnan(tariff.charge(math.nan))
    assert np.isnan(tariff.charges_after(np.array([math.nan, 1.0]), 5.0)).tolist() == [True, False]


def test_priors_and_quantities_broadcast_against_each_other():
    result = EGRESS.charges_after(np.array([[0.0], [10_240.0]]), np.array([1.0, 2.0, 3.0]))
    assert result == pytest.approx(np.array([[0.09, 0.18, 0.27], [0.085, 0.17, 0.255]]))


@given(
    bounds=st.lists(st.floats(1, 1e6), max_size=5, unique=True),
    cents=st.lists(st.integers(0, 100), min_size=6, max_size=6),
    allowance=st.floats(0, 1e6),
    before=st.booleans(),
    whole=st.booleans(),
    amounts=st.lists(st.floats(0, 1e7), min_size=1, max_size=5),
)
def test_any_tariff_that_can_be_declared_agrees_with_the_walk(*, bounds, cents, allowance, before, whole, amounts):
    starts = [0.0, *sorted(bounds)]
    prices = [cent / 100 for cent in cents[: len(starts)]]
    tariff = Tariff(
        tuple(starts),
        tuple(prices),
        kind="whole-volume" if whole else "graduated",
        allowance=allowance,
        allowance_position="before" if before else "inside",
    )
    # Exact values of the binary numbers: a whole-volume tariff jumps at a bound, where decimals would disagree.
    # An amount within rounding error of such a jump is not asked.
    shift = allowance if before else 0.0
    clear = [q for q in amounts if not whole or all(abs(q - shift - s) > 1e-6 for s in starts[1:])]
    expected = [
        float(
            walk(
                [Fraction(start) for start in starts],
                [Fraction(price) for price in prices],
                Fraction(amount),
                allowance=Fraction(allowance),
                before=before,
                whole_volume=whole,
            )
        )
        for amount in clear
    ]
    loose = pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert [tariff.charge(amount) for amount in clear] == loose
    assert tariff.charges(np.array(clear)).tolist() == loose
    assert tariff.charge(0.0) == 0.0
    assert tariff.charges(np.zeros(1)).tolist() == [0.0]


def test_tiers_of_the_same_price_do_not_make_nothing_cost_less_than_nothing():
    # 0.7 x 0.1 + (0.9 - 0.7) x 0.1 is not 0.9 x 0.1 in binary.
    for bounds in ((0, 0.7, 0.9), (0, 0.1, 0.3), (0, 1.1, 3.3), (0, 0.3, 0.9), (0, 1.3, 1.7)):
        tariff = Tariff(bounds, (0.1, 0.1, 0.1))
        assert tariff.charges(np.zeros(1)).tolist() == [0.0]


@pytest.mark.parametrize(
    ("starts", "prices"),
    [((), ()), ((1,), (0.1,)), ((0, 10), (0.1,)), ((0, 10, 10), (1, 1, 1)), ((0, 9, 5), (1, 1, 1))],
)
def test_tiers_that_do_not_rise_from_zero_are_refused(starts, prices):
    with pytest.raises(ValueError, match="tier"):
        Tariff(starts, prices)
