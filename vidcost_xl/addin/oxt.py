"""The extension for LibreOffice, made from the registry: a Calc add-in in Python with every function and its help."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from vidcost_xl import __version__
from vidcost_xl.addin.oxt_types import interface_types
from vidcost_xl.addin.unopkg import IDENTIFIER
from vidcost_xl.functions.registry import FunctionSpec, functions
from vidcost_xl.hosts import libreoffice
from vidcost_xl.sheets.package.parts import write_parts

INTERFACE: Final = "org.vidcost.XFunctions"
SERVICE: Final = "org.vidcost.Functions"
JOB: Final = "org.vidcost.Binding"

#: Functions whose answer is text: why nothing answers can stand in the cell itself.
TEXTS: Final = ("VIDEO_EXPLAIN",)
_LANGUAGE: Final = "en-US"
_REGISTRY: Final = 'xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
_KINDS: Final = {
    "types.rdb": "application/vnd.sun.star.uno-typelibrary;type=RDB",
    # Lists what component.py implements: LibreOffice asks a bare component.py for that over a bridge to another
    # process while it installs, and that bridge crashed twice in 500 installations on a busy machine.
    "vidcost.components": "application/vnd.sun.star.uno-components",
    "CalcAddIns.xcu": "application/vnd.sun.star.configuration-data",
    "Jobs.xcu": "application/vnd.sun.star.configuration-data",
}


def command() -> list[str]:
    """What starts the process that LibreOffice asks: this Python, and nothing that an environment variable says."""
    return [sys.executable, "-I", str(Path(libreoffice.__file__).resolve())]


def extension() -> bytes:
    """The .oxt for this Python; the same registry and Python give the same bytes."""
    methods = {spec.name: [_argument(each.name) for each in spec.parameters] for spec in functions().values()}
    settings = {
        "command": command(),
        "functions": list(methods),
        "texts": TEXTS,
    }
    members = {
        "META-INF/manifest.xml": _manifest().encode(),
        "description.xml": _description().encode(),
        "types.rdb": interface_types(INTERFACE, methods),
        "vidcost.components": _components().encode(),
        "component.py": (files("vidcost_xl.addin") / "data" / "oxt_component.py").read_bytes(),
        "settings.json": json.dumps(settings, indent=1).encode(),
        "CalcAddIns.xcu": _wizard().encode(),
        "Jobs.xcu": _job().encode(),
    }
    return write_parts(members)


def _argument(name: str) -> str:
    return f"p_{name}"  # `any`, `string` and `type` are words of the interface's own language


def _manifest() -> str:
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>\n'
        for name, kind in _KINDS.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">\n{entries}</manifest:manifest>\n'
    )


def _components() -> str:
    implementations = "".join(
        f'<implementation name="{name}">{"".join(map(_service, services))}</implementation>\n'
        for name, services in {SERVICE: (SERVICE, "com.sun.star.sheet.AddIn"), JOB: (JOB,)}.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<components xmlns="http://openoffice.org/2010/uno-components">\n'
        f'<component loader="com.sun.star.loader.Python" uri="component.py">\n{implementations}</component>\n'
        "</components>\n"
    )


def _service(name: str) -> str:
    return f'<service name="{name}"/>'


def _description() -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<description xmlns="http://openoffice.org/extensions/description/2006">\n'
        f'<identifier value="{IDENTIFIER}"/>\n<version value="{__version__}"/>\n'
        '<display-name><name lang="en">Cost of video data: the VIDEO_ functions</name></display-name>\n'
        "</description>\n"
    )


def _wizard() -> str:
    described = "".join(map(_function, functions().values()))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<oor:component-data {_REGISTRY} oor:name="CalcAddIns" oor:package="org.openoffice.Office">\n'
        f'<node oor:name="AddInInfo"><node oor:name="{SERVICE}" oor:op="replace"><node oor:name="AddInFunctions">\n'
        f"{described}</node></node></node>\n</oor:component-data>\n"
    )


def _job() -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<oor:component-data {_REGISTRY} oor:name="Jobs" oor:package="org.openoffice.Office">\n'
        f'<node oor:name="Jobs"><node oor:name="{JOB}" oor:op="replace">'
        f'<prop oor:name="Service"><value>{JOB}</value></prop></node></node>\n'
        '<node oor:name="Events"><node oor:name="OnLoad" oor:op="fuse"><node oor:name="JobList">'
        f'<node oor:name="{JOB}" oor:op="replace"/></node></node></node>\n</oor:component-data>\n'
    )


def _function(spec: FunctionSpec) -> str:
    arguments = "".join(
        f'<node oor:name="{_argument(each.name)}" oor:op="replace">'
        f"{_said('DisplayName', each.name)}{_said('Description', each.help)}</node>\n"
        for each in spec.parameters
    )
    return (
        f'<node oor:name="{spec.name}" oor:op="replace">{_said("DisplayName", spec.name)}'
        f"{_said('Description', spec.help)}{_said('CompatibilityName', spec.name)}"
        '<prop oor:name="Category"><value>Add-In</value></prop>\n'
        f'<node oor:name="Parameters">{arguments}</node></node>\n'
    )


def _said(name: str, text: str) -> str:
    return f'<prop oor:name="{name}"><value xml:lang="{_LANGUAGE}">{escape(text)}</value></prop>'
