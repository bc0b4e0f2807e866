"""The VBA of the add-in, put together from our text files, the registry and xlwings' own header.

From xlwings come its licence and the declarations of its DLL, word for word, out of the
installed wheel; everything behind them is ours. No Office and no Windows needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from vidcost_xl.functions.registry import FunctionSpec, functions
from vidcost_xl.hosts.com_server import COMMAND
from vidcost_xl.hosts.com_values import ERROR_NUMBERS

#: Where xlwings' header ends: all of its own procedures stand behind this line.
_HEADER_ENDS: Final = 'Public Const PROJECT_NAME As String = "xlwings"'

#: Words that VBA keeps for itself and that could name an argument; it then gets an underscore.
_RESERVED: Final = frozenset(
    (
        *("as", "class", "date", "each", "end", "event", "function", "get", "in", "input", "is", "like", "loop", "me"),
        *("mod", "new", "next", "not", "on", "open", "option", "print", "put", "seek", "select", "set", "step", "stop"),
        *("string", "then", "to", "type", "until", "with", "write"),
    )
)

#: Row of the sheet _IntelliSense_ where the functions begin.
FIRST_HELP_ROW: Final = 2

STANDARD_MODULES: Final = (
    *("xlwings", "VideoServer", "VideoFunctions", "VideoBooks", "VideoHelp", "VideoJobs", "VideoRibbon"),
)


class BuildError(RuntimeError):
    """Something that the add-in is built from is not as expected."""


def modules() -> dict[str, str]:
    """Every standard module of the add-in by name, without its attribute line."""
    return {
        "xlwings": xlwings_header() + "\n" + text("xlwings_start.bas"),
        "VideoServer": _filled(text("VideoServer.bas"), {"COMMAND": COMMAND.replace('"', '""'), "ERRORS": _errors()}),
        "VideoFunctions": _functions(),
        "VideoBooks": text("VideoBooks.bas"),
        "VideoHelp": text("VideoHelp.bas") + "\n" + _descriptions(),
        "VideoJobs": text("VideoJobs.bas"),
        "VideoRibbon": text("VideoRibbon.bas"),
    }


def text(name: str) -> str:
    """One of our text files under `addin/vba`."""
    return (files("vidcost_xl.addin") / "vba" / name).read_text(encoding="ascii")


def xlwings_folder() -> Path:
    """Where xlwings is installed."""
    import xlwings

    return Path(xlwings.__file__).parent


def xlwings_header() -> str:
    """Licence, version and DLL declarations of xlwings' module.

    Raises
    ------
    BuildError
        When another release of xlwings has another text.
    """
    source = (xlwings_folder() / "xlwings.bas").read_text(encoding="utf-8").replace("\r\n", "\n")
    head, mark, _ = source.partition(_HEADER_ENDS)
    needed = ("XLPyDLLName As String", "XLPyDLLActivateAuto Lib", "LoadLibrary Lib", "BSD 3-clause")
    missing = [part for part in (_HEADER_ENDS if not mark else "", *needed) if part and part not in head + mark]
    if missing:
        raise BuildError(f"xlwings.bas is not the one this was written for: {missing} not found.")
    lines = [line.rstrip() for line in head.splitlines() if not line.startswith("Attribute ")]
    # Nothing in here is for cells: without this line the wizard would list it.
    return "\n".join(["Option Private Module", *lines])


def argument_names(spec: FunctionSpec) -> list[str]:
    """The names of a function's arguments in VBA, as the wizard shows them."""
    return [f"{each.name}_" if each.name in _RESERVED else each.name for each in spec.parameters]


def _functions() -> str:
    parts = [
        "Option Explicit",
        "",
        "' The functions of the registry, one each: generated, do not edit.",
        "' No argument is required in VBA: what is missing is said by VIDEO_EXPLAIN.",
    ]
    for spec in functions().values():
        names = argument_names(spec)
        declared = ", ".join(f"Optional {name} As Variant" for name in names)
        # The server leaves the private text away; an empty array would not arrive everywhere.
        sent = ", ".join(names) or 'Chr$(1) & "omitted"'
        parts += [
            "",
            f"Public Function {spec.name}({declared}) As Variant",
            f'    {spec.name} = VideoCall("{spec.name}", Array({sent}))',
            "End Function",
        ]
    return "\n".join(parts) + "\n"


def _descriptions() -> str:
    lines = ["Private Function DescribeFunctions() As Boolean", "    DescribeFunctions = True"]
    lines += [
        f'    If Not Described("{spec.name}", "{spec.category}", {row}) Then DescribeFunctions = False'
        for row, spec in enumerate(functions().values(), start=FIRST_HELP_ROW)
    ]
    return "\n".join([*lines, "End Function", ""])


def _errors() -> str:
    return "\n".join(f'        Case "{code}": ErrorNumber = {number}' for number, code in sorted(ERROR_NUMBERS.items()))


def _filled(source: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        if source.count(f"@{name}@") != 1:
            raise BuildError(f"the place for {name} is not there exactly once.")
        source = source.replace(f"@{name}@", value)
    return source
