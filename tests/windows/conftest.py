"""A real Windows Python under wine, our wheel in an environment of it, and the add-in installed."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from windows_python import LOCAL, ROAMING, missing_programs, wheel_of_checkout, windows_python  # noqa: E402
from windows_user import ENVIRONMENT, User, must, windows_path  # noqa: E402

#: What runs in the Windows Python, not here.
collect_ignore = ["client.py", "echo.py", "speed.py"]


def pytest_collection_modifyitems(items):
    """Skip quickly on a computer of someone who did not ask for this; in CI it runs, and fails without wine."""
    asked = os.environ.get("VIDCOST_WINDOWS_TESTS") or os.environ.get("CI")
    if asked == "0":
        reason = "VIDCOST_WINDOWS_TESTS=0: they have a run of their own"
    elif not asked:
        reason = "takes minutes: set VIDCOST_WINDOWS_TESTS=1"
    elif missing_programs() and not os.environ.get("CI"):
        reason = f"needs {', '.join(missing_programs())}"
    else:
        return
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def windows():
    missing = missing_programs()
    assert not missing, f"CI needs {', '.join(missing)}"
    python = windows_python()
    with python.kept():
        yield python


@pytest.fixture(scope="session")
def user(windows, tmp_path_factory):
    """The user with a fresh environment; nothing is installed into Excel yet."""
    for folder in (LOCAL, ROAMING):
        shutil.rmtree(windows.here(folder), ignore_errors=True)
        windows.here(folder).mkdir(parents=True)
    wheel = wheel_of_checkout(tmp_path_factory.mktemp("wheel"))
    wheels = windows.root / "wheels"
    must(windows.python("-m", "venv", "--without-pip", ENVIRONMENT))
    install = ["-m", "pip", "--python", f"{ENVIRONMENT}\\Scripts\\python.exe", "install", "--quiet", "--no-index"]
    must(windows.python(*install, "--find-links", windows_path(wheels), windows_path(wheel), "comtypes"))
    return User(windows, wheel, wheels)


@pytest.fixture(scope="module")
def installed(user):
    """The same user after `python -m vidcost_xl install`."""
    must(user.vidcost("install"))
    yield user
    must(user.vidcost("install", "--uninstall"))
