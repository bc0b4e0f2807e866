"""Whether the embedded engine computes a formula as Excel does, and the formula as that engine takes it.

Every formula is parsed, judged by where ranges stand in it, and written again with names
and table columns as areas, our functions under their bare names, arguments left out
marked, and operators that the engine takes otherwise as functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import formualizer

from vidcost_xl.errors import EXCEL_ERRORS
from vidcost_xl.functions.registry import functions
from vidcost_xl.hosts.formulas import OMITTED_MARK, PREFIX, bare_name
from vidcost_xl.hosts.operators import AS_TEXT, COMPARISONS, compared
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
    check_dates,
    is_exact,
    is_number,
    is_year,
    spot,
)
from vidcost_xl.sheets.formulas.references import Node, Place, Resolver, Untrusted, reference
from vidcost_xl.sheets.package.places import Area


@dataclass(frozen=True)
class Surroundings:
    """What a formula may need to know of its workbook.

    Parameters
    ----------
    resolver : Resolver
    from_1904 : bool
        Whether the workbook counts days from 1904.
    last_rows : dict of str to int
        The last row with a cell, by sheet: whole columns end there for our functions.
    spills : dict
        What arrays fill, by the sheet, row and column of their first cell.
    """

    resolver: Resolver
    from_1904: bool = False
    last_rows: Mapping[str, int] = field(default_factory=dict)
    spills: Mapping[tuple[str, int, int], Area] = field(default_factory=dict)


def _is_named(text: str) -> bool:
    return reference(text) is None and ":" not in text


def _is_short(node: Node) -> bool:
    is_number = node["node_type"] == "Literal" and isinstance(node["value"], float)
    return is_number or node["node_type"] == "Reference"


def parsed(text: str) -> Node:
    """A formula as the engine parses it.

    Raises
    ------
    Untrusted
        For a text that it cannot parse.
    """
    try:
        node: Node = formualizer.parse(f"={text}").to_dict()
    except Exception as error:
        raise Untrusted(f"cannot be read here: {error}") from None
    return node


@dataclass
class Writer:
    """One formula, judged and written again.

    Parameters
    ----------
    around : Surroundings
    source : str
        The text that was parsed.
    place : Place
    array : bool
        Whether it is an array formula; in others a range where one value belongs stands for one of its cells.
    marks : dict of str to str
        What is written for a reference to cells, by its text; the area itself where nothing is given.
    areas, fixed : list of Area
        Everything that the formula reads, and of that what no mark stands for.
    plain : list of str or Area
        Marks or areas that must hold neither an error nor a truth value, which the engine takes otherwise.
    is_pattern, is_movable : bool
        Whether the marks may stand for other references of the same size; and whether those may stand elsewhere.
    """

    around: Surroundings
    source: str
    place: Place
    array: bool
    marks: Mapping[str, str] = field(default_factory=dict)
    areas: list[Area] = field(default_factory=list)
    fixed: list[Area] = field(default_factory=list)
    plain: list[str | Area] = field(default_factory=list)
    is_pattern: bool = True
    is_movable: bool = True

    def write(self, node: Node, where: str | None = None) -> str:
        """A part of the formula as the engine takes it; raises `Untrusted`."""
        where = where or (EACH if self.array else ONE)
        kind = node["node_type"]
        if kind == "Reference":
            return self._reference(node["reference"], where)
        if kind == "Literal":
            return self._literal(node["value"])
        if kind == "BinaryOp":
            return self._binary(node, EACH if where == EACH else ONE)
        if kind == "UnaryOp":
            return self._unary(node, EACH if where == EACH else ONE)
        if kind == "Function":
            return self._function(node, where)
        if kind == "Omitted":
            return ""
        if kind == "Array":
            if where == ONE:
                raise self._several()
            return "{" + ";".join(",".join(self._constant(cell) for cell in row) for row in node["rows"]) + "}"
        raise Untrusted(f"has a part that is not computed here ({kind})")

    def area(self, node: Node) -> Area | None:
        """The area that a node is, when it is one."""
        if node["node_type"] != "Reference":
            return None
        found = self.around.resolver.resolve(node["reference"], self.place)
        return found if isinstance(found, Area) else None

    def _several(self) -> Untrusted:
        return Untrusted(CELLWISE if self.array else INTERSECTION)

    def _reference(self, text: str, where: str) -> str:
        found = self.around.resolver.resolve(text, self.place)
        if not isinstance(found, Area):
            return self.write(found, where)
        if where == ONE and not found.is_cell:
            raise self._several()
        self.areas.append(found)
        if text in self.marks:
            return self.marks[text]
        self.fixed.append(found)
        self.is_movable &= bool(self.place.sheet) and _is_named(text)
        return found.text

    def _literal(self, value: Any) -> str:
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, str):
            if value in EXCEL_ERRORS:
                if f'"{value}"' in self.source:
                    raise Untrusted(f"has {value} as a text")
                return value
            return '"' + value.replace('"', '""') + '"'
        if not isinstance(value, (int, float)):
            raise Untrusted(f"has a constant that is not computed here ({value!r})")
        return f"{value:.17G}" if value != int(value) or abs(value) >= 1e15 else str(int(value))

    def _constant(self, node: Node) -> str:
        if node["node_type"] == "UnaryOp" and node["operator"] in {"-", "+"}:
            return f"{node['operator']}{self._constant(node['operand'])}"
        return self._literal(node.get("value"))

    def _binary(self, node: Node, where: str) -> str:
        sign, left, right = node["operator"], node["left"], node["right"]
        if sign in {" ", ",", ":"}:
            raise Untrusted("joins or cuts ranges with an operator")
        if sign == "&":
            return f"({self._joined(left, where)}&{self._joined(right, where)})"
        first, second = self.write(left, where), self.write(right, where)
        if sign in COMPARISONS and not any(is_exact(each, sign) for each in (left, right)):
            if where == ONE and all(_is_short(each) for each in (left, right)):
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
        if node["node_type"] == "Reference" and where == ONE:
            # A call into Python costs more than this, and most of what is joined is a text or whole: dates, counters.
            whole = f"IFERROR((INT({text})={text})*(ABS({text})<1E15)=1,FALSE)"
            return f"IF(ISTEXT({text}),{text},IF({whole},{text},{AS_TEXT}({text})))"
        return f"{AS_TEXT}({text})"

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
            raise Untrusted(f"uses {name}, which is not on the list of functions that are computed here as in Excel")
        if name in {"TRUE", "FALSE"} and not arguments:
            return name  # as LibreOffice writes the truth values
        if self.around.from_1904 and name in DATES:
            raise Untrusted(f"uses {name} in a workbook whose dates count from 1904")
        if name == "HYPERLINK" and len(arguments) in {1, 2}:
            # The engine makes a text of what is shown.
            link, shown = self.write(arguments[0], ONE), self.write(arguments[-1], ONE)
            return f"IF(ISERROR({link}),{link},{shown})"
        self._check_arguments(name, arguments, where)
        written = []
        for index, argument in enumerate(arguments):
            place = where if name == "IF" and index > 0 else spot(name, index)
            if place == ONE and where == EACH and self.array and name in CELL_BY_CELL:
                place = EACH
            if place == AREA and (self.array or where == EACH) and argument["node_type"] != "Reference":
                place = EACH
            is_text = index in TEXTUAL.get(name, ())
            written.append(self._joined(argument, place) if is_text else self.write(argument, place))
            if name == "SUMPRODUCT" and argument.get("operator") in COMPARISONS:
                written[-1] = f"({written[-1]}*0)"  # truth values count as 0 in it, and as 1 in the engine
            elif name == "SUMPRODUCT" and argument["node_type"] == "Reference":
                self._must_be_plain(argument)
        return f"{name}({','.join(written)})"

    def _check_arguments(self, name: str, arguments: list[Node], where: str) -> None:
        if name in {"MAX", "MIN"} and not all(is_number(argument) for argument in arguments):
            raise Untrusted(f"gives {name} something that may be a text, which the engine would pass over")
        if name in {"COUNTIF", "COUNTIFS", "SUMIFS"}:
            spots = [spot(name, index) for index in range(len(arguments))]
            areas = [self.area(each) for each, place in zip(arguments, spots, strict=True) if place == AREA]
            if None in areas:
                raise Untrusted(f"gives {name} something else than ranges")
            if len({area.size for area in areas if area}) > 1:
                raise Untrusted(f"gives {name} ranges of different sizes")
            criteria = [each for each, place in zip(arguments, spots, strict=True) if place == ONE]
            if any("#" in str(each.get("value", "")) for each in criteria):
                raise Untrusted(f"looks for errors or number signs with {name}")
            if name == "SUMIFS" and areas[0]:
                self._must_be_plain(arguments[0])
        if name == "INDEX" and any(each["node_type"] == "UnaryOp" for each in arguments[1:]):
            raise Untrusted("counts rows or columns of INDEX from below zero")
        if name == "DATE" and arguments and not is_year(arguments[0]):
            raise Untrusted("gives DATE a year before 1900")
        if name == "MOD" and any(each.get("value", 0) != int(each.get("value", 0)) for each in arguments[1:]):
            raise Untrusted("gives MOD a fraction to divide by")
        if name == "INDEX" and where == ONE:
            whole = [each for each in arguments[1:] if each["node_type"] == "Omitted" or each.get("value") == 0]
            if whole or (len(arguments) < 3 and (area := self.area(arguments[0])) and 1 not in area.size):
                raise self._several()

    def _must_be_plain(self, node: Node) -> None:
        area = self.area(node)
        if area is not None:
            self.plain.append(self.marks.get(node["reference"], area))

    def _spilled(self, arguments: list[Node], where: str) -> str:
        anchor = self.area(arguments[0]) if arguments else None
        filled = self.around.spills.get((anchor.sheet, anchor.top, anchor.left)) if anchor else None
        if filled is None:
            raise Untrusted("reads a spilled range (#) whose first cell spills nothing")
        if where == ONE and not filled.is_cell:
            raise self._several()
        self.is_pattern = False
        self.areas.append(filled)
        self.fixed.append(filled)
        return filled.text

    def _ours(self, name: str, arguments: list[Node], where: str) -> str:
        spec = functions().get(name)
        if spec is None:
            raise Untrusted(f"calls {name}, which this version of the add-in does not have")
        written = []
        several = spec.category not in SINGLE
        for index, argument in enumerate(arguments):
            if argument["node_type"] == "Omitted":
                written.append(f'"{OMITTED_MARK}"')
                continue
            if self.around.from_1904:
                check_dates(spec, index, argument)
            mark = len(self.areas)
            text = self.write(argument, EACH if self.array else AREA)
            if argument["node_type"] == "Reference" and len(self.areas) > mark:
                ended = self._ended(self.areas[-1])
                if ended != self.areas[-1]:
                    self.is_pattern, text = False, ended.text
            several |= argument["node_type"] == "Array" or any(not area.is_cell for area in self.areas[mark:])
            written.append(text)
        call = f"{name}({','.join(written)})"
        if not several or where != ONE:
            return call
        if self.array:
            raise Untrusted(f"gives the values of {name} to a function that takes one")
        return f"INDEX({call},1,1)"  # a formula that fills one cell shows the first of several values

    def _ended(self, area: Area) -> Area:
        # A blank column would arrive as a million rows.
        last = max(self.around.last_rows.get(area.sheet, 1), area.top)
        return area._replace(bottom=min(area.bottom, last))
