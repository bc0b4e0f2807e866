"""The rows of a table written anew into a sheet part: cells of the table change, every other byte stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from openpyxl.utils.cell import get_column_letter

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.package.cell_parser import parse, read_cells
from vidcost_xl.sheets.package.cells import Cell
from vidcost_xl.sheets.package.edits.values import Edit, after, encoded
from vidcost_xl.sheets.package.parts import CellValue

#: What the cells of a row hold, by column; a column that is left out is blank.
Record = Mapping[int, CellValue]

_ROW: Final = re.compile(rb"""<(?:([^\s:/>]+):)?row((?:[^>"']|"[^"]*"|'[^']*')*?)/?>""")
_STYLE: Final = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")
_DIMENSION: Final = re.compile(rb"""(<(?:[^\s:/>]+:)?dimension\s+ref="[A-Z]+\d+:[A-Z]+)(\d+)(")""")


@dataclass
class _Row:
    number: int
    start: int
    end: int = 0
    tag: bytes = b""
    prefix: bytes = b""
    cells: dict[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class TableRows:
    """The data rows of a table.

    Parameters
    ----------
    first, last : int
        Rows without the header; `last` is the row before `first` for none.
    columns : sequence of int
        Those that are written; others of the same rows stay.
    """

    sheet: str
    first: int
    last: int
    columns: Sequence[int]


def row_edits(content: bytes, part: str, table: TableRows, records: Sequence[Record]) -> list[Edit]:
    """The edits that put records into the rows of a table, which grows or shrinks at its end.

    Parameters
    ----------
    content : bytes
        The sheet part.
    part : str
        How messages call it.

    Raises
    ------
    BadArgumentError
        For a cell under the table that is in the way.
    """
    rows = {row.number: row for row in _rows(content, part)}
    styles = _styles(rows, table)
    end = table.first + len(records) - 1
    for number in range(table.last + 1, end + 1):
        for column in table.columns:
            if _holds_something(rows[number].cells.get(column, b"") if number in rows else b""):
                raise BadArgumentError(
                    f"{table.sheet}!{get_column_letter(column)}{number} stands under the table, which needs "
                    f"{end - table.last} more rows. Move it to another sheet, or further down."
                )
    edits = []
    new: list[tuple[int, bytes]] = []
    prefix = next((row.prefix for row in rows.values()), b"")
    for number in range(table.first, max(end, table.last) + 1):
        record = records[number - table.first] if number <= end else None
        row = rows.get(number)
        others = {at: raw for at, raw in row.cells.items() if at not in table.columns} if row else {}
        written = {} if record is None else _written(record, table, number, styles, prefix)
        text = _text(row.tag if row else b"", prefix, number, {**others, **written})
        if row is None:
            new.append((number, text))
        else:
            edits.append(Edit(row.start, row.end, text if written or others else b""))
    return edits + list(_inserted(rows, new)) + list(_dimension(content, rows, table, end))


def _rows(content: bytes, part: str) -> list[_Row]:
    # Rows with the bytes of their tag and of each of their cells.
    found: list[_Row] = []
    spans: list[tuple[int, int]] = []
    opened: list[int] = []

    def start(name: str, attributes: dict[str, str], at: int) -> None:
        if name == "row":
            found.append(_Row(int(attributes.get("r", found[-1].number + 1 if found else 1)), at))
        elif name == "c":
            opened.append(at)

    def end(name: str, at: int) -> None:
        if name == "row":
            row = found[-1]
            row.end = after(content, row.start, at)
            tag = _ROW.match(content, row.start)
            assert tag is not None
            row.prefix, row.tag = (tag[1] + b":" if tag[1] else b""), tag[2].rstrip()
        elif name == "c":
            spans.append((opened[-1], after(content, opened[-1], at)))

    parse(content, part, start, end, lambda text: None)
    rows = {row.number: row for row in found}
    for cell, span in zip(read_cells(content, part), spans, strict=True):
        rows[cell.row].cells[cell.column] = _with_place(content[slice(*span)], cell)
    return found


def _with_place(raw: bytes, cell: Cell) -> bytes:
    # A cell without an address stands behind the one before it, which may go: it gets its own.
    if re.match(rb"""<[^>]*?\sr\s*=""", raw):
        return raw
    place = f' r="{get_column_letter(cell.column)}{cell.row}"'.encode()
    return re.sub(rb"^<[^\s/>]+", lambda match: match[0] + place, raw, count=1)


def _holds_something(raw: bytes) -> bool:
    return any(mark in raw for mark in (b"<v", b"<f", b"<is", b":v", b":f", b":is"))


def _styles(rows: Mapping[int, _Row], table: TableRows) -> dict[int, bytes]:
    # The format of a column is that of its first cell that has one.
    found: dict[int, bytes] = {}
    for number in range(table.first, table.last + 1):
        for column, raw in rows[number].cells.items() if number in rows else ():
            style = _STYLE.search(raw[: raw.index(b">") + 1])
            if style and column in table.columns:
                found.setdefault(column, style[1])
        if len(found) == len(table.columns):
            break
    return found


def _written(
    record: Record, table: TableRows, number: int, styles: Mapping[int, bytes], prefix: bytes
) -> dict[int, bytes]:
    cells = {}
    for column in table.columns:
        style = b' s="' + styles[column] + b'"' if column in styles else b""
        tag = b"<" + prefix + b'c r="' + f"{get_column_letter(column)}{number}".encode() + b'"' + style
        if column not in record:
            if style:
                cells[column] = tag + b"/>"
            continue
        kind, text = encoded(record[column])
        close = b"</" + prefix + b"c>"
        if kind == b"str":
            inner = b"<" + prefix + b"is><" + prefix + b't xml:space="preserve">' + text
            cells[column] = tag + b' t="inlineStr">' + inner + b"</" + prefix + b"t></" + prefix + b"is>" + close
        else:
            mark = b"" if kind == b"n" else b' t="' + kind + b'"'
            cells[column] = tag + mark + b"><" + prefix + b"v>" + text + b"</" + prefix + b"v>" + close
    return cells


def _text(attributes: bytes, prefix: bytes, number: int, cells: Mapping[int, bytes]) -> bytes:
    attributes = attributes or f' r="{number}"'.encode()
    inside = b"".join(raw for _, raw in sorted(cells.items()))
    return b"<" + prefix + b"row" + attributes + b">" + inside + b"</" + prefix + b"row>"


def _inserted(rows: Mapping[int, _Row], new: Sequence[tuple[int, bytes]]) -> Iterator[Edit]:
    # Each run of new rows behind the last row of the file that comes before it.
    places: dict[int, list[bytes]] = {}
    for number, text in new:
        before = max((row.number for row in rows.values() if row.number < number), default=0)
        places.setdefault(rows[before].end, []).append(text)
    for place, texts in places.items():
        yield Edit(place, place, b"".join(texts))


def _dimension(content: bytes, rows: Mapping[int, _Row], table: TableRows, end: int) -> Iterator[Edit]:
    others = [number for number, row in rows.items() if not table.first <= number <= table.last and row.cells]
    last = str(max([end, *others])).encode()
    match = _DIMENSION.search(content, 0, content.find(b"sheetData"))
    if match and match[2] != last:
        yield Edit(match.start(2), match.end(2), last)
