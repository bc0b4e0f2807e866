"""Whether the embedded engine computes a formula as Excel does, and the formula as that engine takes it.

Every formula is parsed, judged by where ranges stand in it, and written again with names
and table columns as areas, our functions under their bare names, arguments left out
marked, and operators that the engine takes otherwise as functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from vidcost_xl.areas import Area
from vidcost_xl.functions.registry import functions
from vidcost_xl.hosts.formulas import OMITTED_MARK, PREFIX, bare_name
from vidcost_xl.hosts.operators import AS_TEXT, COMPARISONS, compared
from vidcost_xl.sheets.calc import engine_texts
from vidcost_xl.sheets.calc.corners import CALL, demands, is_whole, refuse, sums_equals
from vidcost_xl.sheets.calc.rules import RULES, Condition, Operand
from vidcost_xl.sheets.calc.sizes import ONE_CELL, size_of
from vidcost_xl.sheets.calc.surroundings import Surroundings
from vidcost_xl.sheets.calc.trust import (
    AREA,
    CELL_BY_CELL,
    CELLWISE,
    DATES,
    EACH,
    INTERSECTION,
    JOINED_AS_IS,
    ONE,
    SINGLE,
    TEXTUAL,
    TRUSTED,
    Corner,
    check_dates,
    is_exact,
    is_short,
    spot,
)
from vidcost_xl.sheets.formulas.references import reference
from vidcost_xl.sheets.formulas.resolver import Node, Standing, Untrusted


@dataclass
class Writer:
    """One formula, judged and written again.

    Parameters
    ----------
    source : str
        The text that was parsed.
    array : bool
        Whether it is an array formula; in others a range where one value belongs stands for one of its cells.
    marks : dict of str to str
        What is written for a reference to cells, by its text; the area itself where nothing is given.
    areas, fixed : list of Area
        Everything that the formula reads, and of that what no mark stands for.
    conditions : list of Condition
        What must hold of values so that the engine computes it as Excel does.
    lenient : bool
        Whether it is written for its conditions alone, as another engine computes it.
    is_pattern, is_movable : bool
        Whether the marks may stand for other references of the same size; and whether those may stand elsewhere.
    """

    around: Surroundings
    source: str
    place: Standing
    array: bool
    marks: Mapping[str, str] = field(default_factory=dict)
    areas: list[Area] = field(default_factory=list)
    fixed: list[Area] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    lenient: bool = False
    is_pattern: bool = True
    is_movable: bool = True
    _paths: list[tuple[str, bool]] = field(default_factory=list)

    def write(self, node: Node, where: str | None = None) -> str:
        """A part of the formula as the engine takes it; raises `Untrusted`."""
        if where is None:
            where = EACH if self.array else ONE
            if self.array:
                self.size(node)
        kind = node["node_type"]
        if kind == "Reference":
            return self._reference(node["reference"], where)
        if kind == "Literal":
            return engine_texts.literal(node["value"], self.source)
        if kind == "BinaryOp":
            return self._binary(node, EACH if where == EACH else ONE)
        if kind == "UnaryOp":
            return self._unary(node, EACH if where == EACH else ONE)
        if kind == "Function":
            return self._function(node, where)
        if kind == "Omitted":
            return ""
        if kind == "Array":
            if where == ONE and not self.lenient:
                raise self._several()
            return engine_texts.array(node["rows"], self.source)
        raise Untrusted(f"has a part that is not computed here ({kind})")

    def area(self, node: Node) -> Area | None:
        """The area that a node is, when it is one."""
        if node["node_type"] != "Reference":
            return None
        found = self.around.resolver.resolve(node["reference"], self.place)
        return found if isinstance(found, Area) else None

    def size(self, node: Node) -> tuple[int, int] | None:
        """Rows and columns of a part's values; None where that is not known; raises `Untrusted` as `sizes.size`."""
        return size_of(node, self.area)

    def _several(self) -> Untrusted:
        return Untrusted(CELLWISE if self.array else INTERSECTION)

    def _reference(self, text: str, where: str) -> str:
        found = self.around.resolver.resolve(text, self.place)
        if not isinstance(found, Area):
            return self.write(found, where)
        if where == ONE and not found.is_cell and not self.lenient:
            raise self._several()
        if where == EACH and is_whole(found) and not self.lenient:
            raise Untrusted("computes a whole column or row cell by cell")
        self.areas.append(found)
        if text in self.marks:
            return self.marks[text]
        self.fixed.append(found)
        self.is_movable &= bool(self.place.sheet) and reference(text) is None and ":" not in text
        return found.fixed  # the engine takes formulas together that are copies of each other

    def _binary(self, node: Node, where: str) -> str:
        sign, left, right = node["operator"], node["left"], node["right"]
        if sign in {" ", ",", ":"}:
            raise Untrusted("joins or cuts ranges with an operator")
        if sign == "&":
            return f"({self._joined(left, where)}&{self._joined(right, where)})"
        first, second = self.write(left, where), self.write(right, where)
        if sign == "^":
            self._power((left, first), (right, second), where)
        if sign in COMPARISONS and not any(is_exact(each, sign) for each in (left, right)):
            if where == ONE and all(is_short(each) for each in (left, right)):
                return compared(sign, first, second)
            return f"{COMPARISONS[sign]}({first},{second})"
        return f"({first}{sign}{second})"

    def _joined(self, node: Node, where: str) -> str:
        text = self.write(node, where)
        is_text = node["node_type"] == "Literal" and isinstance(node["value"], str)
        is_joined = node["node_type"] == "BinaryOp" and node["operator"] == "&"
        is_plain = node["node_type"] == "Function" and bare_name(node["name"]).upper() in JOINED_AS_IS
        if is_text or is_joined or is_plain:
            return text
        is_cell = node["node_type"] == "Reference" and where == ONE
        return engine_texts.joined_reference(text) if is_cell else f"{AS_TEXT}({text})"

    def _unary(self, node: Node, where: str) -> str:
        sign = node["operator"]
        if sign not in {"-", "+", "%"}:
            raise self._several() if sign == "@" else Untrusted(f"uses the operator {sign}")
        operand = self.write(node["operand"], where)
        return f"({operand}%)" if sign == "%" else f"({sign}{operand})"

    def _function(self, node: Node, where: str) -> str:
        name = bare_name(node["name"]).upper().removeprefix("_XLFN.").removeprefix("_XLWS.")
        arguments: list[Node] = node["args"]
        if name.startswith(PREFIX):
            return self._ours(name, arguments, where)
        if name == "ANCHORARRAY":
            return self._spilled(arguments, where)
        if name not in TRUSTED:
            if self.lenient:
                return f"{name}({','.join(self.write(argument, AREA) for argument in arguments)})"
            raise Untrusted(f"uses {name}, which is not on the list of functions that are computed here as in Excel")
        if name in {"TRUE", "FALSE"} and not arguments:
            return name  # as LibreOffice writes the truth values
        if self.around.from_1904 and name in DATES and not self.lenient:
            raise Untrusted(f"uses {name} in a workbook whose dates count from 1904")
        if name == "HYPERLINK" and len(arguments) in {1, 2}:
            return engine_texts.hyperlink(self.write(arguments[0], ONE), self.write(arguments[-1], ONE))
        arguments = [self._named(argument) for argument in arguments]
        refuse(name, arguments, self)
        written = self._arguments(name, arguments, where)
        call = f"{name}({','.join(written)})"
        if name == "ROWS" and arguments and arguments[0].get("name", "").upper() == "IF":
            call = engine_texts.rows_of_choice(call, self.write(arguments[0]["args"][0], ONE))
        if name == "SUMIFS" and sums_equals(arguments, self):
            call = engine_texts.sumifs_with_errors(written, call)
        texts = {id(node): text for node, text in zip((*arguments, CALL), (*written, call), strict=True)}
        for rule, nodes in demands(name, arguments, self, where):
            self._demand(rule, nodes, texts)
        return call

    def _arguments(self, name: str, arguments: list[Node], where: str) -> list[str]:
        written: list[str] = []
        for index, argument in enumerate(arguments):
            place = where if name == "IF" and index > 0 else spot(name, index)
            if place == ONE and where == EACH and self.array and name in CELL_BY_CELL:
                place = EACH
            if place == AREA and (self.array or where == EACH) and argument["node_type"] != "Reference":
                place = EACH
            is_branch = name == "IF" and index > 0 and where != EACH
            if is_branch:
                self._paths.append((written[0], index == 1))
            is_text = index in TEXTUAL.get(name, ())
            written.append(self._joined(argument, place) if is_text else self.write(argument, place))
            if is_branch:
                self._paths.pop()
            if name == "SUMPRODUCT" and argument.get("operator") in COMPARISONS:
                written[-1] = f"({written[-1]}*0)"  # truth values count as 0 in it, and as 1 in the engine
        return written

    def _named(self, node: Node) -> Node:
        # A name that stands for a literal is that literal.
        if node["node_type"] != "Reference":
            return node
        found = self.around.resolver.resolve(node["reference"], self.place)
        return node if isinstance(found, Area) else found

    def _power(self, base: tuple[Node, str], exponent: tuple[Node, str], where: str) -> None:
        nodes = self._named(base[0]), self._named(exponent[0])
        values = [node.get("value") if node["node_type"] == "Literal" else None for node in nodes]
        if values[0] or (isinstance(values[1], float) and values[1] > 0):
            return
        texts = {id(node): text for node, (_, text) in zip(nodes, (base, exponent), strict=True)}
        if where != EACH:
            self._demand("power", nodes, texts)
        elif self.size(nodes[1]) == ONE_CELL:
            self._demand("exponent", nodes[1:], texts)
        else:
            raise Corner("raises many values to many powers, among which may be 0 to 0")

    def _demand(self, rule: str, nodes: tuple[Node, ...], texts: Mapping[int, str]) -> None:
        if self.lenient and rule == "answered":
            return  # LibreOffice hands errors on
        if self.lenient and rule == "date":
            rule = "full date"  # LibreOffice takes small years for others than Excel
        if all(node["node_type"] in {"Literal", "Omitted"} for node in nodes):
            if not RULES[rule].holds(*([node.get("value")] for node in nodes)):
                raise Corner(RULES[rule].reason)
            return
        operands = tuple(self._operand(node, texts) for node in nodes)
        path = engine_texts.path(self._paths) if self._paths else ""
        self.conditions.append(Condition(rule, operands, path))

    def _operand(self, node: Node, texts: Mapping[int, str]) -> Operand:
        if node["node_type"] == "Literal" and not isinstance(node["value"], str):
            return float(node["value"])
        if node["node_type"] == "Omitted":
            return 0.0
        area = self.area(node)
        if area is None:
            if self.lenient:  # what the embedded engine is asked for must be something that it computes
                return f"={replace(self, lenient=False, array=False).write(node, ONE)}"
            return f"={texts[id(node)]}"
        return self.marks.get(node["reference"], area)

    def _spilled(self, arguments: list[Node], where: str) -> str:
        filled = self.around.filled(self.area(arguments[0]) if arguments else None)
        if where == ONE and not filled.is_cell:
            raise self._several()
        self.is_pattern = False
        self.areas.append(filled)
        self.fixed.append(filled)
        return filled.fixed

    def _ours(self, name: str, arguments: list[Node], where: str) -> str:
        spec = functions().get(name)
        if spec is None:
            raise Untrusted(f"calls {name}, which this version of the add-in does not have")
        if self.around.resolver.is_named(name, self.place.sheet):
            raise Untrusted(f"calls {name}, which is a name of this workbook, over its own prices: Excel computes it")
        written = []
        several = spec.category not in SINGLE
        for index, argument in enumerate(arguments):
            if argument["node_type"] == "Omitted":
                written.append(f'"{OMITTED_MARK}"')
                continue
            if self.around.from_1904:
                check_dates(spec, index, argument)
            mark = len(self.areas)
            text = self.write(argument, EACH if self.array and argument["node_type"] != "Reference" else AREA)
            if argument["node_type"] == "Reference" and len(self.areas) > mark:
                ended = self.around.ended(self.areas[-1])
                if ended != self.areas[-1]:
                    self.is_pattern, text = False, ended.fixed
            several |= argument["node_type"] == "Array" or any(not area.is_cell for area in self.areas[mark:])
            written.append(text)
        call = f"{name}({','.join(written)})"
        if not several or where != ONE:
            return call
        if self.array:
            raise Untrusted(f"gives the values of {name} to a function that takes one")
        return f"INDEX({call},1,1)"  # a formula that fills one cell shows the first of several values
