"""What a workbook holds, whichever program saved it last."""

from __future__ import annotations

import pytest

from tests.sheets.calc_files import package, rows
from vidcost_xl.sheets.formulas.view import Contents


@pytest.mark.parametrize(
    ("cell", "formula"),
    [
        ('<c r="A1" t="b"><v>1</v></c>', ""),
        ('<c r="A1" t="b"><f>TRUE()</f><v>1</v></c>', ""),  # as LibreOffice saves the same cell
        ('<c r="A1" t="b"><f>false()</f><v>0</v></c>', ""),
        ('<c r="A1" t="b"><f>NOT(TRUE())</f><v>0</v></c>', "NOT(TRUE)"),
        ('<c r="A1" t="str"><f>"TRUE()"</f><v>TRUE()</v></c>', '"TRUE()"'),
        ('<c r="A1"><f>_xldudf_VIDEO_EGRESS(5, "PB")</f><v>1</v></c>', 'VIDEO_EGRESS(5,"PB")'),
        ('<c r="A1"><f> [1]!video_egress(5, "PB")</f><v>1</v></c>', 'VIDEO_EGRESS(5,"PB")'),
    ],
)
def test_a_formula_is_the_same_in_every_program(cell, formula):
    assert Contents(package(rows(cell)), "a.xlsx").formula(("Sheet1", 1, 1)) == formula
