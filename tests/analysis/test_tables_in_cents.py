"""Two tables and their difference in whole cents: lines, months and the whole add up and are near their own amounts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidcost_xl.analysis.tables_in_cents import both_in_cents, effects_in_cents

#: Cents that a line or a month of any table may be away from its own amount, however many of its cells are bound.
NEAR = 3


def off(cents, amounts, axis=None):
    return np.abs(cents.sum(axis=axis) - 100 * amounts.sum(axis=axis)).max(initial=0)


def test_three_thirds_by_three_are_a_dollar_each_way():
    """Nine cells of 33 1/3 cents: each row and column has one cell of 34."""
    old, _ = both_in_cents(np.full((3, 3), 1 / 3), np.zeros((3, 3)))
    assert old.sum(axis=0).tolist() == old.sum(axis=1).tolist() == [100, 100, 100]
    assert set(old.ravel().tolist()) == {33, 34}


def test_twelve_months_alike_do_not_pile_up_in_one_line_or_month():
    """Forty lines of 0.4 cents in twelve months: a month is 16 cents, a line 4.8, all of it 1.92."""
    old, new = both_in_cents(np.full((40, 12), 0.004), np.full((40, 12), 0.004))
    assert old.sum(axis=0).tolist() == [16] * 12 and set(old.sum(axis=1).tolist()) <= {4, 5} and old.sum() == 192
    assert (old == new).all()


def test_effects_of_half_a_cent_take_turns():
    """Twice 0.5 + 0.5 cents of a change of one cent: each effect gets one of the two."""
    effects = np.full((2, 1, 2), 0.005)
    assert sorted(effects_in_cents(effects, np.ones((1, 2), dtype=np.int64)).sum(axis=2).ravel().tolist()) == [1, 1]


@settings(max_examples=50, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.tuples(st.integers(1, 30), st.integers(1, 24)),
    st.floats(0, 1),
    st.floats(0, 1),
    st.booleans(),
)
def test_any_two_tables_add_up_and_stay_near(seed, shape, zeros, same, alike):
    lines, months = shape
    random = np.random.default_rng(seed)

    def table():
        amounts = random.uniform(-1e3, 1e6, (lines, 1 if alike else months)) * (random.random((lines, months)) > zeros)
        return np.broadcast_to(amounts, (lines, months)).copy()

    old = table()
    new = np.where(random.random((lines, months)) < same, old, table())
    shares = random.dirichlet(np.ones(3), (lines, months)).transpose(2, 0, 1)
    effects = shares * (new - old)
    before, after = both_in_cents(old, new)
    parts = effects_in_cents(effects, after - before)
    assert (before + parts.sum(axis=0) == after).all()
    for cents, amounts in ((before, old), (after, new)):
        assert np.abs(cents - 100 * amounts).max() < 1 and (cents[amounts == 0] == 0).all()
        assert off(cents, amounts) <= 0.501
        assert max(off(cents, amounts, 0), off(cents, amounts, 1)) < NEAR
    assert (before == after)[old == new].all()
    assert off(parts, effects, (1, 2)) < 3


def test_a_table_without_lines_is_one():
    before, after = both_in_cents(np.zeros((0, 3)), np.zeros((0, 3)))
    assert before.shape == after.shape == (0, 3) == effects_in_cents(np.zeros((2, 0, 3)), after).shape[1:]


@pytest.mark.parametrize("amount", [1e11, -1e11])
def test_large_amounts_keep_their_cents(amount):
    old, _ = both_in_cents(np.array([[amount + 0.25, 0.25]]), np.zeros((1, 2)))
    assert int(old.sum()) == round(amount * 100) + 50
