"""What a row of the sheet Guards has besides where a scenario may rule over what is typed, in plain formulas."""

from __future__ import annotations

from typing import Final

from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula
from vidcost_xl.sheets.plan.row_names import TITLE

#: What is said of an input whose value is not between its low and high, and whose differences are blank.
OUTSIDE: Final = "Outside low and high."

#: The cell to look at: on Scenarios, where what a scenario rules is wrong.
_AT: Final = "=IF(({{.ruled}}>0)*({{.wrong}}+{{.outside}}+{{.beside}})>0,INDEX(scn_at,{{.ruled}}),{typed})"
#: What Drivers says of the input.
_RULING: Final = '=IF({{.ruled}}=0,"{says}","In force: "&{{.value}}&{title}&".")'


def beyond(value: str, low: str, high: str) -> str:
    """Whether a value is not between two others, where one of them is given, as arguments of AND."""
    # The least of one cell: what is typed as text is no number to compare.
    return f"COUNT({low},{high})>0,OR(MIN({value})<MIN({low}),MIN({value})>MIN({high}))"


def ruled_entries(shown: str, typed_at: str, says: str, ends: tuple[str, str] | None) -> dict[str, Entry]:
    """The cells of the row of an input.

    Parameters
    ----------
    shown : str
        Row id of the input on Inputs.
    typed_at : str
        The address of the cell that it is typed in, as a formula without its equals sign.
    says : str
        What it does to the bill, where it is typed on Drivers.
    ends : tuple of str, optional
        Its low and high, of a number.
    """
    entries = {
        "at": Entry(Formula(_AT.format(typed=typed_at)), "text"),
        "ruled": Entry(Formula(f"={{{shown}.line}}"), "link", "count"),
    }
    if says:
        ranged = '=""' if ends is None else f'=IF(AND({{.said}}="",{beyond("{.value}", *ends)}),"{OUTSIDE} ","")'
        entries["ruling"] = Entry(Formula(_RULING.format(says=says, title=TITLE)), "text")
        entries["ranged"] = Entry(Formula(ranged), "text")
    return entries
