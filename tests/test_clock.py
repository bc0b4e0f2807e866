"""No answer depends on the day it is asked for: what reads the computer's clock is named here, with why it may."""

from __future__ import annotations

import ast
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(find_spec("vidcost_xl").submodule_search_locations[0])

#: Calls of the clock, as written.
CLOCK = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.time",
    "time.localtime",
    "time.gmtime",
}

ALLOWED = {
    "addin/bootstrap.py": "names the folder of a new environment",
    "addin/actions.py": "the day of an audit",
    "addin/unopkg.py": "whether a lock was left by a run that crashed",
    "cli_price_lists.py": "prices verify, the age of the book against today",
    "cli_prices.py": "the day of a list fetched today that carries none",
    "sheets/compare/actuals/run.py": "when a bill was set against a plan",
    "sheets/compare/decisions/run.py": "when answers about a plan were written",
    "sheets/review/handoff/run.py": "when a copy was handed off",
    "sheets/review/self_audit.py": "the day of an audit",
    "sheets/review/signing/run.py": "when a line was signed",
}


def readers() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        calls = [ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        if clock := [call for call in calls if call.removeprefix("datetime.") in CLOCK or call in CLOCK]:
            found[path.relative_to(PACKAGE).as_posix()] = clock
    return found


def test_only_stamps_and_the_age_of_the_book_read_the_clock() -> None:
    assert set(readers()) == set(ALLOWED)
    assert [name for name, calls in readers().items() if len(calls) > 1] == []
