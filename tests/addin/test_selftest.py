"""The check that asks Excel, against stand-ins of pywin32: it leaves no Excel behind."""

from __future__ import annotations

import json
import sys
from types import ModuleType, SimpleNamespace

import pytest

from vidcost_xl.addin import selftest


@pytest.fixture
def excel(monkeypatch):
    """An Excel whose process is 4711, and that answers."""
    told = []
    book = SimpleNamespace(Close=lambda save: told.append(("close", save)))
    found = SimpleNamespace(
        Hwnd=99,
        told=told,
        Workbooks=SimpleNamespace(Open=lambda *_: book),
        Run=lambda name: "vidcost-xl 9.9.9; price book 2026-01-01 (0)",
        Quit=lambda: told.append("quit"),
    )
    client, process = ModuleType("win32com.client"), ModuleType("win32process")
    client.DispatchEx = lambda name: found
    process.GetWindowThreadProcessId = lambda window: (1, 4711) if window == 99 else None
    for name, module in {
        "win32com": ModuleType("win32com"),
        "win32com.client": client,
        "win32process": process,
    }.items():
        monkeypatch.setitem(sys.modules, name, module)
    yield found
    selftest._STARTED.clear()


@pytest.fixture
def given_up(monkeypatch, tmp_path):
    """What ends when the time is over, and the answer that is left."""

    def run():
        ended = []
        monkeypatch.setattr(selftest.os, "kill", lambda process, _: ended.append(process))
        monkeypatch.setattr(selftest.os, "_exit", lambda code: ended.append(f"exit {code}"))
        selftest._give_up(tmp_path / "answer.json")
        return ended, json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))

    return run


def test_an_excel_that_answers_is_closed_and_nothing_else_ends(excel, given_up, tmp_path):
    assert selftest.ask_excel(tmp_path / "vidcost.xlam") == {"version": "9.9.9"}
    assert excel.told == [("close", False), "quit"]
    assert given_up()[0] == ["exit 1"]


def test_an_excel_that_does_not_answer_in_time_is_ended(excel, given_up, tmp_path):
    seen = []
    excel.Run = lambda name: seen.append(given_up()) or "vidcost-xl 9.9.9"
    selftest.ask_excel(tmp_path / "vidcost.xlam")
    ((ended, answer),) = seen
    assert ended == [4711, "exit 1"]
    assert answer == {"error": "no answer within 60 seconds"}


def test_an_excel_that_refuses_the_add_in_is_ended_too(excel, monkeypatch, tmp_path):
    ended = []
    monkeypatch.setattr(selftest.os, "kill", lambda process, _: ended.append(process))
    com = ModuleType("pythoncom")
    com.CoInitialize = lambda: None
    monkeypatch.setitem(sys.modules, "pythoncom", com)
    excel.Run = lambda name: 1 / 0
    selftest.main(["excel", str(tmp_path / "vidcost.xlam"), str(tmp_path / "answer.json")])
    assert ended == [4711]
    assert json.loads((tmp_path / "answer.json").read_text(encoding="utf-8")) == {"error": "division by zero"}
