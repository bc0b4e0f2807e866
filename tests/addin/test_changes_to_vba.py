"""What the buttons and events must do, and changes to the shipped VBA that must not go unnoticed.

Each case states what the VBA does, as a user of Excel would see it; it holds for the VBA that ships. Each row of
`CHANGES` takes something away from that VBA in memory and names the case that has to fail then: a case that no
longer notices is a test of nothing, and is itself an error here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("pyopenvba")
sys.path.insert(0, str(Path(__file__).parent))

from pyopenvba.interpreter import EMPTY
from stand_in import HERE, VERSION, Excel, Thing, book, cell, shipped

MADE = "C:\\T\\vidcost-1\\made.xlsx"

#: The buttons that work on the open workbook: what each asks of Python, and with whose name.
WORKBOOK_BUTTONS = {
    "VideoCheck": ("check_findings",),
    "VideoRefresh": ("refreshed",),
    "VideoAudit": ("self_audited",),
    "VideoHandoff": ("handed_off", "Ada"),
    "VideoSign": ("signed", "Ada"),
    "VideoVerify": ("verified",),
}


def pressed(sources, button, told=""):
    """A button that works on the open workbook: Excel, and the copy that Python got."""
    saved = []
    plan = book(SaveCopyAs=lambda path: (saved.append(str(path)), excel.files.add(str(path))))
    function = WORKBOOK_BUTTONS[button][0]

    def answer(copy, *_):
        assert str(copy) in excel.files, "Python gets a file that is there"
        excel.files.add(MADE)
        return MADE + told

    excel = Excel(sources, {function: answer}, [plan])
    excel.press(button)
    return excel, saved


def case_workbook_buttons(sources):
    """Each opens what Python made of a copy of the workbook, and leaves no copy behind."""
    for button, (function, *user) in WORKBOOK_BUTTONS.items():
        excel, saved = pressed(sources, button)
        assert (excel.told, len(saved)) == ([], 1), button
        assert excel.calls == [(function, saved[0], *user)]
        assert saved[0].endswith("\\plan.xlsx")
        assert excel.done == [("copy of", MADE)]
        assert [file for file in excel.files if file.endswith(".xlsx")] == []


def case_message_behind_a_result(sources):
    """What Python says beside the file, such as the seal of a signature, is shown."""
    assert pressed(sources, "VideoSign", "\x01the seal")[0].told == ["the seal"]


def case_refusal(sources):
    """Why Python refuses is shown, and nothing opens."""
    excel = Excel(sources, {"price_list": "?no price book"}).press("VideoPrices")
    assert (excel.told, excel.done) == (["no price book"], [])


def case_reference_buttons(sources):
    """Prices and Help open what Python wrote, and the file in the temporary folder goes."""
    for button, function in {"VideoPrices": "price_list", "VideoHelpSheet": "function_reference"}.items():
        excel = Excel(sources, {function: MADE})
        excel.files.add(MADE)
        excel.press(button)
        assert excel.told == []
        assert ([name for name, _ in excel.calls], excel.done, excel.files) == ([function], [("copy of", MADE)], set())


def case_new_workbook(sources):
    """It is made where the user says, and opened; a user who cancels gets none."""
    excel = Excel(sources, {"new_workbook": lambda path: path}, saves_as="C:\\my.xlsx").press("VideoNewWorkbook")
    assert (excel.told, excel.calls) == ([], [("new_workbook", "C:\\my.xlsx")])
    assert excel.done == [("open", "C:\\my.xlsx")]
    assert Excel(sources, saves_as=False).press("VideoNewWorkbook").calls == []


def case_explanation(sources):
    """Of a cell that a result spilled into, its anchor is explained; each call gets a sheet, of values alone."""
    anchor = cell("$B$2", "=VIDEO_A()+VIDEO_B()")
    spilled = cell("$B$3", "", HasSpill=True, SpillParent=anchor)
    excel = Excel(sources, {"explanations": "=VIDEO_EXPLAIN(1)\x01=VIDEO_EXPLAIN(2)"}, cell=spilled).press(
        "VideoExplain"
    )
    assert excel.told == []
    assert excel.calls == [("explanations", "=VIDEO_A()+VIDEO_B()", "plan.xlsx", "Sheet1")]
    assert len(excel.made) == 2
    for number, sheet in enumerate(excel.made, start=1):
        formula = f"=VIDEO_EXPLAIN({number})"
        assert sheet.others["A1"].members["value2"] == "plan.xlsx, Sheet1, B2"
        assert sheet.others["A3"].members["value2"] == f"'{formula}"
        assert ("Formula2", formula) in sheet.anchor.written
        assert sheet.anchor.members["formula2"] == "", "the formula would change with the workbook it explains"
        values = sheet.table.members["value2"]
        assert values is not EMPTY and values.items == ["step", 5.0]


def case_start(sources):
    """On opening, the add-in defers its start; then it sets the wizard's help and looks at every open workbook."""
    stray = [book(f"{name}.xlsx", ["D:\\vidcost.xlam"]) for name in "ab"]
    excel = Excel(sources, books=stray)
    excel.run("Workbook_Open")
    assert (excel.pending, excel.done, excel.calls) == (["'vidcost.xlam'!VideoStart"], [], [])
    excel.pending.clear()
    excel.start()
    assert [each.changed for each in stray] == [[("D:\\vidcost.xlam", HERE)]] * 2
    assert ("help", "VIDEO_EGRESS") in excel.done


def case_events(sources):
    """A workbook that opens later is linked to this add-in; the first that is activated brings the help."""
    excel = Excel(sources).start()
    assert excel.done == []
    late = book(links=["D:\\vidcost.xlam"])
    excel.raise_event("WorkbookOpen", late)
    assert late.changed == [("D:\\vidcost.xlam", HERE)]
    excel.application.members["activeworkbook"] = late
    excel.raise_event("WorkbookActivate", late)
    assert ("help", "VIDEO_EGRESS") in excel.done


def case_stamp(sources):
    """After an upgrade the check cell of a workbook turns FALSE, and opening alone does not ask for saving."""
    stamp, verdict = (Thing("Range", Value2=value) for value in ("vidcost-xl 0.0.1", True))
    ours = book(names={"vidcost_stamp": stamp, "vidcost_stamp_ok": verdict})
    Excel(sources, books=[ours]).run("VideoOpened", ours)
    assert verdict.members["value2"] is False
    assert ours.written == [("Saved", True)]
    same = Thing("Range", Value2=VERSION)
    current = book(names={"vidcost_stamp": same, "vidcost_stamp_ok": verdict})
    Excel(sources, books=[current]).run("VideoOpened", current)
    assert verdict.members["value2"] is True


def case_recalculation(sources):
    """Python starts again, links are mended, everything is computed."""
    stray = book(links=["D:\\vidcost.xlam"])
    excel = Excel(sources, {"price_list": "?"}, [stray])
    excel.press("VideoPrices")
    excel.press("VideoRecalculate")
    assert excel.commands == [1, -1]
    assert stray.changed == [("D:\\vidcost.xlam", HERE)]
    assert excel.done == [("rebuild",)]


def case_other_links(sources):
    """Links to other files stay."""
    other = book(links=["C:\\data\\budget.xlsx", "C:\\myvidcost.xlam"])
    Excel(sources, books=[other]).run("VideoOpened", other)
    assert other.changed == []


def case_argument_of_a_cell(sources):
    """A cell is sent as its Value2: a currency is not cut to four places."""
    excel = Excel(sources, {"VIDEO_EGRESS": 7.0})
    rows = Thing("Range", Count=1)
    sheet = Thing("Worksheet", Rows=Thing("Range", Count=1_048_576))
    given = Thing("Range", Areas=Thing("Areas", Count=1), Rows=rows, Worksheet=sheet, Value2=4.65625, Value=4.6562)
    assert excel.run("VIDEO_EGRESS", given, "PB") == 7.0
    assert excel.calls == [("VIDEO_EGRESS", 4.65625, "PB")]


CASES = {name.removeprefix("case_"): case for name, case in list(globals().items()) if name.startswith("case_")}

#: What is changed: the text before, which stands in the VBA once, and after; the case that fails then.
CHANGES = {
    "buttons do nothing": ("    Workbooks.Add made(0)", "", "workbook_buttons"),
    "buttons stop at once": ("    copied = CopyOf(ActiveWorkbook)", "    Exit Sub", "workbook_buttons"),
    "no SaveCopyAs": ("    book.SaveCopyAs CopyOf", "", "workbook_buttons"),
    "Check asks for what Python lacks": ('"check_findings"', '"findings"', "workbook_buttons"),
    "Prices opens nothing": ("    Workbooks.Add path", "", "reference_buttons"),
    "Prices asks nothing": ('    OpenCopy "price_list"', "", "reference_buttons"),
    "the explanation stays live": ('    sheet.Range("A5").ClearContents', "", "explanation"),
    "the explanation is emptied": ("    table.Value2 = values", "", "explanation"),
    "no anchor": ("    If cell.HasSpill Then Set FormulaCell = cell.SpillParent", "", "explanation"),
    "events not connected": ("    Set excelEvents = Application", "", "events"),
    "events not declared": ("Private WithEvents", "Private", "events"),
    "start skips open books": ("        VideoOpened book", "", "start"),
    # Of the same kinds.
    "start is not deferred": ("    Application.OnTime Now, ", "    ' ", "start"),
    "no help at the start": ("    SetHelp\n    For Each", "    For Each", "start"),
    "no help later": ("ByVal Wb As Workbook)\n    SetHelp", "ByVal Wb As Workbook)", "events"),
    "a later book is not looked at": ("    VideoOpened Wb", "", "events"),
    "only the first call is explained": ("For i = 0 To UBound(formulas)", "For i = 0 To 0", "explanation"),
    "Verify signs": ('OpenMade "verified"', 'OpenMade "signed", Application.UserName', "workbook_buttons"),
    "nobody signs": ('"signed", Application.UserName', '"signed"', "workbook_buttons"),
    "the copy stays": ("    Discard copied", "", "workbook_buttons"),
    "the seal is not shown": ("    If UBound(made) > 0 Then Tell CStr(made(1))", "", "message_behind_a_result"),
    "a refusal is not shown": ("        Tell Mid$(Answer, 2)", "", "refusal"),
    "the new workbook stays closed": ('    If path <> "" Then Workbooks.Open path', "", "new_workbook"),
    "Python runs on": ("    KillPy\n", "", "recalculation"),
    "nothing is computed": ("    Application.CalculateFullRebuild", "", "recalculation"),
    "every link is stray": ("(LCase$(FileNameOf(link)) = LCase$(FileNameOf(here)))", "True", "other_links"),
    "the stamp is not read": ("    CheckStamp book", "", "stamp"),
    "currency is cut": ("SentRange = cells.Value2", "SentRange = cells.Value", "argument_of_a_cell"),
}


@pytest.fixture(scope="module")
def sources():
    return shipped()


@pytest.mark.parametrize("name", CASES)
def test_the_shipped_vba_does_as_the_case_says(sources, name):
    CASES[name](sources)


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_to_the_vba_turns_its_case_red(sources, what):
    before, after, case = CHANGES[what]
    (module,) = [name for name, source in sources.items() for _ in range(source.count(before))]
    with pytest.raises(AssertionError):
        CASES[case]({**sources, module: sources[module].replace(before, after)})
