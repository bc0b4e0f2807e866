"""The version that computed a workbook, as the add-in reads it on opening and as the checks compare it."""

from __future__ import annotations

from typing import Final

#: Workbook names that the add-in looks for: the version in words, and whether it is the one that answers.
STAMP: Final = "vidcost_stamp"
VERDICT: Final = "vidcost_stamp_ok"

STAMP_LABEL: Final = "Version that made the file"
VERDICT_LABEL: Final = "The add-in is of that version"
VERDICT_NOTE: Final = "the add-in writes TRUE or FALSE here when the file is opened"


def differs(answer: str) -> str:
    """1 where the add-in is of another version now or was on opening; a formula without its equals sign.

    Parameters
    ----------
    answer : str
        Reference to the cell that holds the add-in's version.
    """
    # After an upgrade Excel shows the old answer until it computes, so that the add-in's own verdict counts as well.
    return f"--((1-{VERDICT})+IF(engine_loaded,--({answer}<>{STAMP}),0)>0)"
