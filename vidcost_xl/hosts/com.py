"""The registry bound to xlwings' COM server: one function a name, found by the add-in's VBA.

`XLPython.CallUDF("vidcost_xl.hosts.com", "VIDEO_EGRESS", arguments)` finds the function
here. What stands here are clones without type hints, keyword-only or variable arguments,
since xlwings would read hints as converters (and fails on most of them); values pass
through xlwings untouched and are converted in `com_values`, where the table of cases is.

The module loads anywhere: off Windows xlwings' decorators do nothing.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from keyword import iskeyword
from typing import Any, Final

import xlwings

from vidcost_xl.functions.registry import functions
from vidcost_xl.functions.remembered import call_remembered
from vidcost_xl.functions.values import OMITTED
from vidcost_xl.hosts.com_values import from_com, to_com

#: xlwings' name of "hand over as it is".
UNTOUCHED: Final = "raw"


def exposed(function: Callable[..., list[list[Any]]], name: str, arguments: tuple[str, ...]) -> Callable[..., Any]:
    """Make a function callable through `CallUDF`, with its values untouched.

    Parameters
    ----------
    function : callable
        Takes positional values as COM hands them over, returns rows.
    name : str
        Under which VBA calls it.
    arguments : tuple of str
        Names, each of them optional. A Python keyword gets an underscore: `class_`.
    """

    def clone(*values: Any) -> list[list[Any]]:
        return function(*values)

    names = [f"{each}_" if iskeyword(each) else each for each in arguments]
    clone.__name__ = clone.__qualname__ = name
    clone.__annotations__ = {}
    clone.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(each, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=OMITTED) for each in names]
    )
    bound = xlwings.func(clone)
    for each in names:
        bound = xlwings.arg(each, UNTOUCHED)(bound)
    return xlwings.ret(UNTOUCHED)(bound)


def _in_cell(name: str) -> Callable[..., list[list[Any]]]:
    def function(*values: Any) -> list[list[Any]]:
        arguments = [value if type(value) is float else from_com(value) for value in values]
        while arguments and arguments[-1] is OMITTED:
            arguments.pop()
        return to_com(call_remembered(name, arguments))

    return function


# VBA always sends one value at least: an empty array does not survive every COM client.
for _name, _spec in functions().items():
    _arguments = tuple(parameter.name for parameter in _spec.parameters) or ("nothing",)
    globals()[_name] = exposed(_in_cell(_name), _name, _arguments)
