"""How cells look: named styles, one palette, one set of number formats.

Inputs are blue on a pale fill, formulas black, links to other sheets green; every style
also reads in grey, because finance prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

#: LibreOffice substitutes Carlito, which has the same widths.
FONT: Final = "Calibri"
FONT_SIZE: Final = 10.0

NAVY: Final = "1F3864"
INK: Final = "000000"
INPUT_BLUE: Final = "0000FF"
LINK_GREEN: Final = "00612E"
MUTED: Final = "595959"
WHITE: Final = "FFFFFF"
PALE_INPUT: Final = "FFF8DC"
PALE_TOTAL: Final = "E7ECF4"
PALE_KPI: Final = "F3F5F9"
RULE: Final = "A6A6A6"
PALE_RULE: Final = "D9D9D9"
FAIL_INK: Final = "C00000"
FAIL_FILL: Final = "F8CBAD"
OK_FILL: Final = "E2EFDA"
ABSENT: Final = "A6A6A6"

#: Number formats by name. No date codes inside TEXT(), which depend on the locale.
FORMATS: Final[dict[str, str]] = {
    "general": "General",
    "text": "@",
    "usd": '"$"#,##0.00',
    "usd0": '"$"#,##0',
    "price": '"$"0.0000',
    "small_price": '"$"0.0000000',
    "count": "#,##0",
    "number": "#,##0.0##",
    "tenths": "#,##0.0",
    "factor": "0.000",
    # In place of a value that is of another plan by now.
    "out_of_date": '"out of date";"out of date";"out of date"',
    "share": "0.0%",
    "share2": "0.00%",
    # What people type, with the digits that it has: 36, 0.0136, 1,000,000,000; 5.0%, 1.36%.
    "typed": "[>=1000]#,##0;General",
    "typed_rate": "#,##0.00####",
    # A bound that no input reaches.
    "bound": '[>=1000000000000000000]"no limit";General',
    "typed_share": "0.0#####%",
    "date": "yyyy-mm-dd",
    "axis_month": "yyyy-mm",
    # The last day that Excel knows stands for none.
    "day_or_open": '[>=2958465]"open";yyyy-mm-dd',
    "day_or_newest": '[>=2958465]"the newest";yyyy-mm-dd',
    "day": '[=0]"-";yyyy-mm-dd',
    "money": '#,##0;-#,##0;"-"',
    # A balance that has come back to 0, or a sum that is compared, holds the noise of its sums: no -0.
    "balance": '[<-0.5]-#,##0;[<0.5]"-";#,##0',
    # Bytes shown as TB: a thousand is left out for every comma.
    "tb": '#,##0.0,,,,;-#,##0.0,,,,;"-"',
    "money_before": '"before: "#,##0',
    "cents_before": '"before: "#,##0.00',
    "money_change": '[<-0.5]-#,##0;[<0.5]"no change";+#,##0',
    "cents_change": '[<-0.005]-#,##0.00;[<0.005]"no change";+#,##0.00',
    "change": '+#,##0;-#,##0;"-"',
    "cents": "#,##0.00",
    "cents_dash": '#,##0.00;-#,##0.00;"-"',
    "closed": '[=1]"closed";"open"',
    "small_number": "#,##0.00######",
    # From a thousand on whole: people read no more digits, and the cell holds them.
    "quantity": '[>=1000]#,##0;[=0]"-";#,##0.0###',
    "compact": '[=0]"-";[>=1000000]0.000E+00;#,##0.0###',
    "tiny": "0E+00",
    # Of results that people read: millions as such, and no exponents.
    "figure": '[>=1000000]#,##0.000,," M";[=0]"-";#,##0.0##',
    "whole": '[>=1000000]#,##0.000,," M";[>=1]#,##0;General',
    "terabytes": '#,##0.0,,,," TB"',
    "chance": '[>=0.000001]0.0000%;[>0]"below 0.0001%";0%',
    "small_amount": '[>=0.001]#,##0.0##;[>0]"below 0.001";0',
    "allowed": '[>=0.005]#,##0.00;[>0]"below 0.01";0',
    # A difference below the promise of 1e-6 USD is floating-point noise and shows as 0.
    "difference": "[<-0.0000005]-#,##0.000000;[<0.0000005]0;#,##0.000000",
    "flag": '[=0]"OK";"CHECK"',
    "flags": '[=0]"all pass";0" to look at"',
}


@dataclass(frozen=True)
class Style:
    """The look of a cell.

    Parameters
    ----------
    format : str
        A key of `FORMATS`.
    shrink : bool
        A number that is wider than its column is written smaller, not as ###.
    locked : bool
        Inputs are not.
    """

    bold: bool = False
    italic: bool = False
    size: float = FONT_SIZE
    color: str = INK
    fill: str | None = None
    format: str = "general"
    align: Literal["general", "left", "center", "right"] = "general"
    wrap: bool = False
    shrink: bool = False
    indent: int = 0
    underline: bool = False
    line: Literal["none", "above", "below", "box"] = "none"
    locked: bool = True


STYLES: Final[dict[str, Style]] = {
    "text": Style(align="left"),
    "text_indent": Style(align="left", indent=1),
    "wrapped": Style(align="left", wrap=True),
    "wrapped_indent": Style(align="left", wrap=True, indent=1),
    "label_right": Style(align="right", color=MUTED),
    "unit": Style(align="left", color=MUTED, indent=1),
    "note": Style(align="left", color=MUTED, size=9, indent=1),
    "note_wrapped": Style(align="left", color=MUTED, size=9, indent=1, wrap=True),
    "small": Style(align="left", color=MUTED, size=9),
    "title": Style(bold=True, size=16, color=NAVY),
    "subtitle": Style(color=MUTED),
    "heading": Style(bold=True, color=WHITE, fill=NAVY, align="left"),
    "heading_indent": Style(bold=True, color=WHITE, fill=NAVY, align="left", indent=1),
    "heading_center": Style(bold=True, color=WHITE, fill=NAVY, align="center"),
    "heading_right": Style(bold=True, color=WHITE, fill=NAVY, align="right"),
    "heading_wrapped": Style(bold=True, color=WHITE, fill=NAVY, align="center", wrap=True),
    "kpi_label": Style(color=MUTED, fill=PALE_KPI, size=9, align="left"),
    "kpi_label_center": Style(color=MUTED, fill=PALE_KPI, size=9, align="center"),
    "kpi_label_indent": Style(color=MUTED, fill=PALE_KPI, size=9, align="left", indent=1),
    "axis_date": Style(bold=True, color=WHITE, fill=NAVY, align="right", format="date"),
    "axis_count": Style(bold=True, color=WHITE, fill=NAVY, align="right", format="count"),
    "axis_text": Style(bold=True, color=WHITE, fill=NAVY, align="right"),
    "said": Style(bold=True, size=12, color=NAVY, align="left"),
    "kpi_plain": Style(bold=True, color=NAVY, align="left", indent=1),
    "kpi": Style(bold=True, size=14, color=NAVY, fill=PALE_KPI, align="left"),
    "kpi_text": Style(bold=True, size=11, color=NAVY, fill=PALE_KPI, align="left", indent=1),
    "input": Style(color=INPUT_BLUE, fill=PALE_INPUT, align="right", shrink=True, line="box", locked=False),
    "remark": Style(color=INPUT_BLUE, fill=PALE_INPUT, align="left", size=9, indent=1, locked=False),
    "constant": Style(color=INPUT_BLUE, align="right"),
    "number": Style(align="right"),
    "constant_black": Style(align="right"),
    "flag": Style(align="center", format="flag"),
    "fault": Style(bold=True, color=FAIL_INK, align="left", indent=1),
    "fault_wrapped": Style(bold=True, color=FAIL_INK, align="left", indent=1, size=9, wrap=True),
    "link": Style(color=LINK_GREEN, align="right"),
    "link_text": Style(color=LINK_GREEN, align="left"),
    "link_unit": Style(color=LINK_GREEN, align="left", indent=1),
    "hyperlink": Style(color=LINK_GREEN, align="left", underline=True, size=9, indent=1),
    "total_text": Style(bold=True, fill=PALE_TOTAL, align="left", line="above"),
    "total_unit": Style(bold=True, fill=PALE_TOTAL, align="left", indent=1, line="above"),
    "total": Style(bold=True, fill=PALE_TOTAL, align="right", line="above"),
    "total_flag": Style(bold=True, fill=PALE_TOTAL, align="center", line="above", format="flag"),
    "memo_text": Style(italic=True, align="left", color=MUTED),
    "memo_unit": Style(italic=True, align="left", color=MUTED, indent=1),
    "memo": Style(italic=True, align="right", color=MUTED),
}


def paint(cell: Any, name: str, number_format: str | None = None) -> None:
    """Give an openpyxl cell a named style.

    Parameters
    ----------
    cell : openpyxl.cell.Cell
    name : str
        A key of `STYLES`.
    number_format : str, optional
        A key of `FORMATS`, in place of the style's own.
    """
    style = STYLES[name]
    cell.font = Font(
        name=FONT,
        size=style.size,
        bold=style.bold,
        italic=style.italic,
        color=style.color,
        underline="single" if style.underline else None,
    )
    if style.fill:
        cell.fill = PatternFill("solid", fgColor=style.fill)
    cell.alignment = Alignment(
        horizontal=style.align, vertical="center", wrap_text=style.wrap, shrink_to_fit=style.shrink, indent=style.indent
    )
    cell.number_format = FORMATS[number_format or style.format]
    cell.border = _border(style.line)
    cell.protection = Protection(locked=style.locked)


def _border(line: str) -> Border:
    side = Side(style="thin", color=RULE)
    if line == "box":
        return Border(left=side, right=side, top=side, bottom=side)
    if line == "above":
        return Border(top=side)
    return Border(bottom=side) if line == "below" else Border()
