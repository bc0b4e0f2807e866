"""A Windows user of the add-in, and the paths of what belongs to them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from windows_python import HERE, LOCAL, ROAMING, Finished, WindowsPython

#: The name of the environment here; install.ps1 makes others.
ENVIRONMENT = f"{LOCAL}\\vidcost-xl\\venv"
CONFIG = f"{LOCAL}\\vidcost-xl\\vidcost.conf"
COMMAND = f"{LOCAL}\\vidcost-xl\\vidcost.cmd"
XLSTART = f"{ROAMING}\\Microsoft\\Excel\\XLSTART"


@dataclass
class User:
    """A Windows user with our wheel in an environment."""

    windows: WindowsPython
    wheel: Path
    wheels: Path

    @property
    def python(self) -> str:
        return f"{ENVIRONMENT}\\Scripts\\python.exe"

    @property
    def config(self) -> Path:
        return self.windows.here(CONFIG)

    @property
    def addin(self) -> Path:
        return self.windows.here(f"{XLSTART}\\vidcost.xlam")

    def run(self, *arguments: str, seconds: int = 300, **environ: str) -> Finished:
        """Run the environment's Python."""
        return self.windows.run(self.python, *arguments, seconds=seconds, **environ)

    def vidcost(self, *arguments: str) -> Finished:
        """Run `python -m vidcost_xl`."""
        return self.run("-m", "vidcost_xl", *arguments)

    def files(self) -> dict[str, bytes]:
        """Every file that an installation may touch; the log is the server's, and stays."""
        folders = (self.windows.here(f"{LOCAL}\\vidcost-xl"), self.windows.here(XLSTART).parent)
        return {
            str(path.relative_to(self.windows.drive)): path.read_bytes()
            for folder in folders
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.relative_to(folder).parts[0].startswith(("venv", "vidcost.log"))
        }

    def client(self, what: str, second: Path, folder: Path, **environ: str) -> Any:
        """Run the stand-in for VBA; its results."""
        results = folder / "results.json"
        given = (windows_path(HERE / "client.py"), what, CONFIG, windows_path(second), windows_path(results))
        done = self.run(*given, **environ)
        assert done.code == 0, done
        return json.loads(results.read_text(encoding="utf-8"))


def windows_path(path: Path) -> str:
    """A path of this computer as wine's programs see it."""
    return "Z:" + str(path).replace("/", "\\")


def must(done: Finished) -> Finished:
    assert done.code == 0, f"{done.output}\n{done.errors}"
    return done
