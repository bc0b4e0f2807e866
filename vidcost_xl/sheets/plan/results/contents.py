"""What the workbook holds: its sheets in their order, the class of each, and what the contents say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from vidcost_xl.sheets.layout.sheet_layout import SheetLayout

#: Sheet, class, what it holds; in the order of the tabs after the cover.
CONTENTS: Final = (
    ("Summary", "results", "what the plan costs, why, and what changes it: headline, stages, fiscal years, charts"),
    ("Inputs", "inputs", "every input of the plan, with unit, range, meaning and source"),
    ("Changes", "inputs", "inputs of single months, and private prices"),
    ("Accounts", "inputs", "the GL account and cost centre of every line"),
    ("Prices", "inputs", "every price, one row a tier, with its passport"),
    ("Costs", "results", "the bill by stage and line, with accounts"),
    ("Own", "results", "an own data centre against the cloud: break-even, cash, profit and loss, assets, loss"),
    ("Claims", "results", "what the article claims, our figure, the verdict and its condition"),
    (
        "Barrier",
        "results",
        "cost of the data until a first model, by route and provider; how long a funding lasts",
    ),
    ("Text", "results", "a text corpus beside the video set, on the same routes"),
    ("Agents", "results", "cost of an accepted second: clips tried, prompts rewritten, agents, the tipping point"),
    ("Ledger", "results", "the ledger as values, for pivot tables"),
    ("Guards", "workings", "whether each input is possible; native formulas read inputs here"),
    ("Calendar", "workings", "the time axis, and the inputs of each month"),
    ("Volumes", "workings", "from inputs to bytes, objects and requests, with stocks that roll forward"),
    ("Lines", "workings", "each line of the bill: its meter, pool and price tiers"),
    ("Native", "workings", "the bill by native formulas"),
    ("Functions", "workings", "the answers of the functions, call by call, and the same by row"),
    ("Proof", "workings", "figures of Claims, Barrier, Text and Agents by native formulas and by the functions"),
    ("Checks", "control", "functions against native formulas, stocks, slips"),
    ("Lists", "control", "allowed values, rules of classes and routes, constants"),
    ("Audit", "control", "versions, digests, change log"),
)

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
