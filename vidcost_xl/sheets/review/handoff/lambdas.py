"""The price functions as LAMBDA names of a workbook: their formulas, as typed in Excel and as a file stores them.

The formulas are data (data/lambdas.toml). What the registry of functions knows, arguments, order, defaults and which
may be ranges, is filled in from there, so that a function and its name cannot drift apart.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from vidcost_xl.digits import SAME
from vidcost_xl.functions.arguments import BLANK_MEANS, SHEET_ROWS
from vidcost_xl.functions.registry import FunctionSpec, Parameter, function_spec
from vidcost_xl.functions.requests import RESTORE
from vidcost_xl.names import IGNORED
from vidcost_xl.sheets.formulas.lambda_form import needs, stored
from vidcost_xl.units import BILLED

#: Start of every name that the functions need besides their own.
PREFIX: Final = "VIDCOST."

#: What the table of requests says instead of a meter where a provider does not charge.
FREE: Final = "free"

#: How a cell of an argument that may be a range is read.
_READERS: Final = {
    "amount": "VIDCOST.BYTES({cell},size,FALSE)",
    "prior": "LET(cell,{cell},IF(ISBLANK(cell),0,VIDCOST.BYTES(cell,size,TRUE)))",
    "stored": "VIDCOST.BYTES({cell},size,TRUE)",
    "count": "VIDCOST.COUNT({cell},#VALUE!,no_bound)",
    "discount": f"VIDCOST.COUNT({{cell}},{BLANK_MEANS['discount']:g},1)",
    "as_of": "VIDCOST.DAY({cell})",
    **{name: f"VIDCOST.COUNT({{cell}},{BLANK_MEANS[name]:g},no_bound)" for name in ("objects", "months")},
}

_PLACEHOLDER: Final = re.compile(r"<<(\w+)(?: (\w+))?>>")
_DIGITS: Final = "0123456789"
_SPACES: Final = re.compile(r"\n\s*")


@dataclass(frozen=True)
class LambdaName:
    """A name of a workbook that is a function.

    Parameters
    ----------
    comment : str
        What the Name Manager shows beside it.
    typed : str
        Its formula as Excel shows it, without the equals sign.
    """

    name: str
    comment: str
    typed: str

    @property
    def stored(self) -> str:
        """Its formula as a file holds it."""
        return stored(self.typed)

    @property
    def needs(self) -> set[str]:
        """The names of the workbook that it reads."""
        return needs(self.typed)


@lru_cache(maxsize=1)
def lambda_names() -> tuple[LambdaName, ...]:
    """The functions, and what they call, in the order in which they read."""
    found: dict[str, Any] = tomllib.loads((files(__package__) / "data" / "lambdas.toml").read_text(encoding="utf-8"))
    helpers = [LambdaName(each["name"], each["comment"], _filled(each["formula"], None)) for each in found["helper"]]
    ours = []
    for each in found["function"]:
        spec = function_spec(each["name"])
        comment = f"{spec.help} Prices of this workbook; the sheet Typing says how."
        ours.append(LambdaName(spec.name, comment, _filled(each["formula"], spec)))
    return (*ours, *helpers)


def typed_functions() -> tuple[FunctionSpec, ...]:
    """The functions of the registry that can be typed."""
    return tuple(function_spec(each.name) for each in lambda_names() if not each.name.startswith(PREFIX))


def _filled(formula: str, spec: FunctionSpec | None) -> str:
    text = _SPACES.sub("", formula.strip())

    def fill(match: re.Match[str]) -> str:
        key, name = match[1], match[2] or ""
        if spec is not None and key == "fault":
            return fault(spec, text)
        if spec is not None and key in _OF_FUNCTIONS:
            return _OF_FUNCTIONS[key](spec, name)
        if spec is not None and key in _OF_ARGUMENTS:
            parameter = next(each for each in spec.parameters if each.name == name)
            return _OF_ARGUMENTS[key](parameter)
        return _OF_ALL[key](name)

    return _PLACEHOLDER.sub(fill, text)


def _without(text: str, letters: Iterable[str]) -> str:
    for letter in letters:
        text = f'SUBSTITUTE({text},{letter if len(letter) > 1 else chr(34) + letter + chr(34)},"")'
    return text


def _default(parameter: Parameter) -> str:
    value = parameter.default
    if isinstance(value, str):
        return f'"{value}"'
    return f"{float(value):.15g}" if isinstance(value, float) else "0"


def _is_given(parameter: Parameter) -> str:
    return f"has_{parameter.name}"


def _flag(parameter: Parameter) -> str:
    # Whether it is written: a blank cell counts where it is refused, later.
    name = parameter.name
    if parameter.refuses_blank:
        return f"NOT(ISOMITTED({name}))"
    is_full = f"NOT(ISBLANK({name}))"
    if parameter.kind == "cells":
        is_full = f"IF(VIDCOST.MANY({name}),TRUE,{is_full})"
    return f"IF(ISOMITTED({name}),FALSE,{is_full})"


def _is_many(parameter: Parameter) -> str:
    return f"IF(ISOMITTED({parameter.name}),FALSE,VIDCOST.MANY({parameter.name}))"


def _read(parameter: Parameter) -> str:
    name, reader = parameter.name, _READERS[parameter.name]
    cell = f"VIDCOST.PICK({name},down,across)"
    omitted = reader.format(cell=_default(parameter)) if parameter.refuses_blank else _default(parameter)
    return f"IF({_is_given(parameter)},{reader.format(cell=cell)},{omitted})"


def _optional(parameter: Parameter) -> str:
    name = parameter.name
    return f"IF({_is_given(parameter)},IF(ISTEXT({name}),{name},#VALUE!),FALSE)"


def fault(spec: FunctionSpec, formula: str) -> str:
    """The formula that is an error where an argument cannot stand as it does, and 0 elsewhere.

    Parameters
    ----------
    formula : str
        Of the function, as the data hold it: an argument that it does not read is refused, never ignored.
    """
    takes = {
        each.name: 2 if not re.search(rf"\b{each.name}\b", formula) else 1 if each.kind == "cells" else 0
        for each in spec.parameters
    }
    return "+".join(f"IF(ISOMITTED({name}),0,VIDCOST.WRONG({name},{kind}))" for name, kind in takes.items())


def _ranges(spec: FunctionSpec) -> list[Parameter]:
    return [each for each in spec.parameters if each.name in _READERS]


def _single(spec: FunctionSpec, _: str) -> str:
    # The arguments that are one value: an error there is the answer, not one a cell.
    return "+".join(
        f"IF({_is_given(each)},IF(VIDCOST.MANY({each.name}),0,{_READERS[each.name].format(cell=each.name)}),0)"
        for each in _ranges(spec)
    )


def _largest(size: str, spec: FunctionSpec, without: str) -> str:
    each = (one.name for one in _ranges(spec) if one.name != without)
    return "MAX(" + ",".join(f"IF(ISOMITTED({name}),1,{size}({name}))" for name in each) + ")"


def _fits(spec: FunctionSpec, _: str) -> str:
    each = (f"IF(ISOMITTED({one.name}),TRUE,VIDCOST.FITS({one.name},tall,wide))" for one in _ranges(spec))
    return f"AND({','.join(each)})"


def _probe(spec: FunctionSpec, _: str) -> str:
    # Whether every meter has a price on the day, where that is one day for all cells.
    day = next(each for each in spec.parameters if each.name == "as_of")
    nothing = "0*SEQUENCE(1,COLUMNS(meters))"
    when = f"IF({_is_given(day)},VIDCOST.DAY(as_of),0)"
    return f"IF({_is_many(day)},0,VIDCOST.BILL(meters,{nothing},{nothing},{when}))"


_OF_ALL: Final[dict[str, Callable[[str], str]]] = {
    "spelled": lambda name: _without(name, (*IGNORED, "hard_space")),
    "digits": lambda name: _without(name, _DIGITS),
    "billed": lambda _: BILLED,
    "restore": lambda _: RESTORE,
    "free": lambda _: FREE,
    "same": lambda _: f"{SAME:.15f}".rstrip("0"),
    "sheet_rows": lambda _: str(SHEET_ROWS),
    "spread": lambda _: "IF(high*broad=1,answer(1,1),MAKEARRAY(high,broad,answer))",
}
_OF_FUNCTIONS: Final[dict[str, Callable[[FunctionSpec, str], str]]] = {
    "arguments": lambda spec, _: ",".join(f"[{each.name}]" for each in spec.parameters),
    "flags": lambda spec, _: ",".join(f"{_is_given(each)},{_flag(each)}" for each in spec.parameters),
    "tall": lambda spec, without: _largest("VIDCOST.TALL", spec, without),
    "wide": lambda spec, without: _largest("VIDCOST.WIDE", spec, without),
    "fits": _fits,
    "single": _single,
    "probe": _probe,
}
_OF_ARGUMENTS: Final[dict[str, Callable[[Parameter], str]]] = {
    "default": _default,
    "stated": _is_given,
    "given": lambda each: f"IF({_is_given(each)},{each.name},{_default(each)})",
    "optional": _optional,
    "read": _read,
}
