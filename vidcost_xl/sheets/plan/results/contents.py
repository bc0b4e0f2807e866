"""What the workbook holds: its sheets in their order, the class of each, and what the contents say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from vidcost_xl.sheets.layout.sheet_layout import SheetLayout

#: Sheet, class, what it holds; in the order of the tabs after the cover.
CONTENTS: Final = (
    ("Summary", "results", "what the plan costs, why, and what changes it: headline, stages, fiscal years, charts"),
    (
        "Drivers",
        "inputs",
        "the inputs that decide the bill, with what each does to it, and some of them month by month",
    ),
    ("Inputs", "inputs", "every figure that you may change, with unit, range, meaning and source"),
    ("Changes", "inputs", "what differs in single months, and your own prices"),
    ("Scenarios", "inputs", "named sets of other inputs, of which the switch on Drivers puts one in force"),
    ("Accounts", "inputs", "the general-ledger account and cost centre of every line"),
    ("Prices", "inputs", "every list price, one row a tier, with its source"),
    ("Costs", "results", "the bill month by month: by stage, line, account, quarter and year"),
    ("Own", "results", "a data centre of your own against the cloud: when it pays, cash, profit and loss, assets"),
    ("Claims", "results", "what the article claims, our figure, and whether the claim holds"),
    (
        "Barrier",
        "results",
        "what the data cost until a first model, at every provider; how long a funding lasts",
    ),
    ("Text", "results", "the data of a text model beside it, at the same prices"),
    ("Agents", "results", "what an accepted second of generated video costs, with and without an agent"),
    ("Ledger", "results", "one row a month and line, for pivot tables"),
    ("Guards", "workings", "whether each input is possible"),
    ("Calendar", "workings", "the time axis, and the inputs of each month"),
    ("Volumes", "workings", "from inputs to bytes, objects and requests, month by month"),
    ("Lines", "workings", "each line of the bill: what is counted, and the price that counts"),
    ("Native", "workings", "the bill computed by native formulas"),
    ("Functions", "workings", "the answers of the functions, call by call, and the same by row"),
    ("Proof", "workings", "figures of Claims, Barrier, Text and Agents by native formulas and by the functions"),
    ("Checks", "control", "whether everything agrees: both computations, balances, slips"),
    ("Lists", "control", "the values that a choice may have, and constants"),
    ("Audit", "control", "which versions made the file, and a log of changes"),
)

#: A sheet that a command adds, of values that it works out anew.
DECISIONS: Final = "Decisions"

#: Sheets of workbooks of versions before, which stand on others now.
FORMER: Final = frozenset(
    ("Guide", "Forecast", "Engine", "OwnForecast", "OwnEngine", "Meters", "Routes", "Stack", "Answers")
)

#: Colour of the tabs of a class.
TABS: Final = {"inputs": "BF8F00", "results": "1F3864", "workings": "A6A6A6", "control": "548235"}


def in_order(sheets: Iterable[SheetLayout]) -> tuple[SheetLayout, ...]:
    """The sheets as the contents list them, each with the colour of its class; the cover is first."""
    listed = {name: (at, kind) for at, (name, kind, _) in enumerate(CONTENTS)}
    found = sorted(sheets, key=lambda sheet: listed.get(sheet.name, (-1, ""))[0])
    return tuple(replace(sheet, tab=TABS[listed[sheet.name][1]] if sheet.name in listed else "") for sheet in found)
