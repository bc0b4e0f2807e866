"""The plan that the inputs and the lines of Changes make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vidcost_xl.errors import VideoCostError
from vidcost_xl.functions.month_ranges import RANGE_MARK, expand_ranges
from vidcost_xl.model.catalogue import entry_number, keys_for
from vidcost_xl.model.plan import MONTH_MARK, Plan, make_plan
from vidcost_xl.model.rate_keys import is_rate
from vidcost_xl.model.values import Value
from vidcost_xl.sheets.plan.reading.remarks import Remarks
from vidcost_xl.sheets.plan.row_names import INPUTS
from vidcost_xl.sheets.plan.user_notes import ChangeLine


def plan_of(
    values: Mapping[str, Value],
    ranges: Mapping[str, tuple[float, float]],
    lines: Iterable[ChangeLine],
    remarks: Remarks,
    cells: Mapping[str, str],
) -> Plan | None:
    """The plan of inputs and lines of Changes.

    Parameters
    ----------
    values : mapping
        Every input.
    remarks : Remarks
        Gets a fault for what is no plan, with the cell it comes from.
    cells : mapping of str to str
        The cell of each input.

    Returns
    -------
    Plan or None
        None where there are faults.
    """
    try:
        plan = make_plan(values.items(), ranges)
    except VideoCostError as error:
        remarks.fault(next((at for key, at in cells.items() if key in error.message), INPUTS), error.message)
        return None
    given = [line for line in lines if line.key]
    for at, line in enumerate(given):
        try:
            plan.with_overrides(expand_ranges(plan, [_pair(line)]))
        except VideoCostError as error:
            remarks.fault(line.at, error.message)
            continue
        for other in given[:at]:
            try:
                expand_ranges(plan, [_pair(other, dated=True), _pair(line, dated=True)])
            except VideoCostError as error:
                beside = f" The other is in {other.at}." if line.in_series else ""
                remarks.fault(line.at, error.message + beside)
                break
    if remarks.faults:
        return None
    return plan.with_overrides(expand_ranges(plan, [_pair(line) for line in given]))


def _pair(line: ChangeLine, *, dated: bool = False) -> tuple[str, object]:
    # A private rate without months is a rate of the plan; an input without months holds in all of them.
    if is_rate(line.key) and line.first is None and line.last is None and not dated:
        return line.key, line.value
    first, last = ("" if day is None else f"{day:%Y-%m}" for day in (line.first, line.last))
    return f"{line.key}{MONTH_MARK}{first}{RANGE_MARK}{last}", line.value


def fill_missing(values: dict[str, Value], source: Plan) -> list[str]:
    """The inputs a file does not have, from a source; a further representation is like the source's last."""
    numbers = [number for number in map(entry_number, values) if number is not None]
    filled = [key for key in keys_for(max(numbers, default=1)) if key not in values]
    for key in filled:
        number = entry_number(key)
        known = key
        if number is not None and key not in source.values:
            known = key.replace(f".{number}.", f".{source.representations}.")
        values[key] = source.values[known]
    return filled


def refuse_missing(values: Mapping[str, Value], remarks: Remarks) -> None:
    """A fault for each input that a file of this version does not have."""
    numbers = sorted({number for number in map(entry_number, values) if number is not None})
    for key in keys_for(max(numbers, default=1)):
        if key not in values:
            remarks.fault(
                INPUTS,
                f"the input {key} is missing: its row was deleted or its key was changed. Undo that, or copy the row "
                "from another file; nothing is filled in.",
            )
