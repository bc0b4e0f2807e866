"""Our functions under the names that Excel knows, in a file that LibreOffice saved.

LibreOffice up to 7.4 at least saves a function of an extension under its own long name, whatever name for other
programs the extension gives it; Excel shows #NAME? for those once it computes. The bare name is bound in both.
"""

from __future__ import annotations

import re
from typing import Final

from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.workbook import Workbook

#: The formula of a cell.
_FORMULA: Final = re.compile(rb"(<(?:\w+:)?f(?:\s[^>]*)?>)([^<]*ORG\.VIDCOST\.FUNCTIONS\.[^<]*)(?=<)", re.IGNORECASE)
#: The name of a sheet or a text in a formula, which stay, or what stands before one of our functions.
_LONG: Final = re.compile(
    rb"""('|&apos;|"|&quot;).*?\1|ORG\.VIDCOST\.FUNCTIONS\.(?=VIDEO_[A-Z0-9]+\()""", re.IGNORECASE | re.DOTALL
)


def with_bare_names(data: bytes, name: str) -> tuple[bytes, int]:
    """A workbook with our functions under their bare names, and in how many formulas that was not so.

    Parameters
    ----------
    data : bytes
        An .xlsx or .xlsm file that can be read.
    name : str
        How messages call it.
    """
    archive = Archive(data, name)
    parts, count = {}, 0
    for part in Workbook(archive).sheets.values():
        content = archive.read(part)
        new, found = _bare(content)
        if new != content:
            parts[part] = new
            count += found
    return (archive.replaced(parts) if parts else data), count


def _bare(content: bytes) -> tuple[bytes, int]:
    count = 0

    def formula(found: re.Match[bytes]) -> bytes:
        nonlocal count
        text = _LONG.sub(lambda each: each[0] if each[1] else b"", found[2])
        count += text != found[2]
        return found[1] + text

    return _FORMULA.sub(formula, content), count
