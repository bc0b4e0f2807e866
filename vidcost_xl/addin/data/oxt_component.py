"""The VIDEO_ functions in LibreOffice: run in its Python, which asks that of vidcost-xl over a pipe.

Two parts: the add-in, and a job that runs when a file was opened. Files of Excel name the functions as Excel does,
which LibreOffice leaves unbound; the job enters those formulas again.

Standard library and `uno` alone: LibreOffice's Python may be older, and has neither NumPy nor pydantic.
"""

import json
import os
import re
import struct
import subprocess
import threading
import time
from pathlib import Path

import unohelper
from com.sun.star.task import XJob
from org.vidcost import XFunctions

_NAME = "org.vidcost.Functions"
_JOB = "org.vidcost.Binding"
#: Numbers, texts and errors: every formula, whatever a file says that it gave.
_ANY_RESULT = 7
#: A text of a formula, or a function by a name that Excel gives it in a file.
_CALL = re.compile(
    r'"(?:[^"]|"")*"|(?<![\w.])(?:_xll\.|_xldudf_|\'[^\']*\'[!.]|\[\d+\]!|[\w.]+![.]?)?(video_[a-z0-9]+)\(',
    re.IGNORECASE,
)
#: Seconds for which a Python that could not be started is not started again: each cell would wait for it anew.
_PAUSE = 30
#: LibreOffice's numbers of its errors; they travel in a number that is none.
_ERRORS = {"#NULL!": 521, "#DIV/0!": 532, "#VALUE!": 519, "#REF!": 524, "#NAME?": 525, "#NUM!": 503, "#N/A": 32767}
#: What LibreOffice sets for its own Python, and must not reach another.
_FOREIGN = ("PYTHON", "LD_LIBRARY_PATH", "DYLD_")

_SETTINGS = json.loads((Path(__file__).parent / "settings.json").read_text("utf-8"))


class _Python:
    def __init__(self):
        self.lock, self.process, self.wait_until, self.reason = threading.Lock(), None, 0.0, ""

    def ask(self, name, arguments):
        with self.lock:
            if self.process is None and time.monotonic() < self.wait_until:
                return {"failed": self.reason}
            try:
                if self.process is None:
                    self.process = self.start()
                line = json.dumps({"function": name, "arguments": arguments}) + "\n"
                self.process.stdin.write(line)
                self.process.stdin.flush()
                answer = self.process.stdout.readline()
                if not answer:
                    raise OSError("it ended without an answer")
                return json.loads(answer)
            except (OSError, ValueError) as error:
                self.stop()
                self.wait_until = time.monotonic() + _PAUSE
                self.reason = (
                    f"The Python of vidcost-xl does not answer ({_SETTINGS['command'][0]}: {error}). "
                    "Run `vidcost install --libreoffice` again."
                )
                return {"failed": self.reason}

    def start(self):
        environment = {key: value for key, value in os.environ.items() if not key.startswith(_FOREIGN)}
        return subprocess.Popen(  # noqa: S603 - what the installation wrote
            _SETTINGS["command"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            encoding="utf-8",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


_PYTHON = _Python()


def _plain(value):
    if isinstance(value, tuple):
        return [[_plain(cell) for cell in row] for row in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else {"unknown": type(value).__name__}


def _sent(cell):
    if not isinstance(cell, dict):
        return cell
    return struct.unpack("<d", struct.pack("<II", _ERRORS.get(cell["error"], 519), 0x7FF80000))[0]


def _method(name):
    def call(self, *arguments):
        answer = _PYTHON.ask(name, [_plain(value) for value in arguments])
        if "failed" in answer:
            answer = {"rows": [[answer["failed"] if name in _SETTINGS["texts"] else {"error": "#VALUE!"}]]}
        return tuple(tuple(_sent(cell) for cell in row) for row in answer["rows"])

    return call


class Functions(unohelper.Base, XFunctions):
    """The add-in."""

    def __init__(self, context):
        self.context = context


for _each in _SETTINGS["functions"]:
    setattr(Functions, _each, _method(_each))


class Binding(unohelper.Base, XJob):
    """Enters formulas again in which a file names our functions as Excel does."""

    def __init__(self, context):
        self.context = context

    def execute(self, arguments):
        """Run for the file that was opened."""
        given = {each.Name: each.Value for each in arguments}
        model = {each.Name: each.Value for each in given["Environment"]}.get("Model")
        if model is not None and model.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            was_modified = model.isModified()
            for sheet in model.Sheets:
                _bind(sheet)
            model.setModified(was_modified)


def _bind(sheet):
    for area in sheet.queryFormulaCells(_ANY_RESULT):
        for row, formulas in enumerate(area.getFormulaArray()):
            for column, formula in enumerate(formulas):
                entered = _CALL.sub(_full_name, formula)
                if entered == formula or sheet.isProtected():
                    continue
                cell = area.getCellByPosition(column, row)
                if cell.getFormula() != formula:
                    continue  # an array that was entered again with its first cell
                if formula.startswith("{"):
                    array = sheet.createCursorByRange(cell)
                    array.collapseToCurrentArray()
                    array.setArrayFormula(entered[1:-1])
                else:
                    cell.setFormula(entered)


def _full_name(found):
    name = (found.group(1) or "").upper()
    return f"{_NAME.upper()}.{name}(" if name in _SETTINGS["functions"] else found.group(0)


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - LibreOffice asks for this name
g_ImplementationHelper.addImplementation(Functions, _NAME, (_NAME, "com.sun.star.sheet.AddIn"))
g_ImplementationHelper.addImplementation(Binding, _JOB, (_JOB,))
