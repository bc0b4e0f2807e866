"""Rooms import downwards only, from cli and addin to units and errors, in the order of `STOREYS`.

Inside sheets the same holds for its rooms, in the order of `SHEET_STOREYS`; no modules import each other in a circle.
Below hosts nothing imports a spreadsheet engine, and loading the functions brings no heavy library.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

import pytest

PACKAGE = "vidcost_xl"
ROOT = Path(find_spec(PACKAGE).submodule_search_locations[0])

#: From the top down; a room may import from rooms further down, and from itself.
STOREYS = [
    {"__main__"},
    {"cli"},  # the command line also starts what the add-in does: install, doctor
    {"cli_decision", "cli_mix", "cli_scenarios"},
    {"cli_decide", "cli_lite"},
    {"cli_actuals", "cli_addin", "cli_backtest", "cli_finance", "cli_ledger", "cli_prices", "cli_variance"},
    {"addin", "cli_bill", "cli_diff", "cli_monthend", "cli_plan", "cli_price_lists", "cli_workbook"},
    {"cli_invoiced", "cli_show"},
    {"cli_table"},
    {"sheets"},
    {"areas"},
    {"hosts"},
    {"functions"},
    {"analysis"},
    {"bills"},
    {"model"},
    {"prices", "facts"},
    {"units", "digits", "names"},
    {"errors"},
]
#: The rooms of sheets, likewise; package and layout know nothing of each other.
SHEET_STOREYS = [
    {"review"},
    {"compare"},
    {"plan"},
    {"quick"},
    {"render"},
    {"calc"},
    {"formulas"},
    {"package", "layout"},
]
#: What reads a file of a user's that may be a workbook; nothing is computed there.
READERS = {"vidcost_xl.bills.workbooks": {"openpyxl"}}
ENGINES = {"xlwings", "openpyxl", "formualizer", "lxml"}


def storey(room: str) -> int:
    return next(level for level, rooms in enumerate(STOREYS) if room in rooms)


def sheet_storey(room: str) -> int:
    return next(level for level, rooms in enumerate(SHEET_STOREYS) if room in rooms)


def imported(tree: ast.AST, module: str, is_package: bool) -> set[str]:
    """Every module named by an import of `module`, at its top or inside a function, in absolute form."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = module.split(".") if is_package else module.split(".")[:-1]
            base = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            source = ".".join(part for part in (base, node.module) if part)
            names.add(source)
            names.update(f"{source}.{alias.name}" for alias in node.names)
    return names


def violations(source: str, module: str, is_package: bool = False) -> list[str]:
    """What `module` imports and must not."""
    room = module.split(".")[1] if module.count(".") else ""
    if not room:
        return []  # the package itself holds only its version
    level = storey(room)
    wrong = []
    for name in sorted(imported(ast.parse(source), module, is_package)):
        head, _, rest = name.partition(".")
        if head in ENGINES - READERS.get(module, set()) and level > storey("hosts"):
            wrong.append(f"{module} imports {name}, below hosts")
        other = rest.partition(".")[0]
        known = head == PACKAGE and other and any(other in rooms for rooms in STOREYS)
        if known and other != room and storey(other) <= level:
            wrong.append(f"{module} imports {name}, which is not below it")
        if room == other == "sheets" and not _is_downwards(module, name):
            wrong.append(f"{module} imports {name}, a room of sheets which is not below its own")
    return wrong


def _is_downwards(module: str, name: str) -> bool:
    above, below = (each.split(".")[2:3] for each in (module, name))
    if not above or not below or above == below:
        return True
    return sheet_storey(below[0]) > sheet_storey(above[0])


def modules() -> list[tuple[str, Path]]:
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        parts = [PACKAGE, *path.relative_to(ROOT).with_suffix("").parts]
        found.append((".".join(part for part in parts if part != "__init__"), path))
    return found


def test_a_module_imports_only_from_rooms_below_its_own():
    found = [
        line
        for module, path in modules()
        for line in violations(path.read_text(encoding="utf-8"), module, path.name == "__init__.py")
    ]
    assert found == []


def test_no_modules_import_each_other_in_a_circle():
    known = dict(modules())
    imports = {
        module: imported(ast.parse(path.read_text(encoding="utf-8")), module, path.name == "__init__.py")
        for module, path in known.items()
    }
    imports = {module: names & known.keys() - {module} for module, names in imports.items()}
    # A package is imported for the modules in it that are named beside it, not for itself.
    for module, names in imports.items():
        packages = {name for name in names if any(other.startswith(f"{name}.") for other in names)}
        imports[module] = names - packages
    assert circle(imports) == []


def circle(imports: dict[str, set[str]]) -> list[str]:
    """Modules that cannot be put into an order in which each imports only what comes before it."""
    try:
        list(TopologicalSorter(imports).static_order())
    except CycleError as error:
        return list(error.args[1])
    return []


def test_a_seeded_circle_is_caught():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) != []
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_sheets_holds_rooms_only():
    found = {path.name for path in (ROOT / "sheets").iterdir() if path.name not in {"__pycache__", "README.md"}}
    assert found == {"__init__.py"} | set().union(*SHEET_STOREYS)


def test_every_room_has_a_storey():
    rooms = {module.split(".")[1] for module, _ in modules() if module.count(".")}
    assert rooms <= set().union(*STOREYS)
    assert {"cli", "hosts", "functions", "prices", "facts", "units", "errors"} <= rooms


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("vidcost_xl.prices.book", "from vidcost_xl.functions.registry import functions"),
        ("vidcost_xl.prices.book", "import vidcost_xl.model.ledger"),
        ("vidcost_xl.prices.book", "from vidcost_xl.facts.book import fact_book"),
        ("vidcost_xl.prices.book", "def late():\n    from vidcost_xl import hosts"),
        ("vidcost_xl.prices.book", "from ..hosts import formulas"),
        ("vidcost_xl.units", "from vidcost_xl.errors import ExcelError\nfrom vidcost_xl.prices import book"),
        ("vidcost_xl.functions.size", "from vidcost_xl.cli import app"),
        ("vidcost_xl.functions.size", "import openpyxl"),
        ("vidcost_xl.model.lines", "from openpyxl.utils import get_column_letter"),
        ("vidcost_xl.analysis.risk", "def late():\n    import xlwings as xw"),
        ("vidcost_xl.facts.book", "if True:\n    from lxml import etree"),
        ("vidcost_xl.prices.offer", "import formualizer"),
        ("vidcost_xl.sheets.layout.grid", "from vidcost_xl.addin.build import build"),
        ("vidcost_xl.sheets.package.cells", "from vidcost_xl.sheets.formulas.references import Place"),
        ("vidcost_xl.sheets.package.cells", "from vidcost_xl.sheets.layout.grid import Line"),
        ("vidcost_xl.sheets.layout.grid", "from vidcost_xl.sheets.package.parts import number"),
        ("vidcost_xl.sheets.quick.page", "def late():\n    from vidcost_xl.sheets.plan import new"),
        ("vidcost_xl.sheets.calc.values", "from vidcost_xl.sheets.render.finish import finish"),
    ],
)
def test_a_seeded_violation_is_caught(module, source):
    (found,) = {line.split(" imports ")[0] for line in violations(source, module)}
    assert found == module


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("vidcost_xl.cli", "from vidcost_xl.hosts.formualizer import evaluate"),
        ("vidcost_xl.hosts.formualizer", "import formualizer\nfrom vidcost_xl.functions.adapter import call"),
        ("vidcost_xl.sheets.render.workbook", "import openpyxl\nfrom vidcost_xl.sheets import layout"),
        ("vidcost_xl.functions.size", "import numpy\nfrom vidcost_xl import __version__\nfrom . import values"),
    ],
)
def test_what_is_allowed_is_not_called_a_violation(module, source):
    assert violations(source, module) == []


HEAVY = ["pandas", "openpyxl", "xlwings", "formualizer", "lxml", "rich", "typer"]


@pytest.mark.parametrize(
    "start",
    [
        "import vidcost_xl.functions",
        "from vidcost_xl.functions.registry import functions; functions()",
        "from vidcost_xl.functions.adapter import call; call('VIDEO_EGRESS', [])",
    ],
)
def test_the_functions_load_without_any_spreadsheet_or_table_library(start):
    code = f"import sys; {start}; print([name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_registering_the_functions_does_not_read_a_price_file_or_bring_its_checker():
    code = (
        "import sys; from vidcost_xl.functions.registry import functions; functions(); print('pydantic' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
