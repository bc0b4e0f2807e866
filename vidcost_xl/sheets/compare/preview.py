"""`vidcost preview`: a workbook's printed pages as PDF and PNG, as Excel would show its values."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.calc.libreoffice import PROGRAMS, find_program, pictured
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.safe_files.refusals import read_source
from vidcost_xl.sheets.package.workbook import Workbook


@dataclass(frozen=True)
class Preview:
    """The pages of a workbook.

    Parameters
    ----------
    document : Path
        The PDF.
    pages : list of Path
        PNG files, in order.
    """

    document: Path
    pages: list[Path]


def preview(path: Path, folder: Path, dots_per_inch: int = 110, *, force: bool = False) -> Preview:
    """Print a workbook into a folder.

    Parameters
    ----------
    path : Path
        It is not changed.
    folder : Path
        Made when it does not exist.
    dots_per_inch : int
        Of the pictures.
    force : bool
        Whether an earlier preview may be replaced.

    Raises
    ------
    BadArgumentError
        For a file that is no workbook, or a folder that cannot be written or holds such files already.
    LibreOfficeError
        Without LibreOffice or pdftoppm; says how to install them.
    """
    source = read_source(path)
    Workbook(Archive(source.data, path.name))
    find_program(*PROGRAMS)
    find_program("pdftoppm")
    if folder.exists() and not folder.is_dir():
        raise BadArgumentError(f"{folder} is a file. Name a folder with -o.")
    page_name = re.compile(re.escape(path.stem) + r"-\d+\.png")
    earlier = [each for each in (folder.iterdir() if folder.is_dir() else ()) if page_name.fullmatch(each.name)]
    document = folder / f"{path.stem}.pdf"
    if not force and (earlier or document.exists()):
        raise BadArgumentError(f"{folder} holds a preview of {path.name} already. Name another folder, or add --force.")
    with tempfile.TemporaryDirectory(prefix="vidcost-preview-") as temporary:
        copy, out = Path(temporary) / "in" / path.name, Path(temporary) / "out"
        copy.parent.mkdir()
        out.mkdir()
        copy.write_bytes(source.data)
        pages = pictured(copy, out, dots_per_inch)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for each in earlier:
                each.unlink()
            for each in [out / document.name, *pages]:
                shutil.move(each, folder / each.name)
        except OSError as error:
            raise BadArgumentError(f"{folder} cannot be written: {error.strerror or error}.") from None
    return Preview(document, [folder / page.name for page in pages])
