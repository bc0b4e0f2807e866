"""The sheets Answers and Stack: what the functions answer for Claims, Barrier, Text and Agents; the plan in one table.

Each table is one call, spilled. The other sheets read its cells, so that without the add-in only this one shows errors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row, SheetLayout
from vidcost_xl.sheets.plan.article.result_sheet import answered, entry, heading_row, result_sheet
from vidcost_xl.sheets.plan.changes import CHANGE_LINES, changes_of
from vidcost_xl.sheets.plan.drivers import series_cells
from vidcost_xl.sheets.plan.row_names import guard_id, input_id

ANSWERS: Final = "Answers"
STACK: Final = "Stack"

#: Workbook name of the plan with its changes in one table.
STACKED: Final = "plan_and_changes"

#: Columns that an answer may have.
COLUMN_COUNT: Final = 13

#: Where a table's heading says what its first cell holds: its header, its error, or that the functions are absent.
_STATE: Final = f"c{COLUMN_COUNT}"

_FIRST_WIDTH: Final = 52.0
_WIDTH: Final = 24.0


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
    """Reference to a cell of an answer, from 1; one value stands in the second column of the sheet."""
    return f"{{$an_{key}_{row}.c{column}}}"


def table_answer(key: str, row: int, column: int) -> str:
    """Formula that reads a cell of a table; the error of a call that failed, which fills its first cell only."""
    return f"=IF(ISTEXT({answer(key)}),{answer(key, row, column)},{{$an_{key}_heading.{_STATE}}})"


def named_answer(call: Call, label: str, column: int, absent: str) -> str:
    """Formula that reads a column of the row that a label begins, or says that the answer has no such row."""

    def over(at: int) -> str:
        return f"{{$an_{call.key}_1.c{at}:an_{call.key}_{call.rows}.c{at}}}"

    found = f'IFERROR(INDEX({over(column)},MATCH("{label}",{over(1)},0)),"{absent}")'
    return f"=IF(ISTEXT({answer(call.key)}),{found},{{$an_{call.key}_heading.{_STATE}}})"


def value_answer(key: str) -> str:
    """Reference to an answer that is one value."""
    return answer(key, 1, 2)


def answers_sheet(calls: list[Call]) -> SheetLayout:
    """The sheet Answers."""
    columns = [("c1", "What is asked, and the answer", _FIRST_WIDTH)]
    columns += [(f"c{at}", "", _WIDTH) for at in range(2, COLUMN_COUNT + 1)]
    rows: list[Row] = [heading_row("an_values", "Single values", columns)]
    areas = []
    singles = [call for call in calls if call.rows == 1]
    for call in singles:
        area = answer(call.key, 1, 2)
        rows.append(
            Row(
                f"an_{call.key}_1",
                {
                    "c1": Entry(call.label),
                    "c2": Entry(Formula(call.text, engine=True), "number", "small_number"),
                    "c3": Entry(call.function, "note"),
                },
            )
        )
        areas.append(f"{area[:-1]}:{area[2:-1]}}}".replace("$", ""))
    for call in calls:
        if call.rows == 1:
            continue
        heading = heading_row(f"an_{call.key}_heading", f"{call.label}: {call.function}", columns)
        state = Entry(Formula(answered(answer(call.key))), "total_text")
        rows.append(Row(heading.id, {**heading.entries, _STATE: state}))
        area = f"{{an_{call.key}_1.c1:an_{call.key}_{call.rows}.c{call.columns}}}"
        for at in range(1, call.rows + 1):
            entries = dict.fromkeys((f"c{place}" for place in range(1, call.columns + 1)), _blank(at))
            if at == 1:
                entries["c1"] = Entry(Formula(call.text, engine=True, area=area), "heading")
            rows.append(Row(f"an_{call.key}_{at}", entries))
        areas.append(area)
    about = (
        "One call a table. The sheets Text, Barrier, Agents and Claims compare these answers with their own formulas."
    )
    return result_sheet(ANSWERS, "Answers of the functions", about, columns, rows, engine_areas=areas)


def _blank(at: int) -> Entry:
    return Entry("", "heading_indent") if at == 1 else Entry("", "text_indent", "compact")


def stack_sheet(plan: Plan) -> tuple[SheetLayout, dict[str, str]]:
    """The sheet Stack: every input and every change, as VIDEO_CLAIMS takes them in one argument.

    Returns
    -------
    SheetLayout, dict
        And the name of the table.
    """
    columns = (("key", "key", 60.0), ("value", "value", 30.0), ("from", "From", 20.0), ("state", "", 20.0))
    rows = [
        _stacked(f"in_{at}", guard_id(key), _as_it_stands(f"{{${input_id(key)}.value}}"), "Inputs")
        for at, key in enumerate(plan.values, start=1)
    ]
    rows += [
        _stacked(f"ch_{at}", f"change_{at}", f"={{$change_{at}.changed}}", "Changes")
        for at in range(1, CHANGE_LINES + 1)
    ]
    rows += [
        _stacked(cell.change, cell.change, f"={{${cell.change}.changed}}", "Drivers")
        for cell in series_cells(plan.integer("calendar.months"))
    ]
    about = (
        "Inputs and changes in one table, which VIDEO_CLAIMS takes. Changes that were not in use when it was made are "
        "not printed."
    )
    # Empty lines would fill two pages.
    used = len(plan.values) + len(changes_of(plan))
    sheet = replace(result_sheet(STACK, "The plan in one table", about, columns, rows), last_printed=rows[used - 1].id)
    return sheet, {STACKED: f"{{stack_head.key:{rows[-1].id}.value}}"}


def _stacked(key: str, row: str, value: str, sheet: str) -> Row:
    return Row(
        f"stack_{key}",
        {
            "key": entry(f"={{${row}.key}}", "text", "link_text"),
            "value": entry(value, "text"),
            "from": Entry(sheet, "unit"),
        },
    )


def _as_it_stands(cell: str) -> str:
    # A blank stays blank: read as it stands it would be 0.
    return f'=IF(COUNTA({cell})=0,"",{cell})'
