"""What VIDEO_FORECAST answers for the whole plan."""

from __future__ import annotations

from typing import Final

from vidcost_xl.sheets.plan.spilled import Spilled

#: Rows of the answer besides its lines: month, fiscal year, total.
FRAME: Final = 3


def forecast(lines: int) -> Spilled:
    """The answer; `forecast_ids` are its months, its lines, its total.

    Parameters
    ----------
    lines : int
        The most that there can be.
    """
    return Spilled(
        "fc",
        "The bill, lines down and months across",
        'VIDEO_FORECAST(plan,"line",changes)',
        lines + FRAME,
        FRAME - 1,
        "all_id",
        "all_label",
    )
