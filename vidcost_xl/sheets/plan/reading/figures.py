"""The headline that a plan workbook of any version shows, as its cells hold it."""

from __future__ import annotations

from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.header_tables import WorkbookReader
from vidcost_xl.sheets.package.workbook import Workbook
from vidcost_xl.sheets.plan.bill.costs import COSTS
from vidcost_xl.sheets.plan.results.summary_rows import HEADLINE, OLDER_LABELS

#: Where the headline stands: in this version, and in those before.
_SHEETS = (COSTS, "Summary")


def shown_figures(data: bytes, name: str) -> dict[str, float]:
    """Figures of the headline by their label; one that holds no number is left out."""
    reader = WorkbookReader(Workbook(Archive(data, name)))
    found: dict[str, float] = {}
    for sheet in _SHEETS:
        rows = reader.sheet(sheet).rows.values() if sheet in reader.book.sheets else ()
        for label, *others in map(list, (cells.values() for cells in rows)):
            numbers = [cell.value for cell in others if isinstance(cell.value, float)]
            known = OLDER_LABELS.get(label.text, label.text)
            if known in HEADLINE.values() and known not in found and numbers:
                found[known] = numbers[0]
    return found
