"""Where the result of work on a user's file goes, the file itself or a copy: judged before the work and after it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vidcost_xl.sheets.package.safe_files.refusals import (
    Source,
    check_in_place,
    check_not_open,
    check_unchanged,
    read_source,
)
from vidcost_xl.sheets.package.safe_files.writing import check_target, replace_file, write_file


@dataclass(frozen=True)
class Placing:
    """A file that was read, and where its successor goes.

    Parameters
    ----------
    path : Path
        As the user wrote it.
    output : Path or None
        The copy; None for the file itself.
    force : bool
        Whether an existing copy may be replaced.
    """

    source: Source
    path: Path
    output: Path | None
    force: bool

    @property
    def shown(self) -> str:
        """The file that holds the result, as messages call it."""
        return str(self.output or self.path)

    @property
    def suffix(self) -> str:
        """How both files end."""
        return self.path.suffix.casefold()

    def put(self, data: bytes) -> bool:
        """Write the result whole or not at all; the file itself only when it becomes another one.

        Returns
        -------
        bool
            Whether anything was written.

        Raises
        ------
        BadArgumentError
            For a file that was changed or opened meanwhile, or cannot be written.
        """
        if self.output is not None:
            write_file(self.output, data, force=self.force, suffix=self.suffix)
            return True
        if data == self.source.data:
            return False
        check_unchanged(self.source, self.path)
        check_in_place(self.source.path)
        replace_file(self.source.path, data)
        return True


def placing(path: Path, output: Path | None, *, force: bool = False) -> Placing:
    """Read a file and judge whether its result may be placed, before any work is done.

    Parameters
    ----------
    output : Path, optional
        Where a copy goes; the file itself when not given, or when it is the same file.
    force : bool
        Whether an existing `output` may be replaced.

    Raises
    ------
    BadArgumentError
        For a file that is refused. Every file is then as it was.
    """
    source = read_source(path)
    is_itself = output is not None and output.exists() and output.resolve() == source.path
    found = Placing(source, path, None if is_itself else output, force)
    if found.output is None:
        check_in_place(source.path)
    else:
        check_target(found.output, force=force, suffix=found.suffix)
        check_not_open(found.output)
    return found
