"""A Windows computer in a folder: registry, marks of downloads and the server's answers are made up."""

from __future__ import annotations

import hashlib
from pathlib import Path

from vidcost_xl import __version__
from vidcost_xl.addin.config import DLL_32, DLL_64

ADDIN = b"the add-in of this version"
EXCEL = {"HKCR\\Excel.Application\\CLSID": {"": "{00024500-0000-0000-C000-000000000046}"}}


class FakeMachine:
    """Implements `vidcost_xl.addin.machine.Machine` for tests."""

    def __init__(self, root: Path, prefix: str = "Local/vidcost-xl/venv-1") -> None:
        self.windows = True
        self.environ = {
            "LOCALAPPDATA": str(root / "Local"),
            "APPDATA": str(root / "Roaming"),
            "TEMP": str(root / "Temp"),
        }
        self.prefix = root / prefix
        self.base_prefix = root / "Python312"
        self.executable = self.prefix / "Scripts" / "python.exe"
        self.version = (3, 12, 4)
        self.bits = 64
        self.platform = "win-amd64"
        self.dos_page = 850
        self.keys: dict[str, dict[str, object]] = {}
        self.marked: set[Path] = set()
        self.short: dict[str, str] = {}
        self.versions = {"xlwings": "0.37.8", "pywin32": "312", "scipy": "1.17.1"}
        self.server: dict[str, object] = {"version": __version__, "egress": 236716.84365}
        self.excel: dict[str, object] = {"version": __version__}
        self.asked: list[str] = []
        self.hashes: dict[str, str] = {}
        self.base_prefix.mkdir(exist_ok=True)
        (self.prefix / "Scripts").mkdir(parents=True)
        for name in ("python.exe", "pythonw.exe"):
            (self.prefix / "Scripts" / name).write_bytes(b"MZ")
        for name in (DLL_64, DLL_32):
            (self.prefix / name).write_bytes(name.encode())
            self.hashes[name] = hashlib.sha256(name.encode()).hexdigest()

    def to_ansi(self, text):
        try:
            return text.encode("cp1252")
        except UnicodeEncodeError:
            return None

    def from_ansi(self, data):
        return data.decode("cp1252", "replace")

    def short_path(self, path):
        return self.short.get(str(path), str(path))

    def registry(self, key):
        return self.keys.get(key, {})

    def downloaded(self, path):
        return path in self.marked

    def unblock(self, path):
        self.marked.discard(path)

    def packaged_hash(self, name):
        return self.hashes.get(name)

    def package_version(self, name):
        return self.versions.get(name)

    def ask_server(self, config):
        self.asked.append("server")
        return self.server

    def ask_excel(self, addin):
        self.asked.append("excel")
        return self.excel
