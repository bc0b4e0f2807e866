"""What `vidcost calc` computes, what it leaves with a reason, and what depends on it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from tests.sheets.calc_files import MAIN, package, part, rows, values, with_input
from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.functions.storage import VIDEO_STORAGE
from vidcost_xl.functions.transfer import VIDEO_EGRESS
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.calc.values import recalculate

CHANGES = {"passes": 3.0, "route": "aws.cloudfront", "storage_class": "aws.s3.standard-ia", "discount": 0.15}


def formula(address: str, text: str, attributes: str = "", of_formula: str = "", value: str = "") -> str:
    return f'<c r="{address}" {attributes}><f {of_formula}>{text}</f>{value and f"<v>{value}</v>"}</c>'


def number(address: str, value: object) -> str:
    return f'<c r="{address}"><v>{value}</v></c>'


def computed(data: bytes) -> tuple[dict[str, object], dict[str, str]]:
    """Values of Sheet1 and the reasons of cells that were left."""
    done = calculate(data, "a.xlsx")
    left = {
        each.cell if each.sheet == "Sheet1" else f"{each.sheet}!{each.cell}": each.reason for each in done.report.left
    }
    return {address: value for (sheet, address), value in values(done.data).items() if sheet == "Sheet1"}, left


@pytest.fixture(scope="module")
def changed(quick):
    data = quick.data
    for name, value in CHANGES.items():
        data = with_input(data, quick.addresses.key(f"in_{name}.quantity"), value)
    return data


def test_changed_inputs_give_what_the_python_functions_give(quick, changed):
    done = calculate(changed, "quick.xlsx")
    assert done.report.left == []
    found = values(done.data)
    total = {name: found[quick.addresses.key(f"{name}.engine")] for name in ("storage", "transfer")}
    objects = 2e9  # raw videos and their features
    terms = {"region": "us-east-1", "discount": 0.15}
    assert total["transfer"] == pytest.approx(VIDEO_EGRESS(15.0, "PB", "aws.cloudfront", **terms), rel=1e-12)
    storage = VIDEO_STORAGE(10.0, "PB", "aws.s3.standard-ia", objects=objects, **terms)
    assert total["storage"] == pytest.approx(storage, rel=1e-12)
    assert found[quick.addresses.key("headline.check")] == 0
    assert {key: value for key, value in found.items() if key in quick.values} == pytest.approx(
        recalculate(quick.data, {quick.addresses.key(f"in_{name}.quantity"): new for name, new in CHANGES.items()})
    )


def test_changed_inputs_give_what_libreoffice_computes(quick, changed, libreoffice):
    ours, theirs = calculate(changed, "a.xlsx"), calculate(changed, "a.xlsx", "libreoffice")
    left = {(each.sheet, each.cell) for each in theirs.report.left}
    assert any("VIDEO_" in each.reason for each in theirs.report.left)
    first, second, before = values(ours.data), values(theirs.data), values(changed)
    compared = 0
    for key in set(quick.values) - left:
        if isinstance(first[key], float):
            assert second[key] == pytest.approx(first[key], rel=1e-9, abs=1e-9), key
            compared += 1
    assert compared > 100
    assert all(second[key] == before[key] for key in left)
    again = calculate(theirs.data, "a.xlsx", "libreoffice")
    assert again.data == theirs.data


def test_libreoffice_is_not_asked_what_it_cannot_know(libreoffice):
    data = package(
        rows(
            formula("A1", 'VIDEO_DATASET(1,5,"PB")', value="7") + formula("B1", "A1*2", value="14"),
            formula("A2", "[1]Other!A1", value="8") + formula("B2", "1+1", value="9"),
            formula("A3", 'INDIRECT("B2")', value="1") + formula("B3", "NOSUCH(1)", value="5"),
            formula("A4", 'WEBSERVICE("http://127.0.0.1:9/x")', 't="str"', value="old"),
            # What shares its text is asked all the same.
            number("A5", 3)
            + formula("B5", "$A5*COLUMN(G5)", 'vm="1"', value="5", of_formula='t="shared" ref="B5:C5" si="0"')
            + '<c r="C5"><f t="shared" si="0"/><v>90</v></c>',
        )
    )
    done = calculate(data, "a.xlsx", "libreoffice")
    assert {each.cell for each in done.report.left} == {"A1", "B1", "A2", "A3", "B3", "A4", "B5"}
    assert part(done.data) == part(data).replace("<v>9</v>", "<v>2</v>").replace("<v>90</v>", "<v>24</v>")


def test_shared_formulas_move_with_their_cells():
    data = package(
        rows(
            number("A1", 1) + formula("B1", "A1*$A$1+Sheet2!A1", of_formula='t="shared" ref="B1:B3" si="0"'),
            number("A2", 2) + '<c r="B2"><f t="shared" si="0"/><v>0</v></c>',
            number("A3", 3) + '<c r="B3"><f t="shared" si="0"></f></c>',
            '<c r="B4"><f t="shared" si="9"/><v>1</v></c>',
        ),
        rows(number("A1", 10), number("A2", 20), number("A3", 30)),
    )
    found, left = computed(data)
    assert [found[f"B{row}"] for row in (1, 2, 3)] == [11, 22, 33]
    assert list(left) == ["B4"] and found["B4"] == 1


TABLE = (
    f'<table xmlns="{MAIN}" id="1" name="Costs" displayName="Costs" ref="A1:B4" totalsRowCount="1"><tableColumns>'
    '<tableColumn id="1" name="Item"/><tableColumn id="2" name="a [b] #"/></tableColumns></table>'
)


def test_names_and_table_columns_are_followed():
    names = (
        "<definedName name='rate'>Sheet2!$A$1</definedName><definedName name='rate' localSheetId='0'>Sheet2!$A$2"
        "</definedName><definedName name='all'>Sheet2!$A$1:$A$2</definedName><definedName name='two'>2</definedName>"
        "<definedName name='moving'>Sheet1!A1</definedName><definedName name='sum'>SUM(Sheet2!$A$1:$A$2)</definedName>"
    )
    column = "Costs[a '[b'] '#]"
    cells = (
        *('<c r="A1" t="inlineStr"><is><t>Item</t></is></c>', number("B2", 5), number("B3", 6)),
        *(formula("B4", f"SUM({column})"), formula("A5", "Rate*two"), formula("A6", "Sheet2!rate")),
        *(formula("A7", "SUM(all)"), formula("A8", "SUM(Costs[[#All],[a '[b'] '#]])"), formula("A9", "moving")),
        *(formula("A10", "sum"), formula("A11", "nobody"), formula("A12", "Costs[[#Totals],[a '[b'] '#]]")),
        formula("A13", "Costs[[#This Row],[a '[b'] '#]]"),
    )
    sheet = "".join(f'<row r="{cell.partition("r=")[2][2:].partition(chr(34))[0]}">{cell}</row>' for cell in cells)
    data = package(sheet, rows(number("A1", 3), number("A2", 4)), names=names, tables={"sheet1": TABLE})
    found, left = computed(data)
    assert [found[f"A{row}"] for row in (5, 6, 7, 8)] == [8, 3, 7, 22]
    assert found["B4"] == found["A12"] == 11
    assert set(left) == {"A9", "A10", "A11", "A13"}
    assert "nobody" in left["A11"] and "fixed cells" in left["A9"]


def spill(first: str, ref: str, *children: str, attributes: str = 'cm="1"') -> str:
    return formula("A1", first, attributes, f't="array" ref="{ref}"', "0") + "".join(children)


def test_a_spill_of_the_same_size_gets_its_values_in_place():
    data = package(
        rows(
            number("C1", 1) + spill("C1:C2*2", "A1:A2") + formula("D1", "SUM(_xlfn.ANCHORARRAY(A1))"),
            number("C2", 2) + '<c r="A2" s="4" t="str"><v>old</v></c>' + formula("D2", "A2+1"),
        )
    )
    found, left = computed(data)
    assert (found["A1"], found["A2"], found["D1"], found["D2"]) == (2, 4, 6, 5)
    assert left == {}
    assert '<c r="A2" s="4"><v>4</v></c>' in part(calculate(data, "a").data)


@pytest.mark.parametrize(
    ("first", "ref", "reason"),
    [
        ("C1:C3*2", "A1:A2", "3 x 1"),
        ("C1:C2*2", "A1", "2 x 1"),
        ('VIDEO_CONVERT(C1:C3,"TB","GB")', "A1:A2", "3 x 1"),
    ],
)
def test_a_spill_that_needs_cells_that_the_file_lacks_stays_as_it_is(first, ref, reason):
    data = package(
        rows(
            number("C1", 1) + spill(first, ref) + formula("D1", "A2+1", value="7") + formula("E1", "1+1"),
            number("C2", 2) + (number("A2", 9) if ref != "A1" else ""),
            number("C3", 3),
        )
    )
    found, left = computed(data)
    assert reason in left["A1"]
    assert found["A1"] == 0 and found["E1"] == 2 and found.get("A2", 9) == 9
    if ref != "A1":
        assert left["D1"] == "depends on Sheet1!A1" and found["D1"] == 7


def test_a_spill_that_is_smaller_now_leaves_a_blank_cell_and_says_what_it_fills():
    data = package(
        rows(number("C1", 1) + spill("C1*2", "A1:A2") + formula("D1", "A2+1", value="7"), number("A2", 9)),
    )
    found, left = computed(data)
    assert left == {} and (found["A1"], found["A2"], found["D1"]) == (2, None, 1)
    assert 'ref="A1"' in part(calculate(data, "a").data)


def test_a_table_of_ours_in_a_formula_of_one_cell_shows_its_first_value():
    found, left = computed(package(rows(number("A2", 3) + formula("A1", 'VIDEO_CONVERT({1;2},"TB","GB")*2'))))
    assert found["A1"] == 2000 and not left


LEFT = {
    "MMULT(B1:C2,B1:C2)": "MMULT",
    "SUM(B1:B2*2)": "implicit intersection",
    "B1:B2": "implicit intersection",
    "INDEX(B1:B2,0)": "implicit intersection",
    "[1]Other!A1": "another workbook",
    "'[1]My sheet'!A1": "another workbook",
    "'C:\\x\\[b.xlsx]S'!A1": "another workbook",
    "[2]!somename": "another workbook",
    "Sheet1:Sheet2!A1": "",
    "Gone!A1": "no such sheet",
    "SUM((B1,B2))": "operator",
    "SUM(B1:B2 B2)": "operator",
    "TODAY()": "TODAY",
    "VIDEO_NOSUCH(1)": "this version",
    'MAX("x",1)': "MAX",
    'SUMIFS(B1:B2,C1:C3,">0")': "different sizes",
    'COUNTIF(B1:B2,"#N/A")': "COUNTIF",
    "1E+20&B1": "engine cannot",
    '"é">"f"': "engine cannot",
    'IF("TRUE",1,2)': "may read as a number",
    '"1,000"+1': "may read as a number",
    "A1+1": "circular",
    "_xlfn.LET(_xlpm.x,1,_xlpm.x)": "",
    "1+": "cannot be read",
    "+".join(["1"] * 3000): "cannot be read",
    "(" * 500 + "1" + ")" * 500: "cannot be read",
    "_xlfn.SINGLE(B1:B2)": "SINGLE",
    "_xlfn.ANCHORARRAY(B1)": "spilled range",
}


@pytest.mark.parametrize("text", list(LEFT))
def test_what_is_not_computed_as_in_excel_keeps_its_value_with_its_dependents(text):
    escaped = text.replace("&", "&amp;").replace(">", "&gt;")
    data = package(
        rows(
            formula("A1", escaped, value="17") + number("B1", 1) + number("C1", 1),
            number("B2", 2) + number("C2", 1),
            formula("A3", "IFERROR(A1,0)", value="18"),
            formula("A4", "SUM(A2:A3)", value="19"),
            formula("A5", "B1+1", value="20"),
        )
    )
    found, left = computed(data)
    assert set(left) == {"A1", "A3", "A4"}
    assert LEFT[text] in left["A1"]
    assert left["A3"] == "depends on Sheet1!A1" and left["A4"] == "depends on Sheet1!A3"
    assert [found[f"A{row}"] for row in (1, 3, 4, 5)] == [17, 18, 19, 2]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1" vm="1" t="e"><f>1+1</f><v>#VALUE!</v></c>',
        '<c r="A1"><f t="dataTable" ref="A1:A2" dt2D="1" r1="B1" r2="B2"/><v>5</v></c>',
        '<c r="A1"><f/><v>5</v></c>',
    ],
)
def test_cells_of_special_kinds_stay(cell):
    data = package(rows(cell + formula("B1", "1+1")))
    found, left = computed(data)
    assert set(left) == {"A1"} and found["B1"] == 2


def test_a_sum_with_a_condition_over_an_error_is_an_error_where_it_meets_the_condition_or_is_left():
    cells = (
        number("A1", 1) + formula("B1", 'SUMIFS(A1:A2,A1:A2,"&gt;0")', value="5"),
        '<c r="A2" t="e"><v>#N/A</v></c>' + formula("B2", 'SUMIFS(A1:A2,C1:C2,"x")', value="5"),
    )
    found, left = computed(package(rows(*cells)))
    assert found["B1"] == 1 or "B1" in left
    assert found["B2"] == 0 or "B2" in left
    cells = (cells[0] + '<c r="C1" t="str"><v>x</v></c>', cells[1] + '<c r="C2" t="str"><v>x</v></c>')
    found, left = computed(package(rows(*cells)))
    assert found["B2"] == ExcelError("#N/A") or "B2" in left


def test_copies_share_what_they_compute_only_where_they_read_the_same_way():
    # A1 read twice, and in the next cell A1 and B1: the same shape, and another formula.
    data = package(rows(number("A1", 1) + number("B1", 10), formula("A2", "A1*2+A1*3") + formula("B2", "A1*2+B1*3")))
    found, left = computed(data)
    assert (found["A2"], found["B2"]) == (5, 32) and not left


def test_a_total_that_grows_from_cell_to_cell_reads_more_in_each():
    cells = [number(f"{column}1", value) for column, value in zip("ABCD", (1, 2, 4, 8), strict=True)]
    sums = [formula(f"{column}2", f"SUM($A1:{column}1)") for column in "ABCD"]
    found, left = computed(package(rows("".join(cells), "".join(sums))))
    assert [found[f"{column}2"] for column in "ABCD"] == [1, 3, 7, 15] and not left


def test_chains_of_circular_formulas_are_left():
    data = package(rows(formula("A1", "B1+1", value="1") + formula("B1", "A1+1", value="2") + formula("C1", "2*2")))
    found, left = computed(data)
    assert "circular" in left["A1"] and set(left) == {"A1", "B1"} and found["C1"] == 4


def test_kinds_of_cells_are_read_as_excel_means_them():
    cells = (
        '<c r="B1" t="s"><v>1</v></c>' + formula("A1", "B1&amp;B9"),
        '<c r="B2" t="b"><v>1</v></c>' + formula("A2", "IF(B2,3,4)"),
        '<c r="B3" t="e"><v>#N/A</v></c>' + formula("A3", "B3+1"),
        '<c r="B4" t="d"><v>2026-01-01T12:00:00</v></c>' + formula("A4", "B4+1"),
        '<c r="B5" t="str"><v xml:space="preserve"> a </v></c>' + formula("A5", "B5=&quot; A &quot;"),
        '<c r="B6"><v> 1.5E3 </v></c>' + formula("A6", "B6*2"),
        '<c r="B7"/>' + formula("A7", "B7"),
        '<c r="B8" t="inlineStr"><is><t>=1+1</t></is></c>' + formula("A8", "B8"),
    )
    found, left = computed(package(rows(*cells), texts="<si><t>zero</t></si><si><r><t>o</t></r><r><t>ne</t></r></si>"))
    assert not left
    expected = ["one", 3, ExcelError("#N/A"), 46_024.5, True, 3000, 0, "=1+1"]
    assert [found[f"A{row}"] for row in range(1, 9)] == expected


def test_dates_that_count_from_1904_are_computed_as_numbers_and_never_as_days():
    cells = (
        number("B1", 44_561) + formula("A1", "B1+1"),
        formula("A2", 'VIDEO_EGRESS(5,"PB",,,,,,B1)', value="1"),
        formula("A3", 'VIDEO_EGRESS(5,"PB",,,,,,"2026-10-01")'),
        '<c r="B4" t="d"><v>1904-01-02</v></c>' + formula("A4", "B4"),
    )
    found, left = computed(package(rows(*cells), properties='<workbookPr date1904="1"/>'))
    assert set(left) == {"A2"} and "1904" in left["A2"]
    assert found["A1"] == 44_562 and found["A4"] == 1
    assert found["A3"] == pytest.approx(236_716.843654, abs=1e-6)


def test_a_whole_column_for_our_functions_ends_where_the_cells_end():
    found, left = computed(package(rows(formula("A1", 'VIDEO_CONVERT(B:B,"TB","GB")'))))
    assert left == {} and isinstance(found["A1"], (float, ExcelError))


def test_array_formulas_are_computed_cell_by_cell():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    for row in (1, 2, 3):
        sheet.cell(row, 2).value = row
    sheet["A1"] = ArrayFormula("A1", "=SUM(IF(B1:B3>1,B1:B3*2,0))")
    sheet["A2"] = ArrayFormula("A2", "=MAX(ABS(B1:B3-2))")
    buffer = io.BytesIO()
    book.save(buffer)
    found, left = computed(buffer.getvalue())
    assert found["A1"] == 10 and set(left) == {"A2"} and "cell by cell" in left["A2"]


@pytest.mark.parametrize("text", ["1.1*1.1=1.21", "0.1+0.2&gt;=0.3", '1/3&amp;""="0.333333333333333"'])
def test_numbers_compare_and_join_by_their_first_15_digits(text):
    found, _ = computed(
        package(
            rows(formula("A1", text) + formula("B1", "SUMPRODUCT((C1:C2=1.21)*1)") + number("C1", 1.2100000000000002))
        )
    )
    assert found["A1"] is True and found["B1"] == 1


def test_notes_say_how_the_workbook_calculates():
    settings = '<calcPr calcMode="manual" iterate="1" fullCalcOnLoad="1"/>'
    data = package(rows(formula("A1", "1+1")), settings=settings, after='<sheetProtection sheet="1" password="CC1A"/>')
    done = calculate(data, "a.xlsx")
    assert [note.partition(" ")[0] for note in done.report.notes] == ["the"] * 3
    assert "manual" in done.report.notes[0]
    assert part(done.data, "xl/workbook.xml") == part(data, "xl/workbook.xml")
    assert '<sheetProtection sheet="1" password="CC1A"/>' in part(done.data)


def test_precision_as_displayed_is_refused():
    with pytest.raises(BadArgumentError, match="precision"):
        calculate(package(rows(formula("A1", "1+1")), settings='<calcPr fullPrecision="0"/>'), "a.xlsx")
