"""Plans and bills for the tests of the model."""

from __future__ import annotations

import numpy as np
import pytest

from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset


class Priced:
    """A bill with short ways to its numbers: every amount is a plain list, one entry a month."""

    def __init__(self, plan):
        self.plan, self.bill = plan, evaluate(plan)

    def _months(self, values):
        return np.broadcast_to(values, (self.bill.state.months, values.shape[1]))[:, 0].tolist()

    def line(self, name):
        return self._months(self.bill.line(name).effective)

    def quantity(self, name):
        return self._months(self.bill.line(name).quantity)

    def volume(self, name):
        return self._months(self.bill.state.values[name])

    def stage(self, name):
        return self._months(self.bill.stage(name))

    def lines(self, start):
        """The sum of the lines whose ids start so."""
        found = [charge for charge in self.bill.charges if charge.line.id.startswith(start)]
        return self._months(self.bill.sum_of(found))

    @property
    def total(self):
        return self._months(self.bill.total)

    @property
    def ids(self):
        return [charge.line.id for charge in self.bill.charges]


@pytest.fixture
def priced():
    """A function from overrides of a preset to its bill."""

    def build(overrides=None, preset_name="article"):
        return Priced(preset(preset_name).with_overrides((overrides or {}).items()))

    return build


@pytest.fixture
def alone():
    """Overrides that leave 5 PB of features as the only data, read by nobody."""
    return {"representation.1.ratio": 0, "train.experiments": 0}
