"""A signed file with one thing changed: found by verify and by the native comparison, each with its dollars."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from tests.sheets.calc_files import only_sheets
from tests.sheets.conftest import as_excel_saves
from tests.sheets.finance_files import renamed, with_cells, with_formula, with_row
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.sheets.calc import engine
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.calc.engine import GAVE_UP
from vidcost_xl.sheets.calc.libreoffice import all_recalculated
from vidcost_xl.sheets.package.parts import read_parts
from vidcost_xl.sheets.review.handoff.run import Order as HandoffOrder
from vidcost_xl.sheets.review.handoff.run import hand_off
from vidcost_xl.sheets.review.signing import effects
from vidcost_xl.sheets.review.signing.run import Order, sign
from vidcost_xl.sheets.review.signing.verify import verify

WHEN = datetime(2026, 11, 26, 8, 30)
SAID = "since signing by Ada on 2026-11-26"


def signed(data: bytes, **order):
    return sign(data, "book.xlsx", Order("Ada", at=WHEN, **order))


@pytest.fixture(scope="module")
def page(quick):
    return signed(quick.data)


@pytest.fixture(scope="module")
def model(models):
    return models["bill"]


@pytest.fixture(scope="module")
def plan(once, model):
    return once("model-signed", lambda: signed(model.data))


FEE = {"B": "A fee", "J": 5000.0, "G": 5000.0}

#: What is done to the one-page workbook, the kind that verify calls it, and where.
#: C7 videos; Prices G5 the first tier of S3 Standard; C32 a native formula; G33, G34 native amounts.
CHANGES = {
    "input": (lambda data: with_cells(data, {("Quick", "C7"): 1.1e9}), "input", "C7"),
    "price": (lambda data: with_cells(data, {("Prices", "G5"): 0.025}), "price", "G5"),
    "formula": (lambda data: with_formula(data, ("Quick", "G33"), "C33*0.03"), "formula", "G33"),
    "overwrite": (lambda data: with_cells(data, {("Quick", "G34"): 2_000_000.0}), "overwrite", "G34"),
    "inserted row": (lambda data: with_row(data, "Quick", 35, FEE), "inserted row", "35:35"),
}


def state(data: bytes, sheet: str, cell: str) -> str:
    return openpyxl.load_workbook(io.BytesIO(only_sheets(data, sheet)), data_only=True)[sheet][cell].value


def test_an_unchanged_file_is_unchanged_in_every_form(page):
    for data in (page.data, as_excel_saves(page.data)):
        found = verify(data, "book.xlsx", page.seal)
        assert found.is_unchanged, found.table()
        assert found.effects.signed == found.effects.now
    assert state(page.data, "Quick", "J1") == f"Unchanged {SAID}"


@pytest.mark.sweep
def test_a_signed_hand_off_has_the_total_of_its_plan_and_may_be_saved_by_other_programs(model):
    handed = hand_off(model.data, "book.xlsx", HandoffOrder("Ada", WHEN))
    file = signed(handed.data)
    total = model.values[model.addresses.key("k_total.total")]
    # openpyxl writes 16 digits of a number where we write 17.
    book, saved = openpyxl.load_workbook(io.BytesIO(file.data)), io.BytesIO()
    book.save(saved)
    for data in (file.data, calculate(saved.getvalue(), "book.xlsx").data):
        found = verify(data, "book.xlsx", file.seal)
        assert found.is_unchanged, found.table()
        assert found.effects.signed == pytest.approx(total, rel=1e-11)
        assert found.effects.together == pytest.approx(0.0, abs=1e-3)


def test_a_file_without_a_total_is_not_signed(model):
    blank, saved = openpyxl.load_workbook(io.BytesIO(model.data)), io.BytesIO()
    sheet, address = model.addresses.key("in_train_route.value")
    blank[sheet][address] = "aws.cloudfront"
    blank.save(saved)
    with pytest.raises(BadArgumentError, match="the total, holds no number"):
        signed(saved.getvalue())


@pytest.mark.parametrize("name", list(CHANGES))
def test_one_change_is_found_by_verify_with_its_place_and_dollars(page, name):
    change, kind, cell = CHANGES[name]
    found = verify(change(page.data), "book.xlsx")
    assert [(each.kind, each.cell) for each in found.changes] == [(kind, cell)]
    effect = found.effects
    assert effect.each[0] == pytest.approx(effect.now - effect.signed, rel=1e-9)
    assert abs(effect.each[0]) > 100
    assert effect.together == pytest.approx(0, abs=1e-6)
    assert not found.sheet


def test_the_dollars_are_those_of_a_hand_calculation(page):
    # The first 51,200 GB of S3 Standard cost 0.025 instead of 0.023; the tiers above keep their prices.
    found = verify(CHANGES["price"][0](page.data), "book.xlsx")
    assert found.effects.each[0] == pytest.approx(51_200 * 0.002, rel=1e-9)
    found = verify(CHANGES["inserted row"][0](page.data), "book.xlsx")
    assert found.effects.each[0] == pytest.approx(5000)


@pytest.mark.parametrize("name", list(CHANGES))
def test_one_change_is_found_natively_by_the_embedded_engine(page, name):
    computed = calculate(CHANGES[name][0](page.data), "book.xlsx")
    assert computed.report.left == []
    assert state(computed.data, "Quick", "J1") == f"CHANGED {SAID}"


def test_changes_are_found_natively_by_libreoffice_without_the_add_in(page, libreoffice, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    names = ["nothing", *CHANGES]
    sources = [tmp_path / "in" / f"{name.replace(' ', '-')}.xlsx" for name in names]
    for name, source in zip(names, sources, strict=True):
        source.write_bytes(page.data if name == "nothing" else CHANGES[name][0](page.data))
    for name, path in zip(names, all_recalculated(sources, tmp_path / "out"), strict=True):
        said = state(path.read_bytes(), "Quick", "J1")
        assert said == f"{'Unchanged' if name == 'nothing' else 'CHANGED'} {SAID}", name


#: What the engine is given a file by.
COMPUTED = engine.computed


def test_changes_are_listed_without_dollars_where_the_engine_gives_up(page, monkeypatch):
    def give_up(*_: object) -> None:
        raise GAVE_UP("did not converge")

    for room in (engine, effects):
        monkeypatch.setattr(room, "computed", give_up)
    found = verify(CHANGES["price"][0](page.data), "book.xlsx")
    assert [each.kind for each in found.changes] == ["price"]
    assert found.effects.each == (None,) and not found.is_unchanged


def test_a_file_is_computed_once_and_the_same_engine_asked_what_each_change_does(page, monkeypatch):
    data = CHANGES["price"][0](page.data)
    computed = []
    monkeypatch.setattr(engine, "computed", lambda *given: computed.append(given) or COMPUTED(*given))
    monkeypatch.setattr(effects, "computed", engine.computed)
    found = verify(data, "book.xlsx")
    assert len(computed) == 1 and found.effects.each[0] not in {None, 0.0}


def test_several_changes_add_up_exactly(page):
    data = page.data
    for name in ("input", "price", "overwrite"):
        data = CHANGES[name][0](data)
    found = verify(data, "book.xlsx")
    assert {each.kind for each in found.changes} == {"input", "price", "overwrite"}
    effect = found.effects
    assert sum(effect.each) + effect.together == pytest.approx(effect.now - effect.signed, abs=1e-9)
    assert abs(effect.together) > 1  # more videos at a higher price: more than the two alone


def test_a_second_person_s_signature_joins_the_first(page):
    both = sign(page.data, "book.xlsx", Order("Bo", at=datetime(2026, 11, 27, 9, 0)))
    assert [(each.role, each.name) for each in both.signatures] == [("Preparer", "Ada"), ("Reviewer", "Bo")]
    assert both.signatures[0].seal == page.seal != both.seal
    found = verify(both.data, "book.xlsx", page.seal)
    assert found.is_unchanged
    assert verify(both.data, "book.xlsx", both.seal).is_unchanged
    assert state(both.data, "Quick", "J1") == f"Unchanged {SAID} and Bo on 2026-11-27"


def test_a_changed_file_cannot_be_signed_by_accident(page):
    changed = CHANGES["input"][0](page.data)
    with pytest.raises(BadArgumentError, match="was changed since Ada signed it"):
        sign(changed, "book.xlsx", Order("Bo"))
    anew = sign(changed, "book.xlsx", Order("Bo", anew=True))
    assert [each.name for each in anew.signatures] == ["Bo"]
    assert verify(anew.data, "book.xlsx").is_unchanged
    # A seal that was kept outside says that somebody signed anew.
    assert "signed anew" in verify(anew.data, "book.xlsx", page.seal).seal


@pytest.mark.parametrize(("by", "reviewer", "said"), [("Ada", "", "has signed"), ("Bo", "bo", "cannot review")])
def test_nobody_signs_twice(page, by, reviewer, said):
    with pytest.raises(BadArgumentError, match=said):
        sign(page.data, "book.xlsx", Order(by, reviewer))


def rows_of(data: bytes) -> dict[str, int]:
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Signed"]
    return {str(cell.value): cell.row for cell in sheet["A"] if cell.value}


def test_a_changed_signed_sheet_is_found(page):
    rows = rows_of(page.data)
    total, signature = rows["Total"], rows["Preparer"]
    forged = with_cells(page.data, {("Signed", f"C{total}"): 1.0})
    assert any("seal of Ada" in fault for fault in verify(forged, "book.xlsx").sheet)
    silenced = with_cells(page.data, {("Signed", f"E{total}"): 0.0})
    assert any(f"E{total}" in fault for fault in verify(silenced, "book.xlsx").sheet)
    renamed_by = with_cells(page.data, {("Signed", f"B{signature}"): "Eve"})
    assert any("seal of Eve" in fault for fault in verify(renamed_by, "book.xlsx").sheet)
    mute = with_cells(page.data, {("Quick", "J1"): f"Unchanged {SAID}"})
    assert any("does not say any more" in fault for fault in verify(mute, "book.xlsx").sheet)


def test_a_renamed_sheet_is_one_finding(page):
    found = verify(renamed(page.data, "Prices", "Tariffs"), "book.xlsx")
    assert [(each.kind, each.old, each.new) for each in found.changes] == [("sheet", "sheet Prices", "renamed Tariffs")]


def test_only_what_the_signing_adds_changes_in_the_file(quick, page):
    before, after = read_parts(quick.data), read_parts(page.data)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        *("[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/workbook.xml"),
        "xl/worksheets/sheet1.xml",
    }
    assert after.keys() - before.keys() == {"xl/worksheets/sheet4.xml"}


def test_the_signed_file_passes_the_audit(page, tmp_path):
    path = tmp_path / "signed.xlsx"
    path.write_bytes(page.data)
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []


def test_an_unsigned_file_and_a_stranger_s_are_said_plainly(quick):
    with pytest.raises(BadArgumentError, match="is not signed"):
        verify(quick.data, "book.xlsx")
    stranger = openpyxl.Workbook()
    buffer = io.BytesIO()
    stranger.save(buffer)
    with pytest.raises(BadArgumentError, match="is not a workbook of ours"):
        signed(buffer.getvalue())


@pytest.mark.sweep
def test_the_plan_workbook_tells_input_price_formula_overwrite_and_row(model, plan):
    assert verify(plan.data, "plan.xlsx", plan.seal).is_unchanged
    key = model.addresses.key
    # The months of a row share a formula, whose text stands in the first of them.
    charged = key("c_representation_2_train_leg1.m1")
    typed = {key("in_train_passes.value"): 12.0, key("tier_1.price"): 0.024, charged: 2e6}
    data = with_cells(plan.data, typed)
    found = verify(data, "plan.xlsx")
    assert {(each.kind, each.sheet, each.cell) for each in found.changes} == {
        ("input", *key("in_train_passes.value")),
        ("price", *key("tier_1.price")),
        ("overwrite", *charged),
    }
    effect = found.effects
    assert sum(effect.each) + effect.together == pytest.approx(effect.now - effect.signed, abs=1e-9)
    assert state(calculate(data, "plan.xlsx").data, "Cover", "D5") == f"CHANGED {SAID}"
