"""The functions for xlwings Lite: a small wheel, `main.py` with every function, what to install, and a page.

The wheel holds the rooms below hosts with their data, and the binding; nothing of a workbook, a command or an add-in.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from keyword import iskeyword
from pathlib import Path
from string import Template
from textwrap import dedent
from typing import Final

from vidcost_xl import __version__
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.registry import FunctionSpec, functions
from vidcost_xl.sheets.package.parts import ZIP_DATE
from vidcost_xl.sheets.package.safe_files.writing import write_file

PACKAGE: Final = "vidcost_xl"
#: Its own name: the whole of vidcost-xl needs far more.
DISTRIBUTION: Final = "vidcost_xl_lite"
REQUIREMENTS: Final = ("numpy>=1.26", "pydantic>=2.7")
PYTHON: Final = ">=3.11"

#: What of the package is in the wheel: the rooms below hosts, and the binding.
ROOMS: Final = ("prices", "facts", "model", "bills", "analysis", "functions")
MODULES: Final = ("__init__.py", "py.typed", "errors.py", "units.py", "digits.py", "names.py")
HOST: Final = ("__init__.py", "com_values.py", "lite.py")
_SUFFIXES: Final = (".py", ".toml")

#: In each text file that is ours to replace.
MARK: Final = "Made by vidcost lite"
#: Where the host puts files that a user imports.
_IMPORTED: Final = "/data"


def wheel_name() -> str:
    """The file name of the wheel."""
    return f"{DISTRIBUTION}-{__version__}-py3-none-any.whl"


def lite_files() -> dict[str, bytes]:
    """The files of the folder by their names."""
    return {wheel_name(): wheel(), **{name: text().encode() for name, text in _TEXTS.items()}}


def write_lite(folder: Path, *, force: bool = False) -> list[Path]:
    """Write the files; a folder that is not there yet appears whole or not at all.

    Parameters
    ----------
    folder : Path
        Made if it does not exist; the one it is in must.
    force : bool
        Whether files of an earlier run are replaced; nothing else ever is.

    Returns
    -------
    list of Path

    Raises
    ------
    BadArgumentError
        For a file that stands in the way: then nothing is written.
    """
    if folder.exists() and not folder.is_dir():
        raise BadArgumentError(f"{folder} is a file. Name a folder.")
    if not folder.absolute().parent.is_dir():
        raise BadArgumentError(f"the folder {folder.absolute().parent} does not exist. Make it first.")
    for name in lite_names():
        _check(folder / name, force)
    made = lite_files()
    try:
        if folder.is_dir():
            for name, data in made.items():
                write_file(folder / name, data, force=force, suffix=Path(name).suffix)
        else:
            _make(folder, made)
    except OSError as error:
        raise BadArgumentError(f"{folder} cannot be written: {error.strerror or error}.") from None
    return [folder / name for name in made]


def lite_names() -> tuple[str, ...]:
    """The names of the files that are written."""
    return (wheel_name(), *_TEXTS)


def _make(folder: Path, made: Mapping[str, bytes]) -> None:
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.absolute().parent) as temporary:
        ready = Path(temporary) / folder.name
        ready.mkdir()
        for name, data in made.items():
            write_file(ready / name, data, suffix=Path(name).suffix)
        os.rename(ready, folder)  # noqa: PTH104 - Path.rename would not say that a file came in between


def _check(path: Path, force: bool) -> None:
    if not path.exists():
        return
    if not force:
        raise BadArgumentError(f"{path} exists already and stays as it is. Choose another folder, or add --force.")
    is_ours = path.is_file() and (
        path.suffix == ".whl" or MARK in path.read_text("utf-8", "replace").partition("\n")[0]
    )
    if not is_ours:
        raise BadArgumentError(f"{path} was not made by vidcost lite and stays as it is. Choose another folder.")


def wheel() -> bytes:
    """The package as a wheel; the same sources give the same bytes."""
    info = f"{DISTRIBUTION}-{__version__}.dist-info"
    requires = "".join(f"Requires-Dist: {each}\n" for each in REQUIREMENTS)
    about = (
        f"Metadata-Version: 2.1\nName: {DISTRIBUTION.replace('_', '-')}\nVersion: {__version__}\n"
        f"Summary: The VIDEO_ functions of vidcost-xl for xlwings Lite\nRequires-Python: {PYTHON}\n{requires}"
    )
    kind = "Wheel-Version: 1.0\nGenerator: vidcost-xl\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    members = dict(_sources()) | {f"{info}/METADATA": about.encode(), f"{info}/WHEEL": kind.encode()}
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in members.items())
    members[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members.items():  # in this order, with the record last, as a wheel has it
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return written.getvalue()


def _sources() -> Iterator[tuple[str, bytes]]:
    root = files(PACKAGE)
    for name in MODULES:
        yield f"{PACKAGE}/{name}", (root / name).read_bytes()
    for name in HOST:
        yield f"{PACKAGE}/hosts/{name}", (root / "hosts" / name).read_bytes()
    for room in ROOMS:
        yield from _below(root / room, f"{PACKAGE}/{room}")


def _below(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.is_dir():
            yield from _below(each, f"{name}/{each.name}")
        elif each.name.endswith(_SUFFIXES):
            yield f"{name}/{each.name}", each.read_bytes()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def main_module() -> str:
    """The module that the host loads: every function of the registry with its help."""
    head = dedent(
        f'''\
        # {MARK} {__version__}, from the registry of its functions; change nothing here, make it anew.
        """The VIDEO_ functions in Excel. README.md, beside this file, says how to use them."""

        import sys
        from pathlib import Path

        _wheel = Path("{_IMPORTED}/{wheel_name()}")  # imported by hand; else the address in requirements.txt
        if _wheel.is_file():
            sys.path.insert(0, str(_wheel))

        from vidcost_xl.hosts.lite import answer
        from xlwings import arg, func
        '''
    )
    return "\n\n".join([head, *(_function(spec) for spec in functions().values())])


def _function(spec: FunctionSpec) -> str:
    names = [f"{each.name}_" if iskeyword(each.name) else each.name for each in spec.parameters]
    helps = [f'@arg("{name}", "raw", doc={each.help!r})\n' for name, each in zip(names, spec.parameters, strict=True)]
    defaults = ["" if each.is_required else "=None" for each in spec.parameters]
    signature = ", ".join(f"{name}{default}" for name, default in zip(names, defaults, strict=True))
    passed = "".join(f", {name}" for name in names)
    return (
        f"@func\n{''.join(helps)}def {spec.name}({signature}):\n    {spec.help!r}\n"
        f'    return answer("{spec.name}"{passed})\n'
    )


def _requirements() -> str:
    # Without versions: the host has one of each, tied to its own.
    return "\n".join(
        [
            f"# {MARK} {__version__}. Add the address of the wheel here, unless it is imported by hand.",
            *(each.partition(">")[0] for each in REQUIREMENTS),
            "# scipy: for VIDEO_RISK and VIDEO_MIX",
            "# duckdb and pandas: for a bill in VIDEO_VARIANCE",
            "",
        ]
    )


def _page() -> str:
    text = (files(f"{PACKAGE}.addin") / "data" / "lite.md").read_text("utf-8")
    return Template(text).substitute(mark=f"{MARK} {__version__}", wheel=wheel_name(), count=str(len(functions())))


#: What stands beside the wheel.
_TEXTS: Final = {"main.py": main_module, "requirements.txt": _requirements, "README.md": _page}
