"""Stands in for Excel's VBA, in the Windows Python: starts the server as the add-in does, and calls.

    client.py calls CONF CASES RESULTS     every case of a JSON file, with its result
    client.py speed CONF ECHO RESULTS      calls per second and start, against a bare xlwings server with ECHO
    client.py start CONF COMMAND RESULTS   one start, in a process of its own
    client.py jobs CONF BOOK RESULTS       jobs on copies of a workbook: done, cancelled, and left by the server's end

A value in JSON is a number, text or truth value, or one of {"omitted"}, {"empty"}, {"error": code}, {"range": rows}.
Values are put into VARIANTs and SAFEARRAYs by hand, bit for bit as VBA does; what stands in a variable of VBA, the
function's name and the array of its values, goes by reference.
"""

import ctypes
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import comtypes
import comtypes.client.dynamic
from comtypes.automation import VARIANT, VT_ARRAY, VT_DISPATCH, VT_ERROR, VT_VARIANT

from vidcost_xl.addin.config import parse
from vidcost_xl.addin.machine import ThisMachine
from vidcost_xl.hosts.com_values import ERROR_BASE, ERROR_NUMBERS, MISSING_CODE

MODULE = "vidcost_xl.hosts.com"
RIBBON = "vidcost_xl.addin.ribbon"
ECHO = "vidcost_xl.hosts.echo"
NUMBERS = {code: number for number, code in ERROR_NUMBERS.items()}
OLE = ctypes.OleDLL("oleaut32")
OLE.SafeArrayCreate.restype = ctypes.c_void_p
OLE.SafeArrayCreate.argtypes = [ctypes.c_ushort, ctypes.c_uint, ctypes.c_void_p]
OLE.SafeArrayPutElement.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]

#: In a VARIANT's type: the value stands elsewhere, and this points at it.
VT_BYREF = 0x4000

#: The right to wait for the end of a process.
SYNCHRONIZE = 0x100000

#: Calls in a batch, batches of each kind, and starts of each server.
BATCH = 25
BATCHES = 60
STARTS = 4

BARE = '"{interpreter}" -I -B -c "import xlwings; xlwings.serve(\'$(CLSID)\')"'


class Server:
    """The xlwings DLL, called as `XLPyDLLActivateAuto` of the add-in's VBA calls it."""

    def __init__(self, dll, command):
        self.activate = ctypes.WinDLL(dll).XLPyDLLActivateAuto
        self.activate.argtypes = [ctypes.POINTER(VARIANT), ctypes.c_char_p, ctypes.c_int]
        self.activate.restype = ctypes.c_int
        self.command = command.encode("mbcs")

    def start(self):
        result = VARIANT()
        if self.activate(ctypes.byref(result), self.command, 1) != 0 or result.vt != VT_DISPATCH:
            raise RuntimeError(str(result.value))
        return comtypes.client.dynamic.Dispatch(result.value)

    def stop(self):
        self.activate(ctypes.byref(VARIANT()), self.command, -1)


def safearray(bounds, cells):
    """A VARIANT with an array of VARIANTs; bounds are pairs of size and first index, cells of indices and value."""
    pairs = [number for bound in bounds for number in bound]
    array = OLE.SafeArrayCreate(VT_VARIANT, len(bounds), (ctypes.c_int * len(pairs))(*pairs))
    for indices, value in cells:
        OLE.SafeArrayPutElement(array, (ctypes.c_int * len(indices))(*indices), ctypes.byref(variant(value)))
    made = VARIANT()
    made.vt = VT_ARRAY | VT_VARIANT
    made._.c_void_p = array
    return made


def variant(value):
    """A value as VBA holds it."""
    if not isinstance(value, dict):
        return VARIANT(value)
    if "range" in value:
        rows = value["range"]
        cells = [((i, j), cell) for i, row in enumerate(rows, start=1) for j, cell in enumerate(row, start=1)]
        return safearray([(len(rows), 1), (len(rows[0]), 1)], cells)
    made = VARIANT()
    if "empty" not in value:
        made.vt = VT_ERROR
        made._.VT_I4 = MISSING_CODE if "omitted" in value else ERROR_BASE + NUMBERS[value["error"]]
    return made


def array(values):
    """The arguments of `CallUDF`: one array of whatever stands between the commas."""
    return safearray([(len(values), 0)], [((i,), value) for i, value in enumerate(values)])


def by_reference(made):
    """A VARIANT that points at the value of another one, as VBA passes a variable."""
    pointing = VARIANT()
    pointing.vt = made.vt | VT_BYREF
    pointing._.c_void_p = ctypes.addressof(made._)
    pointing.pointed = made  # lives as long
    return pointing


def ask(remote, module, function, arguments):
    """`XLPy.CallUDF(MODULE, functionName, values)` of the add-in: a constant and two variables."""
    return remote.CallUDF(module, by_reference(VARIANT(function)), by_reference(array(arguments)))


def calls(stated, cases, results):
    server = Server(stated.dll, stated.command)
    try:
        remote = server.start()
        answers = []
        for case in json.loads(Path(cases).read_text(encoding="utf-8")):
            try:
                answers.append({"value": ask(remote, MODULE, case["function"], case["arguments"])})
            except Exception as error:
                answers.append({"raised": repr(error)})
    finally:
        server.stop()
    Path(results).write_text(json.dumps(answers), encoding="utf-8")


def start(stated, command, results):
    server, began = Server(stated.dll, command), time.perf_counter()
    try:
        remote = server.start()
        started = time.perf_counter() - began
        ours = command == stated.command
        remote.CallUDF(*((MODULE, "VIDEO_EGRESS") if ours else (ECHO, "ECHO")), array([5.0]))
        Path(results).write_text(json.dumps([started, time.perf_counter() - began]), encoding="utf-8")
    finally:
        server.stop()


def speed(stated, echo, results):
    commands = {"ours": stated.command, "bare": BARE.format(interpreter=stated.interpreter)}
    # Beside our package: xlwings looks at the module's file on every call, and wine takes its time over long paths.
    beside = Path(sys.prefix) / "Lib" / "site-packages" / "vidcost_xl" / "hosts"
    shutil.copy(echo, beside / "echo.py")
    seen = {}
    for turn in range(STARTS + 1):
        for name, command in commands.items():
            subprocess.run(
                [sys.executable, __file__, "start", sys.argv[2], command, results], stdin=subprocess.DEVNULL, check=True
            )
            started, answered = json.loads(Path(results).read_text(encoding="utf-8"))
            if turn:  # the first start of each fills caches
                seen.setdefault(f"{name} start", []).append(started)
                seen.setdefault(f"{name} first value", []).append(answered)
    servers = {name: Server(stated.dll, command) for name, command in commands.items()}
    try:
        remotes = {name: server.start() for name, server in servers.items()}
        months = {"range": [[float(month)] for month in range(1, 37)]}
        kinds = {
            "ours scalar": ("ours", MODULE, "VIDEO_EGRESS", [5.0, "PB"]),
            "bare scalar": ("bare", ECHO, "ECHO", [5.0, "PB"]),
            "ours 36 months": ("ours", MODULE, "VIDEO_EGRESS", [months, "PB"]),
            "bare 36 months": ("bare", ECHO, "ECHO", [months, "PB"]),
        }
        for _ in range(BATCHES):  # in turns: other work on the computer slows all of them alike
            for kind, (name, module, function, arguments) in kinds.items():
                values = array(arguments)
                began = time.perf_counter()
                for _ in range(BATCH):
                    remotes[name].CallUDF(module, function, values)
                seen.setdefault(kind, []).append((time.perf_counter() - began) / BATCH)
    finally:
        for server in servers.values():
            server.stop()
    Path(results).write_text(json.dumps(seen), encoding="utf-8")


class Work:
    """A job on a copy of a workbook in the temporary folder, as a button begins it."""

    def __init__(self, remote, workbook, action, *user):
        self.remote, self.shown, self.answer = remote, [], ""
        folder = Path(tempfile.mkdtemp(prefix="vidcost-"))
        shutil.copy(workbook, folder / "plan.xlsx")
        began = time.perf_counter()
        number, self.title = self.call(
            "start_job", action, "plan.xlsx", str(folder / "plan.xlsx"), *(user or [""])
        ).split("\x01")
        self.began = time.perf_counter() - began
        kernel = ctypes.WinDLL("kernel32")
        kernel.OpenProcess.restype = ctypes.c_void_p
        self.handle, self.number = ctypes.c_void_p(kernel.OpenProcess(SYNCHRONIZE, False, int(number))), number
        self.kernel = kernel

    def call(self, function, *arguments):
        return ask(self.remote, RIBBON, function, list(arguments))

    def look(self):
        """What the status bar shows; empty once it is done."""
        self.answer = self.call("job_state", self.number)
        if not self.answer.startswith("~"):
            return ""
        if self.answer not in self.shown:
            self.shown.append(self.answer)
        return self.answer

    def ended(self, seconds):
        return self.kernel.WaitForSingleObject(self.handle, int(1000 * seconds)) == 0


def left():
    return [path.name for path in Path(tempfile.gettempdir()).iterdir() if path.name.startswith("vidcost-")]


def jobs(stated, workbook, results):
    server = Server(stated.dll, stated.command)
    remote = server.start()
    done = Work(remote, workbook, "check_findings")
    waits = []
    while done.look():
        began = time.perf_counter()
        value = ask(remote, MODULE, "VIDEO_EGRESS", [5.0, "PB"])
        waits.append(time.perf_counter() - began)
        time.sleep(0.3)
    made = Path(done.answer.partition("\x01")[0])
    seen = {
        "done": [done.title, done.answer, made.is_file(), done.ended(10), done.shown],
        "began": done.began,
        "answered": [value, len(waits), max(waits)],
        "left by the result": [name for name in left() if name != made.parent.name],
    }
    shutil.rmtree(made.parent)
    cancelled = Work(remote, workbook, "signed", "Ada")
    while "computing" not in cancelled.look():
        time.sleep(0.1)
    ran, began = not cancelled.ended(0), time.perf_counter()
    told = cancelled.call("cancel_job", cancelled.number)
    seen["cancelled"] = [ran, told, time.perf_counter() - began, cancelled.ended(0), left()]
    deserted = Work(remote, workbook, "signed", "Ada")
    while "computing" not in deserted.look():
        time.sleep(0.1)
    ran = not deserted.ended(0)
    server.stop()
    seen["deserted"] = [ran, deserted.ended(60)]
    Path(results).write_text(json.dumps(seen), encoding="utf-8")


def main(what, config, second, results):
    comtypes.CoInitialize()
    stated = parse(Path(config).read_bytes(), ThisMachine())
    {"calls": calls, "speed": speed, "start": start, "jobs": jobs}[what](stated, second, results)


if __name__ == "__main__":
    main(*sys.argv[1:])
