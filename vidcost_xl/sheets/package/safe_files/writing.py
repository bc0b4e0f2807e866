"""Writing a user's file: to a temporary file beside it, then renamed; never over another by accident."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from vidcost_xl.errors import BadArgumentError

SUFFIX: Final = ".xlsx"


def check_target(path: Path, *, force: bool = False, suffix: str = SUFFIX) -> None:
    """Refuse a path that cannot or must not be written, before any work is done.

    Parameters
    ----------
    force : bool
        Whether an existing file may be replaced.
    suffix : str
        How the name must end.

    Raises
    ------
    BadArgumentError
        For a name that does not end so, a missing folder, a folder, or an existing file.
    """
    if path.suffix.casefold() != suffix:
        example = path.with_suffix(suffix) if path.name.strip(".") else f"{path}{suffix}"
        raise BadArgumentError(f"{path} does not end in {suffix}. Write for example {example}.")
    if not path.parent.is_dir():
        raise BadArgumentError(f"the folder {path.parent} does not exist. Make it first, or choose another path.")
    if path.is_dir():
        raise BadArgumentError(f"{path} is a folder. Write a file name inside it.")
    if path.exists() and not force:
        raise BadArgumentError(f"{path} exists already and stays as it is. Choose another name, or add --force.")


def write_file(path: Path, data: bytes, *, force: bool = False, suffix: str = SUFFIX) -> None:
    """Write `data` to `path` whole or not at all.

    Parameters
    ----------
    force : bool
        Whether an existing file may be replaced.
    suffix : str
        How the name must end.

    Raises
    ------
    BadArgumentError
        As `check_target`, and where the system refuses, for instance because Excel has the file open.
    """
    check_target(path, force=force, suffix=suffix)
    with _placed(path, data, 0o666 & ~_umask()):
        check_target(path, force=force, suffix=suffix)


def replace_file(path: Path, data: bytes) -> None:
    """Replace an existing file whole or not at all; it keeps its permissions.

    Parameters
    ----------
    path : Path
        Not a link: that would be replaced instead of the file.

    Raises
    ------
    BadArgumentError
        Where the system refuses.
    """
    with _placed(path, data, stat.S_IMODE(path.stat().st_mode)):
        pass


@contextmanager
def _placed(path: Path, data: bytes, mode: int) -> Iterator[None]:
    # The body runs when the file lies beside `path`, just before it takes its place.
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".tmp", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        yield
        temporary.replace(path)
    except OSError as error:
        raise BadArgumentError(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    # The mask can only be read by setting it.
    mask = os.umask(0)
    os.umask(mask)
    return mask
