"""Ids that the sheets of the plan workbook share, and short ways to refer to inputs."""

from __future__ import annotations

from typing import Final

from vidcost_xl.model.catalogue import entry_number
from vidcost_xl.sheets.layout.grid import Heading, Line

#: The sheets that people type inputs on.
INPUTS: Final = "Inputs"
DRIVERS: Final = "Drivers"
SCENARIOS: Final = "Scenarios"

#: The meter of something that the provider documents as free, or that a class does not have.
NO_METER: Final = "none"

#: Looks up as #N/A: the book has no price, and a cell must not show 0 for it.
UNKNOWN_METER: Final = "not in the price book"

#: The master check that every sheet repeats.
MASTER: Final = "{checks_master.flag}"

#: How a formula starts that takes the functions where they feed Costs.
GATE: Final = "IF(use_engine,"

#: Label of the cell of Drivers that says which scenario is in force, and its row.
IN_FORCE: Final = "Scenario in force"
IN_FORCE_ROW: Final = "drivers_scenario"

#: Workbook names: where the scenario in force stands, 0 for the base; and what headers say of it.
ACTIVE: Final = "scenario_active"
TITLE: Final = "scenario_title"

#: One sheet's declared rows.
Block = list[Line | Heading]


def input_id(key: str) -> str:
    """Row id of an input, where it is typed: on Drivers for those that decide the bill, on Inputs for the others."""
    return "in_" + key.replace(".", "_").replace("-", "_")


def link_id(key: str) -> str:
    """Row id on Inputs of an input that is typed on Drivers."""
    return "li_" + key.replace(".", "_").replace("-", "_")


def guard_id(key: str) -> str:
    """Row id of what an input may be, and whether it is."""
    return "gd_" + key.replace(".", "_").replace("-", "_")


def value_of(key: str) -> str:
    """Reference to the value of an input, the same from every sheet; #N/A where it is impossible."""
    return f"{{${guard_id(key)}.used}}"


def address(cell: str) -> str:
    """The address of a cell as a text, without dollar signs, as a formula."""
    return f"ADDRESS(ROW({cell}),COLUMN({cell}),relative_address)"


#: How a formula starts that is an input as it stands.
INPUT_LINK: Final = "={$gd_"


def driver_id(key: str) -> str:
    """Row id of an input month by month."""
    return "dr_" + key.replace(".", "_").replace("-", "_")


def driver(key: str) -> str:
    """Reference to an input in the same month."""
    return f"{{{driver_id(key)}}}"


def rep(n: int, name: str) -> str:
    """Key of an input of the n-th representation."""
    return f"representation.{n}.{name}"


def label_of(key: str, label: str) -> str:
    """The label of an input; of a representation a formula, whose name may be changed in the workbook."""
    number = entry_number(key)
    return label if number is None else f'={value_of(rep(number, "name"))}&": {label[0].lower()}{label[1:]}"'


def is_yes(key: str) -> str:
    """1 where a yes-or-no input says yes, as a formula without its equals sign."""
    return f'--({value_of(key)}="yes")'


def used(key: str) -> str:
    """1 where a monthly input is other than 0 in its base or in any month."""
    return f"--(({value_of(key)}<>0)+MAX({{{driver_id(key)}*}})>0)"


def engine_or_native(engine: str, native: str) -> str:
    """The functions' value where they feed Costs, the native one otherwise."""
    return f"={GATE}{engine},{native})"
