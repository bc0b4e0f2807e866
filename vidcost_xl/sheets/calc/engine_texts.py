"""Parts of a formula as the embedded engine takes them: constants, and calls of which it makes something else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vidcost_xl.errors import EXCEL_ERRORS
from vidcost_xl.hosts.operators import AS_TEXT
from vidcost_xl.sheets.formulas.resolver import Node, Untrusted


def literal(value: Any, source: str) -> str:
    """A constant of a formula; `source` tells an error from a text that reads like one."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        if value in EXCEL_ERRORS:
            if f'"{value}"' in source:
                raise Untrusted(f"has {value} as a text")
            return value
        return '"' + value.replace('"', '""') + '"'
    if not isinstance(value, (int, float)):
        raise Untrusted(f"has a constant that is not computed here ({value!r})")
    return f"{value:.17G}" if value != int(value) or abs(value) >= 1e15 else str(int(value))


def array(rows: Sequence[Sequence[Node]], source: str) -> str:
    """An array of constants."""
    return "{" + ";".join(",".join(_signed(cell, source) for cell in row) for row in rows) + "}"


def _signed(node: Node, source: str) -> str:
    if node["node_type"] == "UnaryOp" and node["operator"] in {"-", "+"}:
        return f"{node['operator']}{_signed(node['operand'], source)}"
    return literal(node.get("value"), source)


def joined_reference(text: str) -> str:
    """A reference to one cell that `&` joins, as Excel writes its number."""
    # A call into Python costs more than this, and most of what is joined is a text or whole: dates, counters.
    whole = f"IFERROR((INT({text})={text})*(ABS({text})<1E15)=1,FALSE)"
    return f"IF(ISTEXT({text}),{text},IF({whole},{text},{AS_TEXT}({text})))"


def hyperlink(link: str, shown: str) -> str:
    """What HYPERLINK shows: the engine makes a text of it."""
    return f"IF(ISERROR({link}),{link},{shown})"


def rows_of_choice(call: str, condition: str) -> str:
    """A call of ROWS on an IF: the engine counts one row of an error."""
    return f"IF(ISERROR({condition}),{condition},{call})"


def sumifs_with_errors(written: list[str], call: str) -> str:
    """A call of SUMIFS: the engine's passes over errors where the criteria hold; its SUM and IF do as Excel does."""
    summed, pairs = written[0], zip(written[1::2], written[2::2], strict=True)
    held = "*".join(f"({area}={criterion})" for area, criterion in pairs)
    return f"IF(ISERROR(SUM({summed})),SUM(IF(IFERROR(1*{held},0),{summed},0)),{call})"


def path(choices: Sequence[tuple[str, bool]]) -> str:
    """Whether every IF around a part chooses it; each is its condition, and whether the part stands where it holds."""
    text = "TRUE"
    for condition, is_then in reversed(choices):
        text = f"IF({condition},{text},FALSE)" if is_then else f"IF({condition},FALSE,{text})"
    return text
