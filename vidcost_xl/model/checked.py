"""A finding of the checks of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note", "ok"]


@dataclass(frozen=True)
class Check:
    """One finding about a plan.

    Parameters
    ----------
    subject : str
        Input, line or meter it is about.
    value, limit : float or str
        What was found and what it is held against; "" where there is none.
    """

    severity: Severity
    name: str
    subject: str
    message: str
    value: float | str = ""
    limit: float | str = ""
