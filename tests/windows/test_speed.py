"""What our half costs on top of xlwings, through the real DLL: the median of many runs, each beside a bare server's."""

from __future__ import annotations

import pytest
from speed import AIMS, TooBusyError, share
from windows_python import HERE


def test_our_share_of_a_call_and_of_the_start(installed, tmp_path):
    seen = installed.client("speed", HERE / "echo.py", tmp_path)
    busy = []
    for kind, most in AIMS.items():
        try:
            print(f"\n{kind}: ours / bare {share(kind, seen[f'ours {kind}'], seen[f'bare {kind}'], most):.2f}")
        except TooBusyError as reason:
            busy.append(str(reason))
    if busy:
        pytest.skip("; ".join(busy))
