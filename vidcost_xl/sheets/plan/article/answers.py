"""What the functions answer for Claims, Barrier, Text and Agents on the sheet Functions, and the plan in one table.

Each table is one call, spilled. The other sheets read its cells, so that without the add-in only this one shows errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Heading, month, rows
from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row
from vidcost_xl.sheets.plan.article.result_sheet import answered, entry
from vidcost_xl.sheets.plan.changes import CHANGE_LINES, changes_of
from vidcost_xl.sheets.plan.drivers import series_cells
from vidcost_xl.sheets.plan.functions_sheet import ANSWER_UNIT, IDS, FunctionRows
from vidcost_xl.sheets.plan.inputs import used_cell
from vidcost_xl.sheets.plan.row_names import guard_id

#: Workbook name of the plan with its changes in one table.
STACKED: Final = "plan_and_changes"

#: Columns that an answer may have: that of the ids, and as many months as the shortest plan has.
COLUMN_COUNT: Final = 13


def _column(at: int) -> str:
    # Where a column of an answer stands, from 1.
    return IDS if at == 1 else month(at - 1)


#: Where a table's heading says what its first cell holds: its header, its error, or that the functions are absent.
_STATE: Final = _column(COLUMN_COUNT)


@dataclass(frozen=True)
class Call:
    """One call of a function, and what it fills.

    Parameters
    ----------
    label : str
        What is asked.
    text : str
        With its equals sign.
    rows, columns : int
        Of the answer; one value has one each.
    """

    key: str
    label: str
    text: str
    rows: int = 1
    columns: int = 1

    @property
    def function(self) -> str:
        """The function that is called."""
        return self.text.partition("(")[0].removeprefix("=")


def answer(key: str, row: int = 1, column: int = 1) -> str:
    """Reference to a cell of an answer, from 1; one value stands in the second column."""
    return f"{{$an_{key}_{row}.{_column(column)}}}"


def table_answer(key: str, row: int, column: int) -> str:
    """Formula that reads a cell of a table; the error of a call that failed, which fills its first cell only."""
    return f"=IF(ISTEXT({answer(key)}),{answer(key, row, column)},{{$an_{key}_heading.{_STATE}}})"


def named_answer(call: Call, label: str, column: int, absent: str) -> str:
    """Formula that reads a column of the row that a label begins, or says that the answer has no such row."""

    def over(at: int) -> str:
        return f"{{$an_{call.key}_1.{_column(at)}:an_{call.key}_{call.rows}.{_column(at)}}}"

    found = f'IFERROR(INDEX({over(column)},MATCH("{label}",{over(1)},0)),"{absent}")'
    return f"=IF(ISTEXT({answer(call.key)}),{found},{{$an_{call.key}_heading.{_STATE}}})"


def value_answer(key: str) -> str:
    """Reference to an answer that is one value."""
    return answer(key, 1, 2)


def answer_rows(calls: list[Call], months: int) -> FunctionRows:
    """What the functions answer: single values, then the tables."""
    found: list[Row] = [*rows([Heading("an_values", "Single values")], months)]
    areas = []
    for call in (call for call in calls if call.rows == 1):
        area = value_answer(call.key)
        found.append(
            Row(
                f"an_{call.key}_1",
                {
                    "label": Entry(call.label),
                    "note": Entry(call.function, "note"),
                    "unit": Entry(ANSWER_UNIT, "unit"),
                    _column(2): Entry(Formula(call.text, engine=True), "number", "small_number"),
                },
            )
        )
        areas.append(f"{area[:-1]}:{area[2:-1]}}}".replace("$", ""))
    for call in (call for call in calls if call.rows > 1):
        heading = rows([Heading(f"an_{call.key}_heading", f"{call.label}: {call.text}")], months)[0]
        state = Entry(Formula(answered(answer(call.key))), "heading")
        found.append(Row(heading.id, {**heading.entries, _STATE: state}))
        area = f"{{an_{call.key}_1.{_column(1)}:an_{call.key}_{call.rows}.{_column(call.columns)}}}"
        for at in range(1, call.rows + 1):
            entries = dict.fromkeys((_column(place) for place in range(1, call.columns + 1)), _blank(at))
            entries["label"] = Entry(f"{call.label}: line {at}")
            entries["unit"] = Entry(ANSWER_UNIT, "unit")
            if at == 1:
                entries[_column(1)] = Entry(Formula(call.text, engine=True, area=area), "total_text")
            found.append(Row(f"an_{call.key}_{at}", entries))
        areas.append(area)
    return FunctionRows(tuple(found), tuple(areas))


def _blank(at: int) -> Entry:
    return Entry("", "total_text") if at == 1 else Entry("", "text_indent", "compact")


def stack_rows(plan: Plan, months: int, *, scenarios: bool = False) -> tuple[FunctionRows, dict[str, str]]:
    """Every input and every change, as VIDEO_CLAIMS takes them in one argument.

    Parameters
    ----------
    scenarios : bool
        Whether a scenario may rule over what is typed.

    Returns
    -------
    FunctionRows, dict
        And the name of the table.
    """
    heading = rows([Heading("stack_heading", "Inputs and changes in one table, which VIDEO_CLAIMS takes")], months)
    head = Row("stack_head", {"label": Entry("key", "total_text"), "note": Entry("value", "total_text")})
    stacked = [
        _stacked(
            f"in_{at}", guard_id(key), _as_it_stands(f"{{${used_cell(plan, key, scenarios=scenarios)}}}"), "Inputs"
        )
        for at, key in enumerate(plan.values, start=1)
    ]
    stacked += [
        _stacked(f"ch_{at}", f"change_{at}", f"={{$change_{at}.changed}}", "Changes")
        for at in range(1, CHANGE_LINES + 1)
    ]
    stacked += [
        _stacked(cell.change, cell.change, f"={{${cell.change}.changed}}", "Drivers")
        for cell in series_cells(plan.integer("calendar.months"))
    ]
    # Empty lines would fill two pages.
    used = len(plan.values) + len(changes_of(plan))
    found = FunctionRows((*heading, head, *stacked), last_printed=stacked[used - 1].id)
    return found, {STACKED: f"{{stack_head.label:{stacked[-1].id}.note}}"}


def _stacked(key: str, row: str, value: str, sheet: str) -> Row:
    return Row(
        f"stack_{key}",
        {
            "label": entry(f"={{${row}.key}}", "text", "link_text"),
            "note": entry(value, "text"),
            "unit": Entry(sheet, "unit"),
        },
    )


def _as_it_stands(cell: str) -> str:
    # A blank stays blank: read as it stands it would be 0.
    return f'=IF(COUNTA({cell})=0,"",{cell})'
