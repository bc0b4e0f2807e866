"""SciPy, which only what draws or optimises needs: asked for before the work, so that the refusal says what to do."""

from __future__ import annotations

import sys

from vidcost_xl.errors import BadArgumentError


def need_scipy(what: str) -> None:
    """Refuse where SciPy cannot be loaded.

    Parameters
    ----------
    what : str
        What needs it, as people call it.
    """
    try:
        import scipy  # noqa: F401 - nothing of it is used here
    except ImportError as error:
        raise BadArgumentError(
            f'{what} needs SciPy, which this Python does not have: "{sys.executable}" -m pip install scipy. Everything '
            "else works without it; vidcost doctor says whether it is there."
        ) from error
