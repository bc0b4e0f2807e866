"""Starts the server through the xlwings DLL exactly as the add-in's VBA does, and asks it.

Run as `python -m vidcost_xl.addin.selftest server vidcost.conf ANSWER` or `... excel
vidcost.xlam ANSWER` in a process of its own; the answer is a JSON file. The half that asks Excel has not been
run against a real Excel.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from vidcost_xl.addin.config import DLL_64, SERVER_MODULE, InstallError, parse
from vidcost_xl.addin.machine import PATIENCE, ThisMachine

#: VARIANT types of COM automation.
VT_BSTR: Final = 8
VT_DISPATCH: Final = 9

#: Modes of the DLL: start the server unless it runs, or stop it.
START: Final = 1
STOP: Final = -1

#: The Excel that was started here, by its process; it must not outlive this one, hidden and with the add-in open.
_STARTED: Final[list[int]] = []


class Variant(ctypes.Structure):
    """A VARIANT of 64-bit COM: its type, padding, and one pointer-sized value."""

    _fields_ = (
        ("vt", ctypes.c_ushort),
        ("reserved", ctypes.c_ushort * 3),
        ("value", ctypes.c_void_p),
        ("second", ctypes.c_void_p),
    )


class Server:
    """The COM server behind the add-in.

    Parameters
    ----------
    dll : str
        Full path of the xlwings DLL.
    command : str
        The command line that starts it.
    """

    def __init__(self, dll: str, command: str) -> None:
        library: Any = ctypes.WinDLL(dll)  # type: ignore[attr-defined, unused-ignore]
        self._activate = library.XLPyDLLActivateAuto
        self._activate.argtypes = [ctypes.POINTER(Variant), ctypes.c_char_p, ctypes.c_int]
        self._activate.restype = ctypes.c_int
        self._command = command.encode("mbcs")

    def start(self) -> Any:
        """The server as a COM object, started if need be.

        Raises
        ------
        InstallError
            With the DLL's own reason.
        """
        import pythoncom
        from win32com.client import dynamic

        result = Variant()
        code = self._activate(ctypes.byref(result), self._command, START)
        if code != 0 or result.vt != VT_DISPATCH:
            reason = ctypes.wstring_at(result.value) if result.vt == VT_BSTR and result.value else f"code {code}"
            raise InstallError(" ".join(reason.split()), "")
        pointer = pythoncom.ObjectFromAddress(result.value, pythoncom.IID_IDispatch)
        return dynamic.Dispatch(pointer)

    def stop(self) -> None:
        """End the server."""
        self._activate(ctypes.byref(Variant()), self._command, STOP)


def ask_server(config: Path) -> dict[str, Any]:
    """Start the server that a configuration names, ask for two values, and stop it."""
    stated = parse(config.read_bytes(), ThisMachine())
    # This Python is 64-bit, whatever Excel is; both DLLs lie side by side.
    server = Server(str(Path(stated.dll).with_name(DLL_64)), stated.command)
    try:
        remote = server.start()
        version = remote.CallUDF(SERVER_MODULE, "VIDEO_VERSION", ())
        egress = remote.CallUDF(SERVER_MODULE, "VIDEO_EGRESS", ())
    finally:
        server.stop()
    return {"version": _version(version), "egress": float(egress)}


def ask_excel(addin: Path) -> dict[str, Any]:
    """Open the add-in in an Excel of its own, ask for the version, and quit that Excel."""
    from win32com.client import DispatchEx
    from win32process import GetWindowThreadProcessId

    excel = DispatchEx("Excel.Application")
    _STARTED.append(GetWindowThreadProcessId(excel.Hwnd)[1])
    try:
        excel.DisplayAlerts = False
        book = excel.Workbooks.Open(str(addin), 0, True)
        shown = excel.Run(f"'{addin.name}'!VIDEO_VERSION")
        book.Close(False)
    finally:
        excel.Quit()
    _STARTED.clear()
    return {"version": _version(shown)}


def _version(shown: Any) -> str:
    # VIDEO_VERSION reads "vidcost-xl 0.1.0; price book ...".
    words = str(shown).replace(";", " ").split()
    return words[1] if len(words) > 1 else str(shown)


def main(arguments: list[str]) -> None:
    """Write the answer.

    Parameters
    ----------
    arguments : list of str
        Whom to ask, the file to ask about, the file for the answer.
    """
    whom, path, answer = arguments
    limit = threading.Timer(PATIENCE, _give_up, [Path(answer)])
    limit.daemon = True
    limit.start()
    try:
        import pythoncom

        pythoncom.CoInitialize()
        found = {"server": ask_server, "excel": ask_excel}[whom](Path(path))
    except Exception as error:
        _end_started()
        found = {"error": " ".join(str(error).split()) or type(error).__name__}
    limit.cancel()
    Path(answer).write_text(json.dumps(found), encoding="utf-8")


def _give_up(answer: Path) -> None:
    # The process that waits for the DLL ends, and with it the job that the DLL put the server into.
    answer.write_text(json.dumps({"error": f"no answer within {PATIENCE} seconds"}), encoding="utf-8")
    _end_started()
    os._exit(1)


def _end_started() -> None:
    for process in _STARTED:
        with suppress(OSError):  # ended by itself
            os.kill(process, signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1:])
