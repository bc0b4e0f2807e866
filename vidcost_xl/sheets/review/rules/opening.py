"""Any workbook on disk, or one clear line why it cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.workbook import Workbook

#: First bytes of a compound file: an old .xls, or a workbook behind a password.
_COMPOUND: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")

#: Largest file that is read; the parts inside have limits of their own.
MOST_BYTES_ON_DISK: Final = 256 * 2**20


def workbook_bytes(path: Path) -> bytes:
    """The content of a file, whatever it is.

    Raises
    ------
    BadArgumentError
        For a missing file, a folder, or one that the system does not let us read.
    """
    if path.is_dir():
        raise BadArgumentError(f"{path} is a folder. Name a workbook inside it.")
    try:
        if path.stat().st_size > MOST_BYTES_ON_DISK:
            raise BadArgumentError(f"{path} has more than {MOST_BYTES_ON_DISK // 2**20} MiB; it is not read.")
        return path.read_bytes()
    except FileNotFoundError:
        raise BadArgumentError(f"{path} does not exist. Check the folder and the spelling.") from None
    except PermissionError:
        raise BadArgumentError(
            f"{path} cannot be read: another program holds it, or you have no right to it. Close it in Excel and retry."
        ) from None
    except OSError as error:
        raise BadArgumentError(f"{path} cannot be read: {error.strerror or error}.") from None


def opened_workbook(data: bytes) -> Workbook:
    """A workbook (.xlsx, .xlsm).

    Raises
    ------
    BadArgumentError
        For anything else; says what it is and what to do.
    """
    if not data:
        raise BadArgumentError("the file is empty (zero bytes). Restore it from a backup or save it again.")
    if data.startswith(_COMPOUND):
        if _ENCRYPTED in data:
            raise BadArgumentError(
                "the workbook is encrypted with a password. Open it in Excel, File, Info, Protect Workbook, "
                "Encrypt with Password, clear the password and save a copy."
            )
        raise BadArgumentError(
            "this is an old Excel file (.xls), which is not read. In Excel: File, Save As, Excel Workbook (.xlsx)."
        )
    if not data.startswith(b"PK"):
        raise BadArgumentError("this is not an Excel workbook (.xlsx): its archive cannot be read.")
    archive = Archive(data, "the workbook")
    if "content.xml" in archive and "mimetype" in archive:
        raise BadArgumentError(
            "this is an OpenDocument spreadsheet (.ods), which is not read. Save it as Excel Workbook (.xlsx)."
        )
    if "xl/workbook.bin" in archive:
        raise BadArgumentError(
            "this is a binary workbook (.xlsb), which is not read. In Excel: File, Save As, Excel Workbook (.xlsx)."
        )
    return Workbook(archive)
