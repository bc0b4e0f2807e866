"""The sheet Proof: the figures of Claims, Barrier, Text and Agents by native formulas and by the functions, compared.

The sheets that people read show the figure in force. Here a row holds it twice, with a flag beside each pair and room
for what it is worked out from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from vidcost_xl.sheets.layout.sheet_layout import Entry, Row, SheetLayout
from vidcost_xl.sheets.plan.article.result_sheet import Columns, difference_entries, heading_row, result_sheet
from vidcost_xl.sheets.plan.row_names import engine_or_native

SHEET: Final = "Proof"

#: Figures in a row, and workings beside them, at most.
FIGURES: Final = 5
WORKINGS: Final = 5

COLUMNS: Final[Columns] = (
    ("label", "Figure", 66.0),
    ("unit", "Unit", 26.0),
    *((f"n{at}", f"Native {at}", 19.0) for at in range(1, FIGURES + 1)),
    *((f"e{at}", f"Functions {at}", 19.0) for at in range(1, FIGURES + 1)),
    *((f"d{at}", f"Differs {at}", 11.0) for at in range(1, FIGURES + 1)),
    *((f"w{at}", f"Working {at}", 17.0) for at in range(1, WORKINGS + 1)),
)


@dataclass(frozen=True)
class ProofBlock:
    """The figures of one sheet.

    Parameters
    ----------
    headings : mapping of str to str
        By column of the sheet Proof.
    workings : tuple of Row
        Rows below the figures, that are compared with nothing.
    """

    sheet: str
    headings: Mapping[str, str]
    rows: tuple[Row, ...]
    workings: tuple[Row, ...] = ()

    @property
    def flags(self) -> list[str]:
        """The ranges of its flags."""
        first, last = self.rows[0].id, self.rows[-1].id
        return [f"{{{first}.d{at}:{last}.d{at}}}" for at in range(1, FIGURES + 1)]


def proof_id(row: str) -> str:
    """The row of the sheet Proof that belongs to a row of another sheet."""
    return f"pf_{row}"


def native_of(row: str, at: int = 1) -> str:
    """Reference to a figure of a row by native formulas, from 1."""
    return f"{{{proof_id(row)}.n{at}}}"


def fixed_native(row: str, at: int = 1) -> str:
    """The same from every cell of a row or column."""
    return f"{{${proof_id(row)}.n{at}}}"


def in_force(row: str, at: int = 1) -> str:
    """Formula of the figure that people read: the functions' where they feed Costs, else the native one."""
    return engine_or_native(f"{{{proof_id(row)}.e{at}}}", native_of(row, at))


def proof_row(row: str, label: str, unit: str, entries: Mapping[str, Entry]) -> Row:
    """A row of figures; those that have both sides are compared.

    Parameters
    ----------
    row : str
        Id of the row that shows them.
    entries : mapping of str to Entry
        By column: n and e with the number of the figure, w with that of a working.
    """
    pairs = {
        f"d{at}": (f"{{.e{at}}}", f"{{.n{at}}}")
        for at in range(1, FIGURES + 1)
        if f"n{at}" in entries and f"e{at}" in entries
    }
    texts = {"label": Entry(label), **({"unit": Entry(unit, "unit")} if unit else {})}
    return Row(proof_id(row), {**texts, **entries, **difference_entries(pairs)})


def proof_sheet(blocks: Iterable[ProofBlock]) -> SheetLayout:
    """The sheet, block by block."""
    rows: list[Row] = []
    for block in blocks:
        head = heading_row(proof_id(block.sheet.casefold()), block.sheet, COLUMNS)
        named = {column: Entry(text, "total_text") for column, text in block.headings.items()}
        rows += [Row(head.id, {**head.entries, **named}), *block.rows, *block.workings]
    about = (
        "Each figure twice: by native formulas over Prices and Volumes, and as the functions answer it (sheet "
        "Functions). Headings of a block name its columns; OK where both are the same."
    )
    return result_sheet(SHEET, "Functions against native formulas", about, COLUMNS, rows)
