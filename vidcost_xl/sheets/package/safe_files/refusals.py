"""Which files are computed and written, and what is said of the others; nobody's work is ever at risk."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vidcost_xl.errors import BadArgumentError

#: Workbooks whose parts are XML, with and without macros, and templates of them.
SUFFIXES: Final = (".xlsx", ".xlsm", ".xltx", ".xltm")

#: Bytes of the largest file that is read.
LARGEST_FILE: Final = 256 * 2**20

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_SAVE: Final = "Open it in Excel and save it as an Excel workbook (.xlsx)."


@dataclass(frozen=True)
class Source:
    """A file that was read.

    Parameters
    ----------
    path : Path
        Where it really is, links followed.
    state : tuple of int
        Its size and time when it was read.
    """

    path: Path
    data: bytes
    state: tuple[int, int]


def read_source(path: Path) -> Source:
    """Read a workbook, or say why it is none.

    Raises
    ------
    BadArgumentError
        For a missing file, a folder, an empty or too large one, another format, or a password.
    """
    if path.is_dir():
        raise BadArgumentError(f"{path} is a folder. Name a workbook inside it.")
    try:
        real = path.resolve(strict=True)
        before = real.stat()
        if before.st_size > LARGEST_FILE:
            raise BadArgumentError(
                f"{path} has {before.st_size:,} bytes; more than {LARGEST_FILE:,} are not read. Split the workbook."
            )
        source = Source(real, real.read_bytes(), _state(before))
    except FileNotFoundError:
        raise BadArgumentError(f"{path} does not exist. Check the name and the folder.") from None
    except OSError as error:
        raise BadArgumentError(
            f"{path} cannot be read: {error.strerror or error}. Close it elsewhere and check its permissions."
        ) from None
    _check_format(path, source.data)
    return source


def check_in_place(path: Path) -> None:
    """Refuse to write over a file that is write-protected or open elsewhere.

    Parameters
    ----------
    path : Path
        An existing file.

    Raises
    ------
    BadArgumentError
        With what to do.
    """
    remedy = "or write elsewhere with -o"
    check_not_open(path, remedy)
    mode = path.stat().st_mode
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(path, os.W_OK):
        raise BadArgumentError(f"{path} is read-only and stays as it is. Remove the write protection, {remedy}.")
    if not os.access(path.parent, os.W_OK):
        raise BadArgumentError(f"the folder {path.parent} cannot be written. Ask for access to it, {remedy}.")


def check_not_open(path: Path, remedy: str = "and try again") -> None:
    """Refuse a file that another program has open, as its owner file or a lock shows.

    Raises
    ------
    BadArgumentError
        Naming the file that shows it.
    """
    for owner, program in ((f"~${path.name}", "Excel"), (f".~lock.{path.name}#", "LibreOffice")):
        if (path.parent / owner).exists():
            raise BadArgumentError(
                f"{path} is open in {program} ({owner} lies beside it) and stays as it is. Close it there, {remedy}; "
                f"if nobody has it open, delete {owner}."
            )
    if path.exists() and _locked(path):
        raise BadArgumentError(f"{path} is locked by another program and stays as it is. Close it there, {remedy}.")


def check_unchanged(source: Source, path: Path) -> None:
    """Refuse to write over a file that somebody saved while it was computed."""
    try:
        now = _state(source.path.stat())
    except OSError:
        now = None
    if now != source.state:
        raise BadArgumentError(f"{path} was changed by another program meanwhile and stays as it is. Run this again.")


def _check_format(path: Path, data: bytes) -> None:
    if not data:
        raise BadArgumentError(f"{path} is empty (zero bytes), so there is nothing to compute. Restore it from a copy.")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise BadArgumentError(
                f"{path} is protected by a password to open it. Save it without one (File, Info, Protect Workbook, "
                "Encrypt with Password: empty it) and try again."
            )
        raise BadArgumentError(f"{path} is a workbook of the old binary format (.xls). {_SAVE}")
    kind = path.suffix.casefold()
    if kind == ".xlsb":
        raise BadArgumentError(f"{path} is a binary workbook (.xlsb). {_SAVE}")
    if kind == ".ods" or data[30:84] == b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"[:54]:
        raise BadArgumentError(f"{path} is an OpenDocument spreadsheet (.ods). {_SAVE}")
    if not data.startswith(b"PK"):
        raise BadArgumentError(f"{path} is not an Excel workbook: it is no zip archive inside. {_SAVE}")
    if kind not in SUFFIXES:
        raise BadArgumentError(f"{path} does not end in {', '.join(SUFFIXES)}. {_SAVE}")


def _state(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns


def _locked(path: Path) -> bool:
    try:
        with path.open("r+b") as stream:
            return _lock_refused(stream.fileno())
    except PermissionError:
        # Windows refuses to open for writing what another program has open; elsewhere this is a permission.
        return os.name == "nt"
    except OSError:
        return True


def _lock_refused(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:
        return False
    for lock in (fcntl.flock, fcntl.lockf):
        try:
            lock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            lock(descriptor, fcntl.LOCK_UN)
        except (BlockingIOError, PermissionError):
            return True
        except OSError:
            continue  # a file system without locks
    return False
