"""The built add-in is the one the sources make, is sound, and holds every function with its help."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from vidcost_xl.addin import vba_source
from vidcost_xl.addin.vba_source import STANDARD_MODULES, BuildError, argument_names, modules, xlwings_header
from vidcost_xl.functions.registry import functions
from vidcost_xl.hosts.com_server import COMMAND

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RIBBON = "{http://schemas.microsoft.com/office/2006/01/customui}"
BUTTONS = [
    *("New workbook", "Insert function", "Recalculate all", "Explain selected cell"),
    *(
        "Check",
        "Refresh",
        "Decide",
        "Self-audit",
        "Hand off",
        "Sign",
        "Verify",
        "Cancel",
        "Prices",
        "Help",
        "Doctor",
        "About",
    ),
]


def tool(name):
    """A tool of those who build, which CI must have."""
    if os.environ.get("CI"):
        __import__(name)
    return pytest.importorskip(name, reason=f"{name} is only needed to build and check the add-in")


@pytest.fixture(scope="module")
def parts(xlam):
    with zipfile.ZipFile(xlam) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def test_building_again_gives_the_committed_file_byte_for_byte(xlam):
    tool("pyopenvba")
    from vidcost_xl.addin.build import build

    made = build()
    assert made == build()
    assert made == xlam.read_bytes(), "run: python -m vidcost_xl.addin.build"


def test_the_vba_project_is_valid_and_holds_our_modules_only(xlam):
    tool("pyopenvba")
    from pyopenvba import ExcelFile

    with ExcelFile(xlam) as file:
        assert file.validate() == []
        assert file.module_names() == ["ThisWorkbook", "Sheet2", *STANDARD_MODULES]
        assert [reference.name for reference in file.references()] == ["Office"]


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning")
def test_another_reader_sees_every_module_as_we_wrote_it(xlam):
    tool("oletools")
    from oletools.olevba import VBA_Parser

    found = {name.rpartition(".")[0]: code for _, _, name, code in VBA_Parser(str(xlam)).extract_macros()}
    assert set(found) == {"ThisWorkbook", "Sheet2", *STANDARD_MODULES}
    for name, source in {**modules(), "ThisWorkbook": vba_source.text("ThisWorkbook.cls")}.items():
        assert re.sub(r"(?m)^Attribute VB_.*\n", "", found[name].replace("\r\n", "\n")).strip() == source.strip()


def findings(folder):
    report = folder / "report.json"
    command = [Path(sys.executable).with_name("vbalidator"), "--host", "excel", "--quiet", "--output", report, folder]
    subprocess.run(command, capture_output=True, check=False)
    listed = json.loads(report.read_text(encoding="utf-8"))["files"]
    assert len(listed) > 3
    # Where it stands does not matter: the sentence names its procedure or module.
    place = re.compile(r"(inside|in) '\w+'|Module '\w+'")
    return {(each["rule_id"], place.sub("", each["message"])) for file in listed for each in file["issues"]}


def test_static_analysis_finds_nothing_beyond_what_it_says_of_xlwings_itself(tmp_path, xlam, com_sources):
    tool("pyopenvba")
    if not Path(sys.executable).with_name("vbalidator").exists():
        assert not os.environ.get("CI")
        pytest.skip("vbalidator is only needed to check the add-in")
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder, path in ((ours, xlam), (theirs, vba_source.xlwings_folder() / "quickstart_addin_ribbon.xlam")):
        folder.mkdir()
        for name, source in com_sources(path).items():
            suffix = "cls" if name in {"ThisWorkbook", "Sheet2", "Dictionary"} else "bas"
            (folder / f"{name}.{suffix}").write_text(f'Attribute VB_Name = "{name}"\n{source}', encoding="utf-8")
    baseline = findings(theirs)
    assert baseline
    assert findings(ours) - baseline == set()


@pytest.mark.parametrize("name", functions())
def test_each_function_is_a_public_function_of_vba_with_its_arguments(vba, name):
    spec = functions()[name]
    line = re.search(rf"(?m)^Public Function {name}\((.*)\) As Variant$", vba["VideoFunctions"])
    declared = [part.split()[1] for part in line[1].split(", ")] if line[1] else []
    assert declared == argument_names(spec)
    assert [each.rstrip("_") for each in declared] == [parameter.name for parameter in spec.parameters]
    assert all(part.startswith("Optional ") for part in filter(None, line[1].split(", ")))


def test_no_line_is_longer_than_vba_takes(vba):
    assert max(len(line) for source in vba.values() for line in source.splitlines()) < 1023


def test_only_our_functions_show_in_the_wizard(vba):
    for name, source in vba.items():
        public = re.findall(r"(?mi)^(?:Public )?Function (\w+)", source)
        if "Option Private Module" not in source and name != "VideoFunctions":
            assert public == [], name
    assert re.findall(r"(?m)^Public Function (\w+)", vba["VideoFunctions"]) == list(functions())


def test_the_help_sheet_holds_every_function_and_argument_and_is_the_last_sheet(parts):
    assert re.findall(rb'<sheet name="([^"]+)"', parts["xl/workbook.xml"]) == [b"_IntelliSense_"]
    sheet = ElementTree.fromstring(parts["xl/worksheets/sheet1.xml"])
    rows = [[text.text for text in row.iter(f"{MAIN}t")] for row in sheet.iter(f"{MAIN}row")]
    assert rows[0][0] == "FunctionInfo"
    for row, (name, spec) in zip(rows[1:], functions().items(), strict=True):
        pairs = zip(argument_names(spec), spec.parameters, strict=True)
        assert row == [name, spec.help, *(text for key, parameter in pairs for text in (key, parameter.help))]


def test_the_ribbon_has_the_buttons_with_an_icon_a_tip_and_an_action_that_exists(parts, vba):
    root = ElementTree.fromstring(parts["customUI/customUI.xml"])
    assert root.tag == f"{RIBBON}customUI"
    (tab,) = root.iter(f"{RIBBON}tab")
    assert tab.get("label") == "Video cost"
    buttons = list(tab.iter(f"{RIBBON}button"))
    assert [button.get("label") for button in buttons] == BUTTONS
    identifiers = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(identifiers)) == len(identifiers)
    for button in buttons:
        assert set(button.attrib) == {"id", "label", "size", "imageMso", "onAction", "screentip", "supertip"}
        assert len(button.get("screentip")) <= 255
        assert len(button.get("supertip")) <= 1023
        module, _, procedure = button.get("onAction").partition(".")
        assert re.search(rf"(?m)^Public Sub {procedure}\(control As IRibbonControl\)$", vba[module])


def test_a_button_calls_only_functions_that_python_has(vba, server):
    import importlib

    from vidcost_xl.addin.actions import ACTIONS

    ribbon = importlib.import_module("vidcost_xl.addin.ribbon")
    text = vba["VideoRibbon"] + vba["VideoJobs"]
    called = set(re.findall(r'(?:Answer|RibbonCall)\("(\w+)"', text))
    assert called == {"start_job", "job_state", "cancel_job", "explanations", "function_reference", "about"}
    assert all(hasattr(getattr(ribbon, name), "__xlfunc__") for name in called)
    assert set(re.findall(r'(?:BeginJob|WorkOnCopy) "(\w+)"', text)) == set(ACTIONS)
    labels = {element.label for element in ACTIONS.values()}
    assert labels <= set(BUTTONS), "messages call it as the button"


def test_vba_calls_no_function_of_windows_beyond_those_of_xlwings(vba):
    # Rules of organisations look for such declarations.
    assert not [
        name for name, source in vba.items() if re.search(r"(?mi)^[^'\n]*\bDeclare\b", source) and name != "xlwings"
    ]


def test_every_part_is_sound_xml_and_every_relationship_leads_somewhere(parts):
    for name, data in parts.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(data)
        if name.endswith(".rels"):
            folder = name.replace("_rels/", "").rpartition("/")[0]
            for relation in ElementTree.fromstring(data):
                target = relation.get("Target")
                assert (f"{folder}/{target}" if folder else target) in parts
    types = ElementTree.fromstring(parts["[Content_Types].xml"])
    overridden = {element.get("PartName").lstrip("/") for element in types if element.get("PartName")}
    assert overridden <= parts.keys()
    assert b"application/vnd.ms-excel.addin.macroEnabled.main+xml" in parts["[Content_Types].xml"]
    assert b"fullCalcOnLoad" not in parts["xl/workbook.xml"]


def test_nothing_in_it_names_a_person_a_machine_or_a_key(parts, vba):
    text = b"".join(data for name, data in parts.items() if name != "xl/vbaProject.bin").decode("utf-8")
    code = "\n".join(vba.values())
    here = (str(Path.home()) + "/", str(Path(__file__).parents[2]), tempfile.gettempdir() + "/", "C:\\Users")
    for word in ("felix", *here, "license_key", "absPath", "password"):
        assert word.lower() not in text.lower(), word
        assert word.lower() not in code.lower(), word
    raw = parts["xl/vbaProject.bin"].decode("latin-1")
    for word in ("felix", *here):
        assert word not in raw
        assert word not in parts["xl/vbaProject.bin"].decode("utf-16-le", errors="ignore")
    assert "ActiveWorkbook" not in vba["xlwings"] + vba["VideoServer"] + vba["VideoFunctions"]
    assert not {entry for entry in parts if entry.startswith("docProps/")}


def test_xlwings_licence_and_declarations_stand_word_for_word(vba):
    assert "xlwings is distributed under a BSD 3-clause license." in vba["xlwings"]
    assert 'Public Const XLWINGS_VERSION As String = "0.37.8"' in vba["xlwings"]
    assert xlwings_header().strip() in vba["xlwings"]
    for dropped in ("RunPython", "GetConfig", "ImportPythonUDFs", "PYTHONPATH", "conda"):
        assert dropped not in vba["xlwings"]


def test_the_command_in_vba_is_the_one_of_the_server_module(vba):
    assert f'START_COMMAND As String = "{COMMAND.replace(chr(34), chr(34) * 2)}"' in vba["VideoServer"]


def test_every_module_asks_for_declared_variables(vba):
    assert [name for name, source in vba.items() if "Option Explicit" not in source] == ["Sheet2", "xlwings"]


def test_another_release_of_xlwings_is_noticed(tmp_path, monkeypatch):
    (tmp_path / "xlwings.bas").write_text("' another one\n", encoding="utf-8")
    monkeypatch.setattr(vba_source, "xlwings_folder", lambda: tmp_path)
    with pytest.raises(BuildError, match="not the one"):
        xlwings_header()


def test_the_dll_is_of_the_release_that_is_installed():
    from importlib.metadata import version

    assert version("xlwings") == re.search(r'XLWINGS_VERSION As String = "([\d.]+)"', xlwings_header())[1]
