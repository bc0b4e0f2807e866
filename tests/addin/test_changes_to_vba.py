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

from pyopenvba.interpreter import EMPTY, VBARuntimeError
from stand_in import ALLOWED, AUTOMATIC, HERE, VERSION, Excel, Thing, book, cell, sheet, shipped

from vidcost_xl.addin.actions import ACTIONS

MADE = "C:\\T\\vidcost-1\\made.xlsx"
POLL = "'vidcost.xlam'!VideoPoll"
DOCTOR = "C:\\L\\vidcost-xl\\vidcost.cmd"

#: The buttons that work on the open workbook: what each asks of Python, and with whose name.
WORKBOOK_BUTTONS = {
    "VideoCheck": ("check_findings",),
    "VideoRefresh": ("refreshed",),
    "VideoDecide": ("decided",),
    "VideoAudit": ("self_audited",),
    "VideoHandoff": ("handed_off", "Ada"),
    "VideoSign": ("signed", "Ada"),
    "VideoVerify": ("verified",),
}


class Begun:
    """A button that works on the open workbook was pressed: Excel, and what the Python of the case has of it."""

    def __init__(self, sources, button="VideoSign", result=MADE, books=1, refusal=""):
        self.refusal = refusal
        self.saved, self.result, self.over, self.begun = [], result, False, 0
        self.plans = [book(f"plan{number or ''}.xlsx", SaveCopyAs=self.save) for number in range(books)]
        answers = {"start_job": self.start, "job_state": self.state, "cancel_job": self.cancel}
        self.excel = Excel(sources, answers, self.plans)
        self.excel.press(button)

    def save(self, path):
        self.saved.append(str(path))
        self.excel.files.add(str(path))

    def start(self, action, subject, path, user):
        assert str(action) in ACTIONS
        assert not path or str(path) in self.excel.files, "Python gets a file that is there"
        self.begun += 1
        return self.refusal or f"{self.begun}\x01{action} of {subject}"

    def state(self, number):
        if not self.over:
            return f"~job {number}, 3 s"
        self.excel.files.add(MADE)
        return self.result

    def cancel(self, number):
        return f"{number} was cancelled"

    def done(self):
        """Python is done; Excel becomes idle."""
        self.over = True
        self.excel.idle()
        return self.excel

    def activate(self, number):
        self.excel.application.members["activeworkbook"] = self.plans[number]
        return self.excel

    def asked(self, function):
        return [values for name, *values in self.excel.calls if name == function]


def case_workbook_buttons(sources):
    """Each has Python work on a copy of the workbook, and returns at once; what was made of it opens later."""
    for button, (function, *user) in WORKBOOK_BUTTONS.items():
        work = Begun(sources, button)
        excel = work.excel
        assert (excel.told, len(work.saved), excel.done) == ([], 1, []), button
        assert excel.calls == [("start_job", function, "plan.xlsx", work.saved[0], *(user or [""]))]
        assert work.saved[0].endswith("\\plan.xlsx")
        assert work.done().done == [("copy of", MADE)]
        assert MADE not in excel.files, "the user has an unsaved copy of it"
        assert excel.told == []


def case_progress(sources):
    """The status bar says how far Python is, each second, until it is done; then Excel has its bar back."""
    work = Begun(sources)
    excel = work.excel
    assert excel.bar == "Video cost: signed of plan.xlsx begins."
    for _ in range(3):
        assert excel.pending == [POLL]
        excel.idle()
        assert excel.bar == "job 1, 3 s"
    assert work.asked("job_state") == [["1"]] * 3
    work.done()
    assert (excel.bar, excel.pending) == (None, [])


def case_cancel(sources):
    """Cancel ends what runs for the active workbook, says so, and nothing opens; then the workbook is free again."""
    work = Begun(sources, books=2)
    work.activate(1).press("VideoCheck")
    excel = work.activate(0).press("VideoCancel")
    assert (work.asked("cancel_job"), excel.told) == ([["1"]], ["1 was cancelled"])
    assert excel.pending == [POLL], "the other goes on"
    assert excel.idle().bar == "job 2, 3 s"
    excel.press("VideoCancel")
    assert (work.asked("cancel_job"), excel.bar, excel.pending) == ([["1"], ["2"]], None, [])
    assert (excel.done, excel.press("VideoCancel").told[2:]) == ([], ["Nothing is running."])
    assert excel.press("VideoSign").told[3:] == [], "begins again"


def case_which_to_cancel(sources):
    """Where others run and nothing for the active workbook, none is ended, and they are named."""
    work = Begun(sources, books=3)
    work.activate(1).press("VideoCheck")
    (told,) = work.activate(2).press("VideoCancel").told
    assert told.endswith("is to end: signed of plan.xlsx, check_findings of plan1.xlsx.")
    assert work.asked("cancel_job") == []


def case_one_at_a_time(sources):
    """While Python works for a workbook, its buttons say so and copy nothing; those of another work."""
    work = Begun(sources, books=2)
    excel = work.excel.press("VideoCheck")
    assert excel.told == ["signed of plan.xlsx is running. Wait for it, or press Cancel first."]
    assert (len(work.saved), work.begun) == (1, 1)
    work.activate(1).press("VideoCheck")
    assert work.begun == 2
    assert excel.press("VideoPrices").told[1:] == [], "no workbook at all is another one"
    assert excel.press("VideoPrices").told[1:] == ["price_list of  is running. Wait for it, or press Cancel first."]


def gone():
    raise VBARuntimeError(-2147221080, "Automation error")


def case_closed_meanwhile(sources):
    """The work for a workbook that was closed ends without a word, and Excel has its bar back."""
    work = Begun(sources)
    work.plans[0].members["name"] = gone
    excel = work.excel.idle()
    assert (work.asked("cancel_job"), excel.told, excel.done) == ([["1"]], [], [])
    assert (excel.bar, excel.pending) == (None, [])


def case_excel_quits(sources):
    """Nothing is owed to a file that closes, or Excel would open it again; somebody who stays is served on."""
    work = Begun(sources)
    excel = work.excel
    excel.start()
    excel.run("Workbook_BeforeClose", False)
    assert (excel.pending, excel.bar) == ([], None)
    excel.raise_event("WorkbookActivate", work.plans[0])
    assert excel.pending == [POLL]
    assert work.done().done[-1] == ("copy of", MADE)
    excel.run("Workbook_BeforeClose", False)
    assert excel.told == []


def case_python_ends_meanwhile(sources):
    """Work that Python lost is said once, with the reason; nothing waits for it any more."""
    work = Begun(sources)
    excel = work.excel
    excel.broken = True
    excel.idle()
    (told,) = excel.told
    assert told.startswith("signed of plan.xlsx ended: Python does not answer. Python process exited")
    assert (excel.bar, excel.pending, excel.idle().told) == (None, [], [told])
    refused = Begun(sources, result="?Sign of plan.xlsx ended without a result (code 9). The log: C:\\v.log.")
    assert refused.done().told == ["Sign of plan.xlsx ended without a result (code 9). The log: C:\\v.log."]
    assert (refused.excel.bar, refused.excel.pending, refused.excel.done) == (None, [], [])


def case_python_does_not_begin(sources):
    """What keeps Python from beginning is said, and no copy and nothing to wait for is left."""
    excel = Excel(sources, books=[book(SaveCopyAs=lambda path: excel.files.add(str(path)))])
    excel.broken = True
    excel.press("VideoCheck")
    assert ["Press Doctor" in told or "exited" in told for told in excel.told] == [True]
    assert (excel.bar, excel.pending) == (None, [])
    assert [file for file in excel.files if file.endswith(".xlsx")] == []


def case_doctor(sources):
    """The doctor runs in a window that stays, and Python is not asked; what is in its way is said."""
    excel = Excel(sources)
    excel.broken = True
    excel.press("VideoDoctor")
    assert (excel.done, len(excel.told)) == ([], 1)
    assert DOCTOR in excel.told[0] and "install.ps1" in excel.told[0]
    excel.files.add(DOCTOR)
    excel.press("VideoDoctor")
    assert excel.done == [("program", f'C:\\W\\cmd.exe /d /s /k ""{DOCTOR}" doctor"', 1)]
    excel.no_programs = True
    (told,) = excel.press("VideoDoctor").told[1:]
    assert "Permission denied" in told and f'"{DOCTOR}" doctor' in told
    assert (excel.commands, excel.calls) == ([], [])


def case_protected_view(sources):
    """Without a workbook that can be edited, a button says so, and Python is not asked."""
    for button in ("VideoExplain", "VideoCheck"):
        excel = Excel(sources).press(button)
        assert (["Enable Editing" in told for told in excel.told], excel.calls) == ([True], []), button


def case_message_behind_a_result(sources):
    """What Python says beside the file, such as the seal of a signature, is shown."""
    assert Begun(sources, result=f"{MADE}\x01the seal").done().told == ["the seal"]


def case_refusal(sources):
    """Why Python refuses is shown, and nothing opens."""
    for button, function in {"VideoPrices": "start_job", "VideoHelpSheet": "function_reference"}.items():
        excel = Excel(sources, {function: "?no such work"}).press(button)
        assert (excel.told, excel.done, excel.pending, excel.bar) == (["no such work"], [], [], None)
    work = Begun(sources, refusal="?no such work")
    assert (work.excel.told, len(work.saved), work.excel.files) == (["no such work"], 1, set()), "the copy goes"


def case_reference_buttons(sources):
    """Prices and Help open what Python wrote, and the file in the temporary folder goes."""
    excel = Excel(sources, {"function_reference": MADE})
    excel.files.add(MADE)
    excel.press("VideoHelpSheet")
    assert (excel.told, excel.calls) == ([], [("function_reference", "")])
    assert (excel.done, excel.files) == ([("copy of", MADE)], set())
    work = Begun(sources, "VideoPrices")
    assert work.asked("start_job") == [["price_list", "", "", ""]]
    assert (work.done().done, work.excel.files) == ([("copy of", MADE)], set())


def case_new_workbook(sources):
    """It is made where the user says, and opened; a user who cancels gets none."""
    answers = {"start_job": "1\x01New workbook", "job_state": "C:\\my.xlsx"}
    excel = Excel(sources, answers, saves_as="C:\\my.xlsx").press("VideoNewWorkbook")
    assert (excel.told, excel.calls) == ([], [("start_job", "new_workbook", "", "C:\\my.xlsx", "")])
    assert excel.idle().done == [("open", "C:\\my.xlsx")]
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
    for number, made in enumerate(excel.made, start=1):
        formula = f"=VIDEO_EXPLAIN({number})"
        assert made.others["A1"].members["value2"] == "plan.xlsx, Sheet1, B2"
        assert made.others["A3"].members["value2"] == f"'{formula}"
        assert ("Formula2", formula) in made.anchor.written
        assert made.anchor.members["formula2"] == "", "the formula would change with the workbook it explains"
        values = made.table.members["value2"]
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
    stamp, verdict = stamped()
    ours = book(names={"vidcost_stamp": stamp, "vidcost_stamp_ok": verdict})
    Excel(sources, books=[ours]).run("VideoOpened", ours)
    assert verdict.members["value2"] is False
    assert set(ours.written) == {("Saved", True)}
    same = Thing("Range", Value2=VERSION)
    current = book(names={"vidcost_stamp": same, "vidcost_stamp_ok": verdict})
    Excel(sources, books=[current]).run("VideoOpened", current)
    assert verdict.members["value2"] is True


def stamped(*, protected=False, locked=False):
    """The two cells that a workbook of another version is known by."""
    place = Thing("Worksheet", ProtectContents=protected)
    verdict = Thing("Range", Value2=True, Worksheet=place, Locked=locked)
    return Thing("Range", Value2="vidcost-xl 0.0.1"), verdict


def case_no_stamp(sources):
    """None where Excel saves by itself, or where nobody can write; and Python is not even asked."""
    kinds = [({"ReadOnly": True}, {}), ({"AutoSaveOn": True}, {}), ({}, {"protected": True, "locked": True})]
    for members, cells in kinds:
        stamp, verdict = stamped(**cells)
        kept = book(names={"vidcost_stamp": stamp, "vidcost_stamp_ok": verdict}, **members)
        excel = Excel(sources)
        excel.run("VideoOpened", kept)
        assert (verdict.written, excel.calls) == ([], [])
    stamp, verdict = stamped(protected=True)
    Excel(sources).run("VideoOpened", book(names={"vidcost_stamp": stamp, "vidcost_stamp_ok": verdict}))
    assert verdict.members["value2"] is False, "our sheets are protected, and this cell is open"


def opened_with(sources, page, names=("vidcost_stamp",)):
    ours = book(names={name: Thing("Range", Value2=VERSION) for name in names}, Worksheets=Thing("Sheets", [page]))
    excel = Excel(sources, books=[ours])
    excel.run("VideoOpened", ours)
    return excel, ours


def case_entered_again(sources):
    """In a workbook of ours, the VIDEO functions that show #NAME? are entered again; what else shows it is not."""
    page = sheet(["=VIDEO_EGRESS()", "=OTHER()", None, "=TRANSPOSE(video_own(x))"])
    excel, ours = opened_with(sources, page)
    assert page.state["entered"] == [(1, "=VIDEO_EGRESS()"), (4, "=TRANSPOSE(video_own(x))")]
    assert excel.application.members["calculation"] == AUTOMATIC
    assert ("Saved", True) in ours.written, "opening alone does not ask for saving"
    assert opened_with(sources, sheet(["=VIDEO_EGRESS()"]), names=())[1].written == [], "not of ours"
    part = sheet(["=VIDEO_A()", "=VIDEO_B()"], password="", stuck=1)
    opened_with(sources, part)
    assert (part.state["entered"], part.state["protected"]) == ([(2, "=VIDEO_B()")], True)
    huge = sheet(["=VIDEO_A()"], count=1_000_001)
    opened_with(sources, huge)
    assert huge.state["entered"] == []


def case_protection(sources):
    """A sheet without a password is protected again as it was; one with a password stays as it is."""
    page = sheet(["=VIDEO_EGRESS()"], password="")
    opened_with(sources, page)
    assert page.state["entered"] == [(1, "=VIDEO_EGRESS()")]
    expected = {f"allow{what}".lower(): what != "DeletingRows" for what in ALLOWED}
    assert page.state["protected as"] == {"drawingobjects": False, "contents": True, "scenarios": False, **expected}
    secret = sheet(["=VIDEO_EGRESS()"], password="x")
    excel, _ = opened_with(sources, secret)
    assert (secret.state["entered"], secret.state["protected"], secret.state["protected as"]) == ([], True, None)
    assert excel.application.members["calculation"] == AUTOMATIC


def case_patience(sources):
    """After a failed start nothing waits for Python again, until "Recalculate all" or ten minutes."""
    excel = Excel(sources, {"start_job": "?started"})
    excel.broken = True
    excel.press("VideoPrices")
    excel.broken, excel.now = False, excel.now + 599
    excel.press("VideoPrices")
    assert excel.commands == [1]
    assert excel.told[0] == excel.told[1]
    assert "Python process exited" in excel.told[0] and "Recalculate all" in excel.told[0]
    excel.now += 2
    excel.press("VideoPrices")
    assert (excel.commands, excel.told[2:]) == ([1, 1], ["started"])
    again = Excel(sources, {"start_job": "?started"})
    again.broken = True
    again.press("VideoPrices")
    again.broken = False
    again.press("VideoRecalculate").press("VideoPrices")
    assert (again.commands, again.told[1:]) == ([1, 1], ["started"])


def case_help(sources):
    """While Excel refuses the help of one function, all are described again with the next workbook; then no more."""
    excel = Excel(sources, books=[book()])
    excel.no_help = "VIDEO_EGRESS"
    excel.start()
    refused = len(excel.done)
    excel.no_help = ""
    excel.raise_event("WorkbookActivate", book())
    assert len(excel.done) == 2 * refused + 1
    excel.raise_event("WorkbookActivate", book())
    assert len(excel.done) == 2 * refused + 1


def case_about(sources):
    """Without Python it says why, and names the button and the command that examine the computer."""
    excel = Excel(sources)
    excel.broken = True
    (told,) = excel.press("VideoAbout").told
    assert told.startswith("Python does not answer. Python process exited")
    assert HERE in told and f'or Windows+R and run cmd /k ""{DOCTOR}" doctor",' in told


def case_recalculation(sources):
    """Python starts again, links are mended, everything is computed."""
    page = sheet(["=VIDEO_EGRESS()"])
    stray = book(links=["D:\\vidcost.xlam"], Worksheets=Thing("Sheets", [page]))
    excel = Excel(sources, {"start_job": "?"}, [stray])
    excel.press("VideoPrices")
    excel.press("VideoRecalculate")
    assert excel.commands == [1, -1]
    assert stray.changed == [("D:\\vidcost.xlam", HERE)]
    assert page.state["entered"] == [(1, "=VIDEO_EGRESS()")]
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
    "buttons do nothing": ("        Workbooks.Add made(0)", "", "workbook_buttons"),
    "buttons stop at once": ("    copied = CopyOf(ActiveWorkbook)", "    Exit Sub", "workbook_buttons"),
    "no SaveCopyAs": ("    book.SaveCopyAs CopyOf", "", "workbook_buttons"),
    "Check asks for what Python lacks": ('"check_findings"', '"findings"', "workbook_buttons"),
    "Prices asks nothing": (
        "    If Not IsBusy(Nothing) Then BeginJob",
        "    If False Then BeginJob",
        "reference_buttons",
    ),
    "Help opens nothing": ('    ShowResult RibbonCall("function_reference", Array("")), ""', "", "reference_buttons"),
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
    "Verify signs": ('WorkOnCopy "verified", ""', 'WorkOnCopy "signed", Application.UserName', "workbook_buttons"),
    "nobody signs": ('"signed", Application.UserName', '"signed", ""', "workbook_buttons"),
    "the copy stays": ('    If copied <> "" Then Discard copied', "", "python_does_not_begin"),
    "the seal is not shown": ("    If UBound(made) > 0 Then Tell CStr(made(1))", "", "message_behind_a_result"),
    "Protected View is not explained": (
        "        Tell NOTHING_OPEN\n        Exit Sub\n    End If\n    If IsBusy",
        "End If\nIf IsBusy",
        "protected_view",
    ),
    "a refusal is not shown": ("        Tell Mid$(answered, 2)", "", "refusal"),
    "the new workbook stays closed": ("        Workbooks.Open made(0)", "", "new_workbook"),
    "the new workbook opens unsaved": ("    If action = SAVED Then", "    If False Then", "new_workbook"),
    "Python runs on": ("    KillPy\n", "", "recalculation"),
    "nothing is computed": ("    Application.CalculateFullRebuild", "", "recalculation"),
    "every link is stray": ("(LCase$(FileNameOf(link)) = LCase$(FileNameOf(here)))", "True", "other_links"),
    "the stamp is not read": ("    CheckStamp book", "", "stamp"),
    "stamp in a read-only book": ("book.ReadOnly Or ", "", "no_stamp"),
    "stamp where Excel saves": (" Or SavesItself(book)", "", "no_stamp"),
    "no stamp on our sheets": ("ProtectContents And verdict.Locked", "ProtectContents", "no_stamp"),
    "stays #NAME?": ("    cell.Formula2 = cell.Formula2", "", "entered_again"),
    "foreign functions are entered": ('"VIDEO_", vbTextCompare) > 0', '"", vbTextCompare) > 0', "entered_again"),
    "foreign books are written": (
        '    If Not NamedCell(book, "vidcost_stamp") Is Nothing Then',
        "    If True Then",
        "entered_again",
    ),
    "protection keeps #NAME?": ('        sheet.Unprotect ""', "", "protection"),
    "protection is lost": ("    If wasProtected Then", "    If False Then", "protection"),
    "protection forbids more": ("allowed(0), ", "False, ", "protection"),
    "calculation stays manual": (
        "    If Application.Calculation <> mode Then Application.Calculation = mode",
        "",
        "protection",
    ),
    "a start waits again": ("PATIENCE_SECONDS As Single = 600", "PATIENCE_SECONDS As Single = 10", "patience"),
    "Recalculate all does not try": ('    failure = ""\n    If startCommand', "    If startCommand", "patience"),
    "help is given up": ("    helpIsSet = DescribeFunctions()", "    DescribeFunctions\n    helpIsSet = True", "help"),
    "help is set again and again": ("    If helpIsSet Then Exit Sub", "", "help"),
    "one cell stops the others": ("    On Error Resume Next\n    cell.F", "    cell.F", "entered_again"),
    "a huge sheet is read": ("CountLarge > MOST_CELLS", "CountLarge < 0", "entered_again"),
    "About gives no advice": (" & vbLf & vbLf & ServerAdvice()", "", "about"),
    "advice names no command": ('"vidcost.conf", "vidcost.cmd"', '"", ""', "about"),
    # Work in the background.
    "Python is asked once": ("    If isPolling Then Exit Sub\n", "    Exit Sub\n", "progress"),
    "the next look is not owed": ("    isPolling = False\n    For", "    For", "progress"),
    "the bar says nothing": ('    If shown <> "" Then Application.StatusBar = shown', "", "progress"),
    "the bar stays": ("    isPolling = False\n    Application.StatusBar = False", "    isPolling = False", "progress"),
    "a refusal to begin is not shown": ("        Tell Mid$(begun, 2)", "", "refusal"),
    "the copy of refused work stays": ('        If path <> "" And action <> SAVED Then Discard path\n', "", "refusal"),
    "Cancel does nothing": ("    CancelJob\n", "", "cancel"),
    "Cancel leaves Python at work": ("    said = Ended(jobs(place))\n", "", "cancel"),
    "Cancel says nothing": ('    Watch ""\n    Tell said', '    Watch ""', "cancel"),
    "Cancel waits on": ("    jobs.Remove place\n", "", "cancel"),
    "Cancel ends another's": ("If place = 0 And jobs.Count = 1", "If place = 0", "which_to_cancel"),
    "two at a time": ("    place = JobOf(book)\n", "", "one_at_a_time"),
    "the second press copies": ("    If IsBusy(ActiveWorkbook) Then Exit Sub\n", "", "one_at_a_time"),
    "the result is not opened": ("    ShowResult said, action", "", "workbook_buttons"),
    "the result is not removed": ("        Discard CStr(made(0))", "", "workbook_buttons"),
    "works for a closed book": ("    If IsClosed(job(2)) Then", "    If False Then", "closed_meanwhile"),
    "Python works on for a closed book": ("        unread = Ended(job)", "", "closed_meanwhile"),
    "the add-in opens again": (
        "    If isPolling Then Application.OnTime nextPoll, PollName(), Schedule:=False\n",
        "",
        "excel_quits",
    ),
    "closing is not noticed": ("(Cancel As Boolean)\n    StopPolling", "(Cancel As Boolean)", "excel_quits"),
    "who stays waits for ever": ("    SetHelp\n    ResumePolling", "    SetHelp", "excel_quits"),
    "lost work is waited for": ("            jobs.Remove i\n", "", "python_ends_meanwhile"),
    "Doctor starts Python": ("    program = DoctorCommand()", '    program = RibbonCall("about", Array(""))', "doctor"),
    "Doctor's window closes": (" /d /s /k ", " /d /s /c ", "doctor"),
    "Doctor runs what is missing": ('    If Dir$(program) = "" Then', "    If False Then", "doctor"),
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
