"""Libraries that only some answers need: asked for before the work, so that the refusal says what to do."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

from vidcost_xl.errors import BadArgumentError

#: What people call a library.
_CALLED: Final = {"scipy": "SciPy", "duckdb": "DuckDB", "pandas": "pandas"}


class MissingLibraryError(BadArgumentError):
    """A library is not there yet."""

    is_passing = True


def need(what: str, *libraries: str) -> None:
    """Refuse where a library cannot be loaded.

    Parameters
    ----------
    what : str
        What needs them, as people call it.
    libraries : str
        Names of modules, which are the names to install them by, too.

    Raises
    ------
    MissingLibraryError
        Says which, and how to add them.
    """
    try:
        for name in libraries:
            import_module(name)
    except ImportError as error:
        names = " and ".join(_CALLED[name] for name in libraries)
        how = f"add {' and '.join(libraries)} to requirements.txt"
        rest = "Everything else works without it"
        if sys.platform == "emscripten":  # a browser has no command line, only a list of what to install
            how = f"{how}. {rest}."
        else:
            command = f'"{sys.executable}" -m pip install {" ".join(libraries)}'
            told = "the button Doctor in Excel, or vidcost doctor, says whether it is there"
            how = f"{how} in xlwings Lite, or run {command}. {rest}; {told}."
        raise MissingLibraryError(f"{what} needs {names}, which this Python does not have: {how}") from error
