"""Small sides written by hand."""

from __future__ import annotations

from datetime import date

import pytest

from vidcost_xl.analysis.sides import Row, SideLine, side_of_rows

JANUARY = date(2027, 1, 1)


@pytest.fixture
def side():
    """A function from lines (id, quantity, amount, and what differs from the usual) to one side."""

    def build(*entries, currency="USD"):
        rows = []
        for name, quantity, amount, *other in entries:
            extra = other[0] if other else {}
            line = SideLine(name, extra.get("stage", "store"), name, extra.get("meter", name), extra.get("unit", "GB"))
            rows.append(Row(line, extra.get("month", JANUARY), quantity, amount, amount * extra.get("fx", 1.0)))
        return side_of_rows(rows, currency)

    return build
