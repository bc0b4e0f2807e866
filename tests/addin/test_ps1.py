"""install.ps1 parses, says nothing that Windows PowerShell 5.1 reads differently, and hands over to Python."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import tree_sitter
import tree_sitter_powershell

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = (ROOT / "install.ps1").read_bytes()
TEXT = SCRIPT.decode("ascii").replace("\r\n", "\n")
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
HAND_OVER = re.search(r"\$HandOver = '([^']+)'", TEXT).group(1)


def faults(script: str) -> list[tuple[int, str]]:
    """The lines at which PowerShell's grammar finds an error."""

    def walk(node):
        if node.type == "ERROR" or node.is_missing:
            yield node.start_point[0] + 1, node.type
        for child in node.children:
            yield from walk(child)

    return list(walk(PARSER.parse(script.encode()).root_node))


def without_last(text: str, piece: str) -> str:
    head, found, tail = text.rpartition(piece)
    assert found, piece
    return head + tail


SEEDED = {
    "a brace of a function left out": TEXT.replace("function Get-PythonCandidate {", "function Get-PythonCandidate", 1),
    "a closing brace left out": without_last(TEXT, "}\n"),
    "a closing bracket left out": TEXT.replace("if (-not $suitable) {", "if (-not $suitable {", 1),
    "a quote left out": TEXT.replace("'--uninstall'", "'--uninstall", 1),
    "a comment that never ends": TEXT.replace("#>", "", 1),
    "the end of param left out": TEXT.replace("[string]$PipOptions = ''\n)", "[string]$PipOptions = ''\n", 1),
    "a cast left open": TEXT.replace("[switch]$Check", "[switch$Check", 1),
    "a pipe to nowhere": TEXT.replace("| Select-Object -Unique)", "| )", 1),
    "a here-string that never ends": TEXT + '\n$text = @"\nno end\n',
}


def test_it_parses():
    assert faults(TEXT) == []


@pytest.mark.parametrize("fault", SEEDED)
def test_the_check_catches_a_seeded_fault(fault):
    assert SEEDED[fault] != TEXT
    assert faults(SEEDED[fault])


def test_it_is_ascii_with_windows_line_ends_in_every_checkout():
    assert "*.ps1 text eol=crlf" in (ROOT / ".gitattributes").read_text(encoding="utf-8")
    assert SCRIPT.isascii()


def test_it_uses_nothing_that_powershell_5_lacks():
    code = "\n".join(line for line in TEXT.split("#>", 1)[1].splitlines() if not line.lstrip().startswith("#"))
    assert not re.search(r"&&|\|\||\?\?|\?\.|\$\w+ \? ", code)
    assert "$IsWindows" not in code


def test_every_switch_reaches_python():
    for switch, option in {"Uninstall": "--uninstall", "Check": "--check", "WhatIf": "--what-if"}.items():
        assert f"[switch]${switch}" in TEXT
        assert f"if (${switch}) {{ $arguments += '{option}' }}" in TEXT


def test_the_statement_it_hands_over_with_finds_the_installer_in_a_checkout():
    # Double quotes inside an argument are lost on the way from PowerShell 5.1 to a program.
    assert '"' not in HAND_OVER
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", HAND_OVER, str(ROOT), "--probe"], capture_output=True, text=True, check=False
    )
    if sys.platform == "win32":
        assert Path(done.stdout.strip()) == Path(sys.executable)
    else:
        assert done.returncode == 2
        assert "not Windows" in done.stderr
