"""The sheet Accounts: the GL account and cost centre of every line, and lines that have their own."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.sheet_layout import Column, Entry, Formula, Row, SheetLayout, Validation
from vidcost_xl.sheets.plan.bill.possible_lines import PossibleLine
from vidcost_xl.sheets.plan.line_sheet import of
from vidcost_xl.sheets.plan.row_names import MASTER, value_of

SHEET: Final = "Accounts"

#: Lines that may have an account of their own.
OWN_LINES: Final = 30

#: Name of the workbook that covers what a user writes, and the headings of those columns by key.
OWN_NAME: Final = "acct_own"
OWN_COLUMNS: Final = {
    "line": "Line with its own account",
    "account": "GL account",
    "center": "Cost centre",
    "why": "Why, and who decided",
}

_COLUMNS: Final = (
    ("line", 56.0),
    ("account", 20.0),
    ("center", 24.0),
    ("why", 60.0),
    ("stage", 14.0),
    ("by_stage", 18.0),
    ("at", 12.0),
    ("own_account", 18.0),
    ("own_center", 20.0),
    ("cost", 18.0),
)


def account_of(key: str) -> str:
    """Reference to the GL account of a line, the same from every sheet."""
    return f"{{$ac_{key}.account}}"


def center_of(key: str) -> str:
    """Reference to the cost centre of a line."""
    return f"{{$ac_{key}.center}}"


def accounts_sheet(plan: Plan, possible: list[PossibleLine]) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet and its workbook names.

    Parameters
    ----------
    plan : Plan
        Its accounts of single lines fill the first rows.
    possible : list of PossibleLine
        With the derived ones.

    Raises
    ------
    ValueError
        For more lines with accounts of their own than the sheet has room for.
    """
    if len(plan.accounts) > OWN_LINES:
        raise ValueError(f"{len(plan.accounts)} lines have their own account; the sheet has room for {OWN_LINES}")
    about = (
        "Inputs says the account of each stage and the cost centre. A line written here, with its id of the list "
        "below, has its own; an empty cell leaves the one of Inputs."
    )
    given = [(line, *pair) for line, pair in plan.accounts.items()]
    own = [_own_row(at, given[at - 1] if at <= len(given) else ("", "", "")) for at in range(1, OWN_LINES + 1)]
    mapped = [_mapped_row(line) for line in possible]
    first, last = own[0].id, own[-1].id
    rows = (
        Row(
            "accounts_title",
            {
                "line": Entry("Accounts and cost centres", "title"),
                "why": Entry("Checks of the workbook", "label_right"),
                "stage": Entry(Formula(f"={MASTER}"), "flag", "flags"),
            },
            height=24,
        ),
        Row("accounts_about", {"line": Entry(about, "subtitle")}),
        Row(
            "accounts_head",
            {
                **{key: Entry(text, "heading") for key, text in OWN_COLUMNS.items()},
                "stage": Entry("Twice", "heading"),
                "by_stage": Entry("No such line", "heading"),
                **{key: Entry("", "heading") for key in ("at", "own_account", "own_center", "cost")},
            },
        ),
        *own,
        Row("accounts_space", height=8),
        Row(
            "accounts_lines",
            {
                "line": Entry("Id in the ledger", "heading"),
                "account": Entry("Booked to", "heading"),
                "center": Entry("Cost centre used", "heading"),
                "why": Entry("Name of the line", "heading"),
                "stage": Entry("Stage", "heading"),
                "by_stage": Entry("Account of stage", "heading"),
                "at": Entry("Row above", "heading_right"),
                "own_account": Entry("Own account", "heading"),
                "own_center": Entry("Own cost centre", "heading"),
                "cost": Entry("Cost, all months", "heading_right"),
            },
        ),
        *mapped,
    )
    message = "The id of a line, from the list below on this sheet. Empty: the account of its stage."
    sheet = SheetLayout(
        name=SHEET,
        columns=tuple(Column(key, width) for key, width in _COLUMNS),
        rows=rows,
        last_frozen="accounts_head",
        last_repeated="accounts_about",  # the list below has headings of its own
        validations={"line": Validation("list", OWN_COLUMNS["line"], message, allowed="all_id")},
        flags=("{accounts_title.stage:accounts_title.stage}", f"{{{first}.stage:{last}.by_stage}}"),
    )
    names = {f"acct_{key}": f"{{{first}.{key}:{last}.{key}}}" for key in ("line", "account", "center")}
    names[OWN_NAME] = f"{{accounts_head.line:{last}.why}}"
    return sheet, names


def account_flags() -> str:
    """How many rows name a line that does not exist, or one that another row names too."""
    return f"SUM({{acct_1.stage:acct_{OWN_LINES}.by_stage}})"


def _own_row(at: int, given: tuple[str, str, str]) -> Row:
    line, account, center = given
    return Row(
        f"acct_{at}",
        {
            "line": Entry(line, "input", "general", "line"),
            "account": Entry(account, "input", "general"),
            "center": Entry(center, "input", "general"),
            "why": Entry("", "input", "general"),
            "stage": Entry(Formula('=IF({.line}="","",COUNTIF(acct_line,{.line})-1)'), "flag"),
            "by_stage": Entry(Formula('=IF({.line}="","",--(COUNTIF(all_id,{.line})=0))'), "flag"),
        },
    )


def _mapped_row(line: PossibleLine) -> Row:
    center = value_of("account.cost_center")
    return Row(
        f"ac_{line.key}",
        {
            "line": Entry(Formula(f"={of(line.key, 'id')}"), "link_text"),
            "account": Entry(Formula('=IF({.own_account}="",{.by_stage},{.own_account})'), "text_indent"),
            "center": Entry(Formula(f'=IF({{.own_center}}="",{center},{{.own_center}})'), "text_indent"),
            "why": Entry(Formula(f"={of(line.key, 'label')}"), "link_text"),
            "stage": Entry(Formula(f"={of(line.key, 'stage')}"), "link_text"),
            "by_stage": Entry(Formula("=INDEX(stage_account,MATCH({.stage},stage_id,0))"), "text_indent"),
            "at": Entry(Formula("=IFERROR(MATCH({.line},acct_line,0),0)"), "number", "count"),
            "own_account": Entry(Formula('=IF({.at}=0,"",INDEX(acct_account,{.at})&"")'), "text_indent"),
            "own_center": Entry(Formula('=IF({.at}=0,"",INDEX(acct_center,{.at})&"")'), "text_indent"),
            "cost": Entry(Formula(f"={{k_{line.key}.total}}"), "link", "money"),
        },
    )
