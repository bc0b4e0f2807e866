"""Typing into a workbook as a person does in LibreOffice: its own program opens a file, enters texts, saves, is read.

The system's Python has the bridge to it (package python3-uno); run by that one, this module is the far end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

PYTHON = Path("/usr/bin/python3")
BRIDGE = Path("/usr/lib/python3/dist-packages/uno.py")
NEW = "private:factory/scalc"
_FORM = "Calc MS Excel 2007 XML"
_TIME_LIMIT = 300


def type_in_libreoffice(source: Path, typed: Mapping[tuple[str, str], str], folder: Path) -> bytes:
    """The file that LibreOffice saves once every text of `typed`, by sheet and cell, was entered and Ctrl+Shift+F9."""
    target = folder / "typed.xlsx"
    steps = [
        ["open", source.as_uri()],
        ["calculate by hand"],  # once is enough
        *(["enter", *place, text] for place, text in typed.items()),
        ["calculate"],
        ["save", target.as_uri()],
    ]
    do_in_libreoffice(steps, folder / "profile")
    return target.read_bytes()


def do_in_libreoffice(steps: Sequence[Sequence[Any]], profile: Path) -> list[Any]:
    """What a LibreOffice with its own profile answers to each step that reads; see `_STEPS`."""
    pipe = f"vidcost{uuid.uuid4().hex}"
    with subprocess.Popen(
        [
            "soffice",
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            f"--accept=pipe,name={pipe};urp;",
        ],
        start_new_session=True,
    ) as office:
        try:
            answers = subprocess.run(
                [PYTHON, "-I", __file__],
                input=json.dumps({"pipe": pipe, "steps": steps}),
                stdout=subprocess.PIPE,
                text=True,
                check=True,
                timeout=_TIME_LIMIT,
                env={"PATH": os.environ["PATH"]},
            ).stdout
            office.wait(_TIME_LIMIT)
        finally:
            if office.poll() is None:
                os.killpg(office.pid, 9)
    return json.loads(answers)


def _answers(order):
    import uno

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(_TIME_LIMIT):
        try:
            context = resolver.resolve(f"uno:pipe,name={order['pipe']};urp;StarOffice.ComponentContext")
            break
        except Exception:  # its class exists only once the bridge is there
            time.sleep(1)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    document, answers = None, []
    for name, *rest in order["steps"]:
        if name == "open":
            document = _opened(desktop, document, *rest)
            continue
        answer = _STEPS[name](document, *rest)
        if answer is not None:
            answers.append(answer)
    document.close(True)
    from com.sun.star.lang import DisposedException

    with suppress(DisposedException):  # it may be gone before it has answered
        desktop.terminate()
    return answers


def _opened(desktop, before, url):
    document = desktop.loadComponentFromURL(url, "_blank", 0, ())
    if before is not None:
        before.close(True)
    return document


def _range(document, sheet, area):
    found = document.Sheets.getByName(sheet) if isinstance(sheet, str) else document.Sheets.getByIndex(sheet)
    return found.getCellRangeByName(area)


def _enter(document, sheet, cell, text):
    _range(document, sheet, cell).FormulaLocal = text


def _enter_array(document, sheet, area, text):
    _range(document, sheet, area).setArrayFormula(text)


def _save(document, url):
    from com.sun.star.beans import PropertyValue

    document.storeToURL(url, (PropertyValue("FilterName", 0, _FORM, 0),))


def _read(document, sheet, area):
    cells, found = _range(document, sheet, area), []
    for row in range(cells.Rows.Count):
        line = [cells.getCellByPosition(column, row) for column in range(cells.Columns.Count)]
        found.append([{"text": each.String, "number": each.Value, "is error": each.getError() != 0} for each in line])
    return found


def _values(document, sheet, areas):
    # Numbers and texts as they are, errors by what the cell shows.
    found = []
    for area in areas:
        cells = _range(document, sheet, area)
        rows = enumerate(cells.getDataArray())
        found.append(
            [
                [
                    {"error": cells.getCellByPosition(column, row).String} if value is None else value
                    for column, value in enumerate(line)
                ]
                for row, line in rows
            ]
        )
    return found


def _formula(document, sheet, cell):
    return _range(document, sheet, cell).FormulaLocal


def _until(document, sheet, cell, beginning):
    # What LibreOffice does by itself after it opened a file.
    for _ in range(100):
        if _formula(document, sheet, cell).startswith(beginning):
            return
        time.sleep(0.1)


_STEPS = {
    "calculate by hand": lambda document: document.enableAutomaticCalculation(False),
    "calculate": lambda document: document.calculateAll(),
    "enter": _enter,
    "enter array": _enter_array,
    "save": _save,
    "read": _read,
    "values": _values,
    "formula": _formula,
    "wait for": _until,
}

if __name__ == "__main__":
    json.dump(_answers(json.load(sys.stdin)), sys.stdout)
    sys.stdout.flush()
    # The bridge's threads still hear of LibreOffice's end while an exit takes its libraries down, and crash over it.
    os._exit(0)
