"""References of shared formulas further right: the same as moved one by one."""

from __future__ import annotations

import pytest

from vidcost_xl.sheets.formulas.filled_right import FilledRight
from vidcost_xl.sheets.formulas.references import moved

REFERENCES = ("B3", "$B3", "B$3", "$B$3", "B2:C5", "$B2:C5", "'100% sure'!B2:$C$5", "B:$D", "$2:3", "b3", "XYZ1")


@pytest.mark.parametrize("right", [1, 30, -1])
def test_all_references_move_as_each_does(right):
    assert FilledRight(REFERENCES).at(right) == tuple(moved(text, 0, right) for text in REFERENCES)


def test_no_reference_leaves_the_sheet_and_none_is_none():
    assert FilledRight(("XFD1",)).at(1) is None
    assert FilledRight(()).at(1) == ()


def test_an_area_that_grows_is_said_to():
    assert FilledRight(("A1:B2", "$A$1")).keeps_sizes
    assert not FilledRight(("$A1:B2",)).keeps_sizes
