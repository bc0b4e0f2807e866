"""The types of an extension's interface, in the binary form that LibreOffice reads: what its `unoidl-write` makes.

The office calls an add-in's functions through an interface that it must know beforehand, and the program that writes
one comes with the developers' kit alone. The form stands in LibreOffice's `unoidl/source/unoidlprovider.cxx`: numbers
are little endian, places count from the start of the file, a module is a sorted map from names to places.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Final

_MAGIC: Final = b"UNOIDL\xff\0"
_MODULE: Final = 0
_INTERFACE: Final = 5
_IN: Final = 0
_BASE: Final = "com.sun.star.uno.XInterface"
_ANY: Final = "any"
#: What Calc takes a table from; a single value is one of one cell, since Python cannot say this type in an `any`.
_ROWS: Final = "[][]any"


def interface_types(name: str, methods: Mapping[str, Sequence[str]]) -> bytes:
    """A file of types with one interface: every argument is of type any, every result rows of it.

    Parameters
    ----------
    name : str
        With its modules, `org.vidcost.XFunctions`.
    methods : mapping of str to sequence of str
        The names of the arguments by the name of the method.
    """
    *modules, own = name.split(".")
    written = bytearray(_MAGIC + bytes(8))
    entry = _put_entry(written, own, _interface(methods))
    for module in reversed(modules):
        entry = _put_entry(written, module, struct.pack("<BI", _MODULE, 1) + entry)
    root = len(written)
    written += entry
    written[8:16] = struct.pack("<II", root, 1)
    return bytes(written)


def _put_entry(written: bytearray, name: str, payload: bytes) -> bytes:
    # Puts both where the file ends now; what a map says of them.
    at = len(written)
    written += name.encode("ascii") + b"\0" + payload
    return struct.pack("<II", at, at + len(name) + 1)


def _interface(methods: Mapping[str, Sequence[str]]) -> bytes:
    parts = [struct.pack("<BI", _INTERFACE, 1), _text(_BASE), struct.pack("<III", 0, 0, len(methods))]
    for method, arguments in methods.items():
        parts += [_text(method), _text(_ROWS), struct.pack("<I", len(arguments))]
        parts += [struct.pack("<B", _IN) + _text(each) + _text(_ANY) for each in arguments]
        parts.append(struct.pack("<I", 0))  # exceptions
    return b"".join(parts)


def _text(text: str) -> bytes:
    data = text.encode("ascii")
    return struct.pack("<I", len(data)) + data
