"""What `vidcost calc` leaves alone: every byte that is not a value of a formula."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sheets.calc_files import package, part, rows, user_workbook, values, with_input, without_values
from vidcost_xl.digits import kept
from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.sheets.calc.calculate import calculate, calculate_file
from vidcost_xl.sheets.package.archive import Archive
from vidcost_xl.sheets.package.cell_parser import read_cells
from vidcost_xl.sheets.package.edits.values import Edit, cell_edits, spliced
from vidcost_xl.sheets.package.parts import read_parts, write_parts
from vidcost_xl.sheets.package.sheet_cells import value_of


@pytest.fixture(scope="module")
def used(quick):
    return with_input(user_workbook(quick.data), quick.addresses.key("in_passes.quantity"), 3.0)


def records(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        starts = sorted((entry.header_offset, entry.filename) for entry in archive.infolist())
        ends = [start for start, _ in starts[1:]] + [archive.start_dir]
        return {name: data[start:end] for (start, name), end in zip(starts, ends, strict=True)}


def test_everything_a_user_added_comes_through_byte_for_byte(used):
    done = calculate(used, "used.xlsx")
    assert done.report.changed > 20
    before, after = read_parts(used), read_parts(done.data)
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet99.xml"} <= changed
    assert all(name.startswith("xl/worksheets/sheet") for name in changed)
    for name in changed:
        assert without_values(before[name]) == without_values(after[name])
    assert b"sparkline" in after["xl/worksheets/sheet99.xml"]
    untouched = {name: record for name, record in records(used).items() if name not in changed}
    assert untouched.items() <= records(done.data).items()
    assert zipfile.ZipFile(io.BytesIO(done.data)).testzip() is None


def test_a_second_calculation_changes_no_byte(used):
    once = calculate(used, "used.xlsx").data
    again = calculate(once, "used.xlsx")
    assert again.data == once
    assert again.report.changed == 0


def test_a_new_workbook_holds_what_calc_computes(quick):
    done = calculate(quick.data, "quick.xlsx")
    assert done.data == quick.data
    assert done.report.computed == done.report.formulas == len(quick.values)


def test_the_form_that_excel_saves_gets_the_same_values(quick, excel_form):
    ours = calculate(with_input(quick.data, quick.addresses.key("in_passes.quantity"), 3.0), "a.xlsx")
    theirs = calculate(with_input(excel_form, quick.addresses.key("in_passes.quantity"), 3.0), "b.xlsx")
    assert ours.report.left == theirs.report.left == []
    assert values(ours.data) == values(theirs.data)
    assert b"[1]!VIDEO_EGRESS(" in read_parts(theirs.data)["xl/worksheets/sheet1.xml"]


CELLS = {
    "no value": ("<c r='A1'><f>1+1</f></c>", "<c r='A1'><f>1+1</f><v>2</v></c>"),
    "empty value": ('<c r="A1" s="3"><f>1+1</f><v/></c>', '<c r="A1" s="3"><f>1+1</f><v>2</v></c>'),
    "open and closed": ('<c r="A1"><f>1+1</f><v></v></c>', '<c r="A1"><f>1+1</f><v>2</v></c>'),
    "spaces": ('<c  r="A1"  t="str" ><f>1+1</f> <v >x</v > </c >', '<c  r="A1" ><f>1+1</f> <v >2</v > </c >'),
    "text": ('<c r="A1"><f>"a"&amp;"&lt;"</f><v>1</v></c>', '<c r="A1" t="str"><f>"a"&amp;"&lt;"</f><v>a&lt;</v></c>'),
    "kept space": (
        '<c r="A1" t="str"><f>" a"</f><v xml:space="preserve">b</v></c>',
        '<c r="A1" t="str"><f>" a"</f><v xml:space="preserve"> a</v></c>',
    ),
    "truth": ('<c r="A1" t="e"><f>1=1</f><v>#N/A</v></c>', '<c r="A1" t="b"><f>1=1</f><v>1</v></c>'),
    "error": ('<c t="b" r="A1"><f>1/0</f><v>1</v></c>', '<c t="e" r="A1"><f>1/0</f><v>#DIV/0!</v></c>'),
    "inline": (
        '<c r="A1" t="inlineStr"><f>1+1</f><is><r><t>a</t></r><rPh sb="0" eb="1"><t>b</t></rPh></is></c>',
        '<c r="A1"><f>1+1</f><v>2</v></c>',
    ),
    "shared": ('<c r="A1" t="s"><f>1+1</f><v>0</v></c>', '<c r="A1"><f>1+1</f><v>2</v></c>'),
    "brackets in attributes": (
        '<c r="A1" x="a>t=&quot;"><f>1+1</f></c>',
        '<c r="A1" x="a>t=&quot;"><f>1+1</f><v>2</v></c>',
    ),
    "comment": (
        '<c r="A1"><f>1+1</f><!-- <v>5</v> --><v>1</v></c>',
        '<c r="A1"><f>1+1</f><!-- <v>5</v> --><v>2</v></c>',
    ),
    "no addresses": ("<c><f>1+1</f><v>1</v></c>", "<c><f>1+1</f><v>2</v></c>"),
    "same number": ('<c r="A1"><f>1+1</f><v>2.0E0</v></c>', '<c r="A1"><f>1+1</f><v>2.0E0</v></c>'),
    "same shared text": ('<c r="A1" t="s"><f>"one"</f><v>0</v></c>', '<c r="A1" t="s"><f>"one"</f><v>0</v></c>'),
    "control": ('<c r="A1" t="str"><f>B1</f><v>x</v></c><c r="B1" t="str"><v>a_x000D_b_x005F_x000D_</v></c>',) * 2,
}


@pytest.mark.parametrize("before_after", list(CELLS.values()), ids=list(CELLS))
def test_only_the_value_and_the_kind_of_a_cell_change(before_after):
    before, after = before_after
    if before == after and "<f>B1" in before:
        after = before.replace(">x<", ">a_x000D_b_x005F_x000D_<")
    data = package(rows(before), texts="<si><t>one</t></si>")
    done = calculate(data, "a.xlsx")
    assert part(done.data) == part(data).replace(before, after)
    assert calculate(done.data, "a.xlsx").data == done.data


def test_prefixes_a_mark_and_a_strict_namespace_are_kept():
    data = package(rows("<c/>"))
    parts = read_parts(data)
    sheet = (
        '\ufeff<?xml version="1.0"?><x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>'
        '<x:row><x:c r="A1"><x:f>1+1</x:f></x:c><x:c r="B1"><x:f>A1&amp;"é"</x:f><x:v>é</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    done = calculate(write_parts(parts), "a.xlsx")
    expected = sheet.replace("<x:f>1+1</x:f>", "<x:f>1+1</x:f><x:v>2</x:v>")
    expected = expected.replace('r="B1">', 'r="B1" t="str">').replace("<x:v>é", "<x:v>2é")
    assert part(done.data) == expected


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 10), st.binary(max_size=5)), max_size=8),
    st.binary(max_size=60),
)
def test_a_splice_keeps_all_other_bytes(places, content):
    edits, done = [], 0
    for start, length, new in sorted(places):
        if done <= start <= start + length <= len(content):
            edits.append(Edit(start, start + length, new))
            done = start + length
    result = spliced(content, list(reversed(edits)))
    position = 0
    done = 0
    for edit in edits:
        kept = content[done : edit.start]
        assert result[position : position + len(kept)] == kept
        position += len(kept)
        assert result[position : position + len(edit.new)] == edit.new
        position += len(edit.new)
        done = edit.end
    assert result[position:] == content[done:]


VALUES = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.booleans(),
    st.sampled_from([ExcelError("#N/A"), ExcelError("#DIV/0!")]),
)


@given(VALUES, st.sampled_from(sorted(before for before, _ in CELLS.values() if "<f>B1" not in before)))
def test_any_value_reads_back_and_the_rest_of_the_part_stays(value, cell):
    content = (
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><row>{cell}</row>é</worksheet>'
    )
    before = content.encode()
    (found,) = read_cells(before, "x")
    after = spliced(before, cell_edits(before, found, value))
    (again,) = read_cells(after, "x")
    assert value_of(again, []) == (kept(value) if isinstance(value, float) else value)
    assert again.formula == found.formula
    assert after.startswith(before[: found.start]) and after.endswith("</row>é</worksheet>".encode())
    formula = before[found.spans.formula_start : found.spans.formula_close]
    assert after.count(formula) == before.count(formula) == 1


def test_edits_that_meet_are_refused():
    with pytest.raises(ValueError, match="meet"):
        spliced(b"abcdef", [Edit(0, 3, b""), Edit(2, 4, b"")])


def test_entries_with_sizes_behind_them_and_a_comment_are_copied():
    buffer = io.BytesIO()

    class Stream(io.RawIOBase):
        def writable(self):
            return True

        def write(self, data):
            return buffer.write(data)

    with zipfile.ZipFile(Stream(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in read_parts(package(rows('<c r="A1"><f>1+1</f></c>'))).items():
            archive.writestr(name, content)
        archive.comment = b"kept"
    data = buffer.getvalue()
    done = calculate(data, "a.xlsx").data
    kept = {name: record for name, record in records(data).items() if "sheet1" not in name}
    assert kept.items() <= records(done).items()
    archive = zipfile.ZipFile(io.BytesIO(done))
    assert archive.comment == b"kept" and archive.testzip() is None
    assert Archive(done, "a").names == Archive(data, "a").names


def test_the_file_keeps_its_permissions_and_links_stay_links(tmp_path):
    path, link = tmp_path / "a.xlsx", tmp_path / "link.xlsx"
    path.write_bytes(package(rows('<c r="A1"><f>1+1</f></c>')))
    path.chmod(0o640)
    link.symlink_to(path)
    report = calculate_file(link)
    assert report.written and link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert "<v>2</v>" in part(path.read_bytes())
    stamp = path.stat().st_mtime_ns
    assert not calculate_file(path).written
    assert path.stat().st_mtime_ns == stamp
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.xlsx", "link.xlsx"]


def test_macros_stay_and_a_copy_leaves_the_file_alone(tmp_path):
    parts = read_parts(package(rows('<c r="A1"><f>1+1</f></c>')))
    parts["xl/vbaProject.bin"] = bytes(range(256))
    path, copy = tmp_path / "a.xlsm", tmp_path / "b.xlsm"
    path.write_bytes(write_parts(parts))
    before = path.read_bytes()
    assert calculate_file(path, copy).written
    assert path.read_bytes() == before
    assert read_parts(copy.read_bytes())["xl/vbaProject.bin"] == bytes(range(256))
    with pytest.raises(BadArgumentError, match=r"does not end in \.xlsm"):
        calculate_file(path, tmp_path / "b.xlsx")
    with pytest.raises(BadArgumentError, match="--force"):
        calculate_file(path, copy)
    assert calculate_file(path, copy, force=True).written
