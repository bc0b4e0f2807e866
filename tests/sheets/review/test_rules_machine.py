"""Each machine rule finds its seeded fault at the right cell, and a clean workbook of a stranger has none."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.workbook.defined_name import DefinedName

from vidcost_xl.sheets.review.rules.catalogue import catalogue
from vidcost_xl.sheets.review.rules.run import check_workbook

from .rule_books import added, found, places, replaced, stranger, with_values


def put(sheet, cell, value):
    def spoil(book):
        book[sheet][cell] = value

    return spoil


def done(action):
    """A change made by a function of the workbook's sheet Forecast."""
    return lambda book: action(book["Forecast"])


def hide(sheet, state):
    def spoil(book):
        book[sheet].sheet_state = state

    return spoil


def white(sheet):
    sheet["A12"].font = Font(color="FFFFFF")


def input_look(sheet):
    sheet["F10"].font, sheet["F10"].fill = Font(color="0000FF"), PatternFill("solid", fgColor="FFF8DC")


def unlock(sheet):
    sheet["F10"].protection = Protection(locked=False)


def add_functions(sheet):
    for row in (20, 21, 22):
        sheet.cell(row, 4, f'=VIDEO_EGRESS(D{row - 10},"TB")')
    sheet["D23"] = "=SUM(D20:D22)"


def subtotals(sheet):
    for row, value in ((20, 5), (21, 7), (22, "=SUM(D20:D21)"), (23, 9), (24, "=SUM(D20:D23)")):
        sheet.cell(row, 4, value)


def calculation(**settings):
    def spoil(book):
        for key, value in settings.items():
            setattr(book.calculation, key, value)

    return spoil


SEEDS = [
    ("inconsistent-row", put("Forecast", "H10", "=H8*Inputs!$B$3"), "Forecast", "H10"),
    ("inconsistent-row", put("Forecast", "O12", "=O10-O11"), "Forecast", "O12"),
    ("interrupted-row", put("Forecast", "G10", 1234.5), "Forecast", "G10"),
    ("interrupted-row", put("Forecast", "J11", None), "Forecast", "J11"),
    ("interrupted-row", put("Forecast", "K11", "tbd"), "Forecast", "K11"),
    ("long-formula", put("Forecast", "E20", "=" + "+".join(["Inputs!$B$2"] * 16)), "Forecast", "E20"),
    ("deep-formula", put("Forecast", "E20", "=ABS(MAX(MIN(SUM(ABS(INT(D10))),D11),D12))"), "Forecast", "E20"),
    ("nested-if", put("Forecast", "E20", "=IF(D10>0,D10,MAX(IF(D11>0,D11,D12),0))"), "Forecast", "E20"),
    ("constant", put("Forecast", "E20", "=D10*1.19"), "Forecast", "E20"),
    ("constant", put("Forecast", "E20", "=5000"), "Forecast", "E20"),
    ("constant", put("Forecast", "E20", "=D10*8%"), "Forecast", "E20"),
    ("npv", put("Forecast", "E20", "=NPV(Inputs!B4,D12:O12)"), "Forecast", "E20"),
    ("untraceable", put("Forecast", "E20", "=SUM(OFFSET(D10,0,0,1,12))"), "Forecast", "E20"),
    ("untraceable", put("Forecast", "E20", '=INDIRECT("Inputs!B2")'), "Forecast", "E20"),
    ("volatile", put("Forecast", "E20", "=TODAY()"), "Forecast", "E20"),
    ("hidden-sheet", hide("Notes", "hidden"), "Notes", "sheet"),
    ("very-hidden-sheet", hide("Notes", "veryHidden"), "Notes", "sheet"),
    ("hidden-rows", done(lambda sheet: setattr(sheet.row_dimensions[11], "hidden", True)), "Forecast", "A11"),
    ("hidden-columns", done(lambda sheet: setattr(sheet.column_dimensions["F"], "hidden", True)), "Forecast", "F3"),
    ("invisible-text", done(white), "Forecast", "A12"),
    ("invisible-text", done(lambda sheet: setattr(sheet["D12"], "number_format", ";;;")), "Forecast", "D12"),
    ("circular", put("Forecast", "E20", "=E20+1"), "Forecast", "E20"),
    ("circular", put("Inputs", "B2", "=Forecast!C12/12"), "Inputs", "B2"),
    ("iteration", calculation(iterate=True), "", "workbook"),
    ("rounding", put("Inputs", "B4", "=ROUND(B3/B2,2)"), "Inputs", "B4"),
    ("rounding", put("Forecast", "E20", "=ROUND(D10,2)*D11"), "Forecast", "E20"),
    ("external-link", put("Forecast", "E20", "='C:\\data\\[Budget.xlsx]Plan'!B2"), "Forecast", "E20"),
    ("formula-in-input", done(input_look), "Forecast", "F10"),
    ("formula-in-input", done(unlock), "Forecast", "F10"),
    ("text-number", put("Inputs", "B3", "40"), "Inputs", "B3"),
    ("text-number", put("Inputs", "B3", " 1,200.5"), "Inputs", "B3"),
    ("empty-reference", put("Forecast", "E20", "=D10*Inputs!B9"), "Forecast", "E20"),
    ("error-value", put("Inputs", "B4", "#N/A"), "Inputs", "B4"),
    ("broken-reference", put("Forecast", "E20", "=D10*#REF!"), "Forecast", "E20"),
    ("broken-reference", put("Forecast", "E20", "=D10*Rates!B2"), "Forecast", "E20"),
    ("double-count", done(subtotals), "Forecast", "D24"),
    ("manual-calculation", calculation(calcMode="manual"), "", "workbook"),
    ("ungated-total", done(add_functions), "Forecast", "D23"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "spoil", "sheet", "cell"), SEEDS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_seeded_fault_is_found_at_its_cell(check, spoil, sheet, cell):
    assert (sheet, cell) in places(stranger(spoil), check)


@pytest.mark.parametrize("spoil", [seed[1] for seed in SEEDS if seed[0] in {"inconsistent-row", "nested-if", "npv"}])
def test_one_fault_is_one_error_and_says_what_to_do(spoil):
    report = check_workbook(stranger(spoil))
    assert not report.is_clean
    assert all(finding.what and finding.fix.endswith(".") for finding in report.findings)


def test_every_machine_check_has_a_seed():
    seeded = {seed[0] for seed in SEEDS} | {
        *("comment-note", "hidden-name", "connection", "macro", "macro-sheet", "no-values", "not-measured"),
        "saved-by-libreoffice",  # of a workbook of ours alone: test_saved_by_libreoffice
    }
    assert seeded == {check.id for check in catalogue().checks.values() if check.tag == "machine"}


def test_a_clean_stranger_s_workbook_yields_nothing():
    report = check_workbook(with_values(stranger()))
    assert [(one.check, one.cell, one.what) for one in report.findings] == []
    assert report.template == "" and report.is_clean


def test_formulas_without_values_are_a_note_only():
    report = check_workbook(stranger())
    assert [finding.check for finding in report.findings] == ["no-values"] and report.is_clean


def test_a_comment_is_a_finding_only_where_the_row_prints_no_note():
    def comment(book):
        book["Inputs"]["B4"].comment = Comment("from the average of last year", "someone")
        book["Inputs"]["D4"] = None
        book["Inputs"]["C4"] = "share"

    data = stranger(comment)
    assert places(data, "comment-note") == [("Inputs", "B4")]
    assert "average of last year" in found(data, "comment-note")[0].what

    def beside(book):
        book["Inputs"]["B4"].comment = Comment("see the note", "someone")

    assert places(stranger(beside), "comment-note") == []


def test_the_same_fault_along_a_row_is_one_finding_with_all_its_cells():
    def spoil(book):
        for cell in book["Forecast"][10][3:15]:
            cell.value = f"{cell.value}*1.19"

    [finding] = found(stranger(spoil), "constant")
    assert finding.cells == ("D10:O10",) and "1.19" in finding.what


def test_universal_numbers_and_options_are_no_constants():
    def spoil(book):
        sheet = book["Forecast"]
        sheet["E20"] = "=-1*D10/12*100+IF(D10>0,1,0)"
        sheet["E21"] = "=INDEX(D10:O10,1,7)+MATCH(D10,D10:O10,-1)"
        sheet["E22"] = '=D10*LEN("1.19")'

    assert found(stranger(spoil), "constant") == []


def test_totals_among_months_are_no_inconsistency():
    book = openpyxl.Workbook()
    sheet = book.active
    for at, heading in enumerate(("Jan", "Feb", "Mar", "Q1", "Apr", "May", "Jun", "Q2"), start=2):
        letter = sheet.cell(1, at, heading).column_letter
        sheet.cell(2, at, f"={letter}5*2")
        sheet.cell(5, at, at)
    sheet["E2"], sheet["I2"] = "=SUM(B2:D2)", "=SUM(F2:H2)"
    buffer = io.BytesIO()
    book.save(buffer)
    assert places(buffer.getvalue(), "inconsistent-row") == []


def test_columns_are_compared_where_time_goes_down():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(2, 14):
        sheet.cell(row, 1, row + 2018)
        sheet.cell(row, 2, row * 10)
        sheet.cell(row, 3, f"=B{row}*2")
    sheet["C7"] = "=B7*3"
    sheet["C9"] = 55
    buffer = io.BytesIO()
    book.save(buffer)
    assert places(buffer.getvalue(), "inconsistent-row") == [("Sheet", "C7")]
    assert places(buffer.getvalue(), "interrupted-row") == [("Sheet", "C9")]


def test_text_codes_and_years_are_no_text_numbers():
    def spoil(book):
        sheet = book["Notes"]
        for row, (code, amount) in enumerate((("007", 1), ("0042", 2)), start=5):
            sheet.cell(row, 1, code)
            sheet.cell(row, 2, amount)
        sheet["D4"], sheet["E4"] = "2025", "2026"
        sheet["D5"], sheet["E5"] = 10, 20

    assert found(stranger(spoil), "text-number") == []


def test_a_blank_cell_at_an_optional_argument_of_ours_is_no_finding():
    def spoil(book):
        book["Forecast"]["E20"] = '=VIDEO_EGRESS(Inputs!B2,"TB",Inputs!B9,,Inputs!B10)'

    assert found(stranger(spoil), "empty-reference") == []

    def amount(book):
        book["Forecast"]["E20"] = '=VIDEO_EGRESS(Inputs!B9,"TB")'

    assert places(stranger(amount), "empty-reference") == [("Forecast", "E20")]


@pytest.mark.parametrize(
    "total", ["=IF(COUNT(D20:D22)=ROWS(D20:D22),SUM(D20:D22),NA())", "=SUMPRODUCT(--ISNUMBER(D20:D22))", "=D20+D21+D22"]
)
def test_a_gated_total_over_functions_is_no_finding(total):
    def spoil(book):
        add_functions(book["Forecast"])
        book["Forecast"]["D23"] = total

    assert found(stranger(spoil), "ungated-total") == []


def test_subtotals_by_subtotal_are_not_counted_twice():
    def spoil(book):
        for row, value in ((20, 5), (21, 7), (22, "=SUBTOTAL(9,D20:D21)"), (23, 9), (24, "=SUBTOTAL(9,D20:D23)")):
            book["Forecast"].cell(row, 4, value)

    assert found(stranger(spoil), "double-count") == []


def test_a_loop_over_sheets_is_one_finding_that_names_its_cells():
    def spoil(book):
        book["Inputs"]["B8"] = "=Forecast!E20"
        book["Forecast"]["E20"] = "=Notes!B8"
        book["Notes"]["B8"] = "=Inputs!B8"

    [finding] = found(stranger(spoil), "circular")
    assert all(cell in finding.what for cell in ("B8", "Forecast!E20", "Notes!B8"))


def test_places_are_no_loop():
    def spoil(book):
        book["Forecast"]["E20"] = "=ROWS(E$18:E20)"

    assert found(stranger(spoil), "circular") == []


def test_a_loop_through_a_name_is_found():
    def spoil(book):
        book.defined_names["mine"] = DefinedName("mine", attr_text="Forecast!$E$20")
        book["Forecast"]["E20"] = "=mine+1"

    assert places(stranger(spoil), "circular") == [("Forecast", "E20")]


def test_macros_are_a_note_and_macro_sheets_an_error():
    data = added(with_values(stranger()), xl__vbaProject_dot_bin=b"\xd0\xcf")
    report = check_workbook(data)
    assert [finding.check for finding in report.findings] == ["macro"] and report.is_clean
    assert found(added(data, xl__macrosheets__sheet1_dot_xml=b"<a/>"), "macro-sheet")


def test_a_connection_is_found():
    assert places(added(stranger(), xl__connections_dot_xml=b"<connections/>"), "connection") == [("", "workbook")]


def test_hidden_names_are_notes():
    def spoil(book):
        book.defined_names["secret"] = DefinedName("secret", attr_text="Inputs!$B$2", hidden=True)

    assert places(stranger(spoil), "hidden-name") == [("", "name secret")]


def test_a_column_without_width_is_hidden():
    data = stranger(lambda book: setattr(book["Forecast"].column_dimensions["F"], "width", 9))
    data = replaced(data, "xl/worksheets/sheet2.xml", 'width="9"', 'width="0"')
    assert places(data, "hidden-columns") == [("Forecast", "F3")]


def test_theme_colours_are_resolved():
    data = stranger(lambda book: setattr(book["Forecast"]["A12"], "font", Font(color="FF123456")))
    assert places(data, "invisible-text") == []
    assert places(replaced(data, "xl/styles.xml", 'rgb="FF123456"', 'theme="0"'), "invisible-text") == [
        ("Forecast", "A12")
    ]


def test_a_shared_formula_as_excel_saves_it_is_read_in_every_cell():
    data = stranger()
    part = "xl/worksheets/sheet2.xml"
    data = replaced(data, part, "<f>D8*Inputs!$B$2</f>", '<f t="shared" ref="D10:O10" si="0">D8*Inputs!$B$2</f>')
    for letter in "EFGHIJKLMN":
        data = replaced(data, part, f"<f>{letter}8*Inputs!$B$2</f>", '<f t="shared" si="0"/>')
    data = replaced(data, part, "<f>O8*Inputs!$B$2</f>", "<f>O8*Inputs!$B$3</f>")
    [finding] = found(data, "inconsistent-row")
    assert (finding.sheet, finding.cell) == ("Forecast", "O10")
    assert "11 others" in finding.what
