"""The volumes of the model as rows of the workbook, and the steps that only the workbook needs."""

from __future__ import annotations

from dataclasses import dataclass

from vidcost_xl.model.plan import Plan
from vidcost_xl.model.rows import possible_volumes
from vidcost_xl.sheets.layout.grid import Line, Total
from vidcost_xl.sheets.layout.sheet_layout import Value


def row_id(volume: str) -> str:
    """Row id of a volume of the model: `own.held_tb` is `own_held_tb`."""
    return volume.replace(".", "_")


class ModelRows:
    """Every volume that the model can declare for a plan: a block adds its native formula, total and number format."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._volumes = {row_id(volume.id): volume for volume in possible_volumes(plan).values()}

    def row(
        self,
        key: str,
        monthly: str = "",
        *,
        constant: Value = "",
        start: Value = "",
        total: Total = "none",
        note: str = "",
        format: str = "compact",  # noqa: A002, as in Line
    ) -> Line:
        """The row of a volume; id, label and unit are the model's."""
        volume = self._volumes[key]
        return Line(key, volume.label, volume.unit, monthly, constant, start, total, note, format)


@dataclass(frozen=True)
class Step(Line):
    """A row that the workbook alone needs: a step that one formula cannot take, a rule of a class, a choice made."""
