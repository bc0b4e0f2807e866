"""A module of the package has at most 300 lines, so that whoever opens it sees what it is about."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

ROOT = Path(find_spec("vidcost_xl").submodule_search_locations[0])

MOST_LINES = 300

#: Modules that have more, and how many they may have until they are divided.
LARGER = dict.fromkeys(
    (
        "model/blocks/representation.py",
        "model/charges.py",
        "model/own_rows.py",
    ),
    350,
)


def too_long(sizes: dict[str, int]) -> dict[str, int]:
    return {name: lines for name, lines in sizes.items() if lines > LARGER.get(name, MOST_LINES)}


def test_no_module_has_more_than_300_lines():
    sizes = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in ROOT.rglob("*.py")
    }
    assert too_long(sizes) == {}


def test_a_module_that_grew_is_caught():
    assert too_long({"errors.py": 301, "model/own_rows.py": 351, "units.py": 300}) == {
        "errors.py": 301,
        "model/own_rows.py": 351,
    }
