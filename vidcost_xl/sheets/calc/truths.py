"""Truth values in formulas that LibreOffice computes: they are numbers to it, and in Excel they are not.

Conditions and what joins them take both alike. Elsewhere a formula is left that has a truth value
of its own, and what it reads must hold none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vidcost_xl.hosts.formulas import bare_name
from vidcost_xl.hosts.operators import COMPARISONS
from vidcost_xl.sheets.calc.trust import Corner
from vidcost_xl.sheets.formulas.resolver import Node

#: Functions whose value is a truth value.
TRUTHS: Final = frozenset(
    {"AND", "EXACT", "FALSE", "ISBLANK", "ISERR", "ISERROR", "ISEVEN", "ISFORMULA", "ISLOGICAL", "ISNA", "ISNONTEXT"}
    | {"ISNUMBER", "ISODD", "ISREF", "ISTEXT", "NOT", "OR", "TRUE", "XOR"}
)
#: Functions that take truth values, and how many of their arguments are such.
CONDITIONS: Final = {"AND": 255, "IF": 1, "NOT": 1, "OR": 255, "XOR": 255}
#: Functions that pass over truth values in arrays, or add them up otherwise.
TOTALS: Final = frozenset({"AVERAGE", "COUNT", "MAX", "MIN", "SUM", "SUMPRODUCT"})


def is_truth(node: Node) -> bool:
    """Whether a value is a truth value for certain."""
    kind = node["node_type"]
    if kind == "Literal":
        return isinstance(node["value"], bool)
    if kind == "BinaryOp":
        return node["operator"] in COMPARISONS
    return kind == "Function" and bare_name(node["name"]).upper() in TRUTHS


def must_be_untrue(node: Node, *, is_condition: bool = False) -> Iterator[Node]:
    """The references of a formula that must not lead to truth values.

    Parameters
    ----------
    is_condition : bool
        Whether the value only decides.

    Raises
    ------
    Corner
        For truth values that the formula itself has where they must not be.
    """
    kind = node["node_type"]
    if kind == "Reference" and not is_condition:
        yield node
    elif kind == "Array" and any(is_truth(cell) for row in node["rows"] for cell in row):
        raise Corner("has an array with a truth value, which is a number in LibreOffice")
    elif kind == "UnaryOp":
        yield from must_be_untrue(node["operand"])
    elif kind == "BinaryOp":
        sides = node["left"], node["right"]
        truths = sum(is_truth(each) for each in sides)
        if truths and (node["operator"] == "&" or (node["operator"] in COMPARISONS and truths == 1)):
            raise Corner("joins or compares a truth value, which is a number in LibreOffice")
        for each in sides:
            yield from must_be_untrue(each)
    elif kind == "Function":
        name = bare_name(node["name"]).upper()
        for index, argument in enumerate(node["args"]):
            if name in TOTALS and is_truth(argument):
                raise Corner(f"gives {name} a truth value, which is a number in LibreOffice")
            yield from must_be_untrue(argument, is_condition=index < CONDITIONS.get(name, 0))
