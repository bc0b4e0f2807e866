"""New values put into a sheet part: edits of bytes at the places that expat reported, and nothing else.

Of a cell only what stands in its value and the attribute t change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from vidcost_xl.digits import kept
from vidcost_xl.errors import ExcelError
from vidcost_xl.sheets.package.cell_scan import spans_of
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.parts import CellValue

#: Error values that a file can hold without the rich data that only Excel writes.
PLAIN_ERRORS: Final = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})

_TAG: Final = re.compile(rb"""<([^\s/>]+)((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE: Final = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
#: A cell with a value as Excel writes it, and nearly every cell is.
_WRITTEN: Final = re.compile(rb"<c [^>]*+>(?:<f[^>]*+>(?:[^<]*+</f>)?+)?+<v>([^<]*+)</v>")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Edit(NamedTuple):
    """Bytes that take the place of `content[start:end]`."""

    start: int
    end: int
    new: bytes


def cell_edits(content: bytes, cell: Cell, value: CellValue) -> Iterator[Edit]:
    """The edits that give a cell another value.

    Parameters
    ----------
    content : bytes
        The sheet part.
    cell : Cell
        As read from it.

    Yields
    ------
    Edit
        None overlaps another.
    """
    kind, text = encoded(value)
    if cell.kind.encode() == kind and (written := _WRITTEN.match(content, cell.start)):
        yield Edit(*written.span(1), text)
        return
    formula_start, formula_close, value_start, value_close, inline = spans_of(content, cell)
    tag = tag_at(content, cell.start)
    prefix, _, _ = tag[1].rpartition(b":")
    name = prefix + b":v" if prefix else b"v"
    whole = b"<" + name + b">" + text + b"</" + name + b">"
    empty = tag[0].endswith(b"/>")
    if empty:
        yield Edit(cell.start, tag.end(), _with_kind(tag, kind)[:-2].rstrip() + b">" + whole + b"</" + tag[1] + b">")
        return
    if cell.kind.encode() != kind:
        yield Edit(cell.start, tag.end(), _with_kind(tag, kind))
    if value_start < 0:
        # Behind the formula, which comes first in a cell.
        place = after(content, formula_start, formula_close) if cell.formula is not None else tag.end()
        yield Edit(place, place, whole)
        return
    opened = tag_at(content, value_start)
    closed = after(content, value_start, value_close)
    if inline:
        yield Edit(value_start, closed, whole)
    elif opened[0].endswith(b"/>"):
        yield Edit(value_start, closed, opened[0][:-2].rstrip() + b">" + text + b"</" + opened[1] + b">")
    else:
        yield Edit(opened.end(), value_close, text)


def cleared(content: bytes, cell: Cell) -> Iterator[Edit]:
    """The edits that take the value out of a cell and leave its format."""
    spans = spans_of(content, cell)
    if spans.value_start >= 0:
        yield Edit(spans.value_start, after(content, spans.value_start, spans.value_close), b"")
    if cell.kind != "n":
        tag = tag_at(content, cell.start)
        yield Edit(cell.start, tag.end(), _with_kind(tag, b"n"))


def refilled(content: bytes, cell: Cell, area: str) -> Edit:
    """The edit that states what a dynamic array fills, such as A3:G15."""
    tag = tag_at(content, spans_of(content, cell).formula_start)
    found = next(each for each in _ATTRIBUTE.finditer(tag[0], tag.end(1) - tag.start()) if each[1] == b"ref")
    start = tag.start() + found.start(2)
    return Edit(start, start + len(found[2]), b'"' + area.encode() + b'"')


def without_formula(content: bytes, cell: Cell) -> Edit:
    """The edit that takes the formula out of a cell and leaves its value."""
    spans = spans_of(content, cell)
    return Edit(spans.formula_start, after(content, spans.formula_start, spans.formula_close), b"")


def spliced(content: bytes, edits: Iterable[Edit]) -> bytes:
    """`content` with every edit made.

    Parameters
    ----------
    edits : iterable of Edit
        In any order.

    Raises
    ------
    ValueError
        For edits that overlap.
    """
    pieces, done = [], 0
    for edit in sorted(edits):
        if edit.start < done:
            raise ValueError(f"two edits meet at byte {edit.start}")
        pieces += [content[done : edit.start], edit.new]
        done = edit.end
    return b"".join([*pieces, content[done:]])


def encoded(value: CellValue) -> tuple[bytes, bytes]:
    """The attribute t and the bytes of a value; b"n" stands for no attribute."""
    if isinstance(value, bool):
        return b"b", b"1" if value else b"0"
    if isinstance(value, ExcelError):
        return b"e", value.code.encode()
    if isinstance(value, str):
        return b"str", _text(value)
    return b"n", number(value).encode()


def number(value: float) -> str:
    """A number as every file and every digest of ours holds it: to 15 digits, in as few as say them.

    Excel shows, compares and takes as many; in a file it and others write up to 17, of which the last ones depend on
    the processor that computed them. So that a file is the same wherever it was made, it has none.
    """
    return repr(kept(value) + 0.0).removesuffix(".0")


def decoded(text: str) -> str:
    """The text that a file means: `_x000D_` is a carriage return."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _text(value: str) -> bytes:
    safe = _ESCAPED.sub(lambda match: "_x005F" + match[0], value)
    safe = _UNWRITABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", safe)
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


def _with_kind(tag: re.Match[bytes], kind: bytes) -> bytes:
    return tag_with(tag, b"t", None if kind == b"n" else kind)


def tag_with(tag: re.Match[bytes], name: bytes, value: bytes | None) -> bytes:
    """A tag with another value of an attribute, or without it; all else as it was written.

    Parameters
    ----------
    tag : re.Match
        As `tag_at` finds it.
    name : bytes
        As written, with its prefix.
    value : bytes or None
        Escaped for double quotes.
    """
    whole = tag[0]
    new = b"" if value is None else b" " + name + b'="' + value + b'"'
    for attribute in _ATTRIBUTE.finditer(whole, tag.end(1) - tag.start()):
        if attribute[1] == name:
            return whole[: attribute.start()] + new + whole[attribute.end() :]
    end = len(whole) - (2 if whole.endswith(b"/>") else 1)
    return whole if value is None else whole[:end].rstrip() + new + whole[end:]


def tag_at(content: bytes, start: int) -> re.Match[bytes]:
    """The tag that starts at a byte: its name, and its attributes as written."""
    match = _TAG.match(content, start)
    if match is None:
        raise ValueError(f"no tag at byte {start}")
    return match


def after(content: bytes, start: int, close: int) -> int:
    """Where an element ends whose tag starts at `start`, as expat reported both ends."""
    # Of an element without content expat reports the end of its one tag, of others the start of the closing tag.
    opened = tag_at(content, start)
    if opened[0].endswith(b"/>"):
        return opened.end()
    return content.index(b">", close) + 1
