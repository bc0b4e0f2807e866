"""How many rows and columns the values of a part of a formula have, as far as the formula shows."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Final, TypeAlias

from vidcost_xl.areas import Area
from vidcost_xl.functions.registry import functions
from vidcost_xl.hosts.formulas import bare_name
from vidcost_xl.sheets.calc.trust import AREA, SIGNATURES, SINGLE, Corner
from vidcost_xl.sheets.formulas.resolver import Node

#: Rows and columns; None where they are not known.
Size: TypeAlias = tuple[int, int] | None

ONE_CELL: Final = (1, 1)

#: Functions that take areas and give an area.
RESHAPES: Final = frozenset({"ANCHORARRAY", "INDEX", "TRANSPOSE", "XLOOKUP"})


def size_of(node: Node, area_of: Callable[[Node], Area | None]) -> Size:
    """Rows and columns of the values of a part of a formula.

    Parameters
    ----------
    area_of : callable
        The area that a node is, if it is one.

    Raises
    ------
    Corner
        For operands of different sizes, which Excel extends with #N/A and engines do not.
    """
    kind = node["node_type"]
    if kind == "Reference":
        area = area_of(node)
        return area.size if area else ONE_CELL
    if kind == "Array":
        return len(node["rows"]), len(node["rows"][0])
    if kind == "UnaryOp":
        return size_of(node["operand"], area_of)
    if kind == "BinaryOp":
        return _joined(size_of(node["left"], area_of), size_of(node["right"], area_of))
    if kind != "Function":
        return ONE_CELL
    name = bare_name(node["name"]).upper().removeprefix("_XLFN.")
    sizes = [size_of(argument, area_of) for argument in node["args"]]
    spec = functions().get(name)
    if name == "TRANSPOSE" and sizes and sizes[0]:
        return sizes[0][1], sizes[0][0]
    if name in RESHAPES or (spec is not None and spec.category not in SINGLE):
        return None
    if AREA in SIGNATURES.get(name, ()) or name == "SUMPRODUCT":
        return ONE_CELL
    start: Size = ONE_CELL
    return reduce(_joined, sizes, start)


def _joined(one: Size, other: Size) -> Size:
    if one is None or other is None:
        return None
    if any(first != second and 1 not in {first, second} for first, second in zip(one, other, strict=True)):
        raise Corner("computes arrays of different sizes together, which Excel extends with #N/A")
    return max(one[0], other[0]), max(one[1], other[1])
