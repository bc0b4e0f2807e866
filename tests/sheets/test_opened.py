"""A workbook that stays open gives what a computation of the whole file gives."""

from __future__ import annotations

import pytest

from tests.sheets.opened import Opened, typed_into
from tests.sheets.plan.plan_cases import CASES
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.calc.values import recalculate

#: Of the cases of parity, one with many inputs and with lines of Changes.
CHANGED = "a second version, retention, lifecycle, early deletion, a lower plan"


def texts(values):
    # An error is equal to another of its code only in its text, and 1 is not TRUE.
    return {key: repr(value) for key, value in values.items()}


@pytest.mark.sweep
def test_what_is_typed_one_after_another_is_computed_as_a_whole_file_is(models):
    model = models["bill"]
    discount, videos, size = (
        model.addresses.key(f"in_{name}.value")
        for name in ("commercial_discount", "dataset_videos", "dataset_mb_per_video")
    )
    # Errors in every result; then 18 other inputs, with lines where nothing stood; then those of the file again.
    first = typed_into(model.data, {discount: 12.0, videos: "many", size: ""})
    assert isinstance(first[model.addresses.key("k_total.total")], ExcelError)
    cells = CASES[CHANGED].cells(model.addresses)
    assert texts(typed_into(model.data, cells)) == texts(recalculate(model.data, cells))
    assert texts(typed_into(model.data, {})) == texts(model.values)
    with pytest.raises(AssertionError, match="something else was typed"):
        first[model.addresses.key("guards_first.value")]


def test_a_formula_that_is_typed_over_is_computed_with_the_whole_file(quick):
    place = next(key for key, value in quick.values.items() if isinstance(value, float))
    assert typed_into(quick.data, {place: 7.0}) == recalculate(quick.data, {place: 7.0})
    assert Opened(quick.data).anchors
