"""Builds the add-in without Excel: `python -m vidcost_xl.addin.build`.

Out of xlwings' own template (BSD), our VBA and the registry. Needs pyOpenVBA, which only
those who build need (`pip install vidcost-xl[dev]`). Two builds are equal byte for byte, so a
test can tell whether the committed file is the one that the sources make.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final

from vidcost_xl.addin.vba_source import BuildError, modules, text, xlwings_folder
from vidcost_xl.addin.xlam_parts import parts
from vidcost_xl.sheets.package.parts import read_parts, write_parts

TEMPLATE: Final = "quickstart_addin_ribbon.xlam"

#: Modules of the template that ours replace.
_REPLACED: Final = ("Dictionary", "RibbonMyAddin", "xlwings")

#: Libraries that the template refers to and nothing of ours uses.
_UNUSED_LIBRARY: Final = "MSForms"


def target() -> Path:
    """Where the built add-in lies in the package."""
    return Path(__file__).parent / "data" / "vidcost.xlam"


def build() -> bytes:
    """Make the add-in.

    Raises
    ------
    BuildError
        When the VBA project does not validate, or xlwings' template is another one.
    """
    template = (xlwings_folder() / TEMPLATE).read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / TEMPLATE
        path.write_bytes(template)
        project = _project(path)
    # Not compressed: compressors differ between machines.
    return write_parts(parts(read_parts(template), project), compressed=False)


def _project(path: Path) -> bytes:
    from pyopenvba import ExcelFile

    with ExcelFile(path) as file:
        project = file.vba_project()
        for name in _REPLACED:
            project.delete_module(name)
        for name, source in modules().items():
            project.add_module(name, f'Attribute VB_Name = "{name}"\r\n' + _windows(source))
        file.set_module("ThisWorkbook", _windows(text("ThisWorkbook.cls")))
        file.remove_reference(_UNUSED_LIBRARY)
        file.save(path)
    with ExcelFile(path) as file:
        problems = file.validate()
    if problems:
        raise BuildError(f"the VBA project is not valid: {problems}")
    return read_parts(path.read_bytes())["xl/vbaProject.bin"]


def _windows(source: str) -> str:
    return source.replace("\r\n", "\n").replace("\n", "\r\n")


def main() -> int:
    """Write the add-in into the package."""
    path = target()
    path.parent.mkdir(exist_ok=True)
    made = build()
    same = path.exists() and path.read_bytes() == made
    path.write_bytes(made)
    sys.stdout.write(f"{path}: {len(made):,} bytes, {'unchanged' if same else 'new'}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
