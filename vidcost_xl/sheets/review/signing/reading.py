"""A Signed sheet read back: signatures, control figures, the record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from openpyxl.utils import get_column_letter

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.formulas.copies import with_references
from vidcost_xl.sheets.formulas.view import Contents
from vidcost_xl.sheets.package.parts import CellValue
from vidcost_xl.sheets.review.signing.page import RECORD, SIGNATURES, TITLE, TOTALS
from vidcost_xl.sheets.review.signing.record import NAMES, RowRecord, read_record, rounded
from vidcost_xl.sheets.review.signing.seal import PREPARER, REVIEWER, Signature, content_digest

_SIGNATURES: Final = "Signatures"
_WHERE: Final = re.compile(r"(.*)![A-Z]+(\d+):[A-Z]+\d+", re.DOTALL)

#: Columns of the sheet by what they hold.
COLUMNS: Final = {"label": 1, "where": 2, "was": 3, "now": 4, "flag": 5, "limit": 6, "record": 7}
#: Below the title and what the sheet is about.
_STATE_ROW: Final = 4

#: What formulas of the sheet look like once places on other sheets are masked.
_OWN: Final = re.compile(
    r"--\(ABS\((D\d+-C\d+)\)>F\d+\)|--OR\(@<>C\d+,ISNUMBER\(@\)<>ISNUMBER\(C\d+\)\)|"
    r"--\(ABS\(.*@.*-C\d+\)>tolerance\*ABS\(C\d+\)\)|",
    re.DOTALL,
)


@dataclass(frozen=True)
class Signed:
    """What a Signed sheet holds.

    Parameters
    ----------
    total : float
        What the plan cost when it was signed.
    controls : tuple of str
        Every control figure and its formulas, for the digest.
    doubtful : tuple of str
        Cells of the sheet whose formulas are not what was written.
    """

    sheet: str
    part: str
    signatures: tuple[Signature, ...]
    records: tuple[RowRecord, ...]
    total: float
    controls: tuple[str, ...]
    doubtful: tuple[str, ...]
    first_signature: int

    @property
    def state(self) -> tuple[int, int]:
        """The cell of the sentence."""
        return _STATE_ROW, COLUMNS["label"]

    @property
    def unchanged(self) -> str:
        """The address of what says whether nothing differs."""
        return f"{get_column_letter(COLUMNS['was'])}{_STATE_ROW}"

    @property
    def digest(self) -> str:
        """Of everything that is signed, computed anew."""
        return content_digest(self.records, self.controls)


def signed_sheet(contents: Contents) -> str:
    """The name of the Signed sheet; empty where there is none."""
    return next(
        (
            name
            for name, sheet in contents.sheets.items()
            if contents.text((name, 1, 1)) == TITLE
            and any(cell.column == 1 and contents.value_in(cell) == RECORD for cell in sheet.cells)
        ),
        "",
    )


def is_signed(contents: Contents) -> bool:
    """Whether a workbook holds a Signed sheet."""
    return bool(signed_sheet(contents))


def read_signed(contents: Contents) -> Signed:
    """The Signed sheet of a workbook.

    Raises
    ------
    BadArgumentError
        For a workbook that is not signed, or whose record cannot be read.
    """
    sheet = signed_sheet(contents)
    if not sheet:
        raise BadArgumentError(
            f"{contents.name} is not signed: it has no sheet {TITLE} with a record. See vidcost sign."
        )
    rows = _Rows(contents, sheet)
    # The first of each: what is signed may have the same headings, as the sheet of a hand-off does.
    heads = {rows.text(row, "label"): row for row in sorted(rows.numbers, reverse=True)}
    if _SIGNATURES not in heads or TOTALS not in heads:
        raise BadArgumentError(f"{contents.name}: the sheet {sheet} has lost its headings; it cannot be verified.")
    first = heads[_SIGNATURES] + 1
    signatures = tuple(
        Signature(rows.text(row, "label"), rows.text(row, "where"), rows.text(row, "was"), rows.text(row, "record"))
        for row in range(first, first + SIGNATURES)
        if rows.text(row, "label") in {PREPARER, REVIEWER}
    )
    if not signatures:
        raise BadArgumentError(f"{contents.name}: the sheet {sheet} has lost its signatures; it cannot be verified.")
    totals = range(heads[TOTALS] + 1, rows.last + 1)
    total = next((rows.value(row, "was") for row in totals if rows.text(row, "label") == "Total"), None)
    records = tuple(rows.record(row) for row in rows.numbers if row > heads[RECORD])
    controls, doubtful = [], []
    for row in rows.numbers:
        if row <= heads[TOTALS]:
            continue
        now, flag = rows.formula(row, "now"), rows.formula(row, "flag")
        controls.append(f"{rows.text(row, 'label')}|{rounded(rows.value(row, 'was'))}|{now}|{flag}")
        if not _OWN.fullmatch(flag) or (rows.value(row, "flag") is not None and not flag and not rows.is_head(row)):
            doubtful.append(f"E{row}")
    return Signed(
        sheet,
        contents.sheets[sheet].part,
        signatures,
        records,
        total if isinstance(total, float) else 0.0,
        tuple(controls),
        tuple(doubtful),
        first,
    )


class _Rows:
    """Rows of the sheet by column name."""

    def __init__(self, contents: Contents, sheet: str) -> None:
        self._contents, self._sheet = contents, sheet
        self.numbers = sorted({row for row, _ in contents.sheets[sheet].places})

    @property
    def last(self) -> int:
        return self.numbers[-1]

    def value(self, row: int, column: str) -> CellValue | None:
        return self._contents.value((self._sheet, row, COLUMNS[column]))

    def text(self, row: int, column: str) -> str:
        return self._contents.text((self._sheet, row, COLUMNS[column]))

    def formula(self, row: int, column: str) -> str:
        # Places on other sheets move when rows are inserted there; that is no change of this sheet.
        text = self._contents.formula((self._sheet, row, COLUMNS[column]))
        if "!" not in text:
            return text
        return with_references(text, lambda reference: "@" if "!" in reference else reference)

    def is_head(self, row: int) -> bool:
        return isinstance(self.value(row, "flag"), str)

    def record(self, row: int) -> RowRecord:
        where, text = self.text(row, "where"), self.text(row, "record")
        match = _WHERE.fullmatch(where)
        try:
            if where == NAMES:
                return read_record(NAMES, 0, self.text(row, "label"), text)
            if match is None:
                raise ValueError(where)
            return read_record(match[1], int(match[2]), self.text(row, "label"), text)
        except ValueError as error:
            raise BadArgumentError(
                f"{self._contents.name}: row {row} of the sheet {self._sheet} is no row of the record ({error}). It "
                "was changed; verify a copy that was kept."
            ) from None
