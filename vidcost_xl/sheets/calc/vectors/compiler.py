"""A formula made ready to be computed for all its copies at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from vidcost_xl.errors import EXCEL_ERRORS
from vidcost_xl.hosts.formulas import PREFIX, bare_name
from vidcost_xl.sheets.calc.trust import AREA, EACH, ONE, spot
from vidcost_xl.sheets.calc.vectors.areas import Area as ReadArea
from vidcost_xl.sheets.calc.vectors.areas import Constant
from vidcost_xl.sheets.calc.vectors.batch import Batch, Expression, Unsupported
from vidcost_xl.sheets.calc.vectors.conditions import CONDITIONS
from vidcost_xl.sheets.calc.vectors.dates import DATES
from vidcost_xl.sheets.calc.vectors.logic import LOGIC
from vidcost_xl.sheets.calc.vectors.lookups import LOOKUPS
from vidcost_xl.sheets.calc.vectors.operators import Arithmetic, Comparison, Joined, Signed
from vidcost_xl.sheets.calc.vectors.ours import Ours
from vidcost_xl.sheets.calc.vectors.rounding import ROUNDING
from vidcost_xl.sheets.calc.vectors.textual import TEXTUAL
from vidcost_xl.sheets.calc.vectors.totals import TOTALS
from vidcost_xl.sheets.calc.vectors.values import CODES, ERROR, LOGICAL, NUMBER, TEXT, Texts, Vector, single
from vidcost_xl.sheets.formulas.references import Area, Node, Place, Resolver

NATIVES: Final[dict[str, Callable[[Batch, Sequence[Expression]], Vector]]] = {
    **CONDITIONS,
    **DATES,
    **LOGIC,
    **LOOKUPS,
    **ROUNDING,
    **TEXTUAL,
    **TOTALS,
}

_ARITHMETIC: Final = frozenset("+-*/^")
_COMPARED: Final = frozenset({"=", "<>", "<", "<=", ">", ">="})


@dataclass(frozen=True)
class Native:
    """A call of a native function."""

    name: str
    arguments: tuple[Expression, ...]

    def of(self, batch: Batch) -> Vector:
        """Its values."""
        return NATIVES[self.name](batch, self.arguments)


@dataclass
class Compiler:
    """One formula.

    Parameters
    ----------
    resolver : Resolver
    place : Place
        Of the copy whose text it is.
    array : bool
        Whether it is an array formula.
    found : sequence of str
        Its references to cells, in their order.
    widths : mapping
        Cells in a row, by sheet.
    texts : Texts
    named : list of Area
        What names point at; read behind `found`.
    largest : int
        Cells of the largest area that it reads.
    """

    resolver: Resolver
    place: Place
    array: bool
    found: Sequence[str]
    widths: Mapping[str, int]
    texts: Texts
    named: list[Area] = field(default_factory=list)
    largest: int = 1

    def expression(self, node: Node, where: str | None = None) -> Expression:
        """A part of the formula, ready to be computed; raises `Unsupported`."""
        where = where or (EACH if self.array else ONE)
        kind = node["node_type"]
        if kind == "Reference":
            return self._reference(node["reference"], where)
        if kind == "Literal":
            return Constant(self._literal(node["value"]))
        if kind == "BinaryOp":
            return self._binary(node, EACH if where == EACH else ONE)
        if kind == "UnaryOp" and node["operator"] in {"-", "+", "%"}:
            return Signed(node["operator"], self.expression(node["operand"], EACH if where == EACH else ONE))
        if kind == "Function":
            return self._function(node, where)
        if kind == "Array":
            return self._array(node["rows"])
        raise Unsupported

    def _reference(self, text: str, where: str) -> Expression:
        area = self.resolver.resolve(text, self.place)
        if not isinstance(area, Area):
            return self.expression(area, where)
        if text in self.found:
            slot = self.found.index(text)
        else:
            if area not in self.named:
                self.named.append(area)
            slot = len(self.found) + self.named.index(area)
        rows, columns = area.size
        self.largest = max(self.largest, rows * columns)
        return ReadArea(slot, rows, columns, self.widths[area.sheet])

    def _literal(self, value: Any) -> Vector:
        if isinstance(value, bool):
            return single(LOGICAL, float(value))
        if isinstance(value, str):
            return single(ERROR, CODES[value]) if value in EXCEL_ERRORS else single(TEXT, self.texts.number(value))
        return single(NUMBER, float(value))

    def _array(self, rows: list[list[Node]]) -> Constant:
        cells = [[self._constant(cell) for cell in row] for row in rows]
        kinds = np.array([[[cell.kind for cell in row] for row in cells]], np.uint8)
        return Constant(Vector(kinds, np.array([[[cell.number[0, 0, 0] for cell in row] for row in cells]])))

    def _constant(self, node: Node) -> Vector:
        if node["node_type"] == "UnaryOp" and node["operator"] in {"-", "+"}:
            value = self._constant(node["operand"])
            return Vector(value.kind, -value.number) if node["operator"] == "-" else value
        if node["node_type"] != "Literal":
            raise Unsupported
        return self._literal(node["value"])

    def _binary(self, node: Node, where: str) -> Expression:
        sign, left, right = node["operator"], node["left"], node["right"]
        pair = self.expression(left, where), self.expression(right, where)
        if sign in _ARITHMETIC:
            return Arithmetic(sign, *pair)
        if sign in _COMPARED:
            return Comparison(sign, *pair)
        if sign == "&":
            return Joined(*pair)
        raise Unsupported

    def _function(self, node: Node, where: str) -> Expression:
        name = bare_name(node["name"]).upper().removeprefix("_XLFN.").removeprefix("_XLWS.")
        if name.startswith(PREFIX):
            return self._ours(name, node["args"], where)
        if name in {"TRUE", "FALSE"} and not node["args"]:
            return Constant(single(LOGICAL, float(name == "TRUE")))
        if name not in NATIVES:
            raise Unsupported
        arguments: list[Expression] = []
        for index, argument in enumerate(node["args"]):
            if argument["node_type"] == "Omitted":
                if name != "IF" or index == 0:
                    raise Unsupported
                arguments.append(Constant(single(NUMBER, 0.0), omitted=True))
                continue
            place = where if name == "IF" and index > 0 else spot(name, index)
            arguments.append(self.expression(argument, EACH if where == EACH and place == ONE else place))
        return Native(name, tuple(arguments))

    def _ours(self, name: str, nodes: list[Node], where: str) -> Expression:
        arguments: list[Expression] = []
        for node in nodes:
            if node["node_type"] == "Omitted":
                arguments.append(Constant(single(NUMBER, 0.0), omitted=True))
            else:
                arguments.append(self.expression(node, EACH if self.array else AREA))
        return Ours(name, tuple(arguments), first_only=where == ONE)
