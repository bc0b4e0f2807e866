"""Formulas cut at their references to cells: all that differ in the cells alone are cut once, and none another way."""

from __future__ import annotations

from itertools import chain, zip_longest

import pytest

from vidcost_xl.sheets.formulas.copies import taken_apart

CUT = {
    "A1+$B$2": ("", "A1", "+", "$B$2", ""),
    "=SUM(A1:B2)": ("=SUM(", "A1:B2", ")"),
    "Prices!C3+'It''s A1'!D4": ("", "Prices!C3", "+", "'It''s A1'!D4", ""),
    "Q1!A1*100%": ("", "Q1!A1", "*100%"),
    '"A1"&A1&"50%s"': ('"A1"&', "A1", '&"50%s"'),
    "LOG10(A1)+DEC2BIN(5)": ("LOG10(", "A1", ")+DEC2BIN(5)"),
    "1E5+E5": ("1E5+", "E5", ""),
    "rate_A1+A1.x+TAX2026_A1": ("rate_A1+A1.x+TAX2026_A1",),
    "XFD1048576+A1": ("", "XFD1048576", "+", "A1", ""),
    "XFE1+A1048577+ZZZ1": ("XFE1+A1048577+ZZZ1",),
    "A1:XFE1": ("", "A1", ":XFE1"),
    "A:A+$1:2": ("", "A:A", "+", "$1:2", ""),
    "Costs[Q1]+A1#": ("Costs[Q1]+", "A1", "#"),
    "[1]Plan!A1+'C:\\a1\\[B2.xlsx]Plan'!B2": ("", "[1]Plan!A1", "+", "'C:\\a1\\[B2.xlsx]Plan'!B2", ""),
    "#N/A": ("#N/A",),
    'A1+"': ('A1+"',),
}


def pieces(formula):
    between, references = taken_apart(formula)
    return tuple(chain.from_iterable(zip_longest(between, references)))[: len(between) + len(references)]


@pytest.mark.parametrize("formula", CUT)
def test_a_formula_is_cut_at_its_references_to_cells(formula):
    assert pieces(formula) == CUT[formula]


@pytest.mark.parametrize("formula", CUT)
def test_a_formula_is_cut_the_same_whatever_was_cut_before(formula):
    for other in ("B2", "$AB$99", "c3"):
        found = pieces(formula.replace("A1", other))
        assert "".join(found) == formula.replace("A1", other)
        assert len(found) == len(CUT[formula])
    assert pieces(formula) == CUT[formula]
