"""Where an engine computes a function unlike Excel: refused where the formula shows it, else told by rules.

What depends on the values of cells is a demand: the name of a rule and the arguments that it looks at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Protocol, TypeAlias

from vidcost_xl.areas import LAST_COLUMN, LAST_ROW, Area
from vidcost_xl.errors import EXCEL_ERRORS
from vidcost_xl.hosts.formulas import bare_name
from vidcost_xl.hosts.operators import COMPARISONS
from vidcost_xl.sheets.calc.trust import AREA, NUMERIC, ONE, Corner, is_number, is_text, spot
from vidcost_xl.sheets.formulas.resolver import Node

#: The name of a rule and what it looks at.
Demand: TypeAlias = tuple[str, tuple[Node, ...]]

#: Functions that an error among their arguments is for, or that pass it on as Excel does.
TAKES_ERRORS: Final = frozenset({"IF", "IFERROR", "ISERROR", "ISNA", "ISNUMBER", "ISTEXT", "SUM", "MAX", "MIN", "ABS"})

#: Functions that count and add where criteria hold.
BY_CRITERIA: Final = frozenset({"COUNTIF", "COUNTIFS", "SUMIFS"})

#: Functions that give a number from 1 on, or an error.
FROM_ONE: Final = frozenset({"MATCH", "ROWS", "COLUMNS", "FIND", "MONTH"})

#: Functions that say what something is, an error too.
SAYS_WHAT: Final = frozenset({"ISERROR", "ISNA", "ISNUMBER", "ISTEXT"})

#: Functions of which the engine's own errors, and those of their arguments, pass by the function around them.
PASSES_BY: Final = frozenset({"FIND", "LEFT", "MONTH", "RIGHT", "YEAR"})

#: Arguments that are a count, by function.
COUNTS: Final = {"LEFT": 1, "RIGHT": 1, "FIND": 2}


class Formula(Protocol):
    """What is asked about a formula.

    `area` is the area that a part of it is, `size` the rows and columns of its values; None where that is not known.
    """

    def area(self, node: Node) -> Area | None:
        """The area that a node is, when it is one."""

    def size(self, node: Node) -> tuple[int, int] | None:
        """Rows and columns; raises `Corner` for arrays of different sizes."""


def is_whole(area: Area) -> bool:
    """Whether an area is a whole column or row."""
    return area.size[0] == LAST_ROW or area.size[1] == LAST_COLUMN


def refuse(name: str, arguments: list[Node], formula: Formula) -> None:
    """Refuse a call that the formula shows to be a corner.

    Raises
    ------
    Corner
    """
    if name not in TAKES_ERRORS:
        for argument in arguments:
            if argument["node_type"] == "Literal" and argument["value"] in EXCEL_ERRORS:
                raise Corner(f"gives {name} the error {argument['value']}")
    if name in {"AND", "OR"} and any(is_text(argument) for argument in arguments):
        raise Corner(f"gives {name} a text")
    if name in {"MAX", "MIN"} and not all(is_number(argument) for argument in arguments):
        raise Corner(f"gives {name} something that may be a text, which the engine would pass over")
    if name in BY_CRITERIA:
        _refuse_criteria(name, arguments, formula)
    elif name == "INDEX":
        _refuse_index(arguments, formula)
    elif name == "MATCH" and len(arguments) > 1 and _order(arguments) and formula.area(arguments[1]) is None:
        raise Corner("looks up something in values that may not be in order")
    elif name == "SUMPRODUCT":
        sizes = {formula.size(argument) for argument in arguments}
        if len(sizes) > 1 or (None in sizes and len(arguments) > 1):
            raise Corner("gives SUMPRODUCT arrays of different sizes")
        # A comparison that is all of an argument is written as the 0 that Excel counts.
        parts = [each for each in arguments if each.get("operator") not in COMPARISONS]
        if not all(_is_added(leaf, formula) for each in parts for leaf in _values(each)):
            raise Corner("gives SUMPRODUCT something that may be a text or a truth value, which the engine would count")
    elif name == "ROWS" and not all(map(_has_rows, arguments)):
        raise Corner("gives ROWS something that may be an error, of which the engine counts one row")


#: What IF is without a third argument.
_FALSE: Final[Node] = {"node_type": "Literal", "value": False}


def _values(node: Node) -> Iterator[Node]:
    # What a part of a formula may be in the end.
    name = bare_name(node["name"]).upper() if node["node_type"] == "Function" else node.get("operator")
    if name == "+" and node["node_type"] == "UnaryOp":
        yield from _values(node["operand"])
    elif name in {"IFERROR", "INDEX", "TRANSPOSE"}:
        for each in node["args"][:1] if name == "INDEX" else node["args"]:
            yield from _values(each)
    elif name == "IF":
        for each in node["args"][1:] if len(node["args"]) == 3 else [_FALSE]:
            yield from _values(each)
    else:
        yield node


def _is_added(node: Node, formula: Formula) -> bool:
    # A number for certain, or cells that a rule looks at.
    kind = node["node_type"]
    if kind == "Reference":
        return formula.area(node) is not None
    if kind == "Array":
        return all(_is_added(cell, formula) for row in node["rows"] for cell in row)
    if kind == "Literal":
        return isinstance(node["value"], (int, float)) and not isinstance(node["value"], bool)
    return kind != "Omitted" and is_number(node) and node.get("operator") not in COMPARISONS


def _has_rows(node: Node) -> bool:
    # Cells, an array, or what is made of cells and nothing else.
    if node["node_type"] != "Function":
        return node["node_type"] in {"Reference", "Array"}
    name = bare_name(node["name"]).upper().removeprefix("_XLFN.")
    if name in {"ANCHORARRAY", "TRANSPOSE"}:
        return all(each["node_type"] == "Reference" for each in node["args"])
    return name == "IF" and all(each["node_type"] == "Reference" for each in node["args"][1:])


def _refuse_criteria(name: str, arguments: list[Node], formula: Formula) -> None:
    spots = [spot(name, index) for index in range(len(arguments))]
    areas = [formula.area(each) for each, place in zip(arguments, spots, strict=True) if place == AREA]
    if None in areas:
        raise Corner(f"gives {name} something else than ranges")
    if len({area.size for area in areas if area}) > 1:
        raise Corner(f"gives {name} ranges of different sizes")


def _refuse_index(arguments: list[Node], formula: Formula) -> None:
    if len(arguments) > 3:
        raise Corner("gives INDEX the number of an area")
    if any(each["node_type"] == "UnaryOp" for each in arguments[1:]):
        raise Corner("counts rows or columns of INDEX from below zero")
    size = formula.size(arguments[0]) if arguments else None
    if len(arguments) < 3 and (size is None or 1 not in size):
        raise Corner("gives INDEX one number for rows and columns")


def demands(name: str, arguments: list[Node], formula: Formula, where: str) -> Iterator[Demand]:
    """What must hold of the values of a call's arguments.

    Parameters
    ----------
    where : str
        Where the value of the call stands.

    Raises
    ------
    Corner
    """
    if name in BY_CRITERIA:
        yield from _of_criteria(name, arguments, formula)
    elif name in COUNTS:
        yield from (("count", (each,)) for each in arguments[COUNTS[name] :] if not _is_never_text(each))
    elif name in {"EDATE", "EOMONTH"} and len(arguments) == 2:
        yield "months", tuple(arguments)
    elif name == "DATE" and len(arguments) == 3:
        yield "date", tuple(arguments)
    elif name == "MOD" and len(arguments) == 2:
        yield "division", tuple(arguments)
    elif name == "COUNT":
        yield from (
            ("counted", (each,)) for each in arguments if formula.size(each) in {(1, 1), None} and _may_fail(each)
        )
    elif name == "INDEX":
        yield from _of_index(arguments, formula, where)
    elif name == "MATCH" and len(arguments) > 1 and (order := _order(arguments)):
        yield "ascending" if order > 0 else "descending", (arguments[0], arguments[1])
    elif name == "SUMPRODUCT":
        for each in (leaf for argument in arguments for leaf in _values(argument)):
            if each["node_type"] == "Reference":
                area = formula.area(each)
                yield ("single" if area and area.is_cell else "numbers"), (each,)
    elif name in SAYS_WHAT and any(map(_passes_by, arguments)):
        yield "answered", (CALL,)


def _of_criteria(name: str, arguments: list[Node], formula: Formula) -> Iterator[Demand]:
    criteria = [each for index, each in enumerate(arguments) if spot(name, index) == ONE]
    for each in criteria:
        yield from (("criterion", (leaf,)) for leaf in _joined(each))
    if name == "SUMIFS" and arguments:
        yield ("summed", tuple(arguments)) if sums_equals(arguments, formula) else ("plain", (arguments[0],))
    area = formula.area(arguments[0]) if arguments else None
    if name == "COUNTIFS" and criteria and area and is_whole(area):
        literal = [each for each in criteria if each["node_type"] == "Literal"]
        yield "selective", ((literal or criteria)[0],)


def sums_equals(arguments: list[Node], formula: Formula) -> bool:
    """Whether each criterion of a SUMIFS is a cell or a literal, so that it may ask for what equals it."""
    areas = [formula.area(each) for each in (arguments[0], *arguments[1::2])]
    criteria = [formula.area(each) for each in arguments[2::2] if each["node_type"] != "Literal"]
    are_cells = all(area is not None and area.is_cell for area in criteria)
    return len(arguments) % 2 == 1 and are_cells and all(area is not None and not is_whole(area) for area in areas)


def _joined(node: Node) -> Iterator[Node]:
    # The parts of a text that is joined of references and literals: an error in one is an error of the whole.
    sides = (node["left"], node["right"]) if node.get("operator") == "&" else ()
    if sides and all(each["node_type"] in {"Reference", "Literal"} or each.get("operator") == "&" for each in sides):
        for side in sides:
            yield from _joined(side)
    else:
        yield node


def _of_index(arguments: list[Node], formula: Formula, where: str) -> Iterator[Demand]:
    size = formula.size(arguments[0]) if arguments else None
    numbers = arguments[1:]
    for at, each in enumerate(numbers):
        # A 0 stands for all rows or all columns, which are one where there is only one.
        lines = size[at] if size and len(numbers) == 2 else 2
        if not _is_from_one(each):
            yield ("index" if where == ONE and lines > 1 else "line"), (each,)
    area = formula.area(arguments[0]) if arguments else None
    if area and is_whole(area):
        yield "inside", (CALL,)


#: Stands for the call itself among what a rule looks at.
CALL: Final[Node] = {"node_type": "Call"}


def _is_from_one(node: Node) -> bool:
    if node["node_type"] != "Function":
        return False
    name = bare_name(node["name"]).upper()
    ones = (each.get("value") for each in node["args"])
    return name in FROM_ONE or (name == "MAX" and any(isinstance(one, float) and one >= 1 for one in ones))


def _passes_by(node: Node) -> bool:
    # Whether a function is in it whose errors do not reach the function around it.
    if node["node_type"] == "Function":
        return bare_name(node["name"]).upper() in PASSES_BY or any(map(_passes_by, node["args"]))
    return any(_passes_by(node[side]) for side in ("left", "right", "operand") if side in node)


def _is_never_text(node: Node) -> bool:
    # Whatever the cells hold; INDEX gives what a cell holds.
    kind = node["node_type"]
    if kind == "Function":
        name = bare_name(node["name"]).upper()
        return name in NUMERIC and name != "INDEX"
    return kind in {"Literal", "BinaryOp", "UnaryOp"} and is_number(node)


def _may_fail(node: Node) -> bool:
    return node["node_type"] not in {"Reference", "Omitted"} and not (
        node["node_type"] == "Literal" and node["value"] not in EXCEL_ERRORS
    )


def _order(arguments: list[Node]) -> int:
    # How MATCH looks: 0 for the value itself; 1 and -1 rely on an order.
    if len(arguments) < 3:
        return 1
    kind: Any = arguments[2]
    sign = 1
    if kind["node_type"] == "UnaryOp" and kind["operator"] == "-":
        kind, sign = kind["operand"], -1
    if kind["node_type"] != "Literal" or not isinstance(kind["value"], (int, float)):
        raise Corner("takes the way in which MATCH looks from a cell")
    return sign * ((kind["value"] > 0) - (kind["value"] < 0))
