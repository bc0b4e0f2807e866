"""Rules 9 to 12, and the rounding of rule 17: what stands inside a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from vidcost_xl.sheets.formulas.parsed import Parsed
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.review.rules.catalogue import catalogue
from vidcost_xl.sheets.review.rules.findings import Finding, grouped
from vidcost_xl.sheets.review.rules.graph import Graph
from vidcost_xl.sheets.review.rules.view import SheetView, WorkbookView

#: Functions that trace and recalculate badly.
UNTRACEABLE: Final = ("OFFSET", "INDIRECT")
#: Functions whose value changes without a change of inputs.
VOLATILE: Final = ("NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "CELL", "INFO")
#: Functions that round to digits; to whole units (ROUNDUP of drives) is a rule of the business.
ROUNDING: Final = ("ROUND", "ROUNDUP", "ROUNDDOWN", "MROUND", "TRUNC")

_TEXT: Final = re.compile(r'"(?:[^"]|"")*"')

#: Characters of a formula that a finding shows.
_SHOWN: Final = 70


def formula_findings(book: WorkbookView) -> list[Finding]:
    """Length, nesting, constants and functions that a reviewer refuses.

    Returns
    -------
    list of Finding
        One for each formula as it was copied, with all its cells.
    """
    found = []
    for sheet, cell, parsed in book.formulas():
        for check, what in _faults(parsed, sheet, cell):
            # The same formula, copied; the first word of what is wrong tells one function from another.
            fault = f"{what.split()[0]}|{sheet.relative(cell)}"
            found.append((fault, Finding(check, sheet.name, (cell.spot,), what)))
    return grouped(found)


def rounding_findings(book: WorkbookView, graph: Graph) -> list[Finding]:
    """Rounded figures that other formulas go on with."""
    found = []
    for sheet, cell, parsed in book.formulas():
        rounded = [(name, within) for name, within in parsed.functions if _rounds(name, parsed)]
        if not rounded:
            continue
        name, within = rounded[0]
        if set(within.around) - {"IF", "IFERROR"} or not (within.around or _is_whole(parsed)):
            what = f"{name} inside {_cut(sheet.formula(cell))}"
        elif graph.is_used(sheet.name, cell.spot):
            what = f"{name} in {_cut(sheet.formula(cell))}, which other formulas read"
        else:
            continue
        found.append((sheet.relative(cell), Finding("rounding", sheet.name, (cell.spot,), what)))
    return grouped(found)


def _rounds(name: str, parsed: Parsed) -> bool:
    if name not in ROUNDING:
        return False
    digits = [value for value, _, within in parsed.numbers if within.function == name and within.argument == 2]
    return name in {"ROUND", "MROUND"} or any(digits)


def _is_whole(parsed: Parsed) -> bool:
    # One call and nothing behind its closing bracket.
    return (
        sum(not within.around for _, within in parsed.functions) == 1
        and re.fullmatch(r"-*\w+\(.*\)", parsed.form) is not None
    )


def _faults(parsed: Parsed, sheet: SheetView, cell: Cell) -> Iterator[tuple[str, str]]:
    limits = catalogue().limits
    if len((cell.formula and cell.formula.text) or sheet.copied[cell.spot].source) >= limits.formula_length:
        length = len(_TEXT.sub('""', sheet.formula(cell)))
        if length > limits.formula_length:
            what = f"{length} characters, more than {limits.formula_length}: {_cut(sheet.formula(cell))}"
            yield "long-formula", what
    for check, what in _patterned(parsed):
        yield check, f"{what}{_cut(sheet.formula(cell))}" if what.endswith(" ") else what


@lru_cache(maxsize=4096)
def _patterned(parsed: Parsed) -> tuple[tuple[str, str], ...]:
    # What is wrong with every copy of a formula; where it ends with a space, the formula follows.
    limits = catalogue().limits
    found = []
    if parsed.depth > limits.nesting:
        found.append(("deep-formula", f"{parsed.depth} functions inside one another, more than {limits.nesting}"))
    if any(name == "IF" and "IF" in within.around for name, within in parsed.functions):
        found.append(("nested-if", "IF inside IF: "))
    constants = list(dict.fromkeys(_constants(parsed)))
    if constants:
        found.append(("constant", f"{', '.join(constants)} typed into "))
    names = {name for name, _ in parsed.functions}
    if "NPV" in names:
        found.append(("npv", "NPV in "))
    found += [("untraceable", f"{name} in ") for name in UNTRACEABLE if name in names]
    found += [("volatile", f"{name} in ") for name in VOLATILE if name in names]
    return tuple(found)


def _constants(parsed: Parsed) -> Iterator[str]:
    limits = catalogue().limits
    for value, text, within in parsed.numbers:
        is_option = within.alone and within.argument in limits.options.get(within.function, frozenset())
        if value not in limits.universal and not is_option:
            yield text


def _cut(formula: str) -> str:
    return formula if len(formula) <= _SHOWN else formula[: _SHOWN - 1] + "\u2026"
