"""The sheet Proof: the figures of Claims, Barrier, Text and Agents by native formulas and by the functions, compared.

The sheets that people read declare each figure once, with its native formula, the cell of the functions' answer and the
flag beside it. Here these are taken out of them into rows of their own; references follow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row, SheetLayout, Value
from vidcost_xl.sheets.plan.article.result_sheet import Columns, heading_row, result_sheet

SHEET: Final = "Proof"

#: Figures in a row, and workings beside them, at most.
FIGURES: Final = 4
WORKINGS: Final = 4

_COLUMNS: Columns = (
    ("label", "Figure", 66.0),
    ("unit", "Unit", 26.0),
    *((f"n{at}", f"Native {at}", 19.0) for at in range(1, FIGURES + 1)),
    *((f"e{at}", f"Functions {at}", 19.0) for at in range(1, FIGURES + 1)),
    *((f"d{at}", f"Differs {at}", 11.0) for at in range(1, FIGURES + 1)),
    *((f"w{at}", f"Working {at}", 17.0) for at in range(1, WORKINGS + 1)),
)

_KEYS: Final = frozenset(key for key, _, _ in _COLUMNS)

#: Start of the ids of rows that hold what was taken out of another row.
_TAKEN: Final = "pf_"

_REFERENCE: Final = re.compile(r"\{(\$?)([a-z0-9_]*)\.([a-z0-9_]+)(?::([a-z0-9_]+)\.([a-z0-9_]+))?(~?)\}")


class Proof:
    """Collects what is taken out of other sheets."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._taken: dict[str, list[str]] = {}
        #: Row and column where a figure was declared, and where it stands now.
        self._moved: dict[tuple[str, str], tuple[str, str]] = {}

    def take(self, sheet: SheetLayout, moved: Mapping[str, str]) -> SheetLayout:
        """Take columns out of a sheet.

        Parameters
        ----------
        sheet : SheetLayout
        moved : mapping of str to str
            Its columns, and the columns of this sheet that they become.

        Returns
        -------
        SheetLayout
            Without them; references still have to follow (`followed`).
        """
        headings = next(row for row in sheet.rows if row.id == sheet.last_frozen).entries
        named = {new: headings[old].value for old, new in moved.items()}
        block = heading_row(_id(sheet.name.casefold()), sheet.name, _COLUMNS)
        self.rows.append(
            Row(block.id, {**block.entries, **{new: Entry(text, "total_text") for new, text in named.items()}})
        )
        kept = []
        for row in sheet.rows:
            entries = {moved[key]: entry for key, entry in row.entries.items() if key in moved}
            if row.id != sheet.last_frozen and any(entry.value != "" for entry in entries.values()):
                labels = {key: row.entries[key] for key in ("label", "unit") if key in row.entries}
                labels = {key: replace(entry, style=_plain(key)) for key, entry in labels.items()}
                self.rows.append(Row(_id(row.id), {**labels, **entries}))
                self._taken.setdefault(sheet.name, []).append(_id(row.id))
                self._moved |= {(row.id, old): (_id(row.id), new) for old, new in moved.items()}
            rest = {key: entry for key, entry in row.entries.items() if key not in moved}
            kept.append(replace(row, entries=rest))
        columns = tuple(column for column in sheet.columns if column.key not in moved)
        return replace(sheet, rows=tuple(kept), columns=columns)

    def move_rows(self, sheet: SheetLayout, start: str, columns: Mapping[str, str]) -> SheetLayout:
        """Take whole rows, whose ids start alike, out of a sheet; they keep their ids.

        Parameters
        ----------
        sheet : SheetLayout
        start : str
        columns : mapping of str to str
            Their columns, and the columns of this sheet that they become.

        Returns
        -------
        SheetLayout
        """
        gone = [row for row in sheet.rows if row.id.startswith(start)]
        for row in gone:
            if row.id.endswith("heading"):
                self.rows.append(heading_row(row.id, str(row.entries["label"].value), _COLUMNS))
                continue
            entries = {columns[key]: entry for key, entry in row.entries.items() if key in columns}
            self._moved |= {(row.id, old): (row.id, new) for old, new in columns.items()}
            self.rows.append(replace(row, entries=entries))
        return replace(sheet, rows=tuple(row for row in sheet.rows if row not in gone))

    def flags(self, sheet: str) -> list[str]:
        """The ranges of flags of the figures taken out of a sheet."""
        first, last = self._taken[sheet][0], self._taken[sheet][-1]
        return [f"{{{first}.d{at}:{last}.d{at}}}" for at in range(1, FIGURES + 1)]

    @property
    def sheet(self) -> SheetLayout:
        """The sheet; references still have to follow."""
        about = (
            "Each figure twice: by native formulas over Prices and Volumes, and as the functions answer it (sheet "
            "Answers). Headings of a block name its columns; OK where both are the same."
        )
        return result_sheet(SHEET, "Functions against native formulas", about, _COLUMNS, self.rows)

    def followed(self, sheet: SheetLayout) -> SheetLayout:
        """A sheet whose formulas and charts refer to where the figures now stand."""
        rows = tuple(
            replace(row, entries={key: self._entry(entry, row.id) for key, entry in row.entries.items()})
            for row in sheet.rows
        )
        return replace(sheet, rows=rows)

    def _entry(self, entry: Entry, row: str) -> Entry:
        value: Value = entry.value
        if not isinstance(value, Formula):
            return entry
        text = _REFERENCE.sub(lambda match: self._reference(match, row), value.text)
        return entry if text == value.text else replace(entry, value=replace(value, text=text))

    def _reference(self, match: re.Match[str], row: str) -> str:
        mark, target, column, last, last_column, tail = match.groups()
        source = row.removeprefix(_TAKEN)
        now = self._moved.get((target or source, column))
        if now is None:
            # A cell of the row it was declared in, which stayed behind.
            stayed = not target and source != row and column not in _KEYS
            return f"{{{mark}{source}.{column}{tail}}}" if stayed else match[0]
        here, new = now
        if last:
            last_row, last_new = self._moved[last, last_column]
            return f"{{{mark}{here}.{new}:{last_row}.{last_new}{tail}}}"
        return f"{{{mark}{'' if here == row else here}.{new}{tail}}}"


def _id(row: str) -> str:
    return _TAKEN + row


def _plain(key: str) -> str:
    return "text" if key == "label" else "unit"
