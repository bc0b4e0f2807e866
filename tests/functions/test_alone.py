"""The functions where only NumPy and pydantic are installed, as in a Python inside Excel: no process, thread, network.

One process calls all of them with an import hook that refuses everything else; the tests read what came out.
"""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from vidcost_xl.analysis import needed
from vidcost_xl.analysis.remembered import forget
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.registry import functions

#: What each says to add, by name.
NEEDS = {"VIDEO_RISK": ["scipy"], "VIDEO_MIX": ["scipy"], "VIDEO_VARIANCE of a bill": ["duckdb", "pandas"]}

LEDGER = [["line", "period", "amount"], ["a", "2027-01-01", 100.0]]
BILL = [["provider", "month", "amount"], ["AWS", "2027-01", 5.0]]

#: Calls with arguments: what has no defaults, and what takes long over all providers.
CALLS = {
    "VIDEO_CONVERT": ["VIDEO_CONVERT", [1.0, "TiB", "GiB"]],
    "VIDEO_COMPARE": ["VIDEO_COMPARE", ["article", "r2"]],
    "VIDEO_MIX": ["VIDEO_MIX", ["article", "r2"]],
    "VIDEO_VARIANCE": ["VIDEO_VARIANCE", [LEDGER, LEDGER]],
    "VIDEO_VARIANCE of a bill": ["VIDEO_VARIANCE", ["article", BILL]],
    "VIDEO_VARIANCE of a file": ["VIDEO_VARIANCE", ["article", "bill.csv"]],
}

_ALONE = """
import importlib.abc, json, sys, threading

#: pydantic and what it stands on; its own optional companions are not among them.
LIBRARIES = {"vidcost_xl", "numpy", "pydantic", "pydantic_core", "annotated_types", "typing_extensions",
             "typing_inspection"}
#: Of the standard library, what a Python inside a browser has not, or cannot use.
REFUSED = {"subprocess", "multiprocessing", "concurrent", "asyncio", "ssl", "http", "ctypes.util", "sqlite3", "tkinter",
           "urllib.request", "xmlrpc", "ftplib", "smtplib", "webbrowser"}

class Only(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        known = top in LIBRARIES or top in sys.stdlib_module_names or top.startswith("_sysconfigdata")
        if not known or name in REFUSED or top in REFUSED:
            raise ModuleNotFoundError(f"{name} is not here", name=name)

def watched(event, arguments):
    if event.split(".")[0] in {"socket", "subprocess"} and event != "socket.__new__" or event in {
        "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.startfile", "_thread.start_new_thread"
    }:
        happened.append(event)

def started(self):
    happened.append("thread")

happened = []
before = set(sys.modules)
sys.meta_path.insert(0, Only())
sys.addaudithook(watched)
threading.Thread.start = started

from vidcost_xl.errors import ExcelError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.registry import functions

def shown(value):
    if isinstance(value, list):
        return [[shown(cell) for cell in row] for row in value]
    return {"code": value.code, "message": value.message} if isinstance(value, ExcelError) else value

calls = {name: [name, []] for name in functions()} | json.loads(sys.argv[1])
answers = {name: shown(call(*each)) for name, each in calls.items()}
loaded = sorted({name.partition(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names))
print(json.dumps({"answers": answers, "happened": happened, "loaded": loaded, "libraries": sorted(LIBRARIES)}))
"""


@pytest.fixture(scope="module")
def alone():
    done = subprocess.run(
        [sys.executable, "-c", _ALONE, json.dumps(CALLS)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_function_runs_but_those_that_say_what_to_add(alone):
    refused = {name: answer for name, answer in alone["answers"].items() if isinstance(answer, dict)}
    assert set(refused) == {*NEEDS, "VIDEO_VARIANCE of a file"}
    for name, libraries in NEEDS.items():
        assert refused[name]["code"] == "#VALUE!"
        assert f"add {' and '.join(libraries)} to requirements.txt" in refused[name]["message"]
        assert "failed inside" not in refused[name]["message"]
    assert "looks like a file, and a function reads none" in refused["VIDEO_VARIANCE of a file"]["message"]


def test_in_a_browser_only_what_can_be_done_there_is_said(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name=name)

    forget()  # an answer that a test before this one was given
    monkeypatch.setattr(needed, "import_module", missing)
    said = call("VIDEO_RISK", []).message
    assert "-m pip install scipy" in said and "vidcost doctor" in said
    monkeypatch.setattr(needed, "sys", SimpleNamespace(platform="emscripten"))
    said = call("VIDEO_RISK", []).message
    assert "add scipy to requirements.txt" in said and "pip" not in said and "doctor" not in said


def test_the_numbers_are_those_of_a_full_installation(alone):
    answers = {name: answer for name, answer in alone["answers"].items() if name in functions() and name not in NEEDS}
    assert answers["VIDEO_EGRESS"] == pytest.approx(236_716.84, abs=0.005)
    for name, answer in answers.items():
        if name == "VIDEO_SENSITIVITY":
            continue  # the same model as VIDEO_TOTAL, some hundred times
        here = call(*CALLS.get(name, [name, []]))
        assert answer == (here if isinstance(here, list) else pytest.approx(here)), name


def test_nothing_else_is_loaded_and_no_process_thread_or_network_is_used(alone):
    assert alone["happened"] == []
    assert {name for name in alone["loaded"] if not name.startswith("_sysconfigdata")} <= set(alone["libraries"])
