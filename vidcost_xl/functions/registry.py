"""The registry: what Excel must know about each function besides its Python.

Name, category, one-line help and a help text for every argument, 255 characters at most
each (the limit of Excel's function wizard). Hosts bind what is registered here; nothing
else in the product lists the functions.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, Literal, TypeVar

from vidcost_xl.errors import BadArgumentError, unknown_name

Category = Literal["Size", "Price", "Model", "Decide", "Article", "Audit"]
Kind = Literal["value", "cells", "table", "raw"]
Function = TypeVar("Function", bound=Callable[..., Any])

#: Longest text that Excel's function wizard shows, for a function or an argument.
WIZARD_LIMIT: Final = 255

#: Arguments that may be ranges of months in every function that has them.
RANGE_ARGUMENTS: Final = frozenset({"amount", "count", "objects", "months", "prior", "discount", "as_of", "stored"})

#: Arguments that are tables with a header row.
TABLE_ARGUMENTS: Final = frozenset({"rates", "inputs", "overrides", "scenarios", "providers"})

#: Arguments for which a blank cell is an error instead of the default.
NEVER_EMPTY: Final = frozenset({"amount", "count"})

#: Help of the arguments that mean the same everywhere.
SHARED_HELP: Final[Mapping[str, str]] = {
    "amount": 'Amount of data: a number with its unit in the next argument, or a text such as "5 PB". '
    "A range is separate months.",
    "unit": 'Unit of the amount: B, kB, MB, GB, TB, PB, EB (powers of 1000), KiB to EiB (powers of 1024), or "billed" '
    "for the provider's own billing unit. Needed beside a number.",
    "prior": "Volume already billed this month in the same pool, so that tiers continue. A number in the same unit, or "
    'a text such as "5 PB". May be a range.',
    "stored": "Bytes stored at the provider this month, which some let out free of charge up to a multiple. A number "
    'in the same unit, or a text such as "5 PB". May be a range. Left out: such free egress is not applied.',
    "region": 'Region, such as "eu-west-1" or "Frankfurt"; =VIDEO_LIST("region"). It may stand behind the class or '
    "route instead, after an @. Left out: the provider's default region.",
    "discount": "Negotiated share off the price, 0 to 1 (0.1 is ten percent). May be a range of months.",
    "rates": "Private rates: a range with the headers meter and rate, and optionally region, from and to. They replace "
    "list prices, flat, without tiers.",
    "as_of": 'The day whose prices hold: a date cell or "2026-10-01". Left out: the newest price in the book. '
    "May be a range of months.",
}


@dataclass(frozen=True)
class Parameter:
    """One argument of a function.

    Parameters
    ----------
    default : object
        The marked default of the signature.
    kind : {"value", "cells", "table", "raw"}
        A single value, a value or a range of months, a headed table, or whatever the host hands over.
    help : str
        For the function wizard.
    """

    name: str
    default: Any
    kind: Kind
    help: str

    @property
    def is_required(self) -> bool:
        """Whether the function has no default for it."""
        return self.default is inspect.Parameter.empty

    @property
    def refuses_blank(self) -> bool:
        """Whether a blank cell is an error here."""
        return self.name in NEVER_EMPTY


@dataclass(frozen=True)
class FunctionSpec:
    """One registered function.

    Parameters
    ----------
    name : str
        As written in a cell.
    category : str
        Group in the function wizard.
    help : str
        One line for the wizard.
    function : callable
        Plain Python.
    """

    name: str
    category: Category
    help: str
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...]

    @property
    def signature(self) -> str:
        """The call as the reference prints it: `VIDEO_EGRESS([amount=5],[unit="PB"],...)`."""
        return f"{self.name}({','.join(_shown(parameter) for parameter in self.parameters)})"


_REGISTRY: dict[str, FunctionSpec] = {}
_ROOMS: Final = (
    *("size", "latents", "amounts", "storage", "requests", "transfer", "rate"),
    *("model", "own", "decide", "mix", "risk", "scenarios", "variance", "article", "agents", "audit", "explain"),
)


def excel_function(
    category: Category, summary: str, helps: Mapping[str, str] | None = None, kinds: Mapping[str, Kind] | None = None
) -> Callable[[Function], Function]:
    """Register a function for Excel and leave it as it is.

    Parameters
    ----------
    summary : str
        One line for the wizard.
    helps : mapping of str to str
        Help of each argument that `SHARED_HELP` does not cover.
    kinds : mapping of str to str
        Kind of an argument where its name alone does not tell.

    Raises
    ------
    ValueError
        For a help text that is missing or longer than the wizard shows.
    """

    def register(function: Function) -> Function:
        texts = {**SHARED_HELP, **(helps or {})}
        parameters = []
        for python_name, parameter in inspect.signature(function).parameters.items():
            name = python_name.rstrip("_")  # class_ in Python is class in Excel
            if name not in texts:
                raise ValueError(f"{function.__name__}: argument {name} has no help")
            kind = (kinds or {}).get(name) or _kind(name)
            parameters.append(Parameter(name, parameter.default, kind, texts[name]))
        too_long = [
            text for text in (summary, *(parameter.help for parameter in parameters)) if len(text) > WIZARD_LIMIT
        ]
        if too_long:
            raise ValueError(f"{function.__name__}: longer than {WIZARD_LIMIT} characters: {too_long}")
        _REGISTRY[function.__name__] = FunctionSpec(function.__name__, category, summary, function, tuple(parameters))
        return function

    return register


@lru_cache(maxsize=1)
def functions() -> Mapping[str, FunctionSpec]:
    """All registered functions by name, in the order of the reference."""
    rooms = [import_module(f"vidcost_xl.functions.{room}").__name__ for room in _ROOMS]
    # A room that someone imported first has registered first: the order is that of the rooms.
    position = {room: index for index, room in enumerate(rooms)}
    ordered = sorted(_REGISTRY.values(), key=lambda spec: position.get(spec.function.__module__, len(rooms)))
    return {spec.name: spec for spec in ordered}


def function_spec(name: str) -> FunctionSpec:
    """The registered function called `name`, in any case.

    Raises
    ------
    BadArgumentError
        Names the nearest functions.
    """
    registered = functions()
    spec = registered.get(name) or registered.get(name.strip().upper())
    if spec is None:
        raise BadArgumentError(unknown_name("function", name, registered))
    return spec


def _kind(name: str) -> Kind:
    if name in RANGE_ARGUMENTS:
        return "cells"
    return "table" if name in TABLE_ARGUMENTS else "value"


def _shown(parameter: Parameter) -> str:
    default = parameter.default
    if parameter.is_required:
        return parameter.name
    if isinstance(default, str):
        return f'[{parameter.name}="{default}"]'
    if isinstance(default, float) and not isinstance(default, bool):
        number = f"{default:g}".replace("e+0", "e").replace("e+", "e")
        return f"[{parameter.name}={number}]"
    return f"[{parameter.name}]"
