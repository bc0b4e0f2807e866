"""What one function answers for the whole plan, spilled along the time axis."""

from __future__ import annotations

from dataclasses import dataclass

from vidcost_xl.sheets.layout.grid import FIXED, Heading, month_keys, rows
from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row
from vidcost_xl.sheets.plan.functions_sheet import ANSWER_UNIT, IDS, FunctionRows


@dataclass(frozen=True)
class Spilled:
    """The answer of a function, turned so that its months run along the time axis.

    Parameters
    ----------
    key : str
        Of its rows.
    function : str
        The call without its equals sign; its answer has months down.
    rows : int
        The most that the answer can have, its months included.
    frame : int
        Rows above the figures: month, fiscal year.
    ids, labels : str
        Workbook names of the ids that the answer may have, and of what they are called.
    formats : tuple of str
        Keys of `styles.FORMATS`, of the rows below the frame where they always are the same.
    """

    key: str
    title: str
    function: str
    rows: int
    frame: int
    ids: str
    labels: str
    formats: tuple[str, ...] = ()

    @property
    def call(self) -> str:
        """The formula."""
        return f"=TRANSPOSE({self.function})"

    @property
    def in_month(self) -> str:
        """Everything that the answer says of a month, for the formulas of rows over time."""
        return f"{{{self.key}_0:{self.key}_{self.rows - 1}}}"

    @property
    def found_ids(self) -> str:
        """The first column of the answer, as a reference."""
        return f"{{{self.key}_0.{IDS}:{self.key}_{self.rows - 1}.{IDS}}}"


def spilled_rows(answer: Spilled, months: int) -> FunctionRows:
    """The rows of an answer.

    Parameters
    ----------
    months : int
        The most that there can be.
    """
    keys = [IDS, *month_keys(months)]
    area = f"{{{answer.key}_0.{IDS}:{answer.key}_{answer.rows - 1}.{keys[-1]}}}"
    head = rows([Heading(f"{answer.key}_heading", f"{answer.title}: {answer.call}")], months)
    return FunctionRows((*head, *(_row(answer, at, keys, area) for at in range(answer.rows))), (area,))


def _row(answer: Spilled, at: int, keys: list[str], area: str) -> Row:
    is_head, place = at < answer.frame, at - answer.frame
    if is_head:
        style, number_format = "heading_right", "date" if at == 0 else "general"
    else:
        style, number_format = "number", answer.formats[place] if place < len(answer.formats) else "cents"
    entries = dict.fromkeys(keys, Entry("", style, number_format))
    if is_head:
        entries |= dict.fromkeys((key for key, _, _ in FIXED), Entry("", "heading"))
    # Without the add-in the ids are errors, and their labels nothing.
    called = f"IFERROR(INDEX({answer.labels},MATCH({{.{IDS}}},{answer.ids},0)),{{.{IDS}}})"
    label = f'=IF(ISTEXT({{.{IDS}}}),{called}&", answer","")'
    entries["label"] = Entry(Formula(label), "heading" if is_head else "text")
    entries[IDS] = Entry("", "heading" if is_head else "text")
    entries["unit"] = Entry(ANSWER_UNIT, "heading" if is_head else "unit")
    if at == 0:
        entries[IDS] = Entry(Formula(answer.call, engine=True, area=area), "heading")
    return Row(f"{answer.key}_{at}", entries)
