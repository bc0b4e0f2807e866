"""What formulas read, whether or not they are computed here."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest

from tests.sheets.calc_files import package, rows
from vidcost_xl.sheets.formulas.precedents import precedents
from vidcost_xl.sheets.formulas.resolver import Resolver
from vidcost_xl.sheets.formulas.view import Contents

NAMES = (
    '<definedName name="rate">Sheet1!$C$1</definedName><definedName name="tax">0.19</definedName>'
    '<definedName name="moving">OFFSET(Sheet1!$C$1,1,0)</definedName>'
)


def read(inside: str, names: str = NAMES) -> dict[str, list[str]]:
    contents = Contents(package(rows(inside), names=names), "a.xlsx")
    found = precedents(Resolver(contents.book), contents.entries.values())
    return {f"{key[1]},{key[2]}": [area.text.replace("'", "") for area in areas] for key, areas in found.items()}


@pytest.mark.parametrize(
    ("formula", "areas"),
    [
        ("A2+Sheet1!$B$3", ["Sheet1!A2", "Sheet1!B3"]),
        ("SUM(B2:A9)+A:A", ["Sheet1!A2:B9", "Sheet1!A:A"]),
        ("A2*rate*tax*unknown", ["Sheet1!A2", "Sheet1!C1"]),
        ("A2+moving", ["Sheet1!A2"]),
        ('INDIRECT("B2")+OFFSET(A2,1,0)', ["Sheet1!A2"]),  # is not computed here
        ("[1]Plan!A1+Gone!A1+A2", ["Sheet1!A2"]),
        ('"A9"&A2', ["Sheet1!A2"]),
    ],
)
def test_a_formula_reads_the_cells_that_it_names(formula, areas):
    assert read(f'<c r="D1"><f>{escape(formula)}</f></c>') == {"1,4": areas}


def test_a_shared_formula_reads_the_cells_of_where_it_stands():
    inside = '<c r="D1"><f t="shared" ref="D1:E1" si="0">A1+$B2</f></c><c r="E1"><f t="shared" si="0"/></c>'
    assert read(inside) == {"1,4": ["Sheet1!A1", "Sheet1!B2"], "1,5": ["Sheet1!B1", "Sheet1!B2"]}
