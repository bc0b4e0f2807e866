"""What the installer and the doctor ask of the computer, in one place.

`ThisMachine` answers for real; the modules of Windows are imported only when it is asked,
so everything else runs, and is tested, anywhere. Standard library only.
"""

from __future__ import annotations

import base64
import json
import os
import struct
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any, Final, Protocol

#: Seconds that the server, or Excel, may take to answer before the check gives up.
PATIENCE: Final = 60

#: Characters of an environment's short path, at most.
_SHORT_PATH_BUFFER: Final = 32_768


class Machine(Protocol):
    """A computer with, or without, Windows and Excel.

    Attributes
    ----------
    executable, prefix, base_prefix : Path
        Of the Python that runs, and of the one its environment was made from.
    version : tuple of int
        Of Python.
    bits : int
        64 or 32.
    platform : str
        What Python was built for: win-amd64, win-arm64, win32.
    dos_page : int
        The code page of cmd and its files.
    """

    windows: bool
    environ: Mapping[str, str]
    executable: Path
    prefix: Path
    base_prefix: Path
    version: tuple[int, int, int]
    bits: int
    platform: str
    dos_page: int

    def to_ansi(self, text: str) -> bytes | None:
        """The text in the ANSI code page, or None if it does not fit."""

    def from_ansi(self, data: bytes) -> str:
        """Text of the ANSI code page; bytes that are none become a replacement."""

    def short_path(self, path: Path) -> str:
        """The 8.3 form of an existing path, or the path itself."""

    def registry(self, key: str) -> Mapping[str, object]:
        r"""The values of a registry key such as `HKCU\Software\X`; none if it is missing."""

    def downloaded(self, path: Path) -> bool:
        """Whether Windows marks the file as coming from the internet."""

    def unblock(self, path: Path) -> None:
        """Remove that mark."""

    def packaged_hash(self, name: str) -> str | None:
        """The SHA-256, in hexadecimal, that the installed xlwings declares for one of its DLLs."""

    def package_version(self, name: str) -> str | None:
        """The version of an installed package, or None."""

    def ask_server(self, config: Path) -> Mapping[str, Any]:
        """Start the server as Excel does and ask it: `version` and `egress`, or `error`."""

    def ask_excel(self, addin: Path) -> Mapping[str, Any]:
        """Open the add-in in Excel through COM and ask it: `version`, or `error`."""


class ThisMachine:
    """The computer this runs on."""

    def __init__(self) -> None:
        self.windows = sys.platform == "win32"
        self.environ: Mapping[str, str] = os.environ
        self.executable = Path(sys.executable)
        self.prefix = Path(sys.prefix)
        self.base_prefix = Path(sys.base_prefix)
        self.version = sys.version_info[:3]
        self.bits = struct.calcsize("P") * 8
        self.platform = sysconfig.get_platform()
        self.dos_page = self._kernel().GetOEMCP() if self.windows else 850

    @staticmethod
    def _kernel() -> Any:
        import ctypes

        return ctypes.WinDLL("kernel32")  # type: ignore[attr-defined, unused-ignore]

    @property
    def _code_page(self) -> str:
        return "mbcs" if self.windows else "cp1252"

    def to_ansi(self, text: str) -> bytes | None:
        """The text in the ANSI code page, or None if it does not fit."""
        try:
            return text.encode(self._code_page)
        except UnicodeEncodeError:
            return None

    def from_ansi(self, data: bytes) -> str:
        """Text of the ANSI code page; bytes that are none become a replacement."""
        return data.decode(self._code_page, errors="replace")

    def short_path(self, path: Path) -> str:
        """The 8.3 form of an existing path, or the path itself."""
        if not self.windows:
            return str(path)
        import ctypes

        buffer = ctypes.create_unicode_buffer(_SHORT_PATH_BUFFER)
        size = self._kernel().GetShortPathNameW(str(path), buffer, _SHORT_PATH_BUFFER)
        return buffer.value if 0 < size < _SHORT_PATH_BUFFER else str(path)

    def registry(self, key: str) -> Mapping[str, object]:
        r"""The values of a registry key such as `HKCU\Software\X`; none if it is missing."""
        if not self.windows:
            return {}
        import winreg as registry_module

        winreg: Any = registry_module
        root, _, path = key.partition("\\")
        roots = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE, "HKCR": winreg.HKEY_CLASSES_ROOT}
        values: dict[str, object] = {}
        with (
            suppress(OSError),
            winreg.OpenKey(roots[root], path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened,
        ):
            for index in range(winreg.QueryInfoKey(opened)[1]):
                name, value, _ = winreg.EnumValue(opened, index)
                values[name] = value
        return values

    def downloaded(self, path: Path) -> bool:
        """Whether Windows marks the file as coming from the internet."""
        return self.windows and os.path.exists(_zone(path))  # noqa: PTH110 - a stream is no path

    def unblock(self, path: Path) -> None:
        """Remove that mark."""
        if self.downloaded(path):
            os.remove(_zone(path))  # noqa: PTH107 - a stream is no path

    def packaged_hash(self, name: str) -> str | None:
        """The SHA-256, in hexadecimal, that the installed xlwings declares for one of its DLLs."""
        try:
            files = metadata.files("xlwings") or []
        except metadata.PackageNotFoundError:
            return None
        for file in files:
            if file.name == name and file.hash is not None:
                # RECORD holds it as URL-safe Base64 without its padding.
                return base64.urlsafe_b64decode(f"{file.hash.value}==").hex()
        return None

    def package_version(self, name: str) -> str | None:
        """The version of an installed package, or None."""
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return None

    def ask_server(self, config: Path) -> Mapping[str, Any]:
        """Start the server as Excel does and ask it: `version` and `egress`, or `error`."""
        return self._ask("server", config)

    def ask_excel(self, addin: Path) -> Mapping[str, Any]:
        """Open the add-in in Excel through COM and ask it: `version`, or `error`."""
        return self._ask("excel", addin)

    def _ask(self, whom: str, path: Path) -> Mapping[str, Any]:
        # In a process of its own: a DLL that crashes or hangs must not take the installer along. The answer comes in a
        # file: the server would inherit a pipe, and a pipe ends only when its last process does.
        with tempfile.TemporaryDirectory(prefix="vidcost-", ignore_cleanup_errors=True) as folder:
            answer = Path(folder) / "answer.json"
            command = [str(self.executable), "-B", "-m", "vidcost_xl.addin.selftest", whom, str(path), str(answer)]
            null = subprocess.DEVNULL
            try:
                code = subprocess.run(  # noqa: S603
                    command, stdin=null, stdout=null, stderr=null, timeout=2 * PATIENCE, check=False
                ).returncode
                found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
            except subprocess.TimeoutExpired:  # it limits itself, unless it cannot even do that
                return {"error": f"no answer within {2 * PATIENCE} seconds"}
            except (OSError, ValueError):
                return {"error": f"it ended with code {code}"}
            return found


def _zone(path: Path) -> str:
    return f"{path}:Zone.Identifier"
