"""What happens when a workbook opens, and what the buttons do: the shipped VBA against stand-ins of Excel's objects."""

from __future__ import annotations

import io
import time
from pathlib import Path

import openpyxl
import pytest

from tests.sheets.calc_files import only_sheets, with_input
from vidcost_xl.addin.actions import ACTIONS
from vidcost_xl.addin.jobs import answered
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.audit import VIDEO_VERSION
from vidcost_xl.functions.registry import functions

pytest.importorskip("pyopenvba")

from pyopenvba.interpreter import EMPTY, NOTHING, VBAArray, VBAObject, member, method, setter

HERE = "C:\\Users\\me\\XLSTART\\vidcost.xlam"
EXPLAINED = "Book1, Sheet1, B2"


class Book(VBAObject):
    vba_type_name = "Workbook"

    def __init__(self, links=(), saved=True, protected=False, names=None, path=HERE):
        self.links, self.saved, self.protected, self.names, self.path = links, saved, protected, names or {}, path
        self.changed = []

    @member
    def IsAddin(self):
        return False

    @member
    def Name(self):
        return self.path.rpartition("\\")[2]

    @member
    def FullName(self):
        return self.path

    @member
    def Saved(self):
        return self.saved

    @member
    def ReadOnly(self):
        return False

    @member
    def AutoSaveOn(self):
        return False

    @member
    def Worksheets(self):
        return VBAArray([(1, 0)], items=[])

    @setter("Saved")
    def _saved(self, value):
        self.saved = bool(value)

    @method
    def LinkSources(self, kind):
        assert int(kind) == 1  # xlExcelLinks
        return VBAArray([(1, len(self.links))], items=list(self.links)) if self.links else EMPTY

    @method
    def ChangeLink(self, name, new, kind):
        from pyopenvba.interpreter import VBARuntimeError

        assert int(kind) == 1  # xlLinkTypeExcelLinks
        if self.protected:
            raise VBARuntimeError(1004, "the sheet is protected")
        self.changed.append((str(name), str(new)))
        self.saved = False

    @method
    def Names(self, name):
        from pyopenvba.interpreter import VBARuntimeError

        if str(name) not in self.names:
            raise VBARuntimeError(1004, "no such name")
        return Named(self, self.names[str(name)])


class Named(VBAObject):
    vba_type_name = "Name"

    def __init__(self, book, cell):
        self.book, self.cell = book, cell

    @member
    def RefersToRange(self):
        return self.cell


class Place(VBAObject):
    vba_type_name = "Worksheet"

    @member
    def ProtectContents(self):
        return True


class Cell(VBAObject):
    vba_type_name = "Range"

    def __init__(self, value):
        self.value, self.writes = value, 0

    @member
    def Locked(self):
        return False

    @member
    def Worksheet(self):
        return Place()

    @member
    def Value2(self):
        return self.value

    @setter("Value2")
    def _value2(self, value):
        self.value = value
        self.writes += 1


@pytest.fixture
def opened(excel):
    """Open a workbook beside the add-in; gives Excel for what comes later."""

    def run(book):
        excel.globals["thisworkbook"] = Book(path=HERE)
        excel.application.interpreter.run("VideoOpened", [book])
        return book

    return run


@pytest.mark.parametrize(
    "link",
    ["C:\\Users\\other\\vidcost.xlam", "D:\\VIDCOST.XLAM", "https://example.com/shared/vidcost.xlam", "vidcost.xlam"],
)
def test_a_link_to_the_addin_under_another_path_is_pointed_here_and_nothing_asks_for_saving(opened, link):
    book = opened(Book([link]))
    assert book.changed == [(link, HERE)]
    assert book.saved is True


@pytest.mark.parametrize(
    "link", [HERE, HERE.upper(), "C:\\data\\budget.xlsx", "C:\\x\\myvidcost.xlam", "C:\\vidcost.xlam\\a.xlsx"]
)
def test_other_links_and_the_right_one_are_left_alone(opened, link):
    assert opened(Book([link])).changed == []


def test_an_unsaved_workbook_stays_unsaved_and_a_protected_one_opens_as_it_is(opened):
    assert opened(Book(["D:\\vidcost.xlam"], saved=False)).saved is False
    assert opened(Book(["D:\\vidcost.xlam"], protected=True)).changed == []
    assert opened(Book()).changed == []


@pytest.mark.parametrize(
    ("stamp", "before", "after", "writes"),
    [
        (VIDEO_VERSION(), EMPTY, True, 1),
        (VIDEO_VERSION(), True, True, 0),
        (VIDEO_VERSION(), False, True, 1),
        ("vidcost-xl 0.0.9; price book 2025-01-01 (0)", True, False, 1),
        ("vidcost-xl 0.0.9; price book 2025-01-01 (0)", False, False, 0),
    ],
)
def test_the_stamp_of_another_version_turns_the_workbooks_check_cell(opened, stamp, before, after, writes):
    verdict = Cell(before)
    book = opened(Book(names={"vidcost_stamp": Cell(stamp), "vidcost_stamp_ok": verdict}))
    assert (verdict.value, verdict.writes) == (after, writes)
    assert book.saved is True


def test_a_workbook_without_our_names_is_not_written_and_starts_no_python(excel, opened):
    opened(Book(names={"vidcost_stamp": Cell("x")}))
    opened(Book())
    assert excel.commands == []


def test_the_check_cell_stays_as_it_is_while_python_does_not_answer(excel, opened):
    excel.broken = "python"
    verdict = Cell(True)
    opened(Book(names={"vidcost_stamp": Cell("x"), "vidcost_stamp_ok": verdict}))
    assert (verdict.value, verdict.writes) == (True, 0)


def test_opening_the_addin_defers_its_start_and_watches_workbooks(excel, vba):
    # The interpreter raises no application events; their handlers are called as Excel would.
    excel.application.add_module(vba["ThisWorkbook"].replace("WithEvents ", ""), name="Events")
    application = Application(excel.application.application)
    excel.globals.update(application=application, thisworkbook=Book(path=HERE))
    excel.application.application.workbooks_.books.clear()
    excel.application.interpreter.run("Workbook_Open", [])
    ((name, when),) = [(name, values) for name, values in application.done]
    assert (name, when["arguments"][1]) == ("OnTime", "'vidcost.xlam'!VideoStart")
    assert excel.commands == [], "opening Excel does not wait for Python"
    excel.application.interpreter.run("VideoStart", [])
    book = Book(["D:\\vidcost.xlam"])
    excel.application.interpreter.run("excelEvents_WorkbookOpen", [book])
    assert book.changed == [("D:\\vidcost.xlam", HERE)]


# ---- Buttons ----


class Application(VBAObject):
    """The in-memory Excel's Application with the members it lacks."""

    vba_type_name = "Application"

    def __init__(self, real, path=False):
        self.real, self.path, self.done = real, path, []

    def vba_member(self, name):
        return super().vba_member(name) or self.real.vba_member(name)

    def vba_get(self, name, args=(), named=None):
        if name.lower() in {"getsaveasfilename", "calculatefullrebuild", "macrooptions", "ontime"}:
            given = {key.lower(): value for key, value in (named or {}).items()}
            self.done.append((name, {**given, "arguments": list(args)}))
            return self.path
        return self.real.vba_get(name, args, named)

    def vba_set(self, name, value, args=(), named=None, *, by_ref=False):
        self.real.vba_set(name, value, args, named, by_ref=by_ref)


@pytest.fixture
def press(excel):
    """Press a button; gives the messages it showed."""

    def run(button, path=False):
        application = Application(excel.application.application, path)
        excel.globals.update(application=application, thisworkbook=Book(path=HERE))
        excel.application.dialogs.clear()
        excel.application.interpreter.run(button, [NOTHING])
        excel.pressed = application.done
        return [text for _, text, *_ in excel.application.dialogs]

    return run


def test_new_workbook_writes_a_file_where_the_user_says_and_opens_it(excel, press, tmp_path):
    path = tmp_path / "my plan.xlsx"
    assert press("VideoNewWorkbook", str(path)) == []
    ((_, when),) = [each for each in excel.pressed if each[0] == "OnTime"]
    assert when["arguments"][1] == "'vidcost.xlam'!VideoPoll"
    polled(excel)
    assert excel.application.application.active_book.name == "my plan.xlsx"
    before = path.read_bytes()
    assert press("VideoNewWorkbook", str(path)) == []
    assert "exists" in polled(excel)[0]
    assert path.read_bytes() == before


def polled(excel):
    """Excel calls until Python is done; the messages shown."""
    while excel.globals["application"].vba_get("StatusBar") is not False:
        time.sleep(0.2)
        excel.application.interpreter.run("VideoPoll", [])
    return [text for _, text, *_ in excel.application.dialogs]


def test_new_workbook_stops_when_the_user_cancels(excel, press):
    assert press("VideoNewWorkbook", False) == []
    assert excel.commands == []


def test_explain_writes_the_explaining_formula_of_the_selected_cell_into_a_new_workbook(excel, press):
    excel.range("B2").vba_set("Formula2", '=VIDEO_EGRESS(A1,"PB")+VIDEO_STORAGE(A1,"PB")')
    excel.range("B2").vba_get("Select")
    assert press("VideoExplain") == []
    made = excel.application.application.active_book
    assert made is not excel.book
    first, second = made.sheets_
    assert [first.vba_get("Range", [a]).vba_get("Value2") for a in ("A1", "A3")] == [
        EXPLAINED,
        '=VIDEO_EXPLAIN("VIDEO_EGRESS",\'[Book1]Sheet1\'!A1,"PB")',
    ]
    assert "VIDEO_STORAGE" in second.vba_get("Range", ["A3"]).vba_get("Value2")
    assert excel.range("B2").vba_get("Formula2") == '=VIDEO_EGRESS(A1,"PB")+VIDEO_STORAGE(A1,"PB")'


def test_explain_says_why_a_cell_cannot_be_explained(excel, press):
    excel.fill({"B2": 5.0})
    excel.range("B2").vba_get("Select")
    assert press("VideoExplain") == ["The selected cell holds no formula with a VIDEO function."]


def test_recalculate_restarts_python_and_rebuilds(excel, press):
    excel.call("VIDEO_EGRESS")
    excel.application.application.workbooks_.books.clear()
    assert press("VideoRecalculate") == []
    assert [mode for _, mode in excel.commands] == [1, -1]
    assert [name for name, _ in excel.pressed] == ["CalculateFullRebuild"]


def test_about_says_version_and_places_and_a_reason_when_python_is_silent(excel, press, monkeypatch, tmp_path):
    for name in ("LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    excel.globals["thisworkbook"] = Book(path=HERE)
    (text,) = press("VideoAbout")
    assert VIDEO_VERSION() in text
    assert HERE in text
    assert f"Press Doctor, which runs `{tmp_path}/vidcost-xl/vidcost.cmd doctor`." in text
    excel.application.interpreter.run("KillPy", [])
    excel.broken = "python"
    (text,) = press("VideoAbout")
    assert text.startswith("Python does not answer. Python process exited")


def test_every_function_is_described_to_the_wizard_with_every_argument(excel, xlam, press):
    from pyopenvba.apps.excel._io import load_workbook

    addin = load_workbook(excel.application.application, xlam)
    excel.globals["thisworkbook"] = addin
    application = Application(excel.application.application)
    application.real.vba_get = lambda name, *args, real=application.real.vba_get: (
        addin if name == "ThisWorkbook" else real(name, *args)
    )
    excel.globals["application"] = application
    excel.application.interpreter.run("SetHelp", [])
    told = {str(named["macro"]).rpartition("!")[2]: named for _, named in application.done}
    assert list(told) == list(functions())
    for name, spec in functions().items():
        assert told[name]["description"] == spec.help
        assert told[name]["category"] == f"Video cost: {spec.category}"
        helps = told[name].get("argumentdescriptions")
        assert (helps.items if helps else []) == [parameter.help for parameter in spec.parameters]
        assert all(len(text) <= 255 for text in (spec.help, *(helps.items if helps else [])))
    excel.application.interpreter.run("SetHelp", [])
    assert len(application.done) == len(functions()), "once is enough"


# ---- The Python half of the buttons ----


@pytest.fixture
def button(server):
    """What a job, or the server itself, answers."""

    def run(name, *values):
        if name in ACTIONS:
            return answered(ACTIONS[name].work, *values)
        return server.CallUDF("vidcost_xl.addin.ribbon", name, values)

    return run


def test_prices_and_help_are_workbooks_in_the_temporary_folder(button):
    for name, heading in (("price_list", "meter"), ("function_reference", "function")):
        path = Path(button(name, ""))
        try:
            page = openpyxl.load_workbook(path).worksheets[0]
            assert page["A3"].value == heading
            assert page.max_row > 30
            assert not any(cell.data_type == "f" for row in page.iter_rows() for cell in row)
        finally:
            path.unlink()
            path.parent.rmdir()


@pytest.fixture(scope="module")
def article(models):
    return models["bill"]


def test_check_lists_what_the_command_finds_and_leaves_the_copy_alone(button, article, tmp_path):
    copy = tmp_path / "plan.xlsx"
    copy.write_bytes(with_input(article.data, article.addresses.key("in_dataset_videos.value"), "many"))
    before = copy.read_bytes()
    path = Path(button("check_findings", str(copy)))
    page = openpyxl.load_workbook(path).worksheets[0]
    assert page["A1"].value.startswith("plan.xlsx: 1 error, ")
    assert [cell.value for cell in page[3]] == ["rule", "severity", "sheet", "cell", "what", "what to do"]
    assert any(row[2].value == "Drivers" and "'many'" in row[4].value for row in page.iter_rows(min_row=4))
    assert copy.read_bytes() == before


def test_refresh_makes_a_computed_copy_with_the_ledger_of_its_plan(button, article, tmp_path):
    copy = tmp_path / "plan.xlsx"
    copy.write_bytes(with_input(article.data, article.addresses.key("in_dataset_videos.value"), 2e9))
    before = copy.read_bytes()
    path = Path(button("refreshed", str(copy)))
    assert path.name == "plan refreshed.xlsx" and copy.read_bytes() == before
    shown = only_sheets(path.read_bytes(), "Ledger", "Costs")
    opened = openpyxl.load_workbook(io.BytesIO(shown), data_only=True)
    assert opened["Ledger"][article.addresses.key("ledger_state.version")[1]].value.startswith("These rows are those")
    costs = opened["Costs"][article.addresses.key("k_total.total")[1]].value
    assert costs == pytest.approx(
        opened["Ledger"][article.addresses.key("ledger_stamp_total.period")[1]].value, rel=1e-9
    )


def test_refresh_of_a_workbook_without_a_ledger_computes_it_and_tells_what_it_left(button, tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = "=1+1", "=NOW()"
    book.save(tmp_path / "mine.xlsx")
    path, told = button("refreshed", str(tmp_path / "mine.xlsx")).split("\x01")
    assert openpyxl.load_workbook(path, data_only=True).active["A1"].value == 2
    assert told.startswith("1 cells keep their old value. The first: Sheet!A2 uses NOW")


def test_a_workbook_of_another_kind_is_refused_by_the_buttons(button, tmp_path):
    (tmp_path / "old.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1"))
    assert ".xls" in button("refreshed", str(tmp_path / "old.xls"))
    assert "old Excel file" in button("check_findings", str(tmp_path / "old.xls"))


def test_hand_off_sign_and_verify_make_copies_and_leave_the_copy_given_alone(button, tmp_path):
    from vidcost_xl.sheets.plan.new import build

    copy = tmp_path / "page.xlsx"
    copy.write_bytes(build("quick").data)
    before = copy.read_bytes()
    handed = button("handed_off", str(copy), "Ada").split("\x01")
    assert Path(handed[0]).name == "page hand-off.xlsx"
    assert openpyxl.load_workbook(handed[0])["Handoff"]["A1"].value == "Hand-off"
    path, told = button("signed", str(copy), "Ada").split("\x01")
    assert Path(path).name == "page signed.xlsx" and told.startswith("Signed by Ada (Preparer)")
    page = openpyxl.load_workbook(button("verified", path)).worksheets[0]
    assert "unchanged since signed by Ada" in page["A1"].value
    changed = tmp_path / "changed.xlsx"
    changed.write_bytes(with_input(Path(path).read_bytes(), ("Quick", "C7"), 2e9))
    page = openpyxl.load_workbook(button("verified", str(changed))).worksheets[0]
    assert "CHANGED since signed by Ada" in page["A1"].value
    assert [cell.value for cell in page[4]][:3] == ["input", "Quick", "C7"]
    assert button("verified", str(copy)).startswith("?page.xlsx is not signed")
    assert button("signed", path, "Ada").startswith("?Ada has signed page signed.xlsx already")
    audited = openpyxl.load_workbook(button("self_audited", str(copy)))
    assert audited["Self-audit"]["A1"].value == "Self-audit"
    assert copy.read_bytes() == before


def test_decide_makes_a_copy_with_the_answers_and_refuses_what_is_no_plan(button, models, tmp_path, monkeypatch):
    from dataclasses import replace

    from vidcost_xl.sheets.compare.decisions import run

    quick, whole = {"draws": 32, "providers": ("b2", "r2")}, run.decide
    monkeypatch.setattr(run, "decide", lambda plan, wanted: whole(plan, replace(wanted, **quick)))
    copy = tmp_path / "plan.xlsx"
    copy.write_bytes(models["article"].data)
    path = Path(button("decided", str(copy)))
    assert path.name == "plan decisions.xlsx" and copy.read_bytes() == models["article"].data
    assert openpyxl.load_workbook(path)["Decisions"]["A1"].value == "Decisions"
    openpyxl.Workbook().save(copy)
    assert button("decided", str(copy)).startswith("?plan.xlsx")


def test_a_button_never_raises(button, tmp_path):
    assert button("new_workbook", str(tmp_path / "no" / "such" / "x.xlsx")).startswith("?")
    assert button("explanations", "", "B", "S").startswith("?")
    assert button("explanations", None, "B", "S").startswith("?")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=VIDEO_EGRESS()", ['=VIDEO_EXPLAIN("VIDEO_EGRESS")']),
        ('=[1]!VIDEO_EGRESS(5,"PB")', ['=VIDEO_EXPLAIN("VIDEO_EGRESS",5,"PB")']),
        ("=@VIDEO_EGRESS($A$1:B2)", ["=VIDEO_EXPLAIN(\"VIDEO_EGRESS\",'[B k.xlsx]S'!$A$1:B2)"]),
        ("=VIDEO_EGRESS(A:A,B1#)", ["=VIDEO_EXPLAIN(\"VIDEO_EGRESS\",'[B k.xlsx]S'!A:A,'[B k.xlsx]S'!B1#)"]),
        (
            "=VIDEO_EGRESS('O''x'!A1,[o.xlsx]S!A1)",
            ["=VIDEO_EXPLAIN(\"VIDEO_EGRESS\",'[B k.xlsx]O''x'!A1,[o.xlsx]S!A1)"],
        ),
        ("=VIDEO_EGRESS(size,Tab[x])", ["=VIDEO_EXPLAIN(\"VIDEO_EGRESS\",'B k.xlsx'!size,'B k.xlsx'!Tab[x])"]),
        (
            '=IF(VIDEO_EGRESS()>1,"VIDEO_X(",VIDEO_STORAGE(VIDEO_DATASET()))',
            ['=VIDEO_EXPLAIN("VIDEO_EGRESS")', '=VIDEO_EXPLAIN("VIDEO_STORAGE",VIDEO_DATASET())'],
        ),
        ("=VIDEO_EGRESS(,,A1)", ["=VIDEO_EXPLAIN(\"VIDEO_EGRESS\",,,'[B k.xlsx]S'!A1)"]),
    ],
)
def test_references_of_an_explanation_name_their_workbook_and_sheet(formula, expected):
    from vidcost_xl.addin.explaining import explanations

    assert explanations(formula, "B k.xlsx", "S") == expected


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "5",
        "=SUM(A1)",
        "=VIDEO_EGRESS(@A1:A3)",
        "=VIDEO_EGRESS(T[@x])",
        "=VIDEO_EGRESS(T[[#This Row],[x]])",
        "=LET(a,1,VIDEO_EGRESS(a))",
        "=VIDEO_EGRESS(",
        '=VIDEO_EXPLAIN("VIDEO_EGRESS")',
        "=VIDEO_EXPERIMENT(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15)",
    ],
)
def test_what_cannot_be_explained_elsewhere_is_refused_with_a_reason(formula):
    from vidcost_xl.addin.explaining import explanations

    with pytest.raises(BadArgumentError):
        explanations(formula, "B", "S")
