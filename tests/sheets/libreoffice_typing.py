"""Typing into a workbook as a person does in LibreOffice: its own program opens the file, enters texts and saves.

The system's Python has the bridge to it (package python3-uno); run by that one, this module is the far end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

PYTHON = Path("/usr/bin/python3")
BRIDGE = Path("/usr/lib/python3/dist-packages/uno.py")
_FORM = "Calc MS Excel 2007 XML"
_TIME_LIMIT = 300


def type_in_libreoffice(source: Path, typed: Mapping[tuple[str, str], str], folder: Path) -> bytes:
    """The file that LibreOffice saves once every text of `typed`, by sheet and cell, was entered and Ctrl+Shift+F9."""
    target, pipe = folder / "typed.xlsx", f"vidcost{uuid.uuid4().hex}"
    order = {
        "pipe": pipe,
        "source": source.as_uri(),
        "target": target.as_uri(),
        "cells": [[*place, text] for place, text in typed.items()],
    }
    with subprocess.Popen(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            f"--accept=pipe,name={pipe};urp;",
        ],
        start_new_session=True,
    ) as office:
        try:
            subprocess.run(
                [PYTHON, "-I", __file__],
                input=json.dumps(order),
                text=True,
                check=True,
                timeout=_TIME_LIMIT,
                env={"PATH": os.environ["PATH"]},
            )
            office.wait(_TIME_LIMIT)
        finally:
            if office.poll() is None:
                os.killpg(office.pid, 9)
    return target.read_bytes()


def _enter(order):
    import uno
    from com.sun.star.beans import PropertyValue

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(_TIME_LIMIT):
        try:
            context = resolver.resolve(f"uno:pipe,name={order['pipe']};urp;StarOffice.ComponentContext")
            break
        except Exception:  # its class exists only once the bridge is there
            time.sleep(1)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    document = desktop.loadComponentFromURL(order["source"], "_blank", 0, ())
    document.enableAutomaticCalculation(False)  # once is enough
    for sheet, cell, text in order["cells"]:
        document.Sheets.getByName(sheet).getCellRangeByName(cell).FormulaLocal = text
    document.calculateAll()
    document.storeToURL(order["target"], (PropertyValue("FilterName", 0, _FORM, 0),))
    document.close(True)
    desktop.terminate()


if __name__ == "__main__":
    _enter(json.load(sys.stdin))
