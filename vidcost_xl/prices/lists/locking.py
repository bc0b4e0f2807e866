"""One import at a time: a lock that the system takes back from a process that ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from vidcost_xl.errors import BadArgumentError

#: An import waits so many seconds for another, which writes in less than one.
LONGEST_WAIT: Final = 10.0

_BETWEEN_TRIES: Final = 0.1

#: Stands beside the folder. The file stays; the lock on it does not.
_LOCK: Final = ".lock"

#: Windows locks bytes against reading too: one far behind the number of the process.
_LOCKED_BYTE: Final = 1 << 20


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other imports from a folder while this one writes it.

    Raises
    ------
    BadArgumentError
        Where another process goes on writing it: names that process.
    """
    path = folder.with_name(folder.name + _LOCK)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise BadArgumentError(f"{path} cannot be written: {error}. Nothing was imported.") from None
    with stream:
        _wait_for(stream, folder)
        stream.seek(0)
        stream.truncate()
        stream.write(str(os.getpid()))
        stream.flush()
        try:
            yield
        finally:
            _free(stream)


def _wait_for(stream: IO[str], folder: Path) -> None:
    until = time.monotonic() + LONGEST_WAIT
    while not _taken(stream):
        if time.monotonic() > until:
            stream.seek(0)
            raise BadArgumentError(
                f"another import (process {stream.read().strip() or 'unknown'}) is writing {folder}; this one waited "
                f"{LONGEST_WAIT:g} seconds for it and wrote nothing. Run it again when the other has ended."
            )
        time.sleep(_BETWEEN_TRIES)


if sys.platform == "win32":
    import msvcrt

    def _taken(stream: IO[str]) -> bool:
        stream.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _free(stream: IO[str]) -> None:
        stream.seek(_LOCKED_BYTE)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _taken(stream: IO[str]) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _free(stream: IO[str]) -> None:
        fcntl.flock(stream, fcntl.LOCK_UN)
