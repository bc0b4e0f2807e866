"""A stand-in for Excel that remembers what the shipped VBA does to it, and that any text of the VBA can run in.

Every object is a `Thing` with the members given; whatever else VBA asks of it is an error, as in Excel. The statements
that touch the file system, which the interpreter refuses, and the DLL go to the object `Machine`. Python answers what
a case prepares, but only calls that it really has: a function with that name that takes as many values.
"""

from __future__ import annotations

import importlib
import inspect
import re

from pyopenvba.apps.excel._bridge import ExcelBridge
from pyopenvba.interpreter import EMPTY, NOTHING, Interpreter, VBAArray, VBAErrorValue, VBAObject, VBARuntimeError
from pyopenvba.interpreter._objects import MemberSpec
from pyopenvba.interpreter._runtime import UNRESOLVED

from vidcost_xl.addin.vba_source import modules, text

HERE = "C:\\Users\\me\\XLSTART\\vidcost.xlam"
VERSION = "vidcost-xl 9.9.9; price book 2026-01-01 (0)"

#: Excel's xlCalculationAutomatic, and the error #NAME?.
AUTOMATIC = -4105
NAME_ERROR = VBAErrorValue(2029)

FILES = {"MkDir ": "Machine.MakeFolder ", "Kill ": "Machine.Remove ", "RmDir ": "Machine.RemoveFolder "}
ASKS = {"Dir$(program)": "Machine.Named(program)", "Shell(": "Machine.Run(", 'Environ$("COMSPEC")': '"C:\\W\\cmd.exe"'}
DLL = """
Public Const XLPyDLLName As String = "xlwings64-0.37.8.dll"
Public Function LoadLibrary(ByVal path As String) As Long
    LoadLibrary = 1
End Function
Public Function XLPyDLLActivateAuto(ByRef answer As Variant, ByVal config As String, ByVal mode As Long) As Long
    If Machine.Activate(config, mode) = 0 Then
        If mode = 1 Then Set answer = Machine.Server
    Else
        answer = "Python process exited"
        XLPyDLLActivateAuto = -1
    End If
End Function
"""
LISTENS = """
Public Function EventsConnected() As Boolean
    If Not excelEvents Is Nothing Then EventsConnected = (TypeName(excelEvents) = "Application")
End Function
"""


#: The functions that cases call: of the generated ones, all alike, no others are interpreted.
CALLED = ("VIDEO_EGRESS", "VIDEO_VERSION")


def shipped():
    """The modules of the add-in as they stand in the sources."""
    made = {**modules(), "ThisWorkbook": text("ThisWorkbook.cls")}
    functions = re.findall(rf"(?ms)^Public Function (?:{'|'.join(CALLED)})\(.*?^End Function\n", made["VideoFunctions"])
    assert len(functions) == len(CALLED)
    return {**made, "VideoFunctions": "".join(functions)}


class Thing(VBAObject):
    """Members by name: values, or functions of what stands between the parentheses."""

    def __init__(self, kind, items=(), **members):
        self.vba_type_name, self.items = kind, items
        self.members = {name.lower(): value for name, value in members.items()}
        self.written = []

    def vba_member(self, name):
        return MemberSpec(name=name, kind="property") if name.lower() in self.members else None

    def vba_get(self, name, args=(), named=None):
        if name.lower() not in self.members:
            raise self.vba_no_member(name)
        value = self.members[name.lower()]
        if isinstance(value, VBAObject):
            return value.members["item"](*args) if args else value
        return value(*args, **{key.lower(): each for key, each in (named or {}).items()}) if callable(value) else value

    def vba_set(self, name, value, args=(), named=None, *, by_ref=False):
        if name.lower() not in self.members:
            raise self.vba_no_member(name)
        self.written.append((name, value))
        setter = self.members.get(f"set {name.lower()}")
        if setter:
            setter(value)
        else:
            self.members[name.lower()] = value

    def vba_iterate(self):
        return iter(self.items)


class Bridge(ExcelBridge):
    def __init__(self, application, things):
        super().__init__(application)
        self.things = things

    def global_object(self, name):
        return self.things.get(name, UNRESOLVED)

    def has_global_member(self, name):
        return self.application.vba_member(name) is not None


class Excel:
    """What VBA sees; `done` lists what it did, in order.

    Parameters
    ----------
    sources : dict of str to str
        The modules.
    answers : dict of str to object
        What Python answers, by function.
    books : sequence of Thing
        Open workbooks; the first is the active one.
    """

    def __init__(self, sources, answers=None, books=(), cell=NOTHING, saves_as=False):
        self.done, self.told, self.calls, self.pending, self.commands = [], [], [], [], []
        self.answers = {"VIDEO_VERSION": VERSION, **(answers or {})}
        self.files, self.broken, self.now = set(), False, 1000.0
        self.made, self.no_help, self.no_programs = [], "", False
        self.times = {}
        workbooks = Thing("Workbooks", books, Open=self._note("open"), Add=self._add)
        self.application = Thing(
            *("Application", ()),
            Workbooks=workbooks,
            ActiveWorkbook=books[0] if books else NOTHING,
            ActiveCell=cell,
            UserName="Ada",
            DisplayAlerts=True,
            Calculation=AUTOMATIC,
            ThisWorkbook=Thing("Workbook", Worksheets=lambda _: self.help_sheet()),
            OnTime=self._on_time,
            StatusBar=False,
            GetSaveAsFilename=lambda *_: saves_as,
            CalculateFullRebuild=self._note("rebuild"),
            MacroOptions=self._help,
            Dialogs=lambda number: Thing("Dialog", Show=lambda: self.done.append(("dialog", int(number)))),
        )
        machine = Thing(
            *("Machine", ()),
            MakeFolder=lambda path: self.files.add(str(path)),
            Remove=self._remove,
            RemoveFolder=self._remove,
            Activate=self._activate,
            Server=Thing("XLPython", CallUDF=self._call),
            Show=lambda message: self.told.append(str(message)),
            Timer=lambda: self.now,
            Named=lambda path: str(path).rpartition("\\")[2] if str(path) in self.files else "",
            Run=self._run,
        )
        add_in = Thing("Workbook", FullName=HERE, Name=HERE.rpartition("\\")[2])
        things = {"application": self.application, "machine": machine, "thisworkbook": add_in}
        self.interpreter = Interpreter(Bridge(self.application, things))
        self.listens = "Private WithEvents excelEvents As Application" in sources["ThisWorkbook"]
        for name, source in {"FakeDll": DLL, **sources}.items():
            self.interpreter.add_module(self._runnable(name, source), name=name)

    def _runnable(self, name, source):
        if name == "xlwings":  # behind its declarations, which no interpreter can call
            source = "Option Private Module\n'" + source.partition("' Below this line")[2].replace(
                "Timer", "Machine.Timer"
            )
        if name == "ThisWorkbook":
            source = source.replace("WithEvents ", "") + LISTENS
        if name == "VideoServer":
            source = re.sub(
                r"(?ms)^(Public Function ConfigurationValue\(.*?\) As String\n).*?^(End Function)",
                lambda m: f'{m[1]}    ConfigurationValue = "C:\\v\\xlwings64-0.37.8.dll"\n{m[2]}',
                source,
            )
            source = re.sub(r"(?ms)^(Private Function ReadConfiguration\(.*?\n).*?^(End Function)", r"\1\2", source)
        source = re.sub(r"MsgBox (\w+), \w+, \"Video cost\"", r"Machine.Show \1", source)
        for asked, instead in ASKS.items():
            source = source.replace(asked, instead)
        for statement, instead in FILES.items():
            source = re.sub(rf"(?m)^(\s*){statement}", rf"\1{instead}", source)
        return source.replace('Environ$("TEMP")', '"C:\\T"').replace('Environ$("LOCALAPPDATA")', '"C:\\L"')

    def _note(self, what):
        return lambda *args, **_: self.done.append((what, *map(str, args)))

    def _help(self, **named):
        name = str(named["macro"]).partition("!")[2]
        if name == self.no_help:
            raise VBARuntimeError(1004, "Excel refuses")
        self.done.append(("help", name))

    def _on_time(self, earliesttime, procedure, schedule=True):
        """Excel forgets a call only of the same time and name, and one that it does not owe is an error."""
        name = str(procedure)
        if schedule:
            self.pending.append(name)
            self.times[name] = earliesttime
        elif name in self.pending and self.times[name] == earliesttime:
            self.pending.remove(name)
        else:
            raise VBARuntimeError(1004, "Method 'OnTime' of object '_Application' failed")

    def _run(self, command, style):
        if self.no_programs:
            raise VBARuntimeError(70, "Permission denied")
        self.done.append(("program", str(command), int(style)))
        return 1.0

    def _remove(self, path):
        self.files.discard(str(path))

    def _activate(self, command, mode):
        self.commands.append(int(mode))
        return 1 if self.broken else 0

    def _call(self, module, name, values):
        found = getattr(importlib.import_module(str(module)), str(name), None)
        given = list(values.items) if isinstance(values, VBAArray) else [values]
        if found is None:
            raise VBARuntimeError(1000, f"{module} has no {name}")
        try:
            inspect.signature(found).bind(*given)
        except TypeError as error:
            raise VBARuntimeError(1000, str(error)) from error
        if str(name) not in self.answers:
            raise VBARuntimeError(1000, f"this case asks for no {name}")
        self.calls.append((str(name), *given))
        answer = self.answers[str(name)]
        return answer(*given) if callable(answer) else answer

    def _add(self, *template):
        """Opens an unsaved copy of a file; without one, a new workbook."""
        if template:
            assert str(template[0]) in self.files, f"{template[0]} is not there"
            self.done.append(("copy of", str(template[0])))
            return NOTHING
        self.made = [page()]
        sheets = Thing(
            *("Sheets", self.made),
            Item=lambda number: self.made[int(number) - 1],
            Add=lambda **_: self.made.append(page()),
        )
        sheets.members["count"] = lambda: len(self.made)
        return Thing("Workbook", Worksheets=sheets)

    def help_sheet(self):
        return Thing("Worksheet", Cells=lambda row, column: Thing("Range", Value2="text" if column < 4 else ""))

    # ---- what a case does ----

    def run(self, procedure, *arguments):
        return self.interpreter.run(procedure, list(arguments))

    def press(self, button):
        """Press a button of the ribbon."""
        self.run(button, NOTHING)
        return self

    def start(self):
        """The add-in opens, then Excel becomes idle."""
        self.run("Workbook_Open")
        return self.idle()

    def idle(self):
        """Excel calls what it owes, once."""
        owed = self.pending[:]
        self.pending.clear()
        for name in owed:
            self.run(name.rpartition("!")[2])
        return self

    @property
    def bar(self):
        """What the status bar shows; None where Excel has it."""
        shown = self.application.members["statusbar"]
        return None if shown is False else str(shown)

    def raise_event(self, event, *arguments):
        """Excel calls a handler only of a variable WithEvents that holds it."""
        if self.listens and self.run("EventsConnected"):
            self.run(f"excelEvents_{event}", *arguments)
        return self


def book(name="plan.xlsx", links=(), names=None, excel=None, **members):
    """A workbook of the user; `excel` gets the copies that are saved of it."""
    changed = []

    def find(wanted):
        if str(wanted) not in (names or {}):
            raise VBARuntimeError(1004, "no such name")
        return Thing("Name", RefersToRange=names[str(wanted)])

    made = Thing(
        "Workbook",
        **{
            "Name": name,
            "FullName": f"C:\\{name}",
            "IsAddin": False,
            "Saved": True,
            "LinkSources": lambda _: VBAArray([(1, len(links))], items=list(links)) if links else EMPTY,
            "ChangeLink": lambda old, new, _: changed.append((str(old), str(new))),
            "Names": find,
            "Worksheets": Thing("Sheets"),
            "ReadOnly": False,
            "AutoSaveOn": False,
            "SaveCopyAs": lambda path: None,
            **members,
        },
    )
    made.changed = changed
    return made


def cell(address, formula, sheet="Sheet1", workbook="plan.xlsx", **members):
    """A cell of the user."""
    place = Thing("Worksheet", Name=sheet, Parent=Thing("Workbook", Name=workbook))
    return Thing("Range", **{"Address": address, "Formula2": formula, "HasSpill": False, "Worksheet": place, **members})


ALLOWED = [
    *("FormattingCells", "FormattingColumns", "FormattingRows", "InsertingColumns", "InsertingRows"),
    *("InsertingHyperlinks", "DeletingColumns", "DeletingRows", "Sorting", "Filtering", "UsingPivotTables"),
]


def sheet(formulas, password=None, count=None, stuck=None):
    """A worksheet of one column of formulas that show #NAME?; with a password, "" for none, it is protected.

    One row can be part of an array, and stuck; the sheet can say that it has more cells.
    """
    state = {"protected": password is not None, "protected as": None, "entered": []}

    def enter(cell):
        def write(formula):
            if state["protected"] or cell == stuck:
                raise VBARuntimeError(1004, "the sheet is protected, or the cell is part of an array")
            state["entered"].append((cell, formula))

        return write

    def unprotect(given):
        if given != password:
            raise VBARuntimeError(1004, "the password is wrong")
        state["protected"] = False

    def protect(**settings):
        state.update({"protected": True, "protected as": settings})

    shown = [EMPTY if formula is None else NAME_ERROR for formula in (*formulas, None)]
    cells = [
        Thing("Range", **{"Formula2": formula or "", "set Formula2": enter(number)})
        for number, formula in enumerate((*formulas, None), start=1)
    ]
    more = Thing("Range", Value2=VBAArray([(1, len(shown)), (1, 1)], items=shown), Cells=lambda i, _: cells[i - 1])
    rows = Thing("Range", Count=len(formulas))
    used = Thing("Range", Rows=rows, Resize=lambda _: more, CountLarge=count or len(formulas))
    made = Thing(
        *("Worksheet", ()),
        UsedRange=used,
        ProtectContents=lambda: state["protected"],
        ProtectDrawingObjects=False,
        ProtectScenarios=False,
        Protection=Thing("Protection", **{f"Allow{what}": what != "DeletingRows" for what in ALLOWED}),
        Unprotect=unprotect,
        Protect=protect,
    )
    made.state = state
    return made


def page():
    """An empty worksheet: what is entered into A5 spills over two rows, and goes with its formula."""
    shown = VBAArray([(1, 2), (1, 1)], items=["step", 5.0])
    table = Thing("Range", Value2=shown, Rows=lambda _: Thing("Range", Font=Thing("Font", Bold=False)))

    def clear():
        anchor.members["formula2"] = ""
        table.members["value2"] = EMPTY

    def cells(address):
        return anchor if address == "A5" else others.setdefault(str(address), other())

    def other():
        return Thing("Range", Value2=EMPTY, Font=Thing("Font", Bold=False))

    anchor = Thing("Range", Formula2="", HasSpill=True, SpillingToRange=table, ClearContents=clear)
    others = {}
    made = Thing("Worksheet", Range=cells, Columns=lambda _: Thing("Range", ColumnWidth=0))
    made.anchor, made.table, made.others = anchor, table, others
    return made
