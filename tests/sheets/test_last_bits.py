"""What one processor made another finds unchanged: answers, differences of plans, signatures, computed files."""

from __future__ import annotations

import io
import re
from datetime import datetime

import openpyxl
import pytest

from tests.last_bits import on_another_processor
from tests.sheets.calc_files import only_sheets
from tests.sheets.finance_files import with_cells
from vidcost_xl.analysis.remembered import forget
from vidcost_xl.functions.registry import functions
from vidcost_xl.model.files import preset
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.compare.difference import difference
from vidcost_xl.sheets.package.edits import values
from vidcost_xl.sheets.package.parts import read_parts, write_parts
from vidcost_xl.sheets.plan.new import build
from vidcost_xl.sheets.plan.parts import parts_named
from vidcost_xl.sheets.plan.reading.source import PlanSource
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook
from vidcost_xl.sheets.review.signing.run import Order, sign
from vidcost_xl.sheets.review.signing.verify import verify

ADA = Order("Ada", at=datetime(2026, 11, 26, 8, 30))
SAID = "Unchanged since signing by Ada on 2026-11-26"

#: A plan whose every amount grows, so that a power stands in all of them.
GROWING = [("money.escalation", 0.03), ("dataset.growth", 0.011), ("money.discount_rate", 0.08)]

_NUMBER = re.compile(rb"<v>(-?\d+\.\d+(?:[eE][+-]?\d+)?)</v>")


@pytest.fixture
def elsewhere():
    """A function that moves the test to another processor."""
    with pytest.MonkeyPatch.context() as patch:
        yield lambda: on_another_processor(patch)


@pytest.fixture(scope="module")
def growing(once):
    return once(
        "model-growing",
        lambda: build("model", plan=preset("article").with_overrides(GROWING), parts=parts_named("bill")),
    )


def answers() -> dict[str, object]:
    found = {}
    for name, spec in functions().items():
        if not any(parameter.is_required for parameter in spec.parameters):
            found[name] = spec.function()
    for name, arguments in (("VIDEO_OWN", ("article", "monthly")), ("VIDEO_TOTAL", ("article", "total", None))):
        overrides = [[key, value] for key, value in GROWING]
        found[f"{name} growing"] = functions()[name].function(*arguments, overrides)
    return found


def flat(answer):
    return [cell for row in answer for cell in row] if isinstance(answer, list) else [answer]


def saved_to_15_digits(data: bytes) -> bytes:
    """As LibreOffice and others save numbers."""
    parts = read_parts(data)
    for name in parts:
        if name.startswith("xl/worksheets/"):
            parts[name] = _NUMBER.sub(lambda match: b"<v>%s</v>" % f"{float(match[1]):.15g}".encode(), parts[name])
    return write_parts(parts)


def state(data: bytes, sheet: str, cell: str) -> object:
    return openpyxl.load_workbook(io.BytesIO(only_sheets(data, sheet)), data_only=True)[sheet][cell].value


def test_functions_answer_the_same_to_15_digits(elsewhere):
    here = answers()
    elsewhere()
    forget()
    there = answers()

    moved = 0
    for name, answer in here.items():
        for one, two in zip(flat(answer), flat(there[name]), strict=True):
            moved += one != two
            is_number = isinstance(one, float)
            assert two == (pytest.approx(one, rel=1e-14, abs=1e-9) if is_number else one), name
    assert moved > 100  # or the other processor is none


def test_a_plan_made_elsewhere_does_not_differ(elsewhere, growing):
    elsewhere()
    there = build("model", plan=preset("article").with_overrides(GROWING), parts=parts_named("bill")).data
    assert there != growing.data
    sources = []
    for name, data in (("here.xlsx", growing.data), ("there.xlsx", there)):
        workbook = read_plan_workbook(data, name)
        sources.append(PlanSource(name, workbook.plan, workbook, data))

    found = difference(*sources)

    assert found.decisions.changes == ()
    assert found.prices == found.structure == found.notes == ()
    assert found.statement.total[1:-1] == (0, 0, 0, 0, 0)


def test_inputs_saved_with_fewer_digits_are_no_decision(growing):
    key = growing.addresses.key("in_train_share.value")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(values, "kept", float)
        every_digit = with_cells(growing.data, {key: 0.1 + 0.2})
    saved = saved_to_15_digits(every_digit)
    plans = [read_plan_workbook(data, "x.xlsx").plan for data in (every_digit, saved)]

    assert every_digit != saved
    assert plans[0] == plans[1]


@pytest.mark.sweep
def test_what_is_signed_here_is_unchanged_elsewhere(elsewhere, growing):
    made = sign(growing.data, "book.xlsx", ADA)
    elsewhere()
    done = calculate(made.data, "book.xlsx")
    found = verify(made.data, "book.xlsx", made.seal)

    assert done.report.changed < done.report.formulas / 50  # noise of differences, and last digits of the ledger
    assert found.is_unchanged, (found.table(), found.sheet, found.seal)
    assert state(done.data, "Signed", "A4") == SAID


def test_what_is_signed_elsewhere_is_unchanged_here(quick):
    with pytest.MonkeyPatch.context() as patch:
        on_another_processor(patch)
        made = sign(build("quick").data, "book.xlsx", ADA)

    found = verify(made.data, "book.xlsx", made.seal)

    assert found.is_unchanged, (found.table(), found.sheet, found.seal)
    assert sign(quick.data, "book.xlsx", ADA).seal == made.seal


def test_a_seal_holds_over_a_file_that_is_saved_with_fewer_digits(quick):
    # Files that Excel saved, and those of versions before, hold up to 17 digits.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(values, "kept", float)
        made = sign(with_cells(quick.data, {("Quick", "C7"): 1.1e9 / 3}), "book.xlsx", ADA)
    saved = saved_to_15_digits(made.data)
    assert saved != made.data

    found = verify(saved, "book.xlsx", made.seal)

    assert found.is_unchanged, (found.table(), found.sheet, found.seal)
    assert state(calculate(saved, "book.xlsx").data, "Signed", "A4") == SAID
