"""Growth against 40 digits of decimal arithmetic, and the same to the last bit alone and among others."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest

from vidcost_xl.model import growth
from vidcost_xl.model.growth import compounded, power, running_sum

MONTHS = np.arange(121.0)[:, np.newaxis]


def exact(rate: float, months: int) -> float:
    with localcontext() as context:
        context.prec = 40
        return float((1 + Decimal(rate)) ** (Decimal(months) / 12))


@pytest.mark.parametrize("rate", [-0.9, -0.2, 0.0, 0.025, 0.03, 0.1, 1.0, 5.0])
def test_a_yearly_rate_compounds_to_15_digits(rate):
    found = compounded(np.array([[rate]]), MONTHS)[:, 0]

    assert found == pytest.approx([exact(rate, months) for months in range(121)], rel=2e-15)


def test_a_rate_among_others_grows_to_the_same_last_bit_as_alone():
    rates = np.linspace(-0.5, 2.0, 101)[np.newaxis]
    together = compounded(rates, MONTHS)

    for at in range(0, 101, 10):
        assert (together[:, at : at + 1] == compounded(rates[:, at : at + 1], MONTHS)).all()


def test_a_rate_of_each_month_holds_for_its_month():
    rates = np.array([[0.0], [0.1], [0.2]])

    assert compounded(rates, MONTHS[:3])[:, 0] == pytest.approx([1.0, 1.1 ** (1 / 12), 1.2 ** (2 / 12)], rel=2e-15)


class NumpyOf32Bits:
    """NumPy as Pyodide has it: indices have 32 bits, and `choose` takes no wider ones."""

    intp = np.int32

    def __getattr__(self, name):
        return getattr(np, name)

    @staticmethod
    def choose(index, choices):
        return np.choose(index.astype(np.int32, casting="safe"), choices)


def test_growth_needs_no_index_of_64_bits(monkeypatch):
    sampled = np.linspace(-0.5, 2.0, 11)[np.newaxis]
    alone = np.array([[0.0625]])  # of no other test: its curve is not remembered yet
    expected = compounded(sampled, MONTHS)
    monkeypatch.setattr(growth, "np", NumpyOf32Bits())

    assert (compounded(sampled, MONTHS) == expected).all()
    assert compounded(alone, MONTHS)[12, 0] == 1.0625


def test_whole_powers_of_whole_numbers_are_exact():
    assert power(np.array([[3.0]]), np.arange(30)[:, np.newaxis])[:, 0].tolist() == [3.0**at for at in range(30)]


def test_a_running_sum_weighs_by_age():
    values = np.array([[1.0], [10.0], [100.0], [1_000.0]])

    assert running_sum(values, np.array([1.0, 0.5]))[:, 0].tolist() == [1.0, 10.5, 105.0, 1_050.0]
    assert running_sum(values, np.array([1.0, 0.0, 1.0, 0.0]))[:, 0].tolist() == [1.0, 10.0, 101.0, 1_010.0]
