"""The process behind the add-in: `pythonw -I -B -m vidcost_xl.hosts.com_server CLSID [LOG]`.

VBA starts it once through the xlwings DLL, which fills in the class id. Without a console
nobody would see a failure, so everything goes to the log file, a failed start included.
"""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

#: What VBA hands to the xlwings DLL, which puts the class it invents in place of $(CLSID).
#: Without cmd.exe around it, a Python that ends early is noticed at once and its error shown.
#: -I: no module from the folder Excel happens to stand in; -B: nothing is written beside ours.
COMMAND: Final = '"{interpreter}" -I -B -m vidcost_xl.hosts.com_server $(CLSID) "{log}"'

LOG_BYTES: Final = 1_000_000

LOG = logging.getLogger("vidcost_xl")


def main(arguments: list[str]) -> int:
    """Serve until Excel lets go.

    Parameters
    ----------
    arguments : list of str
        The class id, and the path of the log file.

    Returns
    -------
    int
        Exit code: 1 when the server could not start, with the reason in the log.
    """
    if len(arguments) > 1 and arguments[1]:
        log_to(Path(arguments[1]))
    try:
        serve(arguments[0])
    except Exception:
        LOG.exception("the COM server stopped")
        return 1
    return 0


def log_to(path: Path) -> None:
    """Send our log and xlwings' to a file of limited size; without the folder, to nowhere."""
    if not path.parent.is_dir():
        return
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    for name in ("vidcost_xl", "xlwings"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)


def serve(clsid: str) -> None:
    """Import xlwings without pandas, and run its COM server.

    Parameters
    ----------
    clsid : str
        Class id, in braces.
    """
    # xlwings imports pandas wherever it is installed, which is half of the start; values
    # pass through xlwings untouched here, so it has no use for it. Our model may load it later.
    without = [name for name in ("pandas", "polars", "matplotlib") if name not in sys.modules]
    for name in without:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        import xlwings
    finally:
        for name in without:
            del sys.modules[name]
    server: Any = xlwings.serve  # off Windows it only says that pywin32 is missing
    server(clsid)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
