"""LibreOffice as a second engine without the add-in, and as a printer.

Its part is a reviewer's situation: the file is opened where our functions do not exist.
Every run has a profile of its own that recalculates on loading (LibreOffice otherwise
believes the values in the file) and follows no links.
"""

from __future__ import annotations

import glob
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from vidcost_xl.errors import VideoCostError
from vidcost_xl.sheets.package.parts import without_formulas

#: Names of the program, in the order they are looked for.
PROGRAMS: Final = ("soffice", "libreoffice")

#: Seconds that a conversion may take.
TIME_LIMIT: Final = 180

#: Recalculation on loading, 0: always; link update, 2: never; no macros, no pictures from elsewhere.
_SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


class LibreOfficeError(VideoCostError):
    """LibreOffice is missing, or did not convert a file."""


def find_program(*names: str) -> Path:
    """The first of `names` on the search path.

    Raises
    ------
    LibreOfficeError
        When none is installed; says how to install it.
    """
    for name in names:
        found = shutil.which(name)
        if found:
            return Path(found)
    raise LibreOfficeError(
        f"{names[0]} was not found. On Debian or Ubuntu: apt-get install --no-install-recommends libreoffice-calc "
        "poppler-utils fonts-crosextra-carlito."
    )


def recalculated(source: Path, folder: Path) -> Path:
    """Open `source` in LibreOffice, recalculate everything, and save a copy to read values from.

    Parameters
    ----------
    source : Path
        An .xlsx file; it is not changed.
    folder : Path
        Where the copy goes; not the folder of `source`.

    Returns
    -------
    Path
        An .xlsx file in LibreOffice's own form: never to be handed on.
    """
    return _convert([source], folder, "xlsx")[0]


def all_recalculated(sources: Sequence[Path], folder: Path) -> list[Path]:
    """The same for many files in one run, which starts LibreOffice once; see `recalculated`."""
    return _convert(sources, folder, "xlsx")


def printed(source: Path, folder: Path, *, recalculate: bool = False) -> Path:
    """The printed pages of `source` as PDF.

    Parameters
    ----------
    recalculate : bool
        Whether to print what LibreOffice computes without the add-in, instead of the values that the
        file holds (which is what Excel shows).
    """
    if recalculate:
        return _convert([source], folder, "pdf")[0]
    with tempfile.TemporaryDirectory(prefix="vidcost-print-") as temporary:
        copy = Path(temporary) / source.name
        copy.write_bytes(without_formulas(source.read_bytes()))
        return _convert([copy], folder, "pdf")[0]


def pictured(source: Path, folder: Path, dots_per_inch: int = 110, *, recalculate: bool = False) -> list[Path]:
    """The printed pages of `source` as PNG files, in order; see `printed`."""
    program = find_program("pdftoppm")
    document = printed(source, folder, recalculate=recalculate)
    _run([str(program), "-r", str(dots_per_inch), "-png", str(document), str(folder / source.stem)])
    return sorted(folder.glob(f"{glob.escape(source.stem)}-*.png"))


def _convert(sources: Sequence[Path], folder: Path, kind: str) -> list[Path]:
    program = find_program(*PROGRAMS)
    sources, folder = [source.resolve() for source in sources], folder.resolve()
    targets = []
    for source in sources:
        if folder == source.parent:
            raise LibreOfficeError(f"{folder} holds {source.name} itself; its conversion goes elsewhere.")
        targets.append(folder / f"{source.stem}.{kind}")
        targets[-1].unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="vidcost-libreoffice-") as temporary:
        profile = Path(temporary) / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        said = _run(
            [
                str(program),
                f"-env:UserInstallation={profile.as_uri()}",
                "--headless",
                "--norestore",
                "--convert-to",
                kind,
                "--outdir",
                str(folder),
                *map(str, sources),
            ],
            TIME_LIMIT * len(sources),
        )
    missing = [source.name for source, target in zip(sources, targets, strict=True) if not target.is_file()]
    if missing:
        raise LibreOfficeError(f"LibreOffice did not convert {missing[0]} to {kind}: {said}")
    return targets


def _run(command: list[str], limit: float = TIME_LIMIT) -> str:
    name = Path(command[0]).name
    # A session of its own: soffice is a wrapper, and what it starts would go on without it.
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            out, wrong = process.communicate(timeout=limit)
        except BaseException as error:
            _end(process)
            if isinstance(error, subprocess.TimeoutExpired):
                raise LibreOfficeError(f"{name} took longer than {limit:g} seconds.") from None
            raise
    said = (wrong or out).strip()
    if process.returncode:
        raise LibreOfficeError(f"{name} failed: {said}")
    return said


def _end(process: subprocess.Popen[str]) -> None:
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
