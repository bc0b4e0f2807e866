"""Looks that follow what cells hold: flags, faults, what does not count, values that are out of date."""

from __future__ import annotations

from typing import Any, Final

from openpyxl.formatting import rule as openpyxl_rules
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter

from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.sheet_layout import SheetLayout
from vidcost_xl.sheets.layout.styles import ABSENT, FAIL_FILL, FORMATS, MUTED, OK_FILL

#: Untyped in the stubs.
_RULES: Final[Any] = openpyxl_rules

#: A number that no format of cells has: some readers take either for the other.
_OUT_OF_DATE: Final = NumberFormat(numFmtId=999, formatCode=FORMATS["out_of_date"])


def add_conditions(sheet: Any, declared: SheetLayout, addresses: Addresses) -> None:
    """Write the conditional formats of a sheet of openpyxl; the first that holds counts."""

    def add(area: str, rule: Any) -> None:
        sheet.conditional_formatting.add(area, rule)

    def holds(condition: str) -> str:
        return addresses.formula(condition, declared.name, "")

    for flags in declared.flags:
        area = area_of(addresses, flags)
        # An empty text says nothing; Excel takes it for something other than 0.
        wrong = f"N({area.split(':')[0]})<>0"
        add(area, _RULES.FormulaRule([wrong], fill=PatternFill(bgColor=FAIL_FILL)))
        add(area, _RULES.CellIsRule("equal", ["0"], fill=PatternFill(bgColor=OK_FILL)))
    for cells, said in declared.faults:
        _, row, at = addresses.position(said.strip("{}"))
        rule = _RULES.FormulaRule([f'${get_column_letter(at)}{row}<>""'], fill=PatternFill(bgColor=FAIL_FILL))
        add(area_of(addresses, cells), rule)
    for cells, condition in declared.muted:
        add(area_of(addresses, cells), _RULES.FormulaRule([holds(condition)], font=Font(color=ABSENT)))
    for cells, condition in declared.outdated:
        look = DifferentialStyle(font=Font(color=MUTED), numFmt=_OUT_OF_DATE)
        add(area_of(addresses, cells), _RULES.Rule(type="expression", formula=[holds(condition)], dxf=look))
    for functions in declared.engine_areas:
        area = area_of(addresses, functions)
        add(area, _RULES.FormulaRule([f"ISERROR({area.split(':')[0]})"], font=Font(color=ABSENT)))


def area_of(addresses: Addresses, reference: str) -> str:
    """The cells of a reference, without their sheet and dollars."""
    return addresses.absolute(reference).split("!")[1].replace("$", "")
