"""What the embedded engine computes as Excel does, function by function and argument by argument.

Found by computing hundreds of formulas with it and with LibreOffice, and settled by Excel's
documentation where the two differ; tests/sheets/calc/test_trust.py holds the cases.
"""

from __future__ import annotations

import re
from typing import Final

from vidcost_xl.errors import EXCEL_ERRORS
from vidcost_xl.functions.registry import FunctionSpec, functions
from vidcost_xl.hosts.formulas import bare_name
from vidcost_xl.sheets.formulas.resolver import Node, Untrusted

_TRUSTED: Final = (
    "ABS ADDRESS AND COLUMN COMBIN COUNT COUNTA COUNTIF COUNTIFS DATE EDATE EOMONTH EXP FALSE FIND HYPERLINK IF "
    "IFERROR INDEX INT ISERROR ISLOGICAL ISNA ISNUMBER ISTEXT LEFT LN MATCH MAX MIN MOD MONTH NA NOT OR RIGHT ROUND "
    "ROUNDUP ROW ROWS SUBSTITUTE SUM SUMIFS SUMPRODUCT TRANSPOSE TRIM TRUE YEAR"
)

#: Native functions that the engine was found to compute as Excel and LibreOffice do.
TRUSTED: Final = frozenset(_TRUSTED.split())

#: Texts that Excel may read as a number or a truth value: "1,000", "$5", "true".
NUMBER_LIKE: Final = re.compile(r"\d|^\s*(?:true|false)\s*$", re.IGNORECASE)

#: Characters that a cell holds.
LONGEST_TEXT: Final = 32_767

#: Where a value stands: one value; an area as it is; or every cell of it one by one.
ONE, AREA, EACH = "one", "area", "each"

#: What functions take, argument by argument, the last ones again and again; all others take single values.
SIGNATURES: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("AND", "COUNT", "COUNTA", "MAX", "MIN", "OR", "SUM", "AVERAGE"), (AREA,)),
    **dict.fromkeys(("ROWS", "COLUMNS", "COUNTBLANK"), (AREA,)),
    "COUNTIF": (AREA, ONE),
    "COUNTIFS": (AREA,),
    "INDEX": (AREA, ONE, ONE),
    "MATCH": (ONE, AREA, ONE),
    "SUMIFS": (AREA,),
    "SUMPRODUCT": (EACH,),
    "TRANSPOSE": (AREA,),
    "XLOOKUP": (ONE, AREA, AREA, ONE, ONE, ONE),
}

#: Functions that the engine computes cell by cell in an array formula; it gives errors for the others.
CELL_BY_CELL: Final = frozenset({"IF", "IFERROR"})

#: Functions whose result is a number, so that MAX and MIN cannot meet a text in it.
NUMERIC: Final = frozenset(
    {
        *(
            "ABS",
            "COLUMN",
            "COMBIN",
            "COUNT",
            "COUNTA",
            "COUNTIF",
            "COUNTIFS",
            "DATE",
            "EDATE",
            "EOMONTH",
            "EXP",
            "FIND",
            "INDEX",
            "INT",
            "LN",
            "MATCH",
            "MAX",
        ),
        *("MIN", "MOD", "MONTH", "ROUND", "ROUNDUP", "ROW", "ROWS", "SUM", "SUMIFS", "SUMPRODUCT", "YEAR"),
    }
)

#: Functions that read texts, and of which arguments: numbers there are written as `&` writes them.
TEXTUAL: Final[dict[str, tuple[int, ...]]] = {
    "FIND": (0, 1),
    "LEFT": (0,),
    "RIGHT": (0,),
    "SUBSTITUTE": (0, 1, 2),
    "TRIM": (0,),
}

#: Functions whose result is a text.
TEXTUAL_RESULT: Final = frozenset({"ADDRESS", "LEFT", "RIGHT", "SUBSTITUTE", "TRIM", "HYPERLINK"})

#: Functions whose result `&` joins as the engine does: texts, and whole numbers below 10^15.
JOINED_AS_IS: Final = frozenset(
    {
        "ADDRESS",
        "COUNT",
        "COUNTIF",
        "COUNTIFS",
        "FIND",
        "LEFT",
        "MATCH",
        "MONTH",
        "RIGHT",
        "ROWS",
        "SUBSTITUTE",
        "TRIM",
        "YEAR",
    }
)

#: Native functions that read or give dates as serial numbers, which mean other days in the 1904 system.
DATES: Final = frozenset(
    {"DATE", "DATEDIF", "DATEVALUE", "DAY", "DAYS", "EDATE", "EOMONTH", "MONTH", "TEXT", "WEEKDAY", "YEAR", "YEARFRAC"}
)

#: Categories of our functions that give one value for single values.
SINGLE: Final = frozenset({"Size", "Price"})
#: Why a range is refused where one value belongs: in a formula of one cell, and in an array formula.
INTERSECTION: Final = "takes one cell out of a range (implicit intersection, @)"
CELLWISE: Final = "computes a function cell by cell that the embedded engine does not"


class Corner(Untrusted):
    """A formula that engines compute unlike Excel for its arguments, though they know its functions."""


def spot(name: str, index: int) -> str:
    """What an argument of a function takes: a single value, an area, or each cell of it."""
    if name in {"SUMIFS", "COUNTIFS"}:
        # A criterion comes behind each range; in front of the pairs SUMIFS has what it sums.
        is_criterion = index > 0 and index % 2 == (name == "COUNTIFS")
        return ONE if is_criterion else AREA
    signature = SIGNATURES.get(name, (ONE,))
    return signature[min(index, len(signature) - 1)]


def is_exact(node: Node, sign: str) -> bool:
    """Whether the engine compares anything with `node` as Excel does."""
    if node["node_type"] != "Literal":
        return False
    value = node["value"]
    return value == 0 if isinstance(value, float) else sign in {"=", "<>"} and value not in EXCEL_ERRORS


def is_short(node: Node) -> bool:
    """Whether a comparison may repeat a part: a number or a reference."""
    is_number = node["node_type"] == "Literal" and isinstance(node["value"], float)
    return is_number or node["node_type"] == "Reference"


def is_number(node: Node) -> bool:
    """Whether a value is a number, a truth value, an error or a reference, and never a text of its own."""
    kind = node["node_type"]
    if kind == "Literal":
        return not isinstance(node["value"], str)
    if kind == "BinaryOp":
        return bool(node["operator"] != "&")
    if kind != "Function":
        return True
    name = bare_name(node["name"]).upper()
    if name in {"IF", "IFERROR"}:
        values = node["args"][1:] if name == "IF" else node["args"]
        return all(is_number(each) and (name == "IF" or each["node_type"] != "Reference") for each in values)
    spec = functions().get(name)
    return name in NUMERIC or (spec is not None and spec.category in SINGLE)


def is_text(node: Node) -> bool:
    """Whether a value may be a text that the formula makes or holds itself."""
    kind = node["node_type"]
    if kind == "Literal":
        return isinstance(node["value"], str) and node["value"] not in EXCEL_ERRORS
    if kind == "BinaryOp":
        return bool(node["operator"] == "&")
    if kind != "Function":
        return False
    name = bare_name(node["name"]).upper()
    values = node["args"][1:] if name == "IF" else node["args"]
    return name in TEXTUAL_RESULT or (name in {"IF", "IFERROR"} and any(is_text(each) for each in values))


def check_dates(spec: FunctionSpec, index: int, argument: Node) -> None:
    """Refuse dates given to our functions in a workbook that counts days from 1904.

    Raises
    ------
    Untrusted
    """
    if index >= len(spec.parameters) or argument["node_type"] == "Literal":
        return
    parameter = spec.parameters[index]
    if parameter.name == "as_of" or parameter.kind == "table":
        raise Untrusted(f"gives {spec.name} dates that count from 1904 ({parameter.name}); write them as texts")
