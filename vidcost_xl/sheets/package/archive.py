"""The zip file of a workbook, of which single entries are replaced while all others stay the same bytes.

A zip writer would compress every entry anew and lose what other programs put into its
headers; here the records of untouched entries are copied as they lie in the file.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package.parts import HIGHEST_RATIO, MOST_BYTES, MOST_PARTS, ZIP_DATE

_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_END: Final = struct.Struct("<4s4H2LH")

#: Flags of an entry: encrypted; sizes after the data; names in UTF-8.
_ENCRYPTED: Final = 0x1
_SIZES_AFTER: Final = 0x8
_STORED, _DEFLATED = 0, 8
#: Of the format, as a new entry states it; and the year from which its dates count.
_VERSION: Final = 20
_FIRST_YEAR: Final = 1980

#: Bytes that a piece of an entry unpacks to before the limits are looked at again.
_PIECE: Final = 2**20


@dataclass(frozen=True)
class _Entry:
    name: str
    raw: bytes  # its record in the central directory
    start: int  # of its local record
    end: int  # where the next record starts


class Archive:
    """A workbook's file, held in memory; parts are unpacked when they are asked for.

    Parameters
    ----------
    name : str
        How messages call the file.

    Raises
    ------
    BadArgumentError
        For bytes that are no plain zip file, a password, too many entries, or two entries of one name.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.name = data, name
        self._entries = {entry.name: entry for entry in self._directory()}
        self._left = min(MOST_BYTES, max(len(data), 2**16) * HIGHEST_RATIO)

    def __contains__(self, part: str) -> bool:
        return part in self._entries

    @cached_property
    def _zip(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self.data))

    @property
    def names(self) -> list[str]:
        """The parts, in the order of the file."""
        return list(self._entries)

    def read(self, part: str) -> bytes:
        """The content of a part, unpacked piece by piece within the limits of `parts`.

        Raises
        ------
        BadArgumentError
            For a missing or damaged part, or once everything read so far is more than a workbook holds.
        """
        if part not in self._entries:
            raise BadArgumentError(f"{self.name} is not a whole workbook: it has no {part}. Open and save it in Excel.")
        pieces = []
        try:
            with self._zip.open(part) as stream:
                while piece := stream.read(min(_PIECE, self._left + 1)):
                    pieces.append(piece)
                    self._left -= len(piece)
                    if self._left < 0:
                        raise BadArgumentError(
                            f"{self.name} unpacks to more than a workbook holds; it is not read. If it is really a "
                            "workbook, remove what it does not need and save it in Excel."
                        )
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError):
            raise self._damaged(f"{part} is damaged and cannot be unpacked") from None
        return b"".join(pieces)

    def replaced(self, parts: Mapping[str, bytes], removed: Collection[str] = ()) -> bytes:
        """The file with other content in `parts`; every other record is copied byte for byte.

        Parameters
        ----------
        parts : mapping
            New content by name of a part; parts that the file does not have come last.
        removed : collection of str
            Parts that the new file does not have.
        """
        out = io.BytesIO()
        directory = []
        added = [_added(name) for name in parts if name not in self._entries]
        for entry in (*self._entries.values(), *added):
            if entry.name in removed:
                continue
            start = out.tell()
            raw = entry.raw
            if entry.name in parts:
                record, raw = self._packed(entry, parts[entry.name])
                out.write(record)
            else:
                out.write(self.data[entry.start : entry.end])
            directory.append(raw[:42] + struct.pack("<L", start) + raw[46:])
        start = out.tell()
        for raw in directory:
            out.write(raw)
        count, comment = len(directory), self._comment
        out.write(_END.pack(b"PK\5\6", 0, 0, count, count, out.tell() - start, start, len(comment)) + comment)
        return out.getvalue()

    def _packed(self, entry: _Entry, content: bytes) -> tuple[bytes, bytes]:
        fields = list(_CENTRAL.unpack_from(entry.raw))
        flags, method = fields[3] & ~_SIZES_AFTER, fields[4]
        packed = content
        if method == _DEFLATED:
            packer = zlib.compressobj(6, zlib.DEFLATED, -15)
            packed = packer.compress(content) + packer.flush()
        sums = (zlib.crc32(content), len(packed), len(content))
        name_length, extra_length, comment_length = fields[10:13]
        name = entry.raw[_CENTRAL.size : _CENTRAL.size + name_length]
        comment = entry.raw[_CENTRAL.size + name_length + extra_length :][:comment_length]
        local = _LOCAL.pack(b"PK\3\4", fields[2], flags, method, *fields[5:7], *sums, name_length, 0)
        central = _CENTRAL.pack(
            *fields[:3], flags, method, *fields[5:7], *sums, name_length, 0, comment_length, *fields[13:]
        )
        return local + name + packed, central + name + comment

    def _directory(self) -> list[_Entry]:
        data = self.data
        end = data.rfind(b"PK\5\6", max(0, len(data) - _END.size - 0xFFFF))
        if not data.startswith(b"PK\3\4") or end < 0 or end + _END.size > len(data):
            raise self._damaged("its archive cannot be read")
        _, _, _, _, count, size, start, length = _END.unpack_from(data, end)
        self._comment = data[end + _END.size : end + _END.size + length]
        if count > MOST_PARTS:
            raise BadArgumentError(f"{self.name} has {count} parts; more than {MOST_PARTS} are not read.")
        if start + size > end:
            raise self._damaged("the directory of its archive is cut or very large")
        found: list[tuple[int, str, bytes]] = []
        position = start
        for _ in range(count):
            if position + _CENTRAL.size > end or data[position : position + 4] != b"PK\1\2":
                raise self._damaged("the directory of its archive is damaged")
            fields = _CENTRAL.unpack_from(data, position)
            length = _CENTRAL.size + sum(fields[10:13])
            raw = data[position : position + length]
            self._accept(fields)
            name = raw[_CENTRAL.size : _CENTRAL.size + fields[10]].decode("utf-8", "replace")
            found.append((fields[16], name, raw))
            position += length
        counts = Counter(name.casefold() for _, name, _ in found)
        if twice := next((name for _, name, _ in found if counts[name.casefold()] > 1), None):
            raise BadArgumentError(
                f"{self.name} holds the part {twice} twice, and programs differ in which one they show; it is not "
                "read. Open and save it in Excel."
            )
        # A record ends where the next one starts: what lies between belongs to it, such as sizes after the data.
        starts = [*sorted(offset for offset, _, _ in found), start]
        following = dict(pairwise(starts))
        if len(following) != len(found):
            raise self._damaged("two parts of its archive lie in the same place")
        return [_Entry(name, raw, offset, following[offset]) for offset, name, raw in sorted(found)]

    def _accept(self, fields: tuple[int, ...]) -> None:
        if fields[3] & _ENCRYPTED:
            raise BadArgumentError(f"{self.name} is protected by a password. Save it without one and try again.")
        if fields[4] not in {_STORED, _DEFLATED} or 0xFFFFFFFF in {fields[8], fields[9], fields[16]}:
            raise self._damaged("its archive is packed in a way that Excel does not use")

    def _damaged(self, why: str) -> BadArgumentError:
        return BadArgumentError(f"{self.name} is not a whole Excel workbook: {why}. Open and save it in Excel.")


def _added(name: str) -> _Entry:
    # Version 2.0 of the format is what deflated entries need; the date is fixed, so that a rebuild is the same.
    date = (ZIP_DATE[0] - _FIRST_YEAR) << 9 | ZIP_DATE[1] << 5 | ZIP_DATE[2]
    encoded = name.encode()
    fields = (_VERSION, _VERSION, 0, _DEFLATED, 0, date, 0, 0, 0, len(encoded), 0, 0, 0, 0, 0, 0)
    return _Entry(name, _CENTRAL.pack(b"PK\1\2", *fields) + encoded, 0, 0)
