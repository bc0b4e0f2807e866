"""Builds a real Windows CPython that runs under wine, from packages alone, and runs programs in it.

The DLLs and extension modules come from a package that ships a whole Windows Python, panda3d;
the pure-Python standard library is that of the running interpreter, which must be of the same
minor version; the small programs in sources/ are compiled. The result lies in a cache folder
whose name holds a digest of all that goes into it: nothing is built twice, nothing gets stale.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
SOURCES = HERE / "sources"
REQUIREMENTS = HERE / "requirements.txt"

#: The package that ships python3NN.dll and the extension modules, and the pip that goes beside them.
WINDOWS_PYTHON = "panda3d==1.10.16"
PIP = "pip==26.3"

MINOR = "{}.{}".format(*sys.version_info)
TAG = MINOR.replace(".", "")
PROGRAMS = ("wine", "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-dlltool", "gendef")

_LOCKS: list[IO[str]] = []

#: A user whose folders have a space and a letter that is not ASCII in their paths.
USER = "C:\\users\\x\\Prüf Stand"
LOCAL = f"{USER}\\AppData\\Local"
ROAMING = f"{USER}\\AppData\\Roaming"

#: What the tests here have set for themselves.
NOT_THEIRS = ("PYTHON", "VIRTUAL_ENV", "VIDCOST_PRICES")

#: Runs a program in the environment of that user, which wine would overwrite with its own.
LAUNCH = (
    "import json, os, subprocess, sys; given = json.loads(sys.argv[1]); os.environ.update(given['environ']); "
    "sys.exit(subprocess.run(given['command'], stdin=subprocess.DEVNULL).returncode)"
)


def missing_programs() -> list[str]:
    """What has to be installed before anything can run here."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


@dataclass
class Finished:
    """How a program ended."""

    code: int
    output: str
    errors: str


@dataclass
class WindowsPython:
    """A Windows Python in a wine prefix of its own."""

    root: Path
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith(NOT_THEIRS)},
            "WINEPREFIX": str(self.root / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=",  # no offer to download either
            "LC_ALL": "C.UTF-8",  # or wine cannot map letters beyond ASCII to file names here
        }

    @property
    def drive(self) -> Path:
        """Drive C:."""
        return self.root / "prefix" / "drive_c"

    @property
    def executable(self) -> str:
        """As Windows names it."""
        return f"C:\\python{TAG}\\python.exe"

    def here(self, path: str) -> Path:
        """Where a file of drive C: lies on this computer."""
        return self.drive.joinpath(*path.removeprefix("C:\\").split("\\"))

    def run(self, *command: str, seconds: int = 300, line: str = "", **environ: str) -> Finished:
        """Run a Windows program as the user above; `line` is a whole command line, word for word."""
        user = {"LOCALAPPDATA": LOCAL, "APPDATA": ROAMING, "USERPROFILE": USER, **environ}
        given = json.dumps({"environ": user, "command": line or command})
        # Pipes, not files or terminals: the Windows Python cannot open its streams on those here.
        with subprocess.Popen(
            ["wine", self.executable, "-c", LAUNCH, given],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environ,
        ) as process:
            try:
                output, errors = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                self.stop()
                output, errors = process.communicate()
                errors += f"\nended after {seconds} seconds".encode()
        # A Windows Python writes the code page of Windows into a pipe.
        return Finished(process.returncode, *(text.decode("cp1252", "replace") for text in (output, errors)))

    def python(self, *arguments: str, seconds: int = 300, **environ: str) -> Finished:
        """Run the Windows Python itself."""
        return self.run(self.executable, *arguments, seconds=seconds, **environ)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep wine's own processes between programs, which would otherwise start anew with each.

        They are started here, since they keep the pipes of whatever starts them open for as long as they live.
        """
        quiet = subprocess.DEVNULL
        for command in (["wineserver", "-p"], ["wineboot"]):
            subprocess.run(command, env=self.environ, stdin=quiet, stdout=quiet, stderr=quiet, check=True, timeout=120)
        try:
            yield
        finally:
            self.stop()

    def stop(self) -> None:
        """End every program in this prefix, and only there."""
        subprocess.run(["wineserver", "-k"], env=self.environ, check=False)


def windows_python() -> WindowsPython:
    """The Windows Python, built if it is not in the cache."""
    digest = hashlib.sha256(f"{WINDOWS_PYTHON} {PIP} {MINOR}".encode())
    for path in (Path(__file__), REQUIREMENTS, *sorted(SOURCES.iterdir())):
        digest.update(path.read_bytes())
    cache = Path(os.environ.get("VIDCOST_WINDOWS_CACHE") or Path(tempfile.gettempdir()) / "vidcost-windows")
    root = cache / f"python{TAG}-{digest.hexdigest()[:12]}"
    _alone(root)
    windows = WindowsPython(root)
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        _build(windows)
        (root / "complete").touch()
    return windows


def _alone(root: Path) -> None:
    # Two runs in one prefix would install over, and stop, each other: the second one waits until the first has ended.
    import fcntl  # not on Windows, where these tests are only skipped

    root.parent.mkdir(parents=True, exist_ok=True)
    lock = root.with_suffix(".lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    _LOCKS.append(lock)  # held as long as this process lives


def wheel_of_checkout(folder: Path) -> Path:
    """Our wheel, built from a copy, so that nothing is left in the checkout and nothing old gets in."""
    copy = folder / "checkout"
    shutil.copytree(REPOSITORY / "vidcost_xl", copy / "vidcost_xl", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(REPOSITORY / name, copy / name)
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(copy))
    return next(folder.glob("vidcost_xl-*.whl"))


def _build(windows: WindowsPython) -> None:
    root = windows.root
    home, wheels = root / f"python{TAG}", root / "wheels"
    (home / "DLLs").mkdir(parents=True)
    download = ("download", "--no-deps", "--platform", "win_amd64", "--only-binary=:all:", "--python-version", MINOR)
    _pip(*download, "--dest", str(root), WINDOWS_PYTHON, PIP)
    _pip(*(option for option in download if option != "--no-deps"), "--dest", str(wheels), "-r", str(REQUIREMENTS))
    _unpack(next(root.glob("panda3d-*.whl")), home)
    stdlib = Path(sysconfig.get_paths()["stdlib"])
    skipped = shutil.ignore_patterns("lib-dynload", "config-*", "test", "site-packages", "dist-packages", "__pycache__")
    shutil.copytree(stdlib, home / "Lib", ignore=skipped)
    with zipfile.ZipFile(next(root.glob("pip-*.whl"))) as wheel:
        wheel.extractall(home / "Lib" / "site-packages")
    _compile(root, home)
    for command in (["wineboot", "-i"], ["wine", "winecfg", "-v", "win10"]):
        quiet = subprocess.DEVNULL
        subprocess.run(command, env=windows.environ, stdin=quiet, stdout=quiet, stderr=quiet, check=True, timeout=300)
    # Services that were started before the prefix was complete never answer: begin again, once all is written.
    subprocess.run(["wineserver", "-w"], env=windows.environ, check=True, timeout=120)
    home.rename(windows.drive / home.name)
    shutil.copy(root / "bcryptprimitives.dll", windows.drive / "windows" / "system32")
    version = windows.python("-c", "import ssl, sqlite3, ctypes, sys; print(sys.version)")
    if version.code or not version.output.startswith(MINOR):
        raise RuntimeError(f"the Windows Python does not run: {version}")


def _unpack(wheel: Path, home: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        for info in packed.infolist():
            folder, _, name = info.filename.rpartition("/")
            if folder != "deploy_libs" or not name:
                continue
            low = name.lower()
            if low.startswith("api-ms-") or low in {"ucrtbase.dll", "_wmi.pyd"}:
                continue  # wine has its own; _wmi ends pip there
            beside = low.startswith(("python3", "vcruntime"))
            (home / name if beside else home / "DLLs" / name).write_bytes(packed.read(info))
    if not (home / f"python{TAG}.dll").exists():
        raise RuntimeError(f"{WINDOWS_PYTHON} ships no Windows Python {MINOR}: run these tests with another Python")


def _compile(root: Path, home: Path) -> None:
    library = f"python{TAG}"
    _tool(root, "gendef", str(home / f"{library}.dll"))
    _tool(root, "x86_64-w64-mingw32-dlltool", "-d", f"{library}.def", "-l", f"lib{library}.a", "-D", f"{library}.dll")
    compiler = ("x86_64-w64-mingw32-gcc", "-O2", "-s", "-municode")
    for name, source, options in (
        ("python.exe", "python.c", []),
        ("pythonw.exe", "python.c", ["-mwindows", "-DWITHOUT_CONSOLE"]),
        ("venvlauncher.exe", "venv.c", []),
        ("venvwlauncher.exe", "venv.c", ["-mwindows", '-DPROGRAM=L"pythonw.exe"']),
    ):
        linked = ["-L.", f"-l{library}"] if source == "python.c" else []
        _tool(root, *compiler, *options, str(SOURCES / source), *linked, "-o", str(home / name))
    random = str(SOURCES / "bcryptprimitives.c")
    _tool(root, "x86_64-w64-mingw32-gcc", "-O2", "-s", "-shared", random, "-ladvapi32", "-o", "bcryptprimitives.dll")
    # python3.dll, the stable ABI, which the package lacks: every symbol forwarded to python3NN.dll.
    lines = (root / f"{library}.def").read_text().split("EXPORTS", 1)[1].splitlines()
    symbols = [line.split()[0] for line in lines if line.startswith(("Py", "_Py"))]
    forwards = "\n".join(f"{symbol} = {library}.{symbol}" for symbol in symbols)
    (root / "python3.def").write_text(f"LIBRARY python3.dll\nEXPORTS\n{forwards}\n")
    (root / "empty.c").write_text("int DllMainCRTStartup(void *a, int b, void *c) { return 1; }\n")
    options = ("-shared", "-s", "-nostdlib", "empty.c", "python3.def", "-Wl,-e,DllMainCRTStartup")
    _tool(root, "x86_64-w64-mingw32-gcc", *options, "-o", str(home / "python3.dll"))


def _tool(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr[-2000:]}")


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode:
        raise RuntimeError(f"pip {arguments[0]} failed: {done.stderr[-2000:]}")


if __name__ == "__main__":
    print(windows_python().root)
