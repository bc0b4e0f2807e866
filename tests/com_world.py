"""xlwings' COM half on Linux, and the shipped VBA run against it.

pywin32 is stubbed, xlwings' own code is not: `XLPython().CallUDF` is what Excel's VBA calls.
The modules of the built add-in are run by pyOpenVBA's interpreter; only the DLL's
declarations and the two procedures that touch the file system are replaced.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import re
import sys
import types
from datetime import datetime
from pathlib import Path

MISSING_CODE = -2147352572
ERROR_BASE = -2146828288
RELOADED = ("xlwings", "vidcost_xl.hosts.com", "vidcost_xl.addin.ribbon")
STUBBED = (
    *("pywintypes", "pythoncom", "win32api", "win32con", "win32event", "win32gui", "win32process", "win32timezone"),
    *("win32com", "win32com.client", "win32com.server", "win32com.server.dispatcher", "win32com.server.policy"),
    *("win32com.server.exception", "win32com.server.util"),
)


class ComError(Exception):
    pass


class Anything:
    """Answers every attribute and every call."""

    def __init__(self, *_, **__):
        pass

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __call__(self, *_, **__):
        return 0


def not_wrapped(value):
    raise TypeError(value)


def stubs():
    """What xlwings imports from pywin32, as far as it is used without Excel."""
    made = {name: types.ModuleType(name) for name in STUBBED}
    made["pywintypes"].__dict__.update(com_error=ComError, error=Exception, TimeType=datetime, IID=str)
    made["pythoncom"].__dict__.update(
        CoInitialize=lambda: None,
        IID_IDispatch="IDispatch",
        IID_IEnumVARIANT="IEnumVARIANT",
        TypeIIDs={"IDispatch": type("IDispatch", (), {})},
        com_error=ComError,
        ole_error=ComError,
        __file__=None,
    )
    made["win32timezone"].TimeZoneInfo = types.SimpleNamespace(utc=lambda: None)
    made["win32com.client"].__dict__.update(
        Dispatch=lambda value, *_, **__: value,
        DispatchEx=lambda value: value,
        CDispatch=type("CDispatch", (), {}),
        DispatchBaseClass=type("DispatchBaseClass", (), {}),
        CoClassBaseClass=type("CoClassBaseClass", (), {}),
        gencache=types.SimpleNamespace(EnsureModule=lambda *_, **__: None),
    )
    made["win32com.server.exception"].COMException = Exception
    made["win32com.server.util"].__dict__.update(wrap=lambda value, iid=None: value, unwrap=not_wrapped)
    for name, module in made.items():
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(made[parent], child, module)
    return made


def belongs(name):
    return name in STUBBED or name in RELOADED or name.split(".")[0] == "xlwings"


@contextlib.contextmanager
def com_server():
    """xlwings imported as on Windows, and a server object; everything is as before afterwards."""
    import asyncio, concurrent.futures, multiprocessing, subprocess, tempfile  # noqa: E401, F401, I001 - before the platform lies
    import numpy, pandas  # noqa: E401, F401

    kept = {name: module for name, module in sys.modules.items() if belongs(name)}
    for name in kept:
        del sys.modules[name]
    sys.modules.update(stubs())
    platform, dll = sys.platform, ctypes.PyDLL
    ctypes.windll = ctypes.oledll = Anything()
    ctypes.PyDLL = Anything
    sys.platform = "win32"
    try:
        importlib.import_module("xlwings.udfs")
        com = importlib.import_module("xlwings.com_server")
    finally:
        sys.platform, ctypes.PyDLL = platform, dll
        del ctypes.windll, ctypes.oledll
    try:
        yield com.XLPython()
    finally:
        for name in [name for name in sys.modules if belongs(name)]:
            del sys.modules[name]
        sys.modules.update(kept)
        for name, module in kept.items():
            parent, _, child = name.rpartition(".")
            if parent in sys.modules:
                setattr(sys.modules[parent], child, module)


FAKE_DLL = """
Public Const XLPyDLLName As String = "xlwings64-0.37.8.dll"
Public Function LoadLibrary(ByVal path As String) As Long
    LoadLibrary = Machine.Load(path)
End Function
Public Function XLPyDLLActivateAuto(ByRef answer As Variant, ByVal config As String, ByVal mode As Long) As Long
    If Machine.Activate(config, mode) = 0 Then
        If mode = 1 Then Set answer = Machine.Server
    Else
        answer = Machine.Problem
        XLPyDLLActivateAuto = -2147467259
    End If
End Function
"""
CONF = "interpreter=C:\\v\\pythonw.exe\r\ndll=C:\\v\\xlwings64-0.37.8.dll\r\nlog=C:\\v\\vidcost.log\r\n"


def sources(xlam: Path):
    """The modules of an add-in by name, without their attribute lines."""
    from pyopenvba import ExcelFile

    with ExcelFile(xlam) as file:
        found = {module.name: module.source.replace("\r\n", "\n") for module in file.vba_project().modules}
    return {name: re.sub(r"(?m)^Attribute VB_.*\n", "", source) for name, source in found.items()}


def without_files(source: str) -> str:
    """VideoServer with its two procedures that touch the file system answered by the machine."""
    for name, answer in (("ReadConfiguration", "Machine.Configuration"), ("ConfigurationPath", '"C:\\vidcost.conf"')):
        pattern = rf"(?ms)^((?:Public|Private) Function {name}\(.*?\) As String\n).*?^(End Function)"
        source, count = re.subn(pattern, lambda m, n=name, a=answer: f"{m[1]}    {n} = {a}\n{m[2]}", source)
        assert count == 1, name
    return source


class Excel:
    """An in-memory Excel with the shipped VBA, and the real Python server behind it."""

    def __init__(self, server, xlam: Path, conf: str = CONF):
        from pyopenvba.apps.excel import ExcelApplication
        from pyopenvba.interpreter import VBAObject, member, method

        excel = self
        excel.commands, excel.conf, excel.broken, excel.loads = [], conf, "", 0
        excel.globals = {}  # objects by lower-case name that stand in for Excel's own

        class Server(VBAObject):
            vba_type_name = "XLPython"

            @method
            def CallUDF(self, script, name, values):
                from pyopenvba.exceptions import VBARuntimeError

                sent = to_python(values)
                assert isinstance(sent, tuple) and sent, "an empty array does not survive every COM client"
                try:
                    return to_vba(server.CallUDF(str(script), str(name), sent))
                except Exception as error:
                    raise VBARuntimeError(1000, str(error)) from error

        class Machine(VBAObject):
            vba_type_name = "Machine"

            @method
            def Load(self, path):
                excel.loads += 1
                return 0 if excel.broken == "dll" else 1

            @method
            def Activate(self, config, mode):
                excel.commands.append((str(config), int(mode)))
                return 1 if excel.broken == "python" else 0

            @member
            def Server(self):
                return Server()

            @member
            def Problem(self):
                return "Python process exited before it was possible to create the interface object."

            @member
            def Configuration(self):
                return excel.conf.replace("\r\n", "\n")

        self.application = ExcelApplication()
        self.book = self.application.add_workbook()
        bridge = self.application.interpreter.host
        ordinary, machine = bridge.global_object, Machine()
        excel.globals["machine"] = machine
        bridge.global_object = lambda name: excel.globals[name] if name in excel.globals else ordinary(name)
        shipped = sources(xlam)
        # Behind xlwings' declarations, which no interpreter can call.
        shipped["xlwings"] = "Option Private Module\n'" + shipped["xlwings"].partition("' Below this line")[2]
        shipped["VideoServer"] = without_files(shipped["VideoServer"])
        self.application.add_module(FAKE_DLL, name="FakeDll")
        for name, source in shipped.items():
            if name not in {"ThisWorkbook", "Sheet2"}:
                self.application.add_module(source, name=name)
        # pyOpenVBA cuts a range's values at the last used row and column, which Excel does not.
        self.fill({"Z99": 1.0})

    def call(self, name, *arguments):
        """A function as a cell calls it; ranges are addresses behind an equals sign."""
        given = [self.given(value) for value in arguments]
        return from_vba(self.application.interpreter.run(name, given))

    def given(self, value):
        return self.range(value[1:]) if isinstance(value, str) and value.startswith("=") else to_vba(value)

    def range(self, address):
        return self.book.sheets_[0].vba_get("Range", [address])

    def fill(self, cells):
        """Put values into cells; a text stays one, even if it is a number."""
        for address, value in cells.items():
            if isinstance(value, str):
                self.range(address).vba_set("NumberFormat", "@")
            self.range(address).vba_set("Value2", to_vba(value))


def to_python(value):
    """A VBA value as pywin32 hands it over."""
    from pyopenvba.interpreter import EMPTY, MISSING, VBAArray, VBACurrency, VBADate, VBAErrorValue

    if value is EMPTY:
        return None
    if value is MISSING:
        return MISSING_CODE
    if isinstance(value, VBAErrorValue):
        return ERROR_BASE + value.number
    if isinstance(value, VBAArray):
        if len(value.bounds) == 1:
            return tuple(to_python(item) for item in value.items)
        (top, bottom), (left, right) = value.bounds
        columns = range(left, right + 1)
        return tuple(tuple(to_python(value.get([row, each])) for each in columns) for row in range(top, bottom + 1))
    assert not isinstance(value, (VBACurrency, VBADate)), "Value2 hands over plain numbers"
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return float(value)
    assert isinstance(value, str), value
    return str(value)


def to_vba(value):
    """A Python value as pywin32 gives it to VBA."""
    from pyopenvba.interpreter import EMPTY, VBAArray, VBAErrorValue

    from vidcost_xl.errors import ExcelError
    from vidcost_xl.hosts.com_values import ERROR_NUMBERS

    if value is None:
        return EMPTY
    if isinstance(value, ExcelError):
        return VBAErrorValue(next(number for number, code in ERROR_NUMBERS.items() if code == value.code))
    if isinstance(value, (list, tuple)):
        if not value or not isinstance(value[0], (list, tuple)):
            return VBAArray([(0, len(value) - 1)], items=[to_vba(item) for item in value])
        items = [to_vba(value[row][column]) for column in range(len(value[0])) for row in range(len(value))]
        return VBAArray([(0, len(value) - 1), (0, len(value[0]) - 1)], items=items)
    return value


def from_vba(value):
    """What a cell shows: a value, or rows of them, with errors as ours."""
    from pyopenvba.interpreter import EMPTY, VBAArray, VBAErrorValue

    from vidcost_xl.errors import ExcelError
    from vidcost_xl.hosts.com_values import ERROR_NUMBERS

    if isinstance(value, VBAErrorValue):
        return ExcelError(ERROR_NUMBERS[value.number])
    if isinstance(value, VBAArray):
        if len(value.bounds) == 1:
            return [[from_vba(item) for item in value.items]]
        (top, bottom), (left, right) = value.bounds
        return [[from_vba(value.get([r, c])) for c in range(left, right + 1)] for r in range(top, bottom + 1)]
    return None if value is EMPTY else value
