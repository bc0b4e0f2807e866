"""xlwings' server with pywin32 stubbed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("com_world", Path(__file__).parent.parent / "com_world.py")
com_world = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(com_world)


@pytest.fixture(scope="module")
def server():
    with com_world.com_server() as python:
        yield python
