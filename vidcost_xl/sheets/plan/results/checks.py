"""The sheet Checks: functions against native formulas line by line, identities, and what users may slip on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import month
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.layout.stamp import differs
from vidcost_xl.sheets.plan.accounts import account_flags
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine
from vidcost_xl.sheets.plan.guards import FIRST as IMPOSSIBLE_FIRST
from vidcost_xl.sheets.plan.guards import IMPOSSIBLE
from vidcost_xl.sheets.plan.line_sheet import of
from vidcost_xl.sheets.plan.own.sheets import Compared
from vidcost_xl.sheets.plan.row_names import driver_id, rep, value_of

SHEET: Final = "Checks"

#: Whether the own site has prices on the plan's day; without them there is nothing to compare.
PRICED: Final = "{$own_priced.constant}"

_LINK: Final = re.compile(r"=\{[a-z0-9_.]+\}")

_COLUMNS: Final = (
    ("label", "Check", 64.0),
    ("first", "First figure", 18.0),
    ("second", "Second figure", 18.0),
    ("allowed", "May differ by", 14.0),
    ("found", "Months or lines that fail", 16.0),
    ("flag", "Check", 10.0),
    ("note", "What it means", 70.0),
)


def checks_sheet(
    plan: Plan, possible: list[PossibleLine], own: list[Compared], differences: Mapping[str, Sequence[str]], months: int
) -> SheetLayout:
    """The sheet; its `checks_master` is the check of the workbook.

    Parameters
    ----------
    own : list of Compared
        Rows of the own site; none where it is left out.
    differences : mapping of str to sequence of str
        By label: ranges of flags of other sheets where functions and native formulas differ.
    """
    rows = [
        *_possible(months),
        *_identities(plan, possible, months),
        *(_own(own, months) if own else ()),
        *([_heading("checks_article", "The sheets beside the bill")] if differences else []),
        *(_flagged(at, label, ranges) for at, (label, ranges) in enumerate(differences.items(), start=1)),
        _heading("checks_lines", "Functions against native formulas, line by line"),
    ]
    rows += [_line(line, months) for line in possible]
    rows[1] = _saying(rows[1], rows[2].id, rows[-1].id)
    first, last = rows[0].id, rows[-1].id
    flags = f"{{{first}.flag:{last}.flag}}"
    head = (
        Row(
            "checks_master",
            {
                "label": Entry("Checks", "title"),
                "allowed": Entry("Checks of the workbook", "label_right"),
                "flag": Entry(Formula(f"=SUM({flags})"), "flag", "flags"),
                "note": Entry(Formula("=source_text"), "kpi_plain"),
            },
            height=24,
        ),
        Row(
            "checks_about",
            {
                "label": Entry(
                    "OK is right: nothing differs. The head of every sheet says whether all of them pass.",
                    "subtitle",
                )
            },
        ),
        Row("checks_head", {key: Entry(text, "heading_wrapped") for key, text, _ in _COLUMNS}, height=28),
    )
    return SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, _, width in _COLUMNS),
        rows=(*head, *rows),
        last_frozen="checks_head",
        flags=(flags, "{checks_master.flag:checks_master.flag}"),
    )


def _heading(key: str, text: str) -> Row:
    return Row(key, {column: Entry(text if column == "label" else "", "total_text") for column, _, _ in _COLUMNS})


def _whole(row: str, months: int) -> str:
    return f"{{${row}.{month(1)}:{row}.{month(months)}}}"


def _row(
    key: str, label: str | Formula, found: str, note: str = "", first: str = "", second: str = "", allowed: str = ""
) -> Row:
    entries = {
        "label": Entry(label),
        "found": Entry(Formula(found), "number", "count"),
        # An error is a failed check, not an error in the head of every sheet.
        "flag": Entry(Formula("=IF(ISNUMBER({.found}),--({.found}<>0),1)"), "flag"),
        "note": Entry(note, "note"),
    }
    for column, text in (("first", first), ("second", second)):
        if text:
            style = "link" if _LINK.fullmatch(text) else "number"
            entries[column] = Entry(Formula(text), style, "balance")
    if allowed:
        entries["allowed"] = Entry(Formula(allowed), "number", "allowed")
    return Row(key, entries)


def _flagged(at: int, label: str, ranges: Sequence[str]) -> Row:
    found = "+".join(f"SUM({area.replace('{', '{$', 1)})" for area in ranges)
    return _row(f"chk_beside_{at}", label, f"={found}", "figures that differ, marked in the columns of that sheet")


def _possible(months: int) -> list[Row]:
    currency, rate = value_of("money.currency"), driver_id("money.fx")
    return [
        _heading("checks_inputs", "Inputs"),
        _row("chk_possible", "Inputs are possible", f"={IMPOSSIBLE}"),
        _row(
            "chk_rate",
            "A reporting currency other than USD has a rate other than 1",
            f'=IF({currency}="USD",0,SUMPRODUCT(--({_whole(rate, months)}=1)))',
            "the rate of money.fx is reporting currency for a US dollar; 1 would call dollars by another name",
        ),
    ]


def _saying(row: Row, first: str, last: str) -> Row:
    # One cause is one message: the first impossible input, and how many checks fail with it.
    others = f"SUM({{{first}.flag:{last}.flag}})"
    said = Formula(f'=IF({IMPOSSIBLE}=0,"",{IMPOSSIBLE_FIRST}&" "&{others}&" checks below fail while it stands.")')
    return replace(row, entries={**row.entries, "note": Entry(said, "fault_wrapped")}, height=28)


def _differs(a: str, b: str) -> str:
    return f"SUMPRODUCT(--(({a}-{b})^square-{{.allowed}}^square>0))"


def _line(line: PossibleLine, months: int) -> Row:
    key = line.key
    engine, native = _whole(f"e_{key}", months), _whole(f"a_{key}", months)
    return _row(
        f"ch_{key}",
        Formula(f"={of(key, 'label')}"),
        f"=IF(engine_loaded,{_differs(engine, native)},0)",
        "the functions and the native formulas give the same in every month",
        f'=IF(engine_loaded,SUM({engine}),"n/a")',
        f"=SUM({native})",
        "=tolerance_money+tolerance*ABS({.second})",
    )


def _own(own: list[Compared], months: int) -> list[Row]:
    reconciled, share = _whole("own_unreconciled", months), _whole("own_share", months)
    needed, used = _whole("own_drives_needed", months), _whole("own_drives", months)
    rows = [
        _heading("checks_own", "The own site: what must hold, and the function against native formulas, row by row"),
        _row(
            "chk_own_views",
            "Cash and profit and loss differ by book value and deposits, and by nothing else",
            f"=IF({PRICED}=0,0,SUMPRODUCT(--({reconciled}^square>{{.allowed}}^square)))",
            "before interest, to date, in every month",
            "={own_cash.total}-{own_pnl.total}",
            "={own_book_close.total}+{own_prepaid_close.total}",
            "=tolerance_money+tolerance*{own_cash.total}",
        ),
        _row(
            "chk_own_share",
            "Never more than all data at the own site",
            f"=SUMPRODUCT(({share}<0)+({share}>1))",
        ),
        _row(
            "chk_own_drives",
            "Never fewer drives than the data need",
            f"=SUMPRODUCT(--({used}<{needed}))",
            "drives",
        ),
    ]
    for row in own:
        engine, native = _whole(row.engine, months), _whole(row.native, months)
        smallest = "" if row.is_small else "tolerance_money+"
        rows.append(
            _row(
                f"ch_{row.key}",
                row.label,
                f"=IF(engine_loaded*{PRICED}=1,{_differs(engine, native)},0)",
                "the function and the native formulas give the same in every month; #N/A on both without a price",
                f'=IF(engine_loaded,SUM({engine}),"n/a")',
                f"=SUM({native})",
                f"={smallest}tolerance*ABS({{.second}})",
            )
        )
    return rows


def _identities(plan: Plan, possible: list[PossibleLine], months: int) -> list[Row]:
    engine, answer = _whole("e_total", months), _whole("e_all", months)
    stages = "{ks_acquire.total:ks_support.total}"
    lines = f"{{k_{possible[0].key}.total:k_{possible[-1].key}.total}}"
    allowed = "=tolerance_money+tolerance*ABS({.second})"
    rows = [
        _heading("checks_whole", "The whole bill"),
        _row(
            "chk_answer",
            "Every line of the functions has its row",
            f"=IF(engine_loaded,{_differs(engine, answer)},0)",
            "the rows of the functions add up to the total that they state",
            f'=IF(engine_loaded,SUM({engine}),"n/a")',
            f"=IF(engine_loaded,SUM({answer}),0)",
            allowed,
        ),
        _row(
            "chk_stages",
            "Stages add up to lines",
            "=--((({.first}-{.second})^square)>{.allowed}^square)",
            "",
            f"=SUM({stages})",
            f"=SUM({lines})",
            allowed,
        ),
        _row(
            "chk_months",
            "The plan has as many months as the sheets",
            f"=--({value_of('calendar.months')}<>{{cal_active.total}})",
            "more months need a new file: vidcost new --months",
        ),
        _row(
            "chk_version",
            "The add-in is of the version that made the file",
            f"={differs('{$engine_1.c3}')}",
            "after an upgrade: vidcost new PATH --from this file, or compare the two before you keep it",
        ),
        _heading("checks_stocks", "Stocks: opening, additions, removals, closing"),
    ]
    stocks = [("dataset", "Videos")] + [
        (f"representation_{n}_videos", plan.text(rep(n, "name"))) for n in range(1, plan.representations + 1)
    ]
    for x, label in stocks:
        came, gone, close = (_whole(f"{x}_{part}", months) for part in ("additions", "removals", "closing"))
        rows.append(
            _row(
                f"chk_{x}_stock",
                f"{label}: opening at the start, what came and what left give the closing balance",
                "=--((({.first}-{.second})^square)>{.allowed}^square)",
                "videos; removals are never negative",
                f"={{{x}_closing.start}}+SUM({came})-SUM({gone})",
                f"={{{x}_closing.total}}",
                "=tolerance_money+tolerance*SUM({.second})",
            )
        )
        rows.append(
            _row(
                f"chk_{x}_signs",
                f"{label}: nothing negative",
                f"=SUMPRODUCT(--({close}<-tolerance*{{dataset_kept.{month(1)}}}))+SUMPRODUCT(--({gone}<-tolerance*{{dataset_kept.{month(1)}}}))",
            )
        )
    rows += [
        _heading("checks_changes", "The sheet Changes"),
        _row(
            "chk_overlap",
            "No two lines of Changes hold for one input in one month",
            "=SUM(ch_clashes)",
            "they name each other in the column beside the line",
        ),
        _row(
            "chk_known",
            "Every line of Changes names an input that may differ by month, or rate.<meter>",
            "=SUM(ch_unknown)",
            "others belong on Inputs",
        ),
        _row(
            "chk_inside",
            "Every line of Changes holds in a month of the plan",
            "=SUM(ch_outside)",
        ),
        _row("chk_filled", "Every line of Changes has a number", "=SUM(ch_empty)"),
        _heading("checks_accounts", "The sheet Accounts"),
        _row(
            "chk_accounts",
            "Every line with an account of its own exists and stands there once",
            f"={account_flags()}",
            "the flags beside the line say which",
        ),
    ]
    return rows
