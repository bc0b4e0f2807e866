"""The built add-in, xlwings' server with pywin32 stubbed, and an in-memory Excel that joins them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("com_world", Path(__file__).parent.parent / "com_world.py")
com_world = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(com_world)

XLAM = Path(importlib.util.find_spec("vidcost_xl.addin").submodule_search_locations[0]) / "data" / "vidcost.xlam"


@pytest.fixture(scope="session")
def xlam():
    return XLAM


@pytest.fixture(scope="session")
def vba():
    pytest.importorskip("pyopenvba")
    return com_world.sources(XLAM)


@pytest.fixture(scope="module")
def server():
    with com_world.com_server() as python:
        yield python


@pytest.fixture
def make_excel(server):
    pytest.importorskip("pyopenvba")
    return lambda **settings: com_world.Excel(server, XLAM, **settings)


@pytest.fixture
def excel(make_excel):
    return make_excel()


@pytest.fixture(scope="session")
def com_sources():
    return com_world.sources
