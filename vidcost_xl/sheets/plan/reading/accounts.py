"""The lines with an account of their own, read from the sheet Accounts of a plan workbook."""

from __future__ import annotations

from vidcost_xl.digits import DIGITS
from vidcost_xl.sheets.package.header_tables import TableCell, WorkbookReader
from vidcost_xl.sheets.plan.accounts import OWN_COLUMNS, OWN_NAME, SHEET
from vidcost_xl.sheets.plan.reading.remarks import Remarks, used_value


def read_accounts(reader: WorkbookReader, remarks: Remarks) -> dict[str, tuple[str, str]]:
    """GL account and cost centre of single lines.

    Parameters
    ----------
    remarks : Remarks
        Gets a fault for a row without a line, or a line that stands in two rows.

    Returns
    -------
    dict of str to (str, str)
        Empty for a workbook that was made before it had the sheet.
    """
    table = reader.table(OWN_COLUMNS, SHEET, OWN_NAME)
    if table is None:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for cells in table.lines():
        line, account, center = (cells[key] for key in ("line", "account", "center"))
        if all(cell.is_blank for cell in (line, account, center)):
            continue
        if not all(used_value(cell, "an account", remarks) for cell in (line, account, center)):
            continue
        if not line.text:
            remarks.fault(line.at, "an account stands beside no line. Write the line's id, or empty the row.")
        elif line.text in found:
            remarks.fault(line.at, f"{line.text} stands in two rows. Leave one of them.")
        elif not account.is_blank or not center.is_blank:
            found[line.text] = (_text(account), _text(center))
    return found


def _text(cell: TableCell) -> str:
    # An account that looks like a number is typed as one.
    return f"{cell.value:.{DIGITS}g}" if isinstance(cell.value, float) else cell.text
