"""The files of a bill as tables of DuckDB: CSV, gz, zip, Parquet, xlsx, a folder of parts."""

from __future__ import annotations

import codecs
import csv
import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.bills.workbooks import SHEET_MARK, refuse_bomb, written_out
from vidcost_xl.errors import BadArgumentError

if TYPE_CHECKING:
    import duckdb

_DELIMITERS: Final = (",", ";", "\t", "|")
_TEXT: Final = (".csv", ".tsv", ".txt")
_PARQUET: Final = ".parquet"
_EXCEL: Final = (".xlsx", ".xlsm")
#: Suffixes under which a part of a bill may stand that is not read.
_UNREAD: Final = (".bz2", ".xz", ".zst", ".7z", ".tar", ".tgz", ".xls", ".xlsb", ".orc", ".avro")
_READ: Final = (*_TEXT, ".gz", ".zip", _PARQUET, *_EXCEL)

_CHUNK: Final = 2**20

#: A header longer than this is no header.
_LONGEST_HEADER: Final = 2**20


@dataclass(frozen=True)
class Part:
    """One file.

    Parameters
    ----------
    name : str
        As a person knows it.
    table : str
        Where DuckDB reads it, as SQL; its columns are `columns`.
    header : tuple of str
        The names in the file.
    columns : tuple of str
        The same as SQL.
    types : tuple of str
        Of DuckDB.
    delimiter : str
        Of a text; empty for other files.
    numbers : tuple of int
        Of the rows, where it is a range of cells and no file.
    """

    name: str
    table: str
    header: tuple[str, ...]
    columns: tuple[str, ...]
    types: tuple[str, ...]
    delimiter: str = ""
    numbers: tuple[int, ...] = ()

    def place(self, number: int) -> str:
        """Where a row is, in words; `number` is from 1, without the header."""
        return f"{self.name}, row {self.numbers[number - 1]}" if self.numbers else f"{self.name}, line {number + 1}"


@contextmanager
def opened(paths: Iterable[Path], connection: duckdb.DuckDBPyConnection, delimiter: str | None) -> Iterator[list[Part]]:
    """The parts of a bill, readable while the context lasts.

    Raises
    ------
    BadArgumentError
        For a file that is absent, empty, of another kind, in another encoding than UTF-8 or UTF-16, cut off, too large
        when unpacked, or there twice.
    """
    found = [each for given in paths for each in listed(given)]
    if not found:
        raise BadArgumentError(f"no file of a bill there; read are {', '.join(_READ)}.")
    _refuse_repeats([(path, sheet) for _, path, sheet in found])
    with TemporaryDirectory(prefix="vidcost-bill-") as folder:
        parts = [
            replace(_part(inside, file, connection, delimiter), numbers=numbers)
            for name, path, sheet in found
            for inside, file, numbers in _readable(name, path, sheet, Path(mkdtemp(dir=folder)))
        ]
        yield parts


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def listed(path: Path) -> list[tuple[str, Path, str]]:
    """The files at a path, what they are called, and the sheet that is named of a workbook."""
    if path.is_dir():
        inside = sorted(each for each in path.rglob("*") if each.is_file() and not each.name.startswith((".", "~$")))
        _refuse_unread(path.name, [each.name for each in inside])
        read = [each for each in inside if each.suffix.casefold() in _READ]
        return [(each.relative_to(path).as_posix(), each, "") for each in read]
    if not path.is_file():
        book, mark, sheet = str(path).rpartition(SHEET_MARK)
        if mark and sheet and Path(book).suffix.casefold() in _EXCEL and Path(book).is_file():
            return [(path.name, Path(book), sheet)]
        raise BadArgumentError(f"{path} is not there, or is no file.")
    if path.suffix.casefold() not in _READ:
        raise BadArgumentError(f"{path.name} is not a bill that is read: {', '.join(_READ)}, or a folder of them.")
    if not path.stat().st_size:
        raise BadArgumentError(f"{path} is empty, so there is nothing that was billed in it.")
    return [(path.name, path, "")]


def _refuse_unread(where: str, names: Iterable[str]) -> None:
    # What may be a part of the bill is not left out without a word.
    unread = [name for name in names if Path(name).suffix.casefold() in _UNREAD]
    if unread:
        raise BadArgumentError(f"{where} holds {unread[0]}, which is not read there: unpack or convert it first.")


def _refuse_repeats(found: Sequence[tuple[Path, str]]) -> None:
    by_size: dict[tuple[int, str], list[Path]] = {}
    for path, sheet in found:
        by_size.setdefault((path.stat().st_size, sheet), []).append(path)
    for same in by_size.values():
        seen: dict[bytes, Path] = {}
        for path in same if len(same) > 1 else ():
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").digest()
            if digest in seen:
                raise BadArgumentError(f"{path} and {seen[digest]} are the same file: leave one out.")
            seen[digest] = path


def _readable(name: str, path: Path, sheet: str, folder: Path) -> Iterator[tuple[str, Path, tuple[int, ...]]]:
    # What DuckDB reads itself, and copies of the rest in `folder`, which nothing else uses; rows of a sheet by number.
    suffix = path.suffix.casefold()
    if suffix == ".zip":
        yield from ((inside, file, ()) for inside, file in _unpacked(name, path, folder))
    elif suffix in _EXCEL:
        target = folder / f"{path.stem}.csv"
        yield name, target, written_out(path, sheet, target)
    elif suffix == _PARQUET:
        yield name, path, ()
    else:
        yield name, _in_utf8(path, folder), ()


def _unpacked(name: str, path: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    try:
        with zipfile.ZipFile(path) as archive:
            found = [each for each in archive.infolist() if not each.is_dir() and not _of_a_mac(each.filename)]
            _refuse_unread(path.name, [each.filename for each in found])
            packed_again = (".gz", ".zip", *_EXCEL)
            nested = [each.filename for each in found if Path(each.filename).suffix.casefold() in packed_again]
            if nested:
                raise BadArgumentError(f"{path.name} holds {nested[0]}, which is not read there: unpack it first.")
            members = [each for each in found if Path(each.filename).suffix.casefold() in (*_TEXT, _PARQUET)]
            if not members:
                raise BadArgumentError(f"{path.name} holds no {', '.join((*_TEXT, _PARQUET))}.")
            refuse_bomb(path, members)
            for at, member in enumerate(members):
                target = folder / f"{path.stem}-{at}{Path(member.filename).suffix.casefold()}"
                with archive.open(member) as packed, target.open("wb") as plain:
                    left = member.file_size
                    while chunk := packed.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise BadArgumentError(f"{path.name}: {member.filename} is larger than it says.")
                        plain.write(chunk)
                inside = f"{name}/{member.filename}"
                yield inside, target if target.suffix == _PARQUET else _in_utf8(target, folder)
    except (zipfile.BadZipFile, EOFError, RuntimeError) as error:
        raise BadArgumentError(f"{path.name} is no whole zip file ({error}).") from None


def _of_a_mac(name: str) -> bool:
    # What macOS puts beside the files of an archive.
    return name.startswith("__MACOSX/") or Path(name).name.startswith("._")


def _in_utf8(path: Path, folder: Path) -> Path:
    with path.open("rb") as stream:
        start = stream.read(4)
    if not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return path
    target = folder / f"{path.stem}-utf8.csv"
    try:
        with path.open(encoding="utf-16", newline="") as wide, target.open("w", encoding="utf-8", newline="") as plain:
            while chunk := wide.read(_CHUNK):
                plain.write(chunk)
    except UnicodeError:
        raise BadArgumentError(f"{path.name} begins as UTF-16 and does not go on so; save it as CSV UTF-8.") from None
    return target


def _part(name: str, path: Path, connection: duckdb.DuckDBPyConnection, delimiter: str | None) -> Part:
    if path.suffix.casefold() == _PARQUET:
        table = f"read_parquet({quoted(str(path))})"
        found = told(lambda: connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall(), name)
        header = tuple(row[0] for row in found)
        columns = tuple(f"c{at}" for at in range(len(header)))
        # By names of ours, since a file may call a column as we call a sum.
        named = ", ".join(f"{identifier(given)} AS {ours}" for given, ours in zip(header, columns, strict=True))
        return Part(name, f"(SELECT {named} FROM {table})", header, columns, tuple(row[1] for row in found))
    first = _first_line(name, path)
    mark = delimiter or max(_DELIMITERS, key=first.count)
    header = tuple(next(csv.reader([first], delimiter=mark)))
    columns = tuple(f"c{at}" for at in range(len(header)))
    types = ", ".join(f"{column}: 'VARCHAR'" for column in columns)
    table = (
        f"read_csv({quoted(str(path))}, auto_detect=false, header=true, delim={quoted(mark)}, quote='\"', escape='\"', "
        f"columns={{{types}}})"
    )
    return Part(name, table, header, columns, ("VARCHAR",) * len(header), mark)


def _first_line(name: str, path: Path) -> str:
    import gzip

    try:
        with gzip.open(path, "rb") if path.suffix.casefold() == ".gz" else path.open("rb") as stream:
            line = stream.readline(_LONGEST_HEADER)
        text = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise BadArgumentError(f"{name} is not a text in UTF-8; save it as CSV UTF-8.") from None
    except (OSError, EOFError) as error:
        raise BadArgumentError(f"{name} cannot be unpacked ({error}).") from None
    if "\x00" in text or not text.strip():
        raise BadArgumentError(f"{name} has no header in its first line; save it as CSV UTF-8.")
    return text


def told(ask: Any, name: str) -> Any:
    """What DuckDB answers; its errors in words, with file and line."""
    import duckdb

    try:
        return ask()
    except duckdb.Error as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        said = [line for line in lines if not line.startswith(("Possible", "*", "Original", "Bytes"))]
        place = next((line.rpartition(": ")[2] for line in lines if "CSV Error on Line" in line), "")
        if "not utf-8 encoded" in str(error):
            raise BadArgumentError(f"{name}, line {place} is not a text in UTF-8; save it as CSV UTF-8.") from None
        reason = next((line for line in said if "CSV Error on Line" not in line), said[0])
        where = f"{name}, line {place}" if place else name
        raise BadArgumentError(f"{where} cannot be read: {reason.rstrip('.')}.") from None
