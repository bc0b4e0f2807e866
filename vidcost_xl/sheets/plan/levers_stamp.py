"""Whether what inputs do to the bill, which stands as values on Drivers and Summary, is of the plan as it stands."""

from __future__ import annotations

from typing import Final

#: What stands beside the values.
CURRENT: Final = "These are of the plan as it stands."
OUTDATED: Final = "The plan has changed since: vidcost refresh."


def stamped(then: str) -> str:
    """Formula of which of the two it is.

    Parameters
    ----------
    then : str
        Row and column of what the plan cost when the values were worked out.
    """
    cost = f"{{${then}}}"
    return f'=IF(ABS({{$s_whole.constant}}-{cost})<=tolerance_money+tolerance*ABS({cost}),"{CURRENT}","{OUTDATED}")'


def is_outdated(said: str) -> str:
    """Formula, without its equals sign, of whether they are of another plan.

    Parameters
    ----------
    said : str
        Row and column of what stands beside them: a sheet that is printed without the others still knows. An error
        where the plan is impossible: then they are not of it either.
    """
    return f'NOT(IFERROR({{${said}}}="{CURRENT}",FALSE))'
