"""What every test shares: hypothesis without a clock, since machines differ; objects are kept as in a command.

No test reads the prices of the user who runs it. What takes seconds to make is made once for all processes that run
tests side by side.
"""

from __future__ import annotations

import gc
import os
import pickle
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import HealthCheck, settings

os.environ["VIDCOST_PRICES"] = os.devnull

settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")

# As `vidcost` does: workbooks are millions of small objects.
gc.set_threshold(200_000, 50, 1_000)

#: Seconds after which a process makes for itself what another one has begun to make.
PATIENCE = 300


@pytest.fixture(scope="session")
def once(tmp_path_factory) -> Callable[[str, Callable[[], Any]], Any]:
    """`once(name, make)`: what `make` gives, made by the first process that asks, and read by the others."""
    folder = tmp_path_factory.getbasetemp()
    if "VIDCOST_TESTS_MADE" in os.environ:
        folder = Path(os.environ["VIDCOST_TESTS_MADE"])  # of all runs of one gate
    elif "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # of all workers of a run
    known: dict[str, Any] = {}

    def get(name: str, make: Callable[[], Any]) -> Any:
        if name not in known:
            known[name] = _made_or_read(folder / f"once-{name}", make)
        return known[name]

    return get


def _made_or_read(path: Path, make: Callable[[], Any]) -> Any:
    begun, part = (path.with_name(f"{path.name}.{ending}") for ending in ("begun", "part"))
    try:
        begun.touch(exist_ok=False)
    except FileExistsError:
        for _ in range(PATIENCE * 10):
            if path.exists():
                return pickle.loads(path.read_bytes())
            if not begun.exists():  # it failed there, and will here
                break
            time.sleep(0.1)
        return make()
    try:
        made = make()
    except BaseException:
        begun.unlink()
        raise
    part.write_bytes(pickle.dumps(made))
    part.replace(path)
    return made


class Models(Mapping[str, Any]):
    """The plan workbook of each preset, built when a test asks for it; "bill" is the article's with the bill alone.

    Half of the formulas are those of the own site and of the article's sheets. What is asked of any workbook, as
    whether a slip is told, is asked of the small one.
    """

    def __init__(self, once: Callable[[str, Callable[[], Any]], Any]) -> None:
        self._once = once

    def __getitem__(self, name: str) -> Any:
        from vidcost_xl.model.files import preset
        from vidcost_xl.sheets.plan.new import build
        from vidcost_xl.sheets.plan.parts import parts_named

        if name == "bill":
            return self._once("model-bill", lambda: build("model", parts=parts_named("bill")))
        return self._once(f"model-{name}", lambda: build("model", plan=preset(name)))

    def __iter__(self) -> Iterator[str]:
        from vidcost_xl.model.catalogue import PRESETS

        return iter(PRESETS)

    def __len__(self) -> int:
        return len(list(iter(self)))


@pytest.fixture(scope="session")
def handed_by_command(once, models, tmp_path_factory) -> tuple[bytes, str]:
    """The plan workbook of the bill as it was made, handed off by the command, and what the command says."""

    def make() -> tuple[bytes, str]:
        from tests.command import vidcost

        folder = tmp_path_factory.mktemp("handed")
        (folder / "book.xlsx").write_bytes(models["bill"].data)
        done = vidcost("handoff", folder / "book.xlsx", "-o", folder / "handed.xlsx", "--as", "Ada")
        assert done.returncode == 0, done.stderr
        return (folder / "handed.xlsx").read_bytes(), done.stdout

    return once("model-handed", make)


@pytest.fixture(scope="session")
def models(once) -> Mapping[str, Any]:
    return Models(once)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file() -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Tests are no documentation: looking for examples in their files would import each a second time."""
    found = yield
    return [each for each in found if not isinstance(each, DoctestModule)]
